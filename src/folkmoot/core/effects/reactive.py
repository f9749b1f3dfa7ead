"""Work begun because numbers rose: how far they would have fallen by themselves.

What does not belong here: the estimate of an effect; this says what a naive comparison would show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Numbers, check_variation
from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True)
class FallBack:
    """What happens to places picked because they were high, when nothing is done.

    ``picked_before`` and ``picked_after`` are the mean outcome of the picked in the period of picking and
    later, ``fall`` their difference as a mean over runs, ``low`` and ``high`` hold 95 % of runs; ``share_given_back``
    is the fall as a share of how far above the usual they were.
    """

    fall: float
    low: float
    high: float
    picked_before: float
    picked_after: float
    share_given_back: float
    runs: int
    picked: int


def regression_to_the_mean(
    history: Numbers,
    *,
    picked: int,
    periods_after: int = 1,
    runs: int = 2000,
    random: np.random.Generator,
) -> FallBack:
    """Simulate picking the places that stand highest, doing nothing, and looking again.

    ``history`` is places × periods without any work. Each place is simulated as its own lasting mean plus
    swings that keep the correlation from one period to the next seen in the history; the ``picked`` places
    furthest above their mean in one period are followed for ``periods_after``. What they fall by is what a
    before-and-after comparison would wrongly credit to work that was begun because figures had risen.
    Source: Galton 1886; Barnett, van der Pols and Dobson 2005.
    """
    check_variation(history)
    places, periods = history.shape
    if periods < 4:
        raise CannotAnalyse(
            "At least 4 periods of history are needed to see how figures swing by themselves."
        )
    if not 1 <= picked <= places:
        raise CannotAnalyse(f"Between 1 and {places} places can be picked.")
    if periods_after < 1:
        raise CannotAnalyse("There must be at least one period to look at afterwards.")
    means = history.mean(axis=1)
    swings = history - means[:, None]
    spread = float((swings**2).sum() / (places * (periods - 1)))
    carried = float((swings[:, 1:] * swings[:, :-1]).sum() / max((swings**2).sum(), 1e-300))
    # taking each place's own mean out makes the correlation seen too small by about (1 + 3r)/periods
    persistence = float(np.clip((carried + 1.0 / periods) / (1.0 - 3.0 / periods), -0.95, 0.99))
    if spread <= 0:
        raise CannotAnalyse("The history does not vary within places.")
    steps = periods_after + 1
    noise = random.standard_normal((runs, places, steps)) * np.sqrt(spread)
    paths = np.empty_like(noise)
    paths[:, :, 0] = noise[:, :, 0]
    for step in range(1, steps):
        paths[:, :, step] = (
            persistence * paths[:, :, step - 1] + np.sqrt(1 - persistence**2) * noise[:, :, step]
        )
    chosen = np.argsort(-paths[:, :, 0], axis=1)[:, :picked]
    at_first = np.take_along_axis(paths[:, :, 0], chosen, axis=1).mean(axis=1)
    later = np.take_along_axis(paths[:, :, 1:].mean(axis=2), chosen, axis=1).mean(axis=1)
    falls = at_first - later
    usual = float(means.mean())
    return FallBack(
        fall=float(falls.mean()),
        low=float(np.quantile(falls, 0.025)),
        high=float(np.quantile(falls, 0.975)),
        picked_before=usual + float(at_first.mean()),
        picked_after=usual + float(later.mean()),
        share_given_back=float(falls.mean() / at_first.mean()),
        runs=runs,
        picked=picked,
    )
