"""A file between “this is what would happen” and “do it”: kept in the instance's folder, for a day at most."""

from __future__ import annotations

import contextlib
import time
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from folkmoot.core.errors import FolkmootError

A_DAY = 24 * 3600


def _folder() -> Path:
    return Path(settings.DIR) / "waiting" / "places"


def keep(content: bytes) -> str:
    """Keep the bytes; returns the name under which they wait. Files of yesterday are cleared away."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > A_DAY:
                old.unlink()
    name = sha256(content).hexdigest()
    (folder / name).write_bytes(content)
    return name


def kept(name: str) -> bytes:
    """The bytes again; refuses where they wait no longer."""
    if len(name) != 64 or not name.isalnum():
        raise FolkmootError("This is no file that waits here.")
    try:
        return (_folder() / name).read_bytes()
    except OSError:
        raise FolkmootError("The file waits no longer. Choose it again.") from None


def let_go(name: str) -> None:
    """Clear the file away, once it is stored or refused."""
    with contextlib.suppress(OSError):
        (_folder() / name).unlink()
