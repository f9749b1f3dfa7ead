"""Reading the real transcripts: every turn and word of them, and the places where they leave doubt."""

from __future__ import annotations

import csv
import pathlib
import re
import time
from collections import Counter

import pytest

from folkmoot.sources.reading import ReadDocument, ReadFile, propose_redactions, read_source

pytestmark = pytest.mark.corpus


def read(path: pathlib.Path) -> ReadFile:
    file = read_source(path.name, path.read_bytes())
    assert file.read == file.used + len(file.set_aside)
    return file


def words(document: ReadDocument) -> int:
    return sum(len(document.text[turn.start : turn.end].split()) for turn in document.turns)


@pytest.fixture(scope="module")
def interviews(corpus: pathlib.Path) -> ReadFile:
    return read(corpus / "transcripts" / "rural_water_interviews.csv")


@pytest.fixture(scope="module")
def hearing(corpus: pathlib.Path) -> ReadDocument:
    (document,) = read(corpus / "transcripts" / "inquiry" / "2024-03-11_gething.rst").documents
    return document


def test_the_58_interviews_hold_9815_turns_and_194271_words(interviews: ReadFile) -> None:
    assert len(interviews.documents) == 58
    assert sum(len(document.turns) for document in interviews.documents) == 9_815
    assert sum(words(document) for document in interviews.documents) == 194_271
    assert (interviews.read, interviews.used, interviews.set_aside) == (9_815, 9_815, ())


