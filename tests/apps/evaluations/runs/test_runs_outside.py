"""The same figures outside: by the downloaded script in a fresh process, and by R where it is there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from django.urls import reverse

from folkmoot.evaluations.actions.data import bring_table
from folkmoot.evaluations.actions.runs import run_now
from folkmoot.evaluations.figures import estimate_of
from folkmoot.evaluations.storing import path_of

from .making import CHOSEN

pytestmark = pytest.mark.django_db


def taken_away(run, client, folder):
    """The script and the table as somebody downloads them into an empty folder."""
    script = client.get(reverse("run_script", args=[run.pk]))
    table = client.get(reverse("run_data", args=[run.pk]))
    names = [one["Content-Disposition"].split('filename="')[1].rstrip('"') for one in (script, table)]
    (folder / names[0]).write_bytes(script.content)
    (folder / names[1]).write_bytes(b"".join(table.streaming_content))
    return folder / names[0], folder / names[1]


def ran(script, folder):
    return subprocess.run(
        [sys.executable, "-I", str(script)],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("more", [{}, {"weights": "weight"}, {"inference": "wild"}])
def test_the_script_gives_the_figures_of_the_page_from_the_table_alone(doorsteps, cast, as_, tmp_path, more):
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN | more, by=cast.ada)
    assert run.state == "done", run.refused_because
    folder = tmp_path / "outside"
    folder.mkdir()
    script, table = taken_away(run, as_(cast.ada), folder)
    assert sorted(one.name for one in folder.iterdir()) == sorted([script.name, table.name])
    outcome = ran(script, folder)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    last = json.loads(outcome.stdout.strip().splitlines()[-1])
    found = estimate_of(run.result)
    assert last["same"] is True and last["estimate"] == pytest.approx(found.estimate, rel=1e-9)
    assert "django" not in script.read_text().lower()
    table.write_bytes(table.read_bytes() + b"S99,1,1,1,1\n")
    other = ran(script, folder)
    assert other.returncode == 2 and "not the table of this run" in other.stdout


def test_no_words_of_a_title_get_out_of_the_scripts_description(plan, cast, as_, tmp_path):
    made = plan("trial", title='"""\nimport os; os.remove("x") \\" ”')
    rows = "y,t\n" + "".join(f"{one % 3 % 2},{one % 2}\n" for one in range(60))
    table = bring_table(made, name="t.csv", content=rows.encode(), by=cast.ada)
    run = run_now(made, dataset=table, choices={"outcome": "y", "treated": "t"}, by=cast.ada)
    script, _ = taken_away(run, as_(cast.ada), tmp_path)
    compiled = compile(script.read_text(), "script", "exec")
    assert "os.remove" in compiled.co_consts[0] and "os" not in compiled.co_names
    assert ran(script, tmp_path).returncode == 0


R = """
library(estimatr)
held <- read.csv("TABLE")
fit <- lm_robust(good_job ~ visited, data = held, clusters = street, se_type = "CR2")
cat(sprintf("%.12g %.12g %.12g %.12g", coef(fit)["visited"], fit$std.error["visited"],
            fit$conf.low["visited"], fit$conf.high["visited"]))
"""


@pytest.mark.oracle
def test_r_gives_the_figures_of_a_trial_of_streets(doorsteps, cast, tmp_path):
    if not shutil.which("Rscript"):
        pytest.skip("no R on this machine: on Debian, install r-base-core and r-cran-estimatr")
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    script = tmp_path / "check.R"
    script.write_text(R.replace("TABLE", str(path_of(doorsteps.table.kept_as))))
    outcome = subprocess.run(
        ["Rscript", str(script)], capture_output=True, text=True, check=True, timeout=120
    )
    found = estimate_of(run.result)
    ours = [found.estimate, found.standard_error, found.low, found.high]
    assert [float(one) for one in outcome.stdout.split()] == pytest.approx(ours, rel=1e-6)
