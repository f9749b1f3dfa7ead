"""``folkmoot analyse VERB FILE…``: reads the words of the command, runs one verb, prints its JSON.

A verb is a module of ``folkmoot.analyse.verbs`` with three names: ``SUMMARY`` (one line),
``add_options(parser)`` and ``run(options) -> dict`` (the result of interfaces.md without ``verb``
and ``version``). It is imported only when it is asked for, so that each starts quickly.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import pathlib
import sys
from typing import Any

from folkmoot import __version__
from folkmoot.core.errors import FolkmootError

VERBS = {
    "map": "causal claims: links, flow and sources between two factors",
    "agreement": "how far coders agree, on codings as spans",
    "reach": "who was reached against who lives there",
    "opinion": "groups of opinion; does a shared characteristic mean a shared view?",
    "estimate": "survey estimates with design-based errors",
    "effect": "trials, differences in differences, interrupted series",
    "power": "what a design could see",
    "pool": "pooling of studies",
    "protect": "suppression and rounding of a table of counts",
}


def main(words: list[str]) -> int:
    """Run one verb; returns the exit status (0 done, 1 refused with a sentence, 2 wrong usage)."""
    if not words or words[0] in {"-h", "--help"}:
        print("usage: folkmoot analyse VERB FILE… [options] [-o FILE] [--text]\n")
        for verb, summary in VERBS.items():
            print(f"  {verb:<10} {summary}")
        return 0 if words else 2
    verb = words[0]
    if verb not in VERBS:
        print(f"There is no verb “{verb}”; there are {', '.join(VERBS)}.", file=sys.stderr)
        return 2
    module = importlib.import_module(f"folkmoot.analyse.verbs.{verb}")
    parser = argparse.ArgumentParser(prog=f"folkmoot analyse {verb}", description=module.SUMMARY)
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of to standard output")
    parser.add_argument("--text", action="store_true", help="a table to read instead of JSON")
    module.add_options(parser)
    try:
        options = parser.parse_args(words[1:])
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        result = {"verb": verb, **module.run(options), "version": __version__}
    except FolkmootError as error:
        print(str(error), file=sys.stderr)
        return 1
    for part in ("method", "caveats"):
        if part not in result:
            raise KeyError(f"{verb} returned no {part}")  # a fault of ours, not of the data
    text = as_text(result) if options.text else json.dumps(_plain(result), indent=1, ensure_ascii=False)
    if options.output:
        pathlib.Path(options.output).write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


def _plain(value: Any) -> Any:
    """The value in JSON's own types. A float that is no number would be invalid JSON: it is a fault."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if hasattr(value, "as_json"):
        return _plain(value.as_json())
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item() if getattr(value, "ndim", 0) == 0 else value.tolist()
        return _plain(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a result holds a number that is not finite")
    return value


def as_text(result: dict[str, Any]) -> str:
    """The result as lines: scalars first, then each list of records as an aligned table."""
    plain = _plain(result)
    lines: list[str] = []
    tables: list[tuple[str, list[dict[str, Any]]]] = []
    for key, value in plain.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            tables.append((key, value))
        elif key == "caveats":
            lines.extend(f"note: {sentence}" for sentence in value)
        else:
            lines.append(f"{key}: {_cell(value)}")
    for key, rows in tables:
        names = list(dict.fromkeys(name for row in rows for name in row))
        cells = [names] + [[_cell(row.get(name, "")) for name in names] for row in rows]
        widths = [max(len(row[index]) for row in cells) for index in range(len(names))]
        lines.extend(["", f"{key}:"])
        lines.extend(
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in cells
        )
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "[" + ", ".join(_cell(part) for part in value) + "]"
    return "" if value is None else str(value)
