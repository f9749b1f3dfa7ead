"""What may be recorded of one occasion: its limits, checked in one place for forms, phones, files and the API.

Pure: it reads no database and no request. Who may record belongs in ``policies``; writing in ``actions``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from folkmoot.activities.models import Activity, Level, Trigger
from folkmoot.communities.models import Grouping
from folkmoot.core.errors import FolkmootError

MOST_PEOPLE = 1_000_000
MOST_HOURS = Decimal(24 * 50)  # fifty people for a whole day
EARLIEST = date(1990, 1, 1)
LONGEST = {"title": 200, "place_words": 300, "remark": 280, "demand": 280}
CHOICES: dict[str, frozenset[str]] = {
    "level": frozenset(Level.values),
    "participant_level": frozenset(Level.values),
    "counted": frozenset(Activity.Counted.values),
    "hosting": frozenset(Activity.Hosting.values),
    "uniform": frozenset(Activity.Uniform.values),
    "trigger": frozenset(Trigger.values),
    "counterpart": frozenset(Grouping.Counterpart.values),
}
SAID = {
    "level": "the level reached",
    "participant_level": "the level as a participant saw it",
    "counted": "how people were counted",
    "hosting": "whose occasion it was",
    "uniform": "whether anybody wore a uniform",
    "trigger": "what set it off",
    "counterpart": "who was met",
    "title": "The title",
    "place_words": "The place",
    "remark": "The remark",
    "demand": "The work that it made",
}
# control characters (a database may refuse them) and those that turn the order of the words beside them
UNWANTED = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


class Unfit(FolkmootError):
    """What was given cannot be recorded; ``faults`` holds a sentence for each field at fault."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


def checked(
    values: Mapping[str, Any],
    *,
    today: date | None = None,
    characteristic_of: Mapping[int, int] | None = None,
) -> dict[str, Any]:
    """The values as they may be stored: blanks as None or "", numbers as numbers, texts trimmed.

    ``values`` holds fields of an activity by name, and ``tallies`` (category → people). Fields that this
    module knows nothing of, such as a place, pass through untouched; a field that is not there stays away,
    so that a correction can be checked over the whole of the record. ``characteristic_of`` says which
    characteristic a category answers; without it all tallies are taken to answer one each. Hours are rounded
    to two places. Raises Unfit with one sentence for each field at fault.
    """
    found = dict(values)
    faults: dict[str, str] = {}
    for name, check in _CHECKS.items():
        if name in found:
            try:
                found[name] = check(name, found[name])
            except FolkmootError as error:
                faults[name] = str(error)
    _judge_day(found, faults, today)
    _judge_times(found, faults)
    _judge_tallies(found, faults, characteristic_of or {})
    if faults:
        raise Unfit(faults)
    return found


def _text(name: str, value: Any) -> str:
    words = str(value or "").translate(UNWANTED).strip()
    if len(words) > LONGEST[name]:
        raise FolkmootError(
            f"{SAID[name]} can be {LONGEST[name]} characters long; this one has {len(words):,}."
        )
    return words


def _choice(name: str, value: Any) -> str:
    word = str(value or "").strip()
    if name == "counted" and not word:
        return str(Activity.Counted.PEOPLE)
    if word and word not in CHOICES[name]:
        raise FolkmootError(f"“{word[:40]}” is no answer to {SAID[name]}.")
    return word


def whole(value: Any) -> int | None:
    """A count as a whole number; None for nothing. Raises FolkmootError for what is no count."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        raise FolkmootError("How many is a whole number.")
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        raise FolkmootError(f"How many is a whole number, not “{str(value)[:40]}”.") from None
    # the sign and the size first: int() of an enormous exponent would fill the memory
    if not number.is_finite() or not 0 <= number <= MOST_PEOPLE:
        raise FolkmootError(f"How many is a number from 0 to {MOST_PEOPLE:,}.")
    if number != number.to_integral_value():
        raise FolkmootError("How many is a whole number.")
    return int(number)


def _people(name: str, value: Any) -> int | None:
    return whole(value)


def _hours(name: str, value: Any) -> Decimal | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        number = Decimal(str(value).strip())
        fits = number.is_finite() and 0 <= number <= MOST_HOURS
    except InvalidOperation:
        raise FolkmootError(f"Hours are a number such as 1.5, not “{str(value)[:40]}”.") from None
    if not fits:
        raise FolkmootError(f"Hours of everybody together lie between 0 and {MOST_HOURS:,}.")
    return number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _day(name: str, value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not value:
        return None
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise FolkmootError(f"A day is written as 2026-11-23, not “{str(value)[:40]}”.") from None


def _time(name: str, value: Any) -> time | None:
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    if not value:
        return None
    try:
        return time.fromisoformat(str(value).strip()).replace(tzinfo=None)
    except ValueError:
        raise FolkmootError(f"A time is written as 18:30, not “{str(value)[:40]}”.") from None


def _known(name: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise FolkmootError("Whether a specialist recorded it is yes, no or not known.")


def _tallies(name: str, value: Any) -> dict[int, int]:
    if not value:
        return {}
    if not isinstance(value, Mapping):
        raise FolkmootError("People counted by group are a number for each group.")
    found: dict[int, int] = {}
    for category, people in value.items():
        if isinstance(category, bool) or not str(category).isdecimal() or len(str(category)) > 18:
            raise FolkmootError("A group is named by its number.")
        number = whole(people)
        if number is not None:
            found[int(category)] = number
    return found


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(LONGEST, _text),
    **dict.fromkeys(CHOICES, _choice),
    "people": _people,
    "hours": _hours,
    "happened_on": _day,
    "begins_at": _time,
    "ends_at": _time,
    "by_specialist": _known,
    "tallies": _tallies,
}


def _judge_day(found: Mapping[str, Any], faults: dict[str, str], today: date | None) -> None:
    if "happened_on" in faults:
        return
    day = found.get("happened_on")
    if day is None:
        faults["happened_on"] = "Say on which day it was."
    elif day > (today or _today()):
        faults["happened_on"] = "An activity is recorded once it has happened: this day is yet to come."
    elif day < EARLIEST:
        faults["happened_on"] = f"A day before {EARLIEST.year} is more likely a slip of the pen."


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _judge_times(found: Mapping[str, Any], faults: dict[str, str]) -> None:
    begins, ends = found.get("begins_at"), found.get("ends_at")
    if {"begins_at", "ends_at"} & faults.keys() or begins is None or ends is None:
        return
    if ends < begins:
        faults["ends_at"] = "It ends before it begins. Where it ran past midnight, leave the end empty."


def _judge_tallies(
    found: Mapping[str, Any], faults: dict[str, str], characteristic_of: Mapping[int, int]
) -> None:
    """No more people of any one characteristic than people: both count the same heads."""
    tallies = found.get("tallies")
    if not tallies or {"people", "tallies"} & faults.keys():
        return
    people = found.get("people")
    if people is None:
        faults["people"] = "Where people are counted by group, say also how many there were in all."
        return
    together: dict[Any, int] = {}
    for category, number in tallies.items():
        key = characteristic_of.get(category, ("alone", category))
        together[key] = together.get(key, 0) + number
    most = max(together.values())
    if most > people:
        faults["tallies"] = f"{most:,} people are counted by one characteristic, but {people:,} in all."
