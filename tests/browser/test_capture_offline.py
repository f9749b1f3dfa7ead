"""Captured without a signal, with the network lost in every way that a day outside knows: one record each time.

Between the browser and the server stands a small relay that a test tells what to lose: it really cuts the
connection, so the service worker, the outbox and the lock are those that a phone would run.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import urllib.parse
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.models import Activity, Capture, Initiative
from folkmoot.communities.models import Place
from folkmoot.heard.actions.answers import promise
from folkmoot.heard.actions.concerns import open_concern
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Membership, Organisation, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PUT = b"PUT /api/v1/capture/"


class Relay:
    """A port that passes everything on, but for what ``lose`` says of the requests that put a record."""

    def __init__(self, upstream: str) -> None:
        at = urllib.parse.urlsplit(upstream)
        self.upstream = (at.hostname, at.port)
        self.lose = ""
        self.down = False
        self.puts = 0
        self.listener = socket.create_server(("localhost", 0))
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.settimeout(20)
            request = self._whole(client)
            if not request or self.down:
                return
            if request.startswith(PUT):
                self.puts += 1
                if self.lose == "before":
                    return
                if self.lose == "during":
                    self._upstream(request[: len(request) - 20])
                    return
                if self.lose == "error":
                    client.sendall(self._page("500 Internal Server Error", b"<h1>Server error</h1>"))
                    return
                if self.lose == "hotel":
                    client.sendall(self._page("200 OK", b"<h1>Welcome to our wireless network</h1>"))
                    return
                if self.lose == "twice":
                    self._upstream(request)
                if self.lose == "after":
                    self._upstream(request)
                    return
                if self.lose == "hang":
                    self._upstream(request)
                    time.sleep(30)
                    return
            client.sendall(self._upstream(request))

    def _upstream(self, request: bytes) -> bytes:
        with socket.create_connection(self.upstream, timeout=20) as server:
            server.sendall(request)
            if not self._complete(request):
                server.shutdown(socket.SHUT_WR)
            parts = []
            with contextlib.suppress(OSError):
                while part := server.recv(65536):
                    parts.append(part)
            return b"".join(parts)

    def _whole(self, client: socket.socket) -> bytes:
        held = b""
        while not self._complete(held):
            part = client.recv(65536)
            if not part:
                return b""
            held += part
        head, _, body = held.partition(b"\r\n\r\n")
        # one request for each connection: what is lost is then exactly one
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body

    @staticmethod
    def _complete(held: bytes) -> bool:
        head, end, body = held.partition(b"\r\n\r\n")
        if not end:
            return False
        lengths = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ]
        return len(body) >= (lengths[0] if lengths else 0)

    @staticmethod
    def _page(status: str, body: bytes) -> bytes:
        return (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )


@pytest.fixture
def cast(db, settings):
    """Ben, officer at Northmere Police, and Ada, who leads engagement there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    people = {}
    for name, role in (("ada", "lead"), ("ben", "officer")):
        people[name] = User.objects.create_user(
            f"{name}@example.org", "a long enough secret", name=name.title()
        )
        Membership.objects.create(
            user=people[name],
            organisation=police,
            role=role,
            created_at=timezone.now(),
            created_by="the cast",
        )
    return SimpleNamespace(police=police, **people)


@pytest.fixture
def field(cast):
    """Initiatives and places of Northmere's, and what was done at one of them before."""
    made = {"created_at": timezone.now(), "created_by": "the tests"}
    method = Method.objects.create(
        code="T1", name="Stall", medium="in person", synchronous="yes", level_low=1, level_high=3, position=90
    )
    own = {"organisation": cast.police, "visibility": "own", **made}
    cast.initiatives = [
        Initiative.objects.create(
            name=name, method=method, purpose=f"To hear you at the {name.lower()}.", **own
        )
        for name in (
            "Boxing club",
            "Doorstep visits",
            "Market stall",
            "School assemblies",
            "Thursday drop-in",
        )
    ]
    cast.places = [
        Place.objects.create(name=name, kind="spot", code=f"S{number}", **own)
        for number, name in enumerate(("Ferry Road", "Market Square", "Tanner Lane hall", "The Mill"))
    ]
    log_activity(
        organisation=cast.police, initiative=cast.initiatives[2], place=cast.places[0], people=7,
        happened_on=timezone.localdate(), by=cast.ben,
    )  # fmt: skip
    return cast


