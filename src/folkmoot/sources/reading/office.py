"""Word and OpenDocument texts into blocks.

Deleted passages, comments, footnotes, headers and footers are not read; a note says so where there
are any.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from folkmoot.core.errors import BadImport

from .blocks import HEADING, WORDS, Block, clean
from .extent import text_file
from .grid import grid_blocks
from .packed import Packed, parse_xml
from .shapes import Limits, ReadFile
from .sniffing import locked
from .speakers import documents

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADINGS = re.compile(r"heading|title|berschrift|titre|rubrik", re.IGNORECASE)
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

Runs = list[tuple[str, bool]]  # words with whether they are bold


def read_docx(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of a Word file."""
    packed = Packed(content, limits=limits)
    part = next(
        (p for p in sorted(packed.names) if re.fullmatch(r"word/document\d*\.xml", p)), "word/document.xml"
    )
    raw = packed.read(part)

    root = parse_xml(raw.replace(_STRICT, _W[1:-1].encode()))
    left_out: Counter[str] = Counter()
    body = root.find(f"{_W}body")
    blocks = list(_word_blocks(body, left_out)) if body is not None else []
    made = documents(blocks, name=name, file=file, limits=limits, notes=_left_out(left_out))
    return text_file(made, unit="paragraph")


def _left_out(counts: Counter[str]) -> list[str]:
    return [
        f"Not read: {count} {what}{'' if count == 1 else 's'}."
        for what, count in sorted(counts.items())
        if count
    ]


def block_of(runs: Runs, *, kind: str = WORDS) -> Block | None:
    """A block of runs of words, knowing how much of its beginning is bold; None where it is blank."""
    text = clean("".join(words for words, _ in runs))
    if not text.strip():
        return None
    lead = 0
    for words, bold in runs:
        if not bold and words.strip():
            break
        lead += len(words) if bold else 0
        if not bold:
            lead += len(words) if lead else 0
    blank = len(text) - len(text.lstrip())
    return Block(text.strip(), kind=kind, lead=max(0, min(lead, len(text)) - blank) if lead else 0)


def _word_blocks(parent: etree._Element, left_out: Counter[str]) -> Iterator[Block]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _word_paragraph(child, left_out)
        elif child.tag == f"{_W}tbl":
            turns = None
            if child.find(f".//{_W}tbl") is None:  # a table within a table holds no turns
                turns = grid_blocks(
                    [
                        [
                            "\n".join(b.text for b in _word_blocks(cell, Counter()))
                            for cell in row.iter(f"{_W}tc")
                        ]
                        for row in child.iter(f"{_W}tr")
                    ]
                )
            yield from _word_blocks(child, left_out) if turns is None else turns
        elif child.tag in {f"{_W}del", f"{_W}moveFrom"}:
            left_out["deleted passage"] += 1
        elif child.tag not in {f"{_W}sectPr", f"{_W}tcPr", f"{_W}sdtPr", f"{_COMPATIBLE}Fallback"}:
            yield from _word_blocks(child, left_out)


def _word_paragraph(paragraph: etree._Element, left_out: Counter[str]) -> Iterator[Block]:
    runs: Runs = []
    boxes: list[etree._Element] = []
    _word_runs(paragraph, runs, boxes, left_out)
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    heading = style is not None and bool(_HEADINGS.search(style.get(f"{_W}val", "")))
    block = block_of(runs, kind=HEADING if heading else WORDS)
    if block is not None:
        yield block
    for box in boxes:
        yield from _word_blocks(box, left_out)


_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}softHyphen": "",
}


def _word_runs(
    parent: etree._Element, runs: Runs, boxes: list[etree._Element], left_out: Counter[str]
) -> None:
    bold = False
    if parent.tag == f"{_W}r":
        mark = parent.find(f"{_W}rPr/{_W}b")
        style = parent.find(f"{_W}rPr/{_W}rStyle")
        bold = mark is not None and mark.get(f"{_W}val", "1") not in {"0", "false", "off"}
        bold = bold or (style is not None and style.get(f"{_W}val") == "Strong")
    for child in parent:
        tag = child.tag
        if tag == f"{_W}t":
            runs.append((child.text or "", bold))
        elif tag in _SIGNS:
            runs.append((_SIGNS[tag], bold))
        elif tag in {f"{_W}del", f"{_W}moveFrom"}:
            left_out["deleted passage"] += 1
        elif tag in {f"{_W}footnoteReference", f"{_W}endnoteReference"}:
            left_out["footnote"] += 1
        elif tag == f"{_W}commentReference":
            left_out["comment"] += 1
        elif tag == f"{_W}txbxContent":
            boxes.append(child)
        elif tag not in {f"{_W}pPr", f"{_W}rPr", f"{_COMPATIBLE}Fallback"}:
            _word_runs(child, runs, boxes, left_out)


