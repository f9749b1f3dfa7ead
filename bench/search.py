"""Search over eight million words: common, middling and rare words, phrases, and somebody who sees little.

Run as ``python bench/search.py``. Builds a throwaway SQLite instance of that size (about a minute);
``DATABASE_URL`` measures another database. The words follow Zipf's law; the queries are words of
known frequency. The limit is for the median of each query, through ``search_passages``.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from typing import Any

import numpy as np

WORDS = 8_000_000
TURN = 40
SOURCES = 400
VOCABULARY = 40_000
LIMIT = 0.05
ROUNDS = 7


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        os.environ["FOLKMOOT_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
        import django

        django.setup()
        measured = _measure()
    print(json.dumps(measured, indent=2))
    return 0 if measured["slowest_median_ms"] <= LIMIT * 1000 else 1


def _measure() -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection

    from folkmoot.sources.queries import search_passages

    call_command("migrate", verbosity=0)
    everyone, little = _people()
    began = time.perf_counter()
    _fill(everyone.team, little.team)
    built = time.perf_counter() - began
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("analyze sources_searchtext")
    word = _spelled
    queries = {
        "the commonest word": (word(0), everyone),
        "a common word": (word(20), everyone),
        "a middling word": (word(800), everyone),
        "a rare word": (word(30_000), everyone),
        "two common words": (f"{word(5)} {word(9)}", everyone),
        "a common phrase": (f'"{word(0)} {word(1)}"', everyone),
        "three middling words": (f"{word(300)} {word(500)} {word(700)}", everyone),
        "a word that nobody said": ("zzyzx", everyone),
        "a common word, by somebody who sees one source in 400": (word(20), little),
        "the commonest word, by the same": (word(0), little),
    }
    results = {}
    for name, (query, who) in queries.items():
        search_passages(query, viewer=who)
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = search_passages(query, viewer=who)
            taken.append(time.perf_counter() - began)
        results[name] = {
            "median_ms": round(statistics.median(taken) * 1000, 1),
            "hits": found.total,
            "more": found.more,
        }
    return {
        "database": connection.vendor,
        "words": WORDS,
        "built_in_seconds": round(built, 1),
        "limit_ms": LIMIT * 1000,
        "slowest_median_ms": max(one["median_ms"] for one in results.values()),
        "queries": results,
    }


def _people() -> tuple[Any, Any]:
    from django.utils import timezone

    from folkmoot.organisations.models import ResearchTeam, TeamMembership, User

    made = []
    for name in ("everything", "little"):
        mark = f"{name}-{time.time_ns()}"
        user = User.objects.create_user(f"{mark}@example.org", None, name=name)
        user.team = ResearchTeam.objects.create(slug=mark, name=mark)
        TeamMembership.objects.create(
            user=user, team=user.team, role="lead", created_at=timezone.now(), created_by="the bench"
        )
        made.append(user)
    return made[0], made[1]


def _spelled(rank: int) -> str:
    """A word for a rank: the commoner the shorter, each with a stem of its own."""
    letters = "bcdfghjklmnprtvw"
    spelled = ""
    rank += 16
    while rank:
        rank, place = divmod(rank, 16)
        spelled += letters[place] + "ao"[place % 2]
    return spelled + "k"


def _fill(most: Any, few: Any) -> None:
    from django.db import transaction
    from django.utils import timezone

    from folkmoot.sources.models import SearchText, Source, Turn

    rng = np.random.default_rng(7)
    share = 1 / (np.arange(VOCABULARY) + 2.7)
    edges = np.cumsum(share / share.sum())
    words = np.array([_spelled(rank) for rank in range(VOCABULARY)], dtype=object)
    now = timezone.now()
    turns = WORDS // TURN // SOURCES
    for number in range(SOURCES):
        with transaction.atomic():
            source = Source.objects.create(
                kind="interview",
                title=f"interview {number}",
                team=few if number == SOURCES // 2 else most,
                visibility="team",
                consent="quote",
                redaction="reviewed",
                redaction_reviewed_at=now,
                created_at=now,
                created_by="the bench",
            )
            said = words[np.searchsorted(edges, rng.random((turns, TURN)))]
            made = Turn.objects.bulk_create(
                [Turn(source=source, number=n + 1, start=0, end=1) for n in range(turns)], batch_size=2000
            )
            SearchText.objects.bulk_create(
                [
                    SearchText(turn=turn, source=source, text=" ".join(row))
                    for turn, row in zip(made, said, strict=True)
                ],
                batch_size=2000,
            )


if __name__ == "__main__":
    sys.exit(main())
