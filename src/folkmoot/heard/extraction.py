"""Is it engagement, or was information taken and nothing given back? (R7) By rule, as a word.

What does not belong here: counting (``queries.extraction``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word and the sentence that goes wherever the work is counted."""

    word: str
    sentence: str

    @property
    def is_extraction(self) -> bool:
        return self.word == "extraction"


NOTHING = Verdict("nothing taken", "No words of people are recorded from it.")
ANSWERED = Verdict("answered", "People had a say in something, and were told what came of it.")
UNANSWERED = Verdict(
    "not answered yet", "People had a say in something, and nobody has told them what came of it."
)
TOLD = Verdict(
    "told, without a say", "People were told what came of it, and nothing was open to their influence."
)
EXTRACTION = Verdict(
    "extraction",
    "Information was taken from people, nothing was open to their influence, and nobody told them anything.",
)

# (information taken, something open to influence, people told) → verdict
RULES: dict[tuple[bool, bool, bool], Verdict] = {
    (True, True, True): ANSWERED,
    (True, True, False): UNANSWERED,
    (True, False, True): TOLD,
    (True, False, False): EXTRACTION,
}


def verdict_of(*, taken: bool, say: bool, told: bool) -> Verdict:
    """What it was. Nothing taken, nothing to answer."""
    return RULES[(taken, say, told)] if taken else NOTHING
