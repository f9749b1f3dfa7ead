"""A document as any format can print it: plain, frozen pieces without markup.

Every string is text as somebody wrote it or as the records say; each format escapes it in its own
way. ``path`` is an address below the instance's root.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One step from a statement to what it rests on."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its state, where it comes from, and what happened to it since publication."""

    text: str
    links: tuple[Link, ...] = ()
    state: str = ""
    since: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``manner``: "" plain, "muted", "remark" (an editor's words), "gone" (a tombstone), "count" (what may not be told)."""

    said: Said
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    title: str
    rows: tuple[tuple[str, str], ...]
    origin: Said


@dataclass(frozen=True, slots=True)
class Bullets:
    title: str
    items: tuple[Said, ...]
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, with who is speaking as far as that may be said."""

    text: str
    attribution: Said


@dataclass(frozen=True, slots=True)
class Standing:
    word: str
    leaning: str
    detail: str
    sentence: str
    rule: str


@dataclass(frozen=True, slots=True)
class StepRow:
    number: int
    text: str
    own_words: str
    link: Link
    anchor: str
    standing: Standing
    weakest: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """The table of a chain: each step with its standing."""

    caption: str
    rows: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class Side:
    label: str
    count: int
    blocks: tuple[Block, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Sides:
    """For and against: the same width, the same weight, whatever stands in them."""

    key: str
    title: str
    for_it: Side
    against: Side
    level: int = 4


Block = Heading | Paragraph | Facts | Bullets | Quote | Standing | Steps | Sides


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    question: str
    blocks: tuple[Block, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A whole edition, ready to print."""

    title: str
    kicker: str
    label: str
    state: str
    state_sentence: str
    facts: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]
    introduction: tuple[str, ...]
    claim: str
    weakest: Said | None
    short: Sides
    sections: tuple[Section, ...]
    fingerprint: str
    fictional: bool
    day: str
    path: str
    language: str = "en-GB"
