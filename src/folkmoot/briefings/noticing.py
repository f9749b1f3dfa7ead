"""Notices that editions get by themselves: a withdrawal, a retraction, an answer of somebody interviewed.

The content of an edition never changes; the notice is printed with it from then on, on the page and
in every file made afterwards. What does not belong here: what becomes of the words (``sources``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import made, record
from folkmoot.briefings.frozen import claims_of, concerns_of, findings_of, passages_of, studies_of
from folkmoot.briefings.models import Edition, Notice
from folkmoot.briefings.readers import readers_for
from folkmoot.evidence.models import Change, Study
from folkmoot.heard.models import Contribution
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Passage, Source

FAIR = "fair"
CHANGED = {
    Change.What.CORRECTED.value: "Corrected",
    Change.What.FIGURE.value: "A figure corrected",
    Change.What.CONFLICT.value: "Conflicting reports noted",
    Change.What.RESOLVED.value: "Conflicting reports resolved",
    Change.What.REINSTATED.value: "The retraction noted here was recorded by mistake and taken back",
}


def note_withdrawal(source: Source, by: Any) -> None:
    """Say on every edition that pointed at the source's words that they were taken back."""
    day = _today()
    for edition, number in _pointing_at(source):
        places = "one place" if number == 1 else f"{number} places"
        _add(
            edition,
            f"Withdrawn on {day}: words of {_neutral(source)} that this edition points at in {places}. They are "
            "no longer shown. The places stay, and the counts are those of the day of publication.",
            by=by,
        )


def note_words_taken_back(contribution: Contribution, by: Any) -> None:
    """Say on every edition that tells of a concern that somebody's words under it were taken back."""
    told = set(contribution.concerns.values_list("pk", flat=True))
    for edition in _published() if told else ():
        if told & concerns_of(edition.content):
            _add(
                edition,
                f"Taken back on {_today()}: what somebody had said under a concern that this edition tells of. The "
                "words stand nowhere any more; what was decided stays as it was on the day of publication.",
                by=by,
            )


def foretell_withdrawal(source: Source, viewer: Any) -> list[str]:
    """The sentence for the page that asks before a withdrawal."""
    number = sum(1 for _ in _pointing_at(source))
    if not number:
        return []
    return [
        f"{number} published edition{'' if number == 1 else 's'} of a briefing will show a notice in place of its words."
    ]


def note_retraction(study: Study, by: Any) -> None:
    """Say on every edition that used the study that it was retracted."""
    for edition in _published():
        if study.pk in studies_of(edition.content):
            when = f"{study.retracted_at:%-d %B %Y}" if study.retracted_at else _today()
            _add(
                edition,
                f"Retracted on {when}: {_named(study, edition)}. It was used in this edition and counts no longer; "
                "the standings here are those of the day of publication.",
                by=by,
            )


def note_change(change: Change, by: Any) -> None:
    """Say on every edition that used a study what was corrected in it since; a retraction has its own notice."""
    said = CHANGED.get(change.what)
    if said is None:
        return
    study = change.study
    for edition in _published():
        if study.pk in studies_of(edition.content):
            shared = _is_shared(study, edition)
            why = f" {change.because.rstrip('.')}." if shared else ""
            _add(
                edition,
                f"{said} on {_today()}: {_named(study, edition)}.{why} The standings here are those of the day of "
                "publication.",
                by=by,
            )


def note_answer(kind: str, pk: int, check: Any) -> None:
    """Say on every edition that used a reading or finding what the person interviewed answered."""
    held = {"coding.claim": claims_of, "evidence.qualitativefinding": findings_of}.get(kind)
    if held is None:
        return
    fair = check.answer == FAIR
    said = "called it fair" if fair else "did not agree with it"
    where = "confirmed" if fair else "disputed"
    for edition in _published():
        if pk in held(edition.content):
            _add(
                edition,
                f"Answered on {_today()}: somebody who was interviewed was asked about a reading used in this edition "
                f"and {said}. It is marked as {where} where it stands.",
                by=_Answer(),
            )


class _Answer:
    """The person who answered; an edition's log never says who."""

    pk = None
    label = "a person who was interviewed"


def _published() -> Iterator[Edition]:
    yield from Edition.objects.exclude(state=Edition.State.DRAFT).select_related("briefing")


def _pointing_at(source: Source) -> Iterator[tuple[Edition, int]]:
    passages = set(Passage.objects.filter(source=source).values_list("pk", flat=True))
    for edition in _published() if passages else ():
        number = len(passages & passages_of(edition.content))
        if number:
            yield edition, number


def _is_shared(study: Study, edition: Edition) -> bool:
    """Whether the edition's readers may still be told of the study: a notice is no way round what was taken back."""
    briefing = edition.briefing
    readers = readers_for(
        edition.content["audience"]["visibility"],
        organisation_id=briefing.organisation_id,
        team_id=briefing.team_id,
    )
    return Study.objects.filter(visible(readers), pk=study.pk).exists()


def _named(study: Study, edition: Edition) -> str:
    return study.short if _is_shared(study, edition) else "a study that is not shared with these readers"


def _add(edition: Edition, text: str, *, by: Any) -> None:
    Notice.objects.create(edition=edition, text=text, **made(by))
    record(
        "an edition got a notice",
        by=by,
        on=edition,
        organisation_id=edition.briefing.organisation_id,
        team_id=edition.briefing.team_id,
    )


def _neutral(source: Source) -> str:
    return {"interview": "an interview", "group": "a group interview"}.get(source.kind, "a document")


def _today() -> str:
    return f"{timezone.localdate():%-d %B %Y}"
