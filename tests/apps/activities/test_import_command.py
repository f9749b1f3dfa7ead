"""The command line: one sentence for what is bad, nothing half done, and kill -9 leaves all or nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time

import pytest

from folkmoot.activities.models import Activity, ActivityImport
from folkmoot.project.commands import run

from ... import processes
from ...prepared import fill

TABLE = "Day,Title,How many people\n2026-10-01,Stall,12\n2026-10-02,Walk,\nsoon,Lost,1\n"


def command(cast, folder, *words):
    return run(
        ["import", "activities", *map(str, words), "--dir", str(folder), "--organisation", cast.police.slug,
         "--as", cast.ada.email]
    )  # fmt: skip


@pytest.mark.django_db
def test_the_account_is_printed_and_the_report_written(cast, work, instance_folder, tmp_path, capsys):
    file, report = tmp_path / "log.csv", tmp_path / "report.csv"
    file.write_text(TABLE)
    assert command(cast, instance_folder, file, "--dry-run") == 0
    assert capsys.readouterr().out.strip() == "read 3, used 2, set aside 1"
    assert not Activity.objects.exists() and not ActivityImport.objects.exists()
    assert command(cast, instance_folder, file, "--report", report) == 0
    assert Activity.objects.count() == 2
    assert report.read_text().splitlines()[1].startswith("log.csv,4,")
    assert not (instance_folder / "imports").exists()


@pytest.mark.django_db
def test_several_files_come_in_together_or_not_at_all(cast, work, instance_folder, tmp_path, capsys):
    good, bad, second = tmp_path / "a.csv", tmp_path / "b.xlsx", tmp_path / "c.csv"
    good.write_text(TABLE)
    second.write_text(TABLE + "2026-10-03,More,1\n")
    bad.write_bytes(b"PK\x03\x04junk")
    assert command(cast, instance_folder, good, bad) == 1
    said = capsys.readouterr().err
    assert "b.xlsx: The file is a damaged" in said and "Traceback" not in said
    assert not Activity.objects.exists()
    assert command(cast, instance_folder, good, second) == 0
    assert "read 7, used 3, set aside 4" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_matching_file_says_what_columns_and_words_mean(cast, work, instance_folder, tmp_path, capsys):
    file, matching = tmp_path / "log.csv", tmp_path / "matching.json"
    file.write_text("Wann,Art,Jung\n2026-10-01,Tee,3\n2026-10-02,Probe,\n")
    given = {
        "columns": {"happened_on": "Wann", "kind": "Art", "people": "Jung"},
        "tallies": {"Jung": "Age: Under 25"},
        "values": {"kind": {"tee": "initiative:Market stall", "probe": "aside"}},
    }
    matching.write_text(json.dumps(given))
    assert command(cast, instance_folder, file, "--matching", matching) == 0
    tea = Activity.objects.get()
    assert tea.initiative == work.initiative and tea.tallies.get().people == 3
    file.write_text(file.read_text() + "2026-10-04,Tee,1\n")
    for wrong in (
        {"columns": {"happened_on": "When"}},
        {"columns": {"nonsense": "Wann"}},
        {"values": {"kind": {"tee": "initiative:Nobody's"}}},
        {"tallies": {"Jung": "Height: tall"}},
        {"settled": {"repeated": "perhaps"}},
        [],
    ):
        matching.write_text(json.dumps(given | wrong if isinstance(wrong, dict) else wrong))
        assert command(cast, instance_folder, file, "--matching", matching) == 1
        said = capsys.readouterr().err.strip()
        assert said and "Traceback" not in said
    assert Activity.objects.count() == 1


@pytest.mark.django_db
def test_who_may_not_edit_brings_nothing_in(cast, work, instance_folder, tmp_path, capsys):
    file = tmp_path / "log.csv"
    file.write_text(TABLE)
    for person in (cast.ben, cast.eli, cast.dina):
        assert run(["import", "activities", str(file), "--dir", str(instance_folder), "--organisation", cast.police.slug,
                    "--as", person.email]) == 1  # fmt: skip
    assert not Activity.objects.exists()


SET_UP = """
import django; django.setup()
from django.utils import timezone
from folkmoot.organisations.models import Membership, Organisation, User
ada = User.objects.create_user("ada@example.org", None, name="Ada")
police = Organisation.objects.create(slug="northmere", name="Northmere", kind="police")
Membership.objects.create(user=ada, organisation=police, role="lead", created_at=timezone.now(), created_by="x")
"""


# it ends itself after so many slices of the insertion, as if the power went
KILLED = """
import os, signal, sys
import django; django.setup()
from django.db import connection
from folkmoot.activities.actions import bulk
from folkmoot.project.commands import run
left = int(sys.argv[1])
bulk.SLICE = 500
def counting(execute, sql, params, many, context):
    global left
    left -= bool(many)
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(counting):
    sys.exit(run(sys.argv[2:]))
"""


def test_kill_9_in_the_middle_of_an_import_leaves_all_or_nothing(tmp_path):
    """A file of its own, a process of its own, killed at four moments from its first slice to its last."""
    folder, file = tmp_path / "instance", tmp_path / "log.csv"
    folder.mkdir()
    fill(folder)
    file.write_text(
        "Day,Title\n" + "".join(f"2026-0{1 + n % 9}-0{1 + n % 9},Walk {n}\n" for n in range(4000))
    )
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "FOLKMOOT_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "folkmoot.project.settings",
    }
    processes.run(program=SET_UP, environment=environment).check_returncode()
    words = ["import", "activities", str(file), "--organisation", "northmere", "--as", "ada@example.org"]
    for slices in (0, 1, 4, 7):
        killed = processes.run(str(slices), *words, program=KILLED, environment=environment)
        assert killed.returncode == -signal.SIGKILL
        assert rows_in(folder) == (0, 0)
    done = processes.run("1000", *words, program=KILLED, environment=environment)
    assert done.returncode == 0, done.stderr
    assert rows_in(folder) == (4000, 1)


def rows_in(folder):
    time.sleep(0.05)
    with sqlite3.connect(folder / "folkmoot.sqlite3") as database:
        return tuple(
            database.execute(f"select count(*) from activities_{name}").fetchone()[0]
            for name in ("activity", "activityimport")
        )
