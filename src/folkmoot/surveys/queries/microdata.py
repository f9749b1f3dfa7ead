"""Answers of single people as arrays for the core: only for those who work for their owner.

What does not belong here: pages. No page prints a row; ``waves`` gives protected figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse, NotAllowed, NotYet
from folkmoot.core.estimates import raking
from folkmoot.core.estimates.design import Design, survey_design
from folkmoot.organisations.policies import may_edit
from folkmoot.surveys import storing
from folkmoot.surveys.models import Margin, Microdata, Variable, Wave

Role = Variable.Role


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``values`` has one number a row: the position in ``answers`` (−1: missing) as whole
    numbers for a choice, stratum or cluster; the number itself (NaN: missing) otherwise."""

    name: str
    label: str
    role: str
    values: NDArray[Any]
    answers: tuple[str, ...]
    special: bool

    def is_answer(self, word: str) -> NDArray[np.float64]:
        """1 where this answer was given, 0 where another, NaN where it is missing."""
        if word not in self.answers:
            raise CannotAnalyse(f"“{self.name}” has no answer “{word}”.")
        given = self.values == self.answers.index(word)
        return np.where(self.values < 0, np.nan, given.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one wave in the order asked for, with how its sample was drawn.

    ``weights`` (None: none), ``strata`` and ``clusters`` (None: none) have one entry a row; ``panel``
    numbers people so that the same person has the same number in every wave of the survey. ``sha256``
    is the hash of the columns' file: the same hash means the same data.
    """

    wave: int
    rows: int
    columns: tuple[Column, ...]
    weights: NDArray[np.float64] | None
    strata: NDArray[np.int64] | None
    clusters: NDArray[np.int64] | None
    panel: NDArray[np.int64] | None
    sha256: str

    def of(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise CannotAnalyse(f"There is no column “{name}”.")

    def design(self) -> Design:
        """The sample's design for ``core.estimates``: lonely units count from the whole sample's mean."""
        return survey_design(
            self.rows,
            weights=self.weights,
            strata=[] if self.strata is None else [self.strata],
            clusters=[] if self.clusters is None else [self.clusters],
            lonely="centre",
        )


def columns(wave: Wave, names: Sequence[str], *, viewer: Any) -> Columns:
    """The named columns of a wave with its design, for somebody who edits for their owner.

    However far the wave's figures are shared, the answers themselves never leave the owner: anybody
    else gets NotAllowed. Refused as NotYet where there are no answers or they were erased.
    """
    if not may_edit(viewer, wave.survey):
        raise NotAllowed("Answers of single people are read only by those who edit for their owner.")
    return read_columns(microdata_of(wave), names)


def microdata_of(wave: Wave) -> Microdata:
    """The live answers of a wave; NotYet where there are none."""
    found = Microdata.objects.filter(wave=wave).first()
    if found is None:
        raise NotYet("No answers have been brought in for this wave.")
    if found.erased_at is not None:
        raise NotYet("The answers of this wave were erased; its figures went with them.")
    return found


def read_columns(microdata: Microdata, names: Sequence[str]) -> Columns:
    """The columns without asking who reads: for work in the background and for figures. Two queries at most."""
    known = {one.name: one for one in microdata.variables.all()}
    lacking = [name for name in names if name not in known]
    if lacking:
        raise CannotAnalyse(f"This wave has no column “{lacking[0]}”.")
    by_role = {one.role: one for one in known.values() if one.role in DESIGN}
    wanted = {one.stored for one in (*by_role.values(), *(known[name] for name in names))}
    held = storing.read_columns(microdata.columns_as, wanted)
    drawn = {role: held[one.stored] for role, one in by_role.items()}
    return Columns(
        wave=microdata.wave_id,
        rows=microdata.used,
        columns=tuple(
            Column(
                name=name,
                label=known[name].label,
                role=known[name].role,
                values=held[known[name].stored],
                answers=tuple(known[name].answers),
                special=known[name].special,
            )
            for name in names
        ),
        weights=drawn.get(Role.WEIGHT),
        strata=drawn.get(Role.STRATUM),
        clusters=drawn.get(Role.CLUSTER),
        panel=drawn.get(Role.PANEL),
        sha256=microdata.columns_sha256,
    )


DESIGN = (Role.WEIGHT, Role.STRATUM, Role.CLUSTER, Role.PANEL)


def weighted_design(microdata: Microdata, held: Columns) -> Design:
    """The design of columns read with their margins' variables, weighted to the margins recorded."""
    design = held.design()
    margins = list(Margin.objects.filter(microdata=microdata).select_related("variable"))
    if not margins:
        return design
    return raking.rake(
        design,
        [
            raking.Margin(
                one.variable.label or one.variable.name,
                tuple(one.variable.answers),
                np.array([float(one.totals.get(word, 0)) for word in one.variable.answers]),
                held.of(one.variable.name).values.astype(np.intp),
            )
            for one in margins
        ],
    )
