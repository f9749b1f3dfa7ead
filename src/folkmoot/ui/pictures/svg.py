"""Writing SVG safely: every value is escaped once, here. What a picture shows does not belong here."""

from __future__ import annotations

from html import escape

INK = "#14262b"
MUTED = "#4a5a60"
LINE = "#c3ccd0"
FAINT = "#e4eae9"
PAPER = "#f6f3ea"
WHITE = "#ffffff"
LINK = "#0b5c75"
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', sans-serif"
)


def number(value: float) -> str:
    """A coordinate in as few characters as it needs: two decimals, no trailing zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def element(name: str, *content: str, **attributes: object) -> str:
    """One element. ``content`` is finished SVG, ``attributes`` are raw and escaped here.

    ``_`` in an attribute's name stands for ``-`` (``stroke_width``), a trailing one is dropped
    (``class_``); None leaves the attribute out. Never pass ``style``: the site's policy blocks it.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None:
            continue
        shown = number(float(value)) if isinstance(value, (int, float)) else escape(str(value), quote=True)
        parts.append(f' {key.rstrip("_").replace("_", "-")}="{shown}"')
    inside = "".join(content)
    parts.append(f">{inside}</{name}>" if inside else "/>")
    return "".join(parts)


def text(x: float, y: float, words: str, **attributes: object) -> str:
    """A line of text, its words escaped."""
    return element("text", escape(words, quote=False), x=x, y=y, **attributes)


def lines(x: float, y: float, wrapped: list[str], *, leading: float, **attributes: object) -> str:
    """Several lines of text under one another; ``y`` is the first baseline."""
    spans = [
        element("tspan", escape(line, quote=False), x=x, dy=0 if index == 0 else leading)
        for index, line in enumerate(wrapped)
    ]
    # the space between the lines is for those who copy or hear the text: without it words run together
    return element("text", " ".join(spans), x=x, y=y, **attributes)


def link(url: str, *content: str, label: str | None = None, class_: str = "fm-mark") -> str:
    """A real, focusable link with a name for those who cannot see the picture.

    Only relative and http(s) addresses become links; anything else is drawn without one.
    """
    inside = "".join(content)
    if not is_safe(url):
        return element("g", inside, class_=class_, role="img" if label else None, aria_label=label)
    return element("a", inside, href=url, class_=class_, aria_label=label)


def is_safe(url: str) -> bool:
    """Whether ``url`` may stand in a link: no ``javascript:`` and no other scheme than http(s)."""
    if not url:
        return False
    head = url.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    return ":" not in head or head in ("http:", "https:")


def drawing(width: float, height: float, *content: str, label: str, class_: str) -> str:
    """The outer element: scales with its box, named, with links inside left reachable."""
    return element(
        "svg",
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        class_=class_,
        role="group",
        aria_label=label,
        font_family=FONT,
        font_size=13,
        fill=INK,
    )
