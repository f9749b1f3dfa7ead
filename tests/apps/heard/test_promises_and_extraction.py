"""Promises reach their owner and their place; the extraction test; office holders before an election."""

from __future__ import annotations

import datetime
import json

import pytest
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.capturing.backs import Occasion, backs_for
from folkmoot.activities.models import Initiative
from folkmoot.briefings import actions as briefings
from folkmoot.communities.models import Lies, Place
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.front.queries.overview import overview
from folkmoot.heard import actions
from folkmoot.heard.extraction import RULES, verdict_of
from folkmoot.heard.giving_back import promised_at
from folkmoot.heard.models import Concern
from folkmoot.heard.queries.concerns import by_state
from folkmoot.heard.queries.extraction import extraction_of, extraction_of_occasions
from folkmoot.heard.queries.promises import late_promises
from folkmoot.heard.queries.public import public_concerns
from folkmoot.mechanisms import actions as mechanisms
from folkmoot.mechanisms.drafts import StepDraft
from folkmoot.mechanisms.models import Method
from folkmoot.strategies import actions as strategies
from folkmoot.strategies.models import Aim

from ..shipped import LIBRARY, bring_in

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 2)
LATE = datetime.date(2026, 3, 1)


@pytest.fixture
def initiative(cast):
    bring_in(LIBRARY)
    return Initiative.objects.create(
        organisation=cast.police,
        visibility="own",
        name="Friday stalls",
        method=Method.objects.first(),
        created_at=timezone.now(),
        created_by="a test",
    )


def test_an_overdue_promise_reaches_whoever_gave_it_first_and_nobody_elsewhere(cast, concern, as_):
    """On the overview, one's own before the oldest, however many others there are."""
    for text, owner, due in (
        *((f"Older {number}", None, LATE) for number in range(12)),
        ("Mine", cast.ben, DAY),
        ("Not late", cast.ben, datetime.date(2030, 1, 1)),
    ):
        actions.promise(concern, text=text, owner_role="Sergeant", owner=owner, due=due, by=cast.ada)
    on = datetime.date(2026, 11, 23)

    def listed(viewer):
        found = overview(viewer, scope="network", organisation=None, today=on)
        assert found.overdue_count in (0, 13)
        return [(one.text, one.mine) for one in found.overdue]

    assert listed(cast.ben)[:2] == [("Mine", True), ("Older 0", False)]
    assert ("Mine", False) not in listed(cast.ada) and listed(cast.ada)[0] == ("Older 0", False)
    assert listed(cast.eli) == [] and listed(cast.gus) == []
    page = as_(cast.ben).get("/").content.decode()
    assert page.index("Mine") < page.index("Yours") < page.index("Older 0")
    assert "Yours" not in as_(cast.ada).get("/").content.decode()


def test_late_promises_are_one_question_to_the_database(cast, concern, django_assert_num_queries):
    actions.promise(concern, text="Late", owner_role="Sergeant", due=LATE, by=cast.ada)
    from folkmoot.organisations.visibility import access_of

    access_of(cast.ada)
    with django_assert_num_queries(1):
        list(late_promises(cast.ada, today=datetime.date(2026, 11, 23)))


def test_news_of_one_concern_is_no_answer_to_another(cast, concern, initiative):
    """Something was open, nobody was told of it; of another nothing was open, and people were told."""
    closed = actions.open_concern(
        "Rates", organisation=cast.police, influence="neither", initiative=initiative, by=cast.ada
    )
    actions.describe_concern(concern, initiative=initiative, expected=concern.version, by=cast.ada)
    actions.bring_in(
        "The lamp is out",
        organisation=cast.police,
        origin="letter",
        said_on=DAY,
        initiative=initiative,
        by=cast.ada,
    )
    actions.tell_people(
        closed, whom="All", how="letter", told_on=DAY, said="No", expected=closed.version, by=cast.ada
    )
    assert extraction_of([initiative.pk])[initiative.pk].word == "not answered yet"


