"""Briefings and their editions. A published edition's content never changes; notices are added to it.

Quotations are frozen as references to passages, so that a withdrawal reaches every edition at once.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.coding.models import Code
from folkmoot.core.errors import NotYet
from folkmoot.organisations.visibility import Owned
from folkmoot.strategies.models import Objective

FROZEN = ("briefing_id", "number", "introduction", "content", "fingerprint", "published_at")


class Briefing(Owned, Versioned, Made):
    """A report on an objective or a theme, through all its editions."""

    title = models.CharField(max_length=200)
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.PROTECT, related_name="briefings"
    )
    theme = models.ForeignKey(Code, null=True, blank=True, on_delete=models.PROTECT, related_name="briefings")

    privacy = declared(retention=Retention.PUBLISHED, organisational="title objective theme")

    class Meta(Owned.Meta):
        ordering = ["title", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(objective__isnull=False, theme=None) | Q(objective=None, theme__isnull=False),
                name="a_briefing_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Edition(Versioned, Made):
    """One numbered edition: a draft until it is published, then frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        SUPERSEDED = "superseded", "Superseded"

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    introduction = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)

    privacy = declared(
        retention=Retention.PUBLISHED,
        organisational="briefing number state introduction content fingerprint published_at",
        personal="published_by",
    )

    class Meta:
        ordering = ["briefing_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "number"], name="editions_are_numbered"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | Q(state__in=["published", "superseded"], published_at__isnull=False),
                name="a_published_edition_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing}, edition {self.number}"

    def save(self, *args: Any, **options: Any) -> None:
        """Refuse to change what a published edition froze, whoever asks."""
        if self.pk is not None:
            kept = type(self).objects.filter(pk=self.pk).exclude(state=self.State.DRAFT).first()
            if kept is not None and any(getattr(self, name) != getattr(kept, name) for name in FROZEN):
                raise NotYet("A published edition never changes; begin the next one, or add a notice.")
        super().save(*args, **options)


class Notice(Made):
    """Something that happened after publication and is printed on the edition: a withdrawal, a correction."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="notices")
    text = models.TextField()

    privacy = declared(retention=Retention.PUBLISHED, public="edition text")

    class Meta:
        ordering = ["edition_id", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class Review(Made):
    """A reader's word on a draft before it is published."""

    class Verdict(models.TextChoices):
        READY = "ready", "Ready to publish"
        CHANGES = "changes", "Needs changes"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey("organisations.User", null=True, on_delete=models.SET_NULL, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    words = models.TextField(blank=True)

    privacy = declared(
        retention=Retention.RECORD, organisational="edition verdict words", personal="reviewer"
    )

    class Meta:
        ordering = ["edition_id", "id"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.edition}"
