"""Comments and member checks. A target is a kind (``app.model``) and an id, with the label it had."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.visibility import Owned


class About(models.Model):
    """A row that speaks about some other object, whatever its kind."""

    target_kind = models.CharField(max_length=80)
    target_id = models.BigIntegerField()
    target_label = models.CharField(max_length=200)

    class Meta:
        abstract = True


class Comment(About, Made):
    """What a member says of an object, the answers to it, and whether it is settled.

    It is seen by whoever may see its target and has a place in the network.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        RESOLVED = "resolved", "Resolved"

    author = models.ForeignKey(
        "organisations.User", null=True, on_delete=models.SET_NULL, related_name="comments"
    )
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    text = models.TextField(max_length=5000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=200, blank=True)
    resolution = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational="target_kind target_id target_label text state resolved_at resolution answers withdrawn_at",
        personal="author resolved_by",
    )

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["target_kind", "target_id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", resolved_at=None) | Q(state="resolved", resolved_at__isnull=False),
                name="a_resolved_comment_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"comment on {self.target_label}"


class MemberCheck(Owned, About, Made):
    """A question to the people interviewed: is this reading of your words fair?

    The person answers through a private address; only a digest of its secret is stored.
    """

    class Answer(models.TextChoices):
        FAIR = "fair", "Yes, this is fair"
        PARTLY = "partly", "Partly"
        UNFAIR = "unfair", "No, this is not what was meant"

    question = models.TextField()
    asked_of = models.CharField(max_length=120, help_text="A pseudonym or a role, never a name")
    secret_digest = models.CharField(max_length=64, unique=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    words = models.TextField(blank=True, max_length=5000)
    may_be_shown = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RESEARCH,
        confidential="question answer words may_be_shown target_kind target_id target_label",
        personal="asked_of",
        credential="secret_digest",
        organisational="answered_at withdrawn_at",
    )

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["target_kind", "target_id"])]

    def __str__(self) -> str:
        return f"member check of {self.target_label}"
