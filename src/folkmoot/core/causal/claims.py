"""Claims as links from a cause to an effect, held in columns; zoom and opposites.

What does not belong here: what follows from the claims (bundles, paths, flow).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse

STANCES = ("asserts", "supports", "challenges", "qualifies")
CHALLENGES, QUALIFIES = STANCES.index("challenges"), STANCES.index("qualifies")
# the word that stands for each stance where people write it otherwise
STANCE_WORDS = {
    **{word: word for word in STANCES},
    "assert": "asserts",
    "support": "supports",
    "for": "supports",
    "challenge": "challenges",
    "against": "challenges",
    "qualify": "qualifies",
}

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Claim:
    """One coder's reading of a passage: this source says that cause leads to effect."""

    source: str
    cause: str
    effect: str
    stance: str = "asserts"
    group: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """Many claims in columns of equal length; a code is a position in the list of names beside it.

    ``source, cause, effect``: (n,) codes into ``sources`` and ``factors`` (both sorted by name).
    ``stance``: (n,) codes into STANCES. ``group``: (n,) codes into ``groups``, −1 = not recorded.
    ``cause_flipped, effect_flipped``: (n,) true where that end was written as the opposite of its factor.
    """

    source: Codes
    cause: Codes
    effect: Codes
    stance: Codes
    group: Codes
    cause_flipped: NDArray[np.bool_]
    effect_flipped: NDArray[np.bool_]
    sources: tuple[str, ...]
    factors: tuple[str, ...]
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.source)

    @property
    def stated(self) -> NDArray[np.bool_]:
        """True for the claims that say the link holds (asserts, supports, qualifies); false for challenges."""
        return np.asarray(self.stance != CHALLENGES)

    def factor(self, name: str) -> int:
        """The code of a factor; an unknown one is refused, naming those that read alike."""
        wanted = _path_key(name)
        for code, factor in enumerate(self.factors):
            if _path_key(factor) == wanted:
                return code
        import difflib

        near = difflib.get_close_matches(name, self.factors, n=3)
        hint = f"; there is {', '.join(f'“{factor}”' for factor in near)}" if near else ""
        raise CannotAnalyse(f"No claim names the factor “{name}”{hint}.")


def claims_from_rows(rows: Iterable[Claim]) -> Claims:
    """The claims in columns. An empty source, cause or effect, or a stance that is no stance, is refused."""
    kept = list(rows)
    return claims_from_columns(
        [row.source for row in kept],
        causes=[row.cause for row in kept],
        effects=[row.effect for row in kept],
        stances=[row.stance for row in kept],
        groups=[row.group for row in kept],
    )


def claims_from_columns(
    sources: Sequence[str],
    *,
    causes: Sequence[str],
    effects: Sequence[str],
    stances: Sequence[str] | None = None,
    groups: Sequence[str | None] | None = None,
) -> Claims:
    """The claims in columns, from columns of words of equal length (blanks are refused; filter them first)."""
    if not all(map(len, [*sources, *causes, *effects])):
        raise CannotAnalyse("A claim needs a source, a cause and an effect.")
    source, source_names = _coded(sources)
    ends, factors = _coded([*causes, *effects])
    if stances is None:
        stance = np.zeros(len(source), dtype=np.int64)
    else:
        known = {word: STANCES.index(meaning) for word, meaning in STANCE_WORDS.items()}
        try:
            stance = np.fromiter((known[word] for word in stances), dtype=np.int64, count=len(source))
        except KeyError as unknown:
            raise CannotAnalyse(
                f"“{unknown.args[0]}” is no stance; the stances are {', '.join(STANCES)}."
            ) from None
    group_names: list[str]
    if groups is None:
        group, group_names = np.full(len(source), -1, dtype=np.int64), []
    else:
        group, group_names = _coded(groups)
    as_written = np.zeros(len(source), dtype=bool)
    return Claims(
        source=source,
        cause=ends[: len(source)],
        effect=ends[len(source) :],
        stance=stance,
        group=group,
        cause_flipped=as_written,
        effect_flipped=as_written,
        sources=tuple(source_names),
        factors=tuple(factors),
        groups=tuple(group_names),
    )


def zoomed(claims: Claims, *, parts: int | None = None) -> Claims:
    """The claims with every factor cut to the first ``parts`` of its ``;``-path (None: only spelling is evened).

    Paths that differ only in the blanks around ``;`` are one factor, shown as first spelt. A claim inside one
    merged factor becomes a link from it to itself; none is dropped.
    """
    if parts is not None and parts < 1:
        raise CannotAnalyse("A zoom keeps at least the first part of each factor: give 1 or more.")
    return _renamed(claims, [cut_path(factor, parts=parts) for factor in claims.factors])


def cut_path(factor: str, *, parts: int | None) -> str:
    """The first ``parts`` of a ``;``-path, in its own spelling."""
    return factor if parts is None else ";".join(factor.split(";")[:parts]).rstrip()


def opposites_combined(claims: Claims) -> Claims:
    """Each ``~factor`` merged into its factor, remembering per claim which of its ends was flipped.

    A path is an opposite when it begins with ``~``; the sign is then taken off every part that bears it, so
    that ``~trust; ~in officers`` is the opposite of ``trust; in officers``. Two signs cancel.
    """
    names, flipped = [], []
    for factor in claims.factors:
        name, odd = unflipped(factor)
        names.append(name)
        flipped.append(odd)
    flips = np.array(flipped, dtype=bool)
    renamed = _renamed(claims, names)
    return replace(
        renamed,
        cause_flipped=claims.cause_flipped ^ flips[claims.cause] if len(claims) else claims.cause_flipped,
        effect_flipped=claims.effect_flipped ^ flips[claims.effect] if len(claims) else claims.effect_flipped,
    )


def unflipped(factor: str) -> tuple[str, bool]:
    """The factor without its ``~``, and whether it was the opposite. A bare ``~`` is left as it is."""
    parts = [part.strip() for part in factor.split(";")]
    if not parts[0].startswith("~") or not parts[0].lstrip("~ "):
        return factor, False
    odd = _signs(parts[0]) % 2 == 1
    return "; ".join(part.lstrip("~ ") if part.lstrip("~ ") else part for part in parts), odd


def _signs(part: str) -> int:
    return part[: len(part) - len(part.lstrip("~ "))].count("~")


def _renamed(claims: Claims, names: Sequence[str]) -> Claims:
    """The claims with factor i called ``names[i]``; those with the same path become one."""
    spelling: dict[tuple[str, ...], str] = {}
    for name in names:
        spelling.setdefault(_path_key(name), name)
    factors = sorted(spelling.values())
    position = {_path_key(factor): code for code, factor in enumerate(factors)}
    moved = np.array([position[_path_key(name)] for name in names], dtype=np.int64)
    return replace(
        claims,
        cause=moved[claims.cause] if len(claims) else claims.cause,
        effect=moved[claims.effect] if len(claims) else claims.effect,
        factors=tuple(factors),
    )


def _path_key(factor: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in factor.split(";"))


def _coded(words: Sequence[str | None]) -> tuple[Codes, list[str]]:
    levels = sorted({word for word in words if word is not None})
    position: dict[str | None, int] = {level: code for code, level in enumerate(levels)}
    position[None] = -1
    return np.fromiter(map(position.__getitem__, words), dtype=np.int64, count=len(words)), levels
