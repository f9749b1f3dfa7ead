"""What a plan could see, tried on figures that places really had: roll-outs by lot, and places on their own."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.core.effects.placebo import before_after_method, in_window, placebo_rate
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.alone import alone_power_from_history
from folkmoot.core.power.differences import did_power_from_history
from folkmoot.core.power.roll_out import roll_out_power_from_history


def quiet(places=24, periods=30, *, seed=3):
    return np.random.default_rng(seed).standard_normal((places, periods))


def wandering(places=24, periods=30, *, seed=3):
    return np.cumsum(quiet(places, periods, seed=seed), axis=1)


def test_a_roll_out_in_one_step_sees_what_one_start_in_some_places_sees():
    history = wandering()
    one = roll_out_power_from_history(
        history, effect=3.0, places=12, steps=1, periods_before=6, periods_after=6, draws=2000,
        random=np.random.default_rng(1),
    )  # fmt: skip
    other = did_power_from_history(
        history, effect=3.0, treated=12, periods_before=6, periods_after=6, random=np.random.default_rng(1)
    )
    assert one.power == pytest.approx(other.power, abs=0.06)
    assert one.minimum_detectable_effect == pytest.approx(other.minimum_detectable_effect, rel=0.08)
    assert one.compared == 12 and one.false_alarm_rate == pytest.approx(0.05, abs=0.01)


def test_more_places_and_larger_effects_are_seen_better():
    history = wandering()

    def power(places, effect):
        return roll_out_power_from_history(
            history, effect=effect, places=places, steps=2, random=np.random.default_rng(2)
        ).power

    assert power(2, 2.0) < power(6, 2.0) < power(12, 2.0)
    assert power(6, 0.5) < power(6, 2.0) < power(6, 4.0)


def test_the_smallest_change_of_a_roll_out_is_found_as_often_as_was_asked():
    history = quiet()
    first = roll_out_power_from_history(
        history, effect=1.0, places=12, steps=3, random=np.random.default_rng(4)
    )
    again = roll_out_power_from_history(
        history, effect=first.minimum_detectable_effect, places=12, steps=3, random=np.random.default_rng(4)
    )
    assert again.power == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"places": 3, "steps": 4}, "do not fit"),
        ({"places": 20, "steps": 2, "compared": 5}, "do not fit"),
        ({"places": 4, "steps": 4, "periods_between": 20}, "the history has 30"),
        ({"places": 3, "steps": 3, "compared": 0}, "too few orders"),
        ({"places": 24, "steps": 1}, "too few orders"),
        ({"places": 4, "steps": 2, "periods_after": 0}, "at least one period"),
        ({"places": 4, "steps": 2, "effect": 0.0}, "other than 0"),
    ],
)
def test_a_roll_out_that_cannot_be_is_refused(options, sentence):
    with pytest.raises(CannotAnalyse, match=sentence):
        roll_out_power_from_history(quiet(), **({"effect": 1.0} | options), random=np.random.default_rng(1))


def test_a_hole_in_the_history_and_places_that_move_alike_are_refused():
    holed = quiet()
    holed[3, 4] = np.nan
    with pytest.raises(CannotAnalyse, match="every place in every period"):
        roll_out_power_from_history(holed, effect=1.0, places=4, steps=2, random=np.random.default_rng(1))
    with pytest.raises(CannotAnalyse, match="move alike"):
        roll_out_power_from_history(
            np.zeros((20, 30)), effect=1.0, places=4, steps=2, random=np.random.default_rng(1)
        )


def test_alone_a_place_must_change_more_than_it_does_by_itself():
    history = wandering()
    found = alone_power_from_history(
        history, effect=2.0, periods_before=6, periods_after=6, random=np.random.default_rng(5)
    )
    assert found.threshold > 4 and found.power < 0.3
    assert found.minimum_detectable_effect > found.threshold
    still = alone_power_from_history(
        quiet(), effect=2.0, periods_before=6, periods_after=6, random=np.random.default_rng(5)
    )
    assert still.power > 0.8


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"treated": 25}, "do not fit"),
        ({"periods_before": 20, "periods_after": 20}, "do not fit in 30"),
        ({"effect": float("nan")}, "other than 0"),
        ({"alpha": 0.9}, "Alpha"),
    ],
)
def test_alone_what_cannot_be_is_refused(options, sentence):
    asked = {"effect": 1.0, "periods_before": 4, "periods_after": 4} | options
    with pytest.raises(CannotAnalyse, match=sentence):
        alone_power_from_history(quiet(), **asked, random=np.random.default_rng(1))


def test_two_places_with_a_short_past_cannot_say_what_is_rare():
    with pytest.raises(CannotAnalyse, match="too few to say"):
        alone_power_from_history(
            quiet(2, 8), effect=1.0, periods_before=4, periods_after=4, random=np.random.default_rng(1)
        )


def test_a_method_in_a_window_is_shown_no_more_than_a_plan_would_have():
    seen = []

    def method(outcomes, first, random):
        seen.append((outcomes.shape[1], sorted(set(first.tolist()))))
        return 1.0

    placebo_rate(
        quiet(), method=in_window(method, before=5, after=4), treated=3, edge=5, runs=60,
        random=np.random.default_rng(6),
    )  # fmt: skip
    assert set(map(str, seen)) == {str((9, [5, 9]))}


def test_a_longer_window_of_figures_that_wander_raises_more_false_alarms():
    def rate(window):
        return placebo_rate(
            wandering(periods=60), method=in_window(before_after_method(None), before=window, after=window),
            treated=1, edge=window, runs=300, random=np.random.default_rng(7),
        ).rate  # fmt: skip

    assert 0.1 < rate(3) < rate(12)
