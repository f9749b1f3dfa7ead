"""What every test may use. Tests that need the real files ask for ``corpus``."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pathlib
import shutil
import sqlite3
import tempfile

import pytest

from . import prepared

# one test run by hand has an instance's folder too, as `make test` gives the whole suite one
if not os.environ.get("FOLKMOOT_DIR"):
    os.environ["FOLKMOOT_DIR"] = tempfile.mkdtemp(prefix="folkmoot-test-")
    atexit.register(shutil.rmtree, os.environ["FOLKMOOT_DIR"], ignore_errors=True)
# and one folder for what its processes share: the first sets it up and takes it away
if not os.environ.get("FOLKMOOT_PREPARED"):
    os.environ["FOLKMOOT_PREPARED"] = tempfile.mkdtemp(prefix="folkmoot-prepared-")
    atexit.register(
        prepared.clear, pathlib.Path(os.environ["FOLKMOOT_PREPARED"]), os.environ.get("DATABASE_URL", "")
    )
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


# whoever asks for one of these reads or writes the database of the run
TOUCH = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_itemcollected(item):
    if "chromium" in item.fixturenames:
        item.add_marker(pytest.mark.browser)
    if TOUCH.intersection(item.fixturenames) or item.get_closest_marker("django_db"):
        item.add_marker(pytest.mark.database)


# What takes longest begins first, so that no worker is left with it at the end; seconds on two cores.
# The second is not that long: it needs no database, and goes on while the first makes the tables that all others copy.
LONG = {
    "browser/test_axe.py": 170,
    "core/test_verbs_fuzz.py": 160,
    "apps/matrix/test_pages.py": 150,
    "apps/matrix/test_attacks.py": 80,
    "apps/matrix/test_writes.py": 60,
    "apps/evidence/test_standing_after_edits.py": 50,
    "apps/matrix/test_others.py": 40,
    "browser/test_whole_job.py": 40,
    "browser/test_story.py": 35,
    "browser/test_heard.py": 30,
    "apps/demo/test_demo_command.py": 30,
    "browser/test_capture_offline.py": 30,
    "apps/activities/test_capture_kill.py": 15,
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    tests = ROOT / "tests"
    items.sort(key=lambda item: -LONG.get(item.path.relative_to(tests).as_posix(), 0))


def pytest_collection_finish():
    """What was imported and collected stays to the end: it is not looked through for what could go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Where several processes work at once, their databases begin as copies of one that has its tables."""
    from django.db import connection

    if not os.environ.get("PYTEST_XDIST_WORKER"):
        yield
        return
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = prepared.empty_on_server(os.environ["DATABASE_URL"])
        yield
        return
    # each process has its own, in memory, so that it needs no name of its own
    connection.settings_dict["TEST"]["NAME"] = None
    create, held = connection.creation._create_test_db, []

    def created(*arguments, **options):
        name = create(*arguments, **options)
        # in memory: it lasts as long as somebody holds it
        held.append(sqlite3.connect(name, uri=True))
        with contextlib.closing(sqlite3.connect(prepared.empty_file())) as empty:
            empty.backup(held[0])
        return name

    connection.creation._create_test_db = created
    yield
    for one in held:
        one.close()


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
