"""Codebooks and codes with how often they are used, in sources that the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from folkmoot.coding.models import Code, Codebook, CodeChange, Coding
from folkmoot.coding.queries.reader import in_order
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Source
from folkmoot.sources.policies import is_own
from folkmoot.sources.queries import Words, words_of


@dataclass(frozen=True, slots=True)
class CodebookRow:
    """One codebook of the list."""

    pk: int
    name: str
    description: str
    owner: str
    may_edit: bool
    codes: int
    codings: int


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of a codebook: its place in the hierarchy and how often it was used, in how many sources."""

    pk: int
    name: str
    description: str
    depth: int
    codings: int
    sources: int


@dataclass(frozen=True, slots=True)
class ClosedCode:
    """A code that is no longer in use, and what became of it."""

    pk: int
    name: str
    state: str
    into: str
    codings: int


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage coded so, as far as the viewer may read it, and by whom within the team."""

    words: Words
    coders: tuple[str, ...]
    mine: int | None


def _seen(viewer: Any) -> QuerySet[Coding]:
    """Codings in sources that this person may see and that are still there."""
    return Coding.objects.filter(
        visible(viewer, through="passage__source"), passage__source__state=Source.State.LIVE
    ).order_by()


def codebook_rows(viewer: Any) -> list[CodebookRow]:
    """The codebooks that this person may see: those they may change first."""
    books = list(Codebook.objects.visible_to(viewer).select_related("organisation", "team"))
    ids = [book.pk for book in books]
    codes = dict(
        Code.objects.filter(codebook__in=ids, state=Code.State.ACTIVE)
        .order_by()
        .values_list("codebook")
        .annotate(number=Count("pk"))
    )
    used = dict(
        _seen(viewer)
        .filter(code__codebook__in=ids)
        .values_list("code__codebook")
        .annotate(number=Count("pk"))
    )
    rows = [
        CodebookRow(
            book.pk,
            book.name,
            book.description,
            book.owner_label,
            may_edit(viewer, book),
            codes.get(book.pk, 0),
            used.get(book.pk, 0),
        )
        for book in books
    ]
    return sorted(rows, key=lambda row: not row.may_edit)


def code_rows(codebook: Codebook, *, viewer: Any) -> list[CodeRow]:
    """The codes in use in the order of their hierarchy."""
    codes = list(codebook.codes.filter(state=Code.State.ACTIVE).order_by("name", "pk"))
    used = _used([code.pk for code in codes], viewer=viewer)
    return [
        CodeRow(one.pk, one.name, one.description, one.depth, *used.get(one.pk, (0, 0)))
        for one in in_order(codes)
    ]


def closed_codes(codebook: Codebook, *, viewer: Any) -> list[ClosedCode]:
    """Codes that were merged, divided or retired; nothing of a codebook is ever lost."""
    codes = list(
        codebook.codes.exclude(state=Code.State.ACTIVE).select_related("merged_into").order_by("name", "pk")
    )
    used = _used([code.pk for code in codes], viewer=viewer)
    return [
        ClosedCode(
            code.pk,
            code.name,
            code.get_state_display(),
            code.merged_into.name if code.merged_into else "",
            used.get(code.pk, (0, 0))[0],
        )
        for code in codes
    ]


def _used(ids: list[int], *, viewer: Any) -> dict[int, tuple[int, int]]:
    rows = (
        _seen(viewer)
        .filter(code__in=ids)
        .values_list("code")
        .annotate(number=Count("pk"), sources=Count("passage__source", distinct=True))
    )
    return {code: (number, sources) for code, number, sources in rows}


def passages_of(code: Code, *, viewer: Any) -> list[int]:
    """The passages coded so, in the order of sources and words; ``passage_rows`` gives their words."""
    return list(
        _seen(viewer)
        .filter(code=code)
        .order_by("passage__source__title", "passage__source_id", "passage__start", "passage_id")
        .values_list("passage_id", flat=True)
        .distinct()
    )


def passage_rows(code: Code, *, passages: Iterable[int], viewer: Any) -> list[PassageRow]:
    """These passages through the consent gate. Who coded them is known within the source's own people only."""
    ids = list(passages)
    words = words_of(ids, viewer=viewer)
    coders: dict[int, list[str]] = {}
    mine: dict[int, int] = {}
    codings = Coding.objects.filter(code=code, passage__in=ids).select_related("passage__source")
    for coding in codings.order_by("pk"):
        if is_own(viewer, coding.passage.source):
            coders.setdefault(coding.passage_id, []).append(coding.created_by)
            if coding.coder_id is not None and coding.coder_id == viewer.pk:
                mine[coding.passage_id] = coding.pk
    return [PassageRow(words[pk], tuple(coders.get(pk, ())), mine.get(pk)) for pk in ids if pk in words]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a code's history as a sentence."""

    at: datetime
    who: str
    what: str


def history_of(code: Code) -> list[Change]:
    """What happened to a code, newest first."""
    return [Change(one.created_at, one.created_by, _sentence(one)) for one in code.changes.order_by("-pk")]


def _sentence(change: CodeChange) -> str:
    detail = change.detail
    if change.what == "made":
        return f"made it as “{detail.get('name', '')}”"
    if change.what == "described":
        before = detail.get("before", {})
        return f"described it anew; it was called “{before.get('name', '')}”, meaning: {before.get('description') or 'not described'}"
    if change.what == "moved":
        return f"put it below “{detail['parent']}”" if detail.get("parent") else "put it at the top"
    if change.what == "merged":
        return f"made it part of “{detail.get('into', '')}”, with {detail.get('codings', 0)} codings"
    if change.what == "took in":
        return f"took in “{detail.get('taken', '')}”, with {detail.get('codings', 0)} codings"
    if change.what == "split":
        return f"divided it into {', '.join(f'“{name}”' for name in detail.get('into', []))}"
    return "retired it" if change.what == "retired" else change.what
