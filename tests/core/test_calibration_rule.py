"""The rule of docs/reference/calibration.md cannot be kept by looking away: a promise that breaks it ends in an error."""

from __future__ import annotations

import importlib
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def rows(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("bench.calibrate.rows")


@pytest.fixture
def page(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("bench.calibrate.page")


@pytest.mark.parametrize(
    ("kind", "found", "promised", "breaks"),
    [
        ("interval", (0.931, 0.969), 0.95, False),
        ("interval", (0.929, 0.96), 0.95, True),
        ("interval", (0.95, 0.971), 0.95, True),
        ("test", (0.01, 0.069), 0.05, False),
        ("test", (0.05, 0.071), 0.05, True),
        ("never", (0.0,), 0.0, False),
        ("never", (0.001,), 0.0, True),
        ("power", (0.78,), 0.8, False),
        ("power", (0.76,), 0.8, True),
        ("power", (0.84,), 0.8, True),
    ],
)
def test_the_rule_is_applied_to_the_worst_cell(rows, kind, found, promised, breaks):
    row = rows.Row("f", "s", kind, found, 1000, promised)
    assert row.breaks_the_rule is breaks
    assert (row.verdict == "BREAKS THE RULE") is breaks


def test_a_promise_that_falls_short_is_never_excused(rows):
    assert rows.Row("f", "s", "interval", (0.9,), 100, conservative="why").breaks_the_rule
    assert not rows.Row("f", "s", "interval", (0.99,), 100, conservative="why").breaks_the_rule
    assert rows.Row("f", "s", "interval", (0.95,), 100, conservative="why").reasons == []


@pytest.mark.parametrize(
    ("how", "verdict"),
    [("comparison", "for comparison, not promised"), ("warning", "a warning, not promised")],
)
def test_what_is_no_promise_says_so_and_why_though_it_would_keep_one(rows, page, how, verdict):
    for found in (0.8, 0.95, 0.99):
        row = rows.Row("f", "s", "interval", (found,), 100, **{how: "why so"})
        assert not row.breaks_the_rule and not row.is_promise
        assert row.verdict == verdict and row.reasons == ["why so"]
    assert f"| – | 99.0 | ± 4.4 | {verdict} (1) |" in page.section("pool", "pool", [row])


def test_a_run_of_one_part_leaves_the_other_sections_alone(rows, page):
    old = page.section("reach", "reach", [rows.Row("f", "s", "interval", (0.95,), None)])
    new = page.section("pool", "pool", [rows.Row("g", "s", "interval", (0.9,), 100, comparison="why so")])
    text = page.with_sections(
        page.with_sections("", {"reach": old}, ["reach", "pool"]), {"pool": new}, ["reach", "pool"]
    )
    assert old in text and new in text and "1. why so" in text
    again = page.section("reach", "reach", [rows.Row("f", "s", "interval", (0.94,), None)])
    assert again in page.with_sections(text, {"reach": again}, ["reach", "pool"])
    assert new in page.with_sections(text, {"reach": again}, ["reach", "pool"])


def test_the_page_in_the_docs_has_every_part_and_breaks_nowhere(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    parts = importlib.import_module("bench.calibrate.__main__").PARTS
    text = (ROOT / "docs" / "reference" / "calibration.md").read_text(encoding="utf-8")
    assert re.findall(r"<!-- part (\w+) -->", text) == list(parts)
    assert "BREAKS" not in text and "falls short" not in text
    verdicts = set(re.findall(r"\| ([a-z][a-z, ]+?)(?: \([\d, ]+\))? \|$", text, flags=re.MULTILINE))
    assert verdicts == {
        "verdict", "kept", "conservative", "for comparison, not promised", "a warning, not promised",
    }  # fmt: skip
    assert re.search(r"wild bootstrap says that it cannot alarm \| 2 and 2 clusters.*\| 0\.0 \|.*kept", text)
