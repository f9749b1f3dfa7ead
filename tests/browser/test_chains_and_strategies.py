"""Reading a strategy and writing a chain in a real browser: mouse, keyboard, no script, a phone, axe."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.audit.actions import TheInstance
from folkmoot.mechanisms.library import load_library
from folkmoot.mechanisms.models import Mechanism
from folkmoot.mechanisms.queries import chain_of
from folkmoot.organisations.models import Membership, Organisation, User
from folkmoot.sources.models import Passage
from folkmoot.strategies.actions import bring_in_strategy, create_objective
from folkmoot.strategies.library import load_aims
from folkmoot.strategies.models import Aim

from .looking import faults_by_axe

pytestmark = pytest.mark.django_db(transaction=True)
STRATEGY = """Our force 👮🏽 listens. Residents of Ferry Road will feel safer 🙂 after dark.

We will publish every answer. Trust takes time.
"""


@pytest.fixture
def force(settings, tmp_path):
    """An engagement lead, a strategy to read, an objective and the library."""
    settings.DIR, settings.ORIGINALS, settings.CACHE_DIR = (
        tmp_path,
        tmp_path / "originals",
        tmp_path / "cache",
    )
    load_aims(by=TheInstance())
    load_library(by=TheInstance())
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    ada = User.objects.create_user("ada@example.org", "a long enough secret", name="Ada")
    Membership.objects.create(
        user=ada, organisation=police, role="lead", created_at=timezone.now(), created_by="the test"
    )
    version = bring_in_strategy(
        "Engagement strategy",
        kind="strategy",
        organisation=police,
        visibility="own",
        file=("s.txt", STRATEGY.encode()),
        by=ada,
    )
    objective = create_objective(
        Aim.objects.get(code="C1"),
        organisation=police,
        title="Safer on Ferry Road",
        who="residents",
        what_change="feel safer",
        by_when=date(2028, 3, 31),
        how_known="the survey",
        by=ada,
    )
    return SimpleNamespace(
        ada=ada,
        version=version,
        objective=objective,
        text=version.source.body.text,
        read=f"/strategies/{version.strategy_id}/1/",
        new=f"/mechanisms/new/?objective={objective.pk}",
    )


def words(force):
    passage = Passage.objects.get()
    return force.text[passage.start : passage.end]


SELECT = """([first, from, last, to]) => {
  const parts = [...document.querySelectorAll('.fm-stretch')];
  const range = document.createRange();
  range.setStart(parts[first].firstChild, from);
  range.setEnd(parts[last].firstChild, to);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  document.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
}"""


def test_words_selected_with_the_mouse_are_the_passage_to_the_letter(force, new_page, sign_in):
    page = sign_in(new_page(), force.ada)
    page.goto(force.read)
    # the emoji are several halves each in a script's strings
    first = "Our force 👮🏽 listens."
    begin = len("Our force 👮🏽 ".encode("utf-16-le")) // 2
    assert page.locator(".fm-stretch").first.inner_text() == first
    page.evaluate(SELECT, [0, begin, 1, len("Residents of")])
    assert "listens. Residents of" in page.locator("[data-fm-chosen]").inner_text()
    page.get_by_label("Neither").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("2 of 4 sentences read").wait_for()
    assert words(force) == "listens. Residents of"


def test_sentences_are_chosen_by_keyboard_alone_and_lead_to_the_objective(force, new_page, sign_in):
    page = sign_in(new_page(), force.ada)
    page.goto(force.read)
    page.locator(".fm-words").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "verdict"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/objectives/new/**")
    assert words(force).startswith("Residents of Ferry Road") and words(force).endswith("every answer.")
    assert "will feel safer 🙂 after dark" in page.locator("main").inner_text()


def test_without_a_script_sentences_are_chosen_by_their_numbers(force, new_page, sign_in):
    page = sign_in(new_page(script=False), force.ada)
    page.goto(force.read)
    page.get_by_label("Mark from sentence 3").click()
    assert page.get_by_label("From sentence", exact=True).input_value() == "3"
    page.get_by_label("A promise").check()
    page.get_by_role("button", name="Go on").click()
    assert words(force) == "We will publish every answer."
    assert page.get_by_label("What is promised?").input_value() == "We will publish every answer."


@pytest.mark.parametrize("script", [True, False])
def test_a_chain_is_written_compared_and_stated(force, new_page, sign_in, script):
    page = sign_in(new_page(script=script), force.ada)
    page.goto(force.new)
    page.get_by_label("Name of the chain").fill("Walking Ferry Road")
    page.get_by_label("It begins with").fill("We walk the streets")
    page.get_by_label("leads to").nth(0).fill("Residents notice us")
    page.get_by_label("leads to").nth(1).fill("They wave")
    page.get_by_role("button", name="Compare with the library").click()
    page.get_by_role("button", name="Use P1.2 instead for step 1").click()
    assert (
        page.get_by_label("How people here put it").input_value()
        == "We walk the streets → Residents notice us"
    )
    state = page.locator("#step-1 .fm-row__state")
    assert "Keeps its evidence" in state.inner_text()
    if script:
        effect = page.get_by_label("leads to").nth(0)
        kept = effect.input_value()
        effect.fill("Folk see us")
        assert "Begins anew" in state.inner_text()
        effect.fill(kept)
        assert "Begins anew" not in state.inner_text()
    page.get_by_role("button", name="State the chain").click()
    page.wait_for_url("**/mechanisms/*/*")
    chain = chain_of(Mechanism.objects.get(name="Walking Ferry Road"), viewer=force.ada)
    assert [step.assumption.code for step in chain.steps] == ["P1.2", ""] and chain.is_line


def test_enter_in_a_step_saves_nothing_and_removes_nothing(force, new_page, sign_in):
    page = sign_in(new_page(), force.ada)
    page.goto(force.new)
    page.get_by_label("It begins with").fill("We walk")
    page.get_by_label("leads to").nth(0).fill("They notice")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.get_by_label("leads to").nth(0).input_value() == "They notice"
    assert not Mechanism.objects.filter(code="").exists()


def test_only_what_the_chosen_aim_needs_is_asked(force, new_page, sign_in):
    page = sign_in(new_page(), force.ada)
    page.goto("/objectives/new/")
    asked = page.get_by_text("Whom does it benefit?")
    agency = page.get_by_text("Which service takes it over?")
    assert not asked.is_visible() and not agency.is_visible()
    page.get_by_label("Which aim does it serve?").select_option("B1")
    assert asked.is_visible() and not agency.is_visible()
    page.get_by_label("Which aim does it serve?").select_option("O5a")
    assert agency.is_visible() and not asked.is_visible()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(force, new_page, sign_in):
    page = sign_in(new_page(free_policy=True), force.ada)
    page.set_default_timeout(30_000)  # many pages, one after another
    library = Mechanism.objects.get(code="P1")
    for url in (
        "/aims/",
        "/aims/C1/",
        "/strategies/",
        force.read,
        "/strategies/new/",
        "/objectives/new/",
        f"/objectives/{force.objective.pk}/edit/",
        "/mechanisms/",
        force.new,
        f"/mechanisms/{library.pk}/adopt/",
        "/arrangements/",
        "/arrangements/new/",
        "/promises/",
    ):
        page.goto(url)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert faults_by_axe(page) == [], (url, width)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (url, width)
