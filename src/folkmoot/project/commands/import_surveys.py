"""Answers of people and published series from the command line: all of it or nothing."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.organisations.models import ResearchTeam
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit_for
from folkmoot.project.commands.importers import Asked, Outcome
from folkmoot.project.commands.people import team_for
from folkmoot.sources.intake import Incoming
from folkmoot.surveys import actions
from folkmoot.surveys.forms.answers import missing_in, named_in
from folkmoot.surveys.models import Survey, Wave
from folkmoot.surveys.reading.faults import alike, judged
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, Identifying, Laid, lay
from folkmoot.surveys.reading.series import Named, PublishedFile, read_published

NOT_SAID = "Not said yet"


def import_survey(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Each file one wave of the survey named, which is begun where there is none of that title."""
    owner, said = _owner(asked), asked.options
    require_edit_for(asked.by, **ids_of(owner))
    title = said.survey or _stem(files[0].name)
    survey = Survey.objects.filter(title=title, **owned_by(owner)).first()
    choices = _choices(said)
    salt = survey.salt if survey else secrets.token_hex(32)
    looked: list[tuple[Incoming, bytes, Laid]] = []
    for number, one in enumerate(files):
        asked.progress(one.name, number, len(files))
        content = one.read()
        looked.append((one, content, _laid(one.name, content, choices, salt)))
    asked.progress("", len(files), len(files))
    notes = [f"{one.name}: {note}" for one, _, laid in looked for note in laid.notes]
    if not asked.dry_run:
        with transaction.atomic():
            notes += _store(survey, title, looked, choices, owner=owner, asked=asked)
    aside = [row for _, _, laid in looked for row in laid.set_aside]
    return Outcome(
        sum(laid.read for *_, laid in looked), sum(laid.used for *_, laid in looked), aside, notes=notes
    )


def _store(
    survey: Survey | None,
    title: str,
    looked: Sequence[tuple[Incoming, bytes, Laid]],
    choices: Choices,
    *,
    owner: Owner,
    asked: Asked,
) -> list[str]:
    said = asked.options
    if survey is None:
        own = "team" if isinstance(owner, ResearchTeam) else "own"
        survey = actions.create_survey(
            title,
            owner=owner,
            population=said.population or NOT_SAID,
            visibility=own if said.visibility in {None, "own", "team"} else said.visibility,
            by=asked.by,
        )
    notes = []
    for one, content, laid in looked:
        if choices.panel:
            # the survey's own salt makes the same person the same number in all its waves
            laid = lay(laid.raw, choices, salt=survey.salt)
        wave: Wave = actions.add_wave(
            survey,
            title=(said.wave if len(looked) == 1 else "") or _stem(one.name),
            began_on=_day(said.began_on),
            ended_on=_day(said.ended_on),
            invited=said.invited,
            by=asked.by,
        )
        kept = actions.bring_in_answers(wave, laid=laid, content=content, by=asked.by)
        if kept.worked_out_at is None:
            notes.append(
                f"{one.name}: its figures are worked out in the background, while folkmoot serve runs."
            )
    return notes


def _laid(name: str, content: bytes, choices: Choices, salt: str) -> Laid:
    try:
        return lay(read_answers(name, content), choices, salt=salt)
    except Identifying as error:
        dropped = ",".join(dict.fromkeys([*sorted(choices.drop), *(one.column for one in error.found)]))
        raise BadImport(
            error.problem,
            remedy=f'Drop them with --drop "{dropped}", or say with --identifies-nobody that a column identifies nobody.',
        ) from None


def _choices(said: argparse.Namespace) -> Choices:
    return Choices(
        weight=said.weights or "",
        stratum=said.strata or "",
        cluster=said.clusters or "",
        panel=said.panel or "",
        drop=frozenset(named_in(said.drop)),
        vouched=frozenset(named_in(said.identifies_nobody)),
        special=frozenset(named_in(said.special_columns)),
        numbers=frozenset(named_in(said.numbers)),
        missing=missing_in(list(said.missing)),
    )


def import_series(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Published figures by area and period; each measure a series, each fault named."""
    owner, said = _owner(asked), asked.options
    require_edit_for(asked.by, **ids_of(owner))
    named = Named(
        period=said.period_column or "",
        area=said.area_column or "",
        measure=said.measure_column or "",
        value=said.value_column or "",
    )
    found: list[tuple[PublishedFile, bytes]] = []
    for number, one in enumerate(files):
        asked.progress(one.name, number, len(files))
        content = one.read()
        found.append(
            (read_published(one.name, content, named=named, measure=said.measure or _stem(one.name)), content)
        )
    asked.progress("", len(files), len(files))
    if not asked.dry_run:
        own = "team" if isinstance(owner, ResearchTeam) else "own"
        with transaction.atomic():
            for published, content in found:
                actions.bring_in_series(
                    published,
                    content=content,
                    publisher=said.source or NOT_SAID,
                    owner=owner,
                    visibility=own if said.visibility in {None, "own", "team"} else said.visibility,
                    by=asked.by,
                )
    return Outcome(
        sum(one.read for one, _ in found),
        sum(one.used for one, _ in found),
        [row for one, _ in found for row in one.set_aside],
        notes=[note for one, _ in found for note in _faults(one)],
    )


def _faults(found: PublishedFile) -> list[str]:
    days = [one.period for one in found.figures]
    each = {name: [one for one in found.figures if one.measure == name] for name in found.measures}
    told = alike([judged(one, others_begin=min(days), others_end=max(days)) for one in each.values()])
    return [
        *(f"{found.name}: {fault}" for fault in found.faults),
        *(f"{name}: {fault}" for name, one in zip(each, told, strict=True) for fault in one.faults),
    ]


def _owner(asked: Asked) -> Owner:
    if asked.options.team:
        return team_for(asked.by, slug=asked.options.team)
    if asked.organisation is None:
        raise FolkmootError("Say whose it is, with --organisation.")
    return asked.organisation


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0][:120]


def _day(words: str | None) -> date | None:
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise FolkmootError(f"“{words}” is no day: write it as 2026-11-23.") from None
