"""Series and false alarms: guards, and the London figures on which naive methods fail."""

from __future__ import annotations

import csv
import datetime

import numpy as np
import pytest

from folkmoot.core.effects import placebo as placebos
from folkmoot.core.effects.inference import naive_p_value
from folkmoot.core.effects.overlap import rolling_overlap
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.pretrend import pre_trend
from folkmoot.core.effects.reactive import regression_to_the_mean
from folkmoot.core.effects.series import series_effect
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.differences import did_power_from_history


def line(points=60, start=30, step=0.0, bend=0.0, noise=1.0, seed=0):
    periods = np.arange(points, dtype=float)
    after = periods >= start
    random = np.random.default_rng(seed)
    outcome = 5 + 0.1 * periods + step * after + bend * after * (periods - start)
    return outcome + noise * random.standard_normal(points), periods


def test_a_step_and_a_bend_are_found_where_they_were_put():
    outcome, periods = line(step=4.0, bend=0.5, noise=1e-6)
    found = series_effect(outcome, periods=periods, start=30.0)
    assert found.level_change.estimate == pytest.approx(4.0, abs=1e-4)
    assert found.slope_change.estimate == pytest.approx(0.5, abs=1e-5)
    assert found.estimate.estimate == pytest.approx(4.0 + 0.5 * 14.5, abs=1e-4)
    assert (found.points_before, found.points_after) == (30, 30)


@pytest.mark.parametrize("window", [4, 12])
def test_rolling_figures_betray_themselves(window):
    random = np.random.default_rng(3)
    raw = random.standard_normal(160)
    rolling = np.convolve(raw, np.ones(window) / window, mode="valid")
    found = rolling_overlap(rolling)
    assert found.found and found.window == window
    assert found.autocorrelation == pytest.approx(-0.45, abs=0.15)
    assert not rolling_overlap(raw).found


def test_rolling_figures_lose_the_mixed_periods_after_the_start():
    random = np.random.default_rng(4)
    rolling = np.convolve(random.standard_normal(160), np.ones(4) / 4, mode="valid")
    periods = np.arange(rolling.size, dtype=float)
    found = series_effect(rolling, periods=periods, start=80.0)
    assert found.points_left_out == 3
    assert found.residual_autocorrelation < 0.3  # of the periods behind the figures, which are independent
    assert "rolling figures over 4 periods" in found.caveats[0]


def test_a_declared_break_takes_up_a_reworded_question():
    outcome, periods = line(step=0.0, noise=0.1)
    reworded = outcome - 3.0 * (periods >= 15)
    naive = series_effect(reworded, periods=periods, start=30.0)
    declared = series_effect(reworded, periods=periods, start=30.0, breaks=[15.0])
    assert abs(declared.level_change.estimate) < 0.3
    assert declared.level_change.standard_error < naive.level_change.standard_error / 3


@pytest.mark.parametrize(("rho", "window"), [(0.0, 1), (0.6, 1), (0.4, 4)])
def test_intervals_hold_the_truth_though_neighbours_are_alike(rho, window):
    random = np.random.default_rng(14)
    held, usual, points = 0, 0, 48
    for _ in range(200):
        errors = np.empty(points + window - 1)
        errors[0] = random.standard_normal()
        for place in range(1, errors.size):
            errors[place] = rho * errors[place - 1] + np.sqrt(1 - rho**2) * random.standard_normal()
        rolling = np.convolve(errors, np.ones(window) / window, mode="valid")
        words = {"periods": np.arange(float(points)), "start": 24.0, "overlap": window}
        found = series_effect(rolling, **words).estimate
        newey = series_effect(rolling, **words, lags=4).estimate
        assert newey.p_value is None and not newey.is_bounded
        held += found.low <= 0 <= found.high
        usual += naive_p_value(newey) > 0.05
    assert held / 200 > 0.91 and usual < held  # two standard errors below 0.95; the usual errors fall short


