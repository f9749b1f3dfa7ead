"""One assumption of an edition: its standing, and both sides of what is known, in equal columns."""

from __future__ import annotations

from typing import Any

from folkmoot.briefings.rendering.accounts import accounts
from folkmoot.briefings.rendering.blocks import (
    Block,
    Bullets,
    Heading,
    Link,
    Paragraph,
    Said,
    Side,
    Sides,
    Standing,
)
from folkmoot.briefings.rendering.live import Live, address

SCOPE_WORDS = {"network": "the network’s evidence", "ours": "our evidence"}
NO_TEST = {"for": "No test reads for it.", "against": "No test reads against it, and none found no effect."}
NO_ACCOUNT = {"for": "No account for it.", "against": "No account against it."}


def standing_of(frozen: dict[str, Any]) -> Standing:
    """The word with its counts, its reason, and the rule that gave it."""
    detail = f"{frozen['for']} for, {frozen['against']} against"
    if frozen["no_effect"]:
        detail += f", {frozen['no_effect']} with no effect found"
    if frozen["nearest"]:
        detail += f"; nearest: {frozen['nearest']}"
    rule = f"Row “{frozen['row']}” of the rules {frozen['rules']}, by {SCOPE_WORDS[frozen['scope']]}."
    return Standing(frozen["word"], frozen["leaning"], detail, frozen["sentence"], rule)


def assumption_blocks(part: dict[str, Any], live: Live) -> list[Block]:
    """Heading, standing, tests on both sides, accounts on both sides, findings, and what comes near."""
    key = part["id"]
    blocks: list[Block] = [
        Heading(3, f"{part['code']} {part['text']}".strip(), f"step-{key}"),
        Paragraph(
            Said(_scope(part), (Link("everything recorded on this step", address("assumption", key)),))
        ),
        standing_of(part["standing"]),
    ]
    withheld = part["with_withheld"]
    if withheld:
        word = f"{withheld['word']}, {withheld['leaning']}" if withheld["leaning"] else withheld["word"]
        blocks.append(
            Paragraph(
                Said(f"With what the owner holds and does not share here, the word would be: {word}."),
                "count",
            )
        )
    blocks.append(_tests(part, live))
    blocks += [Paragraph(Said(_held(part["held"])), ""), _told(part, live)]
    blocks += accounts(live, part["accounts"]["when"], side="when")
    blocks += _explained(part, live)
    blocks += _near(part, live)
    return blocks


def _scope(part: dict[str, Any]) -> str:
    said = [f"For {part['population']}" if part["population"] else "", part["horizon"]]
    first = "; ".join(one for one in said if one)
    matters = f" What would matter: {part['smallest_change'].rstrip('.')}." if part["smallest_change"] else ""
    return (
        f"{first[:1].upper()}{first[1:]}.{matters}"
        if first
        else matters.strip() or "For whom, and when, is not stated."
    )


def _tests(part: dict[str, Any], live: Live) -> Sides:
    tests = part["tests"]
    against: list[Block] = _items(tests["against"], live, "test against")
    if tests["no_effect"]:
        against += [
            Heading(6, "No effect found"),
            *_items(tests["no_effect"], live, "test that found no effect"),
        ]
    missed = tuple(
        Said(
            f"A clue that had to be there: {one['text'] if live.shows('clue', one) else 'not shared with these readers'} (registered {one['registered']}; {one['outcome']})."
        )
        for one in part["clues"]
        if one["missed"]
    )
    if missed:
        against += [Bullets("Clues looked for", missed)]
    return Sides(
        f"tests-{part['id']}",
        "Tested by",
        Side("For", len(tests["for"]), tuple(_items(tests["for"], live, "test for")), NO_TEST["for"]),
        Side(
            "Against",
            len(tests["against"]) + len(tests["no_effect"]) + len(missed),
            tuple(against),
            NO_TEST["against"],
        ),
    )


def _items(items: list[dict[str, Any]], live: Live, what: str) -> list[Block]:
    blocks: list[Block] = [_item(one, live) for one in items if live.shows("study", one)]
    hidden = len(items) - len(blocks)
    if hidden:
        further = " further" if blocks else ""
        text = f"{hidden}{further} {what if hidden == 1 else what.replace('test', 'tests', 1)}; not shared with these readers."
        blocks.append(Paragraph(Said(text), "count"))
    return blocks


def _item(one: dict[str, Any], live: Live) -> Block:
    """One study: what it is, what it found how far from here, and whether it counts."""
    outcome = [
        f"for {one['population']} only" if one["population"] else "",
        f"outcome: {one['outcome']}" if one["outcome"] else "",
        one["horizon"],
    ]
    what = f"{one['design']}; {one['setting']}, {one['country']}"
    about = "; ".join(part for part in outcome if part)
    found = one.get("found", "")  # editions frozen earlier do not say
    counts = (
        "Counts"
        if one["counted"]
        else f"Shown, not counted: {one['why_not']}"
        if one["why_not"]
        else "Shown, not counted"
    )
    read = "Read in full" if one["read_in_full"] else f"Read: {one['read'].lower()}"
    appraised = f"appraised here, {one['appraised']}" if one["appraised"] else "not appraised here yet"
    unverified = " Its figures are not verified." if one["not_verified"] else ""
    sentences = [
        what,
        about,
        f"Found: {found}" if found else "",
        # editions frozen earlier hold none
        f"Its own figures: {'; '.join(one['figures'])}" if one.get("figures") else "",
        f"{counts.rstrip('.')}. Level {one['level']} here",
        one["distance"],
        f"{read}; {appraised}",
    ]
    text = " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in sentences if part)
    retracted = live.retracted.get(one["study"]) if not one["retracted"] else None
    return Paragraph(
        Said(
            f"{text}{unverified}",
            (Link("the study", address("study", one["study"])),),
            one["state"],
            f"Retracted on {retracted}" if retracted else "",
            lead=f"{one['short'].rstrip('.')}{' (retracted)' if one['retracted'] else ''}.",
        ),
        "item" if one["counted"] else "item-aside",
    )


