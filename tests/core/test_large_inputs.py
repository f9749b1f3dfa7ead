"""What is too large to answer is refused in a sentence at once, not after minutes or without memory."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folkmoot.analyse.command import main
from folkmoot.core.causal import surprise as surprises
from folkmoot.core.effects.placebo import MOST_DATES, series_placebo_rate
from folkmoot.core.effects.series import MOST_PERIODS, series_effect
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.synthesis.dependent import MOST_EFFECTS, pool_dependent


def test_a_series_of_a_million_periods_is_refused():
    periods = np.arange(MOST_PERIODS + 1.0)
    with pytest.raises(CannotAnalyse, match="add them up"):
        series_effect(np.sin(periods), periods=periods, start=5000.0)


def test_dependent_effects_by_the_million_are_refused():
    many = MOST_EFFECTS + 2
    with pytest.raises(CannotAnalyse, match="dependent effects"):
        pool_dependent(np.zeros(many), np.ones(many), np.arange(many) // 2)


def test_many_clusters_need_no_square_of_their_number():
    random = np.random.default_rng(1)
    found = pool_dependent(random.normal(size=6000), np.full(6000, 0.3), np.arange(6000) // 2)
    assert found.clusters == 3000 and found.estimate.degrees_of_freedom > 2000


def test_a_long_series_is_tried_at_four_hundred_dates():
    random = np.random.default_rng(2)
    found = series_placebo_rate(random.normal(size=600), periods=np.arange(600.0), overlap=1)
    assert found.runs <= MOST_DATES and found.low == (0.0 if not found.alarms else found.low)


def test_surprises_of_too_many_groups_are_refused_and_the_map_still_answers(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(surprises, "MOST_CELLS", 10)
    rows = "".join(f"s{n},a{n},b{n},g{n}\n" for n in range(9))
    (tmp_path / "in.csv").write_text("source,cause,effect,group\n" + rows)
    assert main(["map", str(tmp_path / "in.csv")]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [part["part"] for part in result["refused"]] == ["surprise of factors", "surprise of links"]
    assert len(result["bundles"]) == 9
