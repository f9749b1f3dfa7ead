"""How one file was matched: which column is which field, what each spelling means, and how doubts are settled.

Kept as JSON with the import, so that a person can stop and go on another day, and read from a file by the
command line. What does not belong here: what the rows become (``planning``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from folkmoot.activities.importing.fields import BY_KEY, VALUED, guessed, of_a_category
from folkmoot.activities.importing.known import ASIDE, EMPTY, Known
from folkmoot.activities.importing.parsing import NOTHING
from folkmoot.activities.importing.sheets import Sheet
from folkmoot.activities.importing.spellings import Group, counted, grouped, nearest, plain
from folkmoot.core.errors import BadImport

# doubts about a row, with what is done where nobody says otherwise
SETTLED = {"repeated": ASIDE, "here": ASIDE, "trial": ASIDE, "cancelled": ASIDE, "unread": "leave out"}
SETTLING = {
    "repeated": {ASIDE: "Set them aside", "use": "Bring them in as well"},
    "here": {ASIDE: "Set them aside", "use": "Bring them in as well"},
    "trial": {ASIDE: "Set them aside", "use": "Bring them in as well"},
    "cancelled": {ASIDE: "Set them aside", "use": "Bring them in as well"},
    "unread": {"leave out": "Leave that cell empty and bring the row in", ASIDE: "Set the row aside"},
}
DAYS = {"auto": "As the column shows", "day": "Day first: 3/4 is the third of April", "month": "Month first"}


@dataclass(frozen=True, slots=True)
class Matching:
    """``columns``: field → heading; ``tallies``: heading → category; ``values``: field → plain spelling → meaning;
    ``always``: field → one meaning for every row; ``settled``: doubt → what is done."""

    columns: dict[str, str] = field(default_factory=dict)
    tallies: dict[str, int] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=lambda: dict(SETTLED))
    days: str = "auto"

    def as_json(self) -> dict[str, Any]:
        """The matching as it is kept."""
        return {
            "columns": self.columns,
            "tallies": self.tallies,
            "values": self.values,
            "always": self.always,
            "settled": self.settled,
            "days": self.days,
        }

    @staticmethod
    def of_json(kept: Mapping[str, Any]) -> Matching:
        """The matching that was kept; what a later version adds is as usual."""
        return Matching(
            columns=dict(kept.get("columns", {})),
            tallies={head: int(pk) for head, pk in kept.get("tallies", {}).items()},
            values={key: dict(answers) for key, answers in kept.get("values", {}).items()},
            always=dict(kept.get("always", {})),
            settled=SETTLED | dict(kept.get("settled", {})),
            days=str(kept.get("days", "auto")),
        )


def first_guess(sheet: Sheet, known: Known) -> Matching:
    """The matching before anybody has said a word: learned headings first, then usual ones."""
    columns = guessed(sheet.columns)
    for heading in sheet.columns:
        meaning = known.learned_columns.get(plain(heading)[:300], "")
        for key in filter(None, meaning.split(" ")):
            if key in BY_KEY:
                columns[key] = heading
            elif key == "nothing":
                columns = {field: head for field, head in columns.items() if head != heading}
    tallies = {}
    for heading in sheet.columns:
        named = of_a_category(heading)
        found = known.category_of.get((plain(named[0]), plain(named[1]))) if named else None
        learned = known.learned_columns.get(plain(heading)[:300], "")
        if learned.startswith("category:") and int(learned[9:]) in known.categories:
            found = int(learned[9:])
        if found is not None:
            tallies[heading] = found
    columns = {key: head for key, head in columns.items() if head not in tallies}
    return Matching(columns=columns, tallies=tallies)


def require_fit(matching: Matching, sheet: Sheet, known: Known) -> None:
    """Refuse a matching that names what is not there, or leaves out the day."""
    if "happened_on" not in matching.columns:
        raise BadImport(
            "No column is named as the day.",
            remedy=f"Say which of these it is: {', '.join(sheet.columns[:20])}.",
        )
    for key, heading in matching.columns.items():
        if key not in BY_KEY:
            raise BadImport(f"There is no field “{key[:40]}”; there are {', '.join(BY_KEY)}.")
        if heading not in sheet.columns:
            raise BadImport(f"The file has no column “{heading[:80]}”.")
    for heading, pk in matching.tallies.items():
        if heading not in sheet.columns or pk not in known.categories:
            raise BadImport(f"The counts of people in “{heading[:80]}” are matched with what is not there.")
    if len(set(matching.tallies.values())) < len(matching.tallies):
        raise BadImport("Two columns are matched with the same group of people.")
    for doubt, what in matching.settled.items():
        if what not in SETTLING.get(doubt, {}):
            raise BadImport(f"“{doubt[:40]}: {what[:40]}” settles nothing.")
    if matching.days not in DAYS:
        raise BadImport("Days are read day first, month first, or as the column shows.")


@dataclass(frozen=True, slots=True)
class Open:
    """One field's spellings that wait for a person: in groups, each with what is suggested ("" = nothing)."""

    key: str
    label: str
    groups: tuple[tuple[Group, str], ...]
    settled: int
    spellings: int
    rows: int


