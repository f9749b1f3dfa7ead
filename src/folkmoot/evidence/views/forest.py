"""A pool as a page shows it: its picture, and its words. No figure is worked out here."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from folkmoot.core.wording.pool import sentences
from folkmoot.evidence.models.effects import Measure
from folkmoot.evidence.queries.pooled import Pool
from folkmoot.ui.pictures import forest
from folkmoot.ui.pictures.picture import Picture

LOGS = {Measure.LOG_ODDS, Measure.LOG_RISK}
AXES = {
    Measure.STANDARDISED: "Difference in standard deviations",
    Measure.MEAN: "Difference of means",
    Measure.RISK: "Difference of shares",
    Measure.LOG_ODDS: "Odds ratio",
    Measure.LOG_RISK: "Risk ratio",
    Measure.FISHER: "Fisher’s z of the correlation",
}
CAPTION = (
    "Each line is one estimate with its 95% interval; the larger its square, the more it weighs. To the right of “no "
    "effect” is what was expected."
)


@dataclass(frozen=True, slots=True)
class PoolShown:
    """A pool with its forest plot and its sentences."""

    pool: Pool
    key: str
    drawn: Picture
    said: tuple[str, ...]
    elsewhere: str
    prediction_elsewhere: str
    without: tuple[tuple[str, str, str], ...]


def shown(pool: Pool, number: int) -> PoolShown:
    """The picture and the words of one pool."""
    ratio = pool.measure in LOGS
    together = pool.together
    rows = [
        forest.Row(
            label=one.key,
            value=one.effect.estimate,
            low=one.low,
            high=one.high,
            weight=together.weights[place] if together else None,
            url=f"{reverse('study', args=[one.study.pk])}#figures",
            note=", ".join(part for part in (one.effect.outcome, one.effect.horizon) if part),
        )
        for place, one in enumerate(pool.entries)
    ]
    axis = AXES[Measure(pool.measure)] + (f", {pool.unit}" if pool.unit else "")
    drawn = forest.draw(
        rows,
        title=f"{pool.scale_words}{f', measured as {pool.outcome}' if pool.outcome else ''}",
        caption=CAPTION,
        axis=f"{axis}: the further right, the more as expected",
        together=forest.Row(
            "Together", together.estimate.estimate, together.estimate.low, together.estimate.high
        )
        if together
        else None,
        prediction=together.prediction if together else None,
        matters=pool.plan.smallest_change if pool.plan else None,
        ratio=ratio,
    )
    return PoolShown(
        pool=pool,
        key=f"pool-{number}",
        drawn=drawn,
        said=_said(pool),
        elsewhere=forest.figures(*together.elsewhere, ratio=ratio) if together else "",
        prediction_elsewhere=forest.figures(*together.prediction_elsewhere, ratio=ratio)
        if together and together.prediction_elsewhere
        else "",
        without=tuple(
            (
                one.name,
                forest.figure(one.estimate.estimate, ratio=ratio) if one.estimate else "nothing left to pool",
                forest.figures(one.estimate.low, one.estimate.high, ratio=ratio) if one.estimate else "",
            )
            for one in pool.without
        ),
    )


def _said(pool: Pool) -> tuple[str, ...]:
    together = pool.together
    if together is None:
        return (pool.why_not,)
    words = Measure(pool.measure).label
    measure = f"{words[:1].lower()}{words[1:]}" + (f" ({pool.unit})" if pool.unit else "")
    return tuple(
        sentences(
            together.estimate,
            studies=together.samples,
            measure=measure,
            prediction=together.prediction,
            change=together.change,
        )
    )
