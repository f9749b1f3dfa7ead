"""Has this owner brought the file in before? Asked per owner, so that nobody learns of another's files."""

from __future__ import annotations

from folkmoot.organisations.ownership import Owner, owned_by
from folkmoot.sources.models import Original, Source


def known_file(owner: Owner, sha256: str) -> str:
    """A sentence where this owner has, or had and withdrew, a file of this content; else empty."""
    found = Original.objects.filter(sha256=sha256, **owned_by(owner)).order_by("pk").first()
    if found is None:
        return ""
    on = f"{found.created_at:%-d %B %Y}"
    if Source.objects.filter(original=found, state=Source.State.LIVE).exists():
        return f"This file is here already: {found.created_by} brought it in on {on}. Nothing was doubled."
    return (
        f"This file was brought in on {on} and then withdrawn, so it is not brought back. "
        "If the people in it have agreed again, save it as a new file first."
    )
