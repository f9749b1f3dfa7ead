"""WebVTT and SubRip captions into blocks: a block a cue, or a block a voice where a cue has several."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from .blocks import ASIDE, Block, clean, one_line
from .extent import text_file
from .shapes import Limits, ReadFile
from .speakers import documents
from .text import decode

_TIMES = re.compile(r"^\s*((?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]+([^<>\n]{0,200})>", re.IGNORECASE)
_TAG = re.compile(r"</?[^<>\n]{0,200}>|\{\\[^}\n]{0,40}\}")


def read_captions(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The document of a caption file; cues that follow one another in one voice are one turn."""
    text, notes = decode(content)
    blocks = list(_blocks(text))
    if any(block.named for block in blocks):
        blocks = [_silent(block) for block in blocks]
    made = documents(
        blocks, name=name, file=file, limits=limits, join=_joined, between="\n", merge=True, notes=notes
    )
    return text_file(made, unit="cue")


def _joined(lines: Sequence[str]) -> str:
    return " ".join(line.strip() for line in lines if line.strip())


def _silent(block: Block) -> Block:
    """A cue without a voice, in a file that names voices, is somebody unnamed."""
    if block.named or block.kind == ASIDE:
        return block
    return Block(block.text, rows=block.rows, named=True, time=block.time, doubt="The cue names no voice.")


def _blocks(text: str) -> Iterator[Block]:
    number = 0
    for part in re.split(r"\n[ \t]*\n", text.strip("\n\ufeff ")):
        if not part.strip():
            continue
        lines = part.strip("\n").split("\n")
        number += 1
        rows = (number,)
        word = lines[0].split(" ", 1)[0].strip()
        if word in {"WEBVTT", "NOTE", "STYLE", "REGION"} and not any("-->" in line for line in lines):
            what = "head" if word == "WEBVTT" else f"{word.lower()} block"
            yield Block("", kind=ASIDE, rows=rows, reason=f"The {what} of the captions holds no speech.")
            continue
        at = next((n for n, line in enumerate(lines[:12]) if _TIMES.match(line)), None)
        if at is None:
            yield Block("", kind=ASIDE, rows=rows, reason=f"The cue has no times: “{one_line(part)[:60]}”.")
            continue
        time = _TIMES.match(lines[at])
        yield from _cue(lines[at + 1 :], time=time[1].replace(",", ".") if time else "", rows=rows)


def _cue(lines: Sequence[str], *, time: str, rows: tuple[int, ...]) -> Iterator[Block]:
    said = "\n".join(lines)
    voices = _VOICE.split(said)
    found = False
    for place in range(0, len(voices), 2):
        words = _words(voices[place])
        if not words:
            continue
        here = () if found else rows
        found = True
        if place == 0:
            yield Block(words, rows=here, time=time)
        else:
            speaker = one_line(html.unescape(voices[place - 1])) or None
            yield Block(_joined(words.split("\n")), rows=here, speaker=speaker, named=True, time=time)
    if not found:
        yield Block("", kind=ASIDE, rows=rows, time=time, reason="The cue has no words.")


def _words(text: str) -> str:
    lines = clean(html.unescape(_TAG.sub("", text))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())
