"""What a run found, in careful words and factor by factor, like any study.

What does not belong here: what it does to a standing; ``evidence`` records a finding from above.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.evaluations.models.plans import Plan
from folkmoot.evaluations.models.runs import Run
from folkmoot.mechanisms.models import Factor
from folkmoot.organisations.visibility import Owned


class Finding(Owned, Versioned, Made):
    """What an evaluation found. No effect found is a finding like any other."""

    class State(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        CONFIRMED = "confirmed", "Confirmed"
        DISPUTED = "disputed", "Disputed"
        SUPERSEDED = "superseded", "Superseded"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="findings")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="finding")
    sentence = models.TextField(help_text="The result in careful words, made from the figures")
    words = models.TextField(blank=True, help_text="What the evaluators add")
    limits: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Sentences: caveats and departures"
    )
    figures: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="estimate, interval, level and what a picture is drawn from"
    )
    evaluators = models.CharField(max_length=120, help_text="The team that made it")
    sample = models.CharField(max_length=120, help_text="Participants and sites")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROVISIONAL)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.PUBLISHED,
        organisational=(
            "plan run sentence words limits figures evaluators sample state superseded_by withdrawn_at "
            "withdrawn_because"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.sentence[:80]

    @property
    def stands(self) -> bool:
        """Whether its evaluators hold to it: neither withdrawn nor superseded by a later one."""
        return self.withdrawn_at is None and self.state != self.State.SUPERSEDED


class FindingMark(models.Model):
    """How one factor moved in it, at one horizon, for one population and outcome."""

    class Sign(models.TextChoices):
        UP = "up", "▲ moved as expected"
        DOWN = "down", "▼ moved the opposite way"
        SAME = "same", "= shown to be too small to matter"
        NOT_FOUND = "not_found", "○ no effect found"
        NOT_MEASURED = "not_measured", "– not measured"

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="marks")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="finding_marks")
    horizon = models.CharField(max_length=80, blank=True)
    horizon_days = models.PositiveIntegerField(null=True, blank=True)
    population = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    sign = models.CharField(max_length=12, choices=Sign.choices)
    by_rule = models.CharField(
        max_length=12, choices=Sign.choices, blank=True, help_text="What the rule made of the interval"
    )
    because = models.CharField(
        max_length=300, blank=True, help_text="Why a person said otherwise than the rule"
    )
    run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.PROTECT, related_name="marks", help_text="Whose interval"
    )
    manipulated = models.BooleanField(default=False, help_text="The evaluation set out to move this factor")
    delivered = models.BooleanField(default=False, help_text="… and it was really delivered")
    randomised = models.BooleanField(default=False, help_text="Chance decided it")
    figure = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.PUBLISHED,
        organisational=(
            "finding factor horizon horizon_days population outcome sign by_rule because run manipulated delivered "
            "randomised figure note"
        ),
    )

    class Meta:
        ordering = ["finding_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "factor", "horizon", "population", "outcome"],
                name="a_mark_of_a_finding_stands_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sign_display()} {self.factor}"
