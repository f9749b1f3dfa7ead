"""The standing of many assumptions at once, and the spans of a chain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.coding.queries import HeldBy, Scope
from folkmoot.core.standing import Judgement
from folkmoot.core.standing.grid import LinkStanding, Span, spans, stand
from folkmoot.evidence.queries.pooled import pooled_by_plan
from folkmoot.evidence.queries.shelf import Shelf, gather
from folkmoot.mechanisms.models import Assumption


@dataclass(frozen=True, slots=True)
class Judged:
    """An assumption with its standing in one scope, and who holds it beside."""

    assumption: Assumption
    standing: LinkStanding
    held: HeldBy
    scope: Scope

    @property
    def judgement(self) -> Judgement:
        return self.standing.judgement

    @property
    def word(self) -> str:
        return self.judgement.word.value

    @property
    def leaning(self) -> str:
        return self.judgement.leaning

    @property
    def for_count(self) -> int:
        """Independent tests for it that count."""
        return len(self.judgement.counted_for)

    @property
    def against_count(self) -> int:
        """Independent tests against it that count, failed clues among them."""
        return len(self.judgement.counted_against) + self.judgement.hoop_failures

    @property
    def no_effect_count(self) -> int:
        return len(self.judgement.counted_no_effect)

    @property
    def sentence(self) -> str:
        return self.judgement.sentence

    @property
    def nearest(self) -> str:
        """Where nothing reached the horizon: the nearest that came, in words."""
        counted = self.for_count or self.against_count or self.no_effect_count
        return self.standing.nearest[0].text if self.standing.nearest and not counted else ""

    @property
    def uncounted(self) -> str:
        """Where the standing leans on tests none of which counts: how many there are, in words."""
        tests = len(self.judgement.set_aside)
        if not self.leaning or self.for_count or self.against_count or self.no_effect_count:
            return ""
        return f"{tests} weaker test{'' if tests == 1 else 's'} beside" if tests else ""


def standings(assumption_ids: Collection[int] | None, *, viewer: Any, scope: Scope) -> dict[int, Judged]:
    """The standing of these assumptions (None: of all the viewer may see), in eight queries whatever the size;
    in ten where effects are pooled under a registered plan.

    ``scope`` is “network” (shared evidence only) or “ours” (with what the viewer's own add).
    """
    return judged_by(gather(assumption_ids, viewer=viewer, scope=scope))


def judged_by(shelf: Shelf) -> dict[int, Judged]:
    """Every assumption of a shelf with its standing."""
    return {key: judge_one(shelf, assumption) for key, assumption in shelf.assumptions.items()}


def judge_one(shelf: Shelf, assumption: Assumption) -> Judged:
    """One assumption of a shelf with its standing."""
    held = shelf.held.get(assumption.pk, HeldBy())
    standing = stand(
        shelf.link(assumption),
        shelf.records(assumption),
        accounts=held.accounts,
        pooled=pooled_by_plan(shelf, assumption),
        failed_hoops=shelf.failed_hoops.get(assumption.pk, 0),
    )
    return Judged(assumption, standing, held, shelf.scope)


def chain_spans(shelf: Shelf, factors: Sequence[int]) -> tuple[Span, ...]:
    """The studies that jump over factors of a chain, given the chain's factors in order."""
    keys = {study for factor in factors for study in shelf.by_factor.get(factor, ())}
    records = [shelf.record(key, None) for key in sorted(keys) if shelf.studies[key].retracted_at is None]
    return spans([str(factor) for factor in factors], records)
