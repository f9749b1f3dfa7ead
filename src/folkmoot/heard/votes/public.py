"""What of a result may stand in public: counts suppressed and rounded, and nothing else that could be undone from them.

Whatever the page says beside the numbers follows from the numbers as shown, so that the words tell nothing more.
What does not belong here: reckoning, storing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from folkmoot.core.disclosure.published import PUBLIC, SPECIAL_PUBLIC_GROUP, Published
from folkmoot.core.disclosure.releases import telling_differences
from folkmoot.core.disclosure.tables import protected
from folkmoot.core.opinion.statements import LARGE_PART
from folkmoot.core.reach.shares import cautious_wilson
from folkmoot.heard.votes.boxes import Ballots

Counts = Mapping[str, Sequence[int]]
PEOPLE = "people"
NO_CLEAR = ""


def public_result(
    content: dict[str, Any], ballots: Ballots, *, left_out: set[int]
) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The public form of a result, and the true counts behind it (for comparing the next release with this one).

    ``left_out``: statements that describe people, or that the moderators refused.
    """
    numbers = [number for number in ballots.numbers if number not in left_out]
    counts = np.array(
        [row for number, row in zip(ballots.numbers, ballots.counts(), strict=True) if number in numbers]
    )
    people = PUBLIC.shows(ballots.people)
    table = protected(counts, rule=PUBLIC)
    shown = {
        "people": people.as_json(),
        "statements": [
            {
                "number": number,
                "agree": row[0].as_json(),
                "disagree": row[1].as_json(),
                "pass": row[2].as_json(),
                "verdict": verdict_of(row),
            }
            for number, row in zip(numbers, table.cells, strict=True)
        ],
        # how many groups there are says nothing of their sizes; sizes are not shown
        "groups": len(content["groups"]),
        "no_groups": bool(content["no_groups"]),
        "characteristics": [_characteristic(one) for one in content["characteristics"]],
        "permutations": content["permutations"],
    }
    behind = {str(number): row for number, row in zip(numbers, counts.tolist(), strict=True)}
    return shown, {PEOPLE: [ballots.people, 0, 0], **behind}


def verdict_of(row: Sequence[Published]) -> str:
    """What the shown numbers say whatever the hidden ones are: “most agree”, “most disagree”, “divided” or nothing."""
    ranges = [PUBLIC.range_of(one) for one in row]
    for place, word in ((0, "most agree"), (1, "most disagree")):
        least = ranges[place][0]
        others = sum(high for at, (_, high) in enumerate(ranges) if at != place)
        if least and cautious_wilson(least, whole=least + others)[0] > 0.5:
            return word
    whole = sum(high for _, high in ranges)
    sides = [ranges[0][0], ranges[1][0]]
    if all(side and cautious_wilson(side, whole=whole)[0] >= LARGE_PART for side in sides):
        return "divided"
    return NO_CLEAR


def _characteristic(one: dict[str, Any]) -> dict[str, Any]:
    """A specially protected characteristic only from 25 people on either side; any other from 8."""
    enough = one["least"] >= (SPECIAL_PUBLIC_GROUP if one["special"] else PUBLIC.largest_hidden + 1)
    told = {"number": one["number"], "text": one["text"]}
    if not enough or "interval" not in one:
        return told | {"verdict": "too few to say"}
    return told | {"verdict": one["verdict"], "interval": one["interval"]}


def telling(before: Counts, now: Counts) -> bool:
    """Would the new numbers beside the old ones tell of a few people? Statements in both are compared."""
    both = [key for key in now if key in before]
    if not both:
        return False
    earlier = np.array([before[key] for key in both], dtype=np.int64)
    later = np.array([now[key] for key in both], dtype=np.int64)
    return bool(telling_differences(earlier, later, rule=PUBLIC))
