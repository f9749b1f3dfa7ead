"""The library's tables (as a TOML file gives them) turned into records and links.

Strict on purpose: a word the library does not know is refused with the place it stands, since a
misspelt key would otherwise become evidence nobody recorded. Reading the file is the caller's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.distance import TransferDistance, near
from folkmoot.core.standing.grid import FactorMark, Link, Record
from folkmoot.core.standing.marks import Mark

HERE = "England and Wales"
"""The country that the network's standing is judged for."""

_DIFFERENCES = ("unit", "population", "dose", "delivery")
_MARK_KEYS = frozenset(field.name for field in fields(FactorMark))


def links(mechanism: Mapping[str, Any]) -> tuple[Link, ...]:
    """The assumptions of one mechanism table as links, in the chain's order.

    The chain must be whole: factors numbered from 0, assumption n between factor n−1 and factor n.
    """
    code = mechanism["code"]
    factors = factor_keys(mechanism)
    assumptions: Sequence[Mapping[str, Any]] = mechanism["assumption"]
    expected = [f"{code}.{number}" for number in range(1, len(factors))]
    if list(factors) != [f"{code}.{number}" for number in range(len(factors))]:
        raise CannotAnalyse(f"The factors of {code} have to be numbered from {code}.0 without a gap.")
    if [item["code"] for item in assumptions] != expected:
        raise CannotAnalyse(f"The assumptions of {code} have to be {', '.join(expected)}, in that order.")
    return tuple(
        Link(
            key=item["code"],
            cause=factors[place],
            effect=factors[place + 1],
            horizon_days=int(item["horizon_days"]),
            upstream=frozenset(factors[:place]),
        )
        for place, item in enumerate(assumptions)
    )


def factor_keys(mechanism: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of a mechanism's factors, in the chain's order."""
    return tuple(item["key"] for item in mechanism["factor"])


def record(study: Mapping[str, Any]) -> Record:
    """One study table as a record. Its level is the lower end of the range given."""
    key = study["key"]
    if study["kind"] == "qualitative" and study.get("mark"):
        raise CannotAnalyse(f"{key} is qualitative: it has findings, not marks.")
    return Record(
        key=key,
        level=int(study["level_low"]),
        team=study["team"],
        sample=study["sample"],
        marks=tuple(_mark(key, item) for item in study.get("mark", ())),
        near=near(distance(study)),
        read_in_full=bool(study["read_in_full"]),
        is_review=study["kind"] == "review",
        inclusion_level=study.get("inclusion_level"),
        pools=frozenset(study.get("pools", ())),
        retracted=bool(study.get("retracted", False)),
        association=bool(study.get("association", False)),
        randomised_at=frozenset(study.get("randomised_at", ())),
    )


def distance(study: Mapping[str, Any]) -> TransferDistance:
    """How far a study table's setting is from the network's "here"."""
    differs = study["differs"]
    unknown = set(differs) - set(_DIFFERENCES)
    if unknown:
        raise CannotAnalyse(f"{study['key']} differs in {', '.join(sorted(unknown))}, which is not compared.")
    return TransferDistance(study["country"] == HERE, *(name in differs for name in _DIFFERENCES))


def _mark(study: str, table: Mapping[str, Any]) -> FactorMark:
    unknown = set(table) - _MARK_KEYS
    if unknown:
        raise CannotAnalyse(f"{study}: a mark has the unknown {', '.join(sorted(unknown))}.")
    try:
        mark = Mark(table["mark"])
    except ValueError:
        raise CannotAnalyse(
            f"{study}: “{table['mark']}” is no mark; split the record until each part has one."
        ) from None
    return FactorMark(**{**table, "mark": mark})
