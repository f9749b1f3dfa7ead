"""An edition laid out for any format: its frozen content, with words and later events looked up now."""

from __future__ import annotations

from datetime import date
from typing import Any

from folkmoot.briefings.models import Edition
from folkmoot.briefings.rendering.accounts import accounts
from folkmoot.briefings.rendering.blocks import (
    Block,
    Bullets,
    Facts,
    Heading,
    Laid,
    Link,
    Notice,
    Paragraph,
    Quote,
    Said,
    Section,
    Side,
    Sides,
    StepRow,
    Steps,
)
from folkmoot.briefings.rendering.evidence import assumption_blocks, standing_of
from folkmoot.briefings.rendering.live import Live, address, live_for
from folkmoot.organisations.models import Instance

NAMED = {
    "objective": "objective",
    "study": "study",
    "strategy": "strategy",
    "mechanism": "mechanism",
    "assumption": "assumption",
    "code": "code",
    "concern": "concern",
    "heard": "heard_concern",
}
SCOPES = {
    "network": "the network’s shared evidence (“here” is England and Wales)",
    "ours": "our own evidence and the network’s",
}
STATES = {
    "draft": "A draft: not published, and it can still change.",
    "published": "Published and frozen: its content never changes. What happens later is added as a notice.",
    "superseded": "Superseded: a newer edition of this briefing is published. Its content stays as it was.",
}


def lay_out(edition: Edition) -> Laid:
    """Everything an edition prints, in order."""
    content, briefing = edition.content, edition.briefing
    live = live_for(edition)
    made = content["made"]
    about = content["about"]
    remarks = content.get("remarks", {})
    sections = tuple(
        Section(
            one["key"],
            one["title"],
            one["question"],
            _made(content) if one["key"] == "made" else _section(one["parts"], live),
            remarks.get(one["key"], ""),
        )
        for one in content["sections"]
    )
    day = _day(made.get("published") or made["on"])
    return Laid(
        title=briefing.title,
        kicker=f"Briefing of {about['owner']}",
        label=f"Edition {edition.number}, {day}",
        state=edition.state,
        state_sentence=STATES[edition.state],
        facts=(
            (f"On the {about['what']}", about["name"]),
            ("Written for", about["readers"]),
            ("Standing judged by", f"{SCOPES[made['scope']]}; rules {made['rules']}"),
        ),
        notices=tuple(Notice(f"{one.created_at:%-d %B %Y}", one.text) for one in edition.notices.all()),
        introduction=tuple(part.strip() for part in edition.introduction.split("\n\n") if part.strip()),
        claim=content["short"]["says"],
        weakest=_weakest(content["short"]),
        short=_short(content["short"]),
        sections=sections,
        fingerprint=edition.fingerprint,
        fictional=content["fictional"] or Instance.objects.filter(fictional=True).exists(),
        day=day,
        path=address("edition", briefing.pk, edition.number),
    )


def lay_out_against(edition: Edition) -> tuple[Block, ...]:
    """Only what speaks against, in full: what somebody who publishes has to have seen."""
    live = live_for(edition)
    blocks: list[Block] = []
    for section in edition.content["sections"]:
        for part in section["parts"]:
            if part["kind"] == "assumption":
                sides = [one for one in assumption_blocks(part, live) if isinstance(one, Sides)]
                inner = [
                    Heading(4, block.text) if isinstance(block, Heading) else block
                    for one in sides
                    for block in one.against.blocks
                ]
                if inner:
                    blocks += [Heading(3, part["text"]), *inner]
            elif part["kind"] == "loose":
                for side in ("against", "disputed"):
                    blocks += accounts(live, part["accounts"][side], side=side)
            else:
                blocks += [
                    Paragraph(_said(one, live))
                    for one in (part, *part.get("items", ()))
                    if one.get("contrary")
                ]
    return tuple(blocks)


def _section(parts: list[dict[str, Any]], live: Live) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for part in parts:
        blocks += _part(part, live)
    return tuple(blocks)


def _part(part: dict[str, Any], live: Live) -> list[Block]:
    kind = part["kind"]
    if kind == "assumption":
        return assumption_blocks(part, live)
    return PARTS[kind](part, live)


