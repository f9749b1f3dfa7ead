"""Votes on statements, brought in from elsewhere: one small compressed table for each conversation."""

from __future__ import annotations

from django.db import models

from folkmoot.activities.models import Initiative
from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.communities.models import Place
from folkmoot.heard.models.concerns import Concern
from folkmoot.organisations.visibility import Owned


class Conversation(Owned, Versioned, Made):
    """People who answered statements with agree, disagree or pass. ``box`` holds all votes (see ``boxes``)."""

    title = models.CharField(max_length=200)
    about = models.TextField(blank=True, help_text="What people were asked, who could take part and how")
    credit = models.CharField(
        max_length=300, blank=True, help_text="Where the votes come from, their licence"
    )
    held_from = models.DateField(null=True, blank=True)
    held_until = models.DateField(null=True, blank=True)
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.PROTECT, related_name="conversations"
    )
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="conversations"
    )
    concern = models.ForeignKey(
        Concern, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    people = models.PositiveIntegerField(default=0)
    cast = models.PositiveIntegerField(default=0, help_text="Votes cast, passes among them")
    box = models.BinaryField(default=b"")
    notes = models.JSONField(default=list, help_text="What the import noticed, in sentences")
    released = models.JSONField(default=dict, help_text="The public result as it was last published")
    released_counts = models.JSONField(default=dict, help_text="The true counts behind it: never shown")
    released_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        confidential="box released_counts",
        organisational=(
            "title about credit held_from held_until initiative place concern filename sha256 people cast "
            "notes released released_at"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Statement(models.Model):
    """One statement that people answered. One that describes the person is a characteristic, not an opinion."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField(help_text="As the file numbers it")
    text = models.CharField(max_length=1000)
    moderated = models.SmallIntegerField(null=True, blank=True)
    describes_people = models.BooleanField(default=False)
    special = models.BooleanField(default=True, help_text="What it says of a person is specially protected")

    privacy = declared(
        retention=Retention.RECORD,
        organisational="conversation number text moderated describes_people special",
    )

    class Meta:
        ordering = ["conversation_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="statements_are_numbered")
        ]

    def __str__(self) -> str:
        return self.text


class Result(Made):
    """What came out of the votes, with its seed. The newest of a conversation counts; older ones are kept."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="results")
    seed = models.PositiveIntegerField()
    content = models.JSONField()

    privacy = declared(retention=Retention.RECORD, confidential="content", organisational="conversation seed")

    class Meta:
        ordering = ["conversation_id", "-id"]

    def __str__(self) -> str:
        return f"result of {self.conversation_id}"
