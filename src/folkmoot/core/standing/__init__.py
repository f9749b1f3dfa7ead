"""From evidence to standing: a word reached by stated rules, never a score.

Not here: where studies are stored, who may see them (the callers hand in only what the reader may
see), or how a word is drawn.
"""

from __future__ import annotations

from folkmoot.core.standing.distance import TransferDistance, near
from folkmoot.core.standing.evidence import Pooled, Test
from folkmoot.core.standing.independence import SetAside, independent
from folkmoot.core.standing.judge import Judgement, judge
from folkmoot.core.standing.levels import Randomised, level_for_link
from folkmoot.core.standing.marks import Mark, Reading, reading
from folkmoot.core.standing.reliance import Reliance, Weakest, Work, reliance, weakest
from folkmoot.core.standing.rules import RULES, RULES_2026_1, Rules
from folkmoot.core.standing.words import Column, Word

__all__ = [
    "RULES",
    "RULES_2026_1",
    "Column",
    "Judgement",
    "Mark",
    "Pooled",
    "Randomised",
    "Reading",
    "Reliance",
    "Rules",
    "SetAside",
    "Test",
    "TransferDistance",
    "Weakest",
    "Word",
    "Work",
    "independent",
    "judge",
    "level_for_link",
    "near",
    "reading",
    "reliance",
    "weakest",
]
