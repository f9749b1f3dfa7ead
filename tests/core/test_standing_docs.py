"""The pages on standing say what the program does."""

from __future__ import annotations

import tomllib
from pathlib import Path

import folkmoot
from folkmoot.core.standing import RULES, Word
from folkmoot.core.standing.grid import stand
from folkmoot.core.standing.library import links, record
from folkmoot.core.standing.reference import reading_table, rules_table, thresholds_table

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_reference_page_prints_the_rules_in_force() -> None:
    page = (DOCS / "reference" / "standing-rules.md").read_text("utf-8")
    for table in (reading_table(), rules_table(), thresholds_table()):
        assert table in page, f"docs/reference/standing-rules.md has to contain:\n{table}"


def test_every_row_and_threshold_is_printed() -> None:
    assert all(f"`{row.key}`" in rules_table() for row in RULES.rows)
    assert RULES.version in thresholds_table()


def test_the_explanation_names_every_word() -> None:
    page = (DOCS / "explanation" / "standing.md").read_text("utf-8")
    assert all(f"| {word.value} |" in page for word in Word)


def test_the_explanation_counts_the_untested_assumptions_of_the_library_right() -> None:
    rooms = Path(folkmoot.__file__).parent
    mechanisms = tomllib.loads((rooms / "mechanisms/library/mechanisms.toml").read_text("utf-8"))["mechanism"]
    studies = tomllib.loads((rooms / "evidence/library/studies.toml").read_text("utf-8"))["study"]
    records = [record(study) for study in studies if study["kind"] != "qualitative"]
    words = [stand(link, records).judgement.word for m in mechanisms for link in links(m)]
    said = f"Of its {len(words)} assumptions {words.count(Word.NONE)} have no test at all."
    assert said in (DOCS / "explanation" / "standing.md").read_text("utf-8")
