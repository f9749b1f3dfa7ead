"""``folkmoot analyse VERB FILE…``: reads the words of the command, runs one verb, prints its JSON.

A verb is a module of ``folkmoot.analyse.verbs`` with three names: ``SUMMARY`` (one line),
``add_options(parser)`` and ``run(options) -> dict`` (the result of interfaces.md without ``verb``
and ``version``). It is imported only when it is asked for, so that each starts quickly.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pathlib
import sys
import warnings
from typing import Any

from folkmoot import __version__
from folkmoot.core.errors import CannotAnalyse, FolkmootError

VERBS = {
    "map": "causal claims: links, flow and sources between two factors",
    "agreement": "how far coders agree, on codings as spans",
    "reach": "who was reached against who lives there",
    "opinion": "groups of opinion, and whether people alike in something also think alike",
    "estimate": "survey estimates with design-based errors",
    "effect": "trials, differences in differences, interrupted series",
    "power": "what a design could see",
    "pool": "pooling of studies",
    "protect": "suppression and rounding of a table of counts",
}

TOO_MUCH = "This needs more memory than there is: ask for less at once."
TOO_LARGE = "The numbers are too large, or too uneven in size, to be worked with."
MOST_INDENTED = 2_000  # entries of the lists at the top
CAUTIOUS = "cautious_"
# what the figure is called that a cautious one takes the place of where people read
ELSEWHERE = {"": "as other programs print it", "reach": "by Wilson's formula"}


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
    try:
        module, options = _read(verb, words[1:])
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        _check_output(options.output)
        result = _worked_out(verb, module, options)
    except FolkmootError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    return _put(as_text(result) if options.text else as_json(result), options.output)


def result_of(words: list[str]) -> dict[str, Any]:
    """What one verb finds, as plain JSON: the same as the command prints, for programs and scripts.

    ``words`` are those of the command after ``folkmoot analyse``. Raises CannotAnalyse (or another FolkmootError)
    with the command's sentence; wrong usage ends the program as it does on the command line.
    """
    if not words or words[0] not in VERBS:
        raise CannotAnalyse(f"There is no such verb; there are {', '.join(VERBS)}.")
    module, options = _read(words[0], words[1:])
    plain: dict[str, Any] = json.loads(_encoded(_worked_out(words[0], module, options)))
    return plain


def _read(verb: str, words: list[str]) -> tuple[Any, argparse.Namespace]:
    module = importlib.import_module(f"folkmoot.analyse.verbs.{verb}")
    parser = argparse.ArgumentParser(prog=f"folkmoot analyse {verb}", description=module.SUMMARY)
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of to standard output")
    parser.add_argument("--text", action="store_true", help="a table to read instead of JSON")
    module.add_options(parser)
    return module, parser.parse_args(words)


def _worked_out(verb: str, module: Any, options: argparse.Namespace) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            # the core refuses what overflows in a sentence; the library's own warning would come on top
            warnings.simplefilter("ignore", RuntimeWarning)
            result = {"verb": verb, **module.run(options), "version": __version__}
    except (OverflowError, FloatingPointError):
        raise CannotAnalyse(TOO_LARGE) from None
    except MemoryError:
        raise CannotAnalyse(TOO_MUCH) from None
    for part in ("method", "caveats"):
        if part not in result:
            raise KeyError(f"{verb} returned no {part}")  # a fault of ours, not of the data
    return result


def _check_output(path: str | None) -> None:
    """Refuse a place that cannot be written to before the work, not after it."""
    if path is None:
        return
    file = pathlib.Path(path)
    if file.is_dir():
        raise CannotAnalyse(f"{path} is a folder; name a file to write to.")
    if not file.absolute().parent.is_dir():
        raise CannotAnalyse(f"There is no folder to write {path} to.")


def _put(text: str, path: str | None) -> int:
    """Print the text, or write it to a file; a reader that has gone away (``| head``) is no fault."""
    try:
        if path is not None:
            pathlib.Path(path).write_text(text + "\n", encoding="utf-8")
        else:
            print(text)
            sys.stdout.flush()
    except BrokenPipeError:
        # what is left in the buffer must not be tried again when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{path or 'The result'} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def as_json(result: dict[str, Any]) -> str:
    """The result as JSON: indented while a person may read it, else one record a line, which is far quicker."""
    if sum(len(part) for part in result.values() if isinstance(part, (list, tuple))) <= MOST_INDENTED:
        return _encoded(result, indent=1)
    lines = []
    for key, value in result.items():
        if isinstance(value, (list, tuple)) and len(value) > 1:
            inner = ",\n".join(_encoded(part) for part in value)
            lines.append(f"{_encoded(key)}: [\n{inner}\n]")
        else:
            lines.append(f"{_encoded(key)}: {_encoded(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _encoded(value: Any, *, indent: int | None = None) -> str:
    """A float that is no number would be invalid JSON: it is a fault of ours and raises ValueError."""
    return json.dumps(value, default=_own, ensure_ascii=False, allow_nan=False, indent=indent)


def _own(value: Any) -> Any:
    """What JSON's own types do not cover: results that know their form, and numbers of NumPy."""
    if hasattr(value, "as_json"):
        return value.as_json()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a result holds a {type(value).__name__}")


def as_text(result: dict[str, Any]) -> str:
    """The result as lines: scalars first, then each list of records as an aligned table.

    A cautious figure takes the name of the one that it stands beside in the JSON, for it is the one to be read.
    """
    plain = _for_reading(json.loads(_encoded(result)), ELSEWHERE.get(result["verb"], ELSEWHERE[""]))
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


def _for_reading(value: Any, elsewhere: str) -> Any:
    """“interval” is the cautious one where there is one; the other is named for where it comes from."""
    if isinstance(value, list):
        return [_for_reading(part, elsewhere) for part in value]
    if not isinstance(value, dict):
        return value
    read: dict[str, Any] = {}
    for key, part in value.items():
        plain = key.removeprefix(CAUTIOUS)
        if plain == key:
            read[key] = _for_reading(value.get(CAUTIOUS + key, part), elsewhere)
        elif plain in value:
            read[f"{plain} {elsewhere}"] = value[plain]
        else:
            read[key] = part
    return read


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "[" + ", ".join(_cell(part) for part in value) + "]"
    return "" if value is None else str(value)
