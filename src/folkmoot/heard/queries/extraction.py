"""The extraction test (R7) for strands of work and single occasions, to be shown wherever they are counted."""

from __future__ import annotations

from collections.abc import Collection

from folkmoot.heard.extraction import Verdict, verdict_of
from folkmoot.heard.models import Concern, Contribution, Telling

SAY = (Concern.Influence.PRIORITIES, Concern.Influence.WAYS, Concern.Influence.BOTH)


def extraction_of(initiative_ids: Collection[int]) -> dict[int, Verdict]:
    """The verdict on each initiative: were words taken, was anything open, was anybody told? Three queries."""
    numbers = list(initiative_ids)
    live = Contribution.objects.exclude(state="withdrawn")
    taken = set(live.filter(initiative__in=numbers).values_list("initiative", flat=True))
    taken |= set(live.filter(activity__initiative__in=numbers).values_list("activity__initiative", flat=True))
    # a concern belongs to the work it was opened for, and to the work that its contributions came from
    joined = _of_work(numbers)
    concerns = {one for listed in joined.values() for one in listed}
    open_ = set(Concern.objects.filter(pk__in=concerns, influence__in=SAY).values_list("pk", flat=True))
    told = set(Telling.objects.filter(concern__in=concerns).values_list("concern", flat=True))
    return {
        number: _judged(joined.get(number, set()), taken=number in taken, open_=open_, told=told)
        for number in numbers
    }


def _judged(concerns: set[int], *, taken: bool, open_: set[int], told: set[int]) -> Verdict:
    """Where something was open, only word of that very concern answers it: news of another is no answer."""
    say = concerns & open_
    return verdict_of(taken=taken, say=bool(say), told=bool((say or concerns) & told))


def _of_work(numbers: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for initiative, concern in Concern.objects.filter(initiative__in=numbers).values_list("initiative", "pk"):
        found.setdefault(initiative, set()).add(concern)
    spoken = Contribution.objects.filter(initiative__in=numbers).exclude(concerns=None)
    for initiative, concern in spoken.order_by().values_list("initiative", "concerns").distinct():
        found.setdefault(initiative, set()).add(concern)
    return found


def extraction_of_occasions(activity_ids: Collection[int]) -> dict[int, Verdict]:
    """The verdict on single occasions, by the concerns that their remarks stand under. Three queries."""
    numbers = list(activity_ids)
    rows = list(
        Contribution.objects.filter(activity__in=numbers)
        .exclude(state="withdrawn")
        .order_by()
        .values_list("activity", "concerns")
    )
    concerns = {concern for _, concern in rows if concern is not None}
    open_ = set(Concern.objects.filter(pk__in=concerns, influence__in=SAY).values_list("pk", flat=True))
    told = set(Telling.objects.filter(concern__in=concerns).values_list("concern", flat=True))
    taken = {activity for activity, _ in rows}
    mine: dict[int, set[int]] = {}
    for activity, concern in rows:
        if concern is not None:
            mine.setdefault(activity, set()).add(concern)
    return {
        number: _judged(mine.get(number, set()), taken=number in taken, open_=open_, told=told)
        for number in numbers
    }
