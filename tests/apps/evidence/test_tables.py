"""Studies go in and out as a table: every row accounted for, and out and in again gives the same."""

from __future__ import annotations

import csv
import io
import pathlib
from types import SimpleNamespace

import pytest

from folkmoot.core.errors import BadImport, FolkmootError, NotAllowed
from folkmoot.evidence import actions
from folkmoot.evidence.exporting import export_evidence, parts
from folkmoot.evidence.importing import take_in_studies
from folkmoot.evidence.models import Mark, Study
from folkmoot.evidence.table import COLUMNS
from folkmoot.project.commands import run

pytestmark = pytest.mark.django_db
BASE = {
    "study": "A",
    "authors": "Oak, A.",
    "title": "On visits",
    "year": "2020",
    "kind": "trial",
    "design": "streets by lot",
    "setting": "a town",
    "country": "England and Wales",
    "level_low": "5",
    "level_high": "5",
    "read_where": "full",
}


def table(*rows, columns=COLUMNS):
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**BASE, **row} for row in rows)
    return file.getvalue().encode()


def take(cast, content, **options):
    files = [("studies.csv", len(content), lambda: content)]
    options = {"owner": cast.police, "visibility": "own", "by": cast.ada} | options
    return take_in_studies(files, **options)


def test_every_row_is_used_or_set_aside_with_its_reason(cast, chain):
    content = table(
        {"factor": "T.0", "sign": "▲", "horizon_days": "0", "randomised": "yes"},
        {"factor": "people liked the visit", "sign": "up", "horizon_days": "3"},
        {"factor": "T.2", "sign": "±"},
        {"factor": "nothing of the kind", "sign": "up"},
        {"factor": "T.0", "sign": "down"},
        {"study": "B", "kind": "rumour", "factor": "T.0", "sign": "up"},
        {"study": "B", "kind": "rumour", "factor": "T.1", "sign": "up"},
        {"study": "", "factor": "T.0", "sign": "up"},
    )
    taken = take(cast, content)
    assert taken.read == 8 == taken.used + len(taken.set_aside)
    reasons = {one["row"]: one["reason"] for one in taken.set_aside}
    assert "split it" in reasons[4] and "no factor" in reasons[5] and "kind" in reasons[7]
    assert "set aside in row 7" in reasons[8] and "under study" in reasons[9]
    one = Study.objects.get(authors="Oak, A.")
    assert "earlier row" in reasons[6]
    assert set(one.marks.values_list("sign", flat=True)) == {"up"}
    assert [factor.key for factor in one.randomised_at.all()] == ["T.0"]
    again = take(cast, content)
    assert again.used == 0 and "here already" in again.set_aside[0]["reason"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_table_of_studies_keeps_its_letters_however_a_spreadsheet_wrote_them(cast, chain, encoding):
    content = table({"authors": "Weißburd, É.", "factor": "T.0", "sign": "up"}).decode().encode(encoding)
    assert take(cast, content).used == 1
    assert Study.objects.get().authors == "Weißburd, É."


def test_a_dry_run_gives_the_same_account_and_stores_nothing(cast, chain):
    content = table({"factor": "T.0", "sign": "up"}, {"factor": "T.9", "sign": "up"})
    dry = take(cast, content, dry_run=True)
    assert not Study.objects.exists()
    wet = take(cast, content)
    assert (dry.read, dry.used, dry.set_aside) == (wet.read, wet.used, wet.set_aside)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a,b\n1,2\n", "no column"),
        (b"", "no column"),
        (table({})[:-3] + b'"x', "table"),
        (b"x" * 10 + b"\x00", "no table"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(cast, chain, content, says):
    with pytest.raises(FolkmootError, match=says):
        take(cast, content)
    assert not Study.objects.exists()


def test_a_review_that_pools_something_unknown_stores_nothing(cast, chain):
    with pytest.raises(BadImport, match="pools Z"):
        take(cast, table({"kind": "review", "pools": "Z"}))
    assert not Study.objects.exists()


def test_nobody_imports_for_an_owner_they_do_not_edit_for(cast, chain):
    for by in (cast.ben, cast.eli, cast.gus):
        with pytest.raises(NotAllowed):
            take(cast, table({"factor": "T.0", "sign": "up"}), by=by)


def everything():
    """All that is recorded of each study, without what belongs to the database."""
    left_out = {"id", "version", "changed_at", "changed_by", "created_at", "created_by", "sample", "_state"}
    found = []
    for one in Study.objects.order_by("authors"):
        row = {name: value for name, value in vars(one).items() if name not in left_out}
        row["pools"] = sorted(inner.authors for inner in one.pools.all())
        row["chance"] = sorted(factor.key for factor in one.randomised_at.all())
        row["marks"] = sorted(
            str(
                {
                    name: value
                    for name, value in vars(mark).items()
                    if name not in {"id", "study_id", "_state"}
                }
            )
            for mark in one.marks.all()
        )
        row["same_sample"] = one.sample if not one.sample.startswith("study ") else "its own"
        found.append(row)
    return found


def test_an_export_can_be_imported_again_and_gives_the_same(cast, chain, study, mark, tmp_path: pathlib.Path):
    inner = study(
        "=Formula, F.",
        owner=cast.police,
        by=cast.ada,
        sample="riverside 2020",
        figures=[{"about": "asked", "text": "1,204; of whom 3 refused", "verified": True}],
        remarks=["One; two.", "Three, “four”."],
        differs=["unit", "dose"],
        summary="Two lines\nof words",
        level_low=2,
    )
    mark(inner, chain.factors[0], "up", by=cast.ada, manipulated=True, delivered=True)
    mark(
        inner, chain.factors[2], "not_found", 365, by=cast.ada, fading=True, note="-weak", population="women"
    )
    mark(inner, chain.factors[2], "down", 21, by=cast.ada, direct=False, association=True, outcome="trust")
    actions.set_randomised(inner, factors=[chain.factors[0]], by=cast.ada)
    actions.note_conflict(
        inner, conflict="reports differ", marks=[Mark.objects.last()], expected=inner.version, by=cast.ada
    )
    outer = study("Review", owner=cast.police, by=cast.ada, kind="review", inclusion_level=3, year=None)
    actions.set_pools(outer, pooled=[inner], by=cast.ada)
    actions.retract_study(outer, on="2026-02-03", note="its journal", expected=outer.version, by=cast.ada)
    study("Other", owner=cast.other, by=cast.eli)
    Study.objects.filter(authors="Other").delete()
    before = everything()
    path = tmp_path / "evidence.csv"
    asked = SimpleNamespace(by=cast.ada, organisation=cast.police, team_ids=())
    assert export_evidence(path, asked) == 4
    outer.pools.clear()
    Study.objects.all().delete()
    taken = take(cast, path.read_bytes())
    assert taken.set_aside == [] and taken.studies == 2
    after = everything()
    assert after == before


def test_an_export_holds_only_what_its_owner_owns(cast, chain, study, tmp_path):
    study("Ours", owner=cast.police, by=cast.ada)
    study("Theirs", owner=cast.other, by=cast.eli)
    study("Shared")
    content = dict(parts(organisation_ids=[cast.police.pk], team_ids=[]))["evidence.csv"].decode()
    assert "Ours" in content and "Theirs" not in content and "Shared" not in content


def test_the_table_in_the_documentation_is_taken_whole(cast, library):
    page = pathlib.Path(__file__).parents[3] / "docs" / "how-to" / "record-a-study.md"
    content = page.read_text(encoding="utf-8").split("```csv\n")[1].split("```")[0].encode()
    taken = take(cast, content)
    assert (taken.read, taken.used, taken.studies) == (2, 2, 1)
    listed = set(page.read_text(encoding="utf-8").replace("`", " ").replace(",", " ").split())
    assert set(COLUMNS) - {"key"} <= listed


def test_the_commands_import_and_export_studies(cast, chain, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FOLKMOOT_DIR", str(tmp_path))
    path = tmp_path / "studies.csv"
    path.write_bytes(table({"factor": "T.0", "sign": "up"}, {"factor": "T.9", "sign": "up"}))
    for_whom = ["--organisation", "northmere", "--as", "ada@example.org"]
    assert run(["import", "study", str(path), *for_whom, "--dry-run"]) == 0
    assert not Study.objects.exists()
    report = tmp_path / "aside.csv"
    assert run(["import", "study", str(path), *for_whom, "--report", str(report)]) == 0
    assert "read 2, used 1, set aside 1" in capsys.readouterr().out
    assert "T.9" in report.read_text()
    out = tmp_path / "out.csv"
    assert run(["export", "evidence", "-o", str(out), *for_whom]) == 0
    assert "On visits" in out.read_text(encoding="utf-8-sig")
    assert run(["import", "study", str(path), "--organisation", "northmere", "--as", "eli@example.org"]) == 1
    assert Study.objects.count() == 1
