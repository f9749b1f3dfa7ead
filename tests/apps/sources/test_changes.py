"""Correcting, reviewing and withdrawing: what each does, whom it refuses and the trace it leaves."""

from __future__ import annotations

import pathlib

import pytest

from folkmoot.audit.models import Event
from folkmoot.core.errors import NotAllowed, NotYet, Stale
from folkmoot.sources import actions, withdrawal
from folkmoot.sources.hiding import Hidden, hide
from folkmoot.sources.models import Body, Original, RedactionMark, Speaker, Turn
from folkmoot.sources.queries import turns_of
from folkmoot.sources.storage import path_of


def test_withdrawal_removes_every_word_and_keeps_the_tombstone(
    cast, bring_in, django_capture_on_commit_callbacks
):
    source = bring_in("Talk with Ann Smith.txt", reviewed=True, setting="Her kitchen", recruitment="Friends")
    passage = actions.mark_passage(source, start=0, end=4, by=cast.dina)
    file = path_of(source.original)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_source(source, reason="She asked", by=cast.dina)
    source.refresh_from_db()
    passage.refresh_from_db()
    assert source.is_withdrawn and source.withdrawal_reason == "She asked" and source.withdrawn_by == "Dina"
    assert not file.exists() and source.original.name == "withdrawn"
    for kind in (Body, Turn, Speaker, RedactionMark):
        assert not kind.objects.exists()
    kept = f"{source.title}{source.setting}{source.recruitment}{source.notes}{source.imported.files}"
    assert "Ann" not in kept and "kitchen" not in kept and "Friends" not in kept
    assert not Event.objects.filter(object_label__contains="Ann").exists()
    assert Event.objects.filter(action="sources.withdrawn").count() == 1


def test_only_a_lead_researcher_withdraws_and_only_once(cast, bring_in):
    source = bring_in()
    cast.dina.team_memberships.update(role="researcher")
    cast.dina.__dict__.pop("_access", None)
    with pytest.raises(NotAllowed):
        actions.withdraw_source(source, reason="", by=cast.dina)
    cast.dina.team_memberships.update(role="lead")
    cast.dina.__dict__.pop("_access", None)
    actions.withdraw_source(source, reason="", by=cast.dina)
    with pytest.raises(NotYet):
        actions.withdraw_source(source, reason="", by=cast.dina)


def test_withdrawing_one_interview_of_a_file_erases_the_file_and_keeps_the_others_words(cast, bring_in):
    table = "interview,speaker,text\nOne,Interviewer,Why?\nOne,Interviewee,Because.\nTwo,Interviewer,So?\nTwo,Interviewee,Yes.\n"
    imported = actions.import_sources(
        [("all.csv", table.encode())], kind="transcript", owner=cast.team, by=cast.dina
    )
    first, second = imported.sources.order_by("pk")
    actions.withdraw_source(first, reason="", by=cast.dina)
    assert Original.objects.get().erased_at is not None
    assert [turn.text for turn in turns_of(second, viewer=cast.dina)] == ["So?", "Yes."]


def test_what_stands_above_is_told_inside_the_withdrawal_and_can_undo_it(cast, bring_in, monkeypatch):
    source = bring_in()
    told = []

    def fail(withdrawn, by):
        told.append((withdrawn.pk, by, Body.objects.filter(source=withdrawn).exists()))
        raise NotYet("a briefing is being published")

    monkeypatch.setattr(withdrawal, "_callbacks", [fail])
    with pytest.raises(NotYet):
        actions.withdraw_source(source, reason="", by=cast.dina)
    source.refresh_from_db()
    assert told == [(source.pk, cast.dina, True)]
    assert (
        not source.is_withdrawn and source.body.text and not Event.objects.filter(action="sources.withdrawn")
    )


