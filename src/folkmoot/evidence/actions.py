"""Writing evidence: studies factor by factor, appraisals, findings, clues registered beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, record, save_version
from folkmoot.coding.models import Claim
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evidence.models import Appraisal, HoopClue, HoopVerdict, Mark, QualitativeFinding, Study
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.policies import may_comment, require_edit, require_edit_for
from folkmoot.organisations.visibility import visible

DIFFERENCES = ("unit", "population", "dose", "delivery")
WITH_LEVEL = {"trial", "quasi", "panel", "survey", "review", "own"}


@action
def record_study(
    *,
    authors: str,
    title: str,
    owner: Organisation | ResearchTeam | None,
    visibility: str,
    by: User,
    **details: Any,
) -> Study:
    """Enter a study. ``owner`` None is the network's shared library."""
    owned = _owned(owner)
    require_edit_for(by, organisation_id=_pk(owned["organisation"]), team_id=_pk(owned["team"]))
    if not authors.strip() or not title.strip():
        raise FolkmootError("A study needs its authors and its title.")
    _require_levels(details)
    study = Study.objects.create(
        authors=authors.strip(), title=title.strip(), visibility=visibility, **owned, **details, **_made(by)
    )
    if not study.sample:
        # unknown participants are this study's own until somebody says otherwise
        study.sample = f"study {study.pk}"
        study.save(update_fields=["sample"])
    record("recorded a study", by=by, on=study)
    return study


@action
def revise_study(study: Study, *, expected: int, by: User, **details: Any) -> Study:
    """Correct what is recorded of a study. Every standing that used it follows at once."""
    require_edit(by, study)
    merged = {name: details.get(name, getattr(study, name)) for name in ("kind", "level_low", "level_high")}
    _require_levels(merged)
    for name, value in details.items():
        setattr(study, name, value)
    save_version(study, expected=expected, by=by)
    record("revised a study", by=by, on=study, changed=sorted(details))
    return study


@action
def mark_factor(
    study: Study,
    *,
    factor: Factor,
    sign: str,
    horizon: str = "",
    horizon_days: int | None = None,
    population: str = "",
    outcome: str = "",
    randomised: bool = False,
    by: User,
    **details: Any,
) -> Mark:
    """Say how one factor moved in a study, at one horizon, for one population and outcome.

    “±” is no sign: split it by horizon, population or outcome until each part has one.
    """
    require_edit(by, study)
    if sign not in Mark.Sign.values:
        raise FolkmootError(
            "A mark is one of ▲ ▼ = ○ –. Where it went both ways, split it until each part has one."
        )
    if study.kind == Study.Kind.QUALITATIVE:
        raise FolkmootError("A qualitative study explains; record its findings instead of marks.")
    if not Factor.objects.filter(visible(by), pk=factor.pk).exists():
        raise NotAllowed("You cannot mark this factor.")
    if details.get("manipulated") and bool(details.get("delivered")) != (sign == Mark.Sign.UP):
        raise FolkmootError("What was really delivered is marked ▲; what was not delivered cannot be.")
    made, _ = Mark.objects.update_or_create(
        study=study,
        factor=factor,
        horizon=horizon.strip(),
        population=population.strip(),
        outcome=outcome.strip(),
        defaults={"sign": sign, "horizon_days": horizon_days, **details},
    )
    if randomised:
        study.randomised_at.add(factor)
    record("marked a factor", by=by, on=made, **_owner(study), sign=sign, study=study.pk)
    return made


@action
def remove_mark(mark: Mark, *, by: User) -> None:
    """Take a mark back. What it said stays in the log."""
    require_edit(by, mark.study)
    record("removed a mark", by=by, on=mark, **_owner(mark.study), sign=mark.sign, study=mark.study_id)
    mark.delete()


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
    owner: Organisation | ResearchTeam | None,
    visibility: str,
    by: User,
) -> Appraisal:
    """Say how far a study can be trusted for one assumption here, and why. The newest word counts."""
    owned = _owned(owner)
    require_edit_for(by, organisation_id=_pk(owned["organisation"]), team_id=_pk(owned["team"]))
    for kind, row in ((Study, study), (Assumption, assumption)):
        if not kind.objects.filter(visible(by), pk=row.pk).exists():
            raise NotAllowed("You cannot appraise this.")
    if not why.strip():
        raise FolkmootError("Say why: an appraisal without its reason cannot be answered.")
    if not 0 <= level <= study.level_high:
        raise FolkmootError(f"The level lies between 0 and the study's own upper end, {study.level_high}.")
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
        **owned,
        **_made(by),
    )
    record("appraised a study", by=by, on=appraisal, level=level, read_in_full=read_in_full)
    return appraisal


@action
def retract_study(study: Study, *, on: date, note: str, expected: int, by: User) -> Study:
    """Record a retraction. The study stays visible and no longer counts anywhere."""
    require_edit(by, study)
    if not note.strip():
        raise FolkmootError("Say who retracted it and where that is published.")
    study.retracted_at, study.retraction_note = on, note.strip()
    save_version(study, expected=expected, by=by)
    record("recorded a retraction", by=by, on=study)
    return study


@action
def note_conflict(
    study: Study, *, conflict: str, marks: Sequence[Mark] = (), expected: int, by: User
) -> Study:
    """Record that reports of one study disagree. The marks named do not count until it is resolved."""
    require_edit(by, study)
    if not conflict.strip():
        raise FolkmootError("Say which reports disagree, and on what.")
    study.conflict = conflict.strip()
    save_version(study, expected=expected, by=by)
    Mark.objects.filter(study=study, pk__in=[mark.pk for mark in marks]).update(in_conflict=True)
    record("noted conflicting reports", by=by, on=study, marks=len(marks))
    return study


