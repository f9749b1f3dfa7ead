"""Plans and their registration, the board of requests, data, runs and findings.

What does not belong here: what a finding does to a standing (``evidence``), indicators and answers (``surveys``).
"""

from folkmoot.evaluations.models.board import Offer, Request
from folkmoot.evaluations.models.findings import Finding, FindingMark
from folkmoot.evaluations.models.plans import Departure, Plan, Rival, Sight
from folkmoot.evaluations.models.runs import Dataset, Run

__all__ = [
    "Dataset",
    "Departure",
    "Finding",
    "FindingMark",
    "Offer",
    "Plan",
    "Request",
    "Rival",
    "Run",
    "Sight",
]
