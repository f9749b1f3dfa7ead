"""RIS, BibTeX and tables of references, as reference managers write them, into one plain form.

Pure: text in, ``Paper`` out. Nothing is guessed: what a file does not say stays empty. What does not
belong here: storing them, and what a paper found.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from folkmoot.core.errors import BadImport
from folkmoot.core.letters import letters_of

LARGEST = 20_000_000
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Paper:
    """One reference. ``number`` is its place in the file, from 1; ``line`` where it begins."""

    number: int
    line: int
    title: str
    authors: str = ""
    year: int | None = None
    container: str = ""
    doi: str = ""
    url: str = ""
    abstract: str = ""

    @property
    def key(self) -> str:
        """By what the same paper is recognised in another file: its DOI, else title and year."""
        return self.doi.casefold() or f"{_folded(self.title)} {self.year or ''}".strip()


@dataclass(slots=True)
class Papers:
    """The account of one file: entries read = papers + set aside."""

    read: int = 0
    papers: list[Paper] = field(default_factory=list)
    set_aside: list[tuple[int, str]] = field(default_factory=list)


def read_references(content: bytes, *, name: str) -> Papers:
    """The references of a file, by what is in it rather than by its name's ending.

    Raises BadImport with a sentence where the file is too large, empty, or none of the three kinds.
    """
    if len(content) > LARGEST:
        raise BadImport(f"{name} is larger than 20 MB. Export fewer references at a time.")
    text = _text(content, name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadImport(f"{name} is empty.")
    read = _reader(text)
    if read is None:
        raise BadImport(
            f"{name} is neither RIS, nor BibTeX, nor a table with a column “title”. "
            "Export it again from your reference manager in one of these forms."
        )
    found = Papers()
    for line, fields in read(text):
        found.read += 1
        if found.read > MOST:
            raise BadImport(f"{name} holds more than {MOST:,} references. Export fewer at a time.")
        title = _clean(fields.get("title", ""))[:300]
        if not title:
            found.set_aside.append((line, "it has no title"))
            continue
        found.papers.append(
            Paper(
                number=found.read,
                line=line,
                title=title,
                authors=_clean(fields.get("authors", ""))[:200],
                year=_year(fields.get("year", "")),
                container=_clean(fields.get("container", ""))[:200],
                doi=_doi(fields.get("doi", "") or fields.get("url", ""))[:120],
                url=_address(fields.get("url", ""))[:300],
                abstract=_clean(fields.get("abstract", ""))[:5000],
            )
        )
    return found


def _reader(text: str) -> Callable[[str], Iterator[tuple[int, dict[str, str]]]] | None:
    if re.search(r"^TY {1,2}- ?", text, re.MULTILINE):
        return _ris
    if re.search(r"^\s*@\s*\w+\s*[{(]", text, re.MULTILINE):
        return _bibtex
    head = text.lstrip().splitlines()[0].casefold()
    return _table if "title" in re.split(r"[,;\t\"]+", head) else None


def _text(content: bytes, name: str) -> str:
    found = letters_of(content)
    if found is None or "\x00" in found.text:
        raise BadImport(f"{name} is not text. Export it as RIS, BibTeX or csv.")
    return found.text


# ── RIS ──────────────────────────────────────────────────────────────────────────────────────────

_RIS_LINE = re.compile(r"^([A-Z][A-Z0-9]) {1,2}- ?(.*)$")
_RIS_NAMES = {
    "title": ("TI", "T1", "CT", "BT"),
    "year": ("PY", "Y1", "DA"),
    "container": ("JO", "JF", "T2", "JA", "PB"),
    "doi": ("DO",),
    "url": ("UR", "L2"),
    "abstract": ("AB", "N2"),
}


def _ris(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    tags: dict[str, list[str]] = {}
    begun = last = 0
    tag = ""
    for number, line in enumerate(text.split("\n"), start=1):
        found = _RIS_LINE.match(line)
        if found is None:
            # a long value goes on over lines without a tag
            if begun and tag and line.strip():
                tags[tag][-1] += " " + line.strip()
            continue
        tag, value = found[1], found[2].strip()
        if tag == "TY":
            if begun:  # an entry that was never ended
                yield begun, _ris_fields(tags)
            tags, begun = {}, number
        elif tag == "ER":
            if begun:
                yield begun, _ris_fields(tags)
            tags, begun, tag = {}, 0, ""
        elif begun:
            tags.setdefault(tag, []).append(value)
        last = number
    if begun and last:
        yield begun, _ris_fields(tags)


def _ris_fields(tags: dict[str, list[str]]) -> dict[str, str]:
    fields = {
        name: next((tags[one][0] for one in listed if tags.get(one)), "")
        for name, listed in _RIS_NAMES.items()
    }
    fields["authors"] = _people([one for tag in ("AU", "A1") for one in tags.get(tag, [])])
    return fields


# ── BibTeX ───────────────────────────────────────────────────────────────────────────────────────

_ENTRY = re.compile(r"@\s*(\w+)\s*([{(])")
_BIB_NAMES = {
    "title": ("title",),
    "year": ("year", "date"),
    "container": ("journal", "journaltitle", "booktitle", "publisher", "institution", "school"),
    "doi": ("doi",),
    "url": ("url",),
    "abstract": ("abstract",),
}


def _bibtex(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    strings: dict[str, str] = {}
    at = 0
    while (found := _ENTRY.search(text, at)) is not None:
        kind, closing = found[1].casefold(), "}" if found[2] == "{" else ")"
        body, at = _body(text, found.end(), closing)
        if kind in {"comment", "preamble"}:
            continue
        if kind == "string":
            strings |= _pairs(body, strings)
            continue
        _, comma, rest = body.partition(",")
        pairs = _pairs(rest if comma else "", strings)
        fields = {
            name: next((pairs[one] for one in listed if pairs.get(one)), "")
            for name, listed in _BIB_NAMES.items()
        }
        people = pairs.get("author") or pairs.get("editor") or ""
        fields["authors"] = _people(re.split(r"\s+and\s+", people) if people else [])
        yield text.count("\n", 0, found.start()) + 1, fields


def _body(text: str, start: int, closing: str) -> tuple[str, int]:
    """The inside of an entry and where it ends; one that never ends stops before the next entry."""
    depth = 0
    at = start
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 2
            continue
        if sign == closing and depth == 0:
            return text[start:at], at + 1
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        at += 1
    following = re.compile(r"^\s*@\s*\w+\s*[{(]", re.MULTILINE).search(text, start)
    end = following.start() if following else len(text)
    return text[start:end], end


def _pairs(text: str, strings: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    name = re.compile(r"\s*,?\s*([A-Za-z][\w:.+-]*)\s*=\s*")
    while (begun := name.match(text, at)) is not None:
        parts, at = _value(text, begun.end(), strings)
        found.setdefault(begun[1].casefold(), _latex("".join(parts)))
    return found


def _value(text: str, at: int, strings: dict[str, str]) -> tuple[list[str], int]:
    """What stands behind an equals sign: braces, quotes, a number or a name, joined by #."""
    parts: list[str] = []
    while at < len(text):
        if text[at] == "{":
            inside, at = _body(text, at + 1, "}")
            parts.append(inside)
        elif text[at] == '"':
            end, depth = at + 1, 0
            while end < len(text) and (text[end] != '"' or depth):
                depth += (text[end] == "{") - (text[end] == "}")
                end += 2 if text[end] == "\\" else 1
            parts.append(text[at + 1 : end])
            at = end + 1
        else:
            bare = re.compile(r"[^\s,#}]+").match(text, at)
            if bare is None:
                break
            parts.append(strings.get(bare[0].casefold(), bare[0]))
            at = bare.end()
        joined = re.compile(r"\s*#\s*").match(text, at)
        if joined is None:
            break
        at = joined.end()
    return parts, at


