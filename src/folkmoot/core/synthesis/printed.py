"""From what a paper prints to an estimate and its standard error.

What does not belong here: choosing which of a paper's numbers to use, and pooling. Every function says
which formula it used and what has to be assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.synthesis.counts import MEASURES, from_counts

LOG_ODDS_PER_D = math.pi / math.sqrt(3)


@dataclass(frozen=True, slots=True)
class Printed:
    """An estimate and error worked out from a paper's numbers, on the scale of ``measure``."""

    measure: str
    estimate: float
    standard_error: float
    formula: str
    caveats: tuple[str, ...] = ()


def from_means(
    *,
    mean_treated: float,
    sd_treated: float,
    n_treated: float,
    mean_control: float,
    sd_control: float,
    n_control: float,
    standardised: bool = True,
) -> Printed:
    """The difference of two groups' means: in standard deviations (Hedges' g) or in the outcome's unit.

    g is the difference over the pooled deviation, times the exact correction for small samples. Source:
    Hedges (1981); variance 1/n₁ + 1/n₂ + g²/2(n₁ + n₂).
    """
    _numbers(mean_treated=mean_treated, mean_control=mean_control)
    _positive(sd_treated=sd_treated, sd_control=sd_control)
    _groups(n_treated, n_control)
    difference = mean_treated - mean_control
    if not standardised:
        variance = sd_treated**2 / n_treated + sd_control**2 / n_control
        return Printed("difference of means", difference, math.sqrt(variance), "sd₁²/n₁ + sd₂²/n₂")
    freedom = n_treated + n_control - 2
    pooled = math.sqrt(((n_treated - 1) * sd_treated**2 + (n_control - 1) * sd_control**2) / freedom)
    return _hedges(difference / pooled, n_treated, n_control, "difference over the pooled deviation")


def from_table(
    *,
    treated_with: float,
    treated_without: float,
    control_with: float,
    control_without: float,
    measure: str = "rr",
) -> Printed:
    """A log risk ratio, log odds ratio or risk difference from one 2 × 2 table (see counts)."""
    found = from_counts([treated_with], [treated_without], [control_with], [control_without], measure=measure)
    if not found.informative[0]:
        raise CannotAnalyse("Nobody, or everybody, had the event in both groups: a ratio says nothing.")
    caveats = ("A cell is empty, so a half was added to all four.",) if found.corrected[0] else ()
    return Printed(
        MEASURES[measure], float(found.estimates[0]), float(found.standard_errors[0]),
        "from the four counts", caveats,
    )  # fmt: skip


def from_t(t: float, *, n_treated: float, n_control: float) -> Printed:
    """Hedges' g from the t statistic of a comparison of two independent groups."""
    _numbers(t=t)
    _groups(n_treated, n_control)
    d = t * math.sqrt(1 / n_treated + 1 / n_control)
    return _hedges(
        d, n_treated, n_control, "t √(1/n₁ + 1/n₂)",
        "Valid for a t test of two independent groups without covariates.",
    )  # fmt: skip


def from_f(f: float, *, n_treated: float, n_control: float, favours_treated: bool) -> Printed:
    """Hedges' g from an F with one degree of freedom above; its sign has to be said."""
    if not (math.isfinite(f) and f >= 0):
        raise CannotAnalyse("An F statistic is a number of 0 or more.")
    sign = 1 if favours_treated else -1
    found = from_t(sign * math.sqrt(f), n_treated=n_treated, n_control=n_control)
    return Printed(
        found.measure, found.estimate, found.standard_error, f"t = ±√F, then {found.formula}",
        (*found.caveats, "Valid only for an F that compares two groups (one degree of freedom above)."),
    )  # fmt: skip


def from_p_of_groups(
    p: float, *, n_treated: float, n_control: float, favours_treated: bool, two_sided: bool = True
) -> Printed:
    """Hedges' g from the p-value of a t test of two groups; its sign has to be said."""
    tail = _tail(p, two_sided=two_sided)
    _groups(n_treated, n_control)
    t = -float(special.stdtrit(n_treated + n_control - 2, tail))
    found = from_t(t if favours_treated else -t, n_treated=n_treated, n_control=n_control)
    return Printed(
        found.measure, found.estimate, found.standard_error, "t from the p-value, then t √(1/n₁ + 1/n₂)",
        (*found.caveats, "A rounded p-value gives a rounded estimate; “p < .05” is no p-value."),
    )  # fmt: skip


def from_interval(
    estimate: float | None,
    low: float,
    high: float,
    *,
    level: float = 0.95,
    is_ratio: bool = False,
    degrees_of_freedom: float | None = None,
) -> Printed:
    """An estimate and error from a symmetric interval; a ratio (odds, risk, rate) goes to its logarithm.

    Without an estimate the middle is taken. Refused where the estimate lies outside, or so far from the
    middle that the interval cannot be of the kind assumed.
    """
    _numbers(low=low, high=high)
    if not 0 < level < 1:
        raise CannotAnalyse(f"The level of an interval lies between 0 and 1, unlike {level:g}.")
    if degrees_of_freedom is not None and not degrees_of_freedom > 0:
        raise CannotAnalyse("Degrees of freedom are a positive number.")
    if is_ratio:
        if min(low, high) <= 0 or (estimate is not None and not estimate > 0):
            raise CannotAnalyse("A ratio and the ends of its interval are positive.")
        low, high = math.log(low), math.log(high)
        estimate = None if estimate is None else math.log(estimate)
    if not high > low:
        raise CannotAnalyse("The interval's upper end must lie above its lower end.")
    middle, width = (low + high) / 2, high - low
    caveats: list[str] = []
    if estimate is None:
        estimate = middle
    _numbers(estimate=estimate)
    if not low <= estimate <= high:
        raise CannotAnalyse("The estimate lies outside its interval.")
    if abs(estimate - middle) > 0.15 * width:
        hint = "" if is_ratio else " Is it a ratio, or a probability with its own kind of interval?"
        raise CannotAnalyse(f"The estimate is far from the middle of its interval.{hint}")
    if abs(estimate - middle) > 0.03 * width:
        caveats.append(
            "The estimate is not in the middle of its interval (rounding, or another kind of interval)."
        )
    reach = (
        float(special.ndtri(0.5 + level / 2))
        if degrees_of_freedom is None
        else float(special.stdtrit(degrees_of_freedom, 0.5 + level / 2))
    )
    kind = "normal" if degrees_of_freedom is None else "Student's"
    return Printed(
        "log ratio" if is_ratio else "as printed", estimate, width / (2 * reach),
        f"width of the {level:.0%} interval over twice the {kind} critical value", tuple(caveats),
    )  # fmt: skip


