"""Surveys: their questions word for word, version by version, and each time they were in the field."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.visibility import Owned
from folkmoot.surveys.models.indicators import Indicator


class Survey(Owned, Versioned, Made):
    """A set of questions put to people, once or again and again."""

    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    population = models.CharField(max_length=300, help_text="For whom its answers are meant to speak")
    run_by = models.CharField(max_length=200, blank=True, help_text="Who asks, on whose behalf")
    same_people = models.BooleanField(default=False, help_text="The same people are asked again")
    salt = models.CharField(
        max_length=64, help_text="Makes panel numbers of its own, unlike those of the file"
    )

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational="title about population run_by same_people",
        credential="salt",
    )

    class Meta(Owned.Meta):
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class InstrumentVersion(Made):
    """The questions of a survey as they stood from one change to the next. Never edited."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="instruments")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True, help_text="What changed and why")
    is_current = models.BooleanField(default=True)

    privacy = declared(retention=Retention.RESEARCH, organisational="survey number note is_current")

    class Meta:
        ordering = ["survey_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="instrument_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["survey"], condition=Q(is_current=True), name="one_current_instrument_of_a_survey"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, questions {self.number}"


class Question(models.Model):
    """One question, word for word, with its answers and whether it still means what it meant before."""

    class Kind(models.TextChoices):
        CHOICE = "choice", "One of several answers"
        NUMBER = "number", "A number"

    instrument = models.ForeignKey(InstrumentVersion, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField(max_length=64, help_text="The column's name in the data")
    wording = models.TextField()
    exact = models.BooleanField(default=True, help_text="As printed, not as the file labels it")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.CHOICE)
    answers: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="[[value, words], …]")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    breaks = models.BooleanField(default=False, help_text="Not comparable with the version before")
    break_note = models.CharField(
        max_length=300, blank=True, help_text="What changed, or why it changes nothing"
    )
    position = models.PositiveIntegerField(default=0)

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational="instrument code wording exact kind answers indicator breaks break_note position",
    )

    class Meta:
        ordering = ["instrument_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "code"], name="a_question_stands_once_in_a_version"
            ),
            models.CheckConstraint(
                condition=Q(breaks=False) | ~Q(break_note=""), name="a_break_says_what_changed"
            ),
        ]

    def __str__(self) -> str:
        return self.wording[:80]


class Wave(Versioned, Made):
    """One time a survey was in the field: when, how, whom it asked, how many answered."""

    class Mode(models.TextChoices):
        FACE = "face", "Face to face"
        PHONE = "phone", "By telephone"
        WEB = "web", "Online"
        POST = "post", "On paper"
        MIXED = "mixed", "Several ways"

    class Sample(models.TextChoices):
        PROBABILITY = "probability", "Drawn by chance from a list"
        QUOTA = "quota", "Filled by quota"
        PANEL = "panel", "From a panel of volunteers"
        OPEN = "open", "Whoever wanted to answer"
        CENSUS = "census", "Everybody was asked"
        UNKNOWN = "unknown", "Not known"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="waves")
    instrument = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="waves")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    began_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    mode = models.CharField(max_length=6, choices=Mode.choices, blank=True)
    sample = models.CharField(max_length=12, choices=Sample.choices, default=Sample.UNKNOWN)
    design = models.TextField(blank=True, help_text="How the sample was drawn, in words")
    invited = models.PositiveIntegerField(null=True, blank=True)
    answered = models.PositiveIntegerField(null=True, blank=True)
    remarks = models.TextField(blank=True)

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational=(
            "survey instrument number title began_on ended_on mode sample design invited answered remarks"
        ),
    )

    class Meta:
        ordering = ["survey_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="waves_are_numbered"),
            models.CheckConstraint(
                condition=Q(began_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
                name="a_wave_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(invited=None) | Q(answered=None) | Q(answered__lte=F("invited")),
                name="no_more_answer_than_were_invited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.title}"

    # audit rows name the owner of the survey
    @property
    def organisation_id(self) -> int | None:
        return self.survey.organisation_id

    @property
    def team_id(self) -> int | None:
        return self.survey.team_id


class Turnout(models.Model):
    """How many of one sort of people were invited to a wave, and how many of them answered."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="turnouts")
    characteristic = models.CharField(max_length=80)
    category = models.CharField(max_length=120)
    invited = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    special = models.BooleanField(default=False, help_text="A special category in data protection law")
    position = models.PositiveIntegerField(default=0)

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational="wave characteristic category invited answered special position",
    )

    class Meta:
        ordering = ["wave_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "characteristic", "category"], name="a_turnout_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(answered__lte=F("invited")), name="no_more_of_a_sort_answer_than_were_invited"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.characteristic}: {self.category}"
