"""``folkmoot brief``: write the newest published edition on an objective or a theme to a file."""

from __future__ import annotations

import argparse
import os
import pathlib
import tempfile

from folkmoot.core.errors import FolkmootError
from folkmoot.project.commands import start

SUMMARY = "Write the newest published edition of a briefing, as its readers may see it now."


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "about",
        metavar="OBJECTIVE|THEME",
        help="an objective by its number or title, a theme by its name, or a briefing by its title",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="FILE.html, FILE.docx or FILE.pdf"
    )
    parser.add_argument(
        "--site", metavar="URL", default="", help="the address of this instance, for links back to it"
    )


def run(options: argparse.Namespace) -> int:
    target = pathlib.Path(options.output)
    ending = target.suffix.lower().removeprefix(".")
    if ending not in {"html", "docx", "pdf"}:
        raise FolkmootError(
            f"{target.name} has to end in .html, .docx or .pdf: the ending says what is written."
        )
    site = str(options.site).rstrip("/")
    if site and not site.startswith(("https://", "http://")):
        raise FolkmootError("The address of the instance begins with https:// or http://.")
    start()
    from folkmoot.briefings.queries import newest_on
    from folkmoot.briefings.rendering import written

    edition = newest_on(options.about)
    _write(target, written(edition, ending=ending, site=site))
    print(f"wrote edition {edition.number} of “{edition.briefing.title}” to {target.name}")
    return 0


def _write(target: pathlib.Path, content: bytes) -> None:
    """All of it or nothing: a file that is there already stays whole until the new one is."""
    try:
        handle, name = tempfile.mkstemp(prefix=".writing-", dir=target.resolve().parent)
    except OSError:
        raise FolkmootError(f"{target.name} cannot be written there.") from None
    temporary = pathlib.Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o600)  # an edition may be written for few
        temporary.replace(target)
    except OSError:
        raise FolkmootError(f"{target.name} cannot be written there.") from None
    finally:
        temporary.unlink(missing_ok=True)
