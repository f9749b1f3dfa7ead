"""Run the whole suite on SQLite and, in CI or where asked for, what touches a database again on PostgreSQL.

``make test`` calls this, ``make test-both`` with ``--both``. It finds (or, as root on Debian, installs)
a Chromium, starts a throwaway PostgreSQL cluster where no DATABASE_URL is given, and says loudly what
it did not do. In CI whatever is missing is a failure.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

ROOT = pathlib.Path(__file__).resolve().parent.parent
IN_CI = bool(os.environ.get("CI"))
ON_BOTH_DATABASES = ["tests/apps", "tests/architecture"]


def main() -> int:
    missing: list[str] = []
    chromium = find_chromium()
    if chromium is None:
        missing.append("a Chromium for the browser tests (on Debian: apt-get install chromium)")
    environment = {**os.environ, "FOLKMOOT_CHROMIUM": chromium or ""}
    both = IN_CI or "--both" in sys.argv
    chosen = [word for word in sys.argv[1:] if word != "--both"]
    if chosen:
        status = run_pytest(chosen, environment, database="")
    else:
        # a file stays with one worker: its tests share what they build
        spread = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
        spread += ["--no-loadscope-reorder", "--durations", "15"]
        whole = [] if IN_CI and shutil.which("Rscript") else ["-m", "not oracle"]
        status = run_pytest([*spread, *whole], environment, database="")
        if both:
            status |= run_on_postgres(spread, environment, missing)
        else:
            print(
                "\n*** NOT TESTED on PostgreSQL: `make test-both` does that too, as CI does ***",
                file=sys.stderr,
            )
    for thing in missing:
        print(f"\n*** NOT TESTED: this machine lacks {thing} ***", file=sys.stderr)
    return 1 if status or (missing and IN_CI) else 0


def run_on_postgres(spread: list[str], environment: dict[str, str], missing: list[str]) -> int:
    """What touches a database, once more; what a browser shows does not depend on it."""
    with throwaway_postgres() as url:
        if not url:
            missing.append("a PostgreSQL server (on Debian: apt-get install postgresql)")
            return 0
        chosen = ["-m", "database and not oracle and not browser", *ON_BOTH_DATABASES]
        return run_pytest([*spread, *chosen], environment, database=url)


def run_pytest(words: list[str], environment: dict[str, str], *, database: str) -> int:
    """One run of pytest, in a fresh instance folder, on one database."""
    with tempfile.TemporaryDirectory(prefix="folkmoot-test-") as folder:
        settings = {**environment, "FOLKMOOT_DIR": folder, "DATABASE_URL": database}
        # the tests begin hundreds of processes: none of them compiles what another one has
        settings.pop("PYTHONDONTWRITEBYTECODE", None)
        settings["PYTHONPYCACHEPREFIX"] = str(pathlib.Path(sys.prefix) / "compiled")
        if not database:
            del settings["DATABASE_URL"]
        print(f"\n=== {'PostgreSQL' if database else 'SQLite'} ===", flush=True)
        return subprocess.run(
            [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=settings, check=False
        ).returncode


def find_chromium() -> str | None:
    """A Chromium that is here, or, as root on Debian, one that was just installed."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = os.environ.get("FOLKMOOT_CHROMIUM") or shutil.which(name)
        if found:
            return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        return shutil.which("chromium")
    return None


def find_postgres() -> pathlib.Path | None:
    """The folder of initdb and pg_ctl, newest first."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return pathlib.Path(on_path).resolve().parent
    installed = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return installed[0].parent if installed else None


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """The address of a database server: the one given, or a cluster that lives as long as the tests."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    programs = find_postgres()
    if programs is None:
        yield ""
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="folkmoot-postgres-"))
    as_postgres: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = folder / "cluster"
    # durability is not what these tests are about; speed is
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off"
    control = [*as_postgres, str(programs / "pg_ctl"), "-D", str(cluster), "-w", "-s"]
    try:
        subprocess.run(
            [
                *as_postgres,
                str(programs / "initdb"),
                "-D",
                str(cluster),
                "-U",
                "folkmoot",
                "-A",
                "trust",
                "-E",
                "UTF8",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, cwd=folder)
        yield f"postgresql://folkmoot@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
