"""Every page of the site, on the demo: nothing that axe finds, wide and narrow, with and without our scripts.

The sitemap is not a list that somebody keeps: the pages are found by following the links, and a page
that no link leads to fails the test.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver
from pytest_django.live_server_helper import LiveServer

from folkmoot.activities.actions.importing import LOOK, begin_import
from folkmoot.activities.importing.carrying import bring_in, look_through
from folkmoot.activities.importing.keeping import sheet_in
from folkmoot.briefings.actions import draft_edition
from folkmoot.briefings.models import Briefing
from folkmoot.communities.actions import create_place, record_representative
from folkmoot.communities.models import Grouping
from folkmoot.demo.build import build
from folkmoot.demo.network import sign_ins
from folkmoot.evaluations.actions.board import ask_for_evaluation, offer_evaluation
from folkmoot.evaluations.actions.plans import RivalDraft, create_plan, say_cannot
from folkmoot.evaluations.actions.runs import run_now
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Plan
from folkmoot.evidence import actions as evidence
from folkmoot.jobs.actions import ask
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import User
from folkmoot.sources.models import Turn

pytestmark = [pytest.mark.timeout(900), pytest.mark.django_db]

# addresses without a page of their own: what is only sent, files, and the private address of a check
NO_PAGE = {
    "activities_export",
    "activities_import_template",
    "activity_import_drop",
    "activity_import_report",
    "briefing_address",
    "capture_back",
    "capture_patterns",
    "capture_settle",
    "capture_shell",
    "capture_worker",
    "check_answer",
    "comment_add",
    "comment_withdraw",
    "concern_step",
    "contributions_deal",
    "conversation_export",
    "conversation_work_out",
    "claims_register_file",
    "election_remove",
    "edition_again",
    "edition_draft",
    "edition_file",
    "gap_map_file",
    "mark_remove",
    "offer_withdraw",
    "place_outline",
    "place_outlines",
    "place_unserve",
    "places_import_do",
    "plan_frozen",
    "pooled_table",
    "plan_sight",
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
}
FILES = {"edition_file", "gap_map_file"}  # some of them are pages, to take along
# doors that open only in states in which the demo is not: the access matrix opens each of them
NOT_IN_THE_DEMO = {
    "arbitrate",
    "concern_close",
    "data_erase",
    "effect_edit",
    "effect_remove",
    "effect_verify",
    "event_new",
    "event_remove",
    "heard_say",
    "indicator",
    "indicator_edit",
    "otherwise",
    "otherwise_edit",
    "output_new",
    "output_remove",
    "plan_departure",
    "pool_plan_give_up",
    "rate_remove",
    "representative_edit",
    "representative_withdraw",
    "run_finding_new",
    "run_finding_share",
    "run_finding_state",
    "run_finding_withdraw",
    "run_new",
    "series",
    "series_edit",
    "study_reinstate",
    "survey",
    "survey_edit",
    "survey_panel",
    "survey_questions",
    "token_end",
    "token_new",
    "wave",
    "wave_edit",
    "wave_erase",
    "wave_file",
    "wave_import",
    "wave_margins",
    "wave_new",
    "wave_question",
    "wave_recall",
}
ENOUGH = 2  # pages of one kind that somebody opens to find links to others
MANY = {
    "assumption": 60,
    "study": 60,
    "source": 30,
    "edition": 12,
}  # … and where one in many leads further, all people together


CONTROL = re.compile(r"<(?:input|select|textarea|button)\b")


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag == "a" and (href := dict(attributes).get("href")):
            self.found.append(href)


def page_names(patterns=None) -> set[str]:
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
        elif isinstance(pattern, URLResolver) and str(pattern.pattern) not in {"account/", "api/v1/"}:
            found |= page_names(pattern.url_patterns)
    return found - NO_PAGE


def follow_links(client, start, opened_by_all) -> tuple[dict[str, tuple[int, str]], list[str]]:
    """One address of each page that somebody reaches from ``start``; and the links that lead nowhere.

    With each address goes how much there is to fill in: the fullest of several is kept.
    """
    reached: dict[str, tuple[int, str]] = {}
    broken: list[str] = []
    opened: dict[str, int] = {}
    seen = {start}
    waiting = deque([start])
    while waiting:
        url = waiting.popleft()
        try:
            name = resolve(urlsplit(url).path).url_name or ""
        except Resolver404:
            broken.append(url)
            continue
        counted = opened_by_all if name in MANY else opened
        if counted.get(name, 0) >= MANY.get(name, ENOUGH) or name in FILES:
            continue
        counted[name] = counted.get(name, 0) + 1
        answer = client.get(url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            reached[name] = max(reached.get(name, (-1, "")), (len(CONTROL.findall(text)), url))
            links = Links()
            links.feed(text)
            for href in links.found:
                to = urljoin(url, href).partition("#")[0]
                if to.startswith("/") and to not in seen and not to.startswith(("/static/", "/account/")):
                    seen.add(to)
                    waiting.append(to)
        elif answer.status_code in (404, 500):
            broken.append(url)
    return reached, broken


def add_what_comes_and_goes(world) -> None:
    """A draft and a doubtful turn: a demo that is finished has neither, and no link to their pages."""
    draft_edition(Briefing.objects.order_by("pk").first(), by=world.people["hannah"])
    turn = Turn.objects.filter(source__team=world.team, source__state="live").order_by("pk").first()
    turn.doubt = "Two people may speak here."
    turn.save()
    lead = User.objects.get(email="lead@kelderwick.example")
    force = lead.memberships.get().organisation
    for name in ("waits", "in"):
        content = (
            f"Day,Title,Kind of event,Remark\n2026-03-02,{name},tea on the green,\nsoon,{name},,\n".encode()
        )
        import_ = begin_import(
            f"{name}.csv",
            content=content,
            sheet=sheet_in(name + ".csv", content),
            organisation=force,
            by=lead,
        )
        if name == "in":
            bring_in(import_, by=lead)
        else:
            look_through(import_, by=lead)
    create_place("The old market hall", organisation=force, kind="spot", visibility="own", by=lead)
    record_representative(
        Grouping.objects.filter(organisation=force).first(), role="Chair", chosen="elected", by=lead
    )
    ask(LOOK, title="Look through a file", arguments={"import": 0}, organisation=force, by=lead)
    add_plans(world, force, lead)
    add_library(force, lead)


def add_library(force, lead) -> None:
    """A study retracted since, a figure that nobody has read in its study, a pooling plan, references to read."""
    assumption = Assumption.objects.filter(visibility="public").order_by("pk").first()
    study = evidence.record_study(
        authors="Sorrel, J.",
        year=2019,
        title="Calling twice",
        kind="trial",
        country="England and Wales",
        level_low=5,
        level_high=5,
        read_where="full",
        owner=force,
        visibility="own",
        by=lead,
    )
    for factor in (assumption.cause, assumption.effect):
        evidence.mark_factor(study, factor=factor, sign="up", horizon_days=400, by=lead)
    evidence.record_effect(
        study,
        factor=assumption.effect,
        measure="standardised",
        printed={"kind": "error", "estimate": 0.2, "standard_error": 0.1},
        place="table 2",
        read_in_study=False,
        by=lead,
    )
    study.refresh_from_db()
    evidence.retract_study(study, on=date(2026, 3, 2), note="By its journal", expected=study.version, by=lead)
    evidence.register_pool_plan(
        assumption,
        measure="standardised",
        rule="Every trial",
        smallest_change=0.1,
        because="Less is not noticed",
        owner=force,
        visibility="own",
        by=lead,
    )
    file = evidence.look_at_references(
        "found.ris",
        content=b"TY  - JOUR\nTI  - Calling twice\nPY  - 2019\nER  -\n\nTY  - JOUR\nAU  - N\nER  -\n",
        owner=force,
        visibility="own",
        by=lead,
    )
    evidence.bring_in_references(file, leave_out_same=False, expected=file.version, by=lead)


def add_plans(world, force, lead) -> None:
    """A plan that is being drawn up, one that cannot be measured, and an offer that waits for its answer."""
    assumption = Assumption.objects.filter(visibility="public").order_by("pk").first()
    for title in ("Do they come again?", "Who stays away?"):
        plan = create_plan(
            assumption,
            owner=force,
            visibility="own",
            title=title,
            design="trial",
            activity="Visits",
            population="People of 16 and over",
            comparison="Streets without visits, drawn by lot",
            outcome="People who come again",
            horizon="within a year",
            smallest_change=0.05,
            sizes={"per_arm": 2000, "baseline": 0.5},
            if_for="Go on",
            if_against="End",
            if_unclear="Ask again",
            rivals=[RivalDraft("A warm summer", "Everybody would come")],
            by=lead,
        )
        look(plan, by=lead)
    say_cannot(plan, because="those who stay away cannot be asked", expected=1, by=lead)
    lead_of_skernmouth = world.people["skernmouth"]
    worked = Plan.objects.get(title__startswith="Fictional: Ferry Road")
    # a run beside the one that came to the finding: from it another could be recorded
    run_now(
        worked,
        dataset=worked.datasets.get(),
        choices={"outcome": "good_job", "treated": "visited", "clusters": "street"},
        by=lead_of_skernmouth,
    )
    request = ask_for_evaluation(
        assumption, owner=force, visibility="network", wanted="Do people come again?", by=lead
    )
    offer_evaluation(
        request, owner=world.team, words="A trial", independent="Nobody pays us", by=world.people["hannah"]
    )


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, served; the addresses of its pages and who opens each. Taken down at the file's end."""
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        override_settings(
            DIR=folder,
            ORIGINALS=folder / "originals",
            CACHE_DIR=folder / "cache",
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ),
    ):
        world = build()
        add_what_comes_and_goes(world)
        server = LiveServer("localhost")
        sessions: dict[str, str] = {}
        opened: dict[str, int] = {}
        pages: dict[str, tuple[int, str, str]] = {}
        broken: list[str] = []
        # the lead researcher first: most doors are open to her
        # … and whoever leads the work that was put beside the demo, which no sign-in of a role does
        emails = [*(one[2] for one in sign_ins()), "lead@kelderwick.example"]
        for email in sorted(emails, key=lambda one: one != "lead@moorland.example"):
            client = Client()
            client.force_login(
                User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend"
            )
            # for the browser, kept here: what a test writes is taken back at its end
            sessions[email] = client.cookies[settings.SESSION_COOKIE_NAME].value
            reached, lost = follow_links(client, "/", opened)
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
            context = chromium.new_context(base_url=site.url, bypass_csp=True)
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": site.sessions[email], "url": site.url}]
            )
            page = context.new_page()
            page.set_default_timeout(30_000)
            if not script:
                page.route(re.compile(r"/static/.*\.js"), lambda route: route.abort())
            contexts[email, script] = page
        return contexts[email, script]

    yield opened
    for page in contexts.values():
        page.context.close()


