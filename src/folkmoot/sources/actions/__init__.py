"""Every write to sources: bring in, mark, correct, decide, withdraw."""

from folkmoot.sources.actions.describing import describe_source, set_consent, set_terms, set_visibility
from folkmoot.sources.actions.importing import import_by_steps, import_sources
from folkmoot.sources.actions.marking import mark_passage
from folkmoot.sources.actions.redacting import (
    accept_all_redactions,
    add_protected_name,
    add_redaction,
    decide_redaction,
    finish_redaction_review,
    refuse_all_redactions,
    remove_protected_name,
    reopen_redaction_review,
)
from folkmoot.sources.actions.speaking import correct_speaker, correct_turn, join_speakers
from folkmoot.sources.actions.withdrawing import withdraw_source

__all__ = [
    "accept_all_redactions",
    "add_protected_name",
    "add_redaction",
    "correct_speaker",
    "correct_turn",
    "decide_redaction",
    "describe_source",
    "finish_redaction_review",
    "import_by_steps",
    "import_sources",
    "join_speakers",
    "mark_passage",
    "refuse_all_redactions",
    "remove_protected_name",
    "reopen_redaction_review",
    "set_consent",
    "set_terms",
    "set_visibility",
    "withdraw_source",
]
