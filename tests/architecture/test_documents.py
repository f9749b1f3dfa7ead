"""The documentation holds together: no link leads nowhere, every page and picture is reached, no word of the machine it was written on."""

from __future__ import annotations

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def _text(page):
    """A page without its blocks of code, where brackets mean other things."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S)


def _links(page):
    return [one for one in LINK.findall(_text(page)) if not re.match(r"[a-z]+:", one)]


def _anchors(page):
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", head.casefold()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_link_leads_nowhere(page):
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in _anchors(target), link


def test_every_page_is_in_the_list_of_pages():
    listed = {(DOCS / link.partition("#")[0]).resolve() for link in _links(DOCS / "README.md")}
    pages = {page for page in DOCS.rglob("*.md") if page.name != "README.md"}
    missing = sorted(str(page.relative_to(DOCS)) for page in pages - listed)
    assert not missing, "write them into docs/README.md"


def test_every_picture_stands_in_a_page():
    shown = {(page.parent / link).resolve() for page in PAGES for link in _links(page)}
    assert not {picture.name for picture in (DOCS / "pictures").iterdir() if picture.resolve() not in shown}


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(page.name[:4]) for page in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_readme_says_what_and_why_in_ten_lines():
    before = (ROOT / "README.md").read_text(encoding="utf-8").partition("## ")[0]
    said = [line for line in before.splitlines() if line and not line.startswith(("#", "!["))]
    assert 3 <= len(said) <= 10


# written apart, so that this file does not find itself
MACHINE = re.compile(
    "|".join((r"/ro" r"ot/", r"/ho" r"me/\w", r"/tm" r"p/", r"--index" r"-url", r"pythonhost" r"ed"))
)


def test_no_lock_names_a_registry_and_no_page_a_machine():
    for page in [
        *PAGES,
        *sorted((ROOT / "requirements").iterdir()),
        ROOT / "pyproject.toml",
        ROOT / "Makefile",
    ]:
        found = MACHINE.search(page.read_text(encoding="utf-8"))
        assert found is None, (page.name, found)
