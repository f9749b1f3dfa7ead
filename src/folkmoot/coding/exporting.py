"""Claims as a table that ``folkmoot analyse map`` reads: one row a claim, words only through the gate."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, TextIO

from folkmoot.coding.models import Claim
from folkmoot.coding.queries.register import ClaimRow, claim_rows
from folkmoot.organisations.models import Organisation, ResearchTeam

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
# what a spreadsheet would take for a formula, and what hides one from the eye
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: str) -> str:
    """The value as a spreadsheet cannot run it: an apostrophe before anything that looks like a formula."""
    return f"'{value}" if value.lstrip(" ").startswith(DANGEROUS) or value.startswith("\t") else value


def export_claims(file: TextIO, *, viewer: Any, owner: Organisation | ResearchTeam | None = None) -> int:
    """Write the claims that the viewer may see (of one owner, if named); returns how many.

    Superseded readings are left out. A claim whose sentence may not be told has ``(counted only)`` for
    its cause and effect, so that the number of rows is the number of claims.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    number = 0
    for row in _rows(viewer, owner):
        writer.writerow([neutral(value) for value in row])
        number += 1
    return number


def _rows(viewer: Any, owner: Organisation | ResearchTeam | None) -> Iterator[tuple[str, ...]]:
    found = Claim.objects.visible_to(viewer).exclude(state=Claim.State.SUPERSEDED)
    if isinstance(owner, ResearchTeam):
        found = found.filter(team=owner)
    elif owner is not None:
        found = found.filter(organisation=owner)
    found = found.select_related(
        "passage__source", "assumption__cause", "assumption__effect", "organisation", "team"
    )
    labels = _Labels()
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        for claim, row in zip(batch, claim_rows(batch, viewer=viewer), strict=True):
            yield _line(claim, row, labels)


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
