"""``folkmoot analyse effect``: results in the fixed shape, refusals in a sentence, and no traceback."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import pathlib
import re
import tempfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import main
from folkmoot.analyse.verbs import effect, power


def ask(file, *words):
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        status = main(["effect", str(file), *[str(word) for word in words]])
    return status, json.loads(out.getvalue()) if status == 0 else error.getvalue().strip()


def write(folder, name, header, rows):
    file = folder / name
    file.write_text("\n".join([header, *[",".join(str(cell) for cell in row) for row in rows]]) + "\n")
    return file


def panel_rows(seed=0, units=12, periods=8, treated=5, start=5, effect=0.0):
    random = np.random.default_rng(seed)
    for unit in range(units):
        for period in range(1, periods + 1):
            on = int(unit < treated and period >= start)
            value = random.standard_normal() + unit / 4 + effect * on
            yield [f"area {unit}", period, round(value, 6), on, start if unit < treated else "", unit // 2]


HEADER = "area,quarter,trust,on,since,district"
PANEL = ["--outcome", "trust", "--unit", "area", "--time", "quarter"]


@pytest.fixture
def panel(tmp_path):
    return write(tmp_path, "panel.csv", HEADER, panel_rows(effect=2.0))


def check_shape(found):
    assert {"verb", "method", "n", "caveats", "version", "refused"} <= found.keys()
    assert found["interval"][0] <= found["estimate"] <= found["interval"][1] and found["level"] == 0.95
    assert found["standard_error"] > 0 and 0 <= found["p_value"] <= 1


@pytest.mark.parametrize("inference", ["cr2", "wild", "randomisation", "design"])
def test_differences_in_differences_answer_with_every_inference(panel, inference):
    status, found = ask(panel, "--design", "did", *PANEL, "--treated", "on", "--inference", inference)
    assert status == 0
    check_shape(found)
    assert 0 < found["estimate"] < 4
    assert (found["n"]["units"], found["n"]["units_treated"], found["n"]["periods"]) == (12, 5, 8)
    assert 0 <= found["placebo_false_alarm_rate"] <= 1
    if inference in ("wild", "randomisation"):
        assert found["attainable_minimum"] == pytest.approx(2 / 2**12 if inference == "wild" else 1 / 792)


@pytest.mark.parametrize("design", ["did", "trial", "before-after"])
def test_textbook_errors_come_without_interval_and_p_value_and_say_what_to_use(panel, design):
    words = {
        "did": [*PANEL, "--treated", "on"],
        "trial": ["--outcome", "trust", "--treated", "on"],
        "before-after": [*PANEL, "--start", 5],
    }[design]
    status, found = ask(panel, "--design", design, *words, "--inference", "plain")
    assert status == 0 and found["standard_error"] > 0 and found["degrees_of_freedom"] > 0
    assert not {"interval", "p_value", "sentence"} & found.keys()
    reasons = {one["part"]: one["reason"] for one in found["refused"]}
    assert "ask for cr2" in reasons["interval"] and "does not keep its promise" in reasons["p_value"]
    if design != "trial":
        assert 0 <= found["placebo_false_alarm_rate"] <= 1


def test_lags_come_without_interval_and_p_value_though_their_false_alarms_are_counted(tmp_path):
    random = np.random.default_rng(3)
    file = write(tmp_path, "one.csv", "month,calls", [[n, random.normal()] for n in range(60)])
    words = ["--design", "series", "--outcome", "calls", "--time", "month", "--start", 40, "--lags", 3]
    status, found = ask(file, *words, "--overlap", 1)
    assert status == 0 and found["standard_error"] > 0
    for part in (found, found["level_change"], found["slope_change"]):
        assert not {"interval", "p_value"} & part.keys()
    assert {"interval", "p_value"} <= {one["part"] for one in found["refused"]}
    assert 0 < found["placebo_false_alarm_rate"] < 1


def test_before_and_after_speaks_of_the_change_seen_and_never_of_an_effect(panel, tmp_path):
    _, found = ask(panel, "--design", "before-after", *PANEL, "--start", 5)
    assert "than before" in found["sentence"] and "does not say what the work did" in found["sentence"]
    assert "not an effect" in found["method"]
    assert any("no test of the work" in caveat for caveat in found["caveats"])
    alone = write(tmp_path, "alone.csv", "month,calls", [[n, n % 3 + n] for n in range(12)])
    words = ["--design", "before-after", "--outcome", "calls", "--time", "month", "--start", 6]
    status, found = ask(alone, *words)
    assert status == 0 and "interval" not in found and "p_value" not in found
    assert any("one unit alone" in one["reason"] for one in found["refused"])
    people = write(tmp_path, "people.csv", "month,calls", [[n % 2, n % 5 + n % 2] for n in range(30)])
    status, found = ask(people, *words[:-1], 1)
    assert status == 0 and found["interval"][0] < found["estimate"] < found["interval"][1]
    assert "another person" in found["method"]


def test_event_times_leave_out_the_last_period_before_the_start(panel):
    _, found = ask(panel, "--design", "did", *PANEL, "--treated", "on")
    assert [row["event_time"] for row in found["event_times"]] == [-4, -3, -2, 0, 1, 2, 3]
    assert any("do not make the trends parallel" in caveat for caveat in found["caveats"])
    assert found["pre_trend"]["periods"] == 4


def test_a_start_may_be_named_in_three_ways(panel, tmp_path):
    _, by_row = ask(panel, "--design", "did", *PANEL, "--treated", "on")
    _, by_unit = ask(panel, "--design", "did", *PANEL, "--first-treated", "since")
    group = write(
        tmp_path,
        "group.csv",
        HEADER,
        [[*row[:3], int(row[4] != ""), *row[4:]] for row in panel_rows(effect=2.0)],
    )
    status, sentence = ask(group, "--design", "did", *PANEL, "--treated", "on")
    assert status == 1 and "--start" in sentence
    _, by_start = ask(group, "--design", "did", *PANEL, "--treated", "on", "--start", 5)
    assert by_row["estimate"] == by_unit["estimate"] == by_start["estimate"]


def test_dates_months_and_quarters_are_periods(tmp_path):
    plain = list(panel_rows(effect=2.0))
    expected = None
    for words in (
        lambda period: f"{2015 + (period + 1) // 4}-Q{(period + 1) % 4 + 1}",
        lambda period: f"2016-{period:02d}",
        lambda period: f"2016-{period:02d}-28",
        lambda period: f"{2000 + period}-01-01",
    ):
        rows = [[row[0], words(row[1]), row[2], row[3], words(5) if row[4] else "never"] for row in plain]
        file = write(tmp_path, "dated.csv", "area,quarter,trust,on,since", rows)
        status, found = ask(file, "--design", "staggered", *PANEL, "--first-treated", "since")
        assert status == 0
        expected = expected or found
        assert found["estimate"] == expected["estimate"]
        assert [row["event_time"] for row in found["event_times"]] == [-3, -2, -1, 0, 1, 2, 3]


@pytest.mark.parametrize("estimator", ["callaway-santanna", "roth-santanna", "sun-abraham", "imputation"])
def test_staggered_answers_with_each_estimator(tmp_path, estimator):
    rows = list(panel_rows(effect=2.0, units=30, treated=10))
    for row in rows:
        if row[0] in {"area 10", "area 11", "area 12"}:
            row[4], row[3] = 3, int(row[1] >= 3)
    file = write(tmp_path, "staggered.csv", HEADER, rows)
    status, found = ask(
        file, "--design", "staggered", *PANEL, "--first-treated", "since", "--estimator", estimator
    )
    assert status == 0
    check_shape(found)
    assert found["n"]["units"] == 30 and found["event_times"]
    same, by_rows = ask(file, "--design", "staggered", *PANEL, "--treated", "on", "--estimator", estimator)
    assert same == 0 and by_rows["estimate"] == found["estimate"]


def test_a_panel_with_holes_goes_to_diff_diff_and_says_so(panel, tmp_path):
    rows = [row for index, row in enumerate(panel_rows(effect=2.0)) if index not in (3, 30)]
    holes = write(tmp_path, "holes.csv", HEADER, rows)
    status, found = ask(holes, "--design", "staggered", *PANEL, "--first-treated", "since")
    assert status == 0 and "diff-diff" in found["method"]
    assert any("holes" in caveat for caveat in found["caveats"])
    status, sentence = ask(
        holes, "--design", "staggered", *PANEL, "--first-treated", "since", "--estimator", "roth-santanna"
    )
    assert status == 1 and "every unit in every period" in sentence


def test_rows_without_an_outcome_are_set_aside_and_counted(tmp_path):
    rows = list(panel_rows())
    rows[4][2] = ""
    file = write(tmp_path, "gap.csv", HEADER, rows)
    _, found = ask(file, "--design", "did", *PANEL, "--treated", "on")
    assert (found["n"]["rows"], found["n"]["used"], found["n"]["set_aside"]) == (96, 95, 1)
    assert any("set aside" in caveat for caveat in found["caveats"])


def test_four_clusters_leave_the_bootstrap_without_an_interval_and_with_a_reason(tmp_path):
    rows = [
        [index % 4, index % 4 < 2, value]
        for index, value in enumerate(np.random.default_rng(1).normal(size=40))
    ]
    file = write(
        tmp_path,
        "trial.csv",
        "ward,drawn,score",
        [[one, int(two), round(three, 5)] for one, two, three in rows],
    )
    status, found = ask(
        file, "--design", "trial", "--outcome", "score", "--treated", "drawn", "--clusters", "ward", "--inference", "wild"
    )  # fmt: skip
    assert status == 0 and found["attainable_minimum"] == 0.125
    assert "interval" not in found and found["refused"][0]["part"] == "interval"
    assert any("cannot alarm at 5%" in caveat for caveat in found["caveats"])


def test_a_trial_with_blocks_covariates_and_take_up(tmp_path):
    random = np.random.default_rng(2)
    rows = []
    for person in range(200):
        drawn, age = person % 2, random.normal()
        got = int(drawn and random.random() < 0.7)
        rows.append([person % 5, drawn, got, round(age, 4), round(random.normal() + age + got, 4)])
    file = write(tmp_path, "trial.csv", "ward,drawn,came,age,score", rows)
    words = [
        "--design",
        "trial",
        "--outcome",
        "score",
        "--treated",
        "drawn",
        "--blocks",
        "ward",
        "--covariates",
        "age",
    ]
    status, found = ask(file, *words)
    check_shape(found)
    assert status == 0 and found["n"]["blocks"] == 5 and "Lin" in found["method"]
    status, found = ask(file, *words, "--received", "came")
    assert found["take_up"]["estimate"] == pytest.approx(0.7, abs=0.15)
    assert found["estimate"] == pytest.approx(found["offered"]["estimate"] / found["take_up"]["estimate"])


def test_displacement_from_wide_and_from_long_rows(tmp_path):
    counts = {
        "control": (308, 318), "treated": (207, 110), "control displacement": (150, 140),
        "treated displacement": (178, 157),
    }  # fmt: skip
    wide = write(tmp_path, "wide.csv", "area,before,after", [[name, *pair] for name, pair in counts.items()])
    long = write(
        tmp_path,
        "long.csv",
        "zone,moment,crimes",
        [
            [name, moment, pair[index]]
            for name, pair in counts.items()
            for index, moment in enumerate(("before", "after"))
        ],
    )
    _, one = ask(wide, "--design", "displacement")
    _, two = ask(
        long, "--design", "displacement", "--unit", "zone", "--time", "moment", "--outcome", "crimes"
    )
    assert one["estimate"] == two["estimate"] == -118 and one["variance"] == 1568
    status, sentence = ask(
        write(tmp_path, "three.csv", "area,before,after", [["control", 1, 2]]), "--design", "displacement"
    )
    assert status == 1 and "treated displacement" in sentence


def test_a_series_answers_with_its_guards_and_its_own_false_alarms(tmp_path):
    random = np.random.default_rng(3)
    rows = [
        [f"{2012 + month // 12}-{month % 12 + 1:02d}", round(50 + random.normal() + 5 * (month >= 48), 4)]
        for month in range(84)
    ]
    file = write(tmp_path, "series.csv", "month,reports", rows)
    words = ["--design", "series", "--outcome", "reports", "--time", "month"]
    status, found = ask(file, *words, "--start", "2016-01")
    assert status == 0
    check_shape(found)
    assert found["level_change"]["estimate"] == pytest.approx(5, abs=1.5)
    assert found["overlap"]["found"] is False and found["n"]["points_before"] == 48
    assert found["placebo"]["runs"] == 33
    status, sentence = ask(file, *words)
    assert status == 1 and "--start" in sentence


def test_before_and_after_says_that_nothing_is_compared(panel):
    status, found = ask(panel, "--design", "before-after", *PANEL, "--start", 5, "--treated", "on")
    assert status == 0
    check_shape(found)
    assert found["n"]["units"] == 5
    assert any("nobody to compare" in caveat for caveat in found["caveats"])
    assert any("regression to the mean" in caveat for caveat in found["caveats"])


def test_a_method_that_cries_wolf_is_shown_with_its_rate_first(tmp_path):
    random = np.random.default_rng(4)
    walks = np.cumsum(random.standard_normal((24, 20)), axis=1)
    rows = [
        [unit, period, round(walks[unit, period], 5), int(unit < 6 and period >= 12)]
        for unit in range(24)
        for period in range(20)
    ]
    file = write(tmp_path, "walks.csv", "area,quarter,trust,on", rows)
    _, found = ask(file, "--design", "did", *PANEL, "--treated", "on", "--inference", "plain")
    assert found["placebo_false_alarm_rate"] > 0.1
    assert "more than twice as often" in found["caveats"][0]


def test_the_same_seed_gives_the_same_draws(panel):
    words = ["--design", "did", *PANEL, "--treated", "on", "--inference", "randomisation", "--draws", 500]
    assert ask(panel, *words, "--seed", 7)[1] == ask(panel, *words, "--seed", 7)[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--design", "did", "--outcome", "nothing", "--unit", "area", "--time", "quarter"], "no column “nothing”"),
        (["--design", "did", "--outcome", "area", "--unit", "area", "--time", "quarter", "--treated", "on"], "is no number"),
        (["--design", "did", *PANEL, "--treated", "district"], "only 0 and 1"),
        (["--design", "did", *PANEL], "who is treated"),
        (["--design", "did", "--outcome", "trust", "--treated", "on"], "--unit"),
        (["--design", "did", *PANEL, "--treated", "on", "--start", "spring"], "is no period"),
        (["--design", "did", *PANEL, "--first-treated", "nowhere"], "no column “nowhere”"),
        (["--design", "did", *PANEL, "--treated", "on", "--level", "7"], "--level"),
        (["--design", "staggered", *PANEL, "--first-treated", "since", "--inference", "cr2"], "no cr2 inference"),
        (["--design", "trial", "--outcome", "trust"], "who was drawn"),
        (["--design", "trial", "--outcome", "on", "--treated", "on", "--clusters", "area"], "cannot be worked out|fitted"),
        (["--design", "series", "--outcome", "trust", "--time", "quarter", "--start", "5"], "more than once"),
        (["--design", "displacement"], "no column “before”"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_one_sentence(panel, words, sentence):
    status, said = ask(panel, *words)
    assert status == 1 and re.search(sentence, said), said
    assert "\n" not in said and said.endswith(".")


@pytest.mark.parametrize("design", ["did", "staggered"])
def test_a_duplicate_row_and_no_variation_are_refused(tmp_path, design):
    rows = list(panel_rows())
    twice = write(tmp_path, "twice.csv", HEADER, [*rows, rows[0]])
    flat = write(tmp_path, "flat.csv", HEADER, [[*row[:2], 1.0, *row[3:]] for row in rows])
    empty = write(tmp_path, "empty.csv", HEADER, [[*row[:2], "", *row[3:]] for row in rows])
    for file, sentence in (
        (twice, "more than once|appears|holes"),
        (flat, "does not vary"),
        (empty, "No row"),
    ):
        status, said = ask(file, "--design", design, *PANEL, "--treated", "on")
        assert status == 1 and re.search(sentence, said), said


DOCS = pathlib.Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(("verb", "module"), [("effect", effect), ("power", power)])
def test_the_reference_page_names_every_option(verb, module):
    parser = argparse.ArgumentParser(add_help=False)
    module.add_options(parser)
    text = (DOCS / f"analyse-{verb}.md").read_text(encoding="utf-8")
    named = [word for action in parser._actions for word in action.option_strings]
    assert named and [word for word in named if word not in text] == []


@pytest.mark.parametrize("verb", ["effect", "power"])
def test_the_example_of_the_reference_page_gives_what_it_says(tmp_path, verb):
    text = (DOCS / f"analyse-{verb}.md").read_text(encoding="utf-8")
    command, wanted = (re.search(rf"```{kind}\n(.*?)```", text, re.S)[1] for kind in ("sh", "json"))
    words = command.split()[2:]
    table = re.search(r"```csv\n(.*?)```", text, re.S)
    if table:
        (tmp_path / words[1]).write_text(table[1], encoding="utf-8")
        words[1] = str(tmp_path / words[1])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(words) == 0
    found = json.loads(out.getvalue())
    for name, value in json.loads(wanted).items():
        assert found[name] == (pytest.approx(value) if not isinstance(value, list) else value), name


CELL = st.one_of(
    st.sampled_from(["", "0", "1", "2", "3", "-1", "1e308", "-1e308", "1e-320", "nan", "inf", "x", "2016-01-01", "2016-Q2", "never", "0.5", "é"]),
    st.integers(-3, 6).map(str),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
)  # fmt: skip
OPTIONS = {
    "trial": [[], ["--clusters", "c"], ["--blocks", "c"], ["--covariates", "b"], ["--received", "d"]],
    "did": [[], ["--clusters", "c"], ["--covariates", "c"], ["--start", "2"]],
    "staggered": [["--first-treated", "d"], ["--treated", "d"], ["--estimator", "roth-santanna", "--first-treated", "d"]],
    "before-after": [[], ["--start", "2"], ["--unit", "c"]],
    "series": [["--start", "2"], ["--family", "poisson"], ["--breaks", "1", "--start", "2"], ["--overlap", "2"]],
    "displacement": [[], ["--before", "a", "--after", "b", "--unit", "d"]],
}  # fmt: skip


@st.composite
def nearly_right(draw):
    """Outcome, unit, period and treated of a small panel, with at most one thing wrong with it."""
    units, periods = draw(st.integers(1, 9)), draw(st.integers(1, 24))
    starts = [draw(st.integers(0, periods + 2)) for _ in range(units)]
    if draw(st.booleans()):
        starts = [starts[0] if unit < units / 2 else periods + 1 for unit in range(units)]
    low = draw(st.sampled_from([-100, 0, 1]))
    kind = draw(st.sampled_from(["same", "binary", "small", "huge", "tiny", "near", "plain", "plain"]))
    pick = {
        "same": ["1"], "binary": ["0", "1"], "small": [str(number) for number in range(low, 10)],
        "huge": ["0", "1e149", "-1e149"], "tiny": ["1e-320", "0", "2e-310"],
        "near": ["1000000000000001", "1000000000000002"],
    }.get(kind)  # fmt: skip
    random = np.random.default_rng(draw(st.integers(0, 2**16)))
    by_start = draw(st.booleans())
    rows = [
        [
            str(random.choice(pick)) if pick else f"{random.normal():.6f}",
            str(unit),
            str(period),
            str(starts[unit]) if by_start else str(int(period >= starts[unit])),
        ]
        for unit in range(units)
        for period in range(periods)
    ]
    fault = draw(st.sampled_from(["none", "none", "twice", "hole", "cell", "shuffled"]))
    place = draw(st.integers(0, len(rows) - 1))
    if fault == "twice":
        rows.append(list(rows[place]))
    elif fault == "hole":
        del rows[place]
    elif fault == "cell":
        rows[place][draw(st.integers(0, 3))] = draw(CELL)
    elif fault == "shuffled":
        rows = [rows[index] for index in random.permutation(len(rows))]
    return rows


@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_garbage_never_makes_a_traceback(data):
    design = data.draw(st.sampled_from(sorted(OPTIONS)))
    inference = data.draw(
        st.sampled_from([None, "cr2", "wild", "randomisation", "design", "sampling", "plain"])
    )
    if data.draw(st.integers(0, 3)):  # a shape near to right finds deeper faults
        rows = data.draw(nearly_right())
    else:
        rows = data.draw(st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=25))
    words = [
        "--design",
        design,
        *data.draw(st.sampled_from(OPTIONS[design])),
        "--draws",
        "99",
        "--placebo",
        "50",
    ]
    if inference:
        words += ["--inference", inference]
    if design != "displacement":
        words += ["--outcome", "a"]
        if "--treated" not in words and data.draw(st.booleans()):
            words += ["--treated", "d"]
        if design != "trial":
            words += ["--time", "c"] + (
                ["--unit", "b"] if "--unit" not in words and design != "series" else []
            )
    with tempfile.TemporaryDirectory() as folder:
        status, said = ask(write(pathlib.Path(folder), "g.csv", "a,b,c,d", rows), *words)
    assert status in (0, 1)
    if status == 1:
        assert said and "\n" not in said and "Traceback" not in said


def test_a_panel_with_holes_in_which_nothing_moves_gives_no_error_and_is_refused(tmp_path, capsys):
    rows = [
        f"u{unit},{period},{1000 if (unit, period) == (2, 1) else 3},{4 + unit % 2}"
        for unit in range(3)
        for period in range(8)
    ]
    (tmp_path / "in.csv").write_text("unit,period,y,first\n" + "\n".join(rows[:-1]) + "\n")
    words = [
        "effect",
        str(tmp_path / "in.csv"),
        "--design",
        "staggered",
        "--outcome",
        "y",
        "--unit",
        "unit",
        "--time",
        "period",
    ]
    assert main([*words, "--first-treated", "first"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
