"""Staggered starts: published values, a second implementation, and properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.analyse.tables import read_table
from folkmoot.core.effects.cells import comparison_cells, targets
from folkmoot.core.effects.cohorts import cohorts_of
from folkmoot.core.effects.other_estimators import other_staggered_effect
from folkmoot.core.effects.panel import Panel, build_panel
from folkmoot.core.effects.redrawn_starts import redraw_starts
from folkmoot.core.effects.staggered import _Moments, staggered_effect
from folkmoot.core.errors import CannotAnalyse


def read_panel(path, outcome, unit, time, first):
    table = read_table(path)
    return build_panel(
        table.numbers(outcome),
        unit=table.numbers(unit),
        time=table.numbers(time),
        first_treated=table.numbers(first, missing=True),
    )


@pytest.fixture(scope="module")
def officers(corpus):
    path = corpus / "statistics" / "procedural_justice_training.parquet"
    return read_panel(path, "complaints", "officer", "period", "first_trained")


@pytest.fixture(scope="module")
def counties(corpus):
    return read_panel(corpus / "statistics" / "mpdta.csv", "lemp", "countyreal", "year", "first.treat")


def small_panel(seed=1, units=60, periods=7, effect=0.0):
    random = np.random.default_rng(seed)
    first = random.choice([3, 5, periods], size=units)
    first[:6] = [3, 3, 5, 5, periods, periods]
    outcomes = random.standard_normal((units, periods)) + random.standard_normal((units, 1))
    outcomes += effect * (np.arange(periods) >= first[:, None])
    return Panel(outcomes=outcomes, times=np.arange(1.0, periods + 1), first=first)


@pytest.mark.corpus
def test_the_efficient_estimate_of_the_chicago_training_is_the_published_one(officers):
    # Roth and Sant'Anna's staggered package, simple summary
    found = staggered_effect(officers, estimator="roth-santanna")
    assert found.overall.estimate == pytest.approx(-0.001126981, abs=5e-10)
    assert found.overall.standard_error == pytest.approx(0.002115194, abs=5e-10)
    assert found.neyman_standard_error == pytest.approx(0.002119248, abs=5e-10)
    assert (found.units, found.periods, found.cohorts) == (7785, 72, 48)


@pytest.mark.corpus
def test_callaway_and_santanna_on_the_chicago_training_is_the_published_one(officers):
    found = staggered_effect(officers)
    assert found.overall.estimate == pytest.approx(-0.005176818, abs=5e-10)
    assert found.overall.standard_error == pytest.approx(0.003928735, abs=5e-10)
    assert found.comparison == "not-yet" and found.weight_on_before == 1.0


@pytest.mark.corpus
def test_group_time_effects_on_employment_are_those_of_the_did_package(counties):
    found = staggered_effect(counties, summary="event", with_group_times=True)
    expected = {
        (2004, 2004): -0.0105, (2004, 2005): -0.0704, (2004, 2006): -0.1373, (2004, 2007): -0.1008,
        (2006, 2004): 0.0065, (2006, 2005): -0.0028, (2006, 2006): -0.0046, (2006, 2007): -0.0412,
        (2007, 2004): 0.0305, (2007, 2005): -0.0027, (2007, 2006): -0.0311, (2007, 2007): -0.0261,
    }  # fmt: skip
    shown = {(one.cohort, one.time): round(one.estimate.estimate, 4) for one in found.group_times}
    assert shown == expected
    assert found.overall.estimate == pytest.approx(-0.0772, abs=5e-5)
    # what the did package prints (0.0219) is one draw of its bootstrap: the next test; ours is what that estimates
    assert found.overall.standard_error == pytest.approx(0.0199650, abs=5e-7)
    assert staggered_effect(counties).overall.estimate == pytest.approx(-0.03995, abs=5e-6)


@pytest.mark.corpus
def test_the_error_printed_for_employment_is_one_that_the_did_packages_bootstrap_gives(counties):
    # a thousand multiplier draws (Mammen's two points) and their interquartile range over the normal's, as in did's
    # mboot: across seeds it lies around our error, and the documented 0.0219 is among its draws
    cohorts = cohorts_of(counties)[0]
    cells = comparison_cells(
        cohorts.starts, cohorts.sizes, periods=counties.periods, comparison="never", base="varying"
    )
    overall, _ = targets(cells, sizes=cohorts.sizes, times=counties.times, summary="event")
    moments = _Moments(cohorts, [overall])
    units = int(cohorts.sizes.sum())
    shifts = overall.share_influence(moments.means, cells=cells, units=units)
    weights = (moments.after - moments.before)[:, :, 0]
    influence = np.concatenate(
        [
            (moments._rows(place) - moments.means[place]) @ weights[place] / size + shifts[place] / units
            for place, size in enumerate(cohorts.sizes)
        ]
    )
    random, root = np.random.default_rng(0), math.sqrt(5)
    errors = []
    for _ in range(200):
        chosen = random.random((1000, units)) < (1 + root) / (2 * root)
        low, high = np.quantile(np.where(chosen, (1 - root) / 2, (1 + root) / 2) @ influence, [0.25, 0.75])
        errors.append((high - low) / 1.3489795)
    assert np.mean(errors) == pytest.approx(0.0200, abs=5e-4)
    assert min(errors) < 0.0219 < max(errors)


@pytest.mark.corpus
@pytest.mark.parametrize("comparison", ["never", "not-yet"])
def test_own_estimates_are_those_of_diff_diff_to_rounding(counties, comparison):
    own = staggered_effect(counties, comparison=comparison, inference="sampling")
    units, periods = counties.outcomes.shape
    first = np.where(
        counties.first < periods, counties.times[np.minimum(counties.first, periods - 1)], np.nan
    )
    other = other_staggered_effect(
        counties.outcomes.ravel(),
        unit=np.repeat(np.arange(units), periods),
        time=np.tile(counties.times, units),
        first_treated=np.repeat(first, periods),
        comparison=comparison,
    )
    assert own.overall.estimate == pytest.approx(other.overall.estimate, abs=1e-12)
    assert own.overall.standard_error == pytest.approx(other.overall.standard_error, rel=1e-9)
    for mine, theirs in zip(own.event_times, other.event_times, strict=True):
        assert mine.event_time == theirs.event_time and mine.units == theirs.units
        assert mine.estimate.estimate == pytest.approx(theirs.estimate.estimate, abs=1e-12)
        assert mine.estimate.standard_error == pytest.approx(theirs.estimate.standard_error, rel=1e-9)


def test_two_groups_and_two_periods_are_a_difference_of_two_differences():
    outcomes = np.array([[1.0, 4.0], [2.0, 6.0], [0.0, 1.0], [1.0, 1.0], [3.0, 5.0]])
    panel = Panel(outcomes=outcomes, times=np.array([1.0, 2.0]), first=np.array([1, 1, 2, 2, 2]))
    for summary in ("simple", "cohort", "calendar", "event"):
        found = staggered_effect(panel, summary=summary)
        assert found.overall.estimate == pytest.approx(3.5 - 1.0)


def test_design_based_error_of_one_start_is_neymans():
    outcomes = np.array([[1.0, 4.0], [2.0, 6.0], [0.0, 1.0], [1.0, 1.0], [3.0, 5.0]])
    panel = Panel(outcomes=outcomes, times=np.array([1.0, 2.0]), first=np.array([1, 1, 2, 2, 2]))
    found = staggered_effect(panel, inference="design")
    change = outcomes[:, 1] - outcomes[:, 0]
    neyman = change[:2].var(ddof=1) / 2 + change[2:].var(ddof=1) / 3
    assert found.neyman_standard_error == pytest.approx(np.sqrt(neyman))
    assert found.overall.standard_error <= found.neyman_standard_error


@given(seed=st.integers(0, 2**20), shift=st.floats(-50, 50), factor=st.floats(0.1, 20))
@settings(max_examples=25, deadline=None)
def test_estimates_follow_the_unit_of_the_outcome_and_not_its_level(seed, shift, factor):
    panel = small_panel(seed)
    moved = Panel(outcomes=panel.outcomes * factor + shift, times=panel.times, first=panel.first)
    for estimator in ("callaway-santanna", "roth-santanna"):
        one = staggered_effect(panel, estimator=estimator).overall
        two = staggered_effect(moved, estimator=estimator).overall
        assert two.estimate == pytest.approx(one.estimate * factor, abs=1e-7 * factor + 1e-9)
        assert two.standard_error == pytest.approx(one.standard_error * factor, rel=1e-5)


@given(seed=st.integers(0, 2**20), effect=st.floats(-5, 5))
@settings(max_examples=25, deadline=None)
def test_a_constant_effect_is_added_to_every_summary(seed, effect):
    plain, treated = small_panel(seed), small_panel(seed, effect=effect)
    for summary in ("simple", "cohort", "calendar", "event"):
        difference = (
            staggered_effect(treated, summary=summary).overall.estimate
            - staggered_effect(plain, summary=summary).overall.estimate
        )
        assert difference == pytest.approx(effect, abs=1e-9)


def test_the_order_of_rows_does_not_matter():
    panel = small_panel(3)
    units, periods = panel.outcomes.shape
    unit, time = np.repeat(np.arange(units), periods), np.tile(panel.times, units)
    first = np.repeat(np.where(panel.first < periods, panel.first + 1.0, np.nan), periods)
    mixed = np.random.default_rng(5).permutation(unit.size)
    found = build_panel(
        panel.outcomes.ravel()[mixed], unit=unit[mixed], time=time[mixed], first_treated=first[mixed]
    )
    assert np.array_equal(found.outcomes, panel.outcomes) and np.array_equal(found.first, panel.first)


def test_clusters_of_one_unit_give_the_errors_of_units_with_students_t():
    panel = small_panel(4)
    clustered = Panel(panel.outcomes, panel.times, panel.first, clusters=np.arange(panel.units))
    alone, together = staggered_effect(panel).overall, staggered_effect(clustered).overall
    factor = np.sqrt(panel.units / (panel.units - 1))
    assert together.standard_error == pytest.approx(alone.standard_error * factor)
    assert together.degrees_of_freedom == panel.units - 1


def test_units_treated_from_the_first_period_are_left_out_and_counted():
    panel = small_panel(6)
    first = panel.first.copy()
    first[-3:] = 0
    found = staggered_effect(Panel(panel.outcomes, panel.times, first))
    assert found.units_left_out == 3 and found.units == panel.units - 3
    assert any("already treated" in caveat for caveat in found.caveats)


def test_redrawing_the_starts_finds_a_large_effect_and_not_nothing():
    random = np.random.default_rng(1)
    null = redraw_starts(small_panel(7), draws=499, random=random)
    strong = redraw_starts(small_panel(7, effect=4.0), draws=499, random=random)
    assert null.p_value > 0.05 and strong.p_value == pytest.approx(1 / 500)
    assert strong.low < 4.0 < strong.high
    observed = staggered_effect(small_panel(7)).overall.estimate
    assert null.estimate == pytest.approx(observed)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first": np.full(60, 7)}, "No unit starts"),
        ({"first": np.full(60, 3)}, "same period"),
        ({"outcomes": np.ones((60, 7))}, "does not vary"),
    ],
)
def test_panels_that_hold_no_comparison_are_refused(change, sentence):
    panel = small_panel(8)
    outcomes = change.get("outcomes", panel.outcomes)
    first = change.get("first", panel.first).astype(float)
    units, periods = outcomes.shape
    with pytest.raises(CannotAnalyse, match=sentence):
        staggered_effect(
            build_panel(
                outcomes.ravel(),
                unit=np.repeat(np.arange(units), periods),
                time=np.tile(np.arange(periods, dtype=float), units),
                first_treated=np.repeat(first, periods),
            )
        )


def test_a_unit_twice_in_a_period_is_refused_with_its_name():
    with pytest.raises(CannotAnalyse, match="“north” appears 2 times in period 2"):
        build_panel(
            np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
            unit=np.array([0, 0, 0, 1, 1]),
            time=np.array([1.0, 2.0, 2.0, 1.0, 2.0]),
            first_treated=np.array([2.0, 2.0, 2.0, np.nan, np.nan]),
            unit_labels=["north", "south"],
        )


def test_a_unit_whose_start_changes_is_refused():
    with pytest.raises(CannotAnalyse, match="changes within unit"):
        build_panel(
            np.array([1.0, 2.0, 3.0, 5.0]),
            unit=np.array([0, 0, 1, 1]),
            time=np.array([1.0, 2.0, 1.0, 2.0]),
            first_treated=np.array([2.0, 1.0, np.nan, np.nan]),
        )
