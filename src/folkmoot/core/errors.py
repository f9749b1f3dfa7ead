"""What can go wrong, by type. Each error carries one sentence a person can act on."""

from __future__ import annotations


class FolkmootError(Exception):
    """Something was refused; ``str(error)`` is a sentence fit for the screen."""


class NotAllowed(FolkmootError):
    """This person may not do this."""


class NotYet(FolkmootError):
    """Allowed, but not in the present state; the sentence says what has to happen first."""


class CannotAnalyse(FolkmootError):
    """The data cannot carry this analysis; the sentence says why."""


class Stale(FolkmootError):
    """Somebody else changed this row since it was read; the sentence names who.

    ``present`` is the version that the row has now, None where it is gone.
    """

    def __init__(self, sentence: str, *, present: int | None = None) -> None:
        self.present = present
        super().__init__(sentence)


class BadImport(FolkmootError):
    """Part of a file cannot be used.

    ``row`` counts from 1 at the first line of the file (the header), ``column`` is the header's
    word; either is ``None`` when the fault is the whole file's. ``remedy`` says what to do.
    """

    def __init__(
        self, problem: str, *, row: int | None = None, column: str | None = None, remedy: str = ""
    ) -> None:
        self.problem, self.row, self.column, self.remedy = problem, row, column, remedy
        where = ", ".join(
            part
            for part in (
                f"row {row}" if row is not None else "",
                f"column “{column}”" if column is not None else "",
            )
            if part
        )
        sentence = f"{where}: {problem}" if where else problem
        super().__init__(f"{sentence} {remedy}".strip())
