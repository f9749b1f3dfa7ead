"""One occasion: whom it counted, as it may be shown inside the organisation."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.activities.models import Activity
from folkmoot.communities.models import Category, Characteristic
from folkmoot.core.disclosure.published import (
    SPECIAL_INTERNAL_GROUP,
    TOO_FEW,
    Published,
    Rule,
    published_count,
    published_special,
)


@dataclass(frozen=True, slots=True)
class TalliesShown:
    """One characteristic: the people whose group was not recorded or may not be shown, then each group."""

    characteristic: Characteristic
    rest: int | None
    groups: tuple[tuple[Category, Published], ...]
    hides: bool


# parts of a count that is shown whole elsewhere are rounded too, or the whole would give a hidden part away
OF_A_WHOLE = Rule(threshold=4, base=5)


def shown_counts(counts: dict[int, int], *, special: bool, of_a_whole: bool = False) -> dict[int, Published]:
    """Each count as it may be shown inside an organisation.

    ``counts`` are the categories of one characteristic; or, with ``of_a_whole``, one category in several
    areas or methods, where every number is rounded to 5.
    """
    recorded = sum(counts.values())
    if of_a_whole:
        enough = SPECIAL_INTERNAL_GROUP if special else 0
        return {
            key: TOO_FEW if special and count < enough else OF_A_WHOLE.shows(count)
            for key, count in counts.items()
        }
    return {
        key: (
            published_special(count, of=recorded, public=False)
            if special
            else published_count(count, public=False)
        )
        for key, count in counts.items()
    }


def tallies_shown(activity: Activity) -> tuple[TalliesShown, ...]:
    """The tallies of one occasion by characteristic. Small counts are hidden and go with the not recorded,
    so that no subtraction brings them back. One query."""
    grouped: dict[Characteristic, list[tuple[Category, int]]] = {}
    rows = activity.tallies.select_related("category__characteristic").order_by(
        "category__characteristic__position", "category__position", "category_id"
    )
    for tally in rows:
        grouped.setdefault(tally.category.characteristic, []).append((tally.category, tally.people))
    found = []
    for characteristic, listed in grouped.items():
        counts = {category.pk: people for category, people in listed}
        shown = shown_counts(counts, special=characteristic.special)
        known = sum(one.value or 0 for one in shown.values())
        found.append(
            TalliesShown(
                characteristic=characteristic,
                rest=None if activity.people is None else activity.people - known,
                groups=tuple((category, shown[category.pk]) for category, _ in listed),
                hides=any(one.value is None and one.as_json() != 0 for one in shown.values()),
            )
        )
    return tuple(found)
