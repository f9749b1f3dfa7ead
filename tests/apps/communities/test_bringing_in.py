"""A file is stored whole or not at all, once, by whoever may; and nothing that contradicts what is here."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.communities import actions
from folkmoot.communities.bringing_in import KIND
from folkmoot.communities.counting import Said
from folkmoot.communities.importing.plausible import force_sizes
from folkmoot.communities.models import (
    Boundary,
    Characteristic,
    Import,
    Lies,
    Place,
    Population,
    PopulationCount,
)
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import work_of


def shared(cast):
    return {"organisation": None, "visibility": "public", "by": cast.dina}


def test_a_lookup_and_outlines_are_stored_with_an_account_and_a_trace(county):
    assert Place.objects.count() == 15
    assert Boundary.objects.filter(place__kind="ward").count() == 4
    assert Lies.objects.filter(place=county.small[0], inside=county.wards[0], best_fit=True).exists()
    assert Lies.objects.filter(place=county.small[7], inside=county.force).exists()
    one = Import.objects.get(filename="lookup.csv")
    assert (one.read, one.used, one.set_aside) == (8, 8, 0)
    event = Event.objects.get(action="brought places in", object_id=str(one.pk))
    assert event.actor_label == "Dina" and event.detail["new"] == 15


def test_counts_stay_as_published_with_their_source_and_their_disturbance(county):
    table = Population.objects.get()
    assert table.title == "Disability, 2021" and table.characteristic.special
    assert (table.counted_on, table.perturbed_by) == (datetime.date(2021, 3, 21), 3)
    assert "Office for National Statistics" in table.source
    cell = PopulationCount.objects.get(place=county.small[0], category__name__startswith="Disabled")
    assert cell.people == 300
    assert any("none is exact" in note for note in county.brought.notes)
    assert Event.objects.filter(action="brought counts of people in").count() == 1


def test_only_curators_bring_in_for_all_and_only_editors_for_their_organisation(cast, files):
    with pytest.raises(NotAllowed, match="curator"):
        actions.bring_in_places("l.csv", files.lookup(), organisation=None, visibility="public", by=cast.ada)
    with pytest.raises(NotAllowed, match="Northmere Police"):
        actions.bring_in_places(
            "l.csv", files.lookup(), organisation=cast.police, visibility="own", by=cast.ben
        )
    with pytest.raises(NotAllowed):
        actions.bring_in_counts(
            "l.csv", files.counts(), organisation=cast.police, visibility="own", by=cast.eli
        )
    assert not Place.objects.exists() and not Event.objects.filter(object_kind="communities.import").exists()


def test_an_organisations_own_lists_are_its_own(cast, files):
    mine = {"organisation": cast.police, "visibility": "own", "by": cast.ada}
    actions.bring_in_places("lookup.csv", files.lookup(), **mine)
    actions.bring_in_counts("census21.csv", files.counts(), **mine)
    assert not Place.objects.visible_to(cast.eli).exists()
    assert Place.objects.visible_to(cast.ben).count() == 15
    assert Population.objects.get().organisation == cast.police
    # what people are counted by is the library's, for everybody
    assert Characteristic.objects.get().is_network


def test_the_same_file_twice_is_recognised(county, files):
    with pytest.raises(FolkmootError, match="here already"):
        actions.bring_in_places("again.csv", files.lookup(), **shared(county.cast))
    with pytest.raises(FolkmootError, match="here already for these places"):
        actions.bring_in_counts("census21.csv", files.counts() + b"\n", **shared(county.cast))


def test_a_file_that_contradicts_what_is_here_changes_nothing(county, files):
    moved = files.lookup().replace(b"Ward 1,E05099001,", b"Ward 3,E05099003,")
    before = (Place.objects.count(), Lies.objects.count(), Import.objects.count())
    with pytest.raises(FolkmootError, match="lies in E05099001 here, and in E05099003"):
        actions.bring_in_places("moved.csv", moved, **shared(county.cast))
    assert (Place.objects.count(), Lies.objects.count(), Import.objects.count()) == before


def test_wards_of_another_year_are_other_places(county, files):
    other = files.squares([*files.WARDS[:2], "E05099091", "E05099092"], year="22")
    brought = actions.bring_in_places("wards22.geojson", other, **shared(county.cast))
    assert Place.objects.filter(kind="ward", vintage=2022).count() == 4
    assert Place.objects.filter(kind="ward", vintage=2024).count() == 4
    assert not Lies.objects.filter(place__vintage=2022).exists()
    note = next(note for note in brought.notes if "beside 2024" in note)
    assert "2 codes are in both, 2 only in 2022, 2 only in 2024; 2 names stand for other areas" in note


def test_an_organisation_cannot_change_what_is_shared(county, files):
    cast = county.cast
    finer = files.squares().replace(b"50.4", b"50.5")
    brought = actions.bring_in_places(
        "finer.geojson", finer, organisation=cast.police, visibility="own", by=cast.ada
    )
    assert any("4 outlines of shared places were left out" in note for note in brought.notes)
    assert Boundary.objects.get(place=county.wards[0]).geometry["coordinates"][0][0][2] == [1.0, 50.4]


def test_a_list_shifted_by_a_row_is_refused_by_what_is_known(county, files):
    sizes = [1500, 2300, 900, 1700, 2600, 1200, 1900, 800]
    moved = files.counts([*sizes[1:], sizes[0]], head=("Females", "Males"))
    with pytest.raises(FolkmootError, match="shifted by a row"):
        actions.bring_in_counts("census21_sex.csv", moved, **shared(county.cast))
    brought = actions.bring_in_counts(
        "census21_sex.csv", files.counts(head=("Females", "Males")), **shared(county.cast)
    )
    assert any("none is out of proportion" in note for note in brought.notes)


def test_where_nothing_is_known_the_import_says_that_nobody_could_see_a_shift(county):
    assert any("nobody could see whether this list is shifted" in note for note in county.brought.notes)


def test_a_list_of_forces_is_held_against_the_census_even_where_nothing_is_stored(cast, files):
    sizes = list(force_sizes().items())
    rows = [[f"{name.title()} Police", people] for name, people in sizes]
    for number in range(4, 12):
        rows[number][1] = sizes[number + 1][1]
    rows.insert(0, ["force", "Population 2010"])
    with pytest.raises(FolkmootError, match="census of 2021"):
        actions.bring_in_counts("forces.csv", files.table(*rows), said=Said(source="x"), **shared(cast))


def test_a_table_that_does_not_say_its_day_or_counts_by_something_new_asks(county, files):
    new = files.counts(head=("Left-handed", "Right-handed"))
    with pytest.raises(FolkmootError, match="does not say when"):
        actions.bring_in_counts("hands.csv", new, **shared(county.cast))
    day = datetime.date(2024, 6, 30)
    with pytest.raises(FolkmootError, match="who published it"):
        actions.bring_in_counts("hands.csv", new, said=Said(counted_on=day), **shared(county.cast))
    with pytest.raises(FolkmootError, match="Say what people are counted by"):
        actions.bring_in_counts(
            "hands.csv", new, said=Said(counted_on=day, source="A count"), **shared(county.cast)
        )
    said = Said(counted_on=day, source="A count", characteristic="Handedness", off_by=0)
    actions.bring_in_counts("hands.csv", new, said=said, **shared(county.cast))
    assert Population.objects.get(characteristic__name="Handedness").perturbed_by == 0


def test_places_of_another_year_are_not_taken_for_these(county, files):
    table = files.counts(head=("Females", "Males")).replace(b"lsoa21_code", b"lsoa11_code")
    with pytest.raises(FolkmootError, match="none of the 8 places"):
        actions.bring_in_counts("census21_sex.csv", table, **shared(county.cast))
    brought = actions.bring_in_counts(
        "census21_sex.csv", table + b"E01999999,1,2\n", said=Said(read_as=2021), **shared(county.cast)
    )
    assert (brought.read, brought.used, brought.set_aside) == (9, 8, 1)
    assert any("because you said so" in note for note in brought.notes)


def test_middle_areas_lie_where_the_small_areas_of_their_name_lie_unless_one_is_missing(county, files):
    rows = [["msoa21_code", "msoa21_name", "pfa24_code"], *[["E02099001", "Ferrydown 001", "E23099001"]]]
    actions.bring_in_places("middle.csv", files.table(*rows), **shared(county.cast))
    one = Place.objects.get(code="E02099001")
    # 002 to 004 are not here: Eastdown would come out too few
    assert not Lies.objects.filter(place=one, inside__kind="district").exists()
    rows += [[f"E0209900{n}", f"Ferrydown 00{n}", "E23099001"] for n in (2, 3, 4)]
    actions.bring_in_places("middle2.csv", files.table(*rows), **shared(county.cast))
    assert Lies.objects.filter(place=one, inside=county.districts[0]).exists()


def test_the_page_shows_what_would_happen_and_then_does_it(cast, as_, files):
    client = as_(cast.ada)
    sent = {"what": "places", "owner": "own", "chosen": SimpleUploadedFile("lookup.csv", files.lookup())}
    page = client.post(reverse("places_import"), sent)
    assert page.status_code == 200
    assert "read 8, used 8, set aside 0" in page.content.decode()
    assert not Place.objects.exists()
    done = client.post(reverse("places_import_do"), {"token": page.context["token"]})
    assert done.status_code == 302 and Place.objects.count() == 15
    assert "read 8, used 8" in client.get(done["Location"]).content.decode().lower()
    # the file waits no longer
    assert client.post(reverse("places_import_do"), {"token": page.context["token"]}).status_code == 422


def test_a_page_refuses_with_the_sentence_and_keeps_the_answers(cast, as_, files):
    sent = {
        "what": "population",
        "owner": "own",
        "source": "Kept words",
        "chosen": SimpleUploadedFile("a.csv", b"x"),
    }
    page = as_(cast.ada).post(reverse("places_import"), sent)
    assert page.status_code == 422
    assert "holds no rows" in page.content.decode() and "Kept words" in page.content.decode()


def test_somebody_elses_file_cannot_be_brought_in(cast, as_, files):
    sent = {"what": "places", "owner": "own", "chosen": SimpleUploadedFile("lookup.csv", files.lookup())}
    token = as_(cast.ada).post(reverse("places_import"), sent).context["token"]
    assert as_(cast.ira).post(reverse("places_import_do"), {"token": token}).status_code == 403
    assert as_(cast.ira).post(reverse("places_import_do"), {"token": "forged"}).status_code == 422
    assert not Place.objects.exists()


def test_a_large_file_becomes_background_work(cast, as_, files, monkeypatch):
    monkeypatch.setattr("folkmoot.communities.bringing_in.LONG", 3)
    client = as_(cast.ada)
    sent = {"what": "places", "owner": "own", "chosen": SimpleUploadedFile("lookup.csv", files.lookup())}
    token = client.post(reverse("places_import"), sent).context["token"]
    client.post(reverse("places_import_do"), {"token": token})
    job = Job.objects.get(kind=KIND)
    assert not Place.objects.exists()
    steps = []
    result = work_of(KIND)(job, lambda done, total=None, step="": steps.append((done, total, step)))
    assert Place.objects.count() == 15 and "Read 8, used 8" in result["sentence"]
    assert steps == [(0, 2, "Reading the file"), (1, 2, "Storing")]
    # begun again after a worker died, it finds that it was done
    with pytest.raises(FolkmootError):
        work_of(KIND)(job, lambda *_, **__: None)
    assert Place.objects.count() == 15


def test_the_library_loads_once(cast):
    first = actions.load_characteristics(by=cast.dina)
    actions.load_characteristics(by=cast.dina)
    assert Characteristic.objects.count() == len(first)
