"""Power: what the formulas promise beside the share of simulated data sets in which the test finds the effect."""

from __future__ import annotations

import numpy as np
from scipy import stats

from bench.calibrate.rows import Row
from folkmoot.core.power.differences import did_power, did_power_from_history
from folkmoot.core.power.stepped_wedge import stepped_wedge_power
from folkmoot.core.power.survey import survey_power
from folkmoot.core.power.two_arm import power_of_two_means, power_of_two_proportions

RUNS = 4000


def rows() -> list[Row]:
    random = np.random.default_rng(25)
    found: list[Row] = []

    def note(what: str, setting: str, promised: float, alarms: np.ndarray) -> None:
        found.append(
            Row(what, setting, "power", (float(alarms.mean()),), int(alarms.size), promised=promised)
        )

    for per_arm, change in ((12, 1.2), (64, 0.5), (300, 0.15)):
        groups = random.normal(size=(2, RUNS, per_arm))
        p = stats.ttest_ind(groups[0] + change, groups[1], axis=1).pvalue
        promised = power_of_two_means(change, standard_deviation=1, per_arm=per_arm)
        note("trial, means", f"{per_arm} an arm, a change of {change:g} sd", promised, p < 0.05)
    for per_arm, before, change in ((100, 0.3, 0.2), (500, 0.6, -0.08), (1500, 0.05, 0.02)):
        counts = random.binomial(per_arm, [before + change, before], (RUNS, 2))
        promised = power_of_two_proportions(change, baseline=before, per_arm=per_arm)
        note(
            "trial, shares",
            f"{per_arm} an arm, {before:.0%} to {before + change:.0%}",
            promised,
            _two_shares(counts, per_arm),
        )
    for clusters, size, icc, change in ((5, 30, 0.03, 0.5), (12, 20, 0.05, 0.35)):
        level = random.normal(0, np.sqrt(icc), (2, RUNS, clusters))
        level += random.normal(0, np.sqrt((1 - icc) / size), level.shape)
        p = stats.ttest_ind(level[0] + change, level[1], axis=1).pvalue
        promised = power_of_two_means(
            change, standard_deviation=1, per_arm=clusters * size, cluster_size=size, icc=icc
        )
        note(
            "cluster", f"{clusters} clusters of {size} an arm, ICC {icc:g}, {change:g} sd", promised, p < 0.05
        )
    for interviews, deff in ((400, 1.0), (900, 1.5)):
        shares = random.binomial(int(interviews / deff), [0.62, 0.55], (RUNS, 2)) / int(interviews / deff)
        error = np.sqrt((shares * (1 - shares)).sum(axis=1) / (interviews / deff))
        alarms = np.abs(shares[:, 0] - shares[:, 1]) / error > 1.959964
        power = survey_power(interviews=interviews, baseline=0.55, change=0.07, design_effect=deff).power
        note(
            "survey, two waves",
            f"{interviews} interviews, design effect {deff:g}, 55 % to 62 %",
            power or 0.0,
            alarms,
        )
    for cac in (1.0, 0.8):
        promised = stepped_wedge_power(
            0.1, clusters=24, steps=4, per_cell=50, icc=0.05, cluster_autocorrelation=cac
        ).power
        words = f"24 clusters, 4 steps, 50 a cell, ICC 0.05, autocorrelation {cac:g}"
        note("stepped wedge", words, promised, _wedge(random, cac))
    note(*_did(random))
    note(*_from_history(random))
    return found


def _two_shares(counts: np.ndarray, per_arm: int) -> np.ndarray:
    both = counts.sum(axis=1) / (2 * per_arm)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (counts[:, 0] - counts[:, 1]) / per_arm / np.sqrt(both * (1 - both) * 2 / per_arm)
    return np.abs(np.nan_to_num(z)) > 1.959964


def _wedge(random: np.random.Generator, cac: float) -> np.ndarray:
    """Cell means with the true covariance, generalised least squares with periods as columns."""
    clusters, steps, per_cell, icc, effect = 24, 4, 50, 0.05, 0.1
    periods = steps + 1
    start = np.repeat(np.arange(1, periods), clusters // steps)
    work = (np.arange(periods)[None, :] >= start[:, None]).astype(float)
    covariance = icc * (cac * np.ones((periods, periods)) + (1 - cac) * np.eye(periods))
    covariance += (1 - icc) / per_cell * np.eye(periods)
    inverse = np.linalg.inv(covariance)
    information = np.zeros((periods + 1, periods + 1))
    pull = np.zeros((periods + 1, clusters, periods))
    for cluster in range(clusters):
        design = np.column_stack([work[cluster], np.eye(periods)])
        information += design.T @ inverse @ design
        pull[:, cluster] = design.T @ inverse
    solved = np.linalg.inv(information)
    weights = np.tensordot(solved[0], pull, axes=1)
    noise = random.normal(size=(RUNS, clusters, periods)) @ np.linalg.cholesky(covariance).T
    estimates = ((noise + effect * work) * weights).sum(axis=(1, 2))
    return np.abs(estimates) / np.sqrt(solved[0, 0]) > 1.959964


def _swings(random: np.random.Generator, shape: tuple[int, ...], carried: float) -> np.ndarray:
    figures = random.normal(size=shape)
    for period in range(1, shape[-1]):
        figures[..., period] = (
            carried * figures[..., period - 1] + np.sqrt(1 - carried**2) * figures[..., period]
        )
    return figures


def _changes_found(figures: np.ndarray, treated: int, before: int, effect: float) -> np.ndarray:
    change = figures[..., before:].mean(axis=-1) - figures[..., :before].mean(axis=-1)
    p = stats.ttest_ind(change[:, :treated] + effect, change[:, treated:], axis=1).pvalue
    return np.asarray(p < 0.05)


def _did(random: np.random.Generator) -> tuple[str, str, float, np.ndarray]:
    promised = did_power(
        0.8,
        treated=6,
        compared=18,
        periods_before=8,
        periods_after=4,
        standard_deviation=1,
        autocorrelation=0.6,
    ).power
    figures = _swings(random, (RUNS, 24, 12), 0.6)
    words = "6 of 24 places, 8 periods before and 4 after, autocorrelation 0.6"
    return "did", words, promised, _changes_found(figures, 6, 8, 0.8)


def _from_history(random: np.random.Generator) -> tuple[str, str, float, np.ndarray]:
    """The power found on one long history beside that in fresh places of the same kind."""
    history = _swings(random, (60, 40), 0.6)
    promised = did_power_from_history(
        history, effect=0.8, treated=6, compared=18, periods_before=8, periods_after=4, random=random
    ).power
    figures = _swings(random, (RUNS, 24, 12), 0.6)
    words = "a history of 60 places and 40 periods; 6 of 24 places, 8 periods before and 4 after"
    return "did, from a history", words, promised, _changes_found(figures, 6, 8, 0.8)
