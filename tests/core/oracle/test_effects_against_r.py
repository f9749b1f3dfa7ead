"""Effects beside R: clubSandwich for CR2, estimatr for trials, lme4 for the stepped wedge, over generated designs."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.core.effects.differences import did_effect
from folkmoot.core.effects.trial import trial_effect
from folkmoot.core.power.stepped_wedge import stepped_wedge_power
from folkmoot.core.power.two_arm import power_of_two_means, power_of_two_proportions

pytestmark = pytest.mark.oracle

PANELS = {
    # units, periods, treated, start, holes, units a cluster
    "small": (10, 6, 3, 3, 0, 1),
    "two treated": (14, 8, 2, 4, 0, 1),
    "half": (20, 5, 10, 2, 0, 1),
    "holes": (16, 7, 5, 3, 9, 1),
    "pairs": (16, 6, 6, 3, 0, 2),
    "pairs with holes": (18, 6, 6, 3, 7, 2),
    "threes": (24, 4, 9, 2, 0, 3),
}

CR2 = """
d <- read.csv("panel.csv")
for (model in c("plain", "covariate")) {
  right <- if (model == "plain") "d + factor(unit) + factor(time)" else "d + x + factor(unit) + factor(time)"
  m <- lm(as.formula(paste("y ~", right)), d)
  found <- coef_test(m, vcovCR(m, cluster = d$cluster, type = "CR2"), test = "Satterthwaite", coefs = "d")
  say(model, c(found$beta, found$SE, found$df_Satt, found$p_Satt))
}
"""


@pytest.mark.parametrize("name", sorted(PANELS))
def test_cr2_of_differences_in_differences_is_club_sandwichs(r, tmp_path, name):
    units, periods, treated, start, holes, size = PANELS[name]
    random = np.random.default_rng(sorted(PANELS).index(name))
    unit, time = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    keep = np.sort(random.permutation(unit.size)[holes:])
    unit, time = unit[keep], time[keep]
    status = ((unit < treated) & (time >= start)).astype(float)
    outcome = random.standard_normal(unit.size) + unit / 5 + time / 3 + 0.4 * status
    extra = random.standard_normal(unit.size)
    answers = r(
        CR2, tmp_path, ["clubSandwich"],
        panel={"unit": unit, "time": time, "d": status, "y": outcome, "x": extra, "cluster": unit // size},
    )  # fmt: skip
    for model, covariates in (("plain", ()), ("covariate", (extra,))):
        found = did_effect(
            outcome,
            unit=unit,
            time=time,
            treated=status,
            clusters=unit // size,
            covariates=covariates,
            inference="cr2",
        ).estimate
        ours = [found.estimate, found.standard_error, found.degrees_of_freedom, found.p_value]
        assert ours == pytest.approx(answers[model], rel=1e-8, abs=1e-10)


TRIAL = """
d <- read.csv("trial.csv")
put <- function(name, m, term) say(name, c(coef(m)[[term]], m$std.error[[term]], m$df[[term]], m$p.value[[term]]))
put("people", lm_robust(y ~ z, d, se_type = "HC2"), "z")
put("lin", lm_lin(y ~ z, ~ x + w, d, se_type = "HC2"), "z")
put("clusters", lm_robust(y ~ g, d, clusters = cluster, se_type = "CR2"), "g")
put("clusters lin", lm_lin(y ~ g, ~ x, d, clusters = cluster, se_type = "CR2"), "g")
put("received", iv_robust(y ~ got | z, d, se_type = "HC2"), "got")
m <- difference_in_means(y ~ z, blocks = block, data = d)
say("blocks", c(coef(m)[["z"]], m$std.error[["z"]]))
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_trials_are_estimatrs(r, tmp_path, seed):
    random = np.random.default_rng(seed)
    people = 90 + 20 * seed
    block, cluster = np.arange(people) % 5, np.arange(people) // 7
    drawn = np.zeros(people)
    for part in range(5):
        members = np.flatnonzero(block == part)
        drawn[random.permutation(members)[: members.size // 2]] = 1
    by_cluster = (cluster % 2).astype(float)
    got = drawn * (random.random(people) < 0.7) + (1 - drawn) * (random.random(people) < 0.1)
    one, two = random.standard_normal(people), random.exponential(size=people)
    outcome = (
        random.standard_normal(people) + one + got + 0.3 * random.standard_normal(cluster.max() + 1)[cluster]
    )
    answers = r(
        TRIAL, tmp_path, ["estimatr"],
        trial={"y": outcome, "z": drawn, "g": by_cluster, "got": got, "x": one, "w": two, "cluster": cluster, "block": block},
    )  # fmt: skip
    ours = {
        "people": trial_effect(outcome, treated=drawn),
        "lin": trial_effect(outcome, treated=drawn, covariates=[one, two]),
        "clusters": trial_effect(outcome, treated=by_cluster, clusters=cluster),
        "clusters lin": trial_effect(outcome, treated=by_cluster, clusters=cluster, covariates=[one]),
        "received": trial_effect(outcome, treated=drawn, received=got),
        "blocks": trial_effect(outcome, treated=drawn, blocks=block),
    }
    for name, found in ours.items():
        assert found.estimate.estimate == pytest.approx(answers[name][0], rel=1e-8)
        assert found.estimate.standard_error == pytest.approx(answers[name][1], rel=1e-7)
    for name in ("clusters", "clusters lin"):  # estimatr gives CR2 fits Satterthwaite degrees of freedom
        assert ours[name].estimate.degrees_of_freedom == pytest.approx(answers[name][2], rel=1e-6)
        assert ours[name].estimate.p_value == pytest.approx(answers[name][3], rel=1e-6)


POWER = """
d <- read.csv("asked.csv")
for (i in seq_len(nrow(d))) {
  say(paste0("means", i), power.t.test(n = d$n[i], delta = d$change[i], sd = d$sd[i], sig.level = d$alpha[i])$power)
  say(paste0("shares", i), power.prop.test(n = d$n[i], p1 = d$p[i], p2 = d$p[i] + 0.1, sig.level = d$alpha[i])$power)
}
"""


def test_power_of_two_groups_is_rs(r, tmp_path):
    random = np.random.default_rng(4)
    count = 40
    asked = {
        "n": random.integers(3, 400, count), "change": random.uniform(0.05, 2, count),
        "sd": random.uniform(0.5, 3, count), "alpha": random.choice([0.01, 0.05, 0.1], count),
        "p": random.uniform(0.02, 0.88, count),
    }  # fmt: skip
    answers = r(POWER, tmp_path, ["stats"], asked=asked)
    for place in range(count):
        one = {name: float(values[place]) for name, values in asked.items()}
        means = power_of_two_means(
            one["change"], standard_deviation=one["sd"], per_arm=one["n"], alpha=one["alpha"]
        )
        shares = power_of_two_proportions(0.1, baseline=one["p"], per_arm=one["n"], alpha=one["alpha"])
        assert means == pytest.approx(answers[f"means{place + 1}"][0], rel=1e-8, abs=1e-10)
        assert shares == pytest.approx(answers[f"shares{place + 1}"][0], rel=1e-8)


WEDGE = """
d <- read.csv("wedge.csv")
control <- lmerControl(check.conv.grad = "ignore", check.conv.singular = "ignore", optCtrl = list(maxfun = 1))
# the error of the treatment at the variances that the design names, not at estimated ones
devfun <- lmer(y ~ 0 + factor(period) + treated + (1 | cluster) + (1 | cell), d, REML = FALSE, devFunOnly = TRUE)
theta <- c(sqrt(d$between_cells[1]), sqrt(d$between_clusters[1])) / sqrt(d$within[1])
levels <- names(getME(lmer(y ~ 0 + factor(period) + treated + (1 | cluster) + (1 | cell), d, REML = FALSE, control = control), "flist"))
devfun(if (levels[1] == "cell") theta else rev(theta))
pred <- environment(devfun)$pp
say("variance", d$within[1] * tail(diag(chol2inv(pred$RX())), 1))
"""


@pytest.mark.parametrize(
    ("clusters", "steps", "icc", "kept"), [(8, 4, 0.05, 0.8), (9, 3, 0.2, 0.5), (12, 4, 0.02, 0.9)]
)
def test_the_variance_of_a_stepped_wedge_is_lme4s(r, tmp_path, clusters, steps, icc, kept):
    per_cell = 5
    random = np.random.default_rng(5)
    cluster = np.repeat(np.arange(clusters), (steps + 1) * per_cell)
    period = np.tile(np.repeat(np.arange(steps + 1), per_cell), clusters)
    treated = (period > cluster % steps).astype(int)
    rows = cluster.size
    answers = r(
        WEDGE, tmp_path, ["lme4"],
        wedge={
            "cluster": cluster, "period": period, "treated": treated, "cell": cluster * 100 + period,
            "y": random.standard_normal(rows) + 0.5 * random.standard_normal(clusters)[cluster],
            "between_clusters": np.full(rows, icc * kept), "between_cells": np.full(rows, icc * (1 - kept)),
            "within": np.full(rows, 1 - icc),
        },
    )  # fmt: skip
    found = stepped_wedge_power(
        0.3, clusters=clusters, steps=steps, per_cell=per_cell, icc=icc, cluster_autocorrelation=kept
    )
    assert found.variance == pytest.approx(answers["variance"][0], rel=1e-8)
