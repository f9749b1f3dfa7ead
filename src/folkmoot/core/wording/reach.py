"""Reach as careful sentences and as chart data: what was not recorded first, then each group."""

from __future__ import annotations

from typing import Any

from folkmoot.core.reach.people import GroupReach, NotRecorded, Reach

ALWAYS = (
    "A person counted here is one person with a characteristic: nobody represents a group by belonging to it,"
    " and people who share a characteristic need not share a view.",
    "The interval allows for chance, as if those recorded had been drawn at random, and for whoever was not recorded, both at"
    " once; the bounds assume nothing about anybody not recorded.",
)


def caveats(result: Reach) -> list[str]:
    """What a reader must know beside the figures; what was not recorded comes first."""
    said = [not_recorded_sentence(part, attendances=result.attendances) for part in result.not_recorded]
    said += ALWAYS
    said.append(
        "Wilson's own interval, widened to the bounds, is kept to compare with: it allows for chance or for whoever was not"
        " recorded, not for both, and with few people it holds the share a little less often than it says. Sentences and charts"
        " use the cautious one."
    )
    if result.attendances:
        said.append(
            "The counts are attendances: one person may have come more than once. The number of different"
            " people of a group lies between its largest single attendance and the sum, so shares and ratios"
            " are given as ends and not as one number. Each row is taken as one occasion; a row that already"
            " sums several makes the fewest people too many."
        )
    if result.off_by:
        said.append(
            f"Each population count is taken to be off by up to {result.off_by:g} either way, so the share"
            " living here is a range and the ratio's ends use it."
        )
    else:
        said.append(
            "The population counts are taken as exact. Published census tables are disturbed on purpose, and"
            " small counts most of all: say by how much with --perturbed."
        )
    if result.never_seen:
        said.append(f"Living here, but nobody recorded: {_listed(result.never_seen)}.")
    if result.unknown_to_population:
        said.append(f"Recorded, but not in the population file: {_listed(result.unknown_to_population)}.")
    if any(group.living_here is not None and group.people[0] > group.living_here for group in result.groups):
        said.append(
            "Some groups count more people than live here: they came from elsewhere, were counted twice, or"
            " the population is another one."
        )
    return said


def not_recorded_sentence(part: NotRecorded, *, attendances: bool = False) -> str:
    where = f"{part.place}: " if part.place else ""
    what = "attendances" if attendances else "people counted"
    if not part.count:
        return f"{where}{'the' if where else 'The'} group is recorded for all {part.counted:,.0f} {what}."
    return (
        f"{where}{'for' if where else 'For'} {part.count:,.0f} of {part.counted:,.0f} {what} ({_percent(part.share)}) the group is not"
        " recorded; the bounds say what each share could be whatever they are."
    )


def group_sentence(group: GroupReach) -> str:
    """One group in one sentence; it claims a difference only where the whole cautious interval lies to one side."""
    where = f" in {group.place}" if group.place else ""
    name = f"“{group.group}”{where}"
    ends = f"{_percent(group.cautious_interval[0])} to {_percent(group.cautious_interval[1])}"
    if group.share_reached is None:
        fewest, most = group.people
        reached = f"{name}: between {fewest:,.0f} and {most:,.0f} people, {ends} of those reached"
    else:
        reached = f"{name}: {_percent(group.share_reached)} of the people recorded ({ends})"
    if group.share_living_here is None:
        return f"{reached}; how many live here is not known."
    here = f"{_percent(group.share_living_here)} of those living here"
    if group.cautious_ratio_interval is None:
        return f"{reached}, {here}; no ratio can be given."
    low, high = group.cautious_ratio_interval
    if high < 1:
        verdict = "reached less than their share"
    elif low > 1:
        verdict = "reached more than their share"
    else:
        verdict = "these counts cannot say whether more or less than their share"
    return f"{reached}, {here}: {verdict} (ratio {low:.2g} to {high:.2g})."


def chart(result: Reach) -> list[dict[str, Any]]:
    """One bar a group: the cautious interval of the share reached, and the mark of the share living here."""
    return [
        {
            "group": group.group,
            "place": group.place,
            "share_reached": group.share_reached,
            "low": group.cautious_interval[0],
            "high": group.cautious_interval[1],
            "bound_low": group.bounds[0],
            "bound_high": group.bounds[1],
            "share_living_here": group.share_living_here,
        }
        for group in result.groups
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _listed(names: tuple[tuple[str | None, str], ...], most: int = 20) -> str:
    words = [f"“{group}” in {place}" if place else f"“{group}”" for place, group in names[:most]]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(words) + more
