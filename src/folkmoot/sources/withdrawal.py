"""What else happens when a source is withdrawn. Rooms above register here; sources knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.sources.models import Source

Callback = Callable[[Source, Any], None]
_callbacks: list[Callback] = []


def on_withdrawal(callback: Callback) -> None:
    """Call ``callback(source, by)`` inside the withdrawal's transaction, before the words are removed.

    An error in it undoes the withdrawal: nothing may be half withdrawn.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell(source: Source, *, by: Any) -> None:
    for callback in _callbacks:
        callback(source, by)


Consequence = Callable[[Source, Any], list[str]]
_consequences: list[Consequence] = []


def on_preview(consequence: Consequence) -> None:
    """Sentences on what a withdrawal would change in a room above, for the page that asks first."""
    if consequence not in _consequences:
        _consequences.append(consequence)


def foretold(source: Source, *, viewer: Any) -> list[str]:
    return [sentence for consequence in _consequences for sentence in consequence(source, viewer)]
