"""What goes out comes back the same: every column, tallies, identifiers; and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date, time
from types import SimpleNamespace

import pytest

from folkmoot.activities.actions.importing import begin_import
from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.exporting import export_activities, neutral
from folkmoot.activities.importing.carrying import bring_in
from folkmoot.activities.importing.keeping import sheet_in
from folkmoot.activities.importing.sheets import read_sheet
from folkmoot.activities.models import Activity, Tally
from folkmoot.audit.models import Event
from folkmoot.project.commands import run

pytestmark = pytest.mark.django_db
SAID = (
    "uuid", "happened_on", "begins_at", "ends_at", "title", "place_words", "people", "counted", "level", "hours",
    "remark", "by_specialist", "hosting", "uniform", "trigger", "participant_level", "counterpart", "demand",
    "initiative_id", "method_id", "mechanism_version_id", "place_id", "host_id",
)  # fmt: skip
DANGEROUS = ["=1+1", "+44", "-2", "@SUM(A1)", "'=kept", "''-", " =x", "plain", 'a "quoted", cell', "＝wide"]


@pytest.fixture
def logged(cast, work):
    """Activities that say everything, nothing, and what a spreadsheet would run."""
    full = {"begins_at": time(18, 30), "ends_at": time(20), "hosting": "guest", "uniform": "mixed",
            "trigger": "reactive", "participant_level": "L1", "counterpart": "partner", "demand": "Two calls"}  # fmt: skip
    log_activity(
        organisation=cast.police, initiative=work.initiative, title="Stall", happened_on=date(2026, 10, 1),
        place=work.quay, place_words="By the clock", people=24, counted="attendances", level="L2", hours="2.5",
        remark="Rain all day\nand a second line", tallies={work.bands[0].pk: 4, work.bands[1].pk: 0},
        by_specialist=False, by=cast.ada, **full,
    )  # fmt: skip
    log_activity(organisation=cast.police, happened_on=date(2026, 10, 1), by=cast.ada)
    log_activity(organisation=cast.police, happened_on=date(2026, 10, 1), by=cast.ben)
    for words in DANGEROUS:
        log_activity(
            organisation=cast.police, method=work.visit, title=words, happened_on=date(2026, 9, 1),
            place_words=words.strip(), remark=words, by=cast.ada,
        )  # fmt: skip


def everything():
    tallies = sorted(Tally.objects.values_list("activity__uuid", "category_id", "people", "place_key"))
    return sorted(Activity.objects.values_list(*SAID), key=str), tallies


def back(cast, path):
    content = path.read_bytes()
    import_ = begin_import(
        path.name, content=content, sheet=sheet_in(path.name, content), organisation=cast.police, by=cast.ada
    )
    return bring_in(import_, by=cast.ada)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_brought_in_again_gives_the_same(cast, logged, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    number = export_activities(path, SimpleNamespace(organisation=cast.police, by=cast.ada))
    before = everything()
    assert number == len(before[0]) == 13
    Activity.objects.all().delete()
    done = back(cast, path)
    assert (done.read, done.used, done.set_aside) == (13, 13, 0)
    assert everything() == before
    # and once more, out of the database that it came into
    again = tmp_path / f"again.{ending}"
    export_activities(again, SimpleNamespace(organisation=cast.police, by=cast.ada))
    assert read_sheet(again.name, again.read_bytes()).rows == read_sheet(path.name, path.read_bytes()).rows


def test_what_is_here_is_not_doubled_by_its_own_export(cast, logged, tmp_path):
    path = tmp_path / "out.csv"
    export_activities(path, SimpleNamespace(organisation=cast.police, by=cast.ada))
    before = everything()
    done = back(cast, path)
    assert (done.used, done.set_aside) == (0, 13)
    assert {reason for _, reason in done.reasons} == {"It is here already, under the same identifier."}
    assert everything() == before


def test_an_identifier_of_another_organisation_is_taken_and_tells_nothing(cast, work, tmp_path):
    theirs = log_activity(
        organisation=cast.other, title="Secret walk", happened_on=date(2026, 10, 1), by=cast.eli
    )
    path = tmp_path / "copy.csv"
    path.write_text(
        f"Day,Title,Identifier\n2026-10-01,x,{theirs.uuid}\n2026-10-01,y,{uuid.uuid4()}\n2026-10-01,z,no\n"
    )
    done = back(cast, path)
    assert (done.used, done.set_aside) == (1, 2)
    assert "Secret" not in str(done.reasons)


def test_no_cell_of_an_export_begins_as_a_formula_does(cast, logged, tmp_path):
    path = tmp_path / "out.csv"
    export_activities(path, SimpleNamespace(organisation=cast.police, by=cast.ada))
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in set("=+-@＝")]
    assert neutral("=1") == "'=1" and neutral("'=1") == "''=1" and neutral("it's") == "it's"


def test_no_name_of_a_colleague_goes_out(cast, logged, tmp_path):
    path = tmp_path / "out.csv"
    export_activities(path, SimpleNamespace(organisation=cast.police, by=cast.ada))
    text = path.read_text(encoding="utf-8")
    assert "Ada" not in text and "Ben" not in text and "example.org" not in text


def test_the_page_hands_out_the_part_of_the_log_that_was_asked_for_and_leaves_a_trace(cast, logged, as_):
    client = as_(cast.ada)
    answer = client.get("/work/export/")
    assert answer.status_code == 200 and "northmere.csv" in answer["Content-Disposition"]
    assert len(list(csv.reader(io.StringIO(b"".join(answer).decode(), newline="")))) == 14
    part = b"".join(client.get("/work/export/?level=L2").streaming_content).decode()
    assert len(list(csv.reader(io.StringIO(part, newline="")))) == 2
    workbook = b"".join(client.get("/work/export/?ending=xlsx").streaming_content)
    assert len(read_sheet("a.xlsx", workbook).rows) == 13
    assert Event.objects.filter(action="export.made").count() == 3
    assert client.get("/work/export/?ending=exe").status_code == 404
    assert as_(cast.dina).get("/work/export/").status_code == 404


def test_the_command_line_takes_activities_out_and_everything_holds_them(
    cast, logged, instance_folder, tmp_path
):
    import zipfile

    who = ("--dir", str(instance_folder), "--organisation", cast.police.slug, "--as", cast.ada.email)
    for name in ("a.csv", "a.xlsx"):
        assert run(["export", "activities", "-o", str(tmp_path / name), *who]) == 0
        assert len(read_sheet(name, (tmp_path / name).read_bytes()).rows) == 13
    assert run(["export", "activities", "-o", str(tmp_path / "a.pdf"), *who]) == 1
    assert run(["export", "everything", "-o", str(tmp_path / "all.zip"), *who]) == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert len(packed.read("activities/activities.jsonl").splitlines()) == 13
