"""Answers of the data.police.uk neighbourhood API: events as rows, priorities as a list of what was said.

Dates may be null and keys hyphenated; issues come as HTML. What does not belong here: where concerns will
live one day; until then a priority is kept with the import that brought it.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from folkmoot.activities.importing.sheets import Sheet, require_size
from folkmoot.core.errors import BadImport

EVENT = ("title", "type", "address", "start_date", "end_date")
PRIORITY = ("issue", "issue_date", "action", "action_date")
MOST = 50_000
LONGEST = 2_000


def is_json(name: str, content: bytes) -> bool:
    """Is this file JSON, by its name or its first character?"""
    return name.lower().endswith(".json") or content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def read_json(name: str, content: bytes) -> Sheet:
    """Events as the rows of a table, priorities beside it (``said``). Raises BadImport with one sentence."""
    require_size(name, len(content))
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadImport(
            f"{name} is not JSON, or it breaks off.", remedy="Download it again from data.police.uk."
        ) from None
    items = _items(given)
    if len(items) > MOST:
        raise BadImport(f"{name} has {len(items):,} entries; at most {MOST:,} are read.")
    events: list[tuple[int, tuple[str, ...]]] = []
    said: list[dict[str, str]] = []
    for number, item in enumerate(items, 1):
        plainly = {_key(key): value for key, value in item.items()} if isinstance(item, dict) else {}
        if "issue" in plainly:
            said.append({key: _words(plainly.get(key)) for key in PRIORITY})
        elif "start_date" in plainly or "title" in plainly:
            events.append((number, tuple(_words(plainly.get(key)) for key in EVENT)))
        else:
            raise BadImport(
                f"{name} holds something else than events and priorities of a neighbourhood (entry {number}).",
                remedy="Take the answers of …/events and …/priorities.",
            )
    if not items:
        raise BadImport(f"{name} lists no event and no priority.")
    notes = ["Days without a time zone were taken as they stand."] if events else []
    return Sheet(EVENT, tuple(events), tuple(notes), tuple(said))


def _items(given: Any) -> list[Any]:
    """The entries, whether the file is one answer or an object with several."""
    if isinstance(given, list):
        return given
    if isinstance(given, dict) and any(isinstance(given.get(key), list) for key in ("events", "priorities")):
        return [item for key in ("events", "priorities") for item in given.get(key) or []]
    raise BadImport(
        "The file holds no list of events or priorities.",
        remedy="Take the answers of …/events and …/priorities.",
    )


def _key(key: object) -> str:
    """Keys with hyphens, blanks or capitals are the same keys."""
    return re.sub(r"[\s\-]+", "_", str(key).strip().casefold())


def _words(value: Any) -> str:
    """Text without its markup; nothing for null."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    text = re.sub(r"<(?:br|/p|/li)\b[^>]*>", "\n", str(value)[: LONGEST * 4], flags=re.IGNORECASE)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())[:LONGEST]
