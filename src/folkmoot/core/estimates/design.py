"""How a sample was drawn: weights, strata, clusters within clusters, population sizes.

What does not belong here: what is estimated from the sample, and changes to the weights
(see raking and trimming).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.replicates import Replicates
from folkmoot.core.sentences import counted, verb

LONELY_RULES = ("refuse", "centre", "certainty")
CENSUS = 1e-7  # a stratum of which less than this share was left out is taken as complete


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of sampling, with clusters and strata numbered from 0 over the whole sample.

    ``cluster`` (rows) is each row's unit at this stage; ``stratum`` (clusters) the stratum each was
    drawn from; ``sampled`` and ``population`` (strata) how many were drawn and how many there were
    (None: so many that it makes no difference). ``share_before`` (strata) is the share of units drawn
    at the stages before this one, by which a later stage's variance counts.
    """

    cluster: NDArray[np.intp]
    stratum: NDArray[np.intp]
    sampled: NDArray[np.float64]
    population: NDArray[np.float64] | None
    share_before: NDArray[np.float64]

    @property
    def left_out(self) -> NDArray[np.float64]:
        """The share of each stratum that was not drawn (the finite population correction)."""
        if self.population is None:
            return np.ones(len(self.sampled))
        return 1.0 - self.sampled / self.population


@dataclass(frozen=True, slots=True)
class Calibration:
    """Known totals that the weights were made to meet; errors need what the weights were before.

    ``margins`` hold each row's level (rows, numbered from 0) per margin, ``base`` the weights before.
    """

    margins: tuple[NDArray[np.intp], ...]
    levels: tuple[int, ...]
    base: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Design:
    """A sample and how it came about. ``caveats`` are sentences every estimate from it must carry."""

    weights: NDArray[np.float64]
    stages: tuple[Stage, ...]
    has_weights: bool = True
    has_strata: bool = False
    has_clusters: bool = False
    lonely: str = "refuse"
    calibration: Calibration | None = None
    caveats: tuple[str, ...] = ()
    replicates: Replicates | None = None

    @property
    def rows(self) -> int:
        return len(self.weights)

    @property
    def has_population(self) -> bool:
        return self.stages[0].population is not None

    def degrees_of_freedom(self, rows: NDArray[np.intp] | None = None) -> int:
        """First-stage units less strata, counting those with a positive weight among ``rows``.

        With replicate weights their rank less one.
        """
        if self.replicates is not None:
            return self.replicates.degrees_of_freedom(rows)
        units = self._units(rows)
        return len(units) - len(distinct(self.stages[0].stratum[units], len(self.stages[0].sampled)))

    def clusters(self, rows: NDArray[np.intp] | None = None) -> int:
        """How many first-stage units hold a row of positive weight."""
        return len(self._units(rows))

    def _units(self, rows: NDArray[np.intp] | None) -> NDArray[np.intp]:
        first = self.stages[0]
        positive = self.weights > 0 if rows is None else self.weights[rows] > 0
        held = first.cluster if rows is None else first.cluster[rows]
        return distinct(held if positive.all() else held[positive], len(first.stratum))


