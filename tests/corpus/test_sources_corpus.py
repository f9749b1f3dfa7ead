"""The real files, brought in through the database: every turn in its place, every row accounted for."""

from __future__ import annotations

import pytest
from django.utils import timezone

from folkmoot.organisations.models import ResearchTeam, TeamMembership, User
from folkmoot.sources.actions import accept_all_redactions, finish_redaction_review, import_sources
from folkmoot.sources.models import Body, Source, Turn
from folkmoot.sources.queries import search_passages, turns_of

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]


@pytest.fixture
def researcher(tmp_path, settings):
    settings.ORIGINALS = tmp_path / "originals"
    user = User.objects.create_user("rae@example.org", None, name="Rae")
    team = ResearchTeam.objects.create(slug="readers", name="Readers")
    TeamMembership.objects.create(
        user=user, team=team, role="lead", created_at=timezone.now(), created_by="the test"
    )
    return user, team


def bring_in(researcher, *paths):
    user, team = researcher
    files = [(path.name, path.read_bytes()) for path in paths]
    return import_sources(files, kind="transcript", owner=team, by=user)


def test_58_interviews_come_in_with_every_turn_in_spoken_order(corpus, researcher):
    imported = bring_in(researcher, corpus / "transcripts" / "rural_water_interviews.csv")
    assert (imported.sources.count(), imported.read) == (58, 9815)
    assert imported.used + len(imported.set_aside) == 9815
    assert Turn.objects.count() == imported.used
    for source in imported.sources.all():
        text, end = Body.objects.get(source=source).text, 0
        for number, turn in enumerate(source.turns.order_by("number"), 1):
            assert turn.number == number and turn.start >= end and text[turn.start : turn.end].strip()
            end = turn.end
    assert imported.sources.filter(kind="group").exists()
    assert Turn.objects.exclude(doubt="").exists() and any("doubtful" in note for note in imported.notes)


def test_the_long_hearing_and_the_pdf_files_come_in_and_are_found_after_review(corpus, researcher):
    folder = corpus / "transcripts"
    paths = [*sorted((folder / "inquiry").glob("*.rst")), *sorted(folder.glob("*.pdf"))]
    imported = bring_in(researcher, *paths)
    assert imported.read == imported.used + len(imported.set_aside)
    assert not any(file["refused"] for file in imported.files)
    user, _ = researcher
    longest = imported.sources.order_by("-words").first()
    assert longest.words > 50_000
    accept_all_redactions(longest, by=user)
    finish_redaction_review(longest, by=user)
    assert search_passages("community", viewer=user).total > 0
    assert len(turns_of(longest, viewer=user)) == longest.turns.count()


def test_pseudonyms_stand_for_every_label_and_names_of_speakers_are_proposed(corpus, researcher):
    path = next((corpus / "transcripts" / "inquiry").glob("*gething*"))
    source = bring_in(researcher, path).sources.get()
    labels = set(source.speakers.values_list("label", flat=True))
    pseudonyms = set(source.speakers.values_list("pseudonym", flat=True))
    assert labels and not labels & pseudonyms
    assert source.redactions.filter(state="proposed").exists()
    assert Source.objects.get().redaction == "open"
