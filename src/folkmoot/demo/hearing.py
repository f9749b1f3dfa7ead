"""What people said in the demo, what was decided and why, who was told and what they answered. All of it invented."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from folkmoot.activities.models import Initiative
from folkmoot.coding.actions import create_code, create_codebook
from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError
from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.heard import actions
from folkmoot.heard.actions.public import SomebodyOutside
from folkmoot.heard.models import Concern, Contribution
from folkmoot.heard.votes.boxes import opened
from folkmoot.heard.votes.reckoning import Described, reckoned
from folkmoot.organisations.models import Membership, Organisation

CLOSING = date(2026, 11, 21)
ELECTION = (date(2027, 3, 22), date(2027, 5, 6))


def hear_people(world: World) -> None:
    """Concerns from the first word to the last reply, priorities, what stands under no concern, and votes."""
    told = table("heard")
    _themes(world, told)
    for one in told["concern"]:
        _concern(world, one)
    _loose(world, told["letters"])
    for one in told["priority"]:
        _priority(world, one)
    _votes(world, told["votes"])
    world.clock.go_to(CLOSING)
    keeper = Membership.objects.filter(role=Membership.Role.ADMINISTRATOR).order_by("pk").first()
    if keeper is None:
        raise FolkmootError("The demo expects an administrator somewhere.")
    actions.add_election_period(
        keeper.organisation,
        what="the election of a commissioner in May 2027",
        begins=ELECTION[0],
        ends=ELECTION[1],
        by=keeper.user,
    )


def _themes(world: World, told: dict[str, Any]) -> None:
    slug = "kelderwick"
    names = sorted({name for one in told["concern"] for name in one.get("themes", ())})
    world.clock.go_to(date(2026, 9, 1))
    book = create_codebook(
        "What people speak of",
        owner=world.organisations[slug],
        description="Themes of what residents say at stalls, in letters and on the public page.",
        by=world.people[slug],
    )
    for name in names:
        create_code(book, name=name, description="lamps, lights, dark places", by=world.people[slug])


def _concern(world: World, one: dict[str, Any]) -> None:
    organisation, by = world.organisations[one["organisation"]], world.people[one["organisation"]]
    world.clock.go_to(min(said["day"] for said in one["said"]))
    initiative = _initiative(organisation, one.get("initiative"))
    concern = actions.open_concern(
        one["title"],
        organisation=organisation,
        asked=one.get("asked", ""),
        influence=one["influence"],
        not_open=one.get("not_open", ""),
        initiative=initiative,
        place=_ward(one.get("ward")),
        themes=_codes(organisation, one.get("themes", [])),
        promotes_office_holder=one.get("promotes", False),
        by=by,
    )
    for said in one["said"]:
        world.clock.go_to(said["day"])
        contribution = actions.bring_in(
            said["text"],
            organisation=organisation,
            origin="letter",
            where="written down where it was said",
            said_on=said["day"],
            people=said.get("people", 1),
            may_be_quoted=said.get("quote", False),
            initiative=initiative,
            place=_ward(one.get("ward")),
            by=by,
        )
        actions.join_concern(contribution, concern=concern, by=by)
    if one["visibility"] != "own":
        actions.share_concern(concern, visibility=one["visibility"], expected=concern.version, by=by)
    if "decision" in one:
        _decided(world, concern, dict(one["decision"]), one, by=by)


def _decided(
    world: World, concern: Concern, decision: dict[str, Any], one: dict[str, Any], *, by: Any
) -> None:
    day = decision.pop("day")
    world.clock.go_to(day)
    actions.decide(concern, decided_on=day, expected=concern.version, by=by, **decision)
    promises = [
        actions.promise(
            concern,
            text=given["text"],
            owner_role=given["who"],
            due=given["due"],
            owner=by if given.get("owner") else None,
            by=by,
        )
        for given in one.get("promises", ())
    ]
    told = dict(one.get("told") or {})
    if told:
        world.clock.go_to(told["day"])
        actions.tell_people(concern, told_on=told.pop("day"), expected=concern.version, by=by, **told)
    for made, given in zip(promises, one.get("promises", ()), strict=True):
        if "kept" in given:
            world.clock.go_to(given["on"])
            actions.settle_promise(
                made,
                kept=True,
                settlement=given["kept"],
                settled_on=given["on"],
                expected=made.version,
                by=by,
            )
    for reply in one.get("replies", ()):
        actions.record_reply(concern, telling=concern.tellings.first(), by=by, **reply)
    if "public_reply" in one:
        world.clock.go_to(day + timedelta(days=35))
        actions.reply(concern, by=SomebodyOutside(), **one["public_reply"])


def _loose(world: World, told: dict[str, Any]) -> None:
    """A file of letters: some stand under no concern yet, one is set aside with its reason."""
    organisation, by = world.organisations[told["organisation"]], world.people[told["organisation"]]
    world.clock.go_to(told["day"])
    rows = ["text,date", *(f'"{one["text"]}",{one["day"].isoformat()}' for one in told["row"])]
    actions.bring_in_file(
        told["file"],
        content="\n".join(rows).encode(),
        organisation=organisation,
        origin="letter",
        said_on=told["day"],
        by=by,
    )
    for one in told["row"]:
        if "aside" in one:
            made = Contribution.objects.get(organisation=organisation, text=one["text"])
            actions.set_aside(made, because=one["aside"], expected=made.version, by=by)


def _priority(world: World, one: dict[str, Any]) -> None:
    organisation, by = world.organisations[one["organisation"]], world.people[one["organisation"]]
    world.clock.go_to(max(one["police"]["day"], one["residents"]["day"]))
    made = actions.set_priority(
        one["issue"],
        organisation=organisation,
        place=_ward(one["ward"]),
        review_on=one["review"],
        visibility="public",
        by=by,
    )
    for side in ("police", "residents"):
        said = one[side]
        actions.state_priority(
            made, side=side, words=said["words"], basis=said["basis"], stated_on=said["day"], by=by
        )


def _votes(world: World, told: dict[str, Any]) -> None:
    """A small conversation: each answers most statements, with the chances that the content states."""
    organisation, by = world.organisations[told["organisation"]], world.people[told["organisation"]]
    chance = random.Random(told["seed"])
    rows = ["participant,statement,vote"]
    for person in range(1, told["people"] + 1):
        for statement in told["statements"]:
            if chance.random() < 0.15:
                continue
            drawn = chance.random()
            vote = "0" if chance.random() < 0.08 else "1" if drawn < statement["agree"] else "-1"
            rows.append(f'{person},"{statement["text"]}",{vote}')
    world.clock.go_to(date(2026, 11, 3))
    made = actions.import_conversation(
        [("evenings.csv", "\n".join(rows).encode())],
        organisation=organisation,
        title=told["title"],
        about=told["about"],
        concern=Concern.objects.get(title=told["concern"]),
        place=_ward("Castlegate"),
        by=by,
    )
    first = told["statements"][0]["text"]
    number = made.statements.get(text=first).number
    actions.describe_statements(
        made, describe_people=[number], not_special=[number], expected=made.version, by=by
    )
    content = reckoned(
        opened(made.box), characteristics=[Described(number, first, False)], seed=1, permutations=199
    )
    actions.keep_result(made, content=content, seed=1, by=by)
    actions.release_result(made, expected=made.version, by=by)


def _initiative(organisation: Organisation, name: str | None) -> Initiative | None:
    return Initiative.objects.get(organisation=organisation, name=name) if name else None


def _ward(name: str | None) -> Place | None:
    return Place.objects.get(kind=Place.Kind.WARD, name=name) if name else None


def _codes(organisation: Organisation, names: list[str]) -> list[Any]:
    from folkmoot.coding.models import Code

    return list(Code.objects.filter(codebook__organisation=organisation, name__in=names))
