"""Which words of a text may identify somebody: names from a list, and patterns. Proposals only.

A person decides over each; nothing here changes a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from .shapes import Proposal

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?:19|20)\d{{2}}|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{{2}})"
)
_STREET = (
    r"street|st|road|rd|avenue|ave|lane|ln|close|crescent|drive|terrace|gardens|grove|square|place|court|way|"
    r"walk|mews|row|hill|park|green|parade|rise|view|estate|house|gate|wynd|vale"
)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’]*(?:-[A-ZÀ-ÖØ-Þ][\w'’]*)*"
# a full stop after a title is an abbreviation's; after "my Lady." it ends the sentence
_TITLE = (
    r"(?:(?:Mr|MR|Mrs|MRS|Ms|MS|Mx|Dr|DR|Prof|Cllr|Rev|Sgt|Insp|Supt)\.?|Miss|MISS|Professor|Sir|Dame|Lord|Lady|"
    r"Judge|Councillor|Reverend|Father|Imam|Rabbi|PC|DC|PS|DS|DI|DCI|PCSO|WPC|Sergeant|Constable|"
    r"Chief\ Inspector|Inspector|Superintendent)"
)
_GAP = r"[ \t\xa0]+"
# In this order: where two patterns claim the same words, the earlier is kept.
_PATTERNS: tuple[tuple[str, str, str, re.Pattern[str]], ...] = (
    (
        "e-mail",
        "[E-MAIL]",
        "This looks like an e-mail address.",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
    ),
    (
        "web address",
        "[WEB ADDRESS]",
        "This looks like a web address.",
        re.compile(r"(?:https?://|www\.)[^\s<>\"“”]{1,300}[^\s<>\"“”.,;:!?)\]]", re.IGNORECASE),
    ),
    (
        "handle",
        "[HANDLE]",
        "This looks like a name on social media.",
        re.compile(r"(?<![\w@.])@[A-Za-z_]\w{1,29}\b"),
    ),
    (
        "date of birth",
        "[DATE OF BIRTH]",
        "A date stands beside words about a birth.",
        re.compile(
            rf"(?:(?<=born )|(?<=born on )|(?<=born on the )|(?<=birthday is )|(?<=d\.o\.b\. )|(?<=dob )|(?<=dob: )|"
            rf"(?<=date of birth )|(?<=date of birth is )|(?<=date of birth: )|(?<=birth was )){_DATE}",
            re.IGNORECASE,
        ),
    ),
    (
        "telephone",
        "[TELEPHONE]",
        "This looks like a telephone number.",
        re.compile(
            r"(?<![\w£$€.,/-])(?:\+\d{1,3}[\s().-]{0,3}(?:\(0\)[\s.-]?)?\d(?:[\s().-]{0,2}\d){7,11}|"
            r"\(?0\d{2,5}\)?(?:[\s.-]{0,2}\d){5,9}|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4})(?![\w/]|[.,]\d)"
        ),
    ),
    (
        "collar number",
        "[COLLAR NUMBER]",
        "This looks like an officer's collar, badge or warrant number.",
        re.compile(
            r"(?:(?:collar|badge|shoulder|warrant|epaulette|force)\s+(?:number|no\.?|num)(?:\s+(?:is|was))?[\s:]+#?"
            r"(?:[A-Z]{1,3}\s?)?\d{1,6}[A-Z]{0,2}\b|\b(?:PC|DC|PS|DS|PCSO|WPC|SC|Sgt|Sergeant|Constable|Officer)\s+"
            r"#?(?:[A-Z]{1,2}\s?)?\d{2,6}[A-Z]{0,2}\b)",
        ),
    ),
    (
        "address",
        "[ADDRESS]",
        "This looks like a postal address.",
        re.compile(
            rf"\b(?:(?:Flat|Apartment|Unit|Apt)\s+\w{{1,5}},?\s+)?\d{{1,5}}[A-Za-z]?,?\s+(?:{_NAME}\s+){{1,4}}(?:(?i:{_STREET}))\b"
        ),
    ),
    (
        "address",
        "[ADDRESS]",
        "This looks like part of a postal address.",
        re.compile(r"\b(?:Flat|Apartment|Apt)\s+\d{1,4}[A-Za-z]?\b"),
    ),
    (
        "postcode",
        "[POSTCODE]",
        "This looks like a UK postcode.",
        re.compile(
            r"(?<![\w-])(?:GIR\s?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPS-UW]|"
            r"[A-HK-Y][0-9][ABEHMNPRV-Y])\s?[0-9][ABD-HJLNP-UW-Z]{2})(?![\w-])",
            re.IGNORECASE,
        ),
    ),
    (
        "vehicle",
        "[VEHICLE]",
        "This looks like a vehicle's registration.",
        re.compile(
            r"(?<![\w-])(?:[A-HJ-PR-Y][A-Z]\d{2}\s?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}\s?[A-HJ-PR-Y]{3}|"
            r"[A-Z]{3}\s?\d{1,3}[A-HJ-NPR-TV-Y]|[A-Z]{1,3}Z\s?\d{1,4})(?![\w-])"
        ),
    ),
    (
        "titled name",
        "[NAME]",
        "A title stands before a name.",
        re.compile(rf"\b{_TITLE}{_GAP}{_NAME}(?:{_GAP}(?!{_TITLE}\b){_NAME}){{0,2}}(?<![’'])"),
    ),
)
_POSSESSIVE = re.compile(r"['’]s?$")


def propose_redactions(text: str, *, names: Sequence[str]) -> tuple[Proposal, ...]:
    """The spans that may identify somebody, in order and without overlap.

    Names match as whole words whatever their case, with or without accents, and with a possessive
    ("Zoë's" for "Zoe"; the ending stays). Where spans overlap the one that begins first is kept, of
    those the longest. An empty list of names leaves the patterns.
    """
    found = [*_named(text, names), *_patterned(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Proposal] = []
    for proposal in found:
        if kept and proposal.start < kept[-1].end:
            if proposal.end > kept[-1].end and proposal.start > kept[-1].start:
                rest = _rest(text, kept[-1].end, proposal)
                if rest is not None:
                    kept.append(rest)
            continue
        kept.append(proposal)
    return tuple(kept)


def _rest(text: str, start: int, proposal: Proposal) -> Proposal | None:
    """What of an overlapped proposal is left uncovered: nothing that identifies may slip through."""
    while start < proposal.end and not text[start].isalnum():
        start += 1
    if start >= proposal.end:
        return None
    return Proposal(start, proposal.end, proposal.kind, proposal.replacement, proposal.reason)


def _patterned(text: str) -> Iterator[Proposal]:
    for kind, replacement, reason, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            possessive = _POSSESSIVE.search(text, start, end)
            if possessive and kind == "titled name":
                end = possessive.start()
            if end > start:
                yield Proposal(start, end, kind, replacement, reason)


def _named(text: str, names: Sequence[str]) -> Iterator[Proposal]:
    wanted = {
        _folded(" ".join(name.replace("’", "'").split()))[0]: name for name in names if len(name.strip()) > 1
    }
    wanted.pop("", None)
    if not wanted:
        return
    folded, places = _folded(text)
    ordered = sorted(wanted, key=len, reverse=True)
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]") for name in ordered)
    for match in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", folded):
        start, last = places[match.start()], places[match.end() - 1]
        end = last + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1  # an accent written as a sign of its own belongs to its letter
        name = wanted.get(" ".join(match[0].replace("’", "'").split()), match[0])
        yield Proposal(start, end, "name", "[NAME]", f"“{name}” is on the list of names.")


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without case and accents, and for each of its characters the place it came from."""
    if text.isascii():
        return text.lower(), list(range(len(text))) if text else []
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = unicodedata.normalize("NFD", letter).casefold() if letter > "\x7f" else letter.lower()
        for part in plain:
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    return "".join(letters), places
