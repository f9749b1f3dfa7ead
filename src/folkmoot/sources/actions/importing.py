"""Bringing files in: read first, then stored in one transaction, all of it or nothing."""

from __future__ import annotations

import mimetypes
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db import IntegrityError
from django.utils import timezone

from folkmoot.audit.actions import action, record
from folkmoot.core.errors import BadImport
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.ownership import Owner, owned_by
from folkmoot.organisations.policies import require_edit_for
from folkmoot.organisations.visibility import Visibility
from folkmoot.sources import storage
from folkmoot.sources.indexing import index_sources
from folkmoot.sources.intake import (
    Incoming,
    Progress,
    Step,
    TakenDocument,
    TakenFile,
    account_of,
    pseudonyms,
    take_in_by_steps,
    who_spoke,
)
from folkmoot.sources.known import known_file
from folkmoot.sources.models import (
    Body,
    Import,
    Original,
    ProtectedName,
    RedactionMark,
    Source,
    Speaker,
    Turn,
)
from folkmoot.sources.names import proposed
from folkmoot.sources.reading.labels import names_several

DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y")


@dataclass(frozen=True, slots=True)
class _About:
    """What the person importing says of every source of the import."""

    kind: str
    owner: Owner
    visibility: str
    consent: str
    recruitment: str
    missing_people: str
    setting: str
    held_on: date | None
    about: Organisation | None
    published: bool
    names: tuple[str, ...]

    @property
    def owned(self) -> dict[str, Any]:
        return {**owned_by(self.owner), "visibility": self.visibility}


def import_sources(
    files: Iterable[Incoming | tuple[str, bytes]],
    *,
    kind: str,
    owner: Owner,
    visibility: str = "",
    consent: str = Source.Consent.COUNT,
    recruitment: str = "",
    missing_people: str = "",
    setting: str = "",
    held_on: date | None = None,
    names: Sequence[str] = (),
    about: Organisation | None = None,
    published: bool = False,
    progress: Progress | None = None,
    by: User,
) -> Import:
    """One ``Import`` with a source for every interview or document that the files hold.

    ``kind`` is "transcript" (one person or a group, as the speakers say) or a kind of source;
    ``files`` are names with their bytes. ``names`` join the team's list of protected names.
    ``published`` says that a document is public already: it counts as reviewed and may be found.
    A file that cannot be read, or is here already, is set aside with its sentence; where none can
    be read ``BadImport`` is raised. Stopped at any moment, everything is stored or nothing is.
    """
    steps = import_by_steps(
        files,
        kind=kind,
        owner=owner,
        visibility=visibility,
        consent=consent,
        recruitment=recruitment,
        missing_people=missing_people,
        setting=setting,
        held_on=held_on,
        names=names,
        about=about,
        published=published,
        by=by,
    )
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return cast(Import, end.value)
        if progress:
            progress(step.name, step.number, step.total)


def import_by_steps(
    files: Iterable[Incoming | tuple[str, bytes]],
    *,
    kind: str,
    owner: Owner,
    visibility: str = "",
    consent: str = Source.Consent.COUNT,
    recruitment: str = "",
    missing_people: str = "",
    setting: str = "",
    held_on: date | None = None,
    names: Sequence[str] = (),
    about: Organisation | None = None,
    published: bool = False,
    by: User,
) -> Generator[Step, None, Import]:
    """The same import as a generator that pauses before each file; it returns the ``Import``.

    Dropped at any pause, it has stored nothing.
    """
    team = owned_by(owner)["team"]
    organisation = owned_by(owner)["organisation"]
    require_edit_for(by, organisation_id=organisation and organisation.pk, team_id=team and team.pk)
    if kind != "transcript" and kind not in Source.Kind.values:
        raise BadImport(f"There is no kind of source “{kind}”.", remedy="Use transcript or strategy.")
    saying = _About(
        kind,
        owner,
        visibility or (Visibility.TEAM if team else Visibility.OWN),
        consent,
        recruitment.strip(),
        missing_people.strip(),
        setting.strip()[:200],
        held_on,
        about,
        published,
        tuple(name.strip() for name in names if name.strip()),
    )
    if organisation is not None and kind in {"transcript", Source.Kind.INTERVIEW, Source.Kind.GROUP}:
        raise BadImport(
            "Interviews belong to a research team, never to an organisation.",
            remedy="Choose a team as owner.",
        )
    storage.sweep()
    protected = list(ProtectedName.objects.filter(team=team).values_list("name", flat=True)) if team else []
    taken = yield from take_in_by_steps(
        files, names=[*protected, *saying.names], known=lambda sha256: known_file(owner, sha256)
    )
    if not taken:
        raise BadImport("No file was chosen.", remedy="Choose at least one file.")
    if all(one.refused and not one.known for one in taken):
        raise BadImport(" ".join(f"{one.name}: {one.refused}" for one in taken))
    try:
        return _store(taken, saying=saying, by=by)
    except IntegrityError:
        # somebody brought the same file in at the same moment and was first: now it is recognised
        return _store(taken, saying=saying, by=by)


# reading holds no lock: the frame stands only around the storing
import_sources.is_action = import_by_steps.is_action = True  # type: ignore[attr-defined]


