"""An edition as a tagged PDF (PDF/UA-1), set by Typst from our own template.

The text reaches the template as data, never as markup, so nothing anybody wrote can be read as code.
"""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.resources import files
from typing import Any

import typst

from folkmoot.briefings.rendering.blocks import Laid
from folkmoot.briefings.rendering.plain import plain
from folkmoot.core.errors import FolkmootError
from folkmoot.ui.pictures import marks

NOT_IN_FONT = re.compile(r"the text `(\"(?:[^\"\\]|\\.)*\")` could not be displayed")
ROUNDS = 60


def render(laid: Laid, *, site: str = "") -> bytes:
    """The finished file. A character that no font here has is named instead of shown."""
    template = files(__package__).joinpath("edition.typ").read_bytes()
    data = plain(laid)
    shapes = {f"{word} {lean}".strip(): marks.mark(word, lean or None) for word, lean in _standings(data)}
    text = json.dumps({"laid": data, "site": site, "shapes": shapes}, ensure_ascii=False)
    for _ in range(ROUNDS):
        try:
            made = typst.compile(
                template,
                sys_inputs={"data": text},
                format="pdf",
                pdf_standards=["ua-1"],
                ignore_system_fonts=True,
            )
        except RuntimeError as error:
            missing = NOT_IN_FONT.search(str(error))
            if missing is None:
                raise FolkmootError(
                    "This edition could not be set as a PDF; take the Word or web file instead."
                ) from error
            text = _named(text, missing.group(1))
            continue
        return bytes(made)
    raise FolkmootError(
        "This edition holds too many characters that no font here can print; take the Word or web file."
    )


def _standings(value: Any) -> set[tuple[str, str]]:
    if isinstance(value, dict):
        own = {(value["word"], value["leaning"])} if value.get("kind") == "standing" else set()
        return own.union(*(_standings(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(_standings(one) for one in value))
    return set()


def _named(text: str, shown: str) -> str:
    """Every character of the complaint that is not ASCII, named: “[grinning face]”."""
    written = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found.group(1), 16)), shown[1:-1])
    for character in set(written):
        if ord(character) > 126:
            name = unicodedata.name(character, f"character {ord(character):X}").lower()
            text = text.replace(character, f"[{name}]")
    return text
