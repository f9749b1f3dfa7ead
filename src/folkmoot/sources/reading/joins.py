"""What a person should look at after an import: labels that may be one person, times that step back.

Nothing is joined here; a note proposes, a person decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from .labels import is_role
from .shapes import ReadTurn

_TITLE_WORDS = "mr mrs ms miss mx dr prof professor sir dame lord lady kc qc mp ms obe cbe mbe pc rev the"
_TITLES = frozenset(_TITLE_WORDS.split())
_ONE_ROLE = (
    frozenset({"interviewer", "int", "intv", "ir", "er", "i", "q"}),
    frozenset({"interviewee", "iee", "ie", "ee", "respondent", "resp", "participant", "part", "p", "r", "a"}),
)
_UNNAMED = re.compile(r"(?:the\s+)?(?:witness|interviewee|respondent|participant|speaker)", re.IGNORECASE)


def seconds(mark: str) -> tuple[str, float] | None:
    """The kind of a time mark ("clock" or "number") and its value, or None where it is neither."""
    parts = mark.strip().replace(",", ".").split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    if not mark.strip() or len(parts) > 4 or any(not part[:1].isdigit() for part in parts):
        return None
    total = 0.0
    for value in values:
        total = total * 60 + value
    return ("clock" if len(parts) > 1 else "number", total)


def step_back(before: str, here: str) -> bool:
    """Whether a time mark is earlier than the one before it."""
    a, b = seconds(before), seconds(here)
    return a is not None and b is not None and a[0] == b[0] and b[1] < a[1]


def mark_backward_times(turns: Sequence[ReadTurn]) -> tuple[list[ReadTurn], list[str]]:
    """The turns, each where the time steps back in doubt, and a note that names the places."""
    marked = []
    places = []
    last = ""
    for number, turn in enumerate(turns, 1):
        if turn.time_mark:
            if last and step_back(last, turn.time_mark):
                places.append(f"{last} to {turn.time_mark} (turn {number})")
                sentence = f"The time steps back here, from {last} to {turn.time_mark}; the order of the file is kept."
                turn = replace(turn, doubt=f"{turn.doubt} {sentence}".strip())
            last = turn.time_mark
        marked.append(turn)
    return marked, backward_note(places, what="time") if places else []


def backward_note(places: Sequence[str], *, what: str) -> list[str]:
    """One note that counts the places and names the first ten."""
    count = f"{len(places)} place" + ("s" if len(places) > 1 else "")
    more = f" and {len(places) - 10} more" if len(places) > 10 else ""
    return [f"The {what} steps back at {count}: {'; '.join(places[:10])}{more}."]


def label_notes(turns: Sequence[ReadTurn], *, headings: Sequence[str] = ()) -> list[str]:
    """A note for every pair of labels that may be one person."""
    counts = Counter(turn.speaker for turn in turns if turn.speaker)
    labels = sorted(counts, key=lambda label: (-counts[label], label))[:200]
    notes = []
    for i, one in enumerate(labels):
        for other in labels[i + 1 :]:
            if _same_person(one, other):
                notes.append(
                    f"“{other}” ({_turns(counts[other])}) and “{one}” ({_turns(counts[one])}) may be one person; "
                    "join the labels if they are."
                )
    for label in labels:
        named = _named_witness(label, labels, headings)
        if named:
            notes.append(
                f"“{label}” ({_turns(counts[label])}) names nobody and may be “{named}” "
                f"({_turns(counts[named])}); join the labels if it is."
            )
    return notes


def _turns(count: int) -> str:
    return f"{count:,} turn" + ("" if count == 1 else "s")


def _words(label: str) -> list[str]:
    return re.findall(r"\w+", label.casefold())


def _same_person(one: str, other: str) -> bool:
    a, b = _words(one), _words(other)
    if a == b or "".join(a) == "".join(b):
        return True
    if [w for w in a if w != "1"] == [w for w in b if w != "1"]:
        return True
    if any(set(a) <= words and set(b) <= words and len(a) == len(b) == 1 for words in _ONE_ROLE):
        return True
    if is_role(one) or is_role(other):
        return False
    names_a, names_b = [w for w in a if w not in _TITLES], [w for w in b if w not in _TITLES]
    if not names_a or not names_b or names_a[-1] != names_b[-1]:
        return False
    title_a, title_b = set(a) & {"mr", "mrs", "ms", "miss"}, set(b) & {"mr", "mrs", "ms", "miss"}
    if title_a and title_b and ("mr" in title_a) != ("mr" in title_b):
        return False
    shorter, longer = sorted((set(names_a), set(names_b)), key=len)
    return shorter <= longer


def _named_witness(label: str, labels: Sequence[str], headings: Sequence[str]) -> str | None:
    """The named label a bare "The Witness" may stand for: one the headings name, else the busiest."""
    if not label.casefold().startswith("the ") or not _UNNAMED.fullmatch(label):
        return None
    named = [other for other in labels if not is_role(other)]
    for other in named:
        surname = _words(other)[-1:]
        if any(set(surname) <= set(_words(heading)) for heading in headings) and not any(
            re.match(r"(?:further )?questions? from", h, re.IGNORECASE) and set(surname) <= set(_words(h))
            for h in headings
        ):
            return other
    return named[0] if named else None
