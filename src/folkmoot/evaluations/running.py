"""A run is worked out: here and now, or apart in a process that can be stopped within a second.

Either way the words are those of ``folkmoot analyse`` and the file is the one that was kept. What does not belong
here: who may ask and what is stored (``actions.runs``).
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.urls import reverse

from folkmoot.analyse.command import result_of
from folkmoot.audit.actions import TheInstance
from folkmoot.core.errors import CannotAnalyse, FolkmootError, NotYet
from folkmoot.evaluations.commands import Command, command_from
from folkmoot.evaluations.models import Dataset, Run
from folkmoot.evaluations.storing import path_of
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Cancelled, Progress
from folkmoot.sources.storage import digest_of

RUNS = "evaluations.run"  # the kind of long work
STEPS = 3
LOOK = 0.1  # seconds between two looks at the process
Told = Callable[[int, str], None]


def worked_out_here(run: Run) -> dict[str, Any]:
    """The result of a run, worked out in this process. For small tables, where nobody waits to stop it."""
    with _laid_ready(run.dataset) as file:
        return result_of(command_from(run.command).words(str(file)))


def worked_out_apart(run: Run, *, told: Told) -> dict[str, Any]:
    """The result of a run, worked out in a process of its own. ``told`` hears how far it is and may raise to stop it.

    Raises CannotAnalyse with the command's own sentence where it refuses.
    """
    told(0, "checking that the table is the one that was brought")
    with _laid_ready(run.dataset) as file:
        result = _apart(command_from(run.command), file, told=told)
    told(2, "writing it down")
    return result


@contextmanager
def _laid_ready(dataset: Dataset) -> Iterator[pathlib.Path]:
    """The table under its own name, after checking that it still is what was brought."""
    if dataset.erased_at is not None:
        raise NotYet("The table was erased, so it cannot be worked with any more.")
    kept = path_of(dataset.kept_as)
    if digest_of(kept.read_bytes()) != dataset.sha256:
        raise CannotAnalyse(
            "The kept table is no longer what was brought in: its content has changed on the disk."
        )
    with tempfile.TemporaryDirectory() as folder:
        # sentences name the file, so it goes by the name that people know
        named = pathlib.Path(folder) / dataset.name
        named.symlink_to(kept.resolve())
        yield named


def _apart(command: Command, file: pathlib.Path, *, told: Told) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        written = pathlib.Path(folder) / "result.json"
        said = pathlib.Path(folder) / "said.txt"
        words = [*command.words(str(file)), f"--output={written}"]
        began = time.monotonic()
        with said.open("wb") as complaints:
            process = subprocess.Popen(
                [sys.executable, "-m", "folkmoot.evaluations.apart", *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
            )
            try:
                while process.poll() is None:
                    told(
                        1,
                        f"reading the table and working it out, {int(time.monotonic() - began)} seconds so far",
                    )
                    time.sleep(LOOK)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        if process.returncode:
            raise CannotAnalyse(
                _sentence(said.read_text(encoding="utf-8", errors="replace"), process.returncode)
            )
        found: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
        return found


def _sentence(complaint: str, status: int) -> str:
    """What the command said, where it refused in a sentence; its crashes are not for the screen."""
    if status < 0:
        return "The process that worked it out was ended from outside, perhaps for lack of memory."
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    if status == 1 and lines and "Traceback" not in complaint:
        return lines[-1][:1000]
    return (
        lines[-1][:300]
        if status == 2 and lines
        else "It could not be worked out: the program has a fault here."
    )


def long_run(job: Job, progress: Progress) -> dict[str, Any]:
    """The long work: one run. Begun again after its worker died it works out the same; over, it is left alone."""
    from folkmoot.evaluations.actions.runs import cancel_run, refuse_run, settle_run

    run = Run.objects.select_related("plan", "dataset").filter(pk=job.arguments["run"]).first()
    if run is None or run.state != Run.State.ASKED:
        raise NotYet("This run is over already.")
    by = job.asked_by or TheInstance()
    try:
        result = worked_out_apart(run, told=lambda done, step: progress(done, STEPS, step))
        settle_run(run, result=result, by=by)
    except Cancelled:
        cancel_run(run, by=by)
        raise
    except FolkmootError as error:
        refuse_run(run, because=str(error), by=by)
        raise
    return {"sentence": "The run is done.", "url": reverse("run", args=[run.pk]), "link": "See what came out"}
