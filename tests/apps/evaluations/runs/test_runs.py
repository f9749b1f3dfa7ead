"""Runs: registered first, reproducible, in the background, stopped at once, refused in sentences."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot import __version__
from folkmoot.analyse.command import result_of
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evaluations.actions.data import bring_table, erase_table
from folkmoot.evaluations.actions.plans import record_departure
from folkmoot.evaluations.actions.runs import ask_run, run_now
from folkmoot.evaluations.commands import SHAPES, command_from, laid_out, level_of
from folkmoot.evaluations.departing import limits_of
from folkmoot.evaluations.figures import estimate_of
from folkmoot.evaluations.models import Plan, Run
from folkmoot.evaluations.queries.runs import run_page
from folkmoot.evaluations.saying import figure_of, proposal_of, sentence_of
from folkmoot.evaluations.storing import path_of
from folkmoot.jobs.actions import cancel
from folkmoot.jobs.models import Job
from folkmoot.jobs.running import run_waiting

from .making import CHOSEN, TRUTH, as_csv, streets

pytestmark = pytest.mark.django_db


def test_a_plan_that_is_not_registered_is_not_run(draft, cast):
    made = draft()
    table = bring_table(made, name="s.csv", content=streets(), by=cast.ada)
    with pytest.raises(NotYet, match="Register the plan first"):
        run_now(made, dataset=table, choices=CHOSEN, by=cast.ada)
    assert not Run.objects.exists()


def test_a_run_keeps_everything_that_gives_the_same_figures_again(doorsteps, cast):
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    assert (run.state, run.as_planned, run.differs) == ("done", True, [])
    assert (run.data_sha256, run.code_version) == (doorsteps.table.sha256, __version__)
    again = result_of(command_from(run.command).words(str(path_of(doorsteps.table.kept_as))))
    assert again == run.result
    found = estimate_of(run.result)
    assert found.low < TRUTH < found.high
    assert proposal_of(run).mark == "up"
    assert "points higher than without it (95% interval" in sentence_of(run)


def test_a_run_in_the_background_gives_what_a_run_here_gives(doorsteps, cast):
    asked = ask_run(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    job = Job.objects.get(pk=asked.job_id)
    assert (asked.state, job.state) == ("asked", "waiting")
    run_waiting()
    asked.refresh_from_db()
    job.refresh_from_db()
    assert (asked.state, job.state, job.total) == ("done", "done", 3)
    here = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    assert here.result == asked.result


@pytest.mark.django_db(transaction=True)
def test_work_that_was_asked_to_stop_is_stopped_and_nothing_comes_out(doorsteps, cast, monkeypatch):
    asked = ask_run(
        doorsteps.plan,
        dataset=doorsteps.table,
        choices=CHOSEN | {"inference": "wild"},
        by=cast.ada,
    )
    from folkmoot.evaluations import running

    steps = []

    def stop_while_it_is_worked_out(seconds):
        steps.append(seconds)
        cancel(Job.objects.get(pk=asked.job_id), by=cast.ada) if len(steps) == 1 else None

    monkeypatch.setattr(running.time, "sleep", stop_while_it_is_worked_out)
    monkeypatch.setattr("folkmoot.jobs.progress.EVERY", 0.0)
    run_waiting()
    asked.refresh_from_db()
    assert asked.state == "cancelled" and not asked.result
    assert Job.objects.get(pk=asked.job_id).state == "cancelled"


def test_a_refusal_is_the_commands_own_sentence_here_and_apart(doorsteps, cast):
    choices = CHOSEN | {"treated": "weight"}
    here = run_now(doorsteps.plan, dataset=doorsteps.table, choices=choices, by=cast.ada)
    asked = ask_run(doorsteps.plan, dataset=doorsteps.table, choices=choices, by=cast.ada)
    run_waiting()
    asked.refresh_from_db()
    assert here.state == asked.state == "refused"
    assert here.refused_because == asked.refused_because
    assert "weight" in here.refused_because and "Traceback" not in here.refused_because
    assert "/" not in here.refused_because


def test_a_side_of_fewer_than_eight_people_is_not_worked_out(plan, cast):
    made = plan("trial")
    table = bring_table(
        made, name="few.csv", content=as_csv({"y": [1, 0] * 10, "t": [1] * 6 + [0] * 14}), by=cast.ada
    )
    run = run_now(made, dataset=table, choices={"outcome": "y", "treated": "t"}, by=cast.ada)
    assert run.state == "refused" and "single people" in run.refused_because


def test_a_column_that_is_not_there_is_refused_before_anything_is_asked(doorsteps, cast):
    with pytest.raises(FolkmootError, match="no column “god_job”"):
        ask_run(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN | {"outcome": "god_job"}, by=cast.ada)
    with pytest.raises(FolkmootError, match="what was drawn as a whole"):
        ask_run(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN | {"clusters": ""}, by=cast.ada)
    assert not Run.objects.exists() and not Job.objects.exists()


def test_a_table_of_another_plan_and_an_erased_one_are_refused(doorsteps, plan, cast):
    with pytest.raises(NotYet):
        run_now(plan("trial"), dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    erase_table(doorsteps.table, why="asked", by=cast.ada)
    with pytest.raises(NotYet):
        run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)


def test_only_those_who_edit_for_the_owner_run(doorsteps, cast):
    for person in (cast.ben, cast.dina, cast.eli):
        with pytest.raises(NotAllowed):
            run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=person)


def test_a_table_that_changed_on_the_disk_is_not_worked_with(doorsteps, cast):
    path_of(doorsteps.table.kept_as).write_bytes(b"street,visited,good_job\nS1,1,1\n")
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    assert run.state == "refused" and "no longer what was brought in" in run.refused_because


def test_what_differs_from_the_registration_and_from_the_first_run_is_listed(doorsteps, cast):
    run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    other = run_now(
        doorsteps.plan,
        dataset=doorsteps.table,
        choices={"outcome": "talked", "treated": "visited", "inference": "randomisation"},
        design="trial",
        rises=False,
        by=cast.ada,
    )
    assert not other.as_planned
    told = " ".join(other.differs)
    for words in ("Registered as", "other direction", "outcome “good_job”; this one with “talked”", "“none”"):
        assert words in told
    record_departure(doorsteps.plan, what="Two streets refused", why="a wedding", by=cast.ada)
    limits = limits_of(other)
    assert other.differs[0] in limits and "Two streets refused (a wedding)" in limits
    assert set(other.result["caveats"]) <= set(limits)


def test_data_that_were_here_before_the_plan_was_registered_say_so(draft, plan, cast):
    from folkmoot.evaluations.actions.plans import register_plan
    from folkmoot.evaluations.looking import look

    made = draft()
    table = bring_table(made, name="s.csv", content=streets(), by=cast.ada)
    look(made, by=cast.ada)
    made.refresh_from_db()
    register_plan(made, expected=made.version, by=cast.ada)
    run = run_now(made, dataset=table, choices=CHOSEN, by=cast.ada)
    assert any("before the plan was registered" in one for one in limits_of(run))


def test_the_smallest_change_of_the_plans_own_outcome_is_the_registered_one(doorsteps, chain, cast):
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, smallest_change=0.9, by=cast.ada)
    assert run.smallest_change == 0.05 == run.command["options"]["smallest"]
    between = run_now(
        doorsteps.plan,
        dataset=doorsteps.table,
        choices=CHOSEN | {"outcome": "talked"},
        factor=chain.factors[1],
        smallest_change=0.2,
        by=cast.ada,
    )
    assert (between.smallest_change, between.as_planned) == (0.2, True)


def test_weights_make_it_a_surveys_estimate_with_errors_as_the_sample_was_drawn(doorsteps, cast):
    run = run_now(
        doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN | {"weights": "weight"}, by=cast.ada
    )
    assert run.command["verb"] == "estimate" and run.state == "done"
    found = estimate_of(run.result)
    plain = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    assert found.low < TRUTH < found.high
    assert found.estimate != pytest.approx(estimate_of(plain.result).estimate, abs=1e-6)


def panel(truth=-4.0, *, seed=3) -> bytes:
    random = np.random.default_rng(seed)
    first = np.where(np.arange(40) % 4 == 3, 0, 5 + np.arange(40) % 4)
    level = random.normal(50, 5, 40)
    rows: dict[str, list] = {"area": [], "month": [], "began": [], "on": [], "y": []}
    for area in range(40):
        for month in range(1, 11):
            on = first[area] > 0 and month >= first[area]
            rows["area"].append(f"A{area}")
            rows["month"].append(month)
            rows["began"].append(first[area] or "")
            rows["on"].append(int(on))
            rows["y"].append(round(level[area] + 0.3 * month + truth * on + random.normal(0, 1), 4))
    return as_csv(rows)


@pytest.mark.parametrize(
    ("design", "choices"),
    [
        ("stepped", {"outcome": "y", "unit": "area", "time": "month", "first-treated": "began"}),
        ("did", {"outcome": "y", "unit": "area", "time": "month", "treated": "on"}),
        ("did", {"outcome": "y", "unit": "area", "time": "month", "first-treated": "began", "estimator": "callaway-santanna"}),
        ("panel", {"outcome": "y", "unit": "area", "time": "month", "start": "6", "placebo": 0}),
        ("before-after", {"outcome": "y", "unit": "area", "time": "month", "start": "6", "placebo": 0}),
    ],
)  # fmt: skip
def test_every_design_over_time_comes_to_an_estimate(plan, cast, design, choices):
    made = plan(design, scale="mean", smallest_change=1.0)
    table = bring_table(made, name="areas.csv", content=panel(), by=cast.ada)
    run = run_now(made, dataset=table, choices=choices, rises=False, by=cast.ada)
    assert run.state == "done", run.refused_because
    found = estimate_of(run.result)
    if design in {"stepped", "did"}:
        assert found.low < -4.0 < found.high
        assert proposal_of(run).mark == "up"  # less of it is what was expected


def test_one_area_over_time_is_worked_out_with_its_break(plan, cast):
    random = np.random.default_rng(1)
    made = plan("series", scale="mean", smallest_change=1.0)
    values = [20 + 0.1 * one + (5 if one >= 30 else 0) + random.normal(0, 0.5) for one in range(60)]
    content = as_csv({"month": list(range(60)), "y": [round(one, 4) for one in values]})
    table = bring_table(made, name="one.csv", content=content, by=cast.ada)
    run = run_now(made, dataset=table, choices={"outcome": "y", "time": "month", "start": "30"}, by=cast.ada)
    assert run.state == "done", run.refused_because
    assert estimate_of(run.result).low < 5 < estimate_of(run.result).high


def test_one_area_before_and_after_has_no_interval_and_its_run_says_so_once(plan, cast):
    made = plan("before-after", scale="mean", smallest_change=1.0)
    content = as_csv({"month": list(range(12)), "y": [one % 3 + (one >= 6) for one in range(12)]})
    table = bring_table(made, name="one.csv", content=content, by=cast.ada)
    run = run_now(made, dataset=table, choices={"outcome": "y", "time": "month", "start": "6"}, by=cast.ada)
    assert run.state == "done", run.refused_because
    assert proposal_of(run).mark == "not_found" and figure_of(run).endswith("(no interval)")
    assert "No interval can be given" in sentence_of(run) and "inf" not in sentence_of(run)
    page = run_page(run, viewer=cast.ada)
    assert sum("one unit alone" in one for one in page.refused) == 1 and page.p_value is None
    assert all(name != "change" for name, _ in page.pictures)


def test_every_design_has_its_shape_and_its_level():
    assert set(SHAPES) == set(Plan.Design.values)
    levels = {design: level_of(design, worked_out=design) for design in Plan.Design.values}
    assert levels == {
        "trial": (5, 5), "cluster": (5, 5), "stepped": (5, 5), "holdout": (5, 5), "did": (3, 3), "series": (2, 3),
        "before-after": (2, 2), "panel": (2, 2),
    }  # fmt: skip
    assert level_of("cluster", worked_out="did") == (3, 3)


def test_options_are_told_to_the_command_so_that_no_column_is_taken_for_an_option():
    command = laid_out(
        "series",
        choices={
            "outcome": "-y",
            "time": "a b",
            "start": "2019-01",
            "breaks": ["2018-01", "2018-05"],
            "season": "12",
        },
        smallest_change=0.5,
        seed=7,
    )
    words = command.words("f.csv")
    assert words[:2] == ["effect", "f.csv"]
    assert "--outcome=-y" in words and "--time=a b" in words and "--season=12" in words
    assert words[words.index("--breaks") + 1 :][:2] == ["2018-01", "2018-05"]
    with pytest.raises(FolkmootError, match="no estimator"):
        laid_out("stepped", choices={"outcome": "y", "unit": "u", "time": "t", "first-treated": "g", "estimator": "x"}, smallest_change=1)  # fmt: skip
    with pytest.raises(FolkmootError, match="start or who had it"):
        laid_out("series", choices={"outcome": "y", "time": "t"}, smallest_change=1)
