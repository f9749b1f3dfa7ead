"""Strands of work: a purpose as told before closing, no target anywhere, a warning where work is reactive."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from folkmoot.activities.actions.initiatives import (
    change_initiative,
    close_initiative,
    open_initiative,
    reopen_initiative,
)
from folkmoot.activities.actions.methods import add_method
from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.actions.outputs import record_output, remove_output
from folkmoot.activities.forms import InitiativeForm, OutputForm, methods_for
from folkmoot.activities.models import Activity, Initiative, Output
from folkmoot.activities.queries.initiatives import initiative_page, round_numbers
from folkmoot.activities.queries.purpose import purpose_of
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from tests.apps.activities.conftest import DAY, STAMP, chain_of

TODAY = date(2026, 11, 1)


def test_nothing_closes_before_it_says_what_participants_were_told(cast, work):
    silent = open_initiative("Silent", organisation=cast.police, method=work.stall, by=cast.ada)
    with pytest.raises(NotYet, match="purpose"):
        close_initiative(silent, expected=1, by=cast.ada)
    silent.refresh_from_db()
    assert silent.state == Initiative.State.OPEN
    close_initiative(silent, expected=1, purpose="To hear what worries you.", by=cast.ada)
    assert (silent.state, silent.purpose) == ("closed", "To hear what worries you.")
    with pytest.raises(FolkmootError, match="keeps the purpose"):
        change_initiative(silent, expected=silent.version, purpose=" ", by=cast.ada)
    assert reopen_initiative(silent, expected=silent.version, by=cast.ada).state == "open"


def test_an_initiative_is_opened_by_those_who_edit_and_stays_inside(cast, work):
    for person in (cast.ben, cast.fay, cast.cleo, cast.eli, cast.gus):
        with pytest.raises(NotAllowed):
            open_initiative("Mine", organisation=cast.police, method=work.stall, by=person)
    one = open_initiative("Ours", organisation=cast.police, method=work.stall, by=cast.ada)
    assert one.visibility == "own"
    for person, sees in ((cast.ben, True), (cast.cleo, False), (cast.eli, False), (cast.dina, False)):
        assert Initiative.objects.visible_to(person).filter(pk=one.pk).exists() is sees


def test_a_stale_change_names_who_was_first(cast, work):
    stale = Initiative.objects.get(pk=work.initiative.pk)
    change_initiative(work.initiative, expected=1, name="Fair stall", by=cast.ada)
    with pytest.raises(Stale, match="Ada"):
        change_initiative(stale, expected=1, name="Other", by=cast.ira)


def test_nothing_of_others_can_be_named(cast, work, objective):
    hidden, _ = chain_of(cast.other, "They hide", "Nobody knows", name="Hidden")
    with pytest.raises(FolkmootError, match="chain"):
        change_initiative(work.initiative, expected=1, mechanism_version=hidden, by=cast.ada)
    own = add_method(
        "Tea", organisation=cast.other, medium="in person", synchronous="yes", level_low=1, level_high=2, by=cast.eli
    )  # fmt: skip
    with pytest.raises(FolkmootError, match="method"):
        change_initiative(work.initiative, expected=1, method=own, by=cast.ada)
    objective.organisation = cast.other
    objective.save()
    with pytest.raises(FolkmootError, match="own organisation"):
        change_initiative(work.initiative, expected=1, objectives=[objective], by=cast.ada)
    assert own not in methods_for(cast.police)
    assert own in methods_for(cast.other)


def test_no_field_parameter_or_form_takes_a_target(cast, work):
    """RL9: a number somebody hopes for has nowhere to go."""
    import inspect

    words = ("target", "goal", "quota", "aim_for", "expected_number", "planned_number")
    for model in (Output, Initiative, Activity):
        names = {field.name for field in model._meta.get_fields()}
        assert not [name for name in names if any(word in name for word in words)]
    for form in (OutputForm, InitiativeForm):
        assert not [name for name in form.base_fields if any(word in name for word in words)]
    assert set(inspect.signature(record_output).parameters) == {
        "initiative",
        "what",
        "number",
        "counted_on",
        "by",
    }
    with pytest.raises(TypeError):
        record_output(work.initiative, what="leaflets", number=3, counted_on=DAY, target=5, by=cast.ada)


def test_outputs_are_written_down_and_taken_out(cast, work):
    with pytest.raises(NotAllowed):
        record_output(work.initiative, what="leaflets", number=3, counted_on=DAY, by=cast.ben)
    for number in (-1, 10**10):
        with pytest.raises(FolkmootError):
            record_output(work.initiative, what="leaflets", number=number, counted_on=DAY, by=cast.ada)
    one = record_output(work.initiative, what="leaflets", number=300, counted_on=DAY, by=cast.ada)
    remove_output(one, by=cast.ada)
    assert not Output.objects.exists()


def test_round_numbers_are_flagged_only_when_chance_would_hardly_bring_them():
    assert not round_numbers([10] * 19).suspicious  # too few to say
    assert round_numbers([10, 15] * 10).suspicious
    assert not round_numbers(list(range(10, 50))).suspicious
    assert not round_numbers([10] * 9 + [11] * 16).suspicious


def test_a_sudden_run_of_round_numbers_is_said_on_the_page(as_, cast, work):
    def rows(counts, day):
        for place, people in enumerate(counts):
            yield Activity(
                organisation=cast.police, visibility="own", initiative=work.initiative, people=people,
                happened_on=day + timedelta(days=place), **STAMP,
            )  # fmt: skip

    Activity.objects.bulk_create(rows(range(11, 51), date(2026, 1, 1)))
    page = initiative_page(cast.ben, work.initiative, today=TODAY)
    assert not page.suddenly_round
    Activity.objects.bulk_create(rows([50, 100] * 12, date(2026, 6, 1)))
    assert initiative_page(cast.ben, work.initiative, today=TODAY).suddenly_round
    text = as_(cast.ben).get(reverse("initiative", args=[work.initiative.pk])).text
    assert "Many round numbers of late" in text


def test_reactive_work_carries_its_warning(as_, cast, work):
    url = reverse("initiative", args=[work.initiative.pk])
    assert "Before you read a success into this" not in as_(cast.ben).get(url).text
    change_initiative(work.initiative, expected=1, trigger="reactive", by=cast.ada)
    activity = log_activity(
        organisation=cast.police, initiative=work.initiative, happened_on=DAY, by=cast.ben
    )
    for page in (url, reverse("activity", args=[activity.pk])):
        assert "Before you read a success into this" in as_(cast.ben).get(page).text


def test_idle_objectives_and_aimless_work_are_listed(as_, cast, work, objective):
    from folkmoot.strategies.models import Objective

    Objective.objects.update(created_at="2024-01-01T00:00:00Z")
    log_activity(organisation=cast.police, initiative=work.initiative, happened_on=DAY, hours=2, by=cast.ben)
    log_activity(organisation=cast.police, happened_on=DAY, hours=1, by=cast.ben)
    found = purpose_of(cast.ben, cast.police, today=TODAY)
    assert (found.idle, found.aimless.hours, found.alone) == ((objective,), 3, 1)
    assert found.aimless_initiatives == (work.initiative,)
    work.initiative.objectives.add(objective)
    found = purpose_of(cast.ben, cast.police, today=TODAY)
    assert (found.idle, found.aimless.hours, found.aimless_initiatives) == ((), 1, ())
    # through the chain as well
    work.initiative.objectives.clear()
    work.version.mechanism.objective = objective
    work.version.mechanism.save()
    assert purpose_of(cast.ben, cast.police, today=TODAY).idle == ()
    Activity.objects.update(happened_on=date(2025, 10, 31))
    assert purpose_of(cast.ben, cast.police, today=TODAY).idle == (objective,)
    assert purpose_of(cast.eli, cast.police, today=TODAY).idle == ()


def test_an_objective_younger_than_a_year_is_not_called_idle(cast, work, objective):
    found = purpose_of(cast.ben, cast.police, today=TODAY)
    assert (found.idle, found.young) == ((), (objective,))


def test_the_form_keeps_the_words_of_a_stale_save(as_, cast, work):
    url = reverse("initiative_edit", args=[work.initiative.pk])
    change_initiative(work.initiative, expected=1, planned_level="L3", by=cast.ira)
    given = {"version": "1", "name": "My own words", "method": work.stall.pk, "trigger": "routine"}
    answer = as_(cast.ada).post(url, given)
    assert answer.status_code == 412
    assert "My own words" in answer.text
    assert "Ira" in answer.text
