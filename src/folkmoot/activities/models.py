"""The work: strands of it, single occasions, whom they reached as tallies, hours and what an hour costs.

Counts only: no row joins a person met with anything about them, and nothing here ranks a colleague.
What does not belong here: whether it did any good (``evidence``), what people said (``heard``).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.communities.models import Category, Grouping, Place
from folkmoot.mechanisms.models import MechanismVersion, Method
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import Owned
from folkmoot.strategies.models import Objective


class Level(models.TextChoices):
    """How active the public was. S1 and S2 are its shadows: they look like engagement."""

    SEEN = "L0", "Seen: aware of us"
    TOLD = "L1", "Told: receiving"
    ASKED = "L2", "Asked: giving views"
    TALKING = "L3", "Talking: both ways"
    WEIGHING = "L4", "Deliberating: weighing options together"
    DECIDING = "L5", "Deciding: holding or sharing the decision"
    MANAGED = "S1", "Managed or placated"
    MINED = "S2", "Mined for information"


class Trigger(models.TextChoices):
    PROACTIVE = "proactive", "We went first"
    REACTIVE = "reactive", "After something happened"
    ROUTINE = "routine", "Part of the routine"


class Initiative(Owned, Versioned, Made):
    """A strand of work: one method, one purpose as participants are told it, one reason why it should work."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    name = models.CharField(max_length=160)
    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="initiatives")
    purpose = models.TextField(blank=True, help_text="The words in which participants are told it")
    mechanism_version = models.ForeignKey(
        MechanismVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="initiatives"
    )
    objectives = models.ManyToManyField(Objective, related_name="initiatives", blank=True)
    groupings = models.ManyToManyField(Grouping, related_name="initiatives", blank=True)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="initiatives"
    )
    planned_level = models.CharField(max_length=2, choices=Level.choices, blank=True)
    trigger = models.CharField(max_length=9, choices=Trigger.choices, default=Trigger.PROACTIVE)
    begins = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "name method purpose mechanism_version objectives groupings place planned_level trigger "
            "begins ends state"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["name", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(purpose=""),
                name="closing_needs_the_purpose_as_told",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ActivityImport(Owned, Made):
    """One spreadsheet of activities: every row of it used, or set aside with its reason; it can be undone.

    Until it is brought in, the counts and reasons say what would happen.
    """

    class State(models.TextChoices):
        BEGUN = "begun", "Begun, nothing stored yet"
        ASKED = "asked", "On its way in"
        DONE = "done", "Brought in"
        UNDONE = "undone", "Undone"

    state = models.CharField(max_length=6, choices=State.choices, default=State.BEGUN)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    matching = models.JSONField(default=dict, help_text="Columns and values as matched this time")
    read = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="[row, reason] of each row set aside")
    noticed = models.JSONField(
        default=list, help_text="[what was noticed, its rows] of rows used all the same"
    )
    shown = models.JSONField(default=dict, help_text="What the page of the outcome shows: first rows, notes")
    undone_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational="state filename sha256 matching read used set_aside reasons noticed shown undone_at",
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


