"""A real Chromium against a real server: the machine's own browser, never one that a tool downloads."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore


@pytest.fixture
def new_page(chromium, live_server):
    """``new_page(width=390, script=False, free_policy=True)`` gives a fresh page of the running site.

    ``free_policy`` lifts the content security policy, for axe alone: it is a script of its own.
    """
    contexts = []

    def make(*, width=1280, height=900, script=True, free_policy=False):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            bypass_csp=free_policy,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(new_page):
    """A page of a desktop with scripts on."""
    return new_page()


@pytest.fixture
def sign_in(live_server):
    """``sign_in(page, user)`` puts the person's session into the page's browser."""

    def signed(page, user):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}]
        )
        return page

    return signed
