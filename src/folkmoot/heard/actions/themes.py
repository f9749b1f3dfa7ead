"""Themes on contributions: what the machine suggests stays a suggestion until a person decides."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from folkmoot.audit.actions import action, record
from folkmoot.coding.models import Code
from folkmoot.core.errors import FolkmootError
from folkmoot.heard.models import Contribution, ThemeMark
from folkmoot.heard.policies import require_keep
from folkmoot.heard.themes.words import Suggestion
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import visible

SLICE = 1_000


@action
def store_suggestions(organisation: Organisation, *, suggestions: Sequence[Suggestion], by: User) -> int:
    """Put the new suggestions in place of the old ones. What a person decided stays as it is."""
    require_keep(by, organisation_id=organisation.pk)
    ThemeMark.objects.filter(
        contribution__organisation=organisation, state=ThemeMark.State.SUGGESTED
    ).delete()
    # a contribution may have been withdrawn or decided on while the words were compared
    live = set(
        Contribution.objects.filter(organisation=organisation)
        .exclude(state="withdrawn")
        .values_list("pk", flat=True)
    )
    taken = set(
        ThemeMark.objects.filter(contribution__organisation=organisation).values_list(
            "contribution_id", "code_id"
        )
    )
    rows = [
        ThemeMark(contribution_id=one.text, code_id=one.theme, state="suggested", words=list(one.words))
        for one in suggestions
        if one.text in live and (one.text, one.theme) not in taken
    ]
    ThemeMark.objects.bulk_create(rows, batch_size=SLICE)
    record(
        "heard.themes suggested", by=by, on=organisation, organisation_id=organisation.pk, number=len(rows)
    )
    return len(rows)


@action
def add_theme(contribution: Contribution, *, code: Code, by: User) -> ThemeMark:
    """Somebody finds this theme in it, suggested or not."""
    require_keep(by, organisation_id=contribution.organisation_id)
    if contribution.is_withdrawn:
        raise FolkmootError("These words were taken back: there is no theme in them.")
    if not Code.objects.filter(visible(by, through="codebook"), pk=code.pk, state=Code.State.ACTIVE).exists():
        raise FolkmootError("Choose a theme of a codebook that you can read.")
    mark, _ = ThemeMark.objects.update_or_create(
        contribution=contribution, code=code, defaults=_decided(ThemeMark.State.DECIDED, by)
    )
    record("heard.theme added", by=by, on=contribution, code=code.pk)
    return mark


@action
def decide_theme(mark: ThemeMark, *, by: User) -> ThemeMark:
    """The suggestion fits."""
    return _settle(mark, ThemeMark.State.DECIDED, by)


@action
def refuse_theme(mark: ThemeMark, *, by: User) -> ThemeMark:
    """The theme does not fit; it is not suggested again for this contribution."""
    return _settle(mark, ThemeMark.State.REFUSED, by)


def _settle(mark: ThemeMark, state: str, by: User) -> ThemeMark:
    require_keep(by, organisation_id=mark.contribution.organisation_id)
    for name, value in _decided(state, by).items():
        setattr(mark, name, value)
    mark.save()
    record(f"heard.theme {state}", by=by, on=mark.contribution, code=mark.code_id)
    return mark


def _decided(state: str, by: User) -> dict[str, object]:
    return {"state": state, "decided_at": timezone.now(), "decided_by": by.label[:200]}
