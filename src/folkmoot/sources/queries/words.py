"""The consent gate: the only place that decides whether somebody may read the words of a passage.

Pages, exports and briefings ask here and nowhere else. What does not belong here: whether a person
may see the source's row at all; that is ``organisations.visibility``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import F
from django.db.models.functions import Substr
from django.urls import NoReverseMatch, reverse

from folkmoot.organisations.visibility import Visibility, access_of
from folkmoot.sources.hiding import Hidden, hide
from folkmoot.sources.models import Passage, RedactionMark, Source, Speaker, Turn
from folkmoot.sources.policies import is_own, may_be_told
from folkmoot.sources.sharing import shared_passages

Status = Literal["quoted", "paraphrase", "counted", "withdrawn", "not reviewed", "not yours"]


@dataclass(frozen=True, slots=True)
class Words:
    """What one viewer may be told of one passage.

    ``text`` is None where the viewer may not read the words. ``status`` says how far they may go:
    on the owner's own pages the text stands beside "paraphrase", "counted" or "not reviewed", and
    there it tells the team that nobody else is shown it. ``url`` leads to the words in one step.
    """

    passage_id: int
    source_id: int | None
    source_label: str
    speaker: str
    text: str | None
    status: Status
    url: str | None


def label_of(source: Source, *, viewer: Any) -> str:
    """What this viewer may know a source as: its title within the owner, a neutral word outside."""
    if is_own(viewer, source):
        return source.title
    if source.kind == Source.Kind.INTERVIEW:
        return "an interview"
    if source.kind == Source.Kind.GROUP:
        return "a group interview"
    kind = source.get_kind_display().lower()
    article = "an" if kind[0] in "aeiou" else "a"
    shared = source.visibility in {Visibility.NETWORK, Visibility.PUBLIC}
    if source.organisation_id is not None and shared:
        return f"{article} {kind} of {source.organisation}"
    return f"{article} {kind}"


def status_of(source: Source) -> Status:
    """How far words of this source may go, whoever asks."""
    if source.is_withdrawn:
        return "withdrawn"
    if source.consent == Source.Consent.COUNT:
        return "counted"
    if source.consent == Source.Consent.PARAPHRASE:
        return "paraphrase"
    return "quoted" if may_be_told(source) else "not reviewed"


def words_of(passage_ids: Iterable[int], *, viewer: Any) -> dict[int, Words]:
    """The words of each passage as far as this viewer may read them, in four queries at most.

    A passage that does not exist is missing from the answer; one that the viewer may not read is
    there without its text, so that it can be counted.
    """
    ids = list(dict.fromkeys(passage_ids))
    found = {
        passage.pk: passage
        for passage in Passage.objects.filter(pk__in=ids).select_related("source__organisation")
    }
    open_to = _open_to(found, viewer=viewer)
    texts = _texts(open_to)
    speakers = _speakers(open_to)
    shown: dict[int, Words] = {}
    for pk in ids:
        passage = found.get(pk)
        if passage is None:
            continue
        source, own = passage.source, is_own(viewer, passage.source)
        status = status_of(source)
        text = texts.get(pk)
        # to somebody outside, why an unshared passage is silent says nothing about the interview
        if not own and text is None and status == "quoted":
            status = "not yours"
        speaker = speakers.get(pk)
        shown[pk] = Words(
            passage_id=pk,
            source_id=source.pk if own or text is not None else None,
            source_label=label_of(source, viewer=viewer),
            speaker=_called(speaker, own=own),
            text=text,
            status=status,
            url=_address(pk) if text is not None else None,
        )
    return shown


def _open_to(found: dict[int, Passage], *, viewer: Any) -> dict[int, Passage]:
    """The passages whose words this viewer may read."""
    told = {
        pk: passage
        for pk, passage in found.items()
        if may_be_told(passage.source) and not is_own(viewer, passage.source)
    }
    belongs = access_of(viewer).belongs
    reach = {Visibility.PUBLIC, Visibility.NETWORK} if belongs else {Visibility.PUBLIC}
    through_source = {pk for pk, passage in told.items() if passage.source.visibility in reach}
    through_claim = shared_passages(set(told) - through_source, viewer=viewer) & set(told)
    return {
        pk: passage
        for pk, passage in found.items()
        if (is_own(viewer, passage.source) and not passage.source.is_withdrawn)
        or pk in through_source
        or pk in through_claim
    }


def _texts(passages: dict[int, Passage]) -> dict[int, str]:
    """The words after redaction; only the spans leave the database, never whole transcripts."""
    if not passages:
        return {}
    hidden: dict[int, list[Hidden]] = defaultdict(list)
    marks = RedactionMark.objects.filter(
        source__in={passage.source_id for passage in passages.values()},
        state=RedactionMark.State.ACCEPTED,
    )
    for source_id, start, end, replacement in marks.values_list("source_id", "start", "end", "replacement"):
        hidden[source_id].append(Hidden(start, end, replacement))
    rows = (
        Passage.objects.filter(pk__in=list(passages), source__body__isnull=False)
        .annotate(words=Substr("source__body__text", F("start") + 1, F("end") - F("start")))
        .values_list("pk", "words")
        .order_by()
    )
    return {
        pk: hide(words, start=passages[pk].start, hidden=hidden[passages[pk].source_id]) for pk, words in rows
    }


def _speakers(passages: dict[int, Passage]) -> dict[int, Speaker]:
    """Who begins each passage."""
    if not passages:
        return {}
    rows = (
        Turn.objects.filter(
            source__passages__in=list(passages),
            start__lte=F("source__passages__start"),
            end__gt=F("source__passages__start"),
        )
        .exclude(speaker=None)
        .select_related("speaker")
        .annotate(passage=F("source__passages__pk"))
        .order_by()
    )
    return {turn.passage: turn.speaker for turn in rows if turn.passage in passages and turn.speaker}


def _called(speaker: Speaker | None, *, own: bool) -> str:
    """The pseudonym within the team; outside only whether they asked or answered."""
    if speaker is None:
        return ""
    if own:
        return speaker.pseudonym
    return "" if speaker.role == Speaker.Role.OTHER else speaker.get_role_display()


def _address(passage_id: int) -> str | None:
    try:
        return reverse("passage", args=[passage_id])
    except NoReverseMatch:
        return None
