"""What the rows of a file would become: activities ready to be written, rows set aside with their reasons, and
what was noticed on the way.

Reads no file and writes nothing. Every row is either used or set aside, for one reason; what was noticed is
told of all rows, used or not. What does not belong here: matching (``matching``), writing (``actions``).
"""

from __future__ import annotations

import datetime as dt
import re
import uuid as identifiers
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from folkmoot.activities.checking import LONGEST, Unfit, checked
from folkmoot.activities.importing import parsing
from folkmoot.activities.importing.fields import BY_KEY, VALUED
from folkmoot.activities.importing.known import ASIDE, EMPTY, Known
from folkmoot.activities.importing.matching import Matching, meaning_of
from folkmoot.activities.importing.screened import LONG_TITLE, stopped
from folkmoot.activities.importing.sheets import Sheet
from folkmoot.activities.importing.spellings import plain
from folkmoot.core.errors import FolkmootError

EVERY = 500  # rows between two words on progress
NO_END = "No end is given."
BACKWARDS = "It ends before it begins; the end was left out."
LATER_DAY = "It ends on a later day; the end was left out, since an activity is of one day."
NO_TIME = "It ends at the moment when it begins; the end was left out."
NO_PLACE = "No place is given."
LINES = "The place is written over several lines; they were put on one."
WINDOWS = "The place holds line ends of the Windows kind; they were put on one line."
NEARLY = "It has the day, time and title of an earlier row but for capitals and blanks; both were taken for what they say."
TRIAL = "It looks like somebody's trial of the program, not an activity."
CANCELLED = "It says that it was cancelled or postponed."
_TRIAL_CELL = frozenset(
    ["test", "testing", "test test", "test 1", "test entry", "test record", "asdf", "dummy"]
)
_TRIAL_WORDS = re.compile(r"\bthis is (?:only |just )?a test\b", re.IGNORECASE)
_CANCELLED = re.compile(r"\b(?:cancell?ed|postponed)\b", re.IGNORECASE)
_TEXTS = ("title", "remark", "demand")

Tell = Callable[[int, "int | None", str], None]
# what tells two activities that are stored apart
Sameness = tuple[Any, ...]


@dataclass(slots=True)
class Plan:
    """``read == len(rows) + len(aside)``. ``rows`` are the columns of activities, with ``tallies`` and the number
    of the row of the file under ``row``; ``noticed`` holds the numbers of the rows by what was noticed."""

    read: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    aside: list[tuple[int, str]] = field(default_factory=list)
    noticed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class _Aside(Exception):
    """This row is set aside, for the reason given."""


@dataclass(frozen=True, slots=True)
class Here:
    """What the organisation has already, in the days that the file speaks of."""

    uuids: frozenset[identifiers.UUID]
    same: Counter[Sameness]


def planned(
    sheet: Sheet,
    matching: Matching,
    known: Known,
    *,
    here: Callable[[set[dt.date], set[identifiers.UUID]], Here],
    today: dt.date,
    tell: Tell = lambda done, total, step: None,
) -> Plan:
    """The plan of a file. ``here`` is asked once, for the days and identifiers that the file speaks of."""
    plan = Plan(read=len(sheet.rows))
    reader = _Reader(sheet, matching, known, plan.noticed, today)
    reader.stopped = stopped(_free_words(sheet, matching), tell=tell)
    ready: list[tuple[int, dict[str, Any]]] = []
    for done, (number, cells) in enumerate(sheet.rows):
        if not done % EVERY:
            tell(done, plan.read, "Reading rows")
        try:
            ready.append((number, reader.row(number, cells)))
        except _Aside as reason:
            plan.aside.append((number, str(reason)))
    days = {row["happened_on"] for _, row in ready}
    stored = here(days, {row["uuid"] for _, row in ready if row["uuid"] is not None})
    _compare(ready, stored, plan, matching)
    plan.aside.sort()
    return plan


def _free_words(sheet: Sheet, matching: Matching) -> Iterable[str]:
    """The cells in which somebody could have written about somebody."""
    for key in _TEXTS:
        heading = matching.columns.get(key)
        for cell in sheet.column(heading) if heading else ():
            if key != "title" or len(cell) > LONG_TITLE:
                yield _tidy(key, cell)


def _tidy(key: str, cell: str) -> str:
    """The words of a cell as they would be stored, whatever their length."""
    if key == "title":
        return " ".join(cell.split())
    return cell.strip().replace("\r\n", "\n").replace("\r", "\n")


