"""The reliance picture: heads and columns, heights from zero, both sides at every mark, nothing on top of another."""

from __future__ import annotations

import itertools
import random
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.ui.pictures import marks, reliance
from folkmoot.ui.pictures.reliance import OBJECTIVES, Dot

SVG = "{http://www.w3.org/2000/svg}"
WORDS = list(marks.STANDINGS)


def dot(label="Patrols are noticed", *, word="none", height=100.0, url="/a/1", leaning=None, counts=(0, 0)):
    return Dot(label, url, word, leaning, *counts, height)


def many(count=500):
    rng = random.Random(7)
    return [
        dot(
            f"Assumption {n} about what people will do next",
            word=rng.choices(WORDS, [50, 20, 14, 8, 4, 4])[0],
            height=None if rng.random() < 0.08 else rng.paretovariate(1.1) * 20,
            url=f"/a/{n}",
        )
        for n in range(count)
    ]


def tree(svg):
    return ET.fromstring(svg)


def links(svg):
    return [(a.get("href"), a.get("aria-label")) for a in tree(svg).iter(f"{SVG}a")]


def rectangles(svg):
    """The grounds of all names: where words stand."""
    found = []
    for a in tree(svg).iter(f"{SVG}a"):
        if a.find(f"{SVG}path") is None:
            continue
        box = next(r for r in a.iter(f"{SVG}rect") if r.get("class") == "fm-mark-box")
        found.append(tuple(float(box.get(k)) for k in ("x", "y", "width", "height")))
    return found


def overlap(a, b):
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def test_the_columns_stand_under_their_three_heads_in_order():
    words = [t.text for t in tree(reliance.draw([dot()]).wide).iter(f"{SVG}text") if t.text]
    heads = [w for w in words if w in marks.HEADS]
    columns = [w for w in words if w in WORDS]
    assert heads == ["Untested", "Unsettled", "Settled"]
    assert columns == ["none", "anecdotal", "thin", "contested", "challenged", "supported"]
    assert [marks.look_of(w).head for w in columns] == [h for h in heads for _ in range(2)]


def test_height_is_linear_from_zero():
    picture = reliance.draw(
        [dot("a", height=h, word=w, url=f"/{h}") for h, w in ((0, "none"), (50, "thin"), (100, "supported"))]
    )
    ys = {}
    for a in tree(picture.wide).iter(f"{SVG}a"):
        ys[a.get("href")] = float(a.find(f"{SVG}path").get("d").split()[1].split("V")[0].split("H")[0])
    assert ys["/0"] - ys["/50"] == pytest.approx(ys["/50"] - ys["/100"], abs=0.02)
    baseline = max(ys.values())
    assert ys["/0"] == baseline


def test_up_to_twelve_every_mark_is_named_with_both_counts():
    dots = [
        dot(f"Assumption {n}", word=WORDS[n % 6], height=n * 30.0, url=f"/a/{n}", counts=(n, 1))
        for n in range(12)
    ]
    picture = reliance.draw(dots)
    said = "".join(tree(picture.wide).itertext())
    for n in range(12):
        assert f"Assumption {n}" in said
        assert f"{n} for, 1 against" in said
    assert {href for href, _ in links(picture.wide)} == {f"/a/{n}" for n in range(12)}


def test_a_challenge_is_named_like_a_support():
    picture = reliance.draw(
        [dot("x", word="challenged", counts=(0, 2)), dot("y", word="supported", counts=(2, 0))]
    )
    labels = [label for _, label in links(picture.wide)]
    assert "x: challenged; 0 for, 2 against; 100 hours" in labels
    assert "y: supported; 2 for, 0 against; 100 hours" in labels


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.one_of(st.none(), st.sampled_from([0.0, 1, 2, 3, 40, 41, 900])), st.integers(1, 25)),
        min_size=1,
        max_size=12,
    )
)  # fmt: skip
def test_names_never_overlap(rows):
    dots = [dot("words " * length, word=word, height=height) for word, height, length in rows]
    boxes = rectangles(reliance.draw(dots).wide)
    assert len(boxes) == len(dots)
    assert not [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)]


def test_names_of_five_hundred_never_overlap_and_the_three_highest_of_each_column_are_named():
    dots = many()
    boxes = rectangles(reliance.draw(dots, band_url=lambda w, low, high: f"/list?{w}").wide)
    assert not [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)]
    named = {href for href, _ in links(reliance.draw(dots, band_url=lambda *_: "/list").wide)} - {"/list"}
    for word in WORDS:
        known = sorted((d for d in dots if d.word == word and d.height is not None), key=lambda d: -d.height)
        assert {d.url for d in known[:3]} <= named


