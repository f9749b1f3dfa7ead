"""58 real interviews from the file to the database and its index, on a throwaway SQLite instance.

Run as ``python bench/sources_import.py``. Needs the corpus (``../shared/corpus`` or FOLKMOOT_CORPUS);
``DATABASE_URL`` measures another database. No peer imports speaking turns with their speakers, so
the yardstick is a limit.
"""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = pathlib.Path(os.environ.get("FOLKMOOT_CORPUS") or ROOT.parent / "shared" / "corpus")
LIMIT = 5.0
ROUNDS = 3


def main() -> int:
    path = CORPUS / "transcripts" / "rural_water_interviews.csv"
    if not path.is_file():
        print("the corpus is not here: nothing was measured", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        os.environ["FOLKMOOT_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
        import django

        django.setup()
        measured = _measure(path)
    print(json.dumps(measured, indent=2))
    return 0 if measured["import_seconds"] <= LIMIT else 1


def _measure(path: pathlib.Path) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from folkmoot.organisations.models import ResearchTeam, TeamMembership, User
    from folkmoot.sources.actions import accept_all_redactions, finish_redaction_review, import_sources

    call_command("migrate", verbosity=0)
    importing, reviewing = [], []
    made = None
    for number in range(ROUNDS):
        mark = f"bench-{time.time_ns()}-{number}"
        user = User.objects.create_user(f"{mark}@example.org", None, name="Bench")
        team = ResearchTeam.objects.create(slug=mark, name=mark)
        TeamMembership.objects.create(
            user=user, team=team, role="lead", created_at=timezone.now(), created_by="the bench"
        )
        began = time.perf_counter()
        made = import_sources([(path.name, path.read_bytes())], kind="transcript", owner=team, by=user)
        importing.append(time.perf_counter() - began)
        began = time.perf_counter()
        for source in made.sources.all():
            accept_all_redactions(source, by=user)
            finish_redaction_review(source, by=user)
        reviewing.append(time.perf_counter() - began)
    assert made is not None
    return {
        "database": connection.vendor,
        "interviews": made.sources.count(),
        "turns": made.used,
        "import_seconds": round(statistics.median(importing), 3),
        "slowest_import_seconds": round(max(importing), 3),
        "limit_seconds": LIMIT,
        "review_and_index_58_seconds": round(statistics.median(reviewing), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
