"""Survey estimates: reference values of R's survey package, examples by hand, and what is refused."""

from __future__ import annotations

import csv
import math
import pathlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import Design, survey_design
from folkmoot.core.estimates.linear import allowing_for_skew, mean, proportion, ratio, total
from folkmoot.core.estimates.quantile import quantile
from folkmoot.core.estimates.raking import Margin, rake, rake_and_trim, trim
from folkmoot.core.estimates.regression import regression


def columns(file: pathlib.Path) -> dict[str, np.ndarray]:
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found: dict[str, np.ndarray] = {}
    for name in rows[0]:
        words = [row[name] for row in rows]
        try:
            found[name] = np.array([float(word) for word in words])
        except ValueError:
            found[name] = np.array(words)
    return found


def margin(variable: str, labels: np.ndarray, totals: dict[str, float]) -> Margin:
    levels, codes = np.unique(labels, return_inverse=True)
    return Margin(variable, tuple(levels), np.array([totals[level] for level in levels], float), codes)


# --- reference values: R 4.2, survey 4.1 (statistics.md of the project's brief) ---


def test_a_stratified_sample_gives_the_reference_mean_total_and_design_effect(corpus):
    d = columns(corpus / "statistics" / "apistrat.csv")
    design = survey_design(200, weights=d["pw"], strata=[d["stype"]], fpc=[d["fpc"]])
    found = mean(d["api00"], design)
    assert round(found.estimate.estimate, 4) == 662.2874
    assert round(found.estimate.standard_error, 4) == 9.4089
    assert round(found.design_effect, 4) == 1.2045
    assert found.estimate.degrees_of_freedom == 197
    enrolled = total(d["enroll"], design).estimate
    assert (round(enrolled.estimate, 1), round(enrolled.standard_error, 1)) == (3687177.5, 114641.7)


def test_a_cluster_sample_gives_the_reference_mean_and_ratio(corpus):
    d = columns(corpus / "statistics" / "apiclus1.csv")
    design = survey_design(len(d["pw"]), weights=d["pw"], clusters=[d["dnum"]], fpc=[d["fpc"]])
    found = mean(d["api00"], design).estimate
    assert (round(found.estimate, 4), round(found.standard_error, 4)) == (644.1694, 23.5422)
    found = ratio(d["api.stu"], d["enroll"], design).estimate
    assert (round(found.estimate, 7), round(found.standard_error, 7)) == (0.8497087, 0.0083863)


@pytest.mark.parametrize(("with_fpc", "error"), [(False, 23.94201), (True, 23.70362)])
def test_raking_gives_the_reference_mean_with_residuals_from_the_base_weights(corpus, with_fpc, error):
    d = columns(corpus / "statistics" / "apiclus1.csv")
    fpc = [d["fpc"]] if with_fpc else []
    design = survey_design(len(d["pw"]), weights=d["pw"], clusters=[d["dnum"]], fpc=fpc)
    margins = [
        margin("stype", d["stype"], {"E": 4421, "H": 755, "M": 1018}),
        margin("sch.wide", d["sch.wide"], {"No": 1072, "Yes": 5122}),
    ]
    found = mean(d["api00"], rake(design, margins)).estimate
    assert (round(found.estimate, 7), round(found.standard_error, 5)) == (641.2303209, error)


# --- by hand ---


def test_a_simple_random_sample_has_the_textbook_error():
    y = np.array([2.0, 4.0, 4.0, 6.0, 9.0])
    found = mean(y, survey_design(5, fpc=[np.full(5, 50)])).estimate
    by_hand = math.sqrt((1 - 5 / 50) * y.var(ddof=1) / 5)
    assert found.estimate == 5.0
    assert found.standard_error == pytest.approx(by_hand)
    assert found.low == pytest.approx(5 - 2.7764451051977987 * by_hand)


def test_weights_follow_from_population_sizes_where_none_are_given():
    design = survey_design(4, strata=[["a", "a", "b", "b"]], fpc=[[10, 10, 40, 40]])
    assert design.weights.tolist() == [5, 5, 20, 20]
    assert total([1, 3, 2, 4], design).estimate.estimate == 5 * 4 + 20 * 6


def test_a_census_has_no_error_and_shares_drawn_equal_population_sizes():
    y = [1.0, 2.0, 3.0, 5.0]
    whole = survey_design(4, fpc=[[1.0] * 4])
    assert mean(y, whole).estimate.standard_error == 0
    half, eight = survey_design(4, fpc=[[0.5] * 4]), survey_design(4, fpc=[[8] * 4])
    assert mean(y, half).estimate == mean(y, eight).estimate


