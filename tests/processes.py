"""Processes of an instance that begin at once: each is forked from one that has imported everything.

Starting Python and importing the product takes longer than most of what a test then asks of it. What is begun
here is a process of its own in every other way: its own surroundings, its own settings read from them, its
own connections, and it can be killed. A test about starting itself begins ``python`` anew.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pathlib
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import traceback
from typing import IO, Any

COMMAND = "import sys; from folkmoot.project.command import main; sys.exit(main())"


class Begun:
    """A process under way, with its ``stdout`` and ``stderr`` as text; as ``subprocess.Popen`` has it."""

    def __init__(self, stdout: int, stderr: int, told: int) -> None:
        self.stdout: IO[str] = os.fdopen(stdout)
        self.stderr: IO[str] = os.fdopen(stderr)
        self._told = os.fdopen(told, "rb", buffering=0)  # what is not asked for stays in the pipe
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """Its status if it has ended."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(int(self._told.readline()))
            self._told.close()
        return self.returncode


_parent: list[tuple[socket.socket, subprocess.Popen[bytes]]] = []


def begin(*words: str, environment: dict[str, str], program: str = "") -> Begun:
    """``folkmoot WORDS``, or that program with those words, in those surroundings."""
    if not _parent:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
        theirs.close()
        _parent.append((ours, process))
    request = {
        "words": words,
        "program": program or COMMAND,
        "environment": environment,
        "in": str(pathlib.Path.cwd()),
    }
    pipes = [os.pipe() for _ in range(3)]
    socket.send_fds(_parent[0][0], [json.dumps(request).encode()], [writing for _, writing in pipes])
    for _, writing in pipes:
        os.close(writing)
    return Begun(*(reading for reading, _ in pipes))


def run(*words: str, environment: dict[str, str], program: str = "") -> subprocess.CompletedProcess[str]:
    """The same, to its end."""
    begun = begin(*words, environment=environment, program=program)
    said = {begun.stdout: b"", begun.stderr: b""}
    streams = list(said)
    while streams:
        for stream in select.select(streams, [], [])[0]:
            part = os.read(stream.fileno(), 65536)
            said[stream] += part
            if not part:
                streams.remove(stream)
    begun.stdout.close()
    begun.stderr.close()
    status = begun.wait()
    return subprocess.CompletedProcess([*words], status, *(each.decode() for each in said.values()))


def _serve(requests: socket.socket) -> None:
    """Import everything, then fork whenever somebody asks."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "folkmoot.project.settings"
    os.environ["FOLKMOOT_DIR"] = os.devnull  # no instance: whoever is forked has its own
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    commands = importlib.import_module("folkmoot.project.commands")
    for one in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"folkmoot.project.commands.{one.name}")
    for name in ("folkmoot.project.urls", "folkmoot.project.command"):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends is told to whoever asked, not to us
    while True:
        said, given, _, _ = socket.recv_fds(requests, 1 << 20, 3)
        if not said:
            return
        if os.fork() == 0:
            requests.close()
            _watch(json.loads(said), *given)
        for each in given:
            os.close(each)


def _watch(request: dict[str, Any], stdout: int, stderr: int, told: int) -> None:
    """Fork the process, say which it is, wait for its end and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _be(request, stdout, stderr)
    os.close(stdout)
    os.close(stderr)
    with contextlib.suppress(BrokenPipeError):
        os.write(told, f"{pid}\n".encode())
        os.write(told, f"{os.waitpid(pid, 0)[1]}\n".encode())
    os._exit(0)


def _be(request: dict[str, Any], stdout: int, stderr: int) -> None:
    """The process itself: nothing is left of the surroundings, settings and connections of its parent."""
    from django.conf import empty, settings
    from django.db import connections

    for here, there in ((os.open(os.devnull, os.O_RDONLY), 0), (stdout, 1), (stderr, 2)):
        os.dup2(here, there)
        os.close(here)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["in"])
    sys.argv = ["-c", *request["words"]]
    # settings are read again when they are first asked for, as in a process that begins
    sys.modules.pop("folkmoot.project.settings", None)
    settings._wrapped = empty
    vars(connections).pop("settings", None)
    connections._settings = None
    with contextlib.suppress(AttributeError):  # looked at while importing, never opened
        del connections["default"]
    status = 0
    try:
        exec(compile(request["program"], "<program>", "exec"), {"__name__": "__main__"})  # noqa: S102 (as -c)
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        status = 1
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    del sys.path[0]
    _serve(socket.socket(fileno=int(sys.argv[1])))
