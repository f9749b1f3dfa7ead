"""Who lives somewhere is added up from what was published, nobody twice, and never where a part is missing."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from folkmoot.communities import actions
from folkmoot.communities.models import Characteristic, Place, Population, PopulationCount
from folkmoot.communities.queries.people import (
    Counted,
    characteristics,
    living_here,
    living_in_each,
    populations_of,
)
from folkmoot.communities.queries.places import area_of, areas_served, places_for, within
from folkmoot.communities.queries.shown import in_words
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet


@pytest.fixture
def disability(county):
    return Characteristic.objects.get(code="disability")


def test_a_ward_has_the_people_of_the_small_areas_in_it_with_their_range(county, disability):
    here = living_here([county.wards[0].pk], characteristic=disability, viewer=county.cast.ben)
    assert here.everybody == Counted(3800, 3800 - 12, 3800 + 12)  # two places, two cells, each up to 3 off
    disabled = disability.categories.get(position=0)
    assert here.by_category[disabled.pk] == Counted(760, 754, 766)
    assert here.cells == 2 and here.best_fit and not here.without
    assert here.population.title == "Disability, 2021"


def test_places_that_overlap_count_nobody_twice(county, disability):
    both = [county.wards[0].pk, county.small[0].pk, county.districts[0].pk]
    here = living_here(both, characteristic=disability, viewer=None)
    assert here.everybody.people == 1500 + 2300 + 900 + 1700


def test_a_place_of_which_a_part_is_not_counted_is_left_out(county, disability):
    PopulationCount.objects.filter(place=county.small[0]).delete()
    here = living_here([county.wards[0].pk, county.wards[1].pk], characteristic=disability, viewer=None)
    assert here.without == {county.wards[0].pk}
    assert here.everybody.people == 2600
    _, each = living_in_each([one.pk for one in county.wards], characteristic=disability, viewer=None)
    assert county.wards[0].pk not in each


def test_each_place_by_itself_agrees_with_each_asked_alone(county, disability):
    _, each = living_in_each([one.pk for one in county.wards], characteristic=disability, viewer=None)
    for ward in county.wards:
        alone = living_here([ward.pk], characteristic=disability, viewer=None)
        assert {key: value for key, value in each[ward.pk].items() if key} == alone.by_category
        assert each[ward.pk][None] == alone.everybody


def test_few_questions_are_asked_however_many_places(county, disability, django_assert_max_num_queries):
    ids = [one.pk for one in (*county.wards, *county.small)]
    with django_assert_max_num_queries(6):
        living_here(ids, characteristic=disability, viewer=None)
    with django_assert_max_num_queries(5):
        living_in_each(ids, characteristic=disability, viewer=None)
    with django_assert_max_num_queries(3):
        area_of(ids, kind="district")


def test_everybody_comes_from_the_fullest_table_where_no_table_counts_all(county, files):
    young = files.counts(
        [one // 2 for one in (1500, 2300, 900, 1700, 2600, 1200, 1900, 800)], head=("Females", "Males")
    )
    actions.bring_in_counts(
        "census21_sex16.csv", young, organisation=None, visibility="public", by=county.cast.dina
    )
    cache.clear()
    here = living_here([county.force.pk], characteristic=None, viewer=None)
    assert here.everybody.people == 12900


def test_an_organisations_own_table_is_read_by_its_own_people_only(county, files):
    cast = county.cast
    actions.bring_in_counts(
        "census21_sex.csv",
        files.counts(head=("Females", "Males")),
        organisation=cast.police,
        visibility="own",
        by=cast.ada,
    )
    sex = Characteristic.objects.get(code="sex")
    assert living_here([county.force.pk], characteristic=sex, viewer=cast.ben).everybody.people == 12900
    for outsider in (cast.eli, cast.cleo, cast.gus, None):
        assert living_here([county.force.pk], characteristic=sex, viewer=outsider).population is None
    assert len(populations_of(county.force, viewer=cast.ben)) == 2
    assert len(populations_of(county.force, viewer=cast.eli)) == 1
    assert characteristics(cast.eli).count() == 2  # what is counted by is no secret, who has which table is


def test_small_counts_are_ranges_where_they_were_disturbed_and_hidden_where_they_are_our_own(county):
    disturbed = Population.objects.get()
    say = lambda people, table, inside: in_words(  # noqa: E731
        Counted(people, max(people - table.perturbed_by, 0), people + table.perturbed_by),
        population=table,
        of=400,
        inside=inside,
    )
    assert say(2, disturbed, False) == "0 to 5" and say(250, disturbed, False) == "250"
    own = Population(perturbed_by=0, organisation=county.cast.police, characteristic=disturbed.characteristic)
    assert say(8, own, True) == "too few to say" and say(12, own, True) == "12"
    assert say(12, own, False) == "too few to say"
    plain = Population(perturbed_by=0, organisation=county.cast.police)
    assert say(3, plain, True) == "hidden" and say(8, plain, True) == "8" and say(8, plain, False) == "10"


def test_what_lies_in_a_place_and_where_a_place_lies(county):
    assert within(county.wards[0], kind="lsoa") == {one.pk for one in county.small[:2]}
    assert len(within(county.force)) == 14 and county.force.pk in within(county.force, itself=True)
    found = area_of([county.small[4].pk, county.wards[0].pk, county.force.pk], kind="district")
    assert found == {county.small[4].pk: county.districts[1].pk, county.wards[0].pk: county.districts[0].pk}


def test_people_pick_their_own_places_and_shared_ones_in_the_area_they_work_for(county):
    cast = county.cast
    hall = actions.create_place(
        "Ferry hall", organisation=cast.police, kind="spot", lies_in=county.wards[0], by=cast.ada
    )
    assert places_for(cast.ben, cast.police).first() == hall
    assert places_for(cast.ben, cast.police).count() == 16
    actions.serve_area(cast.police, place=county.districts[0], by=cast.ada)
    picked = set(places_for(cast.ben, cast.police))
    assert county.wards[0] in picked and county.wards[2] not in picked and county.districts[0] in picked
    assert list(places_for(cast.ben, cast.police, search="ferry", kinds=["spot"])) == [hall]
    assert not places_for(cast.eli, cast.other).filter(pk=hall.pk).exists()
    assert areas_served(cast.police) == [county.districts[0]]


def test_a_hall_lies_in_everything_its_ward_lies_in(county):
    cast = county.cast
    hall = actions.create_place(
        "Ferry hall", organisation=cast.police, kind="spot", lies_in=county.wards[0], by=cast.ada
    )
    assert area_of([hall.pk], kind="force") == {hall.pk: county.force.pk}
    assert hall.pk in within(county.districts[0])


def test_an_area_made_of_wards_has_their_people(county, disability):
    cast = county.cast
    beat = actions.create_place(
        "Riverside",
        organisation=cast.police,
        kind="beat",
        made_of=[county.wards[0], county.small[7]],
        by=cast.ada,
    )
    here = living_here([beat.pk], characteristic=disability, viewer=cast.ben)
    assert here.everybody.people == 3800 + 800
    assert area_of([beat.pk], kind="force") == {beat.pk: county.force.pk}
    assert area_of([beat.pk], kind="district") == {}  # it lies in two: nothing is guessed


def test_own_places_have_their_rules(county):
    cast = county.cast
    with pytest.raises(NotAllowed):
        actions.create_place("Hall", organisation=cast.police, kind="spot", by=cast.ben)
    with pytest.raises(FolkmootError, match="published lists"):
        actions.create_place("Hall", organisation=cast.police, kind="ward", by=cast.ada)
    hall = actions.create_place("Hall", organisation=cast.police, kind="spot", by=cast.ada)
    with pytest.raises(NotYet, match="already"):
        actions.create_place("hall", organisation=cast.police, kind="spot", by=cast.ada)
    assert actions.create_place("Arcade", organisation=cast.police, kind="spot", by=cast.ada).code == "spot-2"
    with pytest.raises(NotAllowed, match="published list"):
        actions.revise_place(county.wards[0], expected=1, name="Mine", visibility="public", by=cast.dina)
    import datetime

    actions.end_place(hall, expected=1, on=datetime.date(2026, 5, 1), by=cast.ada)
    assert not places_for(cast.ben, cast.police, search="Hall").exists()
    assert Place.objects.filter(pk=hall.pk).exists()
    with pytest.raises(FolkmootError, match="no residents"):
        actions.serve_area(cast.police, place=hall, by=cast.ada)
