"""What a run does otherwise than was registered, and otherwise than the runs before it.

What does not belong here: departures that people write down themselves (``Departure``).
"""

from __future__ import annotations

from typing import Any

from folkmoot.evaluations.commands import CALLED
from folkmoot.evaluations.models import Plan, Run
from folkmoot.surveys.models import Indicator

COMPARED = (
    "outcome", "treated", "unit", "time", "first-treated", "start", "clusters", "weights", "strata", "blocks",
    "covariates", "received", "estimator", "inference", "summary", "comparison",
)  # fmt: skip


def differences_of(run: Run) -> list[str]:
    """Sentences on what differs: from the registration, then from the first run of the same outcome that was done."""
    plan, found = run.plan, []
    registered = plan.frozen.get("design", plan.design)
    if run.design != registered:
        found.append(f"Registered as “{_design(registered)}”; worked out as “{_design(run.design)}”.")
    if run.factor_id is None:
        better = plan.indicator.better if plan.indicator else ""
        if better in {Indicator.Better.UP, Indicator.Better.DOWN} and run.rises != (
            better == Indicator.Better.UP
        ):
            found.append("The measure says that the other direction is better.")
    return found + _beside_earlier(run)


def _beside_earlier(run: Run) -> list[str]:
    """The first run that was done stands for the plan: whoever works it out otherwise afterwards has seen its result."""
    first = (
        Run.objects.filter(plan_id=run.plan_id, factor=run.factor, state=Run.State.DONE)
        .order_by("pk")
        .first()
    )
    if first is None:
        return []
    found = []
    if first.data_sha256 != run.data_sha256:
        found.append(f"Run {first.pk} was worked out before, on another table.")
    if first.rises != run.rises:
        found.append(f"Run {first.pk} was worked out before, with the other direction expected.")
    before, now = first.command["options"], run.command["options"]
    for name in COMPARED:
        if _said(before.get(name)) != _said(now.get(name)):
            found.append(
                f"Run {first.pk} was worked out before, with {CALLED[name]} “{_said(before.get(name)) or 'none'}”; this one with"
                f" “{_said(now.get(name)) or 'none'}”."
            )
    return found


def limits_of(run: Run) -> list[str]:
    """Everything that limits what a run may be said to show: its caveats, what differs, departures, when data came."""
    plan = run.plan
    said = list(run.differs)
    said += [f"{one.what} ({one.why})" for one in plan.departures.order_by("pk")]
    if plan.registered_at is not None and not plan.frozen.get("analysis"):
        said.append("How it would be worked out was not written down before the answers were there.")
    if plan.registered_at is not None and run.dataset.created_at < plan.registered_at:
        said.append(
            "The table was here before the plan was registered: whoever wrote the plan could have looked at it."
        )
    said += [str(one) for one in run.result.get("caveats", [])]
    return list(dict.fromkeys(said))


def _design(value: str) -> str:
    return str(Plan.Design(value).label) if value in Plan.Design.values else value


def _said(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "")
