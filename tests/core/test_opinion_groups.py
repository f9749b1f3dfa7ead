"""Groups of opinion and statements: planted groups are found, noise makes none."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion.groups import adjusted_rand, opinion_groups
from folkmoot.core.opinion.statements import statement_answers
from folkmoot.core.opinion.votes import votes_from_matrix
from folkmoot.core.reach.shares import cautious_wilson
from folkmoot.core.wording.opinion import no_groups_sentence, statement_chart, statement_sentence


def votes_of(matrix):
    return votes_from_matrix(np.asarray(matrix), statements=[str(j) for j in range(len(matrix[0]))])


def planted(seed, people, statements, groups, *, filled, apart):
    rng = np.random.default_rng(seed)
    member = np.arange(people) % groups
    lean = np.clip(0.5 + apart * rng.choice([-0.5, 0.5], size=(groups, statements)), 0.02, 0.98)
    matrix = (rng.random((people, statements)) < lean[member]).astype(int)
    matrix[rng.random(matrix.shape) < 0.1] = 2
    matrix[rng.random(matrix.shape) > filled] = -1
    return matrix, member


@pytest.mark.parametrize("groups", [2, 3])
def test_planted_groups_are_found_with_half_the_votes_missing(groups):
    matrix, member = planted(1, 120, 40, groups, filled=0.5, apart=0.8)
    found = opinion_groups(votes_of(matrix), rng=np.random.default_rng(1))
    assert len(found.sizes) == groups and found.stable
    assert adjusted_rand(found.member, member) > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_noise_makes_no_groups(seed):
    matrix, _ = planted(seed, 100, 30, 1, filled=0.5, apart=0.4)
    found = opinion_groups(votes_of(matrix), rng=np.random.default_rng(seed))
    assert not found.stable
    assert "no stable groups" in no_groups_sentence(found)


def test_groups_below_the_stability_asked_for_are_not_stable():
    matrix, _ = planted(1, 120, 40, 2, filled=0.5, apart=0.8)
    found = opinion_groups(votes_of(matrix), rng=np.random.default_rng(1), threshold=0.9999)
    assert not found.stable and "adjusted Rand" in no_groups_sentence(found)


def test_a_missing_vote_is_not_an_answer():
    """Who was shown which half of the statements makes no group."""
    rng = np.random.default_rng(3)
    matrix = rng.integers(0, 2, size=(100, 40))
    matrix[:50, :18] = -1
    matrix[50:, 22:] = -1
    assert not opinion_groups(votes_of(matrix), rng=np.random.default_rng(1)).stable


def test_people_without_a_vote_are_in_no_group():
    matrix, _ = planted(1, 60, 30, 2, filled=0.8, apart=0.9)
    matrix[0] = -1
    found = opinion_groups(votes_of(matrix), rng=np.random.default_rng(1))
    assert found.member[0] == -1 and sum(found.sizes) == 59 and (found.member[1:] >= 0).all()


def test_too_few_people_are_refused():
    with pytest.raises(CannotAnalyse, match="at least 20 people"):
        opinion_groups(votes_of(np.zeros((19, 5), dtype=int)), rng=np.random.default_rng(1))


def test_adjusted_rand_by_hand():
    one = np.array([0, 0, 1, 1])
    assert adjusted_rand(one, 1 - one) == 1.0
    assert adjusted_rand(one, np.array([0, 1, 0, 1])) == pytest.approx(-0.5)
    # Hubert and Arabie's formula: pairs 2, rows 6, columns 7, of 15
    assert adjusted_rand(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])) == pytest.approx(
        (2 - 6 * 3 / 15) / ((6 + 3) / 2 - 6 * 3 / 15)
    )


def test_a_statements_agreement_has_an_interval_that_keeps_its_level_and_counts_passes():
    matrix = np.array([[0]] * 6 + [[1]] * 3 + [[2]] + [[-1]] * 4)
    (one,) = statement_answers(votes_of(matrix))
    assert (one.overall.agree, one.overall.disagree, one.overall.passed, one.overall.voters) == (6, 3, 1, 10)
    assert (one.overall.agreement.low, one.overall.agreement.high) == cautious_wilson(6, whole=10)
    assert "6 of 10 who voted agree" in statement_sentence(one)


def test_consensus_needs_every_group_and_division_needs_opposite_sides():
    member = np.repeat([0, 1], 30)
    everybody = np.zeros(60, dtype=int)
    opposite = member.copy()
    one_unsure = np.where((member == 1) & (np.arange(60) % 2 == 0), 1, 0)
    found = statement_answers(
        votes_of(np.stack([everybody, opposite, one_unsure], axis=1)), member=member, groups=2
    )
    assert [one.consensus for one in found] == ["agree", None, None]
    assert [one.divisive for one in found] == [False, True, False]
    assert [bar["group"] for bar in statement_chart(found[1])] == [None, "A", "B"]


def test_without_groups_a_statement_divides_when_both_sides_are_large_beyond_doubt():
    halves = np.repeat([0, 1], 40)
    few = np.repeat([0, 1], [3, 77])
    found = statement_answers(votes_of(np.stack([halves, few], axis=1)))
    assert [one.divisive for one in found] == [True, False]
    assert found[1].consensus == "disagree"


def test_a_group_with_fewer_than_five_voters_is_left_out_of_a_statement():
    member = np.repeat([0, 1], [20, 4])
    (one,) = statement_answers(votes_of(np.zeros((24, 1), dtype=int)), member=member, groups=2)
    assert [part.group for part in one.by_group] == [0]
