"""Every page of the site: nothing that axe finds, wide and narrow, with and without our scripts.

The sitemap is not a list that somebody keeps: the pages are found by following the links of the demo and of
what ``doors`` puts beside it, and a page that no link leads to fails the test.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern, URLResolver
from pytest_django.live_server_helper import LiveServer

from folkmoot.demo.build import build
from folkmoot.demo.network import sign_ins
from folkmoot.organisations.models import User

from .doors import LEAD, open_doors
from .looking import AS_SENT, AXE, FOCUSED, LOOK, faults_by_axe

pytestmark = [pytest.mark.timeout(900), pytest.mark.django_db]

# addresses without a page of their own: what is only sent, and files
NO_PAGE = {
    "activities_export",
    "activities_import_template",
    "activity_import_drop",
    "activity_import_report",
    "briefing_address",
    "capture_back",
    "capture_patterns",
    "capture_settle",
    "capture_worker",
    "comment_add",
    "comment_withdraw",
    "concern_step",
    "contributions_deal",
    "conversation_export",
    "conversation_work_out",
    "claims_register_file",
    "election_remove",
    "event_remove",
    "edition_again",
    "edition_draft",
    "edition_file",
    "gap_map_file",
    "mark_remove",
    "offer_withdraw",
    "output_new",
    "output_remove",
    "place_outline",
    "place_outlines",
    "place_unserve",
    "places_import_do",
    "plan_frozen",
    "pooled_table",
    "plan_sight",
    "rate_remove",
    "reader_mark",
    "reference_apart",
    "reference_aside",
    "reference_back",
    "reference_import_undo",
    "reference_join",
    "request_withdraw",
    "role_end",
    "run_data",
    "run_script",
    "source_original",
    "switch_organisation",
    "team_join",
    "team_leave",
    "themes_suggest",
    "token_end",
    "token_new",
    "wave_file",
}
FILES = {"edition_file", "gap_map_file"}  # some of them are pages, to take along
# pages that only a form which is sent empty shows: where it stands, and which it is
SENT_EMPTY = {
    "account": "form[action='/me/tokens/#tokens']",
    "initiative": "form[action$='/outputs/']",
    "study": "form[action^='/discussion/']",
}
ENOUGH = 2  # pages of one kind that somebody opens to find links to others
OFTEN = 6  # so many by all people together, and each of the others opens one
# … and where one in many leads further, all people together
MANY = {"assumption": 60, "study": 60, "source": 30, "edition": 12}


WIDE, NARROW, HEIGHT = 1280, 390, 900
CONTROL = re.compile(r"<(?:input|select|textarea|button)\b")
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')


def page_names(patterns=None) -> set[str]:
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
        elif isinstance(pattern, URLResolver) and str(pattern.pattern) not in {"account/", "api/v1/"}:
            found |= page_names(pattern.url_patterns)
    return found - NO_PAGE


def _enough(kind: str, by_all: int) -> int:
    """How many pages of a kind one person opens, after so many by all people together."""
    if kind in FILES:
        return 0
    if kind in MANY:
        return MANY[kind] if by_all < MANY[kind] else 0
    if by_all < OFTEN:
        return ENOUGH
    return 0 if kind in NO_PAGE else 1


def follow_links(client, start, opened_by_all, not_passed_by) -> tuple[dict[str, tuple[int, str]], list[str]]:
    """One address of each page that somebody reaches from ``start``; and the links that lead nowhere.

    With each address goes how much there is to fill in: the fullest of several is kept. An address of
    ``not_passed_by`` is opened wherever a link leads there, however many of its kind were before it.
    """
    reached: dict[str, tuple[int, str]] = {}
    broken: list[str] = []
    opened: Counter[str] = Counter()
    seen = {start}
    waiting = deque([start])
    while waiting:
        url = waiting.popleft()
        path = urlsplit(url).path
        try:
            name = resolve(path).url_name or ""
        except Resolver404:
            broken.append(url)
            continue
        kind = path if path in not_passed_by else name
        if opened[kind] >= _enough(kind, opened_by_all[kind]):
            continue
        opened[kind] += 1
        opened_by_all[kind] += 1
        answer = client.get(url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            reached[name] = max(reached.get(name, (-1, "")), (len(CONTROL.findall(text)), url))
            for href in LINK.findall(text):
                to = urljoin(url, unescape(href)).partition("#")[0]
                if to.startswith("/") and to not in seen and not to.startswith(("/static/", "/account/")):
                    seen.add(to)
                    waiting.append(to)
        elif answer.status_code in (404, 500):
            broken.append(url)
    return reached, broken


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, served; the addresses of its pages and who opens each. Taken down at the file's end."""
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        # what each page was made from is copied for whoever asks; nobody does here
        patch("django.test.client.store_rendered_templates"),
        override_settings(
            DIR=folder,
            ORIGINALS=folder / "originals",
            CACHE_DIR=folder / "cache",
            STATICFILES_DIRS=[AXE.parent],
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ),
    ):
        world = build()
        not_passed_by = open_doors(world)
        server = LiveServer("localhost")
        # no link leads to what somebody who was interviewed gets by letter, nor to what a phone keeps
        pages = {
            "check_answer": (0, world.open_check, LEAD),
            "capture_shell": (0, reverse("capture_shell"), LEAD),
        }
        sessions: dict[str, str] = {}
        opened: Counter[str] = Counter()
        broken: list[str] = []
        # the lead researcher first: most doors are open to her
        # … and whoever leads the work that was put beside the demo
        emails = [*(one[2] for one in sign_ins()), LEAD]
        for email in sorted(emails, key=lambda one: one != "lead@moorland.example"):
            client = Client()
            client.force_login(
                User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend"
            )
            # for the browser, kept here: what a test writes is taken back at its end
            sessions[email] = client.cookies[settings.SESSION_COOKIE_NAME].value
            reached, lost = follow_links(client, "/", opened, not_passed_by)
            broken += [f"{email}: {url}" for url in lost]
            for name, (controls, url) in reached.items():
                pages[name] = max(pages.get(name, (-1, "", "")), (controls, url, email))
        try:
            yield SimpleNamespace(url=server.url, pages=pages, broken=broken, sessions=sessions)
        finally:
            server.stop()
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def visitor(chromium, site):
    """``visitor(email, script=False)`` is a page of a browser in which that person is signed in."""
    contexts = {}

    def opened(email, *, script=True):
        if (email, script) not in contexts:
            # axe is a script of its own: it needs the policy lifted, and ours kept away, not all of them
            context = chromium.new_context(
                base_url=site.url, bypass_csp=True, viewport={"width": WIDE, "height": HEIGHT}
            )
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": site.sessions[email], "url": site.url}]
            )
            page = context.new_page()
            page.set_default_timeout(30_000)
            if not script:
                # a route would do it, too, and make the browser fetch every style and font anew
                network = context.new_cdp_session(page)
                network.send("Network.enable")
                network.send("Network.setBlockedURLs", {"urls": ["*/static/*.js"]})
            contexts[email, script] = page
        return contexts[email, script]

    yield opened
    for page in contexts.values():
        page.context.close()


