"""Writing evidence: studies factor by factor, appraisals, findings, clues registered beforehand."""

from folkmoot.evidence.actions.appraising import DIFFERENCES, appraise
from folkmoot.evidence.actions.effects import (
    give_up_pool_plan,
    record_effect,
    register_pool_plan,
    remove_effect,
    revise_effect,
    verify_effect,
)
from folkmoot.evidence.actions.findings import (
    hear_member_check,
    judge_hoop,
    record_finding,
    register_hoop,
    set_finding_state,
    share_finding,
)
from folkmoot.evidence.actions.marks import MarkDraft, mark_factor, mark_factors, remove_mark, set_randomised
from folkmoot.evidence.actions.references import (
    bring_in_references,
    join_reference,
    keep_reference_apart,
    look_at_references,
    put_reference_back,
    record_reference,
    set_reference_aside,
    undo_references,
)
from folkmoot.evidence.actions.studies import (
    note_conflict,
    record_study,
    reinstate_study,
    resolve_conflict,
    retract_study,
    revise_study,
    set_pools,
)

__all__ = [
    "DIFFERENCES",
    "MarkDraft",
    "appraise",
    "bring_in_references",
    "give_up_pool_plan",
    "hear_member_check",
    "join_reference",
    "judge_hoop",
    "keep_reference_apart",
    "look_at_references",
    "mark_factor",
    "mark_factors",
    "note_conflict",
    "put_reference_back",
    "record_effect",
    "record_finding",
    "record_reference",
    "record_study",
    "register_hoop",
    "register_pool_plan",
    "reinstate_study",
    "remove_effect",
    "remove_mark",
    "resolve_conflict",
    "retract_study",
    "revise_effect",
    "revise_study",
    "set_finding_state",
    "set_pools",
    "set_randomised",
    "set_reference_aside",
    "share_finding",
    "undo_references",
    "verify_effect",
]
