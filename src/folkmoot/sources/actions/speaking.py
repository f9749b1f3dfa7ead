"""Correcting who spoke: a pseudonym, a role, two labels that are one person, the speaker of a turn."""

from __future__ import annotations

from collections.abc import Collection

from folkmoot.audit.actions import action, record
from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import User
from folkmoot.sources.models import Source, Speaker, Turn
from folkmoot.sources.policies import require_change


@action
def correct_speaker(
    speaker: Speaker, *, pseudonym: str, role: str, claimant_role: str = "", by: User
) -> Speaker:
    """Give a speaker another pseudonym, role or post; the count of people interviewed follows."""
    require_change(by, speaker.source)
    if not pseudonym.strip():
        raise NotYet("Give the speaker a pseudonym.")
    if role not in Speaker.Role.values:
        raise NotYet("A speaker is an interviewer, an interviewee, or other.")
    speaker.pseudonym, speaker.role = pseudonym.strip()[:120], role
    speaker.claimant_role = claimant_role.strip()[:30]
    speaker.save(update_fields=["pseudonym", "role", "claimant_role"])
    _recount(speaker.source)
    record("sources.speaker.corrected", by=by, on=speaker.source, speaker=speaker.pk, role=role)
    return speaker


@action
def join_speakers(speakers: Collection[Speaker], *, into: Speaker, by: User) -> Speaker:
    """Several labels that are one person become one speaker; their turns follow."""
    require_change(by, into.source)
    others = [one for one in speakers if one.pk != into.pk]
    if not others:
        raise NotYet("Choose at least one other label to join with this speaker.")
    if any(one.source_id != into.source_id for one in others):
        raise NotYet("Only speakers of the same source can be joined.")
    ids = [one.pk for one in others]
    moved = Turn.objects.filter(speaker__in=ids).update(speaker=into)
    Speaker.objects.filter(pk__in=ids).delete()
    _recount(into.source)
    record("sources.speakers.joined", by=by, on=into.source, into=into.pk, joined=ids, turns=moved)
    return into


@action
def correct_turn(turn: Turn, *, speaker: Speaker, by: User) -> Turn:
    """Say who spoke a turn; its doubt is settled by that."""
    require_change(by, turn.source)
    if speaker.source_id != turn.source_id:
        raise NotYet("Only a speaker of the same source can have spoken this.")
    turn.speaker, turn.doubt = speaker, ""
    turn.save(update_fields=["speaker", "doubt"])
    record("sources.turn.corrected", by=by, on=turn.source, turn=turn.number, speaker=speaker.pk)
    return turn


def _recount(source: Source) -> None:
    people = source.speakers.filter(role=Speaker.Role.INTERVIEWEE).count()
    Source.objects.filter(pk=source.pk).update(people=people or None)
    source.people = people or None
