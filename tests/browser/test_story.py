"""One story in a real browser: from a gap to a plan, its table, a run, a finding, the standing, an edition, and the next gap."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from folkmoot.demo.build import build
from folkmoot.evaluations.models import Finding, Plan, Run
from folkmoot.evidence.models import Study
from folkmoot.jobs.running import run_waiting
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism
from folkmoot.organisations.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
TRUTH = 0.07
STORIES = {
    "Fictional: Ferry Road doorsteps": ("P3.3", "supported", "points higher"),
    "Fictional: BeckAlert with hold-out wards": ("P11.5", "challenged", "smaller than the 3.0 points"),
    "Fictional: Evenings at the bus station": ("P1.4", None, "points higher"),
}


@pytest.fixture
def demo(tmp_path):
    """The demo network, in force while the test runs."""
    changed = {"DIR": tmp_path, "ORIGINALS": tmp_path / "originals", "CACHE_DIR": tmp_path / "cache"}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(**changed, PASSWORD_HASHERS=hashers):
        yield build()
        call_command("flush", verbosity=0, interactive=False)


def a_year_later(folder):
    """The 118 streets asked again: most of what the visits did is still there."""
    random = np.random.default_rng(23)
    drawn = random.permutation(np.arange(118) % 2)
    own = random.normal(0, 0.04, 118)
    file = folder / "ferry-road-a-year-on.csv"
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["street", "visited", "good_opinion", "thought_better_then"])
        for street in range(118):
            for _ in range(40):
                good = random.random() < 0.47 + TRUTH * drawn[street] + own[street]
                then = random.random() < 0.47 + 0.09 * drawn[street]
                writer.writerow([f"S{street:03d}", drawn[street], int(good), int(then)])
    return file


def words(page):
    return " ".join(page.locator("main").inner_text().split())


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.locator("main a").filter(has_text=name).first.click()


def verdict(page, assumption):
    page.goto(reverse("assumption", args=[assumption.pk]))
    return page.locator(".fm-verdict__word").inner_text().casefold()


def draws_it_up(page, lasting):
    """From what would settle the gap to a registered plan."""
    assert verdict(page, lasting).startswith("none")
    assert "six weeks" in words(page)
    follow(page, "Start this study")
    page.get_by_label("What is done, where and for whom?").fill("The visits of last spring; nothing is added")
    page.get_by_label("Trial by groups", exact=False).check()
    numbers = page.get_by_text("Numbers of people, for trials", exact=False)
    if not page.get_by_label("How many areas or teams in each group?").is_visible():
        numbers.click()
    for label, value in (
        ("How many areas or teams in each group?", "59"),
        ("How many people are asked in each area or team?", "40"),
        ("How alike are people of one area or team?", "0.01"),
        ("What share is it now?", "47"),
    ):
        page.get_by_label(label).fill(value)
    page.get_by_label("Rival explanation 1").fill("The new community centre")
    page.get_by_label("What would be seen if explanation 1 were the reason?").fill(
        "Other streets would move as well"
    )
    for label, said in (
        ("What would it mean if the outcome moved as expected?", "Visits are kept up"),
        ("What would it mean if it moved the other way, or too little to matter?", "Visits end"),
        ("What would it mean if the result could be either?", "It stays unknown"),
    ):
        page.get_by_label(label).fill(said)
    page.get_by_label("Everybody", exact=True).check()
    press(page, "Save, and ask whether it could see it")
    page.wait_for_url(re.compile(r"/plans/\d+/(#.*)?$"))
    assert "could" in words(page).casefold()
    follow(page, "Register the plan")
    page.get_by_label("Nobody has looked at the outcome yet").check()
    press(page, "Register it now")
    page.get_by_text("The plan is registered").wait_for()


def works_it_out(page, *, outcome, factor=None):
    """A run of one column, worked out as the worker would."""
    follow(page, "Work it out")
    page.get_by_label("What was measured").select_option(outcome)
    page.get_by_label("Who had it").select_option("visited")
    page.get_by_label("What was drawn as a whole").select_option("street")
    if factor is not None:
        page.get_by_label("What the outcome column measures").select_option(str(factor.pk))
    press(page, "Work it out")
    page.wait_for_url(re.compile(r"/runs/\d+/(#.*)?$"))
    run_waiting()
    page.reload()
    assert "95% interval" in words(page)
    follow(page, re.compile("^Fictional|still felt"))


def test_a_gap_becomes_a_plan_a_run_a_finding_and_an_edition_and_the_next_gap_is_offered(
    demo, new_page, sign_in, tmp_path
):
    lasting = Assumption.objects.get(code="P3.4")
    page = sign_in(new_page(), User.objects.get(email="lead@skernmouth.example"))
    draws_it_up(page, lasting)
    plan = Plan.objects.latest("pk")
    assert plan.state == "registered"

    follow(page, "Bring data")
    file = a_year_later(tmp_path)
    page.get_by_label("Table").set_input_files(file)
    press(page, "Bring it")
    page.get_by_text("Read 4,720, used 4,720, set aside 0.").wait_for()
    page.goto(reverse("plan", args=[plan.pk]))
    works_it_out(page, outcome="thought_better_then", factor=Factor.objects.get(key="P3.3"))
    works_it_out(page, outcome="good_opinion")

    run = Run.objects.latest("pk")
    page.goto(reverse("run", args=[run.pk]))
    follow(page, "Record the finding")
    page.get_by_label("What did the work set out to move?").select_option(
        str(Factor.objects.get(key="P3.0").pk)
    )
    page.get_by_label("Yes, it was delivered").check()
    page.get_by_label("How is that known?").fill("87 in a hundred planned calls are in the log")
    page.get_by_label("Which people and places").fill("ferry road, a year on")
    press(page, "Record the finding")
    page.get_by_text("The finding is recorded").wait_for()
    told = words(page)
    assert "▲" in page.content() and "Factor by factor" in told
    finding = Finding.objects.get(plan=plan)
    low, high = finding.figures["interval"]
    assert low < TRUTH < high

    # the standing moves by rule, and says on what
    assert verdict(page, lasting).startswith("thin")
    assert Study.objects.get(finding=finding).short in words(page)

    # an edition composed now tells it, one step from its data and method
    page.goto("/briefings/new/")
    page.get_by_label("Title", exact=True).fill("A year after the knock")
    about = page.get_by_label("What is it about?")
    listed = about.locator("option").all_text_contents()
    about.select_option(label=next(one for one in listed if "Ferry Road think better" in one).strip())
    press(page, "Begin")
    press(page, "Compose a draft of edition 1")
    page.wait_for_url(re.compile(r"/briefings/\d+/1/(#.*)?$"))
    assert "Skernmouth" in words(page)
    study = page.locator(f'main a[href*="/studies/{Study.objects.get(finding=finding).pk}/"]')
    study.first.click()
    follow(page, "the finding, with its run, data and method")
    assert finding.sentence in words(page)
    follow(page, re.compile(r"^Run \d+$"))
    assert "How to have the same figures again" in words(page)

    # the next gap stands on the chain, with its way to a plan
    chain = Mechanism.objects.get(name="Ferry Road doorsteps")
    page.goto(reverse("mechanism", args=[chain.pk]))
    weakest = page.locator(".fm-step--weakest a").first
    assert "year later" not in weakest.inner_text().split("→")[-1]
    weakest.click()
    assert page.locator("main a").filter(has_text=re.compile("Start this study|Draw up a plan")).count()


def test_the_three_stories_of_the_demo_are_told_from_plan_to_standing(demo, new_page):
    page = new_page(width=390)
    for title, (code, standing, said) in STORIES.items():
        plan = Plan.objects.get(title__startswith=title)
        page.goto(reverse("plan", args=[plan.pk]))
        follow(page, "Its finding")
        assert said in words(page), title
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        if standing:
            assert verdict(page, Assumption.objects.get(code=code)).startswith(standing)
    station = Plan.objects.get(title__startswith="Fictional: Evenings at the bus station")
    page.goto(reverse("mechanism", args=[Mechanism.objects.get(name="Seen at the bus station").pk]))
    assert "without" in words(page).casefold()
    assert station.findings.get().marks.filter(sign="same").count() == 1
    # what is still open is asked on the board
    page.goto(reverse("board"))
    assert "Is a visit still felt a year later?" in words(page)
