"""What a page hands to ``{% map %}``: places in classes, each class with a word, a pattern and a colour.

Pure: no Django, no outlines (the browser fetches them). What does not belong here: what a class means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# pattern → fill and ink; each pattern can be told apart without its colour
LOOKS = {
    "plain": ("#cfe3e6", "#0e4a50"),
    "dots": ("#fdf0c8", "#7a5600"),
    "lines": ("#d5e8dd", "#0b6b57"),
    "cross": ("#f3d6df", "#a8244b"),
    "solid": ("#0e4a50", "#0a363b"),
    "empty": ("#ffffff", "#4a5a60"),
}
# what is drawn on a tile of 8 by 8, in the ink: dots as (x, y, radius), lines as (x1, y1, x2, y2)
DOTS = {"dots": ((2.0, 2.0, 1.1), (6.0, 6.0, 1.1))}
LINES = {
    "lines": ((-2.0, 2.0, 2.0, -2.0), (0.0, 8.0, 8.0, 0.0), (6.0, 10.0, 10.0, 6.0)),
    "cross": ((0.0, 0.0, 8.0, 8.0), (8.0, 0.0, 0.0, 8.0)),
}


@dataclass(frozen=True, slots=True)
class MapClass:
    """One class of places: its key, the word that stands in the table and the key, its pattern."""

    key: str
    word: str
    pattern: str

    def __post_init__(self) -> None:
        if self.pattern not in LOOKS:
            raise KeyError(f"{self.pattern} is none of the patterns {', '.join(LOOKS)}")

    @property
    def fill(self) -> str:
        return LOOKS[self.pattern][0]

    @property
    def ink(self) -> str:
        return LOOKS[self.pattern][1]


@dataclass(frozen=True, slots=True)
class MapPlace:
    """One row of the table: a place by its id, where it leads, its class (or none) and further cells."""

    place_id: int
    name: str
    url: str = ""
    key: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MapShown:
    """A map and the table beside it. ``columns`` are the labels of the further cells.

    ``outlines_url`` is empty where there are no outlines: then there is the table only. ``others``
    says that places without a row are drawn too, as background that leads to their pages.
    """

    title: str
    caption: str
    outlines_url: str
    places: tuple[MapPlace, ...]
    classes: tuple[MapClass, ...] = ()
    columns: tuple[str, ...] = ()
    place_label: str = "Place"
    class_label: str = "Class"
    others: bool = False

    @property
    def rows(self) -> Iterator[tuple[MapPlace, MapClass | None]]:
        """Each place with its class."""
        known = {one.key: one for one in self.classes}
        return ((place, known.get(place.key)) for place in self.places)

    @property
    def key(self) -> list[tuple[MapClass, int]]:
        """Each class with how many of the places are in it."""
        return [(one, sum(place.key == one.key for place in self.places)) for one in self.classes]


def swatch(pattern: str) -> str:
    """A small square in the pattern, as SVG without words: the word stands beside it."""
    fill, ink = LOOKS[pattern]
    parts = [f'<rect x="0.5" y="0.5" width="23" height="15" fill="{fill}" stroke="{ink}"/>']
    for left in (0, 8, 16):
        for top in (0, 8):
            parts += [
                f'<circle cx="{left + x:g}" cy="{top + y:g}" r="{r:g}" fill="{ink}"/>'
                for x, y, r in DOTS.get(pattern, ())
            ]
            parts += [
                f'<line x1="{left + max(x1, 0):g}" y1="{top + min(y1, 8):g}" x2="{left + min(x2, 8):g}" '
                f'y2="{top + max(y2, 0):g}" stroke="{ink}" stroke-width="1.2"/>'
                for x1, y1, x2, y2 in LINES.get(pattern, ())
                if 0 <= x1 <= 8 and 0 <= x2 <= 8
            ]
    return f'<svg class="fm-swatch" viewBox="0 0 24 16" width="24" height="16" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
