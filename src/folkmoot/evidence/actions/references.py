"""References: looking at a file, bringing it in, taking it back; and what becomes of each paper."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evidence.actions.studies import record_study
from folkmoot.evidence.limits import require_reach
from folkmoot.evidence.models import Reference, ReferenceImport, Study
from folkmoot.evidence.references.reading import read_references
from folkmoot.evidence.references.waiting import Shelves, doi_key, title_key, twice_within
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import Visibility, visible

SAME = "It looks like one that is here, and you said that it is the same."
TWICE = "It looks like an earlier one of this file, and you said that it is the same."
TOO_LONG = 255


@action
def look_at_references(
    name: str, *, content: bytes, owner: Owner | None, visibility: str, by: User
) -> ReferenceImport:
    """Read a file of references and keep what was read to be looked at; nothing is on the list yet.

    Papers that nobody has read are a working list: it is for its owner or the network, not for everybody.
    """
    require_edit_for(by, **ids_of(owner))
    if visibility == Visibility.PUBLIC:
        raise FolkmootError("A list of what is still to be read is for its owner or the network.")
    require_reach(owner, visibility)
    found = read_references(content, name=name)
    if not found.read:
        raise FolkmootError(f"There is no reference in {name}.")
    looked = ReferenceImport.objects.create(
        name=name[:TOO_LONG],
        read=found.read,
        papers=[asdict(one) for one in found.papers],
        set_aside=[
            {"row": line, "reason": f"{reason[:1].upper()}{reason[1:]}."} for line, reason in found.set_aside
        ],
        visibility=visibility,
        **owned_by(owner),
        **made(by),
    )
    record("looked at a file of references", by=by, on=looked, read=found.read)
    return looked


@action
def bring_in_references(
    looked: ReferenceImport, *, leave_out_same: bool, expected: int, by: User
) -> ReferenceImport:
    """Put the papers of a file on the waiting list: read = used + set aside.

    What looks like one that is here is left out only where ``leave_out_same`` says so: a person's word.
    Otherwise it comes in, and is joined or kept apart one by one.
    """
    require_edit(by, looked)
    if looked.state != ReferenceImport.State.LOOKED_AT:
        raise NotYet("This file was brought in already.")
    shelves = Shelves(by)
    twice = twice_within(looked.papers)
    owned = {"organisation_id": looked.organisation_id, "team_id": looked.team_id}
    rows, aside = [], list(looked.set_aside)
    for paper in looked.papers:
        if leave_out_same:
            reason = TWICE if paper["number"] in twice else ""
            if shelves.alike(doi=paper["doi"], title=paper["title"], year=paper["year"]):
                reason = SAME
            if reason:
                aside.append({"row": paper["line"], "reason": reason})
                continue
        kept = {name: value for name, value in paper.items() if name != "line"}
        rows.append(
            Reference(
                came_in=looked,
                by_doi=doi_key(paper["doi"]),
                by_title=title_key(paper["title"], paper["year"]),
                visibility=looked.visibility,
                **kept,
                **owned,
                **made(by),
            )
        )
    Reference.objects.bulk_create(rows, batch_size=500)
    looked.used, looked.set_aside, looked.papers = len(rows), sorted(aside, key=lambda one: one["row"]), []
    looked.state = ReferenceImport.State.DONE
    save_version(looked, expected=expected, by=by)
    record("brought in references", by=by, on=looked, read=looked.read, used=looked.used)
    return looked


@action
def undo_references(looked: ReferenceImport, *, expected: int, by: User) -> int:
    """Take a file back: its papers leave the list, but for those that became studies. Gives how many left."""
    require_edit(by, looked)
    if looked.state == ReferenceImport.State.UNDONE:
        raise NotYet("This file was taken back already.")
    mine = Reference.objects.filter(came_in=looked).exclude(state=Reference.State.RECORDED)
    number, _ = mine.delete()
    looked.state, looked.papers = ReferenceImport.State.UNDONE, []
    save_version(looked, expected=expected, by=by)
    record("took back references", by=by, on=looked, left=number)
    return number


@action
def record_reference(
    paper: Reference, *, owner: Owner | None, visibility: str, by: User, **details: Any
) -> Study:
    """Record a study from a reference that somebody has read; the reference leaves the waiting list."""
    require_edit(by, paper)
    _require_waiting(paper)
    study: Study = record_study(owner=owner, visibility=visibility, by=by, **details)
    paper.study, paper.state = study, Reference.State.RECORDED
    save_version(paper, expected=paper.version, by=by)
    record("recorded a study from a reference", by=by, on=paper, study=study.pk)
    return study


@action
def join_reference(reference: Reference, *, study: Study, expected: int, by: User) -> Reference:
    """Say that a reference is a study that is here already."""
    require_edit(by, reference)
    _require_waiting(reference)
    if not Study.objects.filter(visible(by), pk=study.pk).exists():
        raise NotAllowed("This study is not here for you.")
    reference.study, reference.state = study, Reference.State.SAME
    save_version(reference, expected=expected, by=by)
    record("joined a reference to a study", by=by, on=reference, study=study.pk)
    return reference


@action
def keep_reference_apart(reference: Reference, *, expected: int, by: User) -> Reference:
    """Say that a reference only looks like one that is here."""
    require_edit(by, reference)
    _require_waiting(reference)
    reference.is_another = True
    save_version(reference, expected=expected, by=by)
    record("kept a reference apart", by=by, on=reference)
    return reference


@action
def set_reference_aside(reference: Reference, *, why: str, expected: int, by: User) -> Reference:
    """Say why a paper will not be recorded. It stays to be seen with its reason."""
    require_edit(by, reference)
    _require_waiting(reference)
    if not why.strip():
        raise FolkmootError("Say why it is set aside.")
    reference.why, reference.state = why.strip()[:300], Reference.State.ASIDE
    save_version(reference, expected=expected, by=by)
    record("set a reference aside", by=by, on=reference)
    return reference


@action
def put_reference_back(reference: Reference, *, expected: int, by: User) -> Reference:
    """Put a paper that was set aside or joined by mistake back on the waiting list."""
    require_edit(by, reference)
    if reference.state not in {Reference.State.ASIDE, Reference.State.SAME}:
        raise NotYet("Only what was set aside, or called the same, is put back.")
    reference.state, reference.why, reference.study = Reference.State.WAITING, "", None
    save_version(reference, expected=expected, by=by)
    record("put a reference back on the list", by=by, on=reference)
    return reference


def _require_waiting(reference: Reference) -> None:
    if reference.state != Reference.State.WAITING:
        raise NotYet(f"This reference is not waiting any more: {reference.get_state_display().lower()}.")
