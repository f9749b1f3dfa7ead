"""An import stopped at any moment leaves everything or nothing: twenty processes killed at random."""

from __future__ import annotations

import hashlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from ...prepared import fill
from ...processes import Begun, begin, run

pytestmark = pytest.mark.timeout(900)  # twenty processes
ROUNDS = 20
FILES = 20
TURNS = 40
PREPARE = """
import django; django.setup()
from django.utils import timezone
from folkmoot.organisations.models import ResearchTeam, TeamMembership, User
user = User.objects.create_user("dina@example.org", None, name="Dina")
team = ResearchTeam.objects.create(slug="evidence", name="Evidence team")
TeamMembership.objects.create(user=user, team=team, role="lead", created_at=timezone.now(), created_by="x")
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> pathlib.Path:
    """An instance with one researcher, and a folder of interviews beside it."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "instance").mkdir()
    fill(folder / "instance")
    run(program=PREPARE, environment=_surroundings(folder / "instance")).check_returncode()
    with closing(sqlite3.connect(folder / "instance" / "folkmoot.sqlite3")) as database:
        database.execute("pragma wal_checkpoint(truncate)")
    (folder / "interviews").mkdir()
    for number in range(FILES):
        lines = (
            f"Interviewer: {number}.{turn}?\n\nInterviewee: It was {turn} of {number}.\n"
            for turn in range(TURNS)
        )
        (folder / "interviews" / f"{number:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _surroundings(instance: pathlib.Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "FOLKMOOT_DIR": str(instance), "DJANGO_SETTINGS_MODULE": "folkmoot.project.settings"}


def _begin(instance: pathlib.Path, files: list[pathlib.Path]) -> Begun:
    words = ("import", "transcript", *map(str, files), "--team", "evidence", "--as", "dina@example.org")
    return begin(*words, environment=_surroundings(instance))


def _counts(instance: pathlib.Path) -> tuple[int, ...]:
    with closing(sqlite3.connect(instance / "folkmoot.sqlite3")) as database:
        assert database.execute("pragma integrity_check").fetchone()[0] == "ok"
        tables = ("import", "original", "source", "body", "speaker", "turn")
        found = [database.execute(f"select count(*) from sources_{name}").fetchone()[0] for name in tables]
        events = "select count(*) from audit_event where action = 'sources.imported'"
        found.append(database.execute(events).fetchone()[0])
        for stored_as, sha256 in database.execute("select stored_as, sha256 from sources_original"):
            content = (instance / "originals" / stored_as).read_bytes()
            assert hashlib.sha256(content).hexdigest() == sha256
    return tuple(found)


def _files_on_disk(instance: pathlib.Path) -> int:
    folder = instance / "originals"
    return sum(path.is_file() and path.name != ".import.lock" for path in folder.rglob("*"))


def test_an_import_killed_at_twenty_random_moments_leaves_all_or_nothing(prepared, tmp_path):
    files = sorted((prepared / "interviews").iterdir())
    chance = random.Random(20261123)
    everything = (1, FILES, FILES, FILES, 2 * FILES, 2 * FILES * TURNS, 1)
    nothing = (0,) * 7
    took: float | None = None
    seen = set()
    instance = tmp_path / "instance"
    for number in range(ROUNDS + 1):
        shutil.rmtree(instance, ignore_errors=True)
        shutil.copytree(prepared / "instance", instance)
        process = _begin(instance, files)
        process.stderr.readline()  # the first file is being read: from here on anything may be cut off
        began = time.monotonic()
        if took is not None:
            time.sleep(chance.uniform(0, 1.1 * took))
            process.send_signal(signal.SIGKILL)
        process.stderr.read()
        process.stderr.close()
        process.wait()
        if took is None:
            took = time.monotonic() - began
        found = _counts(instance)
        assert found in {everything, nothing}, f"round {number}: {found}"
        seen.add(found)
    assert seen == {everything, nothing}


def test_what_a_killed_import_left_on_the_disk_is_swept_by_the_next(prepared, tmp_path):
    files = sorted((prepared / "interviews").iterdir())
    instance = tmp_path / "instance"
    shutil.copytree(prepared / "instance", instance)
    process = _begin(instance, files)
    for line in process.stderr:
        if line.startswith("storing"):
            break
    deadline = time.monotonic() + 10
    while not _files_on_disk(instance) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.stderr.close()
    process.wait()
    assert _files_on_disk(instance) > 0
    after = _begin(instance, files[:1])
    after.stderr.read()
    assert after.wait() == 0
    assert _files_on_disk(instance) in {1, FILES}
    assert _files_on_disk(instance) == _counts(instance)[1]
