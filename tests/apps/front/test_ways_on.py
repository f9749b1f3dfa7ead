"""From the front pages one click leads to what may be done with the thing, for those who may do it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.strategies import actions as strategies


@pytest.fixture
def promised(world, cast):
    """Ada's objective with a promise and a claim that it serves both; her own step in a chain of its own."""
    commitment = strategies.create_commitment(
        "Visit each street twice", organisation=cast.police, objective=world.objective, by=cast.ada
    )
    both = strategies.claim_dual_benefit(
        world.objective,
        organisation_gains="trust",
        community_gains="help sooner",
        through="people say what worries them",
        by=cast.ada,
    )
    return commitment, both


def _ways(world, promised):
    commitment, both = promised
    objective, chain = [world.objective.pk], [world.shared.pk]
    return {
        "objective": (
            {
                reverse("objective_share", args=objective),
                reverse("dual_benefit_new", args=objective),
                reverse("dual_benefit_test", args=[both.pk]),
                reverse("commitment_new") + f"?objective={objective[0]}",
                reverse("commitment_settle", args=[commitment.pk]),
            },
            {reverse("objective_history", args=objective), reverse("commitments")},
        ),
        "mechanism": (
            {reverse("mechanism_share", args=chain)},
            {reverse("mechanism_versions", args=chain)},
        ),
    }


def _links(client, name, pk):
    page = client.get(reverse(name, args=[pk])).content.decode()
    return {part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]}


def test_an_editor_gets_from_objective_and_chain_to_all_that_may_be_done_in_one_click(
    world, cast, as_, promised
):
    client = as_(cast.ada)
    for name, pk in (("objective", world.objective.pk), ("mechanism", world.shared.pk)):
        wanted = set.union(*_ways(world, promised)[name])
        assert wanted <= _links(client, name, pk)
        assert {client.get(url).status_code for url in wanted} == {200}


@pytest.mark.parametrize("name", ["ben", "cleo", "fay", "jon"])
def test_who_may_not_change_it_is_led_to_its_history_only(world, cast, as_, promised, name):
    client = as_(cast.people[name])
    for page, pk in (("objective", world.objective.pk), ("mechanism", world.shared.pk)):
        editing, reading = _ways(world, promised)[page]
        found = _links(client, page, pk)
        assert reading <= found and not editing & found
        assert {client.get(url).status_code for url in reading} == {200}


def test_an_own_assumption_leads_to_its_description_and_the_librarys_does_not(world, cast, as_):
    own = reverse("assumption_describe", args=[world.secret.pk])
    assert own in _links(as_(cast.eli), "assumption", world.secret.pk)
    step = world.steps["P3.4"]
    assert reverse("assumption_describe", args=[step.pk]) not in _links(as_(cast.ada), "assumption", step.pk)
