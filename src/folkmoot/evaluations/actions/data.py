"""The table of a plan: brought as a file, taken from published figures or from a survey's waves, erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evaluations import storing
from folkmoot.evaluations.answers import Taken, frozen_waves
from folkmoot.evaluations.models import Dataset, Plan
from folkmoot.evaluations.tables import REASONS_LISTED, Brought, frozen_series, plain_name, read_brought
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import owner_of
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.visibility import visible
from folkmoot.sources.storage import digest_of, write, writing
from folkmoot.surveys.models import Series, Wave

CLOSED = frozenset({Plan.State.CANNOT, Plan.State.STOPPED})


@action
def bring_table(plan: Plan, *, name: str, content: bytes, vouched: Collection[str] = (), by: User) -> Dataset:
    """Keep a table for a plan, as it came. Refuses one with columns that may say who somebody is.

    ``vouched`` are columns that only sound like it; what looks like an address, a number to ring or a postcode is
    refused whoever vouches.
    """
    _require_open(plan, by)
    brought = read_brought(name, content)
    suspects = [one for one in brought.suspects if one.certain or one.column not in vouched]
    if suspects:
        told = "; ".join(one.sentence for one in suspects[:5])
        raise FolkmootError(
            f"{told}. Nothing was kept. Take such columns out of the file, or say of those that can be vouched for that "
            "they name nobody."
        )
    sounding = sorted({one.column for one in brought.suspects})
    return _keep(plan, brought, content, by=by, vouched=sounding)


@action
def take_series(
    plan: Plan,
    *,
    series: Series,
    starts: Mapping[str, str] | None = None,
    only: Collection[str] = (),
    by: User,
) -> Dataset:
    """Freeze the figures of a published series for a plan, as they stand today.

    ``starts`` is the first period with the work by area; areas that it does not name had none.
    """
    _require_open(plan, by)
    if not Series.objects.filter(visible(by), pk=series.pk).exists():
        raise NotAllowed("This series is not here for you.")
    content, notes = frozen_series(
        series, starts=starts or {}, only=only, as_share=plan.scale == Plan.Scale.SHARE
    )
    name = plain_name(f"{series.title[:80]} {timezone.now().date().isoformat()}.csv")
    brought = read_brought(name, content)
    return _keep(plan, brought, content, by=by, series=series, notes=notes)


@action
def take_waves(plan: Plan, *, waves: Sequence[Wave], taken: Taken, by: User) -> Dataset:
    """Freeze the answers of waves of one survey for a plan of the same owner, as they stand today.

    Answers of single people never leave their owner, however far their figures are shared.
    """
    _require_open(plan, by)
    if len({one.survey_id for one in waves}) != 1:
        raise FolkmootError("Choose waves of one survey.")
    survey = waves[0].survey
    require_edit(by, survey)
    if owner_of(survey) != owner_of(plan):
        raise NotAllowed("The answers of a survey stay with its owner, and this plan is somebody else’s.")
    content, notes = frozen_waves(sorted(waves, key=lambda one: one.number), taken, viewer=by)
    name = plain_name(f"{survey.title[:80]} {timezone.now().date().isoformat()}.csv")
    dataset = _keep(plan, read_brought(name, content), content, by=by, notes=notes)
    dataset.waves.set(waves)
    return dataset


@action
def erase_with_answers(dataset: Dataset, *, why: str, by: User) -> Dataset:
    """Erase a table because the answers in it were erased. Whoever may erase those may erase this."""
    return _erase(dataset, why=f"The answers were erased: {why}"[:300], by=by)


def _require_open(plan: Plan, by: User) -> None:
    require_edit(by, plan)
    if plan.state in CLOSED:
        raise NotYet(f"This plan is closed ({plan.get_state_display().lower()}), so it takes no data.")


def _keep(
    plan: Plan,
    brought: Brought,
    content: bytes,
    *,
    by: User,
    series: Series | None = None,
    vouched: Collection[str] = (),
    notes: Collection[str] = (),
) -> Dataset:
    sha256 = digest_of(content)
    if Dataset.objects.filter(plan=plan, sha256=sha256, erased_at=None).exists():
        raise NotYet("This plan has exactly this table already.")
    kept_as = storing.place_of(plan.organisation or plan.team, sha256, form=brought.form)
    with writing():
        write(kept_as, content)
        dataset: Dataset = Dataset.objects.create(
            plan=plan,
            name=brought.name,
            form=brought.form,
            sha256=sha256,
            size=len(content),
            kept_as=kept_as,
            read=brought.read,
            used=brought.used,
            set_aside=list(brought.set_aside[:REASONS_LISTED]),
            columns=list(brought.columns),
            series=series,
            vouched=list(vouched),
            notes=list(notes),
            **made(by),
        )
    record(
        "brought a table to a plan",
        by=by,
        on=dataset,
        plan=plan.pk,
        read=brought.read,
        used=brought.used,
        series=series.pk if series else None,
        vouched=list(vouched),
        notes=list(notes),
        **owner_of(plan),
    )
    return dataset


@action
def erase_table(dataset: Dataset, *, why: str, by: User) -> Dataset:
    """Erase a table for good. Runs on it keep their figures and say that it is gone."""
    require_edit(by, dataset.plan)
    if dataset.erased_at is not None:
        raise NotYet("This table was erased already.")
    if not why.strip():
        raise FolkmootError("Say why it is erased.")
    return _erase(dataset, why=why.strip()[:300], by=by)


def _erase(dataset: Dataset, *, why: str, by: User) -> Dataset:
    file = dataset.kept_as
    gone: dict[str, Any] = {
        "kept_as": "",
        "name": "erased",
        "columns": [],
        "set_aside": [],
        "vouched": [],
        "notes": [],
        "erased_at": timezone.now(),
        "erased_why": why,
    }
    for name, value in gone.items():
        setattr(dataset, name, value)
    dataset.save(update_fields=list(gone))
    record("erased a table", by=by, on=dataset, plan=dataset.plan_id, **owner_of(dataset.plan))
    transaction.on_commit(lambda: storing.remove_all([file]))
    return dataset
