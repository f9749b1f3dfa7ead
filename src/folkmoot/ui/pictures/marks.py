"""The six standings as shape and word. Colour repeats what the shape says; it never says it alone."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.ui.pictures.svg import WHITE, drawing, element, number

UNTESTED, UNSETTLED, SETTLED = "Untested", "Unsettled", "Settled"


@dataclass(frozen=True, slots=True)
class StandingLook:
    """How one standing is drawn: its head in the picture, its colour, and what it means in plain words."""

    word: str
    head: str
    colour: str
    meaning: str


# in the order of the picture's columns; the order is of what is known, not of worth
STANDINGS = {
    look.word: look
    for look in (
        StandingLook("none", UNTESTED, "#25363c", "no test and no account"),
        StandingLook("anecdotal", UNTESTED, "#3f5058", "accounts only, no test"),
        StandingLook("thin", UNSETTLED, "#8a5a00", "tested, but too little to lean on"),
        StandingLook("contested", UNSETTLED, "#6a3d9a", "tests that disagree"),
        StandingLook("challenged", SETTLED, "#a8244b", "tests that read against it"),
        StandingLook("supported", SETTLED, "#0b6b57", "tests that read for it"),
    )
}
HEADS = (UNTESTED, UNSETTLED, SETTLED)
LEANINGS = ("for", "against", "mixed", "no effect found")


def look_of(word: str) -> StandingLook:
    """The look of a standing; a word that is none of the six is a fault of the caller and raises KeyError."""
    return STANDINGS[str(word)]


def spoken(word: str, leaning: str | None = None) -> str:
    """The standing in words: "supported", or "thin, against" where a thin one leans."""
    return f"{word}, {leaning}" if leaning else str(word)


def counted(for_count: int, against_count: int) -> str:
    """Both sides always, in the same form, also when one of them is nought."""
    return f"{for_count} for, {against_count} against"


def shape(word: str, leaning: str | None = None, *, x: float = 0, y: float = 0, r: float = 7) -> str:
    """The shape of a standing, centred on (x, y), about 2r across; all six cover a like area."""
    colour = look_of(word).colour
    body = _BODIES[str(word)](x, y, r, colour, leaning)
    return element("g", body, class_=f"fm-shape fm-shape-{word}")


def mark(word: str, leaning: str | None = None, *, size: float = 18) -> str:
    """The shape alone as a small drawing for running text, hidden from screen readers: the word follows it."""
    half = size / 2
    inside = shape(word, leaning, x=half, y=half, r=half - 2)
    picture = drawing(size, size, inside, label="", class_="fm-standing-mark")
    return picture.replace(' role="group" aria-label=""', ' aria-hidden="true" focusable="false"', 1)


def _none(x: float, y: float, r: float, colour: str, _: str | None) -> str:
    gap = r * 0.55
    return element(
        "circle", cx=x, cy=y, r=r * 0.92, fill=WHITE, stroke=colour, stroke_width=_stroke(r),
        stroke_dasharray=f"{number(gap)} {number(gap * 0.8)}",
    )  # fmt: skip


def _anecdotal(x: float, y: float, r: float, colour: str, _: str | None) -> str:
    # a speech bubble: somebody said so
    left, right, top, low = x - r, x + r, y - r * 0.85, y + r * 0.45
    c = r * 0.4
    n = number
    path = (
        f"M{n(left + c)} {n(top)}H{n(right - c)}Q{n(right)} {n(top)} {n(right)} {n(top + c)}V{n(low - c)}"
        f"Q{n(right)} {n(low)} {n(right - c)} {n(low)}H{n(x)}L{n(x - r * 0.55)} {n(y + r)}V{n(low)}H{n(left + c)}"
        f"Q{n(left)} {n(low)} {n(left)} {n(low - c)}V{n(top + c)}Q{n(left)} {n(top)} {n(left + c)} {n(top)}Z"
    )
    return element(
        "path", d=path, fill=WHITE, stroke=colour, stroke_width=_stroke(r), stroke_linejoin="round"
    )


def _thin(x: float, y: float, r: float, colour: str, leaning: str | None) -> str:
    # a diamond with one half filled: upper for, lower against, left mixed, a bar for no effect found
    n = number
    top, right = f"{n(x)} {n(y - r)}", f"{n(x + r)} {n(y)}"
    low, left = f"{n(x)} {n(y + r)}", f"{n(x - r)} {n(y)}"
    halves = {"against": (left, low, right), "mixed": (top, left, low)}
    outline = element(
        "path", d=f"M{top}L{right}L{low}L{left}Z", fill=WHITE, stroke=colour, stroke_width=_stroke(r),
        stroke_linejoin="round",
    )  # fmt: skip
    if leaning == "no effect found":
        bar = element(
            "path", d=f"M{n(x - r * 0.5)} {n(y)}H{n(x + r * 0.5)}", stroke=colour, stroke_width=r * 0.3
        )
        return outline + bar
    a, b, c = halves.get(leaning or "for", (left, top, right))
    return outline + element("path", d=f"M{a}L{b}L{c}Z", fill=colour)


def _contested(x: float, y: float, r: float, colour: str, _: str | None) -> str:
    # two triangles that point at one another
    n = number
    left = f"M{n(x - r)} {n(y - r * 0.9)}L{n(x)} {n(y)}L{n(x - r)} {n(y + r * 0.9)}Z"
    right = f"M{n(x + r)} {n(y - r * 0.9)}L{n(x)} {n(y)}L{n(x + r)} {n(y + r * 0.9)}Z"
    stroke = {"stroke": colour, "stroke_width": _stroke(r), "stroke_linejoin": "round"}
    return element("path", d=left, fill=colour, **stroke) + element("path", d=right, fill=WHITE, **stroke)


def _challenged(x: float, y: float, r: float, colour: str, _: str | None) -> str:
    side, arm, n = r * 0.92, r * 0.42, number
    cross = f"M{n(x - arm)} {n(y - arm)}L{n(x + arm)} {n(y + arm)}M{n(x + arm)} {n(y - arm)}L{n(x - arm)} {n(y + arm)}"
    square = element(
        "rect", x=x - side, y=y - side, width=2 * side, height=2 * side, rx=r * 0.16, fill=colour
    )
    return square + element(
        "path", d=cross, stroke=WHITE, stroke_width=r * 0.3, stroke_linecap="round", fill="none"
    )


def _supported(x: float, y: float, r: float, colour: str, _: str | None) -> str:
    n = number
    tick = f"M{n(x - r * 0.46)} {n(y + r * 0.04)}L{n(x - r * 0.12)} {n(y + r * 0.38)}L{n(x + r * 0.48)} {n(y - r * 0.36)}"
    circle = element("circle", cx=x, cy=y, r=r, fill=colour)
    return circle + element(
        "path",
        d=tick,
        stroke=WHITE,
        stroke_width=r * 0.3,
        stroke_linecap="round",
        stroke_linejoin="round",
        fill="none",
    )


def _stroke(r: float) -> float:
    return max(0.7, r * 0.24)


_BODIES = {
    "none": _none,
    "anecdotal": _anecdotal,
    "thin": _thin,
    "contested": _contested,
    "challenged": _challenged,
    "supported": _supported,
}