@action
def _store(taken: Sequence[TakenFile], *, saying: _About, by: User) -> Import:
    now = timezone.now()
    made = {"created_at": now, "created_by": by.label[:200]}
    with storage.writing():
        taken = [_recheck(one, owner=saying.owner) for one in taken]
        account = account_of(taken)
        imported = Import.objects.create(
            kind=saying.kind,
            files=[one.counts for one in taken],
            unit=account.unit[:20],
            read=account.read,
            used=account.used,
            set_aside=list(account.set_aside),
            **saying.owned,
            **made,
        )
        stored: list[tuple[Source, TakenDocument]] = []
        for one in taken:
            if one.refused:
                continue
            original = _keep(one, saying=saying, made=made)
            for document in one.documents:
                stored.append((_source(document, original, imported, saying=saying, made=made), document))
        _store_words(stored)
        if saying.names and not isinstance(saying.owner, Organisation):
            ProtectedName.objects.bulk_create(
                [ProtectedName(team=saying.owner, name=name[:120], **made) for name in saying.names],
                ignore_conflicts=True,
            )
        imported.notes = sorted({note for source, _ in stored for note in source.notes})
        imported.save(update_fields=["notes"])
    record(
        "sources.imported",
        by=by,
        on=imported,
        sources=[source.pk for source, _ in stored],
        read=account.read,
        used=account.used,
        set_aside=len(account.set_aside),
    )
    return imported


def _recheck(one: TakenFile, *, owner: Owner) -> TakenFile:
    """Between reading and storing somebody else may have brought the same file in."""
    sentence = "" if one.refused else known_file(owner, one.sha256)
    if not sentence:
        return one
    aside = ({"file": one.name, "row": None, "reason": sentence},)
    return TakenFile(one.name, b"", "", (), aside, 1, 0, "file", refused=sentence, known=True)


def _keep(one: TakenFile, *, saying: _About, made: dict[str, Any]) -> Original:
    stored_as = storage.place_of(saying.owner, one.sha256)
    storage.write(stored_as, one.content)
    return Original.objects.create(
        sha256=one.sha256,
        name=one.name[:255],
        media_type=(mimetypes.guess_type(one.name)[0] or "application/octet-stream")[:100],
        size=len(one.content),
        stored_as=stored_as,
        **saying.owned,
        **made,
    )


def _source(
    document: TakenDocument, original: Original, imported: Import, *, saying: _About, made: dict[str, Any]
) -> Source:
    read = document.read
    roles = who_spoke(read)
    people = sum(role == "interviewee" and not names_several(label) for label, role in roles.items())
    notes = list(read.notes)
    kind = saying.kind
    transcript = kind in {"transcript", Source.Kind.INTERVIEW, Source.Kind.GROUP}
    if kind == "transcript":
        kind = Source.Kind.GROUP if people > 1 else Source.Kind.INTERVIEW
    if transcript and roles and not people:
        notes.append("The file does not say who asks and who answers: say so under “Who speaks”.")
    doubtful = sum(bool(turn.doubt) for turn in read.turns)
    if doubtful:
        notes.append(f"{doubtful:,} of {len(read.turns):,} turns have a doubtful place or speaker.")
    attributes = {key.casefold(): value for key, value in read.attributes.items()}
    places = (attributes.get(key, "") for key in ("setting", "location", "place", "venue"))
    reviewed = saying.published and not transcript
    return Source(
        kind=kind,
        title=(read.name.strip() or original.name)[:200],
        held_on=saying.held_on or _date(attributes.get("date", "")),
        setting=(saying.setting or next((place for place in places if place), ""))[:200],
        recruitment=saying.recruitment,
        missing_people=saying.missing_people,
        about_organisation=saying.about,
        consent=saying.consent,
        people=(people or None) if transcript else None,
        redaction=Source.Redaction.REVIEWED if reviewed else Source.Redaction.OPEN,
        redaction_reviewed_at=made["created_at"] if reviewed else None,
        redaction_reviewed_by=made["created_by"] if reviewed else "",
        original=original,
        imported=imported,
        words=len(document.text.split()),
        characters=len(document.text),
        notes=notes,
        changed_at=made["created_at"],
        changed_by=made["created_by"],
        **saying.owned,
        **made,
    )


def _date(words: str) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(words.strip(), form).date()
        except ValueError:
            continue
    return None


def _store_words(stored: Sequence[tuple[Source, TakenDocument]]) -> None:
    sources = Source.objects.bulk_create([source for source, _ in stored])
    Body.objects.bulk_create(
        [Body(source=source, text=document.text) for source, document in stored], batch_size=50
    )
    speakers = _speakers(stored)
    turns: list[Turn] = []
    marks: list[RedactionMark] = []
    for source, document in stored:
        for number, turn in enumerate(document.read.turns, 1):
            speaker = speakers.get((source.pk, turn.speaker[:120])) if turn.speaker else None
            turns.append(
                Turn(
                    source=source,
                    number=number,
                    speaker=speaker,
                    start=turn.start,
                    end=turn.end,
                    time_mark=turn.time_mark[:20],
                    doubt=turn.doubt[:300],
                )
            )
        if source.redaction == Source.Redaction.OPEN:
            marks += [proposed(source, proposal) for proposal in document.proposals]
    Turn.objects.bulk_create(turns, batch_size=2000)
    RedactionMark.objects.bulk_create(marks, batch_size=2000)
    index_sources([source for source in sources if source.redaction == Source.Redaction.REVIEWED])


def _speakers(stored: Sequence[tuple[Source, TakenDocument]]) -> dict[tuple[int, str], Speaker]:
    made: dict[tuple[int, str], Speaker] = {}
    for source, document in stored:
        roles = who_spoke(document.read)
        called = pseudonyms(roles)
        for label, role in roles.items():
            made.setdefault(
                (source.pk, label[:120]),
                Speaker(source=source, label=label[:120], pseudonym=called[label][:120], role=role),
            )
    Speaker.objects.bulk_create(made.values(), batch_size=2000)
    return made
