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


MILLION = {
    "map": ("source,cause,effect", "s{0},a{0},b{0}", ["map", "in.csv"]),
    "agreement": ("document,length,coder,code,start,end", "d1,1000,A,c{0},1,20", ["agreement", "in.csv"]),
    "reach": ("group,count", "g{0},1", ["reach", "--people", "in.csv", "--population", "in.csv"]),
    "opinion": ("participant,statement,vote", "p{0},s{0},1", ["opinion", "in.csv"]),
    "opinion of levels": ("participant,lives,1", "p{0},l{0},1", ["opinion", "in.csv", "--attributes", "lives"]),
    "estimate": ("y,g", "1,g{0}", ["estimate", "in.csv", "--outcome", "y", "--by", "g"]),
    "estimate strata": ("y,g", "{0},g{0}", ["estimate", "in.csv", "--outcome", "y", "--strata", "g"]),
    "estimate shares": ("g", "g{0}", ["estimate", "in.csv", "--outcome", "g", "--kind", "proportion"]),
    "effect": (
        "y,d,b", "{0},1,b{0}", ["effect", "in.csv", "--design", "trial", "--outcome", "y", "--treated", "d", "--blocks", "b"],
    ),
    "effect series": (
        "y,t", "{0},{0}", ["effect", "in.csv", "--design", "series", "--outcome", "y", "--time", "t", "--start", "500"],
    ),
    "power": (
        "y,u,t", "1,u{0},1",
        ["power", "--design", "did", "--history", "in.csv", "--outcome", "y", "--unit", "u", "--time", "t", "--treated", "3"],
    ),
    "pool": ("study,estimate,standard_error", "s{0},0.1,1", ["pool", "in.csv"]),
    "pool clusters": ("estimate,standard_error,cluster", "0.1,1,c1", ["pool", "in.csv"]),
    "protect": ("ward,men,women", "w{0},9,8", ["protect", "in.csv"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MILLION)
def test_three_hundred_thousand_groups_get_one_sentence(case, tmp_path, monkeypatch, capsys):
    # each limit lies below this; a million takes three times as long to read and ends at the same check
    header, row, words = MILLION[case]
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "in.csv").open("w") as file:
        file.write(header + "\n")
        file.writelines(row.format(number) + "\n" for number in range(300_000))
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.strip().splitlines()) == 1 and said.err.strip()[-1] in ".?"
