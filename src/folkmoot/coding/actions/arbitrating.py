"""Deciding what stands where two coders differed. Their codings stay as they made them."""

from __future__ import annotations

from folkmoot.audit.actions import action, made, record
from folkmoot.coding.models import Arbitration, Code
from folkmoot.coding.policies import require_active, require_reader
from folkmoot.coding.queries.decided import coders_differ, latest_decision
from folkmoot.core.errors import FolkmootError, NotYet, Stale
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import owner_of
from folkmoot.sources.actions import mark_passage
from folkmoot.sources.models import Source


@action
def arbitrate(
    source: Source,
    *,
    code: Code,
    start: int,
    end: int,
    stands: bool,
    why: str,
    expected: int | None = None,
    by: User,
) -> Arbitration:
    """Decide whether a code stands on words that two coders coded differently, and say why.

    ``expected`` is the decision that was looked at, None where there was none; somebody else's since
    then is not decided over unseen. Refuses words on which nobody, or everybody, used the code.
    """
    require_reader(source, by)
    require_active(code, by, edit=False)
    if not why.strip():
        raise FolkmootError("Say why: whoever coded it otherwise will want to know.")
    if not coders_differ(source, code=code, start=start, end=end):
        raise NotYet("The coders do not differ on these words, so there is nothing to decide.")
    # two people deciding at once wait for each other
    Source.objects.select_for_update().get(pk=source.pk)
    latest = latest_decision(source, code=code, start=start, end=end)
    if (latest.pk if latest else None) != expected:
        who = latest.created_by if latest else "somebody"
        raise Stale(
            f"{who} decided this since you opened it, so your decision was not saved. "
            "Read theirs, and decide again if you still see it otherwise."
        )
    passage = mark_passage(source, start=start, end=end, by=by)
    decided = Arbitration.objects.create(
        code=code, passage=passage, stands=stands, why=why.strip(), decided_by=by, **made(by)
    )
    record(
        "decided between coders", by=by, on=decided, **owner_of(source), stands=stands, start=start, end=end
    )
    return decided