def test_a_part_of_the_sample_keeps_the_clusters_that_hold_none_of_it():
    clusters = np.repeat(np.arange(6), 3)
    y = np.arange(18.0)
    design = survey_design(18, weights=np.full(18, 2.0), clusters=[clusters])
    part = np.flatnonzero(clusters < 3)
    kept = total(y, design, rows=part).estimate.standard_error
    zeros = total(np.where(clusters < 3, y, 0), design).estimate.standard_error
    cut_out = survey_design(9, weights=np.full(9, 2.0), clusters=[clusters[:9]])
    assert kept == pytest.approx(zeros)
    assert kept > total(y[:9], cut_out).estimate.standard_error


def test_a_small_part_of_many_units_has_the_same_error_by_either_way_of_adding_up():
    rng = np.random.default_rng(4)
    y = rng.normal(size=4000)
    strata = rng.integers(0, 7, 4000)
    design = survey_design(4000, weights=rng.uniform(1, 3, 4000), strata=[strata], fpc=[np.full(4000, 9000)])
    part = np.flatnonzero(rng.random(4000) < 0.02)
    assert len(part) * 20 < 4000
    inside = np.zeros(4000, dtype=bool)
    inside[part] = True
    assert total(y, design, rows=part).estimate.standard_error == pytest.approx(
        total(np.where(inside, y, 0.0), design).estimate.standard_error
    )


def test_a_row_of_weight_zero_is_not_counted_but_keeps_its_cluster():
    y = np.array([1.0, 2, 3, 4, 100, 200])
    clusters = [[0, 0, 1, 1, 2, 2]]
    found = mean(y, survey_design(6, weights=[1, 1, 1, 1, 0, 0], clusters=clusters))
    assert (found.estimate.estimate, found.n, found.clusters) == (2.5, 4, 2)


def test_a_proportion_stays_inside_0_and_1_and_is_exact_where_nobody_has_it():
    y = np.zeros(40)
    design = survey_design(40)
    found = proportion(y, design)
    assert found.estimate.low == 0
    assert found.estimate.high == pytest.approx(1 - 0.025 ** (1 / 40))
    assert found.estimate.standard_error is None
    y[0] = 1
    rare = proportion(y, design).estimate
    assert 0 < rare.low < 1 / 40 < rare.high < 0.2
    clustered = proportion(np.ones(40), survey_design(40, clusters=[np.arange(40) // 10]))
    assert clustered.estimate.low == pytest.approx(0.025 ** (1 / 4))  # as many as there are clusters


def test_lonely_units_are_refused_or_treated_by_the_stated_rule():
    y, w, strata = [1.0, 3.0, 8.0], [1.0, 1.0, 1.0], ["a", "a", "b"]
    with pytest.raises(CannotAnalyse, match="single sampled row"):
        survey_design(3, weights=w, strata=[strata])
    centred = survey_design(3, weights=w, strata=[strata], lonely="centre")
    certain = survey_design(3, weights=w, strata=[strata], lonely="certainty")
    # by hand: residuals (−3, −1, 4)/3; stratum a: 2 · (1/9 + 1/9), and the lonely one 16/9 or nothing
    assert mean(y, centred).estimate.standard_error == pytest.approx(math.sqrt(4 / 9 + 16 / 9))
    assert mean(y, certain).estimate.standard_error == pytest.approx(math.sqrt(4 / 9))
    assert any("single sampled unit" in sentence for sentence in centred.caveats)


def test_a_median_is_the_smallest_value_that_half_do_not_exceed():
    y = np.array([10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110])
    found = quantile(y, survey_design(11))
    assert found.estimate.estimate == 60
    assert found.estimate.low < 60 < found.estimate.high
    weighted = quantile(y, survey_design(11, weights=[100, *[1] * 10]))
    assert weighted.estimate.estimate == 10
    assert any("smallest value" in sentence for sentence in weighted.caveats) or weighted.estimate.low == 10


def test_regression_on_a_constant_shift_changes_only_the_intercept():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=80), rng.normal(size=80)
    design = survey_design(80, weights=rng.uniform(1, 9, 80), clusters=[np.arange(80) // 4])
    near = regression(y, [("x", x)], design).terms[1].estimate
    far = regression(y, [("x", x + 1e6)], design).terms[1].estimate
    assert near.estimate == pytest.approx(far.estimate, rel=1e-8)
    assert near.standard_error == pytest.approx(far.standard_error, rel=1e-8)


def test_raking_to_one_margin_is_post_stratification():
    labels = np.array(["a"] * 6 + ["b"] * 4)
    design = survey_design(10, weights=np.full(10, 3.0))
    found = rake(design, [margin("g", labels, {"a": 10, "b": 90})])
    assert found.weights[labels == "a"].sum() == pytest.approx(10)
    assert found.weights[labels == "b"].sum() == pytest.approx(90)
    # what the margin explains wholly has no error left
    assert total((labels == "b").astype(float), found).estimate.standard_error == pytest.approx(0, abs=1e-9)


def test_margins_that_disagree_a_little_are_scaled_and_said_and_a_lot_refused():
    labels, other = np.array(["a", "b"] * 10), np.array(["x"] * 10 + ["y"] * 10)
    design = survey_design(20)
    found = rake(design, [margin("g", labels, {"a": 50, "b": 50}), margin("h", other, {"x": 49, "y": 52})])
    assert any("scaled" in sentence for sentence in found.caveats)
    with pytest.raises(CannotAnalyse, match="same population"):
        rake(design, [margin("g", labels, {"a": 50, "b": 50}), margin("h", other, {"x": 90, "y": 52})])


def test_impossible_margins_are_refused_instead_of_going_on_for_ever():
    left, right = np.array(["a", "a", "b", "b"]), np.array(["x", "x", "y", "y"])
    with pytest.raises(CannotAnalyse, match="do not settle"):
        rake(
            survey_design(4),
            [margin("g", left, {"a": 10, "b": 90}), margin("h", right, {"x": 50, "y": 50})],
        )


def test_trimming_keeps_the_sum_of_weights_and_says_what_it_costs():
    weights = np.array([1.0] * 20 + [50.0])
    found = trim(survey_design(21, weights=weights), most=5)
    assert found.weights.sum() == pytest.approx(weights.sum())
    assert found.weights.max() <= 5.0001
    assert any("bias" in sentence for sentence in found.caveats)


def test_raked_and_trimmed_weights_meet_the_margins_and_the_bound():
    rng = np.random.default_rng(8)
    labels = rng.choice(["a", "b", "c"], 300)
    design = survey_design(300, weights=rng.lognormal(0, 1, 300))
    found = rake_and_trim(design, [margin("g", labels, {"a": 400, "b": 300, "c": 300})], most=4)
    assert found.weights[labels == "a"].sum() == pytest.approx(400)
    assert found.weights.max() / np.median(found.weights) <= 4.01


# --- refusals: each one sentence ---


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"weights": [1, -1, 1, 1]}, "negative"),
        ({"weights": [0, 0, 0, 0]}, "zero"),
        ({"weights": [1, math.nan, 1, 1]}, "no weight"),
        ({"weights": [1, math.inf, 1, 1]}, "infinite"),
        ({"clusters": [[1, 1, 1, 1]]}, "only one cluster"),
        ({"fpc": [[2, 2, 2, 2]]}, "More units were drawn"),
        ({"fpc": [[10, 10, 10, 11]]}, "differs within a stratum"),
        ({"fpc": [[0.5, 0.5, 10, 10]]}, "both"),
        ({"strata": [["a", "a", "b", None]]}, "no stratum"),
        ({"strata": [[1, 1, 2, 2], [1, 1, 1, 1]]}, "stages"),
        ({"lonely": "guess"}, "no rule"),
    ],
)
def test_a_design_that_cannot_be_is_refused_in_a_sentence(arguments, word):
    with pytest.raises(CannotAnalyse, match=word) as refused:
        survey_design(4, **arguments)
    assert str(refused.value).endswith(".")


