"""The free words of a file through the screen: what reads like a report about somebody, or names one, stays out.

What does not belong here: the rules of the screen (``core.screening``), how often they miss.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable

from folkmoot.core.screening import screen

MANY = 4_000  # different texts from which two processes are worth their beginning
AT_A_TIME = 250
LONG_TITLE = 40  # shorter ones hold no report

Tell = Callable[[int, "int | None", str], None]


def stopped(texts: Iterable[str], *, tell: Tell) -> dict[str, tuple[str, str]]:
    """Those of the texts that the screen stops, each with the kind and the sentence of what it found."""
    distinct = sorted({text for text in texts if text.strip()})
    slices = [distinct[start : start + AT_A_TIME] for start in range(0, len(distinct), AT_A_TIME)]
    found: dict[str, tuple[str, str]] = {}
    cores = len(os.sched_getaffinity(0))
    if len(distinct) < MANY or cores < 2:
        parts = map(_of_slice, slices)
        return _joined(found, parts, len(distinct), tell)
    with multiprocessing.get_context("fork").Pool(min(cores, 4)) as pool:
        return _joined(found, pool.imap(_of_slice, slices), len(distinct), tell)


def _joined(
    found: dict[str, tuple[str, str]], parts: Iterable[dict[str, tuple[str, str]]], total: int, tell: Tell
) -> dict[str, tuple[str, str]]:
    for number, part in enumerate(parts):
        tell(number * AT_A_TIME, total, "Looking over the remarks")
        found |= part
    return found


def _of_slice(texts: list[str]) -> dict[str, tuple[str, str]]:
    seen = ((text, screen(text)) for text in texts)
    return {text: (one.kind, one.sentence) for text, one in seen if not one.clear}
