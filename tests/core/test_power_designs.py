"""Designs forwards: published values, simulation and properties."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from folkmoot.analyse.command import main
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.differences import did_power, did_power_from_history, history_spread
from folkmoot.core.power.stepped_wedge import stepped_wedge_power
from folkmoot.core.power.survey import interviews_needed, survey_power
from folkmoot.core.power.two_arm import power_of_two_means, smallest_difference_of_means


@pytest.mark.parametrize(("autocorrelation", "power"), [(1.0, 0.605), (0.8, 0.450)])
def test_the_stepped_wedge_of_the_reference(autocorrelation, power):
    found = stepped_wedge_power(
        0.1, clusters=24, steps=4, per_cell=50, icc=0.05, cluster_autocorrelation=autocorrelation
    )
    assert round(found.power, 3) == power


def test_a_wedge_in_which_all_start_together_is_refused():
    with pytest.raises(CannotAnalyse, match="passing of time"):
        stepped_wedge_power(0.5, clusters=10, steps=1, per_cell=20, icc=0.1)


def test_a_wedge_of_two_steps_by_hand():
    # one cluster a step, clusters exactly alike: period 2 alone compares a treated with an untreated cluster
    found = stepped_wedge_power(1.0, clusters=2, steps=2, per_cell=10, icc=0.0)
    assert found.variance == pytest.approx(2 / 10)


def test_the_smallest_visible_effect_of_a_wedge_has_the_power_wanted():
    found = stepped_wedge_power(0.1, clusters=24, steps=4, per_cell=50, icc=0.05)
    again = stepped_wedge_power(found.minimum_detectable_effect, clusters=24, steps=4, per_cell=50, icc=0.05)
    assert again.power == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize(
    "bad",
    [
        {"clusters": 1}, {"steps": 0}, {"clusters": 3}, {"per_cell": 0}, {"icc": 1.0}, {"icc": -0.1},
        {"cluster_autocorrelation": 1.2}, {"effect": 0.0}, {"alpha": 0.0}, {"standard_deviation": 0.0},
    ],
)  # fmt: skip
def test_a_wedge_that_cannot_be_is_refused(bad):
    words = {"effect": 0.1, "clusters": 8, "steps": 4, "per_cell": 20, "icc": 0.05, **bad}
    with pytest.raises(CannotAnalyse, match=r"\.$"):
        stepped_wedge_power(words.pop("effect"), **words)


def test_two_waves_of_a_survey_by_hand():
    found = survey_power(interviews=1000, baseline=0.5, change=0.05, design_effect=1.5)
    error = np.sqrt((0.25 + 0.55 * 0.45) * 1.5 / 1000)
    assert found.power == pytest.approx(stats.norm.cdf(0.05 / error - stats.norm.ppf(0.975)))
    assert found.margin == pytest.approx(1.959964 * np.sqrt(0.25 * 1.5 / 1000), rel=1e-6)
    least = survey_power(
        interviews=1000, baseline=0.5, change=found.minimum_detectable_effect, design_effect=1.5
    )
    assert least.power == pytest.approx(0.8, abs=1e-6)


@given(change=st.floats(0.01, 0.3), baseline=st.floats(0.05, 0.65), effect=st.floats(1, 4))
@settings(max_examples=40, deadline=None)
def test_the_interviews_needed_are_enough_and_one_fewer_is_not(change, baseline, effect):
    needed = interviews_needed(change, baseline=baseline, design_effect=effect)
    enough = survey_power(interviews=needed, baseline=baseline, change=change, design_effect=effect)
    assert enough.power >= 0.8 - 1e-9
    if needed > 3:
        fewer = survey_power(interviews=needed - 1, baseline=baseline, change=change, design_effect=effect)
        assert fewer.power < 0.8


def test_autocorrelation_makes_many_periods_worth_less():
    words = {
        "treated": 8, "compared": 12, "periods_before": 8, "periods_after": 8, "standard_deviation": 1.0,
    }  # fmt: skip
    independent = did_power(0.5, **words)
    lasting = did_power(0.5, **words, autocorrelation=0.8)
    assert independent.power > lasting.power + 0.2


def test_the_formula_is_what_a_simulation_finds():
    random = np.random.default_rng(1)
    found = did_power(
        1.0,
        treated=5,
        compared=9,
        periods_before=4,
        periods_after=3,
        standard_deviation=1.0,
        autocorrelation=0.5,
    )
    alarms = 0
    for _ in range(3000):
        swings = np.empty((14, 7))
        swings[:, 0] = random.standard_normal(14)
        for period in range(1, 7):
            swings[:, period] = 0.5 * swings[:, period - 1] + np.sqrt(0.75) * random.standard_normal(14)
        change = swings[:, 4:].mean(axis=1) - swings[:, :4].mean(axis=1)
        change[:5] += 1.0
        alarms += stats.ttest_ind(change[:5], change[5:]).pvalue < 0.05
    assert found.power == pytest.approx(alarms / 3000, abs=0.03)


def test_a_history_of_independent_swings_gives_the_formulas_answer():
    random = np.random.default_rng(2)
    history = random.standard_normal((60, 40)) + random.standard_normal((60, 1)) + np.linspace(0, 5, 40)
    found = did_power_from_history(
        history, effect=0.6, treated=10, compared=20, periods_before=6, periods_after=6, random=random
    )
    formula = did_power(
        0.6, treated=10, compared=20, periods_before=6, periods_after=6, standard_deviation=1.0
    )
    assert found.power == pytest.approx(formula.power, abs=0.06)
    assert found.false_alarm_rate == pytest.approx(0.05, abs=0.02)
    assert found.minimum_detectable_effect == pytest.approx(formula.minimum_detectable_effect, rel=0.1)
    spread, carried = history_spread(history)
    assert spread == pytest.approx(1.0, abs=0.05) and abs(carried) < 0.06


def test_the_smallest_difference_of_means_has_the_power_wanted():
    least = smallest_difference_of_means(standard_deviation=2.0, per_arm=50)
    assert power_of_two_means(least, standard_deviation=2.0, per_arm=50) == pytest.approx(0.8, abs=1e-9)


def ask(capsys, *words):
    status = main(["power", *[str(word) for word in words]])
    out, error = capsys.readouterr()
    return status, json.loads(out) if status == 0 else error


def test_the_command_answers_with_power_the_smallest_effect_and_a_grid(capsys):
    status, found = ask(
        capsys, "--design", "stepped-wedge", "--clusters", 24, "--steps", 4, "--per-cell", 50, "--icc", 0.05,
        "--effect", 0.1, "--cac", 1, 0.8,
    )  # fmt: skip
    assert status == 0 and round(found["power"], 3) == 0.605
    assert [(row["cac"], round(row["power"], 3)) for row in found["by"]] == [(1, 0.605), (0.8, 0.45)]
    assert found["n"]["clusters"] == 24 and "caveats" in found and found["refused"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["--design", "survey", "--effect", 0.05, "--baseline", 0.5],
        ["--design", "survey", "--interviews", 500, "--sd", 2],
        ["--design", "trial", "--effect", 0.3],
        ["--design", "trial", "--effect", 0.05, "--baseline", 0.4, "--n", 2000],
        ["--design", "cluster", "--effect", 0.3, "--clusters", 20, "--cluster-size", 30, "--icc", 0.02],
        ["--design", "did", "--effect", 0.5, "--treated", 4, "--compared", 20, "--sd", 1],
    ],
)  # fmt: skip
def test_every_design_answers_with_the_parts_that_interfaces_fix(capsys, words):
    status, found = ask(capsys, *words)
    assert status == 0
    assert {"verb", "method", "n", "caveats", "version", "minimum_detectable_effect", "by"} <= found.keys()
    assert len(found["by"]) > 1 and "0.05" not in found["by"][0]


def test_a_history_file_brings_its_own_correlation(capsys, tmp_path):
    random = np.random.default_rng(3)
    rows = ["place,quarter,confidence"]
    for place in range(20):
        value = 0.0
        for quarter in range(24):
            value = 0.8 * value + random.standard_normal()
            rows.append(f"place {place},{2015 + quarter // 4}-Q{quarter % 4 + 1},{value:.4f}")
    file = tmp_path / "history.csv"
    file.write_text("\n".join(rows))
    words = [
        "--design",
        "did",
        "--treated",
        5,
        "--effect",
        1,
        "--outcome",
        "confidence",
        "--unit",
        "place",
        "--time",
        "quarter",
    ]
    status, found = ask(capsys, *words, "--history", file)
    assert status == 0
    assert found["history"]["autocorrelation"] == pytest.approx(0.75, abs=0.15)
    assert found["false_alarm_rate"] < 0.09
    assert [row["treated"] for row in found["by"]] == [1, 2, 4, 8, 16]
    file.write_text("\n".join(rows[:-3]))
    status, sentence = ask(capsys, *words, "--history", file)
    assert status == 1 and "holes" in sentence


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "effect",
                    "sd",
                    "baseline",
                    "interviews",
                    "design-effect",
                    "correlation",
                    "per-arm",
                    "n",
                    "clusters",
                    "clusters-per-arm",
                    "cluster-size",
                    "icc",
                    "cv",
                    "steps",
                    "per-cell",
                    "cac",
                    "treated",
                    "compared",
                    "periods-before",
                    "periods-after",
                    "autocorrelation",
                    "alpha",
                ]
            ),
            st.one_of(
                st.sampled_from([0, 1, 2, -1, 0.5, 0.05, 1e-300, 1e300, 24, 1000]),
                st.floats(allow_nan=True, allow_infinity=True),
            ),
        ),
        max_size=9,
    ),
    st.sampled_from(["survey", "trial", "cluster", "stepped-wedge", "did"]),
)
@settings(max_examples=300, deadline=None)
def test_no_options_make_a_traceback(options, design):
    words = [f"--design={design}"]
    for name, value in dict(options).items():
        words += [f"--{name}", repr(float(value))] if value >= 0 else [f"--{name}={float(value)!r}"]
    try:
        status = main(["power", *words])
    except SystemExit as stop:
        status = stop.code
    assert status in (0, 1, 2)
