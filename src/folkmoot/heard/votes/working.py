"""Working out the results of a conversation in the background, with progress.

What does not belong here: the statistics (``reckoning``), keeping the result (``actions.votes``).
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from folkmoot.core.errors import FolkmootError
from folkmoot.heard.models import Conversation
from folkmoot.heard.votes.boxes import opened
from folkmoot.heard.votes.reading import NOT_SHOWN
from folkmoot.heard.votes.reckoning import Described, reckoned
from folkmoot.jobs import actions as jobs
from folkmoot.jobs.models import Job
from folkmoot.organisations.models import User

KIND = "heard.results"
SEED = 1


def ask_for_results(conversation: Conversation, *, by: User) -> Job:
    """Put it into the queue."""
    if conversation.organisation is None:
        raise FolkmootError("This conversation belongs to no organisation.")
    return jobs.ask(
        KIND,
        title=f"Results of “{conversation.title[:150]}”",
        arguments={"conversation": conversation.pk},
        organisation=conversation.organisation,
        by=by,
    )


def run(job: Job, progress: Any) -> dict[str, Any]:
    """The job: reckon first, keep the result at the end."""
    from folkmoot.heard.actions import keep_result

    conversation = Conversation.objects.filter(
        pk=int(job.arguments.get("conversation", 0)), organisation=job.organisation
    ).first()
    if conversation is None or job.asked_by is None:
        raise FolkmootError("This conversation is no longer there.")
    described = [
        Described(one.number, one.text, one.special)
        for one in conversation.statements.filter(describes_people=True)
    ]
    content = reckoned(
        opened(conversation.box),
        characteristics=described,
        refused=list(conversation.statements.filter(moderated=NOT_SHOWN).values_list("number", flat=True)),
        seed=SEED,
        progress=lambda done, total, step: progress(done, total, step),
    )
    # what was said of the statements meanwhile makes this result one of another question
    now = set(conversation.statements.filter(describes_people=True).values_list("number", flat=True))
    if now != {one.number for one in described}:
        raise FolkmootError(
            "While this was worked out somebody chose other statements that describe people. Ask again."
        )
    keep_result(conversation, content=content, seed=SEED, by=job.asked_by)
    return {
        "sentence": "The results are there.",
        "url": reverse("conversation", args=[conversation.pk]),
        "link": "See the results",
    }
