"""Runs and tables for pages: what came out, in words and pictures, for whoever may see it.

Inside an owner everybody sees its runs; everybody else sees those that a finding rests on which they may see.
What does not belong here: the words and pictures themselves (``saying``, ``plots``).
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.core.disclosure.published import PUBLIC
from folkmoot.core.standing.proposing import RULE, Proposal
from folkmoot.evaluations.commands import SHAPES, command_from
from folkmoot.evaluations.departing import limits_of
from folkmoot.evaluations.figures import PEOPLE, counts_of, estimate_of
from folkmoot.evaluations.models import Dataset, Finding, Plan, Run
from folkmoot.evaluations.plots import estimates, over_time
from folkmoot.evaluations.saying import figure_of, is_share, outcome_of, proposal_of, sentence_of
from folkmoot.jobs.models import Job
from folkmoot.jobs.queries import JobView, shown
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.ui.pictures.picture import Picture

COLOURS = {"asked": "blue", "done": "green", "refused": "red", "cancelled": "yellow"}
COUNTED = {
    "rows": "rows in the table",
    "used": "rows used",
    "set_aside": "rows set aside",
    "treated": "rows of those who had it",
    "untreated": "rows of those who had not",
    "clusters": "drawn as a whole",
    "clusters_treated": "of these, had it",
    "units": "followed",
    "units_treated": "of these, had it at some time",
    "units_never_treated": "never had it",
    "units_left_out": "left out",
    "periods": "periods",
    "cohorts": "different starts",
    "points": "figures in the series",
    "points_before": "before the start",
    "points_after": "after it",
    "points_left_out": "left out",
    "blocks": "parts within which lots were drawn",
    "donors": "others that make up the comparison",
}


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in a list. ``sentence`` is empty where nothing came out, ``mark`` is what the rule makes of it."""

    run: Run
    state: str
    colour: str
    of: str
    sentence: str
    mark: str
    said: str
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class RunsOfPlan:
    """Everything that was worked out for a plan, and with which tables. ``unseen`` runs are counted, not shown."""

    rows: tuple[RunRow, ...]
    unseen: int
    tables: tuple[Dataset, ...]
    may_edit: bool
    may_run: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run with everything that its page says."""

    run: Run
    row: RunRow
    figure: str
    proposal: Proposal | None
    rule: str
    pictures: tuple[tuple[str, Picture], ...]
    placebo: Mapping[str, Any]
    limits: tuple[str, ...]
    refused: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    method: str
    p_value: float | None
    command: str
    supposing: str
    job: JobView | None
    may_edit: bool
    may_record: bool
    table_is_there: bool


def inside(viewer: Any, *, through: str = "") -> Q:
    """Rows whose plan belongs to an organisation or team of the viewer."""
    path, access = f"{through}__" if through else "", access_of(viewer)
    return Q(**{f"{path}organisation__in": list(access.organisations)}) | Q(
        **{f"{path}team__in": list(access.teams)}
    )


def runs_seen(viewer: Any) -> QuerySet[Run]:
    """The runs that this person may see."""
    found: QuerySet[Run] = (
        Run.objects.filter(
            inside(viewer, through="plan")
            | visible(viewer, through="finding")
            | visible(viewer, through="marks__finding")
        )
        .distinct()
        .select_related(
            "plan__assumption__effect",
            "plan__assumption__cause",
            "plan__organisation",
            "plan__team",
            "dataset",
            "factor",
        )
    )
    return found


def runs_of(plan: Plan, viewer: Any) -> RunsOfPlan:
    """The runs of a plan, the newest first, and its tables for those who work with them. Four queries."""
    runs = list(runs_seen(viewer).filter(plan=plan).order_by("-pk"))
    findings = {one.run_id: one for one in Finding.objects.filter(visible(viewer), plan=plan)}
    jobs = _jobs(runs)
    edits = may_edit(viewer, plan)
    for one in runs:
        one.plan = plan
    return RunsOfPlan(
        rows=tuple(_row(one, findings.get(one.pk), jobs.get(one.job_id or 0)) for one in runs),
        unseen=Run.objects.filter(plan=plan).count() - len(runs),
        tables=tuple(Dataset.objects.filter(plan=plan).order_by("-pk")) if edits else (),
        may_edit=edits,
        may_run=edits and plan.state in {Plan.State.REGISTERED, Plan.State.FOUND},
    )


def run_page(run: Run, *, viewer: Any) -> RunPage:
    """One run for its page."""
    finding = Finding.objects.filter(visible(viewer), run=run).first()
    job = Job.objects.filter(pk=run.job_id).first() if run.job_id else None
    row, done = _row(run, finding, job), run.state == Run.State.DONE
    edits = may_edit(viewer, run.plan)
    return RunPage(
        run=run,
        row=row,
        figure=figure_of(run) if done else "",
        proposal=proposal_of(run) if done else None,
        rule=RULE,
        pictures=pictures_of(run) if done else (),
        placebo=run.result.get("placebo", {}),
        limits=tuple(limits_of(run)),
        refused=tuple(dict.fromkeys(str(one["reason"]) for one in run.result.get("refused", []))),
        counts=counts_shown(run.result, exact=edits),
        method=str(run.result.get("method", "")),
        p_value=estimate_of(run.result).p_value if done else None,
        command=command_line(run),
        supposing=SHAPES[run.design].supposing,
        job=shown(job, viewer=viewer) if job is not None and run.state == Run.State.ASKED else None,
        may_edit=edits,
        may_record=edits
        and done
        and run.factor_id is None
        and run.plan.state in {Plan.State.REGISTERED, Plan.State.FOUND}
        and not Finding.objects.filter(run=run).exists(),
        table_is_there=run.dataset.erased_at is None,
    )


def pictures_of(run: Run) -> tuple[tuple[str, Picture], ...]:
    """The pictures of a run that is done, each with the id of its place on the page."""
    found, share = estimate_of(run.result), is_share(run)
    read = proposal_of(run).mark
    whole = estimates(
        [(outcome_of(run), found, read.meaning)],
        share=share,
        smallest=run.smallest_change,
        title=f"What run {run.pk} leaves possible",
    )
    times = over_time(
        run.result, share=share, smallest=run.smallest_change, title=f"Run {run.pk} by time since the start"
    )
    return tuple((name, one) for name, one in (("change", whole), ("times", times)) if one is not None)


def counts_shown(result: Mapping[str, Any], *, exact: bool) -> tuple[tuple[str, str], ...]:
    """The counts of a result in words. For people outside, counts of people are rounded and small ones hidden."""
    told = []
    for name, count in counts_of(result).items():
        text = f"{count:,}" if exact or name not in PEOPLE else str(PUBLIC.shows(count))
        told.append((COUNTED.get(name, name.replace("_", " ")), text))
    return tuple(told)


def command_line(run: Run) -> str:
    """The command as somebody would type it, with the table under the name that a download gives it."""
    return shlex.join(["folkmoot", "analyse", *command_from(run.command).words(download_name(run.dataset))])


def download_name(dataset: Dataset) -> str:
    """What a table is called outside: by its content, so that nobody takes another for it."""
    return f"folkmoot-{dataset.sha256[:12]}.{dataset.form}"


def _row(run: Run, finding: Finding | None, job: Job | None) -> RunRow:
    done = run.state == Run.State.DONE
    state, colour = run.get_state_display(), COLOURS[run.state]
    if run.state == Run.State.ASKED and job is not None and job.is_over:
        # a job that never began, or whose worker died, leaves no word at the run
        state, colour = job.get_state_display(), "yellow" if job.state == Job.State.CANCELLED else "red"
    proposal = proposal_of(run) if done else None
    return RunRow(
        run=run,
        state=state,
        colour=colour,
        of=outcome_of(run),
        sentence=sentence_of(run) if done else "",
        mark=proposal.mark.sign if proposal else "",
        said=proposal.mark.meaning if proposal else "",
        finding=finding,
    )


def _jobs(runs: list[Run]) -> dict[int, Job]:
    waiting = [one.job_id for one in runs if one.state == Run.State.ASKED and one.job_id]
    return {one.pk: one for one in Job.objects.filter(pk__in=waiting)} if waiting else {}
