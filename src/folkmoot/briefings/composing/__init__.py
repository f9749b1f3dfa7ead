"""From an objective or a theme to the frozen content of an edition, as plain JSON.

Statements of fact and figures are frozen as they stand; people's words are only pointed at, and
resolved by ``rendering`` each time through the consent gate. Nothing here can be left out by an
editor: they add an introduction and remarks, and the rest is composed from the records.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from folkmoot.briefings.composing import ending, framing, heard, knowing, working
from folkmoot.briefings.composing.context import SECTIONS, context_of
from folkmoot.briefings.frozen import FORMAT
from folkmoot.briefings.models import Briefing
from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import Instance

__all__ = ["SECTIONS", "compose"]


def compose(briefing: Briefing, *, number: int, today: date) -> dict[str, Any]:
    """The content of edition ``number`` as the records stand today.

    Refuses where there is nothing to say yet, and where its readers could not follow it to a chain
    or a step: sharing comes first, or a briefing for fewer readers.
    """
    context = context_of(briefing, number=number, today=today)
    if not context.subject.assumptions and not context.subject.loose:
        what = "objective" if briefing.objective_id else "theme"
        raise NotYet(f"Nothing says yet why this {what} should be reached: state a chain, or read a passage.")
    knowledge = knowing.assumptions(context)
    bodies = {
        "purpose": framing.purpose(context),
        "organisation": framing.organisation(context),
        "people": [*framing.people(context), *heard.concerns(context)],
        "working": working.chains(context, knowledge),
        "knowing": [*knowledge, *knowing.loose(context)],
        "settling": ending.settling(context),
        "limits": ending.limits(context, knowledge),
        "made": [],
    }
    sections = [
        {"key": key, "title": title, "question": question, "parts": bodies[key]}
        for key, title, question in SECTIONS
    ]
    content = {
        "format": FORMAT,
        "about": framing.about(context),
        "audience": {"visibility": briefing.visibility, "scope": context.scope},
        "fictional": Instance.objects.filter(fictional=True).exists(),
        "short": ending.short(context, knowledge),
        "sections": sections,
        "remarks": {},
    }
    content["made"] = ending.made(context, content, knowledge)
    return content
