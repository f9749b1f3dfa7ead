"""What an address asks of a front page: the scope, whose work is meant, and the filters of the list."""

from __future__ import annotations

from django.http import HttpRequest

from folkmoot.coding.queries import Scope
from folkmoot.front.queries.assumptions import Filters
from folkmoot.front.queries.uses import NONE, PARTS, names_of
from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import access_of

TEXTS = (*PARTS, "setting", "standing", "leaning", "words", "resting", "hours")
LONGEST = 200


def scope_of(request: HttpRequest) -> Scope:
    """The scope asked for; one's own where one has a place, else the network's."""
    asked = request.GET.get("scope")
    if asked == "network" or not access_of(request.user).belongs:
        return "network"
    return "ours"


def scopes(request: HttpRequest) -> dict[str, object]:
    """What a page needs to say which scope it shows and to offer the other one."""
    scope = scope_of(request)
    other = "network" if scope == "ours" else "ours"
    query = request.GET.copy()
    query["scope"] = other
    return {
        "scope": scope,
        "other_scope": other if access_of(request.user).belongs else "",
        "other_scope_url": f"?{query.urlencode()}",
    }


def whose_of(request: HttpRequest) -> Organisation | None:
    """Whose work and objectives are meant: one's own organisation's, or (None) the network's."""
    return None if request.GET.get("whose") == "network" else home_of(request)


def filters_of(request: HttpRequest) -> Filters:
    """The filters in the address."""
    texts = {name: request.GET.get(name, "")[:LONGEST] for name in TEXTS}
    low, high = (whole(request.GET.get(name)) for name in ("low", "high"))
    return Filters(scope=scope_of(request), low=low, high=high, **texts)


def whole(text: str | None) -> int | None:
    """A whole number as an address writes it, or None."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def named(request: HttpRequest, filters: Filters) -> tuple[tuple[str, str, str], ...]:
    """The filters that are set and have no box of their own on the list: what they are, their names, their keys."""
    found = []
    for part, label in (("objective", "objective"), ("grouping", "grouping")):
        if key := filters.parts.get(part):
            name = dict(names_of(part, viewer=request.user)).get(key, "one that is not here any more")
            found.append((part, f"No {label} named" if key == NONE else f"{label.capitalize()}: {name}", key))
    if filters.setting:
        untested = filters.setting == NONE
        said = "Tested nowhere" if untested else f"Tested in: {filters.setting}"
        found.append(("setting", said, filters.setting))
    if filters.leaning:
        found.append(("leaning", f"Leaning: {filters.leaning}", filters.leaning))
    return tuple(found)


def is_filtered(filters: Filters) -> bool:
    """Whether anything was asked for that leaves assumptions out."""
    texts = (getattr(filters, name) for name in TEXTS)
    return any(texts) or filters.low is not None or filters.high is not None


def query_of(filters: Filters, *, whose: Organisation | None, **more: str) -> dict[str, str]:
    """The filters as an address has them, with ``more`` in their place."""
    asked = {name: getattr(filters, name) for name in TEXTS if getattr(filters, name)}
    asked |= {name: str(value) for name in ("low", "high") if (value := getattr(filters, name)) is not None}
    asked["scope"] = filters.scope
    if whose is None:
        asked["whose"] = "network"
    return asked | more
