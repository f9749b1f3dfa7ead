"""``folkmoot demo``: build the fictional network once, then serve it.

The demo is always a folder of its own, with its own database: ``DATABASE_URL`` is not looked at, and
a folder that holds anything else is refused, so that no real instance is ever written over. It is
built beside its folder and moved there when it is whole; a build that was killed is begun anew.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import shutil
import socket
import sys
import time
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.demo.reading import MARK
from folkmoot.project.commands import start

SUMMARY = "Build the demo network (everything in it is made up) and serve it. Stop with Ctrl-C."
FOLDER = "folkmoot-demo"
PORTS_TRIED = 50


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="the next free one is taken if it is in use")
    parser.add_argument("--no-serve", action="store_true", help="build it and stop")


def run(options: argparse.Namespace) -> int:
    folder = pathlib.Path(os.environ.get("FOLKMOOT_DIR") or FOLDER).resolve()
    os.environ.pop("DATABASE_URL", None)
    mark = _mark_of(folder)
    if mark is None:
        mark = _build(folder)
    else:
        os.environ["FOLKMOOT_DIR"] = str(folder)
        _bring_up_to_date(folder, mark)
    if options.no_serve:
        print(_sign_ins(f"Built in {folder.name}.", mark, address=""))
        return 0
    port = _free_port(options.port)
    if port != options.port:
        print(f"Port {options.port} is in use; the demo takes {port}.", file=sys.stderr)
    address = f"http://127.0.0.1:{port}"
    print(_sign_ins(f"The demo is at {address}/", mark, address=address), flush=True)
    os.environ["FOLKMOOT_DIR"] = str(folder)
    from folkmoot.project.commands.serve_ import serve

    return serve(port=port)


def _mark_of(folder: pathlib.Path) -> dict[str, Any] | None:
    """What a finished demo says of itself; None where there is nothing yet. Refuses any other folder."""
    mark = folder / MARK
    if mark.is_file():
        return dict(json.loads(mark.read_text(encoding="utf-8")))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolkmootError(
            f"{folder.name} holds something that is not the demo, so nothing was built there. "
            "Name another folder with --dir."
        )
    return None


def _build(folder: pathlib.Path) -> dict[str, Any]:
    """Build beside the folder, then move it there in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(folder)
    beside = folder.with_name(f"{folder.name}.building-{os.getpid()}")
    os.environ["FOLKMOOT_DIR"] = str(beside)
    began = time.monotonic()
    _say("Building the demo network. Everything in it is made up.")
    try:
        start(create=True)
        from django.core.management import call_command
        from django.db import connections

        from folkmoot.demo.build import build
        from folkmoot.demo.reading import fingerprint

        call_command("migrate", verbosity=0, interactive=False)
        world = build(progress=_say)
        # the last connection to close brings the journal home, so that the folder can be moved
        connections.close_all()
        mark = {"content": fingerprint(), "open_check": world.open_check}
        (beside / MARK).write_text(json.dumps(mark), encoding="utf-8")
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _say(f"Built in {time.monotonic() - began:.0f} seconds.")
    return mark


def _clear_abandoned(folder: pathlib.Path) -> None:
    """Remove what builds left that were killed; a build that is still running is left alone."""
    for left in folder.parent.glob(f"{folder.name}.building-*"):
        number = left.name.rpartition("-")[2]
        if number.isdecimal() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _bring_up_to_date(folder: pathlib.Path, mark: dict[str, Any]) -> None:
    """The demo that is there is served as people left it, on the tables of this release."""
    start()
    from django.core.management import call_command

    from folkmoot.demo.reading import fingerprint

    call_command("migrate", verbosity=0, interactive=False)
    if mark["content"] != fingerprint():
        _say(f"This demo was built from earlier content; remove {folder.name} to have it built anew.")


def _free_port(wanted: int) -> int:
    for port in range(wanted, min(wanted + PORTS_TRIED, 65_536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise FolkmootError(f"No port from {wanted} on is free. Name another one with --port.")


def _sign_ins(first: str, mark: dict[str, Any], *, address: str) -> str:
    """What a newcomer needs: the address, who can sign in, and one question that waits for an answer."""
    from folkmoot.demo.network import PASSWORD, organisations, sign_ins

    width = max(len(role) for role, _, _ in sign_ins())
    lines = [
        first,
        "",
        f"Nobody needs to sign in to look round. To work in it, the password is {PASSWORD} for:",
        *(f"  {role:<{width}}  {email}" for role, _, email in sign_ins()),
        "",
        "Organisations (for --organisation on the command line): " + ", ".join(organisations()),
        "",
        "Somebody interviewed is still being asked whether a reading is fair. Answer for them at",
        f"  {address}{mark['open_check']}",
    ]
    return "\n".join(lines)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
