"""Survey estimates from replicate weights beside R's survey package, for every kind of replicate."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.core.estimates.design import survey_design
from folkmoot.core.estimates.linear import mean, proportion, ratio, total
from folkmoot.core.estimates.quantile import quantile
from folkmoot.core.estimates.raking import Margin, rake
from folkmoot.core.estimates.regression import regression
from folkmoot.core.estimates.replicates import replicate_weights

pytestmark = pytest.mark.oracle

KINDS = {
    "jk1": 'type = "JK1", scale = 19 / 20',
    "jkn": 'type = "JKn", scale = 1, rscales = rep(c(0.8, 0.9), 10)',
    "brr": 'type = "BRR"',
    "fay": 'type = "Fay", rho = 0.3',
    "bootstrap": 'type = "bootstrap"',
    "sdr": 'type = "successive-difference"',
}

SCRIPT = """
d <- read.csv("sample.csv")
r <- as.matrix(read.csv("replicates.csv"))
for (around in c("mean", "estimate")) for (kind in names(kinds <- list(KINDS))) {
  design <- eval(parse(text = paste0(
    "suppressWarnings(svrepdesign(data = d, weights = ~w, repweights = r, combined.weights = TRUE, mse = ", around == "estimate",
    ", ", kinds[[kind]], "))")))
  f <- degf(design)
  tell <- function(name, m) say(paste(around, kind, name, sep = "."), c(coef(m), SE(m), confint(m, df = f)))
  tell("mean", svymean(~y, design)); tell("total", svytotal(~y, design)); tell("ratio", svyratio(~y, ~x, design))
  m <- svyciprop(~yes, design); say(paste(around, kind, "proportion", sep = "."), c(coef(m), sqrt(attr(m, "var")), attr(m, "ci")))
  m <- svyquantile(~y, design, 0.5)$y; say(paste(around, kind, "quantile", sep = "."), c(m[1, 1], m[1, 4], m[1, 2:3]))
  part <- subset(design, part == 1); f <- degf(part); tell("part", svymean(~y, part)); f <- degf(design)
  m <- svyglm(y ~ x + yes, design); say(paste(around, kind, "regression", sep = "."), c(coef(m), SE(m), m$df.residual))
  m <- svyglm(yes ~ x, design, family = quasibinomial, control = list(epsilon = 1e-14, maxit = 50))
  say(paste(around, kind, "logistic", sep = "."), c(coef(m), SE(m), m$df.residual))
  raked <- calibrate(design, ~ sex + age, c(`(Intercept)` = 20000, sexm = 9500, ageb = 7000, agec = 6000),
    calfun = "raking", epsilon = 1e-12, maxit = 200, compress = FALSE)
  tell("raked", svymean(~y, raked))
}
""".replace("KINDS", ", ".join(f"{kind} = '{words}'" for kind, words in KINDS.items()))


def sample():
    rng = np.random.default_rng(31)
    n, clusters = 300, 20
    cluster = rng.integers(0, clusters, n)
    x = rng.gamma(4, 2, n)
    y = 3 + x + rng.normal(size=clusters)[cluster] + rng.normal(size=n)
    yes = (rng.random(n) < 0.3).astype(float)
    people = {
        "x": x, "y": y, "yes": yes, "w": rng.uniform(20, 100, n), "part": (rng.random(n) < 0.5).astype(float),
        "sex": rng.choice(["f", "m"], n), "age": rng.choice(["a", "b", "c"], n),
    }  # fmt: skip
    factors = np.where(cluster[:, None] == np.arange(clusters), rng.uniform(0, 0.4, (n, clusters)), 1.05)
    return people, people["w"][:, None] * factors


def test_replicate_weights_are_those_of_r(r, tmp_path):
    people, weights = sample()
    said = r(
        SCRIPT, tmp_path, ["survey"],
        sample=people, replicates={f"r{one}": weights[:, one] for one in range(weights.shape[1])},
    )  # fmt: skip
    part = np.flatnonzero(people["part"] == 1)
    margins = []
    for variable, totals in (("sex", [10500, 9500]), ("age", [7000, 7000, 6000])):
        levels, codes = np.unique(people[variable], return_inverse=True)
        margins.append(Margin(variable, tuple(levels), np.array(totals, dtype=float), codes))
    compared = 0
    for kind in KINDS:
        for around in ("mean", "estimate"):
            held = replicate_weights(
                weights, rows=300, method=kind, around=around, fay=0.3 if kind == "fay" else None,
                scale=np.tile([0.8, 0.9], 10) if kind == "jkn" else None,
            )  # fmt: skip
            design = survey_design(300, weights=people["w"], replicates=held)
            found = {
                "mean": mean(people["y"], design),
                "total": total(people["y"], design),
                "ratio": ratio(people["y"], people["x"], design),
                "proportion": proportion(people["yes"], design),
                "quantile": quantile(people["y"], design),
                "part": mean(people["y"], design, rows=part),
                "raked": mean(people["y"], rake(design, margins)),
            }
            for name, one in found.items():
                e = one.estimate
                theirs = said[f"{around}.{kind}.{name}"]
                if (
                    name == "proportion"
                ):  # R transforms each replicate to log odds, ours the error: equal to first order
                    assert [e.low, e.high] == pytest.approx(theirs[2:], rel=2e-4)
                    theirs[2:] = [e.low, e.high]
                assert [e.estimate, e.standard_error, e.low, e.high] == pytest.approx(theirs, rel=2e-6), (
                    kind,
                    around,
                    name,
                )
                compared += 1
            for name, outcome, terms in (("regression", "y", ["x", "yes"]), ("logistic", "yes", ["x"])):
                fitted = regression(
                    people[outcome], [(term, people[term]) for term in terms], design,
                    family="linear" if name == "regression" else "logistic",
                )  # fmt: skip
                ours = [t.estimate.estimate for t in fitted.terms] + [
                    t.estimate.standard_error for t in fitted.terms
                ]
                assert [*ours, fitted.degrees_of_freedom] == pytest.approx(
                    said[f"{around}.{kind}.{name}"], rel=2e-6
                )
                compared += 1
    assert compared == 108
