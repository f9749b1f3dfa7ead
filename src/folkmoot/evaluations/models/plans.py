"""A plan: one assumption, a design, rivals, an outcome, and what each result would mean.

An opportunity is a plan not yet begun. Registration freezes it; what is done otherwise afterwards is a departure.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.mechanisms.models import Assumption, ReadyDesign
from folkmoot.organisations.visibility import Owned
from folkmoot.surveys.models import Indicator, Series


class Plan(Owned, Versioned, Made):
    """The plan of one evaluation of one assumption."""

    class Design(models.TextChoices):
        TRIAL = "trial", "Trial: chance decides for each person or household"
        CLUSTER = "cluster", "Trial by groups: chance decides for streets, wards or teams"
        STEPPED = "stepped", "Stepped roll-out: everyone gets it, chance decides the order"
        HOLDOUT = "holdout", "Hold-out: chance keeps some from a message for a while"
        DIFFERENCES = "did", "Areas with it and areas without, before and after"
        SERIES = "series", "One area over time, with its break"
        BEFORE_AFTER = "before-after", "One area before and after, without comparison"
        PANEL = "panel", "The same people asked again"

    class State(models.TextChoices):
        DRAFT = "draft", "Being drawn up"
        REGISTERED = "registered", "Registered"
        FOUND = "found", "Done: it has a finding"
        STOPPED = "stopped", "Given up"
        CANNOT = "cannot", "Cannot be measured"

    class Scale(models.TextChoices):
        SHARE = "share", "A share of people"
        MEAN = "mean", "A mean on a scale, or a count"

    assumption = models.ForeignKey(Assumption, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=200)
    design = models.CharField(max_length=12, choices=Design.choices)
    ready_design = models.ForeignKey(
        ReadyDesign, null=True, blank=True, on_delete=models.SET_NULL, related_name="plans"
    )
    activity = models.TextField(help_text="What is done, where, and for whom")
    population = models.CharField(max_length=300)
    comparison = models.TextField(help_text="With whom or what it is compared, and who decides who gets it")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="plans"
    )
    outcome = models.CharField(max_length=300, help_text="What is measured, in words")
    scale = models.CharField(max_length=6, choices=Scale.choices, default=Scale.SHARE)
    analysis = models.TextField(
        blank=True,
        help_text="How it will be worked out: outcome column, who is compared, what is adjusted for, who is left out",
    )
    horizon = models.CharField(max_length=80)
    horizon_days = models.PositiveIntegerField(null=True, blank=True)
    smallest_change = models.FloatField(
        help_text="The smallest change that matters; a share as 0.05 for five points"
    )
    if_for = models.TextField(help_text="What it would mean if the outcome moved as expected")
    if_against = models.TextField(
        help_text="What it would mean if it moved the other way or too little to matter"
    )
    if_unclear = models.TextField(help_text="What it would mean if the result could be either")
    history = models.ForeignKey(
        Series,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plans",
        help_text="Its own past figures",
    )
    sizes: models.JSONField[Any, Any] = models.JSONField(
        default=dict,
        help_text="How many areas, waves and people: numbers by the name that core.power gives them",
    )
    cost = models.CharField(max_length=200, blank=True, help_text="What the study costs, in words")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    because = models.TextField(blank=True, help_text="Why it cannot be measured, or was given up")
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.CharField(max_length=200, blank=True, help_text="A label: people leave")
    frozen: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="The plan as it was registered, word for word"
    )
    frozen_sha256 = models.CharField(max_length=64, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "assumption title design ready_design activity population comparison indicator outcome scale horizon "
            "analysis horizon_days smallest_change if_for if_against if_unclear history sizes cost state because registered_at "
            "frozen frozen_sha256"
        ),
        personal="registered_by",
    )

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(smallest_change__gt=0), name="a_change_that_matters_is_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cannot", "stopped"])
                | Q(registered_at__isnull=False) & ~Q(frozen_sha256=""),
                name="what_runs_was_registered",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cannot", "stopped"]) | ~Q(because=""), name="a_verdict_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Rival(models.Model):
    """Another explanation of the same outcome, and what would tell it apart."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rivals")
    words = models.CharField(max_length=300)
    told_apart_by = models.CharField(max_length=300, help_text="What would be seen if this were the reason")
    position = models.PositiveSmallIntegerField(default=0)

    privacy = declared(retention=Retention.RECORD, organisational="plan words told_apart_by position")

    class Meta:
        ordering = ["plan_id", "position", "id"]

    def __str__(self) -> str:
        return self.words


class Departure(Made):
    """Something done otherwise than registered: what, and why. Never changed afterwards."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="departures")
    field = models.CharField(
        max_length=40, blank=True, help_text="The part of the plan; empty: something else"
    )
    what = models.TextField()
    why = models.TextField()

    privacy = declared(retention=Retention.RECORD, organisational="plan field what why")

    class Meta:
        ordering = ["plan_id", "id"]

    def __str__(self) -> str:
        return self.what[:80]


class Sight(Made):
    """One answer to “could this see it?”: what was asked, of which figures, and what came out."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sights")
    asked: models.JSONField[Any, Any] = models.JSONField(default=dict, help_text="Design and sizes as asked")
    figures_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the history that it rests on")
    answer: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="Power, smallest change seen, false alarms, what would work instead"
    )
    code_version = models.CharField(max_length=40)
    seed = models.PositiveIntegerField(default=0)

    privacy = declared(
        retention=Retention.RECORD, organisational="plan asked figures_sha256 answer code_version seed"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sight of {self.plan_id}"
