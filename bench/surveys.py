"""A survey of one million people: bringing it in, working its figures out, and the page of its wave.

Run as ``python bench/surveys.py [rows]``. Builds a throwaway SQLite instance; ``DATABASE_URL`` measures another
database. The limit is for the page: 400 ms of server time from what is kept. Working out happens in the
background for a file of this size; its time is printed beside the bare estimates of the core on the same columns.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from typing import Any

import numpy as np

ROWS = 1_000_000
QUESTIONS = 12
LIMIT = 0.4
ROUNDS = 7


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        os.environ["FOLKMOOT_DIR"] = folder
        os.environ["FOLKMOOT_HOSTS"] = "testserver"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
        import django

        django.setup()
        measured = _measure(rows)
    print(json.dumps(measured, indent=2))
    return 0 if measured["page_median_ms"] <= LIMIT * 1000 else 1


def _file(rows: int) -> bytes:
    """Answers to twelve questions with weights, strata, clusters and a panel number."""
    random = np.random.default_rng(11)
    columns: dict[str, list[str]] = {
        "person": [f"P{one:07d}" for one in range(rows)],
        "street": [f"S{one:05d}" for one in random.integers(20_000, size=rows).tolist()],
        "weight": [f"{one:.2f}" for one in random.uniform(0.5, 3, size=rows).tolist()],
    }
    area = np.array([int(one[1:]) % 8 for one in columns["street"]])
    columns["area"] = [f"area {one}" for one in area.tolist()]
    for number in range(QUESTIONS - 1):
        columns[f"q{number}"] = random.integers(1, 6, size=rows).astype(str).tolist()
    columns["trust"] = [f"{one:.1f}" for one in random.normal(6, 2, size=rows).tolist()]
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    return "\n".join(lines).encode()


def _measure(rows: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from folkmoot.core.estimates.linear import proportion
    from folkmoot.organisations.models import Membership, Organisation, User
    from folkmoot.project.memory import settle
    from folkmoot.surveys import actions
    from folkmoot.surveys.queries.microdata import read_columns
    from folkmoot.surveys.reading.files import read_answers
    from folkmoot.surveys.reading.laying import Choices, lay
    from folkmoot.surveys.reckoning import figures_now

    call_command("migrate", verbosity=0)
    mark = str(time.time_ns())
    police = Organisation.objects.create(slug=mark, name=mark, kind="police")
    lead = User.objects.create_user(f"{mark}@example.org", None, name="Lead")
    Membership.objects.create(
        user=lead, organisation=police, role="lead", created_at=timezone.now(), created_by="the bench"
    )
    content = _file(rows)
    survey = actions.create_survey("A large survey", owner=police, population="Everybody", by=lead)
    wave = actions.add_wave(survey, title="Wave 1", invited=rows * 2, by=lead)
    choices = Choices(
        weight="weight", stratum="area", cluster="street", panel="person", numbers=frozenset({"trust"})
    )
    began = time.perf_counter()
    laid = lay(read_answers("answers.csv", content), choices, salt=survey.salt)
    read = time.perf_counter() - began
    began = time.perf_counter()
    kept = actions.bring_in_answers(wave, laid=laid, content=content, by=lead)
    stored = time.perf_counter() - began
    in_background = kept.worked_out_at is None
    settle()  # as a process of the server has
    client = Client()
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("wave", args=[wave.pk])
    waiting = _median(client, url)
    began = time.perf_counter()
    figures = figures_now(kept)
    worked = time.perf_counter() - began
    actions.store_figures(kept, figures=figures, by=lead)
    held = read_columns(kept, [f"q{number}" for number in range(QUESTIONS - 1)])
    design = held.design()
    began = time.perf_counter()
    for column in held.columns:
        for word in column.answers:
            proportion(column.is_answer(word), design)
    bare = time.perf_counter() - began
    return {
        "database": connection.vendor,
        "rows": rows,
        "questions": QUESTIONS,
        "file_mb": round(len(content) / 1e6, 1),
        "kept_mb": round(len((_originals() / kept.columns_as).read_bytes()) / 1e6, 1),
        "reading_s": round(read, 1),
        "storing_s": round(stored, 1),
        "figures_in_background": in_background,
        "figures_s": round(worked, 1),
        "bare_estimates_s": round(bare, 1),
        "page_while_waiting_ms": waiting,
        "page_median_ms": _median(client, url),
        "limit_ms": LIMIT * 1000,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _originals() -> Any:
    from django.conf import settings

    return settings.ORIGINALS


def _median(client: Any, url: str) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(url)
        assert answer.status_code == 200, answer.status_code
        taken.append(time.perf_counter() - began)
    return round(statistics.median(taken) * 1000, 1)


if __name__ == "__main__":
    sys.exit(main())
