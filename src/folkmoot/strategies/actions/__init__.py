"""Every write of this room: strategies, objectives, commitments, dual-benefit claims, arrangements."""

from folkmoot.strategies.actions.arrangements import pass_arrangement, record_arrangement
from folkmoot.strategies.actions.bringing_in import bring_in_strategy, bring_in_version, enter_strategy
from folkmoot.strategies.actions.documents import (
    add_strategy_version,
    create_strategy,
    judge_passage,
    share_strategy,
)
from folkmoot.strategies.actions.objectives import (
    create_objective,
    retire_objective,
    revise_objective,
    share_objective,
)
from folkmoot.strategies.actions.promises import (
    claim_dual_benefit,
    create_commitment,
    settle_commitment,
    test_dual_benefit,
)

__all__ = [
    "add_strategy_version",
    "bring_in_strategy",
    "bring_in_version",
    "claim_dual_benefit",
    "create_commitment",
    "create_objective",
    "create_strategy",
    "enter_strategy",
    "judge_passage",
    "pass_arrangement",
    "record_arrangement",
    "retire_objective",
    "revise_objective",
    "settle_commitment",
    "share_objective",
    "share_strategy",
    "test_dual_benefit",
]
