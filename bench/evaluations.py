"""An evaluation on 500,000 rows: bringing the table, working it out with progress, stopping it, and its page.

Run as ``python bench/evaluations.py [rows]``. Builds a throwaway SQLite instance. Limits: a run within 10 s, a stop
within 2 s of being asked for, the page of the run within 400 ms.
"""

from __future__ import annotations

import csv
import io
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from typing import Any

import numpy as np

ROWS = 500_000
RUN, STOP, PAGE = 10.0, 2.0, 0.4
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
    within = (
        measured["run_seconds"] <= RUN
        and measured["stop_seconds"] <= STOP
        and measured["page_median_ms"] <= PAGE * 1000
        and measured["progress_steps"] >= 3
    )
    return 0 if within else 1


def _table(rows: int) -> bytes:
    """People in streets, half of them visited by lot."""
    random = np.random.default_rng(17)
    streets = rows // 50
    drawn = random.permutation(np.arange(streets) % 2)
    street = np.repeat(np.arange(streets), 50)[:rows]
    share = 0.5 + 0.03 * drawn[street] + random.normal(0, 0.05, streets)[street]
    good = (random.random(rows) < share).astype(int)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["street", "visited", "good_job", "age"])
    age = random.integers(18, 90, rows)
    writer.writerows(
        zip(
            [f"S{one:05d}" for one in street.tolist()],
            drawn[street].tolist(),
            good.tolist(),
            age.tolist(),
            strict=True,
        )
    )
    return written.getvalue().encode()


def _measure(rows: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from folkmoot.evaluations.actions.data import bring_table
    from folkmoot.evaluations.actions.plans import RivalDraft, create_plan, register_plan
    from folkmoot.evaluations.actions.runs import ask_run
    from folkmoot.evaluations.looking import look
    from folkmoot.jobs import progress
    from folkmoot.jobs.actions import cancel
    from folkmoot.jobs.models import Job
    from folkmoot.jobs.running import run as do
    from folkmoot.mechanisms.actions import start_assumption
    from folkmoot.organisations.models import Membership, Organisation, User
    from folkmoot.project.memory import settle

    call_command("migrate", verbosity=0)
    police = Organisation.objects.create(slug="bench", name="Bench", kind="police")
    lead = User.objects.create_user("lead@example.org", None, name="Lead")
    Membership.objects.create(
        user=lead, organisation=police, role="lead", created_at=timezone.now(), created_by="the bench"
    )
    link = start_assumption(
        "Visits", effect="They think better of us", owner=police, visibility="own", by=lead
    )
    plan = create_plan(
        link, owner=police, visibility="own", rivals=[RivalDraft("Summer", "All would rise")], title="Visits?",
        design="cluster", activity="Visits", population="Adults", comparison="No visits", outcome="good job",
        smallest_change=0.05, horizon="six weeks", if_for="On", if_against="End", if_unclear="Again",
        sizes={"clusters_per_arm": 100, "cluster_size": 50, "icc": 0.01, "baseline": 0.5}, by=lead,
    )  # fmt: skip
    look(plan, by=lead)
    plan.refresh_from_db()
    register_plan(plan, expected=plan.version, by=lead)
    content = _table(rows)
    began = time.perf_counter()
    table = bring_table(plan, name="streets.csv", content=content, by=lead)
    brought = time.perf_counter() - began

    choices = {"outcome": "good_job", "treated": "visited", "clusters": "street", "covariates": ["age"]}
    steps: dict[int, list[str]] = {}
    saved, under_way = progress.Told._save, threading.Event()

    def noted(self: Any, done: int) -> bool:
        told = steps.setdefault(self._job_id, [])
        told.append(self._step)
        stop = saved(self, done)
        if len(told) > 1:  # past its beginning, and its end not near
            under_way.set()
        return stop

    progress.Told._save = noted  # type: ignore[method-assign]
    asked = ask_run(plan, dataset=table, choices=choices, by=lead)
    began = time.perf_counter()
    do(asked.job_id or 0)
    took = time.perf_counter() - began
    asked.refresh_from_db()

    slow = ask_run(plan, dataset=table, choices=choices | {"inference": "wild"}, by=lead)
    worker = threading.Thread(target=do, args=[slow.job_id])
    under_way.clear()
    worker.start()
    if not under_way.wait(60):
        raise SystemExit("The run that was to be stopped never said how far it is.")
    cancel(Job.objects.get(pk=slow.job_id), by=lead)
    began = time.perf_counter()
    worker.join()
    stopped = time.perf_counter() - began
    slow.refresh_from_db()

    settle()  # as a process of the server has
    client = Client()
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert client.get(reverse("run", args=[asked.pk])).status_code == 200
        times.append(time.perf_counter() - began)
    assert slow.state == "cancelled", f"the run that was to be stopped is {slow.state}"
    return {
        "rows": rows,
        "file_mb": round(len(content) / 1e6, 1),
        "bring_seconds": round(brought, 2),
        "run_seconds": round(took, 2),
        "run_state": asked.state,
        "estimate": asked.result.get("estimate"),
        "progress_steps": len(steps[asked.job_id or 0]),
        "stop_seconds": round(stopped, 2),
        "stop_state": slow.state,
        "page_median_ms": round(1000 * statistics.median(times), 1),
    }


if __name__ == "__main__":
    sys.exit(main())
