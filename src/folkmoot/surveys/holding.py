"""A file between its two steps: held for an hour, for one person, and only where nothing in it names anybody."""

from __future__ import annotations

import json
import pathlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing

SECONDS = 3_600
SALT = "folkmoot.surveys.holding"


@dataclass(frozen=True, slots=True)
class Held:
    name: str
    content: bytes


def hold(name: str, content: bytes, *, user: Any) -> str:
    """Keep the file for an hour; the word by which this person gets it back."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    _tidy(folder)
    key = secrets.token_hex(16)
    (folder / f"{key}.json").write_text(json.dumps({"name": name}))
    (folder / key).write_bytes(content)
    return signing.dumps([key, user.pk], salt=SALT)


def held(word: str, *, user: Any) -> Held | None:
    """The file that this person handed in, or None: another's, older than an hour, or no such word."""
    key = _key(word, user)
    if key is None:
        return None
    file = _folder() / key
    try:
        return Held(json.loads((_folder() / f"{key}.json").read_text())["name"], file.read_bytes())
    except (OSError, ValueError):
        return None


def let_go(word: str, *, user: Any) -> None:
    """Forget the file."""
    key = _key(word, user)
    if key is not None:
        for name in (key, f"{key}.json"):
            (_folder() / name).unlink(missing_ok=True)


def _key(word: str, user: Any) -> str | None:
    try:
        key, whose = signing.loads(word, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(key) if whose == user.pk else None


def _folder() -> pathlib.Path:
    return pathlib.Path(settings.CACHE_DIR) / "surveys-held"


def _tidy(folder: pathlib.Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - SECONDS:
            path.unlink(missing_ok=True)
