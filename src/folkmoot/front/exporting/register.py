"""The register of claims as a table. Challenges always go along, whatever side was asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from folkmoot.coding.queries import Scope
from folkmoot.evidence.queries import Judged
from folkmoot.front.exporting.gaps import FICTIONAL, KINDS
from folkmoot.front.queries.register import Register, RegisterRow, on_anecdote, rows_of, with_all
from folkmoot.sources.cells import write_sheets, write_table
from folkmoot.strategies.models import DualBenefit

ENDINGS = {"csv": "Table (CSV)", "xlsx": "Table (Excel)"}
HELD_BACK = "(counted only)"
BATCH = 500
COLUMNS = (
    "kind", "number", "cause", "effect", "stance", "how known", "who says so", "state", "shared by", "source",
    "words", "words status", "assumption code", "assumption",
    "standing (network)", "for (network)", "against (network)", "no effect found (network)",
    "standing (ours)", "for (ours)", "against (ours)", "no effect found (ours)",
    "rests on anecdote alone (network)", "rests on anecdote alone (ours)", "note",
)  # fmt: skip


def written(register: Register, *, ending: str, viewer: Any, fictional: bool) -> tuple[bytes, str]:
    """The file's content and its kind; ``ending`` is one of ENDINGS."""
    if ending == "xlsx":
        file = io.BytesIO()
        write_sheets(
            file,
            [
                ("Fictional claims" if fictional else "Claims", COLUMNS, _lines(register, viewer, fictional)),
                ("How it was counted", ("What", "Number"), _about(register, fictional)),
            ],
        )
        return file.getvalue(), KINDS[ending]
    text = io.StringIO(newline="")
    rows = (dict(zip(COLUMNS, line, strict=True)) for line in _lines(register, viewer, fictional))
    write_table(text, rows, columns=COLUMNS)
    return b"\xef\xbb\xbf" + text.getvalue().encode(), KINDS[ending]


def _lines(register: Register, viewer: Any, fictional: bool) -> Iterator[tuple[Any, ...]]:
    note = FICTIONAL if fictional else ""
    last: int | None = None
    found = with_all(register.claims)
    while batch := list((found if last is None else found.filter(pk__lt=last))[:BATCH]):
        last = batch[-1].pk
        for row in rows_of(batch, register, viewer=viewer):
            yield (*_claim(row), note)
    for one in register.dual_benefits:
        yield (*_dual(one), note)


def _claim(row: RegisterRow) -> tuple[Any, ...]:
    claim = row.claim
    cause, effect = claim.says or (HELD_BACK, HELD_BACK)
    return (
        "value claim",
        claim.pk,
        cause,
        effect,
        claim.stance_words,
        claim.modality,
        claim.role,
        claim.state,
        claim.owner,
        claim.words.source_label,
        claim.words.text or "",
        claim.words.status,
        row.code,
        claim.assumption,
        *_standing(row.network),
        *_standing(row.ours),
        *(_rests(row, scope) for scope in ("network", "ours")),
    )


def _standing(judged: Judged | None) -> tuple[Any, ...]:
    if judged is None:
        return ("", "", "", "")
    return (judged.judgement.label, judged.for_count, judged.against_count, judged.no_effect_count)


def _rests(row: RegisterRow, scope: Scope) -> str:
    judged = row.judged.get(scope)
    if judged is None:
        return "speaks to no stated assumption" if not row.judged else ""
    return "yes" if on_anecdote(judged) else "no"


def _dual(one: DualBenefit) -> tuple[Any, ...]:
    return (
        "serves both",
        one.pk,
        one.through,
        f"The organisation: {one.organisation_gains} The community: {one.community_gains}",
        "asserts it",
        "documented",
        "",
        one.status,
        one.owner_label,
        f"objective: {one.objective.title}",
        one.why,
        "",
        "",
        "",
        *("",) * 8,
        *("yes" if one.status == DualBenefit.Status.UNTESTED else "no",) * 2,
    )


def _about(register: Register, fictional: bool) -> Iterator[tuple[str, Any]]:
    if fictional:
        yield (FICTIONAL, "")
    yield ("Claims in this file", register.number)
    yield ("Sources they come from", register.sources)
    for side in register.sides:
        yield (f"Claims that {side.words}", side.claims)
        yield ("… of these disputed by the person, in no share", side.disputed)
        yield ("… of these about no stated assumption, in no share", side.unjoined)
        by, rests = f"by the evidence of the {register.scope}", side.rests
        if register.scope == "ours":
            by = "by our evidence"
        yield (f"… about a stated assumption ({by})", rests.about_one)
        yield (f"… resting on anecdote alone: no test of it is on record ({by})", rests.anecdote)
        yield (f"… of those said to be measured, with no measurement on record ({by})", rests.measured)
    yield ("Claims that something serves organisation and community both", len(register.dual_benefits))
    yield ("… of these untested", register.untested)
