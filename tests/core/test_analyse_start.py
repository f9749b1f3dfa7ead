"""What starts quickly, and what happens when the reader of the output goes away."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from folkmoot.analyse import command

HEAVY = ("scipy", "pandas", "statsmodels", "diff_diff", "django", "networkx", "openpyxl", "python_calamine")

ASKED = {
    "map": ("in.csv", "source,cause,effect\nAnn,a,b\nBen,b,c\n", ["in.csv", "--from", "a", "--to", "c"]),
    "agreement": (
        "in.csv",
        "document,length,coder,code,start,end\n"
        + "".join(
            f"d{n},100,{coder},x,{n},{20 + 3 * n + shift}\n"
            for n in range(6)
            for shift, coder in enumerate(["A", "B"])
        ),
        ["in.csv", "--measure", "alpha"],
    ),
    "reach": ("in.csv", "group,count\nA,10\nB,20\n", ["--people", "in.csv", "--population", "in.csv"]),
    "protect": ("in.csv", "ward,men,women\nnorth,30,3\nsouth,12,40\n", ["in.csv"]),
}


def loaded(code, folder):
    """Which of the heavy packages are there after running some code in a fresh Python."""
    end = f"\nimport sys; print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + end], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_the_core_brings_in_no_django_and_nothing_heavy(tmp_path):
    assert loaded("import folkmoot.core", tmp_path) == "[]"


@pytest.mark.parametrize("verb", ASKED)
def test_the_quick_verbs_answer_without_heavy_packages(verb, tmp_path):
    name, content, words = ASKED[verb]
    (tmp_path / name).write_text(content)
    code = f"from folkmoot.analyse.command import main; assert main({[verb, *words]!r}) == 0"
    assert loaded(code, tmp_path) == "[]"


@pytest.mark.parametrize("words", [["--text"], []])
def test_a_reader_that_goes_away_is_no_fault(words, tmp_path):
    rows = "".join(f"s{n},f{n % 90},f{n % 83}\n" for n in range(5000))
    (tmp_path / "in.csv").write_text("source,cause,effect\n" + rows)
    asked = [sys.executable, "-m", "folkmoot.analyse", "map", "in.csv", *words]
    running = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    assert running.stdout is not None and running.stderr is not None
    assert running.stdout.readline()
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert running.wait() == 0 and said == b""


def test_a_large_result_is_the_same_json_one_record_a_line(monkeypatch):
    result = {"verb": "map", "n": {"links": 3}, "bundles": [{"cause": "é", "citations": n} for n in range(3)]}
    indented = command.as_json(result)
    monkeypatch.setattr(command, "MOST_INDENTED", 2)
    by_line = command.as_json(result)
    assert json.loads(by_line) == json.loads(indented) == result
    assert by_line.splitlines()[4] == '{"cause": "é", "citations": 0},'


def test_a_number_that_is_none_is_our_fault_and_not_printed():
    with pytest.raises(ValueError):
        command.as_json({"estimate": float("nan")})


def seconds_of_work(words, folder):
    """Processor time of a fresh Python, the least of three: what a person waits for where nothing else runs."""
    found = []
    for _ in range(3):
        child = subprocess.Popen([sys.executable, *words], cwd=folder, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        assert status == 0
        found.append(used.ru_utime + used.ru_stime)
    return min(found)


def test_the_core_comes_in_under_half_a_second(tmp_path):
    assert seconds_of_work(["-c", "import folkmoot.core"], tmp_path) < 0.5


@pytest.mark.parametrize("verb", ASKED)
def test_the_quick_verbs_answer_in_under_seven_tenths_of_a_second(verb, tmp_path):
    name, content, words = ASKED[verb]
    (tmp_path / name).write_text(content)
    assert seconds_of_work(["-m", "folkmoot.analyse", verb, *words], tmp_path) < 0.7