@pytest.fixture
def relay(live_server):
    made = Relay(live_server.url)
    yield made
    made.close()


@pytest.fixture
def phone(chromium, relay, sign_in, field):
    """``phone()`` is a page of a phone on which Ben signed in once with a signal; the shell is kept."""
    context = chromium.new_context(
        base_url=relay.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )

    def opened():
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto("/capture/")
        page.wait_for_selector("[data-ready]", state="attached")
        return page

    first = context.new_page()
    sign_in(first, field.ben)
    context.add_cookies([{**one, "url": relay.url} for one in _cookies(context)])
    first.close()
    page = opened()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    _eventually(lambda: page.evaluate("caches.keys().then(keys => keys.length)") == 1)
    _eventually(lambda: page.evaluate(_KEPT))
    opened.context, opened.first = context, page
    yield opened
    context.close()


def _cookies(context):
    return [{"name": one["name"], "value": one["value"]} for one in context.cookies()]


_KEPT = """() => new Promise(done => { const r = indexedDB.open('folkmoot-capture'); r.onsuccess = () => {
  const g = r.result.transaction('kept').objectStore('kept').get('lists'); g.onsuccess = () => { r.result.close(); done(!!g.result); }; }; })"""
_LISTS = """() => new Promise(done => { const r = indexedDB.open('folkmoot-capture'); r.onsuccess = () => {
  const g = r.result.transaction('kept').objectStore('kept').get('lists'); g.onsuccess = () => { r.result.close(); done(g.result); }; }; })"""
_WAITING = """() => new Promise(done => { const r = indexedDB.open('folkmoot-capture'); r.onsuccess = () => {
  const g = r.result.transaction('waiting').objectStore('waiting').getAll(); g.onsuccess = () => { r.result.close(); done(g.result); }; }; })"""


