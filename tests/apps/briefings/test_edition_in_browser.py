"""An edition in a real browser: axe finds nothing, no page wider than a phone, both sides of one width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import folkmoot.ui
from folkmoot.briefings import actions
from folkmoot.briefings.rendering import written

from ...browser.looking import faults_by_axe

STATIC = Path(folkmoot.ui.__file__).parent / "static" / "ui"


def _styled(html: str) -> str:
    """The page with its style sheets in it and its scripts left out: nothing is loaded from anywhere."""
    styles = "".join(
        (STATIC / name).read_text() for name in ("vendor/govuk-frontend.min.css", "folkmoot.css")
    )
    plain = re.sub(r"<script\b.*?</script>|<link\b[^>]*>", "", html, flags=re.DOTALL)
    return plain.replace("</head>", f"<style>{styles}</style></head>")


@pytest.fixture
def shown(both_sides, tested, briefing, cast, as_):
    """Every page of a briefing's life, as (name, html)."""
    tested("P3.4", "down")
    tested("P3.3", "not_found", authors="Ash and Oak")
    draft = actions.draft_edition(briefing(), by=cast.ada)
    client, base = as_(cast.ada), f"/briefings/{draft.briefing_id}/"
    pages = {
        name: client.get(place).content.decode()
        for name, place in (
            ("list", "/briefings/"),
            ("new", "/briefings/new/"),
            ("briefing", base),
            ("draft", f"{base}1/"),
            ("edit", f"{base}1/edit/"),
            ("review", f"{base}1/review/"),
            ("publish", f"{base}1/publish/"),
        )
    }
    done = actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    actions.add_notice(done, text="A date was wrong.", by=cast.ada)
    pages["edition"] = client.get(f"{base}1/").content.decode()
    pages["notice"] = client.get(f"{base}1/notice/").content.decode()
    pages = {name: _styled(html) for name, html in pages.items()}
    pages["file"] = written(done, ending="html").decode()
    return pages


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(shown, page):
    for name, html in shown.items():
        page.set_content(html)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (name, width)
            assert faults_by_axe(page) == [], (name, width)


@pytest.mark.parametrize("name", ["edition", "file"])
def test_for_and_against_have_one_width(name, shown, page):
    page.set_content(shown[name])
    page.set_viewport_size({"width": 1280, "height": 900})
    widths = page.evaluate(
        "[...document.querySelectorAll('.fm-sides__columns')].map(one => "
        "[...one.children].map(side => Math.round(side.getBoundingClientRect().width)))"
    )
    assert len(widths) > 5 and all(left == right > 300 for left, right in widths)
