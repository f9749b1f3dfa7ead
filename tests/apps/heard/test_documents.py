"""What the documentation says of this room is what the code does."""

from __future__ import annotations

import pathlib
import re

from folkmoot.heard.extraction import NOTHING, RULES
from folkmoot.heard.states import LIVES, diagram

ROOT = pathlib.Path(__file__).resolve().parents[3]


def page(name):
    return (ROOT / "docs" / "explanation" / name).read_text(encoding="utf-8")


def test_the_diagrams_are_those_of_the_tables():
    drawn = re.findall(r"```mermaid\n(.*?)\n```", page("concerns.md"), re.S)
    assert drawn == [diagram(life) for life in LIVES.values()]


def test_every_state_is_explained_as_the_pages_call_it():
    text = page("concerns.md")
    for life in LIVES.values():
        for one in life.states:
            assert f"- **{one.label}**: {one.meaning}" in text


def test_the_extraction_table_is_the_rule():
    rows = re.findall(r"^\| yes \| (yes|no) \| (yes|no) \| (.*?) \|$", page("concerns.md"), re.M)
    told = {(True, say == "yes", answered == "yes"): word for say, answered, word in rows}
    assert told == {key: one.word for key, one in RULES.items()}
    assert f"| no | | | {NOTHING.word} |" in page("concerns.md")


def test_every_threat_names_a_test_that_is_there_and_every_attack_is_told():
    text = page("threats.md")
    here = ROOT / "tests" / "apps" / "heard"
    backups = ROOT / "tests" / "apps" / "project" / "test_backup.py"

    def tests_in(*paths):
        return {
            name
            for path in paths
            for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
        }

    named = set(re.findall(r"`(test_\w+)`", text))
    assert named - tests_in(*here.glob("test_*.py"), backups) == set()
    attacks = tests_in(here / "test_attacks.py", here / "test_more_attacks.py")
    told_elsewhere = {
        "test_no_field_asks_who_somebody_is_or_how_old",
        "test_a_district_shows_what_was_heard_in_its_places",
    }
    assert attacks - named - told_elsewhere == set()
