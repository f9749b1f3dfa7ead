"""Reference data of this room, as TOML, and its loading. Idempotent: loading again changes nothing.

An assumption of the library keeps its identity through releases: its cause and effect never change
under one code. What may change are the words around it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from folkmoot.audit.actions import Actor, action, made, record
from folkmoot.mechanisms.models import (
    Assumption,
    Backfire,
    Factor,
    Mechanism,
    MechanismVersion,
    Method,
    ReadyDesign,
    Step,
)
from folkmoot.strategies.models import Aim


def table(name: str) -> dict[str, Any]:
    """One TOML file of this folder."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def usual_methods() -> dict[str, frozenset[str]]:
    """For each chain of the library, by code, the methods that are meant to set it going."""
    found: dict[str, set[str]] = {}
    for method in table("methods")["method"]:
        for chain in method["chains"]:
            found.setdefault(chain, set()).add(method["code"])
    return {chain: frozenset(methods) for chain, methods in found.items()}


@action
def load_library(*, by: Actor) -> int:
    """Bring methods and the fourteen mechanisms up to what the files say; returns how many mechanisms."""
    for position, entry in enumerate(table("methods")["method"]):
        Method.objects.update_or_create(
            code=entry["code"],
            defaults={
                "name": entry["name"],
                "medium": entry["medium"],
                "synchronous": entry["synchronous"],
                "level_low": int(entry["level_low"].removeprefix("L")),
                "level_high": int(entry["level_high"].removeprefix("L")),
                "missing_denominator": entry["denominator_missing"],
                "position": position,
            },
        )
    listed = table("mechanisms")["mechanism"]
    for entry in listed:
        mechanism = _load(entry, by=by)
    record("loaded the library of mechanisms", by=by, on=mechanism, mechanisms=len(listed))
    return len(listed)


def _load(entry: dict[str, Any], *, by: Actor) -> Mechanism:
    stamp = made(by)
    shared = {"organisation": None, "team": None, "visibility": "public"}
    factors = {
        one["key"]: Factor.objects.get_or_create(
            key=one["key"], defaults={"wording": one["wording"], **shared, **stamp}
        )[0]
        for one in entry["factor"]
    }
    keys = list(factors)
    assumptions = []
    for number, one in enumerate(entry["assumption"]):
        words = {
            "population": one["population"],
            "horizon": one["horizon"],
            "horizon_days": one["horizon_days"],
            "smallest_change": one["smallest_change"],
            "smallest_change_value": one.get("smallest_change_number"),
        }
        ends = {"cause": factors[keys[number]], "effect": factors[keys[number + 1]]}
        assumption, new = Assumption.objects.get_or_create(
            code=one["code"], defaults={**words, **ends, **shared, **stamp}
        )
        if not new:
            Assumption.objects.filter(pk=assumption.pk).update(**words)
        assumptions.append(assumption)
    mechanism, _ = Mechanism.objects.get_or_create(
        code=entry["code"], defaults={"name": entry["name"], "summary": entry["summary"], **shared, **stamp}
    )
    mechanism.aims.set(Aim.objects.filter(code__in=entry["aims"]))
    if not mechanism.versions.exists():
        version = MechanismVersion.objects.create(
            mechanism=mechanism, number=1, context=entry["context"], is_current=True, **stamp
        )
        Step.objects.bulk_create(
            Step(version=version, assumption=assumption, position=position)
            for position, assumption in enumerate(assumptions, start=1)
        )
        Backfire.objects.bulk_create(
            Backfire(
                version=version,
                wording=one["wording"],
                from_factor=factors[one["from_factor"]],
                position=position,
            )
            for position, one in enumerate(entry["backfire"])
        )
    _load_design(mechanism, entry["settles"])
    return mechanism


def _load_design(mechanism: Mechanism, entry: dict[str, Any]) -> None:
    is_share = "baseline_share" in entry
    ReadyDesign.objects.update_or_create(
        mechanism=mechanism,
        defaults={
            "assumption": Assumption.objects.get(code=entry["assumption"]),
            "title": entry["title"],
            "design": entry["design"],
            "unit": entry["unit"],
            "outcome": entry["outcome"],
            "comparison": entry["comparison"],
            "assignment": entry["assignment"],
            "follow_up": entry["follow_up"],
            "follow_up_days": entry["follow_up_days"],
            "cluster_size": entry.get("cluster_size"),
            "intracluster_correlation": entry.get("intracluster_correlation"),
            "scale": "share" if is_share else "mean",
            "baseline": entry["baseline_share"] if is_share else entry.get("baseline_mean", 0.0),
            "spread": None if is_share else entry["sd"],
            "smallest_change": entry["smallest_change"],
            "why": entry["why"],
        },
    )
