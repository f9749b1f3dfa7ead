"""What may identify somebody is proposed, in order and without overlap; ordinary numbers are not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.sources.reading import propose_redactions


def found(text: str, *names: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in propose_redactions(text, names=names)]


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("call 07700 900123 now", "telephone", "07700 900123"),
        ("call +44 (0)20 7946 0018.", "telephone", "+44 (0)20 7946 0018"),
        ("call (0191) 498 0123", "telephone", "(0191) 498 0123"),
        ("to a.b+c@mail.example.org.", "e-mail", "a.b+c@mail.example.org"),
        ("see https://example.org/x?y=1.", "web address", "https://example.org/x?y=1"),
        ("see www.example.org/a,", "web address", "www.example.org/a"),
        ("I am @jo_b there", "handle", "@jo_b"),
        ("at NE46 1AA", "postcode", "NE46 1AA"),
        ("at ne461aa", "postcode", "ne461aa"),
        ("at Flat 3, 12 Upper Mill Road today", "address", "Flat 3, 12 Upper Mill Road"),
        ("at 7a Saint-Cuthbert's Lane", "address", "7a Saint-Cuthbert's Lane"),
        ("a van, AB12 CDE, came", "vehicle", "AB12 CDE"),
        ("PC 4412 came", "collar number", "PC 4412"),
        ("his collar number was 881", "collar number", "collar number was 881"),
        ("born on 3 May 1984 in", "date of birth", "3 May 1984"),
        ("DOB: 03/05/84", "date of birth", "03/05/84"),
        ("with Mrs O'Brien-Smith's dog", "titled name", "Mrs O'Brien-Smith"),
        ("Dr. Jane Smith said", "titled name", "Dr. Jane Smith"),
        ("PCSO Hall's round", "titled name", "PCSO Hall"),
    ],
)
def test_each_pattern_is_proposed_with_its_kind(text: str, kind: str, span: str) -> None:
    assert found(text) == [(kind, span)]


@pytest.mark.parametrize(
    "text",
    [
        "It was 2019, about 1,000,000 people or 52,480 words.",
        "From 10:30 to 11.45 on 3 May 2024, page 12 of 300.",
        "Module 2B, paragraph 1.55, INQ000391327 and £20,000,000.",
        "My Lady. Good morning. Mr. A. said so",
        "Six to twelve gallons a day, 24/7, at 50%.",
        "I was born in a town. Road 12 is closed.",
    ],
)
def test_ordinary_numbers_and_words_are_left_alone(text: str) -> None:
    assert [kind for kind, _ in found(text) if kind != "titled name"] == []


def test_a_title_and_a_new_sentence_are_no_name() -> None:
    assert found("Thank you, my Lady. Good morning.\n\nMr\n\nThen") == []


def test_names_match_whatever_their_case_accents_and_possessives() -> None:
    text = "zoë, ZOE and Zoë’s and Zoe's; not Zoes or Zoey. O’Brien; Anne\nMarie. Cafe\u0301 Zoe\u0308!"
    assert found(text, "Zoe", "O'Brien", "anne marie") == [
        ("name", "zoë"),
        ("name", "ZOE"),
        ("name", "Zoë"),
        ("name", "Zoe"),
        ("name", "O’Brien"),
        ("name", "Anne\nMarie"),
        ("name", "Zoe\u0308"),
    ]
    assert found("Jürgen, Jurgen", "Jürgen") == [("name", "Jürgen"), ("name", "Jurgen")]


def test_the_longest_name_is_taken_and_the_replacement_says_what_it_was() -> None:
    (one,) = propose_redactions(
        "Anne Marie Smith", names=["Anne", "Anne Marie", "Anne Marie Smith", " ", "x"]
    )
    assert (one.start, one.end, one.replacement) == (0, 16, "[NAME]")
    assert "list of names" in one.reason


def test_a_name_that_reaches_out_of_an_earlier_proposal_is_covered_whole() -> None:
    text = "Mr Lee Ann visited"
    covered = {
        place
        for one in propose_redactions(text, names=["Ann visited"])
        for place in range(one.start, one.end)
    }
    assert set(range(text.index("visited"), len(text))) <= covered


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    text=st.text(
        alphabet=st.sampled_from(list("aZoëé’'@. 0127+-/:\nMrPCDr£ßİ\u0308"))
        | st.characters(exclude_categories=["Cs"]),
        max_size=80,
    ),
    names=st.lists(st.text(max_size=6), max_size=4),
)
def test_proposals_are_ordered_inside_the_text_and_never_overlap(text: str, names: list[str]) -> None:
    at = 0
    for one in propose_redactions(text, names=names):
        assert at <= one.start < one.end <= len(text)
        assert one.replacement and one.reason
        at = one.end


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    name=st.text(alphabet="abcdeéöñ", min_size=2, max_size=8), upper=st.booleans(), decomposed=st.booleans()
)
def test_every_standing_of_a_name_is_found(name: str, upper: bool, decomposed: bool) -> None:
    written = unicodedata.normalize("NFD", name) if decomposed else name
    written = written.upper() if upper else written
    text = f"then {written}, and {written}'s"
    assert len([one for one in propose_redactions(text, names=[name]) if one.kind == "name"]) == 2
