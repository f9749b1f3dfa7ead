"""The frozen content as plain JSON: its fingerprint, and walks over what it points at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

FORMAT = 1


def canonical(value: Any) -> str:
    """One text for one content, whatever the order of its keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint_of(*, title: str, number: int, introduction: str, content: dict[str, Any]) -> str:
    """SHA-256 of everything that an edition froze."""
    frozen = {"title": title, "number": number, "introduction": introduction, "content": content}
    return hashlib.sha256(canonical(frozen).encode()).hexdigest()


def entries(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within the content, outermost first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from entries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from entries(inner)


def contrary_of(content: dict[str, Any]) -> frozenset[str]:
    """The keys of everything in the content that speaks against it."""
    return frozenset(entry["contrary"] for entry in entries(content) if entry.get("contrary"))


def shared_of(content: dict[str, Any]) -> frozenset[tuple[str, int]]:
    """What the content tells because its owners share it with the readers: its kind and number."""
    return frozenset(
        (kind, entry[kind])
        for entry in entries(content)
        if entry.get("shared")
        for kind in ("claim", "finding", "clue", "study")
        if entry.get(kind)
    )


def passages_of(content: dict[str, Any]) -> frozenset[int]:
    return frozenset(entry["passage"] for entry in entries(content) if entry.get("passage"))


def claims_of(content: dict[str, Any]) -> frozenset[int]:
    named = {entry["claim"] for entry in entries(content) if entry.get("claim")}
    listed = {key for entry in entries(content) for key in entry.get("claims", ())}
    return frozenset(named | listed)


def studies_of(content: dict[str, Any]) -> frozenset[int]:
    named = {entry["study"] for entry in entries(content) if entry.get("study")}
    pointed = {entry["id"] for entry in entries(content) if entry.get("to") == "study"}
    explaining = {entry["from"] for entry in entries(content) if entry.get("finding") and entry.get("from")}
    return frozenset(named | pointed | explaining)


def findings_of(content: dict[str, Any]) -> frozenset[int]:
    return frozenset(entry["finding"] for entry in entries(content) if entry.get("finding"))


def clues_of(content: dict[str, Any]) -> frozenset[int]:
    return frozenset(entry["clue"] for entry in entries(content) if entry.get("clue"))


def concerns_of(content: dict[str, Any]) -> frozenset[int]:
    return frozenset(entry["concern"] for entry in entries(content) if entry.get("concern"))


def sources_of(content: dict[str, Any]) -> frozenset[int]:
    return frozenset(key for entry in entries(content) for key in entry.get("sources", ()))


def assumptions_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The assumptions with their evidence, in the order in which they stand."""
    return [entry for entry in entries(content) if entry.get("kind") == "assumption"]