class Activity(Owned, Versioned, Made):
    """One occasion of engagement. What was not recorded stays empty: never 0, never guessed."""

    class Counted(models.TextChoices):
        PEOPLE = "people", "Different people"
        ATTENDANCES = "attendances", "Attendances: one person may count again"

    class Hosting(models.TextChoices):
        OWN = "own", "Our own"
        GUEST = "guest", "We were guests"
        HOST = "host", "We were hosts to others"
        BORROWED = "borrowed", "A borrowed audience: people came for something else"

    class Uniform(models.TextChoices):
        UNIFORMED = "uniformed", "In uniform"
        PLAIN = "plain", "Nobody in uniform"
        MIXED = "mixed", "Some in uniform"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    method = models.ForeignKey(
        Method, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    mechanism_version = models.ForeignKey(
        MechanismVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
        help_text="As it stood on the day: a later version does not rewrite why this was done",
    )
    title = models.CharField(max_length=200, blank=True)
    happened_on = models.DateField()
    begins_at = models.TimeField(null=True, blank=True)
    ends_at = models.TimeField(null=True, blank=True)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    place_words = models.CharField(max_length=300, blank=True, help_text="The place as it was written")
    people = models.PositiveIntegerField(null=True, blank=True)
    counted = models.CharField(max_length=11, choices=Counted.choices, default=Counted.PEOPLE)
    level = models.CharField(max_length=2, choices=Level.choices, blank=True, help_text="Level reached")
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    remark = models.CharField(max_length=280, blank=True)
    by_specialist = models.BooleanField(
        null=True, blank=True, help_text="Recorded by an engagement specialist; empty: not known"
    )
    logged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    brought_by = models.ForeignKey(
        ActivityImport, null=True, blank=True, on_delete=models.CASCADE, related_name="activities"
    )
    # later and optional
    hosting = models.CharField(max_length=8, choices=Hosting.choices, blank=True)
    host = models.ForeignKey(Grouping, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    uniform = models.CharField(max_length=9, choices=Uniform.choices, blank=True)
    trigger = models.CharField(max_length=9, choices=Trigger.choices, blank=True)
    participant_level = models.CharField(
        max_length=2, choices=Level.choices, blank=True, help_text="The level as a participant saw it"
    )
    counterpart = models.CharField(max_length=10, choices=Grouping.Counterpart.choices, blank=True)
    demand = models.CharField(max_length=280, blank=True, help_text="Work that it made, and for whom")

    privacy = declared(
        retention=Retention.RECORD,
        personal="logged_by",
        confidential="remark",
        organisational=(
            "uuid initiative method mechanism_version title happened_on begins_at ends_at place place_words people "
            "counted level hours by_specialist brought_by hosting host uniform trigger participant_level "
            "counterpart demand"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-happened_on", "-id"]
        indexes = [
            models.Index(fields=["organisation", "-happened_on", "-id"], name="activities_newest_first"),
            models.Index(fields=["organisation", "place", "happened_on"], name="activities_by_place"),
            models.Index(fields=["mechanism_version", "happened_on"], name="activities_by_mechanism"),
            models.Index(fields=["logged_by", "-happened_on"], name="activities_by_recorder"),
            # a level that is rare is looked for among all occasions
            models.Index(fields=["organisation", "level", "-happened_on", "-id"], name="activities_by_level"),
            # holds all that sums are made of, so that adding up 200,000 occasions reads no row
            models.Index(
                fields=[
                    "organisation",
                    "happened_on",
                    "mechanism_version",
                    "initiative",
                    "method",
                    "place",
                    "level",
                    "counterpart",
                    "counted",
                    "by_specialist",
                    "people",
                    "hours",
                ],
                name="activities_added_up",
            ),
        ]

    def __str__(self) -> str:
        unnamed = f"activity {self.pk}" if self.pk else "activity"
        return self.title or (str(self.initiative) if self.initiative_id else unnamed)


class Tally(models.Model):
    """How many of the people present were counted under a category, as they described themselves.

    The columns after ``people`` repeat the activity's (``tallying.copied``): they are what reach is asked by.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="tallies")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="tallies", db_index=False)
    people = models.PositiveIntegerField()
    organisation_key = models.BigIntegerField(null=True)
    initiative_key = models.BigIntegerField(null=True)
    method_key = models.BigIntegerField(null=True)
    place_key = models.BigIntegerField(null=True)
    happened_on = models.DateField()
    counted = models.CharField(max_length=11, choices=Activity.Counted.choices)
    counterpart = models.CharField(max_length=10, choices=Grouping.Counterpart.choices, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        special="category people",
        organisational=(
            "activity organisation_key initiative_key method_key place_key happened_on counted counterpart"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "category"], name="one_tally_of_a_category")
        ]
        indexes = [
            models.Index(
                fields=[
                    "category",
                    "organisation_key",
                    "method_key",
                    "happened_on",
                    "place_key",
                    "initiative_key",
                    "counterpart",
                    "counted",
                    "people",
                ],
                name="tallies_by_method",
            )
        ]

    def __str__(self) -> str:
        return f"{self.people}"


class Output(Made):
    """Something that came out: leaflets, sign-ups, meetings held. There is no field for a target."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="outputs")
    what = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    counted_on = models.DateField()

    privacy = declared(retention=Retention.RECORD, organisational="initiative what number counted_on")

    class Meta:
        ordering = ["initiative_id", "-counted_on", "id"]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"


class HourRate(Made):
    """What an hour costs an organisation, from a date on."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hour_rates")
    since = models.DateField()
    pounds = models.DecimalField(max_digits=8, decimal_places=2)
    basis = models.CharField(max_length=200, help_text="Whose hour, and what it contains")

    privacy = declared(retention=Retention.RECORD, organisational="organisation since pounds basis")

    class Meta:
        ordering = ["organisation_id", "-since"]
        constraints = [models.UniqueConstraint(fields=["organisation", "since"], name="one_rate_from_a_date")]

    def __str__(self) -> str:
        return f"£{self.pounds} from {self.since}"


class Capture(models.Model):
    """What a device sent under one identifier. Kept so that a second sending is recognised for what it is."""

    class State(models.TextChoices):
        RECORDED = "recorded", "Recorded"
        DIFFERS = "differs", "Differs from what was sent first; waits for a person"
        SETTLED = "settled", "Settled by a person"

    uuid = models.UUIDField(db_index=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    sent_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True, help_text="By the device's clock")
    schema = models.PositiveSmallIntegerField()
    content = models.JSONField(help_text="As received, without the remark")
    content_hash = models.CharField(max_length=64, help_text="Of everything received")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECORDED)
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="captures"
    )

    privacy = declared(
        retention=Retention.RECORD,
        personal="sent_by",
        organisational=("uuid received_at saved_at schema content content_hash state activity"),
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["uuid", "content_hash"], name="one_sending_of_a_content"),
            models.UniqueConstraint(
                fields=["uuid"], condition=Q(state="recorded"), name="one_record_of_an_identifier"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class LearnedMatch(Made):
    """How this organisation matched a column's name, or a value in a column, last time."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=40)
    written = models.CharField(max_length=300, help_text="As the spreadsheet has it; empty field: a column")
    meaning = models.CharField(max_length=120, help_text="The field, or the key of the value")

    privacy = declared(retention=Retention.RECORD, organisational="organisation field written meaning")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "field", "written"], name="a_match_is_learned_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.written} → {self.meaning}"


class SharedHours(Owned, Made):
    """Twelve months of one chain's hours, as an organisation chose to share them: a frozen total, no occasion.

    Work itself is seen only inside the organisation; this is what the network's overview adds beside it.
    """

    mechanism_version = models.ForeignKey(
        MechanismVersion, on_delete=models.PROTECT, related_name="shared_hours"
    )
    until = models.DateField()
    hours = models.DecimalField(max_digits=10, decimal_places=2)
    activities = models.PositiveIntegerField()
    without_hours = models.PositiveIntegerField()

    privacy = declared(
        retention=Retention.RECORD,
        organisational="mechanism_version until hours activities without_hours",
    )

    class Meta(Owned.Meta):
        ordering = ["organisation_id", "mechanism_version_id"]
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "mechanism_version"], name="a_chains_hours_are_shared_once"
            ),
            models.CheckConstraint(condition=Q(activities__gte=5), name="shared_hours_point_at_nobody"),
        ]

    def __str__(self) -> str:
        return f"{self.hours} hours until {self.until}"
