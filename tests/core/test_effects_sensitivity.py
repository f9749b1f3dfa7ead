"""How far trends may part before the conclusion goes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folkmoot.analyse.command import main
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.sensitivity import sensitivity_to_trends
from folkmoot.core.effects.staggered import staggered_effect
from folkmoot.core.errors import CannotAnalyse


def panel(drift=0.0, effect=2.0, start=5, periods=8, units=80, seed=1):
    random = np.random.default_rng(seed)
    first = np.where(np.arange(units) < units // 2, start, periods)
    outcomes = 0.2 * random.normal(size=(units, periods)) + random.normal(size=(units, 1))
    outcomes += np.where(first < periods, 1, 0)[:, None] * drift * np.arange(periods)
    outcomes += effect * (np.arange(periods) >= first[:, None])
    return Panel(outcomes=outcomes, times=np.arange(periods, dtype=float), first=first)


def test_trends_that_do_not_part_give_the_average_over_event_times():
    found, plain = (
        sensitivity_to_trends(panel()),
        staggered_effect(panel(), summary="event", base="universal"),
    )
    assert found.estimate == pytest.approx(plain.overall.estimate, rel=1e-9)
    assert found.bounds[0].low == pytest.approx(plain.overall.low, rel=1e-4)


def test_the_bounds_widen_evenly_with_the_size_and_break_where_they_reach_nothing():
    found = sensitivity_to_trends(panel(drift=0.3), sizes=(0, 1, 2))
    lows = [one.low for one in found.bounds]
    assert lows[0] > lows[1] > lows[2] and lows[0] - lows[1] == pytest.approx(lows[1] - lows[2], rel=1e-6)
    assert found.breakdown is not None
    at = sensitivity_to_trends(
        panel(drift=0.3), sizes=(found.breakdown - 0.01, found.breakdown + 0.01)
    ).bounds
    assert at[0].low > 0 >= at[1].low


def test_a_drift_before_the_start_makes_the_same_effect_break_sooner():
    steady, drifting = sensitivity_to_trends(panel()), sensitivity_to_trends(panel(drift=0.5))
    assert drifting.breakdown is not None and (
        steady.breakdown is None or drifting.breakdown < steady.breakdown
    )


def test_without_an_effect_it_breaks_at_once():
    assert sensitivity_to_trends(panel(effect=0.0)).breakdown == 0.0


def test_too_few_periods_before_and_negative_sizes_are_refused():
    with pytest.raises(CannotAnalyse, match=r"too few periods|cannot be worked out"):
        sensitivity_to_trends(panel(start=1, periods=4))
    with pytest.raises(CannotAnalyse, match="0 or more"):
        sensitivity_to_trends(panel(), sizes=(-1.0,))


@pytest.mark.parametrize("design", ["did", "staggered"])
def test_the_command_prints_the_bounds_and_says_where_they_break(tmp_path, capsys, design):
    here = panel(drift=0.3)
    rows = [
        f"{unit},{period},{here.outcomes[unit, period]},{'' if here.first[unit] == 8 else here.first[unit]}"
        for unit in range(here.units)
        for period in range(here.periods)
    ]
    (tmp_path / "in.csv").write_text("area,month,y,start\n" + "\n".join(rows) + "\n")
    words = [
        "effect",
        str(tmp_path / "in.csv"),
        "--design",
        design,
        "--outcome",
        "y",
        "--unit",
        "area",
        "--time",
        "month",
    ]
    assert main([*words, "--first-treated", "start", "--placebo", "0", "--sensitivity", "0", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["size"] for one in found["sensitivity_to_trends"]["bounds"]] == [0, 1]
    assert any("trends part by" in sentence for sentence in found["caveats"])


def test_the_command_refuses_bounds_where_nothing_is_compared(tmp_path, capsys):
    (tmp_path / "in.csv").write_text("y,d\n1,0\n2,1\n3,0\n5,1\n")
    words = [
        "effect",
        str(tmp_path / "in.csv"),
        "--design",
        "trial",
        "--outcome",
        "y",
        "--treated",
        "d",
        "--sensitivity",
    ]
    assert main(words) == 1
    assert "where there is a comparison" in capsys.readouterr().err
