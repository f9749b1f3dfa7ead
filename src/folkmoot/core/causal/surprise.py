"""Which groups of sources name a factor or a link more, or less, often than the others do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.causal.claims import Claims, Codes
from folkmoot.core.errors import CannotAnalyse

MOST_CELLS = 5_000_000  # things × groups held at once


@dataclass(frozen=True, slots=True, eq=False)
class Surprise:
    """Counts and standardised residuals of (mentions, does not) × group.

    The unit is a source in a group, so that one talkative source counts once. ``things``: (t,) codes of what is
    mentioned; ``mentions``: (t, g) sources of each group that mention it; ``sizes``: (g,) sources in each
    group; ``expected`` and ``residual``: (t, g). ``sources_in_several_groups`` count once in each.
    """

    things: Codes
    mentions: Codes
    sizes: Codes
    expected: NDArray[np.float64]
    residual: NDArray[np.float64]
    mentioned_by_all: int
    sources_in_several_groups: int


def surprise(claims: Claims, *, of: Codes, ends: tuple[Codes, ...]) -> Surprise:
    """Residuals for each thing mentioned; ``ends`` are columns of codes of things, one entry per claim.

    ``of``: (n,) positions of the claims to use (those with a group). For things that not every source mentions,
    residual = (observed − expected) / √(expected · (1 − share of sources in the group) · (1 − share of sources
    that mention it)), the standardised residual of Haberman (1973): about normal(0, 1) where mention does not
    depend on group and expected counts are 5 or more. With many things some residuals beyond ±2 are expected.
    Things that every source mentions have none and are counted apart. Refused: fewer than two groups.
    """
    groups = len(claims.groups)
    unit, unit_place = np.unique(claims.source[of] * max(groups, 1) + claims.group[of], return_inverse=True)
    sizes = np.bincount(unit % max(groups, 1), minlength=groups)
    if np.count_nonzero(sizes) < 2:
        raise CannotAnalyse("Surprise compares groups; the claims with a group name fewer than two.")
    things, place = np.unique(np.concatenate([end[of] for end in ends]), return_inverse=True)
    if len(things) * groups > MOST_CELLS:
        raise CannotAnalyse(
            f"{len(things):,} things by {groups:,} groups are too many to compare; zoom in first."
        )
    named = np.unique(place * len(unit) + np.tile(unit_place, len(ends)))
    mentions = np.bincount(
        (named // len(unit)) * groups + unit[named % len(unit)] % groups, minlength=len(things) * groups
    ).reshape(len(things), groups)
    total = int(sizes.sum())
    share = mentions.sum(axis=1) / total
    some = share < 1
    mentions, share = mentions[some], share[some]
    expected = np.outer(share, sizes)
    spread = np.sqrt(expected * (1 - sizes / total) * (1 - share)[:, None])
    residual = (mentions - expected) / np.where(spread > 0, spread, 1.0)
    return Surprise(
        things=things[some],
        mentions=mentions,
        sizes=sizes,
        expected=expected,
        residual=residual,
        mentioned_by_all=int((~some).sum()),
        sources_in_several_groups=int(len(unit) - len(np.unique(unit // max(groups, 1)))),
    )
