"""An import of activities: begun, matched, looked through, stored at one go, undone or dropped.

What does not belong here: reading files and reckoning (``importing``); that is done before a transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from folkmoot.activities.actions.bulk import _quiet, write_laid
from folkmoot.activities.importing import keeping
from folkmoot.activities.importing.known import Known, known_to, owner_of
from folkmoot.activities.importing.laying import Laid
from folkmoot.activities.importing.matching import Matching, first_guess, require_fit, with_words
from folkmoot.activities.importing.planning import Tell
from folkmoot.activities.importing.sheets import Sheet
from folkmoot.activities.importing.spellings import plain
from folkmoot.activities.models import Activity, ActivityImport, LearnedMatch, Tally
from folkmoot.audit.actions import TheInstance, action, made, record
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.jobs import actions as jobs
from folkmoot.jobs.models import Job
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for

State = ActivityImport.State
LOOK, BRING, UNDO = "activities.look", "activities.bring in", "activities.undo"
AT_ONCE = 400  # activities taken out in one question


class Corrected(NotYet):
    """What an import brought has been corrected since; ``rows`` of it."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        what = "1 activity of this import has" if rows == 1 else f"{rows:,} activities of this import have"
        super().__init__(
            f"{what} been corrected since. Undoing takes the corrections out as well: confirm that you want it."
        )


@action
def begin_import(
    filename: str,
    *,
    content: bytes,
    sheet: Sheet,
    organisation: Organisation,
    matching: Matching | None = None,
    by: User,
) -> ActivityImport:
    """Keep a file that was read as an unfinished import. The same file, brought in already, is refused; begun
    already, it goes on where it was left. With a ``matching`` it is for now, and no file is kept."""
    require_edit_for(by, organisation_id=organisation.pk)
    sha256 = hashlib.sha256(content).hexdigest()
    before = ActivityImport.objects.filter(organisation=organisation, sha256=sha256)
    done = before.filter(state=State.DONE).first()
    if done is not None:
        raise FolkmootError(
            f"This very file was brought in on {done.created_at:%-d %B %Y} by {done.created_by}. "
            "Undo that import first if it should be brought in again."
        )
    _drop_old(organisation)
    import_ = before.filter(state__in=[State.BEGUN, State.ASKED]).first() if matching is None else None
    if import_ is None:
        guess = matching or first_guess(sheet, known_to(organisation, by=by))
        import_ = ActivityImport.objects.create(
            organisation=organisation,
            visibility="own",
            filename=filename[-200:],
            sha256=sha256,
            matching=guess.as_json(),
            read=len(sheet.rows) + len(sheet.said),
            shown={
                "columns": list(sheet.columns),
                "notes": list(sheet.notes),
                "rows": len(sheet.rows),
                "priorities": list(sheet.said),
            },
            **made(by),
        )
    record("began an import", by=by, on=import_, rows=len(sheet.rows))
    if matching is None:
        keeping.keep(import_, content)
    return import_


def _drop_old(organisation: Organisation) -> None:
    """Unfinished imports that nobody took up for a month, and the files of imports that are no more."""
    old = timezone.now() - keeping.KEPT_FOR
    for import_ in ActivityImport.objects.filter(
        organisation=organisation, state__in=[State.BEGUN, State.ASKED], created_at__lt=old
    ):
        record("dropped an import", by=TheInstance(), on=import_, why="unfinished for a month")
        _delete(import_)
    begun = ActivityImport.objects.filter(state__in=[State.BEGUN, State.ASKED]).values_list("pk", flat=True)
    transaction.on_commit(lambda: keeping.sweep(set(begun)))


@action
def match_columns(import_: ActivityImport, *, sheet: Sheet, matching: Matching, by: User) -> ActivityImport:
    """Keep which column is what, and remember it for the organisation's next file."""
    import_, organisation = _unfinished(import_, by)
    known = known_to(organisation, by=by)
    require_fit(matching, sheet, known)
    _keep_matching(import_, matching)
    meanings: dict[str, list[str]] = {heading: [] for heading in sheet.columns}
    for key, heading in matching.columns.items():
        meanings[heading].append(key)
    for heading, pk in matching.tallies.items():
        meanings[heading].append(f"category:{pk}")
    said = {plain(heading)[:300]: " ".join(keys) or "nothing" for heading, keys in meanings.items()}
    _learn(organisation, "", said, by=by)
    record("matched the columns of an import", by=by, on=import_, fields=sorted(matching.columns))
    return import_


