"""What was done for the objective, as far as the readers may know it, and what of it nobody here is told.

Work is seen inside the organisation that does it; others are shown the totals it chose to share. Hours are
an activity, never an outcome, so they stand with whom it is with and not with how anyone knows.
"""

from __future__ import annotations

from folkmoot.activities.models import SharedHours
from folkmoot.activities.queries.reliance import ObjectiveWork, work_of_objective
from folkmoot.activities.queries.sums import year_before
from folkmoot.briefings.composing.context import Context
from folkmoot.briefings.composing.parts import Part, bullets, number, ref, say
from folkmoot.heard.extraction import Verdict
from folkmoot.heard.queries.extraction import extraction_of
from folkmoot.organisations.visibility import visible

TITLE = "Work done for it in the twelve months before"
NOTHING = "No work is recorded that these readers may see."


def done(context: Context) -> list[Part]:
    """Each initiative, or each shared total, and who was reached: where that can be seen, or why not here."""
    objective = context.briefing.objective
    if objective is None:
        return []
    since = year_before(context.today)
    own = work_of_objective(objective, context.readers, since=since, until=context.today)
    if own:
        given = extraction_of([one.initiative.pk for one in own])
        items = [_initiative(one, objective.pk, given[one.initiative.pk]) for one in own]
        reached = (
            "Who was reached, against who lives there, is counted on the organisation's page of reach; a count "
            "of people is no outcome."
        )
    else:
        items = [_shared(one) for one in _totals(context)]
        reached = (
            "Who was reached, against who lives there, is seen only inside the organisation that did the work; "
            "this edition cannot say it."
        )
    return [bullets(TITLE, items, nothing=NOTHING), say(reached)]


def _totals(context: Context) -> list[SharedHours]:
    chains = [one.mechanism.pk for one in context.subject.chains]
    found = SharedHours.objects.filter(
        visible(context.readers),
        mechanism_version__mechanism__in=chains,
        until__gt=year_before(context.today),
    )
    return list(found.select_related("organisation", "mechanism_version__mechanism").order_by("pk"))


def _initiative(one: ObjectiveWork, objective: int, given: Verdict) -> Part:
    sums = one.sums
    if not sums.activities:
        return say(
            f"{one.initiative.name}: nothing was recorded.", ref("objective", objective, "the objective")
        )
    without = f" ({sums.without_hours:,} do not say how long they took)" if sums.without_hours else ""
    return say(
        f"{one.initiative.name}: {number(sums.activities, 'occasion')}, {sums.hours:,.1f} hours{without}. One "
        # wherever work is counted, so is what people were given back for what they said
        f"hour can serve several objectives. Given back to people: {given.word}. {given.sentence}",
        ref("objective", objective, "the objective"),
    )


def _shared(one: SharedHours) -> Part:
    version = one.mechanism_version
    without = f"; {one.without_hours:,} do not say how long they took" if one.without_hours else ""
    return say(
        f"{one.organisation} recorded {one.hours:,.1f} hours on {number(one.activities, 'occasion')} of “{version.mechanism}” "
        f"in the twelve months to {one.until:%-d %B %Y}{without}. It shares this total and no more.",
        ref("mechanism", version.mechanism_id, "the chain"),
    )
