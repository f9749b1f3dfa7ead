"""``folkmoot analyse agreement`` from a plain file to JSON."""

from __future__ import annotations

import json
import pathlib
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main

HEADER = "document,length,coder,code,start,end\n"


def asked(capsys, *words):
    status = main(["agreement", *map(str, words)])
    out, err = capsys.readouterr()
    return status, (json.loads(out) if status == 0 else err.strip())


def written(folder, rows, name="spans.csv", header=HEADER):
    file = folder / name
    file.write_text(header + "".join(f"{row}\n" for row in rows))
    return file


def test_a_file_of_spans_gives_the_figures_per_code_and_the_disagreements(tmp_path, capsys):
    file = written(tmp_path, ["d,1000,A,x,0,100", "d,1000,B,x,50,150", "d,,B,,,"])
    status, result = asked(capsys, file)
    assert status == 0 and result["overall"]["estimate"] == pytest.approx(4 / 9)
    code = result["by_code"][0]
    assert code["code"] == "x" and code["agreement"] == pytest.approx(0.9) and code["n"] == 1000
    assert result["disagreements"][0] == {
        "document": "d",
        "code": "x",
        "start": 0,
        "end": 50,
        "coders": ["A"],
        "others": ["B"],
    }
    assert "interval" not in result["overall"] and result["refused"]


@pytest.mark.parametrize("measure", ["kappa", "fleiss", "alpha", "ac1"])
def test_with_documents_enough_every_measure_has_its_interval(tmp_path, capsys, measure):
    rows = [f"d{d},500,{c},x,{d * (c == 'B')},{100 + 3 * d}" for d in range(12) for c in "ABC"]
    _, result = asked(capsys, written(tmp_path, rows), "--measure", measure)
    overall = result["overall"]
    assert overall["interval"][0] <= overall["estimate"] <= overall["interval"][1]
    assert {"standard_error", "level"} <= set(overall)


def test_a_file_of_turns_is_the_second_file_or_an_option(tmp_path, capsys):
    file = written(tmp_path, ["d,100,A,x,0,10", "d,100,B,x,20,30"])
    turns = written(tmp_path, ["d,0,50", "d,50,100", "other,0,9"], "turns.csv", "document,start,end\n")
    _, one = asked(capsys, file, turns, "--unit", "turn")
    _, other = asked(capsys, file, "--turns", turns, "--unit", "turn")
    assert one == other and one["overall"]["estimate"] == 1 and one["overall"]["n"] == 2


def test_ratings_of_units_take_ordinal_to_ratio(tmp_path, capsys):
    rows = [f"u{u},{c},{(u * 7) % 5 + (c == 'B' and u % 4 == 0)}" for u in range(15) for c in "AB"]
    file = written(tmp_path, rows, "ratings.csv", "unit,coder,value\n")
    for scale in ("nominal", "ordinal", "interval", "ratio"):
        status, result = asked(capsys, file, "--scale", scale)
        assert status == 0 and result["overall"]["interval"][0] < 1


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["d,100,A,x,9,3", "d,100,B,x,0,3"], "row 2, column “end”: the span ends before it starts."),
        (
            ["d,100,A,x,0,3", "d,100,B,x,0,300"],
            "row 3, column “end”: the span ends after the end of its document.",
        ),
        (["d,100,A,x,0,3", "d,90,B,x,0,3"], "row 3, column “length”: document “d” has another length"),
        (["d,,A,x,0,3", "d,,B,x,0,3"], "row 2, column “length”: the length of document “d” is not given."),
        (["d,100,A,x,0,3", "d,100,,x,0,3"], "row 3, column “coder”: the coder is not named."),
        (["d,100,A,x,0,3", "d,100,B,,0,3"], "row 3, column “code”: the code is not named."),
        (["d,100,A,x,0,3", "d,100,B,x,0.5,3"], "row 3, column “start”: not a whole number."),
        (["d,100,A,x,0,3", "d,100,B,x,zero,3"], "“zero” is no number"),
        (["d,100,A,x,0,3"], "two coders; there is only “A”"),
        (["d,100,A,,,", "d,100,B,,,"], "nothing to agree on"),
    ],
)
def test_a_bad_span_is_one_sentence_with_its_row(tmp_path, capsys, rows, sentence):
    status, error = asked(capsys, written(tmp_path, rows))
    assert status == 1 and sentence in error and "\n" not in error


CELLS = st.sampled_from(
    ["d", "e", "", "A", "B", "x", "0", "5", "9", "-1", "1e30", "nan", "inf", "é", '"', " "]
)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([HEADER, "unit,coder,value\n", "document,coder\n"]),
    st.lists(
        st.one_of(
            st.lists(CELLS, min_size=3, max_size=6),
            st.builds(
                lambda d, c, k, a, b: [d, "9", c, k, str(a), str(b)],
                st.sampled_from("de"),
                st.sampled_from("ABC"),
                st.sampled_from("xy"),
                st.integers(0, 9),
                st.integers(0, 9),
            ),
        ),
        max_size=8,
    ),
    st.sampled_from(
        [[], ["--measure", "alpha"], ["--unit", "passage"], ["--read", "rows"], ["--scale", "ratio"]]
    ),
)
def test_garbage_gives_a_result_or_one_sentence(header, rows, words):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "garbage.csv"
        file.write_text(header + "\n".join(",".join(row) for row in rows), encoding="utf-8")
        status = main(["agreement", str(file), *words, "--replicates", "200", "-o", f"{folder}/out.json"])
        assert status in {0, 1}
