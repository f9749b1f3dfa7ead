"""The waiting list of references, a file that was looked at, and one reference with what looks like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.evidence.models import Reference, ReferenceImport
from folkmoot.evidence.references.waiting import Alike, Shelves, twice_within
from folkmoot.organisations.visibility import visible

SHOWN = 200


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """One paper of a file as it would come in, with what looks like it."""

    number: int
    line: int
    title: str
    authors: str
    year: int | None
    doi: str
    alike: Alike
    is_twice: bool

    @property
    def is_known(self) -> bool:
        return self.is_twice or bool(self.alike)


@dataclass(frozen=True, slots=True)
class Foretold:
    """What bringing a file in would do."""

    papers: tuple[PaperSeen, ...]
    known: int
    more: int


def references_for(viewer: Any, *, state: str = "waiting", words: str = "") -> QuerySet[Reference]:
    """The references this viewer may see in one state (all, where none is named), the newest file first."""
    found: QuerySet[Reference] = Reference.objects.filter(visible(viewer))
    if state:
        found = found.filter(state=state)
    for word in words.split()[:8]:
        condition = Q(title__icontains=word) | Q(authors__icontains=word) | Q(container__icontains=word)
        if word.isdecimal() and len(word) == 4:
            condition |= Q(year=int(word))
        found = found.filter(condition)
    return found.select_related("organisation", "team", "study").defer("abstract")


def imports_for(viewer: Any) -> QuerySet[ReferenceImport]:
    """The files this viewer may see, the newest first."""
    found: QuerySet[ReferenceImport] = ReferenceImport.objects.filter(visible(viewer))
    return found.select_related("organisation", "team").defer("papers")


def foretold(looked: ReferenceImport, *, viewer: Any) -> Foretold:
    """The papers of a file that was looked at: those that look like ones here first."""
    shelves = Shelves(viewer)
    twice = twice_within(looked.papers)
    seen = [
        PaperSeen(
            number=one["number"],
            line=one["line"],
            title=one["title"],
            authors=one["authors"],
            year=one["year"],
            doi=one["doi"],
            alike=shelves.alike(doi=one["doi"], title=one["title"], year=one["year"]),
            is_twice=one["number"] in twice,
        )
        for one in looked.papers
    ]
    ordered = sorted(seen, key=lambda one: (not one.is_known, one.number))
    return Foretold(tuple(ordered[:SHOWN]), sum(one.is_known for one in seen), max(0, len(seen) - SHOWN))
