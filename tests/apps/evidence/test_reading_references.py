"""References as reference managers write them: RIS, BibTeX and tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.errors import BadImport
from folkmoot.evidence.references.reading import read_references

RIS = """TY  - JOUR
AU  - Ash, Beatrice
AU  - Oak, Colin
TI  - Knocking on doors:
a trial of visits
JO  - Journal of Visits
PY  - 2019/05/01
DO  - 10.1234/jv.2019.5
AB  - We knocked.
ER  -

TY  - RPRT
A1  - Elm, D.
T1  - What people said
Y1  - 2021
UR  - https://example.org/report
ER  -
"""
BIBTEX = r"""
% a comment of the manager
@string{jv = "Journal of Visits"}
@article{ash2019,
  author = {Ash, Beatrice and M{\"u}ller, J{\'o}zef and {The Visits Group}},
  title = "Knocking on {D}oors: 50\% opened",
  journal = jv # { and Calls},
  year = 2019,
  doi = {https://doi.org/10.1234/jv.2019.5},
}
@comment{ignored, title = {no}}
@book(elm, title = {What people said}, date = {2021-03}, publisher = {Moor & Sons})
"""


def test_ris_entries_with_a_title_over_two_lines_and_old_tags_are_read():
    found = read_references(RIS.encode(), name="a.ris")
    first, second = found.papers
    assert (first.title, first.authors, first.year) == (
        "Knocking on doors: a trial of visits",
        "Ash, Beatrice and Oak, Colin",
        2019,
    )
    assert (first.container, first.doi, first.abstract) == (
        "Journal of Visits",
        "10.1234/jv.2019.5",
        "We knocked.",
    )
    assert (second.title, second.year, second.url) == ("What people said", 2021, "https://example.org/report")
    assert found.read == 2 and not found.set_aside


def test_bibtex_accents_strings_and_both_kinds_of_brackets_are_read():
    first, second = read_references(BIBTEX.encode(), name="a.bib").papers
    assert first.title == "Knocking on Doors: 50% opened"
    assert first.authors == "Ash, Beatrice, Müller, Józef and The Visits Group"
    assert (first.container, first.doi) == ("Journal of Visits and Calls", "10.1234/jv.2019.5")
    assert (second.title, second.year, second.container) == ("What people said", 2021, "Moor & Sons")


def test_the_same_paper_in_two_forms_is_recognised():
    ris = read_references(RIS.encode(), name="a.ris").papers
    bib = read_references(BIBTEX.encode(), name="a.bib").papers
    assert [one.key for one in ris] == [one.key for one in bib]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_whatever_parts_its_columns(mark):
    table = (
        mark.join(["Title", "Authors", "Year", "DOI"]) + "\n" + mark.join(["A", "Ash", "2020", "10.1000/x"])
    )
    (paper,) = read_references(("\ufeff" + table).encode(), name="a.csv").papers
    assert (paper.title, paper.authors, paper.year, paper.doi) == ("A", "Ash", 2020, "10.1000/x")


def test_an_entry_without_a_title_is_set_aside_with_its_line():
    found = read_references(b"TY  - JOUR\nAU  - Ash\nER  - \nTY  - JOUR\nTI  - B\nER  - \n", name="a.ris")
    assert found.read == 2 and found.set_aside == [(1, "it has no title")]
    assert [one.title for one in found.papers] == ["B"]


def test_an_entry_that_never_ends_does_not_swallow_the_next():
    text = "@article{a, title = {One}\n\n@article{b, title = {Two}}\n"
    assert [one.title for one in read_references(text.encode(), name="a.bib").papers] == ["One", "Two"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"Dear Sir,\nhere is my list", "neither RIS"),
        (b"%PDF-1.4\x00\x00", "is not text"),
        (b"x" * 20_000_001, "larger than 20 MB"),
    ],
)
def test_what_is_no_list_of_references_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(BadImport, match=sentence):
        read_references(content, name="list")


def test_signs_that_turn_the_writing_round_are_taken_out():
    (paper,) = read_references("title\nA \u202etrap\u2066".encode(), name="a.csv").papers
    assert paper.title == "A trap"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='@{}()",=#\\TYERTI -\n%abtile1', max_size=120))
def test_no_text_whatever_breaks_the_reader(text):
    try:
        found = read_references(("@a{" + text).encode(), name="x")
    except BadImport:
        return
    assert found.read == len(found.papers) + len(found.set_aside)
