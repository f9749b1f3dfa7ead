"""The gap map: the list of assumptions as a grid, on a page and as files to take along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from folkmoot.core.standing import Word
from folkmoot.front.asked import filters_of, is_filtered, named, query_of, scopes, whose_of
from folkmoot.front.exporting.gaps import ENDINGS, MapFile, written
from folkmoot.front.queries.assumptions import Filters
from folkmoot.front.queries.gaps import ASSUMPTION, NAMES, SETTING, Cell, GapMap, Head, Row, gap_map
from folkmoot.front.queries.uses import NONE, PARTS, names_of
from folkmoot.organisations.context import instance_here
from folkmoot.organisations.models import Organisation

ROWS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell with the list that it opens."""

    number: int
    said: str
    word: str
    leaning: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as the page shows it."""

    column: str
    lines: tuple[Line, ...]
    note: str


def _map(request: HttpRequest) -> tuple[GapMap, dict[str, Any]]:
    filters, whose = filters_of(request), whose_of(request)
    down, _, across = request.GET.get("grid", "").partition("-")
    found = gap_map(
        request.user,
        filters,
        down=down,
        across=across,
        today=timezone.localdate(),
        organisation=whose,
        within=request.GET.get("within", "")[:200],
    )
    return found, {"filters": filters, "whose": whose, **scopes(request)}


@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """The grid with its empty cells; each line of a cell opens the list behind it."""
    found, context = _map(request)
    filters, whose = context["filters"], context["whose"]
    page = Paginator(found.rows, ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    within = query.get("within", "")
    query["scope"] = filters.scope

    address = _addresses(filters, whose, found)

    def shown(row: Row, cell: Cell) -> Shown:
        lines = tuple(
            Line(one.number, one.said, one.word, one.leaning, _url(found, row, one.asked, address))
            for one in cell.entries
        )
        return Shown(cell.column.name, lines, cell.note)

    context |= {
        "map": found,
        "page": page,
        "countries": _countries(found, query) if found.down == ASSUMPTION else (),
        "heads": [(one.name, address({found.across: one.key})) for one in found.columns],
        "rows": [
            (
                row.head,
                _row_url(found, row.head, address),
                [shown(row, cell) for cell in row.cells],
                row.empty,
            )
            for row in page
        ],
        "kinds": _kinds(found),
        "choices": _choices(request, filters.parts),
        "named": [one for one in named(request, filters) if one[0] in ("setting", "leaning")],
        "filtered": is_filtered(filters),
        "within": within,
        "words": [word.value for word in Word],
        "all_settings": reverse("gap_map") + "?" + urlencode({"grid": f"{ASSUMPTION}-{SETTING}"}),
        "files": [
            (ending, f"{reverse('gap_map_file', args=[ending])}?{query.urlencode()}", label)
            for ending, label in ENDINGS.items()
        ],
        "section": "assumptions",
    }
    return render(request, "front/gaps.html", context)


Address = Callable[[Mapping[str, str]], str]


def _addresses(filters: Filters, whose: Organisation | None, found: GapMap) -> Address:
    """The list of assumptions under these filters and what a place on the map asks besides. A map has thousands."""
    parts = {found.down, found.across, "standing", "leaning"}
    kept = query_of(filters, whose=whose)
    path = reverse("assumptions")
    rest = urlencode({name: value for name, value in kept.items() if name not in parts})

    def address(asked: Mapping[str, str]) -> str:
        own = {name: kept[name] for name in parts & kept.keys()} | dict(asked)
        return f"{path}?{'&'.join(f'{name}={quote(value)}' for name, value in own.items())}&{rest}"

    return address


def _url(found: GapMap, row: Row, asked: Mapping[str, str] | None, address: Address) -> str:
    """The list behind a line; in the map of settings, the evidence on the row's assumption."""
    if found.down == ASSUMPTION:
        return str(reverse("assumption", args=[row.head.key])) + "#tested"
    return address(asked or {})


def _row_url(found: GapMap, head: Head, address: Address) -> str:
    if found.down == ASSUMPTION:
        return reverse("assumption", args=[head.key])
    return address({found.down: head.key})


def _countries(found: GapMap, query: Any) -> list[tuple[str, str]]:
    """The same map with the settings of one country apart."""
    listed = []
    for one in found.columns:
        query["within"] = one.key
        listed.append((one.name, f"?{query.urlencode()}"))
    query.pop("within")
    return listed


def _kinds(found: GapMap) -> list[tuple[str, str, bool]]:
    """The grids there are, as values of one list: rows, then columns."""
    pairs = [(down, across) for down in NAMES for across in NAMES if down != across]
    listed = [(f"{one}-{other}", f"{NAMES[one]} by {NAMES[other].lower()}") for one, other in pairs]
    listed.append((f"{ASSUMPTION}-{SETTING}", "Assumptions by setting"))
    now = f"{found.down}-{found.across}"
    return [(key, label, key == now) for key, label in listed]


def _choices(
    request: HttpRequest, chosen: dict[str, str]
) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """A filter for each part of a use: its name, its label and its choices with the one that is chosen."""
    found = []
    for part in PARTS:
        listed = [("", "Any"), *names_of(part, viewer=request.user), (NONE, f"No {part} named")]
        now = chosen.get(part, "")
        found.append((part, part.capitalize(), [(key, label, key == now) for key, label in listed]))
    return found


@require_GET
def gap_map_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The whole map as a picture, a table or a page that stands alone."""
    if ending not in ENDINGS:
        raise Http404
    found, context = _map(request)
    filters = context["filters"]
    asked = [label for _, label, _ in named(request, filters)]
    for part in ("aim", "method"):
        if key := filters.parts.get(part):
            asked.append(
                f"{part.capitalize()}: {dict(names_of(part, viewer=request.user)).get(key, 'none named')}"
            )
    asked += [
        f"{label}: {text}"
        for label, text in (("Standing", filters.standing), ("Words", filters.words))
        if text
    ]
    file = MapFile(
        found,
        scope=filters.scope,
        asked=tuple(asked),
        fictional=instance_here().fictional,
        made_on=timezone.localdate(),
        site=request.build_absolute_uri("/").rstrip("/"),
    )
    content, kind = written(file, ending=ending)
    answer = HttpResponse(content, content_type=kind)
    name = (
        f"{'fictional-' if file.fictional else ''}gap-map-{found.down}-{found.across}-{file.made_on:%Y-%m-%d}"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
