"""The event log. No foreign keys: it outlives the rows and people it speaks of."""

from __future__ import annotations

from django.db import models

from folkmoot.audit.privacy import Retention, declared
from folkmoot.audit.words import in_words


class Event(models.Model):
    """One thing that somebody did. Append only."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200, blank=True)
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    team_id = models.BigIntegerField(null=True, db_index=True)
    detail = models.JSONField(default=dict)

    privacy = declared(
        retention=Retention.AUDIT,
        personal="actor_id actor_label",
        confidential="object_label detail",
        organisational="at action object_kind object_id organisation_id team_id",
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.object_kind} {self.object_id}"

    @property
    def did(self) -> str:
        """What was done, in the words of a page."""
        return in_words(self.action)


class Versioned(models.Model):
    """A row that knows its version and who changed it last, so that a stale save can be refused."""

    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Made(models.Model):
    """A row that knows when and by whom it was made (a label: the account may go, the record stays)."""

    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        abstract = True
