"""Agreement of coders on spans, per code and overall, and the stretches on which they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.agreement.error import bootstrap, jackknife
from folkmoot.core.agreement.measures import MEASURES, Tallies, corrected, pooled, tallies
from folkmoot.core.agreement.spans import Codings, Units
from folkmoot.core.agreement.sweep import Stretches, stretches
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate, Refusal

MOST_CELLS = 50_000_000  # codes × documents × quantities held at once


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """One code, or all of them (``code`` None): the corrected agreement and what it was made of.

    ``interval`` is None where the error cannot be known (the reason is among the refusals). ``agreement`` is
    the share of units on which two coders do the same, ``expected`` what chance would give by the measure's
    own idea of chance. ``units``: how many were compared; ``documents``: in how many the code was used.
    """

    code: str | None
    estimate: float
    interval: Estimate | None
    agreement: float
    expected: float
    units: int
    documents: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A stretch [start, end) of a document, in characters, that some readers gave the code and others did not."""

    document: str
    code: str
    start: int
    end: int
    coders: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    measure: str
    overall: CodeAgreement | None
    by_code: tuple[CodeAgreement, ...]
    disagreements: tuple[Disagreement, ...]
    refused: tuple[Refusal, ...]


def compare_coders(
    codings: Codings,
    *,
    units: Units,
    measure: str = "kappa",
    level: float = 0.95,
    replicates: int = 2000,
    seed: int = 1,
) -> Agreement:
    """Agreement by code (coded or not) and pooled over codes, with errors from documents, and all disagreements.

    Each unit of each document read by two coders or more counts, coded or not. Overall pools the codes by
    averaging observed and expected agreement (measures.pooled). The error of kappa, fleiss and ac1 is a
    jackknife over documents, that of alpha a bootstrap over documents with ``replicates`` draws from ``seed``.
    A code on which nothing varies has no estimate and is among the refusals. Refused: no unit read by two.
    """
    if measure not in MEASURES:
        raise CannotAnalyse(f"There is no measure “{measure}”; there are {', '.join(MEASURES)}.")
    if len(codings.codes) * len(codings.documents) * 8 > MOST_CELLS:
        raise CannotAnalyse(
            f"{len(codings.codes):,} codes in {len(codings.documents):,} documents are too many to compare at once."
        )
    found = stretches(codings, units=units)
    counted = tallies(found, units=units, read=codings.read, codes=len(codings.codes), measure=measure)
    compared = int(units.sizes[counted.counted].sum())
    if not compared:
        raise CannotAnalyse("No unit was read by two coders.")
    observed, expected = counted.read_out(counted.parts.sum(axis=1))
    estimates = corrected(observed, expected)
    coded = _coded_text(found, codings)
    intervals = _intervals(counted, coded, measure, level=level, replicates=replicates, seed=seed)
    refused: list[Refusal] = []
    rows = []
    for code, name in enumerate(codings.codes):
        if np.isnan(estimates[code]):
            refused.append(Refusal(f"code “{name}”", "nothing varies: every reader did the same throughout."))
            continue
        rows.append(
            CodeAgreement(
                code=name,
                estimate=float(estimates[code]),
                interval=_kept(intervals[code], f"code “{name}”", refused),
                agreement=float(observed[code]),
                expected=float(expected[code]),
                units=compared,
                documents=int(np.count_nonzero(coded[code])),
            )
        )
    overall = None
    if rows:
        overall = CodeAgreement(
            code=None,
            estimate=float(pooled(observed, expected)),
            interval=_kept(intervals[-1], "overall", refused),
            agreement=float(observed.mean()),
            expected=float(expected.mean()),
            units=compared,
            documents=int(np.count_nonzero(coded.sum(axis=0))),
        )
    else:
        refused.append(Refusal("overall", "no code has an estimate."))
    return Agreement(measure, overall, tuple(rows), _disagreements(found, codings, units), tuple(refused))


def _coded_text(found: Stretches, codings: Codings) -> NDArray[np.float64]:
    documents = len(codings.documents)
    sums = np.bincount(
        found.code * documents + found.document,
        weights=(found.end - found.start).astype(float),
        minlength=len(codings.codes) * documents,
    )
    return np.asarray(sums.reshape(len(codings.codes), documents), dtype=np.float64)


def _intervals(
    counted: Tallies, coded: NDArray[np.float64], measure: str, *, level: float, replicates: int, seed: int
) -> list[Estimate | str]:
    """For each code, then for all together: the estimate with its error, or why there is none."""

    def statistic(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        observed, expected = counted.read_out(sums)
        return np.concatenate([corrected(observed, expected), pooled(observed, expected)[..., None]], axis=-1)

    parts = np.moveaxis(counted.parts[:, counted.counted], 0, 1)  # (documents, codes, quantities)
    weights = np.concatenate([coded, coded.sum(axis=0, keepdims=True)])[:, counted.counted].T
    if measure == "alpha":
        return bootstrap(
            parts, statistic=statistic, coded=weights, level=level, replicates=replicates, seed=seed
        )
    return jackknife(parts, statistic=statistic, coded=weights, level=level)


def _kept(interval: Estimate | str, part: str, refused: list[Refusal]) -> Estimate | None:
    if isinstance(interval, str):
        refused.append(Refusal(f"interval of {part}", interval))
        return None
    return interval


def _disagreements(found: Stretches, codings: Codings, units: Units) -> tuple[Disagreement, ...]:
    """Stretches where not all readers did the same, by document and place; turns one by one."""
    read = codings.read[found.document]
    differ = np.flatnonzero((found.applied != read).any(axis=1) & (read.sum(axis=1) >= 2))
    code, document, start, end = (
        column[differ] for column in (found.code, found.document, found.start, found.end)
    )
    applied, read = found.applied[differ], read[differ]
    if units.first.size:
        if units.by_turn:
            times = end - start
            code, document = np.repeat(code, times), np.repeat(document, times)
            applied, read = np.repeat(applied, times, axis=0), np.repeat(read, times, axis=0)
            start = (
                np.repeat(start, times) + np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
            )
            end = start + 1
        start, end = (
            units.begins[units.first[document] + start],
            units.ends[units.first[document] + end - 1],
        )
    names = {
        pattern: tuple(name for name, bit in zip(codings.coders, pattern, strict=True) if bit)
        for pattern in {
            tuple(row) for row in np.unique(np.concatenate([applied, read & ~applied]), axis=0).tolist()
        }
    }
    order = np.lexsort((code, end, start, document))
    return tuple(
        Disagreement(
            document=codings.documents[d],
            code=codings.codes[c],
            start=s,
            end=e,
            coders=names[tuple(a)],
            others=names[tuple(o)],
        )
        for d, c, s, e, a, o in zip(
            document[order].tolist(),
            code[order].tolist(),
            start[order].tolist(),
            end[order].tolist(),
            applied[order].tolist(),
            (read & ~applied)[order].tolist(),
            strict=True,
        )
    )
