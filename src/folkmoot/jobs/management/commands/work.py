"""``folkmoot manage work``: a worker by itself, where another program keeps processes running."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Do long work as it is asked for. `folkmoot serve` runs one of these by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then end")

    def handle(self, *arguments: Any, once: bool = False, **options: Any) -> None:
        from folkmoot.jobs.running import run_waiting
        from folkmoot.jobs.working import Worker

        if once:
            for job in run_waiting():
                self.stdout.write(f"{job.title}: {job.message}")
            return
        Worker().run()
