"""What an import of counts would do, worked out before anything is written; refuses a list that cannot be true.

What does not belong here: reading files (``importing``), writing (``actions``), places (``planning``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from folkmoot.communities.importing.counted import Table, TakenCounts
from folkmoot.communities.importing.known import KnownCharacteristic, recognised
from folkmoot.communities.importing.plausible import check_list, force_name, force_sizes
from folkmoot.communities.models import Import, Place, Population, PopulationCount
from folkmoot.communities.planning import places_known
from folkmoot.communities.queries.people import living_in_each
from folkmoot.core.errors import BadImport
from folkmoot.organisations.models import Organisation

CENSUS_DAY = date(2021, 3, 21)
CENSUS_NAME = re.compile(r"census[ _-]?(20)?21|\bts\d{3}\b|^rm\d{3}\b", re.I)
CENSUS_SOURCE = "Census 2021, Office for National Statistics. Open Government Licence v3."
# the office says that it disturbs cells and not by how much; tables of one area agree within 3 for each cell
CENSUS_OFF_BY = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What whoever brings a list in says of it, where the file does not."""

    source: str = ""
    counted_on: date | None = None
    off_by: int | None = None
    vintage: int | None = None
    read_as: int | None = None
    characteristic: str = ""
    special: bool = False


@dataclass(frozen=True, slots=True)
class TablePlan:
    """One population to be stored. ``by`` None: everybody."""

    title: str
    by: KnownCharacteristic | None
    counts: Mapping[int, Mapping[str, int]]  # place's id → category → people
    own: bool = False  # a characteristic of the owner's own, not the library's


@dataclass(slots=True)
class CountPlan:
    taken: TakenCounts
    owner: Organisation | None
    source: str
    counted_on: date
    off_by: int
    kind: str
    vintage: int
    tables: list[TablePlan] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return sum(len(one) for table in self.tables for one in table.counts.values())

    @property
    def sentences(self) -> list[str]:
        """What would happen, in the order in which it matters."""
        exact = f"each count may be off by {self.off_by}" if self.off_by else "taken as exact"
        return [
            f"“{table.title}” would be added: {len(table.counts):,} places "
            f"({Place.Kind(self.kind).label}, {self.vintage or 'no year'}), on {self.counted_on:%d %B %Y}, {exact}."
            for table in self.tables
        ]


def plan_counts(taken: TakenCounts, *, said: Said, owner: Organisation | None, by: Any) -> CountPlan:
    """What would be stored for this owner (None: the network). Refuses what cannot be true."""
    census = bool(CENSUS_NAME.search(taken.filename))
    counted_on = said.counted_on or (CENSUS_DAY if census else None)
    _refuse_impossible_forces(taken)
    ids, kind, vintage = _places(taken, said=said, owner=owner)
    if counted_on is None:
        raise BadImport(f"{taken.filename} does not say when people were counted.", remedy="Name the day.")
    if counted_on > date.today():
        raise BadImport("People cannot have been counted on a day to come.")
    source = said.source.strip() or (CENSUS_SOURCE if census else "")
    if not source:
        raise BadImport(
            f"{taken.filename} does not say who published it.", remedy="Name the source and its licence."
        )
    off_by = said.off_by if said.off_by is not None else (CENSUS_OFF_BY if census else 0)
    plan = CountPlan(taken, owner, source, counted_on, off_by, kind, vintage)
    for table in taken.tables:
        plan.tables.append(_table_plan(table, taken, ids, said, owner))
    _refuse_doubles(plan)
    _compare(plan, ids, by=by)
    if off_by:
        plan.notes.append(
            f"The publisher disturbs its counts: none is exact. Each is taken as up to {off_by} off, and a sum of "
            "counts as up to that for each of them."
        )
    return plan


def _places(taken: TakenCounts, *, said: Said, owner: Organisation | None) -> tuple[dict[str, int], str, int]:
    """The id of each place of the file that is known; rows of the others are set aside."""
    if taken.columns is None:
        ids, kind, vintage = _forces_by_name(taken, said=said, owner=owner)
    else:
        kind, vintage = taken.columns.kind, said.read_as or taken.columns.vintage
        stored = places_known([(kind, vintage)], owner=owner)
        ids = {code: stored[kind, code, vintage].pk for code in taken.rows if (kind, code, vintage) in stored}
        if vintage != taken.columns.vintage:
            taken.notes.append(
                f"Codes of {taken.columns.vintage} were read as of {vintage}, because you said so."
            )
    missing = [code for code in taken.rows if code not in ids]
    word = Place.Kind(kind).label
    if not ids:
        raise BadImport(
            f"none of the {len(missing):,} places of {taken.filename} is known here as {word} of {vintage or 'any year'}.",
            remedy="Bring in a lookup or outlines of that year first, or say of which year the codes are to be read.",
        )
    for code in missing:
        for row in taken.rows[code]:
            taken.set_aside.append((row, f"no {word} of {vintage} with its code is known here"))
            taken.used -= 1
    if missing:
        taken.notes.append(
            f"{len(missing):,} places are not known here and were left out, such as {missing[0]}."
        )
    return ids, kind, vintage