_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    '"': "\u0308",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
}
_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "aa": "å",
    "AA": "Å",
}


def _latex(text: str) -> str:
    """LaTeX's accents and signs as letters; braces that only guard capitals go."""

    def accented(found: re.Match[str]) -> str:
        letter = found[2].replace("\\i", "i").replace("\\j", "j")
        return unicodedata.normalize("NFC", letter + _ACCENTS[found[1]])

    text = re.sub(r"\\([`'^~\"=.])\s*\{?(\\?[A-Za-z])\}?", accented, text)
    text = re.sub(r"\\([uvHckr])\s*\{(\\?[A-Za-z])\}", accented, text)
    text = re.sub(r"\\(ss|ae|AE|oe|aa|AA|o|O|l|L)(?![A-Za-z])\s*", lambda found: _LETTERS[found[1]], text)
    text = re.sub(r"\\(?:emph|textit|textbf|textsc|url)\s*", "", text)
    text = text.replace("---", "–").replace("--", "–").replace("~", " ")
    text = re.sub(r"\\([&%$#_{}])", r"\1", text)
    return text.replace("{", "").replace("}", "")


# ── a table ──────────────────────────────────────────────────────────────────────────────────────

_COLUMNS = {
    "title": ("title", "document title", "article title"),
    "authors": ("authors", "author", "author full names"),
    "year": ("year", "publication year", "date"),
    "container": ("journal", "source title", "publication title", "container", "publisher", "reference"),
    "doi": ("doi",),
    "url": ("url", "link"),
    "abstract": ("abstract",),
}


def _table(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    head = text.splitlines()[0]
    mark = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    for row in rows:
        given = {str(name).strip().casefold(): value or "" for name, value in row.items() if name}
        if not any(str(value).strip() for value in given.values()):
            continue
        yield (
            rows.line_num,
            {
                name: next((str(given[one]) for one in listed if given.get(one)), "")
                for name, listed in _COLUMNS.items()
            },
        )


# ── shared ───────────────────────────────────────────────────────────────────────────────────────


def _people(listed: list[str]) -> str:
    """ "Ash, B., Oak, C. and Elm, D." from one name a piece, as it was written."""
    names = [_clean(one) for one in listed if one.strip()]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _clean(text: str) -> str:
    """One line, without the signs that turn the direction of writing or cannot be seen."""
    kept = "".join(one for one in text if one in "\t\n " or unicodedata.category(one) not in {"Cc", "Cf"})
    return " ".join(kept.split())


def _year(text: str) -> int | None:
    found = re.search(r"\b(1[89]\d\d|20\d\d)\b", text)
    return int(found[0]) if found else None


def _doi(text: str) -> str:
    found = re.search(r"\b10\.\d{4,9}/[^\s\"<>{}]+", text)
    return found[0].rstrip(".,;") if found else ""


def _address(text: str) -> str:
    text = text.strip()
    return text if re.match(r"https?://[^\s<>\"]+$", text) else ""


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))
