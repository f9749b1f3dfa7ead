"""A file of what people said, read before anything is stored: each row fit to be stored, or set aside with a reason.

No database here. What does not belong here: storing (``actions.intake``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.heard.checking import checked
from folkmoot.heard.letting_in import Personal, Wrongdoing
from folkmoot.heard.tabular import cell, sheet_of

TEXT = ("text", "words", "comment", "answer", "response", "said", "what was said", "remark", "message")
WHERE = ("where", "source", "question", "survey")
DAY = ("date", "day", "said on", "said_on", "received", "received on")
PEOPLE = ("people", "how many", "number of people")
QUOTE = ("quote", "may be quoted", "may_be_quoted", "consent to quote")
PLACE = ("place", "area", "ward")
TRUE = {"yes", "y", "true", "1", "x"}
MOST = 50_000
REPORT = (
    "It reads like a report about somebody and was not stored. Pass it on by the force's own route (101, or 999 where "
    "somebody is in danger), then delete it from the file."
)


@dataclass(slots=True)
class Read:
    """``rows`` are columns of contributions with ``place_words``; the account says what became of every row."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[tuple[int, str]] = field(default_factory=list)
    read: int = 0
    notes: list[str] = field(default_factory=list)


def read_contributions(
    name: str, content: bytes, *, origin: str, said_on: date, where: str, today: date
) -> Read:
    """Every row of the table. ``said_on`` and ``where`` stand for rows that say nothing themselves."""
    sheet = sheet_of(name, content)
    text_at = sheet.place(*TEXT)
    if text_at is None:
        raise BadImport(
            f"{name} has no column of what people said; its first row reads "
            f"{', '.join(f'“{one}”' for one in sheet.columns[:12])}.",
            remedy="Name the column “text”.",
        )
    if len(sheet.rows) > MOST:
        raise BadImport(f"{name} has more than {MOST:,} rows.", remedy="Split it into several files.")
    places = {
        what: sheet.place(*names)
        for what, names in (
            ("where", WHERE),
            ("day", DAY),
            ("people", PEOPLE),
            ("quote", QUOTE),
            ("place", PLACE),
        )
    }
    found = Read(read=len(sheet.rows))
    seen: dict[tuple[str, str], int] = {}
    for number, row in sheet.rows:
        try:
            values = checked(
                text=cell(row, text_at),
                origin=origin,
                said_on=_day(cell(row, places["day"])) or said_on,
                where=cell(row, places["where"]) or where,
                people=_people(cell(row, places["people"])),
                may_be_quoted=cell(row, places["quote"]).casefold() in TRUE,
                today=today,
            )
        except Wrongdoing:
            found.reasons.append((number, REPORT))
            continue
        except Personal as error:
            found.reasons.append((number, str(error)))
            continue
        except FolkmootError as error:
            found.reasons.append((number, str(error)))
            continue
        key = values["text"].casefold(), values["where"].casefold()
        if key in seen:
            # the same words twice may be two people: kept, and said
            seen[key] += 1
        else:
            seen[key] = 1
        found.rows.append(values | {"place_words": cell(row, places["place"])})
    twice = sum(times - 1 for times in seen.values())
    if twice:
        found.notes.append(
            f"{twice} rows hold the same words as another; they were kept, since several people may say the same."
        )
    return found


def _day(word: str) -> date | None:
    if not word:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(word, form).date()
        except ValueError:
            continue
    # the cell is not repeated: where columns slipped it may hold what was to be left out
    raise FolkmootError("Its day is no day; write it as 2026-11-23 or 23/11/2026.")


def _people(word: str) -> int:
    if not word:
        return 1
    if not word.isdecimal() or len(word) > 6:
        raise FolkmootError("Its number of people is no number.")
    return int(word)
