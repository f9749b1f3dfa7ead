"""A short interview with everything that goes wrong: emoji, a name that is hidden, two who speak."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.coding.actions import create_code, create_codebook
from folkmoot.organisations.models import TeamMembership, User
from folkmoot.sources.actions import accept_all_redactions, finish_redaction_review, import_sources

TALK = """Interviewer: How do people know who their officer is?

Interviewee: Honestly 🙂 they see us on the doorstep. 👩‍👧 Margaret Oakthorpe opened the door at once.

Interviewer: And what came of it?

Interviewee: She reported the dumping. Trust grew, I think.
"""


@pytest.fixture
def bring_in(cast):
    """``bring_in(consent="quote", reviewed=True)`` gives the talk as a source of the team."""

    def import_one(text=TALK, *, name="talk.txt", reviewed=False, **more):
        more.setdefault("names", ["Margaret Oakthorpe"])
        imported = import_sources(
            [(name, text.encode())], kind="transcript", owner=cast.team, by=cast.dina, **more
        )
        source = imported.sources.get()
        if reviewed:
            accept_all_redactions(source, by=cast.dina)
            source = finish_redaction_review(source, by=cast.dina)
        return source

    return import_one


@pytest.fixture
def finn(cast):
    """A second researcher of the Evidence team."""
    user = User.objects.create_user("finn@example.org", "a long enough secret", name="Finn")
    TeamMembership.objects.create(
        user=user, team=cast.team, role="researcher", created_at=timezone.now(), created_by="the cast"
    )
    return user


@pytest.fixture
def book(cast):
    """A codebook of the team with two codes, one below the other."""
    codebook = create_codebook("Reading for trust", owner=cast.team, by=cast.dina)
    trust = create_code(codebook, name="trust", description="They say they rely on police.", by=cast.dina)
    visit = create_code(codebook, name="visit", parent=trust, by=cast.dina)
    return SimpleNamespace(codebook=codebook, trust=trust, visit=visit)


def span(source, words):
    """The code points of these words in the body."""
    start = source.body.text.index(words)
    return {"start": start, "end": start + len(words)}
