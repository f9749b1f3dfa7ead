"""``folkmoot export everything``: one archive of JSON lines, tables and original files."""

from __future__ import annotations

import json
import pathlib
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from folkmoot import __version__
from folkmoot.project.commands.exporters import Asked, rooms


def export_everything(path: pathlib.Path, asked: Asked) -> int:
    """Everything that the organisation and the person's research teams own, room by room."""
    written = 0
    contents: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for room, parts in rooms():
            for name, part in parts(organisation_ids=[asked.organisation.pk], team_ids=asked.team_ids):
                inside = f"{room}/{name}"
                if isinstance(part, bytes):
                    archive.writestr(inside, part)
                    contents[inside] = 1
                else:
                    contents[inside] = _lines(archive, inside, part)
                    written += contents[inside]
        about = {
            "organisation": asked.organisation.slug,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "made_by": asked.by.label,
            "version": __version__,
            "contents": contents,
        }
        archive.writestr("about.json", json.dumps(about, indent=2, ensure_ascii=False))
    return written


def _lines(archive: zipfile.ZipFile, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
    number = 0
    with archive.open(name, "w", force_zip64=True) as file:
        for row in rows:
            file.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n")
            number += 1
    return number
