"""What the calibration page does not promise is not shown as a promise: another figure stands in its place, or none."""

from __future__ import annotations

import json
import pathlib
import re

import numpy as np
import pytest

from folkmoot.analyse.command import main
from folkmoot.core.wording.estimate import shown as worded

PAGE = pathlib.Path(__file__).parents[2] / "docs/reference/calibration.md"


def survey():
    random = np.random.default_rng(4)
    rows = [f"{np.exp(random.normal(0, 1.6)):.3f},{n // 4}" for n in range(48)]
    return "y,c\n" + "\n".join(rows)


def series():
    random = np.random.default_rng(5)
    return "t,y\n" + "\n".join(f"{n},{random.normal():.3f}" for n in range(48))


def panel():
    random = np.random.default_rng(6)
    return "u,t,y,d\n" + "\n".join(
        f"{u},{t},{random.normal() + t % 3:.3f},{int(u < 4 and t >= 6)}" for u in range(20) for t in range(10)
    )


def studies(count, cluster=False):
    random = np.random.default_rng(7)
    head = "study,estimate,standard_error" + (",cluster" if cluster else "")
    return (
        head
        + "\n"
        + "\n".join(
            f"s{n},{random.normal(0.2, 0.1):.3f},{0.05 + 0.01 * (n % 20):.3f}"
            + (f",{n // 3}" if cluster else "")
            for n in range(count)
        )
    )


PEOPLE = "group,count\nA,9\nB,40\n,12\n"
EFFECT = ["effect", "in.csv", "--outcome", "y"]
DID = [*EFFECT, "--design", "did", "--unit", "u", "--time", "t", "--treated", "d", "--inference", "plain"]
LAGS = [*EFFECT, "--design", "series", "--time", "t", "--start", "24", "--lags", "4", "--placebo", "0"]
DECLARED = {
    "share reached, not recorded": (PEOPLE, ["reach", "--people", "in.csv", "--population", "in.csv"], "not for both"),
    "share reached, few people": (PEOPLE, ["reach", "--people", "in.csv", "--population", "in.csv"], "with few people"),
    "skewed mean": (survey(), ["estimate", "in.csv", "--outcome", "y", "--clusters", "c"], "likely to be too short"),
    "plain errors": (panel(), DID, "far too small"),
    "before and after": (
        panel(), [*EFFECT, "--design", "before-after", "--unit", "u", "--time", "t", "--start", "6"], "nobody to compare with",
    ),
    "lags": (series(), LAGS, "too small"),
    "few studies": (studies(5), ["pool", "in.csv"], "too narrow with few studies"),
    "few studies, Hartung and Knapp": (studies(5), ["pool", "in.csv", "--knapp-hartung"], "too narrow with few studies"),
    "prediction from many studies": (studies(40), ["pool", "in.csv", "--method", "dl"], "prediction even with many"),
    "few clusters of effects": (studies(18, cluster=True), ["pool", "in.csv"], "a little less often"),
}  # fmt: skip
REFUSED = {"plain errors": (panel(), DID), "lags": (series(), LAGS)}
POOLED = {
    "the default": (studies(5), ["pool", "in.csv"]),
    "Hartung and Knapp": (studies(5), ["pool", "in.csv", "--knapp-hartung"]),
    "another method": (studies(40), ["pool", "in.csv", "--method", "dl"]),
    "clusters": (studies(18, cluster=True), ["pool", "in.csv"]),
}


def told(content, words, tmp_path, monkeypatch, capsys):
    """What the command prints as JSON, and as text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text(content + "\n")
    assert main(words) == 0
    result = json.loads(capsys.readouterr().out)
    assert main([*words, "--text"]) == 0
    return result, capsys.readouterr().out


@pytest.mark.parametrize("case", DECLARED)
def test_the_answer_says_what_is_there_to_compare_with_only(case, tmp_path, monkeypatch, capsys):
    content, words, sentence = DECLARED[case]
    result, _ = told(content, words, tmp_path, monkeypatch, capsys)
    assert any(re.search(sentence, said) for said in result["caveats"]), result["caveats"]


@pytest.mark.parametrize("case", REFUSED)
def test_an_error_that_keeps_no_promise_makes_no_interval(case, tmp_path, monkeypatch, capsys):
    result, text = told(*REFUSED[case], tmp_path, monkeypatch, capsys)
    assert result["standard_error"] > 0 and not {"interval", "p_value"} & result.keys()
    assert {"interval", "p_value"} <= {one["part"] for one in result["refused"]}
    assert not re.search(r"^(interval|p_value)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("case", POOLED)
def test_people_read_the_cautious_figures_of_a_pool_and_programs_find_both(
    case, tmp_path, monkeypatch, capsys
):
    result, text = told(*POOLED[case], tmp_path, monkeypatch, capsys)
    lines = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    for name in ("interval", "prediction_interval", "p_value"):
        careful, usual = result[f"cautious_{name}"], result[name]
        assert lines[name] == shown(careful) and lines[f"{name} as other programs print it"] == shown(usual)
        assert f"cautious_{name}" not in lines
    low, high = (worded(end) for end in result["cautious_interval"])
    assert f"(95% interval {low} to {high})" in result["sentences"][0]
    assert worded(result["cautious_prediction_interval"][1]) in " ".join(result["sentences"][1:3])
    assert ("includes no effect" in result["sentences"][1]) is (result["cautious_p_value"] > 0.05)
    for one in result["leave_one_out"]:
        assert one["cautious_interval"][0] < one["cautious_interval"][1] and 0 <= one["cautious_p_value"] <= 1


def test_people_read_the_cautious_interval_of_reach_and_of_a_mean(tmp_path, monkeypatch, capsys):
    result, text = told(*DECLARED["share reached, not recorded"][:2], tmp_path, monkeypatch, capsys)
    group = result["groups"][0]
    assert f"({100 * group['cautious_interval'][0]:.1f}% to" in group["sentence"]
    assert "interval by Wilson's formula" in text and "cautious" not in text.split("groups:")[1]
    result, text = told(*DECLARED["skewed mean"][:2], tmp_path, monkeypatch, capsys)
    low, high = (worded(end) for end in result["cautious_interval"])
    assert f"interval {low} to {high}" in result["sentences"][0]
    assert f"interval: {shown(result['cautious_interval'])}" in text
    assert f"interval as other programs print it: {shown(result['interval'])}" in text


def shown(value):
    return (
        f"{value:.6g}" if isinstance(value, float) else "[" + ", ".join(f"{end:.6g}" for end in value) + "]"
    )


def test_every_figure_that_is_no_promise_is_among_those_tried_here():
    compared = {
        line.split("|")[1].strip()
        for line in PAGE.read_text("utf-8").splitlines()
        if "for comparison, not promised (" in line
    }
    known = {
        r"share reached and its ratio, (all|some not) recorded", r"mean|total|ratio|mean of a group|(mean|ratio), replicate weights \((jk1|bootstrap)\)",
        r"did, plain, (interval|p-value)", r"series, average difference, --lags 4",
        r"(prediction )?interval(, --knapp-hartung)?", r"interval \(REML, the default\)",
        r"p-value(, --knapp-hartung| \(the default\))", r"interval, --method (ml|dl|pm|he)",
        r"((prediction )?interval|p-value), dependent effects",
    }  # fmt: skip
    assert compared and all(any(re.fullmatch(one, name) for one in known) for name in compared), compared
