"""The screen of short texts: what it stops and lets pass, that its documented figures are the measured ones."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.screening import screen

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _bench():
    spec = importlib.util.spec_from_file_location("bench_screening", ROOT / "bench" / "screening.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_screening"] = module
    spec.loader.exec_module(module)
    return module


bench = _bench()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("A resident says her neighbour hits the kids", "report"),
        ("told the lad at number 9 is dealing", "report"),
        ("Spoke to Sarah Holt about parking", "name"),
        ("ring 07700 900123", "phone"),
        ("to rose@example.org", "email"),
        ("reg AB12 CDE on the drive", "plate"),
        ("Lives at 14 Ferry Road", "address"),
        ("born 3 May 1990", "birth"),
        ("Residents are worried about burglary", ""),
        ("12 people at Ferry Road, Sarah Street was closed", ""),
        ("Dealt with many questions, a great deal of talk", ""),
        ("", ""),
    ],
)
def test_what_a_text_looks_like(words, kind):
    found = screen(words)
    assert found.kind == kind
    assert bool(found.sentence) is bool(kind) is not found.clear


def test_a_report_outweighs_whatever_else_a_text_holds():
    found = screen("Sarah Holt, 07700 900123, says he beats her")
    assert found.kind == "report"
    assert {one.kind for one in found.spans} >= {"report", "phone", "name"}


def test_a_span_marks_the_very_words_even_after_a_misspelling_and_an_accent():
    words = "Café: the lad was deeling drugs, ring 07700 900123"
    phone = next(one for one in screen(words).spans if one.kind == "phone")
    assert words[phone.start : phone.end].endswith("07700 900123")
    assert any(one.kind == "report" for one in screen(words).spans)


@given(st.text(max_size=280))
@settings(max_examples=200, deadline=None)
def test_any_text_is_screened_and_every_span_lies_in_it(words):
    for one in screen(words).spans:
        assert 0 <= one.start < one.end <= len(words)


@pytest.mark.parametrize(
    "unit", ["his ", "the a man ", "a ", "0 ", "who told ", "1 a a street ", "a.b", "the lad "]
)
def test_no_text_of_280_characters_takes_long(unit):
    began = time.perf_counter()
    screen((unit * 280)[:280])
    assert time.perf_counter() - began < 0.5


def test_there_are_some_hundred_texts_of_each_kind_and_some_were_held_back():
    texts = bench.draw()
    for kind, least in (("report", 250), ("", 400)):
        group = [one for one in texts if one.kind == kind]
        assert len(group) >= least and sum(one.held_back for one in group) >= 60
    assert texts == bench.draw()


def test_the_documented_figures_are_the_measured_ones():
    page = (ROOT / "docs" / "reference" / "screening.md").read_text(encoding="utf-8")
    assert bench.written(page, bench.measure(bench.draw())) == page


def test_the_screen_keeps_its_limits():
    figures = bench.measure(bench.draw())
    assert figures[0].share <= bench.MOST_MISSED
    assert figures[5].share <= bench.MOST_FALSE
