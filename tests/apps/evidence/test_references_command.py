"""References from the command line: told from studies by their content, all or nothing, every entry accounted for."""

from __future__ import annotations

import argparse
from io import BytesIO

import pytest

from folkmoot.core.errors import FolkmootError
from folkmoot.evidence.models import Reference, Study
from folkmoot.project.commands.import_studies import import_studies
from folkmoot.project.commands.importers import Asked
from folkmoot.sources.intake import Incoming

RIS = b"TY  - JOUR\nTI  - Knocking on doors\nPY  - 2019\nER  -\n\nTY  - JOUR\nAU  - N\nER  -\n"
BIB = b"@article{a, title = {What people said}, year = 2021, author = {Elm, D.}}\n"
TABLE = b"title,authors,year,doi\nCalling again,Oak,2020,10.1234/x.1\n,Nobody,2020,\n"
STUDIES = (
    b"study,authors,year,title,kind,read_where,level_low,level_high,country,factor,sign\n"
    b"A,Oak,2020,Visits,trial,full,5,5,Norway,,\n"
)


@pytest.fixture
def run(cast):
    def imported(*files, dry_run=False, visibility=None):
        asked = Asked(
            kind="study",
            by=cast.ada,
            organisation=cast.police,
            dry_run=dry_run,
            options=argparse.Namespace(team=None, visibility=visibility),
            progress=lambda *_: None,
        )
        return import_studies(
            [Incoming(name, len(content), BytesIO(content).getvalue) for name, content in files], asked
        )

    return imported


def test_ris_bibtex_and_tables_of_titles_wait_to_be_read(run, cast):
    outcome = run(("a.ris", RIS), ("b.bib", BIB), ("c.csv", TABLE))
    assert (outcome.read, outcome.used, len(outcome.set_aside)) == (5, 3, 2)
    assert {one["file"] for one in outcome.set_aside} == {"a.ris", "c.csv"}
    assert set(Reference.objects.values_list("title", flat=True)) == {
        "Knocking on doors",
        "What people said",
        "Calling again",
    }
    assert Reference.objects.filter(organisation=cast.police, visibility="own").count() == 3
    assert not Study.objects.exists()


def test_a_table_of_studies_is_still_a_table_of_studies(run):
    outcome = run(("studies.csv", STUDIES))
    assert (outcome.read, outcome.used) == (1, 1) and outcome.notes == ["1 studies"]
    assert Study.objects.count() == 1 and not Reference.objects.exists()


def test_a_dry_run_gives_the_same_account_and_stores_nothing(run):
    outcome = run(("a.ris", RIS), dry_run=True)
    assert (outcome.read, outcome.used) == (2, 1) and not Reference.objects.exists()


def test_what_looks_like_one_that_is_here_comes_in_and_is_said(run):
    run(("a.ris", RIS))
    outcome = run(("again.ris", RIS))
    assert outcome.used == 1 and any("1 of them look like one" in one for one in outcome.notes)
    assert Reference.objects.count() == 2


def test_one_bad_file_stores_nothing_and_kinds_are_brought_in_apart(run):
    with pytest.raises(FolkmootError, match="apart"):
        run(("a.ris", RIS), ("studies.csv", STUDIES))
    with pytest.raises(FolkmootError, match="no reference"):
        run(("a.ris", RIS), ("b.bib", b"@comment{nothing, title = {here}}\n"))
    assert not Reference.objects.exists() and not Study.objects.exists()
