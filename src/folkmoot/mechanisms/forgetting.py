"""Words of a factor that have to go: they stand in the factor, and in every label that was made of it.

What does not belong here: when they have to go (``coding`` knows whose words they were).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from folkmoot.audit.models import Event
from folkmoot.discussion.withdrawn import silence_talk
from folkmoot.mechanisms.models import Assumption, Factor

GONE = "words that were withdrawn"


def forget_words(factor: Factor) -> None:
    """Leave the factor without its words, in the log and in the talk about its assumptions as well."""
    Factor.objects.filter(pk=factor.pk).update(wording=GONE)
    factor.wording = GONE
    rename_traces(factor)


def rename_traces(factor: Factor) -> None:
    """Name the factor and its assumptions by their present words wherever a label kept the earlier ones.

    Member checks about them end: a question repeats the words.
    """
    _relabel("mechanisms.factor", factor.pk, str(factor))
    for one in Assumption.objects.filter(Q(cause=factor) | Q(effect=factor)).select_related(
        "cause", "effect"
    ):
        _relabel("mechanisms.assumption", one.pk, str(one))
        silence_talk("mechanisms.assumption", [one.pk], label=str(one)[:200])


def _relabel(kind: str, pk: int, label: str) -> None:
    Event.objects.filter(object_kind=kind, object_id=str(pk)).update(object_label=label[:200])


def is_used(factor: Factor, *, besides: Collection[type[Model]] = ()) -> bool:
    """Does anything stand on the factor or its assumptions: a chain, a mark, an appraisal?

    Every kind of row that points at them is asked, those of rooms above as well, but for ``besides``.
    """
    return _stands_on(factor, {Assumption, *besides}) or any(
        _stands_on(one, set(besides)) for one in assumptions_on(factor)
    )


def assumptions_on(factor: Factor) -> QuerySet[Assumption]:
    return Assumption.objects.filter(Q(cause=factor) | Q(effect=factor)).select_related("cause", "effect")


def _stands_on(row: Factor | Assumption, besides: set[type[Model]]) -> bool:
    for field in row._meta.get_fields(include_hidden=True):
        if not isinstance(field, ForeignObjectRel) or field.related_model in besides:
            continue
        kind: Any = field.related_model
        if kind._default_manager.filter(**{field.field.name: row}).exists():
            return True
    return False
