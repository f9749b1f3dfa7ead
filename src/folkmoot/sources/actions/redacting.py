"""Deciding what is hidden. Patterns and names propose; a person decides; only then may anything be found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import ResearchTeam, User
from folkmoot.organisations.policies import require_edit_for
from folkmoot.sources.indexing import forget_sources, index_sources
from folkmoot.sources.models import Body, ProtectedName, RedactionMark, Source
from folkmoot.sources.names import spans_of
from folkmoot.sources.policies import require_change

State = RedactionMark.State


@action
def decide_redaction(mark: RedactionMark, *, accept: bool, by: User) -> RedactionMark:
    """Hide the span or keep its words. A decision may be changed at any time."""
    require_change(by, mark.source)
    _decide([mark.pk], accept=accept, by=by)
    mark.refresh_from_db()
    _follow(mark.source)
    record("sources.redaction.decided", by=by, on=mark.source, mark=mark.pk, state=mark.state)
    return mark


@action
def accept_all_redactions(source: Source, *, kind: str = "", by: User) -> int:
    """Hide everything still proposed, or everything of one kind; returns how many spans."""
    return _decide_all(source, kind=kind, accept=True, by=by)


@action
def refuse_all_redactions(source: Source, *, kind: str = "", by: User) -> int:
    """Keep the words of everything still proposed, or of one kind; returns how many spans."""
    return _decide_all(source, kind=kind, accept=False, by=by)


def _decide_all(source: Source, *, kind: str, accept: bool, by: User) -> int:
    require_change(by, source)
    open_marks = RedactionMark.objects.filter(source=source, state=State.PROPOSED)
    if kind:
        open_marks = open_marks.filter(kind=kind)
    ids = list(open_marks.values_list("pk", flat=True))
    _decide(ids, accept=accept, by=by)
    _follow(source)
    record("sources.redactions.decided", by=by, on=source, kind=kind, accepted=accept, marks=len(ids))
    return len(ids)


def _decide(ids: Collection[int], *, accept: bool, by: User) -> None:
    state = State.ACCEPTED if accept else State.REFUSED
    RedactionMark.objects.filter(pk__in=ids).update(
        state=state, decided_by=by.label[:200], decided_at=timezone.now()
    )


@action
def add_redaction(
    source: Source, *, start: int, end: int, replacement: str = "[HIDDEN]", by: User
) -> RedactionMark:
    """Hide a span that nothing proposed. An equal span that was proposed or kept becomes hidden."""
    require_change(by, source)
    if not 0 <= start < end <= source.characters:
        raise NotYet("Choose at least one character, within the text.")
    mark, _ = RedactionMark.objects.update_or_create(
        source=source,
        start=start,
        end=end,
        defaults={
            "kind": "by hand",
            "replacement": (replacement.strip() or "[HIDDEN]")[:60],
            "state": State.ACCEPTED,
            "decided_by": by.label[:200],
            "decided_at": timezone.now(),
        },
    )
    _follow(source)
    record("sources.redaction.added", by=by, on=source, mark=mark.pk, start=start, end=end)
    return mark


@action
def finish_redaction_review(source: Source, *, by: User) -> Source:
    """Say that every span was looked at: from now on the turns can be found. Refused while any is open."""
    require_change(by, source)
    source.refresh_from_db()
    waiting = RedactionMark.objects.filter(source=source, state=State.PROPOSED).count()
    if waiting:
        spans = "1 proposal is" if waiting == 1 else f"{waiting:,} proposals are"
        raise NotYet(f"{spans} not decided yet. Hide or keep each of them, then finish the review.")
    source.redaction = Source.Redaction.REVIEWED
    source.redaction_reviewed_at, source.redaction_reviewed_by = timezone.now(), by.label[:200]
    save_version(source, expected=source.version, by=by)
    index_sources([source])
    record("sources.redaction.reviewed", by=by, on=source)
    return source


@action
def reopen_redaction_review(source: Source, *, by: User) -> Source:
    """Take the source out of search, and its words off others' pages, until it is reviewed again."""
    require_change(by, source)
    _reopen(source, by=by)
    record("sources.redaction.reopened", by=by, on=source)
    return source


def _reopen(source: Source, *, by: User) -> None:
    source.refresh_from_db()
    source.redaction = Source.Redaction.OPEN
    source.redaction_reviewed_at, source.redaction_reviewed_by = None, ""
    save_version(source, expected=source.version, by=by)
    forget_sources([source.pk])


def _follow(source: Source) -> None:
    """What search sees follows a decision on a source that was reviewed before."""
    if source.redaction == Source.Redaction.REVIEWED:
        index_sources([source])


@action
def add_protected_name(team: ResearchTeam, *, name: str, by: User) -> list[Source]:
    """Put a name on the team's list and propose it wherever it stands; returns the sources that hold it.

    A source that was reviewed and holds the name is open again: nobody had decided on it.
    """
    require_edit_for(by, team_id=team.pk)
    name = " ".join(name.split())[:120]
    if len(name) < 2:
        raise NotYet("Write the name as it may stand in a text: at least two letters.")
    if ProtectedName.objects.filter(team=team, name__iexact=name).exists():
        raise NotYet("This name is on the list already.")
    row = ProtectedName.objects.create(team=team, name=name, **made(by))
    touched = list(_propose_name(team, name))
    for source in touched:
        if source.redaction == Source.Redaction.REVIEWED:
            _reopen(source, by=by)
    record("sources.name.protected", by=by, on=row, sources=[source.pk for source in touched])
    return touched


def _propose_name(team: ResearchTeam, name: str) -> Iterable[Source]:
    for source in Source.objects.filter(team=team, state=Source.State.LIVE):
        text = Body.objects.values_list("text", flat=True).filter(source=source).first() or ""
        spans = spans_of(text, names=[name])
        if not spans:
            continue
        low, high = spans[0][0], spans[-1][1]
        there = list(
            RedactionMark.objects.filter(Q(start__lt=high) & Q(end__gt=low), source=source).values_list(
                "start", "end", "state"
            )
        )
        fresh = [
            RedactionMark(
                source=source,
                start=start,
                end=end,
                kind="name",
                replacement="[NAME]",
                reason="This is on the list of names.",
            )
            for start, end in spans
            if not any(
                (a, b) == (start, end) or (a <= start and end <= b and state != State.REFUSED)
                for a, b, state in there
            )
        ]
        # a span that was kept before its name was protected has to be decided anew
        again = RedactionMark.objects.filter(
            source=source, state=State.REFUSED, kind__in=["name", "titled name"]
        )
        kept = [mark.pk for mark in again if any(a < mark.end and mark.start < b for a, b in spans)]
        RedactionMark.objects.filter(pk__in=kept).update(state=State.PROPOSED, decided_by="", decided_at=None)
        RedactionMark.objects.bulk_create(fresh)
        if fresh or kept:
            yield source


@action
def remove_protected_name(protected: ProtectedName, *, by: User) -> None:
    """Take a name off the list. What was hidden stays hidden; only reviewed sources are indexed anew."""
    require_edit_for(by, team_id=protected.team_id)
    team_id = protected.team_id
    record("sources.name.released", by=by, on=protected, team_id=team_id)
    protected.delete()
    index_sources(
        list(
            Source.objects.filter(team=team_id, state=Source.State.LIVE, redaction=Source.Redaction.REVIEWED)
        )
    )
