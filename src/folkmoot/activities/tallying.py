"""Tallies of an activity as rows. Each carries what reach is asked by, copied from its activity: among two
million tallies one read of one index answers, where a join would take seconds.

Whoever writes tallies builds them here; whoever changes an activity brings them along (``copied``).
What does not belong here: checking counts (``checking``) and adding them up (``queries``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.activities.models import Activity, Tally


def copied(activity: Activity) -> dict[str, Any]:
    """The columns of a tally that repeat its activity's."""
    return {
        "organisation_key": activity.organisation_id,
        "initiative_key": activity.initiative_id,
        "method_key": activity.method_id,
        "place_key": activity.place_id,
        "happened_on": activity.happened_on,
        "counted": activity.counted,
        "counterpart": activity.counterpart,
    }


def tallies_of(activity: Activity, counts: Mapping[int, int]) -> list[Tally]:
    """One row for each category (by its number), ready for ``bulk_create``; the activity is saved already."""
    same = copied(activity)
    return [
        Tally(activity_id=activity.pk, category_id=category, people=people, **same)
        for category, people in sorted(counts.items())
    ]
