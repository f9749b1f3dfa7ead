"""The limits a file must keep, and the account of a file of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from folkmoot.core.errors import BadImport

from .shapes import Limits, ReadDocument, ReadFile


def check_size(made: Iterable[ReadDocument], *, limits: Limits) -> None:
    """Refuse a file whose text or turns go beyond the limits."""
    characters = turns = 0
    for document in made:
        characters += len(document.text)
        turns += len(document.turns)
    check_counts(characters, turns=turns, limits=limits)


def check_counts(characters: int, *, turns: int, limits: Limits) -> None:
    """Refuse as soon as what has been read so far goes beyond the limits."""
    if characters > limits.characters:
        raise BadImport(
            f"The file holds more than the {limits.characters:,} characters one file may hold.",
            remedy="Split it into several files.",
        )
    if turns > limits.turns:
        raise BadImport(
            f"The file holds more than the {limits.turns:,} speaking turns one file may hold.",
            remedy="Split it into several files.",
        )


def text_file(made: Sequence[ReadDocument], *, unit: str) -> ReadFile:
    """The account of a file of text; one without words is refused."""
    if not any(document.turns for document in made):
        raise BadImport(
            "The file holds no words.", remedy="Check that it is the right file and that it was saved."
        )
    aside = tuple(one for document in made for one in document.set_aside)
    read = sum(document.rows_read for document in made)
    return ReadFile(tuple(made), aside, read, read - len(aside), unit)
