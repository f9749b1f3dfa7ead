"""How anyone knows: each assumption with what speaks for it and what speaks against it, side by side."""

from __future__ import annotations

from typing import Any

from folkmoot.briefings.composing.context import Context, Seen
from folkmoot.briefings.composing.framing import interviews_of
from folkmoot.briefings.composing.parts import Part
from folkmoot.briefings.contrary import AGAINST, beside_key, test_key
from folkmoot.coding.models import Claim
from folkmoot.core.standing.grid import FactorMark
from folkmoot.core.standing.marks import Mark
from folkmoot.evidence.models import HoopClue, QualitativeFinding, Study
from folkmoot.evidence.queries import EvidenceItem, Judged
from folkmoot.mechanisms.models import Assumption

SIDE = {"asserts": "for", "supports": "for", "challenges": "against", "qualifies": "when"}
DIRECTION = {"for": "for", "against": "against", "conditions": "when"}


def assumptions(context: Context) -> list[Part]:
    """One entry for each assumption in scope, in the order of the chains."""
    everyone = interviews_of(context)
    return [_assumption(context, seen, everyone) for seen in context.seen]


def _assumption(context: Context, seen: Seen, everyone: list[int]) -> Part:
    one, judged = seen.assumption, seen.shown.judged
    full = seen.full.judged
    differs = (full.word, full.leaning) != (judged.word, judged.leaning)
    claims = [claim for claim in context.claims if claim.assumption_id == one.pk]
    return {
        "kind": "assumption",
        "id": one.pk,
        "code": one.code,
        "text": str(one),
        "cause": one.cause.wording,
        "effect": one.effect.wording,
        "population": one.population,
        "horizon": one.horizon,
        "smallest_change": one.smallest_change,
        "standing": _standing(judged),
        "with_withheld": {"word": full.word, "leaning": full.leaning} if differs else None,
        "tests": _tests(seen),
        "beside": _beside(seen),
        "accounts": accounts_of(context, claims),
        "findings": _findings(seen),
        "clues": _clues(seen),
        "held": {
            "asserting": judged.held.interviews_asserting,
            "challenging": judged.held.interviews_challenging,
            "documents_asserting": judged.held.documents_asserting,
            "documents_challenging": judged.held.documents_challenging,
            "interviews": len(everyone),
        },
    }


def _standing(judged: Judged) -> dict[str, Any]:
    judgement = judged.judgement
    return {
        "word": judged.word,
        "leaning": judged.leaning,
        "sentence": judged.sentence,
        "row": judgement.row,
        "rules": judgement.rules_version,
        "scope": judged.scope,
        "for": judged.for_count,
        "against": judged.against_count,
        "no_effect": judged.no_effect_count,
        "nearest": judged.nearest,
        "missing": list(judgement.missing),
    }


def _tests(seen: Seen) -> dict[str, list[Part]]:
    pairs = (
        ("for", seen.shown.for_it, seen.full.for_it),
        ("against", seen.shown.against_it, seen.full.against_it),
        ("no_effect", seen.shown.no_effect, seen.full.no_effect),
    )
    found: dict[str, list[Part]] = {}
    for side, shown, full in pairs:
        items = []
        for item, shared in _both(seen.assumption.pk, shown, full):
            entry = _item(item, of=seen.assumption, shared=shared)
            if side != "for":
                entry["contrary"] = test_key(seen.assumption.pk, item)
            items.append(entry)
        found[side] = items
    return found


def _both(
    assumption: int, shown: tuple[EvidenceItem, ...], full: tuple[EvidenceItem, ...]
) -> list[tuple[EvidenceItem, bool]]:
    """What the readers see first, then what only the keeper does, each once."""
    ordered: dict[str, tuple[EvidenceItem, bool]] = {}
    for item in shown:
        ordered.setdefault(test_key(assumption, item), (item, True))
    for item in full:
        ordered.setdefault(test_key(assumption, item), (item, False))
    return list(ordered.values())


def _item(item: EvidenceItem, *, of: Assumption, shared: bool) -> Part:
    """One study's word. What its readers may not see is only that it exists, and on which side."""
    if not shared:
        return {"study": item.study.pk, "shared": False}
    study, appraisal = item.study, item.appraisal
    return {
        "study": study.pk,
        "shared": True,
        "short": study.short,
        "design": study.design,
        "setting": study.setting,
        "country": study.country,
        "level": item.level,
        "counted": item.counted,
        "why_not": item.why_not,
        "population": item.population,
        "outcome": item.outcome,
        "horizon": item.horizon,
        "found": _found(item, of),
        "distance": item.distance,
        "read": study.get_read_where_display(),
        "read_in_full": study.read_in_full,
        "not_verified": study.not_verified,
        "figures": _figures(study),
        "retracted": study.retracted_at is not None,
        "appraised": f"{appraisal.created_at:%B %Y}: {appraisal.why}" if appraisal else "",
        "state": _state(item),
    }


