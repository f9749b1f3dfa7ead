"""Storing a file of places or of counts, as planned: all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

from folkmoot.audit.actions import Actor, action, made, record
from folkmoot.communities.counting import CountPlan, Said, TablePlan, already_here, plan_counts
from folkmoot.communities.importing.counted import read_counts
from folkmoot.communities.importing.known import KnownCharacteristic, known_characteristics
from folkmoot.communities.importing.outlines import box_of
from folkmoot.communities.models import (
    Boundary,
    Category,
    Characteristic,
    Import,
    Lies,
    Place,
    Population,
    PopulationCount,
)
from folkmoot.communities.planning import PlacePlan, middle_layers, plan_places, read_places
from folkmoot.communities.policies import require_bring_in
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.ownership import owned_by

SLICE = 2_000


@action
def load_characteristics(*, by: Actor) -> list[Characteristic]:
    """The library of what people are counted by, as the network's; loading it again changes nothing."""
    found = [_library(one, position, by) for position, one in enumerate(known_characteristics())]
    record("loaded what people are counted by", by=by, on=found[0], number=len(found))
    return found


def _library(one: KnownCharacteristic, position: int, by: Actor) -> Characteristic:
    row, _ = Characteristic.objects.get_or_create(
        code=one.code,
        defaults={
            "name": one.name,
            "special": one.special,
            "position": position,
            "visibility": "public",
            **made(by),
        },
    )
    if row.organisation_id is not None or row.team_id is not None:
        raise FolkmootError(f"The code “{one.code}” is taken by {row.owner_label}.")
    _categories(row, one)
    return row


def _categories(row: Characteristic, one: KnownCharacteristic) -> dict[str, Category]:
    there = {category.name: category for category in row.categories.all()}
    for position, name in enumerate(one.categories):
        if name not in there:
            there[name] = Category.objects.create(characteristic=row, name=name, position=position)
    return there


@action
def bring_in_places(
    name: str,
    content: bytes,
    *,
    organisation: Organisation | None,
    visibility: str,
    source: str = "",
    vintage: int | None = None,
    by: User,
) -> Import:
    """Store the places, links and outlines of one file, for an organisation or (None) the network.

    Refuses the whole file where a part of it contradicts what is here.
    """
    require_bring_in(by, organisation=organisation)
    digest = _new_file(name, content, organisation)
    plan = plan_places(read_places(name, content, vintage=vintage), owner=organisation)
    taken = plan.taken
    brought = _import(
        plan.taken,
        kind=Import.Kind.BOUNDARIES if taken.outlines else Import.Kind.PLACES,
        digest=digest,
        source=source,
        notes=[*taken.notes, *plan.notes],
        organisation=organisation,
        visibility=visibility,
        by=by,
    )
    stamp = {**owned_by(organisation), "visibility": visibility, **made(by)}
    ids = dict(plan.known)
    new = (
        Place(kind=kind, code=code, vintage=vintage, name=taken.names[kind, code, vintage] or code, **stamp)
        for kind, code, vintage in plan.new
    )
    for rows in _slices(new):
        for row in Place.objects.bulk_create(rows):
            ids[row.kind, row.code, row.vintage] = row.pk
    _name_nameless(plan, ids, organisation)
    links = (
        Lies(place_id=ids[small], inside_id=ids[large], best_fit=taken.lies[small, large])
        for small, large in plan.links
    )
    for linked in _slices(links):
        Lies.objects.bulk_create(linked)
    _store_outlines(plan, ids, brought)
    added = middle_layers(organisation)
    if added.links:
        Lies.objects.bulk_create(added.links, batch_size=SLICE)
        brought.notes.append(
            f"{len(added.links):,} links of middle layer areas follow from the names of the small areas in them, "
            "of one year."
        )
        if added.open:
            brought.notes.append(
                f"{len(added.open)} larger areas ({', '.join(added.open[:5])} …) hold middle layer areas that are not "
                "in the list: nothing is added up for them, since their people would come out too few."
            )
        brought.save(update_fields=["notes"])
    record(
        "brought places in",
        by=by,
        on=brought,
        read=taken.read,
        used=taken.used,
        new=len(plan.new),
        links=len(plan.links) + len(added.links),
        outlines=len(plan.outlines),
    )
    return brought


def _name_nameless(plan: PlacePlan, ids: dict[Any, int], organisation: Organisation | None) -> None:
    """A place that came without a name (by its code) takes the one that this file has."""
    named = {ids[key]: plan.taken.names[key] for key in plan.known if plan.taken.names[key]}
    kinds = {key[0] for key in plan.known}
    for row in Place.objects.filter(kind__in=kinds, name__regex=r"^[EWSN]\d{8}$", organisation=organisation):
        if row.name == row.code and row.pk in named:
            row.name = named[row.pk]
            row.save(update_fields=["name"])