def test_links_lead_to_every_page(site):
    assert ", ".join(sorted(page_names() - set(site.pages) - NOT_IN_THE_DEMO)) == ""
    assert page_names() >= NOT_IN_THE_DEMO


def test_no_link_leads_nowhere(site):
    assert site.broken == []


AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
LAYOUT = """() => ({
  headings: document.querySelectorAll('h1').length,
  wide: document.documentElement.scrollWidth > innerWidth,
  jumps: [...document.querySelectorAll('[tabindex]')].filter(one => one.tabIndex > 0).length,
  title: document.title,
  unnamed: [...document.querySelectorAll('input, select, textarea')]
    .filter(one => !['hidden', 'submit', 'button'].includes(one.type) && !one.closest('[hidden]'))
    .filter(one => !(one.labels && one.labels.length) && !one.getAttribute('aria-label')
      && !one.getAttribute('aria-labelledby') && !one.title)
    .map(one => one.name || one.id),
})"""


@pytest.mark.parametrize("script", [True, False], ids=["with our scripts", "without"])
def test_every_page_is_sound_wide_and_narrow(site, visitor, script):
    wrong, titles = [], {}
    for name, (_, url, email) in site.pages.items():
        page = visitor(email, script=script)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        page.evaluate(AXE)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            where = f"{name} ({url}) at {width}"
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            wrong += [f"{where}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
            laid = page.evaluate(LAYOUT)
            if laid["headings"] != 1:
                wrong.append(f"{where}: {laid['headings']} first headings")
            if laid["wide"]:
                wrong.append(f"{where}: wider than the screen")
            if laid["jumps"]:
                wrong.append(f"{where}: {laid['jumps']} places before their turn in the order of Tab")
            wrong += [f"{where}: no label for {one}" for one in laid["unnamed"]]
        titles.setdefault(laid["title"], []).append(name)
    wrong += [
        f"one title for {', '.join(names)}: {title}" for title, names in titles.items() if len(names) > 1
    ]
    assert not wrong, "\n".join(wrong)


# Something of the place that has the keyboard has to look different: an outline, a shadow, another ground.
SEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {end: true};
  const looks = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return [style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 ? style.outline : '',
            style.boxShadow, style.backgroundColor, style.fill, style.borderColor, style.textDecoration].join('|');
  };
  const parts = element => [[element, null], [element, '::before'], [element, '::after'],
    ...[...(element.labels || [])].flatMap(label => [[label, null], [label, '::before'], [label, '::after']]),
    ...[...element.querySelectorAll('rect, circle, path, text, span')].slice(0, 6).map(inner => [inner, null])];
  const during = parts(one).map(([element, pseudo]) => looks(element, pseudo));
  const box = one.getBoundingClientRect();
  // a date has several stops of its own, and would begin with the first again
  const whole = one.type !== 'date';
  if (whole) one.blur();
  const after = parts(one).map(([element, pseudo]) => looks(element, pseudo));
  if (whole) one.focus({focusVisible: true, preventScroll: true});
  return {
    end: false,
    // on the last stop of a date, the browser's own button has the keyboard and its own ring
    changed: whole ? during.some((look, at) => look !== after[at])
      : !one.matches(':focus') || getComputedStyle(one).outlineStyle !== 'none',
    shown: box.width > 0 && box.height > 0,
    html: one.outerHTML.slice(0, 140),
    name: (one.innerText || one.value || one.getAttribute('aria-label') || '').trim(),
    action: !!one.closest('main') && (one.matches('button, a.govuk-button, input, select, textarea')),
  };
}"""
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
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(url)
    reached, unseen = [], []
    for step in range(160):
        page.keyboard.press("Tab")
        place = page.evaluate(SEEN)
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
