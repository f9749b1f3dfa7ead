"""Votes from files: a Pol.is export (participants-votes.csv with comments.csv, or votes.csv) or a plain table.

Every row is used or set aside with its reason. What does not belong here: storing, screening of statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from folkmoot.core.errors import BadImport
from folkmoot.core.opinion.votes import AGREE, DISAGREE, NOT_CAST, PASS
from folkmoot.heard.tabular import Sheet, cell, sheet_of
from folkmoot.heard.votes.boxes import NO_GROUP, Ballots
from folkmoot.sources.cells import neutral

MEANING = {
    "1": AGREE, "+1": AGREE, "1.0": AGREE, "agree": AGREE, "yes": AGREE,
    "-1": DISAGREE, "−1": DISAGREE, "-1.0": DISAGREE, "disagree": DISAGREE, "no": DISAGREE,
    "0": PASS, "0.0": PASS, "pass": PASS, "unsure": PASS,
}  # fmt: skip
MOST_PEOPLE, MOST_STATEMENTS = 100_000, 2_000
MOST_CELLS = 20_000_000
LONGEST_STATEMENT = 1_000
NOT_SHOWN = -1  # Pol.is's mark of a statement that its moderators refused


@dataclass(slots=True)
class Taken:
    """What the files hold. ``texts`` and ``moderated`` are by statement number; rows are accounted for."""

    ballots: Ballots
    texts: dict[int, str]
    moderated: dict[int, int | None]
    title: str = ""
    credit: str = ""
    read: int = 0
    set_aside: list[tuple[str, int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    replaced: int = 0

    @property
    def used(self) -> int:
        return self.read - len(self.set_aside)


def read_votes(files: Sequence[tuple[str, bytes]]) -> Taken:
    """The votes of these files together. Raises BadImport where no file holds votes, or two do in the same form."""
    sheets = [
        sheet_of(name, content) for name, content in files if not name.casefold().endswith("summary.csv")
    ]
    matrix = [one for one in sheets if one.place("participant") is not None and _numbered(one)]
    rows = [
        one
        for one in sheets
        if one.place("voter-id", "participant") is not None and one.place("vote") is not None
    ]
    said = [one for one in sheets if one.place("comment-body") is not None]
    if len(matrix) > 1 or len(rows) > 1 or len(said) > 1:
        raise BadImport(
            "Two of these files hold the same kind of table.", remedy="Import one conversation at a time."
        )
    if matrix:
        taken = _matrix(matrix[0])
    elif rows:
        taken = _rows(rows[0])
    else:
        raise BadImport(
            "None of these files holds votes.",
            remedy="Choose participants-votes.csv of a Pol.is export, or a table with the columns participant, "
            "statement and vote.",
        )
    if said:
        _say(said[0], taken)
    for name, content in files:
        if name.casefold().endswith("summary.csv"):
            _summary(sheet_of(name, content), taken)
    for number in taken.ballots.numbers:
        taken.texts.setdefault(number, f"Statement {number}")
    return taken


def _numbered(sheet: Sheet) -> list[int]:
    return [place for place, name in enumerate(sheet.columns) if name.isdecimal()]


def _matrix(sheet: Sheet) -> Taken:
    places = _numbered(sheet)
    numbers = [int(sheet.columns[place]) for place in places]
    if len(set(numbers)) < len(numbers):
        raise BadImport(f"{sheet.name} names a statement twice in its header.")
    _check(len(sheet.rows), len(numbers))
    who, group = sheet.place("participant"), sheet.place("group-id")
    answers = np.full((len(sheet.rows), len(numbers)), NOT_CAST, dtype=np.int8)
    people = np.zeros(len(sheet.rows), dtype=np.int64)
    drawn = np.full(len(sheet.rows), NO_GROUP, dtype=np.int16)
    aside: list[tuple[str, int, str]] = []
    kept: list[int] = []
    seen: set[int] = set()
    for at, (number, row) in enumerate(sheet.rows):
        person = cell(row, who)
        if not person.isdecimal() or len(person) > 15:
            aside.append((sheet.name, number, "The participant has no number."))
            continue
        if int(person) in seen:
            aside.append((sheet.name, number, "This participant has a row already."))
            continue
        fault = _fill(answers[at], row, places, sheet)
        if fault:
            aside.append((sheet.name, number, fault))
            continue
        seen.add(int(person))
        people[at] = int(person)
        word = cell(row, group).removesuffix(".0")
        drawn[at] = int(word) if word.isdecimal() and len(word) < 4 else NO_GROUP
        kept.append(at)
    if not kept:
        raise BadImport(f"{sheet.name} holds no participant with votes.")
    taken = Taken(
        Ballots(answers[kept], tuple(numbers), people[kept], drawn[kept]),
        {},
        {},
        read=len(sheet.rows),
        set_aside=aside,
    )
    _compare(sheet, taken)
    return taken


def _fill(into: np.ndarray, row: list[str], places: list[int], sheet: Sheet) -> str:
    for position, place in enumerate(places):
        word = cell(row, place)
        if not word:
            continue
        meaning = MEANING.get(word.casefold())
        if meaning is None:
            return f"What stands in the column of statement {sheet.columns[place]} is no vote."
        into[position] = meaning
    return ""


def _compare(sheet: Sheet, taken: Taken) -> None:
    """Say where the file's own counts of a participant's votes are not those of its table."""
    place = sheet.place("n-votes")
    if place is None:
        return
    cast = dict(
        zip(
            taken.ballots.participants.tolist(),
            (taken.ballots.answers != NOT_CAST).sum(axis=1).tolist(),
            strict=True,
        )
    )
    who = sheet.place("participant")
    wrong = sum(
        1
        for _, row in sheet.rows
        if cell(row, who).isdecimal()
        and cell(row, place).isdecimal()
        and cast.get(int(cell(row, who)), -1) not in (-1, int(cell(row, place)))
    )
    if wrong:
        taken.notes.append(
            f"{wrong} participant{'s have' if wrong > 1 else ' has'} another number of votes in the file's own "
            "column than in its table; the table counts here."
        )


def _rows(sheet: Sheet) -> Taken:
    who = sheet.place("voter-id", "participant")
    which = sheet.place("comment-id", "statement", "statement-id")
    vote, when = sheet.place("vote"), sheet.place("timestamp")
    if which is None:
        raise BadImport(f"{sheet.name} has no column for the statement.", remedy="Name it statement.")
    person_of: dict[str, int] = {}
    statement_of: dict[str, int] = {}
    cast: dict[tuple[int, int], tuple[int, int]] = {}
    aside: list[tuple[str, int, str]] = []
    replaced = 0
    for number, row in sheet.rows:
        person, statement, word = cell(row, who), cell(row, which), cell(row, vote).casefold()
        if not person or not statement:
            aside.append((sheet.name, number, "The participant or the statement is missing."))
            continue
        if word and word not in MEANING:
            aside.append((sheet.name, number, "What stands there is no vote."))
            continue
        if not word:
            aside.append((sheet.name, number, "No vote was cast."))
            continue
        key = (
            person_of.setdefault(person, len(person_of)),
            statement_of.setdefault(statement, len(statement_of)),
        )
        moment = cell(row, when)
        at = int(moment) if moment.isdecimal() and len(moment) < 19 else number
        if key in cast:
            replaced += 1
            if at < cast[key][0]:
                continue
        cast[key] = at, MEANING[word]
    if not cast:
        raise BadImport(f"{sheet.name} holds no vote.")
    _check(len(person_of), len(statement_of))
    answers = np.full((len(person_of), len(statement_of)), NOT_CAST, dtype=np.int8)
    for (person_at, statement_at), (_, answer) in cast.items():
        answers[person_at, statement_at] = answer
    numbered = all(one.isdecimal() and len(one) < 9 for one in statement_of)
    numbers = [int(one) if numbered else place + 1 for place, one in enumerate(statement_of)]
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    numbered_people = all(one.isdecimal() and len(one) < 16 for one in person_of)
    people = [int(one) if numbered_people else place + 1 for place, one in enumerate(person_of)]
    if len(set(people)) < len(people) or len(set(numbers)) < len(numbers):
        raise BadImport(
            "Two numbers in the table mean the same, such as 7 and 07.", remedy="Write them alike."
        )
    by_person = sorted(range(len(people)), key=people.__getitem__)
    texts = {} if numbered else {numbers[place]: one for place, one in enumerate(statement_of)}
    taken = Taken(
        Ballots(
            answers[np.ix_(by_person, order)],
            tuple(numbers[place] for place in order),
            np.array([people[place] for place in by_person], dtype=np.int64),
            np.full(len(people), NO_GROUP, dtype=np.int16),
        ),
        texts,
        {},
        read=len(sheet.rows),
        set_aside=aside,
        replaced=replaced,
    )
    if not numbered_people:
        taken.notes.append("What the table calls its participants was not kept: they are numbered instead.")
    if replaced:
        taken.notes.append(f"{replaced} earlier votes were replaced by a later one of the same person.")
    return taken


def _say(sheet: Sheet, taken: Taken) -> None:
    """The words of the statements, and where the file's own counts differ from its votes."""
    number_at, text_at = sheet.place("comment-id"), sheet.place("comment-body")
    moderated_at, agrees, disagrees = (
        sheet.place("moderated"),
        sheet.place("agrees"),
        sheet.place("disagrees"),
    )
    counts = dict(zip(taken.ballots.numbers, taken.ballots.counts().tolist(), strict=True))
    differ = unvoted = 0
    taken.read += len(sheet.rows)
    for row_number, row in sheet.rows:
        word, text = cell(row, number_at), cell(row, text_at)
        if not word.isdecimal() or len(word) > 8 or not text:
            taken.set_aside.append((sheet.name, row_number, "The statement has no number or no words."))
            continue
        number = int(word)
        if number not in counts:
            unvoted += 1
            taken.set_aside.append((sheet.name, row_number, "Nobody voted on this statement."))
            continue
        if text.startswith("'") and neutral(text[1:]) == text:
            text = text[1:]  # our own export put it there
        if len(text) > LONGEST_STATEMENT:
            text = text[: LONGEST_STATEMENT - 1] + "…"
            taken.notes.append(f"Statement {number} was cut to {LONGEST_STATEMENT:,} characters.")
        taken.texts[number] = text
        mark = cell(row, moderated_at)
        taken.moderated[number] = int(mark) if mark in {"-1", "0", "1"} else None
        own = (cell(row, agrees), cell(row, disagrees))
        if all(one.isdecimal() for one in own) and [int(one) for one in own] != counts[number][:2]:
            differ += 1
    if differ:
        taken.notes.append(
            f"For {differ} of {len(counts)} statements the file's own counts of agree and disagree are not those of "
            "its votes; the votes count here."
        )


def _summary(sheet: Sheet, taken: Taken) -> None:
    """Pol.is's summary has a word and its value in each line, the first line among them."""
    lines = {sheet.columns[0]: sheet.columns[1] if len(sheet.columns) > 1 else ""}
    lines |= {row[0].strip(): cell(row, 1) for _, row in sheet.rows if row}
    topic = lines.get("topic", "")
    topic = topic[1:] if topic.startswith("'") and neutral(topic[1:]) == topic else topic
    taken.title, taken.credit = topic[:200], lines.get("url", "")[:300]


def _check(people: int, statements: int) -> None:
    if people > MOST_PEOPLE or statements > MOST_STATEMENTS or people * statements > MOST_CELLS:
        raise BadImport(
            f"{people:,} people and {statements:,} statements are more than one conversation may hold "
            f"({MOST_PEOPLE:,}, {MOST_STATEMENTS:,}, and {MOST_CELLS:,} together)."
        )
    if not people or not statements:
        raise BadImport("The table holds no votes.")
