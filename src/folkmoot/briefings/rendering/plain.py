"""Blocks as plain data for formats that are not HTML, with what no document can hold taken out."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

# control characters no XML and no font has, and marks that turn the direction of writing around
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text without what cannot be printed; tabs and new lines stay."""
    return UNPRINTABLE.sub("", text)


def plain(value: Any) -> Any:
    """Dataclasses as dicts that name their kind, tuples as lists, every string clean."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"kind": type(value).__name__.lower(), **fields}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return clean(value)
    return value