def survey_design(
    rows: int,
    *,
    weights: ArrayLike | None = None,
    strata: Sequence[ArrayLike] = (),
    clusters: Sequence[ArrayLike] = (),
    fpc: Sequence[ArrayLike] = (),
    lonely: str = "refuse",
    replicates: Replicates | None = None,
) -> Design:
    """The design of a sample of ``rows`` people, checked.

    ``strata``, ``clusters`` and ``fpc`` hold one column a stage (each as long as the sample).
    Clusters of a later stage lie within those of the stage before; equal labels in different
    strata are different clusters, and a caveat says so. ``fpc`` gives population sizes (numbers of
    units at that stage, all at least 1) or shares drawn (all at most 1). Without weights they
    follow from ``fpc``, and are 1 without either. Stages after the first count only where the first
    has a population size; a later stage without one is taken as drawn from very many.

    ``lonely`` says what happens to a stratum of which a single unit was drawn, so that its variance
    cannot be seen: ``refuse``; ``centre`` takes the unit's distance from the whole sample's mean
    instead (cautious: usually too large); ``certainty`` takes it as no source of variance.

    ``replicates`` take the place of strata, clusters and population sizes, which they carry within them;
    they need ``weights``.

    Raises CannotAnalyse for weights that are negative, missing or all zero, missing labels, sizes that
    differ within a stratum or are smaller than the sample, and a lonely unit under ``refuse``.

    Source: Särndal, Swensson and Wretman (1992), chapters 4 and 5.
    """
    if rows < 2:
        raise CannotAnalyse(
            f"There {'is one row' if rows else 'are no rows'}: an estimate with an error needs two."
        )
    if lonely not in LONELY_RULES:
        raise CannotAnalyse(
            f"There is no rule “{lonely}” for lonely units; there are {', '.join(LONELY_RULES)}."
        )
    if replicates is not None and (strata or clusters or fpc):
        raise CannotAnalyse(
            "Replicate weights hold the strata, clusters and population sizes within them; leave those out."
        )
    if replicates is not None and weights is None:
        raise CannotAnalyse("Replicate weights need the weights that they vary (--weights).")
    caveats: list[str] = []
    stages: list[Stage] = []
    many_stages = max(len(clusters), 1)
    if len(strata) > many_stages or len(fpc) > many_stages:
        raise CannotAnalyse(
            "There are more columns of strata or population sizes than stages of clusters; name the clusters"
            " of every stage."
        )
    sizes = [_checked_sizes(column, rows) for column in fpc]
    parent = np.zeros(rows, dtype=np.intp)
    share = np.ones(1)
    chance = np.ones(rows)
    for number in range(many_stages):
        if number and not sizes:
            caveats.append(
                "Only the first stage of clusters enters the errors, because no population size is given: the"
                " first stage is taken as drawn with replacement."
            )
            break
        row_stratum = parent
        if number < len(strata):
            row_stratum = _within(parent, _numbered(strata[number], rows, "stratum"))
        if clusters:
            label = _numbered(clusters[number], rows, "cluster")
            unit = _within(row_stratum, label)
            if number == 0 and strata and unit.max() > label.max():
                caveats.append(
                    "Some cluster labels recur in several strata; they are taken as different clusters."
                )
        else:
            unit = np.arange(rows, dtype=np.intp)
        units = int(unit.max()) + 1
        stratum = np.zeros(units, dtype=np.intp)
        stratum[unit] = row_stratum
        sampled = np.bincount(stratum).astype(float)
        share_here = np.zeros(len(sampled))
        share_here[row_stratum] = share[parent] if number else 1.0
        population = None
        if number < len(sizes):
            population = _population(sizes[number], row_stratum, sampled)
            chance = chance * (sampled / population)[row_stratum]
        elif sizes:
            caveats.append(
                f"Stage {number + 1} has no population size; its units are taken as drawn from very many."
            )
        stage = Stage(unit, stratum, sampled, population, share_here)
        if lonely == "refuse":
            _refuse_lonely(stage, number, bool(strata), bool(clusters))
        stages.append(stage)
        # what the next stage inherits: the share drawn here, per unit
        drawn = np.ones(len(sampled)) if population is None else sampled / population
        share = (share_here * drawn)[stratum]
        parent = unit
        if population is None:
            break
    if lonely != "refuse" and any(((s.sampled == 1) & (s.left_out > CENSUS)).any() for s in stages):
        caveats.append(
            "Some strata hold a single sampled unit; "
            + (
                "its distance from the whole sample's mean stands for their variance, which is usually too much."
                if lonely == "centre"
                else "they are taken to add no variance, so the errors may be too small."
            )
        )
    return Design(
        weights=_checked_weights(weights, rows, chance),
        stages=tuple(stages),
        has_weights=weights is not None,
        has_strata=bool(strata),
        has_clusters=bool(clusters),
        lonely=lonely,
        caveats=tuple(dict.fromkeys(caveats)),
        replicates=replicates,
    )


def _checked_weights(
    weights: ArrayLike | None, rows: int, chance: NDArray[np.float64]
) -> NDArray[np.float64]:
    if weights is None:
        return 1.0 / chance
    values = np.asarray(weights, dtype=np.float64)
    _same_length(values, rows, "weights")
    missing, negative = int(np.isnan(values).sum()), int((values < 0).sum())
    if missing:
        raise CannotAnalyse(f"{counted(missing, 'row')} {verb(missing, 'has', 'have')} no weight.")
    if negative:
        raise CannotAnalyse(
            f"{counted(negative, 'weight')} {verb(negative, 'is', 'are')} negative; a weight says how many people a row"
            " stands for."
        )
    if not np.isfinite(values).all() or not np.isfinite(values.sum()):
        raise CannotAnalyse("A weight is infinite, or the weights are too large to add up.")
    if not (values > 0).any():
        raise CannotAnalyse("All weights are zero.")
    return values


