"""Pooling beside R's metafor and clubSandwich, over generated sets of studies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from folkmoot.core.synthesis.counts import from_counts
from folkmoot.core.synthesis.dependent import pool_dependent
from folkmoot.core.synthesis.pooling import leave_one_out, pool
from folkmoot.core.synthesis.printed import from_correlation, from_means

pytestmark = pytest.mark.oracle

METHODS = ["reml", "ml", "dl", "pm", "he", "fixed"]
SETS = range(8)

SCRIPT = """
d <- read.csv("studies.csv")
tight <- list(threshold = 1e-14, maxiter = 10000, stepadj = 0.5)
for (s in unique(d$set)) {
  one <- d[d$set == s, ]
  for (m in c("REML", "ML", "DL", "PM", "HE", "FE")) for (hk in c(FALSE, TRUE)) {
    test <- if (hk) "knha" else "z"
    f <- rma(y, sei = e, data = one, method = m, test = test, control = if (m == "PM") list(tol = 1e-14) else tight)
    p <- predict(f)
    q <- if (m == "FE") c(NA, NA) else confint(f, control = list(tol = 1e-14))$random[1, 2:3]
    say(paste(s, m, hk, sep = "."), c(f$b, f$se, f$ci.lb, f$ci.ub, f$pval,
      if (is.null(p$pi.lb)) c(NA, NA) else c(p$pi.lb, p$pi.ub), f$tau2, f$I2, f$QE, f$QEp, q))
  }
  f <- rma(y, sei = e, data = one, method = "REML", test = "knha", control = tight)
  l <- suppressWarnings(leave1out(f))
  say(paste(s, "left", sep = "."), c(l$estimate, l$se, l$ci.lb, l$tau2))
}
d <- read.csv("nested.csv")
for (s in unique(d$set)) {
  one <- d[d$set == s, ]
  f <- rma.mv(y, e^2, random = ~ 1 | cluster / effect, data = one, sparse = FALSE,
    control = list(optimizer = "optim", optmethod = "Nelder-Mead", reltol = 1e-15, maxit = 5000))
  t <- coef_test(f, vcov = "CR2", cluster = one$cluster)
  say(paste(s, "nested", sep = "."), c(f$b, f$sigma2, t$SE, t[["df_Satt"]], t[["p_Satt"]], f$QE, logLik(f)))
}
d <- read.csv("counts.csv")
for (m in c("RR", "OR", "RD")) {
  x <- escalc(measure = m, ai = a, bi = b, ci = c, di = d, data = d)
  say(m, c(x$yi, sqrt(x$vi)))
}
d <- read.csv("means.csv")
x <- escalc(measure = "SMD", m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = d); say("SMD", c(x$yi, sqrt(x$vi)))
x <- escalc(measure = "MD", m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = d); say("MD", c(x$yi, sqrt(x$vi)))
x <- escalc(measure = "ZCOR", ri = r, ni = n1, data = d); say("ZCOR", c(x$yi, sqrt(x$vi)))
"""


def studies(number: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(700 + number)
    count = [2, 3, 4, 6, 9, 14, 30, 80][number]
    errors = rng.gamma(3, 0.05, count) + 0.02
    truth = rng.normal(0.2, [0.0, 0.3, 0.1, 0.0, 0.5, 0.15, 0.05, 0.2][number], count)
    return truth + rng.normal(size=count) * errors, errors


def nested(number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(900 + number)
    sizes = rng.integers(1, [4, 6, 9, 3][number], [5, 9, 20, 40][number])
    sizes[0] = 3
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    errors = rng.gamma(4, 0.04, len(clusters)) + 0.03
    between, within = [(0.3, 0.1), (0.2, 0.2), (0.0, 0.3), (0.4, 0.0)][number]
    truth = 0.1 + rng.normal(size=len(sizes))[clusters] * between + rng.normal(size=len(clusters)) * within
    return truth + rng.normal(size=len(clusters)) * errors, errors, clusters


COUNTS = {
    "a": [4, 0, 12, 7, 30, 2], "b": [119, 40, 88, 0, 70, 8],
    "c": [11, 3, 0, 5, 25, 9], "d": [128, 37, 95, 6, 90, 1],
}  # fmt: skip
MEANS = {
    "m1": [10.2, 3.0, -1.0], "s1": [2.0, 1.1, 4.0], "n1": [12, 40, 300], "m2": [9.0, 3.2, 0.5],
    "s2": [2.5, 0.9, 3.5], "n2": [15, 35, 280], "r": [0.3, -0.8, 0.02],
}  # fmt: skip


@pytest.fixture(scope="module")
def theirs(r, tmp_path_factory):
    flat: dict[str, list[object]] = {"set": [], "y": [], "e": []}
    for number in SETS:
        for y, e in zip(*studies(number), strict=True):
            for name, cell in zip(flat, (number, float(y), float(e)), strict=True):
                flat[name].append(cell)
    deep: dict[str, list[object]] = {"set": [], "effect": [], "cluster": [], "y": [], "e": []}
    for number in range(4):
        for row, (y, e, c) in enumerate(zip(*nested(number), strict=True)):
            for name, cell in zip(deep, (number, row, int(c), float(y), float(e)), strict=True):
                deep[name].append(cell)
    folder = tmp_path_factory.mktemp("r")
    packages = ["metafor", "clubSandwich"]
    return r(SCRIPT, folder, packages, studies=flat, nested=deep, counts=COUNTS, means=MEANS)


@pytest.mark.parametrize("number", SETS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("knapp_hartung", [False, True])
def test_pooled_estimates_equal_those_of_metafor(theirs, number, method, knapp_hartung):
    y, e = studies(number)
    found = pool(y, e, method=method, knapp_hartung=knapp_hartung)
    wanted = theirs[f"{number}.{'FE' if method == 'fixed' else method.upper()}.{str(knapp_hartung).upper()}"]
    s = found.estimate
    mine = [s.estimate, s.standard_error, s.low, s.high, s.p_value]
    mine += [*(found.prediction or (math.nan, math.nan)), found.tau2, found.i2, found.q, found.q_p_value]
    if method == "fixed":
        wanted[5:7] = [math.nan, math.nan]  # metafor repeats the interval; we refuse
    assert mine == pytest.approx(wanted[:11], rel=1e-6, abs=1e-7, nan_ok=True)
    if method != "fixed" and not math.isnan(wanted[11]) and found.tau2_interval:
        low, high = found.tau2_interval
        assert low == pytest.approx(wanted[11], rel=1e-6, abs=1e-8)
        if wanted[12] < 99.9:  # metafor looks no further than 100
            assert high == pytest.approx(wanted[12], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("number", SETS[1:])
def test_leaving_one_out_equals_metafor(theirs, number):
    found = leave_one_out(*studies(number), knapp_hartung=True)
    mine = [p.estimate.estimate for p in found] + [p.estimate.standard_error for p in found]
    mine += [p.estimate.low for p in found] + [p.tau2 for p in found]
    assert mine == pytest.approx(theirs[f"{number}.left"], rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("number", range(4))
def test_dependent_effects_equal_rma_mv_with_cr2(theirs, number):
    found = pool_dependent(*nested(number))
    e = found.estimate
    mine = [e.estimate, found.tau2_between, found.tau2_within, e.standard_error]
    mine += [e.degrees_of_freedom, e.p_value, found.q]
    assert mine == pytest.approx(theirs[f"{number}.nested"][:7], rel=2e-5, abs=2e-6)


@pytest.mark.parametrize("measure", ["rr", "or", "rd"])
def test_effects_from_counts_equal_escalc(theirs, measure):
    found = from_counts(*COUNTS.values(), measure=measure)
    assert [*found.estimates, *found.standard_errors] == pytest.approx(theirs[measure.upper()], rel=1e-9)


def test_effects_from_means_and_correlations_equal_escalc(theirs):
    rows = [dict(zip(MEANS, row, strict=True)) for row in zip(*MEANS.values(), strict=True)]
    for name, standardised in (("SMD", True), ("MD", False)):
        found = [
            from_means(
                mean_treated=row["m1"], sd_treated=row["s1"], n_treated=row["n1"],
                mean_control=row["m2"], sd_control=row["s2"], n_control=row["n2"],
                standardised=standardised,
            )
            for row in rows
        ]  # fmt: skip
        mine = [p.estimate for p in found] + [p.standard_error for p in found]
        assert mine == pytest.approx(theirs[name], rel=1e-9)
    found = [from_correlation(row["r"], n=row["n1"]) for row in rows]
    assert [p.estimate for p in found] + [p.standard_error for p in found] == pytest.approx(theirs["ZCOR"])
