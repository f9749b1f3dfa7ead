"""The register of claims: who says that something works, or that it does not, and what tests that.

It is the list of claims with the standing of the assumption that each is about, in both scopes; and the
claims that one objective serves organisation and community both. A challenge is counted like a support.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from folkmoot.coding.models import Claim
from folkmoot.coding.queries import Scope, claim_rows, claims_for
from folkmoot.coding.queries.register import ClaimRow
from folkmoot.core.standing import Column
from folkmoot.evidence.queries import Judged, standings
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.sources.models import Source
from folkmoot.strategies.models import DualBenefit

# the sides of a claim in the words of the page; accounts for something say so by telling that it happened
SIDES = {
    "for": ("asserts", "supports"),
    "against": ("challenges",),
    "conditions": ("qualifies",),
}
SIDE_WORDS = {
    "for": "say that it works",
    "against": "say that it does not",
    "conditions": "say when or for whom",
}
ANECDOTE, TESTED, UNJOINED = "anecdote", "tested", "none"


@dataclass(frozen=True, slots=True)
class Rests:
    """Of the claims of one side how many rest on anecdote alone in one scope: no test is on record.

    ``measured`` of these say that something was measured; no such measurement is recorded here.
    """

    anecdote: int
    about_one: int
    measured: int

    @property
    def percent(self) -> int | None:
        """The share in whole per cent, or None where there is nothing to divide by."""
        return round(100 * self.anecdote / self.about_one) if self.about_one else None


@dataclass(frozen=True, slots=True)
class Side:
    """The claims of one side. Disputed readings and claims that speak to no assumption are counted apart."""

    key: str
    words: str
    claims: int
    unjoined: int
    disputed: int
    rests: Rests


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One claim with the standing of what it is about; a scope without a standing is left out."""

    claim: ClaimRow
    code: str
    judged: Mapping[Scope, Judged]

    @property
    def network(self) -> Judged | None:
        return self.judged.get("network")

    @property
    def ours(self) -> Judged | None:
        return self.judged.get("ours")


@dataclass(frozen=True, slots=True)
class Register:
    """Everything the page shows but the rows of one page of it, which ``rows_of`` reads.

    ``judged`` and the shares of ``sides`` are by ``scope``, the one asked for.
    """

    claims: QuerySet[Claim]
    number: int
    sources: int
    sides: tuple[Side, ...]
    scope: Scope
    scopes: tuple[Scope, ...]
    judged: Mapping[int, Judged]
    dual_benefits: tuple[DualBenefit, ...]

    @property
    def untested(self) -> int:
        """How many of the claims that something serves both nobody has tested."""
        return sum(one.status == DualBenefit.Status.UNTESTED for one in self.dual_benefits)


def register_of(viewer: Any, *, filters: Mapping[str, Any], scope: Scope) -> Register:
    """The claims that pass the filters. ``side``, ``rests`` and ``standing`` (in ``scope``) filter beside the list's own.

    The shares are counted whatever side was asked for, so that none is shown without the other.
    """
    found = claims_for(viewer, filters={**filters, "stance": ""}).filter(
        passage__source__state=Source.State.LIVE
    )
    grouped = list(
        found.order_by()
        .values_list("stance", "assumption_id", "modality", "state")
        .annotate(number=Count("pk"))
    )
    about = {assumption for _, assumption, _, _, _ in grouped if assumption}
    scopes: tuple[Scope, ...] = ("network", "ours") if access_of(viewer).belongs else ("network",)
    judged = standings(about, viewer=viewer, scope=scope)
    chosen = _chosen(found, filters, judged)
    counted = chosen.aggregate(claims=Count("pk"), sources=Count("passage__source", distinct=True))
    return Register(
        claims=chosen,
        number=counted["claims"],
        sources=counted["sources"],
        sides=tuple(_side(key, grouped, judged) for key in SIDES),
        scope=scope,
        scopes=scopes,
        judged=judged,
        dual_benefits=tuple(
            DualBenefit.objects.filter(visible(viewer), visible(viewer, through="objective"))
            .select_related("objective__aim", "organisation", "team")
            .order_by("objective__title", "pk")
        ),
    )


def on_anecdote(judged: Judged | None) -> bool:
    """Whether no test at all of it is on record: its standing is none or anecdotal."""
    return judged is not None and judged.judgement.word.column is Column.UNTESTED


def _side(
    key: str, grouped: Sequence[tuple[str, int | None, str, str, int]], judged: Mapping[int, Judged]
) -> Side:
    mine = [row for row in grouped if row[0] in SIDES[key]]
    standing = [row for row in mine if row[3] != Claim.State.DISPUTED]
    # an assumption that the viewer may not see is as none: nobody can say what tests it
    joined = [row for row in standing if row[1] in judged]
    untested: Counter[str] = Counter()
    for _, assumption, modality, _, number in joined:
        if on_anecdote(judged.get(assumption or 0)):
            untested[modality] += number
    total = sum(row[4] for row in joined)
    return Side(
        key=key,
        words=SIDE_WORDS[key],
        claims=sum(row[4] for row in mine),
        unjoined=sum(row[4] for row in standing) - total,
        disputed=sum(row[4] for row in mine) - sum(row[4] for row in standing),
        rests=Rests(untested.total(), total, untested[Claim.Modality.MEASURED]),
    )


def _chosen(
    found: QuerySet[Claim], filters: Mapping[str, Any], judged: Mapping[int, Judged]
) -> QuerySet[Claim]:
    if filters.get("side"):
        found = found.filter(stance__in=SIDES[filters["side"]])
    if filters.get("rests") == UNJOINED:
        found = found.exclude(assumption__in=list(judged)).exclude(state=Claim.State.DISPUTED)
    elif filters.get("rests"):
        wanted = filters["rests"] == ANECDOTE
        keys = [key for key, one in judged.items() if on_anecdote(one) is wanted]
        found = found.filter(assumption__in=keys).exclude(state=Claim.State.DISPUTED)
    if filters.get("standing"):
        keys = [key for key, one in judged.items() if one.word == filters["standing"]]
        found = found.filter(assumption__in=keys)
    return found


def rows_of(claims: Sequence[Claim], register: Register, *, viewer: Any) -> list[RegisterRow]:
    """These claims as rows with the standing in every scope there is, their words through the consent gate."""
    rows = claim_rows(claims, viewer=viewer)
    about = {row.assumption_id for row in rows if row.assumption_id}
    known: dict[Scope, Mapping[int, Judged]] = {register.scope: register.judged}
    for scope in register.scopes:
        if scope != register.scope and about:
            known[scope] = standings(about, viewer=viewer, scope=scope)
    found = []
    for row in rows:
        key = row.assumption_id or 0
        judged = {scope: known[scope][key] for scope in register.scopes if key in known.get(scope, {})}
        code = next((one.assumption.code for one in judged.values()), "")
        found.append(RegisterRow(row, code, judged))
    return found


def with_all(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """The same claims with what a row needs of other tables."""
    return claims.select_related(
        "passage__source", "assumption__cause", "assumption__effect", "organisation", "team"
    ).order_by("-pk")
