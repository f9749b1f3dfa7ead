"""How each kind of figure is made, in plain words, from ``counted.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class MethodTold:
    """One kind of figure: from what, how, with which limits, and where everything stands."""

    key: str
    title: str
    data: str
    how: str
    limits: str
    source: str = ""
    reference: str = ""
    verb: str = ""
    url: str = ""
    url_label: str = ""


@cache
def methods_told() -> tuple[MethodTold, ...]:
    """Every kind, in the order of the page, with the addresses of the lists of data."""
    text = files(__package__).joinpath("counted.toml").read_text(encoding="utf-8")
    return tuple(
        MethodTold(**one | ({"url": reverse(one["url"])} if "url" in one else {}))
        for one in tomllib.loads(text)["method"]
    )