def _eventually(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that in time")


def _capture(page, *, people="10", wait=True):
    page.tap('label:has-text("Ferry Road")')
    page.tap(f'[data-people="{people}"]')
    page.tap('label:has-text("Talking")')
    page.tap('label:has(input[name=hours_chip][value="2"])')
    page.tap("[data-save]")
    if wait:
        page.wait_for_selector("#saved:not([hidden])")


def _waiting(page):
    return page.evaluate(_WAITING)


def _captured():
    return list(Activity.objects.filter(captures__isnull=False).distinct())


def _home_again(relay, page):
    """The network is whole again; the person presses what the page offers."""
    relay.lose, relay.down = "", False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    _eventually(lambda: _waiting(page) == [])


def _exactly_one(page):
    assert _waiting(page) == []
    (row,) = _captured()
    assert (row.people, row.level, float(row.hours), row.place.name) == (10, "L3", 2.0, "Ferry Road")
    assert row.initiative.name == "Market stall"
    assert Capture.objects.filter(state="recorded").count() == 1


# the ten ways


@pytest.mark.parametrize("way", ["before", "during", "after", "error", "hotel", "twice"])
def test_the_network_is_lost_around_the_request(phone, relay, way):
    page = phone.first
    relay.lose = way
    _capture(page)
    _eventually(lambda: relay.puts >= 1)
    if way == "twice":
        _eventually(lambda: _waiting(page) == [])
    else:
        time.sleep(0.5)
        assert len(_waiting(page)) == 1, "kept until the server has said that it has it"
        assert "1 waiting" in page.inner_text("#outbox")
    _home_again(relay, page)
    _exactly_one(page)
    assert "Sent" in page.inner_text("#saved-state")


def test_it_was_captured_with_no_signal_at_all_from_the_first_tap_on(phone, relay):
    relay.down = True
    phone.first.close()
    page = phone()  # opened without a network: the kept page
    assert "without a signal" in page.title()
    _capture(page)
    assert "To hear you at the market stall." in page.inner_text("#saved-backs")
    assert "Last here" in page.inner_text("#saved-backs")
    assert len(_waiting(page)) == 1
    _home_again(relay, page)
    _exactly_one(page)


def test_what_is_promised_at_the_place_is_told_without_a_signal(field, phone, relay):
    concern = open_concern("Lamps", organisation=field.police, place=field.places[0], by=field.ada)
    due = timezone.localdate()
    promise(concern, text="Mend the lamp", owner_role="Sergeant", due=due, by=field.ada)
    phone.first.reload()
    phone.first.wait_for_selector("[data-ready]", state="attached")
    _eventually(lambda: "Mend the lamp" in json.dumps(phone.first.evaluate(_LISTS)))
    phone.first.close()
    relay.down = True
    page = phone()
    page.tap('label:has-text("Market Square")')
    assert page.inner_text("#place-promised") == ""
    page.tap('label:has-text("Ferry Road")')
    assert page.inner_text("#place-promised").startswith("Promised here: Mend the lamp (Sergeant, by ")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the form stays one screen"
    _capture(page)
    assert "Promised here" in page.inner_text("#saved-backs")


def test_the_tab_is_killed_after_saving(phone, relay):
    relay.lose = "hang"
    _capture(phone.first)
    _eventually(lambda: relay.puts >= 1)
    phone.first.close()
    relay.lose = ""
    page = phone()
    _eventually(lambda: _waiting(page) == [])
    _exactly_one(page)


def test_two_tabs_send_one_record_once(phone, relay):
    first, second = phone.first, phone()
    relay.lose = "before"
    _capture(first)
    _eventually(lambda: relay.puts >= 1)
    puts = relay.puts
    relay.lose = ""
    for page in (first, second, first, second):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    _eventually(lambda: _waiting(first) == [])
    time.sleep(0.5)
    assert relay.puts == puts + 1
    _exactly_one(second)


def test_the_sign_in_expires_and_everything_is_kept_until_one_signs_in(phone, relay, sign_in, field):
    page = phone.first
    mine = [one for one in phone.context.cookies() if one["name"] == "sessionid"]
    phone.context.clear_cookies(name="sessionid")
    _capture(page)
    page.wait_for_selector("#outbox a:has-text('Sign in')")
    assert len(_waiting(page)) == 1 and "everything is kept" in page.inner_text("#outbox")
    # opened again while signed out: recording goes on
    again = phone()
    assert "without a signal" in again.title() and again.is_visible("#outbox a:has-text('Sign in')")
    phone.context.add_cookies(mine)
    again.goto("/capture/")
    _eventually(lambda: _waiting(again) == [])
    _exactly_one(again)


def test_a_stale_token_is_renewed_and_nothing_is_lost(phone, relay):
    phone.context.clear_cookies(name="csrftoken")
    _capture(phone.first)
    _eventually(lambda: _waiting(phone.first) == [])
    _exactly_one(phone.first)


def test_another_person_on_the_same_phone_does_not_send_it_as_theirs(phone, relay, sign_in, field):
    relay.down = True
    _capture(phone.first)
    mine = [one for one in phone.context.cookies() if one["name"] == "sessionid"]
    phone.context.clear_cookies()
    helper = phone.context.new_page()
    sign_in(helper, field.ada)
    relay.down = False
    phone.context.add_cookies([{**one, "url": relay.url} for one in _cookies(phone.context)])
    phone.first.close()
    page = phone()
    page.wait_for_selector("#outbox:has-text('1 of somebody else')")
    assert _captured() == []
    phone.context.add_cookies(mine)
    page.goto("/capture/")
    _eventually(lambda: _waiting(page) == [])
    assert _captured()[0].logged_by == field.ben


def test_the_form_has_changed_its_version_while_the_record_waited(phone, relay):
    page = phone.first
    relay.down = True
    _capture(page)
    # as the first version of the form would have saved it
    page.evaluate("""() => new Promise(done => { const r = indexedDB.open('folkmoot-capture'); r.onsuccess = () => {
      const t = r.result.transaction('waiting', 'readwrite'); const s = t.objectStore('waiting');
      s.getAll().onsuccess = e => { const one = e.target.result[0]; const body = JSON.parse(one.body);
        delete body.tallies; delete body.counted; s.put({...one, body: JSON.stringify({...body, schema: 1})}); };
      t.oncomplete = () => { r.result.close(); done(); }; }; })""")
    _home_again(relay, page)
    _exactly_one(page)
    assert Capture.objects.get().schema == 1


def test_the_storage_is_full_and_the_form_stays_as_it_was(phone, relay):
    page = phone.first
    page.evaluate("""() => { window.realAdd = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }; }""")
    _capture(page, wait=False)
    page.wait_for_selector("#notice:has-text('storage of this phone is full')")
    assert (
        page.input_value("#capture-people") == "10" and _waiting(page) == [] and not page.is_visible("#saved")
    )
    page.evaluate("() => { IDBObjectStore.prototype.add = window.realAdd; }")
    page.tap("[data-save]")
    page.wait_for_selector("#saved:not([hidden])")
    _eventually(lambda: _waiting(page) == [])
    _exactly_one(page)


def test_the_clock_is_wrong_by_years(phone, relay):
    page = phone.first
    page.evaluate("""() => { const real = Date; const years = 4 * 365 * 864e5;
      window.Date = class extends real { constructor(...a) { a.length ? super(...a) : super(real.now() + years); }
        static now() { return real.now() + years; } }; }""")
    _capture(page)
    _eventually(lambda: _waiting(page) == [])
    _exactly_one(page)
    assert _captured()[0].happened_on == timezone.localdate()
    assert "clock" in page.inner_text("#saved-state")


# the review queue, drafts, deleting, exporting


def _alter(page, **changes):
    page.evaluate(
        """changes => new Promise(done => { const r = indexedDB.open('folkmoot-capture'); r.onsuccess = () => {
      const t = r.result.transaction('waiting', 'readwrite'); const s = t.objectStore('waiting');
      s.getAll().onsuccess = e => { const one = e.target.result[0];
        s.put({...one, body: JSON.stringify({...JSON.parse(one.body), ...changes})}); };
      t.oncomplete = () => { r.result.close(); done(); }; }; })""",
        changes,
    )


def test_what_differs_waits_for_a_person_and_then_leaves_the_phone(phone, relay):
    page = phone.first
    relay.lose = "after"
    _capture(page)
    _eventually(lambda: len(_captured()) == 1)
    _alter(page, people=30)
    relay.lose = ""
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#outbox a:has-text('Pick one')")
    page.tap("#outbox a:has-text('Pick one')")
    page.tap("text=Take the second")
    page.wait_for_selector("text=Nothing was sent twice")
    page.goto("/capture/")
    page.wait_for_selector("[data-ready]", state="attached")
    page.tap("#outbox >> text=Send now")
    _eventually(lambda: _waiting(page) == [])
    assert [one.people for one in _captured()] == [30]


def test_what_is_unfit_comes_back_to_be_put_right_and_is_recorded_once(phone, relay):
    page = phone.first
    relay.down = True
    _capture(page)
    _alter(page, happened_on="2031-01-01")
    relay.down = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#outbox:has-text('1 to put right')")
    assert _captured() == []
    page.tap("text=Open it")
    assert page.input_value("#capture-people") == "10" and "yet to come" in page.inner_text("#notice")
    page.fill("#capture-happened_on", "")
    page.tap("[data-save]")
    _eventually(lambda: _waiting(page) == [])
    _exactly_one(page)


def test_one_that_waits_can_be_deleted_and_all_of_them_exported(phone, relay, tmp_path):
    page = phone.first
    relay.down = True
    _capture(page)
    page.tap("#again")
    _capture(page, people="20")
    assert "2 waiting" in page.inner_text("#outbox")
    with page.expect_download() as held:
        page.tap("#export")
    held.value.save_as(tmp_path / "waiting.json")
    rows = json.loads((tmp_path / "waiting.json").read_text())
    assert [one["people"] for one in rows] == [10, 20] and all(one["uuid"] for one in rows)
    page.wait_for_function("document.querySelectorAll('#phone-list > li').length >= 2")
    time.sleep(0.3)
    page.locator("#phone-list > li", has_text="20 people").get_by_role("button", name="Delete").tap()
    page.locator("#phone-list > li", has_text="20 people").get_by_role("button", name="Delete for good").tap()
    _eventually(lambda: len(_waiting(page)) == 1)
    _home_again(relay, page)
    _exactly_one(page)


# RL2 on the phone


def test_a_report_stays_on_the_phone_until_it_was_passed_on(phone, relay):
    page = phone.first
    page.fill("#capture-remark", "Neighbour says he hits the kids")
    _capture(page)
    _eventually(lambda: _waiting(page) == [])
    shown = page.inner_text("#saved-withheld")
    assert "999" in shown and "101" in shown and "safeguarding" in shown and "hits the kids" in shown
    assert Activity.objects.filter(remark="").count() == 2 and "hits" not in json.dumps(
        list(Capture.objects.values("content"))
    )
    page.close()
    page = phone()
    page.tap("#phone-list >> text=I have passed it on")
    _eventually(lambda: not page.is_visible("text=hits the kids"))
    page.reload()
    page.wait_for_selector("[data-ready]", state="attached")
    assert not page.is_visible("text=hits the kids")


def test_a_name_is_pointed_out_before_saving_and_left_out_where_it_stays(phone, relay):
    page = phone.first
    page.fill("#capture-remark", "Spoke to Sarah Holt")
    _capture(page, wait=False)
    page.wait_for_selector("#remark-stop:has-text('name')")
    page.tap("text=Save without the remark")
    page.wait_for_selector("#saved:not([hidden])")
    _eventually(lambda: _waiting(page) == [])
    _exactly_one(page)
    assert _captured()[0].remark == ""


def test_the_script_screens_as_the_server_does(phone):
    import importlib.util
    import pathlib
    import sys

    from folkmoot.core.screening import screen

    path = pathlib.Path(__file__).resolve().parents[2] / "bench" / "screening.py"
    spec = importlib.util.spec_from_file_location("bench_screening", path)
    bench = importlib.util.module_from_spec(spec)
    sys.modules["bench_screening"] = bench
    spec.loader.exec_module(bench)
    texts = [one.words for one in bench.draw()] + ["Café: hé’s “dealing” weed", "", "İstanbul ﬁne ½"]
    got = phone.first.evaluate(
        """async texts => { const {makeScreen} = await import('/static/activities/capture-screen.js');
        const screen = makeScreen(await (await fetch('/capture/patterns.json')).json());
        return texts.map(text => screen(text).kind); }""",
        texts,
    )
    wrong = [
        (text, kind, screen(text).kind)
        for text, kind in zip(texts, got, strict=True)
        if screen(text).kind != kind
    ]
    assert not wrong


# one hand, twenty seconds


def test_it_takes_few_taps_and_letters_and_no_scrolling(phone):
    page = phone.first
    page.evaluate("""() => { window.taps = 0; window.letters = 0; window.scrolled = false;
      addEventListener('pointerup', () => { taps += 1; }, true);
      addEventListener('keydown', e => { if (e.key.length === 1) letters += 1; }, true);
      addEventListener('scroll', () => { scrolled = true; }, true); }""")
    laid = page.evaluate("""() => ({height: document.documentElement.scrollHeight, inner: innerHeight,
      save: document.querySelector('[data-save]').getBoundingClientRect().bottom,
      small: [...document.querySelectorAll('#capture-form label.fm-chip, #capture-form button, #capture-form > .fm-pick input:not([type=radio]), #capture-form select')]
        .filter(one => one.offsetParent && !one.closest('details')).map(one => one.getBoundingClientRect())
        .filter(box => box.height < 44 || box.width < 36).length})""")
    assert laid["save"] <= laid["inner"] == 844 and laid["height"] <= 844, laid
    assert laid["small"] == 0
    page.tap('label:has-text("Doorstep visits")')
    page.tap('label:has-text("Market Square")')
    page.tap('[data-people="5"]')
    page.tap('label:has-text("Asked")')
    page.tap('label:has(input[name=hours_chip][value="1"])')
    page.tap("#capture-remark")
    page.keyboard.type("Good turnout, dry day")
    page.tap("[data-save]")
    page.wait_for_selector("#saved:not([hidden])")
    used = page.evaluate("({taps, letters, scrolled})")
    assert used["taps"] <= 9 and used["letters"] <= 25 and not used["scrolled"], used
    _eventually(lambda: _captured())
    assert _captured()[0].remark == "Good turnout, dry day"


def test_it_installs(phone):
    page = phone.first
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(a => a.json())")
    assert manifest["start_url"] == manifest["scope"] == "/capture/" and manifest["display"] == "standalone"
    base = "/static/activities/"
    for icon in manifest["icons"]:
        answer = page.request.get(urllib.parse.urljoin(base, icon["src"]))
        assert answer.status == 200 and answer.headers["content-type"] == icon["type"]
        if icon["type"] == "image/png":
            size = answer.body()[16:24]
            assert f"{int.from_bytes(size[:4])}x{int.from_bytes(size[4:])}" == icon["sizes"]
    scope = page.evaluate("navigator.serviceWorker.ready.then(one => new URL(one.scope).pathname)")
    assert scope == "/capture/"
    page.goto("/")
    assert page.evaluate("navigator.serviceWorker.controller") is None, (
        "no other page is minded by the worker"
    )
