"""The tables of evaluations on disk, below the originals' folder: each owner's apart, under its content's hash.

What does not belong here: who may read them.
"""

from __future__ import annotations

import pathlib
from collections.abc import Collection

from django.conf import settings

from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.sources import storage

FOLDER = "evaluations"


def place_of(owner: Owner | None, sha256: str, *, form: str) -> str:
    """Where an owner's table lies; its ending says how it is read."""
    whose = "network"
    if owner is not None:
        whose = f"{'team' if isinstance(owner, ResearchTeam) else 'organisation'}-{owner.pk}"
    return f"{FOLDER}/{whose}/{sha256[:2]}/{sha256}.{form}"


def path_of(kept_as: str) -> pathlib.Path:
    """The file on this machine; refuses where it is not there."""
    path = pathlib.Path(settings.ORIGINALS) / kept_as
    if not kept_as or not path.is_file():
        raise NotYet("The file of this table is not on this machine's disk. Ask with: folkmoot check")
    return path


def kept_files() -> list[str]:
    """Every file that a row of this room names: the sweep of orphans leaves them."""
    from folkmoot.evaluations.models import Dataset

    return [one for one in Dataset.objects.values_list("kept_as", flat=True) if one]


def remove_all(named: Collection[str]) -> None:
    """Remove files, except those that another row still names."""
    kept = set(kept_files())
    for one in named:
        if one and one not in kept:
            storage.remove(one)
