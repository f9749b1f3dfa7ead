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
}


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
    alike) or alone (no comparison). “No effect” is never said of an interval that is merely wide.
    """
    direction = "higher" if found.estimate >= 0 else "lower"
    ends = f"{amount(found.low, share=share, signed=True)} to {amount(found.high, share=share, signed=True)}"
    said = proposed_mark(found.low, found.high, smallest_change=smallest_change, rises=rises).mark
    return (
        f"With the work, “{outcome}” was {unit(found.estimate, share=share)} {direction} than without it"
        f"{SUPPOSED[supposing]} ({found.level:.0%} interval {ends}). "
        + SAID[said].format(smallest=unit(smallest_change, share=share))
    )
