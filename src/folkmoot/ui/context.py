"""What every page is given: the navigation it may show. Nothing about one page belongs here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse

# the order is the order of the bar; a room that has no page yet has no entry on the screen
SECTIONS = (
    ("overview", "Overview"),
    ("aims", "Aims"),
    ("assumptions", "Evidence"),
    ("work", "Work"),
    ("sources", "Sources"),
    ("briefings", "Briefings"),
)
# what lies in each section: a line under the bar, so that every room is one step away
ROOMS = {
    "aims": (
        ("aims", "Aims and objectives"),
        ("mechanisms", "Chains"),
        ("strategies", "Strategies"),
        ("arrangements", "Arrangements"),
    ),
    "assumptions": (
        ("assumptions", "Assumptions"),
        ("gap_map", "Gap map"),
        ("claims_register", "Claims register"),
        ("studies", "Studies"),
        ("plans", "Plans"),
        ("board", "Board"),
        ("indicators", "Indicators"),
        ("surveys", "Surveys"),
        ("series_list", "Series"),
    ),
    "work": (
        ("work", "Log"),
        ("initiatives", "Initiatives"),
        ("reach", "Reach"),
        ("places", "Places"),
        ("concerns", "Concerns"),
        ("promises", "Promises"),
        ("priorities", "Priorities"),
        ("jobs", "In the background"),
    ),
    "sources": (
        ("sources", "Sources"),
        ("codebooks", "Codebooks"),
        ("claims", "Claims"),
        ("search", "Search"),
    ),
}
# rooms that also a stranger may read; the others ask for a sign-in and are not offered before it
OPEN_ROOMS = frozenset(
    [
        "aims",
        "strategies",
        "arrangements",
        "assumptions",
        "gap_map",
        "mechanisms",
        "studies",
        "plans",
        "board",
        "indicators",
        "surveys",
        "series_list",
        "places",
    ]
)
FOOTER = (
    ("heard", "What was heard"),
    ("help", "Help"),
    ("accessibility", "Accessibility"),
    ("licence", "Licence"),
    ("privacy", "Privacy"),
)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the bar or the footer; ``current`` marks the section the reader is in."""

    name: str
    label: str
    url: str
    current: bool = False
    rooms: tuple[NavigationItem, ...] = ()


def address(name: str) -> str | None:
    """The path of a url name that takes no arguments, or None where there is none."""
    return _address(name, settings.ROOT_URLCONF, get_script_prefix())


@cache
def _address(name: str, urls: str, prefix: str) -> str | None:
    """Every page asks for some thirty of them, and they stay as they are."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def navigation(request: HttpRequest) -> dict[str, Any]:
    """``navigation``, ``footer_links``, ``home_url``, ``sign_in_url``, ``sign_out_url``, ``people_url``.

    Only names that resolve are included, so a page never links to a room that is not built. A view in
    a section sets ``section`` in its own context to mark it; otherwise the longest path that the
    request's path starts with is the current one.
    """
    addresses = {name: address(name) for name, _ in SECTIONS + FOOTER}
    here = max(
        (url for name, _ in SECTIONS if (url := addresses[name]) and _inside(request.path, url)),
        key=len,
        default=None,
    )
    known = getattr(getattr(request, "user", None), "is_authenticated", False)
    return {
        "navigation": [
            NavigationItem(name, label, url, url == here, _rooms(name, path=request.path, known=known))
            for name, label in SECTIONS
            if (url := addresses[name]) is not None
        ],
        "footer_links": [
            NavigationItem(name, label, url) for name, label in FOOTER if (url := addresses[name]) is not None
        ],
        "home_url": addresses["overview"] or "/",
        "sign_in_url": address("account_login"),
        "sign_out_url": address("account_logout"),
        "switch_url": address("switch_organisation"),
        "account_url": address("account"),
    }


def _rooms(section: str, *, path: str, known: bool) -> tuple[NavigationItem, ...]:
    found = [
        (name, label, url)
        for name, label in ROOMS.get(section, ())
        if (known or name in OPEN_ROOMS) and (url := address(name)) is not None
    ]
    here = max((url for _, _, url in found if _inside(path, url)), key=len, default=None)
    return tuple(NavigationItem(name, label, url, url == here) for name, label, url in found)


def _inside(path: str, section: str) -> bool:
    # the overview may live at "/", which every path starts with: it is current only on itself
    return path == section or (section != "/" and path.startswith(section))