def test_capture_shows_the_open_promises_of_the_place_and_around_it(cast, concern, place):
    now = timezone.now()
    ward = Place.objects.create(
        organisation=cast.police,
        visibility="own",
        code="W1",
        kind="ward",
        name="Ferry ward",
        created_at=now,
        created_by="t",
    )
    Lies.objects.create(place=place, inside=ward)
    actions.promise(concern, text="Mend the lamp", owner_role="Sergeant", due=LATE, by=cast.ada)
    for where in (place, ward):
        occasion = Occasion(organisation=cast.police, initiative=None, place=where)
        heard = [one for one in backs_for(occasion, viewer=cast.ben) if one.heading == "Promised here"]
        assert (
            len(heard) == 1 and "Mend the lamp" in heard[0].sentences[0] and "late" in heard[0].sentences[0]
        )
    both = [place.pk, ward.pk]
    kept_by_a_phone = promised_at(cast.police, both)
    assert set(kept_by_a_phone) == set(both)
    assert kept_by_a_phone[ward.pk] == f"Mend the lamp (Sergeant, by {LATE:%-d %B %Y})."
    assert promised_at(cast.other, both) == {}
    elsewhere = Occasion(organisation=cast.other, initiative=None, place=place)
    assert not [one for one in backs_for(elsewhere, viewer=cast.eli) if one.heading == "Promised here"]


def test_the_extraction_rule_is_total():
    assert set(RULES) == {(True, say, told) for say in (True, False) for told in (True, False)}
    assert verdict_of(taken=False, say=False, told=False).word == "nothing taken"
    assert [one.word for one in RULES.values() if one.is_extraction] == ["extraction"]


def test_words_taken_without_a_say_and_without_an_answer_are_extraction(cast, initiative):
    def verdict():
        return extraction_of([initiative.pk])[initiative.pk].word

    assert verdict() == "nothing taken"
    said = actions.bring_in(
        "It is dark",
        organisation=cast.police,
        origin="survey",
        said_on=DAY,
        initiative=initiative,
        by=cast.ada,
    )
    assert verdict() == "extraction"
    concern = actions.open_concern("Dark", organisation=cast.police, influence="neither", by=cast.ada)
    actions.join_concern(said, concern=concern, by=cast.ada)
    assert verdict() == "extraction"
    actions.describe_concern(concern, influence="ways", expected=concern.version, by=cast.ada)
    assert verdict() == "not answered yet"
    actions.tell_people(
        concern,
        whom="Them",
        how="person",
        told_on=DAY,
        said="We looked",
        expected=concern.version,
        by=cast.ada,
    )
    assert verdict() == "answered"
    actions.describe_concern(concern, influence="neither", expected=concern.version, by=cast.ada)
    assert verdict() == "told, without a say"
    actions.withdraw_contribution(said, by=cast.ada)
    assert verdict() == "nothing taken"


def test_the_word_stands_wherever_the_work_is_counted(cast, as_, initiative, place):
    """On the list of initiatives, the initiative, the occasion, the objective, and in an edition."""
    objective = strategies.create_objective(
        Aim.objects.get(code="O2"),
        organisation=cast.police,
        visibility="own",
        title="Safer waiting",
        who="people at the stop",
        what_change="more of them wait without fear",
        by_when=datetime.date(2027, 3, 31),
        how_known="a survey",
        by=cast.ada,
    )
    initiative.objectives.add(objective)
    occasion = log_activity(
        organisation=cast.police,
        happened_on=timezone.localdate(),
        initiative=initiative,
        place=place,
        people=12,
        hours=2,
        remark="Somebody said the light at the stop is out",
        by=cast.ada,
    )
    actions.bring_in_remark(occasion, by=cast.ada)
    for url in (
        "/initiatives/",
        f"/initiatives/{initiative.pk}/",
        f"/work/{occasion.pk}/",
        f"/objectives/{objective.pk}/",
    ):
        assert "extraction" in as_(cast.ada).get(url).content.decode().casefold(), url
    mechanisms.create_mechanism(
        "Walks past the stop",
        owner=cast.police,
        objective=objective,
        steps=[StepDraft(cause="Officers walk past", effect="People see them")],
        visibility="own",
        by=cast.ada,
    )
    briefing = briefings.create_briefing(
        "Waiting", objective=objective, owner=cast.police, visibility="own", by=cast.ada
    )
    text = json.dumps(briefings.draft_edition(briefing, by=cast.ada).content)
    assert "Given back to people: extraction." in text and "nobody told them anything" in text


