"""Reading briefings: which there are for a viewer, and one with its editions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from folkmoot.briefings.contrary import contrary_in_scope
from folkmoot.briefings.frozen import contrary_of, fingerprint_of
from folkmoot.briefings.models import Briefing, Edition
from folkmoot.briefings.policies import may_see_drafts
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import Visibility, access_of, visible
from folkmoot.strategies.models import Objective


@dataclass(frozen=True, slots=True)
class Shelved:
    """A briefing with its newest published edition, and its draft where the viewer may see it."""

    briefing: Briefing
    newest: Edition | None
    draft: Edition | None


def briefings_seen(viewer: Any) -> QuerySet[Briefing]:
    """Those with an edition that the viewer may read, and the viewer's own even before the first one."""
    access = access_of(viewer)
    own = Q(organisation__in=list(access.organisations)) | Q(team__in=list(access.teams))
    if may_edit_for(viewer):
        own |= Q(organisation=None, team=None)
    out = Exists(Edition.objects.filter(briefing=OuterRef("pk")).exclude(state=Edition.State.DRAFT))
    found: QuerySet[Briefing] = Briefing.objects.filter(own | (visible(viewer) & Q(out)))
    return found.select_related("organisation", "team", "objective__organisation", "theme__codebook")


def shelf(viewer: Any) -> list[Shelved]:
    """Every briefing the viewer may see, in two queries."""
    found = list(briefings_seen(viewer))
    newest: dict[int, Edition] = {}
    drafts: dict[int, Edition] = {}
    rows = Edition.objects.filter(briefing__in=[one.pk for one in found]).defer("content", "introduction")
    for edition in rows.order_by("number"):
        (drafts if edition.state == Edition.State.DRAFT else newest)[edition.briefing_id] = edition
    return [
        Shelved(one, newest.get(one.pk), drafts.get(one.pk) if may_see_drafts(viewer, one) else None)
        for one in found
    ]


def briefings_on(objective: Objective, *, viewer: Any) -> tuple[Briefing, ...]:
    """The briefings on an objective that this viewer may open."""
    return tuple(briefings_seen(viewer).filter(objective=objective))


def briefing_for(viewer: Any, pk: int) -> Briefing | None:
    return briefings_seen(viewer).filter(pk=pk).first()


def editions_of(briefing: Briefing, *, viewer: Any) -> list[Edition]:
    """Its editions, newest first; a draft only for people of its owner."""
    found = briefing.editions.order_by("-number").prefetch_related("notices")
    if not may_see_drafts(viewer, briefing):
        found = found.exclude(state=Edition.State.DRAFT)
    return list(found)


def edition_for(viewer: Any, pk: int, number: int) -> Edition | None:
    """One edition as this viewer may see it, or None."""
    briefing = briefing_for(viewer, pk)
    if briefing is None:
        return None
    found = Edition.objects.filter(briefing=briefing, number=number).select_related(
        "briefing__organisation", "briefing__team", "briefing__objective", "briefing__theme__codebook"
    )
    edition = found.first()
    if edition is None or (edition.state == Edition.State.DRAFT and not may_see_drafts(viewer, briefing)):
        return None
    return edition


def edition_by_key(viewer: Any, pk: int) -> Edition | None:
    """For the discussion: an edition by its own key."""
    named = Edition.objects.filter(pk=pk).values_list("briefing_id", "number").first()
    return edition_for(viewer, *named) if named else None


def is_intact(edition: Edition) -> bool:
    """Whether a published edition is still what its fingerprint says."""
    if edition.state == Edition.State.DRAFT:
        return True
    return edition.fingerprint == fingerprint_of(
        title=edition.briefing.title,
        number=edition.number,
        introduction=edition.introduction,
        content=edition.content,
    )


def is_current(edition: Edition) -> bool:
    """Whether a draft holds exactly what is recorded against it now."""
    same_readers = edition.content["audience"]["visibility"] == edition.briefing.visibility
    return same_readers and contrary_in_scope(edition.briefing) == contrary_of(edition.content)


def newest_on(asked: str) -> Edition:
    """The newest published edition on an objective or theme, by key or by title, whoever owns it.

    For the command line, whose user holds the whole instance. Refuses in a sentence where nothing
    fits, where several do, and where nothing is published.
    """
    words = asked.strip()
    fits = Q(title__iexact=words) | Q(objective__title__iexact=words) | Q(theme__name__iexact=words)
    if words.isdecimal():
        fits |= Q(objective=int(words))
    found = list(Briefing.objects.filter(fits).select_related("organisation", "team"))
    # a briefing's own title is the more exact name
    found = [one for one in found if one.title.lower() == words.lower()] or found
    if not found:
        raise FolkmootError(
            f"There is no briefing on “{words}”. Name an objective by its number or title, a theme by its name, "
            "or a briefing by its title."
        )
    out = [
        edition
        for one in found
        if (edition := one.editions.filter(state=Edition.State.PUBLISHED).first()) is not None
    ]
    if not out:
        raise FolkmootError(f"No edition of the briefing on “{words}” is published yet.")
    if len(out) > 1:
        named = "; ".join(f"“{edition.briefing.title}” ({edition.briefing.owner_label})" for edition in out)
        raise FolkmootError(f"Several briefings fit “{words}”: {named}. Name one by its own title.")
    return out[0]


def readers_named(visibility: str, owner: str) -> str:
    """For whom a briefing is written, in words."""
    return {
        Visibility.OWN: f"People of {owner}",
        Visibility.TEAM: f"Members of {owner}",
        Visibility.NETWORK: "Members of the network",
        Visibility.PUBLIC: "Everybody",
    }[Visibility(visibility)]
