"""Counts of people as a page may print them: disturbed ones as ranges, an owner's exact ones protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from folkmoot.communities.models import Category, Population
from folkmoot.communities.queries.people import Counted, LivingHere
from folkmoot.core.disclosure.published import published_count, published_special
from folkmoot.organisations.visibility import Access


@dataclass(frozen=True, slots=True)
class Row:
    """One category with its count and its share in words."""

    name: str
    people: str
    share: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one table says of a place: rows in the order of the categories, and sentences on its limits."""

    population: Population
    everybody: str
    rows: tuple[Row, ...]
    limits: tuple[str, ...]


def is_inside(population: Population, access: Access) -> bool:
    """Does this person belong to the owner of a table?"""
    return population.organisation_id in access.organisations or population.team_id in access.teams


def in_words(counted: Counted, *, population: Population, of: int, inside: bool) -> str:
    """A count as it may be shown.

    A count that the publisher disturbed is a range where the range matters; what an organisation counted
    itself is protected as its own small numbers are; other published counts stay as published.
    """
    if population.perturbed_by:
        off = counted.high - counted.people
        if counted.people <= off:
            span = f"{counted.low:,} to {counted.high:,}"
            # one cell: only the range is known; a sum of many is better than its outer ends
            return span if off == population.perturbed_by else f"{counted.people:,} ({span})"
        return f"{counted.people:,}"
    if population.is_network:
        return f"{counted.people:,}"
    special = population.characteristic is not None and population.characteristic.special
    if special:
        return str(published_special(counted.people, of=max(of, counted.people), public=not inside))
    return str(published_count(counted.people, public=not inside))


def told(here: LivingHere, *, names: Mapping[int, Category], inside: bool) -> Told | None:
    """One reading of a place for its page; None where no table covers it."""
    table = here.population
    if table is None or here.everybody is None:
        return None
    everybody = here.everybody.people
    rows = []
    ordered = sorted(
        here.by_category, key=lambda key: (names[key].position, key) if key in names else (999, key)
    )
    for key in ordered:
        counted = here.by_category[key]
        words = in_words(counted, population=table, of=everybody, inside=inside)
        exact = words == f"{counted.people:,}" and everybody
        share = f"{counted.people / everybody:.1%}" if exact else "–"
        rows.append(Row(names[key].name if key in names else "", words, share))
    return Told(
        table,
        in_words(here.everybody, population=table, of=everybody, inside=inside),
        tuple(rows),
        tuple(limits(here)),
    )


def limits(here: LivingHere) -> list[str]:
    """What has to be known before a count is used."""
    table = here.population
    if table is None:
        return []
    found = []
    if here.cells > 1:
        found.append(f"Added up from {here.cells:,} smaller places of the table.")
    if here.best_fit:
        found.append("The smaller places lie mostly, not wholly, inside: a few people live across the line.")
    if table.perturbed_by:
        least, most = (here.everybody.low, here.everybody.high) if here.everybody else (0, 0)
        found.append(
            f"The publisher disturbs each count before publication; taken as up to {table.perturbed_by} off for each. "
            f"The total lies between {least:,} and {most:,}, and small counts are shown as a range."
        )
    return found
