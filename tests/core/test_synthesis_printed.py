"""From what papers print to an estimate and its error: each route gives back what it was made from."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.synthesis.printed import (
    Printed,
    d_from_log_odds,
    from_correlation,
    from_f,
    from_interval,
    from_means,
    from_p,
    from_p_of_groups,
    from_t,
    from_table,
    widened_for_clusters,
)


def test_means_t_f_and_p_of_the_same_trial_give_the_same_estimate():
    n1, n2, m1, m2, s1, s2 = 30, 25, 10.0, 8.5, 2.0, 2.4
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    t = (m1 - m2) / (pooled * math.sqrt(1 / n1 + 1 / n2))
    p = 2 * stats.t.sf(t, n1 + n2 - 2)
    by_means = from_means(
        mean_treated=m1, sd_treated=s1, n_treated=n1, mean_control=m2, sd_control=s2, n_control=n2
    )
    groups = {"n_treated": n1, "n_control": n2}
    for other in (
        from_t(t, **groups),
        from_f(t**2, favours_treated=True, **groups),
        from_p_of_groups(p, favours_treated=True, **groups),
        from_p_of_groups(p / 2, favours_treated=True, two_sided=False, **groups),
    ):
        assert other.estimate == pytest.approx(by_means.estimate)
        assert other.standard_error == pytest.approx(by_means.standard_error)
    assert from_f(t**2, favours_treated=False, **groups).estimate == pytest.approx(-by_means.estimate)


def test_the_correction_for_small_samples_is_the_exact_one():
    d = 0.8
    found = from_t(d / math.sqrt(1 / 6 + 1 / 6), n_treated=6, n_control=6)
    exact = math.gamma(5) / (math.sqrt(5) * math.gamma(4.5))
    assert found.estimate == pytest.approx(exact * d)


@given(st.floats(-5, 5), st.floats(0.01, 3), st.sampled_from([0.9, 0.95, 0.99]))
def test_an_interval_gives_back_the_error_it_was_made_from(estimate, error, level):
    reach = stats.norm.ppf(0.5 + level / 2) * error
    found = from_interval(estimate, estimate - reach, estimate + reach, level=level)
    assert found.standard_error == pytest.approx(error)
    ratio = from_interval(
        math.exp(estimate), math.exp(estimate - reach), math.exp(estimate + reach), level=level, is_ratio=True
    )
    assert (ratio.estimate, ratio.standard_error) == (pytest.approx(estimate), pytest.approx(error))


def test_a_p_value_gives_back_the_error_it_was_made_from():
    p = 2 * stats.norm.sf(0.4 / 0.15)
    assert from_p(0.4, p).standard_error == pytest.approx(0.15)
    p = 2 * stats.t.sf(0.4 / 0.15, 9)
    assert from_p(0.4, p, degrees_of_freedom=9).standard_error == pytest.approx(0.15)


def test_a_table_of_counts_and_a_correlation_have_their_textbook_errors():
    found = from_table(treated_with=10, treated_without=90, control_with=20, control_without=80, measure="or")
    assert found.estimate == pytest.approx(math.log(10 * 80 / (90 * 20)))
    assert d_from_log_odds(found).estimate == pytest.approx(found.estimate * math.sqrt(3) / math.pi)
    z = from_correlation(0.5, n=28)
    assert (z.estimate, z.standard_error) == (pytest.approx(math.atanh(0.5)), pytest.approx(0.2))


def test_ignored_clusters_widen_the_error():
    plain = Printed("difference of means", 1.0, 0.1, "as printed")
    found = widened_for_clusters(plain, people_per_cluster=21, intraclass_correlation=0.05)
    assert found.standard_error == pytest.approx(0.1 * math.sqrt(2))


@pytest.mark.parametrize(
    "call",
    [
        lambda: from_p(0.0, 0.03),
        lambda: from_p(0.3, 1.0),
        lambda: from_p(0.3, 0.0),
        lambda: from_p_of_groups(0.0, n_treated=10, n_control=10, favours_treated=True),
        lambda: from_interval(2.0, 2.5, 3.0),
        lambda: from_interval(1.9, 1.0, 2.0),
        lambda: from_interval(None, 2.0, 1.0),
        lambda: from_interval(None, -1.0, 1.0, is_ratio=True),
        lambda: from_t(2.0, n_treated=1, n_control=10),
        lambda: from_t(math.nan, n_treated=10, n_control=10),
        lambda: from_f(-1.0, n_treated=10, n_control=10, favours_treated=True),
        lambda: from_correlation(1.0, n=20),
        lambda: from_correlation(0.3, n=3),
        lambda: from_table(treated_with=0, treated_without=9, control_with=0, control_without=9),
        lambda: from_means(
            mean_treated=1, sd_treated=0, n_treated=9, mean_control=1, sd_control=1, n_control=9
        ),
        lambda: d_from_log_odds(Printed("Fisher's z", 0.1, 0.1, "")),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_a_sentence(call):
    with pytest.raises(CannotAnalyse) as refused:
        call()
    assert str(refused.value).endswith((".", "?"))


@pytest.mark.parametrize(("low", "high"), [(1.0, 0.0), (0.0, 1.0), (2.0, -1.0)])
def test_a_ratio_with_an_end_at_or_below_zero_is_refused_in_a_sentence(low, high):
    with pytest.raises(CannotAnalyse, match="positive"):
        from_interval(None, low, high, is_ratio=True)
