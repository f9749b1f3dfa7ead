"""Outlines of places from GeoJSON and TopoJSON, as rounded polygons in longitude and latitude.

What does not belong here: how an outline is thinned for a map (``thinning``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from folkmoot.communities.importing.lookups import BEST_FIT, SIZE
from folkmoot.communities.importing.sheets import LARGEST_CODE, LARGEST_NAME, MOST_BYTES, Sheet, place_columns
from folkmoot.communities.importing.taken import Key, TakenPlaces
from folkmoot.communities.models import Place
from folkmoot.core.errors import BadImport

Kind = Place.Kind
PLACES = 5  # decimals of a degree: about a metre
Ring = list[list[float]]


def read_outlines(name: str, content: bytes, *, vintage: int | None = None) -> TakenPlaces:
    """Places with their outlines, and what their properties say of the larger places they lie in.

    Parts of one place that come as several features are put together. Refuses coordinates that are
    not longitude and latitude. A feature without an outline or a code is set aside.
    """
    if len(content) > MOST_BYTES:
        raise BadImport(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.", remedy="Split it.")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise BadImport(f"{name} is no GeoJSON or TopoJSON.", remedy="Nothing of it was used.") from None
    features = list(_features(document, name))
    if not features:
        raise BadImport(f"{name} holds no features.")
    fields = sorted({key for properties, _ in features for key in properties})
    cells = tuple(tuple(str(one.get(key) or "").strip() for key in fields) for one, _ in features)
    sheet = Sheet(name, tuple(fields), cells)
    columns = sorted(place_columns(sheet, vintage=vintage), key=lambda one: SIZE[one.kind])
    if not columns:
        raise BadImport(
            f"{name} names no place: none of its properties ({', '.join(fields) or 'there are none'}) is a code.",
            remedy="A property should be called like ward22_code or LSOA21CD.",
        )
    taken = TakenPlaces(name, read=len(features))
    own = columns[0]
    parts: Counter[Key] = Counter()
    for number, (row, (_, geometry)) in enumerate(zip(cells, features, strict=True), start=1):
        code = row[own.code]
        if not code or len(code) > LARGEST_CODE:
            taken.leave(number, f"it has no code under “{fields[own.code]}”")
            continue
        polygons = _polygons(geometry, name, number)
        if not polygons:
            taken.leave(number, "it has no outline")
            continue
        key = (own.kind, code, own.vintage)
        known = taken.outlines.setdefault(key, {"type": "MultiPolygon", "coordinates": []})
        known["coordinates"] += polygons
        parts[key] += 1
        taken.used += 1
        for one in columns:
            if row[one.code] and len(row[one.code]) <= LARGEST_CODE:
                larger = (one.kind, row[one.code], one.vintage)
                said = row[one.name][:LARGEST_NAME] if one.name is not None else ""
                taken.names[larger] = taken.names.get(larger) or said
                if larger != key:
                    taken.lies[key, larger] = (own.kind, one.kind) in BEST_FIT
    _say(taken, parts, [fields[n] for n, _ in enumerate(fields)], columns)
    return taken


def _say(taken: TakenPlaces, parts: Counter[Key], fields: list[str], columns: list[Any]) -> None:
    for key, number in parts.items():
        if number > 1:
            taken.notes.append(
                f"{key[1]} ({taken.names[key]}) comes in {number} parts, which were put together: "
                "it is one place."
            )
    several: dict[tuple[Key, str], list[tuple[Key, Key]]] = {}
    for small, large in taken.lies:
        several.setdefault((small, large[0]), []).append((small, large))
    for pairs in several.values():
        if len(pairs) > 1:
            for pair in pairs:
                del taken.lies[pair]
    used = {position for one in columns for position in (one.code, one.name) if position is not None}
    unused = [label for position, label in enumerate(fields) if position not in used]
    if unused:
        taken.notes.append(
            f"Not used: {', '.join(unused)}. A name without its code and year may be another area."
        )


def _features(document: Any, name: str) -> Iterator[tuple[dict[str, Any], Any]]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        for one in document.get("features") or []:
            yield dict(one.get("properties") or {}), one.get("geometry")
    elif kind == "Topology":
        yield from _topology(document, name)
    else:
        raise BadImport(f"{name} is no GeoJSON or TopoJSON collection of features.")


def _topology(document: dict[str, Any], name: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """TopoJSON: arcs are shared between neighbours, and may be kept as steps on a grid."""
    try:
        transform = document.get("transform")
        arcs = [_arc(arc, transform) for arc in document["arcs"]]
        for layer in document["objects"].values():
            for one in layer.get("geometries", [layer]):
                rings = {"Polygon": [one.get("arcs")], "MultiPolygon": one.get("arcs")}.get(one.get("type"))
                polygons = [[_ring(ring, arcs) for ring in polygon] for polygon in rings or []]
                geometry = {"type": "MultiPolygon", "coordinates": polygons} if rings else None
                yield dict(one.get("properties") or {}), geometry
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise BadImport(f"{name} is broken TopoJSON: its arcs do not fit together.") from None


def _arc(arc: list[list[float]], transform: dict[str, list[float]] | None) -> Ring:
    if not transform:
        return [[float(x), float(y)] for x, y, *_ in arc]
    (scale_x, scale_y), (left, low) = transform["scale"], transform["translate"]
    x = y = 0.0
    found = []
    for step_x, step_y, *_ in arc:
        x, y = x + step_x, y + step_y
        found.append([x * scale_x + left, y * scale_y + low])
    return found


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        # an arc begins where the one before it ended
        ring += arc[1:] if ring else arc
    return ring


def _polygons(geometry: Any, name: str, number: int) -> list[list[Ring]]:
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return []
    try:
        given = geometry["coordinates"]
        polygons = [given] if geometry["type"] == "Polygon" else given
        found = [[_rounded(ring) for ring in polygon] for polygon in polygons]
    except (KeyError, TypeError, ValueError):
        raise BadImport(
            f"{name}: the outline of feature {number} is broken.", remedy="Nothing was used."
        ) from None
    for polygon in found:
        for ring in polygon:
            for x, y in ring:
                if not (-180 <= x <= 180 and -90 <= y <= 90):
                    raise BadImport(
                        f"{name}: the outline of feature {number} is not in longitude and latitude"
                        + (" but looks like the National Grid." if x > 1000 else "."),
                        remedy="Download it as WGS 84 (EPSG 4326); nothing was used.",
                    )
    return [
        [ring for ring in polygon if len(ring) >= 4] for polygon in found if polygon and len(polygon[0]) >= 4
    ]


def _rounded(ring: Any) -> Ring:
    found: Ring = []
    for x, y, *_ in ring:
        point = [round(float(x), PLACES), round(float(y), PLACES)]
        if not found or point != found[-1]:
            found.append(point)
    return found


def box_of(geometry: dict[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east and north of an outline."""
    points = [point for polygon in geometry["coordinates"] for ring in polygon for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
