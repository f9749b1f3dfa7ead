"""Opening, describing, sharing and closing concerns.

What does not belong here: the contributions under them, what was decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from folkmoot.activities.models import Initiative
from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.coding.models import Code
from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError
from folkmoot.heard.elections import promotes, require_not_frozen, require_still_apart
from folkmoot.heard.letting_in import let_in
from folkmoot.heard.models import Concern
from folkmoot.heard.policies import require_keep
from folkmoot.heard.public_counts import may_renew
from folkmoot.heard.states import CONCERN
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import Visibility, visible

DESCRIBED = ("title", "asked", "influence", "not_open", "promotes_office_holder", "initiative", "place")


@action
def open_concern(
    title: str,
    *,
    organisation: Organisation,
    asked: str = "",
    influence: str = "",
    not_open: str = "",
    initiative: Initiative | None = None,
    place: Place | None = None,
    themes: Iterable[Code] = (),
    promotes_office_holder: bool = False,
    visibility: str = Visibility.OWN,
    by: User,
) -> Concern:
    """Give a name to something that people speak of. What was open to influence may be said later, not left out."""
    require_keep(by, organisation_id=organisation.pk)
    concern = Concern(
        organisation=organisation,
        visibility=Visibility.OWN,
        **_words(title=title, asked=asked, influence=influence, not_open=not_open),
        promotes_office_holder=promotes_office_holder,
        initiative=_ours(initiative, organisation_id=organisation.pk),
        place=place,
        **made(by),
    )
    concern.save(force_insert=True)
    concern.themes.set(_usable(themes, by=by))
    record("heard.concern opened", by=by, on=concern)
    if visibility != Visibility.OWN:
        share_concern(concern, visibility=visibility, expected=concern.version, by=by)
    return concern


@action
def describe_concern(
    concern: Concern, *, expected: int, by: User, themes: Iterable[Code] | None = None, **changes: Any
) -> Concern:
    """Say anew what it is about and what was open. Published and told parts stand still near an election."""
    require_keep(by, organisation_id=concern.organisation_id)
    unknown = set(changes) - set(DESCRIBED)
    if unknown:
        raise TypeError(f"a concern has no {sorted(unknown)}")
    if concern.visibility == Visibility.PUBLIC:
        require_not_frozen(concern, on=timezone.localdate())
    raised = promotes(concern)
    whole = {name: getattr(concern, name) for name in DESCRIBED} | changes
    words = {name: whole.pop(name) for name in ("title", "asked", "influence", "not_open")}
    for name, value in {**whole, **_words(**words)}.items():
        setattr(concern, name, value)
    _ours(concern.initiative, organisation_id=concern.organisation_id)
    require_still_apart(
        raised=raised,
        raises=promotes(concern),
        organisation_id=concern.organisation_id,
        on=timezone.localdate(),
    )
    save_version(concern, expected=expected, by=by)
    if themes is not None:
        concern.themes.set(_usable(themes, by=by))
    record("heard.concern described", by=by, on=concern, fields=sorted(changes))
    return concern


@action
def share_concern(concern: Concern, *, visibility: str, expected: int, by: User) -> Concern:
    """Say who may see it. In public it says what was open to influence, or it does not go there."""
    require_keep(by, organisation_id=concern.organisation_id)
    if visibility not in (Visibility.OWN, Visibility.NETWORK, Visibility.PUBLIC):
        raise FolkmootError("Choose who may see it.")
    if visibility == Visibility.PUBLIC:
        require_not_frozen(concern, on=timezone.localdate())
        if not concern.influence:
            raise FolkmootError(
                "Say first what was open to influence: priorities, ways of working, or neither. The public page "
                "begins with it."
            )
    save_part(concern, expected=expected, by=by, visibility=visibility)
    if visibility == Visibility.PUBLIC:
        _renew(concern)
    record("heard.concern shared", by=by, on=concern, visibility=visibility)
    return concern


@action
def renew_public_number(concern: Concern, *, by: User) -> bool:
    """Renew the number of people on the public page; False where the change would tell too much, and it stays."""
    require_keep(by, organisation_id=concern.organisation_id)
    renewed = _renew(concern)
    record("heard.public number renewed" if renewed else "heard.public number kept", by=by, on=concern)
    return renewed


@action
def hand_on_concern(concern: Concern, *, expected: int, by: User) -> Concern:
    """It lies with those who decide from now on."""
    require_keep(by, organisation_id=concern.organisation_id)
    save_part(concern, expected=expected, by=by, state=CONCERN.after(concern.state, "hand on"))
    record("heard.concern handed on", by=by, on=concern)
    return concern


@action
def close_concern(concern: Concern, *, because: str, expected: int, by: User) -> Concern:
    """End it without a decision. The reason is read by everybody who sees the concern."""
    require_keep(by, organisation_id=concern.organisation_id)
    state = CONCERN.after(concern.state, "close")
    reason = let_in(because, what="Why it is closed")
    save_part(concern, expected=expected, by=by, state=state, closed_because=reason)
    record("heard.concern closed", by=by, on=concern)
    return concern


@action
def reopen_concern(concern: Concern, *, expected: int, by: User) -> Concern:
    """Hear people again. What was decided and said before stays."""
    require_keep(by, organisation_id=concern.organisation_id)
    state = CONCERN.after(concern.state, "open again")
    save_part(concern, expected=expected, by=by, state=state, closed_because="")
    record("heard.concern opened again", by=by, on=concern)
    return concern


def _words(*, title: str, asked: str, influence: str, not_open: str) -> dict[str, str]:
    if influence and influence not in Concern.Influence.values:
        raise FolkmootError("Choose what was open to influence.")
    return {
        "title": let_in(title, what="What it is about", longest=160),
        "asked": let_in(asked, what="What people were asked", needed=False),
        "influence": influence,
        "not_open": let_in(not_open, what="What could not be changed", needed=False),
    }


def _ours(initiative: Initiative | None, *, organisation_id: int | None) -> Initiative | None:
    if initiative is not None and initiative.organisation_id != organisation_id:
        raise FolkmootError("Choose an initiative of the same organisation.")
    return initiative


def _usable(themes: Iterable[Code], *, by: User) -> list[Code]:
    """Themes of codebooks that this person may see; any other number is refused, not left out."""
    wanted = list(themes)
    seen = Code.objects.filter(visible(by, through="codebook"), pk__in=[one.pk for one in wanted])
    if seen.count() != len({one.pk for one in wanted}):
        raise FolkmootError("Choose themes from a codebook that you can read.")
    return wanted


def _renew(concern: Concern) -> bool:
    now = concern.contributions.filter(state="read").aggregate(people=Sum("people"))["people"] or 0
    if not may_renew(concern.released_people, now=now):
        return False
    concern.released_people, concern.released_on = now, timezone.localdate()
    Concern.objects.filter(pk=concern.pk).update(
        released_people=concern.released_people, released_on=concern.released_on
    )
    return True
