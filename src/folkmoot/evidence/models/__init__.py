"""What tests and explains assumptions, and how the library of it lives.

Standing is never stored: it is worked out from these rows. What a change did to a standing on its day
is (``StandingChange``), as history.
"""

from folkmoot.evidence.models.effects import PoolPlan, PrintedEffect
from folkmoot.evidence.models.history import Change, StandingChange
from folkmoot.evidence.models.references import Reference, ReferenceImport
from folkmoot.evidence.models.studies import (
    Appraisal,
    HoopClue,
    HoopVerdict,
    Mark,
    QualitativeFinding,
    Study,
)

__all__ = [
    "Appraisal",
    "Change",
    "HoopClue",
    "HoopVerdict",
    "Mark",
    "PoolPlan",
    "PrintedEffect",
    "QualitativeFinding",
    "Reference",
    "ReferenceImport",
    "StandingChange",
    "Study",
]
