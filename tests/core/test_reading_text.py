"""Plain text and labels: who speaks where, and every paragraph accounted for."""

from __future__ import annotations

import pytest

from folkmoot.core.errors import BadImport
from folkmoot.sources.reading import Limits, ReadDocument, read_source


def read(text: str, *, name: str = "talk.txt") -> ReadDocument:
    file = read_source(name, text.encode())
    assert file.read == file.used + len(file.set_aside)
    assert len(file.documents) == 1
    return file.documents[0]


def said(document: ReadDocument) -> list[tuple[str | None, str]]:
    return [(turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns]


def test_labels_before_a_colon_begin_turns_and_unlabelled_paragraphs_run_on() -> None:
    document = read(
        "Interviewer: How long?\n\nPC Hall: Nine years.\n\nMostly nights.\n\nInterviewer: And now?\n"
    )
    assert said(document) == [
        ("Interviewer", "How long?"),
        ("PC Hall", "Nine years.\n\nMostly nights."),
        ("Interviewer", "And now?"),
    ]
    assert [turn.role for turn in document.turns] == ["interviewer", "", "interviewer"]


def test_a_colon_in_a_sentence_makes_no_speaker() -> None:
    document = read(
        "INT: Go on.\n\nP1: Two things: money and time.\n\nThen I said this: no.\n\nSo: it ended.\n\nINT: Right."
    )
    assert [speaker for speaker, _ in said(document)] == ["INT", "P1", "INT"]


def test_time_marks_before_beside_and_after_a_label_are_read() -> None:
    document = read(
        "[00:00:05] Interviewer: One.\nJane Hall (00:12): Two.\nInterviewer: [0:15] Three.\n00:20 Jane Hall: Four.\n"
    )
    assert [turn.time_mark for turn in document.turns] == ["00:00:05", "00:12", "0:15", "00:20"]
    assert said(document)[1] == ("Jane Hall", "Two.")


def test_labels_with_times_on_lines_of_their_own_are_read() -> None:
    document = read(
        "Jane Smith  0:03\nHello there.\n\nTom Brown  0:09\nHi.\nYes: so it is.\n\nJane Smith  0:12\nBye\n"
    )
    assert said(document) == [
        ("Jane Smith", "Hello there."),
        ("Tom Brown", "Hi.\nYes: so it is."),
        ("Jane Smith", "Bye"),
    ]


def test_question_and_answer_letters_are_labels_and_an_opening_article_is_none() -> None:
    document = read("Q. Did you go?\nA. I did.\nA long way.\nQ. When?\nA. Tuesday.")
    assert said(document) == [
        ("Q", "Did you go?"),
        ("A", "I did.\nA long way."),
        ("Q", "When?"),
        ("A", "Tuesday."),
    ]


def test_text_without_speakers_is_one_turn_a_paragraph_and_names_nobody() -> None:
    document = read(
        "Priority 1: Visible policing\n\nAim: to be seen.\n\nWe will patrol more. Note: this costs.\n"
    )
    assert [speaker for speaker, _ in said(document)] == [None, None, None]
    assert all(not turn.doubt for turn in document.turns)


def test_what_stands_before_the_first_label_is_described_or_in_doubt() -> None:
    document = read("A talk in the hall\nDate: 3 May 2024\n\nInterviewer: Hello.\n\nP1: Hello.\n")
    assert document.attributes == {"date": "3 May 2024"}
    assert document.turns[0].speaker is None
    assert "before the first label" in document.turns[0].doubt
    assert [one.row for one in document.set_aside] == [2]


def test_a_break_ends_the_turn_and_what_follows_is_in_doubt() -> None:
    document = read("Interviewer: Hello.\n\nP1: First.\n\n[telephone rings]\n\nSecond.\n")
    assert said(document)[-1] == ("P1", "Second.")
    assert "No label follows the break" in document.turns[-1].doubt
    assert "telephone rings" in document.set_aside[0].reason
    assert "telephone rings" in document.text


def test_withheld_words_stay_somebodys_words() -> None:
    document = read("Interviewer: Where?\n\nP1: There.\n\n[REDACTED]\n\nInterviewer: I see.\n")
    assert said(document)[1] == ("P1", "There.\n\n[REDACTED]")


def test_a_label_without_words_is_set_aside() -> None:
    document = read("Interviewer: Hello.\n\nP1:\n\nInterviewer: Are you there?\n\nP1: Yes.\n")
    assert [one.reason for one in document.set_aside] == ["The label “P1” has no words after it."]


def test_a_label_that_occurs_once_is_taken_and_doubted() -> None:
    document = read("Interviewer: Hello.\n\nInterviewer: Still here?\n\nSarah: Yes.\n")
    assert "Sarah" in document.turns[-1].doubt


def test_two_spellings_of_one_person_are_kept_and_a_join_is_proposed() -> None:
    document = read(
        "Mr Straw: One.\n\nMr Straw KC: Two.\n\nMs Straw: Three.\n\nINT: Four.\n\nInterviewer: Five.\n"
    )
    assert [turn.speaker for turn in document.turns] == [
        "Mr Straw",
        "Mr Straw KC",
        "Ms Straw",
        "INT",
        "Interviewer",
    ]
    joins = [note for note in document.notes if "may be one person" in note]
    assert len(joins) == 2
    assert "Mr Straw KC" in joins[0] + joins[1] and "INT" in joins[0] + joins[1]
    assert not any("Ms Straw" in note for note in joins)


def test_a_time_that_steps_back_is_named() -> None:
    document = read("INT [10:00]: One.\n\nP1 [12:30]: Two.\n\nINT [02:00]: Three.\n")
    assert "from 12:30 to 02:00" in document.turns[2].doubt
    assert "steps back at 1 place" in document.notes[0]
    assert not document.turns[1].doubt


def test_several_interviews_in_one_text_become_several_documents() -> None:
    file = read_source(
        "all.txt", b"Interview 1\n\nINT: One.\n\nP1: Two.\n\nInterview 2\n\nINT: Three.\n\nP2: Four.\n"
    )
    assert [document.name for document in file.documents] == ["all · Interview 1", "all · Interview 2"]
    for document in file.documents:
        assert document.rows_read == document.rows_used + len(document.set_aside)
    last = file.documents[1]
    assert [last.text[turn.start : turn.end] for turn in last.turns] == ["Three.", "Four."]


def test_the_text_is_kept_and_only_line_ends_are_made_alike() -> None:
    document = read("INT:  One  two \r\n\r\n\r\nP1: Thr\tee\rP1: four\r\n")
    assert document.text == "INT:  One  two \n\n\nP1: Thr\tee\nP1: four\n"
    assert said(document) == [("INT", "One  two"), ("P1", "Thr\tee"), ("P1", "four")]


def test_offsets_count_code_points_beyond_the_first_plane() -> None:
    document = read("INT: 😀 hello 👮\n\nP1: Zoë\n")
    assert said(document) == [("INT", "😀 hello 👮"), ("P1", "Zoë")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_and_without_a_mark_is_read_without_a_note(encoding: str) -> None:
    file = read_source("talk.txt", "INT: café\n\nP1: yes\n".encode(encoding))
    assert file.documents[0].turns[0].speaker == "INT"
    assert file.documents[0].notes == ()


def test_an_old_encoding_is_read_with_a_note() -> None:
    document = read_source("talk.txt", "INT: “café”\n\nP1: yes\n".encode("cp1252")).documents[0]
    assert "“café”" in document.text
    assert "Windows-1252" in document.notes[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"hello\x00there", "NUL"),
        ("hello".encode("utf-16-le"), "NUL"),
        (b"\x81\x8d\x01\x02", "not text"),
        (b"\xff\xfeh", "breaks off"),
        (b"\xc2\xa0\xc2\xa0", "no words"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_a_sentence_and_a_remedy(content: bytes, words: str) -> None:
    with pytest.raises(BadImport) as caught:
        read_source("talk.txt", content)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_a_file_over_a_limit_is_refused() -> None:
    with pytest.raises(BadImport, match="MB"):
        read_source("talk.txt", b"x" * 101, limits=Limits(file_bytes=100))
    with pytest.raises(BadImport, match="characters"):
        read_source("talk.txt", b"x" * 101, limits=Limits(characters=100))
    with pytest.raises(BadImport, match="turns"):
        read_source("talk.txt", b"a\n\nb\n\nc\n\n", limits=Limits(turns=2))
