"""The commands from outside: exit status, sentences, no traceback."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

import pytest

from folkmoot.project.commands import COMMANDS

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture
def folkmoot(tmp_path):
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if name not in {"FOLKMOOT_DIR", "DATABASE_URL"}
        }
        return subprocess.run(
            [sys.executable, "-m", "folkmoot.project.command", *words],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_set_up_makes_an_instance_that_is_fit_and_says_how_to_sign_in(folkmoot):
    words = (
        "--dir",
        "here",
        "--organisation",
        "Moorside Police",
        "--email",
        "ada@example.org",
        "--name",
        "Ada",
    )
    made = folkmoot("set-up", *words)
    assert made.returncode == 0, made.stderr
    assert "moorside-police" in made.stdout and "password" in made.stdout
    assert "folkmoot serve --dir here" in made.stdout
    assert folkmoot("check", "--dir", "here").returncode == 0
    again = folkmoot("set-up", *words)
    assert again.returncode == 1 and "already" in again.stderr and "Traceback" not in again.stderr


def test_an_instance_that_is_not_there_is_refused_with_what_to_do(folkmoot):
    answer = folkmoot("check", "--dir", "nowhere")
    assert answer.returncode == 1 and "--dir" in answer.stderr and "Traceback" not in answer.stderr


def test_wrong_usage_is_status_2_and_no_words_at_all_lists_the_commands(folkmoot):
    assert folkmoot("fly").returncode == 2
    assert folkmoot("set-up").returncode == 2
    nothing = folkmoot()
    assert nothing.returncode == 2 and all(name in nothing.stdout for name in COMMANDS)


def test_every_command_stands_in_the_reference():
    page = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## folkmoot ([a-z-]+)", page, re.MULTILINE)) == set(COMMANDS)
