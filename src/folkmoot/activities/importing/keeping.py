"""The file of an import that is not finished, kept in the instance's folder until it is brought in or dropped.

What does not belong here: the import's row, which knows its name and content hash.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import tempfile
import time
from datetime import timedelta

from django.conf import settings

from folkmoot.activities.importing.fields import rated
from folkmoot.activities.importing.policeuk import is_json, read_json
from folkmoot.activities.importing.sheets import Sheet, read_sheet
from folkmoot.activities.models import ActivityImport
from folkmoot.core.errors import NotYet

KEPT_FOR = timedelta(days=30)


def sheet_in(name: str, content: bytes) -> Sheet:
    """The table in a file: a spreadsheet, or the events and priorities of data.police.uk."""
    if is_json(name, content):
        return read_json(name, content)
    return read_sheet(name, content, wanted=rated)


def keep(import_: ActivityImport, content: bytes) -> None:
    """Write the file whole, or not at all."""
    target = _path(import_)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        pathlib.Path(temporary).replace(target)
    except BaseException:
        pathlib.Path(temporary).unlink(missing_ok=True)
        raise


def kept_sheet(import_: ActivityImport) -> Sheet:
    """The table of an unfinished import; refuses where its file is gone."""
    try:
        content = _path(import_).read_bytes()
    except OSError:
        raise NotYet(
            f"The file {import_.filename} is no longer kept here. Drop this import and choose the file again."
        ) from None
    return sheet_in(import_.filename, content)


def forget(import_id: int) -> None:
    """Remove the file; one that is gone already is no fault."""
    with contextlib.suppress(OSError):
        _folder().joinpath(str(import_id)).unlink()


def sweep(unfinished: set[int]) -> None:
    """Remove files that belong to no unfinished import, as one that was killed while it began leaves behind."""
    if not _folder().is_dir():
        return
    old = time.time() - 3600
    for path in _folder().iterdir():
        if path.name.isdecimal() and int(path.name) in unfinished:
            continue
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < old:
                path.unlink()


def _folder() -> pathlib.Path:
    return pathlib.Path(settings.DIR) / "imports"


def _path(import_: ActivityImport) -> pathlib.Path:
    return _folder() / str(import_.pk)
