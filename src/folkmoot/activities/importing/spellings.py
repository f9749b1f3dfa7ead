"""Many spellings, few kinds: spellings put together by their words, for a person to confirm.

Everything happens on this machine: words without numbers, slips of the pen mended towards the commoner
spelling, and each form put under the commonest form that it holds or resembles. A suggestion is all that
this gives. What does not belong here: what a group is matched with (``matching``).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SMALL = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])
_SHORT = {
    "mtg": "meeting", "mtgs": "meeting", "dist": "district", "comm": "community",
    "cttee": "committee", "cmte": "committee", "subcmte": "subcommittee", "nat": "national",
    "natl": "national", "assoc": "association", "nhw": "neighbourhood watch", "w/": "with",
    "nbhd": "neighbourhood", "neighborhood": "neighbourhood", "conf": "conference", "pres": "presentation",
}  # fmt: skip
# words that say what form something had rather than what it was
_FORM = frozenset(
    [
        "meeting",
        "committee",
        "subcommittee",
        "sub",
        "council",
        "event",
        "session",
        "annual",
        "monthly",
        "weekly",
        "programme",
        "program",
        "initiative",
        "group",
        "district",
        "advisory",
    ]
)
LIGHT = 0.25
HEAVY_ENOUGH = 1.6  # words that say less than this draw nothing to themselves ("meeting")
ALIKE = 0.6
PART = 0.5


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a value, as the file has it first, and in how many rows."""

    written: str
    rows: int


@dataclass(frozen=True, slots=True)
class Group:
    """Spellings that may mean the same, the commonest first."""

    spellings: tuple[Spelling, ...]

    @property
    def label(self) -> str:
        return self.spellings[0].written

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.spellings)


def plain(text: str) -> str:
    """The text without what never makes a difference: capitals, doubled blanks, forms of one letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words_of(text: str) -> frozenset[str]:
    """The words that say something, shortened ones in full; numbers and ordinals are left out."""
    found: list[str] = []
    text = re.sub(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)", "", plain(text))  # "d.a.c." is one word
    # "003rd" and "12th" are numbers, and so are their endings
    for word in _WORD.findall(re.sub(r"\d+(?:st|nd|rd|th)?", " ", text)):
        word = word.replace("’", "'").removesuffix("'s").strip("'")
        if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
        found += _SHORT.get(word, word).split()
    kept = frozenset(word for word in found if word not in _SMALL and len(word) > 1)
    return kept or frozenset(found)


def grouped(counts: Mapping[str, int]) -> list[Group]:
    """The spellings in groups, the group with most rows first. Every spelling is in exactly one."""
    words = _mended({written: words_of(written) for written in counts}, counts)
    forms: dict[frozenset[str], list[str]] = defaultdict(list)
    for written in sorted(counts, key=lambda one: (-counts[one], one)):
        # what has no word at all is told apart by itself
        forms[words[written] or frozenset([written])].append(written)
    said = Counter(word for form in forms for word in form)
    weight = {
        word: (math.log((1 + len(forms)) / number) + 0.1) * (LIGHT if word in _FORM else 1)
        for word, number in said.items()
    }
    heavy = {form: sum(weight[word] for word in form) for form in forms}
    rows = {form: sum(counts[one] for one in written) for form, written in forms.items()}
    under: dict[frozenset[str], frozenset[str]] = {}
    leading: dict[str, list[frozenset[str]]] = defaultdict(list)
    for form in sorted(forms, key=lambda one: (-rows[one], len(one), sorted(one))):
        near = {leader for word in form for leader in leading[word]}
        best = max(
            ((_pull(form, leader, weight, heavy), rows[leader], sorted(leader), leader) for leader in near),
            key=lambda one: one[:3],
            default=None,
        )
        if best is not None and best[0] > 0:
            under[form] = best[3]
            continue
        under[form] = form
        for word in form:
            leading[word].append(form)
    members: dict[frozenset[str], list[str]] = defaultdict(list)
    for form, leader in under.items():
        members[leader] += forms[form]
    groups = [
        Group(
            tuple(Spelling(one, counts[one]) for one in sorted(written, key=lambda one: (-counts[one], one)))
        )
        for written in members.values()
    ]
    return sorted(groups, key=lambda group: (-group.rows, group.label))


def _pull(
    form: frozenset[str],
    leader: frozenset[str],
    weight: Mapping[str, float],
    heavy: Mapping[frozenset[str], float],
) -> float:
    """How strongly a commoner form draws this one to itself; 0: not at all."""
    shared = sum(weight[word] for word in form & leader)
    if leader <= form and heavy[leader] >= HEAVY_ENOUGH:
        return heavy[leader]
    if form < leader and shared >= PART * heavy[leader]:
        return shared
    together = heavy[form] + heavy[leader] - shared
    return shared if together and shared / together >= ALIKE else 0.0


def _mended(found: Mapping[str, frozenset[str]], counts: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """Rare words that are one slip away from a much commoner one are read as that."""
    number: Counter[str] = Counter()
    for written, words in found.items():
        for word in words:
            number[word] += counts[written]
    alphabet: dict[str, list[str]] = defaultdict(list)
    for word in sorted(number, key=lambda one: (-number[one], one)):
        if len(word) >= 4:
            for letter in {word[0], word[-1]}:
                alphabet[letter].append(word)
    mend: dict[str, str] = {}
    for word in number:
        if len(word) < 5:
            continue
        near = alphabet[word[0]] + (alphabet[word[-1]] if word[-1] != word[0] else [])
        for other in near:
            if number[other] >= 4 * number[word] and _slip(word, other):
                mend[word] = other
                break
    for word in number:  # two words written as one: "beatmeeting"
        if word not in mend and len(word) >= 8:
            for cut in range(3, len(word) - 3):
                if number[word[:cut]] > number[word] * 4 and number[word[cut:]] > number[word] * 4:
                    mend[word] = f"{word[:cut]} {word[cut:]}"
                    break
    return {
        written: frozenset(part for word in words for part in mend.get(word, word).split())
        for written, words in found.items()
    }


def _slip(word: str, other: str) -> bool:
    """One letter more, less, other, or two that changed places; an s at the end; two slips in a long word."""
    if word == other:
        return False
    most = 2 if min(len(word), len(other)) >= 9 else 1
    return abs(len(word) - len(other)) <= most and _distance(word, other, most) <= most


def _distance(first: str, second: str, most: int) -> int:
    """Optimal string alignment distance, given up once it is beyond ``most``."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def nearest(written: str, names: Sequence[tuple[str, str]]) -> str | None:
    """The meaning of the name that shares most words with this, where it is more than half of both; else None.

    ``names`` are pairs of meaning and name.
    """
    words = words_of(written)
    best: tuple[float, str] | None = None
    for meaning, name in names:
        other = words_of(name)
        shared = len(words & other)
        if not shared:
            continue
        alike = 2 * shared / (len(words) + len(other))
        if best is None or alike > best[0]:
            best = (alike, meaning)
    return best[1] if best is not None and best[0] > 0.5 else None


def counted(values: Iterable[str]) -> Counter[str]:
    """How often each spelling stands there; blanks are no spelling."""
    return Counter(value for value in values if value.strip())
