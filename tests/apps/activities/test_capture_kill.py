"""Whatever was acknowledged is there after the server was killed in the middle of its work: on either database."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

import pytest
from django.conf import settings

from ...prepared import empty_on_server, fill
from ...processes import run

pytestmark = pytest.mark.timeout(900)  # a server begins several times
ROUNDS = 3
SENDERS = 4
SECONDS = (0.4, 1.2)
PREPARE = """
import django; django.setup()
from django.utils import timezone
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from folkmoot.organisations.models import Membership, Organisation, User
user = User.objects.create_user("ben@example.org", None, name="Ben")
police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
Membership.objects.create(user=user, organisation=police, role="officer", created_at=timezone.now(), created_by="x")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""
COUNT = """
import django; django.setup()
from folkmoot.activities.models import Activity, Capture
for one in Activity.objects.values_list("uuid", flat=True): print(one)
assert Activity.objects.count() == Capture.objects.count()
"""
TOKEN = "a" * 32


@contextlib.contextmanager
def _database(kind: str, folder: pathlib.Path):
    """The address of a database of the test's own; empty for the instance's file."""
    if kind == "sqlite":
        fill(folder)
        yield ""
        return
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        pytest.skip("this run is on SQLite; the run on PostgreSQL does this one")
    import psycopg

    name = f"folkmoot_kill_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty_on_server(given)}"')
    try:
        yield given.rpartition("/")[0] + "/" + name
    finally:
        with psycopg.connect(given, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _surroundings(folder: pathlib.Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    kept |= {"FOLKMOOT_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "folkmoot.project.settings"}
    return kept | ({"DATABASE_URL": url} if url else {})


def _run(program: str, surroundings: dict[str, str]) -> list[str]:
    done = run(program=program, environment=surroundings)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def _send(port: int, session: str, acknowledged: list[str], stop: threading.Event) -> None:
    headers = {
        "Content-Type": "application/json", "X-CSRFToken": TOKEN,
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}",
    }  # fmt: skip
    while not stop.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            while not stop.is_set():
                identifier = str(uuid.uuid4())
                body = {"schema": 2, "organisation": "northmere", "people": 3, "place_words": "the square"}
                connection.request("PUT", f"/api/v1/capture/{identifier}", json.dumps(body), headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 201:
                    acknowledged.append(identifier)
        connection.close()
        time.sleep(0.02)


def _serve(port: int, surroundings: dict[str, str]) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [sys.executable, "-m", "folkmoot.project.command", "serve", "--port", str(port)],
        env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            probe.request("GET", "/capture/patterns.json")
            if probe.getresponse().status == 200:
                return server
        time.sleep(0.1)
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    raise AssertionError("the server did not begin")


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def test_every_acknowledged_capture_survives_the_servers_sudden_death(kind, tmp_path):
    chance = random.Random(20261123)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _database(kind, tmp_path) as url:
        surroundings = _surroundings(tmp_path, url)
        (session,) = _run(PREPARE, surroundings)
        acknowledged: list[str] = []
        for _ in range(ROUNDS):
            stop = threading.Event()
            server = _serve(port, surroundings)
            senders = [
                threading.Thread(target=_send, args=(port, session, acknowledged, stop))
                for _ in range(SENDERS)
            ]
            try:
                before = len(acknowledged)
                for one in senders:
                    one.start()
                deadline = time.monotonic() + 30
                while len(acknowledged) == before and time.monotonic() < deadline:
                    time.sleep(0.02)
                time.sleep(chance.uniform(*SECONDS))
            finally:
                # all of it at once: the master, its workers, whatever they were writing
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
                stop.set()
                for one in senders:
                    one.join(timeout=20)
            assert len(acknowledged) > before
        found = _run(COUNT, surroundings)
    assert len(found) == len(set(found))
    lost = set(acknowledged) - set(found)
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged captures are gone"
    # what was on its way when the server died may be there without its acknowledgement, and no more than that
    assert len(found) - len(acknowledged) <= SENDERS * ROUNDS
