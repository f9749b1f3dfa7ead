"""``folkmoot demo``: never over anything real, whole or not at all, on the next free port."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys

import pytest

from folkmoot.core.errors import FolkmootError
from folkmoot.project.commands import demo_

NOBODY = 2**22 + 1  # above the highest process number of a Linux machine


def test_a_folder_that_holds_something_else_is_refused(tmp_path, monkeypatch):
    (tmp_path / "folkmoot.sqlite3").write_text("somebody's real instance")
    monkeypatch.setenv("FOLKMOOT_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with pytest.raises(FolkmootError, match="not the demo"):
        demo_.run(argparse.Namespace(port=8000, no_serve=True))
    assert "DATABASE_URL" not in os.environ
    assert (tmp_path / "folkmoot.sqlite3").read_text() == "somebody's real instance"


def test_what_a_killed_build_left_is_removed_and_a_running_one_is_left_alone(tmp_path):
    dead = tmp_path / f"demo.building-{NOBODY}"
    alive = tmp_path / f"demo.building-{os.getpid()}"
    other = tmp_path / "demo.building-site"
    for folder in (dead, alive, other):
        folder.mkdir()
    demo_._clear_abandoned(tmp_path / "demo")
    assert not dead.exists()
    assert alive.exists()
    assert other.exists()


def test_the_next_free_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo_._free_port(port) > port


def test_a_finished_demo_knows_itself(tmp_path):
    assert demo_._mark_of(tmp_path / "nothing there") is None
    assert demo_._mark_of(tmp_path) is None
    (tmp_path / demo_.MARK).write_text(json.dumps({"content": "x", "open_check": "/check/y/"}))
    assert demo_._mark_of(tmp_path) == {"content": "x", "open_check": "/check/y/"}


def test_the_command_builds_once_and_then_leaves_the_demo_as_it_is(tmp_path):
    """The whole command in a process of its own, the build cut short after it began and then let through."""
    folder = tmp_path / "demo"
    words = [sys.executable, "-m", "folkmoot.project.command", "demo", "--dir", str(folder), "--no-serve"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOLKMOOT_")}
    killed = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True)
    for line in killed.stderr:
        if line.startswith("3/"):
            break
    killed.kill()
    killed.wait()
    killed.stderr.close()
    assert not folder.exists()
    first = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    assert "Building the demo network" in first.stderr
    assert "lead@moorland.example" in first.stdout
    assert "folkmoot-demo" in first.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["demo"]
    before = (folder / demo_.MARK).stat().st_mtime_ns
    second = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    assert "Building" not in second.stderr
    assert second.stdout == first.stdout
    assert (folder / demo_.MARK).stat().st_mtime_ns == before
    assert pathlib.Path(folder / "folkmoot.sqlite3").is_file()


def test_the_sign_in_page_names_who_one_can_be_in_the_demo_and_nowhere_else(client, db, settings, tmp_path):
    settings.DIR = tmp_path
    assert demo_.FOLDER not in client.get("/account/login/").content.decode()
    (tmp_path / demo_.MARK).write_text("{}")
    shown = client.get("/account/login/").content.decode()
    assert "lead@moorland.example" in shown and "<code>folkmoot-demo</code>" in shown
    assert "lead@moorland.example" not in client.get("/").content.decode()
