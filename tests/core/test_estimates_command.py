"""``folkmoot analyse estimate`` on files: names of results, groups, raking, and one sentence for bad input."""

from __future__ import annotations

import argparse
import json
import pathlib
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main
from folkmoot.analyse.verbs.estimate import add_options

GOOD = "y,w,stratum,cluster,size,yes,kind,x\n" + "".join(
    f"{(row * 37) % 11},{1 + row % 3},{'ab'[row % 2]},{row % 2}{row % 12},12,{row % 5 // 3},{'pqr'[row % 3]},{row % 7}\n"
    for row in range(36)
)


def ask(capsys, *words: str) -> tuple[int, dict, str]:
    status = main(["estimate", *words])
    shown = capsys.readouterr()
    return status, json.loads(shown.out) if shown.out else {}, shown.err


@pytest.fixture
def good(tmp_path) -> str:
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    return str(tmp_path / "good.csv")


def test_the_reference_mean_comes_out_of_the_command_with_every_fixed_name(corpus, capsys):
    file = str(corpus / "statistics" / "apistrat.csv")
    options = ["--outcome", "api00", "--weights", "pw", "--strata", "stype", "--fpc", "fpc"]
    status, found, _ = ask(capsys, file, *options)
    assert status == 0
    assert (found["verb"], found["n"], found["refused"]) == ("estimate", 200, [])
    assert round(found["estimate"], 4) == 662.2874
    assert round(found["standard_error"], 4) == 9.4089
    assert round(found["design_effect"], 4) == 1.2045
    assert found["interval"][0] < found["estimate"] < found["interval"][1]
    assert {"method", "caveats", "version", "level", "degrees_of_freedom"} <= set(found)
    assert found["estimates"][0]["estimate"] == found["estimate"]


def test_raking_with_a_file_of_margins_gives_the_reference(corpus, capsys, tmp_path):
    margins = tmp_path / "margins.csv"
    margins.write_text(
        "variable,level,total\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,No,1072\nsch.wide,Yes,5122\n"
    )
    file = str(corpus / "statistics" / "apiclus1.csv")
    options = ["--outcome", "api00", "--weights", "pw", "--clusters", "dnum", "--rake", str(margins)]
    _, found, _ = ask(capsys, file, *options)
    assert (round(found["estimate"], 7), round(found["standard_error"], 5)) == (641.2303209, 23.94201)
    _, found, _ = ask(capsys, file, *options, "--fpc", "fpc")
    assert round(found["standard_error"], 5) == 23.70362


def test_shares_in_the_margins_do_as_well_as_totals(good, capsys, tmp_path):
    for number, lines in enumerate(
        ("total\nkind,p,20\nkind,q,30\nkind,r,50", "share\nkind,p,.2\nkind,q,.3\nkind,r,.5")
    ):
        (tmp_path / f"{number}.csv").write_text(f"variable,level,{lines}\n")
    options = ["--outcome", "y", "--weights", "w"]
    found = [ask(capsys, good, *options, "--rake", str(tmp_path / f"{n}.csv"))[1] for n in (0, 1)]
    assert found[0]["estimate"] == pytest.approx(found[1]["estimate"])
    assert found[0]["standard_error"] == pytest.approx(found[1]["standard_error"])


@pytest.mark.parametrize(
    ("words", "many"),
    [
        (["--outcome", "y"], 1),
        (["--outcome", "y,x"], 2),
        (["--outcome", "y", "--kind", "total"], 1),
        (["--outcome", "kind", "--kind", "proportion"], 3),
        (["--outcome", "kind", "--kind", "proportion", "--category", "q"], 1),
        (["--outcome", "yes", "--kind", "proportion"], 1),
        (["--outcome", "y/x", "--kind", "ratio"], 1),
        (["--outcome", "y", "--denominator", "x", "--kind", "ratio"], 1),
        (["--outcome", "y", "--kind", "quantile", "--quantiles", "0.25,0.5,0.75"], 3),
        (["--outcome", "y ~ x + kind", "--kind", "regression"], 4),
        (["--outcome", "yes", "--kind", "regression", "--predictors", "x", "--family", "logistic"], 2),
    ],
)
def test_every_kind_gives_estimates_by_group_and_for_all(good, capsys, words, many):
    design = ["--weights", "w", "--strata", "stratum", "--clusters", "cluster"]
    status, found, error = ask(capsys, good, *words, *design)
    assert (status, error) == (0, "")
    assert len(found["estimates"]) == many == len(found["sentences"])
    assert ("estimate" in found) == (many == 1)
    for one in found["estimates"]:
        assert {"estimate", "standard_error", "interval", "level"} <= set(one)
    status, found, error = ask(capsys, good, *words, *design, "--by", "stratum")
    assert (status, error, len(found["estimates"])) == (0, "", 2 * many)


def test_a_table_to_read_holds_the_same_estimates(good, capsys):
    assert main(["estimate", good, "--outcome", "y", "--by", "stratum", "--text"]) == 0
    assert "estimates:" in capsys.readouterr().out