def _heading(part: dict[str, Any], live: Live) -> list[Block]:
    return [Heading(3, part["text"])]


def _paragraph(part: dict[str, Any], live: Live) -> list[Block]:
    return [Paragraph(_said(part, live))]


def _facts(part: dict[str, Any], live: Live) -> list[Block]:
    rows = tuple((row["key"], row["text"]) for row in part["rows"])
    return [Facts(part["title"], rows, Said("", _links(part, live), part["state"]))]


def _bullets(part: dict[str, Any], live: Live) -> list[Block]:
    items = tuple(_said(one, live) for one in part["items"])
    return [Bullets(part["title"], items, part["nothing"])]


def _quote(part: dict[str, Any], live: Live) -> list[Block]:
    text, label, why = live.quote(part["passage"])
    if text is not None:
        link = Link("the words in their place", address("passage", part["passage"]))
        return [Quote(text, Said(f"{part['lead']}: {label}", (link,) if link.path else ()))]
    return [
        Paragraph(Said(f"{part['lead']} are not shown: {why}."), "gone" if why == "withdrawn" else "count")
    ]


def _steps(part: dict[str, Any], live: Live) -> list[Block]:
    rows = tuple(
        StepRow(
            number=row["step"],
            text=row["text"],
            own_words=row["own_words"],
            link=Link(row["text"], address("assumption", row["assumption"])),
            anchor=f"step-{row['assumption']}",
            standing=standing_of(row["standing"]),
            weakest=row["weakest"],
        )
        for row in part["rows"]
    )
    return [Steps(part["caption"], rows)]


def _missing(part: dict[str, Any], live: Live) -> list[Block]:
    told = tuple(Said(one) for one in live.missing_people)
    return [
        Bullets("Who is missing from the interviews", told, "Nobody has said who is missing from them."),
        Bullets(
            "Who is missing from the studies",
            tuple(_said(one, live) for one in part["studies"]),
            "No study's record says who is missing from it.",
        ),
    ]


def _recruitment(part: dict[str, Any], live: Live) -> list[Block]:
    number = part["number"]
    lead = f"{number} interview{'' if number == 1 else 's'} {'stands' if number == 1 else 'stand'} behind the counts of who holds what."
    how = (
        " ".join(live.recruitments) if live.recruitments else "How people came to take part is not recorded."
    )
    return [Paragraph(Said(f"{lead} {how}" if number else "No interview is counted here."))]


def _loose(part: dict[str, Any], live: Live) -> list[Block]:
    listed = part["accounts"]
    against = (
        *accounts(live, listed["against"], side="against"),
        *accounts(live, listed["disputed"], side="disputed"),
    )
    return [
        Heading(3, "Readings that name no stated step"),
        Sides(
            "loose",
            "What people and documents say",
            Side(
                "Accounts for",
                len(listed["for"]),
                accounts(live, listed["for"], side="for"),
                "No account for.",
            ),
            Side(
                "Accounts against",
                len(listed["against"]) + len(listed["disputed"]),
                against,
                "No account against.",
            ),
        ),
        *accounts(live, listed["when"], side="when"),
    ]


PARTS = {
    "heading": _heading,
    "say": _paragraph,
    "facts": _facts,
    "bullets": _bullets,
    "quote": _quote,
    "steps": _steps,
    "missing": _missing,
    "recruitment": _recruitment,
    "loose": _loose,
}


def _said(part: dict[str, Any], live: Live) -> Said:
    since = ""
    for one in part["refs"]:
        if one["to"] == "study" and one["id"] in live.retracted and part.get("state") != "superseded":
            since = f"Retracted on {live.retracted[one['id']]}"
    told = not any(one["label"] in part["text"] for one in part["refs"] if not _kept(one, live))
    text = part["text"] if told else "A statement on a study that is no longer shared with these readers."
    return Said(text, _links(part, live), part.get("state", ""), since if told else "")


def _kept(ref: dict[str, Any], live: Live) -> bool:
    """May these readers still be led there? A study can be taken back from them after publication."""
    return ref["to"] != "study" or ("study", ref["id"]) in live.kept