def test_outcomes_that_carry_no_estimate_are_refused():
    design = survey_design(4)
    for call, word in (
        (lambda: mean([math.nan] * 4, design), "missing on every row"),
        (lambda: mean([3.0] * 4, design), "does not vary"),
        (lambda: quantile([3.0] * 4, design), "does not vary"),
        (lambda: ratio([1.0, 2, 3, 4], [1.0, -1, 1, -1], design), "adds up to zero"),
        (lambda: ratio([1.0, 2, 3, 4], [2.0, 4, 6, 8], design), "same multiple"),
        (lambda: proportion([0.5, 1, 0, 1], design), "0 and 1"),
        (lambda: mean([1e300, 2, 3, 4], design), "too large"),
        (lambda: regression([1.0, 2, 3, 5], [("x", [1.0, 1, 1, 1])], design), "does not vary"),
        (lambda: regression([1.0, 2, 3, 4], [("x", [1.0, 2, 3, 4])], design), "exactly"),
        (
            lambda: regression([1.0, 2, 3, 5], [("x", [1.0, 2, 3, 4]), ("z", [2.0, 4, 6, 8])], design),
            "“z” follows",
        ),
        (
            lambda: regression([0, 0, 1, 1], [("x", [1.0, 2, 3, 4])], design, family="logistic"),
            "perfectly",
        ),
        (lambda: mean([1.0, 2, math.nan, math.nan], clustered()), "one cluster"),
    ):
        with pytest.raises(CannotAnalyse, match=word):
            call()


def clustered() -> Design:
    return survey_design(4, clusters=[[1, 1, 2, 2]])


# --- properties ---

