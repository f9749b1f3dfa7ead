"""The pages of aims and chains, without JavaScript: every button, every refusal, who gets which."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.mechanisms import actions
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.mechanisms.queries import chain_of
from folkmoot.organisations.models import Membership

INSIDE = {"ada", "ben", "fay", "ira", "jon"}


def text(page):
    return page.content.decode()


def test_aims_group_the_organisations_objectives_and_name_those_without_a_chain(cast, as_, objective):
    page = text(as_(cast.ada).get(reverse("aims")))
    assert "Northmere Police states 1 objective" in page and "Without a chain" in page
    assert f"{reverse('mechanism_new')}?objective={objective.pk}" in page
    assert page.count("benefits the organisation") >= 9
    other = text(as_(cast.eli).get(reverse("aims")))
    assert "Safer on Ferry Road" not in other and "has stated no objective yet" in other


def test_an_objective_with_a_chain_is_not_named_as_lacking_one(cast, as_, chain):
    assert "Without a chain" not in text(as_(cast.ada).get(reverse("aims")))
    actions.retire_mechanism(chain, expected=1, by=cast.ada)
    assert "Without a chain" in text(as_(cast.ada).get(reverse("aims")))


def test_an_aim_explains_itself_and_offers_the_librarys_chains(cast, as_, objective):
    page = text(as_(cast.ada).get(reverse("aim", args=["C1"])))
    assert "Watch for" in page and "P1 Seen on the street" in page and "Safer on Ferry Road" in page
    assert "P2 " not in page
    assert as_(cast.ada).get(reverse("aim", args=["Z9"])).status_code == 404
    assert as_(None).get(reverse("aims")).status_code == 200


def test_a_chain_is_stated_in_order_without_javascript(cast, as_, objective, sheet):
    url = f"{reverse('mechanism_new')}?objective={objective.pk}"
    assert "Safer on Ferry Road" in text(as_(cast.ada).get(url))
    sent = sheet(
        ("We walk", "They notice"),
        {"effect": "They feel safer", "population": "the estate", "horizon_days": "42"},
        {},
        ways=[("It alarms them", "1"), ("", "")],
        name="Walking",
        objective=objective.pk,
    )
    page = as_(cast.ada).post(url, sent)
    made = Mechanism.objects.get(name="Walking")
    assert page.status_code == 302 and page.url == reverse("mechanism", args=[made.pk])
    chain = chain_of(made, viewer=cast.ada)
    assert [(one.cause.wording, one.effect.wording) for one in chain.steps] == [
        ("We walk", "They notice"),
        ("They notice", "They feel safer"),
    ]
    assert chain.steps[1].assumption.population == "the estate"
    assert chain.backfires[0].from_factor.wording == "They notice"
    assert made.organisation == cast.police and made.objective == objective


def test_a_chain_may_branch_in_a_graph(cast, as_, objective, sheet):
    sent = sheet(("a", "c"), ("b", "c"), ("c", "d"), shape="graph", name="Branches", objective=objective.pk)
    assert as_(cast.ada).post(reverse("mechanism_new"), sent).status_code == 302
    chain = chain_of(Mechanism.objects.get(name="Branches"), viewer=cast.ada)
    assert [one.wording for one in chain.factors] == ["a", "b", "c", "d"] and not chain.is_line
    edit = text(as_(cast.ada).get(reverse("mechanism_edit", args=[chain.mechanism.pk])))
    assert 'name="shape" value="graph"' in edit


@pytest.mark.parametrize(
    ("steps", "shape", "sentence"),
    [
        ([("", "")], "line", "at least one step"),
        ([("a", "")], "line", "Step 1 does not say what its cause leads to"),
        ([("", "b")], "line", "Step 1 does not say what leads"),
        ([("a", "b"), ("b", "a")], "graph", "go in a circle"),
        ([("a", "a")], "graph", "to itself"),
        ([("a", "b" * 301)], "line", "at most 300 characters"),
        ([{"cause": "a", "effect": "b", "horizon_days": "soon"}], "line", "whole number"),
    ],
)
def test_a_chain_that_is_none_is_refused_and_its_words_stay(
    cast, as_, objective, sheet, steps, shape, sentence
):
    sent = sheet(*steps, shape=shape, name="My very own chain", objective=objective.pk)
    page = as_(cast.ada).post(reverse("mechanism_new"), sent)
    assert page.status_code == 422 and sentence in text(page) and "My very own chain" in text(page)
    assert not Mechanism.objects.filter(code="").exists()


def test_a_chain_without_a_name_is_refused(cast, as_, objective, sheet):
    page = as_(cast.ada).post(reverse("mechanism_new"), sheet(("a", "b"), name=""))
    assert page.status_code == 422 and "Give the chain a name" in text(page)


def pressed(client, url, sent, button):
    page = client.post(url, {**sent, "do": button})
    assert page.status_code == 200
    return page


def rows_in(page):
    return [(one.row.cause, one.row.effect) for one in page.context["rows"]]


def test_plain_buttons_add_remove_and_move_steps_and_save_nothing(cast, as_, objective, sheet):
    client, url = as_(cast.ada), reverse("mechanism_new")
    sent = sheet(("a", "b"), {"effect": "c"}, name="Half done", objective=objective.pk)
    page = pressed(client, url, sent, "add")
    assert rows_in(page) == [("a", "b"), ("b", "c"), ("c", "")] and "Half done" in text(page)
    assert rows_in(pressed(client, url, sent, "remove-0")) == [("b", "c")]
    assert rows_in(pressed(client, url, sent, "down-0")) == [("a", "c"), ("c", "b")]
    assert rows_in(pressed(client, url, sent, "up-1")) == [("a", "c"), ("c", "b")]
    assert rows_in(pressed(client, url, sent, "up-0")) == rows_in(pressed(client, url, sent, "nonsense"))
    assert len(pressed(client, url, sent, "way").context["ways"]) == 1
    assert pressed(client, url, sent, "graph").context["is_graph"]
    assert not Mechanism.objects.filter(code="").exists()


def test_a_branching_chain_cannot_be_written_as_one_line(cast, as_, objective, sheet):
    client, url = as_(cast.ada), reverse("mechanism_new")
    branching = sheet(("a", "c"), ("b", "c"), shape="graph")
    page = pressed(client, url, branching, "line")
    assert page.context["is_graph"] and "not one line" in text(page)
    assert not pressed(client, url, sheet(("a", "b"), ("b", "c"), shape="graph"), "line").context["is_graph"]


def test_comparing_offers_the_librarys_step_and_using_it_keeps_the_own_words(cast, as_, objective, sheet):
    client, url = as_(cast.ada), f"{reverse('mechanism_new')}?objective={objective.pk}"
    sent = sheet(
        ("We walk the streets", "Residents notice us"),
        {"effect": "They feel safer then"},
        name="Walking",
        objective=objective.pk,
    )
    page = pressed(client, url, sent, "compare")
    wanted = Assumption.objects.get(code="P1.2")
    offered = [one.assumption.code for row in page.context["rows"] for one in row.suggestions]
    assert "P1.2" in offered and f"use-0-{wanted.pk}" in text(page)
    assert "Left as it is, it begins anew" in text(page)
    used = pressed(client, url, {**sent, "comparing": "yes"}, f"use-0-{wanted.pk}")
    first, second = used.context["rows"]
    assert first.state == "keeps" and first.row.own_words == "We walk the streets → Residents notice us"
    assert second.row.cause == wanted.effect.wording and second.row.effect == "They feel safer then"
    taken = sheet(
        {
            "assumption": wanted.pk,
            "cause": wanted.cause.wording,
            "effect": wanted.effect.wording,
            "own_words": "x",
        },
        {"effect": "They feel safer then"},
        name="Walking",
        objective=objective.pk,
    )
    assert client.post(url, taken).status_code == 302
    chain = chain_of(Mechanism.objects.get(name="Walking"), viewer=cast.ada)
    assert [one.assumption.code for one in chain.steps] == ["P1.2", ""] and chain.is_line
    assert chain.steps[1].cause == wanted.effect  # the very factor, so that the chain is joined


def test_using_a_librarys_step_in_the_middle_joins_the_line_and_loses_no_word(cast, as_, objective, sheet):
    wanted = Assumption.objects.get(code="P1.4")
    sent = sheet(("We walk", "People see us"), {"effect": "They are calmer"}, objective=objective.pk)
    page = pressed(as_(cast.ada), reverse("mechanism_new"), sent, f"use-1-{wanted.pk}")
    assert rows_in(page) == [
        ("We walk", wanted.cause.wording),
        (wanted.cause.wording, wanted.effect.wording),
    ]
    assert [one.row.own_words for one in page.context["rows"]] == [
        "People see us",
        "People see us → They are calmer",
    ]


def test_a_private_assumption_of_others_cannot_be_used_nor_smuggled_in(cast, as_, chain, sheet):
    private = chain_of(chain, viewer=cast.ada).steps[0].assumption
    sent = sheet(("a", "b"), name="Theirs")
    page = pressed(as_(cast.eli), reverse("mechanism_new"), sent, f"use-0-{private.pk}")
    assert rows_in(page) == [("a", "b")]
    smuggled = sheet({"assumption": private.pk, "cause": "We walk", "effect": "They notice"}, name="Theirs")
    refused = as_(cast.eli).post(reverse("mechanism_new"), smuggled)
    assert refused.status_code == 422 and "no longer shared" in text(refused)
    assert not Mechanism.objects.filter(name="Theirs").exists()


def posted_from(page):
    """What the form on the page would send, unchanged."""
    data = {"steps": len(page.context["rows"]), "ways": len(page.context["ways"]), "do": "save"}
    data["shape"] = "graph" if page.context["is_graph"] else "line"
    for at, one in enumerate(page.context["rows"]):
        data |= {f"step-{at}-{name}": one.form[name].value() or "" for name in one.form.fields}
    for at, form in enumerate(page.context["ways"]):
        data |= {f"way-{at}-{name}": form[name].value() or "" for name in form.fields}
    form = page.context["form"]
    return data | {name: form[name].value() or "" for name in form.fields}


def test_a_library_chain_is_adopted_step_by_step(cast, as_, library, objective):
    client, url = as_(cast.ada), reverse("mechanism_adopt", args=[library["P1"].pk])
    page = client.get(f"{url}?objective={objective.pk}")
    assert [one.state for one in page.context["rows"]] == ["keeps"] * 5
    sent = posted_from(page)
    assert sent["objective"] == objective.pk
    # keep 1, own words for 2, another effect for 3, leave 5 out
    sent["step-1-own_words"] = "Folk see us about"
    sent["step-2-effect"] = "They come and talk"
    page = pressed(client, url, sent, "remove-4")
    assert [one.state for one in page.context["rows"]] == ["keeps", "keeps", "changed", "changed"]
    assert "whose evidence stays behind" in text(page)
    assert client.post(url, posted_from(page)).status_code == 302
    mine = Mechanism.objects.get(adopted_from=library["P1"])
    chain = chain_of(mine, viewer=cast.ada)
    assert [one.assumption.code for one in chain.steps] == ["P1.1", "P1.2", "", ""]
    assert chain.steps[3].effect == library["P1"].versions.get().steps.get(position=4).assumption.effect
    assert mine.objective == objective and len(chain.backfires) == 2


def test_adopting_needs_an_objective_of_ones_own(cast, as_, library, objective, sheet):
    url = reverse("mechanism_adopt", args=[library["P1"].pk])
    refused = as_(cast.ada).post(url, sheet(("a", "b"), name="x"))
    assert refused.status_code == 422 and "Choose the objective that it should reach" in text(refused)
    foreign = as_(cast.eli).post(url, sheet(("a", "b"), name="x", objective=objective.pk))
    assert foreign.status_code == 422
    assert "You have no objective to adopt it for" in text(as_(cast.eli).get(url))
    assert as_(cast.ben).post(url, sheet(("a", "b"), name="x", objective=objective.pk)).status_code == 403


def test_changing_a_chain_says_what_keeps_its_evidence_and_needs_a_reason(cast, as_, chain):
    client, url = as_(cast.ada), reverse("mechanism_edit", args=[chain.pk])
    sent = posted_from(client.get(url))
    sent["step-1-effect"] = "They talk to us"
    page = pressed(client, url, sent, "check")
    assert "1 step keeps the assumption" in text(page)
    assert "Step 2 begins anew" in text(page) and "Left out" in text(page)
    refused = client.post(url, sent)
    assert (
        refused.status_code == 422
        and "what changed and why" in text(refused)
        and "They talk to us" in text(refused)
    )
    first = chain_of(chain, viewer=cast.ada).steps[0].assumption
    assert client.post(url, {**sent, "note": "as they told us"}).status_code == 302
    steps = chain_of(chain, viewer=cast.ada).steps
    assert steps[0].assumption == first and steps[1].assumption.horizon_days is None
    versions = text(client.get(reverse("mechanism_versions", args=[chain.pk])))
    assert "as they told us" in versions and "1 step kept, with its evidence" in versions


def test_a_stale_change_of_a_chain_names_who_and_keeps_the_words(cast, as_, chain):
    client, url = as_(cast.ada), reverse("mechanism_edit", args=[chain.pk])
    sent = {**posted_from(client.get(url)), "note": "mine", "step-0-own_words": "as my team says it"}
    as_(cast.ira).post(url, {**sent, "note": "first"})
    page = as_(cast.ada).post(url, sent)
    assert page.status_code == 412 and cast.ira.label in text(page) and "as my team says it" in text(page)
    assert chain.versions.count() == 2


@pytest.mark.parametrize(
    "page", ["mechanism_edit", "mechanism_versions", "mechanism_share", "mechanism_retire", "mechanism_adopt"]
)
def test_an_unshared_chain_is_there_for_its_organisation_alone(cast, as_, chain, page):
    url = reverse(page, args=[chain.pk])
    for name, user in cast.people.items():
        assert as_(user).get(url).status_code == (200 if name in INSIDE else 404), name
    assert as_(None).get(url).status_code in {302, 404}


@pytest.mark.parametrize(
    ("page", "data"),
    [
        (
            "mechanism_edit",
            {"steps": 1, "step-0-cause": "a", "step-0-effect": "b", "note": "x", "version": 1},
        ),
        ("mechanism_share", {"visibility": "public"}),
        ("mechanism_retire", {"version": 1}),
    ],
)
def test_whoever_sees_a_chain_without_editing_is_refused_on_writing(cast, as_, chain, page, data):
    url = reverse(page, args=[chain.pk])
    assert as_(cast.ben).post(url, data).status_code == 403
    assert as_(cast.eli).post(url, data).status_code == 404
    chain.refresh_from_db()
    assert (chain.version, chain.visibility, chain.retired_at) == (1, "own", None)


def test_a_chain_is_shared_and_retired_from_its_pages(cast, as_, chain):
    client = as_(cast.ada)
    shared = {"visibility": "network", "version": 1}
    assert client.post(reverse("mechanism_share", args=[chain.pk]), shared).status_code == 302
    assert "Walking the estate" in text(as_(cast.eli).get(reverse("mechanisms")))
    client = as_(cast.ada)
    retire = reverse("mechanism_retire", args=[chain.pk])
    assert client.post(retire, {"version": 9}).status_code == 412
    assert client.post(retire, {"version": 2}).status_code == 302
    assert "Walking the estate" not in text(as_(cast.eli).get(reverse("mechanisms")))


def test_the_list_is_filtered_by_aim_and_keeps_its_number_of_queries(
    cast, as_, chain, django_assert_max_num_queries
):
    client = as_(cast.ada)
    page = text(client.get(reverse("mechanisms"), {"aim": "C1"}))
    assert "P1 Seen" in page and "Walking the estate" in page and "P2 Treated" not in page
    with django_assert_max_num_queries(14):
        client.get(reverse("mechanisms"))
    with django_assert_max_num_queries(14):
        client.get(reverse("aims"))


def test_an_assumption_of_ones_own_is_described_and_the_librarys_is_not(cast, as_, chain):
    mine = chain_of(chain, viewer=cast.ada).steps[0].assumption
    url = reverse("assumption_describe", args=[mine.pk])
    sent = {"version": 1, "population": "the estate", "horizon": "a year", "horizon_days": "365"}
    assert as_(cast.ben).post(url, sent).status_code == 403
    assert as_(cast.eli).get(url).status_code == 404
    assert as_(cast.ada).post(url, sent).status_code == 302
    mine.refresh_from_db()
    assert (mine.population, mine.horizon_days, mine.version) == ("the estate", 365, 2)
    assert as_(cast.ada).post(url, sent).status_code == 412
    library = Assumption.objects.get(code="P1.1")
    assert as_(cast.ada).get(reverse("assumption_describe", args=[library.pk])).status_code == 404


def test_somebody_in_two_places_says_whose_chain_it_is(cast, as_, library, sheet):
    Membership.objects.create(
        user=cast.dina,
        organisation=cast.office,
        role="analyst",
        created_at=cast.dina.joined_at,
        created_by="x",
    )
    sent = sheet(("a", "b"), name="The team’s", owner=f"team-{cast.team.pk}")
    assert as_(cast.dina).post(reverse("mechanism_new"), sent).status_code == 302
    made = Mechanism.objects.get(name="The team’s")
    assert made.team == cast.team and made.visibility == "team"


def test_who_edits_for_nobody_states_no_chain(cast, as_, library, sheet):
    for user in (cast.ben, cast.gus):
        page = as_(user).get(reverse("mechanism_new"))
        assert page.status_code == 200 and "Only people who edit" in text(page)
        assert as_(user).post(reverse("mechanism_new"), sheet(("a", "b"), name="x")).status_code == 403


@pytest.mark.parametrize("kind", ["strategies.objective", "mechanisms.mechanism", "mechanisms.assumption"])
def test_members_can_speak_about_what_they_may_see_and_about_nothing_else(cast, chain, kind):
    from folkmoot.discussion import targets

    thing = {
        "strategies.objective": chain.objective,
        "mechanisms.mechanism": chain,
        "mechanisms.assumption": chain_of(chain, viewer=cast.ada).steps[0].assumption,
    }[kind]
    assert targets.find(cast.ada, kind=kind, pk=thing.pk) == thing
    assert targets.find(cast.eli, kind=kind, pk=thing.pk) is None
    assert str(thing.pk) in targets.target(kind).url(thing) and targets.target(kind).label(thing) == str(
        thing
    )
