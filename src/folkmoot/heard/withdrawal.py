"""What else happens when words are taken back, and how the wish outlives an older backup.

Rooms above register here; this room knows none of them. What does not belong here: removing the words
(``actions.withdrawing``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from folkmoot.audit.actions import TheInstance
from folkmoot.communities.models import Representative
from folkmoot.heard.models import Contribution, Correction, Reply
from folkmoot.heard.models.public import PublicWords
from folkmoot.sources import wishes

KINDS: dict[str, type[models.Model]] = {
    "heard.contribution": Contribution,
    "heard.reply": Reply,
    "heard.correction": Correction,
    # the room below keeps no wishes itself
    "communities.representative": Representative,
}
WITHDRAWN = ~Q(withdrawn_at=None)

Callback = Callable[[Contribution, Any], None]
_callbacks: list[Callback] = []


def on_withdrawal(callback: Callback) -> None:
    """Call ``callback(contribution, by)`` inside the withdrawal's transaction, before the words are removed."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell(contribution: Contribution, *, by: Any) -> None:
    for callback in _callbacks:
        callback(contribution, by)


def remember(row: Any) -> None:
    """Write the wish beside the database once it is committed."""
    wish = _wish(row)
    transaction.on_commit(lambda: wishes.add(wishes.Wishes(others=frozenset({wish}))))


def known() -> Iterator[wishes.Other]:
    """Every wish that this database knows of."""
    for kind, model in KINDS.items():
        rows = model._default_manager.filter(WITHDRAWN).values_list("pk", "created_at")
        for pk, made in rows.iterator():
            yield kind, *wishes.key_of(pk, made)


def carry_out(others: frozenset[wishes.Other]) -> int:
    """Withdraw again whatever the present database is too old to know of; gives how many."""
    from folkmoot.communities.actions import withdraw_representative
    from folkmoot.heard.actions import withdraw_contribution, withdraw_public_words

    again = 0
    for kind, model in KINDS.items():
        numbers = [pk for of, pk, _ in others if of == kind]
        # in slices: a database takes so many numbers in one question and no more
        for start in range(0, len(numbers), 500):
            rows = model._default_manager.filter(pk__in=numbers[start : start + 500])
            for row in rows.exclude(WITHDRAWN):
                if _wish(row) not in others:
                    continue
                if isinstance(row, Contribution):
                    withdraw_contribution(row, by=TheInstance())
                elif isinstance(row, PublicWords):
                    withdraw_public_words(row, by=TheInstance())
                elif isinstance(row, Representative):
                    before = ["as before: the wish is older than the backup that was brought back"]
                    withdraw_representative(row, told=before, by=TheInstance())
                again += 1
    return again


def withdraw_with_source(source: Any, by: Any) -> None:
    """Contributions that are words of a source go with it."""
    from folkmoot.heard.actions import withdraw_contribution

    for one in Contribution.objects.filter(passage__source=source).exclude(state="withdrawn"):
        withdraw_contribution(one, by=TheInstance())


def _wish(row: Any) -> wishes.Other:
    return row._meta.label_lower, *wishes.key_of(row.pk, row.created_at)
