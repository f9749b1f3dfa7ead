"""The pages on standing say what the program does."""

from __future__ import annotations

from pathlib import Path

from folkmoot.core.standing import RULES, Word
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
