"""Answers of single people, as columns in a file beside the database, and the figures made of them.

Nothing here leaves its owner but figures. What does not belong here: the questions (``waves``).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made
from folkmoot.audit.privacy import Retention, declared
from folkmoot.communities.models import Population
from folkmoot.surveys.models.waves import Question, Wave


class Microdata(Made):
    """One file of answers: the file as it came where nothing was dropped, and its columns in short form."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="microdata")
    name = models.CharField(max_length=255)
    form = models.CharField(max_length=10, help_text="csv, xlsx, ods, sav, dta …")
    sha256 = models.CharField(max_length=64, help_text="Of the file as it came")
    size = models.PositiveBigIntegerField()
    kept_as = models.CharField(max_length=160, blank=True, help_text="Empty: columns were dropped before")
    columns_as = models.CharField(max_length=160, blank=True)
    columns_sha256 = models.CharField(max_length=64, blank=True)
    read = models.PositiveIntegerField()
    used = models.PositiveIntegerField()
    set_aside: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="[{file, row, reason}]")
    dropped: models.JSONField[Any, Any] = models.JSONField(default=list)
    vouched: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Columns that a person says identify nobody"
    )
    notes: models.JSONField[Any, Any] = models.JSONField(default=list)
    worked_out_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_why = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational="wave form size read used worked_out_at erased_at erased_why",
        confidential="name sha256 kept_as columns_as columns_sha256 set_aside dropped vouched notes",
    )

    class Meta:
        ordering = ["wave_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(kept_as="", columns_as=""),
                name="erased_answers_leave_no_file",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> int | None:
        return self.wave.survey.organisation_id

    @property
    def team_id(self) -> int | None:
        return self.wave.survey.team_id


class Variable(models.Model):
    """One column: what it holds, its answers in words, what counts as missing."""

    class Role(models.TextChoices):
        CHOICE = "choice", "One of several answers"
        NUMBER = "number", "A number"
        WEIGHT = "weight", "Weight: how many people a row stands for"
        STRATUM = "stratum", "Stratum: the part of the population it was drawn from"
        CLUSTER = "cluster", "Cluster: what was drawn first, such as a street"
        PANEL = "panel", "The person's number in a panel"

    microdata = models.ForeignKey(Microdata, on_delete=models.CASCADE, related_name="variables")
    name = models.CharField(max_length=120)
    stored = models.CharField(max_length=12, help_text="The column's name in the short form")
    label = models.TextField(blank=True)
    role = models.CharField(max_length=8, choices=Role.choices)
    answers: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="The words of each answer, by position"
    )
    missing: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="[[code, words], …]")
    special = models.BooleanField(default=False, help_text="A special category in data protection law")
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="variables"
    )
    position = models.PositiveIntegerField(default=0)

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational="microdata stored role special question position",
        confidential="name label answers missing",
    )

    class Meta:
        ordering = ["microdata_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["microdata", "name"], name="a_variable_stands_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Margin(Made):
    """Known totals of one variable, to which the answers are weighted."""

    microdata = models.ForeignKey(Microdata, on_delete=models.CASCADE, related_name="margins")
    variable = models.ForeignKey(Variable, on_delete=models.CASCADE, related_name="margins")
    totals: models.JSONField[Any, Any] = models.JSONField(help_text="{answer: people or share}")
    source = models.CharField(max_length=300)
    population = models.ForeignKey(
        Population, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    privacy = declared(
        retention=Retention.RESEARCH, organisational="microdata variable totals source population"
    )

    class Meta:
        ordering = ["microdata_id", "variable_id"]
        constraints = [
            models.UniqueConstraint(fields=["microdata", "variable"], name="one_margin_of_a_variable"),
        ]

    def __str__(self) -> str:
        return f"totals of {self.variable}"


class Result(models.Model):
    """The figures of one variable, for everybody or by another variable, before anything is hidden."""

    microdata = models.ForeignKey(Microdata, on_delete=models.CASCADE, related_name="results")
    variable = models.ForeignKey(Variable, on_delete=models.CASCADE, related_name="results")
    by = models.ForeignKey(Variable, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    figures: models.JSONField[Any, Any] = models.JSONField()

    privacy = declared(retention=Retention.RESEARCH, confidential="microdata variable by figures")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["variable"], condition=Q(by=None), name="one_result_of_a_variable"
            ),
            models.UniqueConstraint(
                fields=["variable", "by"], condition=Q(by__isnull=False), name="one_result_by_a_variable"
            ),
        ]

    def __str__(self) -> str:
        return f"figures of {self.variable}"