def test_five_hundred_are_one_dot_each_and_none_lies_on_another():
    dots = many()
    svg = tree(reliance.draw(dots).wide)
    circles = []
    for group in svg.iter(f"{SVG}g"):
        if group.get("class", "").startswith("fm-shape"):
            continue
        for circle in group.findall(f"{SVG}circle"):
            circles.append((float(circle.get("cx")), float(circle.get("cy")), float(circle.get("r"))))
    shapes = [g for g in svg.iter(f"{SVG}g") if g.get("class", "").startswith("fm-shape")]
    # six shapes are the heads of the columns
    assert len(circles) + len(shapes) - 6 == 500
    near = [
        1
        for (x, y, r), (p, q, s) in itertools.combinations(circles, 2)
        if abs(x - p) < 12 and (x - p) ** 2 + (y - q) ** 2 < (r + s - 0.05) ** 2
    ]
    assert not near


def test_a_band_opens_its_own_list_and_what_was_not_recorded_opens_too():
    opened = []
    reliance.draw(many(), band_url=lambda word, low, high: opened.append((word, low, high)) or "/list")
    assert ("none", None, None) in opened
    bands = {(low, high) for _, low, high in opened if low is not None}
    assert all(low < high for low, high in bands)
    assert min(low for low, _ in bands) == 0


def test_hours_not_recorded_are_a_strip_apart_and_never_nought():
    picture = reliance.draw([dot("known", height=0), dot("unknown", height=None, url="/u")])
    said = "".join(tree(picture.wide).itertext())
    assert "Hours not recorded, which is not the same as none" in said
    assert "unknown: none; 0 for, 0 against; hours not recorded" in [
        label for _, label in links(picture.wide)
    ]
    assert [row[3].text for row in picture.table.rows] == ["0", "not recorded"]
    assert "not recorded" not in "".join(tree(reliance.draw([dot()]).wide).itertext())


def test_the_table_is_ranked_and_holds_every_assumption():
    dots = many()
    rows = reliance.draw(dots).table.rows
    assert len(rows) == 500
    heights = [d.height for d in sorted(dots, key=lambda d: (d.height is None, -(d.height or 0)))]
    assert [r[3].text == "not recorded" for r in rows] == [h is None for h in heights]


def test_the_caption_says_not_to_add_the_heights():
    assert "Do not add the heights together" in reliance.draw([dot()]).caption
    assert "objectives" in reliance.draw([dot(height=2)], measure=OBJECTIVES).caption


def test_objectives_are_counted_in_whole_numbers():
    dots = [dot(f"a {n}", height=1 + n % 3, url=f"/{n}") for n in range(30)]
    labels = [
        label for _, label in links(reliance.draw(dots, measure=OBJECTIVES, band_url=lambda *_: "/l").wide)
    ]
    assert any(label == "none, 2 objectives: 10 assumptions, open the list" for label in labels)
    assert any("1 objective:" in label for label in labels)


def test_nothing_at_all_is_said_and_not_drawn_as_nought():
    picture = reliance.draw([])
    assert "No assumptions yet" in "".join(tree(picture.wide).itertext())
    assert "no assumption" in "".join(tree(picture.wide).itertext())
    assert tree(picture.narrow) is not None


@pytest.mark.parametrize("count", [1, 12, 13, 500])
def test_no_text_can_become_markup_and_no_address_a_script(count):
    nasty = '<script>alert(1)</script>" onload="x'
    dots = [dot(f"{nasty} {n}", url="javascript:alert(1)", height=float(n)) for n in range(count)]
    picture = reliance.draw(dots, band_url=lambda *_: "javascript:alert(1)")
    for svg in (picture.wide, picture.narrow):
        assert "<script" not in svg
        for each in tree(svg).iter():
            assert not [k for k in each.attrib if k.startswith("on") or k == "style"]
            assert not each.get("href", "").startswith("javascript")


def test_an_unknown_standing_is_refused():
    with pytest.raises(KeyError):
        reliance.draw([dot(word="proven")])


def test_the_same_assumptions_give_the_same_picture_in_any_order():
    dots = many(60)
    assert reliance.draw(dots).wide == reliance.draw(list(reversed(dots))).wide


def test_the_picture_carries_no_number_that_sums_or_scores():
    said = "".join(tree(reliance.draw(many(40)).wide).itertext()).lower()
    assert not [word for word in ("score", "total", "index", "rating", "average") if word in said]