def test_links_lead_to_every_page(site):
    assert ", ".join(sorted(page_names() - set(site.pages))) == ""


def test_no_link_leads_nowhere(site):
    assert site.broken == []


def faults_of(laid) -> list[str]:
    """What is wrong with how a page is laid out."""
    faults = [f"no label for {one}" for one in laid["unnamed"]]
    if laid["headings"] != 1:
        faults.append(f"{laid['headings']} first headings")
    if laid["wide"]:
        faults.append("wider than the screen")
    if laid["jumps"]:
        faults.append(f"{laid['jumps']} places before their turn in the order of Tab")
    return faults


def faults_at(width, page, *, script, where, seen) -> list[str]:
    """What is wrong with the page that is open. Axe is spared looks that are in ``seen``, and adds to them."""
    if page.viewport_size["width"] != width:
        page.set_viewport_size({"width": width, "height": HEIGHT})
    found = page.evaluate(LOOK)
    assert found["script"] == script
    faults = faults_of(found["laid"])
    look = (width, found["look"])
    if look not in seen:
        seen.add(look)
        # where all scripts of the site are kept away, axe comes from here
        faults += faults_by_axe(page, found, served="/static/axe.min.js" if script else "")
    return [f"{where} at {width}: {one}" for one in faults]


def stays_as_sent(page, sent, seen) -> bool:
    """Without our scripts the page would be what was looked at: they wrote nothing to it, and no style waits for them.

    If not, it is to be opened without them. Ends at the width at which a page begins.
    """
    same = page.evaluate(AS_SENT, sent)
    for width in (NARROW, WIDE):
        if page.viewport_size["width"] != width:
            page.set_viewport_size({"width": width, "height": HEIGHT})
        if same == "perhaps" and (width, page.evaluate(LOOK)["look"]) not in seen:
            same = "no"
    return same != "no"


def opened(page, url, form) -> str:
    """Go there, and send that form empty; what the server sent."""
    if not form:
        return page.goto(url).text()
    page.goto(url)
    with page.expect_navigation() as answer:
        page.locator(form).evaluate("one => HTMLFormElement.prototype.submit.call(one)")
    assert page.title().startswith("Error: "), url
    return answer.value.text()


def test_every_page_is_sound_wide_and_narrow_with_and_without_our_scripts(site, visitor):
    wrong, titles = [], {}
    pages = [(name, url, email, "") for name, (_, url, email) in site.pages.items()]
    pages += [(f"{name} refused", *site.pages[name][1:], form) for name, form in SENT_EMPTY.items()]
    for name, url, email, form in pages:
        seen: set[tuple[int, int]] = set()
        for script in (True, False):
            page = visitor(email, script=script)
            sent = opened(page, url, form)
            where = f"{name} ({url}){'' if script else ' without our scripts'}"
            for width in (WIDE, NARROW):
                wrong += faults_at(width, page, script=script, where=where, seen=seen)
            title = page.title()
            if stays_as_sent(page, sent, seen):
                break
        titles.setdefault(title, []).append(name)
    wrong += [
        f"one title for {', '.join(names)}: {title}" for title, names in titles.items() if len(names) > 1
    ]
    assert not wrong, "\n".join(wrong)


BY_KEYBOARD = {
    "overview": None,
    "assumption": None,
    "objective_new": "State",
    "source_import": "Bring them in",
    "mechanism_adopt": "Adopt it",
    "study_new": "Record it and mark its findings",
    "search": "Search",
    "briefing_new": "Begin",
    "claims": None,
    "people": None,
}


@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_the_keyboard_reaches_the_main_action_and_shows_where_it_is(site, visitor, name):
    _, url, email = site.pages[name]
    page = visitor(email)
    page.goto(url)
    reached, unseen = [], []
    for step in range(160):
        page.keyboard.press("Tab")
        place = page.evaluate(FOCUSED)
        if place["end"]:
            break
        if step == 0:
            assert "Skip to main content" in place["name"]
        if not place["changed"] or not place["shown"]:
            unseen.append(place["html"])
        if place["action"]:
            reached.append(place["name"])
        if BY_KEYBOARD[name] and any(BY_KEYBOARD[name] in one for one in reached):
            break
    assert not unseen, "\n".join(unseen)
    if BY_KEYBOARD[name]:
        assert any(BY_KEYBOARD[name] in one for one in reached), reached
