"""50,000 activities with 200,000 tallies from a csv file into a throwaway instance, beside the bare insertion.

Run as ``python bench/activities_import.py [ROWS]``; ``DATABASE_URL`` measures another database. The file has ISO and
British days, times, initiatives and methods by name, 300 spellings of kinds, a place, hours with decimal commas and a
different remark in every row, each through the screen. The yardstick is one ``executemany`` of the very same rows and
tallies in one transaction on the same database: what no import can undercut.
"""

from __future__ import annotations

import csv
import json
import os
import pathlib
import random
import resource
import sys
import tempfile
import time

LIMIT = 30.0
ROWS = 50_000


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder:
        os.environ["FOLKMOOT_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
        import django

        django.setup()
        measured = _measure(pathlib.Path(folder), rows)
    print(json.dumps(measured, indent=2))
    return 0 if float(str(measured["seconds"])) <= LIMIT * rows / ROWS else 1


def _write(path: pathlib.Path, rows: int) -> None:
    chance = random.Random(20261123)
    words = [
        "parking",
        "litter",
        "lighting",
        "the",
        "crossing",
        "the",
        "park",
        "noise",
        "bikes",
        "the",
        "market",
        "school",
        "runs",
        "the",
        "bus",
        "stop",
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            ["Day", "Begins at", "Title", "Kind of event", "Place in words", "How many people", "Level", "Hours",
             "Remark", "Age: under 18", "Age: 18 to 64", "Age: 65 and over", "Sex: female"]
        )  # fmt: skip
        for number in range(rows):
            day = f"{1 + number % 28:02}/{1 + number % 12:02}/{2016 + number % 10}"
            people = chance.randrange(4, 60)
            writer.writerow(
                [day, f"{9 + number % 10}:{(number * 7) % 60:02}", f"Stall number {number}",
                 f"{chance.choice(['Pop-up stall', 'stall', 'POP UP Stall', 'Beat meeting'])} {chance.randrange(75)}",
                 f"Hall {chance.randrange(400)}, Ferry Road", people, f"L{number % 4}",
                 f"{chance.randrange(1, 9)},5",
                 f"People spoke about {chance.choice(words)} and {chance.choice(words)}; back on day {number}",
                 people // 4, people // 4, people // 4, people // 2]
            )  # fmt: skip


def _measure(folder: pathlib.Path, rows: int) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from folkmoot.activities.actions.bulk import SLICE
    from folkmoot.activities.actions.importing import begin_import
    from folkmoot.activities.importing import laying
    from folkmoot.activities.importing.carrying import bring_in
    from folkmoot.activities.importing.keeping import sheet_in
    from folkmoot.activities.models import Activity, Tally
    from folkmoot.communities.models import Category, Characteristic
    from folkmoot.organisations.models import Membership, Organisation, User

    call_command("migrate", verbosity=0)
    now = {"created_at": timezone.now(), "created_by": "the bench"}
    mark = f"bench-{time.time_ns()}"
    user = User.objects.create_user(f"{mark}@example.org", None, name="Bench")
    police = Organisation.objects.create(slug=mark, name=mark, kind="police")
    Membership.objects.create(user=user, organisation=police, role="lead", **now)
    for position, (name, answers) in enumerate(
        {"Age": ["under 18", "18 to 64", "65 and over"], "Sex": ["female"]}.items()
    ):
        kind = Characteristic.objects.create(
            code=f"{mark}-{position}", name=name, position=position, visibility="public", **now
        )
        for place, answer in enumerate(answers):
            Category.objects.create(characteristic=kind, name=answer, position=place)
    path = folder / "log.csv"
    _write(path, rows)
    laid = []
    original = laying.laid_out

    def kept(*arguments, **options):  # type: ignore[no-untyped-def]
        found = original(*arguments, **options)
        laid.append(found)
        return found

    from folkmoot.activities.importing import carrying

    carrying.laid_out = kept  # type: ignore[assignment]
    content = path.read_bytes()
    steps: dict[str, float] = {}

    def tell(done: int, total: int | None, step: str) -> None:
        steps.setdefault(step, time.perf_counter())

    use = resource.getrusage(resource.RUSAGE_SELF)
    before = use.ru_utime + use.ru_stime
    began = time.perf_counter()
    sheet = sheet_in(path.name, content)
    import_ = begin_import(path.name, content=content, sheet=sheet, organisation=police, by=user)
    steps["Opening the kept file"] = time.perf_counter()
    done = bring_in(import_, by=user, tell=tell)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = ended - began
    spent = sum(
        use.ru_utime + use.ru_stime
        for use in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )
    spent -= before
    assert (done.read, done.used) == (rows, rows), (done.read, done.used, done.reasons[:3])
    tallies = Tally.objects.filter(activity__brought_by=done).count()
    # the same rows and tallies once more, and nothing else
    Tally.objects.all().delete()
    Activity.objects.all().delete()
    bare = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, rows, SLICE):
            cursor.executemany(laid[-1].activity_sql, laid[-1].activities[start : start + SLICE])
        first = Activity.objects.order_by("pk").values_list("pk", flat=True)[0]
        at, known = laying.ACTIVITY_AT, {}
        prepared = []
        for key, values in laid[-1].tallies:
            pk = known.setdefault(key, first + len(known))
            prepared.append((*values[:at], pk, *values[at + 1 :]))
        for start in range(0, len(prepared), SLICE):
            cursor.executemany(laid[-1].tally_sql, prepared[start : start + SLICE])
    bare = time.perf_counter() - bare
    marks = sorted(steps.items(), key=lambda one: one[1])
    spans = {
        name: round((marks[number + 1][1] if number + 1 < len(marks) else ended) - at, 2)
        for number, (name, at) in enumerate(marks)
    }
    return {
        "database": connection.vendor,
        "rows": rows,
        "tallies": tallies,
        "seconds": round(seconds, 2),
        "processor_seconds": round(spent, 2),
        "limit": round(LIMIT * rows / ROWS, 2),
        "rows_per_second": round(rows / seconds),
        "peak_memory_mb": round(peak),
        "spans": spans,
        "bare_executemany_seconds": round(bare, 2),
        "ratio_to_bare_executemany": round(seconds / bare, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
