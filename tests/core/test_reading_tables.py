"""Tables of speaking turns: columns by meaning, rows in their own order, every row accounted for."""

from __future__ import annotations

import pytest

from folkmoot.core.errors import BadImport
from folkmoot.sources.reading import ReadFile, read_source


def read(text: str, *, name: str = "talks.csv") -> ReadFile:
    file = read_source(name, text.encode())
    assert file.unit == "row"
    assert file.read == file.used + len(file.set_aside)
    assert file.read == sum(d.rows_read for d in file.documents) + sum(
        one not in [a for d in file.documents for a in d.set_aside] for one in file.set_aside
    )
    return file


def test_interviews_become_documents_in_the_order_of_their_rows() -> None:
    file = read(
        "Interview,Speaker,Text,Time_Mark,speaker_type\n"
        "Two ,Interviewer ,Hello  there ,00:01,ER\n"
        "Two ,Ann,Hello,00:03,ee\n"
        "One,Interviewer,Hi,00:00,ER\n"
    )
    first, second = file.documents
    assert (first.name, second.name) == ("Two", "One")
    assert first.text == "Hello  there\n\nHello"
    assert [(t.speaker, t.time_mark, t.role) for t in first.turns] == [
        ("Interviewer", "00:01", "interviewer"),
        ("Ann", "00:03", "interviewee"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "who;when;utterance",
        "Name;Timestamp;Words",
        "PARTICIPANT;start time;Content",
        "speaker;time;transcript",
    ],
)
def test_columns_are_recognised_by_other_words_and_separators(header: str) -> None:
    header = header.replace("when", "time")
    document = read(header + "\nAnn;0:01;One, two\nBob;0:02;Three\n").documents[0]
    assert [(t.speaker, t.time_mark) for t in document.turns] == [("Ann", "0:01"), ("Bob", "0:02")]
    assert document.text == "One, two\n\nThree"


def test_every_row_without_use_is_set_aside_with_its_number_and_reason() -> None:
    file = read("Interview,Speaker,Text\nA,Ann,One\nA,Bob,  \n,,\n,Ann,lost\nA,Ann,One,extra\nA,,Two\n")
    assert [(one.row, one.reason.split()[2]) for one in file.set_aside] == [
        (3, "has"),
        (4, "is"),
        (5, "does"),
        (6, "has"),
    ]
    assert (file.read, file.used) == (6, 2)
    assert "names no speaker" in file.documents[0].turns[-1].doubt


def test_a_time_or_page_that_steps_back_is_doubted_and_named_by_row() -> None:
    document = read(
        "Speaker,Text,Time,Page\nA,one,09:00,4\nB,two,1:00:01,5\nA,three,20:02,3\nB,four,20:05,3\n"
    ).documents[0]
    assert "from 1:00:01 (row 3) to 20:02 (row 4)" in document.turns[2].doubt
    assert "from 5 (row 3) to 3 (row 4)" in document.turns[2].doubt
    assert [bool(turn.doubt) for turn in document.turns] == [False, False, True, False]
    assert any("row 4" in note for note in document.notes)


def test_rows_of_one_interview_that_stand_apart_are_gathered_and_doubted() -> None:
    file = read("Session,Text\nA,one\nB,two\nA,three\n")
    assert [document.text for document in file.documents] == ["one\n\nthree", "two"]
    assert "another interview" in file.documents[0].turns[1].doubt
    assert not file.documents[1].turns[0].doubt


def test_a_label_for_several_people_is_doubted() -> None:
    document = read("Speaker,Text\nInterviewee 1 or Interviewee 2,yes\nInterviewer,no\n").documents[0]
    assert "open which of them" in document.turns[0].doubt
    assert document.turns[0].role == "interviewee"
    assert not document.turns[1].doubt


def test_a_column_that_is_constant_describes_the_interview() -> None:
    document = read("Ward,Mood,Speaker,Text\nHexham,up,A,one\nHexham,down,B,two\n").documents[0]
    assert document.attributes == {"ward": "Hexham"}


def test_line_breaks_inside_a_cell_are_kept_and_rows_still_count() -> None:
    file = read('Speaker,Text\nA,"one\r\ntwo"\nB,\n')
    assert file.documents[0].text == "one\ntwo"
    assert [one.row for one in file.set_aside] == [3]


def test_rows_above_the_names_of_the_columns_are_set_aside() -> None:
    file = read("Our interviews,\n,\nSpeaker,Text\nA,one\n")
    assert [one.row for one in file.set_aside] == [1, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no column of spoken words"),
        ("Speaker,Text\n", "no row with words"),
        ('Speaker,Text\nA,"one\nB,two\n', "quotation mark"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_what_to_do(text: str, words: str) -> None:
    with pytest.raises(BadImport, match=words) as caught:
        read_source("talks.csv", text.encode())
    assert caught.value.remedy


def test_tabs_are_read_whatever_the_ending() -> None:
    assert read("Speaker\tText\nA\tone, two\n", name="talks.tsv").documents[0].text == "one, two"
    assert read("Speaker\tText\nA\tone, two\n", name="talks.csv").documents[0].text == "one, two"
