"""What people are counted by, as published tables have it: recognised by the words of their categories."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class KnownCharacteristic:
    """One way of counting people; ``special`` is a special category in data protection law."""

    code: str
    name: str
    categories: tuple[str, ...]
    special: bool = False


@cache
def known_characteristics() -> tuple[KnownCharacteristic, ...]:
    """All that the library holds, in its order."""
    text = (Path(__file__).parent.parent / "library.toml").read_text(encoding="utf-8")
    return tuple(
        KnownCharacteristic(one["code"], one["name"], tuple(one["categories"]), one.get("special", False))
        for one in tomllib.loads(text)["characteristic"]
    )


def recognised(categories: Iterable[str]) -> KnownCharacteristic | None:
    """The one characteristic that has all these categories; None where there is none, or several."""
    asked = {one.casefold() for one in categories}
    found = [one for one in known_characteristics() if asked <= {name.casefold() for name in one.categories}]
    whole = [one for one in found if len(one.categories) == len(asked)]
    return (whole or found)[0] if len(whole or found) == 1 else None
