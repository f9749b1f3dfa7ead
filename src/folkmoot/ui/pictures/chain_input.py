"""What a chain is drawn from, and how its parts are said in words."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.ui.pictures import marks


@dataclass(frozen=True, slots=True)
class FactorNode:
    """Something that can change. ``role`` is "activity" for where a chain begins, "objective" where it ends."""

    key: str
    text: str
    url: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class AssumptionEdge:
    """One assumption: ``cause`` and ``effect`` are keys of factors, ``code`` is what people call it ("P3.3")."""

    key: str
    cause: str
    effect: str
    url: str
    word: str
    leaning: str | None = None
    for_count: int = 0
    against_count: int = 0
    code: str = ""
    weakest: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Evidence that fits no single link.

    It measured only ``start`` and ``end`` with nothing between (a span), or ``end`` moved although
    ``start`` did not (``without_mechanism``). ``text`` says by what: "2 studies".
    """

    start: str
    end: str
    text: str
    url: str = ""
    without_mechanism: bool = False


@dataclass(frozen=True, slots=True)
class Backfire:
    """A way in which it may do harm; ``at`` is the factor where it leaves the chain."""

    at: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """All of one drawing. Every key that an edge, a span or a backfire names must be a factor's."""

    factors: tuple[FactorNode, ...]
    assumptions: tuple[AssumptionEdge, ...]
    spans: tuple[Span, ...] = ()
    backfires: tuple[Backfire, ...] = ()

    def __post_init__(self) -> None:
        known = {factor.key for factor in self.factors}
        if len(known) < len(self.factors):
            raise ValueError("Two factors of this chain have the same key.")
        named = {key for each in self.assumptions for key in (each.cause, each.effect)}
        named |= {key for span in self.spans for key in (span.start, span.end)}
        named |= {backfire.at for backfire in self.backfires}
        if missing := sorted(named - known):
            raise ValueError(f"This chain has no factor {', '.join(missing)}.")
        for each in self.assumptions:
            marks.look_of(each.word)

    def text_of(self, key: str) -> str:
        return next(factor.text for factor in self.factors if factor.key == key)


def said_link(edge: AssumptionEdge, chain: Chain) -> str:
    """One assumption in words: from what to what, its standing, both counts."""
    code = f"{edge.code}: " if edge.code else ""
    weakest = "; the weakest link" if edge.weakest else ""
    return (
        f"{code}{chain.text_of(edge.cause)} leads to {chain.text_of(edge.effect)}: "
        f"{marks.spoken(edge.word, edge.leaning)}; {marks.counted(edge.for_count, edge.against_count)}{weakest}"
    )


def said_factor(factor: FactorNode) -> str:
    """A factor in words, with its place in the chain where it has one."""
    return f"{factor.role.capitalize()}: {factor.text}" if factor.role else f"Factor: {factor.text}"


def kind_of(span: Span) -> str:
    return "Outcome without the mechanism" if span.without_mechanism else "Span, only its ends measured"


def said_span(span: Span, chain: Chain) -> str:
    return f"{kind_of(span)}: {chain.text_of(span.start)} to {chain.text_of(span.end)}; {span.text}"
