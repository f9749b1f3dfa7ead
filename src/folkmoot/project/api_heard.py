"""The API's concerns: what the public page shows, to anybody. Numbers of people are words, rounded or “too few to say”."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema

from folkmoot.heard.queries.public import Published, public_concerns, published
from folkmoot.project.api_pages import page_of
from folkmoot.project.api_schemas import IDENTIFIER, number

router = Router()


class ConcernOut(Schema):
    """One published concern, in short."""

    id: int = number(IDENTIFIER)
    title: str
    organisation: str
    place: str
    initiative: str
    open_to_influence: str
    state: str
    url: str


class Concerns(Schema):
    items: list[ConcernOut]
    next: str | None


class DecisionOut(Schema):
    outcome: str
    what: str
    because: str
    who: str
    decided_on: date


class PromiseOut(Schema):
    what: str
    who: str
    due: date
    state: str
    settlement: str


class AnswerOut(Schema):
    """A reply or a correction: its words, or the reason why they are not shown."""

    about: str
    words: str
    not_shown_because: str
    came_on: date
    answer: str


class ConcernWhole(ConcernOut):
    """One published concern with everything on its page."""

    asked: str
    could_not_be_changed: str
    people_who_spoke: str
    quoted: list[str]
    decisions: list[DecisionOut]
    promises: list[PromiseOut]
    told: list[str]
    replies: list[AnswerOut]
    corrections: list[AnswerOut]


@router.get("/concerns", response=Concerns)
def concerns(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """The concerns that are published, newest first."""
    response["Cache-Control"] = "no-store"
    rows, following = page_of(request, public_concerns(on=timezone.localdate()).order_by("-pk"))
    return {"items": [_short(one) for one in rows], "next": following}


@router.get("/concerns/{int:pk}", response=ConcernWhole)
def concern(request: HttpRequest, response: HttpResponse, pk: int) -> dict[str, Any]:
    """One of them, as its public page shows it."""
    response["Cache-Control"] = "no-store"
    found = published(pk, on=timezone.localdate()) if pk < 2**63 else None
    if found is None:
        raise Http404
    return _short(found.concern) | _whole(found)


def _short(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "title": one.title,
        "organisation": one.owner_label,
        "place": str(one.place or ""),
        "initiative": str(one.initiative or ""),
        "open_to_influence": one.get_influence_display(),
        "state": one.get_state_display(),
        "url": reverse("heard_concern", args=[one.pk]),
    }


def _whole(found: Published) -> dict[str, Any]:
    one = found.concern
    return {
        "asked": one.asked,
        "could_not_be_changed": one.not_open,
        "people_who_spoke": found.people,
        "quoted": [said.words for said in found.quotes],
        "decisions": [
            {
                "outcome": made.get_outcome_display(),
                "what": made.what,
                "because": made.because,
                "who": made.who,
                "decided_on": made.decided_on,
            }
            for made in found.decisions
        ],
        "promises": [
            {
                "what": given.text,
                "who": given.owner_role,
                "due": given.due,
                "state": given.get_state_display(),
                "settlement": given.settlement,
            }
            for given in (*found.open, *found.done, *found.not_done)
        ],
        "told": [f"{told.whom}, {told.told_on.isoformat()}: {told.said}" for told in found.tellings],
        "replies": [_answer(said) for said in found.replies],
        "corrections": [_answer(said) for said in found.corrections],
    }


def _answer(said: Any) -> dict[str, Any]:
    return {
        "about": said.said,
        "words": said.words,
        "not_shown_because": "" if said.shown else said.because,
        "came_on": said.came,
        "answer": said.answer,
    }
