"""Runs: asked for, worked out, refused, stopped. A run is added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from folkmoot import __version__
from folkmoot.audit.actions import Actor, action, made, record
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evaluations.commands import SEED, laid_out
from folkmoot.evaluations.departing import differences_of
from folkmoot.evaluations.figures import estimate_of, require_enough
from folkmoot.evaluations.models import Dataset, Plan, Run
from folkmoot.evaluations.running import RUNS, worked_out_here
from folkmoot.jobs.actions import ask
from folkmoot.mechanisms.models import Factor
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import owner_of
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.visibility import visible

RUNNABLE = frozenset({Plan.State.REGISTERED, Plan.State.FOUND})
MOST_ROWS_HERE = 200_000  # of a run that is worked out while whoever asked waits


@action
def ask_run(
    plan: Plan,
    *,
    dataset: Dataset,
    choices: Mapping[str, Any],
    design: str = "",
    factor: Factor | None = None,
    smallest_change: float | None = None,
    rises: bool = True,
    seed: int = SEED,
    by: User,
) -> Run:
    """Ask for a run; it is worked out in the background, with progress, and can be stopped."""
    run = _begin(plan, dataset, choices, design, factor, smallest_change, rises, seed, by)
    job = ask(
        RUNS,
        title=f"Work out run {run.pk} of “{plan.title}”"[:200],
        arguments={"run": run.pk},
        organisation=plan.organisation,
        team=plan.team,
        by=by,
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    return run


@action
def run_now(
    plan: Plan,
    *,
    dataset: Dataset,
    choices: Mapping[str, Any],
    design: str = "",
    factor: Factor | None = None,
    smallest_change: float | None = None,
    rises: bool = True,
    seed: int = SEED,
    by: User,
) -> Run:
    """The same, worked out while whoever asked waits: for small tables and for programs."""
    if dataset.used > MOST_ROWS_HERE:
        raise NotYet(f"With more than {MOST_ROWS_HERE:,} rows a run is worked out in the background.")
    run = _begin(plan, dataset, choices, design, factor, smallest_change, rises, seed, by)
    try:
        result = worked_out_here(run)
        return settle_run(run, result=result, by=by)
    except FolkmootError as error:
        return refuse_run(run, because=str(error), by=by)


def _begin(
    plan: Plan,
    dataset: Dataset,
    choices: Mapping[str, Any],
    design: str,
    factor: Factor | None,
    smallest_change: float | None,
    rises: bool,
    seed: int,
    by: User,
) -> Run:
    require_edit(by, plan)
    if plan.state not in RUNNABLE:
        # whoever has seen a result cannot register a plan that does not know it
        raise NotYet(
            "Register the plan first: a run shows results, and a plan written after them foretells nothing."
        )
    if dataset.plan_id != plan.pk or dataset.erased_at is not None:
        raise NotYet("Choose a table that was brought to this plan and is still there.")
    design = design or plan.design
    if design not in Plan.Design.values:
        raise FolkmootError("Choose how it is worked out.")
    of_outcome = factor is None or factor.pk == plan.assumption.effect_id
    if factor is not None and not Factor.objects.filter(visible(by), pk=factor.pk).exists():
        raise NotAllowed("This factor is not here for you.")
    # the plan's own outcome is judged by what was registered, not by what somebody would like now
    smallest = plan.smallest_change if of_outcome else smallest_change or plan.smallest_change
    if not 0 < smallest < 1e12:
        raise FolkmootError("The smallest change that matters is a number above 0.")
    if not 0 <= seed < 2**31:
        raise FolkmootError("The seed is a whole number from 0.")
    _require_columns(dataset, choices)
    command = laid_out(design, choices=choices, smallest_change=smallest, seed=seed)
    run = Run(
        plan=plan,
        dataset=dataset,
        design=design,
        factor=None if of_outcome else factor,
        smallest_change=smallest,
        rises=rises,
        command=command.as_json(),
        seed=seed,
        data_sha256=dataset.sha256,
        code_version=__version__,
        **made(by),
    )
    run.differs = differences_of(run)
    run.as_planned = not run.differs
    run.save()
    record(
        "asked for a run",
        by=by,
        on=run,
        plan=plan.pk,
        data=dataset.sha256,
        as_planned=run.as_planned,
        **owner_of(plan),
    )
    return run


COLUMNS = (
    "outcome",
    "treated",
    "unit",
    "time",
    "clusters",
    "blocks",
    "received",
    "exposure",
    "weights",
    "strata",
)


def _require_columns(dataset: Dataset, choices: Mapping[str, Any]) -> None:
    known = {one["name"] for one in dataset.columns}
    named = [choices[name] for name in COLUMNS if choices.get(name)]
    for name in (*named, *choices.get("covariates", ())):
        if name not in known:
            raise FolkmootError(f"{dataset.name} has no column “{name}”.")


@action
def settle_run(run: Run, *, result: Mapping[str, Any], by: Actor) -> Run:
    """Keep what came out. Refused where it rests on so few people that it could point at one."""
    _require_asked(run)
    require_enough(result)
    estimate_of(result)
    run.state, run.result, run.finished_at = Run.State.DONE, dict(result), timezone.now()
    run.save(update_fields=["state", "result", "finished_at"])
    record("worked out a run", by=by, on=run, plan=run.plan_id, **owner_of(run.plan))
    return run


@action
def refuse_run(run: Run, *, because: str, by: Actor) -> Run:
    """Keep why nothing could be worked out. It counts as a run that was tried."""
    _require_asked(run)
    run.state, run.refused_because, run.finished_at = Run.State.REFUSED, because, timezone.now()
    run.save(update_fields=["state", "refused_because", "finished_at"])
    record("could not work out a run", by=by, on=run, plan=run.plan_id, **owner_of(run.plan))
    return run


@action
def cancel_run(run: Run, *, by: Actor) -> Run:
    """Note that a run was stopped before anything came out."""
    _require_asked(run)
    run.state, run.finished_at = Run.State.CANCELLED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    record("stopped a run", by=by, on=run, plan=run.plan_id, **owner_of(run.plan))
    return run


def _require_asked(run: Run) -> None:
    if run.state != Run.State.ASKED:
        raise NotYet("This run is over: ask for another, which will stand beside it.")
