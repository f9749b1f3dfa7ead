"""What is served beside the pages: no brand that is not ours, nothing from elsewhere, nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import folkmoot.ui

ROOM = Path(folkmoot.ui.__file__).parent
VENDOR = ROOM / "static" / "ui" / "vendor"
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))


def test_the_components_come_without_crown_crest_logotype_or_typeface():
    css = (VENDOR / "govuk-frontend.min.css").read_text()
    assert not re.findall(r"(?i)@font-face|crown|crest|logotype|transport", css)
    assert not re.findall(r"url\((?!['\"]?data:)", css)


def test_the_licence_of_the_components_is_shipped_with_them():
    text = (VENDOR / "LICENCE-govuk-frontend.txt").read_text()
    assert "MIT License" in text and "Government Digital Service" in text
    version = re.search(r"GOV\.UK Frontend (\d+\.\d+\.\d+)", text)[1]
    built = re.search(
        r'--govuk-frontend-version:\s*"([^"]+)"', (VENDOR / "govuk-frontend.min.css").read_text()
    )
    assert built[1] == version


def test_no_file_asks_for_a_source_map_that_is_not_there():
    # collecting static files with hashed names fails on such a reference
    for file in (ROOM / "static").rglob("*.*s"):
        assert "sourceMappingURL" not in file.read_text()


def test_our_own_styles_fetch_nothing_from_elsewhere():
    css = (ROOM / "static" / "ui" / "folkmoot.css").read_text()
    assert "http:" not in css.replace('href^="http"', "") and "https:" not in css and "@import" not in css


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_obey_the_content_policy(template):
    html = template.read_text()
    assert not re.findall(r"\sstyle=", html)
    assert not re.findall(r"\son[a-z]+=", html)
    assert not re.findall(r"<script(?![^>]*\ssrc=)", html)
