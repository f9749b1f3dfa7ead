"""The frame of every page: where one is, who one is, that it is fictional, and what to do when refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path

from folkmoot.front.templatetags.front_tags import in_brackets
from folkmoot.ui.context import navigation


def page(name="ui/base.html", **context):
    return render_to_string(name, {"instance": SimpleNamespace(fictional=False, version="1"), **context})


def view(request):
    raise AssertionError("never called")


urlpatterns = [
    path("", view, name="overview"),
    path("aims/", view, name="aims"),
    path("sources/", view, name="sources"),
]


@override_settings(ROOT_URLCONF=__name__)
def test_the_bar_shows_only_rooms_that_exist_in_their_order(rf):
    found = navigation(rf.get("/sources/12/"))["navigation"]
    assert [item.label for item in found] == ["Overview", "Aims", "Sources"]
    assert [item.current for item in found] == [False, False, True]


@override_settings(ROOT_URLCONF=__name__)
def test_the_overview_is_current_only_on_itself(rf):
    assert navigation(rf.get("/"))["navigation"][0].current
    assert not any(item.current for item in navigation(rf.get("/elsewhere/"))["navigation"])


def test_a_stranger_is_offered_the_rooms_that_open_to_strangers_and_no_others(rf, client, db):
    offered = [room.url for item in navigation(rf.get("/"))["navigation"] for room in item.rooms]
    assert "/assumptions/gaps/" in offered and "/search/" not in offered
    assert {url: client.get(url).status_code for url in offered} == dict.fromkeys(offered, 200)


def test_the_room_that_one_is_in_is_marked_on_the_pages_inside_it(rf):
    def marked(path):
        items = navigation(rf.get(path))["navigation"]
        return {room.label for item in items for room in item.rooms if room.current}

    assert marked("/plans/3/") == {"Plans"}
    assert marked("/assumptions/gaps/") == {"Gap map"}
    assert marked("/mechanisms/3/edit/") == {"Chains"}


def test_a_note_stands_between_brackets_without_its_full_stop():
    assert in_brackets("Six weeks is where it ends.") == "(Six weeks is where it ends)"


def test_what_is_fictional_is_said_in_a_few_words_on_a_phone():
    assert "Only the published studies are real." in page(
        instance=SimpleNamespace(fictional=True, version="1")
    )


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_without_sign_in_or_help_has_no_link_to_them(rf):
    given = navigation(rf.get("/"))
    assert given["sign_in_url"] is None and given["footer_links"] == []
    assert given["home_url"] == "/"


def test_fictional_is_printed_on_every_page_of_a_demo_and_on_no_other():
    demo = SimpleNamespace(fictional=True, version="1")
    assert "Fictional." in page(instance=demo)
    assert "Fictional" not in page()


@pytest.mark.parametrize("status", [403, 404, 409, 412, 422])
def test_a_refusal_gives_its_sentence_and_says_what_to_do_next(status):
    html = page(f"{status}.html", reason="Only <a lead> may do this.")
    assert "What you can do next" in html
    if status != 404:
        assert "Only &lt;a lead&gt; may do this." in html
    assert "govuk-heading-l" in html


def test_the_page_for_our_own_faults_needs_no_context_at_all():
    html = render_to_string("500.html")
    assert "What you can do next" in html and "Folkmoot" in html


def test_not_found_does_not_say_whether_the_thing_exists():
    assert page("404.html", reason="Interview 12 belongs to the Harbour team.") == page("404.html")


def test_the_frame_has_its_landmarks_its_skip_link_and_a_title():
    html = page(navigation=[SimpleNamespace(name="aims", label="Aims", url="/aims/", current=True)])
    assert html.index("Skip to main content") < html.index("<header")
    assert 'id="main-content"' in html
    assert 'aria-label="Main"' in html and "aria-current=" in html
    assert "<title>Evidence on engagement – Folkmoot</title>" in html
    assert '<html lang="en-GB"' in html


def test_a_person_of_two_organisations_can_switch_and_of_one_sees_its_name():
    user = SimpleNamespace(is_authenticated=True, get_full_name=lambda: "Asha")
    one = SimpleNamespace(pk=1, slug="k", name="Kelderwick Constabulary")
    two = SimpleNamespace(pk=2, slug="s", name="Skernmouth Police")
    both = page(user=user, organisation=one, organisations=[one, two], switch_url="/switch/")
    assert '<option value="k" selected>' in both and '<option value="s">' in both
    alone = page(user=user, organisation=one, organisations=[one], switch_url="/switch/")
    assert "<select" not in alone and "Kelderwick Constabulary" in alone


def test_an_empty_state_says_what_to_do_first():
    html = page(
        "ui/parts/empty.html",
        title="No sources yet",
        first="Begin with one interview.",
        url="/add",
        action="Add",
    )
    assert "Begin with one interview." in html and 'href="/add"' in html
