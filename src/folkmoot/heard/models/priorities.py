"""One issue as the police and as residents state it, side by side and dated; and election periods."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.communities.models import Place
from folkmoot.heard.models.concerns import Concern
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import Owned


class Priority(Owned, Versioned, Made):
    """An issue in a place that is put first, and the day on which that is looked at again."""

    issue = models.CharField(max_length=160)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="priorities"
    )
    concern = models.ForeignKey(
        Concern, null=True, blank=True, on_delete=models.SET_NULL, related_name="priorities"
    )
    review_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational="issue place concern review_on ended_on ended_because",
    )

    class Meta(Owned.Meta):
        ordering = ["review_on", "id"]
        verbose_name_plural = "priorities"
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(ended_because=""), name="ending_a_priority_takes_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.issue

    @property
    def has_police(self) -> bool:
        return any(one.side == "police" for one in self.statements.all())

    @property
    def has_residents(self) -> bool:
        return any(one.side == "residents" for one in self.statements.all())


class PriorityWords(Made):
    """How one side states the issue, on which basis, when. An earlier statement stays."""

    class Side(models.TextChoices):
        POLICE = "police", "The police"
        RESIDENTS = "residents", "Residents"

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="statements")
    side = models.CharField(max_length=10, choices=Side.choices)
    words = models.TextField()
    basis = models.CharField(max_length=300, help_text="Who says so and how it is known")
    stated_on = models.DateField()

    privacy = declared(retention=Retention.RECORD, organisational="priority side words basis stated_on")

    class Meta:
        ordering = ["priority_id", "side", "-stated_on", "-id"]

    def __str__(self) -> str:
        return f"{self.get_side_display()}, {self.stated_on}"


class ElectionPeriod(Made):
    """From when until when an organisation keeps still about whoever holds or seeks office."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="election_periods")
    what = models.CharField(max_length=120)
    begins = models.DateField()
    ends = models.DateField()

    privacy = declared(retention=Retention.RECORD, organisational="organisation what begins ends")

    class Meta:
        ordering = ["organisation_id", "-begins"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("begins")), name="an_election_period_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return self.what
