"""The drawing of a chain: a link for each factor and assumption, the weakest marked, what fits no link drawn apart."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.ui.pictures import chain, marks
from folkmoot.ui.pictures.chain import AssumptionEdge, Backfire, FactorNode, Span
from folkmoot.ui.pictures.chain_layout import across, layers_of

SVG = "{http://www.w3.org/2000/svg}"


def factors(count):
    return [FactorNode(str(n), f"Factor number {n} changes", f"/f/{n}") for n in range(count)]


def edge(a, b, word="none", **more):
    return AssumptionEdge(f"{a}-{b}", str(a), str(b), f"/a/{a}-{b}", word, **more)


def straight(count=5):
    words = list(marks.STANDINGS)
    return factors(count), [edge(n, n + 1, words[n % 6], code=f"P3.{n + 1}") for n in range(count - 1)]


def links(svg):
    return {a.get("href"): a.get("aria-label") for a in ET.fromstring(svg).iter(f"{SVG}a")}


def said(svg):
    return " ".join(ET.fromstring(svg).itertext())


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_every_factor_and_every_assumption_is_one_named_link(size):
    nodes, edges = straight()
    found = links(getattr(chain.draw(nodes, edges), size))
    assert set(found) == {f.url for f in nodes} | {e.url for e in edges}
    assert (
        found["/a/1-2"]
        == "P3.2: Factor number 1 changes leads to Factor number 2 changes: anecdotal; 0 for, 0 against"
    )
    assert all(found.values())


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_every_assumption_shows_its_standing_in_word_and_shape_and_both_counts(size):
    nodes, edges = straight(7)
    svg = getattr(chain.draw(nodes, edges), size)
    for word in marks.STANDINGS:
        assert f"fm-shape-{word}" in svg
        assert word in said(svg)
    assert said(svg).count("for, 0 against") == 6


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_weakest_link_says_so_in_words(size):
    nodes, _ = straight(3)
    picture = chain.draw(nodes, [edge(0, 1, "supported"), edge(1, 2, "none", weakest=True)])
    assert said(getattr(picture, size)).count("weakest link") == 1
    assert links(getattr(picture, size))["/a/1-2"].endswith("the weakest link")
    assert picture.table.rows[1][3].text == "weakest link"


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_spans_outcomes_without_mechanism_and_backfire_are_drawn_and_linked(size):
    nodes, edges = straight()
    picture = chain.draw(
        nodes,
        edges,
        spans=[
            Span("0", "3", "2 studies", "/s/1"),
            Span("1", "4", "bus station survey", "/s/2", without_mechanism=True),
        ],
        backfires=[Backfire("1", "Presence reads as danger", "/b/1")],
    )
    found = links(getattr(picture, size))
    assert found["/s/1"].startswith("Span, only its ends measured")
    assert found["/s/2"].startswith("Outcome without the mechanism")
    assert found["/b/1"] == "May backfire: Presence reads as danger"
    notes = [row[1].text for row in picture.table.rows]
    assert notes.count("counts for no link") == 2


def test_the_keyboard_walks_from_cause_to_effect():
    nodes, edges = straight(4)
    order = list(links(chain.draw(nodes, edges).wide))
    assert order == ["/f/0", "/a/0-1", "/f/1", "/a/1-2", "/f/2", "/a/2-3", "/f/3"]


def test_a_chain_that_branches_and_feeds_itself_is_drawn_whole():
    nodes = factors(6)
    edges = [edge(0, 1), edge(1, 2), edge(1, 4), edge(2, 4), edge(3, 4), edge(4, 5), edge(5, 2)]
    picture = chain.draw(nodes, edges)
    for svg in (picture.wide, picture.narrow):
        assert set(links(svg)) == {f.url for f in nodes} | {e.url for e in edges}
    assert "leads to: Factor number 2 changes" in said(picture.narrow)


def test_everything_drawn_lies_inside_the_drawing():
    nodes, edges = straight(8)
    picture = chain.draw(
        nodes, edges, spans=[Span("0", "7", "3 studies")], backfires=[Backfire("7", "harm " * 20)] * 7
    )
    for svg in (picture.wide, picture.narrow):
        root = ET.fromstring(svg)
        _, _, width, height = map(float, root.get("viewBox").split())
        for rect in root.iter(f"{SVG}rect"):
            x, y = float(rect.get("x")), float(rect.get("y"))
            assert x >= -1 and x + float(rect.get("width")) <= width + 1
            assert y >= -1 and y + float(rect.get("height")) <= height + 1


def test_a_key_without_its_factor_is_refused_by_name():
    with pytest.raises(ValueError, match="no factor 9"):
        chain.draw(factors(2), [edge(0, 9)])
    with pytest.raises(ValueError, match="same key"):
        chain.draw([*factors(1), *factors(1)], [])


def test_the_cache_is_asked_by_content_and_only_a_change_draws_anew():
    kept = {}

    def cache(key, make):
        if key not in kept:
            kept[key] = make()
        return kept[key]

    nodes, edges = straight()
    first = chain.draw(nodes, edges, cache=cache)
    assert len(kept) == 2
    assert chain.draw(nodes, edges, cache=cache) == first
    assert len(kept) == 2
    chain.draw(nodes, [edge(0, 1, "challenged"), *edges[1:]], cache=cache)
    assert len(kept) == 4


def test_words_of_people_cannot_become_markup():
    nasty = '<img src=x onerror=alert(1)>&"'
    nodes = [FactorNode("0", nasty, "javascript:x"), FactorNode("1", nasty, "/ok")]
    picture = chain.draw(
        nodes, [edge(0, 1, code=nasty)], spans=[Span("0", "1", nasty)], backfires=[Backfire("0", nasty)]
    )
    for svg in (picture.wide, picture.narrow):
        assert "<img" not in svg
        assert "javascript" not in svg
        assert 'style="' not in svg
        ET.fromstring(svg)


GRAPHS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14, unique=True)


@settings(deadline=None)
@given(GRAPHS)
def test_causes_stand_before_effects_unless_the_graph_runs_in_a_circle(pairs):
    keys = [str(n) for n in range(8)]
    edges = [(str(a), str(b)) for a, b in pairs]
    layers = layers_of(keys, edges)
    level = {key: index for index, rank in enumerate(layers.ranks) for key in rank}
    for a, b in edges:
        if a == b:
            continue
        assert level[a] > level[b] if (a, b) in layers.turned else level[a] < level[b]
        # a path touches each layer between its ends once
        steps = [level[key] for key in layers.paths[a, b]]
        assert all(abs(q - p) == 1 for p, q in itertools.pairwise(steps))
    assert layers == layers_of(keys, edges)


@settings(deadline=None)
@given(GRAPHS)
def test_nothing_in_a_layer_touches_its_neighbour(pairs):
    layers = layers_of([str(n) for n in range(8)], [(str(a), str(b)) for a, b in pairs])
    sizes = {key: 40.0 + 7 * (len(key) % 3) for rank in layers.ranks for key in rank}
    places = across(layers, sizes, gap=10)
    for rank in layers.ranks:
        for a, b in itertools.pairwise(rank):
            assert places[b] - places[a] >= (sizes[a] + sizes[b]) / 2 + 10 - 1e-6
    assert min((places[k] - sizes[k] / 2 for k in places), default=0) >= -1e-6


@settings(max_examples=30, deadline=None)
@given(GRAPHS)
def test_any_small_graph_can_be_drawn(pairs):
    edges = [edge(a, b) for a, b in pairs if a != b]
    picture = chain.draw(factors(8), edges)
    assert set(links(picture.wide)) == set(links(picture.narrow))
