"""Clues registered beforehand, with as much of the verdicts as a reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from folkmoot.evidence.models import HoopClue, HoopVerdict
from folkmoot.organisations.visibility import visible

CODERS = 2


@dataclass(frozen=True, slots=True)
class ClueShown:
    """A clue as one reader may see it: one coder's word stays hidden until a second has given theirs."""

    clue: HoopClue
    verdicts: tuple[HoopVerdict, ...]
    judged: int
    own: HoopVerdict | None

    @property
    def is_open(self) -> bool:
        """True while another coder's word is needed."""
        return self.judged < CODERS

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if not self.judged:
            return "nobody has looked yet"
        if self.is_open:
            return "one coder has judged; their verdict stays hidden until a second one has"
        missed = sum(one.verdict == HoopClue.Verdict.NOT_FOUND for one in self.verdicts)
        if missed == self.judged:
            return f"looked for and not found by {missed} coders: counts against the assumption"
        return "found" if not missed else "the coders disagree: counts for nothing"


def clues_of(within: Q, *, assumption_id: int, viewer: Any) -> tuple[ClueShown, ...]:
    """The clues of an assumption among these rows."""
    rows = HoopClue.objects.filter(within, assumption=assumption_id).prefetch_related("verdicts")
    return tuple(_shown(row, viewer) for row in rows)


def clue_for(pk: int, *, viewer: Any) -> ClueShown | None:
    """One clue, or None where this reader may not see it."""
    row = (
        HoopClue.objects.filter(visible(viewer), pk=pk)
        .select_related("assumption__cause", "assumption__effect", "organisation", "team")
        .prefetch_related("verdicts")
        .first()
    )
    return _shown(row, viewer) if row else None


def _shown(row: HoopClue, viewer: Any) -> ClueShown:
    verdicts = tuple(row.verdicts.all())
    own = next((one for one in verdicts if one.coder_id == getattr(viewer, "pk", None)), None)
    told = verdicts if len(verdicts) >= CODERS else ()
    return ClueShown(row, told, len(verdicts), own)
