"""What else happens when the answers of a wave are erased. Rooms above register here; surveys knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.surveys.models import Microdata

Callback = Callable[[Microdata, Any], None]
_callbacks: list[Callback] = []


def on_erasing(callback: Callback) -> None:
    """Call ``callback(microdata, by)`` inside the erasure's transaction: an error in it undoes the erasure."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell(microdata: Microdata, *, by: Any) -> None:
    for callback in _callbacks:
        callback(microdata, by)