def test_a_season_and_a_range_to_leave_out_are_respected():
    outcome, periods = line(points=72, start=36, step=2.0, noise=0.05)
    seasonal = outcome + np.tile([0, 3, 1, -2], 18)
    spoiled = seasonal.copy()
    spoiled[40:44] += 50
    found = series_effect(spoiled, periods=periods, start=36.0, season=4, leave_out=[(40, 43)], overlap=1)
    assert found.level_change.estimate == pytest.approx(2.0, abs=0.2)
    assert found.points_left_out == 4 and any("missing or left out" in caveat for caveat in found.caveats)


def test_counts_and_shares_are_worked_out_on_their_own_scales():
    random = np.random.default_rng(5)
    periods = np.arange(60.0)
    people = np.full(60, 1000.0)
    counts = random.poisson(people * 0.05 * np.exp(0.5 * (periods >= 30))).astype(float)
    found = series_effect(counts, periods=periods, start=30.0, family="poisson", exposure=people, overlap=1)
    assert found.scale == "log rate" and found.estimate.low < 0.5 < found.estimate.high
    yes = random.binomial(1000, 0.3 + 0.1 * (periods >= 30)).astype(float)
    found = series_effect(yes, periods=periods, start=30.0, family="binomial", exposure=people, overlap=1)
    assert found.scale == "log odds"
    assert found.estimate.low < np.log(0.4 / 0.6) - np.log(0.3 / 0.7) < found.estimate.high


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": 3.0}, "needs at least 8"),
        ({"start": 900.0}, "needs at least 8"),
        ({"breaks": [30.0]}, "cannot be told from the effect"),
        ({"breaks": [900.0]}, "outside the series"),
        ({"season": 40}, "two years"),
        ({"family": "poisson"}, "below 0"),
        ({"lags": 200}, "lags"),
        ({"overlap": 14, "lags": 3}, "too few"),
    ],
)
def test_series_that_cannot_carry_a_line_each_side_are_refused(change, sentence):
    outcome, periods = line(seed=2)
    options = {"start": 30.0, **change}
    if change.get("family"):
        outcome = outcome - 100
    with pytest.raises(CannotAnalyse, match=sentence):
        series_effect(outcome, periods=periods, **options)


def test_a_period_twice_is_refused():
    outcome, periods = line()
    with pytest.raises(CannotAnalyse, match="more than once"):
        series_effect(np.append(outcome, 1.0), periods=np.append(periods, 3.0), start=30.0)


@pytest.fixture(scope="module")
def boroughs(corpus):
    """Confidence (“good job”, local) by London borough and quarter, 2014 to 2023: 31 × 37."""
    path = corpus / "surveys" / "PAS_Dashboard_Borough_2014-12_to_2023.csv"
    cells = {}
    with path.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["Measure"] == '"Good Job" local':
                day, month, year = (int(part) for part in row["Date"].split("/"))
                place = row["Borough"].replace("City of Westminster", "Westminster")
                cells[place, datetime.date(year, month, day)] = float(row["Proportion"].replace(",", "."))
    dates = sorted({date for _, date in cells})
    whole = [
        place
        for place in sorted({place for place, _ in cells})
        if all((place, date) in cells for date in dates)
    ]
    return np.array([[cells[place, date] for date in dates] for place in whole])


def rate(figures, method, treated, runs=250):
    return placebos.placebo_rate(
        figures, method=method, treated=treated, runs=runs, random=np.random.default_rng(11)
    ).rate


@pytest.mark.corpus
def test_londons_quarterly_figures_are_found_to_overlap(boroughs):
    found = [rolling_overlap(series) for series in boroughs]
    assert np.mean([one.autocorrelation for one in found]) == pytest.approx(-0.44, abs=0.06)
    assert np.mean([one.found and one.window == 4 for one in found]) > 0.6  # 36 differences each


@pytest.mark.corpus
def test_before_and_after_in_one_borough_cries_wolf(boroughs):
    assert rate(boroughs, placebos.before_after_method(None), 1) > 0.6


