"""Small words that several pages share: how late something is, how many people said something."""

from __future__ import annotations

from datetime import date


def late_words(due: date, today: date) -> str:
    """“by 3 May 2026”, or how late it is."""
    days = (today - due).days
    if days <= 0:
        return f"by {due:%-d %B %Y}"
    return "1 day late" if days == 1 else f"{days} days late"
