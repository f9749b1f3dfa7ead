"""Papers that somebody found, and the files they came in. A reference is not evidence until somebody read it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.evidence.models.studies import Study
from folkmoot.organisations.visibility import Owned


class ReferenceImport(Owned, Versioned, Made):
    """One file of references: read = used + set aside. Looked at first, then brought in, and undone if need be."""

    class State(models.TextChoices):
        LOOKED_AT = "looked at", "Looked at, nothing stored yet"
        DONE = "done", "Brought in"
        UNDONE = "undone", "Taken back"

    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOOKED_AT)
    read = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    set_aside: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="[{row, reason}]")
    papers: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="What was read, kept until it is brought in"
    )

    privacy = declared(retention=Retention.RECORD, organisational="name state read used set_aside papers")

    class Meta(Owned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Reference(Owned, Versioned, Made):
    """A paper on the waiting list: to be read, recorded as a study, or set aside with a reason."""

    class State(models.TextChoices):
        WAITING = "waiting", "To read"
        RECORDED = "recorded", "Recorded as a study"
        SAME = "same", "The same as a study here"
        ASIDE = "aside", "Set aside"

    came_in = models.ForeignKey(ReferenceImport, on_delete=models.PROTECT, related_name="references")
    number = models.PositiveIntegerField(help_text="Its place in the file")
    title = models.CharField(max_length=300)
    authors = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    container = models.CharField(max_length=200, blank=True, help_text="Journal or publisher")
    doi = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=300, blank=True)
    abstract = models.TextField(
        blank=True, help_text="The publisher's words: for whoever reads it, never shown on"
    )
    by_doi = models.CharField(
        max_length=120, blank=True, db_index=True, help_text="How it is recognised again"
    )
    by_title = models.CharField(max_length=320, db_index=True, help_text="How it is recognised again")
    is_another = models.BooleanField(
        default=False, help_text="Somebody said that it only looks like one here"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=300, blank=True)
    study = models.ForeignKey(
        Study, null=True, blank=True, on_delete=models.SET_NULL, related_name="references"
    )

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "came_in number title authors year container doi url abstract by_doi by_title is_another state why study"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-came_in_id", "number"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="aside") | ~Q(why=""), name="what_is_set_aside_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def published(self) -> str:
        """Where it was published, on one line: journal, then its DOI or address."""
        return ". ".join(
            part for part in (self.container, f"doi:{self.doi}" if self.doi else self.url) if part
        )
