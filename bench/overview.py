"""The overview with 500 assumptions, 10,000 claims and 300 studies: server time and queries for a member.

Run as ``python bench/overview.py``. A throwaway SQLite instance; ``DATABASE_URL`` measures another
database. No product shows this page, so the yardstick is a limit.
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
ASSUMPTIONS, CLAIMS, STUDIES = 500, 10_000, 300
SOURCES, CHAINS, MARKS = 100, 100, 8
LIMIT_SECONDS, LIMIT_QUERIES = 0.150, 15
ROUNDS = 15


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        os.environ["FOLKMOOT_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
        sys.path.insert(0, str(ROOT / "src"))
        import django

        django.setup()
        measured = _measure()
    print(json.dumps(measured, indent=2))
    within = measured["median_seconds"] <= LIMIT_SECONDS and measured["queries"] <= LIMIT_QUERIES
    return 0 if within else 1


def _measure() -> dict[str, Any]:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from folkmoot.project.memory import settle

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]
    member = _fill(random.Random(11))
    settle()  # as a process of the server has
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    taken, worked = [], []
    for turn in range(ROUNDS + 2):
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get("/")
        if turn > 1:
            taken.append(time.perf_counter() - began)
            worked.append(time.process_time() - busy)
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 200 and f"{CHAINS} objectives" in page, "the page is not the one to measure"
    return {
        "assumptions": ASSUMPTIONS,
        "claims": CLAIMS,
        "studies": STUDIES,
        "queries": len(queries),
        "limit_queries": LIMIT_QUERIES,
        "fastest_seconds": round(min(taken), 4),
        "median_seconds": round(statistics.median(taken), 4),
        "slowest_seconds": round(max(taken), 4),
        "limit_seconds": LIMIT_SECONDS,
        # what the page costs, whatever else the machine is doing
        "median_processor_seconds": round(statistics.median(worked), 4),
        "page_kilobytes": round(len(page) / 1000),
    }


def _fill(chance: random.Random) -> Any:
    """One organisation with a hundred chains, and everything that bears on them; its lead."""
    from django.utils import timezone

    from folkmoot.audit.actions import TheInstance
    from folkmoot.coding.models import Claim
    from folkmoot.evidence.models import Appraisal, Mark, Study
    from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, MechanismVersion, Step
    from folkmoot.organisations.models import Membership, Organisation, ResearchTeam, User
    from folkmoot.sources.models import Passage, Source
    from folkmoot.strategies.library import load_aims
    from folkmoot.strategies.models import Aim, Objective

    load_aims(by=TheInstance())
    now = timezone.now()
    made = {"created_at": now, "created_by": "the bench"}
    police = Organisation.objects.create(slug="bench", name="Bench Police", kind="police")
    team = ResearchTeam.objects.create(slug="bench", name="Bench team")
    member = User.objects.create_user("lead@example.org", "a long enough secret", name="Lead")
    Membership.objects.create(user=member, organisation=police, role="lead", **made)
    shared = {"visibility": "network", **made}
    steps = ASSUMPTIONS // CHAINS
    factors = Factor.objects.bulk_create(
        Factor(wording=f"Something of chain {chain} has moved, step {place}", **shared)
        for chain in range(CHAINS)
        for place in range(steps + 1)
    )
    pairs = [
        (factors[chain * (steps + 1) + place], factors[chain * (steps + 1) + place + 1])
        for chain in range(CHAINS)
        for place in range(steps)
    ]
    assumptions = Assumption.objects.bulk_create(
        Assumption(cause=cause, effect=effect, horizon_days=chance.choice([0, 3, 365]), **shared)
        for cause, effect in pairs
    )
    aims = list(Aim.objects.all())
    objectives = Objective.objects.bulk_create(
        Objective(
            aim=chance.choice(aims),
            organisation=police,
            visibility="own",
            title=f"Objective {number}",
            who="people here",
            what_change="more of them notice",
            by_when=now.date(),
            how_known="the survey",
            benefits="both",
            **made,
        )
        for number in range(CHAINS)
    )
    mechanisms = Mechanism.objects.bulk_create(
        Mechanism(organisation=police, visibility="own", name=f"Chain {number}", objective=one, **made)
        for number, one in enumerate(objectives)
    )
    versions = MechanismVersion.objects.bulk_create(
        MechanismVersion(mechanism=one, number=1, **made) for one in mechanisms
    )
    rows = []
    for number, version in enumerate(versions):
        own = assumptions[number * steps : (number + 1) * steps]
        # some assumptions carry more than one objective, so that the picture has heights
        borrowed = chance.sample(assumptions[: 3 * steps], 2)
        listed = dict.fromkeys([*own, *borrowed])
        rows += [Step(version=version, assumption=one, position=place) for place, one in enumerate(listed)]
    Step.objects.bulk_create(rows)
    studies = Study.objects.bulk_create(
        Study(
            authors=f"Author{number:03}, A.",
            year=2000 + number % 25,
            title=f"A study, number {number}",
            kind=chance.choice(["trial", "quasi", "survey", "review"]),
            design="streets by lot",
            setting="a town",
            country=chance.choice(["England and Wales", "Norway"]),
            level_low=(low := chance.randint(1, 5)),
            level_high=low,
            inclusion_level=3,
            evaluators=f"team {number % 40}",
            sample=f"sample {number}",
            read_where=chance.choice(["full", "abstract"]),
            **shared,
        )
        for number in range(STUDIES)
    )
    marks = []
    for study in studies:
        start = chance.randrange(ASSUMPTIONS)
        for cause, effect in pairs[start : start + MARKS // 2]:
            for factor in (cause, effect):
                days = chance.choice([0, 3, 21, 400])
                sign = chance.choice(["up", "up", "down", "not_found", "same"])
                marks.append(
                    Mark(study=study, factor=factor, sign=sign, horizon=f"{days} days", horizon_days=days)
                )
    Mark.objects.bulk_create(marks, ignore_conflicts=True)
    Appraisal.objects.bulk_create(
        Appraisal(
            study=chance.choice(studies),
            assumption=chance.choice(assumptions),
            level=chance.randint(1, 5),
            same_country=True,
            unit_differs=False,
            population_differs=False,
            dose_differs=False,
            delivery_differs=False,
            read_in_full=True,
            appraiser_is_evaluator=False,
            why="read it",
            **shared,
        )
        for _ in range(STUDIES)
    )
    sources = Source.objects.bulk_create(
        Source(
            kind="interview",
            title=f"Interview {n}",
            team=team,
            visibility="team",
            recruitment="by letter",
            **made,
        )
        for n in range(SOURCES)
    )
    passages = Passage.objects.bulk_create(
        Passage(source=source, start=10 * place, end=10 * place + 9, **made)
        for source in sources
        for place in range(CLAIMS // SOURCES)
    )
    Claim.objects.bulk_create(
        Claim(
            passage=passage,
            cause="a visit",
            effect="trust",
            stance=chance.choice(Claim.Stance.values),
            assumption=chance.choice(assumptions),
            team=team,
            visibility="network",
            **made,
        )
        for passage in passages
    )
    return member


if __name__ == "__main__":
    raise SystemExit(main())
