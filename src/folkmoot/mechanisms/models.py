"""Why it should work: factors, the assumptions between them, and mechanisms as named chains of these.

Changing an assumption's context keeps it; changing its cause or effect makes another one. What does
not belong here: how well an assumption is known (``evidence``).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import Owned
from folkmoot.strategies.models import Aim, Objective


class Method(models.Model):
    """A way of engaging: from ``mechanisms/library/methods.toml``, or an organisation's own."""

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="methods"
    )
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    medium = models.CharField(max_length=30)
    synchronous = models.CharField(max_length=10)
    level_low = models.PositiveSmallIntegerField()
    level_high = models.PositiveSmallIntegerField()
    missing_denominator = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()

    privacy = declared(
        retention=Retention.REFERENCE,
        public="code name medium synchronous level_low level_high missing_denominator position",
    )

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Factor(Owned, Made):
    """Something that can change. Its wording never changes: another wording is another factor."""

    key = models.CharField(max_length=12, blank=True, help_text="The library's key, such as P2.3")
    wording = models.CharField(max_length=300)

    privacy = declared(retention=Retention.RECORD, organisational="key wording")

    class Meta(Owned.Meta):
        ordering = ["key", "wording"]
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="a_library_factor_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return self.wording


class Assumption(Owned, Versioned, Made):
    """“This factor leads to that one”, for whom, within what time: the unit of evidence."""

    code = models.CharField(max_length=12, blank=True, help_text="The library's code, such as P2.4")
    cause = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="assumptions_from")
    effect = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="assumptions_to")
    population = models.CharField(max_length=200, blank=True)
    horizon = models.CharField(max_length=120, blank=True)
    horizon_days = models.PositiveIntegerField(null=True, blank=True)
    smallest_change = models.CharField(
        max_length=200, blank=True, help_text="The smallest change that matters"
    )
    smallest_change_value = models.FloatField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "code cause effect population horizon horizon_days smallest_change smallest_change_value"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["code", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="a_library_assumption_stands_once"
            ),
            models.CheckConstraint(condition=~Q(cause=F("effect")), name="an_assumption_leads_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} → {self.effect}"


class Mechanism(Owned, Versioned, Made):
    """Why a way of engaging should reach an objective, under a name; its steps are those of its versions."""

    code = models.CharField(max_length=12, blank=True, help_text="The library's code, such as P2")
    name = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    aims = models.ManyToManyField(Aim, related_name="mechanisms", blank=True)
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.PROTECT, related_name="mechanisms"
    )
    method = models.ForeignKey(
        Method, null=True, blank=True, on_delete=models.PROTECT, related_name="mechanisms"
    )
    adopted_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="adoptions"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational="code name summary aims objective method adopted_from retired_at",
    )

    class Meta(Owned.Meta):
        ordering = ["code", "name", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="a_library_mechanism_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MechanismVersion(Made):
    """A mechanism as it stood from one change to the next. Never edited: a change makes the next one."""

    mechanism = models.ForeignKey(Mechanism, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    context = models.TextField(blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="What changed and why")
    is_current = models.BooleanField(default=True)

    privacy = declared(retention=Retention.RECORD, organisational="mechanism number context note is_current")

    class Meta:
        ordering = ["mechanism_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "number"], name="mechanism_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["mechanism"], condition=Q(is_current=True), name="one_current_version_of_a_mechanism"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mechanism}, version {self.number}"


class Step(models.Model):
    """One assumption in a mechanism version, with what is particular to it there."""

    version = models.ForeignKey(MechanismVersion, on_delete=models.CASCADE, related_name="steps")
    assumption = models.ForeignKey(Assumption, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    own_words = models.CharField(max_length=300, blank=True, help_text="How people here put it")
    population = models.CharField(max_length=200, blank=True)
    context = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational="version assumption position own_words population context",
    )

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "assumption"], name="an_assumption_stands_once_in_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"step {self.position}"


class Backfire(models.Model):
    """A route by which a mechanism may do harm or work against itself."""

    version = models.ForeignKey(MechanismVersion, on_delete=models.CASCADE, related_name="backfires")
    wording = models.CharField(max_length=300)
    from_factor = models.ForeignKey(Factor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    privacy = declared(retention=Retention.RECORD, organisational="version wording from_factor position")

    class Meta:
        ordering = ["version_id", "position", "id"]

    def __str__(self) -> str:
        return self.wording


class ReadyDesign(models.Model):
    """The study that would settle a mechanism's worst gap: what “what would settle it” offers."""

    class Scale(models.TextChoices):
        SHARE = "share", "A share of people"
        MEAN = "mean", "A mean on a scale"

    mechanism = models.OneToOneField(Mechanism, on_delete=models.CASCADE, related_name="ready_design")
    assumption = models.ForeignKey(Assumption, on_delete=models.CASCADE, related_name="ready_designs")
    title = models.CharField(max_length=200)
    design = models.TextField()
    unit = models.CharField(max_length=120)
    outcome = models.CharField(max_length=300)
    comparison = models.CharField(max_length=300)
    assignment = models.CharField(max_length=300)
    follow_up = models.CharField(max_length=160)
    follow_up_days = models.PositiveIntegerField(null=True, blank=True)
    cluster_size = models.PositiveIntegerField(
        null=True, blank=True, help_text="People asked in each area or team"
    )
    intracluster_correlation = models.FloatField(null=True, blank=True)
    scale = models.CharField(max_length=6, choices=Scale.choices)
    baseline = models.FloatField(help_text="Share without the activity, or the mean")
    spread = models.FloatField(null=True, blank=True, help_text="Standard deviation, for a mean")
    smallest_change = models.FloatField()
    why = models.TextField()

    privacy = declared(
        retention=Retention.REFERENCE,
        public=(
            "mechanism assumption title design unit outcome comparison assignment follow_up follow_up_days "
            "cluster_size intracluster_correlation scale baseline spread smallest_change why"
        ),
    )

    def __str__(self) -> str:
        return self.title
