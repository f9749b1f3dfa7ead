"""What is shown of small counts never lets the hidden ones be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from folkmoot.core.disclosure.published import Kind
from folkmoot.surveys.protecting import Guard, total_of

COUNTS = st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=1, max_size=5)


@given(COUNTS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_small_count_is_shown(table, public):
    counts = np.array(table)
    guard = Guard(public=public)
    for row, cells in zip(counts, guard.shown(counts), strict=True):
        for count, cell in zip(row, cells, strict=True):
            if 0 < count < guard.smallest_shown:
                assert cell.kind is Kind.HIDDEN
            if cell.kind is Kind.ZERO:
                assert count == 0


@given(COUNTS)
@settings(max_examples=40, deadline=None)
def test_whoever_knows_all_totals_cannot_bound_a_hidden_small_count_to_itself(table):
    """The worst reader: one who knows every row's and column's true total and every shown count exactly."""
    counts = np.array(table)
    guard = Guard(public=False)
    cells = guard.shown(counts)
    hidden = [
        (row, column)
        for row in range(counts.shape[0])
        for column in range(counts.shape[1])
        if cells[row][column].kind is Kind.HIDDEN
    ]
    small = [one for one in hidden if 0 < counts[one] < guard.smallest_shown]
    if not small or len(hidden) == counts.size:
        return
    rows, sums = [], []
    for row in range(counts.shape[0]):
        mine = [1.0 if one[0] == row else 0.0 for one in hidden]
        if any(mine):
            rows.append(mine)
            sums.append(float(sum(counts[one] for one in hidden if one[0] == row)))
    if counts.shape[0] > 1:
        for column in range(counts.shape[1]):
            mine = [1.0 if one[1] == column else 0.0 for one in hidden]
            if any(mine):
                rows.append(mine)
                sums.append(float(sum(counts[one] for one in hidden if one[1] == column)))
    for one in small:
        aim = np.array([1.0 if other == one else 0.0 for other in hidden])
        ends = [
            linprog(sign * aim, A_eq=rows, b_eq=sums, bounds=(0, None), method="highs").fun
            for sign in (1, -1)
        ]
        assert ends[0] <= 1.001 and -ends[1] >= guard.smallest_shown - 1.001, (counts, one)


def test_one_small_answer_takes_another_with_it():
    cells = Guard(public=False).line([3, 40, 200])
    assert [one.kind for one in cells] == [Kind.HIDDEN, Kind.HIDDEN, Kind.NUMBER]
    assert total_of(cells).value == 200


@pytest.mark.parametrize(("public", "fewest"), [(False, 10), (True, 25)])
def test_special_categories_are_shown_only_from_many_alike(public, fewest):
    cells = Guard(public=public, special=True).line([fewest - 1, fewest + 50, 500, 0, 30])
    assert cells[0].kind is Kind.TOO_FEW and cells[3].kind is Kind.TOO_FEW
    assert cells[2].kind is Kind.NUMBER


def test_a_special_category_among_few_people_is_not_shown_at_all():
    cells = Guard(public=False, special=True).line([12, 11])
    assert all(one.kind is Kind.TOO_FEW for one in cells)


def test_outside_the_owner_counts_are_rounded_to_five():
    cells = Guard(public=True).line([12, 48, 203])
    assert [one.value for one in cells] == [10, 50, 205]
