"""The network's starting studies, as TOML, and their loading. Idempotent.

Nobody has read these papers in full, so each record says where it was read, and none can make an
assumption *supported*. A record that people here have changed since is left as they made it.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from folkmoot.audit.actions import Actor, action, made, record
from folkmoot.evidence.models import Mark, QualitativeFinding, Study
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.strategies.models import Aim

NOTES = ("pools_note", "sample_note")


@action
def load_studies(*, by: Actor) -> int:
    """Bring in the studies that are not here yet; returns how many the library has."""
    listed = tomllib.loads(files(__package__).joinpath("studies.toml").read_text(encoding="utf-8"))["study"]
    loaded = [_load(entry, by=by) for entry in listed if not Study.objects.filter(key=entry["key"]).exists()]
    for entry in listed:
        pooled = Study.objects.filter(key__in=entry.get("pools", ()))
        if pooled:
            Study.objects.get(key=entry["key"]).pools.add(*pooled)
    if loaded:
        record("loaded the library of studies", by=by, on=loaded[-1], studies=len(loaded))
    else:
        record("found the library of studies complete", by=by, on=Study.objects.get(key=listed[-1]["key"]))
    return len(listed)


def _load(entry: dict[str, Any], *, by: Actor) -> Study:
    stamp = made(by)
    shared = {"organisation": None, "team": None, "visibility": "public"}
    study = Study.objects.create(
        key=entry["key"],
        authors=entry["authors"],
        year=entry.get("year"),
        title=entry["title"],
        title_verified=entry["title_verified"],
        kind=entry["kind"],
        design=entry["design"],
        setting=entry["setting"],
        country=entry["country"],
        unit=entry["unit"],
        level_low=entry.get("level_low", 0),
        level_high=entry.get("level_high", 0),
        inclusion_level=entry.get("inclusion_level"),
        evaluators=entry["team"],
        sample=entry["sample"],
        recruitment=entry["recruitment"],
        missing_people=entry["missing_people"],
        read_where=entry["read_where"],
        figures=[one for one in entry["figures"] if one.get("verified")],
        not_verified=bool(entry.get("not_verified"))
        or any(one.get("not_verified") for one in entry["figures"]),
        corrected=entry.get("corrected_note", ""),
        conflict=entry.get("conflict_note", ""),
        association=bool(entry.get("association")),
        differs=entry["differs"],
        remarks=[entry[name] for name in NOTES if entry.get(name)],
        **shared,
        **stamp,
    )
    Mark.objects.bulk_create(
        Mark(
            study=study,
            factor=_factor(one["factor"], shared | stamp),
            sign=one["mark"],
            **{name: value for name, value in one.items() if name not in {"factor", "mark"}},
        )
        for one in entry.get("mark", ())
    )
    study.randomised_at.set(_factor(key, shared | stamp) for key in entry.get("randomised_at", ()))
    for one in entry.get("qualitative", ()):
        QualitativeFinding.objects.create(
            assumption=Assumption.objects.get(code=one["assumption"]),
            study=study,
            statement=one["finding"],
            direction=one.get("direction", "conditions"),
            methodological_limits=one["methodological_limits"],
            coherence=one["coherence"],
            adequacy=one["adequacy"],
            relevance=one["relevance"],
            confidence="not judged",
            why="Only part of the study was read, so its confidence was not judged.",
            **shared,
            **stamp,
        )
    return study


def _factor(key: str, made: dict[str, Any]) -> Factor:
    """The library's factor of this key; an outcome that ends no chain is named by its aim."""
    known = Factor.objects.filter(key=key).first()
    if known is not None:
        return known
    return Factor.objects.create(key=key, wording=Aim.objects.get(code=key).name, **made)
