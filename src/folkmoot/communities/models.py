"""Who lives where, and who is meant by a community: places, populations, groupings, representatives.

A place's code stands together with its vintage: the same name in another year may be another area.
What does not belong here: who was reached (``activities``).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import Owned


class Import(Owned, Made):
    """One file of places, boundaries, lookups or counts: every row of it used or set aside."""

    class Kind(models.TextChoices):
        PLACES = "places", "Places and what they lie in"
        BOUNDARIES = "boundaries", "Boundaries"
        POPULATION = "population", "Counts of people"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=300, help_text="Who published it, under what licence")
    read = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list, help_text="Sentences: what was noticed, what was set aside")

    privacy = declared(
        retention=Retention.REFERENCE,
        organisational="kind filename sha256 source read used set_aside notes",
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


class Place(Owned, Versioned, Made):
    """An area or a spot: of the national geography, or an organisation's own beat, street or hall."""

    class Kind(models.TextChoices):
        LSOA = "lsoa", "Lower layer area (LSOA)"
        MSOA = "msoa", "Middle layer area (MSOA)"
        WARD = "ward", "Ward"
        DISTRICT = "district", "Local authority district"
        PARTNERSHIP = "partnership", "Community safety partnership"
        FORCE = "force", "Police force area"
        BEAT = "beat", "Neighbourhood team's area"
        SPOT = "spot", "A spot: a hall, a street, a stop"

    code = models.CharField(max_length=40, help_text="The national code, or the organisation's own")
    vintage = models.PositiveSmallIntegerField(default=0, help_text="The year of the boundaries; 0: none")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    within = models.ManyToManyField(
        "self", through="Lies", symmetrical=False, related_name="contains", blank=True
    )
    ended_on = models.DateField(null=True, blank=True, help_text="No longer used since")

    privacy = declared(retention=Retention.REFERENCE, public="code vintage kind name within ended_on")

    class Meta(Owned.Meta):
        ordering = ["kind", "name", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "code", "vintage"],
                condition=Q(organisation=None, team=None),
                name="a_shared_place_stands_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "code", "vintage"],
                condition=Q(organisation__isnull=False),
                name="an_own_place_stands_once",
            ),
        ]
        indexes = [models.Index(fields=["code", "vintage"])]

    def __str__(self) -> str:
        return self.name


class Lies(models.Model):
    """This place lies in that one, by a published lookup or an organisation's own word."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="lies_in")
    inside = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="holds")
    best_fit = models.BooleanField(default=False, help_text="Mostly, not wholly, inside")

    privacy = declared(retention=Retention.REFERENCE, public="place inside best_fit")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "inside"], name="a_place_lies_in_another_once")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.inside_id}"


class AreaServed(Made):
    """This organisation works for the people of that area: a force for its force area, a team for its ward."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="areas_served")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="served_by")

    privacy = declared(retention=Retention.REFERENCE, public="organisation place")

    class Meta:
        ordering = ["organisation_id", "place_id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "place"], name="an_area_is_served_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} serves {self.place}"


