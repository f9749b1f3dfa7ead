"""The capture endpoint under load beside the raw durable insert rate of the same database, in the same run.

Run as ``python bench/capture.py``. SQLite on a throwaway instance and, where its programs are installed, a throwaway
PostgreSQL with its own durable settings. The endpoint: ``folkmoot serve`` with two workers, four phones that each
send one capture after another. The raw rate: as many writers of the same rows (an activity, what was sent, the
audit row), one durable transaction each, through the product's own database layer, without HTTP, sign-in, policy or
validation. Also printed, without a limit: one single-row insert through the bare driver.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
SECONDS, ROUNDS, WRITERS = 4.0, 3, 4
LEAST_SHARE = 0.60
TOKEN = "a" * 32


def set_up(folder: str, url: str) -> None:
    os.environ |= {"FOLKMOOT_DIR": folder, "DJANGO_SETTINGS_MODULE": "folkmoot.project.settings"}
    os.environ.pop("DATABASE_URL", None)
    if url:
        os.environ["DATABASE_URL"] = url
    import django

    django.setup()


def prepare(folder: str, url: str, answer: Any) -> None:
    """An instance with one officer, an initiative and a place; the officer's session."""
    set_up(folder, url)
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from folkmoot.activities.models import Initiative
    from folkmoot.communities.models import Place
    from folkmoot.mechanisms.models import Method
    from folkmoot.organisations.models import Membership, Organisation, User

    call_command("migrate", verbosity=0)
    made = {"created_at": timezone.now(), "created_by": "the bench"}
    police = Organisation.objects.create(slug="bench", name="Bench Police", kind="police")
    user = User.objects.create_user("officer@example.org", None, name="Officer")
    Membership.objects.create(user=user, organisation=police, role="officer", **made)
    method = Method.objects.create(
        code="B1", name="Stall", medium="in person", synchronous="yes", level_low=1, level_high=3, position=99
    )
    own = {"organisation": police, "visibility": "own", **made}
    initiative = Initiative.objects.create(name="Stall", method=method, purpose="To hear you.", **own)
    place = Place.objects.create(name="Square", kind="spot", code="S1", **own)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"
    answer.put({"initiative": initiative.pk, "place": place.pk, "cookie": cookie, "user": user.pk})


def write_raw(folder: str, url: str, world: dict[str, Any], begin: Any, answer: Any) -> None:
    """The rows of a capture in one transaction after another, for some seconds."""
    set_up(folder, url)
    from django.db import connection, transaction
    from django.utils import timezone

    from folkmoot.activities.models import Activity, Capture
    from folkmoot.audit.models import Event
    from folkmoot.organisations.models import Organisation

    police = Organisation.objects.get()
    connection.ensure_connection()
    begin.wait()
    done, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        now, identifier = timezone.now(), uuid.uuid4()
        with transaction.atomic():
            activity = Activity(
                uuid=identifier, organisation=police, visibility="own", initiative_id=world["initiative"],
                place_id=world["place"], happened_on=now.date(), people=12, level="L2", hours="1.50",
                remark="Good turnout", logged_by_id=world["user"], created_at=now, created_by="raw",
            )  # fmt: skip
            activity.save(force_insert=True)
            Capture(
                uuid=identifier, organisation=police, sent_by_id=world["user"], received_at=now, schema=2,
                content=content(world), content_hash=identifier.hex * 2, activity=activity,
            ).save(force_insert=True)  # fmt: skip
            Event(
                at=now, actor_id=world["user"], actor_label="raw", action="logged an activity",
                object_kind="activities.activity", object_id=str(activity.pk), object_label="Stall",
                organisation_id=police.pk, detail={},
            ).save(force_insert=True)  # fmt: skip
        done += 1
    answer.put(done)


def write_bare(folder: str, url: str, world: dict[str, Any], begin: Any, answer: Any) -> None:
    """One row with the bare driver, committed durably, again and again."""
    done = 0
    if url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as database:
            begin.wait()
            until = time.perf_counter() + SECONDS
            while time.perf_counter() < until:
                database.execute("INSERT INTO bare (words) VALUES (%s)", ("x" * 200,))
                done += 1
    else:
        import sqlite3

        database = sqlite3.connect(f"{folder}/folkmoot.sqlite3", timeout=20, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        begin.wait()
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO bare (words) VALUES (?)", ("x" * 200,))
            database.execute("COMMIT")
            done += 1
        database.close()
    answer.put(done)


def content(world: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema": 2, "organisation": "bench", "saved_at": "2026-11-20T10:00:00Z", "initiative": world["initiative"],
        "place": world["place"], "place_words": "", "happened_on": "2026-11-20", "people": 12, "counted": "people",
        "level": "L2", "hours": 1.5, "tallies": {},
    }  # fmt: skip


def send(port: int, world: dict[str, Any], begin: Any, answer: Any) -> None:
    """One phone: capture after capture over a connection that stays open, as browsers keep theirs."""
    body = json.dumps(content(world) | {"remark": "Good turnout"}).encode()
    head = (
        f"Host: localhost:{port}\r\nContent-Type: application/json\r\nX-CSRFToken: {TOKEN}\r\n"
        f"Cookie: {world['cookie']}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    taken: list[float] = []
    wrong = 0
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    begin.wait()
    until = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < until:
        line = f"PUT /api/v1/capture/{uuid.uuid4()} HTTP/1.1\r\n".encode()
        connection.sendall(line + head + body)
        status, closes = receive(connection)
        taken.append(time.perf_counter() - began)
        wrong += status != 201
        if closes:
            connection.close()
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answer.put((taken, wrong))


def receive(connection: socket.socket) -> tuple[int, bool]:
    """The status of an answer that was read to its end, and whether the server closes after it."""
    held = b""
    while b"\r\n\r\n" not in held:
        part = connection.recv(65536)
        if not part:
            return 0, True
        held += part
    head, _, body = held.partition(b"\r\n\r\n")
    lower = head.lower()
    length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in lower else 0
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12]), b"connection: close" in lower


