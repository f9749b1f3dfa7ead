"""What coding gives to an export: the claims as a table that ``folkmoot analyse map`` reads, and all rows.

Words go into the table only through the consent gate. What does not belong here: who may export
(``project.commands.export_`` asks the policies first).
"""

from __future__ import annotations

import pathlib
from collections.abc import Collection, Iterable, Iterator
from typing import IO, Any, Protocol

from django.db.models import Q, QuerySet

from folkmoot.coding.models import Claim, Code, Codebook, CodeChange, Coding
from folkmoot.coding.queries.register import ClaimRow, claim_rows
from folkmoot.organisations.models import Organisation, User
from folkmoot.sources.cells import write_sheets, write_table

COLUMNS = (
    "source",
    "cause",
    "effect",
    "stance",
    "modality",
    "role",
    "state",
    "assumption",
    "assumption_code",
    "words",
    "words_status",
    "claim",
)
HELD_BACK = "(counted only)"
BATCH = 500
Part = tuple[str, Iterable[dict[str, Any]]]


class Asked(Protocol):
    """Who asks, for which organisation, and for which of the person's research teams."""

    @property
    def by(self) -> User: ...

    @property
    def organisation(self) -> Organisation: ...

    @property
    def team_ids(self) -> tuple[int, ...]: ...


def export_claims(path: pathlib.Path, asked: Asked) -> int:
    """Write the claims of the organisation and the teams as csv, or as xlsx where the name ends so; returns how many."""
    own = Q(organisation=asked.organisation) | Q(team__in=asked.team_ids)
    if path.suffix.lower() == ".xlsx":
        claims = _told(Claim.objects.filter(own), asked.by)
        rows = ([line[column] for column in COLUMNS] for line in _lines(claims, asked.by))
        with path.open("wb") as workbook:
            return write_sheets(workbook, [("Claims", COLUMNS, rows)])
    with path.open("w", encoding="utf-8", newline="") as file:
        return write_claims(file, Claim.objects.filter(own), viewer=asked.by)


def write_claims(file: IO[str], claims: QuerySet[Claim], *, viewer: Any) -> int:
    """Write those of the claims that the viewer may see, without superseded readings; returns how many.

    A claim whose sentence may not be told has ``(counted only)`` for its cause and effect, so that the
    number of rows is the number of claims.
    """
    return write_table(file, _lines(_told(claims, viewer), viewer), columns=COLUMNS)


def _told(claims: QuerySet[Claim], viewer: Any) -> QuerySet[Claim]:
    """Those of the claims that the viewer may see and that no other reading has taken the place of."""
    seen: QuerySet[Claim] = Claim.objects.visible_to(viewer).exclude(state=Claim.State.SUPERSEDED)
    return seen.filter(pk__in=claims.values("pk"))


def parts(*, organisation_ids: Collection[int], team_ids: Collection[int]) -> Iterator[Part]:
    """Named parts of the export of everything: rows for files of JSON lines."""
    own = Q(organisation__in=list(organisation_ids)) | Q(team__in=list(team_ids))
    books = Codebook.objects.filter(own)
    codes = Code.objects.filter(codebook__in=books)
    source = Q(passage__source__organisation__in=list(organisation_ids)) | Q(
        passage__source__team__in=list(team_ids)
    )
    found: QuerySet[Any]
    for name, found in (
        ("codebooks", books),
        ("codes", codes),
        ("code-changes", CodeChange.objects.filter(code__in=codes)),
        ("codings", Coding.objects.filter(source)),
        ("claims", Claim.objects.filter(own)),
    ):
        yield f"{name}.jsonl", map(dict, found.order_by("pk").values().iterator(chunk_size=2000))


def _lines(found: QuerySet[Claim], viewer: Any) -> Iterator[dict[str, str]]:
    found = found.select_related(
        "passage__source", "assumption__cause", "assumption__effect", "organisation", "team"
    )
    labels = _Labels()
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        for claim, row in zip(batch, claim_rows(batch, viewer=viewer), strict=True):
            yield dict(zip(COLUMNS, _line(claim, row, labels), strict=True))


def _line(claim: Claim, row: ClaimRow, labels: _Labels) -> tuple[str, ...]:
    cause, effect = row.says or (HELD_BACK, HELD_BACK)
    code = claim.assumption.code if claim.assumption and row.assumption_id else ""
    return (
        labels.of(claim.passage.source_id, row.words.source_label),
        cause,
        effect,
        claim.stance,
        claim.modality,
        claim.claimant_role if row.role else "",
        claim.state,
        row.assumption,
        code,
        row.words.text or "",
        row.words.status,
        str(claim.pk),
    )


class _Labels:
    """One label for each source: numbered where several would be called the same, as outside their team."""

    def __init__(self) -> None:
        self.kept: dict[int, str] = {}
        self.used: dict[str, int] = {}

    def of(self, source_id: int, label: str) -> str:
        if source_id not in self.kept:
            self.used[label] = self.used.get(label, 0) + 1
            number = self.used[label]
            self.kept[source_id] = label if number == 1 else f"{label} ({number})"
        return self.kept[source_id]
