"""Appraisals: how far a study can be trusted for one assumption here."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.evidence.limits import require_reach
from folkmoot.evidence.models import Appraisal, Study
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit_for
from folkmoot.organisations.visibility import visible

DIFFERENCES = ("unit", "population", "dose", "delivery")


@action
def appraise(
    study: Study,
    *,
    assumption: Assumption,
    level: int,
    same_country: bool,
    differs: Sequence[str],
    read_in_full: bool,
    appraiser_is_evaluator: bool,
    why: str,
    owner: Owner | None,
    visibility: str,
    by: User,
) -> Appraisal:
    """Say how far a study can be trusted for one assumption here, and why. The newest word counts."""
    require_edit_for(by, **ids_of(owner))
    require_reach(owner, visibility)
    for kind, row in ((Study, study), (Assumption, assumption)):
        if not kind.objects.filter(visible(by), pk=row.pk).exists():
            raise NotAllowed("You cannot appraise this.")
    if not why.strip():
        raise FolkmootError("Say why: an appraisal without its reason cannot be answered.")
    if not 0 <= level <= study.level_high:
        raise FolkmootError(f"The level lies between 0 and the study's own upper end, {study.level_high}.")
    if study.finding is not None and not appraiser_is_evaluator and by.label == study.finding.created_by:
        raise FolkmootError("You recorded this finding, so you are one of its evaluators: say so.")
    unknown = set(differs) - set(DIFFERENCES)
    if unknown:
        raise FolkmootError(f"What may differ is {', '.join(DIFFERENCES)}.")
    appraisal = Appraisal.objects.create(
        study=study,
        assumption=assumption,
        level=level,
        same_country=same_country,
        **{f"{name}_differs": name in differs for name in DIFFERENCES},
        read_in_full=read_in_full,
        appraiser_is_evaluator=appraiser_is_evaluator,
        why=why.strip(),
        visibility=visibility,
        **owned_by(owner),
        **made(by),
    )
    record("appraised a study", by=by, on=appraisal, level=level, read_in_full=read_in_full)
    return appraisal
