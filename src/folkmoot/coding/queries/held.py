"""Reading codings and claims. Words always come through the consent gate; counts come from here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
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


def in_scope(viewer: Any, scope: Scope, *, through: str = "") -> Q:
    """Which owned rows a scope may use: the network's word never rests on anybody's private rows.

    ``through`` is a path to the owned row.
    """
    if scope == "network":
        reach = ["network", "public"] if access_of(viewer).belongs else ["public"]
        return Q(**{f"{through}__visibility__in" if through else "visibility__in": reach})
    return visible(viewer, through=through)


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
    counted = claims.order_by().values("assumption_id").annotate(**_COUNTS)
    rows = counted.values_list("assumption_id", *_COUNTS)
    return {assumption: HeldBy(**dict(zip(_COUNTS, numbers, strict=True))) for assumption, *numbers in rows}


def _sources(*stances: str, interviews: bool) -> Count:
    """Distinct sources that speak so. The database counts: there may be thousands of readings."""
    kinds = Q(passage__source__kind__in=INTERVIEWS)
    return Count(
        "passage__source_id",
        distinct=True,
        filter=(kinds if interviews else ~kinds) & Q(stance__in=stances) & ~DISPUTED,
    )


DISPUTED = Q(state=Claim.State.DISPUTED)
_COUNTS = {
    "interviews_asserting": _sources("asserts", "supports", interviews=True),
    "interviews_supporting": _sources("supports", interviews=True),
    "interviews_challenging": _sources("challenges", interviews=True),
    "interviews_qualifying": _sources("qualifies", interviews=True),
    "documents_asserting": _sources("asserts", "supports", interviews=False),
    "documents_challenging": _sources("challenges", interviews=False),
    "sources_speaking": Count("passage__source_id", distinct=True, filter=~DISPUTED),
    "disputed": Count("id", filter=DISPUTED),
    "claims": Count("id"),
}


@dataclass(frozen=True, slots=True)
class Interviewed:
    """How many interviews there are to hold or not hold something, and how people came to them."""

    interviews: int
    recruitments: tuple[str, ...]
    missing_people: tuple[str, ...]


def interviews_in_scope(viewer: Any, *, scope: Scope = "ours") -> QuerySet[Source]:
    """Live interviews of teams whose claims are in scope: for counting, and for what was said of them as a whole."""
    teams = (
        Claim.objects.filter(in_scope(viewer, scope), team__isnull=False)
        .order_by()
        .values_list("team_id", flat=True)
        .distinct()
    )
    found: QuerySet[Source] = Source.objects.filter(
        kind__in=INTERVIEWS, state=Source.State.LIVE, team__in=teams
    )
    return found


def interviewed(viewer: Any, *, scope: Scope = "ours") -> Interviewed:
    """The denominator of “3 of 15 interviews”: live interviews of teams whose claims are in scope.

    Outside a team only the number and the recruitment sentence are known, never the interviews.
    """
    rows = interviews_in_scope(viewer, scope=scope).values_list("recruitment", "missing_people")
    listed = list(rows)
    return Interviewed(
        interviews=len(listed),
        recruitments=tuple(sorted({one for one, _ in listed if one})),
        missing_people=tuple(sorted({one for _, one in listed if one})),
    )
