"""The pages of places, people and groupings: who gets what, in how many questions, and what a form says back."""

from __future__ import annotations

import gzip
import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from folkmoot.communities import actions
from folkmoot.communities.forms import PlacesByWords
from folkmoot.communities.models import AreaServed, Grouping, Place, Population, Representative
from folkmoot.ui.maps import LOOKS, MapClass, MapPlace, MapShown, swatch


@pytest.fixture
def hall(county):
    return actions.create_place(
        "Ferry hall",
        organisation=county.cast.police,
        kind="spot",
        lies_in=county.wards[0],
        by=county.cast.ada,
    )


def text_of(response) -> str:
    return response.content.decode()


def test_the_list_finds_places_by_name_code_kind_and_year(county, as_, hall):
    client = as_(county.cast.ben)
    assert "16 places" in text_of(client.get(reverse("places")))
    for query, number in (
        ("words=ferry hall", 1),
        ("words=E05099001", 1),
        ("kind=ward", 4),
        ("year=2021", 8),
        ("words=zz", 0),
    ):
        assert f"{number} place" in text_of(client.get(f"{reverse('places')}?{query}")), query
    inside = client.get(f"{reverse('places')}?in={county.districts[0].pk}&kind=lsoa")
    assert "4 places" in text_of(inside) and "Eastdown" in text_of(inside)
    assert "Ferry hall" not in text_of(as_(county.cast.eli).get(f"{reverse('places')}?kind=spot"))


def test_a_place_says_where_it_lies_what_it_holds_and_who_lives_there(county, as_):
    said = text_of(as_(None).get(reverse("place", args=[county.districts[0].pk])))
    assert "Ferrydown" in said and "2 × Ward, 2024" in said and "4 × Lower layer area (LSOA), 2021" in said
    assert "6,400" in said and "Added up from 4 smaller places" in said and "up to 3 off" in said
    assert "Nothing here says that they share a view" in said
    ward = text_of(as_(None).get(reverse("place", args=[county.wards[0].pk])))
    assert "mostly, not wholly" in ward


def test_a_spot_has_no_residents_of_its_own(county, as_, hall):
    assert "no residents of its own" in text_of(as_(county.cast.ben).get(reverse("place", args=[hall.pk])))
    assert as_(county.cast.eli).get(reverse("place", args=[hall.pk])).status_code == 404


def test_few_questions_for_each_page(county, as_, django_assert_max_num_queries):
    client = as_(county.cast.ada)
    for address, most in (
        (reverse("places"), 16),
        (reverse("place", args=[county.force.pk]), 32),
        (reverse("places_map"), 18),
        (reverse("populations"), 12),
        (reverse("population", args=[Population.objects.get().pk]), 18),
        (reverse("groupings"), 12),
    ):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200, address


def test_outlines_come_small_and_only_of_what_one_may_see(county, as_):
    response = as_(None).get(reverse("place_outlines", args=["ward", 2024]))
    assert response["Content-Encoding"] == "gzip" and "private" in response["Cache-Control"]
    answer = json.loads(gzip.decompress(response.content))
    assert [name for name, _ in answer["places"].values()] == ["Ward 1", "Ward 2", "Ward 3", "Ward 4"]
    assert answer["source"] == "Invented outlines."
    some = as_(None).get(f"{reverse('place_outlines', args=['ward', 2024])}?within={county.districts[0].pk}")
    assert len(json.loads(gzip.decompress(some.content))["places"]) == 2
    assert as_(None).get(reverse("place_outlines", args=["town", 2024])).status_code == 404
    assert as_(None).get(f"{reverse('place_outlines', args=['ward', 2024])}?within=x").status_code == 404


