"""Every write of coding: codebooks, codings, claims."""

from folkmoot.coding.actions.arbitrating import arbitrate
from folkmoot.coding.actions.beginning import replace_words
from folkmoot.coding.actions.claims import (
    hear_member_check,
    join_claim,
    make_claim,
    revise_claim,
    set_claim_state,
    share_claim,
    start_from_claim,
)
from folkmoot.coding.actions.codebooks import (
    create_code,
    create_codebook,
    describe_code,
    edit_code,
    merge_codes,
    move_code,
    retire_code,
    split_code,
)
from folkmoot.coding.actions.codings import code_passage, remove_coding
from folkmoot.coding.actions.reading import ClaimDraft, Reading, read_passage

__all__ = [
    "ClaimDraft",
    "Reading",
    "arbitrate",
    "code_passage",
    "create_code",
    "create_codebook",
    "describe_code",
    "edit_code",
    "hear_member_check",
    "join_claim",
    "make_claim",
    "merge_codes",
    "move_code",
    "read_passage",
    "remove_coding",
    "replace_words",
    "retire_code",
    "revise_claim",
    "set_claim_state",
    "share_claim",
    "split_code",
    "start_from_claim",
]
