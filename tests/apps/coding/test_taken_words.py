"""Words that an assumption took from an interview do not outlive the interview's withdrawal unseen."""

from __future__ import annotations

import html

import pytest

from folkmoot.audit.models import Event
from folkmoot.coding.actions import (
    ClaimDraft,
    make_claim,
    read_passage,
    replace_words,
    start_from_claim,
)
from folkmoot.coding.models import TakenWords
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.discussion.actions import add_comment
from folkmoot.discussion.models import Comment
from folkmoot.mechanisms.actions import create_mechanism, start_assumption
from folkmoot.mechanisms.drafts import StepDraft
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.models import TeamMembership
from folkmoot.sources.actions import mark_passage, withdraw_source
from folkmoot.sources.withdrawal import foretold

pytestmark = pytest.mark.django_db
GONE = "words that were withdrawn"


def text_of(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def said(cast, bring_in):
    """``said("Doors open", "Dogs calm down")`` starts an assumption of the team from a talk of its own."""
    sources = {}

    def start(cause="Doors open", effect="Dogs calm down", *, name="talk", by_page=True):
        if name not in sources:
            text = f"Interviewer: {name}?\n\nInterviewee: Doors open and the dogs calm down, I say.\n"
            sources[name] = bring_in(text, name=f"{name}.txt", names=[], reviewed=True)
        source = sources[name]
        begins = source.body.text.index("Doors open")
        where = {"start": begins, "end": begins + 10}
        if by_page:
            draft = ClaimDraft(cause=cause, effect=effect, stance="asserts", starts_assumption=True)
            return read_passage(source, **where, claim=draft, by=cast.dina).claim
        passage = mark_passage(source, **where, by=cast.dina)
        claim = make_claim(passage, cause=cause, effect=effect, stance="asserts", by=cast.dina)
        return start_from_claim(claim, expected=1, by=cast.dina)

    return start


@pytest.mark.parametrize("by_page", [True, False])
def test_words_that_nothing_else_stands_on_go_with_the_source_and_from_every_label(cast, said, by_page):
    claim = said(by_page=by_page)
    assumption = claim.assumption
    comment = add_comment(assumption, text="Is that so?", by=cast.dina)
    assert foretold(claim.passage.source, viewer=cast.dina)[1] == (
        "2 factors that began with its words will lose them."
    )
    withdraw_source(claim.passage.source, reason="", by=cast.dina)
    assumption = Assumption.objects.get(pk=assumption.pk)
    assert (str(assumption.cause), str(assumption.effect)) == (GONE, GONE)
    comment.refresh_from_db()
    labels = [*Event.objects.values_list("object_label", flat=True), comment.target_label]
    assert not any("Doors open" in label or "Dogs calm" in label for label in labels)
    assert not TakenWords.objects.filter(to_replace=True).exists()


def test_words_that_carry_a_chain_stay_are_listed_and_are_put_in_ones_own(cast, said, as_):
    claim = said()
    step = StepDraft(
        cause=claim.assumption.cause, effect=claim.assumption.effect, assumption=claim.assumption
    )
    chain = create_mechanism("Calm streets", owner=cast.team, steps=[step], by=cast.dina)
    source = claim.passage.source
    assert "2 factors that began with its words carry chains" in foretold(source, viewer=cast.dina)[1]
    withdraw_source(source, reason="", by=cast.dina)
    cause = Factor.objects.get(pk=claim.assumption.cause_id)
    assert str(cause) == "Doors open"
    client, url = as_(cast.dina), "/claims/words/"
    assert "2 factors of yours still speak" in text_of(client.get("/claims/"))
    page = text_of(client.get(url))
    assert "Doors open" in page and chain.name in page
    same = client.post(url, {"factor": cause.pk, "wording": "doors  OPEN"})
    assert same.status_code == 422 and "were taken back" in text_of(same) and "doors  OPEN" in text_of(same)
    saved = client.post(url, {"factor": cause.pk, "wording": "Residents answer the door"})
    assert saved.status_code == 302 and "Doors open" not in text_of(client.get(url))
    cause.refresh_from_db()
    assert str(cause) == "Residents answer the door"
    # the step is the same one, with its evidence; its words are nobody's but the team's
    assert chain.versions.get().steps.get().assumption_id == claim.assumption_id
    assert not any("Doors open" in one for one in Event.objects.values_list("object_label", flat=True))
    assert Event.objects.filter(action="replaced withdrawn words").count() == 1


def test_a_factor_that_was_there_before_keeps_its_own_words(cast, said):
    start_assumption("Doors open", effect="People talk", owner=cast.team, by=cast.dina)
    claim = said()
    withdraw_source(claim.passage.source, reason="", by=cast.dina)
    assumption = Assumption.objects.get(pk=claim.assumption_id)
    assert (str(assumption.cause), str(assumption.effect)) == ("Doors open", GONE)


def test_what_two_people_said_goes_with_the_last_of_them(cast, said):
    first, second = said(), said(name="other")
    assert first.assumption_id == second.assumption_id
    withdraw_source(first.passage.source, reason="", by=cast.dina)
    assert str(Factor.objects.get(pk=first.assumption.cause_id)) == "Doors open"
    assert not TakenWords.objects.filter(to_replace=True).exists()
    withdraw_source(second.passage.source, reason="", by=cast.dina)
    assert str(Factor.objects.get(pk=first.assumption.cause_id)) == GONE


def test_joining_a_stated_assumption_takes_no_words(cast, said, bring_in):
    stated = start_assumption("Doors open", effect="People talk", owner=cast.team, by=cast.dina)
    source = bring_in(reviewed=True)
    read_passage(source, start=0, end=9, claim=ClaimDraft(assumption=stated), by=cast.dina)
    assert not TakenWords.objects.exists()
    withdraw_source(source, reason="", by=cast.dina)
    assert str(Factor.objects.get(pk=stated.cause_id)) == "Doors open"


def test_what_others_said_of_it_too_is_listed_and_not_silenced(cast, said, bring_in):
    claim = said()
    other = bring_in(reviewed=True)
    read_passage(
        other,
        start=0,
        end=9,
        claim=ClaimDraft(assumption=claim.assumption, stance="challenges"),
        by=cast.dina,
    )
    withdraw_source(claim.passage.source, reason="", by=cast.dina)
    assert TakenWords.objects.filter(to_replace=True).count() == 2
    assert Comment.objects.count() == 0


def test_only_withdrawn_words_are_replaced_and_only_by_their_owners(cast, said, as_):
    claim = said()
    factor = claim.assumption.cause
    with pytest.raises(NotYet, match="another wording is another factor"):
        replace_words(factor, wording="Residents answer", by=cast.dina)
    step = StepDraft(cause=factor, effect=claim.assumption.effect, assumption=claim.assumption)
    create_mechanism("Calm streets", owner=cast.team, steps=[step], by=cast.dina)
    withdraw_source(claim.passage.source, reason="", by=cast.dina)
    for name, person in cast.people.items():
        page = as_(person).get("/claims/words/")
        assert page.status_code == 200 and ("Doors open" in text_of(page)) == (name == "dina"), name
        if name != "dina":
            sent = {"factor": factor.pk, "wording": "Residents answer"}
            assert as_(person).post("/claims/words/", sent).status_code == 404, name
            with pytest.raises(NotAllowed):
                replace_words(Factor.objects.get(pk=factor.pk), wording="Residents answer", by=person)
    start_assumption("People talk", effect="Rumours end", owner=cast.team, by=cast.dina)
    with pytest.raises(FolkmootError, match="another factor in these words"):
        replace_words(Factor.objects.get(pk=factor.pk), wording="people talk", by=cast.dina)
    assert TeamMembership.objects.filter(team=cast.team).count() == 1
