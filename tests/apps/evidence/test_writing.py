"""Recording evidence: what is refused, what leaves a trace, what changes a standing at once."""

from __future__ import annotations

import pytest

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.discussion.actions import answer_member_check, ask_member_check
from folkmoot.evidence import actions
from folkmoot.evidence.queries import evidence_for, standings

from .conftest import WHOLE

pytestmark = pytest.mark.django_db


def word(chain, number, viewer, scope="network"):
    one = chain.assumptions[number]
    judged = standings([one.pk], viewer=viewer, scope=scope)[one.pk]
    return judged.judgement.label


def test_two_independent_near_trials_read_in_full_support_and_a_retraction_takes_it_back(
    cast, chain, study, mark
):
    for authors in ("Oak", "Elm"):
        one = study(authors)
        mark(one, chain.factors[1], "up")
        mark(one, chain.factors[2], "up", 3)
        actions.set_randomised(one, factors=[chain.factors[1]], by=cast.dina)
    assert word(chain, 1, cast.ada) == "supported"
    actions.retract_study(one, on="2026-01-01", note="by its journal", expected=one.version, by=cast.dina)
    assert word(chain, 1, cast.ada) == "thin (for)"
    assert Event.objects.filter(action="recorded a retraction").count() == 1


def test_private_evidence_never_shows_through_the_networks_word(cast, chain, study, mark):
    one = study("Ash", owner=cast.police, by=cast.ada)
    for factor, sign in ((chain.factors[1], "up"), (chain.factors[2], "down")):
        mark(one, factor, sign, 3, by=cast.ada)
    assert word(chain, 1, cast.ada, "ours") == "thin (against)"
    assert word(chain, 1, cast.ada, "network") == "none"
    assert word(chain, 1, cast.eli, "ours") == "none"


def test_both_ways_is_no_mark(cast, chain, study):
    with pytest.raises(FolkmootError, match="split it"):
        actions.mark_factor(study(), factor=chain.factors[0], sign="±", by=cast.dina)


def test_what_was_set_out_to_move_is_marked_up_exactly_when_it_was_delivered(cast, chain, study):
    with pytest.raises(FolkmootError, match="delivered"):
        actions.mark_factor(
            study(), factor=chain.factors[0], sign="same", manipulated=True, delivered=True, by=cast.dina
        )


def test_several_marks_are_saved_together_or_not_at_all(cast, chain, study):
    one = study()
    drafts = [
        actions.MarkDraft(chain.factors[0], "up"),
        actions.MarkDraft(chain.factors[1], "±"),
    ]
    with pytest.raises(FolkmootError):
        actions.mark_factors(one, drafts=drafts, by=cast.dina)
    assert not one.marks.exists()


def test_reviews_that_pool_each_other_are_refused_directly_and_through_a_third(cast, study):
    reviews = [study(name, kind="review", inclusion_level=3) for name in ("One", "Two", "Three")]
    actions.set_pools(reviews[0], pooled=[reviews[1]], by=cast.dina)
    actions.set_pools(reviews[1], pooled=[reviews[2]], by=cast.dina)
    for inner in (reviews[0], reviews[1]):
        with pytest.raises(FolkmootError, match="cannot pool each other"):
            actions.set_pools(reviews[2], pooled=[inner], by=cast.dina)
    with pytest.raises(FolkmootError, match="itself"):
        actions.set_pools(reviews[0], pooled=[reviews[0]], by=cast.dina)
    with pytest.raises(FolkmootError, match="Only a review"):
        actions.set_pools(study("Trial"), pooled=[reviews[0]], by=cast.dina)


def test_a_review_counts_once_for_itself_and_what_it_pools(cast, chain, study, mark):
    review = study("Review", kind="review", inclusion_level=4)
    inside = study("Inside")
    for one in (review, inside):
        mark(one, chain.factors[1], "up")
        mark(one, chain.factors[2], "up", 3)
    actions.set_randomised(inside, factors=[chain.factors[1]], by=cast.dina)
    actions.set_pools(review, pooled=[inside], by=cast.dina)
    judged = standings([chain.assumptions[1].pk], viewer=cast.ada, scope="network")
    assert judged[chain.assumptions[1].pk].for_count == 1


