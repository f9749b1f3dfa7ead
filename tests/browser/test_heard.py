"""One remark, captured at a bus stop without a signal, all the way to a resident's correction on the public page.

The officer's phone and the lead's desk have scripts; the residents come once with and once without.
"""

from __future__ import annotations

import re
import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from folkmoot.activities.models import Activity, Initiative
from folkmoot.communities.models import Place
from folkmoot.heard.models import Concern, Contribution, Correction, Reply
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Membership, Organisation, User

from .looking import faults_by_axe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
REMARK = "The lamp at the stop has been out since spring"
_KEPT = """() => new Promise(done => { const r = indexedDB.open('folkmoot-capture'); r.onsuccess = () => {
  const g = r.result.transaction('kept').objectStore('kept').get('lists'); g.onsuccess = () => { r.result.close(); done(!!g.result); }; }; })"""


@pytest.fixture
def cast(db, settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DIR = tmp_path
    cache.clear()
    made = {"created_at": timezone.now(), "created_by": "the cast"}
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    people = {}
    for name, role in (("ada", "lead"), ("ben", "officer")):
        people[name] = User.objects.create_user(
            f"{name}@example.org", "a long enough secret", name=name.title()
        )
        Membership.objects.create(user=people[name], organisation=police, role=role, **made)
    method = Method.objects.create(
        code="T1", name="Stall", medium="in person", synchronous="yes", level_low=1, level_high=3, position=90
    )
    own = {"organisation": police, "visibility": "own", **made}
    Initiative.objects.create(name="Evenings at the stop", method=method, purpose="To hear you.", **own)
    place = Place.objects.create(name="Ferry Road", kind="spot", code="S0", **own)
    return SimpleNamespace(police=police, place=place, **people)


def eventually(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that in time")


@pytest.fixture
def sound(new_page):
    """``sound(page, script)``: nothing that axe finds and nothing wider than the screen, on a desktop and a phone.

    Axe is a script itself. Without scripts the page is looked at once more in a browser that has them but is
    kept from ours.
    """
    looking = {}

    def checked(page, script):
        if not script:
            session = frozenset((one["name"], one["value"]) for one in page.context.cookies())
            if session not in looking:
                looking[session] = new_page(free_policy=True)
                looking[session].set_default_timeout(60_000)
                looking[session].context.add_cookies(page.context.cookies())
                looking[session].route(re.compile(r"/static/.*\.js"), lambda route: route.abort())
            looking[session].goto(page.url)
            page = looking[session]
        nothing_wrong(page)

    return checked


def nothing_wrong(page):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults_by_axe(page) == [], (page.url, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, width)


def captured_offline(new_page, sign_in, cast):
    """Ben's phone loses the signal, he records, and the record leaves when the signal is back."""
    page = sign_in(new_page(width=390, height=844), cast.ben)
    page.set_default_timeout(60_000)
    page.goto("/capture/")
    page.wait_for_selector("[data-ready]", state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    eventually(lambda: page.evaluate(_KEPT))
    page.context.set_offline(True)
    page.click('label:has-text("Ferry Road")')
    page.click('[data-people="10"]')
    page.click('label:has-text("Talking")')
    page.click('label:has(input[name=hours_chip][value="2"])')
    page.fill("[name=remark]", REMARK)
    page.click("[data-save]")
    page.wait_for_selector("#saved:not([hidden])")
    assert not Activity.objects.exists()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    eventually(Activity.objects.exists)
    found = Activity.objects.get()
    assert found.remark == REMARK and found.place == cast.place
    return found


def pick(page, label):
    page.get_by_label(label, exact=True).check()


def send(page, name="Save"):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_a_remark_from_a_bus_stop_reaches_a_decision_a_reply_and_a_correction_in_public(
    new_page, sign_in, cast, sound, script
):
    activity = captured_offline(new_page, sign_in, cast)

    # Ada makes a concern of it
    desk = sign_in(new_page(script=script, free_policy=True), cast.ada)
    desk.set_default_timeout(60_000)
    desk.goto("/work/")
    desk.get_by_role("link", name="Concerns", exact=True).click()
    desk.get_by_role("button", name="Open a concern").click()
    desk.fill("[name=title]", "Waiting at Ferry Road after dark")
    pick(desk, "Priorities: what is done first")
    desk.fill("[name=place]", "Ferry Road")
    send(desk, "Open it")
    concern = Concern.objects.get()
    desk.goto(f"/work/{activity.pk}/")
    desk.get_by_role("link", name="Bring it in as what somebody said").click()
    assert desk.input_value("[name=text]") == REMARK
    desk.get_by_label("They agreed to be quoted on the public page").check()
    desk.select_option("[name=concern]", str(concern.pk))
    send(desk, "Bring it in")
    said = Contribution.objects.get()
    assert said.activity == activity and said.concerns.get() == concern

    # a code for whoever said it, then a decision, a promise and the telling
    send(desk, "Give a code")
    code = desk.inner_text(".fm-code-given")
    desk.goto(f"/concerns/{concern.pk}/")
    desk.get_by_role("link", name="Record a decision").click()
    pick(desk, "No")
    desk.fill("[name=what]", "No lamp of our own.")
    desk.fill("[name=because]", "The council owns the lamps.")
    desk.fill("[name=who]", "Inspector, neighbourhood team")
    send(desk)
    desk.get_by_role("link", name="Record a promise").click()
    desk.fill("[name=text]", "Ask the council by when it is mended")
    desk.fill("[name=owner_role]", "Sergeant")
    desk.fill("[name=due]", "2030-01-05")
    send(desk)
    desk.get_by_role("link", name="Record who was told").click()
    assert "The council owns the lamps." in desk.input_value("[name=said]")
    desk.fill("[name=whom]", "People waiting at the stop")
    pick(desk, "In person, where people spoke")
    send(desk)
    desk.get_by_role("link", name="Who may see it").click()
    pick(desk, "Everybody, on the public page")
    send(desk)
    sound(desk, script)

    # a resident replies, and the person who spoke corrects what stands there
    resident = new_page(width=390, script=script, free_policy=True)
    resident.set_default_timeout(60_000)
    resident.goto("/heard/")
    sound(resident, script)
    resident.get_by_role("link", name="Waiting at Ferry Road after dark").first.click()
    assert REMARK in resident.inner_text("main") and "The council owns the lamps." in resident.inner_text(
        "main"
    )
    sound(resident, script)
    resident.get_by_role("link", name="Say whether it was answered").click()
    sound(resident, script)
    pick(resident, "In part")
    resident.fill("[name=words]", "At least we know whose lamp it is.")
    send(resident, "Send")
    assert re.search(r"[a-z0-9]{4}-[a-z0-9]{4}", resident.inner_text("main"))
    if script:
        nothing_wrong(resident)
    resident.get_by_role("link", name="Back to the page").click()
    resident.get_by_role("link", name="Say that something here is wrong").click()
    pick(resident, "What people said")
    resident.fill("[name=words]", "I said the lamp across the road.")
    resident.fill("[name=code]", code)
    send(resident, "Send")

    # Ada reads both and shows both, word for word
    desk.goto("/concerns/from-the-public/")
    sound(desk, script)
    for kind in ("reply", "correction"):
        desk.goto(
            f"/concerns/from-the-public/{kind}/{(Reply if kind == 'reply' else Correction).objects.get().pk}/"
        )
        pick(desk, "Show it, word for word")
        desk.fill("[name=answer]", f"Thank you for the {kind}.")
        send(desk)
    concern.refresh_from_db()
    assert concern.state == "disputed"

    resident.goto(f"/heard/{concern.pk}/")
    page = resident.inner_text("main")
    for words in (
        REMARK, "No, because", "Ask the council by when it is mended", "People waiting at the stop",
        "At least we know whose lamp it is.", "I said the lamp across the road.", "by a person who said it",
        "Thank you for the correction.",
    ):  # fmt: skip
        assert words in page, words
    assert "too few to say" in page and "Ben" not in page and "Ada" not in page
    sound(resident, script)

    # and takes the words back: the page is without them at the next look
    resident.get_by_role("link", name="Take back what you said").click()
    resident.fill("[name=code]", code)
    send(resident, "Show me the words")
    if script:
        nothing_wrong(resident)
    send(resident, "Take them back now")
    resident.goto(f"/heard/{concern.pk}/")
    assert REMARK not in resident.inner_text("main")
    assert "lamp across the road" not in resident.inner_text("main")
    assert Activity.objects.get().remark == "" and Contribution.objects.get().text == ""
