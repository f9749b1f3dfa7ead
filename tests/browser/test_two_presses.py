"""Two quick presses of a button that saves send one form."""

from __future__ import annotations

import pytest
from django.utils import timezone

from folkmoot.organisations.models import Membership, Organisation, User

COUNT = """() => { window.sent = 0; document.querySelector('main form').addEventListener('submit', (event) => {
  window.sent += 1; event.preventDefault(); }); }"""
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_quick_presses_of_a_button_send_one_form(browser_page, sign_in):
    made = {"created_at": timezone.now(), "created_by": "the tests"}
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    ada = User.objects.create_user("ada@example.org", "a long enough secret", name="Ada")
    Membership.objects.create(user=ada, organisation=police, role="lead", **made)
    page = sign_in(browser_page, ada)
    page.goto("/places/new/")
    page.fill("input[name=name]", "Old market")
    page.check("input[name=kind][value=spot]")
    # counted before anything is sent: how long a server takes decides whether a browser lets a second one go
    page.evaluate(COUNT)
    button = page.locator("main form button.govuk-button")
    button.click()
    button.click()
    assert page.evaluate("window.sent") == 1
