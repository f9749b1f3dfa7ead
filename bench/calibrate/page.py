"""docs/reference/calibration.md, a section a part, written from what was found.

What does not belong here: any number.
"""

from __future__ import annotations

import pathlib

from bench.calibrate.rows import LEAST, MOST, MOST_ALARMS, POWER_OFF, Row

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "calibration.md"

HEAD = f"""# Calibration: do the intervals and tests keep their word?

This page is made by `make calibrate` (`python -m bench.calibrate`, or `python -m bench.calibrate PART…` for some parts). Nothing
on it is typed by hand. Every interval and test that `folkmoot analyse` gives is tried on data made with a known truth and fixed seeds.

**The rule.** What people are shown as a 95 % interval holds the truth in at least {LEAST:.0%} of the data sets, and in more than {MOST:.0%} only
where this page says that it is conservative, and why. A 5 % test alarms in at most {MOST_ALARMS:.0%} of the data sets in which nothing is there. A
power is within {100 * POWER_OFF:.0f} points of the simulated one. With 4 clusters the wild bootstrap says that it cannot alarm at 5 %, and never does.
No row is excused: the command ends with an error where one breaks the rule.

**What is not promised** is marked so. Some figures stand in the JSON because other programs print them and someone has to compare; sentences,
`--text`, charts and the pages of the site show another one in their place, which is a row of its own here, or none ([why](../decisions/0011-a-promise-is-kept-or-not-printed.md)).
A warning says how often a design that cannot tell an effect would cry out, or what becomes of a promise where what it supposes does not hold.

*Found* is in per cent; "a to b" is the lowest and the highest over the settings named. *Chance* is two standard errors of one
simulated share: a figure that far from the truth is nothing unusual. "Exact" shares are added up over all possible counts.
`map` and `protect` print no interval and no test.
"""


def section(part: str, title: str, rows: list[Row]) -> str:
    """A table of the rows, and their reasons beneath it by number."""
    reasons = list(dict.fromkeys(reason for row in rows for reason in row.reasons))
    lines = [
        f"<!-- part {part} -->",
        f"## {title}",
        "",
        "| figure | setting | data sets | promised | found | chance | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        notes = ", ".join(str(reasons.index(reason) + 1) for reason in row.reasons)
        promised = {"interval": "95", "test": "at most 5", "never": "none"}.get(
            row.kind, f"{100 * row.promised:.1f}"
        )
        runs = "all" if row.runs is None else f"{row.runs:,}"
        promised = promised if row.is_promise else "–"
        verdict = row.verdict + (f" ({notes})" if notes else "")
        lines.append(
            f"| {row.figure} | {row.setting} | {runs} | {promised} | {row.shown} | {row.chance} | {verdict} |"
        )
    if reasons:
        lines += ["", *(f"{number}. {reason}" for number, reason in enumerate(reasons, start=1))]
    return "\n".join([*lines, f"<!-- end {part} -->"])


def with_sections(text: str, sections: dict[str, str], order: list[str]) -> str:
    """The page with these sections put in or replaced, in the order of the parts."""
    kept: dict[str, str] = {}
    for part in order:
        start, end = f"<!-- part {part} -->", f"<!-- end {part} -->"
        if start in text and end in text:
            kept[part] = text[text.index(start) : text.index(end) + len(end)]
    kept |= sections
    return "\n\n".join([HEAD.rstrip(), *(kept[part] for part in order if part in kept)]) + "\n"


def write(sections: dict[str, str], order: list[str]) -> None:
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    PAGE.write_text(with_sections(text, sections, order), encoding="utf-8")
