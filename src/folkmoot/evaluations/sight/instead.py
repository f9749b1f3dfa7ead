"""What would work instead: more areas, longer, a roll-out by lot, people held out, people asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.survey import interviews_needed
from folkmoot.core.power.two_arm import two_arm_means, two_arm_proportions
from folkmoot.evaluations.sight import designs
from folkmoot.evaluations.sight.asking import ALONE, Asked
from folkmoot.evaluations.sight.designs import WANTED, Seen
from folkmoot.evaluations.sight.past import Past

DOUBLED = (1, 2, 4, 8, 16, 32, 64, 128, 256)
MOST_PEOPLE = 1_000_000


def by_areas(asked: Asked, past: Past, *, seed: int) -> list[dict[str, Any]]:
    """The chance with so many areas drawn by lot and all others to compare with, the plan's own number among them."""
    own = asked.count("treated") or 1
    counts = sorted({*(one for one in DOUBLED if 2 * one <= past.areas + 1), own})
    before, after = designs.windows(asked, past)
    rows = []
    for count in counts:
        one = _changed(asked, design="did", treated=count)
        try:
            seen = designs.on_figures(one, past.figures, before=before, after=after, seed=seed)
        except CannotAnalyse:
            continue
        careful = designs.apart(one, past, seed=seed)
        rows.append(
            {
                "areas": count,
                "power": round(seen.power, 4),
                "smallest": round(seen.smallest, 6),
                "careful": None if careful is None else round(careful.power, 4),
                "planned": count == own and asked.design == "did",
            }
        )
    return rows


def ways(asked: Asked, past: Past | None, *, seed: int) -> list[dict[str, Any]]:
    """Other plans for the same question, each with its power or why it has none."""
    found = [_row(kind, title, make) for kind, title, make in _each(asked, past, seed)]
    return [one for one in found if one is not None]


Make = Callable[[], Seen]


def _each(asked: Asked, past: Past | None, seed: int) -> Iterator[tuple[str, str, Make]]:
    if past is not None and designs.uses_past(asked):
        before, after = designs.windows(asked, past)
        if before + 2 * after <= past.periods:
            yield (
                "longer",
                "Look twice as long afterwards",
                lambda: _on(asked, past, before=before, after=2 * after, seed=seed),
            )
    if past is not None:
        many = _half(past.areas)
        before, after = designs.windows(asked, past)
        if asked.design in ALONE or asked.count("treated") != many or asked.design == "stepped":
            more = _changed(asked, design="did", treated=many)
            yield (
                "areas",
                "More areas, drawn by lot, the others to compare with",
                lambda: _on(more, past, before=before, after=after, seed=seed),
            )
        if asked.design != "stepped":
            stepped = _changed(asked, design="stepped", treated=many)
            yield (
                "stepped",
                "Everybody gets it, step by step, in an order drawn by lot",
                lambda: _on(stepped, past, before=before, after=after, seed=seed),
            )
    if asked.design not in designs.BY_PERSON:
        yield (
            "holdout",
            "Hold some people back from a message for a while, by lot",
            lambda: _people(asked, past),
        )
    if asked.design != "panel":
        yield "panel", "Ask the same people again", lambda: _asked_again(asked, past)


def _row(kind: str, title: str, make: Make) -> dict[str, Any] | None:
    try:
        seen = make()
    except CannotAnalyse as error:
        return {"kind": kind, "title": title, "power": None, "needs": "", "why_not": str(error)}
    return {
        "kind": kind,
        "title": title,
        "power": round(seen.power, 4),
        "smallest": round(seen.smallest, 6),
        "needs": seen.words,
        "why_not": "",
    }


def _on(asked: Asked, past: Past, *, before: int, after: int, seed: int) -> Seen:
    return designs.on_figures(
        asked, past.figures, before=before, after=after, between=past.overlap, seed=seed
    )


def _people(asked: Asked, past: Past | None) -> Seen:
    """As many people as find the change eight times in ten."""
    if asked.scale == "share":
        now = designs.baseline(asked, past)
        size = two_arm_proportions(designs.towards(now, asked.change), baseline=now, power=WANTED)
    else:
        if "spread" not in asked.sizes:
            raise CannotAnalyse("Say how far people’s answers lie apart: then the number of people is told.")
        size = two_arm_means(asked.change, standard_deviation=asked.sizes["spread"], power=WANTED)
    return designs.by_person(asked, past, per_arm=float(_few(size.per_arm)))


def _asked_again(asked: Asked, past: Past | None) -> Seen:
    alike = asked.sizes.get("correlation", 0.5)
    if asked.scale == "share":
        now = designs.baseline(asked, past)
        size = interviews_needed(
            designs.towards(now, asked.change), baseline=now, correlation=alike, wanted_power=WANTED
        )
    else:
        if "spread" not in asked.sizes:
            raise CannotAnalyse("Say how far people’s answers lie apart: then the number of people is told.")
        size = interviews_needed(
            asked.change, standard_deviation=asked.sizes["spread"], correlation=alike, wanted_power=WANTED
        )
    return designs.panel(asked, past, interviews=float(_few(size)))


def _few(people: int) -> int:
    if people > MOST_PEOPLE:
        raise CannotAnalyse(f"It would take {people:,} people in each group, more than anybody could ask.")
    return people


def _half(areas: int) -> int:
    """As many areas as leave as many to compare with, in the doubled numbers of the picture."""
    return max(one for one in DOUBLED if 2 * one <= max(areas, 2))


def _changed(asked: Asked, *, design: str, treated: int) -> Asked:
    """The same question of another design by areas: the rest of the past figures to compare with."""
    kept = {name: size for name, size in asked.sizes.items() if name in {"periods_before", "periods_after"}}
    return replace(asked, design=design, sizes={**kept, "treated": float(treated)})