@action
def match_values(import_: ActivityImport, *, key: str, said: Mapping[str, str], by: User) -> ActivityImport:
    """Keep a person's word on what spellings of a field mean, and remember it for next time."""
    import_, organisation = _unfinished(import_, by)
    known = known_to(organisation, by=by)
    _require_meanings(known, key, said)
    _keep_matching(import_, with_words(Matching.of_json(import_.matching), key, said))
    _learn(organisation, key, {plain(one)[:300]: meaning for one, meaning in said.items()}, by=by)
    record("matched values of an import", by=by, on=import_, field=key, spellings=len(said))
    return import_


def _require_meanings(known: Known, key: str, said: Mapping[str, str]) -> None:
    if key not in known.meanings:
        raise FolkmootError("The values of this column are not matched.")
    allowed = {meaning for meaning, _ in known.choices[key]} | {"empty", "aside"}
    if not set(said.values()) <= allowed:
        raise FolkmootError("One of the meanings is not, or no longer, among those of your organisation.")


def _keep_matching(import_: ActivityImport, matching: Matching) -> None:
    """Another matching makes what was reckoned with the old one void."""
    if import_.state == State.ASKED and _live_job(import_) is not None:
        raise NotYet("This import is on its way in. Stop that first if you want to match it otherwise.")
    import_.state = State.BEGUN
    import_.matching = matching.as_json()
    import_.shown = {key: value for key, value in import_.shown.items() if key not in {"first", "job"}}
    import_.reasons, import_.noticed = [], []
    import_.used = import_.set_aside = 0
    import_.save()


def _learn(organisation: Organisation, field: str, said: Mapping[str, str], *, by: User) -> None:
    rows = [
        LearnedMatch(
            organisation=organisation, field=field, written=written, meaning=meaning[:120], **made(by)
        )
        for written, meaning in said.items()
    ]
    LearnedMatch.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "field", "written"],
        update_fields=["meaning", "created_at", "created_by"],
        batch_size=100,
    )


@action
def note_outlook(import_: ActivityImport, *, account: Mapping[str, Any], by: User) -> ActivityImport:
    """Keep what would happen, for the page that shows it."""
    import_, _ = _unfinished(import_, by)
    _note(import_, account)
    import_.save()
    record("looked an import through", by=by, on=import_, read=import_.read, used=import_.used)
    return import_


@action
def store_import(
    import_: ActivityImport, *, laid: Laid, account: Mapping[str, Any], by: User, tell: Tell = _quiet
) -> ActivityImport:
    """Store everything that was laid out and mark the import as done, in the same transaction."""
    # whoever comes second, after a worker died or with a second click, finds it done
    import_, organisation = _unfinished(import_, by)
    same = ActivityImport.objects.filter(organisation=organisation, sha256=import_.sha256, state=State.DONE)
    if same.exists():
        raise NotYet("This very file was brought in meanwhile by somebody else.")
    write_laid(laid, import_=import_, by=by, tell=tell)
    _note(import_, account)
    import_.state = State.DONE
    import_.save()
    transaction.on_commit(lambda: keeping.forget(import_.pk))
    return import_


def _note(import_: ActivityImport, account: Mapping[str, Any]) -> None:
    import_.read, import_.used = account["read"], account["used"]
    import_.set_aside, import_.reasons = account["set_aside"], account["reasons"]
    import_.noticed = account["noticed"]
    import_.shown = {**import_.shown, "first": account["first"]}


