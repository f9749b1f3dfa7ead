"""Strategies in versions, and what each marked sentence became: an objective, a commitment or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from folkmoot.coding.actions import make_claim
from folkmoot.demo.reading import document, span_of, table
from folkmoot.demo.world import World
from folkmoot.organisations.models import User
from folkmoot.sources.actions import mark_passage
from folkmoot.sources.models import Passage, Source
from folkmoot.strategies.actions import (
    bring_in_version,
    claim_dual_benefit,
    create_commitment,
    create_objective,
    create_strategy,
    judge_passage,
    settle_commitment,
)
from folkmoot.strategies.models import Aim

ENTERED = date(2026, 3, 9)
NOT_OF_THE_OBJECTIVE = {"key", "aim", "quote", "version", "benefits"}


def bring_documents(world: World) -> None:
    """Every strategy with its versions, objectives, commitments and claims."""
    listed = table("strategies")
    for number, one in enumerate(listed["strategy"]):
        world.clock.go_to(ENTERED + timedelta(days=number))
        _bring(world, one)
    for one in listed["dual"]:
        objective = world.objectives[one["objective"]]
        gains = {name: value for name, value in one.items() if name != "objective"}
        claim_dual_benefit(objective, by=world.keeper(objective), **gains)


def _bring(world: World, one: Mapping[str, Any]) -> None:
    organisation, by = world.organisations[one["organisation"]], world.people[one["organisation"]]
    strategy = create_strategy(
        one["title"], kind=one["kind"], organisation=organisation, visibility="public", by=by
    )
    sources: list[Source] = []
    entered = world.clock.day
    for version in one["versions"]:
        world.clock.go_to(max(entered, version["from"]))
        made = bring_in_version(
            strategy,
            file=(f"{version['file']}.txt", document("strategies", version["file"])),
            published=True,
            in_force_from=version["from"],
            in_force_until=version.get("until"),
            note=version.get("note", ""),
            by=by,
        )
        sources.append(made.source)
    for said in one.get("objective", ()):
        passage = _passage(sources, said, by=by)
        details = {name: value for name, value in said.items() if name not in NOT_OF_THE_OBJECTIVE}
        world.objectives[said["key"]] = create_objective(
            Aim.objects.get(code=said["aim"]),
            organisation=organisation,
            benefits=said.get("benefits", ""),
            passage=passage,
            visibility="public",
            by=by,
            **details,
        )
    for said in one.get("commitment", ()):
        _promise(world, sources, said, slug=one["organisation"])
    for said in one["nothing"]:
        judge_passage(_passage(sources, said, by=by), verdict="nothing", why=said["why"], by=by)
    for said in one["claims"]:
        joined = said.get("assumption")
        make_claim(
            _passage(sources, said, by=by),
            cause=said["cause"],
            effect=said["effect"],
            stance=said["stance"],
            modality="documented",
            claimant_role="document",
            note=said.get("note", ""),
            assumption=world.assumption(joined) if joined else None,
            visibility="public",
            by=by,
        )


def _promise(world: World, sources: list[Source], said: Mapping[str, Any], *, slug: str) -> None:
    by, objective = world.people[slug], said.get("objective")
    commitment = create_commitment(
        said.get("text", said["quote"]),
        organisation=world.organisations[slug],
        owner_role=said["owner_role"],
        due=said.get("due"),
        objective=world.objectives[objective] if objective else None,
        passage=_passage(sources, said, by=by),
        visibility="public",
        by=by,
    )
    if state := said.get("state"):
        settle_commitment(commitment, state=state, why=said["why"], expected=commitment.version, by=by)


def _passage(sources: list[Source], said: Mapping[str, Any], *, by: User) -> Passage:
    source = sources[said.get("version", 1) - 1]
    start, end = span_of(source.body.text, quote=said["quote"], where=source.title)
    passage = mark_passage(source, start=start, end=end, by=by)
    passage.source = source
    return passage
