"""Survey estimates beside R's survey package, over generated designs."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.core.estimates.design import Design, survey_design
from folkmoot.core.estimates.linear import mean, proportion, ratio, total
from folkmoot.core.estimates.quantile import quantile
from folkmoot.core.estimates.raking import Margin, rake
from folkmoot.core.estimates.regression import regression

pytestmark = pytest.mark.oracle

DESIGNS = {
    "simple": "svydesign(id = ~1, weights = ~w, data = d)",
    "simple_fpc": "svydesign(id = ~1, weights = ~w, fpc = ~rows_there, data = d)",
    "strata": "svydesign(id = ~1, strata = ~stratum, weights = ~w, data = d)",
    "strata_fpc": "svydesign(id = ~1, strata = ~stratum, weights = ~w, fpc = ~stratum_rows, data = d)",
    "clusters": "svydesign(id = ~cluster, weights = ~w, data = d)",
    "clusters_strata": "svydesign(id = ~cluster, strata = ~stratum, weights = ~w, data = d)",
    "clusters_strata_fpc": "svydesign(id = ~cluster, strata = ~stratum, weights = ~w, fpc = ~clusters_there, data = d)",
    "clusters_share": "svydesign(id = ~cluster, strata = ~stratum, weights = ~w, fpc = ~share_drawn, data = d)",
    "two_stages": "svydesign(id = ~cluster + home, strata = ~stratum, weights = ~w, fpc = ~clusters_there + homes_there, data = d)",
    "three_stages": "svydesign(id = ~cluster + home + row, strata = ~stratum, weights = ~w, fpc = ~clusters_there + homes_there + people_there, data = d)",
    "from_fpc": "svydesign(id = ~cluster, strata = ~stratum, fpc = ~clusters_there, data = d)",
    "lonely": "svydesign(id = ~cluster, strata = ~stratum_lonely, weights = ~w, data = d)",
    "recurring": "svydesign(id = ~cluster_in_stratum, strata = ~stratum, weights = ~w, nest = TRUE, data = d)",
    "raked": 'calibrate(svydesign(id = ~cluster, strata = ~stratum, weights = ~w, data = d), ~ sex + age, c(`(Intercept)` = 20000, sexm = 9500, ageb = 7000, agec = 6000), calfun = "raking", epsilon = 1e-12, maxit = 200)',
    "poststratified": 'postStratify(svydesign(id = ~cluster, strata = ~stratum, weights = ~w, fpc = ~clusters_there, data = d), ~age, data.frame(age = c("a", "b", "c"), Freq = c(7000, 7000, 6000)))',
}

SCRIPT = """
d <- read.csv("sample.csv")
answer <- function(name, design) {
  if (name == "lonely") options(survey.lonely.psu = "adjust") else options(survey.lonely.psu = "fail")
  f <- degf(design)
  part <- subset(design, part == 1)
  known <- subset(design, !is.na(gaps))
  m <- svymean(~y, design, deff = TRUE); say(paste0(name, ".mean"), c(coef(m), SE(m), confint(m, df = f), f, deff(m)))
  m <- svytotal(~y, design, deff = TRUE); say(paste0(name, ".total"), c(coef(m), SE(m), confint(m, df = f), f, deff(m)))
  m <- svyratio(~y, ~x, design, deff = TRUE); say(paste0(name, ".ratio"), c(coef(m), SE(m), confint(m, df = f), f, deff(m)))
  m <- svyciprop(~yes, design); say(paste0(name, ".proportion"), c(coef(m), sqrt(attr(m, "var")), attr(m, "ci"), f))
  for (q in c(0.1, 0.5, 0.75)) {
    m <- svyquantile(~y, design, q)$y
    say(paste0(name, ".quantile", q), c(m[1, 1], m[1, 4], m[1, 2:3], f))
  }
  m <- svyglm(y ~ x + factor(age) + yes, design)
  say(paste0(name, ".regression"), c(coef(m), SE(m), as.vector(confint(m)), m$df.residual, summary(m)$coefficients[, 4]))
  m <- svyglm(yes ~ x + y, design, family = quasibinomial, control = list(epsilon = 1e-14, maxit = 50))
  say(paste0(name, ".logistic"), c(coef(m), SE(m), as.vector(confint(m)), m$df.residual, summary(m)$coefficients[, 4]))
  m <- svymean(~y, part, deff = TRUE); f <- degf(part)
  say(paste0(name, ".part_mean"), c(coef(m), SE(m), confint(m, df = f), f, deff(m)))
  m <- svytotal(~y, part, deff = TRUE); say(paste0(name, ".part_total"), c(coef(m), SE(m), confint(m, df = f), f, deff(m)))
  m <- svyquantile(~y, part, 0.5)$y; say(paste0(name, ".part_quantile"), c(m[1, 1], m[1, 4], m[1, 2:3], f))
  m <- svymean(~gaps, design, na.rm = TRUE); say(paste0(name, ".gaps_mean"), c(coef(m), SE(m), confint(m, df = degf(known)), degf(known)))
}
"""


def sample(seed: int = 20261) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    people_of: list[tuple[int, int, int]] = []
    for stratum in range(5):
        for cluster in range(int(rng.integers(3, 7))):
            for home in range(int(rng.integers(2, 5))):
                people_of += [(stratum, 100 * stratum + cluster, home)] * int(rng.integers(2, 6))
    stratum, cluster, home = (np.array(part) for part in zip(*people_of, strict=True))
    n = len(stratum)
    order = rng.permutation(n)
    stratum, cluster, home = stratum[order], cluster[order], home[order]
    home = 10 * cluster + home
    shift = rng.normal(size=600)[cluster]
    x = rng.gamma(4, 2, n)
    y = np.round(3 + x + 2 * shift + rng.normal(size=n) * 2, 1)
    gaps = np.where(rng.random(n) < 0.2, np.nan, y)
    clusters_in = np.array([len(set(cluster[stratum == s])) for s in range(5)])
    homes_in = {c: len(set(home[cluster == c])) for c in set(cluster)}
    people_in = {h: int((home == h).sum()) for h in set(home)}
    lonely = stratum.copy()
    lonely[cluster == cluster[0]] = 9
    return {
        "row": np.arange(n), "stratum": stratum, "cluster": cluster, "home": home,
        "cluster_in_stratum": cluster % 100, "stratum_lonely": lonely,
        "w": rng.uniform(5, 60, n), "y": y, "x": x, "yes": (rng.random(n) < 0.3).astype(int),
        "gaps": gaps, "part": (rng.random(n) < 0.4).astype(int),
        "sex": rng.choice(["f", "m"], n), "age": rng.choice(["a", "b", "c"], n),
        "rows_there": np.full(n, 4 * n), "stratum_rows": 900 + 10 * stratum,
        "clusters_there": (clusters_in + np.array([4, 9, 0, 20, 6]))[stratum],
        "share_drawn": np.array([0.5, 0.2, 0.9, 0.3, 0.25])[stratum],
        "homes_there": np.array([homes_in[c] + 3 + c % 4 for c in cluster]),
        "people_there": np.array([people_in[h] + 1 + h % 3 for h in home]),
    }  # fmt: skip


def ours(name: str, d: dict[str, np.ndarray]) -> Design:
    n = len(d["w"])
    strata: tuple[np.ndarray, ...] = (d["stratum"],)
    clusters: tuple[np.ndarray, ...] = (d["cluster"],)
    fpc: tuple[np.ndarray, ...] = ()
    weights: np.ndarray | None = d["w"]
    lonely = "refuse"
    match name:
        case "simple":
            strata, clusters = (), ()
        case "simple_fpc":
            strata, clusters, fpc = (), (), (d["rows_there"],)
        case "strata":
            clusters = ()
        case "strata_fpc":
            clusters, fpc = (), (d["stratum_rows"],)
        case "clusters":
            strata = ()
        case "clusters_strata_fpc" | "poststratified":
            fpc = (d["clusters_there"],)
        case "clusters_share":
            fpc = (d["share_drawn"],)
        case "two_stages":
            clusters, fpc = (d["cluster"], d["home"]), (d["clusters_there"], d["homes_there"])
        case "three_stages":
            clusters = (d["cluster"], d["home"], d["row"])
            fpc = (d["clusters_there"], d["homes_there"], d["people_there"])
        case "from_fpc":
            weights, fpc = None, (d["clusters_there"],)
        case "lonely":
            strata, lonely = (d["stratum_lonely"],), "centre"
        case "recurring":
            clusters = (d["cluster_in_stratum"],)
    design = survey_design(n, weights=weights, strata=strata, clusters=clusters, fpc=fpc, lonely=lonely)
    if name == "raked":
        sex, age = margin(d, "sex", [10500, 9500]), margin(d, "age", [7000, 7000, 6000])
        return rake(design, [sex, age])
    if name == "poststratified":
        return rake(design, [margin(d, "age", [7000, 7000, 6000])])
    return design


def margin(d: dict[str, np.ndarray], variable: str, totals: list[float]) -> Margin:
    levels, codes = np.unique(d[variable], return_inverse=True)
    return Margin(variable, tuple(levels), np.array(totals, dtype=float), codes)


@pytest.fixture(scope="module")
def both(r, tmp_path_factory):
    d = sample()
    table = {name: ["" if cell != cell else cell for cell in column.tolist()] for name, column in d.items()}
    lines = "".join(
        f'options(survey.lonely.psu = "adjust")\nanswer("{name}", {code})\n' for name, code in DESIGNS.items()
    )
    return d, r(SCRIPT + lines, tmp_path_factory.mktemp("r"), ["survey"], sample=table)


def agree(found, wanted, *, effect: bool = False, tolerance: float = 1e-9) -> None:
    e = found.estimate
    mine = [e.estimate, e.standard_error, e.low, e.high, e.degrees_of_freedom]
    mine += [found.design_effect] if effect else []
    assert mine == pytest.approx(wanted[: len(mine)], rel=tolerance, abs=1e-10)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_totals_and_ratios_equal_those_of_r(both, name):
    d, theirs = both
    design = ours(name, d)
    agree(mean(d["y"], design), theirs[f"{name}.mean"], effect=True)
    agree(total(d["y"], design), theirs[f"{name}.total"], effect=True)
    agree(ratio(d["y"], d["x"], design), theirs[f"{name}.ratio"], effect=True)


@pytest.mark.parametrize("name", DESIGNS)
def test_parts_of_the_sample_keep_the_whole_design_as_in_r(both, name):
    d, theirs = both
    design, part = ours(name, d), np.flatnonzero(d["part"] == 1)
    agree(mean(d["y"], design, rows=part), theirs[f"{name}.part_mean"], effect=True)
    agree(total(d["y"], design, rows=part), theirs[f"{name}.part_total"], effect=True)
    agree(mean(d["gaps"], design), theirs[f"{name}.gaps_mean"])


@pytest.mark.parametrize("name", DESIGNS)
def test_proportions_and_quantiles_equal_those_of_r(both, name):
    d, theirs = both
    design = ours(name, d)
    agree(proportion(d["yes"], design), theirs[f"{name}.proportion"], tolerance=1e-6)  # R iterates to 1e-8
    for at in (0.1, 0.5, 0.75):
        agree(quantile(d["y"], design, at=at), theirs[f"{name}.quantile{at}"])
    agree(quantile(d["y"], design, rows=np.flatnonzero(d["part"] == 1)), theirs[f"{name}.part_quantile"])


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("family", ["linear", "logistic"])
def test_regressions_equal_those_of_r(both, name, family):
    d, theirs = both
    if family == "linear":
        predictors = [("x", d["x"]), ("b", d["age"] == "b"), ("c", d["age"] == "c"), ("yes", d["yes"])]
        found = regression(d["y"], predictors, ours(name, d))
    else:
        found = regression(d["yes"], [("x", d["x"]), ("y", d["y"])], ours(name, d), family="logistic")
    parts = [term.estimate for term in found.terms]
    mine = [
        *(e.estimate for e in parts), *(e.standard_error for e in parts),
        *(e.low for e in parts), *(e.high for e in parts), found.degrees_of_freedom,
        *(e.p_value for e in parts),
    ]  # fmt: skip
    wanted = theirs[f"{name}.{'regression' if family == 'linear' else 'logistic'}"]
    assert mine == pytest.approx(wanted, rel=1e-6, abs=1e-9)
