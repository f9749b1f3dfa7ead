"""The rules as the reference page prints them, made from the data that decides, so they cannot differ."""

from __future__ import annotations

from folkmoot.core.standing.marks import Mark, reading
from folkmoot.core.standing.rules import RULES, Rules


def reading_table() -> str:
    """Every pair of marks and its reading, as a Markdown table."""
    head = "| cause ↓ effect → | " + " | ".join(f"{mark.sign}" for mark in Mark) + " |"
    rule = "|---|" + "---|" * len(Mark)
    rows = [
        f"| {cause.sign} {cause.value.replace('_', ' ')} | "
        + " | ".join(reading(cause, effect).value.replace("_", " ") for effect in Mark)
        + " |"
        for cause in Mark
    ]
    return "\n".join([head, rule, *rows])


def rules_table(rules: Rules = RULES) -> str:
    """The rows in the order they are tried, as a Markdown table."""
    rows = [f"| `{row.key}` | {row.text} | {row.word.value} |" for row in rules.rows]
    return "\n".join(["| row | the first that holds | standing |", "|---|---|---|", *rows])


def thresholds_table(rules: Rules = RULES) -> str:
    """The numbers the rules use, as a Markdown table."""
    numbers = {
        "level from which a test counts": rules.counted_level,
        "most that an association is worth": rules.association_at_most,
        "most where only something before the cause was randomised": rules.randomised_before_cause_at_most,
        "most for a review whose inclusion rule was not read": rules.unstated_review_at_most,
        "comparable estimates before a pooled interval replaces the counts": rules.pooled_from,
    }
    rows = [f"| {name} | {number} |" for name, number in numbers.items()]
    return "\n".join([f"| rules {rules.version} | |", "|---|---|", *rows])