@action
def ask_for(import_: ActivityImport, *, what: str, by: User) -> Job:
    """Have the import looked through or brought in by the worker, with progress on a page of its own."""
    import_, organisation = _unfinished(import_, by)
    live = _live_job(import_)
    if live is not None:
        record("asked again for an import", by=by, on=import_)
        return live
    verb = "Look through" if what == LOOK else "Bring in"
    job: Job = jobs.ask(
        what,
        title=f"{verb} {import_.filename}"[:200],
        arguments={"import": import_.pk},
        organisation=organisation,
        by=by,
    )
    import_.shown = {**import_.shown, "job": job.pk}
    import_.state = State.ASKED if what == BRING else import_.state
    import_.save()
    return job


def _live_job(import_: ActivityImport) -> Job | None:
    found: Job | None = Job.objects.filter(
        pk=import_.shown.get("job", 0), state__in=[Job.State.WAITING, Job.State.RUNNING]
    ).first()
    return found


@action
def ask_to_undo(import_: ActivityImport, *, even_corrected: bool = False, by: User) -> Job:
    """Have an import taken out again by the worker, with progress. Refused as ``undo_import`` refuses."""
    import_, _ = _brought_in(import_, even_corrected=even_corrected, by=by)
    live = _live_job(import_)
    if live is not None:
        record("asked again for an import", by=by, on=import_)
        return live
    job: Job = jobs.ask(
        UNDO,
        title=f"Take out {import_.filename}"[:200],
        arguments={"import": import_.pk, "even_corrected": even_corrected},
        organisation=owner_of(import_),
        by=by,
    )
    import_.shown = {**import_.shown, "job": job.pk}
    import_.save()
    return job


def _brought_in(import_: ActivityImport, *, even_corrected: bool, by: User) -> tuple[ActivityImport, int]:
    """The import as it is now, held until the transaction ends, and how many of its rows were corrected since."""
    require_edit(by, import_)
    import_ = ActivityImport.objects.select_for_update().get(pk=import_.pk)
    if import_.state != State.DONE:
        raise NotYet("Only what was brought in can be taken out again.")
    brought = Activity.objects.filter(brought_by=import_)
    corrected: int = brought.filter(Q(version__gt=1) | Q(changed_at__isnull=False)).count()
    if corrected and not even_corrected:
        raise Corrected(corrected)
    return import_, corrected


@action
def undo_import(
    import_: ActivityImport, *, even_corrected: bool = False, by: User, tell: Tell = _quiet
) -> int:
    """Take out again all that the import brought, or nothing; gives how many activities. Raises Corrected where
    somebody corrected one of them since, unless ``even_corrected``."""
    import_, corrected = _brought_in(import_, even_corrected=even_corrected, by=by)
    numbers = list(Activity.objects.filter(brought_by=import_).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), AT_ONCE):
        tell(start, len(numbers), "Taking activities out, all or none")
        part = numbers[start : start + AT_ONCE]
        Tally.objects.filter(activity__in=part).delete()
        Activity.objects.filter(pk__in=part).delete()
    number = len(numbers)
    import_.state, import_.undone_at = State.UNDONE, timezone.now()
    import_.save()
    record("undid an import", by=by, on=import_, activities=number, corrected=corrected)
    return number


@action
def drop_import(import_: ActivityImport, *, by: User) -> None:
    """Throw away an unfinished import and its file. What was learned from it stays."""
    import_, _ = _unfinished(import_, by)
    if _live_job(import_) is not None:
        raise NotYet("This import is being worked on. Stop that first.")
    record("dropped an import", by=by, on=import_)
    _delete(import_)


def _delete(import_: ActivityImport) -> None:
    pk = import_.pk
    import_.delete()
    transaction.on_commit(lambda: keeping.forget(pk))


def _unfinished(import_: ActivityImport, by: User) -> tuple[ActivityImport, Organisation]:
    """The import as it is now, held until the transaction ends, and whose it is."""
    require_edit(by, import_)
    here = ActivityImport.objects.select_for_update().filter(pk=import_.pk).first()
    if here is None:
        raise NotYet("This import was dropped meanwhile.")
    if here.state in {State.DONE, State.UNDONE}:
        raise NotYet("This import is over; begin another one.")
    return here, owner_of(here)
