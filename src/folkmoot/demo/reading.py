"""The demo's content: TOML and plain text in ``content/``, and the exact place of a quotation."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files
from typing import Any

from folkmoot.core.errors import FolkmootError

# left in the demo's folder when its build is done: it tells the demo from an instance that calls itself fictional
MARK = "demo.json"
TABLES = (
    "network",
    "strategies",
    "chains",
    "interviews",
    "evidence",
    "evaluating",
    "talk",
    "briefings",
    "places",
    "work",
    "heard",
)


def table(name: str) -> dict[str, Any]:
    """One TOML file of the content."""
    return tomllib.loads((files(__package__) / "content" / f"{name}.toml").read_text(encoding="utf-8"))


def document(folder: str, name: str) -> bytes:
    """The bytes of one text, as somebody would hand it in."""
    return (files(__package__) / "content" / folder / f"{name}.txt").read_bytes()


def span_of(text: str, *, quote: str, where: str) -> tuple[int, int]:
    """Where ``quote`` stands in ``text``. Refuses one that is missing or stands there more than once.

    A quotation that moved or changed would leave a claim without its words, so a build stops here.
    """
    found = text.count(quote)
    if not quote.strip() or found != 1:
        times = "is not" if not found else f"stands {found} times"
        raise FolkmootError(
            f"“{quote}” {times} in {where}; a quotation of the demo stands there exactly once."
        )
    start = text.index(quote)
    return start, start + len(quote)


def fingerprint() -> str:
    """Changes whenever any content changes: it tells a demo built from other words."""
    digest = hashlib.sha256()
    for folder in ("", "strategies", "interviews"):
        place = files(__package__) / "content" / folder
        for entry in sorted(place.iterdir(), key=lambda one: one.name):
            if entry.is_file():
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
