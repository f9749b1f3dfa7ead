"""A conversation's newest result, its rows in the order in which they are worth reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from folkmoot.heard.models import Conversation

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result with the statements' words: common ground first, then what divides, then the rest."""

    made_at: Any
    content: dict[str, Any]
    no_groups: str
    common: list[Row]
    divides: list[Row]
    rest: list[Row]


def result_of(conversation: Conversation) -> Outcome | None:
    """The newest result, or None where there is none yet. Two queries."""
    newest = conversation.results.first()
    if newest is None:
        return None
    words = dict(conversation.statements.values_list("number", "text"))
    rows = [
        row | {"text": words.get(row["number"], f"Statement {row['number']}"), "bars": _bars(row)}
        for row in newest.content["statements"]
    ]
    return Outcome(
        made_at=newest.created_at,
        content=newest.content,
        no_groups=str(newest.content["no_groups"]).removeprefix("no stable groups: "),
        common=sorted((row for row in rows if row["common"]), key=_least, reverse=True),
        divides=[row for row in rows if row["divides"] and not row["common"]],
        rest=[row for row in rows if not row["common"] and not row["divides"]],
    )


def _least(row: Row) -> float:
    """The lower end of the share on the side that most are on."""
    side = row["agreement"] if row["common"] == "agree" else row["disagreement"]
    return float(side[0]) if side else 0.0


def _bars(row: Row) -> list[dict[str, Any]]:
    """The interval of agreement in whole percent, for everybody and for each group that has one."""
    parts = [{"group": "", **row}, *row["by_group"]]
    return [
        {
            "group": part["group"],
            "low": round(100 * part["agreement"][0]),
            "high": round(100 * part["agreement"][1]),
        }
        for part in parts
        if part["agreement"]
    ]
