"""Pooling of studies: reference values of metafor, examples by hand, properties and refusals."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.synthesis.cautious import cautious_intervals
from folkmoot.core.synthesis.counts import from_counts
from folkmoot.core.synthesis.dependent import cautious_prediction_over_clusters, pool_dependent
from folkmoot.core.synthesis.heterogeneity import METHODS
from folkmoot.core.synthesis.pooling import leave_one_out, pool
from folkmoot.core.synthesis.robustness import what_would_change

Y = np.array([0.3, 0.1, 0.5, 0.2, 0.45, 0.05])
SE = np.array([0.1, 0.08, 0.2, 0.1, 0.15, 0.12])


@pytest.fixture
def vaccine(corpus):
    with (corpus / "statistics" / "dat.bcg.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    cells = [[float(row[name]) for row in rows] for name in ("tpos", "tneg", "cpos", "cneg")]
    found = from_counts(*cells)
    return found.estimates, found.standard_errors


# --- reference values: metafor 3.8 (statistics.md of the project's brief) ---


def test_reml_gives_the_reference_estimate_and_variance_between_studies(vaccine):
    found = pool(*vaccine)
    assert round(found.estimate.estimate, 7) == -0.7145323
    assert round(found.estimate.standard_error, 7) == 0.1797815
    assert round(found.tau2, 7) == 0.3132433
    assert tuple(round(end, 4) for end in found.tau2_interval) == (0.1197, 1.1115)


def test_hartung_and_knapp_gives_the_reference_intervals(vaccine):
    found = pool(*vaccine, knapp_hartung=True)
    assert round(found.estimate.standard_error, 7) == 0.1807917
    assert (round(found.estimate.low, 6), round(found.estimate.high, 6)) == (-1.108444, -0.320621)
    assert tuple(round(end, 3) for end in found.prediction) == (-1.996, 0.567)


def test_dersimonian_and_laird_gives_the_reference(vaccine):
    found = pool(*vaccine, method="dl")
    assert (round(found.estimate.estimate, 7), round(found.tau2, 7)) == (-0.7141172, 0.3087603)


# --- by hand ---


def test_two_equal_studies_pool_to_their_middle_with_half_the_variance():
    found = pool([0.0, 1.0], [1.0, 1.0], method="fixed")
    assert found.estimate.estimate == 0.5
    assert found.estimate.standard_error == pytest.approx(math.sqrt(0.5))
    assert found.q == pytest.approx(0.5)
    assert found.prediction is None
    assert [refusal.part for refusal in found.refused] == ["prediction_interval"]


def test_effects_of_counts_follow_the_textbook():
    found = from_counts([10], [90], [20], [80], measure="rr")
    assert found.estimates[0] == pytest.approx(math.log(0.5))
    assert found.standard_errors[0] == pytest.approx(math.sqrt(1 / 10 - 1 / 100 + 1 / 20 - 1 / 100))
    found = from_counts([0], [10], [2], [8], measure="or")
    assert found.corrected[0]
    assert found.estimates[0] == pytest.approx(math.log(0.5 * 8.5 / (10.5 * 2.5)))


def test_a_study_without_events_says_nothing_of_a_ratio_but_something_of_a_difference():
    assert not from_counts([0], [10], [0], [12], measure="rr").informative[0]
    assert not from_counts([5], [0], [6], [0], measure="or").informative[0]
    assert from_counts([0], [10], [0], [12], measure="rd").informative[0]


def test_few_studies_are_warned_of():
    found = pool(Y[:3], SE[:3], knapp_hartung=True)
    assert any("hardly known" in sentence for sentence in found.caveats)
    assert any("very wide" in sentence for sentence in found.caveats)


def test_estimates_closer_than_chance_allows_leave_no_interval_for_tau2():
    found = pool([0.1, 0.1001, 0.1002, 0.1, 0.1001, 0.1], [0.5] * 6)
    assert found.tau2_interval is None and found.tau2 == 0
    assert any(refusal.part == "tau2_interval" for refusal in found.refused)


def test_cautious_intervals_cover_new_truths_where_the_usual_ones_do_not():
    rng = np.random.default_rng(31)
    usual = cautious = mean = 0
    for _ in range(400):
        errors = rng.uniform(0.05, 0.3, 8)
        y = rng.normal(0.3, 0.15, 8) + rng.normal(size=8) * errors
        new = rng.normal(0.3, 0.15)
        low, high = pool(y, errors, knapp_hartung=True).prediction
        usual += low <= new <= high
        wide = cautious_intervals(y, errors)
        cautious += wide.prediction[0] <= new <= wide.prediction[1]
        mean += wide.mean[0] <= 0.3 <= wide.mean[1]
    assert usual / 400 < 0.91
    assert cautious / 400 > 0.92 and mean / 400 > 0.92


def test_with_many_like_studies_cautious_intervals_come_to_the_usual_ones():
    rng = np.random.default_rng(2)
    y, errors = rng.normal(0, 1, 400), np.full(400, 0.05)
    found, wide = pool(y, errors), cautious_intervals(y, errors)
    assert wide.mean == pytest.approx((found.estimate.low, found.estimate.high), abs=0.004)
    assert wide.prediction == pytest.approx(found.prediction, abs=0.02)


def test_the_cautious_p_value_says_what_the_cautious_interval_says():
    rng = np.random.default_rng(8)
    for mean in (0.0, 0.1, 0.3):
        y, errors = rng.normal(mean, 0.2, 6), rng.uniform(0.05, 0.2, 6)
        p_value = cautious_intervals(y, errors).p_value
        assert 0 < p_value <= 1
        low, high = cautious_intervals(y, errors, level=1 - p_value).mean
        assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-7)
        found = pool(y, errors)
        shown = cautious_intervals(y, errors).over(found.estimate)
        assert shown.estimate == found.estimate.estimate and shown.p_value == p_value
        assert (shown.low <= 0 <= shown.high) is (p_value >= 0.05)


def test_the_jackknife_over_clusters_is_never_narrower_and_is_what_leaving_each_out_gives():
    rng = np.random.default_rng(9)
    for _ in range(10):
        clusters = np.repeat(np.arange(6), rng.integers(1, 5, 6))
        errors = rng.uniform(0.05, 0.3, clusters.size)
        y = rng.normal(0, 0.2, 6)[clusters] + errors * rng.normal(size=clusters.size)
        found = pool_dependent(y, errors, clusters)
        weights = np.array(found.weights)
        moved = [
            found.estimate.estimate - np.average(y[clusters != one], weights=weights[clusters != one])
            for one in range(6)
        ]
        error = found.shown.standard_error
        assert error == pytest.approx(max(np.sqrt(np.sum(np.square(moved))), found.estimate.standard_error))
        assert found.shown.low <= found.estimate.low < found.estimate.high <= found.shown.high
        assert found.shown.p_value >= found.estimate.p_value


def test_prediction_over_clusters_is_that_of_studies_where_each_has_one_effect_and_knows_no_order():
    rng = np.random.default_rng(10)
    y, errors = rng.normal(0, 0.3, 9), rng.uniform(0.05, 0.3, 9)
    alone = cautious_prediction_over_clusters(y, errors, np.arange(9))
    assert alone == pytest.approx(cautious_intervals(y, errors).prediction)
    clusters = np.array([0, 0, 0, 1, 2, 2, 3, 4, 4])
    found = cautious_prediction_over_clusters(y, errors, clusters)
    order = rng.permutation(9)
    again = cautious_prediction_over_clusters(y[order], errors[order], (7 * clusters[order]) % 5)
    assert again == pytest.approx(found)
    few = cautious_prediction_over_clusters(
        np.repeat(y[:4], 5), np.repeat(errors[:4], 5), np.repeat(range(4), 5)
    )
    assert few == pytest.approx(cautious_intervals(y[:4], errors[:4]).prediction)


# --- what would change the conclusion ---


def test_the_bias_said_to_change_the_conclusion_does_so_exactly():
    change = what_would_change(Y, SE)
    assert change.excludes_zero
    assert pool(Y - change.bias * 1.001, SE).estimate.low < 0 < pool(Y - change.bias * 0.999, SE).estimate.low


@pytest.mark.parametrize("method", ["reml", "fixed"])
def test_the_number_of_null_studies_is_the_smallest_that_brings_the_interval_to_zero(method):
    change = what_would_change(Y, SE, method=method)
    found = pool(Y, SE, method=method)

    def low(more: int) -> float:
        weights = 1 / (np.append(SE, [np.median(SE)] * more) ** 2 + found.tau2)
        return float(
            weights @ np.append(Y, np.zeros(more)) / weights.sum() - 1.959964 / math.sqrt(weights.sum())
        )

    assert low(change.null_studies) < 1e-9
    assert low(change.null_studies - 1) > 0


def test_a_single_null_study_of_the_error_said_brings_the_interval_to_zero():
    change = what_would_change(Y, SE, method="fixed")
    pooled = pool(np.append(Y, 0), np.append(SE, change.null_study_error), method="fixed")
    assert pooled.estimate.low == pytest.approx(0, abs=1e-9)


def test_an_interval_with_zero_says_how_many_like_studies_would_exclude_it():
    y = Y - 0.15
    change = what_would_change(y, SE)
    assert not change.excludes_zero and change.null_studies is None
    assert change.more_studies >= 1


def test_leaving_one_out_is_the_pool_of_the_others():
    found = leave_one_out(Y, SE)
    assert found[2].estimate == pool(np.delete(Y, 2), np.delete(SE, 2)).estimate
    with pytest.raises(CannotAnalyse):
        leave_one_out(Y[:2], SE[:2])


# --- dependent effects ---


def test_effects_copied_within_clusters_are_not_taken_for_more_studies():
    clusters = np.repeat(np.arange(6), 5)
    naive = pool(np.repeat(Y, 5), np.repeat(SE, 5))
    honest = pool_dependent(np.repeat(Y, 5), np.repeat(SE, 5), clusters)
    assert honest.estimate.standard_error > 1.8 * naive.estimate.standard_error
    assert honest.estimate.degrees_of_freedom < 6
    assert honest.tau2_within == pytest.approx(0, abs=1e-6)


def test_one_effect_a_cluster_gives_the_ordinary_estimate():
    alone = pool_dependent(Y, SE, np.arange(6))
    assert alone.estimate.estimate == pytest.approx(pool(Y, SE).estimate.estimate)


# --- refusals ---


@pytest.mark.parametrize(
    ("y", "se", "word"),
    [
        ([], [], "no studies"),
        ([1.0], [1.0], "one study"),
        ([1.0, 2.0], [1.0, 0.0], "positive"),
        ([1.0, 2.0], [1.0, -1.0], "positive"),
        ([1.0, math.nan], [1.0, 1.0], "no estimate"),
        ([1.0, 2.0], [1.0], "one standard error"),
        ([1e300, 2.0], [1.0, 1.0], "too small"),
        ([1.0, 2.0], [1e-30, 1.0], "too small"),
    ],
)
def test_studies_that_cannot_be_pooled_are_refused_in_a_sentence(y, se, word):
    with pytest.raises(CannotAnalyse, match=word):
        pool(y, se)


def test_identical_estimates_have_no_hartung_knapp_error():
    with pytest.raises(CannotAnalyse, match="identical"):
        pool([0.2, 0.2, 0.2], [0.1, 0.2, 0.1], knapp_hartung=True)


def test_a_single_cluster_is_refused():
    with pytest.raises(CannotAnalyse, match="one cluster"):
        pool_dependent(Y, SE, np.zeros(6, dtype=int))


@pytest.mark.parametrize("counts", [([-1], [2], [3], [4]), ([1.5], [2], [3], [4]), ([0], [0], [3], [4])])
def test_counts_that_are_none_are_refused(counts):
    with pytest.raises(CannotAnalyse):
        from_counts(*counts)


# --- properties ---

ESTIMATES = st.lists(st.tuples(st.floats(-50, 50), st.floats(1e-3, 20)), min_size=2, max_size=25)


@settings(max_examples=80, deadline=None)
@given(ESTIMATES, st.sampled_from(METHODS), st.booleans())
def test_a_pooled_estimate_lies_among_the_studies_and_moves_with_them(studies, method, knapp_hartung):
    y, se = (np.array(part) for part in zip(*studies, strict=True))
    if np.ptp(y) < 1e-3:
        return
    found = pool(y, se, method=method, knapp_hartung=knapp_hartung)
    assert y.min() - 1e-9 <= found.estimate.estimate <= y.max() + 1e-9
    assert found.tau2 >= 0 and 0 <= found.i2 <= 100
    assert sum(found.weights) == pytest.approx(1)
    shifted = pool(y + 3, se, method=method, knapp_hartung=knapp_hartung)
    assert shifted.estimate.estimate == pytest.approx(found.estimate.estimate + 3, abs=1e-5)
    if found.prediction is not None:
        assert found.prediction[0] <= found.estimate.low and found.estimate.high <= found.prediction[1]
    if found.tau2_interval is not None:
        assert 0 <= found.tau2_interval[0] <= found.tau2_interval[1]


@settings(max_examples=40, deadline=None)
@given(ESTIMATES)
def test_reml_is_the_highest_point_of_its_likelihood(studies):
    from folkmoot.core.synthesis.heterogeneity import _log_likelihood

    y, se = (np.array(part) for part in zip(*studies, strict=True))
    found = pool(y, se).tau2
    at = _log_likelihood(found, y, se**2, restricted=True)
    for other in [0.0, *np.geomspace(1e-6, 5000, 60)]:
        assert at >= _log_likelihood(float(other), y, se**2, restricted=True) - 1e-7
