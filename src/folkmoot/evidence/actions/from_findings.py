"""A finding made here stands among the studies, with its marks and figures; withdrawn there, it is retracted here.

Called from below through ``evaluations.recording``, inside the finding's own transaction. Whoever evaluated is not
who appraises it: until somebody else has, it counts as read by its evaluator alone.
"""

from __future__ import annotations

import math
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, record, save_part
from folkmoot.core.errors import FolkmootError
from folkmoot.core.standing.library import HERE
from folkmoot.evaluations.commands import level_of
from folkmoot.evaluations.figures import estimate_of
from folkmoot.evaluations.models import Finding, FindingMark
from folkmoot.evaluations.saying import is_share, outcome_of
from folkmoot.evidence.actions.effects import record_effect
from folkmoot.evidence.actions.marks import REACH, mark_factor
from folkmoot.evidence.actions.studies import record_study, retract_study
from folkmoot.evidence.models import Study
from folkmoot.evidence.models.effects import Measure

SUMMARY = 4_000
UNIT = 60  # signs that the name of a unit has room for


@action
def record_from_finding(finding: Finding, *, by: Any) -> Study:
    """Enter a finding as a study of our own. Its level follows from the design and how it was worked out."""
    plan, run = finding.plan, finding.run
    low, high = level_of(plan.design, worked_out=run.design)
    study = record_study(
        authors=finding.evaluators,
        title=plan.title,
        owner=finding.organisation or finding.team,
        visibility=finding.visibility,
        by=by,
        year=finding.created_at.year,
        title_verified=True,
        reference=f"Plan registered on {plan.registered_at:%-d %B %Y}, sum {plan.frozen_sha256[:12]}",
        kind=Study.Kind.OWN,
        design=str(plan.Design(run.design).label)[:300],
        setting=" ".join(plan.activity.split())[:200],
        country=HERE,
        level_low=low,
        level_high=high,
        evaluators=finding.evaluators,
        sample=finding.sample,
        recruitment=plan.population,
        read_where=Study.Read.FULL,
        figures=[{"about": plan.outcome, "text": _figure(finding), "verified": True}],
        summary=" ".join(one for one in (finding.sentence, finding.words) if one)[:SUMMARY],
        remarks=list(finding.limits),
    )
    study.finding = finding
    study.save(update_fields=["finding"])
    for mark in finding.marks.select_related("factor").order_by("pk"):
        mark_factor(
            study,
            factor=mark.factor,
            sign=mark.sign,
            horizon=mark.horizon,
            horizon_days=mark.horizon_days,
            population=mark.population,
            outcome=mark.outcome,
            randomised=mark.randomised,
            manipulated=mark.manipulated,
            delivered=mark.delivered,
            figure=mark.figure,
            note=_note(mark),
            by=by,
        )
        _record_figure(study, mark, by=by)
    record("took a finding in as a study", by=by, on=study, finding=finding.pk)
    study.refresh_from_db()
    return study


def _record_figure(study: Study, mark: FindingMark, *, by: Any) -> None:
    """The size of what a run found, so that it is pooled with what other studies print.

    A result without an error of its own (chance alone decided its interval), or with one that makes no interval that
    keeps its promise, has no size that could be pooled.
    """
    run = mark.run
    if run is None:
        return
    found = estimate_of(run.result)
    error = found.standard_error
    if error is None or not math.isfinite(error) or error <= 0 or not found.is_bounded:
        return
    share = is_share(run)
    unit = run.plan.indicator.unit if run.plan.indicator is not None else ""
    record_effect(
        study,
        factor=mark.factor,
        measure=Measure.RISK if share else Measure.MEAN,
        unit="" if share else unit or outcome_of(run)[:UNIT],
        printed={"kind": "error", "estimate": found.estimate, "standard_error": error},
        expected_is_more=run.rises,
        outcome=mark.outcome,
        horizon=mark.horizon,
        horizon_days=mark.horizon_days,
        population=mark.population,
        place=f"Run {run.pk} of the plan",
        read_in_study=True,
        by=by,
    )


def _figure(finding: Finding) -> str:
    """The figure of the plan's own outcome, as its mark tells it."""
    mark = finding.marks.filter(run_id=finding.run_id).first()
    return str(mark.figure) if mark else ""


def _note(mark: Any) -> str:
    if not mark.because:
        return str(mark.note)
    return (
        f"{mark.note} By the rule {mark.get_by_rule_display()[:1]}; read otherwise: {mark.because}".strip()[
            :300
        ]
    )


@action
def retract_with_finding(finding: Finding, *, by: Any) -> Study | None:
    """A finding was withdrawn or superseded: its study stays to be read and counts nowhere any more."""
    study = Study.objects.filter(finding=finding).first()
    assert study is not None  # every finding has its study: they are recorded together
    if study.retracted_at is not None:
        record("was retracted before its finding no longer stood", by=by, on=study, finding=finding.pk)
        return study
    if finding.withdrawn_at is None:
        note = "A later finding of the same plan by its evaluators takes its place."
    else:
        note = f"Withdrawn by its evaluators: {finding.withdrawn_because}"[:300]
    day = (finding.withdrawn_at or timezone.now()).date()
    return retract_study(study, on=day, note=note, expected=study.version, by=by)


@action
def share_with_finding(finding: Finding, *, by: Any) -> Study:
    """How far a finding is shared, its study is shared; refused where its factors are not."""
    study = Study.objects.get(finding=finding)
    for mark in study.marks.select_related("factor"):
        if REACH[mark.factor.visibility] < REACH[finding.visibility]:
            raise FolkmootError(
                f"“{mark.factor}” is shared less far, and its wording would be shown with the finding. Share the chain that "
                "it is in first."
            )
    save_part(study, expected=None, by=by, visibility=finding.visibility)
    record("shared a study with its finding", by=by, on=study, visibility=finding.visibility)
    return study