def test_turns_keep_the_order_and_the_words_of_the_rows(interviews: ReadFile, corpus: pathlib.Path) -> None:
    with (corpus / "transcripts" / "rural_water_interviews.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    turns = [(document, turn) for document in interviews.documents for turn in document.turns]
    for row, (document, turn) in zip(rows, turns, strict=True):
        assert document.text[turn.start : turn.end] == row["Text"].strip()
        assert turn.speaker == " ".join(row["Speaker"].split())
        assert turn.role == {"ER": "interviewer", "ee": "interviewee"}[row["speaker_type"]]
        assert document.attributes["interview"] == row["Interview"].strip()


def test_the_six_places_where_the_time_steps_back_are_named(interviews: ReadFile) -> None:
    places = [
        re.search(r"from (\S+) \(row \d+\) to (\S+) \(row (\d+)\)", turn.doubt)
        for document in interviews.documents
        for turn in document.turns
        if "time steps back" in turn.doubt
    ]
    assert [(found[1], found[2], int(found[3])) for found in places if found] == [
        ("1:16:26", "20:02", 161),
        ("1:12:22", "20:02", 509),
        ("1:08:25", "20:07", 621),
        ("09:53", "0:42", 711),
        ("1:29:28", "20:01", 1371),
        ("1:29:28", "20:35", 1525),
    ]


def test_two_interviews_whose_rows_mix_two_recordings_are_noted(interviews: ReadFile) -> None:
    mixed = [
        d.attributes["interview"] for d in interviews.documents if any("two recordings" in n for n in d.notes)
    ]
    assert mixed == ["INTERVIEW 2", "INTERVIEW 5"]


def test_an_interview_in_which_only_interviewers_speak_is_noted(interviews: ReadFile) -> None:
    only = [
        d.attributes["interview"]
        for d in interviews.documents
        if any("Only interviewers" in n for n in d.notes)
    ]
    assert only == ["INTERVIEW 8"]


def test_a_label_that_names_several_interviewees_is_doubted(interviews: ReadFile) -> None:
    doubted = Counter(
        turn.speaker for d in interviews.documents for turn in d.turns if "open which of them" in turn.doubt
    )
    assert doubted == {
        "Interviewee 1 and/or Interviewee 2": 67,
        "Interviewee 1 & Interviewee 2": 66,
        "Interviewee 1 or Interviewee 2 or Interviewee 3": 58,
        "Interviewee 1 and Interviewee 2": 2,
        "Interviewee 1 or Interviewee 2": 2,
    }


def test_the_interviews_are_read_well_within_two_seconds(corpus: pathlib.Path) -> None:
    content = (corpus / "transcripts" / "rural_water_interviews.csv").read_bytes()
    began = time.perf_counter()
    read_source("interviews.csv", content)
    assert time.perf_counter() - began < 2


def test_the_long_hearing_keeps_all_its_words(hearing: ReadDocument, corpus: pathlib.Path) -> None:
    raw = (corpus / "transcripts" / "inquiry" / "2024-03-11_gething.rst").read_text(encoding="utf-8")
    assert len(raw.split()) == 52_481
    # the one word less is the line of equals signs under the title
    assert len(hearing.text.split()) == 52_480
    assert len(hearing.turns) == 509
    assert Counter(turn.speaker for turn in hearing.turns) == {
        "Mr Vaughan Gething": 235,
        "Lead 2B": 154,
        "Lady Hallett": 46,
        "Ms Heaven": 30,
        "Mr Poole": 21,
        "Mr Straw KC": 7,
        "Mr Gardner": 7,
        "The Witness": 6,
        "Mr Straw": 2,
        None: 1,
    }


def test_no_mark_of_the_markup_is_left_in_the_hearing(hearing: ReadDocument) -> None:
    assert not re.search(r"\*\*|`|:outline:", hearing.text)


def test_a_turn_of_the_hearing_runs_on_over_its_paragraphs(hearing: ReadDocument) -> None:
    long = max(hearing.turns, key=lambda turn: turn.end - turn.start)
    assert hearing.text[long.start : long.end].count("\n\n") >= 5


def test_the_labels_of_one_person_are_proposed_for_joining(hearing: ReadDocument) -> None:
    joins = [note for note in hearing.notes if "join" in note]
    assert len(joins) == 2
    assert any("“Mr Straw”" in note and "“Mr Straw KC”" in note for note in joins)
    assert any("“The Witness”" in note and "“Mr Vaughan Gething”" in note for note in joins)


def test_breaks_of_the_hearing_are_in_nobodys_turn(hearing: ReadDocument) -> None:
    assert len(hearing.set_aside) == 22
    said = "\n".join(hearing.text[turn.start : turn.end] for turn in hearing.turns)
    assert "(A short break)" not in said and "Questions From" not in said


@pytest.mark.parametrize(
    ("name", "speakers"),
    [
        ("2022-10-31_solace_sbs", {"Ms Davies": 2, "Lady Hallett": 2}),
        ("2022-11-01_childrens_commissioner_wales", {"Mr Williams": 2, "Lady Hallett": 2}),
        ("2023-10-04_npcc_opening", {"Mr Phillips": 1, "Lady Hallett": 1}),
        ("2023-12-13_npcc_closing", {"Mr Phillips": 1, "Lady Hallett": 1}),
    ],
)
def test_submissions_are_read_as_long_turns(
    corpus: pathlib.Path, name: str, speakers: dict[str, int]
) -> None:
    (document,) = read(corpus / "transcripts" / "inquiry" / f"{name}.rst").documents
    assert Counter(turn.speaker for turn in document.turns) == speakers
    assert document.set_aside[0].reason.endswith(
        "is a heading; it stays in the text and is in nobody's turn."
    )


def test_three_layouts_of_pdf_give_the_turns_of_the_table(corpus: pathlib.Path, interviews: ReadFile) -> None:
    table = {(d.attributes["set"], d.attributes["interview"].casefold()): d for d in interviews.documents}
    for name, key in [
        ("2023_08_22_Compiled_style_A.pdf", ("21-22 Combined", "interview 1")),
        ("2023_08_22_Compiled_sylte_B.pdf", ("21-22 Combined", "interview 11")),
        ("YKDelta_End_User_Interviews_Anonymized.pdf", ("April 22", "interview 1")),
    ]:
        (page,) = read(corpus / "transcripts" / name).documents
        assert page.attributes["interview"].casefold() == key[1]
        whole = squeezed(table[key].text)
        assert len(page.turns) >= 4
        for turn in page.turns:
            text = squeezed(page.text[turn.start : turn.end])
            assert text in whole, page.text[turn.start : turn.end]


def squeezed(text: str) -> str:
    """Letters and digits alone: the two publications differ in dashes and blanks."""
    return re.sub(r"\W+", "", text).casefold()


def test_layout_a_of_the_pdf_gives_speakers_and_times(corpus: pathlib.Path) -> None:
    file = read(corpus / "transcripts" / "2023_08_22_Compiled_style_A.pdf")
    assert [(turn.speaker, turn.time_mark) for turn in file.documents[0].turns] == [
        ("Interviewee 1", "00:00"),
        ("Interviewer 1", "02:56"),
        ("Interviewee 1", "02:59"),
        ("Interviewer 1", "04:13"),
    ]
    assert [one.row for one in file.set_aside] == [1, 2]


def test_names_of_the_hearing_are_proposed_for_redaction(hearing: ReadDocument) -> None:
    found = propose_redactions(hearing.text, names=["drakeford"])
    kinds = Counter(proposal.kind for proposal in found)
    assert kinds["titled name"] > 300 and kinds["name"] >= 1
    assert set(kinds) == {"titled name", "name"}  # 52,480 words without one false number or address
