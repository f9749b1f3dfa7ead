"""Who coded a source, and the ways to compare two of them. The comparison itself is in ``doubles``,
which loads numpy: a process that never compares coders should not carry it.
"""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.coding.models import Coding
from folkmoot.sources.models import Source

MEASURES = {"kappa": "Cohen's kappa", "alpha": "Krippendorff's alpha", "ac1": "Gwet's AC1"}
UNITS = {"character": "every character", "turn": "every turn", "passage": "every passage anybody marked"}


@dataclass(frozen=True, slots=True)
class Coder:
    """Somebody who coded in a source, and how often."""

    pk: int
    name: str
    codings: int


def coders_of(source: Source) -> list[Coder]:
    """Who has coded in a source, the busiest first. For its own people only."""
    found: dict[int, tuple[str, int]] = {}
    rows = Coding.objects.filter(passage__source=source, coder__isnull=False).order_by("pk")
    for pk, name in rows.values_list("coder_id", "coder__name"):
        found[pk] = (name, found.get(pk, (name, 0))[1] + 1)
    coders = [Coder(pk, name, number) for pk, (name, number) in found.items()]
    return sorted(coders, key=lambda one: (-one.codings, one.name))
