"""Renew the pictures in docs/pictures from a freshly built demo: ``make screenshots``.

Builds the demo in a scratch folder, serves it, and takes each page at desktop and at phone width.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
WIDTHS = {"": 1280, "-phone": 390}
PASSWORD = "folkmoot-demo"  # everybody's, in the demo only
RESEARCHER, OFFICER = "researcher@moorland.example", "officer@kelderwick.example"


@dataclass(frozen=True, slots=True)
class Shot:
    """A page: where to begin, the links to follow from there (as selectors), who looks, how much of it."""

    address: str
    follow: tuple[str, ...] = ()
    who: str = ""
    height: int = 1250


PAGES = {
    "overview": Shot("/", height=1100),
    "assumptions": Shot("/assumptions/"),
    "assumption": Shot("/assumptions/?words=P11.5", ("main .fm-card__title a",), height=1700),
    "chain": Shot("/mechanisms/", ("main a:text-is('Ferry Road doorsteps')",), height=1500),
    "objective": Shot("/aims/", ("main a:has-text('BeckAlert')",)),
    "study": Shot("/studies/", ("main a:has-text('Kelderwick Constabulary analysts')",), height=1500),
    "sources": Shot("/sources/", who=RESEARCHER),
    "reader": Shot("/sources/", ("main a:text-is('Interview 01: walking the station')", "main a:text-is('Read and code')"), RESEARCHER),
    "edition": Shot("/briefings/", ("main a:has-text('What BeckAlert does')", "main a:has-text('Edition 2')"), height=1500),
    "work": Shot("/work/", who=OFFICER),
    "capture": Shot("/capture/", who=OFFICER, height=1000),
    "concern": Shot("/heard/", ("main a[href^='/heard/']",)),
}  # fmt: skip


def main() -> int:
    """Build, serve, take, stop."""
    chromium = os.environ.get("FOLKMOOT_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print("There is no Chromium here (on Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "folkmoot.project.command"]
        subprocess.run([*command, "demo", "--dir", folder, "--no-serve"], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen([*command, "serve", "--dir", folder, "--port", str(port)])
        try:
            _wait(f"http://127.0.0.1:{port}/help/")
            _take(chromium, f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait(20)
    return 0


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not answer")


def _take(chromium: str, site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for who in dict.fromkeys(shot.who for shot in PAGES.values()):
            page = browser.new_context().new_page()
            if who:
                _sign_in(page, site, who)
            for ending, width in WIDTHS.items():
                for name, shot in PAGES.items():
                    if shot.who == who:
                        _take_one(page, site, shot, width, PICTURES / f"{name}{ending}.png")
            page.context.close()
        browser.close()


def _sign_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/account/login/")
    page.locator("[name=login]").fill(who)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def _take_one(page: Page, site: str, shot: Shot, width: int, target: pathlib.Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + shot.address)
    for link in shot.follow:
        page.locator(link).first.click()
        page.wait_for_load_state()
    # the beginning of a page says what it is; a whole edition would be megabytes
    page.set_viewport_size({"width": width, "height": shot.height})
    page.reload()
    page.screenshot(path=target)
    print(f"took {target.stem}")


if __name__ == "__main__":
    sys.exit(main())