NUMBERS = st.floats(-1e6, 1e6)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_sample_ends_in_anything_but_an_estimate_or_a_sentence(data):
    n = data.draw(st.integers(0, 12))
    anything = st.one_of(NUMBERS, st.just(math.nan), st.just(0.0), st.floats(allow_nan=True))
    y = data.draw(st.lists(anything, min_size=n, max_size=n))
    weights = data.draw(st.none() | st.lists(st.floats(-1, 1e9), min_size=n, max_size=n))
    labels = st.lists(st.integers(-1, 4), min_size=n, max_size=n)
    strata, clusters = data.draw(st.lists(labels, max_size=2)), data.draw(st.lists(labels, max_size=3))
    fpc = data.draw(st.lists(st.lists(st.floats(0, 50), min_size=n, max_size=n), max_size=2))
    lonely = data.draw(st.sampled_from(["refuse", "centre", "certainty"]))
    try:
        design = survey_design(n, weights=weights, strata=strata, clusters=clusters, fpc=fpc, lonely=lonely)
    except CannotAnalyse:
        return
    for estimate in (
        lambda: mean(y, design),
        lambda: total(y, design),
        lambda: quantile(y, design, at=0.3),
        lambda: ratio(y, y[::-1], design),
        lambda: regression(y, [("x", y[::-1])], design).terms[1],
        lambda: proportion([float(value > 0) for value in y], design),
    ):
        try:
            found = estimate()
        except CannotAnalyse:
            continue
        e = found.estimate
        assert math.isfinite(e.estimate) and e.low <= e.estimate <= e.high


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1000), min_size=4, max_size=30), st.floats(0.01, 100), st.integers(0, 10**6))
def test_a_mean_does_not_depend_on_the_unit_of_weights_or_the_order_of_rows(values, unit, seed):
    y = np.array(values)
    if np.ptp(y) < 1e-6:
        return
    rng = np.random.default_rng(seed)
    weights, clusters = rng.uniform(1, 4, len(y)), np.arange(len(y)) // 2
    order = rng.permutation(len(y))
    plain = mean(y, survey_design(len(y), weights=weights, clusters=[clusters])).estimate
    other = mean(
        y[order], survey_design(len(y), weights=unit * weights[order], clusters=[clusters[order]])
    ).estimate
    assert other.estimate == pytest.approx(plain.estimate)
    assert other.standard_error == pytest.approx(plain.standard_error, rel=1e-6, abs=1e-9)


def test_a_mean_carried_by_a_few_large_values_says_so():
    random = np.random.default_rng(3)
    incomes, scores = np.exp(random.normal(0, 1.2, 80)), random.normal(5, 2, 80)
    said = mean(incomes, survey_design(80)).caveats
    assert any("a median is steadier" in sentence for sentence in said)
    assert not any("a median is steadier" in sentence for sentence in mean(scores, survey_design(80)).caveats)


def test_the_interval_that_allows_for_skew_is_led_back_through_halls_cubic():
    low, high = allowing_for_skew(10.0, 2.0, 0.4, freedom=11.0, level=0.95)
    reach = stats.t.ppf(0.975, 11)
    for end, wanted in ((low, reach), (high, -reach)):
        t = (10.0 - end) / 2.0
        assert t + 0.4 * t**2 / 3 + 0.4**2 * t**3 / 27 + 0.4 / 6 == pytest.approx(wanted)
    assert allowing_for_skew(10.0, 2.0, 0.0, freedom=11.0, level=0.95) == pytest.approx(
        (10 - 2 * reach, 10 + 2 * reach)
    )


@given(st.lists(st.floats(-50, 50), min_size=4, max_size=30), st.floats(1, 4))
def test_the_cautious_interval_is_never_inside_the_plain_one_and_leans_to_the_large_values(values, power):
    outcome = np.exp(np.array(values) / 25 * power)
    if np.ptp(outcome) < 1e-6:
        return
    found = mean(outcome, survey_design(len(outcome)))
    assert found.cautious is not None
    assert found.cautious[0] <= found.estimate.low and found.estimate.high <= found.cautious[1]
    above, below = found.cautious[1] - found.estimate.high, found.estimate.low - found.cautious[0]
    third = float(((outcome - outcome.mean()) ** 3).sum())
    assert (above >= below) if third > 0 else (below >= above)


def test_weights_that_are_scaled_get_the_design_effect_that_means_something_said():
    values, weights = np.arange(60.0) % 7, np.tile([0.8, 1.2, 1.9], 20)
    again = mean(values, survey_design(60, weights=weights / weights.mean()))
    scaled = mean(values, survey_design(60, weights=weights))
    assert scaled.design_effect > 3 * again.design_effect
    assert any(f"with replacement it is {again.design_effect:.2f}" in one for one in scaled.caveats)
    counted = mean(values, survey_design(60, weights=weights * 100))
    assert not counted.caveats and counted.design_effect == pytest.approx(again.design_effect, rel=0.02)
