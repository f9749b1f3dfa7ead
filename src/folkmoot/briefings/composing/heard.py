"""What people said on the work under an objective, and what came of it: the concerns that its readers may see.

Their words are not repeated: they are read on the concern's own page, as long as nobody takes them back. What
promotes an office holder is left out of every report of benefit (RL10).
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from folkmoot.briefings.composing.context import Context
from folkmoot.briefings.composing.parts import Part, bullets, ref, say, sentence
from folkmoot.heard.elections import PROMOTES
from folkmoot.heard.models import Concern
from folkmoot.organisations.visibility import Visibility

MOST = 30


def concerns(context: Context) -> list[Part]:
    """One statement for each concern of the objective's initiatives; nothing where there is none."""
    objective = context.briefing.objective
    if objective is None:
        return []
    found = (
        Concern.objects.visible_to(context.readers)
        .filter(initiative__objectives=objective)
        .exclude(Exists(Concern.objects.filter(PROMOTES, pk=OuterRef("pk"))))
        .prefetch_related("decisions")
        .distinct()
        .order_by("pk")[:MOST]
    )
    public = context.briefing.visibility == Visibility.PUBLIC
    items = [_said(one, public=public) for one in found]
    return [bullets("What people said on it, and what came of it", items)] if items else []


def _said(one: Concern, *, public: bool) -> Part:
    told = [
        f"“{one.title}”: {one.get_state_display().lower()}.",
        f"Open to influence: {(one.get_influence_display() or 'not said').lower()}.",
    ]
    for decision in list(one.decisions.all())[:1]:
        told += [
            f"Decided on {decision.decided_on:%-d %B %Y}: {sentence(decision.what)}",
            f"Why: {sentence(decision.because)}",
        ]
    if one.closed_because:
        told.append(f"Why: {sentence(one.closed_because)}")
    # whoever reads a public edition reads the public page; members read the whole
    part = say(" ".join(told), ref("heard" if public else "concern", one.pk, one.title))
    part["concern"] = one.pk
    return part
