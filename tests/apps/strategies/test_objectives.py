"""What makes an objective one, whom it benefits, and that nothing it said is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.audit.actions import TheInstance
from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.strategies import actions, queries
from folkmoot.strategies.library import load_aims
from folkmoot.strategies.models import Aim, DualBenefit, Objective
from folkmoot.strategies.parts import NEEDED, missing_from

WHOLE = {
    "title": "Safer on Ferry Road",
    "who": "people of Ferry Road",
    "what_change": "more of them feel safe after dark",
    "by_when": date(2028, 3, 31),
    "how_known": "the yearly survey, walking alone",
}
FORM = {**WHOLE, "by_when": "2028-03-31", "aim": "C1", "stated": "before", "influence": "neither"}


def typed(**more):
    return {**FORM, **more}


@pytest.mark.parametrize("part", list(NEEDED))
def test_an_objective_that_lacks_a_part_is_refused_with_the_part_named(cast, aims, part):
    with pytest.raises(FolkmootError, match=NEEDED[part]):
        actions.create_objective(
            aims["C1"],
            organisation=cast.police,
            by=cast.ada,
            **{**WHOLE, part: "" if part != "by_when" else None},
        )
    assert not Objective.objects.exists()


@given(st.sets(st.sampled_from(sorted(NEEDED))))
def test_every_missing_part_is_named_and_no_other(lacking):
    details = {name: "" if name in lacking else value for name, value in WHOLE.items()}
    assert set(missing_from(details)) == lacking


def test_the_page_names_every_missing_part_and_keeps_the_words(cast, as_, aims):
    page = as_(cast.ada).post(reverse("objective_new"), {"aim": "C1", "who": "people of Ferry Road"})
    text = page.content.decode()
    assert page.status_code == 422 and "people of Ferry Road" in text
    assert "Say what is to change" in text and "Say by when" in text and "Say how anyone will know" in text
    assert "Say who is to change" not in text


def test_a_whole_objective_is_stated_and_leaves_a_trace(cast, as_, aims):
    page = as_(cast.ada).post(reverse("objective_new"), typed())
    made = Objective.objects.get()
    assert page.status_code == 302 and page.url == reverse("objective", args=[made.pk])
    assert made.benefits == "community" and made.organisation == cast.police and made.visibility == "own"
    event = Event.objects.get(action="stated an objective")
    assert event.actor_id == cast.ada.pk and event.organisation_id == cast.police.pk
    assert made.history.get().content["who"] == "people of Ferry Road"


def test_an_aim_that_depends_on_the_case_asks_whom_it_benefits(cast, as_, aims):
    client = as_(cast.ada)
    page = client.post(reverse("objective_new"), typed(aim="B1"))
    assert page.status_code == 422 and "say whom it benefits" in page.content.decode()
    assert client.post(reverse("objective_new"), typed(aim="B1", benefits="community")).status_code == 302
    assert Objective.objects.get().benefits == "community"


def test_both_is_no_type_of_benefit(cast, aims):
    with pytest.raises(FolkmootError, match="claim the other as a dual benefit"):
        actions.create_objective(aims["B1"], organisation=cast.police, benefits="both", by=cast.ada, **WHOLE)


def test_an_aim_that_says_whom_it_benefits_is_not_overruled(cast, aims):
    made = actions.create_objective(
        aims["O1"], organisation=cast.police, benefits="community", by=cast.ada, **WHOLE
    )
    assert made.benefits == "organisation"


def test_under_another_aim_whom_it_benefits_has_to_be_said_anew(cast, aims):
    made = actions.create_objective(aims["O1"], organisation=cast.police, by=cast.ada, **WHOLE)
    with pytest.raises(FolkmootError, match="say whom this benefits"):
        actions.revise_objective(made, aim=aims["B1"], expected=1, by=cast.ada)


def test_an_objective_keeps_what_it_said_before(cast, as_, objective):
    client = as_(cast.ada)
    url = reverse("objective_edit", args=[objective.pk])
    assert client.post(url, typed(who="people of the quay", version=1)).status_code == 302
    shown = queries.objective_history(Objective.objects.get())
    assert [one.version.number for one in shown] == [2, 1]
    assert shown[0].changes == (("Who is to change or gain", "people of Ferry Road", "people of the quay"),)
    page = client.get(reverse("objective_history", args=[objective.pk])).content.decode()
    assert "people of Ferry Road" in page and "people of the quay" in page


def test_a_stale_change_is_refused_names_who_and_keeps_the_words(cast, as_, objective):
    actions.revise_objective(objective, expected=1, who="people of the quay", by=cast.ira)
    url = reverse("objective_edit", args=[objective.pk])
    page = as_(cast.ada).post(url, typed(who="people of the market", version=1))
    text = page.content.decode()
    assert page.status_code == 412 and cast.ira.label in text and "people of the market" in text
    assert Objective.objects.get().who == "people of the quay"


def test_who_may_see_it_is_not_saved_over_somebody_elses_choice_and_is_kept_in_its_history(
    cast, as_, objective
):
    actions.share_objective(objective, visibility="public", expected=1, by=cast.ira)
    client, url = as_(cast.ada), reverse("objective_share", args=[objective.pk])
    stale = client.post(url, {"version": 1, "visibility": "own"})
    assert stale.status_code == 412 and cast.ira.label in stale.content.decode()
    assert Objective.objects.get().visibility == "public"
    # whoever was told may save again: the form now speaks of the present version
    assert 'name="version" value="2"' in stale.content.decode()
    assert client.post(url, {"version": 2, "visibility": "own"}).status_code == 302
    shown = queries.objective_history(Objective.objects.get())
    assert [one.changes for one in shown[:2]] == [
        (("Who may see it", "public", "own"),),
        (("Who may see it", "own", "public"),),
    ]


def test_a_retired_objective_stays_and_cannot_be_changed(cast, as_, objective):
    page = as_(cast.ada).post(reverse("objective_retire", args=[objective.pk]), {"version": 1})
    assert page.status_code == 302
    objective.refresh_from_db()
    assert objective.state == "retired" and Event.objects.filter(action="retired an objective").exists()
    with pytest.raises(NotYet, match="retired"):
        actions.revise_objective(objective, expected=2, who="others", by=cast.ada)
    assert (
        as_(cast.ada).post(reverse("objective_retire", args=[objective.pk]), {"version": 1}).status_code
        == 412
    )


PAGES = ("objective_edit", "objective_history", "objective_share", "objective_retire", "dual_benefit_new")


@pytest.mark.parametrize("page", PAGES)
def test_an_unshared_objective_is_there_for_its_organisation_alone(cast, as_, objective, page):
    url = reverse(page, args=[objective.pk])
    inside = {"ada", "ben", "fay", "ira", "jon"}
    for name, user in cast.people.items():
        assert as_(user).get(url).status_code == (200 if name in inside else 404), name
    assert as_(None).get(url).status_code in {302, 404}


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("objective_edit", FORM | {"version": 1}),
        ("objective_share", {"version": 1, "visibility": "public"}),
        ("objective_retire", {"version": 1}),
        ("dual_benefit_new", {"organisation_gains": "a", "community_gains": "b", "through": "c"}),
    ],
)
def test_whoever_sees_without_editing_is_refused_on_writing(cast, as_, objective, page, data):
    assert as_(cast.ben).post(reverse(page, args=[objective.pk]), data).status_code == 403
    assert as_(cast.eli).post(reverse(page, args=[objective.pk]), data).status_code == 404
    objective.refresh_from_db()
    assert (objective.version, objective.visibility, DualBenefit.objects.count()) == (1, "own", 0)


def test_a_shared_objective_is_seen_and_not_changed_by_others(cast, as_, objective):
    actions.share_objective(objective, visibility="network", by=cast.ada)
    url = reverse("objective_edit", args=[objective.pk])
    assert as_(cast.eli).get(url).status_code == 200
    assert "Only people who edit for Northmere Police" in as_(cast.eli).get(url).content.decode()
    assert as_(cast.eli).post(url, typed(version=1)).status_code == 403
    assert as_(cast.gus).get(url).status_code == 404


def test_nobody_states_an_objective_for_an_organisation_they_do_not_edit_for(cast, as_, aims):
    for user in (cast.ben, cast.dina, cast.gus):
        assert as_(user).get(reverse("objective_new")).status_code == 200
        assert as_(user).post(reverse("objective_new"), typed()).status_code == 403
    with pytest.raises(NotAllowed):
        actions.create_objective(aims["C1"], organisation=cast.other, by=cast.ada, **WHOLE)


def test_a_dual_benefit_is_untested_until_somebody_says_what_shows_it(cast, as_, objective):
    client = as_(cast.ada)
    url = reverse("dual_benefit_new", args=[objective.pk])
    assert client.post(url, {"organisation_gains": "calls fall"}).status_code == 422
    whole = {"organisation_gains": "calls fall", "community_gains": "safety", "through": "the visits"}
    assert client.post(url, whole).status_code == 302
    claim = DualBenefit.objects.get()
    assert claim.status == "untested"
    test = reverse("dual_benefit_test", args=[claim.pk])
    refused = client.post(test, {"version": 1, "status": "supported"})
    assert refused.status_code == 422 and "Say what supports or challenges it" in refused.content.decode()
    told = {"version": 1, "status": "challenged", "why": "calls did not fall"}
    assert client.post(test, told).status_code == 302
    claim.refresh_from_db()
    assert (claim.status, claim.why) == ("challenged", "calls did not fall")
    assert client.post(test, told).status_code == 412
    assert Event.objects.filter(action="tested a dual-benefit claim").count() == 1


def test_a_dual_benefit_is_shown_as_far_as_its_objective(cast, objective):
    claim = actions.claim_dual_benefit(
        objective, organisation_gains="a", community_gains="b", through="c", by=cast.ada
    )
    actions.share_objective(objective, visibility="network", by=cast.ada)
    claim.refresh_from_db()
    assert claim.visibility == "network"
    with pytest.raises(FolkmootError):
        actions.share_objective(objective, visibility="team", by=cast.ada)


def test_a_promise_not_kept_needs_its_reason(cast, as_, objective):
    client = as_(cast.ada)
    form = {"text": "Publish every answer", "objective": objective.pk, "due": "2020-01-01"}
    assert client.post(reverse("commitment_new"), form).status_code == 302
    made = objective.commitments.get()
    listed = client.get(reverse("commitments")).content.decode()
    assert "Past their day (1)" in listed
    url = reverse("commitment_settle", args=[made.pk])
    assert client.post(url, {"version": 1, "state": "not kept"}).status_code == 422
    assert client.post(url, {"version": 1, "state": "not kept", "why": "nobody had time"}).status_code == 302
    assert "Settled (1)" in client.get(reverse("commitments")).content.decode()
    assert as_(cast.ben).post(url, {"version": 2, "state": "kept"}).status_code == 403
    assert as_(cast.eli).get(url).status_code == 404
    with pytest.raises(Stale):
        actions.settle_commitment(made, state="kept", expected=1, by=cast.ada)


def test_the_aims_load_twice_to_the_same(db):
    load_aims(by=TheInstance())
    before = list(Aim.objects.values())
    assert load_aims(by=TheInstance()) == 15
    assert list(Aim.objects.values()) == before
