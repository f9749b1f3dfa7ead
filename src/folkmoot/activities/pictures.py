"""Reach as a picture: one row a group, its share among the people reached beside its share of the people here."""

from __future__ import annotations

from collections.abc import Callable

from folkmoot.activities.queries.reach import GroupShown, ReachShown
from folkmoot.communities.models import Category
from folkmoot.core.disclosure.published import HIDDEN, TOO_FEW
from folkmoot.ui.pictures.intervals import Interval, draw, percent, percent_range, table_of
from folkmoot.ui.pictures.picture import Picture

COLUMNS = (
    "Group",
    "People counted",
    "Share of those recorded",
    "Interval",
    "Whatever the others are",
    "Share living here",
    "Reached ÷ living here",
)


def people_words(group: GroupShown) -> str:
    """How many, as it may be said."""
    if group.shown == HIDDEN:
        return "hidden: fewer than 5"
    if group.shown == TOO_FEW:
        return "none, or too few to say"
    if group.fewest is not None:
        return f"{group.fewest:,} to {group.shown}"
    return str(group.shown)


def reach_picture(found: ReachShown, *, url: Callable[[Category], str]) -> Picture | None:
    """The picture with its table; None where no share can be computed."""
    if found.computed is None:
        return None
    rows = [_interval(group, url=url(group.category)) for group in found.groups]
    table = table_of(
        f"{found.characteristic}: people reached and people living here",
        COLUMNS,
        [_cells(group) for group in found.groups],
    )
    notes = [
        "Thick line: the 95% interval, which allows for chance and for those not recorded at once. Thin line: where the "
        "share lies whatever the people not recorded are. Diamond: people living here, drawn out where the published "
        "count was disturbed to protect people.",
    ]
    if found.computed.attendances:
        notes.append(
            "Some of these people may have come more than once, so there is no single share, only where it "
            "lies: everybody came once, or nobody came but to the largest occasion."
        )
    caption = "Of the people whose answer is recorded. A share says who was there, never what anybody thinks."
    return draw(rows, title=f"Reached and living here: {found.characteristic.name.lower()}", caption=caption,
                table=table, notes=notes)  # fmt: skip


def _interval(group: GroupShown, *, url: str) -> Interval:
    one, label = group.found, f"{group.category.name}"
    here = None
    if one is not None and one.share_living_here is not None:
        here = one.share_living_here_range or (one.share_living_here, one.share_living_here)
    if one is None or group.shown in (HIDDEN, TOO_FEW):
        return Interval(label, None, None, None, here, people_words(group), url)
    return Interval(label, one.cautious_interval, one.bounds, one.share_reached, here, "", url)


def _cells(group: GroupShown) -> list[str]:
    one = group.found
    if one is None or group.shown in (HIDDEN, TOO_FEW):
        living = "" if one is None or one.share_living_here is None else _living(one)
        return [group.category.name, people_words(group), "not shown", "", "", living or "not known", ""]
    return [
        group.category.name,
        people_words(group),
        "not one number" if one.share_reached is None else percent(one.share_reached),
        percent_range(one.cautious_interval),
        percent_range(one.bounds),
        _living(one) if one.share_living_here is not None else "not known",
        _ratio(one),
    ]


def _living(one: object) -> str:
    ends = getattr(one, "share_living_here_range", None)
    share = getattr(one, "share_living_here", 0.0)
    return percent_range(ends) if ends else percent(share)


def _ratio(one: object) -> str:
    ends = getattr(one, "cautious_ratio_interval", None)
    return "cannot be said" if ends is None else f"{ends[0]:.2g} to {ends[1]:.2g}"
