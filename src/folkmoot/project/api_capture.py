"""The API's one way of writing: what a phone recorded, put under the identifier it chose.

The same policies as the pages. What does not belong here: how a sending is read and recorded (``activities.capturing``).
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import register_converter
from django.urls.converters import StringConverter
from ninja import Router, Schema
from ninja.security import SessionAuth
from pydantic import Field

from folkmoot.activities.capturing import reading
from folkmoot.activities.capturing.accept import accept
from folkmoot.activities.capturing.lists import LEVELS, SHADOWS, pick_lists
from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.at_once import person_of
from folkmoot.organisations.context import home_of
from folkmoot.project.api_schemas import IDENTIFIER, number
from folkmoot.project.api_signed import AccessToken

router = Router()


class AnyCase(StringConverter):
    """An identifier in either case: some programs write it in capitals, and it is the same."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


register_converter(AnyCase, "anyuuid")
FORM = "version of the form"


class SessionAtOnce(SessionAuth):
    """Who is signed in, read with one query: a phone sends all that waited in one go.

    Django's own way decides wherever that query alone cannot say yes.
    """

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        person = person_of(key) if key and "Authorization" not in request.headers else None
        if person is None:
            return super().authenticate(request, key)
        request.user = person
        return person


SIGNED_IN = [SessionAtOnce(), AccessToken()]


class CaptureIn(Schema):
    """What a phone sends. Versions of the form that were ever out stay accepted; options are never re-coded."""

    schema_: int = Field(..., alias="schema", description=FORM, json_schema_extra={"x-unit": FORM})
    organisation: str
    saved_at: str = Field("", description="when it was saved, by the device's clock")
    initiative: int | None = number(IDENTIFIER)
    place: int | None = number(IDENTIFIER)
    place_words: str = ""
    happened_on: date | None = Field(None, description="only where the day was chosen; else that of saving")
    people: int | None = number("people present")
    counted: str = Field("people", description="people, or attendances")
    level: str = ""
    hours: float | None = number("hours of everybody together")
    remark: str = Field("", description="280 characters; never given back by the API", max_length=280)
    tallies: dict[str, int] = Field(
        default_factory=dict,
        description="people present by category",
        json_schema_extra={"x-unit": "people present by category"},
    )


class CaptureOut(Schema):
    """What became of it. A device deletes its own copy after ``recorded`` and ``already here`` alone."""

    uuid: UUID
    outcome: str = Field(..., description="recorded, already here, differs or unfit")
    sentence: str
    activity: int | None = number(IDENTIFIER)
    happened_on: str
    faults: dict[str, str]
    left_out: str = Field(..., description="what the remark looked like, where it was not kept")
    why_left_out: str


class Refusal(Schema):
    detail: str


class PickOut(Schema):
    id: int = number(IDENTIFIER)
    name: str


class PickInitiativeOut(PickOut):
    purpose: str
    planned_level: str


class PickPlaceOut(PickOut):
    kind: str
    last_here: str
    promised: str


class PickCategoryOut(PickOut):
    characteristic: str


class LevelOut(Schema):
    value: str
    label: str


class CaptureListsOut(Schema):
    """What the capture page offers to pick from."""

    schema_: int = Field(
        ...,
        validation_alias="schema",
        serialization_alias="schema",
        description=FORM,
        json_schema_extra={"x-unit": FORM},
    )
    organisation: str
    organisation_name: str
    account: str = Field(..., description="whose lists these are: records wait for the same account")
    initiatives: list[PickInitiativeOut]
    places: list[PickPlaceOut]
    recent_places: list[int] = number(IDENTIFIER)
    categories: list[PickCategoryOut]
    levels: list[LevelOut]
    shadows: list[LevelOut]
    differ: int = number("sendings that wait for a person to pick one")


@router.put(
    "/capture/{anyuuid:uuid}",
    auth=SIGNED_IN,
    response={200: CaptureOut, 201: CaptureOut, 409: CaptureOut, 422: CaptureOut, 401: Refusal, 403: Refusal},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": CaptureIn.json_schema()}},
        }
    },
)
def put_capture(request: HttpRequest, uuid: UUID) -> Any:
    """Record it: 201 new, 200 the same again, 409 different from what came first (both kept), 422 unfit (none kept).

    401 or 403: nothing was recorded; sign in and send it again. ``Sent-At`` may carry the device's clock, ``Account``
    whose record it is.
    """
    account = request.headers.get("Account")
    if account is not None and account != str(request.user.pk):
        # a phone that changed hands: what one person saved is not sent under another's name
        return JsonResponse({"detail": "Sign in as the person who recorded this."}, status=401)
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        content = {}
    person: Any = request.user  # signed in: the guard of this address sees to it
    sent_at = reading.moment_of(request.headers.get("Sent-At"))
    answer = accept(uuid, content=content, sent_at=sent_at, by=person)
    return JsonResponse(
        {
            "uuid": str(uuid),
            "outcome": answer.outcome,
            "sentence": answer.sentence,
            "activity": answer.activity,
            "happened_on": answer.happened_on,
            "faults": answer.faults,
            "left_out": answer.left_out,
            "why_left_out": answer.why_left_out,
        },
        status=answer.status,
    )


@router.get("/capture/lists", auth=SIGNED_IN, response={200: CaptureListsOut, 403: Refusal})
def capture_lists(request: HttpRequest) -> Any:
    """Initiatives, places, levels and groups to pick from, for the organisation this account works for now."""
    home = home_of(request)
    if home is None:
        raise NotAllowed("Work is recorded by the people of the organisation that did it.")
    # a page that was open for weeks gets a fresh token with its lists
    get_token(request)
    found = pick_lists(home, viewer=request.user)
    return {
        **{name: getattr(found, name) for name in ("schema", "organisation", "organisation_name", "differ")},
        "account": found.person,
        "initiatives": found.initiatives,
        "places": found.places,
        "recent_places": list(found.recent_places),
        "categories": found.categories,
        "levels": [{"value": value, "label": label} for value, label in LEVELS],
        "shadows": [{"value": value, "label": label} for value, label in SHADOWS],
    }
