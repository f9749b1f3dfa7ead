"""How often the screen misses a report in the middle of a letter: the documented figure is the measured one (RL1, RL2)."""

from __future__ import annotations

import importlib.util
import pathlib
import random
import sys

from folkmoot.heard.letting_in import looks_like

ROOT = pathlib.Path(__file__).resolve().parents[3]
SENTENCES, LETTERS = 16, 200


def _texts():
    path = ROOT / "bench" / "screening.py"
    spec = importlib.util.spec_from_file_location("bench_screening_letters", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_screening_letters"] = module
    spec.loader.exec_module(module)
    return module.draw()


def test_the_documented_miss_rate_in_letters_is_the_measured_one():
    chance, texts = random.Random(1), _texts()
    reports = [one.words for one in texts if one.kind == "report"]
    harmless = [one.words for one in texts if not one.kind]

    def letter(*middle):
        parts = chance.sample(harmless, SENTENCES)
        parts[SENTENCES // 2 : SENTENCES // 2] = middle
        return " ".join(f"{one.rstrip('.')}." for one in parts)

    missed = sum(looks_like(letter(one))[0] != "report" for one in reports)
    stopped = sum(bool(looks_like(letter())[0]) for _ in range(LETTERS))
    share = f"{missed / len(reports):.1%}"
    told = (ROOT / "docs" / "reference" / "screening.md").read_text(encoding="utf-8")
    assert (
        f"missed {missed} of {len(reports)} ({share}); harmless letters stopped: {stopped} of {LETTERS}."
        in told
    ), (missed, len(reports), share, stopped)
    assert missed / len(reports) <= 0.15 and stopped / LETTERS <= 0.10
