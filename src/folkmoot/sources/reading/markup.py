"""Markdown and reStructuredText into blocks; their marks are taken off, the words stay.

reStructuredText is read paragraph by paragraph and not by its full grammar: that takes "A. Yes."
for a list and would lose who answered. Web pages are read in ``webpages``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from folkmoot.core.errors import BadImport

from .blocks import ASIDE, HEADING, WORDS, Block, clean, shortened
from .extent import text_file
from .grid import grid_blocks
from .office import Runs, block_of
from .shapes import Limits, ReadFile
from .speakers import documents
from .text import decode, text_blocks
from .webpages import html_blocks

_DEEPEST = 60
_FRONT = re.compile(r"\A---[ \t]*\n((?:[^\n]*\n){0,60}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_UNDERLINE = re.compile(r"""^([=\-~^"'`#*+.:_<>!$%&,;?@|\\/(){}\[\]])\1{2,}\s*$""")
_DIRECTIVE = re.compile(r"^\.\.(?:\s+(?P<name>[\w.-]+)::|\s|$)")
_INLINE = re.compile(
    r"\*\*(?P<bold>\S(?:[^*]|\*(?!\*))*?)\*\*|(?<![\w*])\*(?P<italic>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])|"
    r"``(?P<code>[^`]+)``|:[\w+.-]+:`(?P<role>[^`]+)`|`(?P<link>[^`<]+?)\s*<[^>`]*>`__?|"
    r"`(?P<plain>[^`\n]+)`(?:__?)?|\\(?P<escaped>[^\w\s])"
)
_FIELD = re.compile(r"^:([A-Za-z][\w ]{0,30}):[ \t]+(?=\S)", re.MULTILINE)


def read_markdown(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of a Markdown file."""
    text, notes = decode(content)
    blocks: list[Block] = []
    front = _FRONT.match(text)
    if front and ":" in front[1]:
        for line in front[1].split("\n"):
            if line.strip():
                blocks.append(
                    Block(line, kind=ASIDE, reason=f"“{shortened(line)}” stands in the head of the file.")
                )
        text = text[front.end() :]
    try:
        tokens = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").parse(text)
    except RecursionError:
        raise _too_deep() from None
    if any(token.level >= _DEEPEST - 2 for token in tokens):
        raise _too_deep()  # what lies deeper is left out by the parser, which would not say so
    blocks += _markdown_blocks(tokens)
    return text_file(documents(blocks, name=name, file=file, limits=limits, notes=notes), unit="paragraph")


def _too_deep() -> BadImport:
    return BadImport(
        "The file is nested too deeply to be read.", remedy="Save it as plain text and import that."
    )


def _markdown_blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    kind, item = WORDS, ""
    table: list[list[str]] | None = None
    cells: list[Block] = []
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            kind = HEADING if token.type == "heading_open" else WORDS
        elif token.type == "list_item_open":
            item = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "table_open":
            table, cells = [], []
        elif token.type == "tr_open" and table is not None:
            table.append([])
        elif token.type == "table_close" and table is not None:
            turns = grid_blocks(table)
            yield from cells if turns is None else turns
            table = None
        elif token.type in {"fence", "code_block"}:
            yield from (Block(block.text) for block in text_blocks(token.content))
        elif token.type == "html_block":
            yield from html_blocks(token.content)
        elif token.type == "inline":
            block = block_of([(item, False), *_markdown_runs(token.children or [])], kind=kind)
            item = ""
            if table is not None and table:
                table[-1].append(block.text if block else "")
                cells += [block] if block else []
            elif block is not None:
                yield block


def _markdown_runs(children: Sequence[Token]) -> Runs:
    runs: Runs = []
    bold = 0
    for token in children:
        if token.type == "strong_open":
            bold += 1
        elif token.type == "strong_close":
            bold -= 1
        elif token.type in {"softbreak", "hardbreak"}:
            runs.append(("\n", bool(bold)))
        elif token.type == "html_inline":
            if re.match(r"<br\b", token.content, re.IGNORECASE):
                runs.append(("\n", bool(bold)))
            elif re.match(r"</?(?:b|strong)\b", token.content, re.IGNORECASE):
                bold = max(0, bold + (-1 if token.content.startswith("</") else 1))
        else:
            runs.append((token.content, bool(bold)))
    return runs


def read_rst(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of a reStructuredText file."""
    text, notes = decode(content)
    blocks = list(_rst_blocks(text))
    return text_file(documents(blocks, name=name, file=file, limits=limits, notes=notes), unit="paragraph")


def _rst_blocks(text: str) -> Iterator[Block]:
    directive = ""
    for raw in text_blocks(text):
        lines = raw.text.split("\n")
        if directive and lines[0][:1] in {" ", "\t"}:
            yield Block(raw.text, kind=ASIDE, reason=f"Part of the {directive}, which is no speech.")
            continue
        directive = ""
        found = _DIRECTIVE.match(lines[0])
        if found:
            directive = f"directive “{found['name']}”" if found["name"] else "comment"
            yield Block(raw.text, kind=ASIDE, reason=f"A {directive}, which is no speech.")
            continue
        yield from _titles(lines)


def _titles(lines: list[str]) -> Iterator[Block]:
    """The lines of one paragraph, cut at underlined titles and at rules."""
    words: list[str] = []
    for place, line in enumerate(lines):
        if not _UNDERLINE.match(line):
            words.append(line)
            continue
        title = lines[place - 1].strip() if place else ""
        if words and title and len(line.strip()) >= min(len(title), 4) and words[-1].strip() == title:
            yield from _rst_words(words[:-1])
            block = _rst_block(title, kind=HEADING)
            if block:
                yield block
        else:
            yield from _rst_words(words)
            if len(lines) == 1:
                yield Block(line, kind=ASIDE, reason="A line drawn across the page.")
        words = []
    yield from _rst_words(words)


def _rst_words(lines: list[str]) -> Iterator[Block]:
    text = "\n".join(line[2:] if line.startswith("| ") else line for line in lines)
    block = _rst_block(_FIELD.sub(r"\1: ", text))
    if block is not None:
        yield block


def _rst_block(text: str, *, kind: str = WORDS) -> Block | None:
    runs: Runs = []
    at = 0
    for match in _INLINE.finditer(text):
        runs.append((text[at : match.start()], False))
        words = next(group for group in match.groups() if group is not None)
        runs.append((words, match["bold"] is not None))
        at = match.end()
    runs.append((text[at:], False))
    return block_of([(clean(words), bold) for words, bold in runs if words], kind=kind)
