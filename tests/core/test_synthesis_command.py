"""``folkmoot analyse pool`` on files: names of results, counts, clusters, and one sentence for bad input."""

from __future__ import annotations

import argparse
import json
import pathlib
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main
from folkmoot.analyse.verbs.pool import add_options

HEAD = "study,estimate,standard_error\n"
GOOD = HEAD + "a,.3,.1\nb,.1,.08\nc,.5,.2\nd,.2,.1\ne,.45,.15\n"


def ask(capsys, *words: str) -> tuple[int, dict, str]:
    status = main(["pool", *words])
    shown = capsys.readouterr()
    return status, json.loads(shown.out) if shown.out else {}, shown.err


@pytest.fixture
def pooled(capsys, tmp_path):
    def ask_of(text: str, *words: str) -> tuple[int, dict, str]:
        (tmp_path / "f.csv").write_text(text, encoding="utf-8")
        return ask(capsys, str(tmp_path / "f.csv"), *words)

    return ask_of


def test_counts_give_the_reference_values_and_every_fixed_name(corpus, capsys):
    status, found, _ = ask(capsys, str(corpus / "statistics" / "dat.bcg.csv"), "--knapp-hartung")
    assert status == 0
    assert (round(found["estimate"], 7), round(found["standard_error"], 7)) == (-0.7145323, 0.1807917)
    assert [round(end, 3) for end in found["prediction_interval"]] == [-1.996, 0.567]
    assert [round(end, 4) for end in found["tau2_interval"]] == [0.1197, 1.1115]
    assert {"method", "n", "caveats", "version", "interval", "level", "tau2", "i2", "q"} <= set(found)
    assert found["n"] == 13 == len(found["leave_one_out"]) == len(found["studies"])
    assert found["measure"] == "log risk ratio"


@pytest.mark.parametrize("method", ["reml", "ml", "dl", "pm", "he", "fixed"])
def test_every_method_answers_with_sentences_and_what_would_change_it(pooled, method):
    status, found, _ = pooled(GOOD, "--method", method)
    assert status == 0
    assert found["what_would_change"]["excludes_zero"] is True
    assert found["sentences"][0].startswith("Over 5 studies")
    assert ("prediction_interval" in found) == (method != "fixed")


def test_a_column_of_clusters_brings_robust_errors(pooled):
    status, found, _ = pooled(
        "study,estimate,standard_error,cluster\na,.3,.1,x\nb,.2,.1,x\nc,.5,.2,y\nd,.1,.1,z\ne,-.1,.2,z\nf,.2,.1,v\n"
    )
    assert status == 0
    assert (found["clusters"], found["n"]) == (4, 6)
    assert found["tau2"] == found["tau2_between"] + found["tau2_within"]
    assert "CR2" in found["method"]


def test_repeated_studies_without_a_cluster_are_said(pooled):
    _, found, _ = pooled(GOOD + "a,.2,.1\n")
    assert any("repeat a study's name" in sentence for sentence in found["caveats"])


def test_ratios_with_intervals_are_pooled_on_the_log_scale(pooled):
    status, found, _ = pooled(
        "study,estimate,low,high\na,1.5,1.2,1.875\nb,2,1,4\nc,1.1,.9,1.35\n", "--ratios"
    )
    assert (status, found["n"], found["measure"]) == (0, 3, "log ratio")


def test_a_study_that_cannot_be_used_is_set_aside_by_name(pooled):
    _, found, _ = pooled(GOOD + "f,.2,\n")
    assert (found["n"], found["refused"][0]["part"]) == (5, "study f")
    _, found, _ = pooled("study,ai,bi,ci,di\na,0,9,0,8\nb,3,9,4,8\nc,0,9,4,8\nd,5,5,9,1\n")
    assert (found["n"], found["refused"][0]["part"]) == (3, "study a")
    assert any("a half was added" in sentence for sentence in found["caveats"])


