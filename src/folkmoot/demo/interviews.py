"""Interviews brought in, reviewed for names, coded by two people and read as claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from folkmoot.coding.actions import (
    code_passage,
    create_code,
    create_codebook,
    make_claim,
    merge_codes,
    share_claim,
)
from folkmoot.coding.models import Code
from folkmoot.demo.reading import document, span_of, table
from folkmoot.demo.world import World
from folkmoot.organisations.models import User
from folkmoot.sources.actions import (
    accept_all_redactions,
    correct_speaker,
    describe_source,
    finish_redaction_review,
    import_sources,
    mark_passage,
)
from folkmoot.sources.models import Passage, Source

CODING_AFTER = timedelta(days=40)
SECOND_CODER = "hannah", "tomasz"


def bring_interviews(world: World) -> None:
    """Each transcript as its own file, on the terms its people agreed to."""
    listed = table("interviews")
    for one in listed["interview"]:
        world.clock.go_to(one["held_on"] + timedelta(days=2))
        world.sources[one["file"]] = _bring(world, one, listed)


def _bring(world: World, one: Mapping[str, Any], listed: Mapping[str, Any]) -> Source:
    by = world.people["hannah"]
    about = world.organisations[one["about"]]
    imported = import_sources(
        [(f"{one['file']}.txt", document("interviews", one["file"]))],
        kind="transcript",
        owner=world.team,
        consent=one["consent"],
        recruitment=listed["recruitment"][one["recruitment"]],
        missing_people=listed["missing"][one["missing"]],
        setting=one["setting"],
        held_on=one["held_on"],
        names=one.get("names", ()),
        about=about,
        by=by,
    )
    source = imported.sources.get()
    for label, (pseudonym, post) in one["speakers"].items():
        correct_speaker(
            source.speakers.get(label=label),
            pseudonym=pseudonym,
            role="interviewee",
            claimant_role=post,
            by=by,
        )
    source.refresh_from_db()
    describe_source(
        source,
        title=one["title"],
        kind=source.kind,
        held_on=source.held_on,
        setting=source.setting,
        recruitment=source.recruitment,
        missing_people=source.missing_people,
        about_organisation=about,
        people=len(one["speakers"]),
        expected=source.version,
        by=by,
    )
    if one.get("reviewed", True):
        accept_all_redactions(source, by=by)
        finish_redaction_review(source, by=by)
    source.refresh_from_db()
    return source


def read_interviews(world: World) -> None:
    """Codes and claims, each on its exact words; two transcripts are coded by a second person."""
    listed = table("interviews")
    codes = _codebook(world, listed["codebook"])
    for one in listed["interview"]:
        source, coder = world.sources[one["file"]], world.people[one["coder"]]
        world.clock.go_to(one["held_on"] + CODING_AFTER)
        posts = {post for _, post in one["speakers"].values()}
        for said in one["claims"]:
            passage = _passage(source, said["quote"], by=coder)
            joined = world.assumption(said["assumption"]) if "assumption" in said else None
            claim = make_claim(
                passage,
                cause=said.get("cause") or (joined.cause.wording if joined else ""),
                effect=said.get("effect") or (joined.effect.wording if joined else ""),
                stance=said["stance"],
                modality=said.get("modality", "said"),
                claimant_role=said.get("role") or next(iter(posts)),
                note=said.get("note", ""),
                assumption=joined,
                by=coder,
            )
            # how far a reading goes is for the lead researcher to say
            if (reach := said.get("visibility", "public")) != claim.visibility:
                claim = share_claim(claim, visibility=reach, by=world.people["hannah"])
            world.claims[said["quote"]] = claim
            for name in said["codes"]:
                code_passage(codes[name], passage=passage, by=coder)
        other = next(world.people[key] for key in SECOND_CODER if key != one["coder"])
        for said in one.get("second", ()):
            for name in said["codes"]:
                code_passage(codes[name], passage=_passage(source, said["quote"], by=other), by=other)
    merge = listed["codebook"]["merge"]
    merge_codes(codes[merge["code"]], into=codes[merge["into"]], by=world.people["hannah"])


def _codebook(world: World, listed: Mapping[str, Any]) -> dict[str, Code]:
    by = world.people["hannah"]
    codebook = create_codebook(
        listed["name"], owner=world.team, description=listed["description"], visibility="network", by=by
    )
    codes: dict[str, Code] = {}
    for one in listed["codes"]:
        codes[one["name"]] = create_code(
            codebook,
            name=one["name"],
            description=one["description"],
            parent=codes[one["parent"]] if "parent" in one else None,
            by=by,
        )
    return codes


def _passage(source: Source, quote: str, *, by: User) -> Passage:
    start, end = span_of(source.body.text, quote=quote, where=source.title)
    passage = mark_passage(source, start=start, end=end, by=by)
    passage.source = source
    return passage
