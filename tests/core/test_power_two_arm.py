"""Two groups: sample sizes against R 4.2's power.t.test and power.prop.test (tol = 1e-12)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.two_arm import (
    design_effect,
    power_of_two_means,
    two_arm_means,
    two_arm_proportions,
)

# power.t.test(delta, sd = 1, power, sig.level)$n
MEANS = [
    (0.2, 0.8, 0.05, 393.406656228),
    (0.2, 0.8, 0.01, 585.609265580),
    (0.2, 0.95, 0.05, 650.697451809),
    (0.2, 0.95, 0.01, 892.368664388),
    (0.5, 0.8, 0.05, 63.765763725),
    (0.5, 0.95, 0.01, 144.182703751),
    (1.3, 0.8, 0.05, 10.343051515),
    (3.0, 0.8, 0.05, 3.070009747),
    (3.0, 0.95, 0.01, 5.876480940),
]
# power.prop.test(p1, p2, power)$n
SHARES = [
    (0.5, 0.55, 0.8, 1564.672052775),
    (0.5, 0.55, 0.95, 2589.478937510),
    (0.1, 0.15, 0.8, 685.596858325),
    (0.7, 0.4, 0.8, 41.970253122),
    (0.02, 0.01, 0.95, 3836.971427478),
]


@pytest.mark.parametrize(("change", "power", "alpha", "expected"), MEANS)
def test_people_per_group_for_a_mean_are_those_of_r(
    change: float, power: float, alpha: float, expected: float
) -> None:
    size = two_arm_means(change, standard_deviation=1.0, power=power, alpha=alpha)
    assert size.per_arm_exact == pytest.approx(expected, abs=2e-6)
    assert size.per_arm == math.ceil(expected)
    assert size.power >= power


@pytest.mark.parametrize(("before", "after", "power", "expected"), SHARES)
def test_people_per_group_for_a_share_are_those_of_r(
    before: float, after: float, power: float, expected: float
) -> None:
    size = two_arm_proportions(after - before, baseline=before, power=power)
    assert size.per_arm_exact == pytest.approx(expected, rel=1e-7)
    assert size.per_arm == math.ceil(expected)


def test_the_unit_of_the_outcome_does_not_matter() -> None:
    assert (
        two_arm_means(5.0, standard_deviation=10.0).per_arm
        == two_arm_means(0.5, standard_deviation=1.0).per_arm
    )
    assert two_arm_means(-0.5, standard_deviation=1.0).per_arm == 64


def test_clusters_multiply_the_variance_and_cost_degrees_of_freedom() -> None:
    assert design_effect(cluster_size=50, icc=0.05) == pytest.approx(3.45)
    size = two_arm_means(0.3, standard_deviation=1.0, cluster_size=50, icc=0.05)
    assert size.clusters_per_arm == 14  # 13 would do with known variance; t with 26 degrees needs one more
    assert size.per_arm == 700
    assert size.power >= 0.8
    fewer = power_of_two_means(0.3, standard_deviation=1.0, per_arm=650, cluster_size=50, icc=0.05)
    assert fewer < 0.8


def test_a_cluster_of_one_person_is_a_person() -> None:
    alone = two_arm_means(0.4, standard_deviation=1.0, cluster_size=1, icc=0.3)
    assert alone.per_arm == two_arm_means(0.4, standard_deviation=1.0).per_arm


def test_one_cluster_per_group_can_show_nothing() -> None:
    assert power_of_two_means(9.0, standard_deviation=1.0, per_arm=500, cluster_size=500, icc=0.01) == 0.0


def test_clusters_that_differ_much_in_size_need_more_people() -> None:
    alike = two_arm_proportions(0.05, baseline=0.5, cluster_size=40, icc=0.02)
    unlike = two_arm_proportions(0.05, baseline=0.5, cluster_size=40, icc=0.02, size_variation=0.6)
    assert unlike.per_arm > alike.per_arm


@pytest.mark.parametrize(
    "bad",
    [
        {"smallest_change": 0.0},
        {"smallest_change": float("nan")},
        {"alpha": 0.0},
        {"alpha": 1.5},
        {"power": 1.0},
        {"standard_deviation": 0.0},
        {"standard_deviation": float("nan")},
        {"cluster_size": 0.0},
        {"cluster_size": 10.0, "icc": 2.0},
        {"smallest_change": 1e-9},
    ],
)
def test_what_cannot_be_planned_is_refused_with_a_sentence(bad: dict[str, float]) -> None:
    words = {"smallest_change": 0.3, "standard_deviation": 1.0, **bad}
    change = words.pop("smallest_change")
    with pytest.raises(CannotAnalyse, match=r"\.$"):
        two_arm_means(change, **words)


def test_a_share_beyond_all_people_is_refused() -> None:
    with pytest.raises(CannotAnalyse, match="between 0 and 1"):
        two_arm_proportions(0.2, baseline=0.9)


@given(
    change=st.floats(0.02, 4.0),
    power=st.floats(0.1, 0.99),
    cluster=st.one_of(st.none(), st.floats(1, 200)),
    icc=st.floats(0, 1),
)
def test_the_number_given_is_enough_and_one_fewer_is_not(
    change: float, power: float, cluster: float | None, icc: float
) -> None:
    try:
        size = two_arm_means(change, standard_deviation=1.0, power=power, cluster_size=cluster, icc=icc)
    except CannotAnalyse:
        return  # more people than there are
    assert size.power >= power - 1e-6
    assert size.in_all == 2 * size.per_arm
    step = cluster or 1.0
    if size.per_arm > 2 * step + 2:
        fewer = power_of_two_means(
            change,
            standard_deviation=1.0,
            per_arm=size.per_arm_exact - 1e-3 * step,
            cluster_size=cluster,
            icc=icc,
        )
        assert fewer <= power + 1e-9
