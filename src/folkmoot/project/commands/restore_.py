"""``folkmoot restore FILE``: bring a backup back; what was withdrawn since stays withdrawn."""

from __future__ import annotations

import argparse
import pathlib
import sys

from folkmoot.project.commands import start

SUMMARY = "Bring a backup back into this instance's folder. Withdrawals made since are carried out again."


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file that folkmoot backup made")
    parser.add_argument("--replace", action="store_true", help="replace what this instance holds now")


def run(options: argparse.Namespace) -> int:
    start(create=True)
    from folkmoot.project.archive import bring_back

    done = bring_back(pathlib.Path(options.file), replace=options.replace)
    print(f"brought back the backup of {done.made_at} with {done.originals} originals")
    print(f"withdrawals carried out again: {done.withdrawn_again}")
    print(f"consent narrowed again: {done.narrowed_again}")
    if not done.knew_of_withdrawals:
        print(
            "WARNING: This folder knows of no withdrawals; if people withdrew since the backup was made, "
            "withdraw them now.",
            file=sys.stderr,
        )
    return 0
