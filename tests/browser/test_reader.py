"""The reader in a real browser: by keyboard alone, by mouse, on a phone, without a script, and with axe."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.coding.actions import create_code, create_codebook, make_claim, read_passage
from folkmoot.coding.models import Claim, Code, Coding
from folkmoot.mechanisms.actions import start_assumption
from folkmoot.organisations.models import ResearchTeam, TeamMembership, User
from folkmoot.sources.actions import accept_all_redactions, finish_redaction_review, import_sources

from .looking import faults_by_axe

pytestmark = pytest.mark.django_db(transaction=True)
TALK = """Interviewer: How do people know who their officer is?

Interviewee: Honestly 🙂 they see us on the doorstep. 👩‍👧 Margaret Oakthorpe opened the door at once. She smiled.

Interviewer: And what came of it?

Interviewee: She reported the dumping. Trust grew, I think.
"""


@pytest.fixture
def reading(settings, tmp_path):
    """A researcher, her team's codebook and assumption, and an interview with a hidden name."""
    settings.DIR, settings.ORIGINALS, settings.CACHE_DIR = (
        tmp_path,
        tmp_path / "originals",
        tmp_path / "cache",
    )
    team = ResearchTeam.objects.create(slug="evidence", name="Evidence team")
    dina = User.objects.create_user("dina@example.org", "a long enough secret", name="Dina")
    TeamMembership.objects.create(
        user=dina, team=team, role="lead", created_at=timezone.now(), created_by="the test"
    )
    made = import_sources(
        [("talk.txt", TALK.encode())], kind="transcript", owner=team, names=["Margaret Oakthorpe"], by=dina
    )
    source = made.sources.get()
    accept_all_redactions(source, by=dina)
    source = finish_redaction_review(source, by=dina)
    book = create_codebook("Reading for trust", owner=team, by=dina)
    for name in ("trust", "visit", "visibility of officers"):
        create_code(book, name=name, by=dina)
    assumption = start_assumption("A visit at home", effect="People rely on police", owner=team, by=dina)
    return SimpleNamespace(
        dina=dina, team=team, source=source, text=source.body.text, book=book, assumption=assumption
    )


def coded(reading):
    """What is coded, as (code, words)."""
    return [
        (one.code.name, reading.text[one.passage.start : one.passage.end])
        for one in Coding.objects.select_related("code", "passage").order_by("pk")
    ]


def open_reader(page, sign_in, reading, query=""):
    sign_in(page, reading.dina)
    page.goto(f"/sources/{reading.source.pk}/read/{query}")
    return page


def said(page, words):
    page.get_by_role("status").filter(has_text=words).wait_for(state="attached")


def test_two_codes_and_a_claim_by_keyboard_alone(browser_page, sign_in, reading):
    page = open_reader(browser_page, sign_in, reading)
    keys = page.keyboard
    keys.press("j")  # turn 1
    keys.press("j")  # turn 2
    assert page.evaluate("document.activeElement.id") == "turn-2"
    for _ in range(4):
        keys.press("ArrowRight")  # Honestly, 🙂, they, see
    for _ in range(2):
        keys.press("Shift+ArrowRight")
    assert page.locator("#marked-words").inner_text() == "see us on"
    keys.press("c")
    keys.type("visit")
    keys.press("Enter")
    said(page, "Coded “visit”")
    assert coded(reading) == [("visit", "see us on")]
    assert page.locator("#turn-2 mark").inner_text() == "see us on"
    assert page.evaluate("document.activeElement.id") == "turn-2"
    # the words are still marked: a new code on the same words, named on the spot
    keys.press("c")
    keys.type("being seen")
    keys.press("Enter")
    said(page, "Coded “being seen”")
    assert coded(reading)[-1] == ("being seen", "see us on")
    keys.press("u")
    said(page, "Took back “being seen”")
    assert coded(reading) == [("visit", "see us on")]
    # a number uses a code used lately on the whole turn
    keys.press("Escape")
    keys.press("j")
    keys.press("1")
    said(page, "Coded")
    assert coded(reading)[-1][1] == "And what came of it?"
    # a claim joined to an assumption found by typing
    keys.press("j")
    keys.press("Shift+ArrowDown")
    assert page.locator("#marked-words").inner_text() == "She reported the dumping."
    keys.press("l")
    keys.type("A visit at home")
    keys.press("Tab")
    keys.type("People report things")
    page.get_by_label("Gives an account for it").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.type("rely on")
    keys.press("Enter")
    keys.press("Control+Enter")
    said(page, "The claim is saved")
    claim = Claim.objects.get()
    assert (claim.cause, claim.effect, claim.stance) == (
        "A visit at home",
        "People report things",
        "supports",
    )
    assert claim.assumption == reading.assumption
    assert reading.text[claim.passage.start : claim.passage.end] == "She reported the dumping."
    assert "People report things" in page.locator("#turn-4 .rd-notes").inner_text()
    page.reload()
    assert page.locator("#turn-2 mark").inner_text() == "see us on"


