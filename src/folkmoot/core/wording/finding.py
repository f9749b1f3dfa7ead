"""What an evaluation found, as one careful sentence.

Not here: the mark that a standing is judged by (``core.standing.proposing``).
"""

from __future__ import annotations

from folkmoot.core.results import Estimate
from folkmoot.core.standing.marks import Mark
from folkmoot.core.standing.proposing import proposed_mark
from folkmoot.core.wording.estimate import shown

SAID = {
    Mark.UP: "The interval leaves out no change at all.",
    Mark.DOWN: "The whole interval lies on the side that was not expected.",
    Mark.SAME: "Whatever the change is, it is smaller than the {smallest} that would matter.",
    Mark.NOT_FOUND: "The interval holds both no change and one that would matter ({smallest}), so this does not say which.",
}  # fmt: skip
SUPPOSED = {
    "randomised": "",
    "compared": ", if both would otherwise have changed alike",
    "alone": ", if nothing else changed meanwhile",
    "seen": "",
}

NO_MEASURE = "This is the change that was seen, whatever it came from: with nobody to compare with, it does not say what the work did."


def amount(number: float, *, share: bool, signed: bool = False) -> str:
    """A change as people say it: points of a share, else the number. ``signed`` keeps a minus."""
    value = number if signed else abs(number)
    return f"{100 * value:.1f}".replace("-", "−") if share else shown(value)


def unit(number: float, *, share: bool) -> str:
    """The change with its unit: “6.4 points”."""
    if not share:
        return amount(number, share=False)
    text = amount(number, share=True)
    return f"{text} point{'' if text == '1.0' else 's'}"


def finding_sentence(
    found: Estimate,
    *,
    outcome: str,
    share: bool,
    smallest_change: float,
    rises: bool = True,
    supposing: str = "compared",
) -> str:
    """The change with its interval, what it supposes, and what the interval leaves open.

    ``supposing`` names what the comparison rests on: randomised (chance alone), compared (both would have changed
    alike) or alone (one series against its own line); seen is a change between two times with nobody to compare with,
    of which no effect is said. “No effect” is never said of an interval that is merely wide.
    """
    direction = "higher" if found.estimate >= 0 else "lower"
    change = f"{unit(found.estimate, share=share)} {direction}"
    before = f"After the work began, “{outcome}” was {change} than before"
    with_it = before if supposing == "seen" else f"With the work, “{outcome}” was {change} than without it"
    if not found.is_bounded:
        return f"{with_it}{SUPPOSED[supposing]}. No interval can be given that keeps its promise, so this rules out nothing."
    ends = f"{amount(found.low, share=share, signed=True)} to {amount(found.high, share=share, signed=True)}"
    said = proposed_mark(found.low, found.high, smallest_change=smallest_change, rises=rises).mark
    text = f"{with_it}{SUPPOSED[supposing]} ({found.level:.0%} interval {ends}). " + SAID[said].format(
        smallest=unit(smallest_change, share=share)
    )
    return f"{text} {NO_MEASURE}" if supposing == "seen" else text
