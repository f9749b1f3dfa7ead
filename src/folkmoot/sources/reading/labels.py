"""Which words at the head of a line name a speaker.

A colon is no proof: "Then if I can go to paragraph 3:" has one too. So a label is accepted by the
evidence of the whole file: a word for a role, a title, a time beside it, bold type, repetition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import one_line

TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"


def _timed(name: str) -> str:
    return rf"[\[(<]?(?P<{name}>{TIME})[\])>]?"


_BEFORE = rf"^\s*(?:{_timed('before')}\s*[-–—]?\s*)?"
_LABEL = r"(?P<label>[^\W_](?:[^:\[\]\n<>]{0,60}?[^\s:\[\]<>,;])??)"
_COLON = re.compile(
    rf"{_BEFORE}{_LABEL}\s*(?:[-–—,]?\s*{_timed('beside')})?\s*[:：](?!//)\s*"
    rf"(?:[\[(](?P<after>{TIME})[\])]\s*)?"
)
_DOT = re.compile(r"^\s*(?P<label>[QA])\.\s+(?=\S)")
_ALONE = re.compile(rf"{_BEFORE}{_LABEL}(?:\s*[-–—,|]?\s+{_timed('beside')}|\s*{_timed('tight')})?\s*$")

_INTERVIEWER = (
    r"interviewer|intervi?ewr|int|intv|ier|ir|er|facilitator|facil|fac|moderator|mod|researcher|res|host|"
    r"question|counsel|lead counsel|chair|chairman|chairwoman|chairperson|coroner|co-?facilitator"
)
_INTERVIEWEE = (
    r"interviewee|iee|ie|ee|participant|part|respondent|resp|speaker|spk|witness|answer|resident|"
    r"officer|member|attendee|victim|student|parent|volunteer|focus group member|panel member|caller"
)
_OTHER = (
    r"unidentified|unknown|unknown speaker|unidentified speaker|male|female|male voice|female voice|voice|"
    r"all|several|everyone|group|several voices|observer|note-?taker|translator|interpreter|transcriber"
)
_NUMBER = r"(?:\s*(?:#|no\.?\s*)?\d{1,3}[a-z]?|\s+[a-h])?"
_ASKS = re.compile(rf"(?:the\s+)?(?:{_INTERVIEWER}|q\d*|i\d*){_NUMBER}", re.IGNORECASE)
_ANSWERS = re.compile(
    rf"(?:the\s+)?(?:{_INTERVIEWEE}|a\d*|p\d*|r\d*|m\d*|f\d*|fg\d+){_NUMBER}", re.IGNORECASE
)
_NEITHER = re.compile(rf"(?:{_OTHER}){_NUMBER}", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:\band/or\b|\band\b|\bor\b|&|/|\+)\s*", re.IGNORECASE)
_TITLED = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|baroness|judge|cllr|councillor|rev|"
    r"pc|dc|ps|sgt|sergeant|insp|inspector|ch insp|supt|superintendent|pcso|cc|acc|dcc)\.?\s+\S.*",
    re.IGNORECASE,
)
_CONNECTING = {"and", "or", "of", "the", "de", "da", "van", "von", "der", "al", "el", "bin", "ap", "y", "&"}
# Capitalised words that open many a sentence or a form and name nobody.
_NOBODY_WORDS = """so then now well yes no but and or if when what why how who where also again finally first firstly second
    secondly third thirdly lastly next last note notes paragraph para page section chapter part module item
    example examples aim aims action actions owner lead outcome outcomes output outputs objective objectives
    priority commitment measure target background introduction summary conclusion conclusions recommendation
    recommendations issue issues date time place location venue setting duration present apologies subject re
    from to cc title source sources figure table appendix annex reference references http https www email tel
    phone telephone fax step stage phase total result results finding findings today tomorrow yesterday
    basically actually anyway okay ok right sorry thanks here there this that these those my your our their
    quote quotes warning important remember contents file recording recorded transcribed transcript interview
    status version contact website address"""
_NOBODY = frozenset(_NOBODY_WORDS.split())
_TERMINAL = re.compile(r"[.!?…;,\"“”]")
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|no|prof|rev|sgt|insp|supt|ch|cllr|[a-z])\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """A label found on a line: who, at what time, and where on the line the words begin."""

    name: str
    time: str
    words_at: int
    style: str

    @property
    def key(self) -> str:
        return label_key(self.name)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be looked at; ``lead`` is how much of its beginning is bold."""

    text: str
    lead: int = 0


def label_key(name: str) -> str:
    """The form by which two spellings of one label are recognised within a file."""
    return name.casefold()