def _held(held: dict[str, Any]) -> str:
    number = held["interviews"]
    interviews = f"{number} interview{'' if number == 1 else 's'}"
    if not any(
        held[key] for key in ("asserting", "challenging", "documents_asserting", "documents_challenging")
    ):
        return f"Held by none of {interviews}, and by no document: no reading shared with these readers speaks to it."
    parts = f"Held by {held['asserting']} of {interviews}{_documents(held['documents_asserting'])}; questioned by {held['challenging']}{_documents(held['documents_challenging'])}."
    return f"{parts} This says who holds it, not how common it is, and it is no test."


def _documents(number: int) -> str:
    return f" and {number} document{'' if number == 1 else 's'}" if number else ""


def _told(part: dict[str, Any], live: Live) -> Sides:
    listed = part["accounts"]
    against: list[Block] = list(accounts(live, listed["against"], side="against"))
    if listed["disputed"]:
        against += [
            Heading(6, "Readings that the person disputes"),
            *accounts(live, listed["disputed"], side="disputed"),
        ]
    return Sides(
        f"told-{part['id']}",
        "What people and documents say",
        Side(
            "Accounts for", len(listed["for"]), accounts(live, listed["for"], side="for"), NO_ACCOUNT["for"]
        ),
        Side(
            "Accounts against",
            len(listed["against"]) + len(listed["disputed"]),
            tuple(against),
            NO_ACCOUNT["against"],
        ),
    )


def _explained(part: dict[str, Any], live: Live) -> list[Block]:
    listed = part["findings"]
    blocks: list[Block] = []
    if listed["for"] or listed["against"]:
        blocks.append(
            Sides(
                f"explained-{part['id']}",
                "Explained by",
                Side(
                    "Findings for",
                    len(listed["for"]),
                    _findings(listed["for"], live),
                    "No finding speaks for it.",
                ),
                Side(
                    "Findings against",
                    len(listed["against"]),
                    _findings(listed["against"], live),
                    "No finding speaks against it.",
                ),
            )
        )
    if listed["when"]:
        blocks += [Heading(4, "When, or for whom, it holds"), *_findings(listed["when"], live)]
    return blocks


def _findings(listed: list[dict[str, Any]], live: Live) -> tuple[Block, ...]:
    blocks: list[Block] = [_finding(one, live) for one in listed if live.shows("finding", one)]
    hidden = len(listed) - len(blocks)
    if hidden:
        further = " further" if blocks else ""
        blocks.append(
            Paragraph(
                Said(
                    f"{hidden}{further} finding{'' if hidden == 1 else 's'}; not shared with these readers."
                ),
                "count",
            )
        )
    return tuple(blocks)


def _finding(one: dict[str, Any], live: Live) -> Block:
    taken_back = one["claims"] and not one["from"] and set(one["claims"]) <= live.withdrawn
    if taken_back:
        return Paragraph(Said("Withdrawn: the words that this finding rests on were taken back."), "gone")
    now = live.findings.get(one["finding"], "superseded")
    links = [Link(one["short"], address("study", one["from"]))] if ("study", one["from"]) in live.kept else []
    links += [
        Link("a reading it rests on", address("claim", key))
        for key in one["claims"]
        if key not in live.withdrawn
    ]
    since = f"Since publication: {now}" if now != one["state"] else ""
    return Paragraph(
        Said(
            f"{one['text']} {one['confidence']}: {one['why']}",
            tuple(link for link in links if link.path),
            one["state"],
            since,
        ),
        "item",
    )


READ = {"no_effect": "no effect found"}
NEAR = (
    ("without", "The outcome moved without this step"),
    ("nearest", "Ended before the time that this step speaks of"),
    ("spans", "Measured across this step, not at it"),
)


def _near(part: dict[str, Any], live: Live) -> list[Block]:
    blocks: list[Block] = []
    for place, title in NEAR:
        items = part["beside"][place]
        if items:
            told = tuple(_near_item(one, place, live) for one in items)
            blocks.append(Bullets(f"{title} (counts for no link)", told))
    if part["standing"]["missing"]:
        blocks.append(
            Bullets("“Supported” would still need", tuple(Said(one) for one in part["standing"]["missing"]))
        )
    return blocks


def _near_item(one: dict[str, Any], place: str, live: Live) -> Said:
    if not live.shows("study", one):
        return Said("A study that is not shared with these readers.")
    reading = f" It read: {READ.get(one['reading'], one['reading'])}." if place == "nearest" else ""
    when = f" {one['horizon'][:1].upper()}{one['horizon'][1:]}." if one["horizon"] else ""
    retracted = live.retracted.get(one["study"])
    return Said(
        f"{one['short']}: {one['design']}; {one['setting']}, {one['country']}.{when}{reading}",
        (Link("the study", address("study", one["study"])),),
        one["state"],
        f"Retracted on {retracted}" if retracted and not one["retracted"] else "",
    )
