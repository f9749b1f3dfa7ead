"""Votes and characteristics from a table: a matrix of people by statements, or one row a vote.

What does not belong here: what the votes mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.tables import Table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion.votes import AGREE, DISAGREE, NOT_CAST, PASS, Votes

ANSWER_WORDS = {
    "1": AGREE,
    "+1": AGREE,
    "agree": AGREE,
    "yes": AGREE,
    "-1": DISAGREE,
    "−1": DISAGREE,
    "disagree": DISAGREE,
    "no": DISAGREE,
    "0": PASS,
    "pass": PASS,
    "unsure": PASS,
}
LONG = ("participant", "statement", "vote")
LONG_POLIS = ("voter-id", "comment-id", "vote")
ABOUT_PEOPLE = {  # columns of a Pol.is matrix that hold no votes
    "participant",
    "xid",
    "group-id",
    "n-comments",
    "n-votes",
    "n-agree",
    "n-disagree",
}

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A name, each person's position in ``names`` (−1 unknown), and those names."""

    name: str
    level: Integers
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a file of votes holds: the votes, the characteristics asked for, and votes replaced later."""

    votes: Votes
    characteristics: tuple[Characteristic, ...]
    replaced: int


def read_ballot(table: Table, *, attributes: Sequence[str] = ()) -> Ballot:
    """The votes of a table, less the statements named in ``attributes``, which become characteristics.

    A table with the columns participant, statement and vote (or Pol.is's voter-id, comment-id and
    vote) is one row a vote; any other is a matrix with a row a person. An attribute is a column's
    word or a statement: of a statement, agree is yes, disagree is no, anything else unknown.
    """
    if not len(table):
        raise CannotAnalyse(f"{table.name} has no rows below its header.")
    repeated = sorted({word for word in attributes if list(attributes).count(word) > 1})
    if repeated:
        raise CannotAnalyse(f"“{repeated[0]}” is named twice as an attribute.")
    for words in (LONG, LONG_POLIS):
        if set(words) <= set(table.columns):
            return _from_rows(table, words, attributes)
    return _from_matrix(table, attributes)


def _from_matrix(table: Table, attributes: Sequence[str]) -> Ballot:
    numbered = [column for column in table.columns if column.isdecimal()]
    others = [column for column in table.columns if column not in ABOUT_PEOPLE and column not in attributes]
    statements = numbered or others
    table.require(*attributes)
    if "participant" in table.columns:
        who = [word for word in table.text("participant") if word is not None]
        if len(set(who)) < len(who):
            raise CannotAnalyse(
                f"{table.name} has more than one row for a participant; a matrix has one each."
            )
    voted_on = [column for column in statements if column not in attributes]
    if not voted_on:
        raise CannotAnalyse(f"{table.name} has no column of votes beside those named as attributes.")
    table.require(*voted_on)
    answers = np.full((len(table), len(voted_on)), NOT_CAST, dtype=np.int8)
    for position, column in enumerate(voted_on):
        answers[:, position] = _answers(table, column)
    characteristics = tuple(
        _of_statement(column, _answers(table, column))
        if column in statements
        else Characteristic(column, *_levels(table, column))
        for column in attributes
    )
    person, statement = np.nonzero(answers != NOT_CAST)
    votes = Votes(
        person.astype(np.int64),
        statement.astype(np.int64),
        answers[person, statement].astype(np.int64),
        len(table),
        tuple(voted_on),
    )
    return Ballot(votes, characteristics, 0)


def _from_rows(table: Table, words: tuple[str, str, str], attributes: Sequence[str]) -> Ballot:
    person, people = _in_order(*table.codes(words[0]))
    statement, statements = _in_order(*table.codes(words[1]))
    answer = _answers(table, words[2])
    for codes, column in ((person, words[0]), (statement, words[1])):
        blank = np.flatnonzero(codes < 0)
        if blank.size:
            raise CannotAnalyse(
                f"{table.name}, row {blank[0] + 2}, column “{column}”: the cell is empty ({blank.size} such rows)."
            )
    unknown = [word for word in attributes if word not in table.columns and word not in statements]
    if unknown:
        raise CannotAnalyse(f"{table.name} has neither a column nor a statement “{unknown[0]}”.")
    columns = {
        word: _of_people(table, word, person, len(people)) for word in attributes if word in table.columns
    }
    order = np.arange(person.size)
    if "timestamp" in table.columns:
        order = np.argsort(table.numbers("timestamp"), kind="stable")
    # the last vote of a person on a statement counts; a person may change his mind
    key = (person * len(statements) + statement)[order]
    _, last = np.unique(key[::-1], return_index=True)
    kept = order[key.size - 1 - last]
    person, statement, answer = person[kept], statement[kept], answer[kept]
    replaced = int(order.size - kept.size)
    cast = answer != NOT_CAST
    person, statement, answer = person[cast], statement[cast], answer[cast]
    characteristics = []
    as_votes = np.ones(len(statements), dtype=bool)
    for word in attributes:
        if word in columns:
            characteristics.append(columns[word])
            continue
        position = statements.index(word)
        as_votes[position] = False
        given = np.full(len(people), NOT_CAST, dtype=np.int64)
        on_it = statement == position
        given[person[on_it]] = answer[on_it]
        characteristics.append(_of_statement(word, given))
    votes = Votes(person, statement, answer, len(people), tuple(statements)).on(as_votes)
    return Ballot(votes, tuple(characteristics), replaced)


def _in_order(codes: Integers, names: list[str]) -> tuple[Integers, list[str]]:
    """The same codes with numbers in the order of counting, not of spelling (2 before 10)."""
    if not all(name.isdecimal() for name in names):
        return codes, names
    order = sorted(range(len(names)), key=lambda position: int(names[position]))
    rank = np.full(len(names) + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(names))
    return np.asarray(rank[codes]), [names[position] for position in order]


def _answers(table: Table, column: str) -> Integers:
    """Each row's answer, −1 for a blank; a word that is no vote is refused with its row."""
    codes, words = table.codes(column)
    meaning = np.empty(len(words) + 1, dtype=np.int64)
    meaning[-1] = NOT_CAST
    for position, word in enumerate(words):
        plain = word.lower().removesuffix(".0")
        if plain not in ANSWER_WORDS:
            row = int(np.flatnonzero(codes == position)[0]) + 2
            shown = word if len(word) <= 30 else word[:29] + "…"
            raise CannotAnalyse(
                f"{table.name}, row {row}, column “{column}”: “{shown}” is no vote"
                " (1 agree, -1 disagree, 0 pass, blank not cast)."
            )
        meaning[position] = ANSWER_WORDS[plain]
    return np.asarray(meaning[codes])


def _of_statement(name: str, answers: Integers) -> Characteristic:
    level = np.where(answers == AGREE, 0, np.where(answers == DISAGREE, 1, -1))
    return Characteristic(name, level.astype(np.int64), ("yes", "no"))


def _levels(table: Table, column: str) -> tuple[Integers, tuple[str, ...]]:
    codes, names = table.codes(column)
    return codes, tuple(names)


def _of_people(table: Table, column: str, person: Integers, people: int) -> Characteristic:
    """A column that describes the person on each of their rows; two different words are refused."""
    codes, names = table.codes(column)
    level = np.full(people, -1, dtype=np.int64)
    known = codes >= 0
    level[person[known]] = codes[known]
    differs = np.flatnonzero(known & (level[person] != codes))
    if differs.size:
        raise CannotAnalyse(
            f"{table.name}, row {differs[0] + 2}, column “{column}”: the same participant has another entry"
            " on another row."
        )
    return Characteristic(column, level, tuple(names))
