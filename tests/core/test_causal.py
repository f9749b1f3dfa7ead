"""Causal maps: worked by hand, and against networkx over generated claims."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.causal.bundles import bundles_of, factors_of
from folkmoot.core.causal.claims import (
    Claim,
    claims_from_rows,
    cut_path,
    opposites_combined,
    unflipped,
    zoomed,
)
from folkmoot.core.causal.flow import maximum_flow
from folkmoot.core.causal.surprise import surprise
from folkmoot.core.causal.tracing import trace
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.wording.map import bundle_sentence, map_chart, surprise_sentence, trace_sentence


def claims(*rows):
    return claims_from_rows(Claim(*row) for row in rows)


def by_link(found, bundles):
    return {
        (found.factors[bundles.cause[i]], found.factors[bundles.effect[i]]): i for i in range(len(bundles))
    }


def test_a_bundle_counts_claims_and_distinct_sources_apart():
    found = claims(("a", "x", "y"), ("a", "x", "y"), ("b", "x", "y"), ("b", "y", "x"))
    bundles = bundles_of(found)
    at = by_link(found, bundles)
    assert bundles.citations[at["x", "y"]] == 3 and bundles.sources[at["x", "y"]] == 2
    assert bundles.citations[at["y", "x"]] == 1


def test_continuity_is_the_share_of_a_bundles_sources_that_also_claim_into_its_cause():
    found = claims(("a", "w", "x"), ("a", "x", "y"), ("b", "x", "y"), ("c", "w", "x"))
    bundles = bundles_of(found)
    at = by_link(found, bundles)
    assert bundles.continuity[at["x", "y"]] == 0.5
    assert bundles.continuity[at["w", "x"]] == 0


def test_a_challenge_is_counted_beside_its_link_and_carries_no_path():
    found = claims(("a", "x", "y", "challenges"), ("b", "x", "y", "qualifies"), ("c", "y", "z", "challenges"))
    bundles = bundles_of(found)
    at = by_link(found, bundles)
    assert bundles.citations[at["x", "y"]] == 1 and bundles.qualified[at["x", "y"]] == 1
    assert bundles.challenges[at["x", "y"]] == 1 and bundles.challenging_sources[at["x", "y"]] == 1
    assert bundles.citations[at["y", "z"]] == 0 and np.isnan(bundles.continuity[at["y", "z"]])
    result = trace(found, origin="x", target="z")
    assert (result.links_shown, result.flow_citations, result.sources_with_whole_path) == (0, 0, 0)
    assert trace(found, origin="x", target="y").challenges == 1


def test_links_of_different_people_are_no_whole_path():
    found = claims(*[(person, "x", "y") for person in "abc"], *[(person, "y", "z") for person in "def"])
    result = trace(found, origin="x", target="z", longest=2)
    assert (result.links_shown, result.flow_citations, result.flow_sources) == (2, 3, 3)
    assert result.sources_with_whole_path == 0
    assert "no evidence that the first factor leads to the last" in trace_sentence(result)


def test_a_sources_walk_must_be_short_enough_on_its_own_claims():
    found = claims(
        ("a", "s", "t"), ("b", "s", "x"), ("b", "x", "t"), ("c", "s", "x"), ("c", "x", "y"), ("c", "y", "t")
    )
    support = [trace(found, origin="s", target="t", longest=k).sources_with_whole_path for k in (1, 2, 3)]
    assert support == [1, 2, 3]
    assert trace(found, origin="s", target="t").sources_with_whole_path == 3


def test_zoom_keeps_the_first_parts_and_merges():
    found = zoomed(claims(("a", "trust; officers", "calls"), ("b", "trust ;courts", "calls;101")), parts=1)
    assert found.factors == ("calls", "trust")
    assert bundles_of(found).citations.tolist() == [2]
    assert cut_path("a; b; c", parts=2) == "a; b" and cut_path("a; b", parts=None) == "a; b"
    evened = zoomed(claims(("a", "x;y", "z"), ("b", "x ; y", "z")))
    assert evened.factors == ("x;y", "z") or evened.factors == ("x ; y", "z")


def test_combining_opposites_remembers_which_end_was_flipped():
    found = opposites_combined(
        claims(("a", "~trust", "calls"), ("b", "trust", "~calls"), ("c", "trust", "calls"))
    )
    bundles = bundles_of(found)
    assert found.factors == ("calls", "trust")
    assert bundles.citations.tolist() == [3]
    assert bundles.cause_flipped.tolist() == [1] and bundles.effect_flipped.tolist() == [1]
    assert unflipped("~a; ~b") == ("a; b", True)
    assert unflipped("~~a") == ("a", False) and unflipped("~") == ("~", False)


def test_drivers_only_lead_and_outcomes_are_only_led_to():
    found = claims(("a", "x", "y"), ("a", "y", "z"), ("b", "x", "y"), ("b", "q", "z", "challenges"))
    factors = {factor.factor: factor for factor in factors_of(found, bundles=bundles_of(found))}
    assert factors["x"].driver and not factors["x"].outcome and factors["x"].effects == 1
    assert factors["z"].outcome and factors["z"].causes == 1 and factors["y"].citations_in == 2
    assert not factors["q"].driver and factors["q"].sources == 1


def test_questions_that_make_no_sense_are_refused_in_a_sentence():
    found = claims(("a", "x factor", "y"), ("a", "y", "y"))
    with pytest.raises(CannotAnalyse, match="names the factor “x facto”; there is “x factor”"):
        trace(found, origin="x facto", target="y")
    with pytest.raises(CannotAnalyse, match="both ends"):
        trace(found, origin="y", target="y")
    with pytest.raises(CannotAnalyse, match="at least 1"):
        trace(found, origin="x factor", target="y", longest=0)
    with pytest.raises(CannotAnalyse, match="is no stance"):
        claims(("a", "x", "y", "denies"))
    with pytest.raises(CannotAnalyse, match="needs a source"):
        claims(("", "x", "y"))
    with pytest.raises(CannotAnalyse, match="1 or more"):
        zoomed(found, parts=0)


def test_surprise_counts_sources_and_equals_the_standardised_residual():
    rows = [(f"a{i}", "patrols" if i < 8 else "lighting", "safety", "asserts", "north") for i in range(10)]
    rows += [(f"b{i}", "patrols" if i < 3 else "lighting", "safety", "asserts", "south") for i in range(12)]
    rows.append(("a0", "patrols", "safety", "asserts", "north"))  # said twice, one source
    found = claims(*rows)
    result = surprise(found, of=np.arange(len(found)), ends=(found.cause, found.effect))
    names = [found.factors[code] for code in result.things]
    assert names == ["lighting", "patrols"] and result.mentioned_by_all == 1
    assert result.mentions[1].tolist() == [8, 3] and result.sizes.tolist() == [10, 12]
    # R: chisq.test(matrix(c(8, 2, 3, 9), 2), correct = FALSE)$stdres → 2.569047
    assert result.residual[1] == pytest.approx([2.569047, -2.569047], abs=1e-6)
    assert "fewer" in surprise_sentence("patrols", "south", mentions=3, size=12, residual=-2.57)
    with pytest.raises(CannotAnalyse, match="fewer than two"):
        surprise(found, of=np.arange(10), ends=(found.cause,))


def test_the_sentence_of_a_link_sets_for_and_against_side_by_side():
    sentence = bundle_sentence("patrols", "safety", citations=4, sources=3, challenging_sources=1)
    assert sentence.startswith("3 sources (4 claims) say") and "1 source says that it does not" in sentence


LINKS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 6),
        st.integers(0, 6),
        st.sampled_from(["asserts", "challenges", "qualifies"]),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=250, deadline=None)
@given(LINKS, st.one_of(st.none(), st.integers(1, 7)))
def test_all_three_numbers_equal_networkx_with_the_same_definitions(rows, longest):
    rows = [(f"s{s}", f"f{u}", f"f{v}", stance) for s, u, v, stance in rows]
    found = claims(*rows)
    if not {"f0", "f1"} <= set(found.factors):
        return
    result = trace(found, origin="f0", target="f1", longest=longest)
    stated = [row for row in rows if row[3] != "challenges"]

    def shown(links, bound):
        graph = nx.DiGraph(links)
        if not {"f0", "f1"} <= set(graph):
            return []
        to = nx.single_source_shortest_path_length(graph, "f0")
        back = nx.single_source_shortest_path_length(graph.reverse(), "f1")
        return [
            (u, v)
            for u, v in graph.edges
            if u in to and v in back and to[u] + 1 + back[v] <= (10**9 if bound is None else bound)
        ]

    links = shown([row[1:3] for row in stated], longest)
    assert result.links_shown == len(links)
    for flow, size in [
        (result.flow_citations, lambda u, v: sum(row[1:3] == (u, v) for row in stated)),
        (result.flow_sources, lambda u, v: len({row[0] for row in stated if row[1:3] == (u, v)})),
    ]:
        graph = nx.DiGraph()
        graph.add_nodes_from(["f0", "f1"])
        graph.add_weighted_edges_from([(u, v, size(u, v)) for u, v in links], weight="capacity")
        assert flow == nx.maximum_flow_value(graph, "f0", "f1")
    whole = {
        s for s in {row[0] for row in stated} if shown([row[1:3] for row in stated if row[0] == s], longest)
    }
    assert {found.sources[code] for code in result.whole_path} == whole
    assert len(map_chart(found, bundles_of(found), result=result)["links"]) == len(links)
    assert trace_sentence(result).endswith(".")


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 30), st.integers(0, 120), st.integers(0, 2**32 - 1))
def test_the_flow_is_the_maximum_flow_of_networkx(count, links, seed):
    rng = np.random.default_rng(seed)
    tail, head = rng.integers(0, count, links), rng.integers(0, count, links)
    capacity = rng.integers(0, 12, links)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    for u, v, c in zip(tail.tolist(), head.tolist(), capacity.tolist(), strict=True):
        if u != v:
            graph.add_edge(u, v, capacity=c + (graph[u][v]["capacity"] if graph.has_edge(u, v) else 0))
    ours = maximum_flow(count, tail=tail, head=head, capacity=capacity, origin=0, target=1)
    assert ours == nx.maximum_flow_value(graph, 0, 1)


def test_a_larger_random_map_agrees_with_networkx():
    rng = np.random.default_rng(7)
    tail, head, capacity = rng.integers(0, 120, 3000), rng.integers(0, 120, 3000), rng.integers(1, 40, 3000)
    graph = nx.DiGraph()
    for u, v, c in zip(tail.tolist(), head.tolist(), capacity.tolist(), strict=True):
        graph.add_edge(u, v, capacity=c + (graph[u][v]["capacity"] if graph.has_edge(u, v) else 0))
    for target in (1, 2, 3):
        ours = maximum_flow(120, tail=tail, head=head, capacity=capacity, origin=0, target=target)
        assert ours == nx.maximum_flow_value(graph, 0, target)


def test_the_order_of_the_claims_changes_nothing():
    rows = [(f"s{i % 7}", f"f{i % 5}", f"f{(i * i + i // 3) % 6}") for i in range(60)]
    one, other = (trace(claims(*order), origin="f0", target="f5", longest=4) for order in (rows, rows[::-1]))
    assert (one.links_shown, one.flow_citations, one.flow_sources) == (
        other.links_shown,
        other.flow_citations,
        other.flow_sources,
    )
    assert one.sources_with_whole_path == other.sources_with_whole_path
