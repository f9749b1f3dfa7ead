"""Studies: what they are, what became of them, what a review pools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.evidence import retraction
from folkmoot.evidence.changes import watched
from folkmoot.evidence.limits import require_levels, require_reach
from folkmoot.evidence.models import Change, Mark, Study
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible

DETAILS = frozenset(
    [
        "key",
        "authors",
        "year",
        "title",
        "title_verified",
        "reference",
        "kind",
        "design",
        "setting",
        "country",
        "unit",
        "level_low",
        "level_high",
        "inclusion_level",
        "evaluators",
        "sample",
        "recruitment",
        "missing_people",
        "read_where",
        "figures",
        "not_verified",
        "summary",
        "corrected",
        "association",
        "differs",
        "remarks",
        "visibility",
    ]
)

# what decides whether and how a study counts, or what it prints: changing it is a correction
DECIDING = {
    "kind": "its kind",
    "level_low": "its level",
    "level_high": "its level",
    "inclusion_level": "its inclusion rule",
    "evaluators": "who evaluated",
    "sample": "whose data it rests on",
    "country": "its country",
    "read_where": "what was read of it",
    "association": "whether anything was compared",
    "differs": "what is unlike here",
    "figures": "its figures",
    "not_verified": "whether its figures were read in it",
}


@action
def record_study(
    *,
    authors: str,
    title: str,
    owner: Owner | None,
    visibility: str,
    by: User,
    **details: Any,
) -> Study:
    """Enter a study. ``owner`` None is the network's shared library."""
    require_edit_for(by, **ids_of(owner))
    if not authors.strip() or not title.strip():
        raise FolkmootError("A study needs its authors and its title.")
    require_reach(owner, visibility)
    require_levels(details)
    _require_known(details)
    study = Study.objects.create(
        authors=authors.strip(),
        title=title.strip(),
        visibility=visibility,
        **owned_by(owner),
        **details,
        **made(by),
    )
    if not study.sample:
        # unknown participants are this study's own until somebody says otherwise
        study.sample = f"study {study.pk}"
        study.save(update_fields=["sample"])
    record("recorded a study", by=by, on=study)
    return study


@action
def revise_study(study: Study, *, expected: int, because: str = "", by: User, **details: Any) -> Study:
    """Correct what is recorded of a study. Every standing that used it follows at once.

    A correction of what decides a standing, or of its figures, is kept as a change with its reason.
    """
    require_edit(by, study)
    _require_known(details)
    if "visibility" in details:
        require_reach(study.organisation or study.team, details["visibility"])
    merged = {name: details.get(name, getattr(study, name)) for name in ("kind", "level_low", "level_high")}
    require_levels(merged)
    changed = [name for name, value in details.items() if getattr(study, name) != value]
    deciding = [DECIDING[name] for name in changed if name in DECIDING]
    told = because.strip() or (details["corrected"].strip() if "corrected" in changed else "")
    reason = told or f"Corrected in its record: {', '.join(dict.fromkeys(deciding))}."
    with watched(study, what=Change.What.CORRECTED, because=reason, by=by, when=bool(deciding or told)):
        for name, value in details.items():
            setattr(study, name, value)
        save_version(study, expected=expected, by=by)
    record("revised a study", by=by, on=study, changed=sorted(details))
    return study


@action
def retract_study(study: Study, *, on: date, note: str, expected: int, by: User) -> Study:
    """Record a retraction. The study stays visible and no longer counts anywhere."""
    require_edit(by, study)
    if not note.strip():
        raise FolkmootError("Say who retracted it and where that is published.")
    with watched(study, what=Change.What.RETRACTED, because=note.strip(), by=by):
        study.retracted_at, study.retraction_note = on, note.strip()
        save_version(study, expected=expected, by=by)
    record("recorded a retraction", by=by, on=study)
    retraction.tell(study, by=by)
    return study


@action
def reinstate_study(study: Study, *, reason: str, expected: int, by: User) -> Study:
    """Take back a retraction that was recorded by mistake. That it once stood here stays to be read."""
    require_edit(by, study)
    if study.retracted_at is None:
        raise NotYet("This study is not recorded as retracted.")
    if not study.may_be_reinstated:
        raise NotYet(
            "This study is a finding that its evaluators withdrew or superseded, so it counts nowhere. "
            "Record a new finding from their plan instead."
        )
    if not reason.strip():
        raise FolkmootError("Say why the retraction was a mistake, and how you know.")
    day = f"{study.retracted_at:%-d %B %Y}"
    with watched(study, what=Change.What.REINSTATED, because=reason.strip(), by=by):
        study.remarks = [
            *study.remarks,
            f"A retraction of {day} was recorded here by mistake and taken back: {reason.strip()}",
        ]
        study.retracted_at, study.retraction_note = None, ""
        save_version(study, expected=expected, by=by)
    record("took back a retraction", by=by, on=study, reason=reason.strip())
    return study


@action
def note_conflict(
    study: Study, *, conflict: str, marks: Sequence[Mark] = (), expected: int, by: User
) -> Study:
    """Record that reports of one study disagree. The marks named do not count until it is resolved."""
    require_edit(by, study)
    if not conflict.strip():
        raise FolkmootError("Say which reports disagree, and on what.")
    with watched(study, what=Change.What.CONFLICT, because=conflict.strip(), by=by):
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
    with watched(study, what=Change.What.RESOLVED, because=resolution.strip(), by=by):
        study.remarks = [*study.remarks, f"Conflicting reports, resolved: {resolution.strip()}"]
        study.conflict = ""
        save_version(study, expected=expected, by=by)
        Mark.objects.filter(study=study, in_conflict=True).update(in_conflict=False)
    record("resolved conflicting reports", by=by, on=study)
    return study


@action
def set_pools(study: Study, *, pooled: Sequence[Study], expected: int | None = None, by: User) -> Study:
    """Say which studies a review put together, so that none of them counts beside it.

    Refused for anything but a review, and where a review would come to pool itself, directly or
    through another: no reading of that is right.
    """
    require_edit(by, study)
    if pooled and study.kind != Study.Kind.REVIEW:
        raise FolkmootError("Only a review pools other studies.")
    wanted = {one.pk for one in pooled}
    if Study.objects.filter(visible(by), pk__in=wanted).count() != len(wanted):
        raise FolkmootError("One of these studies is not here for you.")
    inside = _inside(wanted)
    if study.pk in wanted | inside:
        other = next((one for one in pooled if one.pk == study.pk or study.pk in _inside({one.pk})), study)
        raise FolkmootError(
            f"{other.short} already pools this review, or is the review itself: two reviews cannot pool each other. "
            "Correct the other one first."
        )
    with watched(
        study,
        what=Change.What.CORRECTED,
        because="What this review pools was corrected.",
        by=by,
        when=study.created_at.date() < timezone.now().date(),
        only_if_moved=True,
    ):
        save_part(study, expected=expected, by=by)
        study.pools.set(pooled)
    record("said what a review pools", by=by, on=study, pooled=sorted(wanted))
    return study


def _inside(start: set[int]) -> set[int]:
    """Everything that these studies pool, directly or through others."""
    through = cast(Any, Study.pools.through)
    pairs = list(through.objects.values_list("from_study_id", "to_study_id"))
    found: set[int] = set()
    waiting = set(start)
    while waiting:
        waiting = {inner for outer, inner in pairs if outer in waiting} - found
        found |= waiting
    return found


def _require_known(details: dict[str, Any]) -> None:
    unknown = set(details) - DETAILS
    if unknown:
        raise TypeError(f"a study has no {', '.join(sorted(unknown))}")
