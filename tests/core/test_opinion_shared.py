"""Does a shared characteristic mean a shared view? Reference table, hand counts, planted truths."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion import interval, pairs, permutation
from folkmoot.core.opinion.disagreement import agreement_within_and_between, disagreement, raw_share_explained
from folkmoot.core.opinion.shared import shared_view
from folkmoot.core.opinion.votes import votes_from_matrix
from folkmoot.core.wording.opinion import caveats, shared_view_sentence, view_chart


def view_of(matrix, level, *, seed=1, **options):
    votes = votes_from_matrix(np.asarray(matrix), statements=[str(j) for j in range(len(matrix[0]))])
    return shared_view(
        votes,
        characteristic="side",
        level=np.asarray(level),
        names=("left", "right"),
        rng=np.random.default_rng(seed),
        **options,
    )


def london(corpus, statement):
    """The other 24 statements' votes and one statement as characteristic, read without the product."""
    rows = list(csv.reader((corpus / "polis/london.youth.policing/participants-votes.csv").open()))
    column = {name: position for position, name in enumerate(rows[0])}
    about = {1, *range(4, 15)}
    names = [name for name in rows[0] if name.isdigit() and int(name) not in about]
    code = {"1": 0, "-1": 1, "0": 2, "": -1}
    matrix = np.array([[code[row[column[name]]] for name in names] for row in rows[1:]])
    level = np.array([{"1": 0, "-1": 1}.get(row[column[str(statement)]], -1) for row in rows[1:]])
    return votes_from_matrix(matrix, statements=names), level


@pytest.mark.parametrize(
    ("statement", "people", "used", "share", "high", "p", "agreement"),
    [
        (1, (9, 11), 20, -0.024059, 0.0551, 0.89, (0.674623, 0.681828, 0.659463)),
        (5, (9, 12), 18, 0.003265, 0.0590, 0.38, (0.564769, 0.655291, 0.746640)),
        (6, (11, 10), 19, 0.021094, 0.0780, 0.15, (0.760667, 0.667055, 0.599174)),
    ],
)
def test_the_london_conversation_gives_the_reference_table(
    corpus, statement, people, used, share, high, p, agreement
):
    votes, level = london(corpus, statement)
    assert len(votes) == 355
    view = shared_view(
        votes,
        characteristic=str(statement),
        level=level,
        names=("yes", "no"),
        rng=np.random.default_rng(1),
        permutations=1999,
    )
    yes, no = view.levels
    assert (yes.people, no.people) == people and view.statements_used == used
    assert round(view.share, 6) == share
    assert view.interval[0] == 0 and round(view.interval[1], 4) == high
    assert tuple(round(value, 6) for value in (yes.within, yes.between, no.within)) == agreement
    assert yes.between == no.between and abs(view.p_value - p) < 0.03
    assert view.cannot_say and "cannot say" in shared_view_sentence(view)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000))
def test_the_share_equals_counting_every_pair_of_different_people(seed):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-1, 3, size=(9, 4))
    level = rng.integers(0, 3, size=9)
    votes = votes_from_matrix(matrix, statements=list("abcd"))
    found = disagreement(votes.counts(level, levels=3))
    total = within = 0.0
    for j in range(4):
        seen = [i for i in range(9) if matrix[i, j] >= 0]
        kept = [g for g in range(3) if sum(level[i] == g for i in seen) >= 2]
        if len(kept) < 2:
            continue
        seen = [i for i in seen if level[i] in kept]
        differ = [matrix[i, j] != matrix[k, j] for i, k in itertools.combinations(seen, 2)]
        total += len(seen) * np.mean(differ)
        for g in kept:
            mine = [i for i in seen if level[i] == g]
            within += len(mine) * np.mean(
                [matrix[i, j] != matrix[k, j] for i, k in itertools.combinations(mine, 2)]
            )
    assert found.total.sum() == pytest.approx(total) and found.within.sum() == pytest.approx(within)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_the_jackknife_equals_leaving_each_person_out(seed):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-1, 3, size=(12, 5))
    level = np.arange(12) % 2
    votes = votes_from_matrix(matrix, statements=list("abcde"))
    found = disagreement(votes.counts(level, levels=2))
    if not found.total.sum() > 0:
        return
    voted = (matrix[:, found.used] >= 0).any(axis=1)
    expected = 0.0
    for one in range(2):
        values = []
        for person in np.flatnonzero((level == one) & voted):
            rest = np.arange(12) != person
            left = disagreement(votes.of(rest).counts(level[rest], levels=2))
            values.append(float(left.share_explained) if left.total.sum() > 0 else 0.0)
        if len(values) > 1:
            expected += (len(values) - 1) / len(values) * np.sum((np.array(values) - np.mean(values)) ** 2)
    assert interval.jackknife_variance(votes, level, levels=2, found=found) == pytest.approx(expected)


