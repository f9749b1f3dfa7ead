"""``folkmoot backup FILE``: the whole instance in one file, while it goes on serving."""

from __future__ import annotations

import argparse
import pathlib

from folkmoot.core.errors import FolkmootError
from folkmoot.project.commands import start

SUMMARY = "Save the database and the originals to one file (.tar.gz). The instance may go on serving."


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="where to, for example folkmoot.tar.gz")
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it is there")


def run(options: argparse.Namespace) -> int:
    start()
    from folkmoot.project.archive import save

    target = pathlib.Path(options.file)
    if target.exists() and not options.overwrite:
        raise FolkmootError(f"{target.name} is there already; name another file or add --overwrite.")
    if not target.parent.is_dir():
        raise FolkmootError(f"There is no folder {target.parent.name} to write to.")
    kept = save(target)
    print(
        f"saved the {kept.vendor} database and {kept.originals} originals to {target.name} ({kept.size:,} bytes)"
    )
    return 0
