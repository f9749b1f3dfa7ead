"""One assumption: both sides, who holds it with their words, what would settle it, where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from folkmoot.activities.queries.relied import Rests, relied_on
from folkmoot.coding.models import Claim
from folkmoot.coding.queries import Scope, live_claims, role_told, says_told
from folkmoot.evidence.queries import EvidenceView, evidence_for
from folkmoot.evidence.queries.settling import Settling, settling_of
from folkmoot.front.queries.relying import relying
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.sources.queries import Words, words_of
from folkmoot.strategies.models import Objective

SHOWN = 40
SIDES = {"asserts": "for", "supports": "for", "challenges": "against", "qualifies": "when"}


@dataclass(frozen=True, slots=True)
class Account:
    """A claim with its words as far as this viewer may read them."""

    claim: Claim
    words: Words
    says: tuple[str, str] | None
    role: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """What people and documents say on one side: shown with words, and counted where they may not be."""

    shown: tuple[Account, ...]
    untold: int
    untold_why: tuple[tuple[str, int], ...]

    @property
    def number(self) -> int:
        return len(self.shown) + self.untold


@dataclass(frozen=True, slots=True)
class AssumptionPage:
    """Everything the page of one assumption shows."""

    assumption: Assumption
    evidence: EvidenceView
    asserting: Accounts
    challenging: Accounts
    qualifying: Accounts
    disputed: tuple[Account, ...]
    settling: tuple[Settling, ...]
    chains: tuple[Mechanism, ...]
    objectives: tuple[Objective, ...]
    own_work: Rests | None
    shared_work: Rests | None
    sharing: int


def assumption_page(
    assumption: Assumption, *, viewer: Any, scope: Scope, today: date, organisation: Organisation | None
) -> AssumptionPage:
    """Read all there is on one assumption for this viewer in one scope.

    ``organisation`` is the one the viewer works for: its own work stands beside what others share.
    """
    claims = list(
        live_claims(viewer, scope=scope)
        .filter(assumption=assumption)
        .select_related("passage__source", "team", "organisation")
        .order_by("id")
    )
    words = words_of([claim.passage_id for claim in claims], viewer=viewer)
    accounts = [
        Account(
            claim, words[claim.passage_id], says_told(claim, viewer=viewer), role_told(claim, viewer=viewer)
        )
        for claim in claims
        if claim.passage_id in words
    ]
    sides: dict[str, list[Account]] = {"for": [], "against": [], "when": []}
    disputed = []
    for account in accounts:
        if account.claim.state == Claim.State.DISPUTED:
            disputed.append(account)
        else:
            sides[SIDES[account.claim.stance]].append(account)
    resting = relying(viewer, today=today)
    own = relied_on(viewer, organisation=organisation, today=today).on if organisation else {}
    chains = (
        Mechanism.objects.filter(
            visible(viewer),
            retired_at=None,
            versions__is_current=True,
            versions__steps__assumption=assumption,
        )
        .select_related("objective", "organisation")
        .distinct()
        .order_by("code", "name")
    )
    return AssumptionPage(
        assumption=assumption,
        evidence=evidence_for(assumption, viewer=viewer, scope=scope),
        asserting=_side(sides["for"]),
        challenging=_side(sides["against"]),
        qualifying=_side(sides["when"]),
        disputed=tuple(disputed),
        settling=settling_of(assumption),
        chains=tuple(chains),
        objectives=tuple(
            Objective.objects.filter(
                visible(viewer), pk__in=resting.by_assumption.get(assumption.pk, frozenset())
            ).select_related("organisation", "aim")
        ),
        own_work=own.get(assumption.pk),
        shared_work=resting.work.on.get(assumption.pk),
        sharing=len(resting.work.organisations),
    )


def _side(accounts: list[Account]) -> Accounts:
    """Challenge and support alike: the words that may be shown, and the number of those that may not."""
    told = [one for one in accounts if one.words.text is not None]
    untold = [one for one in accounts if one.words.text is None]
    reasons: dict[str, int] = {}
    for one in untold:
        reasons[one.words.status] = reasons.get(one.words.status, 0) + 1
    hidden = len(told[SHOWN:])
    if hidden:
        reasons["further down the claims list"] = hidden
    return Accounts(tuple(told[:SHOWN]), len(untold) + hidden, tuple(sorted(reasons.items())))
