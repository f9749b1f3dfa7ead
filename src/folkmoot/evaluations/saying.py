"""A run in words and plain figures: its sentence, the mark by rule, what is frozen with a finding.

What does not belong here: the wording itself (``core.wording``), pictures (``plots``).
"""

from __future__ import annotations

from typing import Any

from folkmoot.core.standing.proposing import Proposal, proposed_mark
from folkmoot.core.wording.finding import amount, finding_sentence, unit
from folkmoot.evaluations.commands import SHAPES
from folkmoot.evaluations.figures import counts_of, estimate_of
from folkmoot.evaluations.models import Plan, Run


def is_share(run: Run) -> bool:
    """Whether its outcome is a share of people: told in points."""
    return run.plan.scale == Plan.Scale.SHARE


def outcome_of(run: Run) -> str:
    """What its outcome column measures, in words."""
    return str(run.factor) if run.factor is not None else str(run.plan.outcome)


def sentence_of(run: Run) -> str:
    """What a run that is done says, carefully."""
    return finding_sentence(
        estimate_of(run.result),
        outcome=outcome_of(run),
        share=is_share(run),
        smallest_change=run.smallest_change,
        rises=run.rises,
        supposing=SHAPES[run.design].supposing,
    )


def proposal_of(run: Run) -> Proposal:
    """The mark that the rule makes of its interval."""
    found = estimate_of(run.result)
    return proposed_mark(found.low, found.high, smallest_change=run.smallest_change, rises=run.rises)


def figure_of(run: Run) -> str:
    """“6.4 points (1.7 to 11.2)”."""
    found, share = estimate_of(run.result), is_share(run)
    sign = "−" if found.estimate < 0 else ""
    if not found.is_bounded:
        return f"{sign}{unit(found.estimate, share=share)} (no interval)"
    ends = " to ".join(amount(one, share=share, signed=True) for one in (found.low, found.high))
    return f"{sign}{unit(found.estimate, share=share)} ({ends})"


def frozen_figures(run: Run) -> dict[str, Any]:
    """What a finding keeps of its run: the estimate and what its picture is drawn from."""
    found = estimate_of(run.result)
    return {
        **found.as_json(),
        "share": is_share(run),
        "smallest_change": run.smallest_change,
        "rises": run.rises,
        "method": run.result.get("method", ""),
        "n": counts_of(run.result),
        "event_times": run.result.get("event_times", []),
        "placebo": run.result.get("placebo", {}),
        "as_planned": run.as_planned,
    }
