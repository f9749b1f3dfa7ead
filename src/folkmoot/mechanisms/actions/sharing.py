"""How far chains and their assumptions are shown, and single assumptions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from folkmoot.audit.actions import action, record, save_part, save_version
from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.drafts import StepDraft, require_sound, words_of
from folkmoot.mechanisms.forgetting import rename_traces
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, Step
from folkmoot.mechanisms.writing import assumption_for, show_as, shown_as
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import Visibility


@action
def share_mechanism(
    mechanism: Mechanism, *, visibility: str, expected: int | None = None, by: User
) -> Mechanism:
    """Say how far a chain and the assumptions it owns are shown."""
    require_edit(by, mechanism)
    own_word = Visibility.TEAM if mechanism.team_id else Visibility.OWN
    wide = {Visibility.NETWORK, Visibility.PUBLIC}
    if visibility not in (wide if mechanism.is_network else {own_word, *wide}):
        raise FolkmootError("A chain is its owner's own, shared with the network, or public.")
    save_part(mechanism, expected=expected, by=by, visibility=visibility)
    inside = Assumption.objects.filter(steps__version__mechanism=mechanism).distinct()
    needed: set[int] = set()
    if visibility == own_word:
        # what another shared chain or another owner builds on stays shown
        others = Step.objects.exclude(version__mechanism=mechanism).filter(
            Q(version__mechanism__visibility__in=wide)
            | ~Q(
                version__mechanism__organisation=mechanism.organisation,
                version__mechanism__team=mechanism.team,
            )
        )
        inside = inside.exclude(pk__in=others.values("assumption"))
        ends = others.values_list("assumption__cause", "assumption__effect")
        needed = {factor for pair in ends for factor in pair}
    show_as(list(inside), mechanism=mechanism, leaving=needed)
    record("shared a mechanism", by=by, on=mechanism, visibility=visibility)
    return mechanism


@action
def start_assumption(
    cause: str, *, effect: str, owner: Owner, visibility: str = "own", by: User, **details: Any
) -> Assumption:
    """Begin an assumption outside any chain, as a coder does who finds one nobody has stated."""
    require_edit_for(by, **ids_of(owner))
    owned = shown_as(owner, visibility)
    step = StepDraft(cause=cause, effect=effect, **details)
    require_sound([step])
    assumption = assumption_for(step, owned, by)
    record("started an assumption", by=by, on=assumption)
    return assumption


@action
def reword_factor(factor: Factor, *, wording: str, by: User) -> Factor:
    """Say the same factor in other words, because the ones it had were taken back by whoever said them.

    For nothing else: another wording is another factor, and inherits nothing.
    """
    require_edit(by, factor)
    words = words_of(wording)
    if not words or len(words) > 300:
        raise FolkmootError("Say what changes, in 300 characters at most.")
    if words.casefold() == factor.wording.casefold():
        raise FolkmootError("These are the words that were taken back. Say it in your own.")
    owner = {"organisation": factor.organisation, "team": factor.team}
    if Factor.objects.filter(wording__iexact=words, **owner).exclude(pk=factor.pk).exists():
        raise FolkmootError("You have another factor in these words already. Choose others.")
    factor.wording = words
    factor.save(update_fields=["wording"])
    rename_traces(factor)
    record("reworded a factor", by=by, on=factor)
    return factor


@action
def describe_assumption(
    assumption: Assumption,
    *,
    population: str,
    horizon: str,
    horizon_days: int | None,
    smallest_change: str,
    smallest_change_value: float | None,
    expected: int,
    by: User,
) -> Assumption:
    """Say for whom, within what time and from which change on an assumption matters.

    It stays the same assumption with its evidence: only another cause or effect makes another one.
    """
    require_edit(by, assumption)
    assumption.population = population.strip()
    assumption.horizon = horizon.strip()
    assumption.horizon_days = horizon_days
    assumption.smallest_change = smallest_change.strip()
    assumption.smallest_change_value = smallest_change_value
    save_version(assumption, expected=expected, by=by)
    record("described an assumption", by=by, on=assumption, number=assumption.version)
    return assumption
