"""Comments and member checks, on an object whose kind this app does not know."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.coding.models import Codebook
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.discussion import actions, queries, targets
from folkmoot.discussion.models import MemberCheck

KIND = "coding.codebook"


@pytest.fixture
def thing(cast, monkeypatch):
    """A team's codebook, registered for the length of the test."""
    answered: list[tuple[int, str]] = []
    monkeypatch.setattr(targets, "_targets", dict(targets._targets))
    targets.register(
        KIND,
        find=lambda user, pk: Codebook.objects.visible_to(user).filter(pk=pk).first(),
        url=lambda one: "/help/",
        on_answer=lambda pk, check: answered.append((pk, check.answer)),
    )
    made = Codebook.objects.create(
        team=cast.team, visibility="team", name="Themes", created_at="2026-01-01T00:00Z", created_by="test"
    )
    made.answered = answered
    return made


def test_whoever_may_see_a_thing_may_comment_and_others_get_404(cast, as_, thing):
    page = reverse("comment_add", args=[KIND, thing.pk])
    assert as_(cast.dina).post(page, {"text": "Is this right?"}).status_code == 302
    assert as_(cast.ada).post(page, {"text": "Let me in"}).status_code == 404
    assert as_(cast.gus).get(page).status_code == 404
    assert [thread.comment.text for thread in queries.threads_about(thing, viewer=cast.dina)] == [
        "Is this right?"
    ]
    assert Event.objects.filter(action="commented").count() == 1


def test_an_answer_to_an_answer_joins_the_thread(cast, thing):
    first = actions.add_comment(thing, text="One", by=cast.dina)
    second = actions.answer_comment(first, text="Two", by=cast.dina)
    actions.answer_comment(second, text="Three", by=cast.dina)
    (thread,) = queries.threads_about(thing, viewer=cast.dina)
    assert [answer.text for answer in thread.answers] == ["Two", "Three"]


def test_a_thread_is_closed_once_and_says_what_came_of_it(cast, thing):
    comment = actions.add_comment(thing, text="One", by=cast.dina)
    with pytest.raises(FolkmootError):
        actions.resolve_comment(comment, resolution=" ", by=cast.dina)
    actions.resolve_comment(comment, resolution="Put right", by=cast.dina)
    with pytest.raises(NotYet):
        actions.resolve_comment(comment, resolution="Again", by=cast.dina)


def test_only_the_writer_takes_a_comment_back(cast, thing):
    thing.visibility = "network"
    thing.save()
    comment = actions.add_comment(thing, text="Mine", by=cast.ada)
    with pytest.raises(NotAllowed):
        actions.withdraw_comment(comment, by=cast.dina)
    actions.withdraw_comment(comment, by=cast.ada)
    comment.refresh_from_db()
    assert comment.text == "" and comment.withdrawn_at


def test_an_empty_or_endless_comment_is_refused_with_a_sentence(cast, as_, thing):
    page = reverse("comment_add", args=[KIND, thing.pk])
    assert as_(cast.dina).post(page, {"text": "   "}).status_code == 422
    assert as_(cast.dina).post(page, {"text": "x" * 5001}).status_code == 422
    with pytest.raises(FolkmootError):
        actions.add_comment(thing, text="x" * 5001, by=cast.dina)


def test_the_person_interviewed_answers_without_an_account_and_once(cast, as_, client, thing):
    check, secret = actions.ask_member_check(
        thing, question="You said X. Fair?", asked_of="Interviewee 3", team=cast.team, by=cast.dina
    )
    assert secret not in str(MemberCheck.objects.values())
    page = reverse("check_answer", args=[secret])
    answer = as_(None).get(page)
    assert b"You said X" in answer.content and answer["Cache-Control"] == "no-store"
    assert client.post(page, {"answer": "unfair", "words": ""}).status_code == 422
    assert client.post(page, {"answer": "unfair", "words": "I meant Y"}).status_code == 200
    check.refresh_from_db()
    assert (check.answer, check.words) == ("unfair", "I meant Y")
    assert thing.answered == [(thing.pk, "unfair")]
    client.post(page, {"answer": "fair"})
    check.refresh_from_db()
    assert check.answer == "unfair"


def test_words_that_may_not_be_shown_stay_with_the_team(cast, thing):
    check, _ = actions.ask_member_check(thing, question="Fair?", asked_of="P3", team=cast.team, by=cast.dina)
    actions.answer_member_check(
        check, answer="partly", words="Only at night", may_be_shown=False, by=cast.dina
    )
    (own,) = queries.checks_about(thing, viewer=cast.dina)
    (others,) = queries.checks_about(thing, viewer=cast.ada)
    assert own.words == "Only at night" and others.words == "" and others.answer == "Partly"


def test_a_wrong_secret_is_nothing(cast, client):
    assert client.get(reverse("check_answer", args=["guess"])).status_code == 404


def test_only_the_team_asks(cast, as_, thing):
    assert as_(cast.ada).get(reverse("check_ask", args=[KIND, thing.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        actions.ask_member_check(thing, question="Fair?", asked_of="P3", team=cast.team, by=cast.eli)
