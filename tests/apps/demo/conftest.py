"""One demo for all tests of this folder: built once, rolled back at the end."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from folkmoot.demo.build import build


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole network, built by the real actions."""
    from django.conf import settings
    from django.test.utils import override_settings

    folder = tmp_path_factory.mktemp("demo")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    changed = {"DIR": folder, "ORIGINALS": folder / "originals", "PASSWORD_HASHERS": hashers}
    assert folder != settings.DIR
    with django_db_blocker.unblock(), override_settings(**changed), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def stranger():
    """Somebody who opened the address and did not sign in."""
    return AnonymousUser()
