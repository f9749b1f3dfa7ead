"""Claims as a file: what analyse map reads, what no spreadsheet runs, and what consent keeps back."""

from __future__ import annotations

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from folkmoot.analyse.command import main
from folkmoot.coding.actions import make_claim, share_claim
from folkmoot.coding.exporting import COLUMNS, export_claims, parts, write_claims
from folkmoot.coding.models import Claim
from folkmoot.project.commands.exporters import Asked, exporter_of
from folkmoot.sources.actions import mark_passage
from folkmoot.sources.cells import neutral

pytestmark = pytest.mark.django_db


def exported(viewer):
    file = io.StringIO(newline="")
    number = write_claims(file, Claim.objects.all(), viewer=viewer)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert number == len(rows)
    return rows, file.getvalue()


def test_the_map_is_drawn_from_the_export(cast, bring_in, tmp_path):
    source = bring_in()
    passage = mark_passage(source, start=0, end=5, by=cast.dina)
    for cause, effect, stance in (
        ("Visits", "Trust", "supports"),
        ("Trust", "Reports", "asserts"),
        ("Visits", "Trust", "challenges"),
    ):
        make_claim(passage, cause=cause, effect=effect, stance=stance, by=cast.dina)
    rows, text = exported(cast.dina)
    assert tuple(rows[0]) == COLUMNS and rows[0]["source"] == "talk"
    file, out = tmp_path / "claims.csv", tmp_path / "map.json"
    file.write_text(text, encoding="utf-8", newline="")
    assert main(["map", str(file), "--from", "Visits", "--to", "Reports", "-o", str(out)]) == 0
    drawn = json.loads(out.read_text())
    assert drawn["n"]["used"] == 3 and drawn["sources_with_whole_path"] == 1


def test_outside_the_team_a_row_is_as_silent_as_its_page(cast, bring_in):
    for consent in ("quote", "count", "paraphrase"):
        text = f"Interviewer: {consent}?\n\nInterviewee: Trust grew.\n"
        source = bring_in(text, name=f"{consent}.txt", consent=consent, reviewed=True, names=[])
        start = source.body.text.index("Trust grew")
        passage = mark_passage(source, start=start, end=start + 10, by=cast.dina)
        claim = make_claim(
            passage, cause="Visits", effect="Trust", stance="challenges", note="n", by=cast.dina
        )
        share_claim(claim, visibility="network", by=cast.dina)
    rows, _ = exported(cast.ada)
    assert [row["source"] for row in rows] == ["an interview", "an interview (2)", "an interview (3)"]
    assert [row["words"] for row in rows] == ["Trust grew", "", ""]
    assert [row["cause"] for row in rows] == ["Visits", "(counted only)", "Visits"]
    assert {row["stance"] for row in rows} == {"challenges"}
    assert exported(cast.gus)[0] == []


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '=HYPERLINK("http://x")']
)
def test_nothing_in_the_file_is_a_formula(value):
    assert neutral(value) == f"'{value}"
    assert neutral(value).lstrip()[0] == "'"


def test_ordinary_words_stay_as_they_are():
    for value in ("Visits", "~Trust", "a = b", "", "“Trust”", "3 visits"):
        assert neutral(value) == value


def test_the_command_exports_what_the_organisation_and_the_teams_own(cast, bring_in, tmp_path):
    source = bring_in()
    passage = mark_passage(source, start=0, end=5, by=cast.dina)
    claim = make_claim(passage, cause="=Visits", effect="Trust", stance="asserts", by=cast.dina)
    share_claim(claim, visibility="network", by=cast.dina)
    file = tmp_path / "claims.csv"
    assert exporter_of("claims") is export_claims
    assert export_claims(file, Asked(cast.dina, cast.police, (cast.team.pk,))) == 1
    assert "'=Visits" in file.read_text(encoding="utf-8")
    assert export_claims(file, Asked(cast.ada, cast.police, ())) == 0
    whole = {name: list(rows) for name, rows in parts(organisation_ids=[], team_ids=[cast.team.pk])}
    assert [row["cause"] for row in whole["claims.jsonl"]] == ["=Visits"]
    assert not any(list(rows) for _, rows in parts(organisation_ids=[cast.police.pk], team_ids=[]))


def test_a_workbook_holds_the_same_rows_as_the_table(cast, bring_in, tmp_path):
    passage = mark_passage(bring_in(), start=0, end=5, by=cast.dina)
    make_claim(passage, cause="=Visits", effect="Trust", stance="challenges", by=cast.dina)
    asked = Asked(cast.dina, cast.police, (cast.team.pk,))
    assert (
        export_claims(tmp_path / "claims.XLSX", asked) == export_claims(tmp_path / "claims.csv", asked) == 1
    )
    rows = list(csv.reader((tmp_path / "claims.csv").open(encoding="utf-8", newline="")))
    sheet = load_workbook(tmp_path / "claims.XLSX")["Claims"]
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == rows
