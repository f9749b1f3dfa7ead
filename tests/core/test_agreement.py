"""Agreement on spans and on ratings: reference values, and every character counted one by one as the oracle."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.agreement.compare import compare_coders
from folkmoot.core.agreement.krippendorff import krippendorff_alpha, krippendorff_interval, ratings_matrix
from folkmoot.core.agreement.spans import Coding, codings_from_rows, in_characters, in_passages, in_turns
from folkmoot.core.agreement.student import student_quantile
from folkmoot.core.errors import BadImport, CannotAnalyse
from folkmoot.core.wording.agreement import agreement_chart, agreement_sentence, disagreement_sentence

MISSING = np.nan


def two_coders(a, b, length=1000):
    rows = [Coding("d", "A", "x", *a), Coding("d", "B", "x", *b) if b else Coding("d", "B")]
    codings = codings_from_rows(rows, lengths={"d": length})
    return codings, compare_coders(codings, units=in_characters(codings))


@pytest.mark.parametrize(
    ("a", "b", "kappa"),
    [
        ((0, 500), (250, 750), 0.0),
        ((0, 100), (50, 150), 4 / 9),
        ((0, 100), (100, 200), -1 / 9),
        ((0, 100), None, 0.0),
        ((0, 100), (0, 100), 1.0),
    ],
)
def test_cohens_kappa_on_characters_counts_uncoded_text(a, b, kappa):
    _, found = two_coders(a, b)
    assert found.overall.estimate == pytest.approx(kappa, abs=1e-12)
    assert found.by_code[0].estimate == pytest.approx(kappa, abs=1e-12)


def test_one_document_tells_nothing_about_the_error_and_that_is_said():
    _, found = two_coders((0, 100), (50, 150))
    assert found.overall.interval is None
    assert {part.part for part in found.refused} == {"interval of code “x”", "interval of overall"}
    assert "cannot tell" in agreement_sentence(found.overall, measure="kappa", unit="character")


def test_disagreements_name_who_coded_and_who_did_not():
    _, found = two_coders((0, 100), (50, 150))
    assert [(d.start, d.end, d.coders, d.others) for d in found.disagreements] == [
        (0, 50, ("A",), ("B",)),
        (100, 150, ("B",), ("A",)),
    ]
    assert "A gave the code “x”, B did not" in disagreement_sentence(found.disagreements[0])


def test_a_code_that_everybody_gave_everywhere_has_no_estimate():
    rows = [Coding("d", c, "all", 0, 50) for c in "AB"] + [
        Coding("d", "A", "x", 0, 5),
        Coding("d", "B", "x", 0, 5),
    ]
    codings = codings_from_rows(rows, lengths={"d": 50})
    found = compare_coders(codings, units=in_characters(codings))
    assert [row.code for row in found.by_code] == ["x"]
    assert found.refused[0].part == "code “all”" and found.overall.estimate == pytest.approx(1.0)


def test_a_document_that_a_coder_did_not_read_is_left_out_when_rows_say_who_read():
    rows = [Coding("d", "A", "x", 0, 10), Coding("d", "B", "x", 0, 10), Coding("e", "A", "x", 0, 10)]
    lengths = {"d": 100, "e": 100}
    everyone = codings_from_rows(rows, lengths=lengths)
    readers = codings_from_rows(rows, lengths=lengths, read_all=False)
    assert everyone.silent == readers.silent == 1
    assert compare_coders(everyone, units=in_characters(everyone)).overall.estimate < 0.8
    for measure in ("kappa", "fleiss", "ac1", "alpha"):
        found = compare_coders(readers, units=in_characters(readers), measure=measure)
        assert found.overall.estimate == pytest.approx(1.0) and found.overall.units == 100
        assert found.disagreements == ()


def test_a_coder_without_any_row_coded_nothing():
    codings = codings_from_rows([Coding("d", "A", "x", 0, 10)], lengths={"d": 100}, coders=["B"])
    assert compare_coders(codings, units=in_characters(codings)).overall.estimate == 0.0
    with pytest.raises(CannotAnalyse, match="two coders; there is only “A”"):
        codings_from_rows([Coding("d", "A", "x", 0, 10)], lengths={"d": 100})


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (Coding("d", "A", "x", 9, 3), "row 3, column “end”: the span ends before it starts"),
        (Coding("d", "A", "x", 9, 101), "row 3, column “end”: the span ends after the end"),
        (Coding("d", "A", "x", -1, 4), "row 3, column “start”: below 0"),
        (Coding("d", "A", None, 2, 4), None),
    ],
)
def test_a_bad_span_is_refused_with_its_row(row, sentence):
    rows = [Coding("d", "B", "x", 0, 4), row]
    if sentence is None:
        codings_from_rows(rows, lengths={"d": 100})
        return
    with pytest.raises(BadImport, match=sentence):
        codings_from_rows(rows, lengths={"d": 100})


# --- the oracle: one cell per character --------------------------------------------------------------------

ROWS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 3), st.integers(0, 1), st.integers(0, 12), st.integers(0, 12)
    ),
    min_size=1,
    max_size=25,
)


def read_out(rated, measure):
    """(agreement, expected) of a (coders, units) array of 0/1, by the textbook, unit by unit."""
    coders = len(rated)
    pairs = list(itertools.combinations(range(coders), 2))
    observed = np.mean([(rated[i] == rated[j]).mean() for i, j in pairs])
    share = rated.mean()
    if measure == "kappa":
        p = rated.mean(axis=1)
        return observed, np.mean([p[i] * p[j] + (1 - p[i]) * (1 - p[j]) for i, j in pairs])
    if measure == "fleiss":
        return observed, share**2 + (1 - share) ** 2
    if measure == "ac1":
        return observed, 2 * share * (1 - share)
    n = rated.size
    return observed, 1 - 2 * rated.sum() * (n - rated.sum()) / (n * (n - 1))


@settings(max_examples=150, deadline=None)
@given(
    ROWS,
    st.sampled_from(["kappa", "fleiss", "ac1", "alpha"]),
    st.sampled_from(["character", "passage", "turn"]),
)
def test_every_measure_and_unit_equals_counting_one_by_one(rows, measure, unit):
    lengths = {"d0": 12, "d1": 12, "d2": 12}
    rows = [(d, c, k, min(a, b), max(a, b)) for d, c, k, a, b in rows]
    codings = codings_from_rows(
        [Coding(f"d{d}", f"c{c}", f"k{k}", a, b) for d, c, k, a, b in rows],
        lengths=lengths,
        coders=[f"c{c}" for c in range(4)],
    )
    documents = [int(name[1]) for name in codings.documents]
    codes = [int(name[1]) for name in codings.codes]
    applied = np.zeros((len(codes), 4, len(documents), 12), dtype=int)
    for d, c, k, a, b in rows:
        applied[codes.index(k), c, documents.index(d), a:b] = 1
    if unit == "character":
        units, pieces = (
            in_characters(codings),
            [(d, i, i + 1) for d in range(len(documents)) for i in range(12)],
        )
    elif unit == "passage":
        units, pieces = in_passages(codings), []
        for d in range(len(documents)):
            cuts = sorted(
                {0, 12}
                | {cut for row in rows if row[0] == documents[d] and row[3] < row[4] for cut in row[3:]}
            )
            pieces += [(d, a, b) for a, b in itertools.pairwise(cuts)]
    else:
        turns = [(d, a, b) for d in range(len(documents)) for a, b in ((0, 3), (3, 4), (6, 12))]
        columns = np.array(turns)
        units, pieces = (
            in_turns(codings, document=columns[:, 0], start=columns[:, 1], end=columns[:, 2]),
            turns,
        )
    rated = np.stack([applied[:, :, d, a:b].max(axis=2) for d, a, b in pieces], axis=2)
    wanted = [read_out(table, measure) for table in rated]
    try:
        found = compare_coders(codings, units=units, measure=measure, replicates=200)
    except CannotAnalyse:
        raise AssertionError("there are units to compare") from None
    figures = {row.code: row for row in found.by_code}
    for k, (observed, expected) in zip(codes, wanted, strict=True):
        if 1 - expected < 1e-12:
            assert f"k{k}" not in figures
            continue
        assert figures[f"k{k}"].agreement == pytest.approx(observed, abs=1e-9)
        assert figures[f"k{k}"].estimate == pytest.approx((observed - expected) / (1 - expected), abs=1e-9)
        assert figures[f"k{k}"].units == len(pieces)
    if found.overall is not None:
        observed, expected = np.mean(wanted, axis=0)
        assert found.overall.estimate == pytest.approx((observed - expected) / (1 - expected), abs=1e-9)
        assert len(agreement_chart(found)) == len(found.by_code) + 1
    listed = np.zeros_like(applied)
    for row in found.disagreements:
        k, d = codes.index(int(row.code[1])), documents.index(int(row.document[1]))
        for name in row.coders:
            listed[k, int(name[1]), d, row.start : row.end] += 1
        assert len(row.coders) + len(row.others) == 4
    shown = np.zeros_like(applied)
    for index, (d, a, b) in enumerate(pieces):
        for k in range(len(codes)):
            if 0 < rated[k, :, index].sum() < 4:
                shown[k, :, d, a:b] = rated[k, :, index][:, None]
    assert np.array_equal(listed, shown)


def test_more_coders_than_one_word_of_bits_are_told_apart():
    rows = [Coding("d", f"c{i:03}", "x", i, i + 70) for i in range(130)]
    codings = codings_from_rows(rows, lengths={"d": 300})
    found = compare_coders(codings, units=in_characters(codings), measure="fleiss")
    rated = np.array([[i <= place < i + 70 for place in range(300)] for i in range(130)]).astype(int)
    observed, expected = read_out(rated, "fleiss")
    assert found.overall.estimate == pytest.approx((observed - expected) / (1 - expected), abs=1e-9)


def test_turns_that_overlap_are_refused():
    codings = codings_from_rows([Coding("d", "A", "x", 0, 9), Coding("d", "B")], lengths={"d": 10})
    with pytest.raises(CannotAnalyse, match="overlap"):
        in_turns(codings, document=np.array([0, 0]), start=np.array([0, 4]), end=np.array([5, 9]))


def test_text_outside_all_turns_is_counted():
    codings = codings_from_rows([Coding("d", "A", "x", 0, 2), Coding("d", "B", "x", 7, 9)], lengths={"d": 10})
    units = in_turns(codings, document=np.array([0]), start=np.array([5]), end=np.array([9]))
    assert units.outside == 6 and units.untouched == 1


# --- errors ------------------------------------------------------------------------------------------------


def simulated(random, documents):
    rows, lengths = [], {}
    for d in range(documents):
        lengths[f"d{d:03}"] = 5000
        for start in range(0, 5000, 1000):
            span = (start, start + int(random.integers(100, 400)))
            for coder in "AB":
                if random.random() < 0.75:
                    rows.append(Coding(f"d{d:03}", coder, "x", *span))
        rows += [Coding(f"d{d:03}", coder) for coder in "AB"]
    return codings_from_rows(rows, lengths=lengths)


@pytest.mark.parametrize("measure", ["kappa", "alpha"])
@pytest.mark.parametrize("documents", [5, 20])
def test_intervals_cover_the_truth_about_as_often_as_they_say(measure, documents):
    random = np.random.default_rng(documents)
    large = simulated(random, 4000)
    truth = compare_coders(large, units=in_characters(large), measure="kappa").overall.estimate
    hits, runs = 0, 150
    for _ in range(runs):
        codings = simulated(random, documents)
        found = compare_coders(codings, units=in_characters(codings), measure=measure, replicates=300).overall
        hits += found.interval.low <= truth <= found.interval.high
    assert hits / runs >= 0.90  # 93 % or more, less the error of 150 runs


def test_the_same_seed_gives_the_same_interval():
    codings = simulated(np.random.default_rng(1), 8)
    one, other = (
        compare_coders(codings, units=in_characters(codings), measure="alpha", seed=4) for _ in range(2)
    )
    assert one.overall.interval == other.overall.interval


def test_where_no_document_differs_the_error_is_refused():
    rows = [Coding(f"d{d}", coder, "x", 0, 10) for d in range(12) for coder in "AB"]
    codings = codings_from_rows(rows, lengths={f"d{d}": 100 for d in range(12)})
    found = compare_coders(codings, units=in_characters(codings))
    assert found.overall.estimate == 1 and found.overall.interval is None


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.706204736), (5, 2.570581836), (30, 2.042272456)])
def test_students_quantile_is_the_tabulated_one(freedom, t):
    assert student_quantile(freedom, 0.95) == pytest.approx(t, abs=1e-8)


def test_students_quantile_equals_scipys_for_fractions():
    from scipy.special import stdtrit

    for freedom in (0.8, 1.7, 2.5, 9.3, 77.7, 1e4):
        for level in (0.5, 0.9, 0.99):
            assert student_quantile(freedom, level) == pytest.approx(
                stdtrit(freedom, (1 + level) / 2), rel=1e-9
            )


# --- ratings -----------------------------------------------------------------------------------------------

# The worked example of Krippendorff (2011): 4 observers, 12 units
WORKED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, MISSING, MISSING, MISSING],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, MISSING, 3],
        [MISSING, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, MISSING],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, MISSING],
    ]
)


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_worked_example(level, alpha):
    assert round(krippendorff_alpha(WORKED, level=level), 3) == alpha
    assert krippendorff_interval(WORKED, level=level, replicates=200).low < alpha


def by_coincidences(ratings, level):
    """Alpha from the matrix of coincidences, value by value."""
    scale = sorted(set(ratings[~np.isnan(ratings)].tolist()))
    table = np.zeros((len(scale), len(scale)))
    for unit in ratings.T:
        rated = unit[~np.isnan(unit)]
        for one, other in itertools.permutations(range(len(rated)), 2):
            table[scale.index(rated[one]), scale.index(rated[other])] += 1 / (len(rated) - 1)
    n = table.sum(axis=1)

    def apart(c, k):
        if level == "nominal":
            return float(c != k)
        if level == "ordinal":
            low, high = min(c, k), max(c, k)
            return float((n[low : high + 1].sum() - (n[c] + n[k]) / 2) ** 2)
        if level == "interval":
            return float((scale[c] - scale[k]) ** 2)
        return float(((scale[c] - scale[k]) / (scale[c] + scale[k])) ** 2) if scale[c] + scale[k] else 0.0

    cells = list(itertools.product(range(len(scale)), repeat=2))
    observed = sum(table[c, k] * apart(c, k) for c, k in cells)
    expected = sum(n[c] * n[k] * apart(c, k) for c, k in cells) / (n.sum() - 1)
    return 1 - observed / expected


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=3, max_size=3), min_size=2, max_size=12
    ),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
)
def test_alpha_equals_the_matrix_of_coincidences(units, level):
    ratings = np.array(
        [[np.nan if value is None else value for value in unit] for unit in units], dtype=float
    ).T
    try:
        ours = krippendorff_alpha(ratings, level=level)
    except CannotAnalyse:
        paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
        assert len(set(paired[~np.isnan(paired)].tolist())) < 2
        return
    assert ours == pytest.approx(by_coincidences(ratings, level), abs=1e-9)


def test_long_ratings_become_a_matrix_and_a_double_rating_is_refused():
    matrix, coders, units = ratings_matrix(
        ["u", "v", "u"], coders=["A", "A", "B"], values=np.array([1.0, 2.0, 3.0])
    )
    assert coders == ["A", "B"] and units == ["u", "v"]
    assert np.array_equal(matrix, [[1, 2], [3, np.nan]], equal_nan=True)
    with pytest.raises(CannotAnalyse, match="“A” rates unit “u” more than once"):
        ratings_matrix(["u", "u"], coders=["A", "A"], values=np.array([1.0, 1.0]))
