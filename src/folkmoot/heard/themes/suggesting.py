"""Suggested themes for the open contributions of an organisation: a long job, done in the background.

It learns from what people of this instance decided: themes on contributions, codes on passages that the
organisation may read, and the names of its codes. What does not belong here: the likeness of words (``words``).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from folkmoot.coding.models import Code, Coding
from folkmoot.core.errors import FolkmootError
from folkmoot.heard.models import Contribution, ThemeMark
from folkmoot.heard.themes.words import Example, suggested
from folkmoot.jobs.models import Job
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.sources.queries import words_of

KIND = "heard.themes"
MOST_PASSAGES = 20_000


def run(job: Job, progress: Any) -> dict[str, Any]:
    """The job: read, compare, then store in one transaction."""
    from folkmoot.heard.actions import store_suggestions

    if job.organisation is None or job.asked_by is None:
        raise FolkmootError("Themes are suggested for an organisation, to somebody of it.")
    progress(0, 4, "Reading what was decided before")
    examples = examples_for(job.organisation, viewer=job.asked_by)
    if not examples:
        raise FolkmootError(
            "There is no codebook with themes yet. Make one first, or have one shared with you."
        )
    progress(1, 4, "Reading what people said")
    rows = Contribution.objects.filter(organisation=job.organisation, state__in=["open", "read"])
    texts = dict(rows.values_list("pk", "text"))
    progress(2, 4, "Comparing words")
    found = list(suggested(texts, examples=examples, known=decided_on(job.organisation)))
    progress(3, 4, "Storing")
    stored = store_suggestions(job.organisation, suggestions=found, by=job.asked_by)
    return {
        "sentence": f"{stored} themes are suggested for {len({one.text for one in found})} contributions. "
        "Each waits for a person to decide.",
        "url": "/contributions/?theme=suggested",
        "link": "See them",
    }


def examples_for(organisation: Organisation, *, viewer: Any) -> list[Example]:
    """Texts with their themes: names and descriptions first, then what people decided."""
    codes = list(
        Code.objects.filter(visible(viewer, through="codebook"), state=Code.State.ACTIVE).values_list(
            "pk", "name", "description"
        )
    )
    numbers = {pk for pk, _, _ in codes}
    examples = [Example(pk, f"{name} {name} {description}") for pk, name, description in codes]
    decided = ThemeMark.objects.filter(
        state=ThemeMark.State.DECIDED, contribution__organisation=organisation, code__in=numbers
    ).values_list("code_id", "contribution__text")
    examples += [Example(code, text) for code, text in decided]
    coded = list(
        Coding.objects.filter(code__in=numbers)
        .values_list("code_id", "passage_id")
        .distinct()[:MOST_PASSAGES]
    )
    # the consent gate of the sources: words that this person may not read teach nothing
    words = words_of({passage for _, passage in coded}, viewer=viewer)
    examples += [
        Example(code, said.text) for code, passage in coded if (said := words.get(passage)) and said.text
    ]
    return examples


def decided_on(organisation: Organisation) -> dict[int, frozenset[int]]:
    """Themes of each contribution on which a person has spoken: for or against."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = ThemeMark.objects.filter(contribution__organisation=organisation).exclude(
        state=ThemeMark.State.SUGGESTED
    )
    for contribution, code in rows.values_list("contribution_id", "code_id"):
        found[contribution].add(code)
    return {number: frozenset(codes) for number, codes in found.items()}