def meaning_of(key: str, text: str, matching: Matching, known: Known) -> str | None:
    """What a cell means, by the word given for this file, by what was learned or by name; None: not known."""
    word = plain(text)
    if word in NOTHING:
        return EMPTY
    said = matching.values.get(key, {}).get(word)
    return said if said is not None else known.meanings[key].get(word)


def what_is_open(sheet: Sheet, matching: Matching, known: Known) -> list[Open]:
    """Each matched field whose spellings are not all clear, with the groups that a person confirms."""
    found = []
    for one in VALUED:
        heading = matching.columns.get(one.key)
        if heading is None or one.key in matching.always:
            continue
        written = counted(sheet.column(heading))
        unclear = {
            spelling: rows
            for spelling, rows in written.items()
            if meaning_of(one.key, spelling, matching, known) is None
        }
        names = known.choices[one.key]
        groups = tuple((group, nearest(group.label, names) or "") for group in grouped(unclear))
        found.append(
            Open(
                key=one.key,
                label=one.label,
                groups=groups,
                settled=len(written) - len(unclear),
                spellings=len(written),
                rows=sum(unclear.values()),
            )
        )
    return found


def with_words(matching: Matching, key: str, spellings: Mapping[str, str]) -> Matching:
    """The matching with a person's word on these spellings of a field."""
    values = dict(matching.values)
    values[key] = {**values.get(key, {}), **{plain(one): meaning for one, meaning in spellings.items()}}
    return replace(matching, values=values)


def without_words(matching: Matching, key: str) -> Matching:
    """The matching as it was before anybody said a word on the spellings of a field."""
    return replace(matching, values={field: said for field, said in matching.values.items() if field != key})


def read_matching(given: Any, known: Known, guess: Matching) -> Matching:
    """A matching file of the command line over the guess: JSON with ``columns``, ``tallies``, ``values``,
    ``always``, ``settled`` and ``days``, each optional. Values may name an initiative, method or place."""
    if not isinstance(given, dict) or not all(
        isinstance(given.get(part, {}), dict)
        for part in ("columns", "tallies", "values", "always", "settled")
    ):
        raise BadImport(
            "The matching is no JSON object with columns, tallies, values, always, settled and days."
        )
    columns = {**guess.columns, **{str(key): str(head) for key, head in given.get("columns", {}).items()}}
    tallies = dict(guess.tallies)
    for heading, name in given.get("tallies", {}).items():
        named = of_a_category(str(name))
        pk = known.category_of.get((plain(named[0]), plain(named[1]))) if named else None
        if pk is None:
            raise BadImport(f"There is no category “{str(name)[:80]}” here; name it as “Age: 16 to 24”.")
        tallies[str(heading)] = pk
    values: dict[str, dict[str, str]] = {}
    for key, answers in given.get("values", {}).items():
        if key not in known.meanings or not isinstance(answers, dict):
            raise BadImport(f"“{str(key)[:40]}” is no field whose values are matched.")
        values[key] = {plain(str(one)): _meant(key, str(said), known) for one, said in answers.items()}
    always = {key: _meant(key, str(said), known) for key, said in given.get("always", {}).items()}
    return Matching(
        columns={key: head for key, head in columns.items() if head},
        tallies=tallies,
        values=values,
        always=always,
        settled=SETTLED | {str(key): str(what) for key, what in given.get("settled", {}).items()},
        days=str(given.get("days", "auto")),
    )


def _meant(key: str, said: str, known: Known) -> str:
    """A meaning by its own name or by the name of what it means."""
    if key not in known.meanings:
        raise BadImport(f"“{key[:40]}” is no field whose values are matched.")
    if said in {EMPTY, ASIDE} or said in {meaning for meaning, _ in known.choices[key]}:
        return said
    kind, _, name = said.partition(":")
    sought = {kind: name} if kind in {"initiative", "method", "place", "host"} else {}
    for part in [key, *(["initiative", "method"] if key == "kind" else [])]:
        found = known.meanings[part].get(plain(sought.get(part, said)))
        if found:
            return found
    raise BadImport(f"“{said[:80]}” is nothing that a value of “{BY_KEY[key].label}” can mean here.")
