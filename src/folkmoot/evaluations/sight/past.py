"""The past figures that a plan is tried on: which areas and periods of a series count, and what was left out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.effects.overlap import rolling_overlap
from folkmoot.core.errors import CannotAnalyse
from folkmoot.surveys.queries.series import History, history

Numbers = NDArray[np.float64]
LOOKED_AT = 60  # areas that are enough to tell whether figures overlap
FEWEST_PERIODS, FEWEST_AREAS = 4, 3


@dataclass(frozen=True, slots=True)
class Past:
    """Figures without the work, areas × periods in the plan's unit, every area in every period.

    ``apart`` are those of them that share no data with each other: every ``overlap``-th, counted from the
    last. ``notes`` say what was left out and what is known of the figures.
    """

    figures: Numbers
    apart: Numbers
    overlap: int
    months: int
    begins: date
    ends: date
    notes: tuple[str, ...]
    sha256: str

    @property
    def areas(self) -> int:
        return int(self.figures.shape[0])

    @property
    def periods(self) -> int:
        return int(self.figures.shape[1])

    @property
    def latest(self) -> float:
        """The mean of all areas in the last period: where things stand now."""
        return float(self.figures[:, -1].mean())


def past_of(series_id: int, *, scale: str, viewer: Any) -> Past:
    """The figures of a series as a plan on this scale uses them. Refuses, in a sentence, what cannot carry one."""
    told = history(series_id, viewer=viewer)
    if told is None:
        raise CannotAnalyse("The past figures that this plan names are not there for you to see.")
    since = told.since_last_break()
    notes = _left_out(told, since)
    figures = since.complete
    if scale == "share":
        if told.scale == "number":
            raise CannotAnalyse(
                f"“{told.title}” holds numbers, and the plan speaks of a share of people: choose another series or scale."
            )
        figures = figures / 100.0 if told.scale == "percent" else figures
    if figures.shape[0] < FEWEST_AREAS or figures.shape[1] < FEWEST_PERIODS:
        raise CannotAnalyse(
            f"“{told.title}” has {figures.shape[0]} areas with a figure in every one of {figures.shape[1]} periods; "
            f"at least {FEWEST_AREAS} areas and {FEWEST_PERIODS} periods are needed."
        )
    overlap = told.overlap
    if overlap == 1:
        overlap = _suspected(figures)
        if overlap > 1:
            notes.append(
                f"The figures look as if each shared data with the {overlap - 1} before it, though nobody has said so."
            )
    elif overlap > 1:
        notes.append(
            f"Each figure covers {told.covers or 12} months and shares data with the {overlap - 1} before it. After a "
            f"start, the first {overlap - 1} still hold answers from before."
        )
    fixed = np.ascontiguousarray(figures, dtype=np.float64)
    days = ",".join(one.isoformat() for one in since.periods)
    digest = hashlib.sha256(f"{fixed.shape} {days} {overlap}".encode())
    digest.update(fixed.tobytes())
    fixed.setflags(write=False)
    return Past(
        figures=fixed,
        apart=fixed[:, ::-overlap][:, ::-1],
        overlap=overlap,
        months=told.months,
        begins=since.periods[0],
        ends=since.periods[-1],
        notes=tuple(notes),
        sha256=digest.hexdigest(),
    )


def _left_out(told: History, since: History) -> list[str]:
    notes = []
    if told.whole:
        notes.append(f"Left out: {', '.join(told.whole)}, which holds the other areas.")
    if len(since.periods) < len(told.periods):
        cut = max(one.on for one in told.happenings if one.is_break)
        notes.append(
            f"Only figures from {cut.day} {cut:%B %Y} on: what was measured before the break is another measure."
        )
    holed = int(np.isnan(since.values).any(axis=1).sum())
    if holed:
        notes.append(f"Left out: {holed} area{'' if holed == 1 else 's'} with a period without a figure.")
    return notes


def _suspected(figures: Numbers) -> int:
    """How many neighbouring figures seem to share data, where more than half of the areas say so; else 1."""
    found = [rolling_overlap(row) for row in figures[:LOOKED_AT]]
    windows = [one.window for one in found if one is not None and one.found]
    if 2 * len(windows) <= len(found):
        return 1
    return max(set(windows), key=windows.count)
