"""Six standings, six shapes: the word is always there and colour is never the only carrier."""

from __future__ import annotations

import re

import pytest

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.svg import is_safe


def bare(svg):
    return re.sub(r'(fill|stroke)="#[0-9a-f]{6}"|class="[^"]*"', "", svg)


def test_six_shapes_differ_without_their_colours():
    assert len({bare(marks.shape(word)) for word in marks.STANDINGS}) == 6


def test_a_thin_standing_shows_which_way_it_leans_by_shape_and_by_word():
    assert len({bare(marks.shape("thin", leaning)) for leaning in marks.LEANINGS}) == 4
    assert marks.spoken("thin", "no effect found") == "thin, no effect found"
    assert marks.spoken("supported", "") == "supported"


def test_a_challenge_is_as_large_as_a_support():
    def breadth(svg):
        return max(float(n) for n in re.findall(r'(?:width|r)="([\d.]+)"', svg))

    assert breadth(marks.shape("challenged", r=10)) / 2 == pytest.approx(
        breadth(marks.shape("supported", r=10)), rel=0.1
    )


def contrast(colour, ground="#ffffff"):
    def light(code):
        parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(colour), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_shape_stands_out_from_its_ground():
    for look in marks.STANDINGS.values():
        for ground in ("#ffffff", "#f6f3ea", "#edf3f1", "#ffe39a"):
            assert contrast(look.colour, ground) >= 4.5


def test_both_counts_are_said_also_when_one_is_nought():
    assert marks.counted(0, 2) == "0 for, 2 against"


@pytest.mark.parametrize(
    ("url", "safe"),
    [("/a/1", True), ("?page=2", True), ("#x", True), ("https://example.org/", True), ("/a?x=b:c", True),
     ("javascript:alert(1)", False), ("data:text/html,x", False), ("", False), (" javascript:x", False)],
)  # fmt: skip
def test_only_relative_and_web_addresses_become_links(url, safe):
    assert is_safe(url) is safe
