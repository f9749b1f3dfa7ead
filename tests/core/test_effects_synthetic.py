"""Synthetic control: the mixture, its test by pretended starts, and what is refused."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from folkmoot.analyse.command import main
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.synthetic import simplex_weights, synthetic_control
from folkmoot.core.errors import CannotAnalyse


def panel(seed=3, units=30, periods=14, start=9, effect=0.0, treated=1, noise=0.3):
    """Units that follow two common movements to differing degrees."""
    random = np.random.default_rng(seed)
    common = np.cumsum(random.normal(size=(2, periods)), axis=1)
    outcomes = random.normal(size=(units, 2)) @ common + noise * random.normal(size=(units, periods)) + 5
    first = np.full(units, periods)
    first[:treated] = start
    outcomes[:treated, start:] += effect
    return Panel(outcomes=outcomes, times=np.arange(periods, dtype=float), first=first)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8), st.integers(2, 12), st.floats(1e-3, 1e4))
def test_no_other_mixture_lies_nearer(seed, donors, periods, unit):
    random = np.random.default_rng(seed)
    target, others = random.normal(size=periods) * unit, random.normal(size=(donors, periods)) * unit
    weights = simplex_weights(target, others)
    assert weights.min() >= 0 and weights.sum() == pytest.approx(1)

    def missed(w):
        return float((((target - w @ others) / unit) ** 2).sum())

    other = minimize(
        missed, np.full(donors, 1 / donors), bounds=[(0, 1)] * donors, method="SLSQP",
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, options={"ftol": 1e-13, "maxiter": 500},
    )  # fmt: skip
    assert missed(weights) <= missed(np.abs(other.x) / np.abs(other.x).sum()) + 1e-6


def test_the_mixture_is_that_of_diff_diff_where_every_period_before_counts_alike():
    import diff_diff
    import pandas

    here = panel(units=12)
    unit, time = np.repeat(np.arange(12), 14), np.tile(np.arange(14), 12)
    frame = pandas.DataFrame({"y": here.outcomes.ravel(), "unit": unit, "time": time})
    frame["d"] = ((frame.unit == 0) & (frame.time >= 9)).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = diff_diff.SyntheticControl(v_method="custom", custom_v=np.ones(9), standardize="none").fit(
            frame, outcome="y", treatment="d", unit="unit", time="time", post_periods=list(range(9, 14)),
            pre_period_outcomes="all",
        )  # fmt: skip
    ours = synthetic_control(here)
    assert ours.fit_before == pytest.approx(theirs.pre_rmspe, rel=1e-3)
    assert ours.fit_before <= theirs.pre_rmspe + 1e-9
    assert ours.estimate.estimate == pytest.approx(theirs.att, rel=2e-2)


def test_a_planted_effect_is_found_and_lies_in_the_interval():
    found = synthetic_control(panel(effect=4.0, units=60, noise=0.1))
    assert found.estimate.low < 4.0 < found.estimate.high
    assert found.estimate.p_value <= 0.05 and found.attainable_minimum == pytest.approx(1 / 60)
    assert found.enumerated and found.estimate.standard_error is None


@pytest.mark.parametrize("treated", [1, 3])
def test_where_nothing_happened_the_test_alarms_as_often_as_it_says(treated):
    p_values = [
        synthetic_control(panel(seed=seed, units=22, treated=treated)).estimate.p_value for seed in range(150)
    ]
    assert np.mean(np.array(p_values) <= 0.1) < 0.17 and np.mean(np.array(p_values) <= 0.5) > 0.35


def test_the_interval_ends_where_the_test_begins_to_refuse():
    here = panel(units=60, effect=2.0, noise=0.1)
    found = synthetic_control(here)
    for end, inside in ((found.estimate.low, 1e-6), (found.estimate.high, -1e-6)):
        for step, kept in ((inside, True), (-inside, False)):
            moved = here.outcomes.copy()
            moved[0, 9:] -= end + step
            p_value = synthetic_control(
                Panel(outcomes=moved, times=here.times, first=here.first)
            ).estimate.p_value
            assert (p_value > 0.05) == kept


def test_too_few_untreated_units_bound_no_interval():
    found = synthetic_control(panel(units=10))
    assert (
        np.isinf(found.estimate.low)
        and found.attainable_minimum == pytest.approx(0.1)
        and not found.event_times
    )


def test_several_treated_units_are_averaged_and_their_sets_are_drawn():
    found = synthetic_control(panel(units=40, treated=3), random=np.random.default_rng(5))
    assert (
        not found.enumerated
        and len(found.placebos) == 199
        and found.attainable_minimum == pytest.approx(1 / 200)
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": 3}, "too few to find"),
        ({"treated": 0}, "No unit is treated"),
        ({"units": 3, "treated": 2}, "untreated unit"),
    ],
)
def test_panels_that_hold_no_mixture_are_refused(change, sentence):
    with pytest.raises(CannotAnalyse, match=sentence):
        synthetic_control(panel(**change))


def test_two_starts_are_refused():
    here = panel()
    here.first[1] = 5
    with pytest.raises(CannotAnalyse, match="one start"):
        synthetic_control(here)


def written(folder, here):
    rows = [
        f"u{unit},{period},{here.outcomes[unit, period]},{int(period >= here.first[unit])}"
        for unit in range(here.units)
        for period in range(here.periods)
    ]
    (folder / "in.csv").write_text("area,month,y,work\n" + "\n".join(rows) + "\n")
    return ["effect", str(folder / "in.csv"), "--design", "did", "--outcome", "y", "--unit", "area", "--time", "month",
            "--treated", "work"]  # fmt: skip


def test_the_command_names_the_mixture_and_prints_no_empty_error(tmp_path, capsys):
    words = written(tmp_path, panel(effect=4.0, units=60, noise=0.1))
    assert main([*words, "--estimator", "synthetic-control"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(one["weight"] for one in found["weights"]) == pytest.approx(1, abs=1e-4)
    assert found["interval"][0] < 4 < found["interval"][1] and len(found["event_times"]) == 5
    assert "standard_error" not in found and {"standard_error"} <= {one["part"] for one in found["refused"]}


@pytest.mark.parametrize("more", [["--inference", "cr2"], ["--clusters", "area"], ["--covariates", "month"]])
def test_the_command_refuses_what_a_mixture_does_not_take(tmp_path, capsys, more):
    assert main([*written(tmp_path, panel()), "--estimator", "synthetic-control", *more]) == 1
    assert capsys.readouterr().err.count("\n") == 1
