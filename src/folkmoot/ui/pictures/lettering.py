"""How wide words will be when no browser is at hand to measure them, and how to wrap them."""

from __future__ import annotations

# Widths in thousandths of the font size, generous enough for the widest of the fonts that
# svg.FONT names (DejaVu Sans): a label that is a little too roomy is better than two that touch.
_NARROW = {"i": 290, "j": 290, "l": 290, "t": 400, "f": 370, "r": 420, " ": 325, ".": 325, ",": 325,
           "'": 290, "’": 325, "!": 410, ":": 345, ";": 345, "|": 345, "(": 400, ")": 400, "-": 370,
           "“": 525, "”": 525, "/": 345}  # fmt: skip
_WIDE = {
    "m": 980,
    "w": 830,
    "M": 875,
    "W": 1000,
    "…": 1000,
    "—": 1000,
    "%": 960,
    "@": 1000,
    "Q": 800,
    "O": 800,
}
_CAPITAL, _DIGIT, _SMALL = 700, 640, 615
_BOLD = 1.12


def width_of(words: str, *, size: float = 13, bold: bool = False) -> float:
    """Pixels that ``words`` take at ``size``, an upper estimate."""
    thousandths = sum(_NARROW.get(c) or _WIDE.get(c) or _plain(c) for c in words)
    return thousandths / 1000 * size * (_BOLD if bold else 1)


def _plain(character: str) -> int:
    if character.isdigit():
        return _DIGIT
    if ord(character) > 0x2E80:
        return 1000
    return _CAPITAL if character.isupper() else _SMALL


def wrap(words: str, width: float, *, size: float = 13, most: int = 3, bold: bool = False) -> list[str]:
    """``words`` in at most ``most`` lines of ``width`` pixels, "…" where something had to go.

    A single word wider than the line is broken. An empty text gives one empty line.
    """
    result: list[str] = []
    line = ""
    waiting = words.split()
    hyphen = width_of("-", size=size, bold=bold)
    while waiting:
        word = waiting.pop(0)
        trial = f"{line} {word}".strip()
        if width_of(trial, size=size, bold=bold) <= width:
            line = trial
            continue
        if line:
            waiting.insert(0, word)
        else:
            line = _longest_start(word, width, size=size, bold=bold)
            if line != word:
                # a word wider than the line is broken, with a hyphen to say so
                line = _longest_start(word, width - hyphen, size=size, bold=bold)
                waiting.insert(0, word[len(line) :])
                line += "-"
        if len(result) == most - 1:
            return [*result, shorten(f"{line} {' '.join(waiting)}", width, size=size, bold=bold)]
        result.append(line)
        line = ""
    return [*result, line] if line or not result else result


def shorten(words: str, width: float, *, size: float = 13, bold: bool = False) -> str:
    """``words`` on one line, cut at a word with "…" if they are too wide."""
    if width_of(words, size=size, bold=bold) <= width:
        return words
    room = width - width_of("…", size=size, bold=bold)
    kept = _longest_start(words, room, size=size, bold=bold)
    whole_words = kept.rpartition(" ")[0]
    # cutting at a word may throw away most of a line that holds one long word; then cut the word
    return (whole_words if len(whole_words) * 2 >= len(kept) else kept).rstrip(" ,;:") + "…"


def _longest_start(words: str, width: float, *, size: float, bold: bool) -> str:
    end = len(words)
    while end > 1 and width_of(words[:end], size=size, bold=bold) > width:
        end -= 1
    return words[:end]
