"""``folkmoot analyse map`` from a plain file to JSON."""

from __future__ import annotations

import json
import pathlib
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main

CLAIMS = """source,cause,effect,stance,group
ann,patrols; on foot,trust,,north
ben,trust,calls,supports,north
ben,patrols; by car,trust,challenges,north
cat,patrols; on foot,trust,asserts,south
cat,trust,calls,,south
cat,~trust,~calls,,south
dee,,calls,,south
dee,trust,calls,perhaps,
"""


@pytest.fixture
def claims_file(tmp_path):
    (tmp_path / "claims.csv").write_text(CLAIMS)
    return str(tmp_path / "claims.csv")


def asked(capsys, *words):
    status = main(["map", *words])
    out, err = capsys.readouterr()
    return status, (json.loads(out) if status == 0 else err.strip())


def test_the_three_numbers_come_together_with_bundles_and_factors(claims_file, capsys):
    status, result = asked(
        capsys, claims_file, "--from", "patrols", "--to", "calls", "--zoom", "1", "--max-length", "2"
    )
    assert status == 0
    assert (result["links_shown"], result["flow_citations"], result["flow_sources"]) == (2, 2, 2)
    assert result["sources_with_whole_path"] == 1 and result["whole_path_sources"] == ["cat"]
    first = result["bundles"][0]
    assert (first["cause"], first["effect"], first["citations"], first["sources"]) == (
        "patrols",
        "trust",
        2,
        2,
    )
    assert first["continuity"] == 0 and first["challenges"] == 1
    assert {"factor", "causes", "effects", "driver", "outcome"} <= set(result["factors"][0])


def test_every_row_is_used_or_set_aside_with_its_reason(claims_file, capsys):
    _, result = asked(capsys, claims_file)
    assert result["n"]["rows"] == 8 and result["n"]["used"] == 6 and result["n"]["set_aside"] == 2
    assert sum(part["rows"] for part in result["set_aside"]) == 2
    assert "links_shown" not in result and result["caveats"]


def test_a_bundle_with_challenges_only_has_no_continuity(claims_file, capsys):
    _, result = asked(capsys, claims_file)
    only = [bundle for bundle in result["bundles"] if not bundle["citations"]]
    assert len(only) == 1 and only[0]["challenging_sources"] == 1 and "continuity" not in only[0]


def test_opposites_stay_apart_until_they_are_combined(claims_file, capsys):
    _, apart = asked(capsys, claims_file)
    assert {"~trust", "~calls"} <= {factor["factor"] for factor in apart["factors"]}
    _, merged = asked(capsys, claims_file, "--opposites", "combine", "--from", "~trust", "--to", "calls")
    bundle = next(b for b in merged["bundles"] if (b["cause"], b["effect"]) == ("trust", "calls"))
    assert bundle["citations"] == 3 and bundle["cause_flipped"] == bundle["effect_flipped"] == 1


def test_surprise_is_given_with_its_counts_when_there_is_a_group(claims_file, capsys):
    _, result = asked(capsys, claims_file)
    record = next(r for r in result["surprise"] if r.get("factor") == "~trust" and r["group"] == "south")
    assert (record["mentions"], record["does_not"]) == (1, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "patrols"],
        ["--to", "calls"],
        ["--from", "nothing", "--to", "calls"],
        ["--from", "trust", "--to", "trust"],
        ["--from", "trust", "--to", "calls", "--max-length", "0"],
        ["--zoom", "0"],
        ["--max-length", "3"],
    ],
)
def test_a_question_without_sense_is_one_sentence_and_exit_1(claims_file, capsys, words):
    status, sentence = asked(capsys, claims_file, *words)
    assert status == 1 and sentence.endswith(".") and "\n" not in sentence


CELLS = st.text(alphabet="ab;~ ,\"'\n\r\té0-9", max_size=6)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["source,cause,effect", "source,cause,effect,stance,group", "cause,effect", "SOURCE;x"]),
    st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=8),
    st.sampled_from([[], ["--zoom", "1"], ["--opposites", "combine"], ["--from", "a", "--to", "b"]]),
)
def test_garbage_gives_a_result_or_one_sentence(header, rows, words):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "garbage.csv"
        file.write_text("\n".join([header, *(",".join(row) for row in rows)]), encoding="utf-8", newline="")
        assert main(["map", str(file), *words, "-o", str(pathlib.Path(folder) / "out.json")]) in {0, 1}


def test_a_group_column_without_groups_is_said(tmp_path, capsys):
    (tmp_path / "c.csv").write_text("source,cause,effect,group\na,x,y,\n")
    _, result = asked(capsys, str(tmp_path / "c.csv"))
    assert "surprise" not in result and result["refused"][0]["part"] == "surprise"


def test_a_map_that_no_single_group_can_surprise_refuses_only_that_part(tmp_path, capsys):
    (tmp_path / "c.csv").write_text("source,cause,effect,group\na,x,y,g\nb,x,z,g\n")
    _, result = asked(capsys, str(tmp_path / "c.csv"))
    assert {part["part"] for part in result["refused"]} == {"surprise of factors", "surprise of links"}
    assert len(result["bundles"]) == 2
