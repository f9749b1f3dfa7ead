"""What may be shown of counts, and what a reader could work out: attacked by linear programming."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.disclosure.attack import reachable
from folkmoot.core.disclosure.published import (
    HIDDEN,
    PUBLIC,
    TOO_FEW,
    ZERO,
    Kind,
    Published,
    Rule,
    published_count,
    published_special,
    rebuilt_total,
)
from folkmoot.core.disclosure.releases import telling_differences
from folkmoot.core.disclosure.tables import as_published, protected, unnamed_totals
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.wording.protect import count_sentence, counts_chart, table_sentence


def number(value):
    return Published(Kind.NUMBER, value)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, ZERO), (1, HIDDEN), (7, HIDDEN), (8, number(10)), (12, number(10)), (13, number(15))],
)
def test_seven_and_under_are_hidden_and_the_rest_rounded_to_five(count, shown):
    assert PUBLIC.shows(count) == shown


def test_a_hidden_count_is_never_shown_as_zero():
    assert HIDDEN.as_json() == "hidden" and ZERO.as_json() == 0 and number(1200).as_json() == 1200
    assert str(number(1200)) == "1,200" and str(HIDDEN) == "hidden" and str(ZERO) == "0"
    assert Rule(threshold=2, base=10).shows(4) == HIDDEN  # rounded it would read as a true zero
    assert Rule(threshold=2, base=10).shows(5) == number(10)


@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 30), st.booleans())
def test_every_count_lies_in_the_range_that_its_shown_form_tells(count, threshold, base, zeros_shown):
    rule = Rule(threshold=threshold, base=base, zeros_shown=zeros_shown)
    shown = rule.shows(count)
    low, high = rule.range_of(shown)
    assert low <= count <= high
    assert (shown.kind is Kind.NUMBER) == (count > rule.largest_hidden)
    assert shown != number(0)
    assert as_published(shown.as_json()) == shown


def test_inside_an_organisation_counts_under_five_are_hidden_and_the_rest_exact():
    assert [published_count(n, public=False) for n in (0, 4, 5, 13)] == [ZERO, HIDDEN, number(5), number(13)]
    assert published_count(13, public=True) == number(15)


def test_special_categories_are_shown_only_in_large_groups_and_otherwise_without_the_count():
    assert published_special(24, of=500, public=True) == TOO_FEW
    assert published_special(25, of=500, public=True) == number(25)
    assert published_special(0, of=500, public=True) == TOO_FEW
    assert published_special(9, of=25, public=False) == TOO_FEW
    assert published_special(10, of=24, public=False) == TOO_FEW
    assert published_special(10, of=25, public=False) == number(10)
    with pytest.raises(CannotAnalyse):
        published_special(10, of=9, public=True)


def test_a_total_adds_up_what_is_shown_and_never_reads_as_a_true_zero_when_something_is_hidden():
    assert rebuilt_total([number(10), HIDDEN, number(15), ZERO]) == number(25)
    assert rebuilt_total([HIDDEN, ZERO]) == HIDDEN
    assert rebuilt_total([ZERO, ZERO]) == ZERO


TABLES = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).poisson(
        np.random.default_rng(seed + 1).gamma(0.7, 12, (seed % 4 + 2, seed // 7 % 4 + 2))
    )
)


def ranges(table):
    both = [[table.rule.range_of(cell) for cell in row] for row in table.cells]
    hidden = np.array([[cell.kind is Kind.HIDDEN for cell in row] for row in table.cells])
    return np.array(both)[..., 0].astype(float), np.array(both)[..., 1].astype(float), hidden


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_an_attack_on_a_protected_table_leaves_every_hidden_cell_open_from_0_to_7(counts):
    table = protected(counts, rule=PUBLIC)
    low, high, hidden = ranges(table)
    least, most = reachable(low, high, wanted=hidden)
    assert (least[hidden] <= 1e-9).all() and (most[hidden] >= 7 - 1e-9).all()
    for row, total in zip(table.cells, table.row_totals, strict=True):
        assert (total.value or 0) == sum(cell.value or 0 for cell in row)
    assert (table.total.value or 0) == sum(total.value or 0 for total in table.column_totals)


@settings(max_examples=25, deadline=None)
@given(TABLES, st.integers(0, 2**31))
def test_two_tables_that_differ_only_in_what_is_hidden_are_published_alike(counts, seed):
    other = counts.copy()
    hidden = (counts > 0) & (counts <= 7)
    other[hidden] = np.random.default_rng(seed).integers(1, 8, hidden.sum())
    assert protected(counts, rule=PUBLIC) == protected(other, rule=PUBLIC)


@pytest.mark.parametrize("told", ["exact", "rounded"])
def test_the_attack_does_find_hidden_cells_when_true_totals_are_told(told):
    counts = np.array([[7, 12, 100], [30, 40, 0], [0, 12, 25]])
    low, high, hidden = ranges(protected(counts, rule=PUBLIC))
    true = counts.sum(axis=1).astype(float)
    if told == "rounded":
        rounded = (true + 2) // 5 * 5
        sums = (rounded - 2, rounded + 2)
    else:
        sums = (true, true)
    least, _ = reachable(low, high, wanted=hidden, row_sums=sums)
    assert least[0, 0] > 0
    with pytest.raises(CannotAnalyse, match="contradicts"):
        reachable(low, high, wanted=hidden, column_sums=(true * 9, true * 9), total=(0.0, 5.0))


def test_totals_under_another_name_are_found_by_adding_up():
    counts = np.array([[3, 40, 43, 9], [12, 9, 21, 8], [100, 31, 131, 7], [5, 5, 10, 2]])
    assert unnamed_totals(np.ascontiguousarray(counts.T)) == {2: (0, 2)}
    assert unnamed_totals(counts) == {}
    assert unnamed_totals(np.array([[1, 2, 3], [1, 2, 3], [0, 0, 0]])) == {}  # a copy is no total


def test_a_small_change_between_two_releases_is_found():
    earlier = np.array([[120, 3, 0, 50, 7]])
    later = np.array([[125, 5, 4, 90, 8]])
    found = {
        (part.row, part.column): (part.low, part.high)
        for part in telling_differences(earlier, later, rule=PUBLIC)
    }
    assert found == {(0, 0): (1, 9), (0, 4): (1, 12)}
    assert telling_differences(earlier, earlier, rule=PUBLIC) == ()
    assert telling_differences(later, earlier, rule=PUBLIC)  # a small fall tells as much
    with pytest.raises(CannotAnalyse, match="same cells"):
        telling_differences(earlier, later[:, :2], rule=PUBLIC)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.integers(0, 2**31))
def test_whatever_change_is_let_through_is_large_or_open_from_0_to_7(counts, seed):
    later = counts + np.random.default_rng(seed).integers(0, 12, counts.shape)
    telling = {(part.row, part.column) for part in telling_differences(counts, later, rule=PUBLIC)}
    for cell in np.ndindex(counts.shape):
        change = int(later[cell] - counts[cell])
        if cell in telling or change == 0 or change > 7:
            continue
        before, after = (PUBLIC.range_of(PUBLIC.shows(int(table[cell]))) for table in (counts, later))
        assert after[0] - before[1] <= 0 and after[1] - before[0] >= 7


@pytest.mark.parametrize("rule", [{"threshold": 0}, {"base": 0}, {"base": 10**7}])
def test_a_rule_that_protects_nothing_or_shows_nothing_is_refused(rule):
    with pytest.raises(CannotAnalyse):
        Rule(**rule)


def test_no_count_is_below_zero_or_beyond_counting():
    for wrong in (np.array([[-1]]), np.array([[10**16]]), np.zeros((0, 2), dtype=int)):
        with pytest.raises(CannotAnalyse):
            protected(wrong, rule=PUBLIC)


def test_sentences_say_hidden_and_none_apart():
    assert count_sentence(ZERO, things="answers", rule=PUBLIC) == "no answers"
    assert "hidden because it is 7 or under" in count_sentence(HIDDEN, things="answers", rule=PUBLIC)
    assert count_sentence(TOO_FEW, things="answers", rule=PUBLIC) == "too few answers to say"
    assert count_sentence(number(20), things="answers", rule=PUBLIC) == "20 or so answers"
    table = protected(np.array([[3, 20]]), rule=PUBLIC)
    assert table_sentence(table).startswith("1 count of 7 or under is hidden")
    assert counts_chart(["a", "b"], list(table.cells[0])) == [
        {"name": "a", "shown": "hidden"},
        {"name": "b", "shown": "number", "value": 20},
    ]
