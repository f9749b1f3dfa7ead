"""The claims register: what tests each claim, the share on anecdote alone, challenges counted like supports."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook

from folkmoot.coding.actions import set_claim_state
from folkmoot.front.queries.register import register_of, rows_of, with_all
from folkmoot.organisations.models import Instance
from folkmoot.strategies import actions as strategies

FOR, AGAINST = "it changes how they see us", "it is gone by the next bad stop"


@pytest.fixture
def claims(world, claim_in):
    """Two claims on an untested step, one of each side; one on a tested step; one about nothing stated."""
    untested, tested = world.steps["P3.4"], world.steps["P3.3"]
    return {
        "for": claim_in(FOR, assumption=untested, claimant_role="officer"),
        "against": claim_in(AGAINST, stance="challenges", assumption=untested),
        "measured": claim_in("People who had a visit wave", modality="measured", assumption=untested),
        "tested": claim_in("wave at us now", stance="supports", assumption=tested),
        "nothing": claim_in("Nobody remembers", stance="challenges"),
    }


def sides(viewer, scope="network", **filters):
    return {side.key: side for side in register_of(viewer, filters=filters, scope=scope).sides}


def test_a_claim_rests_on_anecdote_alone_when_no_test_of_its_assumption_is_on_record(cast, claims):
    found = sides(cast.dina)
    rests = found["for"].rests
    assert (found["for"].claims, rests.about_one, rests.anecdote, rests.measured) == (3, 3, 2, 1)
    assert rests.percent == 67
    against = found["against"]
    assert (against.claims, against.unjoined) == (2, 1)
    assert (against.rests.anecdote, against.rests.about_one) == (1, 1)


def test_both_sides_are_counted_whatever_side_is_asked_for(cast, claims):
    assert sides(cast.dina, side="for") == sides(cast.dina, side="against") == sides(cast.dina)


def test_each_count_opens_as_many_claims(cast, as_, claims):
    client = as_(cast.dina)
    found = register_of(cast.dina, filters={}, scope="network")
    for side in found.sides:
        for rests, number in (
            ("", side.claims),
            ("anecdote", side.rests.anecdote),
            ("none", side.unjoined),
        ):
            asked = {"side": side.key, "rests": rests, "scope": "network"}
            answer = client.get(reverse("claims_register"), asked)
            assert answer.context["register"].number == number, asked


def test_a_reading_that_the_person_disputes_is_in_no_share(cast, claims):
    set_claim_state(claims["for"], state="disputed", why="They said no.", by=cast.dina)
    found = sides(cast.dina)["for"]
    assert (found.claims, found.disputed, found.rests.about_one) == (3, 1, 2)


def test_the_two_scopes_are_counted_apart_and_private_tests_stay_out_of_the_networks(world, cast, claims):
    step = world.steps["P3.4"]
    study = world.evidence.record_study(
        authors="Northmere analysts", title="Our own trial", owner=cast.police, visibility="own", kind="own",
        design="Streets by lot", setting="Northmere", country="England and Wales", level_low=5, level_high=5,
        evaluators="northmere", read_where="full", by=cast.ada,
    )  # fmt: skip
    for factor, sign in ((step.cause, "up"), (step.effect, "same")):
        world.evidence.mark_factor(
            study, factor=factor, sign=sign, horizon="a year", horizon_days=365, by=cast.ada
        )
    assert sides(cast.ada)["against"].rests.anecdote == 1
    assert sides(cast.ada, "ours")["against"].rests.anecdote == 0
    assert sides(cast.cleo, "ours")["against"].rests.anecdote == 1
    register = register_of(cast.ada, filters={}, scope="network")
    rows = rows_of(list(with_all(register.claims)), register, viewer=cast.ada)
    told = next(row for row in rows if row.claim.pk == claims["against"].pk)
    assert (told.network.word, told.ours.word) == ("anecdotal", "thin")


def test_outside_the_team_every_claim_counts_and_no_word_goes_further_than_consent(cast, as_, claims):
    page = as_(cast.ada).get(reverse("claims_register")).content.decode()
    assert FOR not in page and AGAINST not in page
    assert sides(cast.ada)["against"].claims == 2
    assert sides(cast.gus)["against"].claims == 0


def test_nobody_without_an_account_reads_it(claims, client):
    assert client.get(reverse("claims_register")).status_code == 302
    assert client.get(reverse("claims_register_file", args=["csv"])).status_code == 302


def test_that_something_serves_both_stands_as_untested_until_somebody_shows_it(world, cast, as_):
    strategies.claim_dual_benefit(
        world.objective,
        organisation_gains="fewer calls",
        community_gains="calm",
        through="visits",
        by=cast.ada,
    )
    page = as_(cast.cleo).get(reverse("claims_register")).content.decode()
    assert "1 of 1 is untested" in page and "fewer calls" in page
    assert "fewer calls" not in as_(cast.gus).get(reverse("claims_register")).content.decode()


def _rows(client, **asked):
    answer = client.get(reverse("claims_register_file", args=["csv"]), asked)
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_holds_the_claims_against_even_if_only_those_for_were_asked_for(cast, as_, claims):
    rows = _rows(as_(cast.dina), side="for", scope="network")
    assert len(rows) == 5
    assert {row["stance"] for row in rows} >= {"Asserts it", "Gives an account against it"}
    by_number = {row["number"]: row for row in rows}
    assert by_number[str(claims["for"].pk)]["rests on anecdote alone (network)"] == "yes"
    assert by_number[str(claims["tested"].pk)]["rests on anecdote alone (network)"] == "no"
    assert (
        by_number[str(claims["nothing"].pk)]["rests on anecdote alone (network)"]
        == "speaks to no stated assumption"
    )


def test_the_workbook_says_how_it_was_counted_and_that_a_demo_is_fictional(cast, as_, claims):
    Instance.objects.update_or_create(defaults={"name": "Demo", "fictional": True})
    cache.clear()
    answer = as_(cast.dina).get(reverse("claims_register_file", args=["xlsx"]))
    book = load_workbook(io.BytesIO(answer.content))
    assert book["Fictional claims"].max_row == 6
    said = {row[0].value: row[1].value for row in book["How it was counted"].iter_rows()}
    assert said["Claims that say that it works"] == 3 and any(one.startswith("Fictional") for one in said)
    assert all(row["note"].startswith("Fictional") for row in _rows(as_(cast.dina)))


def test_an_ending_that_is_not_known_is_not_found(cast, as_, claims):
    assert as_(cast.dina).get(reverse("claims_register_file", args=["pdf"])).status_code == 404


def test_questions_to_the_database_do_not_grow_with_the_claims(
    cast, as_, claims, claim_in, world, django_assert_max_num_queries
):
    client = as_(cast.dina)
    client.get(reverse("claims_register"))
    for _ in range(15):
        claim_in("Nobody remembers", assumption=world.steps["P3.4"])
    with django_assert_max_num_queries(36):
        client.get(reverse("claims_register"))
