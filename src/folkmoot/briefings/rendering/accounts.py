"""What people and documents say, on one side: quotations, the coder's words, and a typed count of the rest."""

from __future__ import annotations

from typing import Any

from folkmoot.briefings.rendering.blocks import Block, Link, Paragraph, Quote, Said
from folkmoot.briefings.rendering.live import WHY_NOT, Live, Told

SIDE_WORDS = {
    "for": "for",
    "against": "against",
    "when": "on when it holds",
    "disputed": "that the person disputes",
}


def accounts(live: Live, entries: list[dict[str, Any]], *, side: str) -> tuple[Block, ...]:
    """The blocks of one side; every entry is in them, told or counted."""
    blocks: list[Block] = []
    untold: dict[str, int] = {}
    for entry in entries:
        told = live.account(entry)
        if told.kind == "counted":
            untold[told.text] = untold.get(told.text, 0) + 1
        else:
            blocks.append(_told(told))
    withdrawn = untold.pop("withdrawn", 0)
    if untold:
        number = sum(untold.values())
        further = "further account" if blocks else "account"
        reasons: dict[str, int] = {}
        for why, count in untold.items():
            reasons[WHY_NOT[why]] = reasons.get(WHY_NOT[why], 0) + count
        typed = "; ".join(
            why if number == count else f"{why} ({count})" for why, count in sorted(reasons.items())
        )
        text = f"{number} {further}{'' if number == 1 else 's'} {SIDE_WORDS[side]}; {typed}."
        blocks.append(Paragraph(Said(text), "count"))
    if withdrawn:
        text = f"Withdrawn: {withdrawn} account{'' if withdrawn == 1 else 's'} {SIDE_WORDS[side]} {'was' if withdrawn == 1 else 'were'} taken back; the words are no longer shown."
        blocks.append(Paragraph(Said(text), "gone"))
    return tuple(blocks)


def _told(told: Told) -> Block:
    links = tuple(
        link
        for link in (
            Link("the words in their place", told.passage_path),
            Link("the reading", told.claim_path),
        )
        if link.path
    )
    if told.kind == "quoted":
        return Quote(told.text, Said(told.who, links, told.state, told.since))
    # a paraphrase leads to the reading only: the words themselves are not for these readers
    reading = links[1:] if len(links) == 2 else links
    return Paragraph(
        Said(
            told.text,
            reading,
            told.state,
            told.since,
            lead=f"In the coder's words ({told.who}; may not be quoted):",
        )
    )
