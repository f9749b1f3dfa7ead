"""Taking words back: at once, everywhere, without a reason.

The row stays as a mark that something was here; the words, the code and what was derived from them go. What does
not belong here: replaying it after a restore (``project.archive``).
"""

from __future__ import annotations

from django.utils import timezone

from folkmoot.audit.actions import Actor, TheInstance, action, record
from folkmoot.core.errors import NotYet
from folkmoot.heard import withdrawal
from folkmoot.heard.models import Contribution, Correction, Said, ThemeMark
from folkmoot.heard.models.public import PublicWords
from folkmoot.heard.policies import require_bring_in
from folkmoot.heard.states import CONTRIBUTION, PUBLIC_WORDS
from folkmoot.sources.indexing import overwrite_deleted


@action
def withdraw_contribution(contribution: Contribution, *, by: Actor) -> Contribution:
    """Remove the words. ``by`` is whoever holds its code, somebody of the organisation, or the instance."""
    _may(by, contribution.organisation_id)
    contribution.refresh_from_db()  # a wish to withdraw is never refused because somebody edited meanwhile
    if contribution.is_withdrawn:
        raise NotYet("These words were taken back already.")
    overwrite_deleted()
    withdrawal.tell(contribution, by=by)
    ThemeMark.objects.filter(contribution=contribution).delete()
    Said.objects.filter(contribution=contribution).delete()
    for one in Correction.objects.filter(contribution=contribution).exclude(state="withdrawn"):
        _erase(one)  # its code proved who wrote it: the wish holds for it as well
    activity = contribution.activity
    if activity is not None and contribution.origin == Contribution.Origin.REMARK and activity.remark:
        activity.remark = ""
        activity.save(update_fields=["remark"])
    contribution.state = CONTRIBUTION.after(contribution.state, "withdraw")
    contribution.text = contribution.where = contribution.because = ""
    contribution.may_be_quoted = False
    contribution.receipt = contribution.settled_by = ""
    contribution.passage = None
    contribution.withdrawn_at = timezone.now()
    contribution.version += 1
    contribution.save()
    record("heard.contribution withdrawn", by=by, on=contribution, origin=contribution.origin)
    withdrawal.remember(contribution)
    return contribution


@action
def withdraw_public_words(words: PublicWords, *, by: Actor) -> PublicWords:
    """Remove a reply or correction. It counts for nothing from now on."""
    concern = words.concern
    _may(by, concern.organisation_id)
    words.refresh_from_db()
    if words.state == "withdrawn":
        raise NotYet("These words were taken back already.")
    overwrite_deleted()
    _erase(words)
    record(
        "heard.public words withdrawn",
        by=by,
        on=words,
        organisation_id=concern.organisation_id,
        team_id=concern.team_id,
    )
    return words


def _erase(words: PublicWords) -> None:
    words.state = PUBLIC_WORDS.after(words.state, "withdraw")
    words.words = words.answer = words.because = words.receipt = words.settled_by = ""
    words.withdrawn_at = timezone.now()
    words.save()
    withdrawal.remember(words)


def _may(by: Actor, organisation_id: int | None) -> None:
    if not isinstance(by, TheInstance):
        require_bring_in(by, organisation_id=organisation_id)
