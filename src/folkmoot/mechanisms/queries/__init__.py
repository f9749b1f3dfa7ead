"""Every read of mechanisms: chains, lists, their history, and the library beside one's own words."""

from folkmoot.mechanisms.queries.beside import Beside, Suggestion, beside_library
from folkmoot.mechanisms.queries.chains import Chain, ChainStep, chain_of
from folkmoot.mechanisms.queries.histories import Changes, changes_between, history_of
from folkmoot.mechanisms.queries.lists import (
    AimRow,
    AimsPage,
    MechanismRow,
    Mechanisms,
    ObjectiveShown,
    aims_page,
    chains_of,
    library_of,
    mechanisms_for,
)

__all__ = [
    "AimRow",
    "AimsPage",
    "Beside",
    "Chain",
    "ChainStep",
    "Changes",
    "MechanismRow",
    "Mechanisms",
    "ObjectiveShown",
    "Suggestion",
    "aims_page",
    "beside_library",
    "chain_of",
    "chains_of",
    "changes_between",
    "history_of",
    "library_of",
    "mechanisms_for",
]