def _links(part: dict[str, Any], live: Live) -> tuple[Link, ...]:
    made = (
        Link(one["label"], address(NAMED[one["to"]], one["id"])) for one in part["refs"] if _kept(one, live)
    )
    return tuple(one for one in made if one.path)


def _weakest(short: dict[str, Any]) -> Said | None:
    if not short["weakest"]:
        return None
    links = tuple(
        Link(one["text"], address("assumption", one["assumption"])) for one in short["weakest_steps"]
    )
    return Said(short["weakest"], links)


SHORT = (
    ("studies", "study", "studies"),
    ("no_effect", "study that found no effect", "studies that found no effect"),
    ("accounts", "account", "accounts"),
    ("disputed", "reading that the person disputes", "readings that the person disputes"),
    ("findings", "qualitative finding", "qualitative findings"),
    (
        "without",
        "study in which the outcome moved without the step before it",
        "studies in which the outcome moved without the step before it",
    ),
    ("clues", "clue looked for and not found", "clues looked for and not found"),
)


def _short(short: dict[str, Any]) -> Sides:
    """Both sides in one form: the whole, then the steps it falls on."""
    lean, against = short["for"], short["against"]
    return Sides(
        "short",
        "In short",
        Side(
            "Studies for", lean["studies"], _short_side(short, "for"), "Nothing recorded speaks for a step."
        ),
        Side(
            "Studies against",
            against["studies"] + against["no_effect"],
            _short_side(short, "against"),
            "Nothing recorded speaks against a step.",
        ),
        level=2,
    )


def _short_side(short: dict[str, Any], side: str) -> tuple[Block, ...]:
    whole = _listed(short[side])
    if not whole:
        return ()
    steps = tuple(
        Said(told, lead=f"{one['text']}:") for one in short["steps"] if (told := _listed(one[side]))
    )
    blocks: list[Block] = [Paragraph(Said(f"In all: {whole}."))]
    return (*blocks, Bullets("", steps)) if steps else tuple(blocks)


def _listed(counts: dict[str, int]) -> str:
    return "; ".join(_number(counts[key], one, many) for key, one, many in SHORT if counts.get(key))


def _made(content: dict[str, Any]) -> tuple[Block, ...]:
    made, counts = content["made"], content["made"]["counts"]
    others = made.get("read_by_others")
    read = (
        "Not published yet."
        if others is None
        else f"{_number(others, 'other person', 'other people')} read the draft and called it ready."
        if others
        else "Nobody but whoever published it called the draft ready."
    )
    before = "; ".join(f"edition {one['number']} of {_day(one['on'])}" for one in made["before"])
    rows = (
        ("Composed on", f"{_day(made['on'])}, from the records of that day, by Folkmoot {made['software']}."),
        ("Rules of standing", f"Version {made['rules']}, by {SCOPES[made['scope']]}."),
        (
            "From",
            f"{_number(counts['steps'], 'step')}; {_number(counts['studies'], 'study', 'studies')}; "
            f"{_number(counts['readings'], 'reading')} from {_number(counts['interviews'], 'interview')} and "
            f"{_number(counts['documents'], 'document')}.",
        ),
        (
            "What editors may do",
            "Add an introduction and remarks. Statements are composed from the records and cannot be removed.",
        ),
        ("Read by", read),
        ("Editions before", before or "None."),
    )
    states = (
        "Provisional: not yet checked with the people, or not yet appraised from the paper in full. Confirmed: the people called the "
        "reading fair, or a study was read in full and appraised for this step. Disputed: somebody concerned does not "
        "agree. Superseded: something else took its place."
    )
    methods = Said(
        "From what each kind of figure is made, how, and with which limits stands on one page.",
        (Link("how the figures are made", address("how_counted")),),
    )
    blocks: list[Block] = [
        Facts("", rows, Said("")),
        Paragraph(Said(states, lead="What the states mean.")),
        Paragraph(methods),
    ]
    if made["before"]:
        changes = tuple(Said(one["text"]) for one in made["changes"])
        blocks.append(Bullets("Changed since the edition before", changes, "No step's standing changed."))
    return tuple(blocks)


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%-d %B %Y}"
