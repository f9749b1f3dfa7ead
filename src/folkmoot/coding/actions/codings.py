"""Using codes on passages."""

from __future__ import annotations

from folkmoot.audit.actions import action, made, record
from folkmoot.coding.models import Code, Coding
from folkmoot.coding.policies import require_active, require_reader
from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import owner_of
from folkmoot.sources.models import Passage


@action
def code_passage(code: Code, *, passage: Passage, by: User) -> Coding:
    """Use a code on a passage. Doing it twice is doing it once."""
    require_active(code, by, edit=False)
    require_reader(passage.source, by)
    coding, fresh = Coding.objects.get_or_create(code=code, passage=passage, coder=by, defaults=made(by))
    record(
        "coded a passage" if fresh else "coded a passage again", by=by, on=coding, **owner_of(passage.source)
    )
    return coding


@action
def remove_coding(coding: Coding, *, by: User) -> None:
    """Take back one's own coding; another coder's is theirs."""
    require_reader(coding.passage.source, by)
    if coding.coder_id != by.pk:
        raise NotAllowed(
            "A coding is taken back by whoever made it. Comment on it, or code the passage yourself."
        )
    record("removed a coding", by=by, on=coding, **owner_of(coding.passage.source))
    coding.delete()