def _compare(
    ready: Iterable[tuple[int, dict[str, Any]]], stored: Here, plan: Plan, matching: Matching
) -> None:
    """Set aside what is here already. Of two alike in the file one may be here and the other not: each row of
    ours answers for one row of the file."""
    left = Counter(stored.same)
    uuids = set(stored.uuids)
    for number, row in ready:
        own = row["uuid"]
        if own is not None:
            if own in uuids:
                plan.aside.append((number, "It is here already, under the same identifier."))
                continue
            uuids.add(own)
        elif matching.settled["here"] == ASIDE and left[key := sameness(row)] > 0:
            left[key] -= 1
            plan.aside.append((number, "It is here already: the same day, time, title and place."))
            continue
        plan.rows.append({**row, "row": number})


def sameness(row: Mapping[str, Any]) -> Sameness:
    """What two records of the same occasion have in common."""
    title, place = plain(row["title"]), plain(row["place_words"])
    more = () if title else (row["initiative_id"], row["method_id"], row["people"], row["hours"])
    return (row["happened_on"], row["begins_at"], title, place, *more)


class _Reader:
    """Reads rows one after the other and remembers what it saw, so that a repetition is noticed."""

    def __init__(
        self, sheet: Sheet, matching: Matching, known: Known, noticed: dict[str, list[int]], today: dt.date
    ) -> None:
        self._matching, self._known, self._noticed, self._today = matching, known, noticed, today
        at = {heading: number for number, heading in enumerate(sheet.columns)}
        self._at = {key: at[heading] for key, heading in matching.columns.items()}
        self._tallies = [(at[heading], pk) for heading, pk in matching.tallies.items()]
        self._day_first = self._order(sheet)
        self._seen: dict[tuple[str, ...], int] = {}
        self._seen_plainly: dict[str, int] = {}
        self._told = self._telling()
        names = ", ".join(sheet.columns[at] for at in self._told)
        self._likeness = f": the same {names}" if names else " in every cell"
        self._meanings: dict[tuple[str, str], str | None] = {}
        self.stopped: Mapping[str, tuple[str, str]] = {}
        self._moments: dict[str, tuple[dt.date, dt.time | None] | FolkmootError] = {}

    def _order(self, sheet: Sheet) -> bool:
        if self._matching.days != "auto":
            return self._matching.days == "day"
        found = parsing.day_comes_first(sheet.column(self._matching.columns["happened_on"]))
        return True if found is None else found

    def row(self, number: int, cells: tuple[str, ...]) -> dict[str, Any]:
        """The columns of the activity; raises _Aside."""
        self._number = number
        faults: dict[str, str] = {}
        found: dict[str, Any] = {}
        self._when(cells, found, faults)
        self._words(cells, found)
        self._numbers(cells, found, faults)
        self._values(cells, found)
        self._require_no_doubt(number, cells, found)
        if "happened_on" in faults:
            raise _Aside(faults.pop("happened_on"))
        for problem in faults.values():
            self._unread(problem)
        found = self._fit(found)
        self._require_open(found)
        return found

    def _notice(self, what: str) -> None:
        self._noticed[what].append(self._number)

    def _unread(self, problem: str) -> None:
        """A cell that cannot be read: left out and told, or the row is set aside, as was settled."""
        if self._matching.settled["unread"] == ASIDE:
            raise _Aside(problem)
        # without the words of the cell: a name may stand where a number should, and it is left out
        self._notice(f"{generally(problem)} The cell was left out.")

    def _cell(self, key: str, cells: tuple[str, ...]) -> str:
        at = self._at.get(key)
        return "" if at is None else cells[at].strip()

    def _moment(self, text: str) -> tuple[dt.date, dt.time | None]:
        kept = self._moments.get(text)
        if kept is None:
            try:
                kept = parsing.moment_of(text, day_first=self._day_first)
            except FolkmootError as error:
                kept = error
            self._moments[text] = kept
        if isinstance(kept, FolkmootError):
            raise kept
        return kept

    def _when(self, cells: tuple[str, ...], found: dict[str, Any], faults: dict[str, str]) -> None:
        found |= {"happened_on": None, "begins_at": None, "ends_at": None}
        day = self._cell("happened_on", cells)
        if parsing.is_nothing(day):
            faults["happened_on"] = "No day is given."
        else:
            try:
                found["happened_on"], at = self._moment(day)
                if self._at.get("begins_at") == self._at["happened_on"]:
                    found["begins_at"] = at
            except FolkmootError as error:
                faults["happened_on"] = str(error)
        begins = self._cell("begins_at", cells)
        if self._at.get("begins_at") != self._at["happened_on"] and not parsing.is_nothing(begins):
            try:
                found["begins_at"] = self._time(begins)[1]
            except FolkmootError as error:
                faults["begins_at"] = str(error)
        if "ends_at" in self._at:
            self._end(cells, found, faults)

    def _time(self, text: str) -> tuple[dt.date | None, dt.time | None]:
        try:
            return None, parsing.time_of(text)
        except FolkmootError:
            try:
                return self._moment(text)
            except FolkmootError:
                pass
            raise

    def _end(self, cells: tuple[str, ...], found: dict[str, Any], faults: dict[str, str]) -> None:
        text = self._cell("ends_at", cells)
        if parsing.is_nothing(text):
            self._notice(NO_END)
            return
        try:
            dated = "-" in text or "/" in text or "." in text[3:]
            day, at = self._moment(text) if dated and len(text) > 8 else self._time(text)
        except FolkmootError as error:
            faults["ends_at"] = str(error)
            return
        start, begins = found["happened_on"], found["begins_at"]
        if start is None:
            return
        if (day is not None and day < start) or (day in (None, start) and at and begins and at < begins):
            self._notice(BACKWARDS)
        elif day is not None and day > start:
            self._notice(LATER_DAY)
        elif at is not None and at == begins:
            self._notice(NO_TIME)
        else:
            found["ends_at"] = at

    def _words(self, cells: tuple[str, ...], found: dict[str, Any]) -> None:
        for key in _TEXTS:
            words = _tidy(key, self._cell(key, cells))
            kind, sentence = self.stopped.get(words, ("", ""))
            # a title names what was done, and may name whose event it was; a report it may not be
            if kind and (key != "title" or kind == "report"):
                self._notice(f"{BY_KEY[key].label}: {sentence}")
                words = ""
            found[key] = self._cut(key, words)
        raw = "" if "place_words" not in self._at else cells[self._at["place_words"]]
        if "place_words" in self._at and parsing.is_nothing(raw):
            raw = ""
            if parsing.is_nothing(self._cell("place", cells)):
                self._notice(NO_PLACE)
        if "\n" in raw or "\r" in raw:
            self._notice(LINES)
        if "\r" in raw:
            self._notice(WINDOWS)
        lines = (" ".join(line.split()).rstrip(" ,") for line in re.split(r"[\r\n]+", raw))
        found["place_words"] = self._cut("place_words", ", ".join(line for line in lines if line))

    def _cut(self, key: str, words: str) -> str:
        if len(words) <= LONGEST[key]:
            return words
        self._notice(f"“{BY_KEY[key].label}” is longer than {LONGEST[key]} characters; the rest was cut off.")
        return words[: LONGEST[key] - 1].rstrip() + "…"

    def _numbers(self, cells: tuple[str, ...], found: dict[str, Any], faults: dict[str, str]) -> None:
        found |= {"people": None, "hours": None, "uuid": None, "tallies": {}}
        for key, read in (("people", parsing.number_of), ("hours", parsing.hours_of)):
            text = self._cell(key, cells)
            if not parsing.is_nothing(text):
                try:
                    found[key] = read(text)
                except FolkmootError as error:
                    faults[key] = f"{BY_KEY[key].label}: {error}"
        for at, pk in self._tallies:
            if not parsing.is_nothing(cells[at]):
                try:
                    found["tallies"][pk] = parsing.number_of(cells[at])
                except FolkmootError as error:
                    faults[f"tally {pk}"] = f"{self._known.categories[pk]}: {error}"
        text = self._cell("uuid", cells)
        if text:
            try:
                found["uuid"] = identifiers.UUID(text)
            except ValueError:
                raise _Aside(f"“{text[:40]}” is no identifier of ours.") from None

    def _values(self, cells: tuple[str, ...], found: dict[str, Any]) -> None:
        meant: dict[str, str] = {}
        for one in VALUED:
            always = self._matching.always.get(one.key)
            text = self._cell(one.key, cells)
            if always is None and not text:
                continue
            meaning = always if always is not None else self._meaning(one.key, text)
            if meaning == ASIDE:
                raise _Aside(
                    f"Rows with “{' '.join(text.split())[:60]}” under “{one.label}” are set aside, as was said."
                )
            if meaning is None:
                if one.key != "place":
                    self._notice(
                        f"“{one.label}” is written in a way that nobody has matched; it was left empty."
                    )
                elif not found["place_words"]:
                    found["place_words"] = self._cut("place_words", " ".join(text.split()))
            elif meaning != EMPTY:
                meant[one.key] = meaning
        self._rows_meant(meant, found)
        for key in ("level", "participant_level", "hosting", "trigger", "uniform", "counterpart"):
            found[key] = meant.get(key, "")
        found["counted"] = meant.get("counted", "people")
        found["by_specialist"] = {"yes": True, "no": False}.get(meant.get("by_specialist", ""))

    def _meaning(self, key: str, text: str) -> str | None:
        asked = (key, text)
        if asked not in self._meanings:
            self._meanings[asked] = meaning_of(key, text, self._matching, self._known)
        return self._meanings[asked]

    def _rows_meant(self, meant: Mapping[str, str], found: dict[str, Any]) -> None:
        """The numbers of the rows that the values mean. A column of its own goes before the kind of event."""
        initiative = _after("initiative", meant.get("initiative", ""), meant.get("kind", ""))
        method = _after("method", meant.get("method", ""), meant.get("kind", ""))
        strand = self._known.initiatives.get(int(initiative)) if initiative else None
        found["initiative_id"] = strand.pk if strand else None
        found["mechanism_version_id"] = strand.version_id if strand else None
        found["method_id"] = self._known.methods[method] if method else (strand.method_id if strand else None)
        for key in ("place", "host"):
            pk = _after(key, meant.get(key, ""))
            found[f"{key}_id"] = int(pk) if pk else None

    def _require_no_doubt(self, number: int, cells: tuple[str, ...], found: Mapping[str, Any]) -> None:
        settled = self._matching.settled
        if settled["trial"] == ASIDE and any(
            (len(cell) < 20 and cell.strip().casefold() in _TRIAL_CELL)
            or ("test" in cell and _TRIAL_WORDS.search(cell))
            for cell in cells
            if cell
        ):
            raise _Aside(TRIAL)
        if settled["cancelled"] == ASIDE and _CANCELLED.search(found["title"] or ""):
            raise _Aside(CANCELLED)
        if found["uuid"] is not None:
            return  # two rows with identifiers of their own are two occasions, however alike
        before = self._before(number, cells)
        if before is not None and settled["repeated"] == ASIDE:
            raise _Aside(f"It repeats row {before}{self._likeness}.")

    def _telling(self) -> list[int]:
        """The columns by which two rows are taken for the same occasion; none: all of them."""
        told = ["apart", "happened_on", "begins_at", "title", "kind"]
        if "apart" not in self._at:
            told += ["place_words", "place"]
        named = {"title", "kind"} & self._at.keys()
        return list(dict.fromkeys(self._at[key] for key in told if key in self._at)) if named else []

    def _before(self, number: int, cells: tuple[str, ...]) -> int | None:
        """The earlier row that this one repeats letter for letter where it matters; None if there is none."""
        key = tuple(cells[at] for at in self._told) if self._told else cells
        before = self._seen.setdefault(key, number)
        if before != number:
            return before
        if self._seen_plainly.setdefault(plain(" ¦ ".join(key)), number) != number:
            self._notice(NEARLY)
        return None

    def _fit(self, found: dict[str, Any]) -> dict[str, Any]:
        """The values within the limits of ``checking``; what is outside is left out and told, or refuses the row."""
        for _ in range(3):
            try:
                return checked(found, today=self._today, characteristic_of=self._known.characteristic_of)
            except Unfit as error:
                if "happened_on" in error.faults:
                    raise _Aside(error.faults["happened_on"]) from None
                for key, problem in error.faults.items():
                    self._unread(problem)
                    found = self._without(key, found)
        raise _Aside("It cannot be recorded as it is.")

    @staticmethod
    def _without(key: str, found: dict[str, Any]) -> dict[str, Any]:
        if key == "people" and found["people"] is None:
            key = "tallies"  # counted by group, but nobody says how many there were
        if key == "tallies":
            return {**found, "tallies": {}}
        return {**found, key: "" if isinstance(found[key], str) else None}

    def _require_open(self, found: Mapping[str, Any]) -> None:
        strand = self._known.initiatives.get(found["initiative_id"] or 0)
        if strand is not None and strand.ended is not None and found["happened_on"] > strand.ended:
            raise _Aside(f"“{strand.name}” was closed before that day.")


def generally(problem: str) -> str:
    """What was wrong, without what one row had in that place."""
    return re.sub(r"row \d+", "an earlier row", re.sub(r"“[^”]*” is", "What stands there is", problem))


def _after(kind: str, *meanings: str) -> str:
    """What follows the first meaning of this kind: the number or code of the row that is meant."""
    for meaning in meanings:
        before, _, after = meaning.partition(":")
        if before == kind:
            return after
    return ""


def stored_as(rows: Iterable[tuple[Any, ...]]) -> Here:
    """``Here`` of rows (uuid, day, begins at, title, place in words, initiative, method, people, hours)."""
    uuids: set[identifiers.UUID] = set()
    same: Counter[Sameness] = Counter()
    for own, day, begins, title, place, initiative, method, people, hours in rows:
        uuids.add(own)
        row = {"happened_on": day, "begins_at": begins, "title": title, "place_words": place,
               "initiative_id": initiative, "method_id": method, "people": people,
               "hours": None if hours is None else Decimal(hours)}  # fmt: skip
        same[sameness(row)] += 1
    return Here(frozenset(uuids), same)
