"""All votes of a conversation in one small box: a table of people by statements, a byte for each answer, compressed.

What does not belong here: the statements' words, who the people are (nobody knows).
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.opinion.votes import AGREE, DISAGREE, NOT_CAST, PASS

Answers = NDArray[np.int8]
NO_GROUP = -1


@dataclass(frozen=True, slots=True)
class Ballots:
    """``answers`` (people × statements): 0 agree, 1 disagree, 2 pass, −1 not cast. ``numbers``: the statements'.

    ``participants`` are the numbers that the file gave to people, ``drawn_groups`` the groups that its maker drew
    (−1: none); both are only there so that the file can be written again.
    """

    answers: Answers
    numbers: tuple[int, ...]
    participants: NDArray[np.int64]
    drawn_groups: NDArray[np.int16]

    @property
    def people(self) -> int:
        return int(self.answers.shape[0])

    @property
    def cast(self) -> int:
        return int((self.answers != NOT_CAST).sum())

    def counts(self) -> NDArray[np.int64]:
        """Agree, disagree and pass for each statement: (statements, 3)."""
        return np.stack(
            [(self.answers == answer).sum(axis=0) for answer in (AGREE, DISAGREE, PASS)], axis=1
        ).astype(np.int64)

    def of(self, number: int) -> Answers:
        """Everybody's answer to one statement."""
        return np.asarray(self.answers[:, self.numbers.index(number)])


def packed(ballots: Ballots) -> bytes:
    """The box: a line that says how large everything is, then the arrays, compressed."""
    head = json.dumps({"form": 1, "people": ballots.people, "numbers": list(ballots.numbers)}).encode()
    return zlib.compress(
        head
        + b"\n"
        + ballots.participants.astype("<i8").tobytes()
        + ballots.drawn_groups.astype("<i2").tobytes()
        + np.ascontiguousarray(ballots.answers, dtype=np.int8).tobytes(),
        level=6,
    )


def opened(box: bytes | memoryview) -> Ballots:
    """What lies in the box."""
    held = zlib.decompress(bytes(box))
    head, _, rest = held.partition(b"\n")
    said = json.loads(head)
    people, numbers = int(said["people"]), tuple(int(one) for one in said["numbers"])
    first, second = 8 * people, 10 * people
    answers = np.frombuffer(rest[second:], dtype=np.int8).reshape(people, len(numbers))
    return Ballots(
        answers,
        numbers,
        np.frombuffer(rest[:first], dtype="<i8").astype(np.int64),
        np.frombuffer(rest[first:second], dtype="<i2").astype(np.int16),
    )
