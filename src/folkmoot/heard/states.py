"""What a concern, a contribution, a promise and words from the public can be, and what leads from one to the other.

The tables here are the only place: the models take their choices from them, the actions ask ``after``, and the
diagrams in the documentation are made from them (``diagram``). What does not belong here: who may take a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from folkmoot.core.errors import NotYet


@dataclass(frozen=True, slots=True)
class State:
    """One state: the word that is stored, what people read, and what it means."""

    word: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Life:
    """The states of one kind of thing in order, the first being where it begins, and its steps.

    ``steps`` has (from, act, to); ``acts`` says each act in words that follow “cannot”.
    """

    thing: str
    states: tuple[State, ...]
    acts: dict[str, str]
    steps: tuple[tuple[str, str, str], ...]

    @property
    def first(self) -> str:
        return self.states[0].word

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(one.word, one.label) for one in self.states]

    def label(self, word: str) -> str:
        return next(one.label for one in self.states if one.word == word)

    def allows(self, state: str, act: str) -> bool:
        return any(begin == state and what == act for begin, what, _ in self.steps)

    def after(self, state: str, act: str) -> str:
        """The state that the act leads to. Raises NotYet where the state does not allow it."""
        for begin, what, end in self.steps:
            if begin == state and what == act:
                return end
        raise NotYet(f"{self.thing} that is “{self.label(state).lower()}” cannot {self.acts[act]}.")


def _from(states: Iterable[str], act: str, to: str | None = None) -> tuple[tuple[str, str, str], ...]:
    """The same act from several states, to one state or (``to`` None) each to itself."""
    return tuple((state, act, to or state) for state in states)


CONCERN = Life(
    thing="A concern",
    states=(
        State("hearing", "Being heard", "People still say what they think of it."),
        State("deciding", "Waiting for a decision", "It lies with those who decide."),
        State(
            "decided", "Decided, nobody told yet", "There is a decision; the people who spoke do not know it."
        ),
        State("told", "Told, no reply yet", "People were told what was decided and why."),
        State("answered", "People say it was answered", "Those who replied agree that it was answered."),
        State(
            "disputed", "People say it was not answered", "Somebody replied that it was not, or only in part."
        ),
        State("closed", "Closed without a decision", "It was closed, with a reason that everybody can read."),
    ),
    acts={
        "hand on": "be handed on for a decision",
        "decide": "be decided",
        "tell": "be told to people",
        "reply yes": "get the reply that it was answered: nobody was told of a decision yet",
        "reply no": "get the reply that it was not answered: nobody was told of a decision yet",
        "close": "be closed without a decision",
        "open again": "be opened again",
    },
    steps=(
        ("hearing", "hand on", "deciding"),
        *_from(("hearing", "deciding", "decided", "told", "answered", "disputed"), "decide", "decided"),
        *_from(("hearing", "deciding"), "tell"),
        ("decided", "tell", "told"),
        # telling once more does not take back what people replied
        *_from(("told", "answered", "disputed", "closed"), "tell"),
        ("told", "reply yes", "answered"),
        ("answered", "reply yes", "answered"),
        # one who agrees does not outvote one who does not
        ("disputed", "reply yes", "disputed"),
        *_from(("told", "answered", "disputed"), "reply no", "disputed"),
        *_from(("hearing", "deciding"), "close", "closed"),
        *_from(("deciding", "decided", "told", "answered", "disputed", "closed"), "open again", "hearing"),
    ),
)

CONTRIBUTION = Life(
    thing="A contribution",
    states=(
        State("open", "Open", "Nobody has dealt with it yet."),
        State("read", "Read", "Somebody read it; it may stand under one concern, several or none."),
        State("aside", "Set aside", "It is left out, with a reason that can be read."),
        State("withdrawn", "Withdrawn", "Whoever said it took it back: the words are gone."),
    ),
    acts={
        "read": "be marked as read",
        "set aside": "be set aside",
        "open again": "be opened again",
        "withdraw": "be withdrawn",
    },
    steps=(
        *_from(("open", "aside", "read"), "read", "read"),
        *_from(("open", "read"), "set aside", "aside"),
        *_from(("read", "aside"), "open again", "open"),
        *_from(("open", "read", "aside"), "withdraw", "withdrawn"),
    ),
)

PROMISE = Life(
    thing="A promise",
    states=(
        State("open", "Open", "It is still to be kept; past its day it is overdue."),
        State("kept", "Kept", "It was done, and how is said."),
        State("broken", "Not kept", "It was not done, and why is said."),
    ),
    acts={
        "keep": "be kept",
        "break": "be broken",
        "move": "be moved to another day",
        "open again": "be opened again",
    },
    steps=(
        ("open", "keep", "kept"),
        ("open", "break", "broken"),
        ("open", "move", "open"),
        ("broken", "keep", "kept"),
        *_from(("kept", "broken"), "open again", "open"),
    ),
)

PUBLIC_WORDS = Life(
    thing="A reply or correction",
    states=(
        State("waiting", "Waiting to be read", "It came from the public and nobody has read it yet."),
        State("shown", "Shown", "It stands on the public page beside what it speaks of, word for word."),
        State("aside", "Not shown", "It is kept off the page; the reason stands there instead."),
        State("withdrawn", "Withdrawn", "Whoever wrote it took it back: the words are gone."),
    ),
    acts={"show": "be shown", "set aside": "be set aside", "withdraw": "be withdrawn"},
    steps=(
        *_from(("waiting", "aside"), "show", "shown"),
        *_from(("waiting", "shown"), "set aside", "aside"),
        *_from(("waiting", "shown", "aside"), "withdraw", "withdrawn"),
    ),
)

LIVES = {
    "concern": CONCERN,
    "contribution": CONTRIBUTION,
    "promise": PROMISE,
    "reply or correction": PUBLIC_WORDS,
}


def diagram(life: Life) -> str:
    """The states and steps as a Mermaid diagram: what the documentation prints."""
    lines = ["stateDiagram-v2", f"    [*] --> {life.first}"]
    lines += [f"    {one.word}: {one.label}" for one in life.states]
    joined: dict[tuple[str, str], list[str]] = {}
    for begin, act, end in life.steps:
        joined.setdefault((begin, end), []).append(act)
    lines += [f"    {begin} --> {end}: {', '.join(acts)}" for (begin, end), acts in joined.items()]
    return "\n".join(lines)
