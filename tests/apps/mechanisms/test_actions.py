"""Chains in versions: what keeps its evidence, what begins anew, what is shown to whom."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.audit.actions import TheInstance
from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.mechanisms import actions
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft, drafts_of
from folkmoot.mechanisms.library import load_library
from folkmoot.mechanisms.models import (
    Assumption,
    Factor,
    Mechanism,
    MechanismVersion,
    Method,
    ReadyDesign,
    Step,
)
from folkmoot.mechanisms.queries import chain_of, history_of


def test_loading_the_library_twice_changes_nothing(library):
    kinds = (Method, Factor, Assumption, Mechanism, MechanismVersion, Step, ReadyDesign)
    before = {kind: list(kind.objects.order_by("pk").values()) for kind in kinds}
    assert load_library(by=TheInstance()) == 14
    assert {kind: list(kind.objects.order_by("pk").values()) for kind in kinds} == before
    assert len(library) == 14 and all(
        one.is_network and one.visibility == "public" for one in library.values()
    )


def test_every_library_chain_is_a_line_with_backfires_and_a_design(cast, library):
    for mechanism in library.values():
        chain = chain_of(mechanism, viewer=cast.ada)
        assert chain.is_line and chain.backfires and not chain.hidden
        assert len(chain.factors) == len(chain.steps) + 1
        assert mechanism.ready_design.assumption in [step.assumption for step in chain.steps]


def test_a_chain_begins_in_own_words_and_leaves_a_trace(cast, chain):
    read = chain_of(chain, viewer=cast.ada)
    assert [factor.wording for factor in read.factors] == ["We walk", "They notice", "They feel safer"]
    assert read.steps[1].assumption.horizon_days == 42
    assert read.backfires[0].from_factor.wording == "They notice"
    assert chain.aims.get().code == "C1"
    event = Event.objects.get(action="stated a mechanism")
    assert (event.actor_id, event.organisation_id) == (cast.ada.pk, cast.police.pk)


def test_a_change_keeps_unchanged_assumptions_and_what_is_new_inherits_nothing(cast, chain):
    first, second = [step.assumption for step in chain_of(chain, viewer=cast.ada).steps]
    version = actions.revise_mechanism(
        chain,
        steps=[
            StepDraft(assumption=first, own_words="Folk see us"),
            StepDraft(cause="They notice", effect="They talk to us"),
        ],
        context="",
        backfires=[],
        note="they talk, we heard",
        expected=1,
        by=cast.ada,
    )
    kept, new = [step.assumption for step in chain_of(chain, viewer=cast.ada).steps]
    assert kept.pk == first.pk and new.pk not in {first.pk, second.pk}
    assert new.cause == second.cause and (new.population, new.horizon, new.horizon_days) == ("", "", None)
    before = chain_of(chain, viewer=cast.ada, number=1)
    assert [step.assumption for step in before.steps] == [first, second] and not before.version.is_current
    assert version.number == 2 and Event.objects.filter(action="revised a mechanism").count() == 1


def test_history_says_what_each_version_kept_began_and_left_out(cast, chain):
    first, second = drafts_of(chain.versions.get())
    actions.revise_mechanism(
        chain,
        steps=[
            StepDraft(assumption=first.assumption, own_words="Folk see us"),
            StepDraft(cause="They notice", effect="They talk"),
        ],
        context="elsewhere",
        backfires=[BackfireDraft("It alarms them")],
        note="heard at the meeting",
        expected=1,
        by=cast.ada,
    )
    newest, oldest = history_of(chain, viewer=cast.ada)
    assert oldest.is_first and newest.version.note == "heard at the meeting"
    assert newest.kept == (first.assumption,) and newest.left_out == (second.assumption,)
    assert [one.effect.wording for one in newest.begun] == ["They talk"]
    assert any("other words" in sentence for sentence in newest.other)
    assert "May also go wrong: It alarms them" in newest.other
    assert "Where it should work is said differently." in newest.other


def test_a_change_without_a_reason_or_on_a_retired_or_stale_chain_is_refused(cast, chain):
    same = {"steps": drafts_of(chain.versions.get()), "context": "", "backfires": []}
    with pytest.raises(FolkmootError, match="what changed and why"):
        actions.revise_mechanism(chain, **same, note=" ", expected=1, by=cast.ada)
    actions.revise_mechanism(chain, **same, note="once", expected=1, by=cast.ira)
    with pytest.raises(Stale, match=cast.ira.label):
        actions.revise_mechanism(
            Mechanism.objects.get(pk=chain.pk), **same, note="twice", expected=1, by=cast.ada
        )
    assert chain.versions.filter(is_current=True).count() == 1
    chain.refresh_from_db()
    actions.retire_mechanism(chain, expected=2, by=cast.ada)
    with pytest.raises(NotYet, match="retired"):
        actions.revise_mechanism(chain, **same, note="late", expected=3, by=cast.ada)


def test_adopting_keeps_the_librarys_assumptions_and_own_words_beside_them(cast, library, objective):
    steps = drafts_of(library["P1"].versions.get())
    changed = [
        steps[0],
        StepDraft(assumption=steps[1].assumption, own_words="Folk see us about"),
        StepDraft(cause=steps[2].assumption.cause, effect="They come and talk"),
    ]
    mine = actions.adopt_mechanism(
        library["P1"], objective=objective, owner=cast.police, steps=changed, context="here", by=cast.ada
    )
    chain = chain_of(mine, viewer=cast.ada)
    codes = [step.assumption.code for step in chain.steps]
    assert codes == ["P1.1", "P1.2", ""] and chain.steps[1].own_words == "Folk see us about"
    assert chain.is_line and chain.version.context == "here" and mine.adopted_from == library["P1"]
    assert [one.wording for one in chain.backfires] == [
        one.wording for one in library["P1"].versions.get().backfires.all()
    ]
    assert Event.objects.filter(action="adopted a mechanism", organisation_id=cast.police.pk).exists()


def test_a_chain_that_is_not_shared_cannot_be_adopted(cast, chain, objective):
    with pytest.raises(NotAllowed, match="not shared"):
        actions.adopt_mechanism(chain, objective=objective, owner=cast.police, by=cast.ada)


def test_nobody_states_a_chain_for_others_or_for_others_objectives(cast, objective):
    steps = [StepDraft(cause="a", effect="b")]
    for owner, by in ((cast.police, cast.ben), (cast.other, cast.ada), (cast.team, cast.eli)):
        with pytest.raises(NotAllowed):
            actions.create_mechanism("x", owner=owner, steps=steps, by=by)
    with pytest.raises(NotAllowed):
        actions.create_mechanism("x", owner=cast.other, objective=objective, steps=steps, by=cast.eli)
    assert not Mechanism.objects.filter(name="x").exists()


def test_sharing_a_chain_shares_its_own_assumptions_and_leaves_the_librarys(cast, library, objective):
    kept = drafts_of(library["P1"].versions.get())[:1]
    mine = actions.adopt_mechanism(
        library["P1"],
        objective=objective,
        owner=cast.police,
        steps=[*kept, StepDraft(cause="They notice", effect="They wave")],
        by=cast.ada,
    )
    assert chain_of(mine, viewer=cast.eli).hidden == 1
    actions.share_mechanism(mine, visibility="network", by=cast.ada)
    assert chain_of(mine, viewer=cast.eli).hidden == 0
    assert Assumption.objects.get(code="P1.1").visibility == "public"
    actions.share_mechanism(mine, visibility="own", by=cast.ada)
    assert chain_of(mine, viewer=cast.eli).hidden == 1
    with pytest.raises(FolkmootError):
        actions.share_mechanism(mine, visibility="team", by=cast.ada)


def test_who_may_see_a_chain_is_not_saved_over_somebody_elses_choice(cast, chain, as_):
    actions.share_mechanism(chain, visibility="public", expected=1, by=cast.ira)
    url = reverse("mechanism_share", args=[chain.pk])
    stale = as_(cast.ada).post(url, {"version": 1, "visibility": "own"})
    assert stale.status_code == 412 and cast.ira.label in stale.content.decode()
    chain.refresh_from_db()
    assert (chain.visibility, chain.version, chain.changed_by) == ("public", 2, cast.ira.label)
    # whoever was told may save again: the form now speaks of the present version
    assert 'name="version" value="2"' in stale.content.decode()
    assert as_(cast.ada).post(url, {"version": 2, "visibility": "own"}).status_code == 302


def test_what_others_build_on_stays_shown_when_a_chain_is_no_longer_shared(cast, chain, objective):
    actions.share_mechanism(chain, visibility="network", by=cast.ada)
    taken = drafts_of(chain.versions.get())[:1]
    actions.create_mechanism("Theirs", owner=cast.other, steps=taken, by=cast.eli)
    actions.share_mechanism(chain, visibility="own", by=cast.ada)
    assert [one.visibility for one in Assumption.objects.filter(code="").order_by("pk")] == ["network", "own"]
    factors = Factor.objects.filter(key="").order_by("pk")
    assert [one.visibility for one in factors] == ["network", "network", "own"]


def test_describing_an_assumption_keeps_it_and_a_stale_description_is_refused(cast, chain):
    second = chain_of(chain, viewer=cast.ada).steps[1].assumption
    words = {
        "population": "people of the estate",
        "horizon": "a year",
        "horizon_days": 365,
        "smallest_change": "five in a hundred",
        "smallest_change_value": 0.05,
    }
    actions.describe_assumption(second, **words, expected=1, by=cast.ada)
    assert chain_of(chain, viewer=cast.ada).steps[1].assumption == second
    with pytest.raises(Stale):
        actions.describe_assumption(Assumption.objects.get(pk=second.pk), **words, expected=1, by=cast.ada)
    with pytest.raises(NotAllowed):
        actions.describe_assumption(second, **words, expected=2, by=cast.ben)
    assert Event.objects.filter(action="described an assumption").count() == 1
