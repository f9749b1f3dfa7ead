"""Marking a passage: the exact span that a code, a claim or an objective points at."""

from __future__ import annotations

from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import User
from folkmoot.sources.models import Passage, Source
from folkmoot.sources.policies import require_change


def mark_passage(source: Source, *, start: int, end: int, by: User) -> Passage:
    """The passage of exactly these code points, made now unless it is there already.

    Nothing is snapped to words. Refuses a span that is empty or goes beyond the text.
    """
    require_change(by, source)
    found = Passage.objects.filter(source=source, start=start, end=end).first()
    return found or _mark(source, start=start, end=end, by=by)


# an existing passage is no change, so the frame stands only around the making of a new one
mark_passage.is_action = True  # type: ignore[attr-defined]


@action
def _mark(source: Source, *, start: int, end: int, by: User) -> Passage:
    if not 0 <= start < end:
        raise NotYet("Mark at least one character: the end has to come after the beginning.")
    if end > source.characters:
        raise NotYet(f"The text ends at character {source.characters:,}; the mark goes beyond it.")
    passage, fresh = Passage.objects.get_or_create(
        source=source,
        start=start,
        end=end,
        defaults=made(by),
    )
    record(
        "sources.passage.marked" if fresh else "sources.passage.met",
        by=by,
        on=passage,
        organisation_id=source.organisation_id,
        team_id=source.team_id,
        source=source.pk,
        start=start,
        end=end,
    )
    return passage