def test_agreement_by_hand():
    # two statements: left agrees throughout on the first; nobody agrees with the other side on it
    matrix = [[0, 0], [0, 1], [1, 0], [1, 1]]
    votes = votes_from_matrix(np.array(matrix), statements=["a", "b"])
    found = disagreement(votes.counts(np.array([0, 0, 1, 1]), levels=2))
    within, between = agreement_within_and_between(found)
    assert within.tolist() == [0.5, 0.5] and between.tolist() == [0.25, 0.25]
    assert raw_share_explained(found) == 0.5 and float(found.share_explained) == pytest.approx(0.25)


def test_a_characteristic_that_explains_nothing_gives_uniform_p_values():
    rng = np.random.default_rng(5)
    values = []
    for run in range(200):
        matrix = rng.integers(0, 3, size=(24, 10))
        matrix[rng.random(matrix.shape) < 0.4] = -1
        values.append(view_of(matrix, np.arange(24) % 3 == 0, seed=run, permutations=99).p_value)
    values = np.sort(values)
    steps = np.abs(values - (np.arange(1, 201) - 0.5) / 200).max()
    assert steps < 1.63 / np.sqrt(200) + 0.01  # Kolmogorov's 1 % limit, and the steps of 1/100
    assert 0.01 <= np.mean(values <= 0.05) <= 0.10


def planted(rng, people, statements, share_left=0.5, apart=0.8):
    """Answers to which the side matters; the expected share explained follows from the chances."""
    left = int(people * share_left)
    level = np.repeat([0, 1], [left, people - left])
    lean = np.where(rng.random(statements) < 0.5, 0.5 + apart / 2, 0.5 - apart / 2)
    chance = np.where(level[:, None] == 0, lean, 1 - lean)
    matrix = (rng.random((people, statements)) < chance).astype(int)
    inside = 2 * lean * (1 - lean)
    across = lean**2 + (1 - lean) ** 2
    n, m = left, people - left
    whole = (n * (n - 1) + m * (m - 1)) * inside + 2 * n * m * across
    truth = 1 - (people * inside).sum() / (people * whole / (people * (people - 1))).sum()
    return matrix, level, truth


def test_a_characteristic_that_explains_half_is_found():
    matrix, level, truth = planted(np.random.default_rng(2), 40, 12, apart=0.7)
    view = view_of(matrix, level, permutations=199)
    assert 0.45 < truth < 0.55
    assert view.p_value == 1 / 200 and view.interval[0] > 0.2 and not view.cannot_say
    assert view.interval[0] < truth < view.interval[1]
    assert "goes with part of the disagreement" in shared_view_sentence(view)


@pytest.mark.parametrize(("people", "share_left", "apart"), [(20, 0.5, 0.3), (50, 0.2, 0.15), (60, 0.5, 0.0)])
def test_the_interval_covers_the_planted_share(people, share_left, apart):
    rng = np.random.default_rng(11)
    covered = []
    for _ in range(120):
        matrix, level, truth = planted(rng, people, 15, share_left, apart)
        votes = votes_from_matrix(matrix, statements=[str(j) for j in range(15)])
        found = disagreement(votes.counts(level, levels=2))
        low, high = interval.interval_of_share(votes, level, levels=2, found=found, rng=rng)
        covered.append(low <= truth + 1e-12 and truth <= high)
    assert np.mean(covered) >= 0.91  # 95 % less two and a half errors of 120 runs


