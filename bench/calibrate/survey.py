"""Surveys: samples drawn again and again from a population that is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates import linear, quantile
from folkmoot.core.estimates.design import Design, survey_design
from folkmoot.core.estimates.linear import SurveyEstimate
from folkmoot.core.estimates.replicates import replicate_weights

RUNS = 1500
NEVER_INSIDE = "Conservative: the cautious interval is the wider of the plain one and the one that allows for skew, at each end."
EXACT = "Conservative: where nobody, or everybody, has it the exact interval stands, and a small share moves in whole people."
ELSEWHERE = (
    "As R and other programs print it: where a few large values carry an estimate, few clusters seldom hold the largest ones, and then"
    " both estimate and error are too small. The cautious one is shown in its place."
)

Numbers = np.ndarray
Sample = dict[str, Numbers]
Figures = dict[str, Callable[[Sample, Design], SurveyEstimate]]

FIGURES: Figures = {
    "mean": lambda s, d: linear.mean(s["y"], d),
    "total": lambda s, d: linear.total(s["y"], d),
    "share of about 30 %": lambda s, d: linear.proportion(s["yes"], d),
    "share of about 4 %": lambda s, d: linear.proportion(s["rare"], d),
    "ratio": lambda s, d: linear.ratio(s["y"], s["x"], d),
    "median": lambda s, d: quantile.quantile(s["y"], d, at=0.5),
    "upper quartile": lambda s, d: quantile.quantile(s["y"], d, at=0.75),
    "mean of a group": lambda s, d: linear.mean(s["y"], d, rows=np.flatnonzero(s["group"] == 1)),
}


LINEAR = ("mean", "total", "ratio", "mean of a group")


class Population:
    """People in clusters in strata; ``true`` holds what a census would give."""

    def __init__(self, random: np.random.Generator, *, skewed: bool = False) -> None:
        clusters, size = 1200, 40
        shift = random.normal(0, 0.5, clusters)
        self.cluster = np.repeat(np.arange(clusters), size)
        self.stratum = (self.cluster % 4).astype(np.int64)
        people = clusters * size
        x = np.exp(random.normal(1.5, 0.3, people))
        y = 3 + self.stratum + 0.6 * x + shift[self.cluster] + random.normal(0, 1.5, people)
        if skewed:
            y = np.exp(random.normal(0, 1.0, people) + shift[self.cluster])
        lean = 0.5 * shift[self.cluster] + 0.2 * self.stratum
        self.columns: Sample = {
            "x": x,
            "y": y,
            "yes": (random.random(people) < 1 / (1 + np.exp(1.2 - lean))).astype(float),
            "rare": (random.random(people) < 1 / (1 + np.exp(3.6 - lean))).astype(float),
            "group": (random.random(people) < 0.3).astype(np.int64),
        }
        y, group = self.columns["y"], self.columns["group"]
        self.true = {
            "mean": y.mean(),
            "total": y.sum(),
            "share of about 30 %": self.columns["yes"].mean(),
            "share of about 4 %": self.columns["rare"].mean(),
            "ratio": y.sum() / x.sum(),
            "median": np.sort(y)[people // 2 - 1],
            "upper quartile": np.sort(y)[3 * people // 4 - 1],
            "mean of a group": y[group == 1].mean(),
        }

    def simple(self, random: np.random.Generator, people: int) -> tuple[Sample, Design]:
        chosen = random.choice(self.cluster.size, people, replace=False)
        weights = np.full(people, self.cluster.size / people)
        return self._of(chosen), survey_design(people, weights=weights)

    def stratified(self, random: np.random.Generator, each: int) -> tuple[Sample, Design]:
        """As many from each stratum, though weights differ: the last stratum is sampled twice as densely."""
        parts = []
        for stratum in range(4):
            members = np.flatnonzero(self.stratum == stratum)
            parts.append(random.choice(members, each * (2 if stratum == 3 else 1), replace=False))
        chosen = np.concatenate(parts)
        stratum = self.stratum[chosen]
        sizes = np.bincount(self.stratum)
        weights = (sizes / np.bincount(stratum))[stratum]
        design = survey_design(
            chosen.size, weights=weights, strata=[stratum], fpc=[sizes[stratum].astype(float)]
        )
        return self._of(chosen), design

    def clustered(
        self, random: np.random.Generator, clusters: int, people: int, *, strata: bool = False
    ) -> tuple[Sample, Design]:
        if strata:
            chosen = np.concatenate([
                random.choice(np.arange(stratum, 1200, 4), clusters // 4, replace=False) for stratum in range(4)
            ])  # fmt: skip
        else:
            chosen = random.choice(1200, clusters, replace=False)
        within = np.argsort(random.random((clusters, 40)), axis=1)[:, :people]
        rows = (chosen[:, None] * 40 + within).ravel()
        weights = np.full(rows.size, self.cluster.size / rows.size)
        design = survey_design(
            rows.size,
            weights=weights,
            strata=[self.stratum[rows]] if strata else (),
            clusters=[self.cluster[rows]],
        )
        return self._of(rows), design

    def _of(self, chosen: Numbers) -> Sample:
        return {name: column[chosen] for name, column in self.columns.items()}


def rows() -> list[Row]:
    random = np.random.default_rng(8)
    people, skewed = Population(random), Population(random, skewed=True)
    found = []
    found += _tried("simple sample of 60", people, lambda: people.simple(random, 60))
    found += _tried("4 strata, 5 × 20 people, fpc", people, lambda: people.stratified(random, 20))
    found += _tried("12 clusters of 8", people, lambda: people.clustered(random, 12, 8))
    found += _tried(
        "40 clusters of 8 in 4 strata", people, lambda: people.clustered(random, 40, 8, strata=True)
    )
    for clusters in (12, 60):
        found += _tried(
            f"skewed incomes, {clusters} clusters of 8", skewed,
            lambda clusters=clusters: skewed.clustered(random, clusters, 8),
            only=("mean", "total", "ratio", "median"),
        )  # fmt: skip
    found += _tried(
        "skewed incomes, simple sample of 100", skewed, lambda: skewed.simple(random, 100), only=("mean", "median")
    )  # fmt: skip
    found += _replicated(people, np.random.default_rng(81), "24 clusters of 8")
    return found + _replicated(skewed, np.random.default_rng(82), "skewed incomes, 24 clusters of 8")


def _replicated(population: Population, random: np.random.Generator, setting: str) -> list[Row]:
    """Delete-one-cluster jackknife and bootstrap weights of 24 clusters, as a data producer would add them."""
    found = []
    for method in ("jk1", "bootstrap"):
        hits: dict[str, list[bool]] = {"mean": [], "ratio": [], "median": []}
        usual: dict[str, list[bool]] = {"mean": [], "ratio": []}
        for _ in range(RUNS // 2):
            sample, design = population.clustered(random, 24, 8)
            cluster = design.stages[0].cluster
            factors = (1 - np.eye(24)) * 24 / 23
            if method == "bootstrap":
                factors = random.multinomial(23, np.full(24, 1 / 24), 120).T * 24 / 23
            held = replicate_weights(
                design.weights[:, None] * factors[cluster], rows=design.rows, method=method
            )
            design = survey_design(design.rows, weights=design.weights, replicates=held)
            for name, of in hits.items():
                one, truth = FIGURES[name](sample, design), population.true[name]
                of.append(covers(one.shown, truth))
                if name in usual:
                    usual[name].append(covers((one.estimate.low, one.estimate.high), truth))
        words = f"replicate weights ({method})"
        found += [
            Row(
                f"{name}, cautious, {words}" if name in usual else f"{name}, {words}", setting, "interval",
                (share(of),), RUNS // 2, conservative=NEVER_INSIDE if name in usual else "",
            )
            for name, of in hits.items()
        ]  # fmt: skip
        found += [
            Row(f"{name}, {words}", setting, "interval", (share(of),), RUNS // 2, comparison=ELSEWHERE)
            for name, of in usual.items()
        ]
    return found


def _tried(
    setting: str,
    population: Population,
    draw: Callable[[], tuple[Sample, Design]],
    *,
    only: tuple[str, ...] = tuple(FIGURES),
) -> list[Row]:
    hits: dict[str, list[bool]] = {name: [] for name in only}
    usual: dict[str, list[bool]] = {name: [] for name in only if name in LINEAR}
    for _ in range(RUNS):
        sample, design = draw()
        for name in only:
            try:
                found = FIGURES[name](sample, design)
            except CannotAnalyse:  # nobody of the group was drawn
                continue
            one, truth = found.estimate, population.true[name]
            hits[name].append(covers(found.shown, truth))
            if name in LINEAR:
                usual[name].append(covers((one.low, one.high), truth))
    rows = [
        Row(
            f"{name}, cautious" if name in LINEAR else name, setting, "interval", (share(held),), RUNS,
            conservative=EXACT if "share" in name else NEVER_INSIDE if name in LINEAR else "",
        )
        for name, held in hits.items()
    ]  # fmt: skip
    return rows + [
        Row(name, setting, "interval", (share(held),), RUNS, comparison=ELSEWHERE)
        for name, held in usual.items()
    ]
