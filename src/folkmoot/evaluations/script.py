"""A run as a short script: it needs the downloaded table and ``pip install folkmoot``, and nothing of this instance.

What does not belong here: the run itself (``running``).
"""

from __future__ import annotations

import json
from string import Template

from folkmoot.evaluations.commands import command_from
from folkmoot.evaluations.figures import estimate_of
from folkmoot.evaluations.models import Run

FILE = "THE TABLE"
SCRIPT = Template('''"""Run $number of the plan $title, worked out once more.

Needs: pip install folkmoot==$version
Beside this script: $table (the table of the run, as the page of the run gives it).
Ends with 0 where the figures are the same, with 1 where they differ, with 2 where the table is another one.
"""

import hashlib
import json
import pathlib
import sys

from folkmoot.analyse.command import result_of

TABLE = pathlib.Path(__file__).with_name("$table")
SHA256 = "$sha256"
# the words of the command: folkmoot analyse $verb …
COMMAND = $command
# what the page of the run says
PAGE = $page


def main() -> int:
    """Work it out, print it, and compare it with the page."""
    if hashlib.sha256(TABLE.read_bytes()).hexdigest() != SHA256:
        print(f"{TABLE.name} is not the table of this run: its content differs.")
        return 2
    words = [str(TABLE) if one == "$file" else one for one in COMMAND]
    result = result_of(words)
    found = result if "estimate" in result else next(
        one for one in result["estimates"] if one.get("term") not in (None, "intercept")
    )
    low, high = found.get("interval", (None, None))
    figures = {"estimate": found["estimate"], "standard_error": found.get("standard_error"), "low": low, "high": high}
    same = True
    for name, here in figures.items():
        there = PAGE[name]
        near = here == there or (None not in (here, there) and abs(here - there) <= 1e-6 * max(1e-9, abs(there)))
        same = same and near
        print(f"{name:<15} here {here}   page {there}   {'the same' if near else 'DIFFERENT'}")
    for sentence in result["caveats"]:
        print(f"note: {sentence}")
    print(json.dumps({"same": same, **figures}))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
''')


def script_of(run: Run) -> str:
    """The script of a run that is done, as text."""
    from folkmoot.evaluations.queries.runs import download_name

    found = estimate_of(run.result)
    bounded = found.low > float("-inf") and found.high < float("inf")
    page = {
        "estimate": found.estimate,
        "standard_error": found.standard_error,
        "low": found.low if bounded else None,
        "high": found.high if bounded else None,
    }
    return SCRIPT.substitute(
        number=run.pk,
        title=f"“{_harmless(run.plan.title)}”",
        version=run.code_version,
        table=download_name(run.dataset),
        sha256=run.data_sha256,
        verb=run.command["verb"],
        command=_listed(command_from(run.command).words(FILE)),
        page=repr(page),
        file=FILE,
    )


def _listed(words: list[str]) -> str:
    inside = "".join(f"    {json.dumps(one, ensure_ascii=True)},\n" for one in words)
    return f"[\n{inside}]"


def _harmless(text: str) -> str:
    """Words of somebody's inside the script's own description: nothing in them ends it."""
    return " ".join(text.split()).replace('"', "'").replace("\\", "/")
