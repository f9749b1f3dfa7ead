"""What a column of a spreadsheet can be: the fields of an activity, and how each is usually headed.

What does not belong here: reading the cells (``parsing``), what the values mean (``matching``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.activities.importing.spellings import plain


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a column can hold. ``values``: its cells are matched, spelling by spelling."""

    key: str
    label: str
    hint: str
    heads: tuple[str, ...]
    values: bool = False


def _field(key: str, label: str, hint: str, heads: str, *, values: bool = False) -> Field:
    return Field(key, label, hint, tuple(one.strip() for one in heads.split("|")), values)


FIELDS: tuple[Field, ...] = (
    _field("happened_on", "Day", "On which day it was; a time in the same cell is read, too.",
           "day|date|happened on|start|start date|start_date|event date|date of event|when"),
    _field("begins_at", "Begins at", "The time of day; the same column as the day may hold it.",
           "begins at|begins|start time|time|from|start|start_date|time from"),
    _field("ends_at", "Ends at", "The time of day, or the day and time.",
           "ends at|ends|end|end time|end_date|until|to|finish|time to"),
    _field("title", "Title", "What it was called.", "title|name|event|activity|event name|subject"),
    _field("initiative", "Initiative", "One of your initiatives.", "initiative|project|campaign|strand", values=True),
    _field("method", "Method", "One of the methods of engagement.", "method|way of engaging", values=True),
    _field("kind", "Kind of event", "Many spellings, each matched with an initiative or a method.",
           "kind of event|kind|type|event type|activity type|category|title|name", values=True),
    _field("place", "Place that is set up here", "By its code or name.",
           "place code|place|area|ward|beat|neighbourhood|ward code", values=True),
    _field("place_words", "Place in words", "Kept as it is written.",
           "place in words|place|location|venue|address|where"),
    _field("people", "How many people", "A whole number.",
           "people|how many|how many people|number of people|attendance|attendees|attended|participants|number|count|headcount"),
    _field("counted", "What was counted", "Different people, or attendances.", "what was counted|counted", values=True),
    _field("level", "Level reached", "How active people were.", "level reached|level|level of engagement", values=True),
    _field("hours", "Hours of staff", "Of everybody together, such as 2.5 or 2:30.",
           "hours|staff hours|hours of staff|officer hours|duration|time spent"),
    _field("remark", "Remark", "At most 280 characters; stays inside your organisation.",
           "remark|remarks|notes|note|comment|comments"),
    _field("by_specialist", "Recorded by a specialist", "Yes or no.", "by a specialist|recorded by a specialist|specialist", values=True),
    _field("trigger", "What set it off", "We went first, after something happened, routine.", "what set it off|trigger", values=True),
    _field("hosting", "Whose occasion it was", "Our own, as guests, as hosts, a borrowed audience.", "whose occasion|hosting|hosted", values=True),
    _field("host", "Host", "A partner or group that is set up here.", "host|hosted by|partner", values=True),
    _field("uniform", "Uniform", "In uniform, nobody in uniform, some in uniform.", "uniform|uniformed", values=True),
    _field("participant_level", "Level as a participant saw it", "How active people were, in their view.",
           "level as a participant saw it|participant level", values=True),
    _field("counterpart", "Who was met", "The public, a partner, delegated capacity.", "who was met|counterpart", values=True),
    _field("demand", "Work that it made", "And for whom.", "work that it made|demand|follow-up"),
    _field("apart", "What tells occasions apart", "A team, a calendar or a number of yours; two rows with the same one, "
           "day, time and title are taken for the same occasion.",
           "calendar|calendarid|calendar id|team|reference|ref|id|event id|district"),
    _field("uuid", "Identifier", "From an export of ours; a row with one that is here already is not brought in again.",
           "identifier|uuid|guid"),
)  # fmt: skip
BY_KEY = {one.key: one for one in FIELDS}
VALUED = tuple(one for one in FIELDS if one.values)
# a heading of this form counts people of one category
TALLY = re.compile(r"(?P<characteristic>.+?)\s*[:=]\s*(?P<category>.+)")


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """Field → column, as the headings suggest. A column serves one field, save that a day may hold a time and
    a title the kind; the first heading of a field's list that is there is taken."""
    at = {_bare(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for one in FIELDS:
        named = [one.label, *one.heads]
        if one.key == "kind" and found.keys() & {"initiative", "method"}:
            # the file says it in so many words already: its titles need no matching
            named = ["kind of event"]
        for head in named:
            column = at.get(_bare(head))
            if column is not None and _free(one.key, column, found):
                found[one.key] = column
                break
    return found


_SHARED = {"begins_at": "happened_on", "ends_at": "", "kind": "title", "place_words": "place"}


def _free(key: str, column: str, taken: dict[str, str]) -> bool:
    holders = [field for field, other in taken.items() if other == column]
    return all(holder == _SHARED.get(key) for holder in holders)


def _bare(head: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head)
    return re.sub(r"[^\w]+", " ", plain(words).replace("_", " ")).strip()


def rated(header: Sequence[str]) -> int:
    """How much of this header is known: for choosing among sheets."""
    return len(set(guessed([word for word in header if word.strip()]).values()))


def of_a_category(heading: str) -> tuple[str, str] | None:
    """Characteristic and category named by a heading such as “Age: 16 to 24”."""
    found = TALLY.fullmatch(heading.strip())
    return (found["characteristic"], found["category"]) if found else None
