"""An answer to “could this see it?” in words and as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from folkmoot.core.wording.estimate import shown
from folkmoot.evaluations.models import Plan, Sight
from folkmoot.evaluations.sight.asking import asked_of
from folkmoot.ui.pictures import chances
from folkmoot.ui.pictures.chances import in_hundred
from folkmoot.ui.pictures.picture import Cell, Picture, Table

VERDICTS = {
    "could": ("It could see it", "supported"),
    "perhaps": ("It could perhaps see it", "contested"),
    "hopeless": ("Hopeless: it could not see it", "refused"),
    "unknown": ("Nobody can tell yet", "draft"),
}
NAIVE = {
    "before-after": "{areas} before and after, without comparison",
    "with-without": "{areas} and the others, before and after, by the usual regression",
}


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """How often a way of looking finds something in these figures where nothing happened."""

    words: str
    in_hundred: str
    between: str
    too_many: bool
    planned: bool


@dataclass(frozen=True, slots=True)
class Way:
    """Another plan for the same question: what it takes and its chance, or why it has none."""

    kind: str
    title: str
    needs: str
    in_hundred: str
    smallest: str
    would_do: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class SightView:
    """The answer as the page of a plan shows it. ``current`` is False where the plan has changed since."""

    verdict: str
    headline: str
    sentence: str
    careful: str
    smallest: str
    change: str
    false_alarms: str
    naive: tuple[FalseAlarm, ...]
    picture: Picture | None
    ways: tuple[Way, ...]
    notes: tuple[str, ...]
    figures: str
    asked_at: datetime
    asked_by: str
    code_version: str
    seed: int
    figures_sha256: str
    current: bool


def in_unit(value: float | None, scale: str) -> str:
    """A change in the plan's unit: a share in points of a hundred."""
    if value is None:
        return ""
    if scale == Plan.Scale.SHARE:
        points = float(f"{100 * value:.3g}")
        return f"{points:g} point{'' if points == 1 else 's'} in a hundred"
    return shown(value)


def sight_of(plan: Plan, sight: Sight | None, *, past_seen: bool) -> SightView | None:
    """The answer in words. What is said of the past figures is for those who may see them (``past_seen``)."""
    if sight is None:
        return None
    found, scale = sight.answer, str(sight.asked.get("scale", plan.scale))
    past = found.get("past")
    change = in_unit(found.get("change"), scale)
    return SightView(
        verdict=found["verdict"],
        headline=VERDICTS[found["verdict"]][0],
        sentence=_sentence(found, change, past_seen=past_seen or not sight.asked.get("history")),
        careful=_careful(found),
        smallest=in_unit(found.get("smallest"), scale),
        change=change,
        false_alarms="" if found.get("false_alarms") is None else in_hundred(found["false_alarms"]),
        naive=tuple(_alarm(one) for one in found.get("naive", ())),
        picture=_drawn(found, scale),
        ways=tuple(_way(one, scale) for one in found.get("instead", ())),
        notes=tuple(past["notes"]) if past and past_seen else (),
        figures=_figures(past) if past else "",
        asked_at=sight.created_at,
        asked_by=sight.created_by,
        code_version=sight.code_version,
        seed=sight.seed,
        figures_sha256=sight.figures_sha256,
        current=plan.registered_at is not None or sight.asked == asked_of(plan).as_json(),
    )


def _sentence(found: dict[str, Any], change: str, *, past_seen: bool) -> str:
    if found["verdict"] == "unknown":
        # the reason may name figures that are not shared
        return str(found["why_not"]) if past_seen else "The plan lacks something that would tell."
    words = found["words"][:1].upper() + found["words"][1:]
    return f"{words}: a true change of {change} would be found {in_hundred(found['power'])} times in 100."


def _careful(found: dict[str, Any]) -> str:
    careful = found.get("careful")
    if not careful or found["verdict"] == "unknown":
        return ""
    return (
        "These figures overlap, so right after a start they still hold answers from before it. With figures alone that "
        f"share none it is {in_hundred(careful['power'])} times in 100."
    )


def _alarm(one: dict[str, Any]) -> FalseAlarm:
    areas = f"{one['areas']} area{'' if one['areas'] == 1 else 's'}"
    return FalseAlarm(
        words=NAIVE[one["kind"]].format(areas=areas),
        in_hundred=in_hundred(one["rate"]),
        between=f"{in_hundred(one['low'])} to {in_hundred(one['high'])}",
        too_many=one["too_many"],
        planned=one["planned"],
    )


def _way(one: dict[str, Any], scale: str) -> Way:
    power = one["power"]
    return Way(
        kind=one["kind"],
        title=one["title"],
        needs=one["needs"][:1].upper() + one["needs"][1:],
        in_hundred="" if power is None else in_hundred(power),
        smallest=in_unit(one.get("smallest"), scale),
        would_do=power is not None and power >= 0.8,
        why_not=one["why_not"],
    )


def _drawn(found: dict[str, Any], scale: str) -> Picture | None:
    rows = found.get("areas") or []
    if not rows:
        return None
    careful = any(one["careful"] is not None for one in rows)
    change = in_unit(found["change"], scale)
    table = Table(
        caption=f"The chance of finding a change of {change}, by how many areas get it",
        columns=(
            "Areas drawn by lot",
            "Times in 100 found",
            *(("With figures that share no data",) if careful else ()),
            "Smallest change found 8 times in 10",
        ),
        rows=tuple(
            (
                Cell(_areas(one)),
                Cell(in_hundred(one["power"]), numeric=True),
                *(
                    (Cell("–" if one["careful"] is None else in_hundred(one["careful"]), numeric=True),)
                    if careful
                    else ()
                ),
                Cell(in_unit(one["smallest"], scale), numeric=True),
            )
            for one in rows
        ),
        numeric=frozenset(range(1, 4 if careful else 3)),
    )
    return chances.draw(
        [chances.Chance(_areas(one), one["power"], one["careful"], one["planned"]) for one in rows],
        wanted=found["wanted"],
        title=f"The chance of finding a change of {change}, by how many areas get it",
        caption=(
            f"Each bar: the areas that get it are drawn by lot and compared with all the others, {found['past']['areas']}"
            " areas in all. The broken line is what is asked of a study: 80 times in 100."
        ),
        table=table,
        other="With figures that share no data" if careful else "",
    )


def _areas(one: dict[str, Any]) -> str:
    count = one["areas"]
    return f"{count} area{'' if count == 1 else 's'}{' (planned)' if one['planned'] else ''}"


def _figures(past: dict[str, Any]) -> str:
    begins, ends = date.fromisoformat(past["begins"]), date.fromisoformat(past["ends"])
    return f"{past['areas']} areas, {past['periods']} figures each, {begins:%B %Y} to {ends:%B %Y}"