def test_the_outlines_of_an_organisations_own_area_stay_its_own(county, as_, files):
    cast = county.cast
    own = files.squares(["E05099091"], year="22")
    actions.bring_in_places("own.geojson", own, organisation=cast.police, visibility="own", by=cast.ada)
    address = reverse("place_outlines", args=["ward", 2022])

    def number(person):
        answer = as_(person).get(address)
        # a layer of which somebody sees nothing is not there for them
        return 0 if answer.status_code == 404 else len(json.loads(gzip.decompress(answer.content))["places"])

    # in both orders: what one was given is not kept for the other
    assert [number(person) for person in (cast.ben, cast.eli, None, cast.ben)] == [1, 0, 0, 1]
    mine = Place.objects.get(code="E05099091")
    assert (
        as_(cast.eli).get(f"{reverse('place_outlines', args=['ward', 2024])}?within={mine.pk}").status_code
        == 404
    )
    assert as_(cast.eli).get(reverse("place_outline", args=[mine.pk])).status_code == 404
    assert as_(cast.ben).get(reverse("place_outline", args=[mine.pk])).status_code == 200


def test_without_a_script_the_map_is_a_table(county, as_):
    said = text_of(as_(None).get(reverse("places_map")))
    assert "Ward 1</a>" in said and "hidden data-fm-map" in said and "style=" not in said.split("<main")[1]


def test_classes_of_a_map_have_a_word_and_a_pattern_each():
    classes = tuple(MapClass(name, f"word {name}", name) for name in LOOKS)
    shown = MapShown("M", "", "", (MapPlace(1, "A", key="dots"), MapPlace(2, "B")), classes)
    assert [(one.key, number) for one, number in shown.key][1] == ("dots", 1)
    assert len({swatch(name) for name in LOOKS}) == len(LOOKS)
    # without its colours each is still another drawing, or filled otherwise
    with pytest.raises(KeyError):
        MapClass("x", "x", "red")


def test_an_own_place_is_added_changed_and_ended_from_its_pages(county, as_):
    client = as_(county.cast.ada)
    sent = {"name": "Market square", "kind": "spot", "lies_in": "E05099001", "visibility": "own"}
    made = client.post(reverse("place_new"), sent)
    place = Place.objects.get(name="Market square")
    assert made["Location"] == reverse("place", args=[place.pk])
    page = client.get(reverse("place_edit", args=[place.pk]))
    assert "Ward 1 (E05099001, 2024)" in text_of(page)
    stale = {"name": "Square", "lies_in": "", "visibility": "own", "version": 7}
    refused = client.post(reverse("place_edit", args=[place.pk]), stale)
    assert refused.status_code == 412 and "Square" in text_of(refused)
    assert client.post(reverse("place_edit", args=[place.pk]), stale | {"version": 1}).status_code == 302
    assert (
        client.post(reverse("place_end", args=[place.pk]), {"on": "2026-05-01", "version": 2}).status_code
        == 302
    )
    assert client.get(reverse("place_edit", args=[county.wards[0].pk])).status_code == 404


def test_a_name_that_several_places_have_asks_which(county, as_, files):
    other = files.squares(["E05099091"], year="22").replace(b"Ward 1", b"Ward 2")
    actions.bring_in_places("w.geojson", other, organisation=None, visibility="public", by=county.cast.dina)
    sent = {"name": "Square", "kind": "spot", "lies_in": "Ward 2", "visibility": "own"}
    refused = as_(county.cast.ada).post(reverse("place_new"), sent)
    assert refused.status_code == 422 and "Ward 2 (E05099091, 2022)" in text_of(refused)
    assert (
        as_(county.cast.ada)
        .post(reverse("place_new"), sent | {"lies_in": "Ward 2 (E05099091, 2022)"})
        .status_code
        == 302
    )


def test_areas_served_are_named_and_taken_away(county, as_):
    client = as_(county.cast.ada)
    assert client.post(reverse("places_served"), {"place": "Ferrydown"}).status_code == 302
    served = AreaServed.objects.get()
    assert as_(county.cast.eli).post(reverse("place_unserve", args=[served.pk])).status_code == 404
    assert as_(county.cast.ben).post(reverse("place_unserve", args=[served.pk])).status_code == 403
    assert as_(county.cast.ada).post(reverse("place_unserve", args=[served.pk])).status_code == 302
    assert not AreaServed.objects.exists()


