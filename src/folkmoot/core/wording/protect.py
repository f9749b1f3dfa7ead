"""Counts that may not all be shown, as careful sentences and as chart data."""

from __future__ import annotations

from typing import Any

from folkmoot.core.disclosure.published import Kind, Published, Rule
from folkmoot.core.disclosure.tables import ProtectedTable


def count_sentence(shown: Published, *, things: str, rule: Rule) -> str:
    """One count with its ``things`` ("contributions"); a hidden one is never written as none."""
    if shown.kind is Kind.NUMBER:
        return f"{shown}{' or so' if rule.base > 1 else ''} {things}"
    if shown.kind is Kind.ZERO:
        return f"no {things}"
    if shown.kind is Kind.TOO_FEW:
        return f"too few {things} to say"
    return f"a number of {things} that is hidden because it is {rule.largest_hidden} or under"


def table_sentence(table: ProtectedTable) -> str:
    """What was hidden, how the rest was rounded, and what the totals are."""
    rounded = (
        f"the rest are rounded to the nearest {table.rule.base}"
        if table.rule.base > 1
        else "the rest are exact"
    )
    hidden = (
        f"{table.hidden:,} count{'' if table.hidden == 1 else 's'} of {table.rule.largest_hidden} or under"
    )
    return (
        f"{hidden} {'is' if table.hidden == 1 else 'are'} hidden; {rounded}; totals add up the numbers shown and"
        f" leave out what is hidden."
    )


def counts_chart(names: list[str], shown: list[Published]) -> list[dict[str, Any]]:
    """One mark per count; a hidden one keeps its place and has no height."""
    return [
        {"name": name, "shown": part.kind.value, **({} if part.value is None else {"value": part.value})}
        for name, part in zip(names, shown, strict=True)
    ]
