"""Bundles: all claims from one factor to another, counted as citations and as distinct sources.

What does not belong here: paths through several bundles (paths, flow, tracing).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.causal.claims import QUALIFIES, Claims, Codes


@dataclass(frozen=True, slots=True, eq=False)
class Bundles:
    """The bundles of a set of claims in columns, sorted by cause, then effect.

    ``citations`` and ``sources`` count the claims that state the link and the distinct sources that make them;
    ``challenges`` and ``challenging_sources`` those that say it does not hold: never part of the former. A
    bundle may have challenges only; then its citations are 0 and no path runs through it.
    ``continuity``: the share of its sources that also state a claim into its cause; NaN where it has none.
    ``of_claim``: for each claim the position of its bundle.
    """

    cause: Codes
    effect: Codes
    citations: Codes
    sources: Codes
    qualified: Codes
    challenges: Codes
    challenging_sources: Codes
    cause_flipped: Codes
    effect_flipped: Codes
    continuity: NDArray[np.float64]
    of_claim: Codes

    def __len__(self) -> int:
        return len(self.cause)

    @property
    def stated(self) -> NDArray[np.bool_]:
        """True for the bundles that at least one claim states."""
        return self.citations > 0


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor and the links at its two ends (only links that somebody states).

    ``causes``: how many factors lead to it; ``effects``: to how many it leads; a link from the factor to itself
    counts at both ends. ``driver``: it leads to something and nothing leads to it. ``outcome``: the reverse.
    ``citations_in, citations_out``: the claims at each end; ``sources``: distinct sources that name it at all.
    """

    factor: str
    causes: int
    effects: int
    driver: bool
    outcome: bool
    citations_in: int
    citations_out: int
    sources: int


def bundles_of(claims: Claims) -> Bundles:
    """All bundles of the claims. Without claims there are none."""
    factors = max(len(claims.factors), 1)
    keys, of_claim = _distinct(claims.cause * factors + claims.effect)
    count = len(keys)
    stated = claims.stated
    # one entry for each (bundle, source): the unit in which sources are distinct
    pair, _ = _distinct((of_claim * 2 + stated) * max(len(claims.sources), 1) + claims.source)
    pair_source, pair_bundle = pair % max(len(claims.sources), 1), pair // max(len(claims.sources), 1)
    pair_stated, pair_bundle = pair_bundle % 2 == 1, pair_bundle // 2
    # does the source of the pair also state a claim into the bundle's cause?
    into = np.unique(claims.source[stated] * factors + claims.effect[stated])
    wanted = pair_source * factors + keys[pair_bundle] // factors if count else pair_source
    continued = np.isin(wanted, into) & pair_stated
    sources = np.bincount(pair_bundle[pair_stated], minlength=count)
    with np.errstate(invalid="ignore"):
        continuity = np.bincount(pair_bundle[continued], minlength=count) / np.where(sources, sources, np.nan)
    return Bundles(
        cause=keys // factors,
        effect=keys % factors,
        citations=np.bincount(of_claim[stated], minlength=count),
        sources=sources,
        qualified=np.bincount(of_claim[claims.stance == QUALIFIES], minlength=count),
        challenges=np.bincount(of_claim[~stated], minlength=count),
        challenging_sources=np.bincount(pair_bundle[~pair_stated], minlength=count),
        cause_flipped=np.bincount(of_claim[claims.cause_flipped & stated], minlength=count),
        effect_flipped=np.bincount(of_claim[claims.effect_flipped & stated], minlength=count),
        continuity=continuity,
        of_claim=of_claim,
    )


def factors_of(claims: Claims, *, bundles: Bundles) -> tuple[Factor, ...]:
    """Every factor in the order of its name, with the links at its ends."""
    count = len(claims.factors)
    stated = bundles.stated
    causes = np.bincount(bundles.effect[stated], minlength=count)
    effects = np.bincount(bundles.cause[stated], minlength=count)
    cited_in = np.bincount(bundles.effect, weights=bundles.citations, minlength=count)
    cited_out = np.bincount(bundles.cause, weights=bundles.citations, minlength=count)
    named = _distinct(
        np.concatenate([claims.cause, claims.effect]) * max(len(claims.sources), 1)
        + np.concatenate([claims.source, claims.source])
    )[0]
    sources = np.bincount(named // max(len(claims.sources), 1), minlength=count)
    return tuple(
        Factor(
            factor=name,
            causes=int(causes[code]),
            effects=int(effects[code]),
            driver=bool(effects[code] and not causes[code]),
            outcome=bool(causes[code] and not effects[code]),
            citations_in=int(cited_in[code]),
            citations_out=int(cited_out[code]),
            sources=int(sources[code]),
        )
        for code, name in enumerate(claims.factors)
    )


def _distinct(keys: Codes) -> tuple[Codes, Codes]:
    """The sorted distinct keys and the position of each key among them.

    Where the keys are small against their number a table of marks is several times quicker than sorting.
    """
    if keys.size and int(keys.max()) < 20 * keys.size + 1000:
        marks = np.zeros(int(keys.max()) + 1, dtype=bool)
        marks[keys] = True
        found = np.flatnonzero(marks)
        place = np.cumsum(marks) - 1
        return found, place[keys]
    found, place = np.unique(keys, return_inverse=True)
    return found, place
