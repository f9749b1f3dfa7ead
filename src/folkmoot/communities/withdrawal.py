"""What else happens when somebody who speaks for others withdraws: rooms above write the wish down, so that it outlives an
older backup. This room knows none of them.

What does not belong here: taking the name out (``actions.representatives``).
"""

from __future__ import annotations

from collections.abc import Callable

from folkmoot.communities.models import Representative

Callback = Callable[[Representative], None]
_callbacks: list[Callback] = []


def on_withdrawal(callback: Callback) -> None:
    """Call ``callback(representative)`` inside the withdrawal's transaction."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell(representative: Representative) -> None:
    for callback in _callbacks:
        callback(representative)
