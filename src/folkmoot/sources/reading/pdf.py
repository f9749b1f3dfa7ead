"""The text of a PDF into blocks: lines by their places on the page, wrapped lines joined again.

Scanned pages hold no text and are named as such; nothing is recognised from pictures here.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pypdfium2

from folkmoot.core.errors import BadImport

from .blocks import ASIDE, Block, clean, shortened
from .extent import text_file
from .labels import is_role
from .shapes import Limits, ReadFile
from .sniffing import locked
from .speakers import documents

_ONE_AT_A_TIME = threading.Lock()  # the library underneath is not made for threads
_MARGIN = 0.08
_EDGE = 0.18
_PAGE_NUMBER = re.compile(
    r"^(?:page\s+)?[-–—|\s]*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*$|[-–—]\s*\d{1,4}\s*[-–—]$|"
    r"\bpage\s+\d{1,4}(?:\s+of\s+\d{1,4})?$",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…:;)\]\"”’'—-]\s*$")
_HYPHENED = re.compile(r"(\w+)[-\u2010\u00ad]$")
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    page: int
    top: float
    share: float  # how far up the page the line stands, from 0 to 1
    number: int = 0


def read_pdf(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of a PDF; running heads, feet and page numbers are set aside line by line."""
    with _ONE_AT_A_TIME:
        lines, blank, pages = _lines(content, limits=limits)
    if not lines:
        raise BadImport(
            "The PDF holds no text; its pages seem to be pictures of pages.",
            remedy="Have the text recognised (OCR) and import the result.",
        )
    lines = [replace(line, number=number) for number, line in enumerate(lines, 1)]
    furniture = _furniture(lines, pages=pages)
    body = [line for line in lines if line.number not in furniture]
    rejoin, joined = _rejoiner(body)
    blocks = _blocks(body)
    for line in lines:
        if line.number in furniture:
            reason = (
                f"“{shortened(line.text)}” on page {line.page} is a page number or a running head or foot."
            )
            blocks.append(Block("", kind=ASIDE, rows=(line.number,), reason=reason))
    notes = []
    if blank:
        which = ", ".join(str(page) for page in blank[:20]) + (" …" if len(blank) > 20 else "")
        notes.append(f"{len(blank)} of {pages} pages hold no text and may be pictures: {which}.")
    made = documents(blocks, name=name, file=file, limits=limits, join=rejoin, notes=notes)
    if joined:
        note = f"{joined.total()} words broken by a hyphen at the end of a line were joined."
        made = tuple(replace(document, notes=(*document.notes, note)) for document in made)
    return text_file(made, unit="line")


def _lines(content: bytes, *, limits: Limits) -> tuple[list[_Line], list[int], int]:
    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise locked() from None
        raise _damaged() from None
    try:
        count = len(opened)
        if count > _MOST_PAGES:
            raise BadImport(f"The PDF has {count:,} pages.", remedy="Split it into several files.")
        lines: list[_Line] = []
        blank = []
        room = limits.characters
        for number in range(1, count + 1):
            found = _page_lines(opened, number)
            room -= sum(len(line.text) for line in found)
            if room < 0:
                raise BadImport(
                    f"The PDF holds more than the {limits.characters:,} characters one file may hold.",
                    remedy="Split it into several files.",
                )
            if not found:
                blank.append(number)
            lines += found
        return lines, blank, count
    except pypdfium2.PdfiumError:
        raise _damaged() from None
    finally:
        opened.close()


def _damaged() -> BadImport:
    return BadImport(
        "The PDF is damaged and cannot be read.", remedy="Save or print it again as PDF, or import its text."
    )


def _page_lines(opened: pypdfium2.PdfDocument, number: int) -> list[_Line]:
    page = opened[number - 1]
    try:
        height = page.get_height() or 1.0
        text_page = page.get_textpage()
        try:
            text = text_page.get_text_range()
            found = []
            # U+FFFE stands for a hyphen at a line's end, with the line end itself left out
            for match in re.finditer("[^\r\n\ufffe]*(?:\ufffe)?", text):
                words = match[0].replace("\ufffe", "-")
                words = clean(words.replace("\u00ad", "")).strip()
                if not words:
                    continue
                first = match.start() + len(match[0]) - len(match[0].lstrip())
                top = _top(text_page, first)
                found.append(_Line(words, number, top, top / height))
            return found
        finally:
            text_page.close()
    finally:
        page.close()


