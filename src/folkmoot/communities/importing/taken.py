"""What one file of places held, ready to be stored: places, what lies in what, outlines, and an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# kind, code, vintage: a place is never known by its name
Key = tuple[str, str, int]


@dataclass(slots=True)
class TakenPlaces:
    """Built up by a reader. ``lies`` says for each pair whether the fit is only the best one."""

    filename: str
    names: dict[Key, str] = field(default_factory=dict)
    lies: dict[tuple[Key, Key], bool] = field(default_factory=dict)
    outlines: dict[Key, dict[str, Any]] = field(default_factory=dict)
    read: int = 0
    used: int = 0
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def leave(self, row: int, reason: str) -> None:
        """Set one row aside, with its reason."""
        self.set_aside.append((row, reason))
