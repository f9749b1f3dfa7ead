"""Answers of single people: brought in, weighted, worked out, erased. All of a file or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from folkmoot.audit.actions import Actor, action, made, record
from folkmoot.core.errors import CannotAnalyse, FolkmootError, NotYet
from folkmoot.jobs.actions import ask
from folkmoot.jobs.models import Job
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import owner_of
from folkmoot.organisations.policies import require_edit
from folkmoot.sources.storage import digest_of, writing
from folkmoot.surveys import erasing, storing
from folkmoot.surveys.drafts import MarginDraft, QuestionDraft, write_questions
from folkmoot.surveys.models import Margin, Microdata, Result, Variable, Wave
from folkmoot.surveys.queries.microdata import read_columns, weighted_design
from folkmoot.surveys.reading.laying import REASONS_LISTED, Laid
from folkmoot.surveys.reckoning import AT_ONCE, FIGURES, asked, breakdown_now, figures_now


@action
def bring_in_answers(wave: Wave, *, laid: Laid, content: bytes, by: User) -> Microdata:
    """Store a file of answers as it was laid out: its columns, and the file itself where nothing was dropped.

    Where the wave's questions are still empty they are made from the file's own labels, marked as not
    checked against the questionnaire. Figures follow at once, or in the background for a large file.
    """
    survey = wave.survey
    require_edit(by, survey)
    there = Microdata.objects.filter(wave=wave).first()
    if there is not None and there.erased_at is None:
        raise NotYet("This wave has its answers already. Erase them first, or add another wave.")
    if there is not None:
        there.delete()
    owner = survey.organisation or survey.team
    sha256 = digest_of(content)
    packed = storing.packed({f"c{place}": one.values for place, one in enumerate(laid.columns)})
    kept_as = "" if laid.dropped else storing.place_of(owner, sha256)
    columns_sha256 = digest_of(packed)
    columns_as = storing.place_of(owner, columns_sha256, ending=".parquet")
    with writing():
        if kept_as:
            storing.write(kept_as, content)
        storing.write(columns_as, packed)
        microdata = Microdata.objects.create(
            wave=wave,
            name=laid.raw.name[:255],
            form=laid.raw.form,
            sha256=sha256,
            size=len(content),
            kept_as=kept_as,
            columns_as=columns_as,
            columns_sha256=columns_sha256,
            read=laid.read,
            used=laid.used,
            set_aside=list(laid.set_aside[:REASONS_LISTED]),
            dropped=list(laid.dropped),
            vouched=list(laid.vouched),
            notes=[*laid.notes, *_unasked(wave, laid)],
            **made(by),
        )
        _describe(microdata, laid)
    record(
        "brought in answers",
        by=by,
        on=microdata,
        read=laid.read,
        used=laid.used,
        dropped=list(laid.dropped),
        vouched=list(laid.vouched),
        **owner_of(microdata),
    )
    _work_out(microdata, by=by)
    return microdata


def _unasked(wave: Wave, laid: Laid) -> list[str]:
    """A sentence for each question of which the file gives answers that it does not name: perhaps codes without words."""
    named = {
        code: {part for pair in answers for part in pair}
        for code, answers in wave.instrument.questions.values_list("code", "answers")
        if answers
    }
    notes = []
    for one in laid.columns:
        strange = [word for word in one.answers if one.name in named and word not in named[one.name]]
        if one.role == "choice" and strange:
            listed = ", ".join(f"“{word}”" for word in strange[:6]) + (" …" if len(strange) > 6 else "")
            notes.append(
                f"“{one.name}” has answers that its question does not name: {listed}. They stand as the file has them."
            )
    return notes


def _describe(microdata: Microdata, laid: Laid) -> None:
    """The variables of a file, tied to the questions of its wave by their names."""
    instrument = microdata.wave.instrument
    asked = [one for one in laid.columns if one.role in {"choice", "number"}]
    if not instrument.questions.exists():
        write_questions(
            instrument,
            [
                QuestionDraft(
                    code=one.name[:64],
                    wording=one.label or one.name,
                    kind=one.role,
                    answers=tuple((word, word) for word in one.answers),
                    exact=False,
                )
                for one in asked
                if len(one.name) <= 64
            ],
        )
    questions = dict(instrument.questions.values_list("code", "pk"))
    Variable.objects.bulk_create(
        [
            Variable(
                microdata=microdata,
                name=one.name[:120],
                stored=f"c{place}",
                label=one.label,
                role=one.role,
                answers=list(one.answers),
                missing=[list(pair) for pair in one.missing],
                special=one.special,
                question_id=questions.get(one.name),
                position=place,
            )
            for place, one in enumerate(laid.columns)
        ],
        batch_size=500,
    )


def _work_out(microdata: Microdata, *, by: User) -> Job | None:
    """Have the figures worked out: at once, or as long work where that would keep somebody waiting."""
    answers = sum(max(1, len(given)) for given in asked(microdata).values_list("answers", flat=True))
    if answers * microdata.used <= AT_ONCE:
        store_figures(microdata, figures=figures_now(microdata), by=by)
        return None
    survey = microdata.wave.survey
    Microdata.objects.filter(pk=microdata.pk).update(worked_out_at=None)
    return ask(
        FIGURES,
        title=f"Work out the figures of {microdata.wave}"[:200],
        arguments={"microdata": microdata.pk, "columns": microdata.columns_sha256},
        organisation=survey.organisation,
        team=survey.team,
        by=by,
    )


@action
def store_figures(microdata: Microdata, *, figures: dict[str, dict[str, Any]], by: Actor) -> Microdata:
    """Keep the figures of every question; those of groups are worked out anew when they are asked for."""
    Result.objects.filter(microdata=microdata).delete()
    known = dict(microdata.variables.values_list("name", "pk"))
    Result.objects.bulk_create(
        [
            Result(microdata=microdata, variable_id=known[name], figures=found)
            for name, found in figures.items()
        ],
        batch_size=200,
    )
    microdata.worked_out_at = timezone.now()
    microdata.save(update_fields=["worked_out_at"])
    record(
        "worked out the figures of a wave", by=by, on=microdata, questions=len(figures), **owner_of(microdata)
    )
    return microdata


@action
def store_breakdown(microdata: Microdata, *, variable: Variable, by_variable: Variable, by: User) -> Result:
    """Keep the figures of one question by the answers to another."""
    require_edit(by, microdata.wave.survey)
    found = breakdown_now(microdata, variable=variable, by=by_variable)
    Result.objects.filter(variable=variable, by=by_variable).delete()
    result = Result.objects.create(microdata=microdata, variable=variable, by=by_variable, figures=found)
    record("worked out figures by group", by=by, on=microdata, **owner_of(microdata))
    return result


@action
def weight_to(microdata: Microdata, *, margins: Sequence[MarginDraft], by: User) -> Microdata:
    """Weight the answers to known totals (none: to none any longer) and work the figures out anew."""
    require_edit(by, microdata.wave.survey)
    if microdata.erased_at is not None:
        raise NotYet("The answers of this wave were erased.")
    known = {one.name: one for one in microdata.variables.all()}
    Margin.objects.filter(microdata=microdata).delete()
    for draft in margins:
        variable = known.get(draft.variable)
        if variable is None or variable.role != Variable.Role.CHOICE:
            raise FolkmootError(f"There is no question “{draft.variable}” with answers to weight by.")
        if not draft.source.strip():
            raise FolkmootError("Say where the known totals come from.")
        unknown = [word for word in draft.totals if word not in variable.answers]
        if unknown:
            raise FolkmootError(
                f"“{variable.name}” has no answer “{unknown[0]}”; it has {', '.join(variable.answers[:20])}."
            )
        Margin.objects.create(
            microdata=microdata,
            variable=variable,
            totals=draft.totals,
            source=draft.source.strip(),
            population=draft.population,
            **made(by),
        )
    if margins:
        held = read_columns(microdata, [one.variable for one in margins])
        try:
            weighted_design(microdata, held)
        except CannotAnalyse as error:
            raise FolkmootError(f"The answers cannot be weighted so: {error}") from None
    record(
        "weighted answers to known totals",
        by=by,
        on=microdata,
        variables=[one.variable for one in margins],
        **owner_of(microdata),
    )
    _work_out(microdata, by=by)
    return microdata


@action
def erase_answers(microdata: Microdata, *, why: str, by: User) -> Microdata:
    """Erase the answers of a wave for good, with its figures; what remains says that they were there."""
    require_edit(by, microdata.wave.survey)
    if microdata.erased_at is not None:
        raise NotYet("These answers were erased already.")
    if not why.strip():
        raise FolkmootError("Say why they are erased.")
    files = [microdata.kept_as, microdata.columns_as]
    microdata.variables.all().delete()
    microdata.kept_as = microdata.columns_as = ""
    microdata.name = "erased"
    microdata.set_aside, microdata.notes, microdata.dropped, microdata.vouched = [], [], [], []
    microdata.erased_at, microdata.erased_why = timezone.now(), why.strip()[:300]
    microdata.save()
    record("erased answers", by=by, on=microdata, **owner_of(microdata))
    erasing.tell(microdata, by=by)
    transaction.on_commit(lambda: storing.remove_all(files))
    return microdata
