"""Each document format, by files made here: words, labels, and what is left out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import openpyxl
import pytest
import typst

from folkmoot.core.errors import BadImport
from folkmoot.sources.reading import ReadDocument, ReadFile, read_source

OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)


def accounted(file: ReadFile) -> ReadFile:
    assert file.read == file.used + len(file.set_aside)
    for document in file.documents:
        assert document.rows_read == document.rows_used + len(document.set_aside)
    return file


def one(name: str, content: bytes | str) -> ReadDocument:
    file = accounted(read_source(name, content.encode() if isinstance(content, str) else content))
    return file.documents[0]


def said(document: ReadDocument) -> list[tuple[str | None, str]]:
    return [(turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns]


def packed(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def odt(body: str, *, styles: str = "", kind: str = "text") -> bytes:
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {OPEN}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>",
        }
    )


def word(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_word_paragraphs_with_bold_labels_headings_and_breaks_are_read() -> None:
    made = docx.Document()
    made.add_heading("A talk", level=1)
    first = made.add_paragraph()
    first.add_run("Interviewer:").bold = True
    first.add_run(" How long?")
    second = made.add_paragraph()
    second.add_run("PC Hall").bold = True
    second.add_run(": Nine\tyears.")
    made.add_paragraph("Mostly nights.")
    made.add_paragraph("")
    made.add_paragraph("Interviewer: One\nPC Hall: Two")
    document = one("talk.docx", word(made))
    assert said(document) == [
        ("Interviewer", "How long?"),
        ("PC Hall", "Nine\tyears.\n\nMostly nights."),
        ("Interviewer", "One"),
        ("PC Hall", "Two"),
    ]
    assert "A talk" in document.set_aside[0].reason


def test_a_questioner_in_bold_and_answers_in_plain_type_are_both_heard() -> None:
    made = docx.Document()
    for number in range(3):
        made.add_paragraph().add_run(f"Anna: Question {number}?").bold = True
        made.add_paragraph(f"Bilal: Answer {number}.")
    assert [speaker for speaker, _ in said(one("t.docx", word(made)))] == ["Anna", "Bilal"] * 3


def test_a_word_table_of_turns_is_read_row_by_row() -> None:
    made = docx.Document()
    table = made.add_table(rows=0, cols=3)
    for row in [
        ("Speaker", "Time", "Text"),
        ("Ann", "0:01", "Hello"),
        ("Bob", "0:04", "Hi"),
        ("Ann", "0:09", ""),
    ]:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document = one("t.docx", word(made))
    assert said(document) == [("Ann", "Hello"), ("Bob", "Hi")]
    assert [turn.time_mark for turn in document.turns] == ["0:01", "0:04"]
    assert len(document.set_aside) == 2


def test_a_word_table_without_a_header_is_known_by_its_roles() -> None:
    made = docx.Document()
    table = made.add_table(rows=0, cols=2)
    for row in [("INT", "Hello"), ("P1", "Hi"), ("INT", "Bye"), ("P1", "Bye now")]:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    assert said(one("t.docx", word(made))) == [
        ("INT", "Hello"),
        ("P1", "Hi"),
        ("INT", "Bye"),
        ("P1", "Bye now"),
    ]


def test_deleted_words_are_left_out_of_a_word_file_and_a_note_says_so() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    content = packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>Kept </w:t></w:r><w:del><w:r>'
            "<w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>added</w:t></w:r></w:ins></w:p></w:body>"
            "</w:document>"
        }
    )
    document = one("t.docx", content)
    assert document.text == "Kept added"
    assert "deleted passage" in document.notes[0]


def test_open_document_text_with_bold_labels_and_spaces_is_read() -> None:
    document = one(
        "t.odt",
        odt(
            '<text:h>A talk</text:h><text:p><text:span text:style-name="T1">Ann Lee</text:span>: One<text:s text:c="2"/>'
            'two<text:line-break/>three</text:p><text:p><text:span text:style-name="T1">Bob Lee</text:span>: Hi'
            "<text:note><text:note-body><text:p>aside</text:p></text:note-body></text:note></text:p>"
            '<text:p><text:span text:style-name="T1">Ann Lee</text:span>: Yes</text:p>'
            '<text:p><text:span text:style-name="T1">Bob Lee</text:span>: No</text:p>',
            styles='<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>',
        ),
    )
    assert said(document) == [
        ("Ann Lee", "One  two\nthree"),
        ("Bob Lee", "Hi"),
        ("Ann Lee", "Yes"),
        ("Bob Lee", "No"),
    ]
    assert "footnote" in document.notes[0]


def test_markdown_marks_are_taken_off_and_bold_labels_read() -> None:
    document = one(
        "t.md",
        "---\ntitle: A talk\n---\n# A talk\n\n**Interviewer:** How *long*?\n\n**Mr Hall**: Nine `years` & more.\n\n"
        "Mostly nights:\n\n1. one\n2. two\n",
    )
    assert said(document) == [
        ("Interviewer", "How long?"),
        ("Mr Hall", "Nine years & more.\n\nMostly nights:\n\n1. one\n\n2. two"),
    ]
    assert len(document.set_aside) == 2


def test_markdown_lines_without_blank_lines_between_them_are_turns() -> None:
    assert len(one("t.md", "INT: One\nP1: Two\nINT: Three\n").turns) == 3


def test_rst_marks_are_taken_off_and_directives_set_aside() -> None:
    document = one(
        "t.rst",
        "A talk\n======\n\n*(10.00 am)*\n\n**Mr Poole**: Good :outline:`morning` to ``you``.\n\n.. image:: x.png\n\n"
        "   caption\n\n**The Witness**: A. is a letter.\n\nQuestions From Ms Heaven\n\n**Mr Poole**: Thanks \\*.\n",
    )
    assert said(document) == [
        ("Mr Poole", "Good morning to you."),
        ("The Witness", "A. is a letter."),
        ("Mr Poole", "Thanks *."),
    ]
    assert len(document.set_aside) == 5


def test_a_web_page_gives_what_a_reader_sees() -> None:
    document = one(
        "t.html",
        "<!doctype html><html><head><title>x</title><script>var a='Ann: no'</script></head><body><h1>Talk</h1>"
        "<p><b>Interviewer:</b> How\n  long&nbsp;ago?</p><div>P1: Nine<br>years &amp; more</div><p hidden>gone</p>"
        "<style>p{}</style>tail</body></html>",
    )
    assert said(document) == [("Interviewer", "How long\xa0ago?"), ("P1", "Nine\nyears & more\n\ntail")]


def test_a_web_page_in_an_older_encoding_is_read_as_it_declares() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Łódź mówi</p></body></html>'
    assert one("t.htm", page.encode("iso-8859-2")).text == "Łódź mówi"


def test_a_web_table_of_turns_is_read_row_by_row() -> None:
    document = one(
        "t.html",
        "<html><body><table><tr><th>Speaker</th><th>Text</th></tr><tr><td>Ann</td><td>Hello <i>there</i></td></tr>"
        "<tr><td></td><td>Hm</td></tr></table></body></html>",
    )
    assert said(document) == [("Ann", "Hello there"), (None, "Hm")]
    assert document.turns[1].doubt


def test_captions_with_voices_join_the_cues_of_one_voice() -> None:
    document = one(
        "t.vtt",
        "WEBVTT - a talk\n\nNOTE made by hand\n\n1\n00:00:01.000 --> 00:00:02.000 align:start\n<v Ann Lee>Hello\nthere</v>\n\n"
        "00:02.500 --> 00:03.000\n<v.loud Ann Lee>again &amp; again\n\n00:04.000 --> 00:05.000\n<v Bob>Hi</v> <v Ann Lee>Oh</v>\n\n"
        "00:06.000 --> 00:07.000\n<c.red> </c>\n",
    )
    assert said(document) == [("Ann Lee", "Hello there\nagain & again"), ("Bob", "Hi"), ("Ann Lee", "Oh")]
    assert [turn.time_mark for turn in document.turns] == ["00:00:01.000", "00:04.000", "00:04.000"]
    assert len(document.set_aside) == 3


def test_subtitles_with_names_run_on_until_the_next_name() -> None:
    document = one(
        "t.srt",
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nInterviewer: Hello\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n<i>P1: Yes\r\nand</i>"
        "\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nno\r\n",
    )
    assert said(document) == [("Interviewer", "Hello"), ("P1", "Yes and\nno")]
    assert document.turns[1].time_mark == "00:00:03.000"


def test_subtitles_without_names_are_one_turn_a_cue() -> None:
    document = one(
        "t.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nyou\n"
    )
    assert said(document) == [(None, "Hello"), (None, "you")]


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_sheet_of_a_workbook_is_read_or_set_aside() -> None:
    content = workbook(
        {
            "Talks": [
                ["Interview", "Speaker", "Text", "Time"],
                [1, "Ann", "Hello", dt.time(0, 1, 5)],
                [2, "Bob", "Hi", 3],
            ],
            "Notes": [["made", "by hand"], [None, "x"]],
        }
    )
    file = accounted(read_source("t.xlsx", content))
    assert [document.name for document in file.documents] == ["1", "2"]
    assert [document.turns[0].time_mark for document in file.documents] == ["00:01:05", "3"]
    assert [(one.file, one.row) for one in file.set_aside] == [
        ("t.xlsx, sheet “Notes”", 1),
        ("t.xlsx, sheet “Notes”", 2),
    ]


def test_an_open_spreadsheet_with_repeated_cells_is_read() -> None:
    def cell(words: str) -> str:
        return f"<table:table-cell><text:p>{words}</text:p></table:table-cell>"

    content = odt(
        '<table:table table:name="T"><table:table-row>'
        + cell("Speaker") + cell("Text")
        + '<table:table-cell table:number-columns-repeated="16382"/></table:table-row><table:table-row>'
        + cell("Ann") + cell("Hello")
        + '</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        + '<table:table-row table:number-rows-repeated="2"><table:table-cell/>' + cell("Hm")
        + '</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        "</table:table>",
        kind="spreadsheet",
    )  # fmt: skip
    file = accounted(read_source("t.ods", content))
    assert said(file.documents[0]) == [("Ann", "Hello"), (None, "Hm"), (None, "Hm")]
    assert [one.row for one in file.set_aside] == [3, 4]


def pdf(source: str) -> bytes:
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


PAGE = "#set page(width: 14cm, height: 12cm, margin: 2cm, footer: context [Our study #h(1fr) - #counter(page).display() -])\n"


def test_a_pdf_gives_turns_without_its_feet_and_with_its_lines_joined() -> None:
    words = "We walk the same streets every night and talk with whoever is out there. " * 5
    document = one(
        "t.pdf", pdf(PAGE + f"Interviewer: How is it?\n\nResident 1: {words}\n\nInterviewer: I see.\n\n" * 3)
    )
    assert [speaker for speaker, _ in said(document)] == ["Interviewer", "Resident 1", "Interviewer"] * 3
    assert said(document)[1][1] == words.strip()
    assert document.set_aside and all("running head" in one.reason for one in document.set_aside)


def test_a_word_broken_at_the_end_of_a_pdf_line_is_joined_and_counted() -> None:
    broken = "INT: The neighbour-\\ hood changed. \\ P1: A well-known\\ place, well-\\ known here."
    document = one("t.pdf", pdf(broken))
    assert said(document) == [
        ("INT", "The neighbourhood changed."),
        ("P1", "A well-known place, well-known here."),
    ]
    assert "1 words" in document.notes[-1]


def test_a_pdf_without_text_is_refused_as_pictures() -> None:
    with pytest.raises(BadImport, match="OCR"):
        read_source("t.pdf", pdf("#rect()"))


def test_a_table_within_a_table_is_read_once() -> None:
    made = docx.Document()
    outer = made.add_table(rows=1, cols=1).cell(0, 0)
    outer.text = "INT: outer"
    outer.add_table(rows=1, cols=1).cell(0, 0).text = "P1: inner"
    assert said(one("t.docx", word(made))) == [("INT", "outer"), ("P1", "inner")]
    table = "<table:table><table:table-row><table:table-cell>{}</table:table-cell></table:table-row></table:table>"
    nested = table.format("<text:p>INT: outer</text:p>" + table.format("<text:p>P1: inner</text:p>"))
    assert said(one("t.odt", odt(nested))) == [("INT", "outer"), ("P1", "inner")]


def test_markdown_tables_of_turns_are_read_and_other_tables_are_paragraphs() -> None:
    turns = one("t.md", "| Speaker | Text |\n|---|---|\n| Ann | Hello **you** |\n| Bob | Hi |\n")
    assert said(turns) == [("Ann", "Hello you"), ("Bob", "Hi")]
    assert said(one("t.md", "| a | b |\n|---|---|\n| 1 | 2 |\n")) == [
        (None, "a"),
        (None, "b"),
        (None, "1"),
        (None, "2"),
    ]
