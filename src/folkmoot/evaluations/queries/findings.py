"""A finding for its page, and what the form that records one offers.

What does not belong here: the study that it stands for among the evidence; that room is above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from folkmoot.core.wording.finding import amount
from folkmoot.evaluations.actions.findings import STATES
from folkmoot.evaluations.figures import estimate_of
from folkmoot.evaluations.models import Finding, FindingMark, Plan, Run
from folkmoot.evaluations.plots import estimates, over_time
from folkmoot.evaluations.queries.runs import counts_shown
from folkmoot.evaluations.saying import figure_of, is_share, proposal_of
from folkmoot.mechanisms.models import Factor, Step
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import visible
from folkmoot.ui.pictures.picture import Picture

SIGNS = {"up": "▲", "down": "▼", "same": "=", "not_found": "○", "not_measured": "–"}


@dataclass(frozen=True, slots=True)
class MarkShown:
    """One factor of a finding: its sign with its words, and the rule's where a person said otherwise."""

    mark: FindingMark
    sign: str
    words: str
    rule_sign: str


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One finding with everything that its page says."""

    finding: Finding
    marks: tuple[MarkShown, ...]
    pictures: tuple[tuple[str, Picture], ...]
    counts: tuple[tuple[str, str], ...]
    smallest: str
    may_edit: bool
    may_confirm: bool
    states: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FactorToMark:
    """One factor that a finding may speak of. ``run`` is the newest that measured it, ``rule`` what that gives."""

    factor: Factor
    run: Run | None
    figure: str
    rule: str
    because: str


def findings_seen(viewer: Any) -> QuerySet[Finding]:
    found: QuerySet[Finding] = Finding.objects.visible_to(viewer).select_related(
        "plan__assumption__cause",
        "plan__assumption__effect",
        "run__dataset",
        "organisation",
        "team",
        "superseded_by",
    )
    return found


def finding_page(finding: Finding, *, viewer: Any) -> FindingPage:
    """One finding for its page, factors in the order of the chain."""
    edits = may_edit(viewer, finding)
    place = {one.pk: number for number, one in enumerate(chain_factors(finding.plan, viewer=viewer))}
    rows = sorted(
        finding.marks.select_related("factor", "run"),
        key=lambda one: (place.get(one.factor_id, 10**6), one.pk),
    )
    marks = tuple(
        MarkShown(
            one,
            SIGNS[one.sign],
            one.get_sign_display()[2:],
            SIGNS.get(one.by_rule, "") if one.because else "",
        )
        for one in rows
    )
    share, smallest = bool(finding.figures.get("share")), float(finding.figures["smallest_change"])
    after = STATES[Finding.State(finding.state)] if finding.withdrawn_at is None else set()
    own = getattr(viewer, "label", "") == finding.created_by
    return FindingPage(
        finding=finding,
        marks=marks,
        pictures=_pictures(finding, marks, share, smallest),
        counts=counts_shown(finding.figures, exact=edits),
        smallest=amount(smallest, share=share) + (" points" if share else ""),
        may_edit=edits,
        may_confirm=edits and bool(after),
        states=tuple(
            (str(one.value), str(one.label))
            for one in Finding.State
            if one in after and not (own and one == Finding.State.CONFIRMED)
        ),
    )


def _pictures(
    finding: Finding, marks: tuple[MarkShown, ...], share: bool, smallest: float
) -> tuple[tuple[str, Picture], ...]:
    """What was measured between and at the end, in one picture where it is in one unit."""
    rows = []
    for one in marks:
        run = one.mark.run
        if (
            run is None
            or run.pk == finding.run_id
            or is_share(run) != share
            or run.smallest_change != smallest
        ):
            continue
        rows.append((str(one.mark.factor), estimate_of(run.result), one.words))
    own = next((one.words for one in marks if one.mark.run_id == finding.run_id), "")
    rows.append((finding.plan.outcome, estimate_of(finding.figures), own))
    whole = estimates(rows, share=share, smallest=smallest, title="What this finding leaves possible")
    times = over_time(
        finding.figures, share=share, smallest=smallest, title="The finding by time since the start"
    )
    return tuple((name, one) for name, one in (("change", whole), ("times", times)) if one is not None)


def chain_factors(plan: Plan, *, viewer: Any) -> tuple[Factor, ...]:
    """The factors of the chain that a plan's assumption stands in, causes first: its owner's own chain, else another.

    Without any chain, the two ends of the assumption.
    """
    steps = list(
        Step.objects.filter(
            visible(viewer, through="assumption"),
            visible(viewer, through="version__mechanism"),
            version__is_current=True,
            version__mechanism__retired_at=None,
            version__steps__assumption=plan.assumption_id,
        )
        .select_related("assumption__cause", "assumption__effect", "version__mechanism")
        .order_by("version_id", "position")
        .distinct()
    )
    if not steps:
        return (plan.assumption.cause, plan.assumption.effect)
    best = min(
        {one.version_id: one.version for one in steps}.values(), key=lambda one: (not _own(one, plan), one.pk)
    )
    ordered: dict[int, Factor] = {}
    for one in steps:
        if one.version_id == best.pk:
            ordered.setdefault(one.assumption.cause_id, one.assumption.cause)
            ordered.setdefault(one.assumption.effect_id, one.assumption.effect)
    return tuple(ordered.values())


def _own(version: Any, plan: Plan) -> bool:
    mechanism = version.mechanism
    return bool(
        (mechanism.organisation_id and mechanism.organisation_id == plan.organisation_id)
        or (mechanism.team_id and mechanism.team_id == plan.team_id)
    )


def to_mark(plan: Plan, *, viewer: Any) -> tuple[FactorToMark, ...]:
    """The factors beside the plan's own outcome, each with the newest run that measured it."""
    runs: dict[int, Run] = {}
    rows = Run.objects.filter(plan=plan, state=Run.State.DONE, factor__isnull=False).select_related(
        "plan", "dataset"
    )
    for run in rows.order_by("pk"):
        runs[run.factor_id or 0] = run
    found = []
    for factor in chain_factors(plan, viewer=viewer):
        if factor.pk == plan.assumption.effect_id:
            continue
        measured = runs.get(factor.pk)
        proposal = proposal_of(measured) if measured else None
        found.append(
            FactorToMark(
                factor=factor,
                run=measured,
                figure=figure_of(measured) if measured else "",
                rule=proposal.mark.value if proposal else "",
                because=proposal.because if proposal else "",
            )
        )
    return tuple(found)
