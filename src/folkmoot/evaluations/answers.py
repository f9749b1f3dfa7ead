"""The answers of waves of a survey as a table for a plan: a row a person, or a row a place and wave.

What does not belong here: keeping the table (``actions.data``), whose answers they are (``surveys``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import FolkmootError
from folkmoot.surveys.models import Margin, Variable, Wave
from folkmoot.surveys.queries.microdata import Column, Columns, columns, microdata_of, weighted_design

Role = Variable.Role
ASKED = frozenset({Role.CHOICE, Role.NUMBER})
PLACES = frozenset({Role.CHOICE, Role.STRATUM})
WAVE, WEIGHT, PERSON = "wave", "weight", "person"


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of the waves.

    ``names`` are columns of answers. ``yes`` says of a question which answers count as 1; its others count as 0. ``place``
    makes a row of each of its answers and wave, with weighted means; empty: a row a person. ``starts`` is the number
    of the first wave with the work by place; places that it does not name had none.
    """

    names: Sequence[str]
    yes: Mapping[str, Collection[str]]
    place: str = ""
    starts: Mapping[str, int] | None = None


def frozen_waves(waves: Sequence[Wave], taken: Taken, *, viewer: Any) -> tuple[bytes, list[str]]:
    """The answers as csv, with sentences on what was done to them.

    Refused where a question is not in every wave, an answer or a place is unknown, or nothing is chosen.
    """
    if not waves or not taken.names:
        raise FolkmootError("Choose at least one wave and one question.")
    if unknown := sorted(set(taken.yes) - set(taken.names)):
        raise FolkmootError(
            f"“{unknown[0]}” is given answers that count as 1 and is not among what is taken."
        )
    if taken.place in taken.names:
        raise FolkmootError(f"“{taken.place}” makes the rows, so it is no figure of them.")
    held = [_held(wave, taken, viewer=viewer) for wave in waves]
    if taken.place and not _answers(taken.place, held):
        raise FolkmootError(f"The names of “{taken.place}” are not kept, so it makes no rows.")
    _require_answers(taken, held)
    return _by_place(held, taken) if taken.place else _by_person(held, taken)


@dataclass(frozen=True, slots=True)
class _Held:
    """One wave's columns, each design column under its own name, and its weights as its figures use them."""

    wave: Wave
    found: Columns
    weights: NDArray[np.float64] | None
    drawn: tuple[str, ...]


def _held(wave: Wave, taken: Taken, *, viewer: Any) -> _Held:
    microdata = microdata_of(wave)
    known = {one.name: one.role for one in microdata.variables.all()}
    asked = [*taken.names, *([taken.place] if taken.place else [])]
    for name in asked:
        if known.get(name) not in (PLACES if name == taken.place else ASKED):
            raise FolkmootError(f"{wave.title} has no “{name}” among its answers.")
    drawn = tuple(name for name, role in known.items() if role in {Role.STRATUM, Role.CLUSTER})
    margins = list(
        Margin.objects.filter(microdata=microdata).values_list("variable__name", flat=True).distinct()
    )
    found = columns(wave, list(dict.fromkeys([*asked, *drawn, *margins])), viewer=viewer)
    weights = weighted_design(microdata, found).weights if margins else found.weights
    return _Held(wave, found, weights, drawn)


def _require_answers(taken: Taken, held: Sequence[_Held]) -> None:
    """Every answer and place that is named was given in some wave."""
    for name, wanted in taken.yes.items():
        given = _answers(name, held)
        for word in wanted:
            if word not in given:
                raise FolkmootError(f"“{name}” has no answer “{word}”; it has {', '.join(given[:12])}.")
    numbers = {one.wave.number for one in held}
    for place, number in (taken.starts or {}).items():
        if not taken.place:
            raise FolkmootError("Say what makes a place before saying where the work was.")
        given = _answers(taken.place, held)
        if place not in given:
            raise FolkmootError(f"“{place}” is no “{taken.place}”; there are {', '.join(given[:12])}.")
        if number not in numbers:
            raise FolkmootError(f"Wave {number}, from which “{place}” had the work, is not taken.")


def _answers(name: str, held: Sequence[_Held]) -> list[str]:
    return list(dict.fromkeys(word for one in held for word in one.found.of(name).answers))


