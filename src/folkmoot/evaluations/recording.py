"""What else happens when something is found. Rooms above register here; this room knows none of them.

Callbacks run inside the transaction of what they are told of: refused there, it did not happen here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.evaluations.models import Finding

Callback = Callable[[Finding, Any], object]
_found: list[Callback] = []
_withdrawn: list[Callback] = []
_shared: list[Callback] = []
_superseded: list[Callback] = []


def on_finding(callback: Callback) -> None:
    """Call ``callback(finding, by)`` after a finding was recorded with its marks."""
    _add(_found, callback)


def on_withdrawal(callback: Callback) -> None:
    """Call ``callback(finding, by)`` after a finding was withdrawn with its reason."""
    _add(_withdrawn, callback)


def on_sharing(callback: Callback) -> None:
    """Call ``callback(finding, by)`` after it was said how far a finding is shared."""
    _add(_shared, callback)


def on_superseding(callback: Callback) -> None:
    """Call ``callback(finding, by)`` with a finding whose place a later one of the same plan has taken."""
    _add(_superseded, callback)


def _add(listed: list[Callback], callback: Callback) -> None:
    if callback not in listed:
        listed.append(callback)


def tell_found(finding: Finding, *, by: Any) -> None:
    for callback in _found:
        callback(finding, by)


def tell_withdrawn(finding: Finding, *, by: Any) -> None:
    for callback in _withdrawn:
        callback(finding, by)


def tell_shared(finding: Finding, *, by: Any) -> None:
    for callback in _shared:
        callback(finding, by)


def tell_superseded(finding: Finding, *, by: Any) -> None:
    for callback in _superseded:
        callback(finding, by)
