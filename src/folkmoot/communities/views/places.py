"""Places: the list, one place, the map, own places, the areas an organisation works for."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.communities import actions
from folkmoot.communities.forms import AreaForm, EndForm, OwnPlaceForm, PlacesFilter, written
from folkmoot.communities.models import AreaServed, Lies, Place
from folkmoot.communities.queries import maps, reading
from folkmoot.communities.queries.places import OWN_KINDS, areas_served
from folkmoot.communities.views.common import (
    SECTION,
    crumbs,
    editing_for,
    number,
    required_home,
    seen_place,
)
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit, require_edit, require_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.organisations.visibility import visible
from folkmoot.ui.maps import MapPlace, MapShown

ON_A_PAGE = 50


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    form = PlacesFilter(request.GET or None, years=reading.years(request.user))
    asked = form.cleaned_data if form.is_valid() else {}
    inside = None
    if request.GET.get("in"):
        inside = seen_place(request, number(request.GET["in"]) or 0)
    found = reading.listed(
        request.user,
        words=asked.get("words", ""),
        kind=asked.get("kind", ""),
        year=int(asked["year"]) if asked.get("year") else None,
        inside=inside,
    )
    context = {
        "form": form,
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "filtered": any(asked.values()) or inside is not None,
        "inside": inside,
        "editing": editing_for(request),
        "layers": maps.layers(request.user),
        "crumbs": crumbs(("Places", "")),
        "section": SECTION,
    }
    return render(request, "communities/places.html", context)


@require_GET
def place(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_place(request, pk)
    read = reading.read_place(found, viewer=request.user)
    context = {
        "place": found,
        "read": read,
        "shown": _map_of(request, read),
        "own": found.kind in OWN_KINDS,
        "may_edit": found.kind in OWN_KINDS and may_edit(request.user, found),
        "crumbs": crumbs(("Places", "places"), (found.name, "")),
        "section": SECTION,
    }
    return render(request, "communities/place.html", context)


def _map_of(request: HttpRequest, read: reading.PlaceRead) -> MapShown | None:
    """What the place holds, drawn by the largest kind that has outlines; else its own outline."""
    found = read.place
    layer = next((one for one in read.holds if one.drawn), None)
    if layer is not None:
        parts = reading.parts_of(found, kind=layer.kind, vintage=layer.vintage, viewer=request.user)
        return MapShown(
            title=f"{layer.label}: {layer.number:,} in {found.name}",
            caption="",
            outlines_url=maps.outlines_url(layer.kind, layer.vintage, viewer=request.user, within=found.pk),
            places=tuple(
                MapPlace(one.pk, one.name, reverse("place", args=[one.pk]), cells=(one.code,))
                for one in parts
            ),
            columns=("Code",),
            others=layer.number > len(parts),
        )
    if maps.has_outline(found):
        return MapShown(
            title="Outline",
            caption="",
            outlines_url=maps.own_outline_url(found),
            places=(MapPlace(found.pk, found.name, cells=(found.code,)),),
            columns=("Code",),
        )
    return None


@require_GET
def places_map(request: HttpRequest) -> HttpResponse:
    """Every place of one kind and year, or those inside one larger place."""
    layers = maps.layers(request.user)
    kind, year = request.GET.get("kind", ""), number(request.GET.get("year"))
    if "-" in request.GET.get("layer", ""):
        kind, _, said = request.GET["layer"].partition("-")
        year = number(said)
    chosen = next((one for one in layers if one.kind == kind and year in (None, one.vintage)), None)
    chosen = chosen or next((one for one in layers if one.kind == Place.Kind.WARD), None)
    chosen = chosen or (layers[0] if layers else None)
    home = home_of(request)
    inside = None
    if request.GET.get("in"):
        inside = seen_place(request, number(request.GET["in"]) or 0)
    shown, page = None, None
    if chosen is not None:
        rows = reading.listed(request.user, kind=chosen.kind, year=chosen.vintage, inside=inside)
        page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
        shown = MapShown(
            title=chosen.label + (f" in {inside.name}" if inside else ""),
            caption="",
            outlines_url=maps.outlines_url(
                chosen.kind, chosen.vintage, viewer=request.user, within=inside.pk if inside else None
            ),
            places=tuple(
                MapPlace(one.pk, one.name, reverse("place", args=[one.pk]), cells=(one.code,)) for one in page
            ),
            columns=("Code",),
            others=True,
        )
    context = {
        "layers": layers,
        "chosen": chosen,
        "inside": inside,
        "areas": areas_served(home) if home is not None else [],
        "shown": shown,
        "page": page,
        "crumbs": crumbs(("Places", "places"), ("Map", "")),
        "section": SECTION,
    }
    return render(request, "communities/map.html", context)


@require_GET
def place_outlines(request: HttpRequest, kind: str, vintage: int) -> HttpResponse:
    """The outlines of a layer as compressed JSON; a browser keeps them until one changes."""
    inside = number(request.GET.get("within"))
    if kind not in Place.Kind.values or (request.GET.get("within") and inside is None):
        raise Http404
    if inside is not None:
        seen_place(request, inside)
    if not maps.outlines_url(kind, vintage, viewer=request.user, within=inside):
        raise Http404
    return _outlines(maps.outlines_of(kind, vintage, within=inside, viewer=request.user))


@require_GET
def place_outline(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_place(request, pk)
    if not maps.has_outline(found):
        raise Http404
    return _outlines(maps.outline_of(found))


def _outlines(packed: bytes) -> HttpResponse:
    response = HttpResponse(packed, content_type="application/json")
    response["Content-Encoding"] = "gzip"
    # the address carries the version of the outlines; what is shown still depends on who asks
    response["Cache-Control"] = "private, max-age=86400"
    response["Vary"] = "Cookie"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def place_new(request: HttpRequest) -> HttpResponse:
    home = editing_for(request)
    form = OwnPlaceForm(request.POST or None, viewer=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        home = required_home(request)
        require_edit_for(request.user, organisation_id=home.pk)
        if form.is_valid():
            given = {key: value for key, value in form.cleaned_data.items() if key != "version"}
            made, status = attempt(
                form,
                lambda: actions.create_place(given.pop("name"), organisation=home, by=request.user, **given),
            )
            if made is not None:
                messages.success(request, f"{made} can now be picked.")
                return redirect("place", made.pk)
    context = {
        "form": form,
        "may_edit": home is not None,
        "crumbs": crumbs(("Places", "places"), ("Add a place", "")),
        "section": SECTION,
    }
    return render(request, "communities/place_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def place_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own_place(request, pk)
    form = OwnPlaceForm(request.POST or None, viewer=request.user, new=False, initial=_as_written(found))
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = dict(form.cleaned_data)
            expected = given.pop("version") or 0
            made, status = attempt(
                form, lambda: actions.revise_place(found, expected=expected, by=request.user, **given)
            )
            if made is not None:
                messages.success(request, "Saved.")
                return redirect("place", pk)
    context = {
        "place": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": crumbs(("Places", "places"), (found.name, reverse("place", args=[pk])), ("Change", "")),
        "section": SECTION,
    }
    return render(request, "communities/place_edit.html", context, status=status)


def _own_place(request: HttpRequest, pk: int) -> Place:
    """A place that people add and change by hand; a published one has no such page."""
    found = seen_place(request, pk)
    if found.kind not in OWN_KINDS:
        raise Http404
    return found


def _as_written(found: Place) -> dict[str, object]:
    above = list(Lies.objects.filter(place=found).select_related("inside"))
    order = list(Place.Kind.values)
    parts = list(Lies.objects.filter(inside=found).select_related("place"))
    largest = max((order.index(one.place.kind) for one in parts), default=0)
    nearest = min(above, key=lambda one: (order.index(one.inside.kind), -one.inside.vintage), default=None)
    return {
        "name": found.name,
        "visibility": found.visibility,
        "version": found.version,
        "lies_in": written(nearest.inside) if nearest and not parts else "",
        "made_of": "\n".join(written(one.place) for one in parts if order.index(one.place.kind) == largest),
    }


@login_required
@require_http_methods(["GET", "POST"])
def place_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own_place(request, pk)
    form = EndForm(request.POST or None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.end_place(found, expected=given["version"], on=given["on"], by=request.user),
            )
            if made is not None:
                messages.success(request, f"{found} can no longer be picked.")
                return redirect("place", pk)
    context = {
        "thing": found,
        "what_stays": "It can no longer be picked. What happened there stays as it is.",
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": crumbs(("Places", "places"), (found.name, reverse("place", args=[pk])), ("End", "")),
        "section": SECTION,
    }
    return render(request, "communities/end.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def places_served(request: HttpRequest) -> HttpResponse:
    """The areas whose people the organisation works for."""
    home = home_of(request)
    if home is None:
        raise Http404
    form = AreaForm(request.POST or None, viewer=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        require_edit_for(request.user, organisation_id=home.pk)
        if form.is_valid():
            area = form.cleaned_data["place"]
            made, status = attempt(
                form, lambda: actions.serve_area(home, place=area, by=request.user), field="place"
            )
            if made is not None:
                messages.success(request, f"{home} serves {area}.")
                return redirect("places_served")
    rows = AreaServed.objects.filter(visible(request.user, through="place"), organisation=home)
    context = {
        "home": home,
        "rows": rows.select_related("place").order_by("place__name", "id"),
        "form": form,
        "may_edit": editing_for(request) is not None,
        "crumbs": crumbs(("Places", "places"), ("Areas you work for", "")),
        "section": SECTION,
    }
    return render(request, "communities/served.html", context, status=status)


@login_required
@require_POST
def place_unserve(request: HttpRequest, pk: int) -> HttpResponse:
    home = home_of(request)
    served = get_object_or_404(AreaServed.objects.filter(organisation=home), pk=pk)
    actions.stop_serving(served, by=request.user)
    messages.success(request, "Taken away.")
    return redirect("places_served")
