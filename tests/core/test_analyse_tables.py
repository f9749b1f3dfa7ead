"""Reading plain files: what is a cell, what is missing, and how a broken file is refused."""

from __future__ import annotations

import pathlib
import tempfile

import duckdb
import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.analyse.tables import read_table
from folkmoot.core.errors import CannotAnalyse


def written(folder: pathlib.Path, content: str | bytes, name: str = "table.csv"):
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_cells_are_trimmed_and_a_blank_cell_is_missing(tmp_path):
    table = read_table(written(tmp_path, "a,b\n x ,1\n\t,\n\u00a0y\u00a0,2\n"))
    assert table.columns == ["a", "b"] and len(table) == 3
    assert table.text("a") == ["x", None, "y"]
    codes, levels = table.codes("a")
    assert codes.tolist() == [0, -1, 1] and levels == ["x", "y"]
    assert np.array_equal(table.numbers("b", missing=True), [1, np.nan, 2], equal_nan=True)


def test_a_blank_number_is_refused_with_its_row_unless_allowed(tmp_path):
    table = read_table(written(tmp_path, "a,b\nx,1\ny,\n"))
    with pytest.raises(CannotAnalyse, match="row 3, column “b”: the cell is empty"):
        table.numbers("b")


def test_text_in_a_column_of_numbers_is_refused_with_its_row(tmp_path):
    table = read_table(written(tmp_path, "a\n1\nfour\n"))
    with pytest.raises(CannotAnalyse, match="row 3, column “a”: “four” is no number"):
        table.numbers("a", missing=True)
    with pytest.raises(CannotAnalyse, match="infinite"):
        read_table(written(tmp_path, "a\ninf\n")).numbers("a")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_header_says_what_parts_the_columns(tmp_path, mark):
    table = read_table(written(tmp_path, f'\ufeff\n"a{mark}b"{mark}c\n"x\ny"{mark}2\n'))
    assert table.columns == [f"a{mark}b", "c"]
    assert table.text(f"a{mark}b") == ["x\ny"]


def test_columns_that_differ_in_case_are_two_and_a_repeated_one_is_refused_when_asked_for(tmp_path):
    table = read_table(written(tmp_path, "a,A,b,b\n1,2,3,4\n"))
    assert table.text("a") == ["1"] and table.text("A") == ["2"]
    with pytest.raises(CannotAnalyse, match="more than one column “b”"):
        table.text("b")
    with pytest.raises(CannotAnalyse, match="no column “z”; it has “a”, “A”"):
        table.text("z")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"a,b\n1,2,3\n", "line 2: 3 cells where the header has 2"),
        (b"a,b\n1\n", "line 2: 1 cells where the header has 2"),
        (b'a,b\n1,"x\n', "quotation mark"),
        (b"a,b\n1,\xff\n", "not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "not UTF-8"),
        (b"a\n" + b"x" * 3_000_000, "longer than"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence_that_quotes_no_cell(tmp_path, content, sentence):
    with pytest.raises(CannotAnalyse, match=sentence) as refusal:
        read_table(written(tmp_path, content))
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 200


def test_a_name_that_looks_like_a_pattern_is_one_file(tmp_path):
    written(tmp_path, "a\n1\n", "part1.csv")
    assert read_table(written(tmp_path, "b\n2\n", "part[1].csv")).text("b") == ["2"]
    with pytest.raises(CannotAnalyse, match="There is no file part"):
        read_table(tmp_path / "part*.csv")


def test_a_spreadsheet_reads_as_the_same_table(tmp_path):
    book = openpyxl.Workbook()
    for row in (["place", "n", "when"], ["A; b", 3, "2026-01-02"], [None, 2.5, None]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    assert table.columns == ["place", "n", "when"] and table.text("place") == ["A; b", None]
    assert table.numbers("n").tolist() == [3, 2.5]
    with pytest.raises(CannotAnalyse, match="cannot be read as a spreadsheet"):
        read_table(written(tmp_path, "no", "t2.xlsx"))
    with pytest.raises(CannotAnalyse, match="cannot be read as a table"):
        read_table(written(tmp_path, "no", "t.parquet"))


def test_parquet_keeps_its_numbers(tmp_path):
    import duckdb

    duckdb.sql("select 1.5 as x, 'w' as y, null::int as z, true as b").write_parquet(
        str(tmp_path / "t.parquet")
    )
    table = read_table(tmp_path / "t.parquet")
    assert table.numbers("x").tolist() == [1.5] and table.text("y") == ["w"] and table.text("z") == [None]
    assert table.numbers("b").tolist() == [1.0]
    with pytest.raises(CannotAnalyse):
        table.numbers("y")


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(alphabet='ab1,;"\n\r\t \x00é.', max_size=120)))
def test_any_bytes_are_a_table_or_one_sentence(content):
    with tempfile.TemporaryDirectory() as folder:
        file = written(pathlib.Path(folder), content)
        try:
            table = read_table(file)
            for column in table.columns:
                assert len(table.text(column)) == len(table)
                table.numbers(column, missing=True)
        except CannotAnalyse as refusal:
            assert str(refusal).endswith(".") or "\n" in str(refusal)


@pytest.mark.parametrize(
    "values", ["(7),(NULL),(-3),(7),(10)", "(7),(-9223372036854775808),(9000000000000000000)"]
)
def test_whole_numbers_of_parquet_are_the_labels_that_their_text_would_be(tmp_path, values):
    file = tmp_path / "labels.parquet"
    connection = duckdb.connect()
    connection.execute(f"create table t(a bigint); insert into t values {values}")
    connection.execute(f"copy (select a, cast(a as varchar) as b from t) to '{file}' (format parquet)")
    table = read_table(file)
    codes, levels = table.codes("a")
    as_text, words = table.codes("b")
    assert codes.tolist() == as_text.tolist() and levels == words


def test_a_column_of_whole_numbers_without_any_has_no_labels(tmp_path):
    file = tmp_path / "labels.parquet"
    duckdb.connect().execute(
        f"copy (select cast(null as integer) as a from range(3)) to '{file}' (format parquet)"
    )
    codes, levels = read_table(file).codes("a")
    assert codes.tolist() == [-1, -1, -1] and levels == []


def test_a_folder_or_a_device_is_called_what_it_is(tmp_path):
    with pytest.raises(CannotAnalyse, match=f"{tmp_path.name} is a folder"):
        read_table(tmp_path)
    with pytest.raises(CannotAnalyse, match="null is a pipe or a device"):
        read_table("/dev/null")
