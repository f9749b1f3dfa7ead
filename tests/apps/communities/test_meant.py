"""Groupings say who drew the line and nothing of views; a representative's name is theirs to give and to take back."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.communities import actions
from folkmoot.communities.models import Category, Characteristic, Grouping, Representative
from folkmoot.communities.queries.meant import could_have_read, people_who, representatives_of
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.discussion import actions as discussion
from folkmoot.discussion.targets import find


@pytest.fixture
def traders(cast):
    return actions.create_grouping(
        "Stallholders",
        organisation=cast.police,
        basis="interest",
        defined_by="the stallholders",
        self_defined="themselves",
        visibility="network",
        by=cast.ada,
    )


@pytest.fixture
def chair(cast, traders):
    return actions.record_representative(
        traders,
        role="Chair",
        chosen="elected",
        mandate="Pitches",
        name="Sam Reed",
        affiliation="Market Traders",
        by=cast.ada,
    )


def test_a_label_needs_its_speaker_and_the_barrier_that_the_organisation_presents(cast):
    said = {"organisation": cast.police, "basis": "other", "defined_by": "our strategy", "by": cast.ada}
    with pytest.raises(FolkmootError, match=r"hard to reach.*somebody's word"):
        actions.create_grouping("Night workers", said_label="hard to reach", said_by="our strategy", **said)
    made = actions.create_grouping(
        "Night workers", said_label="hard to reach", said_by="our strategy", barrier="We meet at nine", **said
    )
    assert made.barrier == "We meet at nine"
    assert Event.objects.get(action="described a grouping").object_id == str(made.pk)


def test_delegated_capacity_names_its_powers_and_a_partner_is_no_public(cast):
    said = {"organisation": cast.police, "basis": "partner", "defined_by": "its owners", "by": cast.ada}
    with pytest.raises(FolkmootError, match="powers"):
        actions.create_grouping("Arcade security", counterpart="delegated", **said)
    assert actions.create_grouping(
        "Arcade security", counterpart="delegated", powers="May remove", **said
    ).powers
    assert actions.create_grouping("The council", **said).counterpart == "partner"


def test_somebody_always_drew_the_line(cast):
    with pytest.raises(FolkmootError, match="who drew the line"):
        actions.create_grouping("Y", organisation=cast.police, basis="interest", defined_by=" ", by=cast.ada)
    with pytest.raises(NotAllowed):
        actions.create_grouping("Y", organisation=cast.police, basis="interest", defined_by="x", by=cast.ben)


def test_a_stale_change_is_refused_and_what_changed_is_logged(cast, traders):
    actions.revise_grouping(traders, expected=1, overlap="residents", by=cast.ada)
    assert Event.objects.get(action="changed a grouping").detail["parts"] == ["overlap"]
    with pytest.raises(Stale, match="Ada"):
        actions.revise_grouping(Grouping.objects.get(), expected=1, overlap="others", by=cast.ira)
    with pytest.raises(NotAllowed):
        actions.revise_grouping(Grouping.objects.get(), expected=2, overlap="others", by=cast.eli)


def test_whoever_sees_a_grouping_can_answer_it(cast, traders):
    assert find(cast.eli, kind="communities.grouping", pk=traders.pk) == traders
    discussion.add_comment(traders, text="We do not call ourselves so.", by=cast.eli)
    actions.share_grouping(traders, visibility="own", expected=traders.version, by=cast.ada)
    assert find(cast.eli, kind="communities.grouping", pk=traders.pk) is None


def test_no_field_lets_a_characteristic_or_a_grouping_say_what_people_think():
    """R27 and RL13: nothing that holds views may be led to from what people share, or the other way round."""
    views = {"coding", "evidence", "heard", "surveys"}
    words = (
        "view",
        "opinion",
        "attitude",
        "belief",
        "stance",
        "perspective",
        "want",
        "need",
        "think",
        "segment_score",
    )
    wrong = []
    for model in apps.get_app_config("communities").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and any(word in field.name for word in words):
                wrong.append(f"{model.__name__}.{field.name}")
    for kind in (Characteristic, Category):
        for field in kind._meta.related_objects:
            if field.related_model._meta.app_label in views - {"surveys"}:
                wrong.append(f"{field.related_model.__name__} hangs on {kind.__name__}")
    assert not wrong


def test_a_name_is_hidden_from_everybody_but_editors_unless_the_person_agreed(cast, traders, chair):
    (seen,) = representatives_of(traders, viewer=cast.ada)
    assert (seen.name, seen.affiliation) == ("Sam Reed", "Market Traders")
    for other in (cast.ben, cast.fay, cast.eli, cast.cleo):
        (seen,) = representatives_of(traders, viewer=other)
        assert (seen.name, seen.affiliation, seen.hidden) == ("", "", True)
    actions.revise_representative(
        chair, expected=1, role="Chair", chosen="elected", name="Sam Reed", shown_to_others=True, by=cast.ada
    )
    assert representatives_of(traders, viewer=cast.eli)[0].name == "Sam Reed"


def test_a_withdrawal_takes_the_name_away_at_once_and_says_whom_to_tell(cast, as_, traders, chair):
    actions.revise_representative(
        chair,
        expected=1,
        role="Chair",
        chosen="elected",
        name="Sam Reed",
        affiliation="Market Traders",
        mandate="Speaks for Market Traders",
        shown_to_others=True,
        by=cast.ada,
    )
    told = could_have_read(chair)
    assert (
        "Southholt Police" in told
        and any("Ira" in one for one in told)
        and any("backup" in one for one in told)
    )
    page = as_(cast.ada).post(reverse("representative_withdraw", args=[chair.pk]), follow=True)
    assert b"Southholt Police" in page.content
    row = Representative.objects.get()
    assert (row.name, row.affiliation, row.shown_to_others) == ("", "", False)
    assert row.mandate == "Speaks for [name withdrawn]"
    for person in (cast.ada, cast.eli):
        assert b"Sam Reed" not in as_(person).get(reverse("grouping", args=[traders.pk])).content
    event = Event.objects.get(action="withdrew a representative")
    assert event.detail["told"] == told
    assert not any("Sam Reed" in f"{one.object_label} {one.detail}" for one in Event.objects.all())
    with pytest.raises(NotYet):
        actions.withdraw_representative(row, told=[], by=cast.ada)
    with pytest.raises(NotYet, match="anew"):
        actions.revise_representative(row, expected=row.version, role="Chair", chosen="elected", by=cast.ada)


def test_a_name_never_stands_where_everybody_reads(cast, traders):
    said = {"chosen": "elected", "name": "Sam Reed", "by": cast.ada}
    with pytest.raises(FolkmootError, match="out of the role"):
        actions.record_representative(traders, role="Chair, Sam Reed", **said)
    with pytest.raises(FolkmootError, match="out of the mandate"):
        actions.record_representative(traders, role="Chair", mandate="sam reed speaks", **said)
    with pytest.raises(FolkmootError, match="no name to show"):
        actions.record_representative(
            traders, role="Chair", chosen="elected", shown_to_others=True, by=cast.ada
        )


def test_representatives_are_people_and_never_the_community():
    assert [people_who(number) for number in (0, 1, 2)] == ["nobody", "1 person", "2 people"]
