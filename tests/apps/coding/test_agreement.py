"""Two coders of one source: the figures are core's, every difference is listed, nobody else sees it."""

from __future__ import annotations

import html

import pytest

from folkmoot.coding.actions import read_passage
from folkmoot.coding.queries.doubles import compare

pytestmark = pytest.mark.django_db


def text_of(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def twice(cast, book, bring_in, finn):
    """Dina gives “trust” to turns 2 and 4, Finn to turn 4 only; both give “visit” to turn 2."""
    source = bring_in(reviewed=True)
    turns = {turn.number: {"start": turn.start, "end": turn.end} for turn in source.turns.all()}
    read_passage(source, **turns[2], codes=[book.trust, book.visit], by=cast.dina)
    read_passage(source, **turns[4], codes=[book.trust], by=cast.dina)
    read_passage(source, **turns[2], codes=[book.visit], by=finn)
    read_passage(source, **turns[4], codes=[book.trust], by=finn)
    return source


def test_turn_by_turn_the_figures_are_those_worked_by_hand(cast, book, twice, finn):
    found = compare(
        twice,
        one=cast.dina.pk,
        other=finn.pk,
        codebook=book.codebook.pk,
        unit="turn",
        measure="kappa",
        viewer=cast.dina,
    )
    by_code = {row.code: row for row in found.agreed}
    # trust: 3 of 4 turns alike; by chance 2/4·1/4 + 2/4·3/4 = 1/2; kappa (3/4 − 1/2)/(1 − 1/2)
    assert by_code["trust"].share == 0.75 and by_code["trust"].estimate == pytest.approx(0.5)
    assert by_code["visit"].estimate == pytest.approx(1.0)
    (difference,) = found.differences
    assert (difference.code, difference.turn, difference.gave, difference.did_not) == (
        "trust",
        2,
        "Dina",
        "Finn",
    )
    assert "doorstep" in difference.words and "Oakthorpe" not in difference.words


@pytest.mark.parametrize("unit", ["character", "turn", "passage"])
@pytest.mark.parametrize("measure", ["kappa", "alpha", "ac1"])
def test_the_page_lists_every_difference_to_settle(cast, twice, as_, unit, measure):
    page = text_of(as_(cast.dina).get(f"/sources/{twice.pk}/agreement/?unit={unit}&measure={measure}"))
    assert "1 difference to settle" in page and f"/sources/{twice.pk}/read/#turn-2" in page
    assert "All codes together" in page and "interval needs several sources" in page


def test_a_coder_who_gave_no_code_of_the_codebook_disagrees_and_is_no_gap(cast, book, bring_in, finn):
    source = bring_in()
    read_passage(source, start=0, end=20, codes=[book.trust], by=cast.dina)
    found = compare(
        source,
        one=cast.dina.pk,
        other=finn.pk,
        codebook=book.codebook.pk,
        unit="character",
        measure="kappa",
        viewer=cast.dina,
    )
    assert found.agreed[0].estimate == pytest.approx(0.0)
    assert len(found.differences) == 1


def test_with_one_coder_the_page_says_what_to_do_first(cast, book, bring_in, as_):
    source = bring_in()
    read_passage(source, start=0, end=20, codes=[book.trust], by=cast.dina)
    assert "Two people have to code it first" in text_of(
        as_(cast.dina).get(f"/sources/{source.pk}/agreement/")
    )


def test_only_its_own_people_see_who_coded_what(cast, twice, as_):
    twice.visibility = "network"
    twice.save()
    for name, person in cast.people.items():
        status = as_(person).get(f"/sources/{twice.pk}/agreement/").status_code
        assert status == (200 if name == "dina" else 404), name
