"""Would a message have reached these people without the system that was bought?"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.visibility import Owned
from folkmoot.surveys.models.indicators import Indicator
from folkmoot.surveys.models.waves import Wave


class Otherwise(Owned, Versioned, Made):
    """One answer to it, from people or places held out, or from what people recall. Counts only, no rows."""

    class Basis(models.TextChoices):
        HELD_OUT = "held out", "Some were held out by lot and did not get the message"
        RECALL = "recall", "People were asked through which channel it reached them"

    title = models.CharField(max_length=200)
    system = models.CharField(max_length=160, help_text="What was bought")
    basis = models.CharField(max_length=10, choices=Basis.choices)
    sent_to = models.PositiveIntegerField(null=True, blank=True, help_text="People it is sent to in a year")
    signed_up = models.PositiveIntegerField(null=True, blank=True, help_text="An output, never an outcome")
    delivered = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of those signed up, to how many it arrives. An output"
    )
    opened = models.PositiveIntegerField(null=True, blank=True, help_text="How many open it. An output")
    cost = models.FloatField(null=True, blank=True, help_text="Of a year, in pounds")
    outcome_words = models.CharField(max_length=200, blank=True, help_text="What counts as having acted")
    outcome = models.ForeignKey(
        Indicator,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="otherwise",
        help_text="What would be better for people if it works",
    )
    wave = models.ForeignKey(Wave, null=True, blank=True, on_delete=models.PROTECT, related_name="otherwise")
    filename = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    read = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    cells: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Counts from which every figure follows"
    )
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "title system basis sent_to signed_up delivered opened cost outcome_words outcome wave read used"
        ),
        confidential="filename sha256 cells figures",
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0), name="a_cost_is_not_below_nothing"
            ),
            models.CheckConstraint(
                condition=Q(signed_up=None) | Q(delivered=None) | Q(delivered__lte=F("signed_up")),
                name="it_arrives_at_no_more_than_signed_up",
            ),
            models.CheckConstraint(
                condition=Q(delivered=None) | Q(opened=None) | Q(opened__lte=F("delivered")),
                name="no_more_open_it_than_it_arrives_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title