def _forces_by_name(
    taken: TakenCounts, *, said: Said, owner: Organisation | None
) -> tuple[dict[str, int], str, int]:
    """Only forces may come by name: there are few, and their names do not move from one to another."""
    if not any(force_name(name) in force_sizes() for name in taken.rows):
        raise BadImport(
            f"{taken.filename} has names and no codes, and a name may stand for several places.",
            remedy="Bring in a list with codes.",
        )
    kind = Place.Kind.FORCE
    years = Place.objects.filter(kind=kind).order_by("-vintage").values_list("vintage", flat=True)
    vintage = said.read_as or said.vintage or years.first() or 0
    stored = {force_name(one.name): one.pk for one in places_known([(kind, vintage)], owner=owner).values()}
    found = {name: stored[force_name(name)] for name in taken.rows if force_name(name) in stored}
    taken.notes.append("The list has no codes: forces were found by their names.")
    return found, kind, vintage


def _refuse_impossible_forces(taken: TakenCounts) -> None:
    """A list of forces is held against what everybody can look up, even where nothing is stored yet."""
    if taken.columns is not None and taken.columns.kind != Place.Kind.FORCE:
        return
    for table in taken.tables:
        totals = {force_name(place): sum(counts.values()) for place, counts in table.counts.items()}
        check_list(totals, order=list(totals), known=force_sizes(), known_as="the census of 2021")


def _table_plan(
    table: Table, taken: TakenCounts, ids: dict[str, int], said: Said, owner: Organisation | None
) -> TablePlan:
    counts = {ids[place]: cells for place, cells in table.counts.items() if place in ids}
    if not table.categories:
        return TablePlan("Everybody", None, counts)
    known = recognised(table.categories)
    if known is not None:
        proper = {name.casefold(): name for name in known.categories}
        worded = {
            pk: {proper[name.casefold()]: people for name, people in cells.items()}
            for pk, cells in counts.items()
        }
        return TablePlan(known.name, known, worded)
    name = said.characteristic.strip()
    if not name and table.about:
        name = f"{table.about[:1].upper()}{table.about[1:]}, in the words of {taken.filename}"
    if not name:
        raise BadImport(
            f"{taken.filename} counts by something that is not known here ({', '.join(table.categories[:4])} …).",
            remedy="Say what people are counted by, and whether it is a special category in data protection law.",
        )
    if len(table.categories) > 60 or any(len(one) > 120 for one in table.categories):
        raise BadImport(f"{taken.filename} has more, or longer, categories than a table of people has.")
    code = re.sub(r"[^a-z0-9]+", "-", f"{owner.slug if owner else 'network'} {name}".lower()).strip("-")[:60]
    return TablePlan(
        name, KnownCharacteristic(code, name[:120], table.categories, said.special), counts, own=True
    )


def _refuse_doubles(plan: CountPlan) -> None:
    same = Population.objects.filter(
        organisation=plan.owner,
        counted_on=plan.counted_on,
        place_kind=plan.kind,
        place_vintage=plan.vintage,
    )
    for table in plan.tables:
        by = Q(characteristic__code=table.by.code) if table.by else Q(characteristic=None)
        places = list(table.counts)
        known = same.filter(by, counts__place_id__in=places).distinct().first()
        if known is not None:
            raise BadImport(
                f"“{known.title}” of that day is here already for these places.",
                remedy="Nothing was used: two tables of the same would count everybody twice.",
            )


def _compare(plan: CountPlan, ids: dict[str, int], *, by: Any) -> None:
    """Hold each table against what is known of the same places; say so where nothing is."""
    _, living = living_in_each(ids.values(), characteristic=None, viewer=by)
    known = {place: found[None].people for place, found in living.items()}
    codes = {pk: code for code, pk in ids.items()}
    told = {codes[pk]: people for pk, people in known.items()}
    said = []
    for table in plan.tables:
        totals = {codes[pk]: sum(cells.values()) for pk, cells in table.counts.items()}
        said.append(check_list(totals, order=list(ids), known=told, known_as="counts that are here"))
        _differences(plan, table)
    if any(said):
        plan.notes += list(dict.fromkeys(one for one in said if one))
    elif plan.kind == Place.Kind.FORCE:
        plan.notes.append("Compared with the census of 2021: no force is out of proportion.")
    else:
        plan.notes.append(
            "No other counts of these places are here, so nobody could see whether this list is shifted by a row. "
            "The next one will be held against it."
        )


def _differences(plan: CountPlan, table: TablePlan) -> None:
    """How often the totals of two tables of one day differ: what the disturbance looks like."""
    others = Population.objects.filter(
        _shared_or_own(plan.owner),
        counted_on=plan.counted_on,
        place_kind=plan.kind,
        place_vintage=plan.vintage,
    )
    for other in others.order_by("id")[:4]:
        rows = PopulationCount.objects.filter(population=other).values_list("place_id")
        totals = dict(rows.annotate(all=Sum("people")).order_by())
        both = [(sum(table.counts[pk].values()), totals[pk]) for pk in table.counts if pk in totals]
        off = [abs(one - two) for one, two in both if one != two]
        # another population base (people of 16 and over) differs everywhere; that is no disturbance
        if both and off and max(off) <= 40:
            plan.notes.append(
                f"The totals of “{table.title}” and “{other.title}” differ in {len(off):,} of {len(both):,} places "
                f"({len(off) / len(both):.0%}), by up to {max(off)}: their cells were disturbed one by one."
            )


def _shared_or_own(owner: Organisation | None) -> Q:
    shared = Q(organisation=None, team=None)
    return shared | Q(organisation=owner) if owner is not None else shared


def already_here(sha256: str, *, owner: Organisation | None) -> Import | None:
    """The import by which this owner has the same file, if there is one."""
    found: Import | None = Import.objects.filter(sha256=sha256, organisation=owner, team=None).first()
    return found
