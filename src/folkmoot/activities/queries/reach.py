"""Who was reached against who lives there: for a period, a place, an initiative, a method.

Small counts are hidden first and everything is worked out from what is left: what is hidden counts as not
recorded, so that no share, interval or total brings it back. What does not belong here: the arithmetic
(``core.reach``) and any one figure of representativeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum

from folkmoot.activities.models import Activity, Tally
from folkmoot.activities.queries.log import Filters, partner_kinds
from folkmoot.activities.queries.occasions import shown_counts
from folkmoot.activities.queries.sums import Sums, activities_of, rates_of, together
from folkmoot.communities.models import Category, Characteristic
from folkmoot.communities.queries.people import LivingHere, living_here
from folkmoot.communities.queries.places import areas_served
from folkmoot.core.disclosure.published import HIDDEN, TOO_FEW, ZERO, Published
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.reach.people import GroupReach, Reach, reach
from folkmoot.core.reach.people import Tally as CoreTally
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import access_of


@dataclass(frozen=True, slots=True)
class Counts:
    """People of one category: those counted as different people, the attendances, the largest of these."""

    people: int = 0
    attendances: int = 0
    largest: int = 0

    @property
    def heads(self) -> int:
        return self.people + self.attendances

    def as_published(self, value: int) -> Counts:
        """The same with the heads that are shown, where these were rounded."""
        people = min(self.people, value) if self.attendances else value
        return Counts(people, value - people, min(self.largest, value - people))


@dataclass(frozen=True, slots=True)
class GroupShown:
    """One category as it may be shown. ``fewest`` is None where the number is exact or not shown;
    ``found`` is None where nothing can be said of its share."""

    category: Category
    shown: Published
    fewest: int | None
    found: GroupReach | None


@dataclass(frozen=True, slots=True)
class ReachShown:
    """Reach by one characteristic. ``rest`` are those whose category nobody wrote down or may not be shown;
    ``refused`` says why there are no shares at all, if there are none."""

    characteristic: Characteristic
    sums: Sums
    rest: int
    hides: bool
    groups: tuple[GroupShown, ...]
    here: LivingHere
    computed: Reach | None
    refused: str

    @property
    def rest_share(self) -> float | None:
        return self.rest / self.sums.heads if self.sums.heads else None

    @property
    def absent(self) -> tuple[GroupShown, ...]:
        """Categories of people who live here of whom nobody is known to have been reached."""
        living = self.here.by_category
        return tuple(
            group
            for group in self.groups
            if group.shown in (ZERO, TOO_FEW, HIDDEN)
            and group.category.pk in living
            and living[group.category.pk].people
        )

    @property
    def not_in_population(self) -> tuple[GroupShown, ...]:
        """Categories that were reached and of which no table says how many live here."""
        if self.here.population is None:
            return ()
        return tuple(
            one for one in self.groups if one.category.pk not in self.here.by_category and one.shown != ZERO
        )


def tallies_for(organisation: Organisation, filters: Filters, *, viewer: Any) -> QuerySet[Tally]:
    """The tallies that a question is about, without a join: a tally repeats what its activity says."""
    if organisation.pk not in access_of(viewer).organisations:
        return Tally.objects.none()
    found = Tally.objects.filter(organisation_key=organisation.pk).order_by()
    if filters.since is not None:
        found = found.filter(happened_on__gte=filters.since)
    if filters.until is not None:
        found = found.filter(happened_on__lte=filters.until)
    if filters.places is not None:
        found = found.filter(place_key__in=filters.places)
    if filters.without_initiative:
        found = found.filter(initiative_key=None)
    elif filters.initiative is not None:
        found = found.filter(initiative_key=filters.initiative.pk)
    if filters.without_method:
        found = found.filter(method_key=None)
    elif filters.method is not None:
        found = found.filter(method_key=filters.method.pk)
    if filters.without_partners:
        found = found.exclude(counterpart__in=partner_kinds())
    if filters.level or filters.specialists is not None or filters.specialists_unknown:
        # rare questions, which a tally does not repeat
        rare = filters.narrow(Activity.objects.filter(organisation=organisation))
        found = found.filter(activity__in=rare)
    return found


def counts_by_category(
    found: QuerySet[Tally], categories: Iterable[Category], *, by: str = ""
) -> dict[Any, dict[int, Counts]]:
    """The tallies added up by category (its number), for each value of ``by`` or, without, under None."""
    keys = [by] if by else []
    attendances = Q(counted=Activity.Counted.ATTENDANCES)
    rows = (
        found.filter(category_id__in=[one.pk for one in categories])
        .values("category_id", *keys)
        .annotate(
            together=Sum("people"),
            of_attendances=Sum("people", filter=attendances),
            largest=Max("people", filter=attendances),
        )
    )
    grouped: dict[Any, dict[int, Counts]] = {}
    for row in rows:
        attended = row["of_attendances"] or 0
        grouped.setdefault(row[by] if by else None, {})[row["category_id"]] = Counts(
            (row["together"] or 0) - attended, attended, row["largest"] or 0
        )
    return grouped


def counts_by_method(
    organisation: Organisation, filters: Filters, categories: Iterable[Category], *, viewer: Any
) -> dict[int | None, dict[int, Counts]]:
    """The tallies added up by method (its number; None: not recorded) and category. Three queries.

    The methods are named one by one, so that the index gives each group in one piece and nothing is sorted:
    over a year of 700,000 tallies that is 40 ms in place of 170.
    """
    found, listed = tallies_for(organisation, filters, viewer=viewer), list(categories)
    methods = Method.objects.filter(Q(organisation=None) | Q(organisation=organisation))
    known = found.filter(method_key__in=list(methods.values_list("pk", flat=True)))
    counts = counts_by_category(known, listed, by="method_key")
    unknown = counts_by_category(found.filter(method_key=None), listed)
    return {**counts, **unknown}


def all_together(by_method: Mapping[int | None, Mapping[int, Counts]]) -> dict[int, Counts]:
    """The counts of all methods by category: each activity has one method."""
    found: dict[int, Counts] = {}
    for counts in by_method.values():
        for key, one in counts.items():
            before = found.get(key, Counts())
            found[key] = Counts(
                before.people + one.people,
                before.attendances + one.attendances,
                max(before.largest, one.largest),
            )
    return found


def sums_for(organisation: Organisation, filters: Filters, *, viewer: Any) -> Sums:
    """The occasions that a question is about, added up. Two queries."""
    found = filters.narrow(activities_of(viewer, organisations=[organisation]))
    return together(found, rates=rates_of([organisation.pk]))


def reach_by(
    characteristic: Characteristic,
    *,
    organisation: Organisation,
    filters: Filters,
    viewer: Any,
    sums: Sums | None = None,
    counts: Mapping[int | None, Mapping[int, Counts]] | None = None,
) -> ReachShown:
    """Reach by one characteristic. The people to compare with live in the place asked for; without one, in
    the areas that the organisation serves. ``sums`` and ``counts`` (by method) are read where whoever asks has
    not got them already. Few queries whatever the number of tallies."""
    categories = list(characteristic.categories.all())
    areas = [filters.place.pk] if filters.place else [one.pk for one in areas_served(organisation)]
    here = living_here(areas, characteristic=characteristic, viewer=viewer) if areas else LivingHere()
    if counts is None:
        counts = counts_by_method(organisation, filters, categories, viewer=viewer)
    if sums is None:
        sums = sums_for(organisation, filters, viewer=viewer)
    return shown(characteristic, categories, all_together(counts), sums=sums, here=here)


def shown(
    characteristic: Characteristic,
    categories: Sequence[Category],
    counts: dict[int, Counts],
    *,
    sums: Sums,
    here: LivingHere,
    of_a_whole: bool = False,
) -> ReachShown:
    """Counts as they may be shown, and the shares that follow from these alone.

    ``of_a_whole``: the counts are a part (one method's) of counts that are shown as well.
    """
    heads = {one.pk: counts[one.pk].heads if one.pk in counts else 0 for one in categories}
    published = shown_counts(heads, special=characteristic.special)
    if of_a_whole:
        rounded = shown_counts(heads, special=characteristic.special, of_a_whole=True)
        published = {key: rounded[key] if one.value is not None else one for key, one in published.items()}
    kept = {
        key: counts[key].as_published(one.value) for key, one in published.items() if one.value is not None
    }
    rest = max(sums.heads - sum(one.heads for one in kept.values()), 0)
    computed, refused = _computed(categories, kept, rest=rest, sums=sums, here=here)
    by_name = {} if computed is None else {one.group: one for one in computed.groups}
    groups = tuple(
        GroupShown(
            category=one,
            shown=published[one.pk],
            fewest=_fewest(kept.get(one.pk), special=characteristic.special),
            found=by_name.get(one.name),
        )
        for one in categories
        if one.ended_on is None or heads[one.pk]
    )
    return ReachShown(
        characteristic=characteristic,
        sums=sums,
        rest=rest,
        hides=any(one in (HIDDEN, TOO_FEW) for one in published.values()),
        groups=groups,
        here=here,
        computed=computed,
        refused=refused,
    )


def _fewest(counts: Counts | None, *, special: bool) -> int | None:
    """The fewest people it can have been, where some may have been counted again. The largest single
    attendance is a small count of its own: under the limit it is not given away."""
    if counts is None or not counts.attendances:
        return None
    largest = counts.largest if counts.largest >= (10 if special else 5) else 1
    return counts.people + largest


def _computed(
    categories: Sequence[Category],
    kept: dict[int, Counts],
    *,
    rest: int,
    sums: Sums,
    here: LivingHere,
) -> tuple[Reach | None, str]:
    population = [
        CoreTally(one.name, here.by_category[one.pk].people)
        for one in categories
        if one.pk in here.by_category
    ]
    if not sums.heads:
        return None, "Nobody was counted."
    if not kept:
        return None, "Nobody's group is recorded, or too few to say anything of it."
    if not any(one.count for one in population):
        return None, ""
    names = {one.pk: one.name for one in categories}
    attendances = any(one.attendances for one in kept.values())
    tallies = [
        part
        for key, counts in kept.items()
        for part in _as_tallies(names[key], counts, attendances=attendances)
    ]
    if rest:
        tallies.append(CoreTally(None, rest))
    off_by = max((one.high - one.people for one in here.by_category.values()), default=0)
    try:
        return reach(tallies, population=population, attendances=attendances, off_by=off_by), ""
    except CannotAnalyse as error:
        return None, str(error)


def _as_tallies(name: str, counts: Counts, *, attendances: bool) -> list[CoreTally]:
    """Counts as the core reads them. Where any are attendances, a group's fewest people are those counted as
    different people and its largest attendance together: its largest tally; the rest adds up to its sum."""
    if not attendances:
        return [CoreTally(name, counts.people)]
    low = counts.people + counts.largest
    if not low:
        return [CoreTally(name, 0)]
    return [CoreTally(name, low), *_spread(name, counts.heads - low, largest=low)]


def _spread(name: str | None, people: int, *, largest: int) -> list[CoreTally]:
    """So many people in tallies none of which is larger than ``largest``."""
    if people <= 0:
        return []
    whole, left = divmod(people, largest)
    return [CoreTally(name, largest)] * whole + ([CoreTally(name, left)] if left else [])
