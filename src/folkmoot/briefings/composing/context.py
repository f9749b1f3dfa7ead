"""What every part of the composing needs: the subject, the two reaches, and the evidence seen with each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from folkmoot.briefings.models import Briefing
from folkmoot.briefings.readers import keeper_of, readers_of, scope_for
from folkmoot.briefings.subject import Subject, subject_of
from folkmoot.coding.models import Claim
from folkmoot.coding.queries import Scope, live_claims
from folkmoot.core.errors import NotYet
from folkmoot.evidence.queries import EvidenceView
from folkmoot.evidence.queries.detail import evidence_of
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Objective

SECTIONS = (
    ("purpose", "What it is for", "What is to change, for whom, and who gains from it?"),
    ("organisation", "How it sits in the organisation", "Which documents, bodies and promises carry it?"),
    ("people", "Who it is with", "Whom does it mean, who was heard, and who is missing?"),
    ("working", "How it is supposed to work", "By which steps, and how well is each step known?"),
    ("knowing", "How anyone knows", "What speaks for each step, and what speaks against it?"),
    ("settling", "What would settle it", "Which study would answer what is open?"),
    ("limits", "Limits", "What can this briefing not say?"),
    ("made", "How this was made", "When, by which rules, and from what?"),
)
REACH = {
    "own": "people of {owner}",
    "team": "members of {owner}",
    "network": "members of the network",
    "public": "everybody",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One assumption's evidence as its readers see it, and as the keeper does."""

    assumption: Assumption
    shown: EvidenceView
    full: EvidenceView


@dataclass(frozen=True, slots=True)
class Context:
    """Everything read once for one composing."""

    briefing: Briefing
    number: int
    today: date
    readers: Any
    keeper: Any
    scope: Scope
    subject: Subject
    seen: tuple[Seen, ...]
    claims: tuple[Claim, ...]
    shared_claims: frozenset[int]

    @property
    def reach(self) -> str:
        return REACH[self.briefing.visibility].format(owner=self.briefing.owner_label)


def context_of(briefing: Briefing, *, number: int, today: date) -> Context:
    readers, keeper = readers_of(briefing), keeper_of(briefing)
    scope = scope_for(briefing.visibility)
    subject = subject_of(briefing, keeper=keeper)
    _require_shared(briefing, subject, readers)
    loose = [one.pk for one in subject.loose]
    stated = live_claims(keeper).filter(assumption__in=[one.pk for one in subject.assumptions])
    claims = stated.select_related("passage").order_by("pk")
    return Context(
        briefing=briefing,
        number=number,
        today=today,
        readers=readers,
        keeper=keeper,
        scope=scope,
        subject=subject,
        seen=_seen(subject, readers, keeper, scope),
        claims=tuple(claims),
        shared_claims=frozenset(
            live_claims(readers, scope=scope)
            .filter(pk__in=[*loose, *(one.pk for one in claims)])
            .values_list("pk", flat=True)
        ),
    )


def _seen(subject: Subject, readers: Any, keeper: Any, scope: Scope) -> tuple[Seen, ...]:
    wanted = [one.pk for one in subject.assumptions]
    shown = evidence_of(wanted, viewer=readers, scope=scope)
    full = evidence_of(wanted, viewer=keeper, scope="ours")
    return tuple(Seen(one, shown[one.pk], full[one.pk]) for one in subject.assumptions)


def _require_shared(briefing: Briefing, subject: Subject, readers: Any) -> None:
    """A statement whose object its readers cannot open is no statement; say what to share first."""
    fewer = f"share it with {REACH[briefing.visibility].format(owner=briefing.owner_label)} first, or choose fewer readers"
    seen = visible(readers)
    objective = briefing.objective
    if objective is not None and not Objective.objects.filter(seen, pk=objective.pk).exists():
        raise NotYet(f"The objective “{objective}” is not shared with this briefing's readers: {fewer}.")
    open_chains = set(
        Mechanism.objects.filter(seen, pk__in=[one.mechanism.pk for one in subject.chains]).values_list(
            "pk", flat=True
        )
    )
    for chain in subject.chains:
        if chain.mechanism.pk not in open_chains:
            raise NotYet(
                f"The chain “{chain.mechanism}” is not shared with this briefing's readers: {fewer}."
            )
    open_steps = set(
        Assumption.objects.filter(seen, pk__in=[one.pk for one in subject.assumptions]).values_list(
            "pk", flat=True
        )
    )
    for assumption in subject.assumptions:
        if assumption.pk not in open_steps:
            raise NotYet(f"The step “{assumption}” is not shared with this briefing's readers: {fewer}.")
