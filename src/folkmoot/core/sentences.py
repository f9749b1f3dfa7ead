"""Numbers with their nouns and verbs: one place, so that no sentence says “1 rows”."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """“1 row”, “1,204 rows”; ``plural`` where an s does not make it: “2 studies”."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def verb(number: int, one: str, many: str) -> str:
    """The form of a verb that goes with so many: “says”, “say”."""
    return one if number == 1 else many
