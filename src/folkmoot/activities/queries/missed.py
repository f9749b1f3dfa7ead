"""Who was not reached, as a short list for other pages: one question to the database each time it is shown.

Who lives here changes only when a table is brought in, so that half is remembered for some minutes. So are the counts
where adding them up takes long: among two million tallies a minute more or less shows in no share. What does not
belong here: the whole account with its shares and intervals (``reach``, ``blind_spots``).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import BigIntegerField, Count, F, Max, Q, QuerySet, Sum, Value

from folkmoot.activities.models import Activity
from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.reach import Counts, GroupShown, ReachShown, shown, tallies_for
from folkmoot.activities.queries.sums import Sums, activities_of
from folkmoot.communities.models import Category, Characteristic
from folkmoot.communities.queries.people import LivingHere, characteristics, living_here
from folkmoot.communities.queries.places import areas_served
from folkmoot.core.disclosure.published import ZERO
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import access_of

REMEMBERED_SECONDS = 600
LONG_SECONDS = 0.05  # counts that take longer to add up than this are remembered …
COUNTS_REMEMBERED_SECONDS = 300  # … for as long as this
MOST_LINES = 5
MUCH_LESS = 0.5  # of the share that they are of the people living here


@dataclass(frozen=True, slots=True)
class NotReached:
    """One line: who is missing, as a sentence, with the characteristic it is about."""

    sentence: str
    characteristic: Characteristic
    kind: str  # unknown, absent, fewer or unmeasured


@dataclass(frozen=True, slots=True)
class Living:
    """Who lives in the places asked about, by one characteristic."""

    characteristic: Characteristic
    categories: tuple[Category, ...]
    here: LivingHere


@dataclass(frozen=True, slots=True)
class Around:
    """What a question about reach needs and what seldom changes."""

    living: tuple[Living, ...]
    methods: tuple[int, ...]


def people_not_reached(
    viewer: Any, organisation: Organisation, *, filters: Filters
) -> tuple[NotReached, ...]:
    """A short list: what is not recorded first, then who is absent, who is much rarer among those recorded than
    among the people living here, and what nobody measures.

    One query; up to ten minutes apart also those that find who lives here.
    """
    whose = _whose(viewer, organisation)
    around = _around(viewer, organisation, filters, whose=whose)
    key = f"people-counted-{whose}-{hash(filters)}"
    found: tuple[Sums, dict[int, Counts]] | None = cache.get(key)
    if found is None:
        began = time.perf_counter()
        found = _counted(viewer, organisation, filters, around)
        if time.perf_counter() - began > LONG_SECONDS:
            cache.set(key, found, COUNTS_REMEMBERED_SECONDS)
    sums, counts = found
    if not sums.activities:
        return ()
    lines: dict[str, list[NotReached]] = {"unknown": [], "absent": [], "fewer": [], "unmeasured": []}
    for one in around.living:
        for line in _lines(one, sums=sums, counts=counts):
            lines[line.kind].append(line)
    return tuple([line for several in lines.values() for line in several][:MOST_LINES])


def _lines(one: Living, *, sums: Sums, counts: Mapping[int, Counts]) -> list[NotReached]:
    what = one.characteristic
    if not any(category.pk in counts for category in one.categories):
        if not one.here.by_category:
            return []
        return [NotReached(f"{what}: nobody was counted by it, so nobody knows.", what, "unmeasured")]
    if not one.here.by_category:
        return []
    seen = shown(what, one.categories, dict(counts), sums=sums, here=one.here)
    found = []
    if seen.rest_share:
        words = f"{what}: not recorded for {seen.rest_share:.0%} of the people counted."
        found.append(NotReached(words, what, "unknown"))
    for group in seen.absent:
        words = "nobody is known to have been reached" if group.shown == ZERO else "none, or too few to say"
        found.append(NotReached(f"{what}, {group.category.name}: {words}.", what, "absent"))
    found += [NotReached(f"{what}, {words}", what, "fewer") for words in much_less(seen)]
    return found


def much_less(seen: ReachShown) -> list[str]:
    """Groups that are less than half as frequent among those recorded as here, in words, the largest first.

    It is said of those recorded alone: whoever shows it says first of how many people nothing is recorded.
    """
    rare: list[tuple[float, str]] = []
    for group in seen.groups:
        shares = _shares(group)
        if shares is None:
            continue
        reached, living, of_what = shares
        if 0 < reached < MUCH_LESS * living:
            words = f"{group.category.name}: {reached:.0%} of {of_what}, {living:.0%} of those living here."
            rare.append((-living, words))
    return [words for _, words in sorted(rare)]


def _shares(group: GroupShown) -> tuple[float, float, str] | None:
    """A group's share among those recorded and, at the least, among the people living here."""
    found = group.found
    if found is None or group.shown.value is None or found.share_living_here is None:
        return None
    living = (found.share_living_here_range or (found.share_living_here,))[0]
    if found.share_reached is not None:
        return found.share_reached, living, "the people recorded"
    if found.share_of_attendances is not None:
        return found.share_of_attendances, living, "the attendances recorded"
    return None


