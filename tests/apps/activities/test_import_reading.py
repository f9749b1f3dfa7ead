"""What a file may be: every format and every way of writing, and one sentence for what cannot be read."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from folkmoot.activities.importing import parsing, sheets
from folkmoot.activities.importing.fields import guessed
from folkmoot.activities.importing.keeping import sheet_in
from folkmoot.activities.importing.sheets import read_sheet
from folkmoot.activities.importing.spellings import counted, grouped, plain, words_of
from folkmoot.activities.importing.template import ENDINGS, template
from folkmoot.core.errors import BadImport, FolkmootError


def workbook(*rows, change=lambda book: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


TABLE = "Day;Where;People\n23/11/2026;Café, Ferry Road;12\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_csv_is_read_whatever_its_encoding_and_whatever_parts_its_columns(encoding, mark):
    text = TABLE.replace(", ", " ").replace(";", mark)
    sheet = read_sheet("a.csv", text.encode(encoding))
    assert sheet.columns == ("Day", "Where", "People")
    assert sheet.rows == ((2, ("23/11/2026", "Café Ferry Road", "12")),)
    assert bool(sheet.notes) == (encoding == "cp1252")


def test_rows_have_the_numbers_that_a_spreadsheet_shows():
    text = 'Title page\n\nDay,Where,People\n2026-01-01,"two\nlines",1\n\n2026-01-02,b,2\n'
    sheet = read_sheet("a.csv", text.encode())
    assert [number for number, _ in sheet.rows] == [4, 6]
    assert sheet.rows[0][1][1] == "two\nlines"
    assert "row 3" in sheet.notes[0]


def test_a_workbook_gives_days_and_times_as_iso_and_numbers_as_they_are():
    content = workbook(
        ["Day", "Begins", "Hours", "People", "Yes"],
        [dt.datetime(2026, 3, 2, 18, 30), dt.time(18, 30), 2.5, 24.0, True],
        [dt.date(2026, 3, 3), "6.30 pm", 3, None, False],
    )
    sheet = read_sheet("a.xlsx", content)
    assert sheet.rows == (
        (2, ("2026-03-02T18:30:00", "18:30:00", "2.5", "24", "yes")),
        (3, ("2026-03-03", "6.30 pm", "3", "", "no")),
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_template_is_read_by_the_import_and_matches_itself(ending):
    sheet = read_sheet(f"t.{ending}", template(ending, tallies=["Age: 16 to 24"]))
    found = guessed(sheet.columns)
    assert found["happened_on"] == "Day" and found["people"] == "How many people"
    assert {"begins_at", "place_words", "place", "initiative", "method", "hours", "level"} <= set(found)
    assert sheet.rows[0][1][0] == "2026-03-02" and len(sheet.rows) == 1
    assert "Age: 16 to 24" in sheet.columns


def test_of_several_sheets_the_one_with_known_headings_is_read():
    def change(book):
        book.active.title = "Notes"
        other = book.create_sheet("Log")
        other.append(["Date", "Venue", "Attendance"])
        other.append(["2026-01-01", "Hall", 3])
        book.create_sheet("Secret").sheet_state = "hidden"

    sheet = read_sheet("a.xlsx", workbook(["one", "two", "three"], ["x", "y", "z"], change=change))
    assert sheet.columns == ("one", "two", "three")
    from folkmoot.activities.importing.fields import rated

    sheet = read_sheet(
        "a.xlsx", workbook(["one", "two", "three"], ["x", "y", "z"], change=change), wanted=rated
    )
    assert sheet.columns == ("Date", "Venue", "Attendance")
    assert any("Notes" in note for note in sheet.notes) and any("hidden" in note for note in sheet.notes)


def test_formulas_without_a_result_and_merged_cells_are_told():
    def change(book):
        book.active.merge_cells("A2:A3")

    sheet = read_sheet(
        "a.xlsx", workbook(["Day", "People"], ["2026-01-01", "=1+2"], [None, 4], change=change)
    )
    assert any("1 cell holds a formula" in note for note in sheet.notes)
    assert any("merged" in note for note in sheet.notes)
    assert sheet.rows[1] == (3, ("", "4"))


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    return file.getvalue()


def far_out():
    content = workbook(["Day"], ["2026-01-01"])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part.endswith("sheet1.xml"):
                data = data.replace(b'r="A2"', b'r="XFD1048576"')
            new.writestr(part, data)
    return file.getvalue()


def locked():
    word = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + word + b"\0" * 600


BAD = {
    "empty": ("a.csv", b"", "is empty"),
    "blank": ("a.csv", b"\n\n ,,\n", "no words or numbers"),
    "header only": ("a.csv", b"Day,People\n", "no row below"),
    "broken zip": ("a.xlsx", b"PK\x03\x04" + b"\0" * 50, "damaged"),
    "cut off": ("a.xlsx", workbook(["Day"], ["2026-01-01"])[:-300], "damaged"),
    "locked": ("a.xlsx", locked(), "password"),
    "bomb": ("a.xlsx", bomb(), "unpack"),
    "far out": ("a.xlsx", far_out(), "most of them empty"),
    "wrong ending": ("a.csv", workbook(["Day"], ["2026-01-01"]), "not what its name says"),
    "text as xlsx": ("a.xlsx", b"Day,People\n2026-01-01,2\n", "not an Excel workbook"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "picture"),
    "a pdf": ("a.pdf", b"%PDF-1.4\n", "no spreadsheet"),
    "bytes": ("a.csv", bytes(range(256)) * 4, "not text"),
    "open quotation": ("a.csv", b'Day,People\n2026-01-01,"2\n', "quotation mark"),
    "a million columns": ("a.csv", b",".join([b"x"] * 1_000_000) + b"\n" + b",".join([b"1"] * 1_000_000), "columns"),
    "a huge cell": ("a.csv", b'Day,People\n2026-01-01,"' + b"x" * 200_000 + b'"\n', "characters"),
    "old excel": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "old kind"),
    "json that is none": ("a.json", b"[{", "not JSON"),
    "deep json": ("a.json", b"[" * 100_000, "not JSON"),
    "another json": ("a.json", b'[{"latitude": "1"}]', "something else"),
    "a neighbourhood": ("a.json", b'{"id": "NC04"}', "no list of events"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_in_one_sentence(name):
    file, content, said = BAD[name]
    with pytest.raises(BadImport) as refused:
        sheet_in(file, content)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_file_of_200_mb_is_refused_before_it_is_read():
    with pytest.raises(BadImport, match="200 MB"):
        sheets.require_size("a.csv", 200_000_000)


@pytest.mark.parametrize(
    ("written", "day", "at"),
    [
        ("2026-11-23", (2026, 11, 23), None),
        ("2017-12-28T18:30:00", (2017, 12, 28), (18, 30)),
        ("2026-11-23 6.30pm", (2026, 11, 23), (18, 30)),
        ("23/11/2026", (2026, 11, 23), None),
        ("3/4/26", (2026, 4, 3), None),
        ("03.04.2026 14:05", (2026, 4, 3), (14, 5)),
        ("23 November 2026", (2026, 11, 23), None),
        ("Mon 23rd Nov 2026", (2026, 11, 23), None),
        ("November 23, 2026", (2026, 11, 23), None),
        ("2026-07-01T12:00:00Z", (2026, 7, 1), (13, 0)),
    ],
)
def test_days_are_read_as_people_write_them(written, day, at):
    found, time = parsing.moment_of(written)
    assert found == dt.date(*day) and time == (dt.time(*at) if at else None)


@pytest.mark.parametrize("written", ["", "soon", "31/02/2026", "2026-13-01", "45000", "1/2", "123/1/2026"])
def test_what_is_no_day_is_refused_in_words(written):
    with pytest.raises(FolkmootError):
        parsing.moment_of(written)


@pytest.mark.parametrize(("written", "day"), [("45321", "30 January 2024"), ("45321.75", "30 January 2024")])
def test_a_spreadsheets_own_number_of_a_day_is_named_as_what_it_may_be(written, day):
    with pytest.raises(FolkmootError, match=day):
        parsing.moment_of(written)
    for other in ("12345", "99999", "453210"):
        with pytest.raises(FolkmootError, match="no day that can be read"):
            parsing.moment_of(other)


def test_whether_the_day_comes_first_is_seen_from_the_column():
    assert parsing.day_comes_first(["3/4/2026", "23/4/2026"]) is True
    assert parsing.day_comes_first(["3/4/2026", "4/23/2026"]) is False
    assert parsing.day_comes_first(["3/4/2026"]) is None
    with pytest.raises(FolkmootError, match="Some days"):
        parsing.day_comes_first(["23/4/2026", "4/23/2026"])


@pytest.mark.parametrize(
    ("written", "number"),
    [("12", 12), ("1,250", 1250), ("2,5", "2.5"), ("1.250,5", "1250.5"), (" 1 250 ", 1250), ("2.50", "2.50")],
)
def test_numbers_are_read_with_either_comma(written, number):
    assert parsing.number_of(written) == Decimal(number)


def test_hours_are_numbers_or_clock_spans():
    assert parsing.hours_of("1:30") == Decimal("1.50")
    assert parsing.hours_of("2,5 hrs") == Decimal("2.5")
    for bad in ("about 3", "12-15", "1e9999", "nan", "--1"):
        with pytest.raises(FolkmootError):
            parsing.hours_of(bad)


def test_spellings_of_one_kind_come_together_and_of_two_kinds_do_not():
    counts = {"835 Beat Meeting": 9, "Beat meeting 812": 3, "Beat Meeeting": 1, "BEAT MEETING (2nd)": 2,
              "Peer Jury": 5, "peer  jury meeting": 1, "Coffee morning": 4, "Cofee Morning": 1}  # fmt: skip
    labels = [{one.written for one in group.spellings} for group in grouped(counts)]
    assert {"Peer Jury", "peer  jury meeting"} in labels
    assert {"Coffee morning", "Cofee Morning"} in labels
    assert {"835 Beat Meeting", "Beat meeting 812", "Beat Meeeting", "BEAT MEETING (2nd)"} in labels


def test_every_spelling_is_in_one_group_and_the_grouping_is_always_the_same():
    counts = counted(f"{word} {number}" for word in ("walk", "talk", "fair", "") for number in range(40))
    first, second = grouped(counts), grouped(dict(reversed(list(counts.items()))))
    assert first == second
    assert sorted(one.written for group in first for one in group.spellings) == sorted(counts)
    assert plain("  A  B ") == "a b" and words_of("The 3rd D.A.C. of 12") == {"dac"}


def test_a_title_serves_as_kind_only_where_the_file_says_neither_initiative_nor_method():
    assert guessed(["Date", "Title"])["kind"] == "Title"
    assert "kind" not in guessed(["Date", "Title", "Initiative"])