def together(target: Any, *arguments: Any) -> list[Any]:
    """What as many processes as writers did between one signal and its end."""
    context = multiprocessing.get_context("spawn")
    # a barrier: on a busy machine some are ready seconds after others, and would write without the others' company
    begin, answer = context.Barrier(WRITERS), context.Queue()
    started = [context.Process(target=target, args=(*arguments, begin, answer)) for _ in range(WRITERS)]
    for one in started:
        one.start()
    found = [answer.get(timeout=120) for _ in started]
    for one in started:
        one.join()
    return found


@contextmanager
def serving(folder: str, url: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    kept |= {"FOLKMOOT_DIR": folder} | ({"DATABASE_URL": url} if url else {})
    program = [
        sys.executable,
        "-m",
        "folkmoot.project.command",
        "serve",
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    server = subprocess.Popen(program, env=kept, start_new_session=True, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                probe.request("GET", "/capture/patterns.json")
                if probe.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


@contextmanager
def postgres() -> Iterator[str]:
    """A cluster with the settings it comes with: fsync and synchronous_commit on. Empty where there is none."""
    sys.path.insert(0, str(ROOT / "tests"))
    import run as suite

    programs = suite.find_postgres()
    if programs is None:
        yield ""
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="folkmoot-bench-postgres-"))
    as_postgres = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = folder / "cluster"
    control = [*as_postgres, str(programs / "pg_ctl"), "-D", str(cluster), "-w", "-s"]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    begin = [
        *as_postgres,
        str(programs / "initdb"),
        "-D",
        str(cluster),
        "-U",
        "folkmoot",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    try:
        subprocess.run(begin, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, cwd=folder)
        yield f"postgresql://folkmoot@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder: str, url: str) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=prepare, args=(folder, url, answer))
    process.start()
    world = answer.get(timeout=300)
    process.join()
    if url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as database:
            database.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, words text)")
    else:
        import sqlite3

        with sqlite3.connect(f"{folder}/folkmoot.sqlite3") as database:
            database.execute("CREATE TABLE bare (id integer PRIMARY KEY, words text)")
    raw, endpoint, taken, wrong = [], [], [], 0
    # turn about, so that whatever else the machine does meets both
    for _ in range(ROUNDS):
        raw.append(sum(together(write_raw, folder, url, world)) / SECONDS)
        with serving(folder, url) as port:
            sent = together(send, port, world)
        endpoint.append(sum(len(one) for one, _ in sent) / SECONDS)
        taken += [each for one, _ in sent for each in one]
        wrong += sum(bad for _, bad in sent)
    bare = sum(together(write_bare, folder, url, world)) / SECONDS
    taken.sort()
    shares = [one / other for one, other in zip(endpoint, raw, strict=True)]
    return {
        "database": "postgresql" if url else "sqlite",
        "writers": WRITERS,
        "endpoint_per_second": round(statistics.median(endpoint)),
        "raw_durable_per_second": round(statistics.median(raw)),
        "share": round(statistics.median(shares), 2),
        "least_share": LEAST_SHARE,
        "errors": wrong,
        "median_milliseconds": round(1000 * statistics.median(taken), 1),
        "p99_milliseconds": round(1000 * taken[int(0.99 * len(taken))], 1),
        "bare_single_rows_per_second": round(bare),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        if options.only != "postgresql":
            found.append(measure(folder, ""))
            print(json.dumps(found[-1], indent=2), flush=True)
    if options.only != "sqlite":
        with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder, postgres() as url:
            if url:
                found.append(measure(folder, url))
                print(json.dumps(found[-1], indent=2), flush=True)
            else:
                print("no PostgreSQL on this machine: SQLite alone was measured", file=sys.stderr)
    return int(any(one["share"] < LEAST_SHARE or one["errors"] for one in found))


if __name__ == "__main__":
    sys.exit(main())
