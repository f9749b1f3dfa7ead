"""``folkmoot export``: take records out, for an organisation and the research teams of the person who asks."""

from __future__ import annotations

import argparse
import os
import pathlib
import tempfile

from folkmoot.core.errors import FolkmootError
from folkmoot.project.commands import start
from folkmoot.project.commands.exporters import ENDINGS, EXPORTERS, Asked, exporter_of, require_ending

SUMMARY = "Take records out. Only what the organisation and the person's own research teams own."


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=sorted(EXPORTERS), help=", ".join(EXPORTERS))
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help=_endings())
    parser.add_argument("--organisation", metavar="SLUG", required=True)
    parser.add_argument("--as", dest="by", metavar="EMAIL", required=True, help="the account that exports")


def _endings() -> str:
    listed = (f"{kind} as {' or '.join(f'.{one}' for one in endings)}" for kind, endings in ENDINGS.items())
    return "; ".join(listed)


def run(options: argparse.Namespace) -> int:
    target = pathlib.Path(options.output)
    require_ending(options.kind, path=target)
    start()
    from folkmoot.organisations.policies import may_edit_for, require_edit_for
    from folkmoot.organisations.visibility import access_of
    from folkmoot.project.commands.people import organisation_of, person

    by = person(options.by)
    organisation = organisation_of(options.organisation, by=by)
    require_edit_for(by, organisation_id=organisation.pk)
    teams = tuple(pk for pk in access_of(by).teams if may_edit_for(by, team_id=pk))
    exporter = exporter_of(options.kind)
    try:
        handle, name = tempfile.mkstemp(prefix=".writing-", suffix=target.suffix, dir=target.resolve().parent)
        os.close(handle)
    except OSError:
        raise FolkmootError(f"{target.name} cannot be written there.") from None
    temporary = pathlib.Path(name)
    try:
        rows = exporter(temporary, Asked(by, organisation, teams))
        _leave_trace(organisation, kind=options.kind, rows=rows, by=by)
        # readable by its owner alone: it holds what people said
        temporary.chmod(0o600)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    print(f"wrote {rows} rows to {target.name}")
    return 0


def _leave_trace(organisation, *, kind: str, rows: int, by) -> None:  # type: ignore[no-untyped-def]
    from folkmoot.audit.actions import action, record

    @action
    def exported() -> None:
        record("export.made", by=by, on=organisation, organisation_id=organisation.pk, kind=kind, rows=rows)

    exported()
