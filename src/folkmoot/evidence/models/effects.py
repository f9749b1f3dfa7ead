"""What studies print of the size of an effect, and the plans by which such figures are pooled."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.core.errors import NotYet
from folkmoot.evidence.models.studies import Study
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.visibility import Owned


class Measure(models.TextChoices):
    """On what scale an effect is put. Only effects on one scale are pooled."""

    STANDARDISED = "standardised", "Difference in standard deviations"
    MEAN = "mean", "Difference of means, in the outcome’s own unit"
    RISK = "risk", "Difference of two shares (0.05 is five points)"
    LOG_ODDS = "log odds", "Odds ratio, as its logarithm"
    LOG_RISK = "log risk", "Risk ratio, as its logarithm"
    FISHER = "fisher", "Correlation, as Fisher’s z"


class PrintedEffect(Versioned, Made):
    """One effect on one factor as a study prints it, with the estimate and error worked out from that.

    Above zero is always the expected direction. Nothing that nobody read in the study itself is pooled
    or shown to others: ``verified_by`` says who read it there.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="effects")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="effects")
    outcome = models.CharField(max_length=200, blank=True, help_text="Measured as")
    horizon = models.CharField(max_length=80, blank=True)
    horizon_days = models.PositiveIntegerField(null=True, blank=True)
    population = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=12, choices=Measure.choices)
    unit = models.CharField(max_length=60, blank=True, help_text="Of a difference of means: points on 1 to 5")
    expected_is_more = models.BooleanField(
        default=True, help_text="False: the smaller number is the expected direction"
    )
    printed: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="{kind, …}: the numbers as they stand in the study"
    )
    estimate = models.FloatField()
    standard_error = models.FloatField()
    formula = models.CharField(max_length=200)
    caveats: models.JSONField[Any, Any] = models.JSONField(default=list)
    place = models.CharField(max_length=120, help_text="The page or table where it stands")
    verified_by = models.CharField(max_length=200, blank=True, help_text="Who read it in the study itself")
    verified_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.REFERENCE,
        public=(
            "study factor outcome horizon horizon_days population measure unit expected_is_more printed estimate "
            "standard_error formula caveats place verified_at"
        ),
        personal="verified_by",
    )

    class Meta:
        ordering = ["study_id", "factor_id", "horizon_days", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(standard_error__gt=0), name="an_error_is_above_zero"),
            models.CheckConstraint(
                condition=Q(verified_by="", verified_at=None)
                | ~Q(verified_by="") & Q(verified_at__isnull=False),
                name="who_read_a_figure_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"effect on {self.factor}"

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def organisation_id(self) -> int | None:
        return self.study.organisation_id

    @property
    def team_id(self) -> int | None:
        return self.study.team_id


class PoolPlan(Owned, Made):
    """By which rule the effects on one assumption are pooled. Frozen when it is registered: it is made once.

    ``known`` is how many comparable estimates stood here on that day: with two or more the result could
    be reckoned already, and the plan was not made beforehand.
    """

    assumption = models.ForeignKey(Assumption, on_delete=models.PROTECT, related_name="pool_plans")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    unit = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=200, blank=True, help_text="Measured as; empty: however it was")
    lowest_level = models.PositiveSmallIntegerField(default=3)
    only_here = models.BooleanField(default=False, help_text="Only studies from the same country")
    rule = models.TextField(help_text="Which studies go in and which stay out, in words")
    smallest_change = models.FloatField(help_text="The smallest change that matters, on this scale")
    because = models.TextField(help_text="Why that change matters, and why this scale")
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=200)
    known = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "assumption measure unit outcome lowest_level only_here rule smallest_change because registered_at known "
            "sha256 withdrawn_at withdrawn_because"
        ),
        personal="registered_by",
    )

    class Meta(Owned.Meta):
        ordering = ["registered_at", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(smallest_change__gt=0), name="a_pooled_change_matters_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""), name="a_plan_given_up_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"pooling plan for {self.assumption_id}"

    @property
    def was_beforehand(self) -> bool:
        """Whether it was registered before anything could be pooled here."""
        return self.known < 2

    def save(self, *args: Any, **options: Any) -> None:
        """A registered plan never changes; it can only be given up."""
        if self.pk is not None:
            kept = type(self).objects.get(pk=self.pk)
            if any(getattr(self, name) != getattr(kept, name) for name in FROZEN):
                raise NotYet(
                    "A registered plan never changes. Give it up with a reason, and register another."
                )
        super().save(*args, **options)


RULE = (
    "assumption_id",
    "measure",
    "unit",
    "outcome",
    "lowest_level",
    "only_here",
    "rule",
    "smallest_change",
    "because",
)
FROZEN = (
    *RULE,
    "registered_at",
    "registered_by",
    "known",
    "sha256",
    "organisation_id",
    "team_id",
    "visibility",
)
