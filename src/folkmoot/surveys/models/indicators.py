"""What is measured, of which kind, at which end of which assumption, and whose judgement it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.visibility import Owned


class Indicator(Owned, Versioned, Made):
    """Something that is measured. What is done or handed out is never an outcome, whatever it is called."""

    class Kind(models.TextChoices):
        ACTIVITY = "activity", "Activity: what was done"
        OUTPUT = "output", "Output: what came out of it, such as contacts or sign-ups"
        PROXIMAL = "proximal", "Near outcome: what changed in people soon after"
        DISTAL = "distal", "Far outcome: what the objective is about"

    class End(models.TextChoices):
        CAUSE = "cause", "Its cause"
        EFFECT = "effect", "Its effect"

    class Judge(models.TextChoices):
        RESIDENTS = "residents", "People who live there"
        ENGAGED = "engaged", "The people who took part"
        AFFECTED = "affected", "Victims and others affected"
        STAFF = "staff", "Officers and staff"
        PARTNERS = "partners", "Partner organisations"
        SPONSOR = "sponsor", "The organisation itself, or who pays for it"
        RECORDS = "records", "Nobody: it is counted from records"

    class Better(models.TextChoices):
        UP = "up", "More of it"
        DOWN = "down", "Less of it"
        NEITHER = "neither", "Neither: it only describes"

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    measured_as = models.TextField(help_text="What is asked or counted, of whom")
    assumption = models.ForeignKey(
        Assumption, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    end = models.CharField(max_length=6, choices=End.choices, blank=True)
    judged_by = models.CharField(max_length=10, choices=Judge.choices)
    unit = models.CharField(max_length=60, help_text="Such as per cent, points on a scale, days")
    better = models.CharField(max_length=8, choices=Better.choices, default=Better.NEITHER)
    smallest_change = models.FloatField(
        null=True, blank=True, help_text="The smallest change that matters, in the unit"
    )
    ended_on = models.DateField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "name kind measured_as assumption end judged_by unit better smallest_change ended_on"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["name", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["activity", "output"]) | Q(assumption__isnull=False),
                name="an_outcome_stands_at_an_assumption",
            ),
            models.CheckConstraint(
                condition=Q(assumption=None, end="")
                | Q(assumption__isnull=False, end__in=["cause", "effect"]),
                name="an_indicator_stands_at_one_end",
            ),
            # a smallest change worth having, set on a count, would be a target on a count
            models.CheckConstraint(
                condition=Q(kind__in=["proximal", "distal"]) | Q(smallest_change=None),
                name="no_target_on_a_count",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outcome(self) -> bool:
        return self.kind in OUTCOMES

    @property
    def factor(self) -> Factor | None:
        """What it measures: the factor at its end of the assumption."""
        if self.assumption is None:
            return None
        return self.assumption.cause if self.end == self.End.CAUSE else self.assumption.effect


OUTCOMES = frozenset({Indicator.Kind.PROXIMAL, Indicator.Kind.DISTAL})
