"""``folkmoot analyse protect`` from a plain file to JSON."""

from __future__ import annotations

import json
import pathlib
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main


def asked(capsys, *words):
    status = main(["protect", *map(str, words)])
    out, err = capsys.readouterr()
    return status, (json.loads(out) if status == 0 else err.strip())


def written(folder, text, name="counts.csv"):
    file = folder / name
    file.write_text(text)
    return file


WARDS = "ward,men,women,total\nnorth,3,40,43\nsouth,12,0,12\nTotal,15,40,55\n"


def test_counts_are_numbers_hidden_or_true_zeros_and_totals_are_rebuilt(tmp_path, capsys):
    status, result = asked(capsys, written(tmp_path, WARDS), "--threshold", "7", "--round", "5")
    assert status == 0
    assert result["table"] == [
        {"ward": "north", "men": "hidden", "women": 40, "total": 40},
        {"ward": "south", "men": 10, "women": 0, "total": 10},
        {"ward": "Total", "men": 10, "women": 40, "total": 50},
    ]
    assert result["hidden"] == [{"row": {"ward": "north"}, "column": "men", "why": "7 or under"}]
    assert result["n"] == {"cells": 4, "numbers": 2, "hidden": 1, "true_zeros": 1}
    assert result["totals"]["all"] == 50 and result["totals"]["columns"] == {"men": 10, "women": 40}


def test_true_zeros_can_be_hidden_with_the_small_counts(tmp_path, capsys):
    _, result = asked(capsys, written(tmp_path, WARDS), "--zeros", "hide")
    assert result["table"][1] == {"ward": "south", "men": 10, "women": "hidden", "total": 10}


def test_a_total_under_another_name_tells_nothing_either(tmp_path, capsys):
    text = "ward,men,women,persons\nnorth,7,12,19\nsouth,30,40,70\n"
    _, result = asked(capsys, written(tmp_path, text))
    assert [row["persons"] for row in result["table"]] == [10, 70]
    assert any("persons" in caveat for caveat in result["caveats"])
    _, result = asked(capsys, written(tmp_path, text), "--counts", "persons")
    assert result["table"][0]["persons"] == 20


def test_a_long_table_rebuilds_each_margin_from_its_own_rows(tmp_path, capsys):
    text = "ward,sex,n\na,m,3\na,f,20\na,total,23\nb,m,30\nb,f,41\nb,total,71\ntotal,total,94\n"
    _, result = asked(capsys, written(tmp_path, text))
    assert [row["n"] for row in result["table"]] == ["hidden", 20, 20, 30, 40, 70, 90]


def test_a_column_that_only_sounds_like_a_total_stays_a_count(tmp_path, capsys):
    text = "ward,total meetings,attendees\na,9,200\nb,31,300\n"
    _, result = asked(capsys, written(tmp_path, text))
    assert result["table"][0] == {"ward": "a", "total meetings": 10, "attendees": 200}


def test_a_second_release_that_tells_a_small_change_is_refused(tmp_path, capsys):
    earlier = written(tmp_path, "ward,n,m\na,120,50\nb,3,50\n", "earlier.csv")
    status, sentence = asked(capsys, written(tmp_path, "ward,n,m\na,125,50\nb,4,50\n"), "--previous", earlier)
    assert status == 1 and "1 small change(s) (a, n)" in sentence
    status, result = asked(
        capsys, written(tmp_path, "ward,n,m\na,140,50\nb,4,50\nc,1,1\n"), "--previous", earlier
    )
    assert status == 0 and result["compared_cells"] == 4
    other = written(tmp_path, "town,k\nz,9\n", "other.csv")
    assert "no cell in common" in asked(capsys, earlier, "--previous", other)[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ward,n\na,\n", "row 2, column “n”: the cell is empty."),
        ("ward,n\na,1\nb,-3\n", "row 3, column “n”: “-3” is no count"),
        ("ward,n\na,1.5\n", "row 2, column “n”: “1.5” is no count"),
        ("ward,n\na,8\nb,hidden\n", "protected already"),
        ("ward,n\n", "no rows"),
        ("ward\na\n", "no column of counts"),
        ("men,women\n3,9\n8,1\n", "holds only numbers"),
    ],
)
def test_a_table_that_is_no_table_of_counts_is_one_sentence(tmp_path, capsys, text, sentence):
    status, error = asked(capsys, written(tmp_path, text))
    assert status == 1 and sentence in error and "\n" not in error


def test_numbers_that_name_rows_are_labels_when_said_or_plain(tmp_path, capsys):
    status, result = asked(capsys, written(tmp_path, "men,women\n3,9\n8,1\n"), "--labels", "men")
    assert status == 0 and result["table"][0] == {"men": "3", "women": 10}
    status, result = asked(capsys, written(tmp_path, "year,n\n2024,9\n2025,3\n"))
    assert status == 0 and result["table"][1] == {"year": "2025", "n": "hidden"}


CELLS = st.sampled_from(
    ["a", "total", "", "0", "3", "8", "12", "1e9", "-1", "2.0", "hidden", '"', "é", "999999999999999"]
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(["ward", "n", "total", "all", "persons", ""]), min_size=1, max_size=4),
    st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6),
    st.sampled_from([[], ["--threshold", "0"], ["--round", "10"], ["--labels", "ward"], ["--zeros", "hide"]]),
)
def test_garbage_gives_a_result_or_one_sentence(header, rows, words):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "garbage.csv"
        wide = [(row * 4)[: len(header)] for row in rows]
        file.write_text("\n".join(",".join(row) for row in [header, *wide]), encoding="utf-8")
        assert main(["protect", str(file), *words, "-o", f"{folder}/out.json"]) in {0, 1}


@pytest.mark.parametrize("option", ["--totals", "--counts"])
def test_a_total_that_no_row_or_column_bears_is_refused(tmp_path, capsys, option):
    file = written(tmp_path, "ward,women,All of them\nA,10,30\nB,20,50\n")
    status, sentence = asked(capsys, file, option, "all of them")
    assert status == 1 and "no row or column “all of them”" in sentence
    assert asked(capsys, file, option, "All of them")[0] == 0
