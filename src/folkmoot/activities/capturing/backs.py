"""What a person gets back for recording something: what it was for, what happened here last, who is being missed.

Rooms above register what they know, such as a promise that is open here; the page shows whatever there is and leaves
out what nobody knows. What does not belong here: wording that is sent to a device for offline use (``lists``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.models import Activity, Initiative
from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.missed import people_not_reached
from folkmoot.communities.models import Place
from folkmoot.communities.queries.places import within
from folkmoot.organisations.models import Organisation

A_YEAR = timedelta(days=365)
MOST_MISSING = 3


@dataclass(frozen=True, slots=True)
class Occasion:
    """What was just recorded: for whom, of what, where."""

    organisation: Organisation
    initiative: Initiative | None
    place: Place | None
    activity: int | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """One thing given back: a heading, a few sentences, and where to read more."""

    heading: str
    sentences: tuple[str, ...]
    url: str = ""
    link: str = ""


Giver = Callable[[Occasion, Any], Back | None]
_givers: list[tuple[int, Giver]] = []


def register(giver: Giver, *, position: int) -> None:
    """Have this asked after each record. It returns None where it has nothing to say; lower positions come first."""
    if (position, giver) not in _givers:
        _givers.append((position, giver))
        _givers.sort(key=lambda one: one[0])


def backs_for(occasion: Occasion, *, viewer: Any) -> list[Back]:
    """Everything that is known about this occasion, in its order."""
    found = (giver(occasion, viewer) for _, giver in _givers)
    return [one for one in found if one is not None and one.sentences]


def purpose_of(occasion: Occasion, viewer: Any) -> Back | None:
    """What participants are told that it is for."""
    initiative = occasion.initiative
    if initiative is None or not initiative.purpose:
        return None
    objectives = [str(one) for one in initiative.objectives.visible_to(viewer)[:3]]
    served = (f"It serves: {'; '.join(objectives)}.",) if objectives else ()
    return Back("What this was for", (initiative.purpose, *served))


def last_here(occasion: Occasion, viewer: Any) -> Back | None:
    """The last occasion at this place, whoever of the organisation was there."""
    if occasion.place is None:
        return None
    rows = Activity.objects.filter(organisation=occasion.organisation, place=occasion.place)
    last = (
        rows.exclude(pk=occasion.activity or 0)
        .select_related("initiative", "method")
        .order_by("-happened_on", "-pk")
        .first()
    )
    if last is None:
        return Back("Here before", (f"This is the first record at {occasion.place}.",))
    return Back("Here before", (said_of(last),))


def missing_here(occasion: Occasion, viewer: Any) -> Back | None:
    """Who is not reached at this place within a year, as the reach page says it; nothing where nobody knows."""
    if occasion.place is None:
        return None
    asked = Filters(
        since=timezone.localdate() - A_YEAR,
        place=occasion.place,
        places=within(occasion.place, itself=True),
    )
    found = people_not_reached(viewer, occasion.organisation, filters=asked)
    sentences = tuple(one.sentence for one in found[:MOST_MISSING])
    url = f"{reverse('reach')}?place={occasion.place.pk}"
    return Back("Who is missing here", sentences, url, "Who was reached here")


def said_of(activity: Activity) -> str:
    """One occasion in a sentence, without its remark."""
    what = activity.title or str(activity.initiative or activity.method or "an activity")
    parts = [f"Last here on {activity.happened_on:%-d %B %Y}: {what}"]
    if activity.people is not None:
        parts.append("1 person" if activity.people == 1 else f"{activity.people:,} people")
    if activity.level:
        parts.append(activity.get_level_display().split(":")[0].lower())
    return ", ".join(parts) + "."


register(purpose_of, position=10)
register(last_here, position=20)
register(missing_here, position=30)
