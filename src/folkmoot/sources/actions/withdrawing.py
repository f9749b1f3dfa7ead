"""Withdrawal: the words go at once and everywhere, and a tombstone says that something was here."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from folkmoot.audit.actions import TheInstance, action, record, save_version
from folkmoot.audit.models import Event
from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import User
from folkmoot.sources import storage, wishes, withdrawal
from folkmoot.sources.indexing import erase_traces, forget_sources, overwrite_deleted
from folkmoot.sources.models import Body, Import, Original, RedactionMark, Source, Speaker, Turn
from folkmoot.sources.policies import require_withdraw

TOMBSTONES = {Source.Kind.INTERVIEW: "Withdrawn interview", Source.Kind.GROUP: "Withdrawn group interview"}


@action
def withdraw_source(source: Source, *, reason: str, by: User | TheInstance) -> Source:
    """Remove the words, the speakers, the original and whatever describes the people; keep the tombstone.

    Passages keep their places without words, so that what was built on them can say that they were
    withdrawn. The file goes too, even where it held other sources: their words stay. Refuses a
    second withdrawal.
    """
    require_withdraw(by, source)
    source.refresh_from_db()  # a wish to withdraw is never refused because somebody edited the title
    if source.is_withdrawn:
        raise NotYet("This source was withdrawn already.")
    overwrite_deleted()
    withdrawal.tell(source, by=by)
    now = timezone.now()
    forget_sources([source.pk])
    erase_traces()
    RedactionMark.objects.filter(source=source).delete()
    Turn.objects.filter(source=source).delete()
    Speaker.objects.filter(source=source).delete()
    Body.objects.filter(source=source).delete()
    if source.original is not None:
        _erase(source.original, at=now)
    # an e-mail address or a name in a title would outlive the person's wish in the log
    tombstone = TOMBSTONES.get(Source.Kind(source.kind), "Withdrawn document")
    Event.objects.filter(object_kind="sources.source", object_id=str(source.pk)).update(
        object_label=tombstone
    )
    source.title = tombstone
    source.setting = source.recruitment = source.missing_people = ""
    source.held_on = source.about_organisation = source.people = None
    source.notes = []
    source.words = source.characters = 0
    source.state = Source.State.WITHDRAWN
    source.withdrawn_at, source.withdrawn_by = now, by.label[:200]
    source.withdrawal_reason = reason.strip()[:300]
    save_version(source, expected=source.version, by=by)
    record("sources.withdrawn", by=by, on=source, kind=source.kind)
    wishes.remember_withdrawal(source)
    return source


def _erase(original: Original, *, at: datetime) -> None:
    """Remove the file and every mention of its name; its hash stays, so that it is not brought back."""
    if original.erased_at is None:
        stored_as = original.stored_as
        # only after the commit; if the machine stops in between, the next sweep removes it
        transaction.on_commit(lambda: storage.remove(stored_as))
    for imported in Import.objects.filter(sources__original=original).distinct():
        for line in (*imported.files, *imported.set_aside):
            if line.get("name") == original.name:
                line["name"] = "a withdrawn file"
            if line.get("file") == original.name:
                line["file"], line["reason"] = "a withdrawn file", "withdrawn"
        imported.notes = []
        imported.save(update_fields=["files", "set_aside", "notes"])
    original.name, original.stored_as = "withdrawn", ""
    original.erased_at = original.erased_at or at
    original.save(update_fields=["name", "stored_as", "erased_at"])