def role_of(name: str) -> str:
    """ "interviewer", "interviewee", or empty where the label does not say."""
    parts = [part for part in _SEVERAL.split(name.strip(" .")) if part]
    if parts and all(_ASKS.fullmatch(part) for part in parts):
        return "interviewer"
    if parts and all(_ANSWERS.fullmatch(part) for part in parts):
        return "interviewee"
    return ""


def names_several(name: str) -> bool:
    """Whether the label leaves open which of several people spoke ("P1 or P2")."""
    parts = [part for part in _SEVERAL.split(name) if part]
    return len(parts) > 1 and all(_is_role(part) or _TITLED.fullmatch(part) for part in parts)


def _is_role(part: str) -> bool:
    return bool(_ASKS.fullmatch(part) or _ANSWERS.fullmatch(part) or _NEITHER.fullmatch(part))


def is_role(name: str) -> bool:
    """Whether the label is a word for a role, with or without a number, or several of them."""
    parts = [part for part in _SEVERAL.split(name.strip(" .")) if part]
    return bool(parts) and all(_is_role(part) for part in parts)


def is_titled(name: str) -> bool:
    """Whether the label opens with a title ("Mr", "PC", "Lady") and is written as a name."""
    return bool(_TITLED.fullmatch(name)) and looks_like_name(name)


def looks_like_name(name: str) -> bool:
    """Whether every word is written as in a name, and the first is not one that opens sentences."""
    words = name.replace("(", " ").replace(")", " ").split()
    if not words or len(words) > 5 or len(name) > 50:
        return False
    if words[0].casefold().strip(".") in _NOBODY or _TERMINAL.search(_ABBREVIATION.sub("", name)):
        return False
    if not (words[0][0].isupper() or words[0][0].isdigit()):
        return False
    return all(w[0].isupper() or w[0].isdigit() or w.casefold() in _CONNECTING or "(" in name for w in words)


def candidate(line: Line) -> Label | None:
    """The label this line may begin with, before the rest of the file is asked."""
    text = line.text
    found: Label | None = None
    if ":" in text[:110] or "：" in text[:110]:
        match = _COLON.match(text)
        if match and not _glued(match, text):
            time = match["before"] or match["beside"] or match["after"] or ""
            style = "bold" if line.lead and match.end("label") <= line.lead + 1 else "colon"
            found = Label(_tidy(match["label"]), time, match.end(), style)
    if found is None and line.lead:
        found = _bold(text, line.lead)
    if found is None and text.lstrip()[:2] in {"Q.", "A."}:
        match = _DOT.match(text)
        if match:
            found = Label(match["label"], "", match.end(), "dot")
    if found is None and len(text) <= 80:
        match = _ALONE.match(text)
        if match:
            time = match["before"] or match["beside"] or match["tight"] or ""
            found = Label(_tidy(match["label"]), time, len(text), "timed" if time else "alone")
    return found if found is not None and found.name else None


def _tidy(label: str) -> str:
    return one_line(label).strip(" *_-–—")


def _glued(match: re.Match[str], text: str) -> bool:
    """A colon in the middle of a word ("10:30", "a:b") labels nobody, unless a role stands before it."""
    end = match.end()
    if end >= len(text) or text[end - 1].isspace() or match["after"]:
        return False
    return not is_role(match["label"].strip())


def _bold(text: str, lead: int) -> Label | None:
    head = _tidy(text[:lead].rstrip().rstrip(":："))
    if not head or len(head) > 60 or _TERMINAL.search(_ABBREVIATION.sub("", head)):
        return None
    timed = re.search(rf"\s*[\[(]?({TIME})[\])]?$", head)
    time = timed[1] if timed else ""
    if timed:
        head = head[: timed.start()]
    at = lead
    while at < len(text) and text[at] in " \t:：":
        at += 1
    return Label(_tidy(head), time, at, "bold" if at < len(text) else "alone")


@dataclass(frozen=True, slots=True)
class LabelBook:
    """The labels accepted for one file, each with the styles in which it counts.

    ``passed_over`` are words that stand before a colon again and again and were not accepted.
    """

    beside: frozenset[str]
    alone: frozenset[str]
    once: frozenset[str]
    guessed: bool
    passed_over: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.beside or self.alone)

    def match(self, line: Line) -> Label | None:
        """The accepted label at the head of the line, if there is one."""
        found = candidate(line)
        if found is None:
            return None
        accepted = self.alone if found.style in {"alone", "timed"} else self.beside
        return found if found.key in accepted else None


NO_LABELS = LabelBook(frozenset(), frozenset(), frozenset(), False)


