"""Long work with progress: what was asked for, how far it is, how it ended. Whoever asked may stop it.

What does not belong here: the work itself; the room that asks for it does it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.models import User
from folkmoot.organisations.visibility import Owned


class Job(Owned, Made):
    """One piece of long work, done outside the request that asked for it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting its turn"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        REFUSED = "refused", "Could not be done"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=60, help_text="The registered name of the work")
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    step = models.CharField(max_length=200, blank=True, help_text="What is being done just now")
    cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    alive_at = models.DateTimeField(null=True, blank=True, help_text="The worker's last sign of life")
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it")
    result = models.JSONField(default=dict)
    message = models.CharField(max_length=500, blank=True, help_text="How it ended, in a sentence")

    privacy = declared(
        retention=Retention.RECORD,
        personal="asked_by",
        organisational=(
            "kind title arguments state done total step cancel_asked started_at alive_at ended_at "
            "attempts result message"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="jobs_that_wait"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.REFUSED, self.State.CANCELLED}