def _checked_sizes(column: ArrayLike, rows: int) -> NDArray[np.float64]:
    values = np.asarray(column, dtype=np.float64)
    _same_length(values, rows, "population sizes")
    if np.isnan(values).any():
        raise CannotAnalyse(f"{int(np.isnan(values).sum())} rows have no population size.")
    if (values <= 0).any():
        raise CannotAnalyse("Population sizes must be positive.")
    if (values < 1).any() and (values > 1).any():
        raise CannotAnalyse(
            "Population sizes must be all numbers of units (1 or more) or all shares drawn (1 or less); both"
            " occur."
        )
    return values


def _population(
    sizes: NDArray[np.float64], row_stratum: NDArray[np.intp], sampled: NDArray[np.float64]
) -> NDArray[np.float64]:
    given = np.zeros(len(sampled))
    given[row_stratum] = sizes
    if not np.allclose(given[row_stratum], sizes, rtol=1e-9, atol=0):
        raise CannotAnalyse("The population size differs within a stratum; it must be the same on its rows.")
    population = sampled / given if (sizes <= 1).all() else given
    short = population < sampled * (1 - 1e-9)
    if short.any():
        at = int(np.flatnonzero(short)[0])
        raise CannotAnalyse(
            f"More units were drawn than there are ({sampled[at]:g} of {population[at]:g} in one stratum): the"
            " population size counts units of its stage, so clusters where there are clusters."
        )
    return np.maximum(population, sampled)


def _refuse_lonely(stage: Stage, number: int, has_strata: bool, has_clusters: bool) -> None:
    lonely = int(((stage.sampled == 1) & (stage.left_out > CENSUS)).sum())
    if not lonely:
        return
    unit = "cluster" if has_clusters else "row"
    if len(stage.sampled) == 1:
        raise CannotAnalyse(f"There is only one {unit}: nothing shows how far {unit}s differ.")
    where = "strata" if number == 0 and has_strata else f"units at stage {number}"
    raise CannotAnalyse(
        f"{lonely} {where} hold a single sampled {unit}, so their variance cannot be seen: merge strata, or"
        " choose a rule for them (--lonely centre or certainty)."
    )


def _within(parent: NDArray[np.intp], label: NDArray[np.intp]) -> NDArray[np.intp]:
    """Numbers from 0 for each pair of a parent and a label that occurs."""
    wide = int(label.max()) + 1
    return densely(parent * wide + label)


def _numbered(column: ArrayLike, rows: int, what: str) -> NDArray[np.intp]:
    values = np.asarray(column)
    _same_length(values, rows, f"labels of a {what}")
    if values.dtype.kind in "iu":
        if (values < 0).any():
            raise CannotAnalyse(f"{int((values < 0).sum())} rows have no {what}.")
        return densely(values)
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise CannotAnalyse(f"{int(np.isnan(values).sum())} rows have no {what}.")
    if values.dtype.kind == "O":
        missing = sum(1 for value in values if value is None or value == "")
        if missing:
            raise CannotAnalyse(f"{missing} rows have no {what}.")
        values = np.array([str(value) for value in values])
    return np.asarray(np.unique(values, return_inverse=True)[1], dtype=np.intp).reshape(-1)


def densely(codes: NDArray[Any]) -> NDArray[np.intp]:
    """Whole numbers from 0 renumbered without gaps, in order. A table where it is small enough, else a sort."""
    top = int(codes.max())
    if int(codes.min()) >= 0 and top <= 4 * len(codes) + 1024:
        present = np.zeros(top + 1, dtype=bool)
        present[codes] = True
        if present.all():
            return codes.astype(np.intp, copy=False)
        return np.asarray((np.cumsum(present) - 1)[codes], dtype=np.intp)
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.intp).reshape(-1)


def distinct(codes: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """The different codes, in order: by a table of ``size``, or by sorting where the codes are few."""
    if len(codes) * 20 < size:
        return np.unique(codes)
    present = np.zeros(size, dtype=bool)
    present[codes] = True
    return np.flatnonzero(present)


def _same_length(values: NDArray[Any], rows: int, what: str) -> None:
    if values.ndim != 1 or len(values) != rows:
        raise CannotAnalyse(f"The {what} are not one for each of the {rows} rows.")
