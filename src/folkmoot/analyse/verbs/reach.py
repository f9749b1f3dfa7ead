"""``folkmoot analyse reach``: who was reached against who lives there, what was not recorded first."""

from __future__ import annotations

import argparse
from typing import Any

from folkmoot.analyse.tables import read_table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.reach.people import MOST_PEOPLE, GroupReach, Reach, Tally, reach
from folkmoot.core.wording.reach import caveats, group_sentence, not_recorded_sentence

SUMMARY = "Share reached against share living here, by group and place; what was not recorded is bounded."


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--people",
        metavar="FILE",
        required=True,
        help="group, count (optional place); a blank group was not recorded",
    )
    parser.add_argument(
        "--population",
        metavar="FILE",
        required=True,
        help="group, count (optional place) of those living here",
    )
    parser.add_argument(
        "--attendances",
        action="store_true",
        help="the counts are attendances, a row a group and occasion (optional column occasion): people are bounded",
    )
    parser.add_argument(
        "--perturbed",
        type=float,
        default=0.0,
        metavar="N",
        help="each population count may be off by up to N (census tables are disturbed before publication)",
    )
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals (0.95)")


def run(options: argparse.Namespace) -> dict[str, Any]:
    people, population = _tallies(options.people), _tallies(options.population)
    result = reach(
        people,
        population=population,
        attendances=options.attendances,
        off_by=options.perturbed,
        level=options.level,
    )
    if not result.groups:
        raise CannotAnalyse(" ".join(f"{part.part}: {part.reason}" for part in result.refused))
    said = caveats(result)
    if _places(people) != _places(population):
        said.append("Only one of the two files has places, so that all places are taken together.")
    return {
        "not_recorded": _not_recorded(result),
        "method": "shares among the recorded with Wilson's interval, widened to the bounds"
        " r/(R + u) and (r + u)/(R + u) of what the unrecorded could change; cautious ends allow for chance, corrected for"
        " continuity, and for the unrecorded at once",
        "n": _counts(result),
        "groups": [_group(group, result) for group in result.groups],
        "never_seen": [_named(place, group) for place, group in result.never_seen],
        "not_in_population": [_named(place, group) for place, group in result.unknown_to_population],
        "caveats": said,
        "refused": list(result.refused),
    }


def _tallies(path: str) -> list[Tally]:
    table = read_table(path)
    groups, counts = table.text("group"), table.numbers("count")
    places = table.text("place") if "place" in table.columns else [None] * len(groups)
    if not len(groups):
        raise CannotAnalyse(f"{table.name} has no rows below its header.")
    for row, (count, place) in enumerate(zip(counts, places, strict=True)):
        if not 0 <= count <= MOST_PEOPLE or count != int(count):
            raise CannotAnalyse(
                f"{table.name}, row {row + 2}, column “count”: {count:g} is no count of people."
            )
        if place is None and "place" in table.columns:
            raise CannotAnalyse(f"{table.name}, row {row + 2}, column “place”: the cell is empty.")
    occasions = table.text("occasion") if "occasion" in table.columns else list(map(str, range(len(groups))))
    added: dict[tuple[str | None, str | None, str | None], float] = {}
    for place, occasion, group, count in zip(places, occasions, groups, counts, strict=True):
        key = (place, occasion, group)
        added[key] = added.get(key, 0.0) + float(count)
    return [Tally(group, count, place) for (place, _, group), count in added.items()]


def _places(tallies: list[Tally]) -> bool:
    return any(tally.place is not None for tally in tallies)


def _not_recorded(result: Reach) -> dict[str, Any]:
    """One place's record is the whole; several stand under ``by_place``."""
    count = sum(part.count for part in result.not_recorded)
    counted = sum(part.counted for part in result.not_recorded)
    whole: dict[str, Any] = {
        "count": _whole(count),
        "counted": _whole(counted),
        "share": count / counted if counted else 0.0,
    }
    if any(part.place is not None for part in result.not_recorded):
        whole["by_place"] = [
            {
                "place": part.place,
                "count": _whole(part.count),
                "counted": _whole(part.counted),
                "share": part.share,
            }
            for part in result.not_recorded
        ]
    else:
        whole["sentence"] = not_recorded_sentence(result.not_recorded[0], attendances=result.attendances)
    return whole


def _counts(result: Reach) -> dict[str, Any]:
    unrecorded = _whole(sum(part.count for part in result.not_recorded))
    if result.attendances:
        return {
            "attendances_recorded": _whole(result.recorded),
            "attendances_not_recorded": unrecorded,
            "people": [_whole(end) for end in result.people],
            "population": _whole(result.population),
        }
    return {
        "recorded": _whole(result.recorded),
        "not_recorded": unrecorded,
        "population": _whole(result.population),
    }


def _group(group: GroupReach, result: Reach) -> dict[str, Any]:
    """A group's figures; what is not known is absent, never empty."""
    record: dict[str, Any] = {"group": group.group}
    if group.place is not None:
        record = {"place": group.place, "group": group.group}
    optional: dict[str, Any] = {
        "n": None if result.attendances else _whole(group.people[1]),
        "people": [_whole(end) for end in group.people] if result.attendances else None,
        "share_of_attendances": group.share_of_attendances,
        "share_reached": group.share_reached,
        "share_living_here": group.share_living_here,
        "share_living_here_range": group.share_living_here_range,
        "ratio": group.ratio,
        "interval": group.interval,
        "bounds": group.bounds,
        "ratio_interval": group.ratio_interval,
        "cautious_interval": group.cautious_interval,
        "cautious_ratio_interval": group.cautious_ratio_interval,
        "level": result.level,
        "sentence": group_sentence(group),
    }
    return record | {key: value for key, value in optional.items() if value is not None}


def _named(place: str | None, group: str) -> dict[str, str]:
    return {"group": group} if place is None else {"place": place, "group": group}


def _whole(count: float) -> int:
    return round(count)
