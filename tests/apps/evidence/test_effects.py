"""Effects as papers print them, and what they say together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.core.synthesis.cautious import cautious_intervals
from folkmoot.core.synthesis.dependent import pool_dependent
from folkmoot.core.synthesis.pooling import pool
from folkmoot.evidence import actions
from folkmoot.evidence.models import Change, PoolPlan, PrintedEffect, StandingChange
from folkmoot.evidence.printing import WAYS, worked_out
from folkmoot.evidence.queries import standings
from folkmoot.evidence.queries.pooled_page import pooled_view

COUNTS = {
    "kind": "counts",
    "treated_with": 30,
    "treated_without": 70,
    "control_with": 20,
    "control_without": 80,
}


@pytest.fixture
def effect(cast, chain):
    """``effect(study, 0.3, 0.1)`` records an effect on the third factor at three days."""

    def put(study, estimate=0.3, error=0.1, *, by=None, read=True, factor=None, days=3, **details):
        return actions.record_effect(
            study,
            factor=factor or chain.factors[2],
            printed={"kind": "error", "estimate": estimate, "standard_error": error},
            horizon=f"{days} days",
            horizon_days=days,
            **({"measure": "standardised", "place": "table 2", "read_in_study": read} | details),
            by=by or cast.dina,
        )

    return put


@pytest.fixture
def tested(study, mark, chain):
    """``tested("Oak")`` is a trial that moved the second factor and looked at the third after three days."""

    def put(authors, sign="up", **details):
        one = study(authors, **details)
        by = details.get("by")
        mark(one, chain.factors[1], "up", 1, by=by, randomised=True)
        mark(one, chain.factors[2], sign, 3, by=by)
        return one

    return put


@pytest.fixture
def planned(cast, chain):
    def put(**details):
        given = {
            "measure": "standardised",
            "rule": "Every trial of visits in which both were measured.",
            "smallest_change": 0.1,
            "because": "Less would not be noticed on the street.",
            "owner": None,
            "visibility": "public",
            "by": cast.dina,
        } | details
        return actions.register_pool_plan(given.pop("assumption", chain.assumptions[1]), **given)

    return put


def view(chain, viewer, scope="network", **asked):
    viewer.__dict__.pop("_access", None)
    return pooled_view(chain.assumptions[1], viewer=viewer, scope=scope, **asked)


def word(chain, viewer, scope="network"):
    viewer.__dict__.pop("_access", None)
    return standings([chain.assumptions[1].pk], viewer=viewer, scope=scope)[chain.assumptions[1].pk]


def test_means_counts_t_f_p_intervals_and_errors_lead_to_the_figures_of_the_core():
    means = {"kind": "means", "mean_treated": 3.4, "sd_treated": 1.1, "n_treated": 120}
    means |= {"mean_control": 3.1, "sd_control": 1.0, "n_control": 118}
    in_units = worked_out(means, measure="mean")
    assert in_units.estimate == pytest.approx(0.3) and in_units.standard_error == pytest.approx(
        math.sqrt(1.1**2 / 120 + 1 / 118)
    )
    assert worked_out(COUNTS, measure="risk").estimate == pytest.approx(0.1)
    assert worked_out(COUNTS, measure="log odds").estimate == pytest.approx(math.log(30 * 80 / (70 * 20)))
    ratio = worked_out({"kind": "interval", "estimate": 1.5, "low": 1.0, "high": 2.25}, measure="log risk")
    assert ratio.estimate == pytest.approx(math.log(1.5))
    assert ratio.standard_error == pytest.approx(math.log(2.25) / (2 * 1.959964), rel=1e-5)
    groups = {"n_treated": 50, "n_control": 50}
    by_t = worked_out({"kind": "t", "t": -2.0, **groups}, measure="standardised")
    by_f = worked_out({"kind": "f", "f": 4.0, "favours_control": True, **groups}, measure="standardised")
    assert by_t.estimate == pytest.approx(by_f.estimate) and by_t.estimate < 0


def test_less_as_expected_is_turned_so_that_above_zero_is_as_expected():
    assert worked_out(COUNTS, measure="risk", expected_is_more=False).estimate == pytest.approx(-0.1)


@pytest.mark.parametrize("way", [way.key for way in WAYS])
def test_every_way_says_what_is_missing_and_refuses_a_scale_that_it_does_not_lead_to(way):
    [found] = [one for one in WAYS if one.key == way]
    scale = sorted(found.scales)[0]
    with pytest.raises(FolkmootError, match="needs"):
        worked_out({"kind": way}, measure=scale)
    for other in {"fisher", "risk"} - found.scales:
        with pytest.raises(FolkmootError, match="Choose one of these scales"):
            worked_out({"kind": way}, measure=other)


def test_an_error_is_widened_for_clusters_only_with_both_numbers():
    plain = worked_out(COUNTS, measure="risk")
    wide = worked_out(COUNTS | {"people_per_cluster": 11, "intraclass_correlation": 0.1}, measure="risk")
    assert wide.standard_error == pytest.approx(plain.standard_error * math.sqrt(2))
    with pytest.raises(FolkmootError, match="both"):
        worked_out(COUNTS | {"people_per_cluster": 11}, measure="risk")


def test_an_effect_keeps_what_was_printed_where_it_stands_and_who_read_it(cast, chain, study, effect):
    one = effect(study("Oak"), place="p. 14, table 2")
    assert (one.estimate, one.standard_error, one.place) == (0.3, 0.1, "p. 14, table 2")
    assert one.verified_by == cast.dina.label and one.printed["kind"] == "error"
    assert Event.objects.filter(action="recorded a printed effect", object_id=str(one.pk)).exists()
    with pytest.raises(FolkmootError, match="stands here already"):
        effect(one.study)
    with pytest.raises(NotAllowed):
        effect(study("Elm"), by=cast.ada)
    with pytest.raises(FolkmootError, match="page or in which table"):
        effect(one.study, place=" ", days=30)
    with pytest.raises(FolkmootError, match="unit"):
        effect(one.study, measure="mean", days=30)
    with pytest.raises(FolkmootError, match="above zero"):
        effect(one.study, error=0.0, days=30)


def test_a_figure_that_nobody_read_in_the_study_enters_no_pool_until_somebody_has(
    cast, chain, tested, effect
):
    effect(tested("Oak"), 0.2, 0.1)
    told = effect(tested("Elm"), 0.4, 0.1, read=False)
    shown = view(chain, cast.ada)
    assert shown.pools[0].samples == 1 and "Nobody has read" in shown.left_out[0].why_not
    actions.verify_effect(told, place="p. 3", expected=told.version, by=cast.dina)
    assert view(chain, cast.ada).pools[0].samples == 2
    with pytest.raises(NotYet):
        actions.verify_effect(told, place="p. 3", expected=told.version, by=cast.dina)


def test_one_estimate_is_a_sentence_and_two_are_pooled_by_reml_with_hartung_and_knapp(
    cast, chain, tested, effect
):
    effect(tested("Oak"), 0.2, 0.1)
    [alone] = view(chain, cast.ada).pools
    assert alone.together is None and "pooling needs two" in alone.why_not
    effect(tested("Elm"), 0.5, 0.15)
    effect(tested("Ash"), 0.1, 0.2)
    [three] = view(chain, cast.ada).pools
    expected = pool([0.1, 0.5, 0.2], [0.2, 0.15, 0.1], knapp_hartung=True)
    assert three.together.estimate.estimate == pytest.approx(expected.estimate.estimate)
    careful = cautious_intervals([0.1, 0.5, 0.2], [0.2, 0.15, 0.1])
    assert three.together.prediction == pytest.approx(careful.prediction)
    assert (three.together.estimate.low, three.together.estimate.high) == pytest.approx(careful.mean)
    assert three.together.prediction_elsewhere == pytest.approx(expected.prediction)
    assert three.together.elsewhere == pytest.approx((expected.estimate.low, expected.estimate.high))
    assert three.together.is_few and any("hardly known" in one for one in three.together.caveats)
    assert [one.name for one in three.without] == [one.key for one in three.entries]
    left = pool([0.5, 0.2], [0.15, 0.1], knapp_hartung=True)
    assert three.without[0].estimate.estimate == pytest.approx(left.estimate.estimate)


def test_several_effects_of_one_sample_are_pooled_as_dependent(cast, chain, tested, effect):
    figures = []
    for number, authors in enumerate(("Oak", "Elm", "Ash")):
        one = tested(authors)
        for outcome in ("trust", "warmth"):
            if outcome == "warmth":
                actions.mark_factor(
                    one, factor=chain.factors[2], sign="up", horizon_days=3, outcome=outcome, by=cast.dina
                )
            estimate = 0.1 * (number + 1) + (0.05 if outcome == "trust" else 0)
            figures.append((estimate, 0.1, number))
            effect(one, estimate, 0.1, outcome=outcome)
    [found] = view(chain, cast.ada).pools
    assert found.samples == 3 and found.together.dependent and len(found.entries) == 6
    expected = pool_dependent(*(np.array(column) for column in zip(*figures, strict=True)))
    assert found.together.estimate.estimate == pytest.approx(expected.estimate.estimate, rel=1e-6)
    ends = expected.shown.low, expected.shown.high
    assert (found.together.estimate.low, found.together.estimate.high) == pytest.approx(ends, rel=1e-6)
    assert found.together.elsewhere == pytest.approx(
        (expected.estimate.low, expected.estimate.high), rel=1e-6
    )
    assert found.together.prediction[0] < found.together.estimate.low
    [only] = view(chain, cast.ada, outcome="trust").pools
    assert not only.together.dependent and len(only.entries) == 3


def test_what_does_not_test_the_step_stays_out_with_its_reason(cast, chain, study, mark, tested, effect):
    effect(tested("Oak"))
    across = study("Span")
    mark(across, chain.factors[0], "up", 0)
    mark(across, chain.factors[2], "up", 3)
    failed = study("Upstream")
    mark(failed, chain.factors[1], "not_found", 1)
    mark(failed, chain.factors[2], "not_found", 3)
    effect(across)
    effect(failed)
    effect(study("Unmarked"))
    effect(tested("Early"), days=1)
    effect(tested("Part"), population="young people")
    effect(tested("Weak", level_low=2, level_high=2))
    effect(tested("Review", kind="review", inclusion_level=3))
    later = tested("Later")
    effect(later)
    effect(later, 0.1, days=30)
    gone = tested("Gone")
    effect(gone)
    gone.refresh_from_db()
    actions.retract_study(
        gone, on=__import__("datetime").date(2026, 1, 1), note="x", expected=gone.version, by=cast.dina
    )
    why = {one.study.authors: one.why_not for one in view(chain, cast.ada).left_out}
    for authors, words in {
        "Span": "across",
        "Upstream": "failed before",
        "Unmarked": "not marked",
        "Early": "before the time",
        "Part": "part of its people",
        "Weak": "below the 3",
        "Review": "study by study",
        "Later": "later look",
        "Gone": "retracted",
    }.items():
        assert words in why[authors], (authors, why[authors])
    assert {one.study.authors for one in view(chain, cast.ada).pools[0].entries} == {"Oak", "Later"}


def test_private_figures_never_show_through_the_networks_pool(cast, chain, tested, effect):
    effect(tested("Oak"), 0.2, 0.1)
    effect(tested("Ours", owner=cast.police, by=cast.ada), 0.9, 0.1, by=cast.ada)
    assert view(chain, cast.ada).pools[0].samples == 1
    assert view(chain, cast.ada, "ours").pools[0].samples == 2
    assert view(chain, cast.eli, "ours").pools[0].samples == 1


def five(tested, effect, estimates, error=0.02):
    for number, estimate in enumerate(estimates):
        effect(tested(f"Author{number}", "up" if estimate > 0 else "down"), estimate, error)


@pytest.mark.parametrize(
    ("estimates", "expected", "row"),
    [
        ((0.50, 0.52, 0.49, 0.51, 0.53), "supported", "pooled-above"),
        ((0.01, -0.01, 0.0, 0.02, 0.01), "challenged", "pooled-below"),
        ((0.6, -0.4, 0.3, 0.1, 0.5), "contested", "pooled-between"),
    ],
)
def test_five_estimates_under_a_plan_registered_beforehand_replace_the_counts(
    cast, chain, tested, effect, planned, estimates, expected, row
):
    planned()
    five(tested, effect, estimates[:4])
    before = word(chain, cast.ada)
    assert not before.judgement.row.startswith("pooled")
    assert any("5 are needed" in one.reason for one in before.judgement.set_aside)
    effect(tested("Author4"), estimates[4], 0.02)
    after = word(chain, cast.ada)
    assert (after.word, after.judgement.row) == (expected, row)
    shown = view(chain, cast.ada)
    assert shown.replaces and shown.planned.samples == 5


def test_a_plan_registered_when_the_result_was_known_does_not_replace_the_counts(
    cast, chain, tested, effect, planned
):
    five(tested, effect, (0.5, 0.52, 0.49, 0.51, 0.53))
    plan = planned()
    assert plan.known == 5 and not plan.was_beforehand
    judged = word(chain, cast.ada)
    assert not judged.judgement.row.startswith("pooled")
    assert any("registered beforehand" in one.reason for one in judged.judgement.set_aside)


def test_figures_of_papers_not_read_in_full_do_not_replace_the_counts(cast, chain, tested, effect, planned):
    planned()
    five(tested, effect, (0.5, 0.52, 0.49, 0.51))
    effect(tested("Abstract", read_where="abstract"), 0.5, 0.02)
    judged = word(chain, cast.ada)
    assert not judged.judgement.row.startswith("pooled")
    assert any("read in full" in one.reason for one in judged.judgement.set_aside)


def test_a_registered_plan_is_frozen_and_is_not_given_up_once_its_result_is_known(
    cast, chain, tested, effect, planned
):
    plan = planned()
    plan.smallest_change = 5.0
    with pytest.raises(NotYet, match="never changes"):
        plan.save()
    with pytest.raises(NotYet, match="registered for it already"):
        planned()
    with pytest.raises(NotAllowed):
        planned(owner=cast.police, by=cast.dina)
    plan.refresh_from_db()
    five(tested, effect, (0.5, 0.52, 0.49, 0.51, 0.53))
    with pytest.raises(NotYet, match="can no longer be given"):
        actions.give_up_pool_plan(plan, because="I do not like it", by=cast.dina)
    ours = planned(owner=cast.police, visibility="own", by=cast.ada, only_here=True)
    # an organisation's own plan, registered later, neither governs the network's word nor its own
    assert ours.known == 5 and word(chain, cast.ada, "ours").word == "supported"


def test_a_plan_given_up_early_says_why_and_makes_room_for_another(cast, chain, planned):
    plan = planned()
    with pytest.raises(FolkmootError, match="why"):
        actions.give_up_pool_plan(plan, because=" ", by=cast.dina)
    actions.give_up_pool_plan(plan, because="The scale was wrong.", by=cast.dina)
    planned(measure="risk")
    assert PoolPlan.objects.count() == 2
    assert Event.objects.filter(action="gave up a pooling plan").count() == 1


def test_the_figure_that_moves_a_standing_and_its_correction_are_kept_as_changes(
    cast, chain, tested, effect, planned
):
    planned()
    five(tested, effect, (0.010, 0.012, 0.011, 0.013, 0.014))
    moved = StandingChange.objects.filter(change__what=Change.What.POOLED, reach="network")
    assert [(one.before, one.after) for one in moved] == [("supported", "challenged")]
    last = PrintedEffect.objects.order_by("-pk").first()
    with pytest.raises(FolkmootError, match="why"):
        actions.revise_effect(last, expected=last.version, because="", read_in_study=True, by=cast.dina)
    actions.revise_effect(
        last,
        expected=last.version,
        because="The journal corrected table 2.",
        read_in_study=True,
        printed={"kind": "error", "estimate": -0.9, "standard_error": 0.02},
        by=cast.dina,
    )
    change = Change.objects.get(what=Change.What.FIGURE)
    assert change.because == "The journal corrected table 2."
    assert change.standings.get(reach="network").after == "contested"
    with pytest.raises(Stale):
        actions.remove_effect(last, because="twice", expected=1, by=cast.dina)
    last.refresh_from_db()
    actions.remove_effect(last, because="It was of another group.", expected=last.version, by=cast.dina)
    assert not word(chain, cast.ada).judgement.row.startswith("pooled")


def test_standings_with_plans_take_at_most_ten_queries(cast, chain, tested, effect, planned):
    for number in range(3):
        planned(assumption=chain.assumptions[number])
    five(tested, effect, (0.5, 0.52, 0.49, 0.51, 0.53))
    cast.ada.__dict__.pop("_access", None)
    with CaptureQueriesContext(connection) as queries:
        standings(None, viewer=cast.ada, scope="ours")
    assert len(queries) <= 11
