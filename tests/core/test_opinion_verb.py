"""``folkmoot analyse opinion`` from plain files to JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main


def asked(capsys, *words):
    status = main(["opinion", *map(str, words)])
    out, err = capsys.readouterr()
    return status, (json.loads(out) if status == 0 else err.strip())


@pytest.fixture
def two_camps(tmp_path):
    """Sixty people in two camps, as a matrix and as one row a vote, with the same characteristic."""
    rng = np.random.default_rng(4)
    camp = np.arange(60) % 2
    lean = rng.choice([0.1, 0.9], size=24)
    votes = np.where(rng.random((60, 24)) < np.where(camp[:, None] == 0, lean, 1 - lean), "1", "-1")
    votes[rng.random(votes.shape) < 0.3] = ""
    side = np.where(camp == 0, "left", "right")
    header = "participant,side," + ",".join(str(j) for j in range(1, 25))
    (tmp_path / "matrix.csv").write_text(
        "\n".join([header, *(f"{i},{side[i]}," + ",".join(votes[i]) for i in range(60))]) + "\n"
    )
    rows = [f"{i},{j + 1},{votes[i, j]},{side[i]}" for i in range(60) for j in range(24) if votes[i, j]]
    (tmp_path / "long.csv").write_text("\n".join(["participant,statement,vote,side", *rows]) + "\n")
    return tmp_path


def test_matrix_and_long_form_give_the_same_result(two_camps, capsys):
    results = []
    for name in ("matrix.csv", "long.csv"):
        status, result = asked(capsys, two_camps / name, "--attributes", "side", "--permutations", 99)
        assert status == 0
        results.append(result)
    assert results[0]["statements"] == results[1]["statements"]
    first, second = (result["characteristics"][0] for result in results)
    assert first["share_of_variation_explained"] == second["share_of_variation_explained"]
    assert first["interval"] == pytest.approx(second["interval"])


def test_two_camps_are_found_with_what_divides_them(two_camps, capsys):
    status, result = asked(capsys, two_camps / "matrix.csv", "--attributes", "side", "--permutations", 99)
    assert status == 0 and [group["group"] for group in result["groups"]] == ["A", "B"]
    assert sorted(group["n"] for group in result["groups"]) == [30, 30] and result["stability"] > 0.9
    assert len(result["divisive"]) > 10 and result["consensus"] == [] and result["refused"] == []
    left = result["characteristics"][0]
    assert (left["characteristic"], left["level"], left["n"]) == ("side", "left", 30)
    assert left["p_value"] == 0.01 and left["within_agreement"] > left["between_agreement"]
    assert {"estimate", "standard_error", "interval", "level"} == set(result["statements"][0]["agreement"])
    assert any("by construction" in sentence for sentence in result["caveats"])


def test_the_london_file_has_no_stable_groups_and_its_small_levels_are_refused(corpus, capsys):
    file = corpus / "polis/london.youth.policing/participants-votes.csv"
    status, result = asked(capsys, file, "--attributes", 1, *range(4, 15))
    assert status == 0 and result["n"]["votes"] == 355 and result["groups"] == []
    parts = {part["part"] for part in result["refused"]}
    assert {"groups", "7", "9", "11", "13", "14"} == parts
    first = result["characteristics"][0]
    assert round(first["share_of_variation_explained"], 6) == -0.024059
    assert [round(end, 4) for end in first["interval"]] == [0, 0.0551]
    assert any("cannot say" in sentence for sentence in result["caveats"])


def test_the_brexit_conversation_agrees_with_polis_own_groups_as_one_reading(corpus, capsys):
    file = corpus / "polis/brexit-consensus/participants-votes.csv"
    status, result = asked(capsys, file, "--attributes", "group-id", "--permutations", 99)
    assert status == 0 and len(result["statements"]) == 50
    assert result["characteristics"][0]["p_value"] == 0.01
    assert result["characteristics"][0]["interval"][0] > 0.05


def test_a_later_vote_replaces_an_earlier_one_and_that_is_said(tmp_path, capsys):
    (tmp_path / "v.csv").write_text(
        "timestamp,voter-id,comment-id,vote\n9,1,1,1\n5,1,1,-1\n5,2,1,1\n5,1,2,0\n5,2,2,1\n"
    )
    status, result = asked(capsys, tmp_path / "v.csv")
    assert status == 0 and result["statements"][0]["agree"] == 2
    assert any("1 earlier votes were replaced" in sentence for sentence in result["caveats"])


def test_statements_are_in_the_order_of_counting(two_camps, capsys):
    _, result = asked(capsys, two_camps / "long.csv")
    assert [one["statement"] for one in result["statements"]] == [str(j) for j in range(1, 25)]


def test_a_statement_that_describes_people_is_no_vote_about_anything_else(two_camps, capsys):
    _, result = asked(capsys, two_camps / "matrix.csv", "--attributes", "1,2", "--permutations", 99)
    assert len(result["statements"]) == 22
    assert {record["level"] for record in result["characteristics"]} == {"yes", "no"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("participant,1,2\n", ()),
        ("participant,1,2\n1,1,maybe\n", ()),
        ("participant,1,2\n1,1,2\n2,1,1\n", ()),
        ("participant,1,2\n1,,\n2,,\n", ()),
        ("participant,1,2\n1,1,1\n1,0,1\n", ()),
        ("participant,1,2\n1,1,1\n2,0,1\n", ("--attributes", "age")),
        ("participant,1\n1,1\n2,0\n", ("--attributes", "1")),
        ("participant,1,2\n1,1,1\n2,0,1\n", ("--attributes", "1", "1")),
        ("participant,1,2\n1,1,1\n2,0,1\n", ("--permutations", "5")),
        ("participant,1,2\n1,1,1\n2,0,1\n", ("--seed", "-4")),
        ("participant,1,2\n1,1,1\n2,0,1\n", ("--matters", "0")),
        ("participant,1,2\n1,1,1\n", ()),
        ("participant,statement,vote\n1,1,1\n,1,1\n", ()),
        ("participant,statement,vote,age\n1,1,1,5\n1,2,1,6\n2,1,1,6\n", ("--attributes", "age")),
        ("participant,statement,vote\n1,1,1\n2,1,1\n", ("--attributes", "9")),
    ],
)
def test_bad_input_gives_one_sentence_and_status_1(tmp_path, capsys, text, words):
    (tmp_path / "votes.csv").write_text(text)
    status, said = asked(capsys, tmp_path / "votes.csv", *words)
    assert status == 1 and said and "\n" not in said


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.sampled_from(["", "1", "-1", "0", "x", "2", "agree"]), min_size=4, max_size=4), max_size=8
    ),
    st.sampled_from(["participant,1,2,side", "a,b,c,side", "participant,statement,vote,side"]),
)
def test_no_cells_make_a_traceback(tmp_path, capsys, rows, header):
    (tmp_path / "votes.csv").write_text(header + "\n" + "".join(",".join(row) + "\n" for row in rows))
    status, said = asked(capsys, tmp_path / "votes.csv", "--attributes", "side", "--permutations", "99")
    assert status in {0, 1}
    assert status == 0 or (said and "\n" not in said)
