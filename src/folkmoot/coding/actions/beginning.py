"""Assumptions that begin with what somebody said, and what becomes of these words afterwards."""

from __future__ import annotations

from django.db.models import Q

from folkmoot.audit.actions import action, made, record
from folkmoot.coding.models import Claim, TakenWords
from folkmoot.core.errors import NotYet
from folkmoot.mechanisms.actions import reword_factor, start_assumption
from folkmoot.mechanisms.drafts import words_of
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, owned_by


def begin_assumption(
    cause: str, *, effect: str, owner: Owner, by: User
) -> tuple[Assumption, tuple[Factor, ...]]:
    """The owner's assumption in these words, and those of its factors that have no other words than a reading's.

    A factor that the owner had in a chain before keeps its own origin: the speaker met its words by chance.
    """
    said = Q(wording__iexact=words_of(cause)) | Q(wording__iexact=words_of(effect))
    before = Factor.objects.filter(said, taken_words=None, **owned_by(owner))
    known = set(before.values_list("pk", flat=True))
    assumption = start_assumption(cause, effect=effect, owner=owner, by=by)
    ends = (assumption.cause, assumption.effect)
    return assumption, tuple(one for one in ends if one.pk not in known)


def keep_origin(claim: Claim, factors: tuple[Factor, ...], *, by: User) -> None:
    """Note that these factors speak in the words of this reading. Part of the action that made them."""
    for factor in factors:
        TakenWords.objects.get_or_create(factor=factor, claim=claim, defaults=made(by))


# the factors and the claim are recorded by the actions that make them
begin_assumption.is_action = keep_origin.is_action = True  # type: ignore[attr-defined]


@action
def replace_words(factor: Factor, *, wording: str, by: User) -> Factor:
    """Put a factor whose words were withdrawn in words of its owner's; it stays what it is, with its evidence."""
    if not TakenWords.objects.filter(factor=factor, to_replace=True).exists():
        raise NotYet("These words are nobody's who took them back; another wording is another factor.")
    reword_factor(factor, wording=wording, by=by)
    TakenWords.objects.filter(factor=factor).delete()
    record("replaced withdrawn words", by=by, on=factor)
    return factor