def test_a_single_occasion_is_judged_by_what_became_of_its_remark(cast, concern, activity):
    assert extraction_of_occasions([activity.pk])[activity.pk].word == "nothing taken"
    said = actions.bring_in_remark(activity, by=cast.ada)
    assert extraction_of_occasions([activity.pk])[activity.pk].is_extraction
    actions.join_concern(said, concern=concern, by=cast.ada)
    assert extraction_of_occasions([activity.pk])[activity.pk].word == "not answered yet"


def test_what_raises_an_office_holder_is_counted_apart_and_frozen_before_an_election(cast, concern):
    """RL10."""
    promo = actions.open_concern(
        "The commissioner's walkabout",
        organisation=cast.office,
        influence="neither",
        promotes_office_holder=True,
        by=cast.cleo,
    )
    actions.share_concern(promo, visibility="public", expected=promo.version, by=cast.cleo)
    assert by_state(cast.office) == {} and by_state(cast.police) == {"hearing": 1}
    today = timezone.localdate()
    assert promo in public_concerns(on=today)
    with pytest.raises(NotAllowed):
        actions.add_election_period(cast.office, what="the election", begins=today, ends=today, by=cast.ada)
    actions.add_election_period(
        cast.office,
        what="the election of May",
        begins=today,
        ends=today + datetime.timedelta(30),
        by=cast.cleo,
    )
    assert promo not in public_concerns(on=today)
    assert promo in public_concerns(on=today + datetime.timedelta(31))
    for write in (
        lambda: actions.share_concern(promo, visibility="public", expected=promo.version, by=cast.cleo),
        lambda: actions.tell_people(
            promo, whom="All", how="media", told_on=today, said="Come", expected=promo.version, by=cast.cleo
        ),
        lambda: actions.describe_concern(promo, title="A walk", expected=promo.version, by=cast.cleo),
    ):
        with pytest.raises(NotYet, match="election of May"):
            write()
    # whatever raises nobody goes on, also there
    plain = actions.open_concern("Lamps", organisation=cast.office, influence="ways", by=cast.cleo)
    actions.share_concern(plain, visibility="public", expected=plain.version, by=cast.cleo)
    assert set(public_concerns(on=today)) == {plain}
    assert Concern.objects.count() == 3


def test_priorities_show_both_sides_dated_and_say_when_one_is_missing(cast, place, as_):
    one = actions.set_priority(
        "Racing on Mill Street",
        organisation=cast.police,
        place=place,
        review_on=datetime.date(2027, 6, 1),
        visibility="public",
        by=cast.ada,
    )
    actions.state_priority(
        one,
        side="police",
        words="Few calls.",
        basis="Calls from January to March",
        stated_on=DAY,
        by=cast.ada,
    )
    page = as_(None).get("/heard/").content.decode()
    assert "Few calls." in page and "Nobody has asked them yet." in page and "1 June 2027" in page
    actions.state_priority(
        one,
        side="residents",
        words="Every night.",
        basis="14 people at two meetings",
        stated_on=DAY,
        by=cast.ada,
    )
    page = as_(None).get("/heard/").content.decode()
    assert "Every night." in page and "14 people at two meetings" in page
