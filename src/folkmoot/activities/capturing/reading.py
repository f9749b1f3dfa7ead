"""One sending of a device, read by the version of its form. Every version that was ever out stays readable.

A field may be added in a new version; none is renamed, and no option means something else than it did. What does
not belong here: whether the values may be recorded (``checking``), and writing (``accept``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid as identifiers
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from folkmoot.activities.checking import Unfit
from folkmoot.core.errors import NotYet

SCHEMA = 2  # what the page sends today; 1 knew no tallies and counted people only
LARGEST = 20_000  # bytes of one sending: a remark and some tallies are far below
CLOCKS_AGREE = timedelta(minutes=2)
OLDEST = timedelta(days=400)
FIRST_YEAR, LAST_YEAR = 1, 9999
TEXTS = {"place_words": 300, "remark": 280, "level": 2, "counted": 11}
EMPTY: dict[str, Any] = {
    "initiative": None,
    "place": None,
    "place_words": "",
    "happened_on": None,
    "people": None,
    "counted": "people",
    "level": "",
    "hours": None,
    "remark": "",
    "tallies": {},
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A sending as it was read; ``happened_on`` is None where the person let the day stand."""

    schema: int
    organisation: str
    saved_at: datetime | None
    initiative: int | None
    place: int | None
    happened_on: date | None
    remark: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """The day on which it happened, and a sentence where the device's clock was not believed."""

    day: date
    note: str = ""


def fingerprint(content: Mapping[str, Any], *, identifier: identifiers.UUID) -> str:
    """Equal for equal contents under one identifier; nobody can look a remark up by it.

    Raises Unfit for what no text or number is: a database would refuse it.
    """
    try:
        plain = json.dumps(
            content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        packed = plain.encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        raise Unfit({"schema": "This holds what no form can send."}) from None
    if len(packed) > LARGEST or "\\u0000" in plain:
        raise Unfit({"schema": "This is longer than any form, or holds a character that no text has."})
    return hmac.new(identifier.bytes, packed, hashlib.sha256).hexdigest()


def kept(sent: Sent, content: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored of a sending: the fields that a form has, without the remark and without what was left out."""
    names = {*EMPTY, "organisation", "saved_at"} - {"remark"}
    return {name: content[name] for name in names if name in content} | {
        "schema": sent.schema,
        "place_words": sent.values["place_words"],
    }


def read(content: Mapping[str, Any]) -> Sent:
    """The sending, by its schema. Raises Unfit for what no form has sent, NotYet for a form newer than this server."""
    schema = content.get("schema")
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise Unfit({"schema": "This does not say by which form it was made."})
    if schema > SCHEMA:
        raise NotYet("This page is newer than the server. What you recorded is kept; it will be sent again.")
    filled = EMPTY | {name: content[name] for name in EMPTY if name in content}
    if schema == 1:
        filled |= {"tallies": {}, "counted": "people"}
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name in ("initiative", "place"):
        values[name] = _row(filled[name], name, faults)
    for name in TEXTS:
        # its length is judged where all lengths are; here only that it is a text
        if not isinstance(filled[name], str):
            faults[name] = "This is not a text."
        values[name] = filled[name]
    day = None
    if filled["happened_on"]:
        try:
            day = date.fromisoformat(str(filled["happened_on"]))
        except ValueError:
            faults["happened_on"] = "A day is written as 2026-11-23."
    if not isinstance(filled["tallies"], Mapping):
        faults["tallies"] = "People counted by group are a number for each group."
    if faults:
        raise Unfit(faults)
    values |= {name: filled[name] for name in ("people", "hours", "tallies")}
    return Sent(
        schema=schema,
        organisation=str(content.get("organisation") or ""),
        saved_at=_moment(content.get("saved_at")),
        initiative=values.pop("initiative"),
        place=values.pop("place"),
        happened_on=day,
        remark=str(values.pop("remark")),
        values=values,
    )


def happened(sent: Sent, *, sent_at: datetime | None, now: datetime) -> Moment:
    """On which day it was. A day that the person chose stands; otherwise the day of saving, by a clock put right.

    ``sent_at`` is the device's clock at the moment of sending: what it is wrong by, it was wrong by at saving. Where
    that still makes no sense (the clock was put right in between), the day of arrival is taken and the note says so.
    """
    if sent.happened_on is not None:
        return Moment(sent.happened_on)
    today = timezone.localdate(now)
    if sent.saved_at is None:
        return Moment(today)
    wrong_by = now - sent_at if sent_at is not None else timedelta()
    if abs(wrong_by) <= CLOCKS_AGREE:
        wrong_by = timedelta()
    try:
        saved = sent.saved_at + wrong_by
    except OverflowError:
        saved = now + OLDEST
    if not now - OLDEST <= saved <= now + CLOCKS_AGREE:
        return Moment(today, "The clock of your phone was wrong, so this stands under today. Check the day.")
    day = min(timezone.localdate(saved), today)
    if wrong_by and day != timezone.localdate(sent.saved_at):
        return Moment(day, f"The clock of your phone is wrong. This stands under {day:%-d %B %Y}.")
    return Moment(day)


def moment_of(text: str | None) -> datetime | None:
    """A moment as a device writes it; None for anything else."""
    return _moment(text)


def _row(value: Any, name: str, faults: dict[str, str]) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        faults[name] = f"This {name} is not known here."
        return None
    return value


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or not timezone.is_aware(found):
        return None
    # at either end of the calendar another zone's clock would run off it; wrong the clock is either way
    return found if FIRST_YEAR < found.year < LAST_YEAR else found.replace(month=6, day=15)