def test_groups_are_named_and_a_group_that_cannot_be_estimated_is_refused_by_name(capsys, tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("y,g,h\n1,a,x\n2,a,x\n5,a,x\n3,b,x\n3,b,x\n4,c,y\n9,,x\n")
    status, found, _ = ask(capsys, str(file), "--outcome", "y", "--by", "g,h")
    assert status == 0
    assert [one["by"] for one in found["estimates"]] == [{"g": "a", "h": "x"}]
    assert found["estimates"][0]["group"] == "a · x"
    assert [part["part"] for part in found["refused"]] == ["y (g = b, h = x)", "y (g = c, h = y)"]
    assert found["n"] == 3
    assert any("1 rows have no group" in sentence for sentence in found["caveats"])


def test_missing_answers_are_left_out_and_said(capsys, tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("y\n1\n\n3\nNA\n8\n")
    status, found, _ = ask(capsys, str(file), "--outcome", "y")
    assert (status, found["n"], found["estimate"]) == (0, 3, 4)
    assert any("2 of 5 rows" in sentence for sentence in found["caveats"])


@pytest.mark.parametrize(
    ("table", "words", "part"),
    [
        (GOOD, ["--outcome", "nothing"], "no column"),
        (GOOD, ["--outcome", "kind"], "no number"),
        (GOOD, ["--outcome", "y", "--weights", "kind"], "no number"),
        ("y,w\n1,2\n2,-1\n", ["--outcome", "y", "--weights", "w"], "negative"),
        ("y,c\n1,a\n2,a\n", ["--outcome", "y", "--clusters", "c"], "one cluster"),
        ("y\n4\n4\n4\n", ["--outcome", "y"], "does not vary"),
        ("y,z\n,1\n,1\n", ["--outcome", "y"], "missing on every row"),
        ("y\n", ["--outcome", "y"], "no rows"),
        ("y,c\n1,a\n2,\n3,b\n", ["--outcome", "y", "--clusters", "c"], "no label"),
        (
            "y,g\n" + "".join(f"{n},{n}\n" for n in range(1500)),
            ["--outcome", "y", "--by", "g"],
            "1500 groups",
        ),
        (GOOD, ["--outcome", "y", "--kind", "ratio"], "--denominator"),
        (GOOD, ["--outcome", "y", "--kind", "regression"], "--predictors"),
        (GOOD, ["--outcome", "y", "--kind", "quantile", "--quantiles", "2"], "between 0 and 1"),
        (GOOD, ["--outcome", "y", "--level", "1.5"], "between 0 and 1"),
        (GOOD, ["--outcome", "y", "--trim", "0.5"], "over 1"),
        (GOOD, ["--outcome", "kind", "--kind", "proportion", "--category", "z"], "Nobody gave"),
    ],
)
def test_bad_input_gives_one_sentence_and_exit_1(capsys, tmp_path, table, words, part):
    file = tmp_path / "f.csv"
    file.write_text(table, encoding="utf-8")
    status, found, error = ask(capsys, str(file), *words)
    assert (status, found) == (1, {})
    assert part in error and len(error.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("margins", "part"),
    [
        ("variable,level,total\nkind,p,1\nkind,q,1\n", "no total for “r”"),
        ("variable,level,total\nkind,p,1\nkind,q,1\nkind,r,1\nkind,s,1\n", "Nobody in the sample is “s”"),
        ("variable,level,total\nnobody,p,1\n", "no column"),
        ("variable,level\nkind,p\n", "no column"),
        ("variable,level,total\nkind,p,x\n", "no number"),
        ("variable,level,total\nkind,p,1\nkind,p,1\n", "twice"),
        ("variable,level,total\nkind,p,-1\nkind,q,1\nkind,r,1\n", "0 or more"),
    ],
)
def test_bad_margins_give_one_sentence_and_exit_1(good, capsys, tmp_path, margins, part):
    file = tmp_path / "margins.csv"
    file.write_text(margins)
    status, _, error = ask(capsys, good, "--outcome", "y", "--rake", str(file))
    assert status == 1
    assert part in error and len(error.strip().splitlines()) == 1


PAGE = pathlib.Path(__file__).parents[2] / "docs" / "reference" / "analyse-estimate.md"


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
    assert verb == "estimate"
    status, found, _ = ask(capsys, str(tmp_path / file), *options)
    assert status == 0
    for name, value in json.loads(wanted).items():
        assert found[name] == pytest.approx(value), name


CELLS = st.sampled_from(
    ["", "0", "1", "-1", "2.5", "1e308", "-1e308", "1e-320", "nan", "inf", "x", "é,", "  ", "NA", "7"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_file_ends_in_a_traceback(tmp_path_factory, capsys, data):
    names = ["y", "w", "s", "c", "f", "x"]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=8))
    if data.draw(st.booleans()):  # mostly sound files, so that the methods themselves are reached
        seed = data.draw(st.integers(0, 10**6))
        rng = np.random.default_rng(seed)
        rows += [[str(value) for value in rng.integers(0, 4, 6)] for _ in range(12)]
    file = pathlib.Path(tmp_path_factory.mktemp("garbage")) / "f.csv"
    quoted = [['"' + cell + '"' if "," in cell else cell for cell in row] for row in rows]
    file.write_text("\n".join(",".join(row) for row in [names, *quoted]) + "\n", encoding="utf-8")
    words = [str(file), "--outcome", data.draw(st.sampled_from(["y", "y/x", "y ~ x + s", "y,x", "c"]))]
    words += [
        "--kind",
        data.draw(st.sampled_from(["mean", "total", "proportion", "ratio", "quantile", "regression"])),
    ]
    for option, column in (
        ("--weights", "w"),
        ("--strata", "s"),
        ("--clusters", "c"),
        ("--fpc", "f"),
        ("--by", "s"),
    ):
        if data.draw(st.booleans()):
            words += [option, column]
    words += ["--lonely", data.draw(st.sampled_from(["refuse", "centre", "certainty"]))]
    status, found, error = ask(capsys, *words)
    assert status in (0, 1)
    assert (status == 0) == bool(found) and (status == 1) == bool(error)
