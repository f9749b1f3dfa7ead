"""Published series: a file brought in with its faults named; events and breaks declared by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.communities.models import Place
from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by, owner_of
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible
from folkmoot.sources.storage import digest_of, writing
from folkmoot.surveys import storing
from folkmoot.surveys.limits import require_owner, require_reach
from folkmoot.surveys.models import (
    Indicator,
    Series,
    SeriesArea,
    SeriesEvent,
    SeriesImport,
    SeriesValue,
)
from folkmoot.surveys.reading.faults import Judged, alike, judged
from folkmoot.surveys.reading.laying import REASONS_LISTED
from folkmoot.surveys.reading.series import Figure, PublishedFile, plain_name

DETAILS = ("title", "publisher", "covers", "rolling", "indicator", "visibility")
KINDS = (
    Place.Kind.DISTRICT,
    Place.Kind.FORCE,
    Place.Kind.WARD,
    Place.Kind.MSOA,
    Place.Kind.LSOA,
    Place.Kind.BEAT,
)


@action
def bring_in_series(
    found: PublishedFile,
    *,
    content: bytes,
    publisher: str,
    owner: Owner | None,
    visibility: str,
    by: User,
) -> SeriesImport:
    """Store a published file: each measure a series. A series of that name grows, and what was revised is said."""
    whose = require_owner(owner)
    require_edit_for(by, **ids_of(whose))
    require_reach(whose, visibility)
    if not publisher.strip():
        raise FolkmootError("Say who published the figures, and under what licence.")
    sha256 = digest_of(content)
    columns = owned_by(whose)
    if SeriesImport.objects.filter(sha256=sha256, **columns).exists():
        raise BadImport(f"{found.name} has been brought in already.")
    kept_as = storing.place_of(whose, sha256)
    with writing():
        storing.write(kept_as, content)
        imported: SeriesImport = SeriesImport.objects.create(
            filename=found.name[:255],
            sha256=sha256,
            size=len(content),
            kept_as=kept_as,
            publisher=publisher.strip(),
            read=found.read,
            used=found.used,
            set_aside=found.set_aside[:REASONS_LISTED],
            faults=found.faults,
            visibility=visibility,
            **columns,
            **made(by),
        )
        places = _places(by)
        days = [one.period for one in found.figures]
        each = {
            measure: [one for one in found.figures if one.measure == measure] for measure in found.measures
        }
        told = alike([judged(one, others_begin=min(days), others_end=max(days)) for one in each.values()])
        for (measure, figures), verdict in zip(each.items(), told, strict=True):
            whole = [one for one in found.whole if one.measure == measure]
            _store(imported, measure, figures, whole, told=verdict, places=places, by=by)
    record(
        "brought in published series",
        by=by,
        on=imported,
        read=found.read,
        used=found.used,
        series=len(found.measures),
    )
    return imported


def _store(
    imported: SeriesImport,
    measure: str,
    figures: Sequence[Figure],
    whole: Sequence[Figure],
    *,
    told: Judged,
    places: dict[str, list[tuple[int, str]]],
    by: User,
) -> None:
    owner = {"organisation": imported.organisation, "team": imported.team}
    faults = [*told.faults, *imported.faults]
    series = Series.objects.filter(title=measure[:200], **owner).first()
    if series is None:
        series = Series(title=measure[:200], visibility=imported.visibility, **owner, **made(by))
    series.publisher, series.imported = imported.publisher, imported
    series.scale, series.months, series.rolling = told.scale, told.months, told.rolling
    series.covers, series.suspected = told.covers, list(told.suspected)
    series.save()
    areas = {one.name: one for one in series.areas.all()}
    fresh = []
    for place, (name, is_whole) in enumerate(
        [
            *((one, False) for one in dict.fromkeys(f.area for f in figures)),
            *((one, True) for one in dict.fromkeys(f.area for f in whole)),
        ]
    ):
        if name in areas:
            continue
        near = [] if is_whole else places.get(plain_name(name), [])
        tied = near[0] if len(near) == 1 else None
        if tied and tied[1] != name:
            faults.append(f"“{name}” is the place “{tied[1]}”.")
        fresh.append(
            SeriesArea(
                series=series, name=name, place_id=tied[0] if tied else None, whole=is_whole, position=place
            )
        )
    SeriesArea.objects.bulk_create(fresh, batch_size=500)
    areas |= {one.name: one for one in series.areas.all()}
    revised = _figures(series, areas, [*figures, *whole])
    if revised:
        faults.append(f"{revised:,} figures published before were given otherwise in {imported.filename}.")
    series.faults = faults
    series.save(update_fields=["faults"])


def _figures(series: Series, areas: dict[str, SeriesArea], figures: Sequence[Figure]) -> int:
    """Write the figures of a series; gives how many that were there before have changed."""
    known = {
        (row[1], row[2]): (row[0], row[3])
        for row in SeriesValue.objects.filter(area__series=series).values_list(
            "pk", "area_id", "period", "value"
        )
    }
    fresh, changed = [], []
    for one in figures:
        area = areas[one.area]
        before = known.get((area.pk, one.period))
        row = SeriesValue(area=area, period=one.period, value=one.value, n=one.n, low=one.low, high=one.high)
        if before is None:
            fresh.append(row)
        elif before[1] != one.value:
            row.pk = before[0]
            changed.append(row)
    SeriesValue.objects.bulk_create(fresh, batch_size=2_000)
    SeriesValue.objects.bulk_update(changed, ["value", "n", "low", "high"], batch_size=500)
    return len(changed)


def _places(by: User) -> dict[str, list[tuple[int, str]]]:
    """Places in use that this person sees, by plain name; a name that several kinds bear is the widest's."""
    found: dict[str, list[tuple[int, str]]] = {}
    rows = Place.objects.filter(visible(by), ended_on=None, kind__in=KINDS).values_list("pk", "name", "kind")
    by_kind: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for pk, name, kind in rows:
        by_kind[kind][plain_name(name)].append((pk, name))
    for kind in reversed(KINDS):
        found.update(by_kind[kind])
    return found


