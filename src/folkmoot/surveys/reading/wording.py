"""Words in lists and numbers of rows, as sentences on a file need them."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str], *, most: int = 12) -> str:
    """“a, b and c”; what goes beyond ``most`` is counted."""
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{len(words) - most} more")
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + " and " + shown[-1]


def of_rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
