"""Placing: boxes that do not touch, scales from zero, dots that fit, words that stay in their lines."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.ui.pictures.lettering import shorten, width_of, wrap
from folkmoot.ui.pictures.placing import bands_on, clusters, pack, scale_from_zero, spread

BOXES = st.lists(st.tuples(st.floats(0, 400), st.floats(5, 40)), min_size=1, max_size=12)


@given(BOXES)
def test_spread_boxes_never_touch_and_keep_their_order(boxes):
    boxes = sorted(boxes)
    placed = spread([w for w, _ in boxes], [s for _, s in boxes], low=0, high=1000, gap=3)
    for (a, (_, size)), (b, (_, following)) in itertools.pairwise(zip(placed, boxes, strict=True)):
        assert b - following / 2 - (a + size / 2) >= 3 - 1e-6
    assert placed[0] - boxes[0][1] / 2 >= -1e-6
    assert placed[-1] + boxes[-1][1] / 2 <= 1000 + 1e-6


def test_boxes_with_room_stay_where_they_were_wanted():
    assert spread([50, 150], [20, 20], low=0, high=300, gap=5) == [50, 150]


def test_two_boxes_wanted_at_one_place_move_equally():
    assert spread([100, 100], [20, 20], low=0, high=300, gap=10) == [85, 115]


@given(st.lists(st.floats(0, 1e6), max_size=30), st.booleans())
def test_a_scale_starts_at_zero_and_holds_every_value(values, whole):
    scale = scale_from_zero(values, whole=whole)
    assert scale.ticks[0] == 0
    assert scale.top >= max(values, default=0)
    assert len(scale.ticks) <= 7
    assert not whole or scale.step == int(scale.step)


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60), st.booleans())
def test_every_value_falls_in_the_band_whose_edges_hold_it(values, whole):
    bands = bands_on(scale_from_zero(values, whole=whole), whole=whole, most=18)
    assert bands.count <= 20
    assert sum(bands.tally(values)) == len(values)
    for value in values:
        low, high = bands.edges(bands.index(value))
        # the top of the scale belongs to the last band
        assert low <= value < high or value == high == bands.scale.top


def test_counted_things_stand_in_a_band_of_their_own():
    bands = bands_on(scale_from_zero([1, 2, 3], whole=True), whole=True, most=18)
    assert [bands.index(n) for n in (0, 1, 2, 3)] == [0, 1, 2, 3]
    assert bands.share(2) == bands.middle(2)


@given(st.integers(1, 400), st.floats(12, 60))
def test_packed_dots_never_overlap_and_stay_in_their_band(count, breadth):
    packing = pack(lambda trial: trial.length(count) <= 200, breadth=breadth)
    places = packing.places(count)
    assert len(set(places)) == count
    for along, off in places:
        assert abs(off) + packing.r <= breadth / 2
        assert packing.r <= along + 1e-9 and along + packing.r <= packing.length(count) + 1e-9
    nearest = min(
        (max(abs(a - c), abs(b - d)) for (a, b), (c, d) in itertools.combinations(places[:40], 2)),
        default=packing.pitch,
    )
    assert nearest >= 2 * packing.r


@given(st.text(alphabet="abcdefg mwiWM…é漢 ", max_size=120), st.floats(40, 300), st.integers(1, 4))
def test_wrapped_lines_are_few_and_narrow_enough(words, width, most):
    wrapped = wrap(words, width, most=most)
    assert 1 <= len(wrapped) <= most
    assert all(width_of(line) <= width + 1e-6 for line in wrapped)


def test_a_text_that_fits_is_left_alone_and_one_that_does_not_ends_in_dots():
    assert wrap("Residents notice", 300) == ["Residents notice"]
    assert shorten("Residents notice the extra patrols", 120).endswith("…")
    assert wrap("one two three four five six seven", 60, most=2)[-1].endswith("…")


def test_clusters_are_runs_of_near_neighbours():
    assert clusters([1, 2, 10, 11, 30], apart=3) == [[0, 1], [2, 3], [4]]
