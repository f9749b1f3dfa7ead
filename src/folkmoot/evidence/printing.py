"""From what stands in a study to an estimate and its error on a stated scale, above zero as expected.

Pure but for the names of the scales. The formulas are ``core.synthesis.printed``'s; what belongs here is
which numbers each way of printing needs, and that the result is on the scale that was said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.core.synthesis import printed as core
from folkmoot.core.synthesis.printed import Printed
from folkmoot.evidence.models.effects import Measure

STANDARD = {Measure.STANDARDISED}
LOGS = {Measure.LOG_ODDS, Measure.LOG_RISK}
COUNTED = {Measure.LOG_ODDS: "or", Measure.LOG_RISK: "rr", Measure.RISK: "rd"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which studies print an effect: its words, what it needs, and onto which scales it leads."""

    key: str
    words: str
    needs: tuple[str, ...]
    scales: frozenset[str]
    may_have: tuple[str, ...] = ()


GROUPS = ("n_treated", "n_control")
SIGNED = frozenset(Measure.values)
WAYS = (
    Way(
        "means",
        "Means and standard deviations of two groups",
        ("mean_treated", "sd_treated", "n_treated", "mean_control", "sd_control", "n_control"),
        frozenset({Measure.STANDARDISED, Measure.MEAN}),
    ),
    Way(
        "counts",
        "How many of two groups had it, and how many had not",
        ("treated_with", "treated_without", "control_with", "control_without"),
        frozenset(COUNTED),
    ),
    Way("t", "The t of a comparison of two groups", ("t", *GROUPS), frozenset(STANDARD)),
    Way(
        "f", "The F of a comparison of two groups", ("f", *GROUPS), frozenset(STANDARD), ("favours_control",)
    ),
    Way(
        "p of groups",
        "The p-value of a t test of two groups",
        ("p", *GROUPS),
        frozenset(STANDARD),
        ("favours_control",),
    ),
    Way(
        "interval",
        "An estimate with its interval",
        ("low", "high"),
        SIGNED - {Measure.FISHER},
        ("estimate", "level", "degrees_of_freedom"),
    ),
    Way(
        "p",
        "An estimate with its p-value",
        ("estimate", "p"),
        SIGNED - {Measure.FISHER},
        ("degrees_of_freedom",),
    ),
    Way("error", "An estimate with its standard error", ("estimate", "standard_error"), SIGNED),
    Way("correlation", "A correlation", ("r", "n"), frozenset({Measure.FISHER})),
)
WAY_OF = {way.key: way for way in WAYS}
CLUSTERS = ("people_per_cluster", "intraclass_correlation")
NUMBERS = tuple(dict.fromkeys(name for way in WAYS for name in (*way.needs, *way.may_have))) + CLUSTERS
LABELS = {
    "mean_treated": "Mean of those who got it",
    "sd_treated": "Standard deviation of those who got it",
    "n_treated": "Number of those who got it",
    "mean_control": "Mean of the others",
    "sd_control": "Standard deviation of the others",
    "n_control": "Number of the others",
    "treated_with": "Got it, with the outcome",
    "treated_without": "Got it, without the outcome",
    "control_with": "The others, with the outcome",
    "control_without": "The others, without the outcome",
    "t": "t",
    "f": "F",
    "p": "p-value, two-sided",
    "favours_control": "The others did better",
    "estimate": "Estimate",
    "low": "Lower end of the interval",
    "high": "Upper end of the interval",
    "level": "Level of the interval in per cent (95 if nothing is said)",
    "degrees_of_freedom": "Degrees of freedom, if the study says",
    "standard_error": "Standard error",
    "r": "Correlation",
    "n": "Number of people",
    "people_per_cluster": "People in a cluster, on average",
    "intraclass_correlation": "Intraclass correlation",
}


def worked_out(printed: Mapping[str, Any], *, measure: str, expected_is_more: bool = True) -> Printed:
    """The estimate and error of what was printed, on ``measure``, turned so that above zero is as expected.

    ``printed`` is {kind, and the numbers that this kind needs}. Ratios are given as they are printed and go
    to their logarithm. With ``people_per_cluster`` and ``intraclass_correlation`` the error is widened for a
    study that drew clusters and reckoned as if it had drawn people. Refused with a sentence where a number is
    missing, or the kind does not lead to that scale.
    """
    way = WAY_OF.get(str(printed.get("kind", "")))
    if way is None:
        raise FolkmootError("Say how the study prints it: means, counts, t, F, p, an interval or an error.")
    if measure not in way.scales:
        fit = ", ".join(Measure(one).label.lower() for one in Measure.values if one in way.scales)
        raise FolkmootError(f"“{way.words}” gives: {fit}. Choose one of these scales, or another way.")
    missing = [LABELS[name] for name in way.needs if printed.get(name) is None]
    if missing:
        raise FolkmootError(f"“{way.words}” needs: {'; '.join(missing)}.")
    found = _by_kind(way.key, printed, Measure(measure))
    size, alike = (printed.get(name) for name in CLUSTERS)
    if (size is None) != (alike is None):
        raise FolkmootError(
            "To widen an error for clusters, give both their size and the correlation within."
        )
    if size is not None and alike is not None:
        found = core.widened_for_clusters(found, people_per_cluster=size, intraclass_correlation=alike)
    return found if expected_is_more else replace(found, estimate=-found.estimate)


def _by_kind(kind: str, printed: Mapping[str, Any], measure: Measure) -> Printed:
    given = {name: printed[name] for name in WAY_OF[kind].needs}
    favours = not printed.get("favours_control")
    is_ratio = measure in LOGS
    freedom = printed.get("degrees_of_freedom")
    match kind:
        case "means":
            return core.from_means(**given, standardised=measure == Measure.STANDARDISED)
        case "counts":
            return core.from_table(**given, measure=COUNTED[measure])
        case "t":
            return core.from_t(**given)
        case "f":
            return core.from_f(**given, favours_treated=favours)
        case "p of groups":
            return core.from_p_of_groups(**given, favours_treated=favours)
        case "interval":
            level = printed.get("level")
            return core.from_interval(
                printed.get("estimate"),
                given["low"],
                given["high"],
                level=0.95 if level is None else level / 100,
                is_ratio=is_ratio,
                degrees_of_freedom=freedom,
            )
        case "p":
            return core.from_p(given["estimate"], given["p"], is_ratio=is_ratio, degrees_of_freedom=freedom)
        case "correlation":
            return core.from_correlation(given["r"], n=given["n"])
    if not given["standard_error"] > 0:
        raise FolkmootError("A standard error is a number above zero.")
    # an error is only ever printed on the scale on which it was reckoned, of a ratio on its logarithm
    return Printed(Measure(measure).label, given["estimate"], given["standard_error"], "as printed")