def read_odt(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of an OpenDocument text."""
    root = open_document(content, limits=limits)
    bold = {
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        for look in style.iterfind(f"{_STYLE}text-properties")
        if look.get(f"{_FORMAT}font-weight") in {"bold", "600", "700", "800", "900"}
    }
    left_out: Counter[str] = Counter()
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    blocks = list(_open_blocks(body, bold, left_out)) if body is not None else []
    made = documents(blocks, name=name, file=file, limits=limits, notes=_left_out(left_out))
    return text_file(made, unit="paragraph")


def open_document(content: bytes, *, limits: Limits) -> etree._Element:
    """The content of an OpenDocument file, text or spreadsheet."""
    packed = Packed(content, limits=limits)
    if "META-INF/manifest.xml" in packed.names and b"encryption-data" in packed.read("META-INF/manifest.xml"):
        raise locked()
    if "content.xml" not in packed.names:
        raise BadImport(
            "The file is damaged: it has no content.", remedy="Save it again from the program that made it."
        )
    return packed.xml("content.xml")


def _open_blocks(parent: etree._Element, bold: set[str], left_out: Counter[str]) -> Iterator[Block]:
    for child in parent:
        tag = child.tag
        if tag in {f"{_TEXT}p", f"{_TEXT}h"}:
            runs: Runs = []
            _open_runs(child, runs, bold, child.get(f"{_TEXT}style-name") in bold, left_out)
            block = block_of(runs, kind=HEADING if tag == f"{_TEXT}h" else WORDS)
            if block is not None:
                yield block
        elif tag == f"{_TABLE}table":
            turns = None
            if child.find(f".//{_TABLE}table") is None:
                turns = grid_blocks(
                    [
                        [
                            "\n".join(b.text for b in _open_blocks(cell, bold, Counter()))
                            for cell in row.iterfind(f"{_TABLE}table-cell")
                        ]
                        for row in child.iter(f"{_TABLE}table-row")
                    ]
                )
            yield from _open_blocks(child, bold, left_out) if turns is None else turns
        elif tag == f"{_TEXT}tracked-changes":
            left_out["deleted passage"] += sum(1 for _ in child.iter(f"{_TEXT}deletion"))
        elif tag not in {f"{_TEXT}table-of-content", f"{_TEXT}sequence-decls", f"{_TEXT}variable-decls"}:
            yield from _open_blocks(child, bold, left_out)


def open_text(element: etree._Element) -> str:
    """The words of one OpenDocument paragraph."""
    runs: Runs = []
    _open_runs(element, runs, set(), False, Counter())
    return clean("".join(words for words, _ in runs))


def _open_runs(
    parent: etree._Element, runs: Runs, bold: set[str], is_bold: bool, left_out: Counter[str]
) -> None:
    runs.append((re.sub(r"[ \t\r\n]+", " ", parent.text or ""), is_bold))
    for child in parent:
        tag = child.tag
        if tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            runs.append((" " * (min(int(count), 1000) if count.isdecimal() else 1), is_bold))
        elif tag == f"{_TEXT}tab":
            runs.append(("\t", is_bold))
        elif tag == f"{_TEXT}line-break":
            runs.append(("\n", is_bold))
        elif tag == f"{_TEXT}note":
            left_out["footnote"] += 1
        elif tag == f"{_OFFICE}annotation":
            left_out["comment"] += 1
        elif isinstance(tag, str):
            _open_runs(child, runs, bold, is_bold or child.get(f"{_TEXT}style-name") in bold, left_out)
        runs.append((re.sub(r"[ \t\r\n]+", " ", child.tail or ""), is_bold))
