"""The ``folkmoot`` command: ``analyse`` needs no database and starts without Django; the rest is below."""

from __future__ import annotations

import sys


def main() -> int:
    words = sys.argv[1:]
    if words and words[0] == "analyse":
        from folkmoot.analyse.command import main as analyse

        return analyse(words[1:])
    from folkmoot.project.commands import run

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
