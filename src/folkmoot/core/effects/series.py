"""One interrupted series: a step and a change of slope, after the guards that such series need.

What does not belong here: comparison series (``differences``), forecasting.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.core.effects.autocorrelated import autocorrelated_fit
from folkmoot.core.effects.inference import Numbers, as_estimate, check_level, check_variation, for_comparison
from folkmoot.core.effects.overlap import Overlap, rolling_overlap
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

FAMILIES = ("gaussian", "poisson", "binomial")
FEWEST_SIDE = 8
MOST_PERIODS = 20_000
FEW_SIDE = 12
SHORT = 60  # points; by simulation longer series show a likeness of .9


@dataclass(frozen=True, slots=True)
class SeriesEffect:
    """The average difference after the start from what the series before would have led to.

    ``estimate`` is that average over the periods after, ``level_change`` the step at the start,
    ``slope_change`` the change of slope per period, all on the scale of ``scale``: the outcome's unit
    (gaussian), log rate (poisson) or log odds (binomial).
    """

    estimate: Estimate
    level_change: Estimate
    slope_change: Estimate
    scale: str
    overlap: Overlap | None
    lags: int | None
    points: int
    points_before: int
    points_after: int
    points_left_out: int
    breaks: int
    residual_autocorrelation: float
    caveats: tuple[str, ...]


def series_effect(
    outcome: Numbers,
    *,
    periods: Numbers,
    start: float,
    family: str = "gaussian",
    exposure: Numbers | None = None,
    season: int | None = None,
    breaks: Sequence[float] = (),
    leave_out: Sequence[tuple[float, float]] = (),
    overlap: int | None = None,
    lags: int | None = None,
    level: float = 0.95,
) -> SeriesEffect:
    """What happened to one series at ``start``, against its own line before.

    ``periods`` are the numbers of the periods (1, 2, …; holes allowed), one row each; ``start`` the first
    period after. The model is a line with a step and a change of slope at the start, seasonal means where
    ``season`` gives their number in a year, and a step at each declared break (a question reworded, a
    recording rule changed). Ranges in ``leave_out`` (a pandemic) are dropped. ``exposure`` is the
    population at risk (poisson) or the number asked (binomial, where ``outcome`` is the count of yes).

    Errors take neighbouring periods to be alike to an unknown degree and average over it
    (``autocorrelated_fit``), as the usual robust errors are far too small on series of this length; ``lags``
    asks for those all the same (Newey and West 1987), for comparison and so without interval and p-value. Assumption: without the work the line before would have
    gone on, and nothing else happened at the start: one series alone cannot show either.

    Guards: fewer than 8 points on a side are refused; figures that overlap (rolling means, found by
    ``rolling_overlap`` or declared by ``overlap``) lose the mixed periods after the start, and what
    neighbours share enters their error.
    """
    check_level(level)
    if family not in FAMILIES:
        raise CannotAnalyse(f"There is no family “{family}”; there are {', '.join(FAMILIES)}.")
    check_variation(outcome)
    if periods.size > MOST_PERIODS:
        raise CannotAnalyse(
            f"The series has {periods.size:,} periods; add them up to at most {MOST_PERIODS:,} longer ones."
        )
    if np.unique(periods).size != periods.size:
        raise CannotAnalyse("Some periods appear more than once: one series has one row a period.")
    order = np.argsort(periods)
    outcome, periods = outcome[order], periods[order]
    exposure = None if exposure is None else exposure[order]
    _check_family(outcome, exposure, family)
    caveats: list[str] = []
    keep = np.ones(periods.size, dtype=bool)
    for low, high in leave_out:
        if low > high:
            raise CannotAnalyse("A range to leave out must begin before it ends.")
        keep &= ~((periods >= low) & (periods <= high))
    shares = outcome / exposure if exposure is not None else outcome
    overlapping = _overlap(shares, periods, start, overlap, caveats)
    window = overlapping.window if overlapping is not None and overlapping.found else 1
    keep &= ~((periods >= start) & (periods < start + window - 1))
    outcome, periods = outcome[keep], periods[keep]
    exposure = None if exposure is None else exposure[keep]
    before, after = int((periods < start).sum()), int((periods >= start).sum())
    if min(before, after) < FEWEST_SIDE:
        raise CannotAnalyse(
            f"There are {before} points before the start and {after} from it on; a line on each side needs at"
            f" least {FEWEST_SIDE}."
        )
    _say_what_is_thin(periods, before, after, season, caveats)
    design, names = _columns(periods, start, season, breaks, caveats)
    since = periods[periods >= start] - start
    average = np.zeros(design.shape[1])
    average[names.index("step")], average[names.index("bend")] = 1.0, float(since.mean())
    picks = {"average": average}
    for name in ("step", "bend"):
        picks[name] = np.zeros(design.shape[1])
        picks[name][names.index(name)] = 1.0
    if lags is None:
        response, weights = _working(outcome, design, family, exposure)
        fitted = autocorrelated_fit(
            response, design=design, positions=_positions(periods), contrasts=picks, window=window,
            weights=weights, level=level,
        )  # fmt: skip
        found, left = fitted.estimates, fitted.correlation
        if left > 0.8:
            caveats.append(
                f"Neighbouring periods are so alike ({left:.2f}) that a series of this length hardly tells a drift"
                " from a change: the interval may still be too narrow."
            )
        elif periods.size < SHORT:
            caveats.append(
                "The interval reckons with neighbouring periods being alike. Where they are so by .9 or more, a series this short"
                " need not show it, and the interval is then too narrow."
            )
    else:
        found, left = _newey_west(outcome, design, family, exposure, lags, window, picks, level)
        caveats.append(
            "Newey–West errors were asked for: they are too small unless the series is very long (by simulation, intervals made"
            " of them would hold 60 to 90 in 100 and not 95), so that they are given to compare with other programs only."
        )
    return SeriesEffect(
        estimate=found["average"],
        level_change=found["step"],
        slope_change=found["bend"],
        scale={"gaussian": "outcome", "poisson": "log rate", "binomial": "log odds"}[family],
        overlap=overlapping,
        lags=lags,
        points=int(periods.size),
        points_before=before,
        points_after=after,
        points_left_out=int((~keep).sum()),
        breaks=len(breaks),
        residual_autocorrelation=left,
        caveats=tuple(caveats),
    )


def _check_family(outcome: Numbers, exposure: Numbers | None, family: str) -> None:
    if exposure is not None and not (np.isfinite(exposure).all() and (exposure > 0).all()):
        raise CannotAnalyse("The exposure must be above 0 in every row.")
    if family == "poisson" and (outcome < 0).any():
        raise CannotAnalyse("Counts cannot be below 0.")
    if family == "binomial":
        top = exposure if exposure is not None else np.ones_like(outcome)
        if (outcome < 0).any() or (outcome > top).any():
            raise CannotAnalyse(
                "Shares must lie between 0 and 1, and counts of yes at most the number asked."
            )


def _overlap(
    shares: Numbers, periods: Numbers, start: float, declared: int | None, caveats: list[str]
) -> Overlap | None:
    if declared is not None:
        if declared < 1:
            raise CannotAnalyse("The overlap is a number of periods, 1 or more.")
        found: Overlap | None = Overlap(
            window=declared, autocorrelation=0.0, found=declared > 1, declared=True
        )
    elif np.all(np.diff(periods) == 1):
        found = rolling_overlap(shares, leave_out=int((periods < start).sum()))
    else:
        caveats.append("The series has holes: whether its figures overlap could not be tested.")
        return None
    if found is None:
        caveats.append("The series is too short to test whether its figures overlap.")
    elif found.found:
        how = (
            "as declared"
            if found.declared
            else f"their differences correlate at {found.autocorrelation:.2f} at lag {found.window}"
        )
        caveats.append(
            f"These look like rolling figures over {found.window} periods ({how}): the first"
            f" {found.window - 1} after the start mix before and after and are left out, and the error reckons with"
            " what neighbouring figures share."
        )
    return found


def _say_what_is_thin(
    periods: Numbers, before: int, after: int, season: int | None, caveats: list[str]
) -> None:
    if min(before, after) < FEW_SIDE:
        caveats.append(
            f"Only {before} points before and {after} after: lines through so few bend with any single point."
        )
    holes = int(periods[-1] - periods[0] + 1 - periods.size)
    if holes > 0:
        caveats.append(f"{holes} periods between the first and the last are missing or left out.")
    if season is None and periods.size >= 24:
        caveats.append("No season was declared; if the figures swing with the year, name its periods.")
    caveats.append(
        "One series cannot tell the work from anything else that began at the same time, nor show that its"
        " line would have gone on."
    )


def _columns(
    periods: Numbers, start: float, season: int | None, breaks: Sequence[float], caveats: list[str]
) -> tuple[Numbers, list[str]]:
    after = (periods >= start).astype(np.float64)
    columns = [np.ones(periods.size), (periods - start) / 1.0, after, after * (periods - start)]
    names = ["constant", "line", "step", "bend"]
    for place, at in enumerate(breaks):
        if not periods[0] < at <= periods[-1]:
            raise CannotAnalyse(f"The break at period {at:g} lies outside the series.")
        if at == start:
            raise CannotAnalyse(
                "A break at the start itself cannot be told from the effect: nothing can be estimated."
            )
        if abs(at - start) < 4:
            caveats.append("A declared break lies close to the start; the two can hardly be told apart.")
        columns.append((periods >= at).astype(np.float64))
        names.append(f"break {place}")
    if season is not None:
        if not 2 <= season <= 53 or season != int(season):
            raise CannotAnalyse("The season is the number of periods in a year, for example 4 or 12.")
        if periods.size < 2 * season + 4:
            raise CannotAnalyse("Seasonal means need the series to cover more than two years.")
        phase = np.mod(np.round(periods), season)
        for value in range(1, season):
            if (phase == value).any():
                columns.append((phase == value).astype(np.float64))
                names.append(f"season {value}")
    design = np.column_stack(columns)
    if periods.size <= design.shape[1] + 2 or np.linalg.matrix_rank(design) < design.shape[1]:
        raise CannotAnalyse("There are too few points to tell the line, the breaks and the seasons apart.")
    return design, names


def _positions(periods: Numbers) -> Numbers:
    """Periods as whole numbers of the smallest step between two."""
    step = float(np.diff(periods).min())
    return np.asarray(np.round((periods - periods[0]) / step), dtype=np.float64)


def _working(
    outcome: Numbers, design: Numbers, family: str, exposure: Numbers | None
) -> tuple[Numbers, Numbers | None]:
    """The outcome on the model's scale with its weights: as it is, or a generalised linear model's last step."""
    if family == "gaussian":
        return outcome, None
    result = _generalised(outcome, design, family, exposure)
    mean = np.asarray(result.fittedvalues, dtype=np.float64)
    line = design @ np.asarray(result.params, dtype=np.float64)  # without the offset: that is in the means
    with np.errstate(all="ignore"):
        if family == "poisson":
            response, weights = line + (outcome - mean) / mean, mean
        else:
            asked = np.ones_like(outcome) if exposure is None else exposure
            spread = mean * (1.0 - mean)
            response, weights = line + (outcome / asked - mean) / spread, asked * spread
    if not (
        np.isfinite(response).all() and np.isfinite(weights).all() and weights.min() > 1e-12 * weights.max()
    ):
        raise CannotAnalyse("The model could not be fitted to these figures.")
    return response, weights


def _generalised(
    outcome: Numbers, design: Numbers, family: str, exposure: Numbers | None, **options: Any
) -> Any:
    import warnings

    import statsmodels.api as sm

    offset = np.log(exposure) if family == "poisson" and exposure is not None else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if family == "gaussian":
                return sm.OLS(outcome, design).fit(**options)
            if family == "poisson":
                model = sm.GLM(outcome, design, family=sm.families.Poisson(), offset=offset)
            else:
                asked = np.ones_like(outcome) if exposure is None else exposure
                model = sm.GLM(outcome / asked, design, family=sm.families.Binomial(), var_weights=asked)
            return model.fit(**options)
        except (ValueError, np.linalg.LinAlgError, FloatingPointError):
            raise CannotAnalyse("The model could not be fitted to these figures.") from None


def _newey_west(
    outcome: Numbers,
    design: Numbers,
    family: str,
    exposure: Numbers | None,
    lags: int,
    window: int,
    picks: dict[str, Numbers],
    level: float,
) -> tuple[dict[str, Estimate], float]:
    """The usual errors for autocorrelation up to ``lags`` (statsmodels), for comparison."""
    if not 0 <= lags < outcome.size / 2:
        raise CannotAnalyse("The number of lags must be 0 or more and below half the points.")
    degrees = outcome.size / window - design.shape[1]
    if degrees < 1:
        raise CannotAnalyse(f"Figures over {window} periods leave too few independent ones.")
    options = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    result = _generalised(outcome, design, family, exposure, **options)
    coefficients = np.asarray(result.params, dtype=np.float64)
    covariance = np.asarray(result.cov_params(), dtype=np.float64)
    found = {}
    for name, pick in picks.items():
        variance = float(pick @ covariance @ pick)
        if not variance > 0 or not math.isfinite(variance):
            raise CannotAnalyse("The series follows its lines exactly: no error can be worked out.")
        found[name] = for_comparison(
            as_estimate(
                float(pick @ coefficients), math.sqrt(variance), degrees_of_freedom=degrees, level=level
            )
        )
    left = np.asarray(result.resid if family == "gaussian" else result.resid_pearson, dtype=np.float64)
    centred = left - left.mean()
    return found, float(centred[1:] @ centred[:-1] / (centred @ centred))
