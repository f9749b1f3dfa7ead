"""Tables of speaking turns: which column is which, and rows into documents in their own order.

Where the rows come from (csv, xlsx, ods) is the business of ``delimited`` and ``sheets``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from folkmoot.core.errors import BadImport

from .blocks import clean, one_line, shortened
from .extent import check_counts
from .joins import backward_note, label_notes, seconds
from .labels import names_several, role_of
from .shapes import Limits, ReadDocument, ReadTurn, SetAside

_WORDS_FOR = {
    "text": "text utterance utterances words word_s content contents speech transcript transcription quote said "
    "statement response body message turn_text",
    "speaker": "speaker speakers speaker_name speaker_label name who person participant voice said_by author",
    "time": "time time_mark timemark timestamp time_stamp start start_time starttime begin time_in timecode time_code",
    "document": "interview interview_id interview_no interview_number interview_name session session_id document "
    "document_name document_id file filename file_name transcript_id transcript_name recording case case_id meeting",
    "set": "set wave round batch group_of_interviews collection study",
    "role": "role speaker_type speakertype speaker_role type_of_speaker",
    "page": "page page_no page_number",
}
_COLUMN = {word: what for what, words in _WORDS_FOR.items() for word in words.split()}
_ASKING = {"er", "interviewer", "int", "ir", "q", "facilitator", "moderator", "researcher"}
_ANSWERING = {"ee", "interviewee", "ie", "a", "participant", "respondent", "witness", "p", "r"}
_NUMBERING = {
    "",
    "id",
    "index",
    "no",
    "row",
    "row_no",
    "number",
    "n",
    "turn",
    "turn_no",
    "turn_id",
    "line",
    "block",
}
_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with its number in the file, the first line being 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each part of a turn stands; a part the table lacks is absent from ``place``."""

    place: dict[str, int]
    header: tuple[str, ...]

    def cell(self, cells: Sequence[str], what: str) -> str:
        at = self.place.get(what)
        return cells[at] if at is not None and at < len(cells) else ""


@dataclass(slots=True)
class _Making:
    key: tuple[str, str]
    name: str
    texts: list[str] = field(default_factory=list)
    length: int = 0
    turns: list[ReadTurn] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    read: int = 0
    resumed: list[int] = field(default_factory=list)
    extra: dict[int, str | None] = field(default_factory=dict)


