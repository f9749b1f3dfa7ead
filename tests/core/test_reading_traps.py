"""Broken, locked, huge, harmful and wrongly named files: one sentence each, and what to do."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from folkmoot.core.errors import BadImport
from folkmoot.sources.reading import Limits, read_source

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENDINGS = [
    "txt",
    "md",
    "html",
    "rst",
    "docx",
    "odt",
    "pdf",
    "vtt",
    "srt",
    "csv",
    "tsv",
    "xlsx",
    "ods",
    "",
    "xyz",
]


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(xml: str) -> bytes:
    return packed({"word/document.xml": xml.encode()})


def refusal(name: str, content: bytes, *, limits: Limits | None = None) -> str:
    with pytest.raises(BadImport) as caught:
        read_source(name, content, limits=limits or Limits())
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return str(caught.value)


GOOD_WORD = word(
    f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Hello</w:t></w:r></w:p></w:body></w:document>'
)


@pytest.mark.parametrize("ending", ["txt", "pdf", "csv", "odt", "xlsx", "md", "vtt"])
def test_a_word_file_under_another_name_is_called_what_it_is(ending: str) -> None:
    assert "seems to be a Word document" in refusal(f"talk.{ending}", GOOD_WORD)


@pytest.mark.parametrize("ending", ["docx", "odt", "pdf", "xlsx", "ods"])
def test_text_under_the_name_of_an_office_file_is_refused(ending: str) -> None:
    assert f"named .{ending} but its contents are not" in refusal(f"talk.{ending}", b"INT: hello")


def test_text_formats_under_each_others_names_are_called_what_they_are() -> None:
    assert "WebVTT" in refusal("talk.txt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n")
    assert "SubRip" in refusal("talk.vtt", b"1\n00:00:01,000 --> 00:00:02,000\nhi\n")
    assert "plain text" in refusal("talk.vtt", b"INT: hello")
    assert "web page" in refusal("talk.txt", b"<!DOCTYPE html><html><body>hi</body></html>")
    assert "no markup" in refusal("talk.html", b"INT: hello")


def test_a_file_without_an_ending_is_known_by_its_bytes() -> None:
    assert read_source("talk", GOOD_WORD).documents[0].text == "Hello"
    assert read_source("talk", b"INT: hello").documents[0].turns[0].speaker == "INT"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{\\rtf1 hello}", "rich text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "picture"),
        (b"ID3\x03" + b"\0" * 30, "sound recording"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 30, "recording"),
        (b"\x1f\x8b\x08" + b"\0" * 30, "compressed"),
        (packed({"a.txt": b"hello"}), "zip archive"),
        (packed({"project.qde": b"<x/>"}), "REFI-QDA"),
        (packed({"ppt/slides/1.xml": b"<x/>"}), "presentation"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "old kind"),
        (b"PK\x03\x04" + b"x" * 50, "damaged"),
    ],
)
@pytest.mark.parametrize("name", ["talk.txt", "talk.docx", "talk"])
def test_what_cannot_be_read_is_named_with_a_way_out(name: str, content: bytes, words: str) -> None:
    assert words in refusal(name, content)


def test_a_locked_office_file_is_said_to_be_locked() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal("talk.docx", locked)


def test_a_locked_zip_is_said_to_be_locked() -> None:
    content = bytearray(GOOD_WORD)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + at
        content[place] |= 1
    assert "password" in refusal("talk.docx", bytes(content))


def test_a_locked_open_document_is_said_to_be_locked() -> None:
    content = packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>",
            "content.xml": b"\x00garbage",
        }
    )
    assert "password" in refusal("talk.odt", content)


def test_a_locked_pdf_is_said_to_be_locked() -> None:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
        b"<</Filter/Standard/V 1/R 2/O<" + b"28" * 32 + b">/U<" + b"31" * 32 + b">/P -4>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF" % table
    assert "password" in refusal("talk.pdf", out)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_word_file_cut_short_is_damaged(cut: float) -> None:
    assert "damaged" in refusal("talk.docx", GOOD_WORD[: int(len(GOOD_WORD) * cut)])


def test_a_pdf_cut_short_is_damaged() -> None:
    assert "damaged" in refusal("talk.pdf", b"%PDF-1.7\n1 0 obj<</Type/Cata")


def test_a_file_of_200_megabytes_is_refused_before_it_is_read() -> None:
    assert "200 MB" in refusal("talk.txt", bytes(200_000_000).replace(b"\0", b"a"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = word("<w:document>" + " " * 60_000_000)
    assert len(bomb) < 100_000
    assert "would unpack to" in refusal("talk.docx", bomb)
    assert "unpacks to" in refusal("talk.docx", bomb, limits=Limits(unpacked_bytes=1_000_000))


def test_a_zip_that_lies_about_its_size_is_damaged_and_never_unpacked_whole() -> None:
    content = bytearray(word("<w:document>" + "a" * 3_000_000))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(signature) + at
        content[place : place + 4] = struct.pack("<I", 100)
    assert "damaged" in refusal("talk.docx", bytes(content))


def test_entities_of_a_document_are_never_expanded() -> None:
    bomb = (
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
    )
    assert "entities" in refusal("talk.docx", word(bomb))
    outside = bomb.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/hostname"')
    assert "entities" in refusal("talk.docx", word(outside))


def test_a_sheet_with_one_cell_far_out_does_not_fill_the_memory() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Text"
    book.active["XFD1048576"] = "far"
    out = io.BytesIO()
    book.save(out)
    assert "most of them empty" in refusal("talk.xlsx", out.getvalue())


def test_markup_nested_beyond_what_is_read_is_refused_and_never_cut_in_silence() -> None:
    page = "<html><body><p>one</p>" + "<div>" * 300 + "two" + "</div>" * 300 + "<p>three</p></body></html>"
    assert "nested too deeply" in refusal("talk.html", page.encode())
    assert "nested too deeply" in refusal("talk.md", b">" * 200 + b" one")
    assert read_source("talk.md", b">" * 10 + b" one").documents[0].text == "one"


def test_a_sheet_whose_rows_repeat_a_million_times_is_refused_by_its_characters() -> None:
    spaces = "".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0" '
        for short in ("office", "text", "table")
    )
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = (
        f"<table:table><table:table-row>{cell.format('Text')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="999999">{cell.format("a" * 50_000)}</table:table-row></table:table>'
    )
    content = packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>".encode(),
        }
    )
    assert "characters one file may hold" in refusal("talk.ods", content)


def test_a_damaged_workbook_is_refused() -> None:
    assert "damaged" in refusal(
        "talk.xlsx", packed({"xl/workbook.xml": b"<broken", "[Content_Types].xml": b"<"})
    )


def test_bytes_that_unpack_wrongly_are_damaged() -> None:
    content = bytearray(GOOD_WORD)
    content[60] ^= 0xFF
    content[70] ^= 0xFF
    with pytest.raises(BadImport):
        read_source("talk.docx", bytes(content))
    assert zlib.crc32(bytes(content)) != zlib.crc32(GOOD_WORD)


def holds(name: str, content: bytes) -> None:
    """Either one refusal with a remedy, or an account that adds up and turns that stand in order."""
    try:
        file = read_source(name, content, limits=Limits(unpacked_bytes=5_000_000))
    except BadImport as refused:
        assert refused.remedy and str(refused)
        return
    assert file.read == file.used + len(file.set_aside)
    assert file.documents and any(document.turns for document in file.documents)
    for document in file.documents:
        assert document.rows_read == document.rows_used + len(document.set_aside)
        assert "\x00" not in document.text and "\r" not in document.text
        at = 0
        for turn in document.turns:
            assert at <= turn.start < turn.end <= len(document.text)
            words = document.text[turn.start : turn.end]
            assert words == words.strip() and words
            assert turn.speaker is None or turn.speaker.strip() == turn.speaker != ""
            at = turn.end


HEADS = st.sampled_from(
    [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"WEBVTT\n\n", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf", b"Speaker,Text\n", b"1\n00:00:01,000 --> 00:00:02,000\n"]
)  # fmt: skip


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(ending=st.sampled_from(ENDINGS), head=HEADS, tail=st.binary(max_size=400))
def test_any_bytes_under_any_name_are_read_or_refused_and_nothing_else(
    ending: str, head: bytes, tail: bytes
) -> None:
    holds(f"file.{ending}", head + tail)


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["", " ", "INT: yes", "P1: no", "Interviewer 1 02:56", "[00:01] Ann Lee: hm", "Ann Lee: so", "**Mr A**: x", "**Mr A**",
             "Q. why", "A. so", "[laughs]", "(A break)", "Interview 2", "Interview 3", "Date: 3 May", "=====", "-----", ".. note:: x",
             "   in", "1. one", "00:00:01.000 --> 00:00:02.000", "<v Bob>hi", "<p>INT: a</p>", "P1:", "10:30", "a,b,c", '"x', "😀: é",
             "| a | b |", "|---|---|", "INT: one-", "WEBVTT", "NOTE x", "<b>Ann</b>", "```", "> q", "Interviewee 1 or Interviewee 2: x"]
        ),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    ending=st.sampled_from(["txt", "md", "html", "rst", "vtt", "srt", "csv", ""]),
    lines=LINES,
    breaks=st.sampled_from(["\n", "\r\n", "\n\n"]),
)
@example(ending="txt", lines=["INT: a", "Interview 2", "P1: b", "Interview 3"], breaks="\n\n")
def test_turns_stand_in_the_text_in_order_and_every_part_is_accounted_for(
    ending: str, lines: list[str], breaks: str
) -> None:
    head = {
        "vtt": "WEBVTT\n\n",
        "srt": "1\n00:00:01,000 --> 00:00:02,000\n",
        "html": "<html><body>",
        "csv": "Speaker,Text,Time\n",
    }
    holds(f"file.{ending}", (head.get(ending, "") + breaks.join(lines)).encode())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", ""]),
            st.sampled_from(["Ann", "", "P1 or P2"]),
            st.text(max_size=12),
            st.sampled_from(["", "1", "0:10", "0:09"]),
        ),
        max_size=20,
    )
)
def test_every_row_of_a_table_is_used_or_set_aside(rows: list[tuple[str, str, str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Interview", "Speaker", "Text", "Time"])
    writer.writerows(rows)
    holds("file.csv", out.getvalue().encode("utf-8", "replace"))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    place=st.integers(min_value=0, max_value=10_000),
    value=st.integers(min_value=0, max_value=255),
    cut=st.integers(min_value=0, max_value=400),
)
def test_a_damaged_word_file_is_read_or_refused_and_nothing_else(place: int, value: int, cut: int) -> None:
    content = bytearray(GOOD_WORD)
    content[place % len(content)] = value
    holds("file.docx", bytes(content[: len(content) - cut if cut < len(content) else len(content)]))
