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

from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
WIDTHS = {"": 1280, "-phone": 390}
# page → (address, or how to find it by a link's words on an earlier page; who looks)
PAGES = {
    "overview": "/",
    "assumptions": "/assumptions/",
    "assumption": "/assumptions/?words=P11.5",
    "chain": "/mechanisms/?words=doorstep",
    "edition": "/briefings/",
}
HEIGHTS = {"assumption": 2000, "edition": 2000, "chain": 1500}


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
        for ending, width in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": 900})
            for name, address in PAGES.items():
                page.goto(site + address)
                if name == "assumption":
                    page.locator(".fm-card__title a").first.click()
                elif name == "chain":
                    page.locator("main a[href^='/mechanisms/']").first.click()
                elif name == "edition":
                    page.locator("main a[href^='/briefings/']").first.click()
                    editions = page.locator("main a[href*='/briefings/']")
                    if editions.count():
                        editions.first.click()
                page.wait_for_load_state()
                # the beginning of a page says what it is; a whole edition would be megabytes
                page.set_viewport_size({"width": width, "height": HEIGHTS.get(name, 1250)})
                page.screenshot(path=PICTURES / f"{name}{ending}.png")
                print(f"took {name}{ending}")
            page.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
