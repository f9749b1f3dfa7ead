"""Reading strategies, objectives, commitments and arrangements: lists, progress, words with their marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Body, Passage, Turn
from folkmoot.sources.queries import turns_of
from folkmoot.strategies.models import (
    Aim,
    Arrangement,
    Commitment,
    Objective,
    ObjectiveVersion,
    PassageVerdict,
    Strategy,
    StrategyVersion,
)
from folkmoot.strategies.sentences import Sentence, sentences_in


@dataclass(frozen=True, slots=True)
class AimShown:
    """An aim with the active objectives under it that were asked for."""

    aim: Aim
    objectives: tuple[Objective, ...]


def objectives_by_aim(*, viewer: Any, organisation: Organisation | None) -> list[AimShown]:
    """All aims in their order, each with the active objectives of one organisation (or of all one may see)."""
    found = Objective.objects.filter(visible(viewer), state=Objective.State.ACTIVE)
    if organisation is not None:
        found = found.filter(organisation=organisation)
    under: dict[int, list[Objective]] = {}
    for objective in found.select_related("organisation").order_by("title", "id"):
        under.setdefault(objective.aim_id, []).append(objective)
    return [AimShown(aim, tuple(under.get(aim.pk, ()))) for aim in Aim.objects.all()]


def objectives_under(aim: Aim, *, viewer: Any) -> QuerySet[Objective]:
    """Every objective under an aim that this viewer may see, active ones first."""
    found: QuerySet[Objective] = Objective.objects.filter(visible(viewer), aim=aim)
    return found.select_related("organisation").order_by("state", "organisation__name", "title", "id")


@dataclass(frozen=True, slots=True)
class VersionShown:
    """What one version of an objective changed: pairs of a part's label, before and after."""

    version: ObjectiveVersion
    changes: tuple[tuple[str, str, str], ...]


LABELS = {
    "aim": "Aim",
    "title": "Title",
    "who": "Who is to change or gain",
    "what_change": "What is to change",
    "by_when": "By when",
    "how_known": "How it will be known",
    "benefits": "Whom it benefits",
    "stated": "Stated",
    "who_says": "Who judges it",
    "checked": "Checked",
    "influence": "Open to influence",
    "receiving_agency": "Receiving agency",
    "receiving_capacity": "Its capacity",
    "receiving_agreement": "Its agreement",
    "promotes_office_holder": "Raises an office-holder's profile",
    "state": "State",
    "visibility": "Who may see it",
}


def objective_history(objective: Objective) -> list[VersionShown]:
    """Every version, the newest first, each with what it changed from the one before."""
    versions = list(objective.history.order_by("number"))
    shown = []
    before: dict[str, Any] = {}
    for version in versions:
        changes = tuple(
            (label, _said(before[name]), _said(version.content.get(name)))
            for name, label in LABELS.items()
            if name in before and before[name] != version.content.get(name)
        )
        shown.append(VersionShown(version, changes))
        before = version.content
    return shown[::-1]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "nothing")


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a version has been read: sentences about which something was said, of all."""

    read: int
    sentences: int

    @property
    def left(self) -> int:
        return self.sentences - self.read


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage about which something was said, with what came of it."""

    passage: Passage
    verdict: PassageVerdict
    objective: Objective | None
    commitment: Commitment | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence. ``verdict`` is empty where nothing was said about it.

    ``start`` and ``end`` are code points of the document. ``closes`` lists the markings that end here.
    """

    text: str
    start: int
    end: int
    hidden: bool
    verdict: str
    closes: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class SentenceShown:
    number: int
    segments: tuple[Segment, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A version's words in paragraphs of sentences, with what was said about them."""

    paragraphs: tuple[tuple[SentenceShown, ...], ...]
    marked: tuple[Marked, ...]
    progress: Progress


def sentences_of(version: StrategyVersion) -> list[Sentence]:
    """All sentences of a version's document, numbered through; none once it is withdrawn."""
    return [sentence for paragraph in _paragraphs(version) for sentence in paragraph]


def reading_of(version: StrategyVersion, *, viewer: Any) -> Reading:
    """The words as this viewer may read them; no paragraphs where they may not."""
    marked = marks_of([version], viewer=viewer).get(version.pk, ())
    turns = {turn.start: turn for turn in turns_of(version.source, viewer=viewer)}
    paragraphs = _paragraphs(version)
    last: dict[int, int] = {}
    for sentence in (one for paragraph in paragraphs for one in paragraph):
        last |= {one.passage.pk: sentence.number for one in marked if _touch(sentence, one.passage)}
    shown = []
    for paragraph in paragraphs:
        turn = turns.get(paragraph[0].start) or next(
            (one for one in turns.values() if one.start <= paragraph[0].start < one.end), None
        )
        if turn is not None:
            cut = [(piece.text, piece.start, piece.end, piece.hidden) for piece in turn.pieces]
            shown.append(tuple(_shown(sentence, cut, marked, last=last) for sentence in paragraph))
    return Reading(tuple(shown), marked, _progress([s for p in paragraphs for s in p], marked))


def reading_progress(versions: Sequence[StrategyVersion], *, viewer: Any) -> dict[int, Progress]:
    """Per version, how many of its sentences were read."""
    marked = marks_of(versions, viewer=viewer)
    return {
        pk: _progress([sentence for each in paragraphs for sentence in each], marked.get(pk, ()))
        for pk, paragraphs in _paragraphs_of(versions).items()
    }


