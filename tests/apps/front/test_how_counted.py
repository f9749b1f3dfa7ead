"""Figures lead in one step to how they are made; the page of methods names documentation and commands that exist."""

from __future__ import annotations

import pathlib
import re

import pytest
from django.urls import reverse

import folkmoot
from folkmoot.analyse.command import main
from folkmoot.front.methods_told import methods_told

SOURCE = pathlib.Path(folkmoot.__file__).parent
DOCS = SOURCE.parents[1] / "docs"
PAGES = {
    "front/overview.html": "reliance",
    "front/assumption.html": "standing",
    "front/mechanism.html": "standing",
    "front/gaps.html": "gaps",
    "surveys/wave.html": "survey",
    "surveys/question.html": "survey",
    "surveys/panel.html": "survey",
    "surveys/series.html": "series",
    "surveys/otherwise.html": "otherwise",
    "activities/reach.html": "reach",
    "heard/conversation.html": "heard",
    "heard/public_conversation.html": "heard",
    "briefings/edition.html": "standing",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_figures_leads_to_how_they_are_made(name):
    room, _, file = name.partition("/")
    text = (SOURCE / room / "templates" / room / file).read_text(encoding="utf-8")
    assert f'ui/parts/how_counted.html" with key="{PAGES[name]}"' in text


def test_every_link_to_a_method_leads_to_one(client, db):
    page = client.get(reverse("how_counted")).content.decode()
    anchors = set(re.findall(r'<h2 [^>]*id="([a-z]+)"', page))
    asked = {
        key
        for path in SOURCE.rglob("*.html")
        for key in re.findall(r'how_counted.html" with key="([a-z]+)"', path.read_text(encoding="utf-8"))
    }
    assert asked and asked <= anchors == {one.key for one in methods_told()}


def test_the_documentation_and_the_commands_that_it_names_exist(capsys):
    for one in methods_told():
        assert one.data and one.how and one.limits
        assert not one.reference or (DOCS / one.reference).is_file(), one.reference
        if one.verb:
            try:
                status = main([*one.verb.split(), "--help"])
            except SystemExit as ended:
                status = ended.code
            assert status == 0, one.verb
            assert capsys.readouterr().out
