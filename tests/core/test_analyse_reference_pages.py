"""The reference pages of map, agreement and protect say what the program does: examples run, options compared."""

from __future__ import annotations

import argparse
import importlib
import pathlib
import re

import pytest

from folkmoot.analyse.command import main

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference"
VERBS = ["map", "agreement", "protect"]


def page(verb):
    return (PAGES / f"analyse-{verb}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_prints_what_the_page_shows(verb, tmp_path, monkeypatch, capsys):
    text = page(verb)
    monkeypatch.chdir(tmp_path)
    for name, content in re.findall(r"```csv (\S+)\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(content)
    examples = re.findall(r"```console\n\$ folkmoot analyse ([^\n]*)\n(.*?)```", text, re.DOTALL)
    assert examples
    for words, shown in examples:
        assert main(words.split()) == 0
        printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
        for line in shown.splitlines():
            assert line.rstrip() in printed


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_on_the_page_and_no_other(verb):
    parser = argparse.ArgumentParser()
    importlib.import_module(f"folkmoot.analyse.verbs.{verb}").add_options(parser)
    options = {word for action in parser._actions for word in action.option_strings if word.startswith("--")}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page(verb)))
    assert options - {"--help"} <= named
    assert named <= options | {"--text"}


@pytest.mark.parametrize("verb", ["map", "agreement"])
def test_the_notebook_example_runs(verb):
    for code in re.findall(r"```python\n(.*?)```", page(verb), re.DOTALL):
        exec(compile(code, f"analyse-{verb}.md", "exec"), {})  # noqa: S102 (our own page)
