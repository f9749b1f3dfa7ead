"""Concerns and what leads from one state to the next; nothing that people said is dropped."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.heard import actions
from folkmoot.heard.letting_in import Personal, Wrongdoing
from folkmoot.heard.models import Contribution, Decision, Reply
from folkmoot.heard.queries.contributions import account_of
from folkmoot.heard.states import LIVES

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 2)
REPORT = "My neighbour deals weed from the garage"


def decide(concern, by, **changes):
    given = {
        "who": "Inspector",
        "decided_on": DAY,
        "outcome": "no",
        "what": "No patrol.",
        "because": "No staff.",
    }
    return actions.decide(concern, **given | changes, expected=concern.version, by=by)


def tell(concern, by):
    return actions.tell_people(
        concern,
        whom="People at the stop",
        how="person",
        told_on=DAY,
        said="No patrol.",
        expected=concern.version,
        by=by,
    )


def test_every_state_is_reached_from_the_first_and_every_step_names_states_that_are_there():
    for life in LIVES.values():
        words = {one.word for one in life.states}
        assert {begin for begin, _, _ in life.steps} | {end for _, _, end in life.steps} <= words
        assert {act for _, act, _ in life.steps} == set(life.acts)
        reached, grown = {life.first}, True
        while grown:
            more = {end for begin, _, end in life.steps if begin in reached}
            grown = not more <= reached
            reached |= more
        assert reached == words, life.thing
        # one act leads from one state to one other: what happens is never a matter of order
        pairs = [(begin, act) for begin, act, _ in life.steps]
        assert len(pairs) == len(set(pairs))


def test_a_concern_goes_from_heard_to_decided_to_told_to_answered(cast, concern):
    assert concern.state == "hearing"
    actions.hand_on_concern(concern, expected=concern.version, by=cast.ada)
    decide(concern, cast.ada)
    assert concern.state == "decided"
    tell(concern, cast.ben)
    assert concern.state == "told"
    actions.record_reply(concern, agrees="yes", words="Fair enough", people=4, by=cast.ben)
    assert concern.state == "answered"
    assert set(Event.objects.filter(object_kind="heard.concern").values_list("action", flat=True)) >= {
        "heard.concern opened",
        "heard.concern handed on",
        "heard.decided",
        "heard.told",
    }


def test_one_who_says_no_is_not_outvoted_by_those_who_agree(cast, concern):
    decide(concern, cast.ada)
    tell(concern, cast.ada)
    actions.record_reply(concern, agrees="yes", people=30, by=cast.ada)
    actions.record_reply(concern, agrees="no", people=1, by=cast.ada)
    actions.record_reply(concern, agrees="yes", people=30, by=cast.ada)
    assert concern.state == "disputed"


def test_nobody_replies_to_what_nobody_was_told(cast, concern):
    with pytest.raises(NotYet, match="nobody was told"):
        actions.record_reply(concern, agrees="yes", by=cast.ada)


@pytest.mark.parametrize("missing", ["because", "what", "who"])
def test_a_decision_without_a_reason_or_without_who_took_it_is_refused(cast, concern, missing):
    with pytest.raises(FolkmootError, match="write something"):
        decide(concern, cast.ada, **{missing: "  "})
    assert not Decision.objects.exists() and concern.state == "hearing"


def test_a_later_decision_leaves_the_earlier_one_readable(cast, concern):
    decide(concern, cast.ada)
    tell(concern, cast.ada)
    decide(concern, cast.ada, outcome="partly", what="A patrol on Fridays.", because="One officer came back.")
    assert concern.decisions.count() == 2 and concern.state == "decided"


def test_a_concern_is_closed_with_a_reason_or_not_at_all(cast, concern):
    with pytest.raises(FolkmootError):
        actions.close_concern(concern, because=" ", expected=concern.version, by=cast.ada)
    actions.close_concern(concern, because="The stop is being moved.", expected=concern.version, by=cast.ada)
    assert concern.state == "closed"
    actions.reopen_concern(concern, expected=concern.version, by=cast.ada)
    assert concern.state == "hearing" and concern.closed_because == ""


def test_a_concern_goes_public_only_when_it_says_what_was_open(cast, place):
    unsaid = actions.open_concern("Racing on Mill Street", organisation=cast.police, by=cast.ada)
    with pytest.raises(FolkmootError, match="open to influence"):
        actions.share_concern(unsaid, visibility="public", expected=unsaid.version, by=cast.ada)


def test_who_may_keep_and_who_may_bring_in(cast, concern, say):
    for person in (cast.ben, cast.fay, cast.eli, cast.gus, cast.cleo):
        with pytest.raises(NotAllowed):
            decide(concern, person)
    assert say("Said to an officer", by=cast.ben).origin == "letter"
    for person in (cast.fay, cast.eli, cast.gus):
        with pytest.raises(NotAllowed):
            say("Said to nobody here", by=person)


def test_a_stale_change_is_refused_by_name(cast, concern):
    seen = concern.version
    actions.describe_concern(concern, title="Waiting after dark", expected=seen, by=cast.ira)
    with pytest.raises(Stale, match="Ira"):
        decide_late = type(concern).objects.get(pk=concern.pk)
        actions.describe_concern(decide_late, title="Dark", expected=seen, by=cast.ada)


def test_every_contribution_is_read_set_aside_or_open_and_the_counts_add_up(cast, concern, say):
    rows = [say(f"Words number {number}") for number in ("one", "two", "three", "four", "five")]
    actions.join_concern(rows[0], concern=concern, by=cast.ada)
    actions.mark_read(rows[1], expected=rows[1].version, by=cast.ada)
    actions.set_aside(rows[2], because="It is about another town.", expected=rows[2].version, by=cast.ada)
    actions.withdraw_contribution(rows[3], by=cast.ada)
    account = account_of(cast.police)
    assert (account.read, account.aside, account.open, account.withdrawn) == (2, 1, 1, 1)
    assert account.all == 4 == Contribution.objects.exclude(state="withdrawn").count()


def test_nothing_is_set_aside_without_a_reason_not_even_past_the_actions(cast, say):
    one = say()
    with pytest.raises(FolkmootError, match="reason"):
        actions.set_aside(one, because=" ", expected=one.version, by=cast.ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=one.pk).update(state="aside", settled_at=one.created_at)


def test_one_contribution_stands_under_several_concerns_and_several_under_one(cast, concern, say):
    other = actions.open_concern("Lamps", organisation=cast.police, by=cast.ada)
    one, two = say("The light is out"), say("It is dark there")
    for contribution, under in ((one, concern), (one, other), (two, concern)):
        actions.join_concern(contribution, concern=under, by=cast.ada)
    assert set(one.concerns.all()) == {concern, other} and concern.contributions.count() == 2
    actions.leave_concern(one, concern=concern, by=cast.ada)
    one.refresh_from_db()
    assert set(one.concerns.all()) == {other} and one.state == "read"


def test_a_contribution_of_another_organisation_joins_nothing(cast, concern):
    theirs = actions.bring_in("Theirs", organisation=cast.other, origin="letter", said_on=DAY, by=cast.eli)
    with pytest.raises(FolkmootError, match="own organisation"):
        actions.join_concern(theirs, concern=concern, by=cast.ada)


def test_the_remark_of_an_activity_is_taken_in_once(cast, activity):
    one = actions.bring_in_remark(activity, by=cast.ben)
    assert one.text == activity.remark and one.place == activity.place
    with pytest.raises(FolkmootError, match="already"):
        actions.bring_in_remark(activity, by=cast.ada)


def test_a_report_of_wrongdoing_is_stored_nowhere(cast, concern, say):
    """RL1, RL2: not as a contribution, not in a title, a decision or a reply, and not in the log."""
    for write in (
        lambda: say(REPORT),
        lambda: decide(concern, cast.ada, because=REPORT),
        lambda: actions.open_concern(REPORT, organisation=cast.police, by=cast.ada),
        lambda: actions.promise(concern, text=REPORT, owner_role="Sergeant", due=DAY, by=cast.ada),
    ):
        with pytest.raises(Wrongdoing):
            write()
    assert not Contribution.objects.exists() and not Reply.objects.exists()
    assert not Event.objects.filter(object_label__contains="neighbour").exists()


def test_words_that_say_who_somebody_is_are_refused_with_what_to_do(say):
    with pytest.raises(Personal, match="Take it out"):
        say("Call me on 07700 900123 about the lamp")


def test_no_log_row_repeats_what_somebody_said(cast, concern, say):
    one = say("A very particular sentence on lamps")
    actions.join_concern(one, concern=concern, by=cast.ada)
    logged = " ".join(f"{one.object_label} {one.detail}" for one in Event.objects.all())
    assert "particular" not in logged


def test_a_promise_keeps_its_first_day_and_says_how_it_ended(cast, concern):
    given = actions.promise(
        concern,
        text="Mend the lamp",
        owner_role="Sergeant",
        owner=cast.ben,
        due=datetime.date(2027, 1, 5),
        by=cast.ada,
    )
    actions.move_promise(given, due=datetime.date(2027, 3, 1), expected=given.version, by=cast.ben)
    assert (given.first_due, given.due) == (datetime.date(2027, 1, 5), datetime.date(2027, 3, 1))
    with pytest.raises(FolkmootError):
        actions.settle_promise(
            given, kept=False, settlement="", settled_on=DAY, expected=given.version, by=cast.ben
        )
    actions.settle_promise(
        given,
        kept=False,
        settlement="The council owns it.",
        settled_on=DAY,
        expected=given.version,
        by=cast.ben,
    )
    assert given.state == "broken"
    with pytest.raises(NotAllowed):
        actions.settle_promise(
            given, kept=True, settlement="Done", settled_on=DAY, expected=given.version, by=cast.fay
        )
