"""Reads of evidence: standings of many assumptions, and all there is to say of one."""

from folkmoot.evidence.queries.detail import EvidenceItem, EvidenceView, ScopeNote, evidence_for
from folkmoot.evidence.queries.shelf import Scope, Shelf, gather
from folkmoot.evidence.queries.standings import Judged, chain_spans, judged_by, standings

__all__ = [
    "EvidenceItem",
    "EvidenceView",
    "Judged",
    "Scope",
    "ScopeNote",
    "Shelf",
    "chain_spans",
    "evidence_for",
    "gather",
    "judged_by",
    "standings",
]