@pytest.mark.parametrize("words", ["🙂", "🙂 they see", "👩‍👧", "opened the door at once"])
def test_what_the_mouse_marks_is_what_is_coded_to_the_code_point(browser_page, sign_in, reading, words):
    """The browser counts UTF-16 units and sees a replacement where a name is hidden; the server counts neither."""
    page = open_reader(browser_page, sign_in, reading)
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(document.querySelector('#turn-2 .rd-words'), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
            return;
          }
          throw new Error('not there');
        }""",
        words,
    )
    page.locator("#marked-words").get_by_text(words).wait_for()
    page.locator("#pick-code").fill("trust")
    page.locator("#pick-code").press("Enter")
    said(page, "Coded “trust”")
    assert coded(reading) == [("trust", words)]
    assert page.locator("#turn-2 mark").inner_text() == words
    # and once more over the words that were cut by the first mark
    page.locator("#turn-2 .rd-number").click()
    page.locator("#pick-code").fill("visit")
    page.locator("#pick-code").press("Enter")
    said(page, "Coded “visit”")
    turn = reading.source.turns.get(number=2)
    assert coded(reading)[-1] == ("visit", reading.text[turn.start : turn.end])


def test_dragging_with_the_mouse_over_two_turns_marks_both(browser_page, sign_in, reading):
    page = open_reader(browser_page, sign_in, reading)
    first, last = (
        page.locator("#turn-3 .rd-words").bounding_box(),
        page.locator("#turn-4 .rd-words").bounding_box(),
    )
    page.mouse.move(first["x"] + 1, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] - 2, last["y"] + last["height"] - 4, steps=8)
    page.mouse.up()
    page.locator("#marked-where").get_by_text("over 2 turns").wait_for()
    page.locator("#pick-code").fill("trust")
    page.locator("#pick-code").press("Enter")
    said(page, "Coded “trust”")
    words = coded(reading)[0][1]
    assert words.startswith("And what came") and words.endswith("I think.")
    assert page.locator("#turn-3 mark").count() == 1 and page.locator("#turn-4 mark").count() == 1


def test_single_keys_can_be_switched_off_and_everything_still_has_a_way(browser_page, sign_in, reading):
    page = open_reader(browser_page, sign_in, reading)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.get_by_label("Single letters, numbers and ? work as keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    for key in ("j", "c", "l", "u", "n", "?", "1"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    assert not page.get_by_role("dialog").is_visible() and not Coding.objects.exists()
    page.locator("#turn-4 .rd-number").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "turn-3"
    page.keyboard.press("Shift+End")
    page.locator("#pick-code").fill("trust")
    page.keyboard.press("Tab")
    page.locator("#pick-code").press("Enter")
    page.locator("#pick-code").press("ArrowDown")
    page.locator("#pick-code").press("Enter")
    said(page, "Coded “trust”")
    page.get_by_role("button", name="Undo").click()
    said(page, "Took back “trust”")
    assert not Coding.objects.exists()


def test_typing_in_a_field_never_triggers_a_key(browser_page, sign_in, reading):
    page = open_reader(browser_page, sign_in, reading, "?turn=2")
    page.get_by_label("What leads …").click()
    page.keyboard.type("just click under no 1?")
    assert page.get_by_label("What leads …").input_value() == "just click under no 1?"
    assert not Coding.objects.exists() and not page.get_by_role("dialog").is_visible()


def test_what_the_server_refuses_is_said_and_the_words_stay(browser_page, sign_in, reading):
    page = open_reader(browser_page, sign_in, reading)
    Code.objects.filter(name="trust").update(state="retired")
    page.locator("#turn-2 .rd-number").click()
    page.locator("#pick-code").fill("trust")
    page.locator("#pick-code").press("Enter")
    page.locator(".rd-toast--refused").wait_for()
    assert page.locator("#pick-code").input_value() == "trust"
    assert not Coding.objects.exists()


def test_without_a_script_a_turn_its_words_a_code_and_a_claim(new_page, sign_in, reading):
    page = open_reader(new_page(script=False), sign_in, reading)
    page.locator("#turn-2 .rd-number").click()
    page.get_by_label("From word").select_option(label="4 see")
    page.get_by_label("To word").select_option(label="8 doorstep.")
    page.get_by_label("visit", exact=True).check()
    page.get_by_label("A new code").fill("home")
    page.get_by_label("What leads …").fill("Officers call")
    page.get_by_label("… to what").fill("Residents know them")
    page.get_by_label("Gives an account against it").check()
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.url.endswith("#turn-2")
    assert coded(reading) == [("visit", "see us on the doorstep."), ("home", "see us on the doorstep.")]
    assert Claim.objects.get().stance == "challenges"
    page.get_by_role("link", name="Take back home").click()
    page.get_by_role("button", name="Take it back").click()
    assert [code for code, _ in coded(reading)] == ["visit"]


def filled(reading):
    claim = read_passage(
        reading.source,
        start=reading.text.index("see us"),
        end=reading.text.index(" on the doorstep"),
        codes=Code.objects.all(),
        by=reading.dina,
    )
    return make_claim(
        claim.passage,
        cause="Visits",
        effect="Trust",
        stance="challenges",
        assumption=reading.assumption,
        by=reading.dina,
    )


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(new_page, sign_in, reading, script):
    claim = filled(reading)
    code = Code.objects.order_by("pk").first()
    pages = [
        f"/sources/{reading.source.pk}/read/",
        f"/sources/{reading.source.pk}/read/?turn=2",
        f"/sources/{reading.source.pk}/agreement/",
        "/codebooks/",
        f"/codebooks/{reading.book.pk}/",
        f"/codes/{code.pk}/",
        *(f"/codes/{code.pk}/{name}/" for name in ("edit", "merge", "split", "retire")),
        "/claims/",
        f"/claims/{claim.pk}/",
        *(f"/claims/{claim.pk}/{name}/" for name in ("revise", "join", "share")),
    ]
    page = sign_in(new_page(free_policy=True), reading.dina)
    if not script:
        # axe itself is a script; the page's own are kept away instead
        page.route(re.compile(r"\.js$"), lambda route: route.abort())
    for address in pages:
        answer = page.goto(address)
        assert answer.status == 200, address
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert faults_by_axe(page) == [], (address, width)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (address, width)
        assert page.locator("h1").count() == 1