@pytest.mark.corpus
@pytest.mark.parametrize("treated", [1, 4, 16])
def test_textbook_differences_in_differences_cry_wolf_and_pooled_changes_do_not(boroughs, treated):
    assert 0.3 < rate(boroughs, placebos.did_method("plain"), treated) < 0.5
    assert rate(boroughs, placebos.did_method("design"), treated) < 0.1
    assert rate(boroughs, placebos.did_method("randomisation"), treated) < 0.08


@pytest.mark.corpus
def test_cr2_with_enough_boroughs_keeps_its_rate(boroughs):
    assert rate(boroughs, placebos.did_method("cr2"), 16, runs=120) < 0.09


@pytest.mark.corpus
def test_power_of_a_rise_of_five_points_in_london(boroughs):
    power = [
        did_power_from_history(
            boroughs, effect=0.05, treated=treated, periods_before=8, periods_after=8,
            random=np.random.default_rng(1),
        ).power
        for treated in (1, 2, 4, 8, 16)
    ]  # fmt: skip
    assert power == pytest.approx([0.22, 0.35, 0.60, 0.79, 0.88], abs=0.04)


def test_a_rate_above_twice_nominal_is_marked():
    random = np.random.default_rng(6)
    walk = np.cumsum(random.standard_normal((20, 30)), axis=1)
    found = placebos.placebo_rate(
        walk, method=placebos.did_method("plain"), treated=5, runs=120, random=random
    )
    assert found.more_than_twice_nominal and found.low > 0.1
    quiet = placebos.placebo_rate(
        walk, method=placebos.did_method("design"), treated=5, runs=120, random=random
    )
    assert not quiet.more_than_twice_nominal


def test_placebo_runs_use_untreated_figures_only():
    outcomes = np.arange(40.0).reshape(8, 5)
    panel = Panel(outcomes, np.arange(5.0), first=np.array([2, 2, 5, 5, 5, 5, 5, 5]))
    assert np.array_equal(placebos.untreated_part(panel, treated=2), outcomes[2:])
    everybody = Panel(np.arange(48.0).reshape(6, 8), np.arange(8.0), first=np.full(6, 5))
    assert placebos.untreated_part(everybody, treated=6).shape == (6, 5)
    with pytest.raises(CannotAnalyse, match="too little"):
        placebos.untreated_part(Panel(outcomes, np.arange(5.0), first=np.full(8, 2)), treated=8)


def test_a_series_is_tried_at_every_date_before_its_start():
    outcome, periods = line(points=40, noise=1.0)
    found = placebos.series_placebo_rate(outcome, periods=periods, overlap=1)
    assert found.runs == 25 and 0 <= found.rate <= 0.5


def test_places_picked_because_they_were_high_fall_back_by_themselves():
    random = np.random.default_rng(7)
    history = 10 + random.standard_normal((40, 1)) + random.standard_normal((40, 12))
    found = regression_to_the_mean(history, picked=4, random=random)
    assert found.share_given_back == pytest.approx(1.0, abs=0.12)
    assert found.fall == pytest.approx(1.75, abs=0.35)  # the mean of the highest 4 of 40 normal draws
    everybody = regression_to_the_mean(history, picked=40, random=random)
    assert abs(everybody.fall) < 0.05


def test_lasting_swings_fall_back_less():
    random = np.random.default_rng(8)
    swings = np.zeros((60, 60))
    for period in range(1, 60):
        swings[:, period] = 0.9 * swings[:, period - 1] + random.standard_normal(60)
    found = regression_to_the_mean(swings, picked=6, random=random)
    assert found.share_given_back == pytest.approx(0.1, abs=0.05)


def test_a_drift_before_the_start_is_found_and_carried_on():
    random = np.random.default_rng(9)
    treated = (np.arange(30) < 12).astype(float)
    outcomes = random.standard_normal((30, 10)) * 0.1 + 0.5 * treated[:, None] * np.arange(10)
    found = pre_trend(outcomes, treated=treated, start=6)
    assert found.drift.low < 0.5 < found.drift.high and found.drift.p_value < 0.001
    assert found.carried_on.estimate == pytest.approx(found.drift.estimate * 5.0)
    with pytest.raises(CannotAnalyse, match="3 are needed"):
        pre_trend(outcomes, treated=treated, start=2)
