"""Bringing sources in: what a file becomes, what is set aside, and what two owners learn of each other."""

from __future__ import annotations

import pathlib

import pytest

from folkmoot.audit.models import Event
from folkmoot.core.errors import BadImport, FolkmootError, NotAllowed
from folkmoot.sources.actions import import_sources, withdraw_source
from folkmoot.sources.intake import pseudonyms
from folkmoot.sources.models import Import, Original, Passage, ProtectedName, SearchText, Source, Turn

TALK = "Interviewer: Why?\n\nInterviewee: Because they came back. Ask Margaret Oakthorpe.\n"
GROUP = "Interviewer: So?\n\nInterviewee 1: Not here.\n\nInterviewee 2: It was mended.\n"


def files_of(settings) -> list[str]:
    folder = pathlib.Path(settings.ORIGINALS)
    return sorted(
        str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file() and one.name[0] != "."
    )


def test_an_interview_comes_in_with_turns_pseudonyms_and_its_original(cast, settings):
    imported = import_sources(
        [("first talk.txt", TALK.encode())],
        kind="transcript",
        owner=cast.team,
        recruitment="Asked by their sergeant",
        names=["Margaret Oakthorpe"],
        by=cast.dina,
    )
    source = imported.sources.get()
    assert (source.kind, source.people, source.consent, source.visibility) == (
        "interview",
        1,
        "count",
        "team",
    )
    assert source.title == "first talk" and source.recruitment == "Asked by their sergeant"
    assert [turn.speaker.pseudonym for turn in source.turns.select_related("speaker")] == [
        "Interviewer",
        "Interviewee 1",
    ]
    words = [source.body.text[turn.start : turn.end] for turn in source.turns.all()]
    assert words == ["Why?", "Because they came back. Ask Margaret Oakthorpe."]
    assert (settings.ORIGINALS / source.original.stored_as).read_bytes() == TALK.encode()
    assert imported.read == imported.used + len(imported.set_aside)
    assert source.redactions.get(kind="name").state == "proposed"
    assert ProtectedName.objects.get().name == "Margaret Oakthorpe"
    event = Event.objects.get(action="sources.imported")
    assert event.actor_id == cast.dina.pk and event.team_id == cast.team.pk
    assert not SearchText.objects.exists()


