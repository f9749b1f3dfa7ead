"""The parts of an objective, and which of them it cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# what an objective has to say before it is one (R60a), each with the words of the refusal
NEEDED = {
    "title": "a short title",
    "who": "who is to change or gain",
    "what_change": "what is to change",
    "by_when": "by when",
    "how_known": "how anyone will know",
}
DETAILS = (
    "title",
    "who",
    "what_change",
    "by_when",
    "how_known",
    "stated",
    "who_says",
    "checked",
    "influence",
    "receiving_agency",
    "receiving_capacity",
    "receiving_agreement",
    "promotes_office_holder",
)


def missing_from(details: Mapping[str, Any]) -> dict[str, str]:
    """The parts that these details lack, each field with the words of the refusal; empty when complete."""
    return {name: words for name, words in NEEDED.items() if not str(details.get(name) or "").strip()}
