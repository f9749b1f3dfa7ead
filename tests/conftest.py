"""What every test may use. Tests that need the real files ask for ``corpus``."""

from __future__ import annotations

import atexit
import os
import pathlib
import shutil
import tempfile

import pytest

# one test run by hand has an instance's folder too, as `make test` gives the whole suite one
if not os.environ.get("FOLKMOOT_DIR"):
    os.environ["FOLKMOOT_DIR"] = tempfile.mkdtemp(prefix="folkmoot-test-")
    atexit.register(shutil.rmtree, os.environ["FOLKMOOT_DIR"], ignore_errors=True)
# the browser's own loop makes Django believe that every query comes from asynchronous code
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> pathlib.Path:
    """The folder of real files: FOLKMOOT_CORPUS, or ../shared/corpus beside the project."""
    folder = pathlib.Path(os.environ.get("FOLKMOOT_CORPUS") or ROOT.parent / "shared" / "corpus")
    if folder.is_dir():
        return folder
    message = "the corpus of real files is not here; set FOLKMOOT_CORPUS to its folder"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def pytest_collection_modifyitems(items):
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of the run."""
    names = (os.environ.get("FOLKMOOT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if not found:
        message = "no Chromium on this machine: on Debian, install the package chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # one for the whole run: a second would find the loop of the first running
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """An empty page, for what is looked at without a server."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
