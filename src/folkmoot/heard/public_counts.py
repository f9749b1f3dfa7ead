"""Counts of people on public pages: suppressed, rounded, and renewed only where the change tells nothing.

A count that follows every contribution would tell the day on which the eighth person spoke. What does not
belong here: tables of votes (``votes.public``).
"""

from __future__ import annotations

import numpy as np

from folkmoot.core.disclosure.published import PUBLIC, Kind, Published
from folkmoot.core.disclosure.releases import telling_differences

TOO_FEW = "too few to say"


def may_renew(before: int | None, *, now: int) -> bool:
    """May the public number be renewed from ``before`` (the true count behind the last one) to ``now``?"""
    if before is None or before == now:
        return True
    return not telling_differences(np.array([[before]]), np.array([[now]]), rule=PUBLIC)


def said_of(count: int | None) -> Published | None:
    """A released count as it may be printed; None where none was released."""
    return None if count is None else PUBLIC.shows(count)


def in_words(shown: Published | None) -> str:
    """“about 25”, “nobody yet” or “too few to say”: never the hidden count."""
    if shown is None or shown.kind in (Kind.HIDDEN, Kind.TOO_FEW):
        return TOO_FEW
    return "nobody yet" if shown.kind is Kind.ZERO else f"about {shown}"
