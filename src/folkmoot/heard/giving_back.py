"""What whoever records an occasion is given back from this room: the open promises of the place, late ones first.

By place, never by person. What does not belong here: the page (``activities.capturing``).
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.capturing.backs import Back, Occasion
from folkmoot.heard.queries.promises import open_in
from folkmoot.heard.wording import late_words


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