def _by_person(held: Sequence[_Held], taken: Taken) -> tuple[bytes, list[str]]:
    drawn = list(dict.fromkeys(name for one in held for name in one.drawn))
    weighted = any(one.weights is not None for one in held)
    panel = all(one.found.panel is not None for one in held)
    header = [WAVE, *([PERSON] if panel else []), *([WEIGHT] if weighted else []), *drawn, *taken.names]
    _require_apart(header)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    for one in held:
        rows = one.found.rows
        listed: list[Sequence[Any]] = [[one.wave.number] * rows]
        if panel and one.found.panel is not None:
            listed.append([number if number >= 0 else "" for number in one.found.panel.tolist()])
        if weighted:
            weights = np.ones(rows) if one.weights is None else one.weights
            listed.append(_numbers(weights))
        listed += [_units(one, name, several=len(held) > 1) for name in drawn]
        listed += [_cells(one.found.of(name), taken.yes.get(name)) for name in taken.names]
        writer.writerows(zip(*listed, strict=True))
    return written.getvalue().encode(), _said(held, taken)


def _by_place(held: Sequence[_Held], taken: Taken) -> tuple[bytes, list[str]]:
    header = ["place", WAVE, "people_asked", "first_treated", "treated", *taken.names]
    _require_apart(header)
    starts = taken.starts or {}
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    for one in held:
        where = one.found.of(taken.place)
        weights = np.ones(one.found.rows) if one.weights is None else one.weights
        means = [_means(one.found.of(name), taken.yes.get(name), where, weights) for name in taken.names]
        asked = np.bincount(where.values[where.values >= 0], minlength=len(where.answers))
        for number in np.flatnonzero(asked):
            place = where.answers[number]
            start = starts.get(place)
            treated = int(start is not None and one.wave.number >= start)
            figures = ["" if np.isnan(mean[number]) else repr(float(mean[number])) for mean in means]
            writer.writerow(
                [
                    place,
                    one.wave.number,
                    int(asked[number]),
                    "" if start is None else start,
                    treated,
                    *figures,
                ]
            )
    return written.getvalue().encode(), _said(held, taken)


def _means(
    column: Column, yes: Collection[str] | None, where: Column, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The weighted mean of a figure by place, among those who gave one; NaN where nobody did."""
    values = _figures(column, yes)
    use = (where.values >= 0) & ~np.isnan(values)
    places, size = where.values[use], len(where.answers)
    held = np.bincount(places, weights[use], minlength=size)
    total = np.bincount(places, weights[use] * values[use], minlength=size)
    return np.divide(total, held, out=np.full(size, np.nan), where=held > 0)


def _figures(column: Column, yes: Collection[str] | None) -> NDArray[np.float64]:
    """The numbers of a column, or 1 where an answer counts and 0 where another was given; NaN: missing."""
    if yes is not None:
        if not column.answers:  # nobody answered
            return np.full(len(column.values), np.nan)
        counts = np.array([word in yes for word in column.answers], dtype=np.float64)
        return np.where(column.values < 0, np.nan, counts[column.values])
    if column.role != Role.NUMBER:
        raise FolkmootError(
            f"Say which answers of “{column.name}” count as 1: a place’s figure is their share."
        )
    return np.asarray(column.values, dtype=np.float64)


def _cells(column: Column, yes: Collection[str] | None) -> list[Any]:
    if yes is None and column.role != Role.NUMBER:
        return _words(column)
    return _numbers(_figures(column, yes))


def _words(column: Column) -> list[str]:
    return [column.answers[number] if number >= 0 else "" for number in column.values.tolist()]


def _units(one: _Held, name: str, *, several: bool) -> list[Any]:
    """Strata by their words; clusters, whose words are not kept, by numbers that hold inside one wave."""
    if name not in one.drawn:
        return [""] * one.found.rows
    column = one.found.of(name)
    if column.answers:
        return _words(column)
    numbers = column.values.tolist()
    if several:
        return [f"{one.wave.number}-{number}" if number >= 0 else "" for number in numbers]
    return [number if number >= 0 else "" for number in numbers]


def _numbers(values: NDArray[np.float64]) -> list[Any]:
    return [
        "" if value != value else int(value) if value.is_integer() else value for value in values.tolist()
    ]


def _require_apart(header: Sequence[str]) -> None:
    twice = next((name for name in header if header.count(name) > 1), "")
    if twice:
        raise FolkmootError(
            f"Two columns would be called “{twice}”. Leave that question out or name it anew."
        )


def _said(held: Sequence[_Held], taken: Taken) -> list[str]:
    said = [
        f"In “{name}” these answers count as 1: {', '.join(sorted(words))}."
        for name, words in taken.yes.items()
    ]
    if (
        len(held) > 1
        and not taken.place
        and any(not one.found.of(name).answers for one in held for name in one.drawn)
    ):
        said.append("What was drawn as a whole counts as another one in each wave: its names are not kept.")
    if any(one.weights is None for one in held) and any(one.weights is not None for one in held):
        said.append("A wave without weights counts each of its people once.")
    return said
