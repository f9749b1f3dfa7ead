"""What is left of the talk about an object whose words were withdrawn."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from folkmoot.audit.models import Event
from folkmoot.discussion.models import Comment, MemberCheck


def silence_talk(kind: str, ids: Collection[int], *, label: str) -> None:
    """End the member checks about these objects, with the words in them, and rename every mention of them.

    A check's question quotes the reading, and its answer is the person's own words: both go. Comments
    are members' words and stay, under the new label.
    """
    checks = MemberCheck.objects.filter(target_kind=kind, target_id__in=ids)
    comments = Comment.objects.filter(target_kind=kind, target_id__in=ids)
    for model, listed in ((MemberCheck, checks), (Comment, comments)):
        Event.objects.filter(
            object_kind=model._meta.label_lower,
            object_id__in=[str(pk) for pk in listed.values_list("pk", flat=True)],
        ).update(object_label=label)
    checks.update(
        question="",
        words="",
        asked_of="withdrawn",
        may_be_shown=False,
        target_label=label,
        withdrawn_at=timezone.now(),
    )
    comments.update(target_label=label)


def comments_on(kind: str, ids: Collection[int]) -> int:
    """How many comments there are on these objects."""
    return Comment.objects.filter(target_kind=kind, target_id__in=ids, withdrawn_at=None).count()
