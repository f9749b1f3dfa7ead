"""Briefings with their editions, and the interview that was withdrawn between two of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from folkmoot.briefings.actions import (
    create_briefing,
    describe_edition,
    draft_edition,
    publish_edition,
    review_edition,
)
from folkmoot.briefings.models import Briefing, Edition
from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.sources.actions import withdraw_source


def publish(world: World) -> None:
    """Everything on its day, so that an edition shows what was recorded when it came out."""
    days: list[tuple[date, Callable[[], Any]]] = []
    for one in table("briefings")["briefing"]:
        # begun with its first edition, and known to the later ones
        begun: list[Briefing] = []
        for edition in one["edition"]:
            days.append((edition["drafted"], partial(_edition, world, one, edition, begun)))
    for one in table("interviews")["interview"]:
        if withdrawn := one.get("withdrawn"):
            days.append((withdrawn["on"], partial(_withdraw, world, one["file"], withdrawn["reason"])))
    for day, happens in sorted(days, key=lambda one: one[0]):
        world.clock.go_to(day)
        happens()


def _edition(world: World, one: Mapping[str, Any], said: Mapping[str, Any], begun: list[Briefing]) -> Edition:
    by = world.people[one["by"]]
    if not begun:
        begun.append(
            create_briefing(
                one["title"],
                owner=world.team,
                visibility=one["visibility"],
                objective=world.objectives[one["objective"]],
                by=by,
            )
        )
    edition = draft_edition(begun[0], by=by)
    describe_edition(
        edition,
        introduction=said["introduction"],
        remarks=said.get("remarks", {}),
        expected=edition.version,
        by=by,
    )
    world.clock.go_to(said["published"])
    review_edition(edition, verdict="ready", words=said["review"], by=world.people[one["reviewer"]])
    edition.refresh_from_db()
    return publish_edition(edition, expected=edition.version, by=by)


def _withdraw(world: World, file: str, reason: str) -> None:
    source = world.sources[file]
    source.refresh_from_db()
    withdraw_source(source, reason=reason, by=world.people["hannah"])
