"""Lists of chains, and the aims with what stands under them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from folkmoot.mechanisms.models import Assumption, Mechanism, Step
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.strategies.models import Aim, Objective
from folkmoot.strategies.queries import objectives_by_aim


@dataclass(frozen=True, slots=True)
class MechanismRow:
    """A chain in a list, with its steps in words."""

    mechanism: Mechanism
    aims: tuple[Aim, ...]
    steps: tuple[Assumption, ...]
    from_library: int

    @property
    def factors(self) -> list[str]:
        """The chain in a line of words: the first cause, then every effect."""
        return [
            *(one.cause.wording for one in self.steps[:1]),
            *(one.effect.wording for one in self.steps),
        ]


@dataclass(frozen=True, slots=True)
class Mechanisms:
    """One's own chains in use, those that others share, those of the library, and one's retired ones."""

    own: tuple[MechanismRow, ...]
    shared: tuple[MechanismRow, ...]
    library: tuple[MechanismRow, ...]
    retired: tuple[MechanismRow, ...]


def mechanisms_for(viewer: Any, *, aim: str = "") -> Mechanisms:
    """Every chain that this viewer may see, in one list a kind; ``aim`` is a code. Three queries."""
    found = Mechanism.objects.filter(visible(viewer))
    if aim:
        found = found.filter(aims__code=aim)
    rows = rows_of(found.select_related("organisation", "team", "objective", "adopted_from"))
    access = access_of(viewer)
    own = {
        row.mechanism.pk
        for row in rows
        if row.mechanism.organisation_id in access.organisations or row.mechanism.team_id in access.teams
    }
    live = [row for row in rows if row.mechanism.retired_at is None]
    return Mechanisms(
        own=tuple(row for row in live if row.mechanism.pk in own),
        shared=tuple(row for row in live if row.mechanism.pk not in own and not row.mechanism.is_network),
        library=tuple(sorted((row for row in live if row.mechanism.is_network), key=_library_order)),
        retired=tuple(row for row in rows if row.mechanism.retired_at and row.mechanism.pk in own),
    )


def library_of(aims: Iterable[Aim]) -> list[MechanismRow]:
    """The library's chains for these aims, in the library's order."""
    found = Mechanism.objects.filter(
        organisation=None, team=None, retired_at=None, aims__in=list(aims)
    ).distinct()
    return sorted(rows_of(found), key=_library_order)


def rows_of(found: Any) -> list[MechanismRow]:
    """The mechanisms of a query set with their aims and current steps."""
    listed = list(found.prefetch_related("aims"))
    steps: dict[int, list[Assumption]] = defaultdict(list)
    for step in (
        Step.objects.filter(version__is_current=True, version__mechanism__in=[one.pk for one in listed])
        .select_related("assumption__cause", "assumption__effect", "version")
        .order_by("position")
    ):
        steps[step.version.mechanism_id].append(step.assumption)
    return [
        MechanismRow(
            mechanism=one,
            aims=tuple(one.aims.all()),
            steps=tuple(steps[one.pk]),
            from_library=sum(bool(step.code) for step in steps[one.pk]),
        )
        for one in listed
    ]


def _library_order(row: MechanismRow) -> tuple[int, str]:
    digits = "".join(letter for letter in row.mechanism.code if letter.isdecimal())
    return int(digits or 0), row.mechanism.code


@dataclass(frozen=True, slots=True)
class ObjectiveShown:
    """An objective with the number of chains in use that say why it should be reached."""

    objective: Objective
    chains: int


@dataclass(frozen=True, slots=True)
class AimRow:
    """An aim with one organisation's objectives under it."""

    aim: Aim
    objectives: tuple[ObjectiveShown, ...]


@dataclass(frozen=True, slots=True)
class AimsPage:
    """All aims in order, and the objectives that no chain explains."""

    aims: tuple[AimRow, ...]
    without_chain: tuple[Objective, ...]
    objectives: int


def aims_page(*, viewer: Any, organisation: Organisation | None) -> AimsPage:
    """The aims with an organisation's active objectives (all that one may see where there is none)."""
    shown = objectives_by_aim(viewer=viewer, organisation=organisation)
    chains = chains_of([one.pk for aim in shown for one in aim.objectives], viewer=viewer)
    aims = tuple(
        AimRow(one.aim, tuple(ObjectiveShown(each, chains.get(each.pk, 0)) for each in one.objectives))
        for one in shown
    )
    listed = [each for aim in aims for each in aim.objectives]
    return AimsPage(
        aims=aims,
        without_chain=tuple(each.objective for each in listed if not each.chains),
        objectives=len(listed),
    )


def chains_of(objectives: Iterable[int], *, viewer: Any) -> dict[int, int]:
    """How many chains in use each objective has, as far as this viewer may see them."""
    rows = (
        Mechanism.objects.filter(visible(viewer), Q(objective__in=list(objectives)), retired_at=None)
        .values_list("objective")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return dict(rows)
