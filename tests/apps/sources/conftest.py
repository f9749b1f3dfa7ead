"""Small interviews to bring in: two people, names, numbers, and what they said of visits."""

from __future__ import annotations

import pytest

from folkmoot.sources.actions import finish_redaction_review, import_sources
from folkmoot.sources.actions.redacting import accept_all_redactions

TALK = """Interviewer: How do people know who their officer is?

Interviewee: They see us on the doorstep. When we visited Ferry Road, Margaret Oakthorpe opened the door at once.

Interviewer: And what came of it?

Interviewee: She reported the dumping. Write to her at margaret@example.org if you like. Trust grew, I think.
"""
GROUP = """Interviewer: Does the meeting change anything?

Interviewee 1: Not here. Nobody ever came back to tell us what was done.

Interviewee 2: The lighting was mended, so something changed on the estate.
"""


@pytest.fixture
def bring_in(cast):
    """``bring_in("talk.txt", TALK, owner=…, by=…)`` gives the source that the file became."""

    def import_one(name="talk.txt", text=TALK, *, owner=None, by=None, reviewed=False, **more):
        by = by or cast.dina
        more.setdefault("kind", "transcript")
        imported = import_sources([(name, text.encode())], owner=owner or cast.team, by=by, **more)
        source = imported.sources.get()
        if reviewed:
            accept_all_redactions(source, by=by)
            source = finish_redaction_review(source, by=by)
        return source

    return import_one
