"""An organisation's own places (a beat, a hall, a street), and the areas whose people it works for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.communities.models import AreaServed, Lies, Place
from folkmoot.communities.queries.places import OWN_KINDS
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for


@action
def create_place(
    name: str,
    *,
    organisation: Organisation,
    kind: str,
    code: str = "",
    lies_in: Place | None = None,
    made_of: Sequence[Place] = (),
    visibility: str = "own",
    by: User,
) -> Place:
    """Add a place of an organisation's own. It lies in one larger place, or is made of smaller ones.

    A neighbourhood team's area made of wards or small areas has the people who live in them; a
    spot has no residents of its own. A second own place of the same code and kind is refused.
    """
    require_edit_for(by, organisation_id=organisation.pk)
    name = name.strip()
    if not name:
        raise FolkmootError("Give the place its name.")
    if kind not in OWN_KINDS:
        raise FolkmootError(
            "An own place is a neighbourhood team's area or a spot; other kinds come from published lists."
        )
    if made_of and kind != Place.Kind.BEAT:
        raise FolkmootError("A spot is not made of areas: say in which area it lies.")
    same = Place.objects.filter(organisation=organisation, kind=kind)
    code = code.strip() or f"{kind}-{same.count() + 1}"
    while not code.strip() or same.filter(code=code, vintage=0).exists():
        if same.filter(code=code, vintage=0, name__iexact=name).exists():
            raise NotYet(f"{name} is here already under the code {code}.")
        number = same.count() + 2
        if not code.startswith(f"{kind}-"):
            raise NotYet(f"The code {code} is taken by another place of yours.")
        code = f"{kind}-{max(number, int(code.rsplit('-', 1)[1]) + 1)}"
    if same.filter(name__iexact=name, ended_on=None).exists():
        raise NotYet(f"You have a place called {name} already.")
    place: Place = Place.objects.create(
        name=name,
        kind=kind,
        code=code,
        vintage=0,
        organisation=organisation,
        visibility=visibility,
        **made(by),
    )
    _lay(place, lies_in=lies_in, made_of=made_of, by=by)
    record("added a place", by=by, on=place, kind=kind)
    return place


@action
def revise_place(
    place: Place,
    *,
    expected: int,
    name: str,
    lies_in: Place | None = None,
    made_of: Sequence[Place] = (),
    visibility: str,
    by: User,
) -> Place:
    """Change an own place's name, where it lies and who may see it. What a published list says stays."""
    _require_own(by, place)
    if not name.strip():
        raise FolkmootError("Give the place its name.")
    place.name, place.visibility = name.strip(), visibility
    save_version(place, expected=expected, by=by)
    Lies.objects.filter(Q(place=place) | Q(inside=place)).delete()
    _lay(place, lies_in=lies_in, made_of=made_of, by=by)
    record("changed a place", by=by, on=place)
    return place


@action
def end_place(place: Place, *, expected: int, on: date, by: User) -> Place:
    """An own place is no longer used: it cannot be picked any more, and what happened there stays."""
    _require_own(by, place)
    if place.ended_on is not None:
        raise NotYet(f"{place} ended on {place.ended_on:%d %B %Y} already.")
    place.ended_on = on
    save_version(place, expected=expected, by=by)
    record("ended a place", by=by, on=place, day=on.isoformat())
    return place


@action
def serve_area(organisation: Organisation, *, place: Place, by: User) -> AreaServed:
    """Say that an organisation works for the people of an area: its places can then be picked first."""
    require_edit_for(by, organisation_id=organisation.pk)
    if place.kind == Place.Kind.SPOT:
        raise FolkmootError("A spot has no residents: name the area around it.")
    if AreaServed.objects.filter(organisation=organisation, place=place).exists():
        raise NotYet(f"{organisation} serves {place} already.")
    row: AreaServed = AreaServed.objects.create(organisation=organisation, place=place, **made(by))
    record("named an area served", by=by, on=row, organisation_id=organisation.pk)
    return row


@action
def stop_serving(served: AreaServed, *, by: User) -> None:
    """Take an area away from those that an organisation serves."""
    require_edit_for(by, organisation_id=served.organisation_id)
    record("took an area served away", by=by, on=served, organisation_id=served.organisation_id)
    served.delete()


def _require_own(by: User, place: Place) -> None:
    if place.kind not in OWN_KINDS or place.organisation_id is None:
        raise NotAllowed(f"{place} comes from a published list, which nobody changes by hand.")
    require_edit(by, place)


def _lay(place: Place, *, lies_in: Place | None, made_of: Sequence[Place], by: User) -> None:
    """Links to everything that the larger place lies in, and from everything that lies in the smaller ones."""
    seen = {one.pk for one in (*made_of, *([lies_in] if lies_in else []))}
    allowed = set(Place.objects.visible_to(by).filter(pk__in=seen).values_list("pk", flat=True))
    if seen - allowed or place.pk in seen:
        raise NotAllowed("One of those places is not yours to see, or is this place itself.")
    if lies_in is not None:
        above = {lies_in.pk, *Lies.objects.filter(place=lies_in).values_list("inside_id", flat=True)}
        Lies.objects.bulk_create([Lies(place=place, inside_id=pk) for pk in sorted(above)])
    if made_of:
        parts = [one.pk for one in made_of]
        below = {*parts, *Lies.objects.filter(inside_id__in=parts).values_list("place_id", flat=True)}
        Lies.objects.bulk_create(
            [Lies(place_id=pk, inside=place) for pk in sorted(below)], ignore_conflicts=True
        )
        if lies_in is None:
            _lies_with_its_parts(place, parts)


def _lies_with_its_parts(place: Place, parts: list[int]) -> None:
    """An area made of parts lies in whatever all its parts lie in."""
    above = [
        set(Lies.objects.filter(place_id=part).values_list("inside_id", flat=True)) - {place.pk}
        for part in parts
    ]
    common = set.intersection(*above) if above else set()
    Lies.objects.bulk_create([Lies(place=place, inside_id=pk) for pk in sorted(common)])
