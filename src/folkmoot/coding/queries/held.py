"""Reading codings and claims. Words always come through the consent gate; counts come from here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet

from folkmoot.coding.models import Claim
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.sources.models import Source

Scope = Literal["network", "ours"]
SHARED = Q(visibility__in=["network", "public"])
INTERVIEWS = (Source.Kind.INTERVIEW, Source.Kind.GROUP)


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Who holds an assumption, in distinct sources; never a measure of how common it is.

    A source that says several things counts once under each stance. Disputed readings are counted
    apart and nowhere else; superseded and withdrawn ones are not counted.
    """

    interviews_asserting: int = 0
    interviews_supporting: int = 0
    interviews_challenging: int = 0
    interviews_qualifying: int = 0
    documents_asserting: int = 0
    documents_challenging: int = 0
    sources_speaking: int = 0
    disputed: int = 0
    claims: int = 0

    @property
    def holding(self) -> int:
        """Interviews that hold it: they assert it or tell of it happening."""
        return self.interviews_asserting

    @property
    def accounts(self) -> int:
        """Sources that speak to it at all: what lifts “none” to “anecdotal” and nothing else."""
        return self.sources_speaking


@dataclass(slots=True)
class _Sets:
    by_stance: dict[tuple[bool, str], set[int]] = field(default_factory=dict)
    speaking: set[int] = field(default_factory=set)
    disputed: int = 0
    claims: int = 0


def in_scope(viewer: Any, scope: Scope) -> Q:
    """Which owned rows a scope may use: the network's word never rests on anybody's private rows."""
    if scope == "network":
        return SHARED if access_of(viewer).belongs else Q(visibility="public")
    return visible(viewer)


def live_claims(viewer: Any, *, scope: Scope = "ours") -> QuerySet[Claim]:
    """Claims that stand: in scope, not superseded, of sources that were not withdrawn."""
    return Claim.objects.filter(in_scope(viewer, scope), passage__source__state=Source.State.LIVE).exclude(
        state=Claim.State.SUPERSEDED
    )


def held_by(
    assumption_ids: Collection[int] | None, *, viewer: Any, scope: Scope = "ours"
) -> dict[int, HeldBy]:
    """For each assumption who holds it, in one query. Assumptions that nobody speaks to are left out."""
    claims = live_claims(viewer, scope=scope).filter(assumption__isnull=False)
    if assumption_ids is not None:
        claims = claims.filter(assumption__in=list(assumption_ids))
    rows = (
        claims.order_by()
        .values_list("assumption_id", "passage__source_id", "passage__source__kind", "stance", "state")
        .annotate(number=Count("id"))
    )
    found: dict[int, _Sets] = {}
    for assumption, source, kind, stance, state, number in rows:
        sets = found.setdefault(assumption, _Sets())
        sets.claims += number
        if state == Claim.State.DISPUTED:
            sets.disputed += number
            continue
        sets.speaking.add(source)
        sets.by_stance.setdefault((kind in INTERVIEWS, stance), set()).add(source)
    return {assumption: _held(sets) for assumption, sets in found.items()}


def _held(sets: _Sets) -> HeldBy:
    def of(interviews: bool, *stances: str) -> int:
        return len(set().union(*(sets.by_stance.get((interviews, stance), set()) for stance in stances)))

    return HeldBy(
        interviews_asserting=of(True, "asserts", "supports"),
        interviews_supporting=of(True, "supports"),
        interviews_challenging=of(True, "challenges"),
        interviews_qualifying=of(True, "qualifies"),
        documents_asserting=of(False, "asserts", "supports"),
        documents_challenging=of(False, "challenges"),
        sources_speaking=len(sets.speaking),
        disputed=sets.disputed,
        claims=sets.claims,
    )


@dataclass(frozen=True, slots=True)
class Interviewed:
    """How many interviews there are to hold or not hold something, and how people came to them."""

    interviews: int
    recruitments: tuple[str, ...]
    missing_people: tuple[str, ...]


def interviewed(viewer: Any, *, scope: Scope = "ours") -> Interviewed:
    """The denominator of “3 of 15 interviews”: live interviews of teams whose claims are in scope.

    Outside a team only the number and the recruitment sentence are known, never the interviews.
    """
    teams = (
        Claim.objects.filter(in_scope(viewer, scope), team__isnull=False)
        .order_by()
        .values_list("team_id", flat=True)
        .distinct()
    )
    rows = Source.objects.filter(kind__in=INTERVIEWS, state=Source.State.LIVE, team__in=teams).values_list(
        "recruitment", "missing_people"
    )
    listed = list(rows)
    return Interviewed(
        interviews=len(listed),
        recruitments=tuple(sorted({one for one, _ in listed if one})),
        missing_people=tuple(sorted({one for _, one in listed if one})),
    )