def _figures(study: Study) -> list[str]:
    """What somebody read in the study itself, each with what it is a figure of. What nobody checked is left out."""
    if study.not_verified:
        return []
    kept = [one for one in study.figures if one.get("verified") and one.get("text")]
    return [": ".join(part for part in (one.get("about", ""), one["text"]) if part) for one in kept]


def _found(item: EvidenceItem, of: Assumption) -> str:
    """How both ends of the step moved in this study, in words; its figures stand beside with their scales."""
    cause, effect = _moved(of.cause.wording, item.cause_marks), _moved(of.effect.wording, item.effect_marks)
    return f"{cause}. {effect}"


def _moved(factor: str, marks: tuple[FactorMark, ...]) -> str:
    clauses = dict.fromkeys(mark.mark.clause for mark in marks) or [Mark.NOT_MEASURED.clause]
    return "; ".join(f"“{factor}” {clause}" for clause in clauses)


def _state(item: EvidenceItem) -> str:
    """A test is confirmed once somebody read the paper in full and appraised it for this step."""
    if item.study.retracted_at is not None:
        return "superseded"
    if item.study.conflict:
        return "disputed"
    read = item.appraisal is not None and item.appraisal.read_in_full
    return "confirmed" if read else "provisional"


def _beside(seen: Seen) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for place, shown, full in (
        ("without", seen.shown.without_mechanism, seen.full.without_mechanism),
        ("nearest", seen.shown.nearest, seen.full.nearest),
        ("spans", seen.shown.spans, seen.full.spans),
    ):
        items = []
        for item, shared in _both(seen.assumption.pk, shown, full):
            entry = _item(item, of=seen.assumption, shared=shared) | {"reading": item.reading}
            if place == "without" or (place == "nearest" and item.reading in AGAINST):
                entry["contrary"] = beside_key(place, seen.assumption.pk, item)
            items.append(entry)
        found[place] = items
    return found


def accounts_of(context: Context, claims: list[Claim]) -> dict[str, list[Part]]:
    """Readings by side, as references: whether the words may be read is asked when they are shown."""
    found: dict[str, list[Part]] = {"for": [], "against": [], "when": [], "disputed": []}
    for claim in claims:
        disputed = claim.state == Claim.State.DISPUTED
        side = "disputed" if disputed else SIDE[claim.stance]
        entry: Part = {
            "claim": claim.pk,
            "passage": claim.passage_id,
            "stance": claim.stance,
            "state": claim.state,
            "shared": claim.pk in context.shared_claims,
        }
        if disputed:
            entry["contrary"] = f"disputed:{claim.pk}"
        elif side == "against":
            entry["contrary"] = f"account:{claim.pk}"
        found[side].append(entry)
    return found


def loose(context: Context) -> list[Part]:
    """Readings under a theme that speak to no stated assumption."""
    if not context.subject.loose:
        return []
    return [{"kind": "loose", "accounts": accounts_of(context, list(context.subject.loose))}]


def _findings(seen: Seen) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {"for": [], "against": [], "when": []}
    shown = {one.pk for one in seen.shown.explained_by}
    for one in seen.full.explained_by:
        entry: Part = {"finding": one.pk, "shared": one.pk in shown, "state": one.state}
        if entry["shared"]:
            entry |= {
                "text": one.statement,
                "confidence": one.get_confidence_display(),
                "why": one.why,
                "from": one.study_id,
                "short": one.study.short if one.study else "",
                "claims": [claim.pk for claim in one.claims.all()],
            }
        if _speaks_against(one):
            entry["contrary"] = f"finding:{one.pk}"
        found[DIRECTION[one.direction]].append(entry)
    return found


def _speaks_against(one: QualitativeFinding) -> bool:
    return one.direction == QualitativeFinding.Direction.AGAINST or one.state == Claim.State.DISPUTED


def _clues(seen: Seen) -> list[Part]:
    shown = {one.clue.pk for one in seen.shown.clues}
    found = []
    for one in seen.full.clues:
        shared = one.clue.pk in shown
        missed = any(verdict.verdict == HoopClue.Verdict.NOT_FOUND for verdict in one.verdicts)
        entry: Part = {
            "clue": one.clue.pk,
            "shared": shared,
            "text": one.clue.clue if shared else "",
            "registered": f"{one.clue.registered_at:%-d %B %Y}",
            "outcome": one.state,
            "missed": missed,
        }
        if missed:
            entry["contrary"] = f"clue:{one.clue.pk}"
        found.append(entry)
    return found
