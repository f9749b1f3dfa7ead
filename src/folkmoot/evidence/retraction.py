"""What else happens when a study is retracted, or changed afterwards. Rooms above register here; evidence
knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.evidence.models import Change, Study

Callback = Callable[[Study, Any], None]
_callbacks: list[Callback] = []
_changed: list[Callable[[Change, Any], None]] = []


def on_retraction(callback: Callback) -> None:
    """Call ``callback(study, by)`` inside the transaction that records a retraction, after it is recorded."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def on_change(callback: Callable[[Change, Any], None]) -> None:
    """Call ``callback(change, by)`` inside the transaction of any other change to a study, after it is recorded."""
    if callback not in _changed:
        _changed.append(callback)


def tell(study: Study, *, by: Any) -> None:
    for callback in _callbacks:
        callback(study, by)


def tell_changed(change: Change, *, by: Any) -> None:
    for callback in _changed:
        callback(change, by)
