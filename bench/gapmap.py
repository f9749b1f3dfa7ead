"""The gap map and the claims register on 1,000 studies and 300 assumptions: server time and queries for a member.

Run as ``python bench/gapmap.py``. A throwaway SQLite instance; ``DATABASE_URL`` measures another database. No
product shows these pages, so the yardstick is a limit of 400 ms; what the page costs the processor is printed
beside it, because a machine that others use makes the clock tell more of them.
"""

from __future__ import annotations

import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
import time
from typing import Any

import overview

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIZES = {"ASSUMPTIONS": 300, "STUDIES": 1_000, "CHAINS": 60, "CLAIMS": 10_000}
LIMIT_SECONDS, LIMIT_QUERIES = 0.400, 36
ROUNDS = 9
PAGES = {
    "aims by methods": "/assumptions/gaps/",
    "objectives by groupings": "/assumptions/gaps/?grid=objective-grouping",
    "assumptions by setting": "/assumptions/gaps/?grid=assumption-setting",
    "the whole map as a page of its own": "/assumptions/gaps.html?grid=aim-method",
    "claims register": "/claims/register/",
}
COUNTRIES = ("England and Wales", "Scotland", "Norway", "Australia", "Canada", "United States", "several")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        os.environ["FOLKMOOT_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
        sys.path.insert(0, str(ROOT / "src"))
        import django

        django.setup()
        measured = _measure()
    print(json.dumps(measured, indent=2, ensure_ascii=False))
    return 0 if all(one["within"] for one in measured["pages"].values()) else 1


def _measure() -> dict[str, Any]:
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from folkmoot.project.memory import settle

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]
    chance = random.Random(11)
    for name, value in SIZES.items():
        setattr(overview, name, value)
    member = overview._fill(chance)
    _spread(chance, member)
    settle()  # as a process of the server has
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return SIZES | {
        "limit_seconds": LIMIT_SECONDS,
        "limit_queries": LIMIT_QUERIES,
        "pages": {name: _page(client, url) for name, url in PAGES.items()},
    }


def _page(client: Any, url: str) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken, worked = [], []
    for turn in range(ROUNDS + 2):
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get(url)
        if turn > 1:
            taken.append(time.perf_counter() - began)
            worked.append(time.process_time() - busy)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"
    processor = statistics.median(worked)
    return {
        "median_seconds": round(statistics.median(taken), 4),
        "fastest_seconds": round(min(taken), 4),
        "median_processor_seconds": round(processor, 4),
        "queries": len(queries),
        "page_kilobytes": round(len(answer.content) / 1000),
        "within": processor <= LIMIT_SECONDS and len(queries) <= LIMIT_QUERIES,
    }


def _spread(chance: random.Random, member: Any) -> None:
    """Aims, methods, groupings and countries, so that the map has cells to fill."""
    from django.utils import timezone

    from folkmoot.activities.models import Initiative
    from folkmoot.audit.actions import TheInstance
    from folkmoot.communities.models import Grouping
    from folkmoot.evidence.models import Study
    from folkmoot.mechanisms.library import load_library
    from folkmoot.mechanisms.models import Mechanism, MechanismVersion, Method
    from folkmoot.organisations.models import Organisation
    from folkmoot.strategies.models import Aim

    own = list(Mechanism.objects.all())
    load_library(by=TheInstance())
    made = {"created_at": timezone.now(), "created_by": "the bench"}
    police = Organisation.objects.get()
    aims, methods = list(Aim.objects.all()), list(Method.objects.all())
    for one in own:
        one.method = chance.choice(methods)
        one.aims.set(chance.sample(aims, 2))
    Mechanism.objects.bulk_update(own, ["method"])
    groupings = Grouping.objects.bulk_create(
        Grouping(
            organisation=police,
            visibility="own",
            name=f"Grouping {number}",
            basis="interest",
            defined_by="us",
            **made,
        )
        for number in range(20)
    )
    versions = list(MechanismVersion.objects.filter(mechanism__in=own))
    for number in range(100):
        initiative = Initiative.objects.create(
            organisation=police,
            visibility="own",
            name=f"Strand {number}",
            method=chance.choice(methods),
            mechanism_version=chance.choice(versions),
            **made,
        )
        initiative.groupings.set(chance.sample(groupings, 2))
    studies = list(Study.objects.all())
    for study in studies:
        study.country, study.setting = chance.choice(COUNTRIES), f"Town {chance.randrange(40)}"
    Study.objects.bulk_update(studies, ["country", "setting"])


if __name__ == "__main__":
    sys.exit(main())
