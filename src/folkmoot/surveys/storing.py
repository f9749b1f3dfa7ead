"""Files of this room on disk, below the originals' folder: files as they came and columns of answers.

Columns are one Parquet file of numbers; words stand in the database. What does not belong here: who
may read them.
"""

from __future__ import annotations

import pathlib
import tempfile
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.sources import storage

FOLDER = "surveys"


def place_of(owner: Owner | None, sha256: str, *, ending: str = "") -> str:
    """Where an owner's file lies: each owner's apart, under its content's hash."""
    kind = "network" if owner is None else "team" if isinstance(owner, ResearchTeam) else "organisation"
    whose = kind if owner is None else f"{kind}-{owner.pk}"
    return f"{FOLDER}/{whose}/{sha256[:2]}/{sha256}{ending}"


def packed(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """The columns as one Parquet file. Whole numbers stay whole; NaN stays missing."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "columns.parquet"
        connection = duckdb.connect(config={"threads": 2})
        try:
            connection.register("held", dict(columns))
            connection.execute(f"copy held to '{file}' (format parquet, compression zstd)")
        finally:
            connection.close()
        return file.read_bytes()


def read_columns(stored_as: str, names: Collection[str]) -> dict[str, NDArray[Any]]:
    """The named columns of a file that ``packed`` made, by name."""
    import duckdb

    file = pathlib.Path(settings.ORIGINALS) / stored_as
    if not stored_as or not file.is_file():
        raise NotYet("The file of these answers is not on this machine's disk. Ask with: folkmoot check")
    if not names:
        return {}
    connection = duckdb.connect(config={"threads": 2})
    try:
        listed = ", ".join(f'"{name}"' for name in sorted(names))
        found = connection.execute(f"select {listed} from read_parquet(?)", [str(file)]).fetchnumpy()
    finally:
        connection.close()
    return {name: _filled(found[name]) for name in names}


def _filled(values: Any) -> NDArray[Any]:
    """A column without a mask: what is missing among fractions is NaN; whole numbers have none."""
    plain = np.array(np.ma.getdata(values))
    if plain.dtype.kind == "f":
        plain[np.ma.getmaskarray(values)] = np.nan
    return plain


def kept_files() -> list[str]:
    """Every file that a row of this room names: the sweep of orphans leaves them."""
    from folkmoot.surveys.models import Microdata, SeriesImport

    named = [
        *Microdata.objects.values_list("kept_as", flat=True),
        *Microdata.objects.values_list("columns_as", flat=True),
        *SeriesImport.objects.values_list("kept_as", flat=True),
    ]
    return [one for one in named if one]


def write(stored_as: str, content: bytes) -> None:
    storage.write(stored_as, content)


def remove_all(named: Collection[str]) -> None:
    """Remove files, except those that another row still names."""
    kept = set(kept_files())
    for one in named:
        if one and one not in kept:
            storage.remove(one)
