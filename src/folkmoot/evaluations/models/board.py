"""The board: organisations ask for an evaluation, researchers offer one."""

from __future__ import annotations

from django.db import models

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.evaluations.models.plans import Plan
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import Owned


class Request(Owned, Versioned, Made):
    """An organisation asks for an evaluation of one assumption; shared with whom its visibility says."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        TAKEN = "taken", "Taken up"
        WITHDRAWN = "withdrawn", "Withdrawn"

    assumption = models.ForeignKey(Assumption, on_delete=models.PROTECT, related_name="evaluation_requests")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")
    wanted = models.TextField(help_text="What they want to know, and what decision hangs on it")
    given = models.TextField(blank=True, help_text="What they can give: data, access, money, time")
    by_when = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    privacy = declared(
        retention=Retention.RECORD, organisational="assumption plan wanted given by_when state"
    )

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.wanted[:80]


class Offer(Owned, Versioned, Made):
    """A research body or team offers to do it. Seen by itself and by those who asked."""

    class State(models.TextChoices):
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="offers")
    words = models.TextField(help_text="How they would go about it, and what it needs")
    independent = models.CharField(max_length=300, help_text="How they stand to those whose work is judged")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    answer = models.TextField(blank=True)

    privacy = declared(retention=Retention.RECORD, organisational="request words independent state answer")

    class Meta(Owned.Meta):
        ordering = ["request_id", "id"]

    def __str__(self) -> str:
        return self.words[:80]