def _whose(viewer: Any, organisation: Organisation) -> str:
    """For whom something is remembered: whoever may see the same."""
    access = access_of(viewer)
    mine = (*sorted(access.organisations), "teams", *sorted(access.teams))
    return "-".join(str(one) for one in (organisation.pk, "for", *mine))


def _around(viewer: Any, organisation: Organisation, filters: Filters, *, whose: str) -> Around:
    place = filters.place.pk if filters.place else 0
    key = f"who-lives-here-{whose}-{place}"
    found: Around | None = cache.get(key)
    if found is None:
        areas = [place] if place else [one.pk for one in areas_served(organisation)]
        living = tuple(
            Living(
                one,
                tuple(one.categories.all()),
                living_here(areas, characteristic=one, viewer=viewer) if areas else LivingHere(),
            )
            for one in characteristics(viewer)
        )
        methods = Method.objects.filter(Q(organisation=None) | Q(organisation=organisation))
        found = Around(living, tuple(methods.values_list("pk", flat=True)))
        cache.set(key, found, REMEMBERED_SECONDS)
    return found


def _counted(
    viewer: Any, organisation: Organisation, filters: Filters, around: Around
) -> tuple[Sums, dict[int, Counts]]:
    """The people of all occasions asked about, and of each category, in one query."""
    tallies = tallies_for(organisation, filters, viewer=viewer).filter(
        category_id__in=[category.pk for one in around.living for category in one.categories]
    )
    every = filters.narrow(activities_of(viewer, organisations=[organisation]))

    def rows(found: QuerySet[Any], what: Any) -> QuerySet[Any]:
        summed: QuerySet[Any] = (
            found.order_by()
            .annotate(what=what)
            .values_list("what", "counted")
            .annotate(every=Count("id"), together=Sum("people"), largest=Max("people"))
        )
        return summed

    nothing = Value(None, output_field=BigIntegerField())
    # the methods are named one by one, so that the index gives each group in one piece
    union = rows(every, nothing).union(
        rows(tallies.filter(method_key__in=around.methods), F("category_id")),
        rows(tallies.filter(method_key=None), F("category_id")),
        all=True,
    )
    sums = Sums()
    counts: dict[int, Counts] = {}
    for category, counted, number, together, largest in union:
        attended = counted == Activity.Counted.ATTENDANCES
        before = sums if category is None else counts.get(category, Counts())
        people = before.people + (0 if attended else together or 0)
        attendances = before.attendances + ((together or 0) if attended else 0)
        if category is None:
            sums = Sums(
                activities=sums.activities + number,
                people=people,
                attendances=attendances,
                largest_attendance=max(sums.largest_attendance, (largest or 0) if attended else 0),
                largest=max(sums.largest, largest or 0),
            )
        else:
            most = counts[category].largest if category in counts else 0
            counts[category] = Counts(people, attendances, max(most, (largest or 0) if attended else 0))
    return sums, counts