class Boundary(models.Model):
    """The outline of a place: GeoJSON geometry in longitude and latitude."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    brought_by = models.ForeignKey(Import, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    privacy = declared(
        retention=Retention.REFERENCE, public="place geometry west south east north brought_by"
    )

    def __str__(self) -> str:
        return f"the outline of {self.place}"


class Characteristic(Owned, Made):
    """What people are counted by: age, sex, ethnic group … A shared one is no shared view."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    special = models.BooleanField(default=False, help_text="A special category in data protection law")
    position = models.PositiveSmallIntegerField(default=0)

    privacy = declared(retention=Retention.REFERENCE, public="code name special position")

    class Meta(Owned.Meta):
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """One answer to a characteristic, such as an age band. Answers are never re-coded, only ended."""

    characteristic = models.ForeignKey(Characteristic, on_delete=models.PROTECT, related_name="categories")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)

    privacy = declared(retention=Retention.REFERENCE, public="characteristic name position ended_on")

    class Meta:
        ordering = ["characteristic_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["characteristic", "name"], name="a_category_stands_once_in_its_characteristic"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Population(Owned, Made):
    """One published table: how many people of each category live in each place, on a date."""

    title = models.CharField(max_length=200)
    characteristic = models.ForeignKey(
        Characteristic, null=True, blank=True, on_delete=models.PROTECT, related_name="populations"
    )
    source = models.CharField(max_length=300)
    counted_on = models.DateField()
    place_kind = models.CharField(max_length=12, choices=Place.Kind.choices)
    place_vintage = models.PositiveSmallIntegerField(default=0)
    perturbed_by = models.PositiveSmallIntegerField(
        default=0, help_text="Each cell may be off by as much; 0: exact counts"
    )
    brought_by = models.ForeignKey(Import, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    privacy = declared(
        retention=Retention.REFERENCE,
        public="title characteristic source counted_on place_kind place_vintage perturbed_by brought_by",
    )

    class Meta(Owned.Meta):
        ordering = ["title", "-counted_on", "id"]

    def __str__(self) -> str:
        return self.title


class PopulationCount(models.Model):
    """People of one category (none: everybody) in one place."""

    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="counts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="counts")
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="counts"
    )
    people = models.PositiveIntegerField()

    privacy = declared(retention=Retention.REFERENCE, public="population place category people")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["population", "place", "category"], name="one_count_of_a_category_in_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.people}"


class Grouping(Owned, Versioned, Made):
    """People described together, on a stated basis, by somebody. Partners are groupings."""

    class Basis(models.TextChoices):
        PLACE = "place", "A place: home, work, passing through"
        IDENTITY = "identity", "An identity, protected or not"
        INTEREST = "interest", "An interest"
        VULNERABILITY = "vulnerability", "A vulnerability"
        EXPERIENCE = "experience", "An experience: victims, people stopped"
        PARTNER = "partner", "A partner"
        OTHER = "other", "Something else, or undefined"

    class Defined(models.TextChoices):
        THEMSELVES = "themselves", "Themselves"
        OTHERS = "others", "Others"
        BOTH = "both", "Both"
        UNKNOWN = "unknown", "Not known"

    class Counterpart(models.TextChoices):
        PUBLIC = "public", "The public"
        PARTNER = "partner", "A partner organisation"
        DELEGATED = "delegated", "Delegated capacity, such as private security"

    name = models.CharField(max_length=160)
    basis = models.CharField(max_length=14, choices=Basis.choices)
    boundary = models.CharField(max_length=300, blank=True, help_text="Who is in and who is not")
    defined_by = models.CharField(max_length=200, help_text="Who drew the line, as a role")
    self_defined = models.CharField(max_length=12, choices=Defined.choices, default=Defined.UNKNOWN)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="groupings"
    )
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="groupings"
    )
    denominator = models.CharField(max_length=300, blank=True, help_text="Where its number comes from")
    overlap = models.CharField(max_length=300, blank=True, help_text="Whom it shares people with")
    said_label = models.CharField(max_length=120, blank=True, help_text="A label as somebody said it")
    said_by = models.CharField(max_length=200, blank=True, help_text="Who used the label, as a role")
    barrier = models.CharField(
        max_length=300, blank=True, help_text="The same as a barrier that the organisation presents"
    )
    counterpart = models.CharField(max_length=10, choices=Counterpart.choices, default=Counterpart.PUBLIC)
    powers = models.CharField(max_length=300, blank=True, help_text="Powers handed over, and by whom")
    segmentation = models.BooleanField(
        default=False, help_text="From a bought segmentation: never evidence of what people think"
    )
    ended_on = models.DateField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "name basis boundary defined_by self_defined place category denominator overlap said_label said_by "
            "barrier counterpart powers segmentation ended_on"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["name", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(said_label="") | (~Q(said_by="") & ~Q(barrier="")),
                name="a_label_has_its_speaker_and_its_barrier",
            ),
            models.CheckConstraint(
                condition=~Q(counterpart="delegated") | ~Q(powers=""), name="delegated_powers_are_named"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Representative(Owned, Versioned, Made):
    """Somebody who speaks for others, and by what right. A name is hidden unless the person agreed."""

    class Chosen(models.TextChoices):
        ELECTED = "elected", "Elected by those spoken for"
        NOMINATED = "nominated", "Nominated by a group"
        INVITED = "invited", "Invited by the police or the body"
        THEMSELVES = "themselves", "Came forward"
        UNKNOWN = "unknown", "Not known"

    grouping = models.ForeignKey(Grouping, on_delete=models.PROTECT, related_name="representatives")
    role = models.CharField(max_length=160, help_text="As a role, such as chair of the traders")
    name = models.CharField(max_length=160, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    shown_to_others = models.BooleanField(default=False, help_text="The person agreed to be named")
    chosen = models.CharField(max_length=12, choices=Chosen.choices, default=Chosen.UNKNOWN)
    mandate = models.TextField(blank=True, help_text="For whom, on what, how they report back")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        personal="role name affiliation mandate",
        organisational="grouping shown_to_others chosen since until withdrawn_at",
    )

    class Meta(Owned.Meta):
        ordering = ["grouping_id", "role", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(name="", affiliation=""),
                name="whoever_withdraws_leaves_no_name",
            ),
        ]

    def __str__(self) -> str:
        return self.role