def _store_outlines(plan: PlacePlan, ids: dict[Any, int], brought: Import) -> None:
    rows = []
    for key in plan.outlines:
        geometry = plan.taken.outlines[key]
        west, south, east, north = box_of(geometry)
        rows.append(
            Boundary(
                place_id=ids[key],
                geometry=geometry,
                west=west,
                south=south,
                east=east,
                north=north,
                brought_by=brought,
            )
        )
    Boundary.objects.filter(place_id__in=[ids[key] for key in plan.outlines if key in plan.known]).delete()
    Boundary.objects.bulk_create(rows, batch_size=500)


@action
def bring_in_counts(
    name: str,
    content: bytes,
    *,
    organisation: Organisation | None,
    visibility: str,
    said: Said | None = None,
    by: User,
) -> Import:
    """Store the tables of one file as published, for an organisation or (None) the network.

    Refuses the whole file where a count cannot be true.
    """
    require_bring_in(by, organisation=organisation)
    digest = _new_file(name, content, organisation)
    said = said or Said()
    plan = plan_counts(read_counts(name, content, vintage=said.vintage), said=said, owner=organisation, by=by)
    brought = _import(
        plan.taken,
        kind=Import.Kind.POPULATION,
        digest=digest,
        source=plan.source,
        notes=[*plan.taken.notes, *plan.notes],
        organisation=organisation,
        visibility=visibility,
        by=by,
    )
    for table in plan.tables:
        _store_table(plan, table, brought, by)
    record(
        "brought counts of people in",
        by=by,
        on=brought,
        read=plan.taken.read,
        used=plan.taken.used,
        tables=[table.title for table in plan.tables],
        cells=plan.cells,
    )
    return brought


def _store_table(plan: CountPlan, table: TablePlan, brought: Import, by: User) -> None:
    characteristic, categories = None, {}
    if table.by is not None:
        if table.own:
            characteristic, _ = Characteristic.objects.get_or_create(
                code=table.by.code,
                defaults={
                    "name": table.by.name,
                    "special": table.by.special,
                    "position": 100,
                    "visibility": brought.visibility,
                    **owned_by(plan.owner),
                    **made(by),
                },
            )
            if characteristic.organisation_id != (plan.owner.pk if plan.owner else None):
                raise FolkmootError("Another owner counts by something of this name: choose another name.")
            categories = _categories(characteristic, table.by)
        else:
            listed = [one.code for one in known_characteristics()]
            characteristic = _library(table.by, listed.index(table.by.code), by)
            categories = {one.name: one for one in characteristic.categories.all()}
    population = Population.objects.create(
        title=f"{table.title}, {plan.counted_on.year}"[:200],
        characteristic=characteristic,
        source=plan.source[:300],
        counted_on=plan.counted_on,
        place_kind=plan.kind,
        place_vintage=plan.vintage,
        perturbed_by=plan.off_by,
        brought_by=brought,
        visibility=brought.visibility,
        **owned_by(plan.owner),
        **made(by),
    )
    rows = (
        PopulationCount(
            population=population, place_id=place, category=categories.get(category), people=people
        )
        for place, cells in table.counts.items()
        for category, people in cells.items()
    )
    for part in _slices(rows):
        PopulationCount.objects.bulk_create(part)


def _new_file(name: str, content: bytes, organisation: Organisation | None) -> str:
    digest = sha256(content).hexdigest()
    known = already_here(digest, owner=organisation)
    if known is not None:
        raise FolkmootError(f"{name} is here already: it was brought in on {known.created_at:%d %B %Y}.")
    return digest


def _import(
    taken: Any,
    *,
    kind: str,
    digest: str,
    source: str,
    notes: list[str],
    organisation: Organisation | None,
    visibility: str,
    by: User,
) -> Import:
    reasons = Counter(reason for _, reason in taken.set_aside).most_common(8)
    notes += [f"{number:,} rows set aside: {reason}." for reason, number in reasons]
    brought: Import = Import.objects.create(
        kind=kind,
        filename=taken.filename[:200],
        sha256=digest,
        source=source[:300],
        read=taken.read,
        used=taken.used,
        set_aside=len(taken.set_aside),
        notes=notes,
        visibility=visibility,
        **owned_by(organisation),
        **made(by),
    )
    return brought


def _slices(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(rows, SLICE)):
        yield part
