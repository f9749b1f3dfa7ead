"""Where each assumption is used: under which aims and objectives, by which method, for which grouping.

A chain names aims, an objective and a method (the library says by which methods its own are usually set going);
an initiative that runs it can name others and says for whom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.activities.models import Initiative
from folkmoot.communities.models import Grouping
from folkmoot.mechanisms.library import usual_methods
from folkmoot.mechanisms.models import Mechanism, Method, Step
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.strategies.models import Aim, Objective

NONE = "none"  # what a filter asks for where nothing is named
PARTS = ("aim", "objective", "method", "grouping")


@dataclass(frozen=True, slots=True)
class Use:
    """One way in which a chain is used. What it does not name is empty; keys are texts as in an address."""

    aim: frozenset[str]
    objective: frozenset[str]
    method: frozenset[str]
    grouping: frozenset[str]

    def keys(self, part: str) -> frozenset[str]:
        """Where it stands in a row or a column: under what it names, else under “none”."""
        return getattr(self, part) or frozenset({NONE})

    def fits(self, asked: Mapping[str, str]) -> bool:
        """Whether it is under everything that was asked for; an empty part asks for nothing."""
        return all(not asked.get(part) or asked[part] in self.keys(part) for part in PARTS)


UNUSED = (Use(frozenset(), frozenset(), frozenset(), frozenset()),)


@dataclass(frozen=True, slots=True)
class Uses:
    """The chains in force with their uses. An assumption of no chain has one use, which names nothing."""

    chains: Mapping[int, tuple[Mechanism, ...]]
    by_chain: Mapping[int, tuple[Use, ...]]

    def of(self, assumption_id: int) -> tuple[Use, ...]:
        """The uses of an assumption, through every chain that it is a step of."""
        chains = self.chains.get(assumption_id, ())
        return tuple(use for chain in chains for use in self.by_chain[chain.pk]) or UNUSED


def chains_of(viewer: Any) -> dict[int, tuple[Mechanism, ...]]:
    """The chains in force that contain each assumption, in three queries."""
    return _chains(_in_force(viewer))


def uses_of(viewer: Any) -> Uses:
    """Every chain in force and every initiative that the viewer may see, in nine queries at most."""
    mechanisms = _in_force(viewer)
    known = _Known(
        objectives=dict(_objectives(viewer).order_by().values_list("pk", "aim__code")),
        methods=frozenset(methods_of(viewer).values_list("code", flat=True)),
        groupings=frozenset(_groupings(viewer).values_list("pk", flat=True)),
    )
    running: dict[int, list[Initiative]] = defaultdict(list)
    initiatives = (
        Initiative.objects.filter(visible(viewer), mechanism_version__isnull=False)
        .select_related("method", "mechanism_version")
        .prefetch_related("objectives", "groupings")
    )
    for one in initiatives:
        if one.mechanism_version is not None:
            running[one.mechanism_version.mechanism_id].append(one)
    return Uses(
        _chains(mechanisms),
        {key: tuple(_uses(one, running[key], known)) for key, one in mechanisms.items()},
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the viewer may see named: nothing else becomes a row or a column."""

    objectives: Mapping[int, str]
    methods: frozenset[str]
    groupings: frozenset[int]


def _in_force(viewer: Any) -> dict[int, Mechanism]:
    return {
        one.pk: one
        for one in Mechanism.objects.filter(visible(viewer), retired_at=None)
        .select_related("method", "adopted_from")
        .prefetch_related("aims")
    }


def _chains(mechanisms: Mapping[int, Mechanism]) -> dict[int, tuple[Mechanism, ...]]:
    found: dict[int, list[Mechanism]] = defaultdict(list)
    rows = Step.objects.filter(version__is_current=True, version__mechanism__in=mechanisms).values_list(
        "assumption_id", "version__mechanism_id"
    )
    for assumption, mechanism in rows:
        found[assumption].append(mechanisms[mechanism])
    return {
        key: tuple(sorted(values, key=lambda one: (one.code == "", one.pk))) for key, values in found.items()
    }


def _uses(chain: Mechanism, running: list[Initiative], known: _Known) -> Iterable[Use]:
    """The chain as it was stated, and as each initiative runs it."""
    aims = frozenset(aim.code for aim in chain.aims.all())

    def use(objectives: Collection[int], methods: Collection[str], groupings: Collection[int]) -> Use:
        served = known.objectives.keys() & set(objectives)
        return Use(
            aims | _keys(known.objectives[one] for one in served),
            _keys(served),
            _keys(known.methods & set(methods)),
            _keys(known.groupings & set(groupings)),
        )

    own = [chain.objective_id] if chain.objective_id else []
    yield use(own, _methods(chain), ())
    for one in running:
        served = [objective.pk for objective in one.objectives.all()]
        yield use(served or own, [one.method.code], [grouping.pk for grouping in one.groupings.all()])


def _methods(chain: Mechanism) -> Collection[str]:
    """The method that a chain names; of the library's chains and those adopted from them the usual ones."""
    if chain.method:
        return (chain.method.code,)
    code = chain.code or (chain.adopted_from.code if chain.adopted_from else "")
    return usual_methods().get(code, ())


def _keys(found: Iterable[object]) -> frozenset[str]:
    return frozenset(str(one) for one in found)


def methods_of(viewer: Any) -> QuerySet[Method]:
    """The library's methods, and those that the viewer's organisations described themselves."""
    return Method.objects.filter(
        Q(organisation=None) | Q(organisation__in=list(access_of(viewer).organisations))
    )


def _groupings(viewer: Any) -> QuerySet[Grouping]:
    return Grouping.objects.filter(visible(viewer), ended_on=None)


def _objectives(viewer: Any) -> QuerySet[Objective]:
    return Objective.objects.filter(visible(viewer), state=Objective.State.ACTIVE)


def names_of(part: str, *, viewer: Any) -> tuple[tuple[str, str], ...]:
    """Everything that a row or a column can be, used or not, with its name; one query."""
    if part == "aim":
        return tuple((one.code, one.name) for one in Aim.objects.all())
    if part == "method":
        return tuple((one.code, one.name) for one in methods_of(viewer))
    if part == "grouping":
        return tuple((str(one.pk), one.name) for one in _groupings(viewer))
    listed = _objectives(viewer).select_related("organisation")
    return tuple(
        (str(one.pk), f"{one.title} ({one.organisation.name})" if one.organisation else one.title)
        for one in listed
    )
