"""Writing evidence: studies factor by factor, appraisals, findings, clues registered beforehand."""

from folkmoot.evidence.actions.appraising import DIFFERENCES, appraise
from folkmoot.evidence.actions.findings import (
    hear_member_check,
    judge_hoop,
    record_finding,
    register_hoop,
    set_finding_state,
    share_finding,
)
from folkmoot.evidence.actions.marks import MarkDraft, mark_factor, mark_factors, remove_mark, set_randomised
from folkmoot.evidence.actions.studies import (
    note_conflict,
    record_study,
    resolve_conflict,
    retract_study,
    revise_study,
    set_pools,
)

__all__ = [
    "DIFFERENCES",
    "MarkDraft",
    "appraise",
    "hear_member_check",
    "judge_hoop",
    "mark_factor",
    "mark_factors",
    "note_conflict",
    "record_finding",
    "record_study",
    "register_hoop",
    "remove_mark",
    "resolve_conflict",
    "retract_study",
    "revise_study",
    "set_finding_state",
    "set_pools",
    "set_randomised",
    "share_finding",
]
