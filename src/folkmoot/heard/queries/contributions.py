"""Contributions as those of the organisation read them, and the account that must add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from folkmoot.heard.models import Contribution, ThemeMark
from folkmoot.heard.policies import organisations_read
from folkmoot.organisations.models import Organisation

NO_CONCERN, NO_THEME, SUGGESTED = "none", "none", "suggested"


@dataclass(frozen=True, slots=True)
class Account:
    """Contributions = read + set aside + open. Words taken back are in none of the three and are said apart."""

    read: int
    aside: int
    open: int
    withdrawn: int

    @property
    def all(self) -> int:
        return self.read + self.aside + self.open


@dataclass(frozen=True, slots=True)
class Filters:
    """Which contributions to list; empty means all. There is no search by words: nobody is to be found (RL4)."""

    state: str = ""
    origin: str = ""
    place: int | None = None
    initiative: int | None = None
    theme: str = ""
    concern: str = ""

    @property
    def given(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """A theme and how many contributions people gave it to; every one is listed, however small."""

    code: int
    name: str
    decided: int
    suggested: int


def contributions_for(viewer: Any) -> QuerySet[Contribution]:
    """The contributions whose words this person reads: their own organisation's, and no adviser's."""
    return Contribution.objects.filter(organisation__in=organisations_read(viewer))


def listed(viewer: Any, organisation: Organisation | None, filters: Filters) -> QuerySet[Contribution]:
    """The contributions of an organisation that fit, newest first."""
    rows = contributions_for(viewer).filter(organisation=organisation)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.origin:
        rows = rows.filter(origin=filters.origin)
    if filters.place is not None:
        rows = rows.filter(place=filters.place)
    if filters.initiative is not None:
        rows = rows.filter(initiative=filters.initiative)
    if filters.concern == NO_CONCERN:
        rows = rows.filter(said=None)
    if filters.theme == SUGGESTED:
        rows = rows.filter(theme_marks__state=ThemeMark.State.SUGGESTED).distinct()
    elif filters.theme == NO_THEME:
        rows = rows.exclude(theme_marks__state=ThemeMark.State.DECIDED)
    elif filters.theme:
        rows = rows.filter(theme_marks__code=int(filters.theme), theme_marks__state=ThemeMark.State.DECIDED)
    return rows


def shown(page: Any) -> list[Contribution]:
    """The rows of a page with their concerns and themes: three queries however many rows."""
    numbers = [one.pk for one in page.object_list]
    rows = (
        Contribution.objects.filter(pk__in=numbers)
        .select_related("place", "initiative")
        .prefetch_related("concerns", "theme_marks__code")
    )
    by_number = {one.pk: one for one in rows}
    return [by_number[number] for number in numbers if number in by_number]


def account_of(organisation: Organisation | None, *, on: Any = None) -> Account:
    """How many are read, set aside and open, over everything or over ``on`` (contributions), in one query."""
    rows = Contribution.objects.filter(organisation=organisation) if on is None else on
    counts = dict(rows.order_by().values_list("state").annotate(number=Count("pk", distinct=True)))
    return Account(
        counts.get("read", 0), counts.get("aside", 0), counts.get("open", 0), counts.get("withdrawn", 0)
    )


def theme_counts(organisation: Organisation | None) -> list[ThemeCount]:
    """Every theme in use, by name. A theme that one person spoke of stands like one that a thousand did."""
    rows = (
        ThemeMark.objects.filter(contribution__organisation=organisation)
        .order_by("code__name", "code_id")
        .values("code_id", "code__name")
        .annotate(
            decided=Count("pk", filter=Q(state=ThemeMark.State.DECIDED)),
            suggested=Count("pk", filter=Q(state=ThemeMark.State.SUGGESTED)),
        )
    )
    return [
        ThemeCount(row["code_id"], row["code__name"], row["decided"], row["suggested"])
        for row in rows
        if row["decided"] or row["suggested"]
    ]