def test_two_interviewees_make_a_group_unless_said(cast):
    made = import_sources([("g.txt", GROUP.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    assert made.sources.get().kind == "group"
    said = import_sources(
        [("h.txt", GROUP.encode() + b"\n")], kind="interview", owner=cast.team, by=cast.dina
    )
    assert said.sources.get().kind == "interview"


def test_a_published_strategy_is_reviewed_and_can_be_found_at_once(cast):
    text = "# Engagement strategy\n\nWe will visit every street once a year.\n"
    made = import_sources(
        [("strategy.md", text.encode())],
        kind="strategy",
        owner=cast.police,
        consent="quote",
        published=True,
        by=cast.ada,
    )
    source = made.sources.get()
    assert (source.kind, source.redaction, source.visibility) == ("strategy", "reviewed", "own")
    assert SearchText.objects.filter(source=source).exists()


def test_the_same_file_twice_is_recognised_and_not_doubled(cast):
    import_sources([("a.txt", TALK.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    again = import_sources([("b.txt", TALK.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    assert Source.objects.count() == 1 and again.used == 0
    assert "here already" in again.set_aside[0]["reason"]
    twice = import_sources(
        [("c.txt", GROUP.encode()), ("d.txt", GROUP.encode())],
        kind="transcript",
        owner=cast.team,
        by=cast.dina,
    )
    assert Source.objects.count() == 2 and "handed in twice" in twice.set_aside[-1]["reason"]


def test_two_owners_of_an_equal_file_learn_nothing_of_each_other(cast, settings):
    import_sources([("a.txt", TALK.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    theirs = import_sources([("a.txt", TALK.encode())], kind="transcript", owner=cast.rival, by=cast.eli)
    assert theirs.used and not any("already" in row["reason"] for row in theirs.set_aside)
    assert len(files_of(settings)) == 2
    withdraw_source(theirs.sources.get(), reason="", by=_lead(cast))
    assert Original.objects.filter(team=cast.team, erased_at=None).count() == 1


def _lead(cast):
    cast.eli.team_memberships.update(role="lead")
    cast.eli.__dict__.pop("_access", None)
    return cast.eli


def test_one_broken_file_is_set_aside_and_the_others_come_in(cast):
    made = import_sources(
        [("broken.docx", b"PK\x03\x04 not a zip"), ("empty.txt", b""), ("ok.txt", TALK.encode())],
        kind="transcript",
        owner=cast.team,
        by=cast.dina,
    )
    assert made.sources.count() == 1
    assert {row["file"] for row in made.set_aside} >= {"broken.docx", "empty.txt"}
    assert made.read == made.used + len(made.set_aside)


def test_where_no_file_can_be_read_nothing_is_stored_and_each_gets_its_sentence(cast, settings):
    with pytest.raises(BadImport, match=r"a\.docx: .* b\.txt: "):
        import_sources(
            [("a.docx", b"PK\x03\x04"), ("b.txt", b" ")], kind="transcript", owner=cast.team, by=cast.dina
        )
    assert not Import.objects.exists() and not files_of(settings)


def test_a_withdrawn_file_is_not_brought_back(cast, bring_in):
    source = bring_in()
    content = (_path(source)).read_bytes()
    withdraw_source(source, reason="asked", by=cast.dina)
    again = import_sources([("other.txt", content)], kind="transcript", owner=cast.team, by=cast.dina)
    assert not again.sources.exists() and "withdrawn" in again.set_aside[0]["reason"]


def _path(source):
    from folkmoot.sources.storage import path_of

    return path_of(source.original)


@pytest.mark.parametrize("who", ["ada", "ben", "cleo", "eli", "gus"])
def test_only_the_teams_researchers_bring_in_for_it(cast, who):
    with pytest.raises(NotAllowed):
        import_sources([("a.txt", TALK.encode())], kind="transcript", owner=cast.team, by=cast.people[who])


def test_a_file_that_is_too_large_is_refused_before_it_is_read(cast):
    from folkmoot.sources.intake import Incoming

    def never():
        raise AssertionError("it was read")

    with pytest.raises(BadImport, match="200 MB"):
        import_sources(
            [Incoming("huge.txt", 200_000_000, never)], kind="transcript", owner=cast.team, by=cast.dina
        )


@pytest.mark.django_db(transaction=True)
def test_orphans_of_a_stopped_import_are_swept_and_kept_files_are_not(cast, settings):
    source = import_sources(
        [("a.txt", TALK.encode())], kind="transcript", owner=cast.team, by=cast.dina
    ).sources.get()
    orphan = pathlib.Path(settings.ORIGINALS) / "team-1" / "ab" / ("ab" * 32)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"left behind")
    import_sources([("b.txt", GROUP.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    assert not orphan.exists() and _path(source).exists()


def test_the_number_of_queries_does_not_grow_with_the_number_of_turns(cast, django_assert_max_num_queries):
    text = "".join(f"Interviewer: {n}?\n\nInterviewee: It was {n}.\n\n" for n in range(400))
    with django_assert_max_num_queries(40):
        import_sources([("long.txt", text.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    assert Turn.objects.count() == 800 and not Passage.objects.exists()


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        ({"Interviewer": "interviewer", "Interviewee": "interviewee"}, ["Interviewer", "Interviewee 1"]),
        (
            {"Interviewer 4": "interviewer", "Interviewer 2": "interviewer"},
            ["Interviewer 4", "Interviewer 2"],
        ),
        ({"Ann Lee": "other", "Bo": "other"}, ["Speaker 1", "Speaker 2"]),
        ({"Interviewee 2": "interviewee", "Ann": "interviewee"}, ["Interviewee 2", "Interviewee 1"]),
        ({"P1": "interviewee", "Participant 1": "interviewee"}, ["Interviewee 1", "Interviewee 2"]),
    ],
)
def test_a_pseudonym_never_is_a_name_and_keeps_the_number_of_a_role(labels, shown):
    assert list(pseudonyms(labels).values()) == shown


def test_two_people_who_bring_in_one_file_at_the_same_moment_make_one_source(cast, monkeypatch):
    from folkmoot.sources.actions import importing

    import_sources([("a.txt", TALK.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    real, asked = importing.known_file, []

    def late(owner, sha256):
        asked.append(sha256)
        return "" if len(asked) < 3 else real(owner, sha256)  # the other one commits in between

    monkeypatch.setattr(importing, "known_file", late)
    again = import_sources([("a.txt", TALK.encode())], kind="transcript", owner=cast.team, by=cast.dina)
    assert "here already" in again.set_aside[0]["reason"] and Source.objects.count() == 1


@pytest.mark.parametrize("kind", ["transcript", "interview", "group"])
def test_an_interview_is_never_an_organisations(cast, kind):
    """Whoever speaks is promised that only researchers hear it, whichever door the file comes through."""
    with pytest.raises(FolkmootError, match="research team"):
        import_sources([("a.txt", TALK.encode())], kind=kind, owner=cast.police, by=cast.ada)
    assert not Source.objects.exists()
