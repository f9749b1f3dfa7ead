"""What is looked up each time an edition is shown: words through the consent gate, and what changed since.

The frozen content only points at people's words. A withdrawal, a narrower consent or a disputed
reading therefore reaches every page and every file at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from folkmoot.briefings.frozen import claims_of, clues_of, findings_of, passages_of, sources_of, studies_of
from folkmoot.briefings.models import Edition
from folkmoot.briefings.readers import readers_for, scope_for
from folkmoot.coding.models import Claim
from folkmoot.coding.queries import in_scope, role_told
from folkmoot.evidence.models import HoopClue, QualitativeFinding, Study
from folkmoot.sources.models import Passage, Source
from folkmoot.sources.queries import Words, label_of, words_of

WHY_NOT = {
    "counted": "consent forbids quotation",
    "paraphrase": "consent forbids quotation",
    "not reviewed": "not yet checked for names",
    "not yours": "the words stay with the team that heard them",
    "withdrawn": "withdrawn",
    "not shared": "not shared with these readers",
}
HAPPENED = {
    "confirmed": "Since publication: confirmed by the person",
    "disputed": "Since publication: disputed by the person",
    "superseded": "Since publication: superseded by another reading",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One account as it may be told now: quoted, in the coder's words, or only counted."""

    kind: str
    text: str
    who: str
    state: str
    since: str
    claim_path: str
    passage_path: str


@dataclass(frozen=True, slots=True)
class Live:
    """Everything an edition needs besides its content, read in a fixed number of queries."""

    words: dict[int, Words]
    claims: dict[int, Claim]
    roles: dict[int, str]
    labels: dict[int, str]
    withdrawn: frozenset[int]
    findings: dict[int, str]
    kept: frozenset[tuple[str, int]]
    retracted: dict[int, str]
    recruitments: tuple[str, ...]
    missing_people: tuple[str, ...]

    def quote(self, passage_id: int) -> tuple[str | None, str, str]:
        """The words (None where they may not be shown), what they are from, and why not."""
        words = self.words.get(passage_id)
        if words is None:
            return None, "", WHY_NOT["withdrawn"]
        told = words.text if words.status == "quoted" else None
        return told, self.labels.get(passage_id, words.source_label), "" if told else WHY_NOT[_status(words)]

    def shows(self, kind: str, entry: dict[str, Any]) -> bool:
        """Was it shared with these readers when the edition was composed, and is it still?"""
        return entry["shared"] and (kind, entry[kind]) in self.kept

    def account(self, entry: dict[str, Any]) -> Told:
        """One reading on its side, told as far as consent and sharing go today."""
        claim = self.claims.get(entry["claim"])
        words = self.words.get(entry["passage"])
        if not entry["shared"]:
            return _counted("not shared", entry)
        if entry["claim"] in self.withdrawn or words is None:
            return _counted("withdrawn", entry)
        if claim is None:  # it was shared when the edition was composed, and is not any more
            return _counted("not shared", entry)
        if words.status == "quoted" and words.text is not None:
            return self._told("quoted", words.text, claim, entry)
        if words.status == "paraphrase":
            return self._told("paraphrase", f"{claim.cause} → {claim.effect}", claim, entry)
        return _counted(_status(words), entry)

    def _told(self, kind: str, text: str, claim: Claim, entry: dict[str, Any]) -> Told:
        role = self.roles.get(claim.pk, "")
        where = self.labels.get(claim.passage_id, "a source")
        return Told(
            kind=kind,
            text=text,
            who=", ".join(one for one in (role, where, claim.get_modality_display().lower()) if one),
            state=entry["state"],
            since=HAPPENED.get(claim.state, "") if claim.state != entry["state"] else "",
            claim_path=address("claim", claim.pk),
            passage_path=address("passage", claim.passage_id),
        )


def live_for(edition: Edition) -> Live:
    """Read with the eyes of the edition's readers as they were named when it was composed."""
    content = edition.content
    briefing = edition.briefing
    viewer = readers_for(
        content["audience"]["visibility"],
        organisation_id=briefing.organisation_id,
        team_id=briefing.team_id,
    )
    passages = passages_of(content)
    found = Passage.objects.filter(pk__in=passages).select_related("source__organisation")
    sources = {one.pk: one.source for one in found}
    # superseded readings are told, too, with what became of them; unshared ones are not
    claims = Claim.objects.filter(
        in_scope(viewer, scope_for(content["audience"]["visibility"])), pk__in=claims_of(content)
    ).select_related("passage__source")
    named = {one.pk: one for one in claims}
    counted = list(Source.objects.filter(pk__in=sources_of(content), state=Source.State.LIVE))
    return Live(
        words=words_of(passages, viewer=viewer),
        claims=named,
        roles={pk: _role(one, viewer) for pk, one in named.items()},
        labels={pk: _label(source, viewer) for pk, source in sources.items()},
        withdrawn=_withdrawn(claims_of(content)),
        findings=_findings(findings_of(content)),
        kept=_kept(content, in_scope(viewer, scope_for(content["audience"]["visibility"]))),
        retracted=_retracted(studies_of(content)),
        recruitments=tuple(sorted({one.recruitment for one in counted if one.recruitment})),
        missing_people=tuple(sorted({one.missing_people for one in counted if one.missing_people})),
    )


def address(name: str, *arguments: Any) -> str:
    """The path of a page; empty while there is no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _status(words: Words) -> str:
    return "not yours" if words.status == "quoted" else words.status


def _counted(why: str, entry: dict[str, Any]) -> Told:
    return Told("counted", why, "", entry["state"], "", "", "")


def _role(claim: Claim, viewer: Any) -> str:
    return "" if claim.claimant_role == Claim.Role.OTHER else role_told(claim, viewer=viewer)


def _label(source: Source, viewer: Any) -> str:
    """An interview is “an interview” even within its team: a file travels further than a page."""
    return label_of(source, viewer=AnonymousUser() if source.is_transcript else viewer)


def _withdrawn(claims: Collection[int]) -> frozenset[int]:
    rows = Claim.objects.filter(pk__in=claims, passage__source__state=Source.State.WITHDRAWN)
    return frozenset(rows.values_list("pk", flat=True))


def _findings(ids: Collection[int]) -> dict[int, str]:
    return dict(QualitativeFinding.objects.filter(pk__in=ids).values_list("pk", "state"))


def _kept(content: dict[str, Any], within: Q) -> frozenset[tuple[str, int]]:
    """Which findings, studies and clues of the content these readers may still be told of."""
    named: tuple[tuple[str, Any, frozenset[int]], ...] = (
        ("finding", QualitativeFinding, findings_of(content)),
        ("study", Study, studies_of(content)),
        ("clue", HoopClue, clues_of(content)),
    )
    return frozenset(
        (kind, pk)
        for kind, model, ids in named
        if ids
        for pk in model.objects.filter(within, pk__in=ids).values_list("pk", flat=True)
    )


def _retracted(ids: Collection[int]) -> dict[int, str]:
    rows = Study.objects.filter(pk__in=ids, retracted_at__isnull=False).values_list("pk", "retracted_at")
    return {pk: f"{day:%-d %B %Y}" for pk, day in rows}
