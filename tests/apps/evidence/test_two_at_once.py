"""Two people at the marks of one study: the later save over an earlier one is refused and says whose."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import Stale
from folkmoot.evidence import actions
from folkmoot.evidence.models import Study


@pytest.fixture
def one(cast, chain, study, mark):
    """A study of the police that Ira has marked after Ada opened its page, at version 1."""
    found = study(owner=cast.police, by=cast.ada)
    mark(found, chain.factors[0], "up", by=cast.ira)
    return found


WRITES = {
    "a mark": lambda one, chain, by: actions.mark_factor(
        one, factor=chain.factors[1], sign="down", expected=1, by=by
    ),
    "several marks": lambda one, chain, by: actions.mark_factors(
        one, drafts=[actions.MarkDraft(chain.factors[1], "down")], expected=1, by=by
    ),
    "a mark taken back": lambda one, chain, by: actions.remove_mark(one.marks.get(), expected=1, by=by),
    "what chance decided": lambda one, chain, by: actions.set_randomised(
        one, factors=[chain.factors[0]], expected=1, by=by
    ),
    "what it pools": lambda one, chain, by: actions.set_pools(one, pooled=[], expected=1, by=by),
}


@pytest.mark.parametrize("what", WRITES)
def test_a_write_over_somebody_elses_mark_is_refused_names_them_and_leaves_no_trace(cast, chain, one, what):
    events, marks = Event.objects.count(), list(one.marks.values_list("factor", "sign"))
    with pytest.raises(Stale, match="Ira changed this"):
        WRITES[what](Study.objects.get(pk=one.pk), chain, cast.ada)
    one.refresh_from_db()
    assert (one.version, list(one.marks.values_list("factor", "sign"))) == (2, marks)
    assert Event.objects.count() == events and not one.randomised_at.exists()


def test_every_write_of_marks_makes_the_next_version_and_says_whose(cast, chain, one):
    for number, what in enumerate(("a mark", "several marks", "what chance decided"), start=2):
        actions.revise_study(one, expected=one.version, setting=f"place {number}", by=cast.ira)
        before = one.version
        if what == "a mark":
            actions.mark_factor(one, factor=chain.factors[1], sign="up", expected=before, by=cast.ada)
        elif what == "several marks":
            drafts = [actions.MarkDraft(factor, "up") for factor in chain.factors]
            actions.mark_factors(one, drafts=drafts, expected=before, by=cast.ada)
        else:
            actions.set_randomised(one, factors=[chain.factors[0]], expected=before, by=cast.ada)
        one.refresh_from_db()
        assert (one.version, one.changed_by, one.setting) == (before + 1, "Ada", f"place {number}")


def test_the_page_of_marks_answers_a_stale_save_with_412_keeps_the_row_and_then_saves_it(
    cast, chain, one, as_
):
    client, url = as_(cast.ada), reverse("study_marks", args=[one.pk])
    row = {"form-0-factor": chain.factors[1].pk, "form-0-sign": "down", "form-0-note": "as I read it"}
    sent = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "save": "yes", "version": "1"} | row
    stale = client.post(url, sent)
    page = stale.content.decode()
    assert stale.status_code == 412 and "Ira changed this" in page and 'value="as I read it"' in page
    assert 'name="version" value="2"' in page and one.marks.count() == 1
    assert client.post(url, sent | {"version": "2"}).status_code == 302 and one.marks.count() == 2
    chance = {"chance": "yes", "by_chance": [chain.factors[0].pk], "version": "2"}
    assert client.post(url, chance).status_code == 412 and not one.randomised_at.exists()
    removal = reverse("mark_remove", args=[one.pk, one.marks.first().pk])
    assert client.post(removal, {"version": "2"}).status_code == 412 and one.marks.count() == 2
    assert client.post(removal, {"version": "3"}).status_code == 302 and one.marks.count() == 1


def test_what_a_review_pools_is_not_saved_over_anothers_choice(cast, study, as_):
    review = study("Review", owner=cast.police, by=cast.ada, kind="review", inclusion_level=3)
    inside, other = study("Inner"), study("Other")
    actions.set_pools(review, pooled=[inside], by=cast.ira)
    client, url = as_(cast.ada), reverse("study_pools", args=[review.pk])
    stale = client.post(url, {"pooled": [other.pk], "version": "1"})
    page = stale.content.decode()
    assert stale.status_code == 412 and "Ira changed this" in page
    # whoever was told may save again: the form now speaks of the present version
    assert 'name="version" value="2"' in page and list(review.pools.all()) == [inside]
    assert client.post(url, {"pooled": [other.pk], "version": "2"}).status_code == 302
    assert list(review.pools.all()) == [other]
