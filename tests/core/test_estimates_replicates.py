"""Replicate weights: by hand, through the command, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folkmoot.analyse.command import main
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import survey_design
from folkmoot.core.estimates.linear import mean
from folkmoot.core.estimates.raking import trim
from folkmoot.core.estimates.regression import regression
from folkmoot.core.estimates.replicates import replicate_weights

Y = np.array([3.0, 5.0, 4.0, 8.0, 6.0, 7.0])


def left_out(n):
    """Delete-one jackknife weights: the others stand for the one left out."""
    return (1 - np.eye(n)) * n / (n - 1)


def jackknifed(**how):
    held = replicate_weights(left_out(6), rows=6, method="jk1", **how)
    return survey_design(6, weights=np.ones(6), replicates=held)


def test_the_jackknife_of_a_simple_mean_is_its_textbook_error():
    found = mean(Y, jackknifed()).estimate
    assert found.estimate == 5.5 and found.degrees_of_freedom == 5
    assert found.standard_error == pytest.approx(np.std(Y, ddof=1) / np.sqrt(6), rel=1e-12)


def test_the_jackknife_of_a_slope_is_the_scatter_of_the_slopes_left():
    x = np.array([1.0, 2, 3, 4, 5, 9])
    slopes = [np.polyfit(np.delete(x, one), np.delete(Y, one), 1)[0] for one in range(6)]
    wanted = np.sqrt(5 / 6 * ((slopes - np.mean(slopes)) ** 2).sum())
    assert regression(Y, [("x", x)], jackknifed()).terms[1].estimate.standard_error == pytest.approx(
        wanted, rel=1e-10
    )


def test_around_the_estimate_is_never_smaller_than_around_the_mean():
    weights = left_out(6) * np.linspace(0.8, 1.3, 6)[:, None]
    errors = []
    for around in ("mean", "estimate"):
        held = replicate_weights(weights, rows=6, method="bootstrap", around=around)
        errors.append(mean(Y, survey_design(6, weights=np.ones(6), replicates=held)).estimate.standard_error)
    assert errors[0] < errors[1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"method": "guess"}, "no replicate weights of the kind"),
        ({"method": "jkn"}, "needs a scale for each"),
        ({"method": "fay"}, "needs its factor"),
        ({"method": "fay", "fay": 1.0}, "below 1"),
        ({"method": "brr", "fay": 0.3}, "no other"),
        ({"scale": [1.0, 2.0]}, "one for each"),
        ({"scale": [-1.0]}, "0 or more"),
        ({"around": "median"}, "no other centre"),
        ({"rows": 5}, "not one row"),
        ({"weights": -left_out(6)}, "negative"),
        ({"weights": np.full((6, 6), np.nan)}, "missing"),
        ({"weights": np.ones((6, 1))}, "from 2 to"),
        ({"weights": np.zeros((6, 6))}, "every weight is zero"),
    ],
)
def test_replicates_that_cannot_be_are_refused(change, sentence):
    given = {"weights": left_out(6), "rows": 6, "method": "jk1", **change}
    with pytest.raises(CannotAnalyse, match=sentence):
        replicate_weights(given.pop("weights"), **given)


def test_replicates_stand_alone_and_a_group_that_one_of_them_empties_is_refused():
    held = replicate_weights(left_out(6), rows=6, method="jk1")
    with pytest.raises(CannotAnalyse, match="within them"):
        survey_design(6, weights=np.ones(6), clusters=[np.arange(6)], replicates=held)
    with pytest.raises(CannotAnalyse, match="the weights that they vary"):
        survey_design(6, replicates=held)
    with pytest.raises(CannotAnalyse, match="would not follow"):
        trim(jackknifed(), most=2)
    both_gone = left_out(6)
    both_gone[:2, 0] = 0
    design = survey_design(
        6, weights=np.ones(6), replicates=replicate_weights(both_gone, rows=6, method="jk1")
    )
    with pytest.raises(CannotAnalyse, match="too small for these"):
        mean(Y, design, rows=np.array([0, 1]))


def written(tmp_path):
    rows = [
        f"{value},{'a' if at < 3 else 'b'},1," + ",".join(map(str, left_out(6)[at]))
        for at, value in enumerate(Y)
    ]
    (tmp_path / "s.csv").write_text(
        "y,g,w," + ",".join(f"rep{one}" for one in range(6)) + "\n" + "\n".join(rows) + "\n"
    )
    return str(tmp_path / "s.csv")


def test_the_command_takes_a_pattern_of_columns(tmp_path, capsys):
    words = ["estimate", written(tmp_path), "--outcome", "y", "--weights", "w"]
    assert main([*words, "--replicate-weights", "rep*", "--replicate-method", "jk1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["standard_error"] == pytest.approx(np.std(Y, ddof=1) / np.sqrt(6))
    assert "6 replicate weights (jk1)" in found["method"] and found["degrees_of_freedom"] == 5


@pytest.mark.parametrize(
    "words",
    [
        ["--replicate-weights", "rep*"],
        ["--replicate-weights", "none*", "--replicate-method", "jk1"],
        ["--replicate-weights", "rep0,nothing", "--replicate-method", "jk1"],
        ["--replicate-weights", "g,rep1", "--replicate-method", "jk1"],
        ["--replicate-method", "jk1"],
        ["--replicate-weights", "rep*", "--replicate-method", "jk1", "--strata", "g"],
        ["--replicate-weights", "rep*", "--replicate-method", "jk1", "--replicate-scale", "one"],
        ["--replicate-weights", "rep*", "--replicate-method", "jk1", "--trim", "3"],
    ],
)
def test_the_command_refuses_replicates_that_do_not_do_in_one_sentence(tmp_path, capsys, words):
    assert main(["estimate", written(tmp_path), "--outcome", "y", "--weights", "w", *words]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.strip() and said.err.count("\n") == 1


@pytest.mark.parametrize("method", ["jk1", "bootstrap", "brr"])
def test_with_replicate_weights_too_the_cautious_interval_leans_to_the_large_values(method):
    random = np.random.default_rng(12)
    y = np.exp(random.normal(0, 1.2, 24))
    factors = (1 - np.eye(24)) * 24 / 23
    if method == "bootstrap":
        factors = random.multinomial(23, np.full(24, 1 / 24), 300).T * 24 / 23
    if method == "brr":
        factors = 2.0 * (random.random((24, 24)) < 0.5)
    held = replicate_weights(factors, rows=24, method=method)
    found = mean(y, survey_design(24, weights=np.ones(24), replicates=held))
    assert found.cautious is not None and found.shown == found.cautious
    assert found.cautious[0] <= found.estimate.low and found.cautious[1] > found.estimate.high + 0.05
