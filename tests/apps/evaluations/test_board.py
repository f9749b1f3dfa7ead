"""The board: organisations ask, researchers offer, the asker answers; an offer is seen by those two alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evaluations.actions import board, plans
from folkmoot.evaluations.models import Offer, Plan, Request
from folkmoot.evaluations.queries.board import offers_for
from folkmoot.organisations.models import Membership, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast, assumption):
    """Northmere Police ask the network."""
    return board.ask_for_evaluation(
        assumption, owner=cast.police, visibility="network", wanted="Do visits help? The budget hangs on it.",
        given="Our records", by=cast.ada,
    )  # fmt: skip


@pytest.fixture
def offered(cast, asked):
    """The Evidence team offers."""
    return board.offer_evaluation(
        asked, owner=cast.team, words="A trial by streets", independent="Nobody pays us", by=cast.dina
    )


def test_a_request_is_asked_with_its_trace(asked):
    assert asked.state == "open" and Event.objects.filter(action="asked for an evaluation").count() == 1


@pytest.mark.parametrize("person", ["ben", "cleo", "fay", "gus"])
def test_only_those_who_edit_for_the_asker_ask_or_withdraw(cast, assumption, asked, person):
    somebody = cast.people[person]
    with pytest.raises(NotAllowed):
        board.ask_for_evaluation(assumption, owner=cast.police, visibility="network", wanted="x", by=somebody)
    with pytest.raises(NotAllowed):
        board.withdraw_request(asked, expected=1, by=somebody)


def test_a_request_says_what_is_wanted_and_belongs_to_somebody(cast, assumption):
    with pytest.raises(FolkmootError, match="want to know"):
        board.ask_for_evaluation(assumption, owner=cast.police, visibility="own", wanted=" ", by=cast.ada)
    with pytest.raises(FolkmootError, match="choose which"):
        board.ask_for_evaluation(assumption, owner=None, visibility="network", wanted="x", by=cast.dina)


def test_researchers_offer_and_a_police_force_does_not(cast, asked):
    with pytest.raises(NotAllowed, match="research bodies"):
        board.offer_evaluation(asked, owner=cast.office, words="x", independent="y", by=cast.cleo)
    institute = Organisation.objects.create(slug="institute", name="An institute", kind="research")
    Membership.objects.create(
        user=cast.cleo, organisation=institute, role="lead", created_at=asked.created_at, created_by="x"
    )
    cast.cleo._access = None
    made = board.offer_evaluation(asked, owner=institute, words="x", independent="y", by=cast.cleo)
    assert made.visibility == "own"
    with pytest.raises(NotYet, match="an offer here already"):
        board.offer_evaluation(asked, owner=institute, words="x", independent="y", by=cast.cleo)


def test_nobody_offers_on_what_they_may_not_see(cast, assumption):
    private = board.ask_for_evaluation(
        assumption, owner=cast.police, visibility="own", wanted="x", by=cast.ada
    )
    with pytest.raises(FolkmootError, match="no such request"):
        board.offer_evaluation(private, owner=cast.team, words="x", independent="y", by=cast.dina)


def test_an_offer_is_seen_by_its_maker_and_by_the_asker_alone(cast, offered):
    seeing = {name for name, one in cast.people.items() if offers_for(one).filter(pk=offered.pk).exists()}
    assert seeing == {"ada", "ben", "fay", "ira", "jon", "dina"}


def test_the_asker_answers_and_one_that_is_taken_up_closes_the_request(cast, asked, offered):
    with pytest.raises(NotAllowed):
        board.answer_offer(offered, accept=True, expected=1, by=cast.dina)
    with pytest.raises(FolkmootError, match="why it is declined"):
        board.answer_offer(offered, accept=False, expected=1, by=cast.ada)
    board.answer_offer(offered, accept=True, answer="Gladly", expected=1, by=cast.ada)
    asked.refresh_from_db()
    assert (offered.state, asked.state) == ("accepted", "taken")
    with pytest.raises(NotYet):
        board.answer_offer(offered, accept=False, answer="No", expected=2, by=cast.ada)
    with pytest.raises(NotYet, match="not open"):
        board.offer_evaluation(asked, owner=cast.rival, words="x", independent="y", by=cast.eli)


def test_an_offer_that_is_taken_back_opens_the_request_again(cast, asked, offered):
    board.answer_offer(offered, accept=True, expected=1, by=cast.ada)
    with pytest.raises(NotAllowed):
        board.withdraw_offer(offered, expected=2, by=cast.ada)
    board.withdraw_offer(offered, expected=2, by=cast.dina)
    asked.refresh_from_db()
    assert (offered.state, asked.state) == ("withdrawn", "open")


def test_an_offer_that_was_taken_up_becomes_a_plan_through_the_pages(as_, cast, asked, offered, words):
    assert b"Answer this offer" in as_(cast.ada).get(reverse("request", args=[asked.pk])).content
    sent = as_(cast.ada).post(
        reverse("offer_answer", args=[offered.pk]), {"accept": "yes", "answer": "Gladly", "version": 1}
    )
    assert sent.status_code == 302
    page = as_(cast.dina).get(reverse("request", args=[asked.pk])).content.decode()
    address = f"{reverse('plan_new')}?offer={offered.pk}"
    assert f'href="{address}"' in page
    form = as_(cast.dina).get(address).context["form"]
    assert form.initial["owner"] == f"team-{cast.team.pk}"
    assert form.initial["assumption"] == str(asked.assumption_id)
    data = {
        "assumption": asked.assumption_id, "title": "A trial", "population": "All", "outcome": "Feel heard",
        "design": "trial", "scale": "share", "smallest_change": "5", "baseline": "50", "per_arm": "1600",
        "owner": f"team-{cast.team.pk}", "reach": "network",
    }  # fmt: skip
    assert as_(cast.dina).post(address, data).status_code == 302
    plan = Plan.objects.get()
    asked.refresh_from_db()
    assert asked.plan == plan and plan.team == cast.team
    assert plan.sights.get().answer["verdict"] == "could"
    assert b"A trial" in as_(cast.ada).get(reverse("request", args=[asked.pk])).content
    assert asked.wanted.encode() in as_(cast.ada).get(reverse("plan", args=[plan.pk])).content


def test_a_plan_of_somebody_else_is_not_tied_to_a_request(cast, asked, assumption, words):
    stranger = plans.create_plan(assumption, owner=cast.rival, visibility="network", by=cast.eli, **words)
    with pytest.raises(NotAllowed, match="whose offer was taken up"):
        board.join_plan(asked, plan=stranger, by=cast.eli)
    assert Request.objects.get().plan is None


def test_the_board_lists_what_is_open_with_few_queries(
    as_, cast, asked, assumption, django_assert_max_num_queries
):
    for number in range(12):
        board.ask_for_evaluation(
            assumption, owner=cast.office, visibility="network", wanted=f"Question {number}", by=cast.cleo
        )
    board.withdraw_request(asked, expected=1, by=cast.ada)
    client = as_(cast.eli)
    client.get(reverse("board"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("board")).content.decode()
    assert "Question 11" in page and asked.wanted not in page
    assert asked.wanted in client.get(f"{reverse('board')}?show=all").content.decode()


def test_pages_of_offers_are_not_there_for_others(as_, cast, asked, offered):
    for person, status in (
        ("eli", 404),
        ("cleo", 404),
        ("gus", 404),
        ("dina", 403),
        ("ben", 403),
        ("ada", 200),
    ):
        assert as_(cast.people[person]).get(reverse("offer_answer", args=[offered.pk])).status_code == status
    assert b"A trial by streets" not in as_(cast.eli).get(reverse("request", args=[asked.pk])).content
    assert Offer.objects.get().state == "offered"
