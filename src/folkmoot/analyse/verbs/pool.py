"""``folkmoot analyse pool``: several studies of one question as one estimate, from a file of studies.

What does not belong here: the methods (core.synthesis); this reads columns and lays out results.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from folkmoot.analyse.studies import Studies, read_studies
from folkmoot.analyse.tables import read_table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate, Refusal
from folkmoot.core.synthesis.cautious import cautious_intervals
from folkmoot.core.synthesis.counts import MEASURES
from folkmoot.core.synthesis.dependent import (
    PooledDependent,
    cautious_prediction_over_clusters,
    pool_dependent,
)
from folkmoot.core.synthesis.heterogeneity import METHODS
from folkmoot.core.synthesis.pooling import Pooled, leave_one_out, pool
from folkmoot.core.synthesis.robustness import WhatWouldChange, what_would_change
from folkmoot.core.wording.pool import sentences

SUMMARY = "Pool studies: one estimate, how far truths differ, and what would change the conclusion."
MOST_LEFT_OUT = 200

MOST_STUDIES = 100_000


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE",
        help="study,estimate,standard_error (or low,high, or 2 × 2 counts), optionally cluster",
    )  # fmt: skip
    parser.add_argument("--method", choices=METHODS, default="reml", help="for the variance between studies")
    parser.add_argument(
        "--knapp-hartung", action="store_true", help="errors from the studies' own scatter, Student's t"
    )
    parser.add_argument("--measure", choices=tuple(MEASURES), default="rr", help="from 2 × 2 counts")
    parser.add_argument(
        "--counts",
        metavar="A,B,C,D",
        help="columns: treated with and without the event, control with and without",
    )
    parser.add_argument("--study", metavar="COLUMN", help="the studies' names")
    parser.add_argument("--estimate", metavar="COLUMN", default="estimate")
    parser.add_argument("--standard-error", metavar="COLUMN", default="standard_error")
    parser.add_argument(
        "--cluster", metavar="COLUMN", help="effects that share people or places (default: cluster)"
    )
    parser.add_argument(
        "--ratios", action="store_true", help="estimates with low and high are ratios: take logs"
    )
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals")


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not 0 < options.level < 1:
        raise CannotAnalyse(f"--level lies between 0 and 1, unlike {options.level:g}.")
    studies = read_studies(read_table(options.file), options)
    if len(studies.names) > MOST_STUDIES:
        raise CannotAnalyse(
            f"There are {len(studies.names):,} studies; at most {MOST_STUDIES:,} are pooled: is it one row a study?"
        )
    if studies.clusters is not None and len(set(studies.clusters)) < len(studies.clusters):
        return _dependent(studies, options)
    return _independent(studies, options)


def _independent(studies: Studies, options: argparse.Namespace) -> dict[str, Any]:
    how = {"method": options.method, "knapp_hartung": options.knapp_hartung, "level": options.level}
    found = pool(studies.estimates, studies.errors, **how)
    refused = [*studies.refused, *found.refused]
    # the fixed method supposes one truth, under which its own interval keeps its promise
    fixed = options.method == "fixed"
    cautious = None if fixed else cautious_intervals(studies.estimates, studies.errors, level=options.level)
    shown = cautious.over(found.estimate) if cautious else found.estimate
    change = what_would_change(
        studies.estimates, studies.errors, **how, interval=(shown.low, shown.high) if cautious else None
    )
    refused += change.refused
    left: list[dict[str, Any]] = []
    if 3 <= len(studies.names) <= MOST_LEFT_OUT:
        try:
            left = [
                {
                    "left_out": name,
                    **one.estimate.as_json(),
                    **_without(studies, place, options),
                    "tau2": one.tau2,
                }
                for place, (name, one) in enumerate(
                    zip(studies.names, leave_one_out(studies.estimates, studies.errors, **how), strict=True)
                )
            ]
        except CannotAnalyse as error:
            refused.append(Refusal("leave_one_out", str(error)))
    else:
        few = len(studies.names) < 3
        reason = (
            "two studies leave nothing to pool" if few else f"there are more than {MOST_LEFT_OUT} studies"
        )
        refused.append(Refusal("leave_one_out", reason))
    method = f"{_NAMES[options.method]}" + (
        ", Hartung–Knapp errors and Student's t" if options.knapp_hartung else ", normal intervals"
    )
    if not fixed:
        method += "; cautious intervals average over what the studies leave open of tau²"
    result = _common(
        method,
        studies,
        found,
        options,
        change,
        shown=shown,
        prediction=cautious.prediction if cautious else None,
    )
    if found.prediction is not None and cautious is not None:
        result["prediction_interval"] = list(found.prediction)
        result |= _cautious(shown)
        result["cautious_prediction_interval"] = list(cautious.prediction)
    result["tau2"] = found.tau2
    if found.tau2_interval is not None:
        result["tau2_interval"] = list(found.tau2_interval)
    result |= _heterogeneity(found)
    if left:
        result["leave_one_out"] = left
    return _closed(result, change, [*studies.caveats, *found.caveats], refused)


def _dependent(studies: Studies, options: argparse.Namespace) -> dict[str, Any]:
    clusters = np.unique(np.array(studies.clusters), return_inverse=True)[1].reshape(-1)
    found = pool_dependent(studies.estimates, studies.errors, clusters, level=options.level)
    caveats = [*studies.caveats, *found.caveats]
    if options.method != "reml" or options.knapp_hartung:
        caveats.append(
            "Effects share clusters: the three-level REML model with CR2 errors was used instead of what was asked."
        )
    refused = [
        *studies.refused,
        Refusal("tau2_interval", "the Q-profile method is for independent studies"),
    ]
    left: list[dict[str, Any]] = []
    number = int(clusters.max()) + 1
    if 3 <= number <= 50:
        for cluster in range(number):
            keep = clusters != cluster
            name = next(
                word for word, code in zip(studies.clusters or [], clusters, strict=True) if code == cluster
            )
            try:
                one = pool_dependent(
                    studies.estimates[keep], studies.errors[keep], clusters[keep], level=options.level
                )
            except CannotAnalyse as error:
                refused.append(Refusal(f"leave_one_out {name}", str(error)))
                continue
            tau2 = one.tau2_between + one.tau2_within
            left.append({"left_out": name, **one.estimate.as_json(), **_cautious(one.shown), "tau2": tau2})
    else:
        refused.append(Refusal("leave_one_out", f"there are {number} clusters; it is done for 3 to 50"))
    e = found.shown
    excludes, bias = e.low > 0 or e.high < 0, e.low if e.estimate > 0 else e.high
    only_independent = "counts of further studies are worked out for independent studies"
    change = WhatWouldChange(excludes, bias, bias / e.estimate if e.estimate else None, None, None, None, ())
    refused.append(Refusal("null_studies, null_study_error, more_studies", only_independent))
    method = "three-level REML (effects within clusters), CR2 errors with Satterthwaite's degrees of freedom; cautious"
    method += " interval from leaving each cluster out, cautious prediction from one effect of each cluster at a time"
    prediction = cautious_prediction_over_clusters(
        studies.estimates, studies.errors, clusters, level=options.level
    )
    result = _common(method, studies, found, options, change, shown=e, prediction=prediction)
    result["clusters"] = found.clusters
    result["prediction_interval"] = list(found.prediction)
    result |= _cautious(e)
    result["cautious_prediction_interval"] = list(prediction)
    result["tau2"] = found.tau2_between + found.tau2_within
    result["tau2_between"], result["tau2_within"] = found.tau2_between, found.tau2_within
    result |= _heterogeneity(found)
    if left:
        result["leave_one_out"] = left
    return _closed(result, change, caveats, refused)


def _cautious(shown: Estimate) -> dict[str, Any]:
    """The interval and the p-value that people are shown, beside those that other programs print."""
    return {"cautious_interval": [shown.low, shown.high], "cautious_p_value": shown.p_value}


def _without(studies: Studies, place: int, options: argparse.Namespace) -> dict[str, Any]:
    if options.method == "fixed":
        return {}
    y, errors = np.delete(studies.estimates, place), np.delete(studies.errors, place)
    careful = cautious_intervals(y, errors, level=options.level)
    return {"cautious_interval": list(careful.mean), "cautious_p_value": careful.p_value}


_NAMES = {
    "reml": "random effects, REML",
    "ml": "random effects, maximum likelihood",
    "dl": "random effects, DerSimonian–Laird",
    "pm": "random effects, Paule–Mandel",
    "he": "random effects, Hedges–Olkin",
    "fixed": "common effect, inverse variance",
}


def _common(
    method: str,
    studies: Studies,
    found: Pooled | PooledDependent,
    options: argparse.Namespace,
    change: WhatWouldChange,
    *,
    shown: Estimate,
    prediction: tuple[float, float] | None,
) -> dict[str, Any]:
    from scipy import special

    reach = float(special.ndtri(0.5 + options.level / 2))
    rows = [
        {
            "study": name,
            **Estimate(y, e, y - reach * e, y + reach * e, options.level).as_json(),
            "weight": weight,
        }
        for name, y, e, weight in zip(
            studies.names, studies.estimates.tolist(), studies.errors.tolist(), found.weights, strict=True
        )
    ]
    return {
        "method": method,
        "n": found.studies,
        "measure": studies.measure,
        **found.estimate.as_json(),
        "studies": rows,
        "sentences": sentences(
            shown,
            studies=found.studies,
            measure=studies.measure,
            prediction=prediction,
            change=change,
        ),
    }


def _heterogeneity(found: Pooled | PooledDependent) -> dict[str, Any]:
    return {
        "i2": found.i2,
        "q": found.q,
        "q_degrees_of_freedom": found.q_degrees_of_freedom,
        "q_p_value": found.q_p_value,
    }


def _closed(
    result: dict[str, Any], change: WhatWouldChange, caveats: list[str], refused: list[Refusal]
) -> dict[str, Any]:
    parts = {
        "excludes_zero": change.excludes_zero,
        "bias": change.bias,
        "bias_share": change.bias_share,
        "null_studies": change.null_studies,
        "null_study_error": change.null_study_error,
        "more_studies": change.more_studies,
    }
    result["what_would_change"] = {key: part for key, part in parts.items() if part is not None}
    caveats.append("I² is not how far the studies' truths differ; the prediction interval shows that.")
    caveats.append("Studies that were never published, or chosen by their results, are not allowed for.")
    return result | {
        "caveats": list(dict.fromkeys(caveats)),
        "refused": [refusal.as_json() for refusal in refused],
    }
