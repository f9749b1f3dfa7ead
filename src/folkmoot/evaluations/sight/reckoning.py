"""The whole answer to “could this see it?”: the plan as it is, the naive way's false alarms, what would work instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from folkmoot.core.effects.placebo import (
    Method,
    before_after_method,
    did_method,
    in_window,
    placebo_rate,
)
from folkmoot.core.errors import CannotAnalyse
from folkmoot.evaluations.sight import designs, instead
from folkmoot.evaluations.sight.asking import ALONE, Asked
from folkmoot.evaluations.sight.past import Past

SEED = 20261123
AT_ONCE = 12_000  # figures of a history that are tried while somebody waits
COULD, PERHAPS, HOPELESS, UNKNOWN = "could", "perhaps", "hopeless", "unknown"
Told = Callable[[int, int, str], None]


def verdict_of(power: float) -> str:
    """Eight times in ten is what is asked of a study; less than evens is hopeless."""
    return COULD if power >= 0.8 else PERHAPS if power >= 0.5 else HOPELESS


def answer(asked: Asked, past: Past | None, *, seed: int = SEED, told: Told | None = None) -> dict[str, Any]:
    """Everything that the page says, as plain JSON. Writes nothing; ``told`` hears how far it is and may stop it.

    Where the plan lacks a number, the verdict is ``unknown`` and ``why_not`` says which.
    """
    say = told or (lambda done, total, step: None)
    say(0, 4, "trying the plan on past figures")
    found: dict[str, Any] = {"alpha": designs.ALPHA, "wanted": designs.WANTED, "change": asked.change}
    careful = None
    try:
        seen = designs.seen_by(asked, past, seed=seed)
        careful = designs.apart(asked, past, seed=seed) if past is not None else None
        found |= {
            "verdict": verdict_of(seen.power),
            "power": round(seen.power, 4),
            "smallest": round(seen.smallest, 6),
            "false_alarms": None if seen.false_alarms is None else round(seen.false_alarms, 4),
            "words": seen.words,
            "why_not": "",
        }
    except CannotAnalyse as error:
        found |= {"verdict": UNKNOWN, "power": None, "smallest": None, "words": "", "why_not": str(error)}
    found["careful"] = (
        None
        if careful is None
        else {
            "power": round(careful.power, 4),
            "smallest": round(careful.smallest, 6),
            "verdict": verdict_of(careful.power),
            "words": careful.words,
        }
    )
    found["past"] = None if past is None else _of_past(past)
    say(1, 4, "pretending that something happened where nothing did")
    found["naive"] = [] if past is None else naive(asked, past, seed=seed)
    say(2, 4, "trying more areas")
    by_areas = past is not None and designs.uses_past(asked)
    found["areas"] = instead.by_areas(asked, past, seed=seed) if past is not None and by_areas else []
    say(3, 4, "trying other plans")
    found["instead"] = instead.ways(asked, past, seed=seed)
    say(4, 4, "done")
    return found


def naive(asked: Asked, past: Past, *, seed: int) -> list[dict[str, Any]]:
    """How often the usual ways find something in these figures where nothing happened: they should 5 times in 100."""
    before, after = designs.windows(asked, past)
    areas = min(asked.count("treated") or 1, past.areas - 1)
    rows = [("before-after", 1, before_after_method(None))]
    if areas > 1:
        rows.append(("before-after", areas, before_after_method(None)))
    rows.append(("with-without", areas, did_method("plain")))
    found = []
    for kind, count, method in rows:
        rate = _rate(past, method, before=before, after=after, count=count, seed=seed)
        if rate is not None:
            found.append({"kind": kind, "areas": count, **rate, "planned": _is_plan(asked, kind, count)})
    return found


def _rate(
    past: Past, method: Method, *, before: int, after: int, count: int, seed: int
) -> dict[str, Any] | None:
    try:
        found = placebo_rate(
            past.figures,
            method=in_window(method, before=before, after=after),
            treated=count,
            runs=1_000 if past.figures.size <= AT_ONCE else 400,
            nominal=designs.ALPHA,
            edge=min(before, after),
            random=np.random.default_rng(seed),
        )
    except CannotAnalyse:
        return None
    return {
        "rate": round(found.rate, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "runs": found.runs,
        "too_many": found.more_than_twice_nominal,
    }


def _is_plan(asked: Asked, kind: str, count: int) -> bool:
    own = asked.count("treated") or 1
    return asked.design in ALONE and kind == "before-after" and count == own


def _of_past(past: Past) -> dict[str, Any]:
    return {
        "areas": past.areas,
        "periods": past.periods,
        "months": past.months,
        "overlap": past.overlap,
        "begins": past.begins.isoformat(),
        "ends": past.ends.isoformat(),
        "notes": list(past.notes),
    }
