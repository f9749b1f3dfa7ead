"""``folkmoot analyse reach`` from plain files to JSON."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main

PEOPLE = "group,count\nWhite,40\nAsian,6\n,14\n"
POPULATION = "group,count\nWhite,800\nAsian,150\nBlack,50\n"


def asked(tmp_path, capsys, people, population, *words):
    (tmp_path / "people.csv").write_text(people)
    (tmp_path / "population.csv").write_text(population)
    files = ["--people", str(tmp_path / "people.csv"), "--population", str(tmp_path / "population.csv")]
    status = main(["reach", *files, *words])
    out, err = capsys.readouterr()
    return status, (json.loads(out) if status == 0 else err.strip())


def test_the_result_states_what_was_not_recorded_before_any_group(tmp_path, capsys):
    status, result = asked(tmp_path, capsys, PEOPLE, POPULATION)
    assert status == 0
    names = list(result)
    assert names.index("not_recorded") < names.index("groups")
    assert result["not_recorded"]["count"] == 14 and result["n"] == {
        "recorded": 46,
        "not_recorded": 14,
        "population": 1000,
    }
    asian = next(group for group in result["groups"] if group["group"] == "Asian")
    assert asian["share_reached"] == pytest.approx(6 / 46) and asian["share_living_here"] == 0.15
    assert asian["bounds"] == pytest.approx([6 / 60, 20 / 60])
    assert asian["ratio"] == pytest.approx(6 / 46 / 0.15)
    assert result["never_seen"] == [{"group": "Black"}]


def test_rows_of_one_occasion_are_added_before_the_largest_is_taken(tmp_path, capsys):
    people = "group,count,occasion\nWhite,3,fair\nWhite,4,fair\nWhite,5,walk\n,2,walk\n"
    status, result = asked(tmp_path, capsys, people, POPULATION, "--attendances")
    white = next(group for group in result["groups"] if group["group"] == "White")
    assert status == 0 and white["people"] == [7, 12]
    assert "share_reached" not in white and "ratio" not in white and "ratio_interval" in white
    assert result["n"]["attendances_recorded"] == 12


@pytest.mark.parametrize(
    ("people", "population", "words"),
    [
        ("group,number\nWhite,3\n", POPULATION, ()),
        ("group,count\nWhite,three\n", POPULATION, ()),
        ("group,count\nWhite,-3\n", POPULATION, ()),
        ("group,count\nWhite,2.5\n", POPULATION, ()),
        ("group,count\nWhite,\n", POPULATION, ()),
        ("group,count\n", POPULATION, ()),
        ("group,count\n,5\n", POPULATION, ()),
        (PEOPLE, "group,count\nWhite,1e999\n", ()),
        (PEOPLE, POPULATION, ("--perturbed", "-1")),
        (PEOPLE, POPULATION, ("--level", "2")),
        ("group,count,place\nWhite,3,\n", POPULATION, ()),
    ],
)
def test_bad_input_gives_one_sentence_and_status_1(tmp_path, capsys, people, population, words):
    status, said = asked(tmp_path, capsys, people, population, *words)
    assert status == 1 and said and "Traceback" not in said and "\n" not in said


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.sampled_from(["", "White", "3", "-1", "x", "1e9", "nan", "é"]), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_no_cells_make_a_traceback(tmp_path, capsys, rows):
    people = "group,count\n" + "".join(",".join(row) + "\n" for row in rows)
    status, result = asked(tmp_path, capsys, people, POPULATION)
    assert status in {0, 1}
    assert status == 0 or "\n" not in result


def test_reach_starts_without_scipy():
    code = "import sys, folkmoot.analyse.verbs.reach; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_reference_pages_example_gives_the_reference_pages_table(tmp_path, capsys):
    page = (pathlib.Path(__file__).parents[2] / "docs/reference/analyse-reach.md").read_text(encoding="utf-8")
    people, population = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    _, result = asked(tmp_path, capsys, people, population)
    for group in result["groups"]:
        ends = ["{:.3f} to {:.3f}".format(*group[name]) for name in ("bounds", "interval", "ratio_interval")]
        row = (
            f"| {group['group']} | {group['share_reached']:.3f} | {group['share_living_here']:.3f}"
            f" | {ends[0]} | {ends[1]} | {group['ratio']:.3f} | {ends[2]} |"
        )
        assert row in page