@action
def revise_series(series: Series, *, expected: int, by: User, **details: Any) -> Series:
    """Change what is said of a series: never its figures. An output is a series like any other, and stays one."""
    require_edit(by, series)
    unknown = sorted(set(details) - set(DETAILS))
    if unknown:
        raise TypeError(f"a series has no {', '.join(unknown)}")
    if "visibility" in details:
        require_reach(series.organisation or series.team, details["visibility"])
    indicator = details.get("indicator")
    if indicator is not None and not Indicator.objects.filter(visible(by), pk=indicator.pk).exists():
        raise FolkmootError("There is no such indicator.")
    for name, value in details.items():
        setattr(series, name, value)
    if not series.title.strip():
        raise FolkmootError("A series needs a title.")
    if not 0 <= series.covers <= 120:
        raise FolkmootError("A figure covers between 0 and 120 months.")
    save_version(series, expected=expected, by=by)
    record("revised a series", by=by, on=series, changed=sorted(details))
    return series


@action
def declare_event(
    series: Series, *, kind: str, on: date, what: str, area: SeriesArea | None = None, by: User
) -> SeriesEvent:
    """Say what happened on a day, or that from that day on the measure is another one."""
    require_edit(by, series)
    if kind not in SeriesEvent.Kind.values:
        raise FolkmootError("Say whether something happened or the measure itself changed.")
    if not what.strip():
        raise FolkmootError("Say what happened, or what changed in the measure.")
    if area is not None and area.series_id != series.pk:
        raise FolkmootError("That area is not in this series.")
    if not date(1900, 1, 1) <= on <= date(2100, 1, 1):
        raise FolkmootError("Give the day.")
    event: SeriesEvent = SeriesEvent.objects.create(
        series=series, kind=kind, on=on, what=what.strip()[:300], area=area, **made(by)
    )
    record("declared a break" if kind == "break" else "noted an event", by=by, on=event, **owner_of(series))
    return event


@action
def remove_event(event: SeriesEvent, *, by: User) -> None:
    """Take back an event or a break that was noted by mistake; the log keeps that it stood there."""
    require_edit(by, event.series)
    record("took back an event", by=by, on=event, words=event.what, **owner_of(event.series))
    event.delete()
