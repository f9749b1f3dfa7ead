"""Web pages into blocks: the words a reader of the page sees, without scripts and styles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from folkmoot.core.errors import BadImport

from .blocks import HEADING, WORDS, Block
from .extent import text_file
from .grid import grid_blocks
from .office import Runs, block_of
from .shapes import Limits, ReadFile
from .speakers import documents
from .text import decode

_UNSEEN = {
    "script",
    "style",
    "head",
    "template",
    "noscript",
    "svg",
    "math",
    "iframe",
    "object",
    "select",
    "textarea",
}
_APART_WORDS = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_APART = frozenset(_APART_WORDS.split())
_BOLD = {"b", "strong", "dt"}
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*["']?([\w-]{2,30})""", re.IGNORECASE
)


def read_html(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of a web page."""
    declared = _CHARSET.search(content[:4096])
    text, notes = decode(content, charset=declared[1].decode("ascii", "replace") if declared else "")
    blocks = html_blocks(text)
    return text_file(documents(blocks, name=name, file=file, limits=limits, notes=notes), unit="paragraph")


def html_blocks(text: str) -> list[Block]:
    """The blocks of a page or of a piece of one."""
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        if not text.strip() or re.fullmatch(r"\s*(?:<[^<>]*>\s*)*", text):
            return []
        raise _unreadable() from None
    if any(fault.type_name == "ERR_RESOURCE_LIMIT" for fault in parser.error_log):
        raise _unreadable()  # the parser leaves out what lies too deep and would not say so
    return list(_blocks(root))


def _unreadable() -> BadImport:
    return BadImport(
        "The page cannot be read: its markup is damaged or nested too deeply.",
        remedy="Save its text as txt or docx and import that.",
    )


def _blocks(root: etree._Element) -> Iterator[Block]:
    runs: Runs = []
    bold = unseen = kept = 0
    kind = WORDS
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if unseen or tag in _UNSEEN or element.get("hidden") is not None:
                unseen += 1
                continue
            if tag == "table" and not kept:
                turns = _turns_of(element)
                if turns is not None:
                    yield from _flushed(runs, kind)
                    yield from turns
                    unseen += 1
                    continue
            if tag in _APART:
                yield from _flushed(runs, kind)
            if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
                kind = HEADING
            bold += _is_bold(element, tag)
            kept += tag == "pre"
            if tag == "br":
                runs.append(("\n", bool(bold)))
            _add(runs, element.text, bold=bold, kept=kept)
            continue
        if unseen:
            unseen -= 1
        else:
            bold -= _is_bold(element, tag)
            kept -= tag == "pre"
            if tag in _APART:
                yield from _flushed(runs, kind)
            if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
                kind = WORDS
        if not unseen and element is not root:
            _add(runs, element.tail, bold=bold, kept=kept)
    yield from _flushed(runs, kind)


def _is_bold(element: etree._Element, tag: str) -> bool:
    return tag in _BOLD or bool(_HEAVY.search(element.get("style", "")))


def _add(runs: Runs, text: str | None, *, bold: int, kept: int) -> None:
    if not text:
        return
    if not kept:
        text = re.sub(r"[ \t\r\n\f]+", " ", text)
        if not runs or runs[-1][0].endswith(("\n", " ")):
            text = text.lstrip(" ")
    if text:
        runs.append((text, bool(bold)))


def _flushed(runs: Runs, kind: str) -> Iterator[Block]:
    block = block_of(runs, kind=kind)
    runs.clear()
    if block is not None:
        yield block


def _turns_of(table: etree._Element) -> list[Block] | None:
    """The turns of a table of turns; None for any other, or one that holds another."""
    if table.find(".//table") is not None:
        return None
    rows = [
        [" ".join("".join(cell.itertext()).split()) for cell in row.iterchildren("td", "th")]
        for row in table.iter("tr")
    ]
    return grid_blocks(rows)
