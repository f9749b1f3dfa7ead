"""What else happens when a study is retracted. Rooms above register here; evidence knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.evidence.models import Study

Callback = Callable[[Study, Any], None]
_callbacks: list[Callback] = []


def on_retraction(callback: Callback) -> None:
    """Call ``callback(study, by)`` inside the transaction that records a retraction, after it is recorded."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def tell(study: Study, *, by: Any) -> None:
    for callback in _callbacks:
        callback(study, by)
