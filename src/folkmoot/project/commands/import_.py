"""``folkmoot import``: bring files in, all of them or nothing, with an account of every row."""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from folkmoot.core.errors import FolkmootError
from folkmoot.project.commands import start, survey_options
from folkmoot.project.commands.importers import IMPORTERS, Asked, Outcome, importer_of

if TYPE_CHECKING:
    from folkmoot.sources.intake import Incoming

SUMMARY = "Bring files in: interviews and other documents, activities, studies, places, counts of people."
BAR = 30


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=sorted(IMPORTERS), help=", ".join(IMPORTERS))
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument("--organisation", metavar="SLUG", help="for whom")
    parser.add_argument("--team", metavar="SLUG", help="the research team that owns the interviews")
    parser.add_argument("--as", dest="by", metavar="EMAIL", required=True, help="the account that imports")
    parser.add_argument("--dry-run", action="store_true", help="read everything, store nothing")
    parser.add_argument("--report", metavar="FILE", help="write every row set aside and why, as CSV")
    parser.add_argument("--visibility", choices=["own", "team", "network", "public"])
    parser.add_argument("--consent", choices=["quote", "paraphrase", "count"])
    parser.add_argument("--recruitment", default="", help="how these people came to take part")
    parser.add_argument("--missing-people", default="", help="who is missing because of it")
    parser.add_argument("--setting", default="", help="where it was")
    parser.add_argument("--held-on", metavar="DAY", help="when it was, as 2026-11-23")
    parser.add_argument("--names", metavar="FILE", help="names to protect, one on a line")
    parser.add_argument(
        "--matching", metavar="FILE", help="activities: how columns and values are matched, as JSON"
    )
    parser.add_argument(
        "--suggest", metavar="FILE", help="activities: write a matching to look over and to give back"
    )
    parser.add_argument("--published", action="store_true", help="the documents are published already")
    survey_options.add_options(parser)
    group = parser.add_argument_group("places and population")
    group.add_argument("--source", default="", help="who published it, under what licence")
    group.add_argument("--vintage", type=int, metavar="YEAR", help="the year of the codes")
    group.add_argument("--read-as", type=int, metavar="YEAR", help="read the codes as of another year")
    group.add_argument("--counted-on", metavar="DAY", help="when people were counted, as 2021-03-21")
    group.add_argument("--off-by", type=int, metavar="N", help="by how much each count may be off; 0: exact")
    group.add_argument("--characteristic", default="", metavar="NAME", help="what people are counted by")
    group.add_argument("--special", action="store_true", help="that is a special category in law")


def run(options: argparse.Namespace) -> int:
    if not options.organisation and not options.team:
        print("folkmoot import: say for whom, with --organisation SLUG or --team SLUG", file=sys.stderr)
        return 2
    start()
    from django.db import DatabaseError

    try:
        outcome = _import(options)
    except DatabaseError as error:
        # the first line names the fault; what follows is the statement, with people's words in it
        fault = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FolkmootError(
            f"The database refused, so nothing was stored ({fault}). Ask it with: folkmoot check"
        ) from None
    if options.report:
        _report(pathlib.Path(options.report), outcome)
    for note in outcome.notes:
        print(note, file=sys.stderr)
    for sentence in outcome.refused:
        print(sentence, file=sys.stderr)
    print(f"read {outcome.read}, used {outcome.used}, set aside {len(outcome.set_aside)}")
    if options.dry_run:
        print("Nothing was stored: this was a dry run.", file=sys.stderr)
    return 1 if outcome.refused else 0


def _import(options: argparse.Namespace) -> Outcome:
    from folkmoot.project.commands.people import organisation_of, person

    by = person(options.by)
    organisation = organisation_of(options.organisation, by=by) if options.organisation else None
    asked = Asked(
        kind=options.kind,
        by=by,
        organisation=organisation,
        dry_run=options.dry_run,
        options=options,
        progress=_progress(),
    )
    return importer_of(options.kind)(_incoming(options.files), asked)


def _incoming(names: Sequence[str]) -> list[Incoming]:
    from folkmoot.sources.intake import Incoming

    handed = []
    for name in names:
        path = pathlib.Path(name)
        if not path.is_file():
            what = "is a folder: name the files in it" if path.is_dir() else "is not there"
            raise FolkmootError(f"{path.name or name} {what}.")
        try:
            size = path.stat().st_size
            path.open("rb").close()
        except OSError:
            raise FolkmootError(f"{path.name} may not be read by you.") from None
        handed.append(Incoming(path.name, size, path.read_bytes))
    return handed


def _progress():  # type: ignore[no-untyped-def]
    """A bar where somebody watches; a line for each file where a log does."""
    if not sys.stderr.isatty():

        def line(name: str, number: int, total: int) -> None:
            if name:
                print(f"reading {number + 1} of {total}: {name}", file=sys.stderr, flush=True)
            else:
                print("storing", file=sys.stderr, flush=True)

        return line

    def bar(name: str, number: int, total: int) -> None:
        full = round(BAR * number / total) if total else BAR
        words = name[:40] if name else "storing"
        print(f"\r\x1b[K[{'#' * full}{'.' * (BAR - full)}] {number}/{total} {words}", end="", file=sys.stderr)
        if not name:
            print("\r\x1b[K", end="", file=sys.stderr)
        sys.stderr.flush()

    return bar


def _report(path: pathlib.Path, outcome: Outcome) -> None:
    from folkmoot.sources.cells import write_table

    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            write_table(file, outcome.set_aside, columns=("file", "row", "reason"))
    except OSError:
        raise FolkmootError(
            f"The report {path.name} cannot be written there; what was imported is stored all the same."
        ) from None