@action
def resolve_conflict(study: Study, *, resolution: str, expected: int, by: User) -> Study:
    """Record how conflicting reports were resolved; the marks count again as they now stand."""
    require_edit(by, study)
    if not resolution.strip():
        raise FolkmootError("Say which report stands, who read both, and why.")
    study.remarks = [*study.remarks, f"Conflicting reports, resolved: {resolution.strip()}"]
    study.conflict = ""
    save_version(study, expected=expected, by=by)
    Mark.objects.filter(study=study, in_conflict=True).update(in_conflict=False)
    record("resolved conflicting reports", by=by, on=study)
    return study


@action
def record_finding(
    assumption: Assumption,
    *,
    statement: str,
    direction: str,
    components: Mapping[str, str],
    confidence: str,
    why: str,
    owner: Organisation | ResearchTeam | None,
    visibility: str,
    study: Study | None = None,
    claims: Sequence[Claim] = (),
    by: User,
) -> QualitativeFinding:
    """Record what qualitative material says of how or when an assumption holds, by CERQual's four parts."""
    owned = _owned(owner)
    require_edit_for(by, organisation_id=_pk(owned["organisation"]), team_id=_pk(owned["team"]))
    if not statement.strip() or not why.strip():
        raise FolkmootError("A finding needs its statement, and why one may be so confident of it.")
    names = ("methodological_limits", "coherence", "adequacy", "relevance")
    missing = [name.replace("_", " ") for name in names if not components.get(name, "").strip()]
    if missing:
        raise FolkmootError(f"Say something of {', '.join(missing)}: confidence rests on all four parts.")
    if study is None and not claims:
        raise FolkmootError("A finding rests on a study or on claims; name them.")
    readable = Claim.objects.filter(visible(by), pk__in=[claim.pk for claim in claims])
    if len(readable) != len(set(claims)):
        raise NotAllowed("One of these claims is not yours to use.")
    finding = QualitativeFinding.objects.create(
        assumption=assumption,
        statement=statement.strip(),
        direction=direction,
        study=study,
        confidence=confidence,
        why=why.strip(),
        visibility=visibility,
        **{name: components[name].strip() for name in names},
        **owned,
        **_made(by),
    )
    finding.claims.set(readable)
    record("recorded a qualitative finding", by=by, on=finding)
    return finding


@action
def set_finding_state(finding: QualitativeFinding, *, state: str, why: str, by: Any) -> QualitativeFinding:
    """Change a finding's state, as a member check or its keepers say."""
    if state not in Claim.State.values:
        raise FolkmootError("There is no such state.")
    finding.state = state
    save_version(finding, expected=finding.version, by=by)
    record("changed the state of a finding", by=by, on=finding, state=state, why=why)
    return finding


@action
def register_hoop(
    assumption: Assumption,
    *,
    clue: str,
    where_to_look: str,
    owner: Organisation | ResearchTeam | None,
    visibility: str,
    by: User,
) -> HoopClue:
    """Register, before looking, a clue that must be there if the assumption holds."""
    owned = _owned(owner)
    require_edit_for(by, organisation_id=_pk(owned["organisation"]), team_id=_pk(owned["team"]))
    if not clue.strip() or not where_to_look.strip():
        raise FolkmootError("Say what has to be found, and where you will look.")
    made = HoopClue.objects.create(
        assumption=assumption,
        clue=clue.strip(),
        where_to_look=where_to_look.strip(),
        registered_at=timezone.now(),
        visibility=visibility,
        **owned,
        **_made(by),
    )
    record("registered a clue", by=by, on=made)
    return made


@action
def judge_hoop(
    clue: HoopClue, *, verdict: str, why: str, at: datetime | None = None, by: User
) -> HoopVerdict:
    """One coder's verdict. It takes two different coders who say “not found” for the clue to count."""
    if not may_comment(by) or not HoopClue.objects.filter(visible(by), pk=clue.pk).exists():
        raise NotAllowed("You cannot judge this clue.")
    if verdict not in HoopClue.Verdict.values:
        raise FolkmootError("A clue is found, or was looked for and not found.")
    if not why.strip():
        raise FolkmootError("Say what you looked at.")
    if clue.verdicts.filter(coder=by).exists():
        raise NotYet("You have judged this clue already.")
    made = HoopVerdict.objects.create(clue=clue, coder=by, verdict=verdict, why=why.strip(), **_made(by))
    clue.looked_at = at or timezone.now()
    save_version(clue, expected=clue.version, by=by)
    record("judged a clue", by=by, on=clue, verdict=verdict)
    return made


def _require_levels(details: Mapping[str, Any]) -> None:
    low, high = details.get("level_low"), details.get("level_high")
    if details.get("kind") in WITH_LEVEL and (low is None or high is None):
        raise FolkmootError("Give the study's level, from the lower to the upper end.")
    if low is not None and high is not None and not 0 <= low <= high <= 5:
        raise FolkmootError("A level lies between 0 and 5, the lower end first.")


def _owned(owner: Organisation | ResearchTeam | None) -> dict[str, Any]:
    return {
        "organisation": owner if isinstance(owner, Organisation) else None,
        "team": owner if isinstance(owner, ResearchTeam) else None,
    }


def _owner(study: Study) -> dict[str, Any]:
    return {"organisation_id": study.organisation_id, "team_id": study.team_id}


def _pk(owner: Any) -> int | None:
    return None if owner is None else int(owner.pk)


def _made(by: User) -> dict[str, Any]:
    return {"created_at": timezone.now(), "created_by": by.label}
