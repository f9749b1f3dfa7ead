"""Published figures by area and period, with what is wrong with them and what happened in between."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.communities.models import Place
from folkmoot.organisations.visibility import Owned
from folkmoot.surveys.models.indicators import Indicator


class SeriesImport(Owned, Made):
    """One published file: kept as it came, every row of it used or set aside."""

    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kept_as = models.CharField(max_length=160)
    publisher = models.CharField(max_length=300, help_text="Who published it, under what licence")
    read = models.PositiveIntegerField()
    used = models.PositiveIntegerField()
    set_aside: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="[{file, row, reason}]")
    faults: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="Sentences on the file")

    privacy = declared(
        retention=Retention.REFERENCE,
        organisational="filename sha256 size kept_as publisher read used set_aside faults",
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


class Series(Owned, Versioned, Made):
    """One measure as it was published, area by area and period by period."""

    class Scale(models.TextChoices):
        SHARE = "share", "A share between 0 and 1"
        PERCENT = "percent", "Per cent"
        NUMBER = "number", "Another number"

    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=300)
    scale = models.CharField(max_length=8, choices=Scale.choices)
    months = models.PositiveSmallIntegerField(
        default=3, help_text="Months from one figure to the next; 0: unequal"
    )
    covers = models.PositiveSmallIntegerField(
        default=0, help_text="Months that each figure covers; 0: not known"
    )
    rolling = models.BooleanField(default=False, help_text="The figures themselves show that they overlap")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.SET_NULL, related_name="series"
    )
    faults: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="Sentences on this measure")
    suspected: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="[{from, to, change}]: sudden changes everywhere at once"
    )
    imported = models.ForeignKey(
        SeriesImport, null=True, blank=True, on_delete=models.PROTECT, related_name="series"
    )

    privacy = declared(
        retention=Retention.REFERENCE,
        organisational="title publisher scale months covers rolling indicator faults suspected imported",
    )

    class Meta(Owned.Meta):
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class SeriesArea(models.Model):
    """One area of a series, by the file's own name; tied to a place where the names agree."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="areas")
    name = models.CharField(max_length=200)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    whole = models.BooleanField(default=False, help_text="Holds the other areas: never one of them")
    position = models.PositiveIntegerField(default=0)

    privacy = declared(retention=Retention.REFERENCE, organisational="series name place whole position")

    class Meta:
        ordering = ["series_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "name"], name="an_area_stands_once_in_a_series")
        ]

    def __str__(self) -> str:
        return self.name


class SeriesValue(models.Model):
    """One published figure. ``period`` is the day on which the period ends."""

    area = models.ForeignKey(SeriesArea, on_delete=models.CASCADE, related_name="values")
    period = models.DateField()
    value = models.FloatField()
    n = models.PositiveIntegerField(null=True, blank=True, help_text="How many people it rests on")
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)

    privacy = declared(retention=Retention.REFERENCE, organisational="area period value n low high")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "period"], name="one_figure_of_an_area_in_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.period}"


class SeriesEvent(Made):
    """A dated event, or a break after which figures must not be compared with those before."""

    class Kind(models.TextChoices):
        EVENT = "event", "Event: something happened"
        BREAK = "break", "Break: the measure itself changed"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    on = models.DateField()
    what = models.CharField(max_length=300)
    area = models.ForeignKey(
        SeriesArea, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )

    privacy = declared(retention=Retention.REFERENCE, organisational="series kind on what area")

    class Meta:
        ordering = ["series_id", "on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="an_event_says_what_changed"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def organisation_id(self) -> int | None:
        return self.series.organisation_id

    @property
    def team_id(self) -> int | None:
        return self.series.team_id
