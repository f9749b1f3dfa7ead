"""Where two coders differ somebody decides which reading stands; nobody's coding is changed by it."""

from __future__ import annotations

import html

import pytest

from folkmoot.audit.models import Event
from folkmoot.coding.actions import arbitrate, read_passage, remove_coding
from folkmoot.coding.models import Arbitration, Coding
from folkmoot.coding.queries.decided import coverage
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.sources.actions import withdraw_source

pytestmark = pytest.mark.django_db


def text_of(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def twice(cast, book, bring_in, finn):
    """Dina gives “trust” to turns 2 and 4, Finn to turn 4 only."""
    source = bring_in(reviewed=True)
    turns = {turn.number: {"start": turn.start, "end": turn.end} for turn in source.turns.all()}
    read_passage(source, **turns[2], codes=[book.trust], by=cast.dina)
    read_passage(source, **turns[4], codes=[book.trust], by=cast.dina)
    read_passage(source, **turns[4], codes=[book.trust], by=finn)
    return source, turns


def url(source, code, where):
    return f"/sources/{source.pk}/agreement/{code.pk}/{where['start']}-{where['end']}/"


def test_a_decision_says_who_when_which_reading_and_why_and_leaves_every_coding(cast, book, twice, as_):
    source, turns = twice
    client, page = as_(cast.dina), url(source, book.trust, turns[2])
    shown = text_of(client.get(page))
    assert "Dina gave these words the code" in shown.replace("</strong>", "").replace("<strong>", "")
    assert "did not give it" in shown and "doorstep" in shown and "Oakthorpe" not in shown
    refused = client.post(page, {"stands": "no"})
    assert refused.status_code == 422 and "Say why" in text_of(refused)
    codings = list(Coding.objects.order_by("pk").values_list("pk", "coder"))
    given = {"stands": "no", "why": "They speak of access, not of trust.", "expected": ""}
    assert client.post(page, given).status_code == 302
    decided = Arbitration.objects.get()
    assert (decided.stands, decided.created_by, decided.decided_by) == (False, "Dina", cast.dina)
    assert list(Coding.objects.order_by("pk").values_list("pk", "coder")) == codings
    event = Event.objects.get(action="decided between coders")
    assert event.team_id == cast.team.pk and "access" not in str(event.detail)
    shown = text_of(client.get(page))
    assert "The code does not stand." in shown and "They speak of access" in shown
    assert "one of those who coded it" in shown
    listed = text_of(client.get(f"/sources/{source.pk}/agreement/"))
    assert "1 difference to settle, 1 decided" in listed and "The code does not stand" in listed


def test_a_later_decision_stands_before_the_earlier_one_which_is_kept(cast, book, twice, finn, as_):
    source, turns = twice
    first = arbitrate(source, code=book.trust, **turns[2], stands=False, why="Access.", by=cast.dina)
    arbitrate(source, code=book.trust, **turns[2], stands=True, why="Both.", expected=first.pk, by=finn)
    shown = text_of(as_(cast.dina).get(url(source, book.trust, turns[2])))
    assert shown.index("The code stands.") < shown.index("Before: the code does not stand.")
    assert Arbitration.objects.count() == 2


def test_nobody_decides_over_a_decision_they_have_not_read(cast, book, twice, finn, as_):
    source, turns = twice
    arbitrate(source, code=book.trust, **turns[2], stands=False, why="Access.", by=finn)
    with pytest.raises(Stale, match="Finn decided this"):
        arbitrate(source, code=book.trust, **turns[2], stands=True, why="Trust.", by=cast.dina)
    page = url(source, book.trust, turns[2])
    stale = as_(cast.dina).post(page, {"stands": "yes", "why": "As I read it.", "expected": ""})
    assert stale.status_code == 412 and "As I read it." in text_of(stale) and "Access." in text_of(stale)
    assert Arbitration.objects.count() == 1


def test_where_the_coders_agree_there_is_nothing_to_decide(cast, book, twice, as_):
    source, turns = twice
    with pytest.raises(NotYet, match="do not differ"):
        arbitrate(source, code=book.trust, **turns[4], stands=True, why="Both.", by=cast.dina)
    assert as_(cast.dina).get(url(source, book.trust, turns[4])).status_code == 404
    assert as_(cast.dina).get(url(source, book.trust, {"start": 5, "end": 5})).status_code == 404
    assert as_(cast.dina).get(url(source, book.trust, {"start": 0, "end": 99999})).status_code == 404
    with pytest.raises(FolkmootError, match="Say why"):
        arbitrate(source, code=book.trust, **turns[2], stands=True, why=" ", by=cast.dina)


def test_part_of_the_words_is_told_from_all_and_from_none(cast, book, twice, finn):
    source, turns = twice
    where = turns[2]
    read_passage(source, start=where["start"], end=where["start"] + 9, codes=[book.trust], by=finn)
    read_passage(source, start=where["start"] + 5, end=where["start"] + 12, codes=[book.trust], by=finn)
    assert [(one.name, one.gave) for one in coverage(source, code=book.trust, **where)] == [
        ("Dina", "all"),
        ("Finn", "part"),
    ]
    inner = {"start": where["start"], "end": where["start"] + 12}
    assert {one.gave for one in coverage(source, code=book.trust, **inner)} == {"all"}


def test_once_a_coder_takes_the_code_back_the_decision_is_history(cast, book, twice, as_):
    source, turns = twice
    arbitrate(source, code=book.trust, **turns[2], stands=False, why="Access.", by=cast.dina)
    remove_coding(Coding.objects.filter(coder=cast.dina).earliest("pk"), by=cast.dina)
    shown = as_(cast.dina).get(url(source, book.trust, turns[2]))
    assert shown.status_code == 200 and "no longer differ" in text_of(shown)
    assert as_(cast.dina).get(f"/sources/{source.pk}/agreement/").status_code == 200


def test_only_its_own_people_read_and_decide(cast, book, twice, as_):
    source, turns = twice
    source.visibility = "network"
    source.save()
    page = url(source, book.trust, turns[2])
    for name, person in cast.people.items():
        given = {"stands": "yes", "why": "x", "expected": ""}
        assert as_(person).get(page).status_code == (200 if name == "dina" else 404), name
        if name != "dina":
            assert as_(person).post(page, given).status_code == 404, name
    with pytest.raises(NotAllowed):
        arbitrate(source, code=book.trust, **turns[2], stands=True, why="x", by=cast.ada)


def test_a_withdrawal_takes_the_reason_along_since_it_may_quote_the_words(cast, book, twice):
    source, turns = twice
    arbitrate(source, code=book.trust, **turns[2], stands=False, why="The doorstep.", by=cast.dina)
    withdraw_source(source, reason="", by=cast.dina)
    assert Arbitration.objects.get().why == "withdrawn"
