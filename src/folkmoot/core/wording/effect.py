"""What work changed, as careful sentences and as chart data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from folkmoot.core.effects.placebo import PlaceboRate
from folkmoot.core.effects.pretrend import PreTrend
from folkmoot.core.effects.reactive import FallBack
from folkmoot.core.effects.staggered import EventTime
from folkmoot.core.results import Estimate
from folkmoot.core.wording.estimate import shown


def effect_sentence(found: Estimate, *, outcome: str, smallest_that_matters: float | None = None) -> str:
    """The effect with its interval, and what may be said of it: never “no effect” for an open interval."""
    direction = "higher" if found.estimate >= 0 else "lower"
    text = (
        f"With the work, {outcome} was {shown(abs(found.estimate))} {direction} than it would have been without it,"
        f" if the assumption holds ({found.level:.0%} interval {shown(found.low)} to {shown(found.high)})."
    )
    return text + _left_open(found, smallest_that_matters)


def change_sentence(found: Estimate, *, outcome: str, smallest_that_matters: float | None = None) -> str:
    """A change without anybody to compare with: what was seen, and that this is no measure of what the work did."""
    direction = "higher" if found.estimate >= 0 else "lower"
    text = (
        f"After the start, {outcome} was {shown(abs(found.estimate))} {direction} than before"
        f" ({found.level:.0%} interval of the change {shown(found.low)} to {shown(found.high)})."
    )
    return (
        text
        + _left_open(found, smallest_that_matters)
        + " This is the change that was seen, whatever it came from; it does not say what the work did."
    )


def _left_open(found: Estimate, smallest_that_matters: float | None) -> str:
    if not found.low <= 0 <= found.high:
        return " The interval leaves out no change at all."
    if smallest_that_matters is not None:
        most = max(abs(found.low), abs(found.high))
        if most < abs(smallest_that_matters):
            return " Whatever the change is, it is smaller than the smallest that matters."
    return " The interval holds both a rise and a fall: these data cannot say which."


def pre_trend_sentence(found: PreTrend, *, effect: Estimate) -> str:
    """What is seen of a drift before the start, and what that does not show."""
    drift = found.drift
    text = (
        f"Over the {found.periods} periods before the start the treated drifted by {shown(drift.estimate)} a period"
        f" against the others ({drift.level:.0%} interval {shown(drift.low)} to {shown(drift.high)})."
    )
    if drift.low <= 0 <= drift.high:
        text += " That no drift is shown does not show that there is none:"
    else:
        text += " They were not moving alike:"
    carried = found.carried_on
    return text + (
        f" carried on, such a drift alone would come to between {shown(carried.low)} and {shown(carried.high)},"
        f" beside the estimate of {shown(effect.estimate)}."
    )


def event_times_sentence(events: Sequence[EventTime]) -> str | None:
    """How far before-start differences reach; None where there are none."""
    before = [event.estimate for event in events if event.event_time < 0]
    if not before:
        return None
    reach = max(max(abs(one.low), abs(one.high)) for one in before)
    return (
        f"Before the start the {len(before)} differences lie between {shown(min(one.estimate for one in before))}"
        f" and {shown(max(one.estimate for one in before))}; with their intervals they leave room for one of"
        f" {shown(reach)}. Differences that are not significant do not make the trends parallel."
    )


def placebo_sentence(found: PlaceboRate) -> str:
    """The false-alarm rate of the method on figures in which nothing happened."""
    text = (
        f"On {found.runs} placebo runs of these figures, with nothing done, this method raised a false alarm in"
        f" {found.rate:.0%} (it should be {found.nominal:.0%})."
    )
    if found.more_than_twice_nominal:
        text += (
            " That is more than twice as often as it claims: do not read its p-value or interval as stated."
        )
    return text


def fall_back_sentence(found: FallBack) -> str:
    """Regression to the mean, named."""
    return (
        f"Regression to the mean: of places picked because they stood high, with nothing done, {found.picked}"
        f" would fall by {shown(found.fall)} on average by themselves (95 % of runs between {shown(found.low)} and"
        f" {shown(found.high)}), {found.share_given_back:.0%} of what they stood above their usual level."
        " A before-and-after comparison credits that to the work."
    )


def effect_chart(events: Sequence[EventTime]) -> list[dict[str, Any]]:
    """Rows for a chart of effects by time since the start, with the table behind it."""
    return [
        {
            "event_time": event.event_time,
            "estimate": event.estimate.estimate,
            "low": event.estimate.low,
            "high": event.estimate.high,
            "units": event.units,
        }
        for event in events
    ]
