"""Comments with their answers, and what the people interviewed said of the readings of their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.discussion.actions import (
    add_comment,
    answer_comment,
    answer_member_check,
    ask_member_check,
    resolve_comment,
)


class Interviewee:
    """Whoever was asked, known by pseudonym only."""

    pk = None

    def __init__(self, label: str) -> None:
        self.label = label


def talk(world: World) -> None:
    """Threads, open and closed."""
    for one in table("talk")["comment"]:
        world.clock.go_to(one["on"])
        comment = add_comment(_target(world, one["at"]), text=one["text"], by=world.people[one["by"]])
        for answer in one.get("answer", ()):
            world.clock.go_to(answer["on"])
            answer_comment(comment, text=answer["text"], by=world.people[answer["by"]])
        if closed := one.get("resolved"):
            world.clock.go_to(closed["on"])
            resolve_comment(comment, resolution=closed["resolution"], by=world.people[closed["by"]])


def ask_people(world: World) -> None:
    """Member checks: each changes the state of the reading it is about, but for the one that still waits."""
    for one in table("talk")["check"]:
        _ask(world, one)


def _ask(world: World, one: Mapping[str, Any]) -> None:
    world.clock.go_to(one["on"])
    check, secret = ask_member_check(
        world.claim(one["claim"]),
        question=one["question"],
        asked_of=one["asked_of"],
        team=world.team,
        by=world.people["hannah"],
    )
    if one.get("unanswered"):
        world.open_check = f"/check/{secret}/"
        return
    world.clock.go_to(one["answered"])
    answer_member_check(
        check,
        answer=one["answer"],
        words=one["words"],
        may_be_shown=one["shown"],
        by=Interviewee(one["asked_of"]),
    )


def _target(world: World, words: str) -> Model:
    kind, _, key = words.partition(":")
    if kind == "assumption":
        return world.assumption(key)
    return world.objectives[key] if kind == "objective" else world.chains[key]
