"""The events of a real police department, every fault of the file accounted for."""

from __future__ import annotations

import json
from collections import Counter
from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.activities.importing.planning import (
    BACKWARDS,
    CANCELLED,
    LINES,
    NEARLY,
    NO_END,
    TRIAL,
    WINDOWS,
)
from folkmoot.activities.importing.sheets import read_sheet
from folkmoot.activities.importing.spellings import counted, grouped
from folkmoot.activities.models import Activity, ActivityImport, Initiative
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Membership, Organisation, User
from folkmoot.project.commands import run

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]
READ = 5006


@pytest.fixture
def instance_folder(tmp_path, settings):
    settings.DIR = tmp_path
    return tmp_path


@pytest.fixture
def cast(db):
    """An organisation, and somebody who edits for it."""
    ada = User.objects.create_user("ada@example.org", None, name="Ada")
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    Membership.objects.create(
        user=ada, organisation=police, role="lead", created_at=timezone.now(), created_by="the test"
    )
    return SimpleNamespace(ada=ada, police=police)


@pytest.fixture
def chicago(corpus):
    return corpus / "engagement-events" / "chicago_caps_events.csv"


def folkmoot(instance_folder, *words):
    return run([words[0], "--dir", str(instance_folder), *map(str, words[1:])])


def bring_in(instance_folder, chicago, cast, *more):
    who = ("--organisation", cast.police.slug, "--as", cast.ada.email)
    return folkmoot(instance_folder, "import", "activities", chicago, *who, *more)


def test_every_fault_of_the_file_is_named_and_the_counts_add_up(
    instance_folder, chicago, cast, capsys, tmp_path
):
    report = tmp_path / "report.csv"
    assert bring_in(instance_folder, chicago, cast, "--report", report) == 0
    assert "read 5006, used 4980, set aside 26" in capsys.readouterr().out
    brought = ActivityImport.objects.get()
    assert (brought.read, brought.used, brought.set_aside) == (READ, 4980, 26)
    assert Activity.objects.filter(brought_by=brought).count() == brought.used
    noticed = {what: len(rows) for what, rows in brought.noticed}
    assert noticed[NO_END] == 755
    assert noticed[BACKWARDS] == 28
    assert noticed[WINDOWS] == 131
    assert noticed[LINES] == 1915
    assert noticed[NEARLY] == 4
    reasons = Counter(reason.partition(" row ")[0] for _, reason in brought.reasons)
    assert reasons == {"It repeats": 23, TRIAL: 1, CANCELLED: 2}
    assert len(report.read_text(encoding="utf-8").splitlines()) == 27
    assert not Activity.objects.filter(place_words__contains="\n").exists()
    # what was not recorded is not made up
    assert not Activity.objects.exclude(people=None, hours=None, logged_by=None, level="").exists()


def test_its_spellings_are_grouped_so_that_few_words_say_what_most_rows_were(chicago):
    sheet = read_sheet(chicago.name, chicago.read_bytes())
    written = counted(sheet.column("title"))
    groups = grouped(written)
    assert len(written) == 1621
    assert sum(len(group.spellings) for group in groups) == 1621
    assert sum(group.rows for group in groups) == READ
    # 25 words by a person settle more than four fifths of the rows
    assert sum(group.rows for group in groups[:25]) > 0.8 * READ
    beat = groups[0]
    assert beat.rows > 2500 and all("eer Jury" not in one.written for one in beat.spellings)


def test_one_word_on_a_group_reaches_all_its_spellings(instance_folder, chicago, cast, capsys, tmp_path):
    method = Method.objects.create(
        code="M-PACT", name="Open meeting on local priorities", medium="in person", synchronous="yes",
        level_low=2, level_high=3, position=1,
    )  # fmt: skip
    suggested, edited = tmp_path / "suggested.json", tmp_path / "matching.json"
    assert bring_in(instance_folder, chicago, cast, "--dry-run", "--suggest", suggested) == 0
    assert not Activity.objects.exists() and not ActivityImport.objects.exists()
    matching = json.loads(suggested.read_text(encoding="utf-8"))
    assert len(matching["values"]["kind"]) == 1621
    beat = grouped(counted(matching["values"]["kind"]))[0]
    matching["values"]["kind"] |= {one.written: "method:M-PACT" for one in beat.spellings}
    edited.write_text(json.dumps(matching), encoding="utf-8")
    assert bring_in(instance_folder, chicago, cast, "--matching", edited) == 0
    assert Activity.objects.filter(method=method).count() > 500
    assert not Initiative.objects.exists()


def test_the_file_is_not_brought_in_twice_and_a_longer_one_only_with_what_is_new(
    instance_folder, chicago, cast, capsys, tmp_path
):
    assert bring_in(instance_folder, chicago, cast) == 0
    assert bring_in(instance_folder, chicago, cast) == 1
    assert "brought in on" in capsys.readouterr().err
    longer = tmp_path / "longer.csv"
    longer.write_bytes(
        chicago.read_bytes()
        + b'9,2018-01-05T10:00:00,2018-01-05T11:00:00,New meeting,,,"A hall",2018-01-01T00:00:00\r\n'
    )
    assert bring_in(instance_folder, longer, cast) == 0
    assert "read 5007, used 1, set aside 5006" in capsys.readouterr().out
    assert Activity.objects.count() == 4981
