"""What whoever records an occasion is told from this room: the open promises of the place, late ones first.

By place, never by person. What does not belong here: the page (``activities.capturing``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.capturing.backs import Back, Occasion
from folkmoot.heard.queries.promises import open_by_place, open_in
from folkmoot.heard.wording import late_words
from folkmoot.organisations.models import Organisation


def promises_here(occasion: Occasion, viewer: Any) -> Back | None:
    """Open promises of this organisation in the place, in what lies in it and around it; None where there are none."""
    if occasion.place is None:
        return None
    today = timezone.localdate()
    found = open_in(occasion.place, organisation_id=occasion.organisation.pk)
    if not found:
        return None
    sentences = tuple(f"{one.text} ({one.owner_role}, {late_words(one.due, today)})" for one in found)
    return Back("Promised here", sentences, url=reverse("promises"), link="All promises")


def promised_at(organisation: Organisation, places: Collection[int]) -> dict[int, str]:
    """What is promised at each of these places, in a sentence for a phone to keep; it names days, since a phone is
    without a signal for as long as it may be."""
    found = {}
    for place, listed in open_by_place(organisation, places).items():
        first = listed[0]
        more = f" And {len(listed) - 1} more." if len(listed) > 1 else ""
        found[place] = f"{first.text} ({first.owner_role}, by {first.due:%-d %B %Y}).{more}"
    return found
