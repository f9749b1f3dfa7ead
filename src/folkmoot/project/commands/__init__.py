"""The commands that work on an instance. One module each; ``analyse`` is elsewhere, it needs none.

A command module offers ``SUMMARY``, ``add_options(parser)`` and ``run(options) -> int``. It is
imported after the instance's folder is known, and calls ``start()`` before it touches a model.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from folkmoot.core.errors import FolkmootError

COMMANDS = {
    "demo": "build the demo network and serve it",
    "set-up": "make an instance, an organisation or a research team",
    "serve": "serve this instance",
    "check": "say whether this instance is fit to run",
    "import": "bring files in",
    "export": "take records out",
    "brief": "write the latest edition of a briefing to a file",
    "backup": "save the whole instance to one file",
    "restore": "bring a backup back",
    "manage": "Django's own commands (migrate, createsuperuser, …)",
    "analyse": "the analysis core over plain files; needs no instance",
}


def run(words: list[str]) -> int:
    """Run one command; returns the exit status: 0 done, 1 refused with a sentence, 2 wrong usage."""
    if not words or words[0] in {"-h", "--help"}:
        print("usage: folkmoot COMMAND [options]   (folkmoot COMMAND --help tells more)\n")
        for name, summary in COMMANDS.items():
            print(f"  {name:<9} {summary}")
        return 0 if words else 2
    name = words[0]
    if name not in COMMANDS:
        print(f"There is no command “{name}”; there are {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.project.settings")
    if name == "manage":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["folkmoot manage", *words[1:]])
        return 0
    module = importlib.import_module(f"folkmoot.project.commands.{name.replace('-', '_')}_")
    parser = argparse.ArgumentParser(prog=f"folkmoot {name}", description=module.SUMMARY)
    parser.add_argument("--dir", help="the instance's folder (else FOLKMOOT_DIR, else ./folkmoot-instance)")
    module.add_options(parser)
    try:
        options = parser.parse_args(words[1:])
    except SystemExit as stop:
        return int(stop.code or 0)
    if options.dir:
        os.environ["FOLKMOOT_DIR"] = options.dir
    try:
        return int(module.run(options))
    except FolkmootError as error:
        print(str(error), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1


def start(*, create: bool = False) -> None:
    """Make Django ready on the instance's folder; refuse where it does not exist yet."""
    import pathlib

    import django

    folder = pathlib.Path(os.environ.get("FOLKMOOT_DIR") or "folkmoot-instance")
    if create:
        folder.mkdir(parents=True, exist_ok=True)
    elif not folder.is_dir():
        raise FolkmootError(
            f"There is no instance in {folder.name}. Name its folder with --dir, or make one with: folkmoot demo --dir {folder.name}"
        )
    django.setup()
