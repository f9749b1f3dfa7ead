"""Pictures and parts in a real browser: words that touch nothing, nothing wider than a phone, no fault that axe finds."""

from __future__ import annotations

import random
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

import folkmoot.ui
from folkmoot.ui.context import NavigationItem
from folkmoot.ui.pictures import chain, marks, reliance
from folkmoot.ui.pictures.chain import AssumptionEdge, Backfire, FactorNode, Span
from folkmoot.ui.pictures.reliance import Dot

from ...browser.looking import faults_by_axe

STATIC = Path(folkmoot.ui.__file__).parent / "static" / "ui"
STYLES = "".join((STATIC / name).read_text() for name in ("vendor/govuk-frontend.min.css", "folkmoot.css"))
WORDS = [
    "residents",
    "notice",
    "patrols",
    "officers",
    "meetings",
    "trust",
    "neighbourhood",
    "changes",
    "what",
    "they",
    "do",
    "afterwards",
]


def assumptions(count, seed=3):
    rng = random.Random(seed)
    return [
        Dot(
            " ".join(rng.choices(WORDS, k=rng.randint(3, 14))).capitalize(),
            f"/a/{n}",
            rng.choice(list(marks.STANDINGS)),
            None,
            rng.randint(0, 4),
            rng.randint(0, 4),
            None if rng.random() < 0.1 else rng.choice([40, 40, 300, 310, 900, rng.randint(1, 1500)]),
        )
        for n in range(count)
    ]


def doorsteps():
    texts = [
        "Officers call at every home",
        "The visit reaches people",
        "It is felt as good",
        "Views improve",
        "They last",
    ]
    roles = {0: "activity", 4: "objective"}
    factors = [FactorNode(str(n), text, f"/f/{n}", roles.get(n, "")) for n, text in enumerate(texts)]
    edges = [
        AssumptionEdge(str(n), str(n), str(n + 1), f"/a/{n}", word, weakest=word == "none")
        for n, word in enumerate(["supported", "thin", "contested", "none"])
    ]
    return chain.draw(
        factors,
        edges,
        spans=[Span("0", "3", "2 studies", "/s"), Span("1", "4", "one survey", "/t", without_mechanism=True)],
        backfires=[Backfire("2", "One bad stop undoes it", "/b")],
    )


def show(page, body, *, width):
    page.set_viewport_size({"width": width, "height": 900})
    source = '{% extends "ui/base.html" %}{% load ui_tags %}{% block content %}<h1 class="govuk-heading-l">A page</h1>'
    html = Template(source + body[0] + "{% endblock %}").render(
        Context({"instance": SimpleNamespace(fictional=True), **body[1]})
    )
    page.set_content(html.replace("</head>", f"<style>{STYLES}</style></head>"))
    return page


TOUCHING = """() => {
  const out = [];
  for (const svg of document.querySelectorAll('svg.fm-reliance, svg.fm-reliance-narrow, svg.fm-chain, svg.fm-chain-narrow')) {
    if (!svg.getClientRects().length) continue;
    const all = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
      const [a, p] = all[i], [b, q] = all[j];
      const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (w > 1 && h > 4.5) out.push(`${a} / ${b}`);
    }
    const frame = svg.getBoundingClientRect();
    for (const [a, p] of all) if (p.left < frame.left - 1 || p.right > frame.right + 1) out.push('outside: ' + a);
  }
  return out;
}"""

