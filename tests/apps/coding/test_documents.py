"""Documents without speakers, and words before the first speaker, are marked and coded like any interview."""

from __future__ import annotations

import html
import io
import re

import pytest
from docx import Document

from folkmoot.coding.models import Claim, Coding
from folkmoot.coding.queries import turns_read
from folkmoot.sources.actions import import_sources
from folkmoot.sources.queries import words_of

pytestmark = pytest.mark.django_db


def _docx() -> bytes:
    document = Document()
    document.add_heading("Plan", 1)
    document.add_paragraph("Visits build trust.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "By when", "Next March"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


FILES = {
    "markdown": ("plan.md", b"# Plan\n\nVisits build trust.\n\n- one\n- two\n\n> quoted\n", "strategy"),
    "one long line": ("plan.txt", b"Visits build trust. " * 40, "strategy"),
    "web page": ("minutes.html", b"<h1>Minutes</h1><p>Visits build trust.</p><ul><li>one</ul>", "minute"),
    "word file with a table": ("plan.docx", _docx(), "action plan"),
    "a talk without speakers": ("notes.txt", b"Visits build trust.\n\nAnd more.\n", "interview"),
    "words before the first speaker": (
        "talk.txt",
        b"Notes of May. Visits build trust.\n\nInterviewer: So?\n\nInterviewee: Yes.\n",
        "interview",
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_every_word_of_a_file_without_speakers_can_be_coded_and_claimed(cast, book, as_, what):
    name, content, kind = FILES[what]
    ours = kind != "interview"
    owner, by = (cast.police, cast.ada) if ours else (cast.team, cast.dina)
    source = import_sources([(name, content)], kind=kind, owner=owner, by=by).sources.get()
    body = source.body.text
    inside = {at for turn in source.turns.all() for at in range(turn.start, turn.end)}
    outside = "".join(body[at] for at in range(len(body)) if at not in inside)
    # nothing but white space, and the labels that say who speaks
    assert re.sub(r"Interview(er|ee):|\s", "", outside) == "", outside
    start = body.index("Visits build")
    client, url = as_(by), f"/sources/{source.pk}/read/"
    sent = {
        "start": start,
        "end": start + len("Visits build trust"),
        "new_code": "trusting",
        "cause": "Visits",
        "effect": "Trust",
        "stance": "asserts",
        "modality": "documented",
        "claimant_role": "document",
    }
    assert client.post(f"{url}mark/", sent).status_code == 302
    claim, coding = Claim.objects.get(), Coding.objects.get()
    assert claim.passage == coding.passage
    assert words_of([claim.passage_id], viewer=by)[claim.passage_id].text == "Visits build trust"
    beside = [turn for turn in turns_read(source, viewer=by) if turn.codings and turn.claims]
    assert len(beside) == 1 and "Visits build trust" in body[beside[0].start : beside[0].end]
    page = html.unescape(client.get(url).content.decode())
    assert "trusting" in page and f"/claims/{claim.pk}/" in page


def test_a_passage_may_begin_in_a_label_and_end_in_the_blank_line_after(cast, book, bring_in, as_):
    source = bring_in(reviewed=True)
    turn = source.turns.get(number=2)
    low, high = turn.start - len("Interviewee: "), turn.end + 1
    sent = {"start": low, "end": high, "codes": book.trust.pk}
    assert as_(cast.dina).post(f"/sources/{source.pk}/read/mark/", sent).status_code == 302
    shown = turns_read(source, viewer=cast.dina)
    # it is drawn on the words of the turn in which nearly all of it stands, and noted beside the turn it begins before
    assert [one.number for one in shown if any(part.depth for part in one.segments)] == [2]
    assert sum(len(one.codings) for one in shown) == 1
