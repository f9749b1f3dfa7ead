"""The table of a plan: every row accounted for, nothing that names people, frozen figures, erased for good."""

from __future__ import annotations

import pytest

from folkmoot.audit.models import Event
from folkmoot.core.errors import BadImport, FolkmootError, NotAllowed, NotYet
from folkmoot.evaluations.actions.data import bring_table, erase_table, take_series
from folkmoot.evaluations.models import Dataset
from folkmoot.evaluations.storing import kept_files, path_of
from folkmoot.sources.storage import sweep
from folkmoot.surveys import actions as surveys
from folkmoot.surveys.models import Series
from folkmoot.surveys.reading.series import read_published

pytestmark = pytest.mark.django_db


def test_every_row_of_a_table_is_used_or_set_aside_and_its_columns_are_told(doorsteps):
    table = doorsteps.table
    assert (table.read, table.used, table.set_aside) == (3200, 3200, [])
    told = {one["name"]: one for one in table.columns}
    assert told["good_job"] == {
        "name": "good_job", "kind": "numbers", "filled": 3200, "different": 2, "low": 0.0, "high": 1.0,
    }  # fmt: skip
    assert told["street"]["kind"] == "words" and "low" not in told["street"]
    assert path_of(table.kept_as).read_bytes().startswith(b"street,visited")
    assert Event.objects.filter(action="brought a table to a plan").count() == 1


def test_a_row_without_a_single_cell_is_set_aside_with_its_number(plan, cast):
    table = bring_table(plan(), name="few.csv", content=b"a,b\n1,2\n,\n3,4\n", by=cast.ada)
    assert (table.read, table.used) == (3, 2)
    assert table.set_aside == [{"file": "few.csv", "row": 3, "reason": "every cell is empty"}]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("table.docx", b"x", "of no kind that is read here"),
        ("table.csv", b"", "empty"),
        ("table.csv", b"a,b\n", "no rows"),
        ("table.csv", b"a,a\n1,2\n", "more than one column"),
        ("table.parquet", b"not a table at all", "cannot be read"),
        ("table.csv", b"a\n\xff\xfe\x00", "UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence_and_nothing_is_kept(plan, cast, name, content, says):
    made = plan()
    with pytest.raises(BadImport, match=says):
        bring_table(made, name=name, content=content, by=cast.ada)
    assert not Dataset.objects.exists() and not kept_files()


def test_a_table_with_a_column_that_names_people_is_refused(plan, cast):
    rows = "".join(f"Person{one} Surname{one},person{one}@example.org,{one % 2}\n" for one in range(40))
    with pytest.raises(FolkmootError, match=r"e-mail addresses.*Nothing was kept"):
        bring_table(
            plan(),
            name="p.csv",
            content=f"name,contact,y\n{rows}".encode(),
            vouched=["contact", "name"],
            by=cast.ada,
        )
    assert not Dataset.objects.exists()


def test_a_column_that_only_sounds_like_it_is_kept_once_somebody_vouches(plan, cast):
    made = plan()
    rows = "".join(
        f"{['North End', 'South End', 'Moor Side'][one % 3]} {one},{one % 2}\n" for one in range(60)
    )
    content = f"name,y\n{rows}".encode()
    with pytest.raises(FolkmootError, match="vouched"):
        bring_table(made, name="p.csv", content=content, by=cast.ada)
    table = bring_table(made, name="p.csv", content=content, vouched=["name"], by=cast.ada)
    assert table.vouched == ["name"]


def test_the_same_table_stands_once_at_a_plan(doorsteps, cast):
    content = path_of(doorsteps.table.kept_as).read_bytes()
    with pytest.raises(NotYet, match="already"):
        bring_table(doorsteps.plan, name="again.csv", content=content, by=cast.ada)


def test_only_those_who_edit_for_the_owner_bring_and_erase(doorsteps, cast):
    for person in (cast.ben, cast.dina, cast.eli):
        with pytest.raises(NotAllowed):
            bring_table(doorsteps.plan, name="x.csv", content=b"a\n1\n", by=person)
        with pytest.raises(NotAllowed):
            erase_table(doorsteps.table, why="asked", by=person)


@pytest.fixture
def series(cast):
    content = b"area,2019 Q1,2019 Q2,2019 Q3,2019 Q4\nNorth,51,52,53,54\nEast,60,61,62,63\nWest,40,41,42,43\n"
    surveys.bring_in_series(
        read_published("trust.csv", content, measure="Trust"),
        content=content,
        publisher="An office",
        owner=cast.police,
        visibility="own",
        by=cast.ada,
    )
    return Series.objects.get(title="Trust")


def test_a_series_is_frozen_as_its_figures_stand_that_day(plan, series, cast):
    made = plan("did")
    table = take_series(
        made, series=series, starts={"North": "2019-07-01"}, only=["North", "East"], by=cast.ada
    )
    lines = path_of(table.kept_as).read_text().splitlines()
    assert lines[0] == "area,period,value,people_asked,first_treated,treated"
    assert (
        lines[1] == "North,2019-03-31,0.51,,2019-07-01,0"
        and lines[3] == "North,2019-09-30,0.53,,2019-07-01,1"
    )
    assert (table.read, table.series, len(lines)) == (8, series, 9)
    series.areas.get(name="North").values.update(value=99)
    assert path_of(table.kept_as).read_text().splitlines() == lines


def test_an_area_that_is_not_in_the_series_is_refused_by_name(plan, series, cast):
    with pytest.raises(FolkmootError, match="“Nrth” is no area"):
        take_series(plan("did"), series=series, starts={"Nrth": "2019-07-01"}, by=cast.ada)


def test_a_series_of_others_is_refused(plan, series, cast):
    made = plan("did", owner=cast.other, by=cast.eli)
    with pytest.raises(NotAllowed):
        take_series(made, series=series, by=cast.eli)


def test_an_erased_table_is_gone_from_the_disk_and_its_row_says_so(
    doorsteps, cast, django_capture_on_commit_callbacks
):
    path = path_of(doorsteps.table.kept_as)
    with django_capture_on_commit_callbacks(execute=True):
        erase_table(doorsteps.table, why="the agreement ended", by=cast.ada)
    assert not path.exists()
    kept = Dataset.objects.get(pk=doorsteps.table.pk)
    assert (kept.name, kept.columns, kept.kept_as, kept.erased_why) == (
        "erased",
        [],
        "",
        "the agreement ended",
    )
    with pytest.raises(NotYet):
        erase_table(kept, why="again", by=cast.ada)


def test_a_file_that_another_plan_still_names_outlives_the_erasure(
    doorsteps, plan, cast, django_capture_on_commit_callbacks
):
    content = path_of(doorsteps.table.kept_as).read_bytes()
    other = bring_table(plan("trial"), name="same.csv", content=content, by=cast.ada)
    with django_capture_on_commit_callbacks(execute=True):
        erase_table(doorsteps.table, why="asked", by=cast.ada)
    assert path_of(other.kept_as).is_file()


def test_the_sweep_leaves_the_tables_of_plans(doorsteps, django_capture_on_commit_callbacks):
    sweep()
    assert path_of(doorsteps.table.kept_as).is_file()


def test_a_closed_plan_takes_no_table(draft, cast):
    from folkmoot.evaluations.actions.plans import say_cannot

    made = draft()
    say_cannot(made, because="nobody can be asked", expected=made.version, by=cast.ada)
    with pytest.raises(NotYet, match="cannot be measured"):
        bring_table(made, name="a.csv", content=b"a\n1\n", by=cast.ada)
