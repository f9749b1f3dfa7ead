"""Causal maps as careful sentences and as chart data."""

from __future__ import annotations

from typing import Any

from folkmoot.core.causal.bundles import Bundles
from folkmoot.core.causal.claims import Claims
from folkmoot.core.causal.tracing import Trace
from folkmoot.core.sentences import counted, verb


def trace_sentence(result: Trace) -> str:
    """The three numbers together, with the guard against joining claims of different people."""
    between = f"From “{result.origin}” to “{result.target}”"
    if result.longest is not None:
        between += f" in at most {counted(result.longest, 'link')}"
    if not result.links_shown:
        return f"{between}: the claims hold no way through. That is no evidence that there is none."
    numbers = (
        f"{between}: {counted(result.links_shown, 'link')} shown; a flow of {result.flow_citations}"
        f" by citations and {result.flow_sources} by sources; "
        f"{counted(result.sources_with_whole_path, 'source')} with a whole path."
    )
    if not result.sources_with_whole_path:
        numbers += (
            " No single source tells the whole way: the links come from different sources, and joined together"
            " they are no evidence that the first factor leads to the last."
        )
    if result.challenges:
        numbers += (
            f" {counted(result.challenges, 'claim')} {verb(result.challenges, 'says', 'say')} that a link"
            " shown does not hold."
        )
    return numbers


def bundle_sentence(
    cause: str, effect: str, *, citations: int, sources: int, challenging_sources: int
) -> str:
    """Who says so and who says not, side by side; how common it is cannot be read from it."""
    said = f"{counted(sources, 'source')} ({counted(citations, 'claim')})"
    verb = "says" if sources == 1 else "say"
    against = "none" if not challenging_sources else counted(challenging_sources, "source")
    return (
        f"{said} {verb} that “{cause}” leads to “{effect}”; {against}"
        f" {'say' if challenging_sources > 1 else 'says'} that it does not."
        " These are counts of who was asked, not of how common the view is."
    )


def surprise_sentence(thing: str, group: str, *, mentions: int, size: int, residual: float) -> str:
    """A group's mentions with its size; a residual within ±2 is not called a difference."""
    counts = f"{mentions} of {counted(size, 'source')} in “{group}” mention “{thing}”"
    if abs(residual) < 2:
        return f"{counts}: about as many as in the other groups, as far as these counts can tell."
    direction = "more" if residual > 0 else "fewer"
    return (
        f"{counts}: {direction} than the other groups' share would give (residual {residual:+.1f})."
        " Where many factors are compared, some stand out by chance."
    )


def map_chart(
    claims: Claims, bundles: Bundles, *, result: Trace | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Factors and links to draw; with a trace, only the links shown. Challenges keep their own width."""
    drawn = range(len(bundles)) if result is None else result.shown.nonzero()[0].tolist()
    links = [
        {
            "from": claims.factors[int(bundles.cause[index])],
            "to": claims.factors[int(bundles.effect[index])],
            "citations": int(bundles.citations[index]),
            "sources": int(bundles.sources[index]),
            "challenging_sources": int(bundles.challenging_sources[index]),
        }
        for index in drawn
    ]
    names = dict.fromkeys(str(link[end]) for link in links for end in ("from", "to"))
    return {"factors": [{"factor": name} for name in sorted(names)], "links": links}
