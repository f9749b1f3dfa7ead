"""Opinion as careful sentences and as chart data: no view is put into a whole group's mouth."""

from __future__ import annotations

from typing import Any

from folkmoot.core.opinion.groups import Groups
from folkmoot.core.opinion.shared import SharedView
from folkmoot.core.opinion.statements import Statement

ALWAYS = (
    "The votes are those of the people who took part and of the statements they were shown; they are no sample"
    " of everybody.",
)


def no_groups_sentence(groups: Groups) -> str:
    """Why no groups are shown."""
    if groups.stability is None:
        return (
            "no stable groups: several groups do not foretell hidden votes clearly better than taking"
            " everybody together."
        )
    return (
        f"no stable groups: when people and statements are drawn anew, the {len(groups.sizes)} groups agree with"
        f" each other only to {groups.stability:.2f} (adjusted Rand index; {groups.threshold:g} is asked for)."
    )


def shared_view_sentence(view: SharedView) -> str:
    """Does the characteristic carry a view? Says so, rules it out, or says that these votes cannot say."""
    people = " and ".join(f"{level.people} “{level.level}”" for level in view.levels)
    about = f"“{view.characteristic}” ({people})"
    if view.interval is None:
        return f"{about}: these votes cannot say how much of the disagreement goes with it (p = {view.p_value:.2g})."
    low, high = view.interval
    ends = f"between {_percent(low)} and {_percent(high)} of the disagreement (p = {view.p_value:.2g})"
    if view.cannot_say:
        return (
            f"{about}: these votes cannot say whether it goes with a view; it may explain {ends}. That is no"
            " sign that they agree."
        )
    if low <= 0:
        return f"{about}: people who share it share hardly more than others; it explains {ends}."
    return (
        f"{about}: it goes with part of the disagreement, {ends}; the rest is disagreement among people who"
        " share it."
    )


def statement_sentence(statement: Statement) -> str:
    answers = statement.overall
    agreement = answers.agreement
    return (
        f"“{statement.name}”: {answers.agree} of {answers.voters} who voted agree"
        f" ({_percent(agreement.estimate)}, {_percent(agreement.low)} to {_percent(agreement.high)}),"
        f" {answers.disagree} disagree, {answers.passed} pass."
    )


def caveats(
    groups: Groups | None, views: tuple[SharedView, ...], *, replaced: int = 0, shown: bool = False
) -> list[str]:
    """What a reader must know beside the figures."""
    said = list(ALWAYS)
    if shown and groups is not None:
        said.append(
            "The groups were made from these same votes, so part of the difference between them on a statement"
            " is there by construction; another method may draw other groups."
        )
    if views:
        said.append(
            "A characteristic in common is not a view in common: each share says how much of the disagreement"
            " goes with the characteristic, and says nothing of causes."
        )
        unclear = [f"“{view.characteristic}”" for view in views if view.cannot_say]
        if unclear:
            said.append(
                f"For {', '.join(unclear)} these votes cannot say: the interval holds both nothing and a share"
                f" that would matter ({_percent(views[0].matters)} or more)."
            )
        fewest = min(sum(level.people for level in view.levels) for view in views)
        if fewest < 50:
            said.append(f"With as few as {fewest} people only a large share could have shown itself.")
    if len(views) > 1:
        said.append(
            f"{len(views)} characteristics were tried: with no difference at all, one in twenty would still have"
            " p under 0.05."
        )
    if replaced:
        said.append(f"{replaced:,} earlier votes were replaced by a later vote of the same person.")
    return said


def statement_chart(statement: Statement) -> list[dict[str, Any]]:
    """One bar for everybody and one a group: agree, disagree and pass as shares of the votes cast."""
    return [
        {
            "statement": statement.name,
            "group": None if part.group is None else group_name(part.group),
            "voters": part.voters,
            "agree": part.agreement.estimate,
            "low": part.agreement.low,
            "high": part.agreement.high,
            "disagree": part.disagreement.estimate,
            "pass": part.passed / part.voters,
        }
        for part in (statement.overall, *statement.by_group)
    ]


def view_chart(views: tuple[SharedView, ...]) -> list[dict[str, Any]]:
    """One interval a characteristic, for a dot plot with a line at nothing and at what would matter."""
    return [
        {
            "characteristic": view.characteristic,
            "share": view.share,
            "low": view.interval[0],
            "high": view.interval[1],
            "matters": view.matters,
        }
        for view in views
        if view.interval is not None
    ]


def group_name(position: int) -> str:
    """A, B, C …: a letter claims nothing of who is in the group."""
    return chr(ord("A") + position)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