def test_events_and_totals_are_the_same_as_with_and_without(pooled):
    without = pooled("study,a,b,c,d\nx,3,9,4,8\ny,5,5,9,1\n", "--measure", "or")[1]
    totals = pooled(
        "study,events_treated,total_treated,events_control,total_control\nx,3,12,4,12\ny,5,10,9,10\n",
        "--measure",
        "or",
    )[1]
    assert without["estimate"] == totals["estimate"]


@pytest.mark.parametrize(
    ("text", "words", "part"),
    [
        ("study,effect\na,1\nb,2\n", [], "no column"),
        (HEAD + "a,x,.1\nb,.2,.1\n", [], "no number"),
        (HEAD + "a,.1,.1\n", [], "one study"),
        (HEAD, [], "no rows"),
        (HEAD + "a,.1,-.1\nb,.2,.1\n", [], "positive"),
        (HEAD + "a,.1,0\nb,.2,.1\n", [], "positive"),
        (HEAD + "a,,.1\nb,,.1\n", [], "can be used"),
        (HEAD + "a,.1,.1\nb,.1,.2\n", ["--knapp-hartung"], "identical"),
        ("study,estimate,standard_error,cluster\na,.1,.1,x\nb,.2,.1,x\n", [], "one cluster"),
        ("study,a,b,c,d\nx,-3,9,4,8\ny,5,5,9,1\n", [], "whole numbers"),
        ("study,ai,n1i,ci,n2i\nx,13,9,4,8\ny,5,15,9,11\n", [], "whole numbers"),
        (GOOD, ["--counts", "a,b"], "four columns"),
        (GOOD, ["--level", "0"], "between 0 and 1"),
    ],
)
def test_bad_input_gives_one_sentence_and_exit_1(pooled, text, words, part):
    status, found, error = pooled(text, *words)
    assert (status, found) == (1, {})
    assert part in error and len(error.strip().splitlines()) == 1


PAGE = pathlib.Path(__file__).parents[2] / "docs" / "reference" / "analyse-pool.md"


def test_the_reference_page_names_every_option():
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser)
    text = PAGE.read_text(encoding="utf-8")
    named = [word for action in parser._actions for word in action.option_strings]
    assert named and [word for word in named if word not in text] == []


def test_the_example_of_the_reference_page_gives_what_it_says(capsys, tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    table, command, wanted = (
        re.search(rf"```{kind}\n(.*?)```", text, re.S)[1] for kind in ("csv", "sh", "json")
    )
    _, _, verb, file, *options = command.split()
    (tmp_path / file).write_text(table, encoding="utf-8")
    assert verb == "pool"
    status, found, _ = ask(capsys, str(tmp_path / file), *options)
    assert status == 0
    for name, value in json.loads(wanted).items():
        assert found[name] == pytest.approx(value), name


CELLS = st.sampled_from(
    ["", "0", "1", "-1", "2.5", ".1", ".3", "1e308", "1e-300", "nan", "inf", "x", "NA", "7", "12"]
)
HEADS = st.sampled_from(
    [
        "study,estimate,standard_error,cluster",
        "study,estimate,low,high",
        "a,b,c,d",
        "ai,n1i,ci,n2i",
        "x,y,z,w",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=HEADS,
    rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=7),
    sound=st.lists(st.tuples(*[st.integers(1, 40)] * 4), max_size=5),
    method=st.sampled_from(["reml", "ml", "dl", "pm", "he", "fixed"]),
    flags=st.sets(st.sampled_from(["--knapp-hartung", "--ratios"])),
    measure=st.sampled_from(["rr", "or", "rd"]),
)
def test_no_file_ends_in_a_traceback(tmp_path_factory, capsys, head, rows, sound, method, flags, measure):
    rows = [*rows, *([str(cell) for cell in row] for row in sound)]
    file = pathlib.Path(tmp_path_factory.mktemp("garbage")) / "f.csv"
    file.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    status, found, error = ask(capsys, str(file), "--method", method, "--measure", measure, *sorted(flags))
    assert status in (0, 1)
    assert (status == 0) == bool(found) and (status == 1) == bool(error)
