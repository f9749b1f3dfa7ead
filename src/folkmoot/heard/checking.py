"""What a contribution may hold, checked in one place for forms, files and the public page.

Pure but for the screen: it reads no database and no request. What does not belong here: who may.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.heard.letting_in import LONGEST, let_in
from folkmoot.heard.models import Contribution

EARLIEST = date(1990, 1, 1)
MOST_PEOPLE = 100_000


def checked(
    *,
    text: str,
    origin: str,
    said_on: date,
    where: str = "",
    people: int = 1,
    may_be_quoted: bool = False,
    today: date,
    longest: int = LONGEST,
) -> dict[str, Any]:
    """The columns of a contribution as they may be stored. Raises what ``let_in`` raises, or a sentence."""
    if origin not in Contribution.Origin.values:
        raise FolkmootError("Say where it was said.")
    if not EARLIEST <= said_on <= today:
        raise FolkmootError("Said on: a day between 1990 and today.")
    if not 1 <= people <= MOST_PEOPLE:
        raise FolkmootError(f"How many people said it: 1 to {MOST_PEOPLE:,}.")
    return {
        "text": let_in(text, what="What was said", longest=longest),
        "origin": origin,
        "said_on": said_on,
        "where": let_in(where, what="Where it was said", longest=200, needed=False),
        "people": people,
        "may_be_quoted": may_be_quoted,
    }
