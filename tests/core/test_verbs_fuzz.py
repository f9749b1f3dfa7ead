"""Nine verbs, one face: what comes out has the shapes of interfaces.md, and nothing that goes in makes a traceback."""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import json
import math
import pathlib
import random
import zipfile
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.analyse.command import VERBS, main

COUNTS = "ward,men,women,total\nnorth,3,40,43\nsouth,12,0,12\nwest,30,41,71\ntotal,45,81,126\n"


def table(header: str, rows: list[tuple[object, ...]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return stream.getvalue()


def cases() -> dict[str, tuple[dict[str, str], list[str]]]:
    """For each kind of question a small file that is fit for it, and the words to ask it with."""
    chance = random.Random(12)

    def noise(middle: float, spread: float) -> float:
        return round(chance.gauss(middle, spread), 3)

    claims = [
        (f"s{n}", chance.choice("abcd"), chance.choice("cdef"), chance.choice(["asserts", "challenges", ""]), "gh"[n % 2])
        for n in range(40)
    ]  # fmt: skip
    spans = [
        (f"d{n % 6}", 500, coder, chance.choice("xy"), start, start + chance.randint(20, 90))
        for n in range(24)
        for start in [chance.randint(0, 400)]
        for coder in ("Ann", "Ben")
        if chance.random() < 0.8
    ]
    votes = [
        (n, "north" if n < 15 else "south", *(chance.choice(["1", "-1", "0", ""]) for _ in range(6)))
        for n in range(30)
    ]
    survey = [
        (noise(6, 2), noise(2, 0.5) + 3, chance.choice("mf"), chance.randint(0, 1), chance.randint(1, 4) * 50, f"st{n % 3}", n // 3)
        for n in range(60)
    ]  # fmt: skip
    panel = [
        (
            f"u{unit}",
            period,
            noise(5, 1),
            1 if unit < 6 and period >= 4 else 0,
            4 + unit % 2 if unit < 6 else "",
        )
        for unit in range(16)
        for period in range(8)
    ]
    people = [
        (noise(3, 1), n % 2, n // 4 % 3, (n + n // 2) % 10, n % 2 * chance.randint(0, 1)) for n in range(60)
    ]
    series = [(period, noise(50, 3)) for period in range(40)]
    studies = [(f"S{n}", noise(0.2, 0.2), round(0.1 + 0.02 * n, 3)) for n in range(8)]
    trials = [(f"S{n}", 5 + n, 60, 9 + n, 58) for n in range(6)]
    areas = [
        ("treated", 207, 110), ("control", 308, 318), ("treated_surroundings", 178, 157),
        ("control_surroundings", 150, 140),
    ]  # fmt: skip
    survey_file = {"in.csv": table("score,size,sex,yes,w,stratum,cluster", survey)}
    panel_file = {"in.csv": table("unit,period,y,treated,first", panel)}
    people_file = {"in.csv": table("y,drawn,block,cluster,got", people)}
    of_design = ["--weights", "w", "--strata", "stratum", "--clusters", "cluster"]
    return {
        "map": ({"in.csv": table("source,cause,effect,stance,group", claims)}, ["map", "in.csv", "--from", "a", "--to", "f"]),
        "agreement": ({"in.csv": table("document,length,coder,code,start,end", spans)}, ["agreement", "in.csv"]),
        "reach": (
            {"in.csv": "group,count\nWhite,40\nAsian,6\n,14\n", "pop.csv": "group,count\nWhite,800\nAsian,150\nBlack,50\n"},
            ["reach", "--people", "in.csv", "--population", "pop.csv"],
        ),
        "opinion": (
            {"in.csv": table("participant,area,1,2,3,4,5,6", votes)},
            ["opinion", "in.csv", "--attributes", "area", "3", "--permutations", "99"],
        ),
        "estimate mean": (survey_file, ["estimate", "in.csv", "--outcome", "score", "--by", "sex", *of_design]),
        "estimate share": (survey_file, ["estimate", "in.csv", "--outcome", "yes", "--kind", "proportion", *of_design]),
        "estimate regression": (
            survey_file,
            ["estimate", "in.csv", "--outcome", "score ~ size + sex", "--kind", "regression", *of_design],
        ),
        "estimate quantile": (survey_file, ["estimate", "in.csv", "--outcome", "score", "--kind", "quantile", *of_design]),
        "estimate ratio": (survey_file, ["estimate", "in.csv", "--outcome", "score/size", "--kind", "ratio", *of_design]),
        "estimate replicates": (
            {"in.csv": table("score,sex,w,r1,r2,r3,r4", [(*row[:1], row[2], 1, *(0 if n % 4 == r else 1.3333 for r in range(4))) for n, row in enumerate(survey)])},
            ["estimate", "in.csv", "--outcome", "score", "--weights", "w", "--replicate-weights", "r*", "--replicate-method", "jk1"],
        ),
        "effect mixture": (
            panel_file,
            ["effect", "in.csv", "--design", "did", "--estimator", "synthetic-control", "--outcome", "y", "--unit", "unit", "--time", "period", "--treated", "treated"],
        ),
        "effect sensitivity": (
            panel_file,
            ["effect", "in.csv", "--design", "did", "--outcome", "y", "--unit", "unit", "--time", "period", "--treated", "treated", "--placebo", "0", "--sensitivity", "0", "1"],
        ),
        "effect trial": (
            people_file,
            ["effect", "in.csv", "--design", "trial", "--outcome", "y", "--treated", "drawn", "--blocks", "block", "--received", "got"],
        ),
        "effect clusters": (
            {"in.csv": table("y,drawn,cluster", [(noise(3, 1), n % 2, n % 10) for n in range(50)])},
            ["effect", "in.csv", "--design", "trial", "--outcome", "y", "--treated", "drawn", "--clusters", "cluster", "--inference", "wild"],
        ),
        "effect before-after": (
            panel_file,
            ["effect", "in.csv", "--design", "before-after", "--outcome", "y", "--unit", "unit", "--time", "period", "--start", "4"],
        ),
        "effect did": (
            panel_file,
            ["effect", "in.csv", "--design", "did", "--outcome", "y", "--unit", "unit", "--time", "period", "--treated", "treated", "--placebo", "50"],
        ),
        "effect staggered": (
            panel_file,
            ["effect", "in.csv", "--design", "staggered", "--outcome", "y", "--unit", "unit", "--time", "period", "--first-treated", "first"],
        ),
        "effect series": (
            {"in.csv": table("period,y", series)},
            ["effect", "in.csv", "--design", "series", "--outcome", "y", "--time", "period", "--start", "20", "--placebo", "0"],
        ),
        "effect displacement": (
            {"in.csv": table("area,before,after", areas)},
            ["effect", "in.csv", "--design", "displacement"],
        ),
        "power history": (
            panel_file,
            ["power", "--design", "did", "--history", "in.csv", "--outcome", "y", "--unit", "unit", "--time", "period", "--treated", "3", "--effect", "1", "--draws", "200"],
        ),
        "pool": ({"in.csv": table("study,estimate,standard_error", studies)}, ["pool", "in.csv", "--knapp-hartung"]),
        "pool counts": (
            {"in.csv": table("study,events_treated,total_treated,events_control,total_control", trials)},
            ["pool", "in.csv"],
        ),
        "protect": ({"in.csv": COUNTS}, ["protect", "in.csv"]),
    }  # fmt: skip


CASES = cases()


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
    """Run one verb on files; gives the status, what was printed, and what was said."""
    monkeypatch.chdir(tmp_path)

    def run(files, words):
        for name, content in files.items():
            if isinstance(content, bytes):
                pathlib.Path(name).write_bytes(content)
            else:
                pathlib.Path(name).write_text(content, encoding="utf-8")
        capsys.readouterr()
        status = main(list(words))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def check_shapes(result, verb):
    """What interfaces.md says of every result."""
    assert result["verb"] == verb and isinstance(result["method"], str) and result["version"]
    assert isinstance(result["n"], (int, float, dict)) and result["n"]
    assert isinstance(result["caveats"], list) and all(
        isinstance(word, str) and word for word in result["caveats"]
    )
    assert isinstance(result["refused"], list)
    for refusal in result["refused"]:
        assert set(refusal) == {"part", "reason"} and refusal["part"] and refusal["reason"]
    check_parts(result)


def check_parts(value):
    assert value is not None, "a part that cannot be computed is left out, never null"
    if isinstance(value, list):
        for part in value:
            check_parts(part)
    if isinstance(value, float):
        assert math.isfinite(value)
    if not isinstance(value, dict):
        return
    for part in value.values():
        check_parts(part)
    if "interval" in value and isinstance(value["interval"], list):
        low, high = value["interval"]
        assert low <= high
    if "p_value" in value:
        assert 0 <= value["p_value"] <= 1
    if "standard_error" in value:
        assert value["standard_error"] >= 0


def check_refusal(status, out, err):
    """One sentence on standard error, nothing on standard output."""
    assert status in (1, 2)
    assert out == ""
    assert "Traceback" not in err and err.strip()
    if status == 1:
        assert len(err.strip().splitlines()) == 1, err
        assert err.strip()[-1] in ".?!)" and len(err) < 700, err


@pytest.mark.parametrize("case", CASES)
def test_a_fit_file_is_answered_in_the_common_shape(case, ask):
    files, words = CASES[case]
    status, out, err = ask(files, words)
    assert status == 0, err
    check_shapes(json.loads(out, parse_constant=lambda word: pytest.fail(word)), words[0])


@pytest.mark.parametrize("case", CASES)
def test_text_and_output_file_hold_the_same_result(case, ask):
    files, words = CASES[case]
    _, out, _ = ask(files, words)
    status, shown, _ = ask(files, [*words, "-o", "result.json"])
    assert status == 0 and shown == ""
    assert json.loads(pathlib.Path("result.json").read_text("utf-8")) == json.loads(out)
    status, text, _ = ask(files, [*words, "--text"])
    assert status == 0 and text.startswith("verb: ") and "note: " in text and not text.startswith("{")


def as_parquet(text, name):
    import duckdb

    pathlib.Path("plain.csv").write_text(text, encoding="utf-8")
    duckdb.connect().execute(f"copy (select * from 'plain.csv') to '{name}' (format parquet)")


def as_spreadsheet(text, name):
    import openpyxl

    book = openpyxl.Workbook()
    for line in csv.reader(io.StringIO(text)):
        row = []
        for cell in line:
            try:
                row.append(float(cell) if cell else None)
            except ValueError:
                row.append(cell)
        book.active.append(row)
    book.save(name)


def as_open_document(text, name):
    """The least that is an ods file: one sheet of numbers and words."""

    def cell(word):
        try:
            return f'<table:table-cell office:value-type="float" office:value="{float(word)!r}"/>'
        except ValueError:
            kind = ' office:value-type="string"' if word else ""
            return f"<table:table-cell{kind}><text:p>{escape(word)}</text:p></table:table-cell>"

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, line))}</table:table-row>"
        for line in csv.reader(io.StringIO(text))
    )
    names = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    with zipfile.ZipFile(name, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet><table:table table:name='a'>{rows}"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )


@pytest.mark.parametrize(
    ("ending", "write"), [("parquet", as_parquet), ("xlsx", as_spreadsheet), ("ods", as_open_document)]
)
@pytest.mark.parametrize("case", CASES)
def test_parquet_and_spreadsheets_answer_as_the_text_file_does(case, ending, write, ask):
    files, words = CASES[case]
    _, out, _ = ask(files, words)
    for name, text in files.items():
        write(text, name.replace("csv", ending))
    status, same, err = ask({}, [word.replace(".csv", f".{ending}") for word in words])
    assert status == 0, err
    assert alike(json.loads(same), json.loads(out))


def alike(one, other):
    """Equal, with room for the last digits of a number."""
    if isinstance(one, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


BAD = {
    "empty file": lambda text: "",
    "blank lines": lambda text: "\n\n\n",
    "header only": lambda text: text.splitlines()[0] + "\n",
    "binary junk": lambda text: random.Random(1).randbytes(2000),
    "latin-1": lambda text: text.encode() + "é".encode("latin-1"),
    "other columns": lambda text: "\n".join(["u,v,w", *("1,2,3" for _ in range(5))]),
    "words for numbers": lambda text: (
        text.splitlines()[0]
        + "\n"
        + "\n".join(",".join("oops" for _ in line.split(",")) for line in text.splitlines()[1:])
    ),
    "all blank": lambda text: (
        text.splitlines()[0] + "\n" + "\n".join("," * line.count(",") for line in text.splitlines()[1:])
    ),
    "ragged": lambda text: text + "1,2,3,4,5,6,7,8,9,10,11\n",
    "two bytes a letter": lambda text: text.encode("utf-16"),
    "every column twice": lambda text: "\n".join(f"{line},{line}" for line in text.splitlines()) + "\n",
    "a zip of nothing": lambda text: b"PK\x05\x06" + bytes(18),
    "open quote": lambda text: text + '"never closed,1\n',
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("case", CASES)
def test_a_file_that_is_not_fit_gets_one_sentence(case, bad, ask):
    files, words = CASES[case]
    status, out, err = ask(files | {"in.csv": BAD[bad](files["in.csv"])}, words)
    check_refusal(status, out, err)
    assert status == 1


@pytest.mark.parametrize("ending", ["parquet", "xlsx", "xls", "ods"])
@pytest.mark.parametrize("case", CASES)
def test_a_file_that_is_not_what_its_ending_says_gets_one_sentence(case, ending, ask):
    files, words = CASES[case]
    for content in (
        files["in.csv"].encode(),
        b"",
        b"PK\x05\x06" + bytes(18),
        random.Random(2).randbytes(3000),
    ):
        named = {
            name.replace("in.csv", f"in.{ending}"): content if name == "in.csv" else text
            for name, text in files.items()
        }
        status, out, err = ask(named, [word.replace("in.csv", f"in.{ending}") for word in words])
        check_refusal(status, out, err)
        assert status == 1


@pytest.mark.parametrize("case", CASES)
def test_semicolons_a_mark_at_the_start_and_windows_lines_change_nothing(case, ask):
    files, words = CASES[case]
    _, out, _ = ask(files, words)
    other = {
        name: ("\ufeff" + text.replace(",", ";").replace("\n", "\r\n")).encode()
        for name, text in files.items()
    }
    status, same, err = ask(other, words)
    assert status == 0, err
    assert json.loads(same) == json.loads(out)


@pytest.mark.parametrize("case", CASES)
def test_a_missing_file_and_a_directory_get_one_sentence(case, ask):
    files, words = CASES[case]
    others = {name: text for name, text in files.items() if name != "in.csv"}
    check_refusal(*ask(others, words))
    pathlib.Path("in.csv").mkdir()
    check_refusal(*ask(others, words))


@pytest.mark.parametrize("case", CASES)
def test_an_output_that_cannot_be_written_gets_one_sentence(case, ask):
    files, words = CASES[case]
    check_refusal(*ask(files, [*words, "-o", "no/such/folder/result.json"]))


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_without_anything_is_wrong_usage(verb, ask):
    status, out, err = ask({}, [verb])
    assert status == (1 if verb == "power" and "--design" not in err else 2) and out == "" and "usage" in err


@pytest.mark.parametrize("case", CASES)
def test_every_value_alike_or_one_row_is_answered_or_refused_without_a_traceback(case, ask):
    files, words = CASES[case]
    header, *rows = files["in.csv"].splitlines()
    for lines in ([rows[0]] * len(rows), rows[:1], rows[:2], rows + rows):
        status, out, err = ask(files | {"in.csv": "\n".join([header, *lines]) + "\n"}, words)
        if status:
            check_refusal(status, out, err)
        else:
            check_shapes(json.loads(out), words[0])


CELLS = st.sampled_from(
    ["", " ", "-1", "0", "1", "7", "1e308", "-1e308", "1e-320", "nan", "inf", "NA", "2024-01-31", "é", "a;b", "~x", "1,5", "999999999999"]
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20), CELLS), min_size=1, max_size=6))
def test_changed_cells_never_make_a_traceback(case, ask, changes):
    files, words = CASES[case]
    rows = [line.split(",") for line in files["in.csv"].splitlines()]
    for row, column, cell in changes:
        line = rows[1 + row % (len(rows) - 1)]
        line[column % len(line)] = cell
    text = table(",".join(rows[0]), [tuple(row) for row in rows[1:]])
    status, out, err = ask(files | {"in.csv": text}, words)
    if status:
        check_refusal(status, out, err)
    else:
        check_shapes(json.loads(out), words[0])


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 20), CELLS)
def test_a_changed_column_never_makes_a_traceback(case, ask, column, cell):
    files, words = CASES[case]
    rows = [line.split(",") for line in files["in.csv"].splitlines()]
    for line in rows[1:]:
        line[column % len(line)] = cell
    text = table(",".join(rows[0]), [tuple(row) for row in rows[1:]])
    status, out, err = ask(files | {"in.csv": text}, words)
    if status:
        check_refusal(status, out, err)
    else:
        check_shapes(json.loads(out), words[0])


WORDS = [
    "",
    "0",
    "1",
    "-1",
    "2.5",
    "1e9",
    "nan",
    "inf",
    "x",
    "in.csv",
    "y",
    "1,2",
    "a,b,c,d",
    "é",
    "0.999999",
    "period",
]


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_options_that_do_not_fit_are_wrong_usage_or_one_sentence(case, ask, data):
    files, words = CASES[case]
    parser = argparse.ArgumentParser()
    importlib.import_module(f"folkmoot.analyse.verbs.{words[0]}").add_options(parser)
    options = [one for one in parser._actions if one.option_strings and one.dest != "help"]
    added = []
    for option in data.draw(st.lists(st.sampled_from(options), min_size=1, max_size=3)):
        added.append(option.option_strings[-1])
        if option.nargs != 0:
            added.append(data.draw(st.sampled_from(WORDS + [str(choice) for choice in option.choices or []])))
    status, out, err = ask(files, [*words, *added])
    if status:
        check_refusal(status, out, err)
    else:
        check_shapes(json.loads(out), words[0])