def marks_of(versions: Iterable[StrategyVersion], *, viewer: Any) -> dict[int, tuple[Marked, ...]]:
    """What was said about passages of these versions, in the order of the documents."""
    by_source = {version.source_id: version.pk for version in versions}
    verdicts = (
        PassageVerdict.objects.filter(passage__source__in=by_source)
        .select_related("passage")
        .order_by("passage__start", "passage__end")
    )
    passages = [verdict.passage_id for verdict in verdicts]
    objectives = {
        one.passage_id: one
        for one in Objective.objects.filter(visible(viewer), passage__in=passages).order_by("-id")
    }
    commitments = {
        one.passage_id: one
        for one in Commitment.objects.filter(visible(viewer), passage__in=passages).order_by("-id")
    }
    found: dict[int, list[Marked]] = {}
    for verdict in verdicts:
        found.setdefault(by_source[verdict.passage.source_id], []).append(
            Marked(
                verdict.passage,
                verdict,
                objectives.get(verdict.passage_id),
                commitments.get(verdict.passage_id),
            )
        )
    return {key: tuple(listed) for key, listed in found.items()}


def _paragraphs(version: StrategyVersion) -> list[list[Sentence]]:
    return _paragraphs_of([version])[version.pk]


def _paragraphs_of(versions: Iterable[StrategyVersion]) -> dict[int, list[list[Sentence]]]:
    """Per version its paragraphs, each as its sentences, numbered through. Two queries."""
    by_source = {version.source_id: version.pk for version in versions}
    texts = dict(Body.objects.filter(source__in=by_source).values_list("source_id", "text"))
    paragraphs: dict[int, list[list[Sentence]]] = {pk: [] for pk in by_source.values()}
    reached: dict[int, int] = {}
    spans = Turn.objects.filter(source__in=by_source).order_by("source_id", "number")
    for source, start, end in spans.values_list("source_id", "start", "end"):
        first = reached.get(source, 1)
        found = sentences_in(texts.get(source, "")[start:end], start=start, first=first)
        if found:
            paragraphs[by_source[source]].append(found)
            reached[source] = first + len(found)
    return paragraphs


def _progress(sentences: Sequence[Sentence], marked: Sequence[Marked]) -> Progress:
    read = sum(any(_touch(sentence, one.passage) for one in marked) for sentence in sentences)
    return Progress(read, len(sentences))


def _touch(sentence: Sentence, passage: Passage) -> bool:
    return passage.start < sentence.end and passage.end > sentence.start


def _shown(
    sentence: Sentence,
    pieces: Iterable[tuple[str, int, int, bool]],
    marked: Sequence[Marked],
    *,
    last: dict[int, int],
) -> SentenceShown:
    """``last`` says per passage in which sentence it ends, so that its verdict is shown there once."""
    touching = [one for one in marked if _touch(sentence, one.passage)]
    edges = sorted({edge for one in touching for edge in (one.passage.start, one.passage.end)})
    stretches: list[tuple[str, int, int, bool]] = []
    for text, start, end, hidden in pieces:
        low, high = max(start, sentence.start), min(end, sentence.end)
        # what is hidden is shown whole, in the sentence in which it begins
        if low >= high or (hidden and start < sentence.start):
            continue
        cuts = [low, *(edge for edge in edges if low < edge < high and not hidden), high]
        for begin, until in pairwise(cuts):
            stretches.append((text if hidden else text[begin - start : until - start], begin, until, hidden))
    over = [
        [one for one in touching if one.passage.start < until and one.passage.end > begin]
        for _, begin, until, _ in stretches
    ]
    segments = tuple(
        Segment(
            *stretch,
            verdict=here[0].verdict.verdict if here else "",
            closes=tuple(
                one
                for one in here
                if not any(one in later for later in over[place + 1 :])
                and last[one.passage.pk] == sentence.number
            ),
        )
        for place, (stretch, here) in enumerate(zip(stretches, over, strict=True))
    )
    return SentenceShown(sentence.number, segments, bool(touching))


def strategies_for(viewer: Any) -> QuerySet[Strategy]:
    """The strategies that this viewer may see, with their organisations."""
    found: QuerySet[Strategy] = Strategy.objects.filter(visible(viewer))
    return found.select_related("organisation").prefetch_related("versions__source")


@dataclass(frozen=True, slots=True)
class Promises:
    """Commitments by how they stand on a day."""

    overdue: tuple[Commitment, ...]
    open: tuple[Commitment, ...]
    settled: tuple[Commitment, ...]

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.open) + len(self.settled)


def promises(*, viewer: Any, organisation: Organisation | None, today: date) -> Promises:
    """What was promised, the longest overdue first."""
    found = Commitment.objects.filter(visible(viewer)).select_related("organisation", "objective", "passage")
    if organisation is not None:
        found = found.filter(organisation=organisation)
    rows = list(found.order_by("due", "id"))
    still = [one for one in rows if one.state == Commitment.State.OPEN]
    return Promises(
        overdue=tuple(one for one in still if one.due is not None and one.due < today),
        open=tuple(one for one in still if one.due is None or one.due >= today),
        settled=tuple(one for one in rows if one.state != Commitment.State.OPEN),
    )


def arrangements_for(viewer: Any) -> QuerySet[Arrangement]:
    """Arrangements that this viewer may see, each with its owners in order."""
    found: QuerySet[Arrangement] = Arrangement.objects.filter(visible(viewer))
    return found.select_related("organisation").prefetch_related("owners__owner")
