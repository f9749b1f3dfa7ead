"""What ships with every instance, for the tests that begin with it: read from its files once, copied from then on.

The first time, the product's own actions bring it in. Later, while its tables are as empty as they were
then, the same rows are put back as they were: a tenth of the time.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.apps import apps

from folkmoot.audit.actions import TheInstance
from folkmoot.evidence.library import load_studies
from folkmoot.mechanisms.library import load_library
from folkmoot.strategies.library import load_aims

AIMS = (load_aims,)
LIBRARY = (load_aims, load_library)
EVERYTHING = (load_aims, load_library, load_studies)
_kept: dict[tuple[Callable[..., Any], ...], list[list[Any]]] = {}


def bring_in(loads: tuple[Callable[..., Any], ...]) -> None:
    """As ``AIMS``, ``LIBRARY`` or ``EVERYTHING`` of a new instance."""
    tables = [
        model
        for room in ("audit", "strategies", "mechanisms", "evidence")
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]
    if any(model._base_manager.exists() for model in tables):
        for load in loads:
            load(by=TheInstance())
    elif loads in _kept:
        for rows in _kept[loads]:
            type(rows[0])._base_manager.bulk_create([copy.copy(row) for row in rows])
    else:
        for load in loads:
            load(by=TheInstance())
        found = [list(model._base_manager.order_by("pk")) for model in tables]
        _kept[loads] = [rows for rows in found if rows]
