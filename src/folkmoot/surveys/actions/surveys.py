"""Surveys, their questions version by version, and each time they were in the field."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Max

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by, owner_of
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.surveys.drafts import QuestionDraft, TurnoutDraft, write_questions
from folkmoot.surveys.limits import require_owner, require_reach
from folkmoot.surveys.models import InstrumentVersion, Question, Survey, Turnout, Wave

SURVEY = ("title", "about", "population", "run_by", "same_people", "visibility")
WAVE = ("title", "began_on", "ended_on", "mode", "sample", "design", "invited", "answered", "remarks")
MOST_QUESTIONS = 2_000


@action
def create_survey(
    title: str, *, owner: Owner | None, population: str, visibility: str = "", by: User, **details: Any
) -> Survey:
    """Begin a survey, with an empty first version of its questions."""
    whose = require_owner(owner)
    require_edit_for(by, **ids_of(whose))
    own = "own" if isinstance(owner, type(None)) or ids_of(whose)["organisation_id"] else "team"
    require_reach(whose, visibility or own)
    _known(details, SURVEY)
    if not title.strip() or not population.strip():
        raise FolkmootError("A survey needs its title and the people for whom it is meant to speak.")
    survey: Survey = Survey.objects.create(
        title=title.strip(),
        population=population.strip(),
        visibility=visibility or own,
        salt=secrets.token_hex(32),
        **owned_by(whose),
        **details,
        **made(by),
    )
    InstrumentVersion.objects.create(survey=survey, number=1, **made(by))
    record("began a survey", by=by, on=survey)
    return survey


@action
def revise_survey(survey: Survey, *, expected: int, by: User, **details: Any) -> Survey:
    """Change what is said of a survey."""
    require_edit(by, survey)
    _known(details, SURVEY)
    if "visibility" in details:
        require_reach(survey.organisation or survey.team, details["visibility"])
    for name, value in details.items():
        setattr(survey, name, value)
    if not survey.title.strip() or not survey.population.strip():
        raise FolkmootError("A survey needs its title and the people for whom it is meant to speak.")
    save_version(survey, expected=expected, by=by)
    record("revised a survey", by=by, on=survey, changed=sorted(details))
    return survey


@action
def revise_questions(
    survey: Survey, *, questions: Sequence[QuestionDraft], note: str, expected: int, by: User
) -> InstrumentVersion:
    """Put the next version of the questions in force. Whatever changed is declared, or explained.

    The first questions of a survey fill its first version, while no wave has used it.
    """
    require_edit(by, survey)
    if not questions or len(questions) > MOST_QUESTIONS:
        raise FolkmootError(f"A survey has between one and {MOST_QUESTIONS:,} questions.")
    codes = [one.code.strip() for one in questions]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise FolkmootError(f"The question “{twice}” stands there twice.")
    current = survey.instruments.get(is_current=True)
    before = {one.code: one for one in current.questions.all()}
    for draft in questions:
        _require_declared(draft, before.get(draft.code.strip()))
    if before and not note.strip():
        raise FolkmootError("Say what changed in the questions, and why.")
    save_version(survey, expected=expected, by=by)
    version = current
    if before or current.waves.exists():
        current.is_current = False
        current.save(update_fields=["is_current"])
        version = InstrumentVersion.objects.create(
            survey=survey, number=current.number + 1, note=note.strip(), **made(by)
        )
    write_questions(version, questions)
    record(
        "changed the questions of a survey",
        by=by,
        on=survey,
        number=version.number,
        questions=len(questions),
        breaks=[one.code for one in questions if one.breaks],
    )
    return version


@action
def add_wave(survey: Survey, *, title: str, by: User, **details: Any) -> Wave:
    """The survey goes, or went, into the field once more, with the questions now in force."""
    require_edit(by, survey)
    _known(details, WAVE)
    last = survey.waves.aggregate(last=Max("number"))["last"] or 0
    wave = Wave(
        survey=survey,
        instrument=survey.instruments.get(is_current=True),
        number=last + 1,
        title=title.strip() or f"Wave {last + 1}",
        **details,
        **made(by),
    )
    _require_sound(wave)
    wave.save()
    record("added a wave", by=by, on=wave, number=wave.number)
    return wave


@action
def revise_wave(wave: Wave, *, expected: int, by: User, **details: Any) -> Wave:
    """Correct when, how and of whom a wave asked."""
    require_edit(by, wave.survey)
    _known(details, WAVE)
    for name, value in details.items():
        setattr(wave, name, value)
    _require_sound(wave)
    save_version(wave, expected=expected, by=by)
    record("revised a wave", by=by, on=wave, changed=sorted(details))
    return wave


@action
def set_turnout(wave: Wave, *, turnouts: Sequence[TurnoutDraft], by: User) -> Wave:
    """Say who answered and who did not, by sort of people; replaces what was said before."""
    require_edit(by, wave.survey)
    seen = set()
    for one in turnouts:
        if not one.characteristic.strip() or not one.category.strip():
            raise FolkmootError("Each line needs a characteristic and a group.")
        if not 0 <= one.answered <= one.invited <= 100_000_000:
            raise FolkmootError(f"“{one.category}”: no more people answer than were invited.")
        key = (one.characteristic.strip(), one.category.strip())
        if key in seen:
            raise FolkmootError(f"“{one.category}” stands there twice.")
        seen.add(key)
    wave.turnouts.all().delete()
    Turnout.objects.bulk_create(
        [
            Turnout(
                wave=wave,
                characteristic=one.characteristic.strip(),
                category=one.category.strip(),
                invited=one.invited,
                answered=one.answered,
                special=one.special,
                position=position,
            )
            for position, one in enumerate(turnouts)
        ]
    )
    record("said who answered", by=by, on=wave, lines=len(turnouts), **owner_of(wave))
    return wave


def _require_declared(draft: QuestionDraft, before: Question | None) -> None:
    if not draft.code.strip() or not draft.wording.strip():
        raise FolkmootError("Each question needs the name of its column and its wording.")
    if draft.kind not in Question.Kind.values:
        raise FolkmootError(f"“{draft.code}”: a question asks for one of several answers or for a number.")
    if draft.breaks and not draft.break_note.strip():
        raise FolkmootError(f"“{draft.code}”: say what changed, so that readers know why it breaks.")
    if before is None:
        return
    same = (
        before.wording.split() == draft.wording.split()
        and [list(pair) for pair in draft.answers] == before.answers
    )
    if not same and not draft.break_note.strip():
        raise FolkmootError(
            f"“{draft.code}” is worded differently from before: declare a break, or say why it changes nothing."
        )


def _require_sound(wave: Wave) -> None:
    if wave.began_on and wave.ended_on and wave.ended_on < wave.began_on:
        raise FolkmootError("Fieldwork ends after it began.")
    for day in (wave.began_on, wave.ended_on):
        if day is not None and not date(1900, 1, 1) <= day <= date(2100, 1, 1):
            raise FolkmootError(f"{day} is no day of fieldwork.")
    if wave.invited is not None and wave.answered is not None and wave.answered > wave.invited:
        raise FolkmootError("No more people answer than were invited.")


def _known(details: dict[str, Any], names: Sequence[str]) -> None:
    unknown = sorted(set(details) - set(names))
    if unknown:
        raise TypeError(f"there is no {', '.join(unknown)}")
