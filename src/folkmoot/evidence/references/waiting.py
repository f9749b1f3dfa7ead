"""How a reference is recognised again: by its DOI, else by title and year. A likeness is never a joining.

What does not belong here: storing, and the reading of files (``reading``).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from folkmoot.evidence.models import Reference, Study
from folkmoot.organisations.visibility import visible

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Alike:
    """What looks like the same paper here: studies, and references that came in before."""

    studies: tuple[Study, ...] = ()
    references: tuple[Reference, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.studies or self.references)


def doi_key(text: str) -> str:
    """The DOI in a text, as it is compared; empty where there is none."""
    found = DOI.search(text)
    return found[0].rstrip(".,;)").casefold()[:120] if found else ""


def title_key(title: str, year: int | None) -> str:
    """Title and year as they are compared: without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    words = " ".join(re.findall(r"\w+", "".join(one for one in plain if not unicodedata.combining(one))))
    return f"{words} {year or ''}".strip()[:320]


class Shelves:
    """Everything here that a new reference may be the same as, read once for one person."""

    def __init__(self, viewer: Any) -> None:
        self._studies: dict[str, list[Study]] = defaultdict(list)
        for one in Study.objects.filter(visible(viewer)):
            for key in {doi_key(one.reference), title_key(one.title, one.year)} - {""}:
                self._studies[key].append(one)
        self._references: dict[str, list[Reference]] = defaultdict(list)
        for row in Reference.objects.filter(visible(viewer)).defer("abstract"):
            for key in {row.by_doi, row.by_title} - {""}:
                self._references[key].append(row)

    def alike(self, *, doi: str, title: str, year: int | None, besides: int | None = None) -> Alike:
        """What has its DOI, or its title and year."""
        keys = [key for key in (doi_key(doi), title_key(title, year)) if key]
        studies = {one.pk: one for key in keys for one in self._studies.get(key, ())}
        others = {one.pk: one for key in keys for one in self._references.get(key, ()) if one.pk != besides}
        return Alike(tuple(studies.values()), tuple(others.values()))


def alike_of(references: Iterable[Reference], *, viewer: Any) -> dict[int, Alike]:
    """For those still waiting what looks like them, but for what somebody said is another."""
    waiting = [one for one in references if one.state == Reference.State.WAITING and not one.is_another]
    if not waiting:
        return {}
    shelves = Shelves(viewer)
    found = {
        one.pk: shelves.alike(doi=one.doi, title=one.title, year=one.year, besides=one.pk) for one in waiting
    }
    return {key: alike for key, alike in found.items() if alike}


def twice_within(papers: Collection[dict[str, Any]]) -> set[int]:
    """The places of papers in a file that look like an earlier one of the same file."""
    seen: set[str] = set()
    again: set[int] = set()
    for paper in papers:
        keys = {doi_key(paper["doi"]), title_key(paper["title"], paper["year"])} - {""}
        if keys & seen:
            again.add(paper["number"])
        seen |= keys
    return again
