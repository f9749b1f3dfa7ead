"""Trying a plan on its past figures: now where that is quick, as long work with progress otherwise.

What does not belong here: what comes out (``sight``), keeping it (``actions.plans``).
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from folkmoot.core.errors import CannotAnalyse, NotYet
from folkmoot.evaluations.actions.plans import store_sight
from folkmoot.evaluations.models import Plan, Sight
from folkmoot.evaluations.sight.asking import Asked, asked_of
from folkmoot.evaluations.sight.past import Past, past_of
from folkmoot.evaluations.sight.reckoning import AT_ONCE, UNKNOWN, Told, answer
from folkmoot.jobs.actions import ask
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Progress
from folkmoot.organisations.models import User
from folkmoot.organisations.policies import require_edit

SIGHT = "evaluations.sight"  # the kind of long work


def look(plan: Plan, *, by: User) -> Sight | Job:
    """The answer for the plan as it stands; a job where the past figures are too many to wait for."""
    require_edit(by, plan)
    if plan.registered_at is not None:
        raise NotYet("A registered plan keeps the answer that it was registered with.")
    asked = asked_of(plan)
    past, refused = _past(asked, by)
    if past is not None and past.figures.size > AT_ONCE:
        waiting = latest_job(plan)
        if waiting is not None and not waiting.is_over and waiting.arguments["asked"] == asked.as_json():
            return waiting
        return ask(
            SIGHT,
            title=f"Could this see it? {plan.title}",
            arguments={"plan": plan.pk, "asked": asked.as_json()},
            organisation=plan.organisation,
            team=plan.team,
            by=by,
        )
    return _kept(plan, asked, past, refused, by=by)


def long_look(job: Job, progress: Progress) -> dict[str, Any]:
    """The long work. Stopped or begun again, it leaves one answer or none."""
    plan = Plan.objects.filter(pk=job.arguments["plan"]).first()
    asked = None if plan is None else asked_of(plan)
    if plan is None or asked is None or asked.as_json() != job.arguments["asked"] or job.asked_by is None:
        raise NotYet("The plan has been changed since, so this question is not asked any more.")
    past, refused = _past(asked, job.asked_by)
    _kept(
        plan,
        asked,
        past,
        refused,
        by=job.asked_by,
        told=lambda done, total, step: progress(done, total, step),
    )
    return {
        "sentence": "It has been tried on the past figures.",
        "url": reverse("plan", args=[plan.pk]),
        "link": "Open the plan",
    }


def latest_job(plan: Plan) -> Job | None:
    """The long work that is to answer for a plan."""
    return Job.objects.filter(kind=SIGHT, arguments__plan=plan.pk).order_by("-pk").first()


def _past(asked: Asked, by: User) -> tuple[Past | None, str]:
    """The past figures, or the sentence why they cannot be used."""
    if asked.history is None:
        return None, ""
    try:
        return past_of(asked.history, scale=asked.scale, viewer=by), ""
    except CannotAnalyse as error:
        return None, str(error)


def _kept(
    plan: Plan, asked: Asked, past: Past | None, refused: str, *, by: User, told: Told | None = None
) -> Sight:
    found = answer(asked, past, told=told)
    if refused:
        # an answer without the figures that the plan names would be an answer to another question
        found |= {"verdict": UNKNOWN, "power": None, "smallest": None, "why_not": refused}
    return store_sight(
        plan, asked=asked.as_json(), answer=found, figures_sha256=past.sha256 if past else "", by=by
    )
