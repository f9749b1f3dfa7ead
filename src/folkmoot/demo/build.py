"""The whole demo in one transaction: a build that stops half-way leaves nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from folkmoot.demo import (
    chains,
    documents,
    evaluating,
    evidence,
    hearing,
    interviews,
    network,
    publishing,
    talk,
    work,
)
from folkmoot.demo.clock import story_time
from folkmoot.demo.world import Progress, World

PARTS: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("aims, mechanisms and studies of the library", network.set_up),
    ("seven organisations and their people", network.bring_people),
    ("strategies and what their sentences promise", documents.bring_documents),
    ("who runs what", network.record_arrangements),
    ("chains of assumptions", chains.state_chains),
    ("a chain revised", chains.revise_chains),
    ("places and the people who live there", work.bring_places),
    ("twelve months of work", work.do_work),
    ("what people said and what came of it", hearing.hear_people),
    ("interviews", interviews.bring_interviews),
    ("codes and claims", interviews.read_interviews),
    ("evaluations, from plan to finding", evaluating.evaluate),
    ("findings from interviews, and a clue", evidence.record_evidence),
    ("what the people interviewed say of it", talk.ask_people),
    ("comments", talk.talk),
    ("briefings, and an interview withdrawn", publishing.publish),
)


def build(*, progress: Progress = lambda words: None) -> World:
    """Build the demo network in an empty instance, with the same actions as anybody's."""
    with story_time() as clock, transaction.atomic():
        world = World(clock)
        for number, (words, make) in enumerate(PARTS, start=1):
            progress(f"{number}/{len(PARTS)} {words}")
            make(world)
    return world
