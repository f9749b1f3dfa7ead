"""The same answers in every kind of file are the same answers, with their labels and missing codes."""

from __future__ import annotations

import io
import pathlib

import numpy as np
import openpyxl
import pandas
import pyreadstat
import pytest

from folkmoot.core.errors import BadImport
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, lay
from folkmoot.surveys.reading.series import read_published

SALT = "11" * 32
HEARD = [1.0, 2.0, 1.0, 9.0, 2.0, 1.0, np.nan, 1.0]
TRUST = [3.5, 4.25, 9.75, 2.0, 6.5, 1.0, 5.0, 7.0]
AREA = ["north", "north", "south", "south", "north", "south", "north", "south"]
WEIGHT = [1.5, 2.0, 0.5, 1.0, 1.0, 2.0, 1.0, 1.0]
LABELS = {1.0: "yes", 2.0: "no", 9.0: "refused"}


@pytest.fixture
def frame():
    return pandas.DataFrame({"heard": HEARD, "trust": TRUST, "area": AREA, "weight": WEIGHT})


def plain(value):
    if isinstance(value, float) and np.isnan(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def rows(frame):
    return [list(frame.columns), *([plain(one) for one in row] for row in frame.itertuples(index=False))]


def csv_file(frame, tmp_path, *, separator=",", comma=False):
    lines = [separator.join(row) for row in rows(frame)]
    if comma:
        lines = [lines[0], *(line.replace(".", ",") for line in lines[1:])]
    return "\n".join(lines).encode()


def xlsx_file(frame, tmp_path):
    book = openpyxl.Workbook()
    for row in rows(frame):
        book.active.append([float(one) if one.replace(".", "").isdigit() else one or None for one in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods_file(frame, tmp_path):
    path = tmp_path / "answers.ods"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{one}"><text:p>{one}</text:p></table:table-cell>'
            if one.replace(".", "").isdigit()
            else f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>'
            if one
            else "<table:table-cell/>"
            for one in row
        )
        + "</table:table-row>"
        for row in rows(frame)
    )
    import zipfile

    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="a">'
        f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path.read_bytes()


def sav_file(frame, tmp_path, *, ending="sav"):
    path = tmp_path / f"answers.{ending}"
    pyreadstat.write_sav(
        frame, str(path), column_labels=["Do you feel heard?", "Trust", "Area", "Weight"],
        variable_value_labels={"heard": LABELS}, missing_ranges={"heard": [9.0]}, compress=ending == "zsav",
    )  # fmt: skip
    return path.read_bytes()


def dta_file(frame, tmp_path):
    path = tmp_path / "answers.dta"
    pyreadstat.write_dta(
        frame, str(path), column_labels=["Do you feel heard?", "Trust", "Area", "Weight"],
        variable_value_labels={"heard": LABELS},
    )  # fmt: skip
    return path.read_bytes()


FILES = {
    "answers.csv": csv_file,
    "answers.tsv": lambda frame, path: csv_file(frame, path, separator="\t"),
    "decimals.csv": lambda frame, path: csv_file(frame, path, separator=";", comma=True),
    "answers.xlsx": xlsx_file,
    "answers.ods": ods_file,
    "answers.sav": sav_file,
    "answers.zsav": lambda frame, path: sav_file(frame, path, ending="zsav"),
    "answers.dta": dta_file,
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_kind_of_file_gives_the_same_answers(name, frame, tmp_path):
    raw = read_answers(name, FILES[name](frame, tmp_path))
    choices = Choices(
        weight="weight", stratum="area", numbers=frozenset({"trust"}), missing={"heard": frozenset({"9"})}
    )
    laid = lay(raw, choices, salt=SALT)
    assert (laid.read, laid.used, laid.set_aside) == (8, 8, ())
    held = {one.name: one for one in laid.columns}
    assert held["heard"].values.tolist() == [0, 1, 0, -1, 1, 0, -1, 0]
    assert np.allclose(held["trust"].values, TRUST) and np.allclose(held["weight"].values, WEIGHT)
    assert held["area"].answers == ("north", "south")


@pytest.mark.parametrize("name", ["answers.sav", "answers.zsav", "answers.dta"])
def test_files_of_statistics_programs_bring_their_labels(name, frame, tmp_path):
    raw = read_answers(name, FILES[name](frame, tmp_path))
    laid = lay(raw, Choices(missing={"heard": frozenset({"9"})}), salt=SALT)
    heard = next(one for one in laid.columns if one.name == "heard")
    assert heard.label == "Do you feel heard?" and heard.answers == ("yes", "no")
    assert heard.missing == (("9", "refused"),)


def test_what_spss_calls_missing_is_missing_without_being_told(frame, tmp_path):
    raw = read_answers("answers.sav", sav_file(frame, tmp_path))
    heard = next(one for one in lay(raw, Choices(), salt=SALT).columns if one.name == "heard")
    assert heard.answers == ("yes", "no") and heard.missing == (("9", "refused"),)


@pytest.mark.parametrize("name", ["answers.sav", "answers.zsav", "answers.dta", "answers.xlsx"])
def test_a_file_cut_short_anywhere_is_refused_in_one_sentence_or_gives_rows(name, frame, tmp_path):
    whole = FILES[name](frame, tmp_path)
    for cut in range(0, len(whole), max(1, len(whole) // 25)):
        try:
            raw = read_answers(name, whole[:cut])
        except BadImport as error:
            assert str(error).count(". ") <= 1
        else:
            assert raw.rows <= 8


def test_scales_are_read_as_answers_until_somebody_wants_their_mean():
    content = ("score\n" + "\n".join(str(one % 5 + 1) for one in range(60))).encode()
    raw = read_answers("a.csv", content)
    assert lay(raw, Choices(), salt=SALT).columns[0].answers == ("1", "2", "3", "4", "5")
    assert lay(raw, Choices(numbers=frozenset({"score"})), salt=SALT).columns[0].role == "number"
    with pytest.raises(BadImport, match="no column “trust”"):
        lay(raw, Choices(weight="trust"), salt=SALT)


def test_a_column_that_only_numbers_the_rows_is_left_out_and_said():
    content = ("id,heard\n" + "\n".join(f"{one},{one % 2}" for one in range(1, 61))).encode()
    laid = lay(read_answers("a.csv", content), Choices(), salt=SALT)
    assert [one.name for one in laid.columns] == ["heard"] and "numbers the rows" in laid.notes[0]


def test_nothing_is_left_on_the_disk_by_reading(frame, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    tempfile.tempdir = None
    read_answers("answers.csv", csv_file(frame, tmp_path))
    tempfile.tempdir = None
    assert not list(pathlib.Path(tmp_path).glob("tmp*"))


@pytest.mark.parametrize(
    ("text", "code"), [("q\n-9.0\n1.0\n2.0\n1.0\n", "-9"), ("q;r\n-9,0;a\n1,0;a\n2;b\n1;b\n", "-9.0")]
)
def test_a_code_is_no_answer_however_a_program_wrote_its_zeros(text, code):
    laid = lay(read_answers("a.csv", text.encode()), Choices(missing={"q": frozenset({code})}), salt=SALT)
    column = laid.columns[0]
    assert column.answers == ("1", "2") and column.missing == (("-9", ""),)
    assert column.values.tolist() == [-1, 0, 1, 0]


def test_codes_that_begin_with_a_nought_keep_it():
    raw = read_answers("a.csv", b"area\n01\n1\n010\n2.5\n")
    assert raw.column("area").levels == ("01", "010", "1", "2.5")


def test_a_code_called_no_answer_that_nobody_gave_is_said():
    raw = read_answers("a.csv", b"q,r\n1,1\n2,1\n-9,2\n")
    laid = lay(raw, Choices(missing={"q": frozenset({"-99", "-9"}), "": frozenset({"77"})}), salt=SALT)
    assert laid.notes == (
        "“77” was called no answer, but does not stand in any column.",
        "“-99” was called no answer, but does not stand in “q”.",
    )


def test_people_whose_long_numbers_differ_in_the_last_figure_stay_two_in_spss(tmp_path):
    path = tmp_path / "panel.sav"
    pyreadstat.write_sav(
        pandas.DataFrame({"who": [7700900123451.0, 7700900123452.0], "q": [1.0, 2.0]}), str(path)
    )
    laid = lay(read_answers("panel.sav", path.read_bytes()), Choices(panel="who"), salt=SALT)
    spss = laid.columns[0].values.tolist()
    assert len(set(spss)) == 2
    text = read_answers("panel.csv", b"who,q\n7700900123451.0,1\n7700900123452,2\n")
    assert lay(text, Choices(panel="who"), salt=SALT).columns[0].values.tolist() == spss


TEXT = "café,heard\n£5 – much,1\nnone,2\n£5 – much,1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_save_as_text_is_read_whatever_its_letters_are_written_in(encoding):
    raw = read_answers("answers.csv", TEXT.encode(encoding))
    assert [one.name for one in raw.columns] == ["café", "heard"]
    assert raw.columns[0].levels == ("none", "£5 – much")
    assert bool(raw.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_published_series_are_read_whatever_their_letters_are_written_in(encoding):
    text = "period,area,Trüst\n2024-03-31,Kelder – north,0.5\n2024-06-30,Kelder – north,0.6\n"
    found = read_published("trust.csv", text.encode(encoding))
    assert {one.area for one in found.figures} == {"Kelder – north"} and len(found.figures) == 2
    assert any("Windows-1252" in one for one in found.faults) == (encoding == "cp1252")


def test_a_file_of_a_single_area_is_read_by_the_name_of_its_column():
    found = read_published(
        "one.csv", b"quarter,area,trust\n2024-Q1,Kelder,0.5\n2024-Q2,Kelder,0.6\n2024-Q3,Kelder,0.6\n"
    )
    assert [one.value for one in found.figures] == [0.5, 0.6, 0.6]
