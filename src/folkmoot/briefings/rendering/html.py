"""An edition as one HTML file: no script, nothing loaded from anywhere."""

from __future__ import annotations

from importlib.resources import files

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from folkmoot.briefings.rendering.blocks import Laid


def render(laid: Laid, *, site: str = "") -> bytes:
    style = files(__package__).joinpath("standalone.css").read_text(encoding="utf-8")
    context = {
        "laid": laid,
        "site": site,
        "unlinked": not site,
        "intact": True,
        "style": mark_safe(style),  # our own file, no word of anybody's in it
        "made": f"Made by Folkmoot from edition “{laid.title}”, {laid.label}.",
    }
    text = render_to_string("briefings/standalone.html", context)
    return text.encode()
