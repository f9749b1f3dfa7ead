"""Forms of evidence. What a form checks is its shape; who may and what the rules refuse, actions say."""

from folkmoot.evidence.forms.judging import AppraiseForm, ClueForm, FindingForm, FindingShareForm, VerdictForm
from folkmoot.evidence.forms.studies import (
    ConflictForm,
    MarkForm,
    MarkForms,
    PoolsForm,
    ResolveForm,
    RetractForm,
    StudyFilterForm,
    StudyForm,
)

__all__ = [
    "AppraiseForm",
    "ClueForm",
    "ConflictForm",
    "FindingForm",
    "FindingShareForm",
    "MarkForm",
    "MarkForms",
    "PoolsForm",
    "ResolveForm",
    "RetractForm",
    "StudyFilterForm",
    "StudyForm",
    "VerdictForm",
]