def test_levels_with_fewer_than_five_recorded_are_refused():
    matrix, level, _ = planted(np.random.default_rng(3), 24, 8)
    with pytest.raises(CannotAnalyse, match="at least 5 people"):
        view_of(matrix, np.where(np.arange(24) < 4, 0, 1))
    matrix[:8] = -1  # there, but without a vote: not recorded
    with pytest.raises(CannotAnalyse, match="at least 5 people"):
        view_of(matrix, level)


def test_a_small_third_level_is_left_out_and_named():
    matrix, level, _ = planted(np.random.default_rng(3), 24, 8)
    three = level.copy()
    three[:3] = 2
    votes = votes_from_matrix(matrix, statements=list("abcdefgh"))
    view = shared_view(
        votes,
        characteristic="side",
        level=three,
        names=("left", "right", "middle"),
        rng=np.random.default_rng(1),
        permutations=99,
    )
    assert [one.level for one in view.levels] == ["left", "right"]
    assert view.refused[0].part == "side: middle"


def test_three_levels_and_their_names_order_do_not_matter():
    rng = np.random.default_rng(8)
    matrix = rng.integers(-1, 3, size=(30, 9))
    level = np.arange(30) % 3
    votes = votes_from_matrix(matrix, statements=[str(j) for j in range(9)])
    shares = set()
    for order in itertools.permutations(range(3)):
        found = disagreement(votes.counts(np.array(order)[level], levels=3))
        ends = interval.interval_of_share(
            votes, np.array(order)[level], levels=3, found=found, rng=np.random.default_rng(1)
        )
        shares.add((round(float(found.share_explained), 12), round(ends[0], 5), round(ends[1], 5)))
    assert len(shares) == 1


def test_a_characteristic_of_very_many_levels_is_refused():
    level = np.arange(300) % 60
    votes = votes_from_matrix(np.random.default_rng(1).integers(0, 2, size=(300, 3)), statements=list("abc"))
    with pytest.raises(CannotAnalyse, match="60 levels"):
        shared_view(
            votes,
            characteristic="street",
            level=level,
            names=tuple(map(str, range(60))),
            rng=np.random.default_rng(1),
        )


def test_nobody_disagreeing_is_nothing_to_explain():
    with pytest.raises(CannotAnalyse, match="nobody disagrees"):
        view_of(np.zeros((12, 3), dtype=int), np.arange(12) % 2)


def test_without_disagreement_inside_levels_the_interval_is_refused_but_not_the_share():
    level = np.arange(12) % 2
    view = view_of(np.repeat(level[:, None], 3, axis=1), level)
    assert view.share == 1.0 and view.interval is None and view.p_value < 0.01
    assert view.refused[0].part == "side: interval"


def test_drawing_a_part_of_many_people_changes_the_interval_little(monkeypatch):
    matrix, level, _ = planted(np.random.default_rng(4), 300, 20, apart=0.2)
    whole = view_of(matrix, level, permutations=99)
    for module in (pairs, permutation):
        monkeypatch.setattr(module, "MOST_PAIRED", 200)
    drawn = view_of(matrix, level, permutations=99)
    assert drawn.share == whole.share and drawn.p_value == whole.p_value == 0.01
    assert drawn.interval == pytest.approx(whole.interval, abs=0.01)


def test_the_same_seed_gives_the_same_answer():
    matrix = np.random.default_rng(9).integers(-1, 3, size=(30, 6))
    level = np.arange(30) % 2
    assert view_of(matrix, level) == view_of(matrix, level)


def test_a_narrow_interval_around_nothing_says_so():
    rng = np.random.default_rng(6)
    view = view_of(rng.integers(0, 2, size=(400, 12)), np.arange(400) % 2, permutations=99)
    assert view.interval[1] < view.matters and not view.cannot_say
    assert "share hardly more than others" in shared_view_sentence(view)


def test_the_caveats_name_the_unclear_ones_and_count_the_tries():
    rng = np.random.default_rng(6)
    views = tuple(view_of(rng.integers(0, 2, size=(20, 5)), np.arange(20) % 2) for _ in range(2))
    said = " ".join(caveats(None, views))
    assert "2 characteristics were tried" in said and "cannot say" in said
    assert len(view_chart(views)) == 2
