"""Errors that hold for few clusters: exact tests, their smallest p-values, and CR2's limits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from folkmoot.core.effects.differences import before_after, did_effect, pooled_change, redraw_treated
from folkmoot.core.effects.displacement import displacement_effect
from folkmoot.core.effects.inference import naive_p_value
from folkmoot.core.effects.randomisation import randomisation_test
from folkmoot.core.effects.regression import cr2_estimate, fit, plain_estimate
from folkmoot.core.effects.trial import trial_effect
from folkmoot.core.effects.wild import wild_bootstrap
from folkmoot.core.errors import CannotAnalyse


def clustered(seed=0, clusters=6, size=5, effect=0.0):
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(clusters), size)
    treated = (group < clusters // 2).astype(float)
    outcome = random.standard_normal(group.size) + random.standard_normal(clusters)[group] + effect * treated
    return outcome, treated, group


def two_column_fit(outcome, treated, group):
    return fit(outcome, design=np.column_stack([treated, np.ones(treated.size)]), clusters=group)


def test_rows_as_their_own_clusters_give_welchs_error():
    outcome, treated, _ = clustered(1)
    found = cr2_estimate(two_column_fit(outcome, treated, np.arange(outcome.size)))
    welch = stats.ttest_ind(outcome[treated == 1], outcome[treated == 0], equal_var=False)
    one, two = outcome[treated == 1], outcome[treated == 0]
    assert found.standard_error**2 == pytest.approx(one.var(ddof=1) / one.size + two.var(ddof=1) / two.size)
    assert found.estimate / found.standard_error == pytest.approx(welch.statistic)


def test_equal_clusters_give_the_t_test_on_their_means():
    outcome, treated, group = clustered(2, clusters=8)
    found = cr2_estimate(two_column_fit(outcome, treated, group))
    means = outcome.reshape(8, 5).mean(axis=1)
    test = stats.ttest_ind(means[:4], means[4:])
    assert found.degrees_of_freedom == pytest.approx(6.0)
    assert found.p_value == pytest.approx(test.pvalue)


def test_degrees_of_freedom_fall_with_the_treated_clusters_not_with_the_rows():
    outcome, _, group = clustered(3, clusters=20, size=30)
    few = (group < 2).astype(float)
    found = cr2_estimate(two_column_fit(outcome, few, group))
    assert found.degrees_of_freedom < 2.0


def test_one_cluster_is_refused():
    outcome, treated, group = clustered(4)
    with pytest.raises(CannotAnalyse, match="only one cluster"):
        cr2_estimate(two_column_fit(outcome, treated, np.zeros_like(group)))


def test_a_treatment_that_a_covariate_repeats_is_refused():
    outcome, treated, group = clustered(5)
    with pytest.raises(CannotAnalyse, match="does not vary once"):
        fit(outcome, design=np.column_stack([treated, np.ones(30), 1 - treated]), clusters=group)


@pytest.mark.parametrize(("clusters", "least"), [(4, 0.125), (6, 0.03125), (10, 2 / 1024)])
def test_the_enumerated_bootstrap_cannot_go_below_two_in_two_to_the_clusters(clusters, least):
    outcome, treated, group = clustered(6, clusters=clusters, effect=50.0)
    found = wild_bootstrap(two_column_fit(outcome, treated, group))
    assert found.enumerated and found.attainable_minimum == least
    assert found.p_value == pytest.approx(least)


def test_with_four_clusters_the_bootstrap_bounds_no_interval():
    outcome, treated, group = clustered(7, clusters=4)
    found = wild_bootstrap(two_column_fit(outcome, treated, group))
    assert found.low is None and found.high is None


def test_the_bootstrap_equals_refitting_every_sign_pattern():
    outcome, treated, group = clustered(8, clusters=6)
    covariate = np.random.default_rng(9).standard_normal(30)
    design = np.column_stack([treated, np.ones(30), covariate])
    found = wild_bootstrap(fit(outcome, design=design, clusters=group))

    def studentised(response):
        bread = np.linalg.inv(design.T @ design)
        coefficients = bread @ design.T @ response
        left = response - design @ coefficients
        scores = np.array([design[group == g].T @ left[group == g] for g in range(6)])
        return coefficients[0] / np.sqrt((bread @ scores.T @ scores @ bread)[0, 0])

    others = design[:, 1:]
    fitted = others @ np.linalg.lstsq(others, outcome, rcond=None)[0]
    left = outcome - fitted
    actual = abs(studentised(outcome))
    draws = [
        abs(studentised(fitted + np.array(signs)[group] * left))
        for signs in itertools.product((1.0, -1.0), repeat=6)
    ]
    assert found.p_value == pytest.approx(np.mean(np.array(draws) >= actual * (1 - 1e-9)))


def test_the_bootstrap_interval_holds_the_effects_it_does_not_reject():
    outcome, treated, group = clustered(10, clusters=10, effect=1.0)
    found = wild_bootstrap(two_column_fit(outcome, treated, group))
    for edge, inside in ((found.low, 1e-3), (found.high, -1e-3)):
        within = wild_bootstrap(two_column_fit(outcome - (edge + inside) * treated, treated, group))
        beyond = wild_bootstrap(two_column_fit(outcome - (edge - inside) * treated, treated, group))
        assert within.p_value > 0.05 >= beyond.p_value


def test_many_clusters_draw_signs_and_say_the_smallest_p_value():
    outcome, treated, group = clustered(11, clusters=20, effect=30.0)
    found = wild_bootstrap(
        two_column_fit(outcome, treated, group), draws=999, random=np.random.default_rng(1)
    )
    assert not found.enumerated and found.attainable_minimum == 1 / 1000
    with pytest.raises(CannotAnalyse, match="source of chance"):
        wild_bootstrap(two_column_fit(outcome, treated, group))


def test_randomisation_counts_every_way_to_draw_the_treated():
    values = np.array([9.0, 8.0, 7.0, 1.0, 2.0, 3.0])
    labels = np.array([1, 1, 1, 0, 0, 0])
    lookup = np.column_stack([np.zeros(6), values - values.mean()])
    own = np.column_stack([np.zeros(6), labels - labels.mean()])
    found = randomisation_test(lookup, of_treatment=own, labels=labels)
    assert (found.assignments, found.p_value, found.attainable_minimum) == (20, 0.1, 0.1)
    assert found.low is None


def test_randomisation_keeps_to_its_blocks():
    values = np.arange(8.0)
    labels = np.array([1, 0] * 4)
    lookup = np.column_stack([np.zeros(8), values])
    own = np.column_stack([np.zeros(8), labels - 0.5])
    found = randomisation_test(
        lookup, of_treatment=own, labels=labels, blocks=np.repeat(np.arange(4), 2), level=0.8
    )
    assert found.assignments == 16 and found.attainable_minimum == 0.125


def test_a_trial_by_lot_gives_the_difference_of_means_within_blocks_by_their_people():
    outcome = np.array([5.0, 6.0, 1.0, 2.0, 10.0, 12.0, 14.0, 4.0, 5.0, 6.0])
    treated = np.array([1, 1, 0, 0, 1, 1, 1, 0, 0, 0.0])
    blocks = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    found = trial_effect(outcome, treated=treated, blocks=blocks)
    assert found.estimate.estimate == pytest.approx((4 * 4.0 + 6 * 7.0) / 10)
    assert found.blocks == 2


def test_receiving_is_the_effect_of_the_draw_over_what_the_draw_moved():
    random = np.random.default_rng(12)
    treated = np.repeat([1.0, 0.0], 100)
    received = treated * (random.random(200) < 0.6)
    outcome = random.standard_normal(200) + 2.0 * received
    found = trial_effect(outcome, treated=treated, received=received)
    assert found.estimate.estimate == pytest.approx(found.offered.estimate / found.take_up.estimate)
    with pytest.raises(CannotAnalyse, match="does not vary"):
        trial_effect(outcome, treated=treated, received=np.zeros(200))
    weak = trial_effect(outcome, treated=treated, received=(random.random(200) < 0.5).astype(float))
    assert any("only weakly" in caveat for caveat in weak.caveats)


@pytest.mark.parametrize("inference", ["cr2", "wild", "randomisation", "plain"])
def test_every_inference_finds_the_same_difference(inference):
    outcome, treated, group = clustered(13, clusters=10, effect=1.0)
    found = trial_effect(
        outcome,
        treated=treated,
        clusters=group,
        inference=inference,
        random=np.random.default_rng(1),
        draws=499,
    )
    assert found.estimate.estimate == pytest.approx(
        outcome[treated == 1].mean() - outcome[treated == 0].mean()
    )
    assert found.estimate.low < found.estimate.estimate < found.estimate.high
    assert found.estimate.is_bounded is (inference != "plain") is (found.estimate.p_value is not None)


def test_nobody_treated_and_one_cluster_an_arm_are_refused():
    outcome, treated, group = clustered(14, clusters=2)
    with pytest.raises(CannotAnalyse, match="nobody to compare"):
        trial_effect(outcome, treated=np.zeros(10))
    with pytest.raises(CannotAnalyse, match="single cluster"):
        trial_effect(outcome, treated=treated, clusters=group)


def did_rows(seed=0, units=12, periods=6, treated=4, start=3, effect=0.0):
    random = np.random.default_rng(seed)
    unit, time = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    status = ((unit < treated) & (time >= start)).astype(float)
    return random.standard_normal(unit.size) + unit / 3 + time / 2 + effect * status, unit, time, status


def test_differences_in_differences_is_the_difference_of_changes():
    outcome, unit, time, status = did_rows()
    found = did_effect(outcome, unit=unit, time=time, treated=status)
    table = outcome.reshape(12, 6)
    change = table[:, 3:].mean(axis=1) - table[:, :3].mean(axis=1)
    assert found.estimate.estimate == pytest.approx(change[:4].mean() - change[4:].mean())
    assert [event.event_time for event in found.event_times] == [-3, -2, 0, 1, 2]
    first = change_from(table, 3)
    assert found.event_times[2].estimate.estimate == pytest.approx(first)
    pooled = pooled_change(table, status.reshape(12, 6))
    test = stats.ttest_ind(change[:4], change[4:])
    assert pooled.p_value == pytest.approx(test.pvalue)


def change_from(table, period):
    change = table[:, period] - table[:, 2]
    return change[:4].mean() - change[4:].mean()


def test_one_treated_place_falls_back_to_the_pooled_change_and_says_so():
    outcome, unit, time, status = did_rows(treated=1)
    found = did_effect(outcome, unit=unit, time=time, treated=status)
    assert found.inference == "design" and found.estimate.degrees_of_freedom == 10
    assert any("single place" in caveat for caveat in found.caveats)
    with pytest.raises(CannotAnalyse, match="single cluster"):
        did_effect(outcome, unit=unit, time=time, treated=status, inference="cr2")


def test_redrawing_who_is_treated_enumerates_and_agrees_with_the_regression():
    outcome, unit, time, status = did_rows(units=8, treated=3)
    found = redraw_treated(outcome.reshape(8, 6), status.reshape(8, 6))
    assert found.assignments == 56 and found.attainable_minimum == pytest.approx(1 / 56)
    regression = did_effect(outcome, unit=unit, time=time, treated=status)
    assert found.estimate == pytest.approx(regression.estimate.estimate)


def test_starts_at_different_times_carry_a_warning():
    outcome, unit, time, _ = did_rows()
    status = ((unit < 4) & (time >= 2 + unit)).astype(float)
    found = did_effect(outcome, unit=unit, time=time, treated=status)
    assert found.starts == 4 and any("staggered" in caveat for caveat in found.caveats)


def test_a_hole_at_the_start_does_not_make_a_second_start():
    outcome, unit, time, status = did_rows()
    keep = np.ones(unit.size, dtype=bool)
    keep[3] = False  # unit 0 is not seen in the first treated period
    found = did_effect(outcome[keep], unit=unit[keep], time=time[keep], treated=status[keep])
    assert found.starts == 1 and not found.balanced


def test_before_and_after_in_one_place_is_a_comparison_of_two_means():
    outcome = np.array([1.0, 2.0, 3.0, 5.0, 6.0, 7.0])
    found = before_after(outcome, unit=np.zeros(6, dtype=int), after=np.array([0, 0, 0, 1, 1, 1.0]))
    test = stats.ttest_ind(outcome[3:], outcome[:3])
    assert found.estimate == pytest.approx(4.0) and found.p_value is None and not found.is_bounded
    assert naive_p_value(found) == pytest.approx(test.pvalue)
    people = before_after(
        outcome, unit=np.zeros(6, dtype=int), after=np.array([0, 0, 0, 1, 1, 1.0]), inference="rows"
    )
    welch = stats.ttest_ind(outcome[3:], outcome[:3], equal_var=False)
    assert people.estimate == pytest.approx(4.0) and people.p_value == pytest.approx(welch.pvalue)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda o, u, t, s: (o, u, t, np.zeros_like(s)), "ever treated"),
        (lambda o, u, t, s: (o, u, t, (t >= 3).astype(float)), "Every unit"),
        (lambda o, u, t, s: (o, u, t, (u < 4).astype(float)), "before the work"),
        (lambda o, u, t, s: (np.append(o, 1.0), np.append(u, 0), np.append(t, 0), np.append(s, 0.0)), "more than once"),
        (lambda o, u, t, s: (np.ones_like(o), u, t, s), "does not vary"),
    ],
)  # fmt: skip
def test_panels_without_a_comparison_are_refused(change, sentence):
    outcome, unit, time, status = change(*did_rows())
    with pytest.raises(CannotAnalyse, match=sentence):
        did_effect(outcome, unit=unit, time=time, treated=status)


def test_the_displacement_difference_is_the_published_example():
    # Wheeler and Ratcliffe 2018
    found = displacement_effect(
        (207, 110), control=(308, 318), treated_surroundings=(178, 157), control_surroundings=(150, 140)
    )
    assert (found.estimate.estimate, found.variance) == (-118.0, 1568.0)
    assert found.z == pytest.approx(-2.98, abs=0.005)
    assert (round(found.estimate.low), round(found.estimate.high)) == (-196, -40)
    assert found.direct.estimate + found.spill_over.estimate == -118.0


@pytest.mark.parametrize("bad", [-1, 2.5, float("nan")])
def test_a_count_that_is_no_count_is_refused(bad):
    with pytest.raises(CannotAnalyse, match="whole number"):
        displacement_effect(
            (bad, 1), control=(1, 1), treated_surroundings=(1, 1), control_surroundings=(1, 1)
        )


@given(seed=st.integers(0, 10**6), effect=st.floats(-10, 10))
@settings(max_examples=20, deadline=None)
def test_an_effect_added_to_the_treated_is_added_to_the_estimate(seed, effect):
    outcome, unit, time, status = did_rows(seed)
    before = did_effect(outcome, unit=unit, time=time, treated=status).estimate
    after = did_effect(outcome + effect * status, unit=unit, time=time, treated=status).estimate
    assert after.estimate - before.estimate == pytest.approx(effect, abs=1e-8)
    assert after.standard_error == pytest.approx(before.standard_error, rel=1e-6)


def test_textbook_errors_are_those_of_ordinary_least_squares():
    outcome, treated, group = clustered(15)
    found = plain_estimate(two_column_fit(outcome, treated, group))
    test = stats.ttest_ind(outcome[treated == 1], outcome[treated == 0])
    assert found.p_value == pytest.approx(test.pvalue)
