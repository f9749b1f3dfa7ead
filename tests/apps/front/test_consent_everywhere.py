"""What may be counted only is told nowhere: not by a page, not by the API, not by a dispute, not after a withdrawal."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.discussion.actions import add_comment, answer_member_check, ask_member_check
from folkmoot.evidence.actions import mark_factor, record_finding, record_study
from folkmoot.evidence.models import QualitativeFinding
from folkmoot.evidence.queries import gather
from folkmoot.mechanisms.actions import create_mechanism, retire_mechanism
from folkmoot.mechanisms.drafts import StepDraft
from folkmoot.sources import actions as sources

WORDS = "it is gone by the next bad stop"


@pytest.fixture
def counted(world, cast, claim_in):
    """A public claim on words that may be counted only."""
    sources.set_consent(world.talk, consent="count", expected=world.talk.version, by=cast.dina)
    world.talk.refresh_from_db()
    return claim_in(
        WORDS,
        stance="challenges",
        assumption=world.steps["P3.4"],
        cause="one bad stop",
        effect="every visit is undone",
        visibility="public",
    )


def _seen(client, world, claim):
    urls = [
        reverse("assumption", args=[world.steps["P3.4"].pk]),
        reverse("claims"),
        reverse("claim", args=[claim.pk]),
        "/api/v1/claims",
        "/api/v1/claims?limit=200",
    ]
    return " ".join(client.get(url).content.decode() for url in urls)


@pytest.mark.parametrize("name", [None, "ada", "cleo", "eli"])
def test_a_coders_sentence_on_counted_words_reaches_nobody_outside(world, cast, as_, counted, name):
    assert "every visit is undone" not in _seen(as_(cast.people[name] if name else None), world, counted)
    assert "every visit is undone" in _seen(as_(cast.dina), world, counted)


def test_a_dispute_does_not_tell_what_was_counted_only(world, cast, as_, counted):
    check, _ = ask_member_check(
        counted,
        question="Did you say that?",
        asked_of="Interviewee 1, inspector",
        team=cast.team,
        by=cast.dina,
    )
    answer_member_check(check, answer="unfair", words="I did not.", may_be_shown=True, by=cast.dina)
    seen = _seen(as_(cast.ada), world, counted)
    assert "every visit is undone" not in seen and "inspector" not in seen
    assert "a reading that is counted only" in seen


def test_only_whoever_keeps_a_reading_asks_about_it(world, cast, as_, counted):
    page = reverse("check_ask", args=["coding.claim", counted.pk])
    assert as_(cast.eli).get(page).status_code == 404
    with pytest.raises(NotAllowed):
        ask_member_check(counted, question="Fair?", asked_of="P", team=cast.rival, by=cast.eli)


def test_a_withdrawal_takes_the_checks_the_labels_and_the_findings_with_it(world, cast, as_, counted):
    check, secret = ask_member_check(
        counted, question="You said every visit is undone", asked_of="P1", team=cast.team, by=cast.dina
    )
    answer_member_check(check, answer="partly", words="Only at night", may_be_shown=True, by=cast.dina)
    add_comment(counted, text="Strong.", by=cast.dina)
    finding = record_finding(
        world.steps["P3.4"],
        statement="One bad stop undoes a visit",
        direction="against",
        components=dict.fromkeys(("methodological_limits", "coherence", "adequacy", "relevance"), "said"),
        confidence="low",
        why="one voice",
        owner=cast.team,
        visibility="network",
        claims=[counted],
        by=cast.dina,
    )
    sources.withdraw_source(world.talk, reason="Asked", by=cast.dina)
    check.refresh_from_db()
    assert (check.question, check.words, check.asked_of) == ("", "", "withdrawn")
    assert as_(None).get(reverse("check_answer", args=[secret])).status_code == 404
    assert not Event.objects.filter(object_label__contains="visit is undone").exists()
    assert QualitativeFinding.objects.get(pk=finding.pk).state == "superseded"
    assert (
        b"undoes a visit"
        not in as_(cast.ada).get(reverse("assumption", args=[world.steps["P3.4"].pk])).content
    )


def test_the_networks_word_knows_no_private_and_no_retired_chain(world, cast):
    step = world.steps["P3.3"]

    def upstream(viewer, scope):
        return gather([step.pk], viewer=viewer, scope=scope).upstream[step.pk]

    before = upstream(cast.ada, "network")
    private = create_mechanism(
        "Ours alone",
        owner=cast.police,
        steps=[StepDraft(cause="A secret beginning", effect=step.cause), StepDraft(assumption=step)],
        visibility="own",
        by=cast.ada,
    )
    assert upstream(cast.ada, "network") == before
    assert len(upstream(cast.ada, "ours")) == len(before) + 1
    assert upstream(cast.cleo, "ours") == before
    retire_mechanism(private, expected=1, by=cast.ada)
    assert upstream(cast.ada, "ours") == before


def test_a_shared_study_takes_no_private_factor(world, cast):
    study = record_study(
        authors="Northmere",
        title="Shared",
        owner=cast.police,
        visibility="network",
        kind="own",
        design="Streets by lot",
        setting="Northmere",
        country="England and Wales",
        level_low=5,
        level_high=5,
        read_where="full",
        by=cast.ada,
    )
    private = create_mechanism(
        "Ours alone",
        owner=cast.police,
        steps=[StepDraft(cause="A secret beginning", effect="A secret end")],
        visibility="own",
        by=cast.ada,
    )
    factor = private.versions.get().steps.get().assumption.cause
    with pytest.raises(FolkmootError, match="shared less far"):
        mark_factor(study, factor=factor, sign="up", by=cast.ada)
