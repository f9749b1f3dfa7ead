"""Where the calibration page declares that something falls short, the answer itself says so."""

from __future__ import annotations

import json
import pathlib
import re

import numpy as np
import pytest

from folkmoot.analyse.command import main

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
DECLARED = {
    "share reached, not recorded": (PEOPLE, ["reach", "--people", "in.csv", "--population", "in.csv"], "not for both at once"),
    "share reached, few people": (PEOPLE, ["reach", "--people", "in.csv", "--population", "in.csv"], "keeps the promise"),
    "skewed mean": (survey(), ["estimate", "in.csv", "--outcome", "y", "--clusters", "c"], "likely to be too short"),
    "plain errors": (
        panel(), [*EFFECT, "--design", "did", "--unit", "u", "--time", "t", "--treated", "d", "--inference", "plain"],
        "far too small",
    ),
    "before and after": (
        panel(), [*EFFECT, "--design", "before-after", "--unit", "u", "--time", "t", "--start", "6"], "nobody to compare with",
    ),
    "lags": (
        series(), [*EFFECT, "--design", "series", "--time", "t", "--start", "24", "--lags", "4", "--placebo", "0"], "too small",
    ),
    "few studies": (studies(5), ["pool", "in.csv"], "too narrow with few studies"),
    "few studies, Hartung and Knapp": (studies(5), ["pool", "in.csv", "--knapp-hartung"], "too narrow with few studies"),
    "prediction from many studies": (studies(40), ["pool", "in.csv", "--method", "dl"], "even with many studies"),
    "few clusters of effects": (studies(18, cluster=True), ["pool", "in.csv"], "a little less often"),
}  # fmt: skip


@pytest.mark.parametrize("case", DECLARED)
def test_what_is_declared_on_the_page_is_said_in_the_answer(case, tmp_path, monkeypatch, capsys):
    content, words, sentence = DECLARED[case]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text(content + "\n")
    assert main(words) == 0
    caveats = json.loads(capsys.readouterr().out)["caveats"]
    assert any(re.search(sentence, said) for said in caveats), caveats


def test_every_figure_declared_short_is_among_those_tried_here():
    short = {
        line.split("|")[1].strip()
        for line in PAGE.read_text("utf-8").splitlines()
        if "falls short, declared" in line
    }
    known = {
        r"share reached and its ratio, (all|some not) recorded", r"mean", r"did, plain, (interval|p-value)",
        r"before and after", r"series, average difference, --lags 4", r"(prediction )?interval(, --knapp-hartung)?",
        r"interval \(REML, the default\)", r"p-value(, --knapp-hartung| \(the default\))", r"interval, --method (ml|dl|pm|he)",
        r"(interval|p-value), dependent effects",
    }  # fmt: skip
    assert short and all(any(re.fullmatch(one, name) for one in known) for name in short), short
