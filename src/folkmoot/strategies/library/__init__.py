"""Reference data of this room, as TOML, and its loading. Idempotent: loading again changes nothing."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from folkmoot.audit.actions import Actor, action, record
from folkmoot.strategies.models import Aim


@action
def load_aims(*, by: Actor) -> int:
    """Bring the 15 aims up to what ``aims.toml`` says; returns how many there are."""
    listed = tomllib.loads(files(__package__).joinpath("aims.toml").read_text(encoding="utf-8"))["aim"]
    aim = None
    for position, entry in enumerate(listed):
        aim, _ = Aim.objects.update_or_create(
            code=entry["code"],
            defaults={
                "name": entry["name"],
                "benefit": entry["benefit"],
                "explanation": entry["explanation"],
                "watch_for": entry["watch_for"],
                "position": position,
            },
        )
    if aim is not None:
        record("loaded the aims", by=by, on=aim, aims=len(listed))
    return len(listed)
