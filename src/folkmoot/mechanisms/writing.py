"""Turning drafts into rows: the versions, assumptions and factors of a chain. Called by actions alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from folkmoot.audit.actions import made
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft, words_of
from folkmoot.mechanisms.models import Assumption, Backfire, Factor, Mechanism, MechanismVersion, Step
from folkmoot.organisations.models import ResearchTeam, User
from folkmoot.organisations.ownership import Owner, owned_by
from folkmoot.organisations.visibility import Visibility


def write_version(
    mechanism: Mechanism,
    *,
    number: int,
    steps: Sequence[StepDraft],
    backfires: Sequence[BackfireDraft],
    context: str,
    note: str,
    by: User,
) -> MechanismVersion:
    version = MechanismVersion.objects.create(
        mechanism=mechanism, number=number, context=context.strip(), note=note, is_current=True, **made(by)
    )
    owned = {
        "organisation": mechanism.organisation,
        "team": mechanism.team,
        "visibility": mechanism.visibility,
    }
    factors: dict[str, Factor] = {}
    rows: list[Step] = []
    for position, step in enumerate(steps, start=1):
        assumption = step.assumption or assumption_for(step, owned, by)
        said_there = assumption.population.casefold() == step.population.strip().casefold()
        for factor in (assumption.cause, assumption.effect):
            factors[factor.wording.casefold()] = factor
        rows.append(
            Step(
                version=version,
                assumption=assumption,
                position=position,
                own_words=step.own_words.strip(),
                population="" if said_there else step.population.strip(),
                context=step.context.strip(),
            )
        )
    Step.objects.bulk_create(rows)
    if mechanism.visibility in {Visibility.NETWORK, Visibility.PUBLIC}:
        show_as([row.assumption for row in rows], mechanism=mechanism)
    Backfire.objects.bulk_create(
        Backfire(
            version=version,
            wording=one.wording.strip(),
            from_factor=factors.get(words_of(one.from_words).casefold()),
            position=position,
        )
        for position, one in enumerate(backfires)
        if one.wording.strip()
    )
    return version


def show_as(
    assumptions: Sequence[Assumption], *, mechanism: Mechanism, leaving: Collection[int] = ()
) -> None:
    """Show the chain owner's own assumptions, and their factors, as far as the chain; others' stay as they are.

    ``leaving`` are factors that stay as they are too.
    """
    owner = {"organisation": mechanism.organisation, "team": mechanism.team}
    if mechanism.is_network:
        return
    own = Assumption.objects.filter(pk__in=[one.pk for one in assumptions], **owner)
    ends = {factor for pair in own.values_list("cause", "effect") for factor in pair}
    Factor.objects.filter(pk__in=ends - set(leaving), **owner).update(visibility=mechanism.visibility)
    own.update(visibility=mechanism.visibility)


def assumption_for(step: StepDraft, owned: dict[str, Any], by: User) -> Assumption:
    """The owner's assumption with this cause and effect: the one it has, else a new one."""
    cause, effect = _factor(step.cause, owned, by), _factor(step.effect, owned, by)
    owner = {"organisation": owned["organisation"], "team": owned["team"]}
    known = Assumption.objects.filter(cause=cause, effect=effect, **owner).first()
    if known is not None:
        return known
    return Assumption.objects.create(
        cause=cause,
        effect=effect,
        population=step.population.strip(),
        horizon=step.horizon.strip(),
        horizon_days=step.horizon_days,
        smallest_change=step.smallest_change.strip(),
        smallest_change_value=step.smallest_change_value,
        **owned,
        **made(by),
    )


def _factor(given: str | Factor, owned: dict[str, Any], by: User) -> Factor:
    if isinstance(given, Factor):
        return given
    wording = words_of(given)
    owner = {"organisation": owned["organisation"], "team": owned["team"]}
    known = Factor.objects.filter(wording__iexact=wording, **owner).first()
    return known or Factor.objects.create(wording=wording, **owned, **made(by))


def shown_as(owner: Owner, visibility: str) -> dict[str, Any]:
    """The owner and reach of a new row; a team's own is the team's."""
    is_team = isinstance(owner, ResearchTeam)
    return {**owned_by(owner), "visibility": "team" if is_team and visibility == "own" else visibility}