def _top(text_page: pypdfium2.PdfTextPage, text_index: int) -> float:
    at = pypdfium2.raw.FPDFText_GetCharIndexFromTextIndex(text_page, text_index)
    if at < 0:
        return -1.0
    try:
        return float(text_page.get_charbox(at, loose=True)[3])
    except (pypdfium2.PdfiumError, IndexError, ValueError):
        return -1.0


def _furniture(lines: Sequence[_Line], *, pages: int) -> set[int]:
    """The numbers of the lines that are page numbers, or that come back at the edge of page after page.

    In the outermost margin a page number is enough; a little further in, a line must also stand
    apart from the text and come back, and must not be a speaker's label.
    """
    usual = _usual_step(lines)
    outer = {line.number for line in lines if 0 <= line.share < _MARGIN or line.share > 1 - _MARGIN}
    edge = [*_edge_lines(lines, usual=usual), *(line for line in lines if line.number in outer)]
    places: dict[str, set[int]] = {}
    for line in edge:
        places.setdefault(_without_digits(line.text), set()).add(line.page)
    found = set()
    for line in edge:
        comes_back = len(places[_without_digits(line.text)]) >= max(2, 0.3 * pages)
        if line.number in outer:
            if comes_back or _PAGE_NUMBER.search(line.text):
                found.add(line.number)
        elif comes_back and not is_role(line.text.rstrip(":")):
            found.add(line.number)
    return found


def _edge_lines(lines: Sequence[_Line], *, usual: float) -> list[_Line]:
    """The first and the last line of each page, where a gap parts them from the rest."""
    found = []
    for _, group in itertools.groupby(lines, key=lambda line: line.page):
        page = sorted(group, key=lambda line: -line.top)
        if len(page) < 2:
            continue
        if page[0].share > 1 - _EDGE and page[0].top - page[1].top > 1.4 * usual:
            found.append(page[0])
        if 0 <= page[-1].share < _EDGE and page[-2].top - page[-1].top > 1.4 * usual:
            found.append(page[-1])
    return found


def _usual_step(lines: Sequence[_Line]) -> float:
    """How far apart the lines of one paragraph stand: the lower quarter, as turns may stand wider."""
    steps = sorted(
        before.top - line.top
        for before, line in itertools.pairwise(lines)
        if before.page == line.page and before.top - line.top > 2
    )
    return steps[len(steps) // 4] if steps else 14.0


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _blocks(lines: Sequence[_Line]) -> list[Block]:
    """Lines that stand close together, in one block; a sentence that runs over a page stays whole."""
    usual = _usual_step(lines)
    groups: list[list[_Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if last is not None and _runs_on(last, line, usual=usual):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Block("\n".join(line.text for line in group), rows=tuple(line.number for line in group))
        for group in groups
    ]


def _runs_on(last: _Line, line: _Line, *, usual: float) -> bool:
    if last.page != line.page:
        return not _ENDED.search(last.text)
    step = last.top - line.top
    return -2 <= step <= 1.4 * usual


def _rejoiner(lines: Sequence[_Line]) -> tuple[Callable[[Sequence[str]], str], Counter[str]]:
    """A function that joins wrapped lines, and the words it has put together so far.

    A hyphen at a line's end is dropped where the joined word stands elsewhere in the file or where
    nothing speaks for a compound: it stays before a capital or a digit, and where the file writes
    the compound elsewhere.
    """
    vocabulary = {word.casefold() for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text)}
    joined: Counter[str] = Counter()

    def rejoin(group: Sequence[str]) -> str:
        text = ""
        for line in group:
            broken = _HYPHENED.search(text)
            following = re.match(r"\w+", line)
            if not text:
                text = line
            elif broken and following and following[0][0].islower():
                whole, compound = broken[1] + following[0], f"{broken[1]}-{following[0]}"
                if compound.casefold() in vocabulary and whole.casefold() not in vocabulary:
                    text += line
                else:
                    joined[whole] += 1
                    text = text[:-1] + line
            elif broken and following:
                text += line if following[0][0].isdigit() else " " + line
            else:
                text += " " + line
        return text

    return rejoin, joined
