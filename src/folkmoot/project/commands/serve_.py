"""``folkmoot serve``: gunicorn on this instance, and one worker for long work."""

from __future__ import annotations

import argparse
import os
import pathlib
import sys

from folkmoot.project.commands import start

SUMMARY = "Serve this instance. Stop with Ctrl-C."


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=2)


def run(options: argparse.Namespace) -> int:
    start()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return serve(port=options.port, host=options.host, workers=options.workers)


def serve(*, port: int, host: str = "127.0.0.1", workers: int = 2) -> int:
    """Replace this process by the server. Threads share memory; two processes use both cores."""
    from django.conf import settings

    pathlib.Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    os.execv(
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "folkmoot.project.wsgi:application",
            f"--bind={host}:{port}",
            f"--workers={workers}",
            "--worker-class=folkmoot.project.worker.Worker",
            "--threads=4",
            "--preload",
            "--timeout=120",
            "--log-level=warning",
            "--config=python:folkmoot.project.serving",
            *(["--worker-tmp-dir=/dev/shm"] if pathlib.Path("/dev/shm").is_dir() else []),
        ],
    )