def columns_of(cells: Sequence[str]) -> Columns | None:
    """The columns a header row names, or None where no column of words is among them."""
    place: dict[str, int] = {}
    for at, cell in enumerate(cells):
        what = _COLUMN.get(re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_"))
        if what and what not in place:
            place[what] = at
    return Columns(place, tuple(one_line(cell) for cell in cells)) if "text" in place else None


def find_header(rows: Sequence[Row]) -> tuple[int, Columns] | None:
    """The place and columns of the first row, among the first twenty, that reads as a header."""
    for place, row in enumerate(rows[:_HEADER_WITHIN]):
        filled = [cell for cell in row.cells if cell.strip()]
        found = columns_of(row.cells)
        if found and (len(found.place) > 1 or len(filled) == 1) and all(len(cell) <= 60 for cell in filled):
            return place, found
    return None


def no_columns(rows: Sequence[Row]) -> BadImport:
    """The refusal of a table without a column of words; it names the columns that are there."""
    seen = (
        ", ".join(f"“{shortened(cell, length=30)}”" for cell in rows[0].cells[:12] if cell.strip())
        if rows
        else ""
    )
    return BadImport(
        "The table has no column of spoken words" + (f"; its first row reads {seen}." if seen else "."),
        remedy="Name the columns in the first row, for example Interview, Speaker, Text and Time.",
    )


def table_documents(
    rows: Sequence[Row], *, name: str, file: str, limits: Limits, notes: Sequence[str] = ()
) -> tuple[list[ReadDocument], list[SetAside], int]:
    """The documents of a table, what was set aside outside all of them, and how many rows were read.

    The header row is not counted. Several interviews in one table become several documents in the
    order in which each first appears; within each, the rows keep their order.
    """
    header = find_header(rows)
    if header is None:
        raise no_columns(rows)
    at, columns = header
    outside = [
        SetAside(file, row.number, "The row stands above the names of the columns.") for row in rows[:at]
    ]
    makings: dict[tuple[str, str], _Making] = {}
    current: _Making | None = None
    characters = turns = 0
    for row in rows[at + 1 :]:
        cells = row.cells
        reason = _unusable(cells, columns)
        if reason:
            outside.append(SetAside(file, row.number, reason))
            continue
        key = (one_line(columns.cell(cells, "set")), one_line(columns.cell(cells, "document")))
        if "document" in columns.place and not key[1]:
            outside.append(SetAside(file, row.number, "The row does not say which interview it belongs to."))
            continue
        making = makings.get(key)
        if making is None:
            making = makings[key] = _Making(key, " · ".join(part for part in key if part) or name)
        elif current is not making:
            making.resumed.append(row.number)
        resumed, current = current is not making and bool(making.read), making
        making.read += 1
        _extras(making, cells, columns)
        text = clean(columns.cell(cells, "text")).strip()
        if not text:
            making.aside.append(SetAside(file, row.number, "The row has no words."))
            continue
        characters, turns = characters + len(text), turns + 1
        check_counts(characters, turns=turns, limits=limits)
        _add(making, row, text, columns, resumed=resumed)
    made = [_finished(making, columns=columns, notes=notes) for making in makings.values()]
    total = len(rows) - 1
    return made, outside, total


def _unusable(cells: Sequence[str], columns: Columns) -> str:
    if not any(cell.strip() for cell in cells):
        return "The row is blank."
    if any(cell.strip() for cell in cells[len(columns.header) :]):
        return f"The row has {len(cells)} cells where the first row names {len(columns.header)} columns."
    return ""


def _extras(making: _Making, cells: Sequence[str], columns: Columns) -> None:
    """What is the same in every row of an interview describes the interview."""
    used = {columns.place[what] for what in columns.place}
    for at, title in enumerate(columns.header):
        if at in used or title.casefold() in _NUMBERING:
            continue
        value = cells[at].strip() if at < len(cells) else ""
        if at not in making.extra:
            making.extra[at] = value
        elif making.extra[at] != value:
            making.extra[at] = None


def _add(making: _Making, row: Row, text: str, columns: Columns, *, resumed: bool) -> None:
    cells = row.cells
    speaker = one_line(clean(columns.cell(cells, "speaker"))) or None
    doubts = []
    if speaker is None and "speaker" in columns.place:
        doubts.append(f"Row {row.number} names no speaker.")
    elif speaker and names_several(speaker):
        doubts.append(f"The file gives “{speaker}” as the speaker, so it is open which of them spoke.")
    if resumed:
        doubts.append(
            f"Rows of another interview stand between this row ({row.number}) and the one before it."
        )
    page = columns.cell(cells, "page").strip()
    time = columns.cell(cells, "time").strip()
    if making.turns:
        before = making.turns[-1].time_mark
        a, b = seconds(before), seconds(time)
        if a and b and a[0] == b[0] and b[1] < a[1]:
            doubts.append(
                f"The time steps back here, from {before} (row {making.rows[-1]}) to {time} (row {row.number}); "
                "the order of the rows is kept."
            )
        last = making.pages[-1]
        if page.isdecimal() and last.isdecimal() and int(page) < int(last):
            doubts.append(
                f"The page steps back here, from {last} (row {making.rows[-1]}) to {page} (row {row.number}), "
                "so these words may belong elsewhere."
            )
    if making.turns:
        making.length += 2
    start = making.length
    making.texts.append(text)
    making.length += len(text)
    role = _role(columns.cell(cells, "role").strip(), speaker)
    making.turns.append(ReadTurn(speaker, start, making.length, time, " ".join(doubts), role))
    making.rows.append(row.number)
    making.pages.append(page)


def _role(given: str, speaker: str | None) -> str:
    word = given.casefold()
    if word in _ASKING:
        return "interviewer"
    if word in _ANSWERING:
        return "interviewee"
    return role_of(speaker) if speaker else ""


def _finished(making: _Making, *, columns: Columns, notes: Sequence[str]) -> ReadDocument:
    said = list(notes)
    if making.resumed:
        rows = ", ".join(str(number) for number in making.resumed[:10])
        said.append(f"The rows of this interview do not stand together; it is taken up again at row {rows}.")
    said += _steps(making)
    if making.turns and {turn.role for turn in making.turns} == {"interviewer"}:
        said.append("Only interviewers speak in this document; it may be no interview.")
    if making.turns and all((seconds(turn.time_mark) or ("",))[0] == "number" for turn in making.turns):
        said.append("The time marks are running numbers, not times.")
    said += label_notes(making.turns)
    attributes = {
        columns.header[at].casefold(): value
        for at, value in making.extra.items()
        if value and columns.header[at]
    }
    for what, value in zip(("set", "interview"), making.key, strict=True):
        if value:
            attributes[what] = value
    return ReadDocument(
        name=making.name,
        text="\n\n".join(making.texts),
        turns=tuple(making.turns),
        rows_read=making.read,
        rows_used=making.read - len(making.aside),
        set_aside=tuple(making.aside),
        notes=tuple(said),
        attributes=attributes,
    )


def _steps(making: _Making) -> list[str]:
    """A note for each kind of stepping back, naming the rows."""
    notes = []
    for what in ("time", "page"):
        places = []
        for turn, row in zip(making.turns, making.rows, strict=True):
            found = re.search(
                rf"The {what} steps back here, from (\S+) \(row \d+\) to (\S+) \(row", turn.doubt
            )
            if found:
                places.append(f"{found[1]} to {found[2]} (row {row})")
        if places:
            notes += backward_note(places, what=what)
        if what == "page" and len(places) > 2:
            notes.append(
                "The pages change to and fro, so the rows of two recordings may be mixed together here."
            )
    return notes
