"""The forest plot: every estimate is a line, what lies beyond the axis is an arrow, and the table says the same."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from folkmoot.ui.pictures import forest

ROWS = [
    forest.Row("Oak 2012", 0.32, 0.12, 0.52, 0.17, "/studies/1/#figures", "trust, 3 days"),
    forest.Row("Birch 2016", 0.18, 0.06, 0.30, 0.46, "/studies/2/"),
    forest.Row("Hazel and others 2014", 0.05, -0.24, 0.34, 0.07),
]
TOGETHER = forest.Row("Together", 0.21, 0.10, 0.32)


def drawn(rows=ROWS, **given):
    options = {"title": "Trust", "caption": "Each line is one estimate.", "axis": "Difference"}
    return forest.draw(rows, **(options | {"together": TOGETHER, "prediction": (0.02, 0.40)} | given))


def numbers(svg: str) -> list[float]:
    return [float(one) for one in re.findall(r'(?:x|cx|y|cy|width|height)="(-?[\d.]+)"', svg)]


@pytest.mark.parametrize("form", ["wide", "narrow"])
def test_each_row_is_named_told_and_linked_and_nothing_is_styled_inline(form):
    svg = getattr(drawn(matters=0.1), form)
    ElementTree.fromstring(svg)
    for row in ROWS:
        assert f'aria-label="{forest.said(row, ratio=False)}"' in svg
    assert 'href="/studies/1/#figures"' in svg and "style=" not in svg and "<script" not in svg
    assert (
        "no effect" in svg and "matters from here" in svg and "Another place like these: 0.020 to 0.40" in svg
    )
    assert all(math.isfinite(one) for one in numbers(svg))


def test_the_table_has_the_same_figures_as_the_picture():
    table = drawn().table
    assert [cell.text for cell in table.rows[0]] == [
        "Oak 2012 (trust, 3 days)",
        "0.32",
        "0.12 to 0.52",
        "17%",
    ]
    assert table.rows[2][2].text == "−0.24 to 0.34"
    assert table.rows[3][0].text == "Together" and table.rows[4][2].text == "0.020 to 0.40"


def test_a_ratio_is_told_as_a_ratio_and_stands_on_a_logarithmic_axis():
    row = forest.Row("Elm", math.log(1.5), math.log(0.75), math.log(3.0), 1.0)
    found = drawn([row], ratio=True, together=None, prediction=None)
    assert "Elm: 1.50, interval 0.75 to 3.00" in found.wide and found.table.columns[1] == "Ratio"
    assert ">1</text>" in found.wide


def test_an_interval_beyond_the_axis_is_cut_with_an_arrow_and_told_in_full():
    wild = forest.Row("Wild", 0.0, -50.0, 50.0, 0.01)
    found = drawn([*ROWS, wild])
    assert "Wild: 0.00, interval −50.00 to 50.00" in found.wide
    assert "l8 -5v10z" in found.wide and "l-8 -5v10z" in found.wide
    assert max(numbers(found.wide)) <= 1161


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [forest.Row("One", 0.0, 0.0, 0.0)],
        [forest.Row(f"Study {n}", n / 7, n / 7 - 0.2, n / 7 + 0.2, 1 / 60) for n in range(60)],
        [forest.Row("Tiny", 1e-9, -1e-9, 3e-9, 1.0)],
        [forest.Row("Huge", 1e12, 1e11, 2e12, 1.0)],
    ],
)
def test_any_rows_make_a_finite_picture(rows):
    found = forest.draw(rows, title="T", caption="C", axis="A")
    for svg in (found.wide, found.narrow):
        ElementTree.fromstring(svg)
        assert all(math.isfinite(one) for one in numbers(svg))
    assert ("No estimate yet." in found.wide) is (not rows)


def test_markup_in_a_name_stays_words():
    found = drawn([forest.Row('<script>alert("x")</script>', 0.1, 0.0, 0.2, 1.0, "javascript:alert(1)")])
    for svg in (found.wide, found.narrow):
        assert "<script" not in svg and "javascript:" not in svg
