"""A mechanism as a drawing: factors, the assumption between each two with its standing, and what goes around them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.chain_input import (
    AssumptionEdge,
    Backfire,
    Chain,
    FactorNode,
    Span,
    kind_of,
)
from folkmoot.ui.pictures.chain_layout import layers_of
from folkmoot.ui.pictures.chain_narrow import draw_narrow
from folkmoot.ui.pictures.chain_wide import draw_wide
from folkmoot.ui.pictures.picture import Cell, Picture, Table

__all__ = ["AssumptionEdge", "Backfire", "Cache", "Chain", "FactorNode", "Span", "draw", "table"]

# a key and how to make what belongs to it → what belongs to it; Django's ``cache.get_or_set`` is one
Cache = Callable[[str, Callable[[], str]], str]
# part of the key: raise it when the drawing changes, so that no old one is shown
VERSION = 1


def draw(
    factors: Sequence[FactorNode],
    assumptions: Sequence[AssumptionEdge],
    *,
    spans: Sequence[Span] = (),
    backfires: Sequence[Backfire] = (),
    title: str = "The chain",
    caption: str = "",
    cache: Cache | None = None,
) -> Picture:
    """The chain from left to right, from top to bottom for a phone, and as a table.

    A key that no factor has raises ValueError, an unknown standing KeyError. ``cache`` is asked by a
    hash of everything that is drawn, so nothing ever has to be thrown out of it by hand.
    """
    chain = Chain(tuple(factors), tuple(assumptions), tuple(spans), tuple(backfires))
    label = f"{title}: {len(chain.factors)} factors, {len(chain.assumptions)} assumptions; the table below says the same."
    keep = cache or (lambda key, make: make())
    content = hashlib.sha256(repr((VERSION, chain, label)).encode()).hexdigest()
    return Picture(
        title=title,
        wide=keep(f"chain-wide-{content}", lambda: draw_wide(chain, label)),
        narrow=keep(f"chain-narrow-{content}", lambda: draw_narrow(chain, label)),
        caption=caption,
        table=table(chain, title=title),
    )


def table(chain: Chain, *, title: str = "The chain") -> Table:
    """One row for each link in the order of the chain, then what fits no single link, then how it may do harm."""
    layers = layers_of([f.key for f in chain.factors], [(e.cause, e.effect) for e in chain.assumptions])
    level = {key: index for index, rank in enumerate(layers.ranks) for key in rank}
    rows = [
        (
            Cell(f"{edge.code} {chain.text_of(edge.cause)} → {chain.text_of(edge.effect)}".strip(), edge.url),
            Cell("", word=edge.word, leaning=edge.leaning or ""),
            Cell(marks.counted(edge.for_count, edge.against_count)),
            Cell("weakest link" if edge.weakest else ""),
        )
        for edge in sorted(chain.assumptions, key=lambda e: (level[e.cause], level[e.effect]))
    ]
    rows += [
        (
            Cell(f"{chain.text_of(span.start)} … {chain.text_of(span.end)}", span.url),
            Cell("counts for no link"),
            Cell(span.text),
            Cell(kind_of(span)),
        )
        for span in chain.spans
    ]
    rows += [
        (
            Cell(backfire.text, backfire.url),
            Cell(""),
            Cell(""),
            Cell(f"may backfire at: {chain.text_of(backfire.at)}"),
        )
        for backfire in chain.backfires
    ]
    return Table(title, ("Step", "Standing", "Tests", "Note"), tuple(rows))
