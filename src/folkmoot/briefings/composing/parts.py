"""The small shapes that content is made of. Each is plain JSON; ``rendering.laid`` knows every kind."""

from __future__ import annotations

from typing import Any

Part = dict[str, Any]


def ref(to: str, key: int, label: str) -> Part:
    """Where a statement comes from: something with a page of its own."""
    return {"to": to, "id": key, "label": label}


def say(text: str, *refs: Part, state: str = "", contrary: str = "") -> Part:
    """One statement with its origin; ``contrary`` is its key where it speaks against."""
    said: Part = {"kind": "say", "text": text, "refs": list(refs)}
    if state:
        said["state"] = state
    if contrary:
        said["contrary"] = contrary
    return said


def facts(title: str, rows: list[tuple[str, str]], *refs: Part, state: str) -> Part:
    """Named facts of one record, with where they come from and how sure their wording is."""
    return {
        "kind": "facts",
        "title": title,
        "rows": [{"key": key, "text": text} for key, text in rows if text],
        "refs": list(refs),
        "state": state,
    }


def bullets(title: str, items: list[Part], *, nothing: str = "") -> Part:
    return {"kind": "bullets", "title": title, "items": items, "nothing": nothing}


def quote(passage_id: int, lead: str) -> Part:
    """Words by reference: they are looked up whenever the edition is shown."""
    return {"kind": "quote", "passage": passage_id, "lead": lead}


def number(count: int, one: str, many: str = "") -> str:
    """“1 test”, “3 tests”."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """A capital at the start and a full stop at the end, whatever was typed."""
    words = text.strip()
    if not words:
        return ""
    words = words[:1].upper() + words[1:]
    return words if words[-1] in ".!?”)" else f"{words}."
