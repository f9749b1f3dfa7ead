"""Many files read before anything is stored: what each held, or the sentence that refuses it.

No database here: an import reads first and writes afterwards, so that its transaction stays short
and ``--dry-run`` tells the truth. What does not belong here: how a format is read (``reading``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from folkmoot.core.errors import BadImport
from folkmoot.sources.reading import Limits, Proposal, ReadDocument, propose_redactions, read_source
from folkmoot.sources.reading.labels import is_role, looks_like_name, names_several
from folkmoot.sources.storage import digest_of
from folkmoot.ui.forms import TURNING

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that somebody hands in. ``read`` is called only where ``size`` is within the limit."""

    name: str
    size: int
    read: Callable[[], bytes]

    @staticmethod
    def of(given: Incoming | tuple[str, bytes]) -> Incoming:
        if isinstance(given, Incoming):
            return given
        name, content = given
        return Incoming(name, len(content), lambda: content)


@dataclass(frozen=True, slots=True)
class TakenDocument:
    """A document ready to be stored, with what may identify somebody in it."""

    read: ReadDocument
    text: str
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class TakenFile:
    """One file: its bytes and documents, or (with ``refused``) the sentence why it was not used."""

    name: str
    content: bytes
    sha256: str
    documents: tuple[TakenDocument, ...]
    set_aside: tuple[dict[str, Any], ...]
    read: int
    used: int
    unit: str
    refused: str = ""
    known: bool = False

    @property
    def counts(self) -> dict[str, Any]:
        """The file's line in the account of an import."""
        return {
            "name": self.name,
            "read": self.read,
            "used": self.used,
            "set_aside": len(self.set_aside),
            "unit": self.unit,
            "documents": len(self.documents),
            "refused": self.refused,
            "known": self.known,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """A pause before the file ``name``: so many of ``total`` are done."""

    name: str
    number: int
    total: int


Progress = Callable[[str, int, int], None]
Known = Callable[[str], str]


def take_in(
    files: Iterable[Incoming | tuple[str, bytes]],
    *,
    names: Sequence[str] = (),
    known: Known = lambda sha256: "",
    progress: Progress | None = None,
) -> list[TakenFile]:
    """Read every file. One that cannot be read is refused by itself; the others are not held up.

    ``known(sha256)`` gives a sentence where the owner has the file already; such a file is not read.
    ``progress(name, number, total)`` is told before each file and once more at the end.
    """
    steps = take_in_by_steps(files, names=names, known=known)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return cast(list[TakenFile], end.value)
        if progress:
            progress(step.name, step.number, step.total)


def take_in_by_steps(
    files: Iterable[Incoming | tuple[str, bytes]], *, names: Sequence[str] = (), known: Known
) -> Generator[Step, None, list[TakenFile]]:
    """``take_in`` as a generator that pauses before each file and once at the end."""
    handed = [Incoming.of(one) for one in files]
    taken: list[TakenFile] = []
    seen: dict[str, str] = {}
    for number, one in enumerate(handed):
        name = one.name.translate(TURNING).replace("\\", "/").rpartition("/")[2] or "file"
        yield Step(name, number, len(handed))
        taken.append(_take(one, name=name, names=names, known=known, seen=seen))
    yield Step("", len(handed), len(handed))
    return taken


def _take(one: Incoming, *, name: str, names: Sequence[str], known: Known, seen: dict[str, str]) -> TakenFile:
    if one.size > LIMITS.file_bytes:
        return _refuse(
            name,
            f"The file is {one.size / 1e6:,.0f} MB, more than the {LIMITS.file_bytes / 1e6:,.0f} MB one file may have. "
            "Split it, or take pictures and recordings out of it.",
        )
    content = one.read()
    sha256 = digest_of(content)
    if sha256 in seen:
        return _refuse(name, f"The same file was handed in twice, also as “{seen[sha256]}”.", known=True)
    already = known(sha256)
    if already:
        return _refuse(name, already, known=True)
    try:
        found = read_source(name, content, limits=LIMITS)
    except BadImport as error:
        return _refuse(name, str(error))
    seen[sha256] = name
    return TakenFile(
        name=name,
        content=content,
        sha256=sha256,
        documents=tuple(_document(document, names=names) for document in found.documents if document.turns),
        set_aside=tuple(
            {"file": name, "row": aside.row, "reason": aside.reason} for aside in found.set_aside
        ),
        read=found.read,
        used=found.used,
        unit=found.unit,
    )


def _document(document: ReadDocument, *, names: Sequence[str]) -> TakenDocument:
    # no database keeps a NUL; the replacement is one code point too, so every offset stays
    text = document.text.replace("\x00", "�")
    labels = {turn.speaker for turn in document.turns if turn.speaker}
    # a label that is somebody's name identifies them wherever it stands in the words
    spoken = [one for one in sorted(labels) if not is_role(one) and looks_like_name(one)]
    return TakenDocument(document, text, propose_redactions(text, names=[*names, *spoken]))


def _refuse(name: str, sentence: str, *, known: bool = False) -> TakenFile:
    aside = ({"file": name, "row": None, "reason": sentence},)
    return TakenFile(name, b"", "", (), aside, 1, 0, "file", refused=sentence, known=known)


@dataclass(frozen=True, slots=True)
class Account:
    """What was read, used and set aside over all files; ``read == used + len(set_aside)``."""

    read: int
    used: int
    set_aside: tuple[dict[str, Any], ...]
    unit: str


def account_of(taken: Iterable[TakenFile]) -> Account:
    files = list(taken)
    units = {one.unit for one in files if one.used} or {one.unit for one in files}
    unit = f"{units.pop()}s" if len(units) == 1 else "parts"
    aside = tuple(row for one in files for row in one.set_aside)
    return Account(sum(one.read for one in files), sum(one.used for one in files), aside, unit)


def who_spoke(document: ReadDocument) -> dict[str, str]:
    """Each label with its role: "interviewer", "interviewee" or "other", as most of its turns say."""
    votes: dict[str, dict[str, int]] = {}
    for turn in document.turns:
        if turn.speaker is None:
            continue
        cast = votes.setdefault(turn.speaker, {})
        if turn.role and not names_several(turn.speaker):
            cast[turn.role] = cast.get(turn.role, 0) + 1
    return {
        label: max(cast, key=lambda role: cast[role]) if cast else "other" for label, cast in votes.items()
    }


def pseudonyms(roles: dict[str, str]) -> dict[str, str]:
    """A pseudonym for each label, numbered within its role in the order of speaking.

    A label that is a numbered role already keeps its number ("Interviewer 4"); a lone interviewer has none.
    """
    words = {"interviewer": "Interviewer", "interviewee": "Interviewee", "other": "Speaker"}
    askers = sum(role == "interviewer" for role in roles.values())
    kept = {label: f"{words[role]} {_number(label)}" for label, role in roles.items() if _number(label)}
    if len(set(kept.values())) < len(kept):
        kept = {}  # "R1" and "Respondent 1" would become one person
    taken = set(kept.values())
    made: dict[str, str] = {}
    for label, role in roles.items():
        if names_several(label):
            made[label] = "Several people"
        elif label in kept:
            made[label] = kept[label]
        elif role == "interviewer" and askers == 1:
            made[label] = "Interviewer"
        else:
            number = 1
            while f"{words[role]} {number}" in taken:
                number += 1
            made[label] = f"{words[role]} {number}"
            taken.add(made[label])
    return made


def _number(label: str) -> str:
    """The number that a role's label carries; a name's number is nobody's business."""
    found = re.search(r"(\d{1,3})\W*$", label)
    return found[1].lstrip("0") if found and is_role(label) and not names_several(label) else ""
