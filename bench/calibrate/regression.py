"""Survey regressions, and means after raking: what raking explains must not count as error."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates import linear, raking
from folkmoot.core.estimates.design import survey_design
from folkmoot.core.estimates.regression import regression

RUNS = 4000


def rows() -> list[Row]:
    random = np.random.default_rng(9)
    found = []
    for clusters in (15, 50):
        found += _regressions(random, clusters)
    return [*found, _raked(random, 150), _raked(random, 600), *_tests(random)]


def _sample(random: np.random.Generator, clusters: int, slope: float):  # type: ignore[no-untyped-def]
    people = clusters * 12
    cluster = np.repeat(np.arange(clusters), 12)
    x = random.normal(size=people) + random.normal(0, 0.5, clusters)[cluster]
    z = (random.random(people) < 0.4).astype(float)
    linear_part = 0.2 + slope * x - 0.3 * z + random.normal(0, 0.4, clusters)[cluster]
    y = linear_part + random.normal(0, 1 + 0.3 * np.abs(x))
    yes = (random.random(people) < 1 / (1 + np.exp(-(slope * x - 0.3 * z)))).astype(float)
    weights = np.exp(random.normal(0, 0.4, people))
    return [("x", x), ("z", z)], y, yes, survey_design(people, weights=weights, clusters=[cluster])


def _regressions(random: np.random.Generator, clusters: int) -> list[Row]:
    hits: dict[str, list[bool]] = {"slope": [], "difference of two kinds": [], "log odds ratio": []}
    for _ in range(RUNS):
        terms, y, yes, design = _sample(random, clusters, 0.5)
        found = regression(y, terms, design).terms
        hits["slope"].append(covers((found[1].estimate.low, found[1].estimate.high), 0.5))
        hits["difference of two kinds"].append(covers((found[2].estimate.low, found[2].estimate.high), -0.3))
        odds = regression(yes, terms, design, family="logistic").terms[1].estimate
        hits["log odds ratio"].append(covers((odds.low, odds.high), 0.5))
    setting = f"{clusters} clusters of 12, unequal weights"
    return [Row(name, setting, "interval", (share(held),), RUNS) for name, held in hits.items()]


def _tests(random: np.random.Generator) -> list[Row]:
    alarms: dict[str, list[bool]] = {"p-value of a slope": [], "p-value of log odds": []}
    for _ in range(RUNS):
        terms, y, yes, design = _sample(random, 20, 0.0)
        alarms["p-value of a slope"].append(
            (regression(y, terms, design).terms[1].estimate.p_value or 1) < 0.05
        )
        odds = regression(yes, terms, design, family="logistic").terms[1].estimate
        alarms["p-value of log odds"].append((odds.p_value or 1) < 0.05)
    setting = "nothing there, 20 clusters of 12"
    return [Row(name, setting, "test", (share(held),), RUNS, promised=0.05) for name, held in alarms.items()]


def _raked(random: np.random.Generator, people: int) -> Row:
    """Age and tenure are known of everybody; the young answer half as often."""
    size = 30_000
    age, tenure = random.integers(0, 3, size), random.integers(0, 2, size)
    y = 5 + age + 2 * tenure + random.normal(0, 1, size)
    chance = np.array([0.5, 1, 1])[age] / size
    chance /= chance.sum()
    hits = []
    for _ in range(RUNS):
        rows = random.choice(size, people, p=chance)
        margins = [
            raking.Margin("age", ("0", "1", "2"), np.bincount(age).astype(float), age[rows]),
            raking.Margin("tenure", ("0", "1"), np.bincount(tenure).astype(float), tenure[rows]),
        ]
        try:
            design = raking.rake(survey_design(people), margins)
        except CannotAnalyse:
            continue
        hits.append(covers(linear.mean(y[rows], design).shown, float(y.mean())))
    return Row(
        "mean, raked to two margins",
        f"{people} people, the young half as willing",
        "interval",
        (share(hits),),
        RUNS,
    )
