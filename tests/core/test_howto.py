"""The how-to pages of the nine verbs print what the program prints: every example is run."""

from __future__ import annotations

import pathlib
import re
import shlex

import pytest

from folkmoot.analyse.command import VERBS, main

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "how-to"
LEFT_OUT = "…"  # a line that stands for lines of the output that the page leaves out


@pytest.mark.parametrize("verb", VERBS)
def test_each_example_prints_what_its_page_shows(verb, tmp_path, monkeypatch, capsys):
    text = (PAGES / f"analyse-{verb}.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, content in re.findall(r"```csv (\S+)\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    examples = re.findall(r"```console\n\$ folkmoot analyse ([^\n]*)\n(.*?)```", text, re.DOTALL)
    assert any(words.split()[0] == verb for words, _ in examples)
    for words, shown in examples:
        assert main(shlex.split(words)) == 0
        printed = iter([line.rstrip() for line in capsys.readouterr().out.splitlines()])
        for line in shown.splitlines():
            assert line == LEFT_OUT or line in printed, line  # in this order: the iterator moves on


@pytest.mark.parametrize("page", sorted(PAGES.glob("analyse-*.md")), ids=lambda page: page.stem)
def test_each_link_leads_to_a_page(page):
    for target in re.findall(r"\]\(([^)#]+\.md)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).resolve().is_file(), target