def from_p(
    estimate: float,
    p: float,
    *,
    is_ratio: bool = False,
    two_sided: bool = True,
    degrees_of_freedom: float | None = None,
) -> Printed:
    """The standard error that an estimate and its p-value (against no effect) imply.

    A ratio goes to its logarithm. Refused for an estimate of no effect, whose p-value says nothing.
    """
    if is_ratio:
        if not estimate > 0:
            raise CannotAnalyse("A ratio is positive.")
        estimate = math.log(estimate)
    _numbers(estimate=estimate)
    tail = _tail(p, two_sided=two_sided)
    reach = -float(
        special.ndtri(tail) if degrees_of_freedom is None else special.stdtrit(degrees_of_freedom, tail)
    )
    if estimate == 0 or not reach > 0:
        raise CannotAnalyse("An estimate of no effect, or a p-value of 1, does not give an error.")
    return Printed(
        "log ratio" if is_ratio else "as printed", estimate, abs(estimate) / reach,
        "estimate over the critical value of its p",
        ("A rounded p-value gives a rounded error; with “p <” the error is at most this.",),
    )  # fmt: skip


def from_correlation(r: float, *, n: float) -> Printed:
    """Fisher's z of a correlation, with error 1/√(n − 3)."""
    if not -1 < r < 1:
        raise CannotAnalyse("A correlation lies between −1 and 1, both excluded.")
    if not (math.isfinite(n) and n > 3):
        raise CannotAnalyse("A correlation needs more than three people.")
    return Printed("Fisher's z", math.atanh(r), 1 / math.sqrt(n - 3), "atanh r, 1/√(n − 3)")


def d_from_log_odds(found: Printed) -> Printed:
    """A log odds ratio as a difference in standard deviations, if a logistic variable lies beneath.

    Source: Chinn (2000).
    """
    if found.measure not in ("log odds ratio", "log ratio"):
        raise CannotAnalyse(
            f"Only a log odds ratio becomes a standardised difference, not a {found.measure}."
        )
    return Printed(
        "standardised difference", found.estimate / LOG_ODDS_PER_D, found.standard_error / LOG_ODDS_PER_D,
        f"{found.formula}; then × √3/π",
        (*found.caveats, "Assumes that a continuous logistic variable was cut in two."),
    )  # fmt: skip


def widened_for_clusters(
    found: Printed, *, people_per_cluster: float, intraclass_correlation: float
) -> Printed:
    """The error of a study that drew clusters but was analysed as if it drew people.

    Source: Donner and Klar (2000): variance × 1 + (m − 1)ρ.
    """
    if not people_per_cluster >= 1 or not 0 <= intraclass_correlation <= 1:
        raise CannotAnalyse(
            "Clusters hold at least one person, and an intraclass correlation is from 0 to 1."
        )
    factor = math.sqrt(1 + (people_per_cluster - 1) * intraclass_correlation)
    sentence = (
        f"The error was multiplied by {factor:.3g} for clusters of {people_per_cluster:g} with an intraclass"
        f" correlation of {intraclass_correlation:g}."
    )
    return Printed(
        found.measure, found.estimate, found.standard_error * factor,
        f"{found.formula}; × √(1 + (m − 1)ρ)", (*found.caveats, sentence),
    )  # fmt: skip


def _hedges(d: float, n_treated: float, n_control: float, formula: str, *caveats: str) -> Printed:
    freedom = n_treated + n_control - 2
    correction = math.exp(
        special.gammaln(freedom / 2) - math.log(math.sqrt(freedom / 2)) - special.gammaln((freedom - 1) / 2)
    )
    g = correction * d
    variance = 1 / n_treated + 1 / n_control + g**2 / (2 * (n_treated + n_control))
    return Printed(
        "standardised difference", g, math.sqrt(variance), f"{formula}, corrected for small samples", caveats
    )


def _tail(p: float, *, two_sided: bool) -> float:
    if not 0 < p <= 1:
        raise CannotAnalyse(
            "A p-value lies above 0 and not above 1; “p = .000” is rounded and cannot be used."
        )
    return p / 2 if two_sided else p


def _groups(n_treated: float, n_control: float) -> None:
    for n in (n_treated, n_control):
        if not (math.isfinite(n) and n >= 2):
            raise CannotAnalyse("Each group needs at least two people.")


def _positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not (math.isfinite(number) and number > 0):
            raise CannotAnalyse(f"The {name.replace('_', ' ')} must be a positive number.")


def _numbers(**numbers: float) -> None:
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise CannotAnalyse(f"The {name.replace('_', ' ')} is no number.")
