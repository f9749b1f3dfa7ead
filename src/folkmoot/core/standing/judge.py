"""From the tests of one assumption to its standing: the word, the row that gave it, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.evidence import Pooled, Test
from folkmoot.core.standing.independence import Independent, SetAside, independent
from folkmoot.core.standing.marks import Reading
from folkmoot.core.standing.rules import RULES, Quantity, Row, Rules
from folkmoot.core.standing.words import Word

Leaning = Literal["for", "against", "mixed", "no effect found", ""]

_LEANINGS: dict[Reading, Leaning] = {
    Reading.FOR: "for",
    Reading.AGAINST: "against",
    Reading.NO_EFFECT: "no effect found",
}

_COUNTED: tuple[tuple[Quantity, str], ...] = (
    ("for", "for"),
    ("against", "against"),
    ("no effect", "with no effect found"),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the stated rules say of one assumption.

    ``row`` is the key of the rule that fired, ``sentence`` the reason in plain words. ``leaning`` is
    which way a thin standing leans, and empty for every other word. The keys of what counted are
    sorted; ``set_aside`` holds every test that did not count with its reason. ``missing`` says what a
    thin standing would still need, where tests already lean for it. There is no number to rank by.
    """

    word: Word
    leaning: Leaning
    row: str
    sentence: str
    counted_for: tuple[str, ...]
    counted_against: tuple[str, ...]
    counted_no_effect: tuple[str, ...]
    set_aside: tuple[SetAside, ...]
    hoop_failures: int
    missing: tuple[str, ...]
    rules_version: str

    @property
    def label(self) -> str:
        """The word with its leaning: "thin (for)"."""
        return f"{self.word.value} ({self.leaning})" if self.leaning else self.word.value


def judge(
    tests: Iterable[Test],
    *,
    accounts: int = 0,
    pooled: Pooled | None = None,
    failed_hoops: int = 0,
    rules: Rules = RULES,
) -> Judgement:
    """The standing of one assumption by ``rules``, whatever order the tests come in.

    ``accounts`` is how many hold it; they can lift "none" to "anecdotal" and nothing else.
    ``failed_hoops`` counts the clues registered beforehand that had to be there and, as two coders
    judged, were not; each adds one to the tests against.
    """
    if accounts < 0 or failed_hoops < 0:
        raise CannotAnalyse("Accounts and failed clues are counted from zero.")
    found = independent(tests, rules=rules)
    quantities = _quantities(found, accounts=accounts, failed_hoops=failed_hoops, pooled=pooled, rules=rules)
    row = rules.first_that_holds(quantities)
    leaning = _leaning(found, failed_hoops) if row.word is Word.THIN else ""
    aside = found.set_aside
    if pooled is not None and (why_not := pooled.why_not(rules)):
        aside = (*aside, SetAside("pooled", why_not))
    return Judgement(
        word=row.word,
        leaning=leaning,
        row=row.key,
        sentence=_sentence(row, found, quantities, leaning, failed_hoops, rules),
        counted_for=_keys(found, Reading.FOR),
        counted_against=_keys(found, Reading.AGAINST),
        counted_no_effect=_keys(found, Reading.NO_EFFECT),
        set_aside=aside,
        hoop_failures=failed_hoops,
        missing=_missing(row, quantities),
        rules_version=rules.version,
    )


def _keys(found: Independent, wanted: Reading) -> tuple[str, ...]:
    return tuple(test.key for test in found.counted if test.reading is wanted)


def _quantities(
    found: Independent, *, accounts: int, failed_hoops: int, pooled: Pooled | None, rules: Rules
) -> dict[Quantity, int]:
    sound = [test for test in found.counted if test.reading is Reading.FOR and test.is_sound]
    replaces = pooled is not None and not pooled.why_not(rules)
    below = pooled is not None and pooled.prediction_high < pooled.smallest_change
    above = pooled is not None and pooled.prediction_low > 0
    return {
        "tests": len(found.usable) + failed_hoops,
        "accounts": accounts,
        "for": len(_keys(found, Reading.FOR)),
        "against": len(_keys(found, Reading.AGAINST)) + failed_hoops,
        "no effect": len(_keys(found, Reading.NO_EFFECT)),
        "sound for": len(sound),
        "sound for teams": len({test.team for test in sound if test.team}),
        "sound for near": sum(test.near for test in sound),
        "at odds": len(found.at_odds),
        "pooled": int(replaces),
        "pooled below the smallest change": int(below),
        "pooled above zero": int(above),
    }


def _leaning(found: Independent, failed_hoops: int) -> Leaning:
    """Which way what counts reads; where nothing counts, which way the weaker tests read."""
    speaking = found.counted
    if not speaking and not failed_hoops:
        speaking = found.usable
    readings = {test.reading for test in speaking} | ({Reading.AGAINST} if failed_hoops else set())
    return _LEANINGS[readings.pop()] if len(readings) == 1 else "mixed"


def _sentence(
    row: Row,
    found: Independent,
    quantities: dict[Quantity, int],
    leaning: Leaning,
    failed_hoops: int,
    rules: Rules,
) -> str:
    start = f"{row.word.value.capitalize()}{f' ({leaning})' if leaning else ''}, because {row.because}."
    if row.word in (Word.NONE, Word.ANECDOTAL) or quantities["pooled"]:
        return start
    parts = [f"{quantities[name]} {text}" for name, text in _COUNTED if quantities[name]]
    if not parts:
        at_odds = "what is strong enough comes from the same people and places and disagrees with itself"
        weak = f"no other test reaches level {rules.counted_level}"
        reasons = [at_odds, weak] if found.at_odds else [f"no test reaches level {rules.counted_level}"]
        return f"{start} None counts: {', and '.join(reasons)}."
    hoops = ""
    if failed_hoops:
        clues = (
            "a clue that had to be there and was not" if failed_hoops == 1 else f"{failed_hoops} such clues"
        )
        hoops = f" Among those against is {clues}."
    return f"{start} Independent tests that count: {', '.join(parts)}.{hoops}"


def _missing(row: Row, quantities: dict[Quantity, int]) -> tuple[str, ...]:
    """What stands between a thin standing with tests for it and "supported"."""
    if row.word is not Word.THIN or not quantities["for"]:
        return ()
    wanted = (
        (quantities["for"] < 2, "a second independent test"),
        (
            quantities["sound for"] < 2,
            "two of the papers for it read in full, by someone who did not evaluate",
        ),
        (quantities["sound for teams"] < 2, "two different teams among those read"),
        (quantities["sound for near"] < 1, "one of those read close to here"),
        (quantities["at odds"] > 0, "results of one study that disagree, resolved"),
    )
    return tuple(text for lacking, text in wanted if lacking)