def test_a_conflict_is_shown_and_not_counted_until_it_is_resolved(cast, chain, study, mark):
    one = study()
    mark(one, chain.factors[1], "up")
    effect = mark(one, chain.factors[2], "up", 3)
    actions.set_randomised(one, factors=[chain.factors[1]], by=cast.dina)
    actions.note_conflict(
        one, conflict="two versions disagree", marks=[effect], expected=one.version, by=cast.dina
    )
    assert word(chain, 1, cast.ada) == "none"
    actions.resolve_conflict(one, resolution="the later one, read by two", expected=one.version, by=cast.dina)
    assert word(chain, 1, cast.ada) == "thin (for)"


def test_only_those_who_edit_for_the_owner_record_or_change(cast, chain, study):
    for by, owner in (
        (cast.ben, cast.police),
        (cast.eli, cast.police),
        (cast.ada, None),
        (cast.ada, cast.team),
    ):
        with pytest.raises(NotAllowed):
            study("Nobody", owner=owner, by=by)
    with pytest.raises(NotAllowed):
        actions.mark_factor(study(), factor=chain.factors[0], sign="up", by=cast.ada)


def test_a_stale_correction_is_refused_and_names_who_changed_it(cast, study):
    one = study()
    actions.revise_study(one, expected=1, setting="another town", by=cast.dina)
    with pytest.raises(Stale, match="Dina"):
        actions.revise_study(one, expected=1, setting="a third town", by=cast.dina)


def test_an_appraisal_needs_its_reason_and_stays_within_the_studys_level(cast, chain, study):
    one = study(level_low=2, level_high=3)
    common = {"assumption": chain.assumptions[1], "owner": cast.police, "visibility": "own", "by": cast.ada}
    with pytest.raises(FolkmootError, match="why"):
        actions.appraise(one, level=2, why=" ", **WHOLE, **common)
    with pytest.raises(FolkmootError, match="upper end"):
        actions.appraise(one, level=5, why="a trial", **WHOLE, **common)
    with pytest.raises(FolkmootError, match="shared"):
        actions.appraise(one, level=2, why="because", **WHOLE, **(common | {"visibility": "team"}))


def test_a_clue_counts_only_when_two_coders_did_not_find_it_and_each_judges_blind(cast, chain):
    one = actions.register_hoop(
        chain.assumptions[2],
        clue="a letter of thanks",
        where_to_look="the letters of a year",
        owner=cast.police,
        visibility="network",
        by=cast.ada,
    )

    def told(viewer):
        return evidence_for(chain.assumptions[2], viewer=viewer, scope="network").clues[0]

    actions.judge_hoop(one, verdict="not found", why="read them all", by=cast.ada)
    assert told(cast.fay).verdicts == () and told(cast.ada).own is not None
    assert "not found" not in str(Event.objects.get(action="judged a clue").detail)
    assert word(chain, 2, cast.ada) == "none"
    with pytest.raises(NotYet):
        actions.judge_hoop(one, verdict="not found", why="again", by=cast.ada)
    actions.judge_hoop(one, verdict="not found", why="read half", by=cast.fay)
    assert len(told(cast.ben).verdicts) == 2
    assert word(chain, 2, cast.ada) == "thin (against)"


def test_a_finding_needs_all_four_components_and_something_to_rest_on(cast, chain, study):
    parts = {
        "methodological_limits": "few",
        "coherence": "good",
        "adequacy": "thin",
        "relevance": "like here",
    }
    common = {
        "statement": "It holds where the officer stays.",
        "direction": "conditions",
        "confidence": "low",
        "why": "few people",
        "owner": cast.team,
        "visibility": "network",
        "by": cast.dina,
    }
    with pytest.raises(FolkmootError, match="adequacy"):
        actions.record_finding(chain.assumptions[1], components=parts | {"adequacy": ""}, **common)
    with pytest.raises(FolkmootError, match="rests on"):
        actions.record_finding(chain.assumptions[1], components=parts, **common)
    one = actions.record_finding(chain.assumptions[1], components=parts, study=study(), **common)
    check, _ = ask_member_check(one, question="Is this fair?", asked_of="P1", team=cast.team, by=cast.dina)
    answer_member_check(check, answer="unfair", words="not so", may_be_shown=True, by=cast.dina)
    one.refresh_from_db()
    assert one.state == "disputed"
    with pytest.raises(NotAllowed, match="whoever keeps"):
        ask_member_check(one, question="Fair?", asked_of="P2", team=cast.rival, by=cast.eli)
    one.refresh_from_db()
    assert one.state == "disputed"