def test_a_grouping_is_described_changed_shared_and_ended_from_its_pages(county, as_):
    client = as_(county.cast.ada)
    sent = {
        "name": "Stallholders",
        "basis": "interest",
        "defined_by": "themselves",
        "self_defined": "themselves",
        "counterpart": "public",
        "visibility": "own",
        "place": "Ward 1",
    }
    bad = client.post(reverse("grouping_new"), sent | {"said_label": "hard to reach"})
    assert bad.status_code == 422 and "barrier" in text_of(bad) and "Stallholders" in text_of(bad)
    client.post(reverse("grouping_new"), sent)
    made = Grouping.objects.get()
    address = reverse("grouping", args=[made.pk])
    assert made.place == county.wards[0] and as_(county.cast.eli).get(address).status_code == 404
    client = as_(county.cast.ada)
    edited = sent | {"boundary": "With a pitch", "version": made.version}
    assert client.post(reverse("grouping_edit", args=[made.pk]), edited)["Location"] == address
    assert client.post(reverse("grouping_edit", args=[made.pk]), edited).status_code == 412
    assert (
        client.post(
            reverse("grouping_share", args=[made.pk]), {"visibility": "network", "version": 2}
        ).status_code
        == 302
    )
    assert "With a pitch" in text_of(as_(county.cast.eli).get(address))
    client = as_(county.cast.ada)
    assert (
        client.post(reverse("grouping_end", args=[made.pk]), {"on": "2026-05-01", "version": 3}).status_code
        == 302
    )
    assert "No longer used" in text_of(client.get(reverse("groupings")))


def test_a_representative_is_recorded_and_changed_and_outsiders_never_reach_the_pages(county, as_):
    cast = county.cast
    made = actions.create_grouping(
        "Stallholders",
        organisation=cast.police,
        basis="interest",
        defined_by="x",
        visibility="public",
        by=cast.ada,
    )
    sent = {"role": "Chair", "chosen": "elected", "name": "Sam Reed", "mandate": "Pitches"}
    assert as_(cast.ben).post(reverse("representative_new", args=[made.pk]), sent).status_code == 403
    assert as_(cast.ada).post(reverse("representative_new", args=[made.pk]), sent).status_code == 302
    row = Representative.objects.get()
    for person, status in (
        (cast.ada, 200),
        (cast.ben, 200),
        (cast.eli, 404),
        (cast.cleo, 404),
        (cast.dina, 404),
    ):
        for name in ("representative_edit", "representative_withdraw"):
            page = as_(person).get(reverse(name, args=[row.pk]))
            assert page.status_code == status, (person, name)
            assert (b"Sam Reed" in page.content) == (person == cast.ada and name == "representative_edit")
    changed = sent | {"role": "Treasurer", "version": row.version}
    assert as_(cast.ada).post(reverse("representative_edit", args=[row.pk]), changed).status_code == 302
    said = text_of(as_(cast.eli).get(reverse("grouping", args=[made.pk])))
    assert "Treasurer" in said and "Sam Reed" not in said and "did not agree to be named" in said


def test_words_longer_than_any_place_are_no_place(county, as_):
    sent = {"name": "Square", "kind": "spot", "made_of": "A" * 300_000, "visibility": "own"}
    refused = as_(county.cast.ada).post(reverse("place_new"), sent)
    assert refused.status_code == 422 and "No place has a name as long" in text_of(refused)


def test_more_places_than_anybody_names_are_not_looked_up(county):
    field = PlacesByWords()
    field.among = Place.objects.all()
    with pytest.raises(ValidationError, match="up to 300 places"):
        field.clean("Ward 1;" * 2_000)