def find_labels(lines: Sequence[Line], *, paragraphs: int) -> LabelBook:
    """The labels of a file, or none where its lines do not read as people speaking."""
    counts: dict[str, Counter[str]] = {s: Counter() for s in ("bold", "colon", "dot", "alone", "timed")}
    names: dict[str, str] = {}
    timed: Counter[str] = Counter()
    first: str | None = None
    for line in lines:
        found = candidate(line)
        if found is None:
            continue
        key = found.key
        names.setdefault(key, found.name)
        counts[found.style][key] += 1
        timed[key] += bool(found.time)
        if first is None:
            first = key
    colon, dots = counts["colon"], counts["dot"]
    repeated = {k for k, n in colon.items() if n > 1 and looks_like_name(names[k])}
    bold = _accept_bold(counts["bold"], names, beside_them=len(repeated))
    beside: set[str] = {
        k
        for k, n in colon.items()
        if (_surely(names[k]) and (n > 1 or (len(k) > 1 and names[k][0].isupper())))
        or (timed[k] and looks_like_name(names[k]))
    }
    if dots["q"] and dots["a"] and dots.total() > 2:
        beside |= {"q", "a"}
    beside |= bold
    alone: set[str] = {k for k, n in counts["alone"].items() if _stands_alone(names[k], n) or k in bold}
    alone |= {k for k in counts["timed"] if is_role(names[k]) or looks_like_name(names[k])}
    labelled = sum(counts["bold"][k] + colon[k] + dots[k] for k in beside)
    standing = sum(counts["alone"][k] + counts["timed"][k] for k in alone)
    alone_names = _alone_names(counts["alone"], names, paragraphs=paragraphs)
    guessed = False
    if labelled + standing < 2 and not (labelled + standing == 1 and first in beside | alone):
        if len(repeated) >= 2 and sum(colon[k] for k in repeated) >= max(4, 0.3 * paragraphs):
            guessed = True
        elif alone_names:
            return LabelBook(frozenset(), alone_names, frozenset(), True)
        else:
            return NO_LABELS
    once = {k for k, n in colon.items() if n == 1 and k not in beside and looks_like_name(names[k])}
    if standing > sum(colon[k] + counts["bold"][k] for k in beside | repeated):
        # the file sets labels on lines of their own: a stray colon is then punctuation
        once, repeated = set(), repeated & alone
    else:
        alone = {k for k in alone if k in beside | repeated or counts["timed"][k]}
    if sum(counts["bold"][k] for k in bold) > 0.7 * (labelled + sum(colon[k] for k in repeated - beside)):
        once, repeated = set(), repeated & beside  # labels are bold here: what is not is punctuation
    once |= {k for k in bold if counts["bold"][k] == 1 and not colon[k] and not _surely(names[k])}
    alone |= alone_names & (beside | repeated | alone)
    accepted = beside | repeated | once
    others = [(names[k], n) for k, n in (colon + counts["bold"]).most_common() if n > 2 and k not in accepted]
    return LabelBook(frozenset(accepted), frozenset(alone), frozenset(once), guessed, tuple(others[:5]))


def _surely(name: str) -> bool:
    return is_role(name) or is_titled(name)


def _stands_alone(name: str, count: int) -> bool:
    """A role on a line of its own; a lower-case word or a rare one is the end of a wrapped sentence."""
    if not is_role(name) or len(name) < 3 or not name[0].isupper():
        return False
    return count > 1 or bool(
        role_of(name) and (name[-1].isdigit() or name.casefold().startswith("interview"))
    )


def _accept_bold(counts: Counter[str], names: dict[str, str], *, beside_them: int) -> frozenset[str]:
    """The bold labels, where a role or title, or two names that come back, show that they are people."""
    likely = {k for k in counts if _surely(names[k]) or looks_like_name(names[k])}
    sure = any(_surely(names[k]) for k in likely)
    repeated = sum(counts[k] > 1 for k in likely)
    if not sure and (not repeated or repeated + beside_them < 2):
        return frozenset()
    # among bold labels that are people, one that keeps coming back is one too ("Lead 2B")
    return frozenset(likely | {k for k, n in counts.items() if n > 2 and len(names[k].split()) <= 5})


def _alone_names(counts: Counter[str], names: dict[str, str], *, paragraphs: int) -> frozenset[str]:
    """Names on lines of their own, without a role or a time: only where they carry the whole file."""
    likely = {k for k, n in counts.items() if n > 1 and looks_like_name(names[k])}
    enough = len(likely) >= 2 and sum(counts[k] for k in likely) >= max(4, 0.3 * paragraphs)
    return frozenset(likely) if enough else frozenset()