PICTURES = {
    "five": lambda: reliance.draw(assumptions(5)),
    "twelve": lambda: reliance.draw(assumptions(12)),
    "forty": lambda: reliance.draw(assumptions(40), band_url=lambda *_: "/list"),
    "five hundred": lambda: reliance.draw(assumptions(500), band_url=lambda *_: "/list"),
    "none": lambda: reliance.draw([]),
    "a chain": doorsteps,
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", list(PICTURES))
def test_words_in_a_picture_never_touch_and_axe_finds_nothing(page, name, width):
    show(page, ('{% picture p id="p" all_url="/all" %}', {"p": PICTURES[name]()}), width=width)
    assert page.evaluate(TOUCHING) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert faults_by_axe(page) == []


def test_a_phone_shows_the_ranked_list_before_the_picture_and_a_wide_screen_the_picture(page):
    drawn = ('{% picture p id="p" %}', {"p": reliance.draw(assumptions(20))})
    show(page, drawn, width=390)
    assert (
        page.locator(".fm-ranked").bounding_box()["y"]
        < page.locator("svg.fm-reliance-narrow").bounding_box()["y"]
    )
    assert not page.locator("svg.fm-reliance").is_visible()
    show(page, drawn, width=1280)
    assert page.locator("svg.fm-reliance").is_visible()
    assert not page.locator(".fm-ranked").is_visible()


def test_the_keyboard_reaches_every_mark_and_the_mark_shows_it(page):
    show(page, ('{% picture p id="p" %}', {"p": doorsteps()}), width=1280)
    page.locator("svg.fm-chain a").first.focus()
    reached = [page.evaluate("document.activeElement.getAttribute('href')")]
    for _ in range(11):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    # what surrounds the chain first, then the chain from cause to effect
    assert {"/f/0", "/a/0", "/f/4", "/s", "/t", "/b"} <= set(reached)
    page.locator('svg.fm-chain a[href="/a/1"]').focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    fill = page.evaluate("getComputedStyle(document.activeElement.querySelector('.fm-mark-box')).fill")
    assert fill == "rgb(255, 210, 74)"


def test_for_and_against_are_equally_wide_and_equally_high_up(page):
    body = (
        '{% sides %}{% side "for" count=3 %}<p class="govuk-body">a</p>{% endside %}'
        '{% side "against" count=1 %}<p class="govuk-body">b</p>{% endside %}{% endsides %}'
    )
    show(page, (body, {}), width=1280)
    left, right = (page.locator(f"#side-{name}").bounding_box() for name in ("for", "against"))
    assert left["width"] == right["width"] and left["y"] == right["y"]
    show(page, (body, {}), width=390)
    a, b = (page.locator(".fm-sides__links a").nth(n).bounding_box() for n in (0, 1))
    assert abs(a["width"] - b["width"]) < 1 and a["y"] == b["y"] and a["height"] >= 44


# of each text its fill and that of the smallest box it stands in
LETTERS_AND_BOX = """() => [...document.querySelectorAll("svg.fm-chain text")].flatMap((text) => {
  const at = text.getBoundingClientRect(), x = at.left + at.width / 2, y = at.top + at.height / 2;
  const boxes = [...text.ownerSVGElement.querySelectorAll("rect")]
    .map((rect) => [rect, rect.getBoundingClientRect(), getComputedStyle(rect).fill])
    .filter(([, r, fill]) => fill.startsWith("rgb(") && r.left < x && x < r.right && r.top < y && y < r.bottom)
    .sort(([, p], [, q]) => p.width * p.height - q.width * q.height);
  // a single sign stands on a mark of its own, which is no box
  return boxes.length && text.textContent.length > 1 ? [[text.textContent, boxes[0][2], getComputedStyle(text).fill]] : [];
})"""


def test_a_name_is_read_on_its_box_however_dark_that_is(page):
    """An axe run does not look into pictures, so this does: the letters against the box they stand on."""
    show(page, ('{% picture p id="p" %}', {"p": doorsteps()}), width=1280)
    pairs = page.evaluate(LETTERS_AND_BOX)
    assert len(pairs) > 5
    for words, box, letters in pairs:
        assert contrast(box, letters) >= 4.5, (words, box, letters)


def contrast(one, other):
    """The ratio of WCAG 2.2 of two opaque colours, each as ``rgb(r, g, b)``."""

    def luminance(colour):
        parts = [int(part) / 255 for part in colour[4:-1].split(",")]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_an_empty_side_does_not_stand_in_front_of_what_the_other_holds_on_a_phone(page):
    body = (
        '{% sides %}{% side "for" count=0 %}{% endside %}'
        '{% side "against" count=2 %}<p class="govuk-body">b</p>{% endside %}{% endsides %}'
    )
    show(page, (body, {}), width=390)
    script = (STATIC / "folkmoot.js").read_text()
    page.add_script_tag(content=re.sub(r"^(import |initAll\().*$", "", script, flags=re.M))
    page.locator("#side-against").wait_for(state="visible")
    assert not page.locator("#side-for").is_visible()
    page.locator(".fm-sides__links a").first.click()
    assert page.locator("#side-for").is_visible()


ROOMS = [
    NavigationItem("aims", "Aims", "/aims/"),
    NavigationItem(
        "assumptions",
        "Evidence",
        "/assumptions/",
        True,
        (
            NavigationItem("gap_map", "Gap map", "/gaps/"),
            NavigationItem("studies", "Studies", "/studies/", True),
        ),
    ),
]


def masthead(width, chromium, *, scripts=True):
    organisation = SimpleNamespace(pk=1, slug="a", name="The Constabulary of a Long Name and a Longer County")
    other = SimpleNamespace(pk=2, slug="b", name="Commissioner's office")
    html = render_to_string(
        "ui/parts/masthead.html",
        {
            "navigation": ROOMS,
            "user": SimpleNamespace(is_authenticated=True, get_full_name="Kim Example"),
            "organisation": organisation,
            "organisations": [organisation, other],
            "switch_url": "/switch/",
            "account_url": "/me/",
            "sign_out_url": "/account/logout/",
            "request": SimpleNamespace(path="/studies/"),
        },
    )
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    page = context.new_page()
    page.set_content(
        f"<!doctype html><html lang=en><title>Studies</title><style>{STYLES}</style>"
        f"<body class=govuk-template__body>{html}<main><h1>Studies</h1></main>"
    )
    return page


def test_on_a_phone_the_head_is_one_line_and_every_room_waits_behind_a_word_without_scripts(chromium):
    page = masthead(390, chromium, scripts=False)
    assert page.locator("h1").bounding_box()["y"] < 80
    assert not page.get_by_role("link", name="Gap map").is_visible()
    page.get_by_text("Menu", exact=True).click()
    for name in ("Aims", "Evidence", "Gap map", "Studies", "Kim Example", "Sign out"):
        assert page.get_by_role("link", name=name).is_visible(), name
    assert page.get_by_role("button", name="Switch").is_visible()
    page.context.close()


def test_the_menu_of_a_phone_opens_by_keyboard_and_axe_finds_nothing(chromium):
    page = masthead(390, chromium)
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Studies").get_attribute("aria-current") == "page"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults_by_axe(page) == []
    page.context.close()


def test_a_wide_screen_shows_the_bar_and_no_menu(chromium):
    page = masthead(1280, chromium)
    assert not page.locator("summary").is_visible()
    assert page.get_by_role("link", name="Gap map").is_visible()
    page.context.close()
