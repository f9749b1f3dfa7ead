"""Every write of this room: chains in versions, and the assumptions they are made of."""

from folkmoot.mechanisms.actions.sharing import (
    describe_assumption,
    reword_factor,
    share_mechanism,
    start_assumption,
)
from folkmoot.mechanisms.actions.stating import (
    adopt_mechanism,
    create_mechanism,
    retire_mechanism,
    revise_mechanism,
)
from folkmoot.mechanisms.drafts import drafts_of
from folkmoot.organisations.ownership import Owner

__all__ = [
    "Owner",
    "adopt_mechanism",
    "create_mechanism",
    "describe_assumption",
    "drafts_of",
    "retire_mechanism",
    "revise_mechanism",
    "reword_factor",
    "share_mechanism",
    "start_assumption",
]
