"""What the API says, field by field. Every number carries its unit; there is no number to rank by.

What does not belong here: who may see a row (``visible_to``, the consent gate) or reading rows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


def number(unit: str, **options: Any) -> Any:
    """A numeric field with its unit, which the schema prints and a test checks."""
    return Field(..., description=unit, json_schema_extra={"x-unit": unit}, **options)


IDENTIFIER = "identifier"


class PlaceOut(Schema):
    organisation: str
    role: str


class MeOut(Schema):
    """Who is signed in here, and where they belong."""

    name: str
    organisations: list[PlaceOut]
    teams: list[str]


class OrganisationOut(Schema):
    slug: str
    name: str
    kind: str
    about: str


class AimOut(Schema):
    code: str
    name: str
    benefit: str
    explanation: str


class ObjectiveOut(Schema):
    id: int = number(IDENTIFIER)
    title: str
    organisation: str
    aim: str
    who: str
    what_change: str
    by_when: date
    how_known: str
    benefits: str
    state: str
    url: str


class StepOut(Schema):
    assumption: int = number(IDENTIFIER)
    position: int = number("place in the chain, from 1")
    own_words: str


class MechanismOut(Schema):
    id: int = number(IDENTIFIER)
    code: str
    name: str
    owner: str
    summary: str
    aims: list[str]
    objective: int | None = number(IDENTIFIER)
    steps: list[StepOut]
    url: str


class HeldOut(Schema):
    """Who holds it. It says who, not how common it is, and it is never added to the tests."""

    interviews_asserting: int = number("interviews that hold it")
    interviews_challenging: int = number("interviews that question it")
    documents_asserting: int = number("documents that hold it")
    documents_challenging: int = number("documents that question it")
    readings_disputed: int = number("readings that the person disputes")


class StandingOut(Schema):
    """A word reached by the stated rules, with the row that gave it. There is no number behind it and no order."""

    scope: str
    word: str
    leaning: str
    row: str
    sentence: str
    rules_version: str
    tests_for: int = number("independent tests for it that count")
    tests_against: int = number("independent tests against it that count, failed clues among them")
    tests_without_effect: int = number("independent tests that count and found no effect")
    nearest: str
    held_by: HeldOut


class AssumptionOut(Schema):
    id: int = number(IDENTIFIER)
    code: str
    cause: str
    effect: str
    population: str
    horizon: str
    horizon_days: int | None = number("days after the activity")
    smallest_change: str
    owner: str
    standings: list[StandingOut]
    url: str


class ReadingOut(Schema):
    """What one study says of an assumption, in one scope."""

    study: int = number(IDENTIFIER)
    name: str
    reading: str
    counts: bool
    why_not: str
    level: int = number("Maryland level for this assumption, 0 to 5")
    population: str
    outcome: str
    horizon: str
    distance: str


class EvidenceOut(Schema):
    """Both sides, side by side, with what comes near and counts for no link."""

    scope: str
    for_it: list[ReadingOut]
    against_it: list[ReadingOut]
    no_effect: list[ReadingOut]
    without_mechanism: list[ReadingOut]
    spans: list[ReadingOut]
    silent: list[ReadingOut]
    nearest: list[ReadingOut]


class AssumptionDetailOut(AssumptionOut):
    evidence: list[EvidenceOut]


class MarkOut(Schema):
    factor: str
    sign: str
    horizon: str
    horizon_days: int | None = number("days after the activity")
    population: str
    outcome: str
    in_conflict: bool


class StudyOut(Schema):
    id: int = number(IDENTIFIER)
    key: str
    authors: str
    year: int | None = number("year of publication")
    title: str
    title_verified: bool
    kind: str
    design: str
    setting: str
    country: str
    level_low: int = number("Maryland level, lower end, 0 to 5")
    level_high: int = number("Maryland level, upper end, 0 to 5")
    read: str
    not_verified: bool
    recruitment: str
    missing_people: str
    conflict: str
    retracted_on: date | None
    owner: str
    url: str


class StudyDetailOut(StudyOut):
    marks: list[MarkOut]
    pools: list[str]


class SourceOut(Schema):
    """A source of one's own team or organisation; others' sources are not listed."""

    id: int = number(IDENTIFIER)
    kind: str
    title: str
    owner: str
    consent: str
    state: str
    names_reviewed: bool
    recruitment: str
    missing_people: str
    url: str


class ClaimOut(Schema):
    """A reading of a passage. Its words go as far as consent goes, and ``status`` says how far that is."""

    id: int = number(IDENTIFIER)
    cause: str | None
    effect: str | None
    stance: str
    modality: str
    claimant_role: str | None
    state: str
    assumption: int | None = number(IDENTIFIER)
    words: str | None
    status: str
    source: str


class EditionOut(Schema):
    briefing: str
    edition: int = number("edition")
    state: str
    published_at: datetime | None
    fingerprint: str
    url: str


class Page(Schema):
    """``next`` is the address of what follows; None at the end."""

    next: str | None


class Organisations(Page):
    items: list[OrganisationOut]


class Objectives(Page):
    items: list[ObjectiveOut]


class Mechanisms(Page):
    items: list[MechanismOut]


class Assumptions(Page):
    items: list[AssumptionOut]


class Studies(Page):
    items: list[StudyOut]


class Sources(Page):
    items: list[SourceOut]


class Claims(Page):
    items: list[ClaimOut]


class Editions(Page):
    items: list[EditionOut]
