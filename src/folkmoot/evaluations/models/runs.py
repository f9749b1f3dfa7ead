"""The data of an evaluation and its runs: the same data, settings, version and seed give the same figures."""

from __future__ import annotations

from typing import Any

from django.db import models

from folkmoot.audit.models import Made
from folkmoot.audit.privacy import Retention, declared
from folkmoot.evaluations.models.plans import Plan
from folkmoot.mechanisms.models import Factor
from folkmoot.surveys.models import Series, Wave


class Dataset(Made):
    """One table for a plan: a file as it came, or the figures of a series or a wave as they stood that day."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=255)
    form = models.CharField(max_length=10, help_text="csv, parquet, xlsx, ods")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kept_as = models.CharField(max_length=160)
    read = models.PositiveIntegerField()
    used = models.PositiveIntegerField()
    set_aside: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="[{file, row, reason}]")
    columns: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="[{name, kind, filled, low, high}]"
    )
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    waves = models.ManyToManyField(Wave, blank=True, related_name="tables")
    notes: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Sentences on what was done to figures or answers that were taken"
    )
    vouched: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Columns that only sound like somebody, as a person vouched"
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_why = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational="plan form size read used series waves notes erased_at erased_why",
        confidential="name sha256 kept_as set_aside columns vouched",
    )

    class Meta:
        ordering = ["plan_id", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> int | None:
        return self.plan.organisation_id

    @property
    def team_id(self) -> int | None:
        return self.plan.team_id


class Run(Made):
    """One reckoning on one table. Runs are added, never changed: a second one stands beside the first."""

    class State(models.TextChoices):
        ASKED = "asked", "Waiting"
        DONE = "done", "Done"
        REFUSED = "refused", "Could not be worked out"
        CANCELLED = "cancelled", "Stopped"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="runs")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="runs")
    design = models.CharField(
        max_length=12,
        choices=Plan.Design.choices,
        help_text="How it was worked out, by the plan or otherwise",
    )
    factor = models.ForeignKey(
        Factor,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What its outcome column measures; empty: the plan's own outcome",
    )
    smallest_change = models.FloatField(help_text="By which its interval is read, in its own unit")
    rises = models.BooleanField(default=True, help_text="More of it is what is expected; False: less of it")
    command: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="The verb of “folkmoot analyse” and its options, as they are given there"
    )
    seed = models.PositiveIntegerField(default=0)
    data_sha256 = models.CharField(max_length=64)
    code_version = models.CharField(max_length=40)
    as_planned = models.BooleanField(default=True, help_text="False: something differs from the registration")
    differs: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Sentences: what differs from the registration"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    result: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="What “folkmoot analyse” writes, caveats and all"
    )
    refused_because = models.TextField(blank=True)
    job_id = models.PositiveBigIntegerField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "plan dataset design factor smallest_change rises command seed data_sha256 code_version as_planned differs "
            "state result refused_because job_id finished_at"
        ),
    )

    class Meta:
        ordering = ["plan_id", "-id"]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.plan_id}"

    @property
    def organisation_id(self) -> int | None:
        return self.plan.organisation_id

    @property
    def team_id(self) -> int | None:
        return self.plan.team_id