def test_nothing_of_a_withdrawn_source_can_be_changed(cast, bring_in):
    source = bring_in()
    actions.withdraw_source(source, reason="", by=cast.dina)
    for change in (
        lambda: actions.mark_passage(source, start=0, end=1, by=cast.dina),
        lambda: actions.finish_redaction_review(source, by=cast.dina),
        lambda: actions.set_consent(source, consent="quote", expected=source.version, by=cast.dina),
    ):
        with pytest.raises(NotYet):
            change()


def test_a_stale_consent_is_refused_and_names_who(cast, bring_in):
    source = bring_in()
    first = source.version
    actions.set_consent(source, consent="quote", expected=first, by=cast.dina)
    with pytest.raises(Stale, match="Dina"):
        actions.set_consent(source, consent="count", expected=first, by=cast.dina)


def test_an_interview_cannot_be_described_as_a_document(cast, bring_in):
    source = bring_in()
    with pytest.raises(NotYet):
        actions.describe_source(
            source,
            title="x",
            kind="strategy",
            held_on=None,
            setting="",
            recruitment="",
            missing_people="",
            about_organisation=None,
            people=1,
            expected=source.version,
            by=cast.dina,
        )


def test_a_doubtful_turn_is_settled_by_saying_who_spoke(cast, bring_in):
    source = bring_in()
    turn = source.turns.get(number=2)
    Turn.objects.filter(pk=turn.pk).update(doubt="unsure")
    asker = source.speakers.get(role="interviewer")
    actions.correct_turn(turn, speaker=asker, by=cast.dina)
    turn.refresh_from_db()
    assert turn.speaker == asker and turn.doubt == ""


def test_speakers_of_two_sources_are_never_joined(cast, bring_in):
    one = bring_in().speakers.first()
    other = bring_in("b.txt", "Interviewer: So?\n\nInterviewee: Yes.\n").speakers.first()
    with pytest.raises(NotYet):
        actions.join_speakers([other], into=one, by=cast.dina)


@pytest.mark.parametrize("who", ["ada", "eli", "gus"])
def test_nobody_outside_changes_anything(cast, bring_in, who):
    source, by = bring_in(), cast.people[who]
    mark = source.redactions.first()
    for change in (
        lambda: actions.decide_redaction(mark, accept=True, by=by),
        lambda: actions.accept_all_redactions(source, by=by),
        lambda: actions.add_redaction(source, start=0, end=2, by=by),
        lambda: actions.finish_redaction_review(source, by=by),
        lambda: actions.add_protected_name(cast.team, name="Somebody", by=by),
        lambda: actions.set_visibility(source, visibility="public", expected=1, by=by),
        lambda: actions.correct_speaker(source.speakers.first(), pseudonym="x", role="other", by=by),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_every_decision_on_names_leaves_its_trace_without_words(cast, bring_in):
    source = bring_in()
    actions.accept_all_redactions(source, by=cast.dina)
    actions.add_redaction(source, start=0, end=5, by=cast.dina)
    actions.finish_redaction_review(source, by=cast.dina)
    traces = Event.objects.filter(action__startswith="sources.redaction")
    assert traces.count() == 3 and all(event.team_id == cast.team.pk for event in traces)
    assert "margaret" not in str([event.detail for event in traces]).lower()


def test_a_hidden_span_across_the_edge_of_a_passage_hides_its_part_inside():
    hidden = [Hidden(0, 7, "[NAME]"), Hidden(5, 9, "[X]"), Hidden(20, 30, "[END]")]
    assert hide("cdefghijklmno", start=4, hidden=hidden) == "[NAME][X]hijklmno"
    assert hide("plain", start=100, hidden=hidden) == "plain"
    assert hide("uvwxyz", start=18, hidden=hidden) == "uv[END]"


def test_originals_of_two_owners_never_share_a_place(cast, settings):
    from folkmoot.sources.storage import place_of

    assert place_of(cast.team, "a" * 64) != place_of(cast.rival, "a" * 64) != place_of(cast.police, "a" * 64)
    assert pathlib.PurePosixPath(place_of(cast.team, "a" * 64)).parts[0] == f"team-{cast.team.pk}"
