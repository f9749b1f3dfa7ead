"""Editions as files. ``laid`` says what is printed; each format only says how."""

from __future__ import annotations

from folkmoot.briefings.models import Edition
from folkmoot.core.errors import FolkmootError

FORMATS = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def written(edition: Edition, *, ending: str, site: str = "") -> bytes:
    """The edition as a file of its own, made now: words and notices are those of this moment.

    ``site`` is the address of the instance; with it every statement links to what it rests on,
    without it the file names what it rests on and links nowhere.
    """
    from folkmoot.briefings.rendering import docx, html, pdf
    from folkmoot.briefings.rendering.laid import lay_out

    makers = {"html": html.render, "docx": docx.render, "pdf": pdf.render}
    if ending not in makers:
        raise FolkmootError(f"An edition can be written as {', '.join(FORMATS)}; not as “{ending}”.")
    return makers[ending](lay_out(edition), site=site)
