"""What was found: by rule and factor by factor, nulls like any other, confirmed by others, and what it does to a standing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.discussion.actions import add_comment, answer_member_check, ask_member_check
from folkmoot.evaluations.actions.data import bring_table
from folkmoot.evaluations.actions.findings import (
    MarkDraft,
    hear_member_check,
    judge_finding,
    record_finding,
    share_finding,
    withdraw_finding,
)
from folkmoot.evaluations.actions.plans import share_plan
from folkmoot.evaluations.actions.runs import run_now
from folkmoot.evaluations.models import Finding
from folkmoot.evidence.actions import appraise, reinstate_study
from folkmoot.evidence.models import Study
from folkmoot.evidence.queries import standings
from folkmoot.evidence.queries.pooled import entries_of
from folkmoot.evidence.queries.shelf import gather

from .making import CHOSEN, streets

pytestmark = pytest.mark.django_db
WHOLE = {
    "same_country": True,
    "differs": [],
    "read_in_full": True,
    "appraiser_is_evaluator": False,
    "level": 5,
}


def judged(assumption, viewer):
    return standings([assumption.pk], viewer=viewer, scope="network")[assumption.pk]


def test_a_finding_is_recorded_factor_by_factor_with_signs_by_rule(found, chain):
    finding = found()
    told = {one.factor.key: one for one in finding.marks.all()}
    assert {key: one.sign for key, one in told.items()} == {"T.0": "up", "T.1": "up", "T.2": "up"}
    assert (
        told["T.0"].manipulated and told["T.0"].randomised and told["T.0"].note.startswith("The visits log")
    )
    assert told["T.2"].by_rule == "up" and told["T.2"].horizon_days == 42
    assert told["T.1"].figure.endswith(")") and "points (" in told["T.1"].figure
    assert finding.state == "provisional" and finding.plan.state == "found"
    assert "95% interval" in finding.sentence
    assert finding.figures["interval"][0] > 0


def test_a_finding_stands_among_the_studies_and_moves_the_standing_by_rule(found, chain, cast):
    link = chain.assumptions[1]
    assert judged(link, cast.dina).word == "none"
    finding = found()
    study = Study.objects.get(finding=finding)
    assert (study.kind, study.level_low, study.sample) == ("own", 5, "northmere-doorsteps")
    assert [one.key for one in study.randomised_at.all()] == ["T.0"]
    assert judged(link, cast.dina).word == "thin" and judged(link, cast.dina).leaning == "for"
    assert study.figures[0]["text"] == finding.marks.get(factor=chain.factors[2]).figure


def test_nobody_but_its_evaluator_has_read_it_until_somebody_else_appraises(
    found, chain, cast, doorsteps, plan
):
    """Two teams found the same; it is supported once others than these have read both."""
    link = chain.assumptions[1]
    first = found()
    study = Study.objects.get(finding=first)
    test = judged(link, cast.dina).standing.judgement
    assert "two of the papers for it read in full, by someone who did not evaluate" in test.missing
    with pytest.raises(FolkmootError, match="one of its evaluators"):
        appraise(
            study,
            assumption=link,
            why="We did it well.",
            owner=cast.police,
            visibility="public",
            by=cast.ada,
            **WHOLE,
        )
    appraise(
        study,
        assumption=link,
        why="Read with its table.",
        owner=None,
        visibility="public",
        by=cast.dina,
        **WHOLE,
    )
    after = judged(link, cast.dina).standing.judgement
    assert after.missing == (
        "a second independent test",
        "two of the papers for it read in full, by someone who did not evaluate",
        "two different teams among those read",
    )


def test_a_withdrawn_finding_is_retracted_and_the_standing_follows(found, chain, cast):
    finding = found()
    withdraw_finding(finding, because="two streets were mixed up", expected=finding.version, by=cast.ada)
    study = Study.objects.get(finding=finding)
    assert study.retracted_at is not None and "two streets were mixed up" in study.retraction_note
    assert judged(chain.assumptions[1], cast.dina).word == "none"
    finding.plan.refresh_from_db()
    assert finding.plan.state == "registered"
    assert Event.objects.filter(action="withdrew a finding").count() == 1
    with pytest.raises(NotYet):
        withdraw_finding(finding, because="again", expected=finding.version, by=cast.ada)


def test_work_that_was_not_delivered_leaves_the_steps_after_it_without_a_word(found, chain, cast):
    finding = found(delivered=False)
    assert finding.marks.get(factor=chain.factors[0]).sign == "same"
    first = judged(chain.assumptions[0], cast.dina).standing.judgement
    assert not first.counted_for and "without this step" in first.set_aside[0].reason


def test_a_null_is_a_finding_like_any_other(plan, chain, cast):
    made = plan("cluster")
    table = bring_table(made, name="null.csv", content=streets(0.0, seed=8, each=150), by=cast.ada)
    run = run_now(made, dataset=table, choices=CHOSEN, by=cast.ada)
    between = run_now(
        made, dataset=table, choices=CHOSEN | {"outcome": "talked"}, factor=chain.factors[1], by=cast.ada
    )
    finding = record_finding(
        run, manipulated=chain.factors[0], delivered=True, how_known="In the log", evaluators="Analysts", sample="s",
        marks=[MarkDraft(chain.factors[1], run=between, horizon_days=7)], visibility="public", by=cast.ada,
    )  # fmt: skip
    assert finding.marks.get(factor=chain.factors[2]).sign == "same"
    assert "smaller than the 5.0 points that would matter" in finding.sentence
    link = judged(chain.assumptions[1], cast.dina)
    assert (link.word, link.leaning, link.against_count) == ("thin", "against", 1)


def test_a_sign_is_changed_only_with_a_reason_and_both_are_kept(found, chain, cast):
    with pytest.raises(FolkmootError, match=r"By the rule .* is ▲"):
        found(sign="not_found")
    assert not Finding.objects.exists() and not Study.objects.filter(kind="own").exists()
    finding = found(sign="not_found", because="Half of the streets knew of the survey")
    mark = finding.marks.get(factor=chain.factors[2])
    assert (mark.sign, mark.by_rule, mark.because) == (
        "not_found",
        "up",
        "Half of the streets knew of the survey",
    )
    study = Study.objects.get(finding=finding)
    assert (
        "By the rule ▲; read otherwise: Half of the streets" in study.marks.get(factor=chain.factors[2]).note
    )


def test_a_factor_without_a_run_says_how_it_is_known(doorsteps, chain, cast):
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    given = {
        "manipulated": chain.factors[0], "delivered": True, "how_known": "log", "evaluators": "A", "sample": "s",
        "visibility": "public", "by": cast.ada,
    }  # fmt: skip
    with pytest.raises(FolkmootError, match="how it is known"):
        record_finding(run, marks=[MarkDraft(chain.factors[1], sign="up")], **given)
    with pytest.raises(FolkmootError, match="does not measure"):
        record_finding(run, marks=[MarkDraft(chain.factors[1], run=run)], **given)
    with pytest.raises(FolkmootError, match="marked once"):
        record_finding(run, marks=[MarkDraft(chain.factors[0], sign="up", note="x")], **given)
    with pytest.raises(FolkmootError, match="cannot be what was done"):
        record_finding(run, **{**given, "manipulated": chain.factors[2]})
    finding = record_finding(
        run, marks=[MarkDraft(chain.factors[1], sign="up", figure="61 in a hundred homes")], **given
    )
    assert finding.marks.get(factor=chain.factors[1]).by_rule == ""


def test_limits_hold_caveats_departures_and_what_differs(doorsteps, found, cast):
    from folkmoot.evaluations.actions.plans import record_departure

    record_departure(doorsteps.plan, what="Two streets refused", why="a wedding", by=cast.ada)
    finding = found()
    assert "Two streets refused (a wedding)" in finding.limits
    assert set(finding.run.result["caveats"]) <= set(finding.limits)
    assert Study.objects.get(finding=finding).remarks == finding.limits


def test_whoever_recorded_a_finding_does_not_confirm_it(found, cast):
    finding = found()
    with pytest.raises(NotAllowed, match="Somebody other"):
        judge_finding(finding, state="confirmed", why="sure", expected=finding.version, by=cast.ada)
    with pytest.raises(NotAllowed):
        judge_finding(finding, state="confirmed", why="sure", expected=finding.version, by=cast.ben)
    with pytest.raises(Stale):
        judge_finding(finding, state="confirmed", why="sure", expected=finding.version - 1, by=cast.ira)
    finding.refresh_from_db()
    judge_finding(finding, state="confirmed", why="worked out again", expected=finding.version, by=cast.ira)
    judge_finding(
        finding, state="disputed", why="a street was counted twice", expected=finding.version, by=cast.ada
    )
    with pytest.raises(NotYet):
        judge_finding(finding, state="superseded", why="x", expected=finding.version, by=cast.ira)


def test_a_later_finding_supersedes_the_earlier_one_which_counts_no_more(found, cast, chain):
    first = found()
    with pytest.raises(NotYet, match="has a finding already"):
        found()
    second = found(supersedes=True)
    first.refresh_from_db()
    assert (first.state, first.superseded_by, first.withdrawn_at) == ("superseded", second, None)
    assert Study.objects.get(finding__in=[first, second], retracted_at=None).finding == second
    assert "takes its place" in Study.objects.get(finding=first).retraction_note
    assert judged(chain.assumptions[1], cast.dina).for_count == 1


def test_a_plan_whose_last_word_is_withdrawn_waits_for_a_finding_again(found, cast):
    found()
    second = found(supersedes=True)
    withdraw_finding(second, because="A street was missing", expected=second.version, by=cast.ada)
    second.plan.refresh_from_db()
    assert second.plan.state == "registered"
    assert not Study.objects.filter(finding__plan=second.plan, retracted_at=None).exists()


def test_a_finding_given_up_does_not_come_back_by_way_of_its_study(found, cast, client):
    first = found()
    second = found(supersedes=True)
    withdraw_finding(second, because="A street was missing", expected=second.version, by=cast.ada)
    client.force_login(cast.ada)
    for finding in (first, second):
        study = Study.objects.get(finding=finding)
        with pytest.raises(NotYet, match="withdrew or superseded"):
            reinstate_study(study, reason="It was right", expected=study.version, by=cast.ada)
        assert "Recorded by mistake?" not in client.get(reverse("study", args=[study.pk])).content.decode()


def test_a_finding_that_takes_anothers_place_is_shared_as_far(found):
    found(visibility="network")
    with pytest.raises(FolkmootError, match="shared as far as that one"):
        found(supersedes=True, visibility="own")


def test_what_a_run_found_is_pooled_with_what_other_studies_print(found, cast, chain):
    finding = found()
    effect = Study.objects.get(finding=finding).effects.get(factor=chain.factors[2])
    result = finding.figures
    assert (effect.measure, effect.is_verified) == ("risk", True)
    assert effect.estimate == pytest.approx(result["estimate"])
    assert effect.standard_error == pytest.approx(result["standard_error"])
    assert (effect.outcome, effect.horizon_days) == (finding.plan.outcome, 42)
    link = chain.assumptions[1]
    shelf = gather([link.pk], viewer=cast.dina, scope="network", effects_on=[link.effect_id])
    (entry,) = entries_of(shelf, link)
    assert (entry.effect, entry.why_not) == (effect, "")


def test_a_finding_is_shared_no_further_than_its_plan_and_its_study_follows(found, cast):
    finding = found(visibility="own")
    assert Study.objects.get(finding=finding).visibility == "own"
    share_finding(finding, visibility="network", expected=finding.version, by=cast.ada)
    assert Study.objects.get(finding=finding).visibility == "network"
    plan = finding.plan
    plan.refresh_from_db()
    share_plan(plan, visibility="own", expected=plan.version, by=cast.ada)
    finding.refresh_from_db()
    with pytest.raises(FolkmootError, match="no further than its plan"):
        share_finding(finding, visibility="public", expected=finding.version, by=cast.ada)


def test_a_run_of_another_factor_comes_to_no_finding(doorsteps, chain, cast):
    run = run_now(
        doorsteps.plan,
        dataset=doorsteps.table,
        choices=CHOSEN | {"outcome": "talked"},
        factor=chain.factors[1],
        by=cast.ada,
    )
    with pytest.raises(NotYet, match="another factor"):
        record_finding(
            run, manipulated=chain.factors[0], delivered=True, how_known="log", evaluators="A", sample="s",
            visibility="public", by=cast.ada,
        )  # fmt: skip


def test_people_comment_on_a_finding_and_an_answer_that_it_is_unfair_disputes_it(found, cast):
    finding = found()
    add_comment(finding, text="Which streets were left out?", by=cast.dina)
    check, _ = ask_member_check(
        finding, question="Is it fair?", asked_of="a resident", team=cast.police, by=cast.ada
    )
    answer_member_check(
        check, answer="fair", words="", may_be_shown=False, by=SimpleNamespace(pk=None, label="a resident")
    )
    finding.refresh_from_db()
    assert finding.state == "provisional"
    hear_member_check(finding.pk, answer="not fair", who="a resident")
    finding.refresh_from_db()
    assert finding.state == "disputed"
