"""A conversation written as Pol.is writes it, so that its tools read it again.

What does not belong here: who may take the votes out.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from folkmoot.core.opinion.votes import AGREE, DISAGREE, NOT_CAST, PASS
from folkmoot.heard.votes.boxes import NO_GROUP, Ballots
from folkmoot.sources.cells import neutral

SIGN = {AGREE: "1", DISAGREE: "-1", PASS: "0", NOT_CAST: ""}


@dataclass(frozen=True, slots=True)
class Worded:
    """A statement as the export needs it."""

    number: int
    text: str
    moderated: int | None


def participants_votes(ballots: Ballots) -> str:
    """participants-votes.csv: a row a person, a column a statement."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *ballots.numbers]
    )
    rows = zip(
        ballots.participants.tolist(), ballots.drawn_groups.tolist(), ballots.answers.tolist(), strict=True
    )
    for person, group, answers in rows:
        writer.writerow(
            [
                person,
                "",
                "" if group == NO_GROUP else group,
                "",
                sum(one != NOT_CAST for one in answers),
                answers.count(AGREE),
                answers.count(DISAGREE),
                *(SIGN[one] for one in answers),
            ]
        )
    return out.getvalue()


def votes_table(ballots: Ballots) -> str:
    """votes.csv: a row a vote. When somebody voted is not kept, so the rows carry their own order as time."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["timestamp", "datetime", "comment-id", "voter-id", "vote"])
    at = 0
    for person, answers in zip(ballots.participants.tolist(), ballots.answers.tolist(), strict=True):
        for number, answer in zip(ballots.numbers, answers, strict=True):
            if answer != NOT_CAST:
                at += 1
                writer.writerow([at, "", number, person, SIGN[answer]])
    return out.getvalue()


def comments(ballots: Ballots, statements: Sequence[Worded]) -> str:
    """comments.csv. Its counts are those of the votes. Who wrote a statement is not kept: author 0.

    A statement that a spreadsheet would take for a formula has an apostrophe before it; ``reading`` takes it off again.
    """
    counts = dict(zip(ballots.numbers, ballots.counts().tolist(), strict=True))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "timestamp",
            "datetime",
            "comment-id",
            "author-id",
            "agrees",
            "disagrees",
            "moderated",
            "comment-body",
        ]
    )
    for place, one in enumerate(statements, 1):
        agrees, disagrees, _ = counts.get(one.number, [0, 0, 0])
        marked = "" if one.moderated is None else one.moderated
        writer.writerow([place, "", one.number, 0, agrees, disagrees, marked, neutral(one.text)])
    return out.getvalue()


def summary(title: str, *, credit: str, ballots: Ballots) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    rows = [
        ("topic", neutral(title)),
        ("url", credit if credit.startswith(("http://", "https://")) else ""),
        ("views", ""),
        ("voters", ballots.people),
        ("voters-in-conv", ballots.people),
        ("commenters", ""),
        ("comments", len(ballots.numbers)),
        ("groups", len({one for one in ballots.drawn_groups.tolist() if one != NO_GROUP})),
        ("conversation-description", ""),
    ]
    writer.writerows(rows)
    return out.getvalue()


def packed_export(title: str, *, credit: str, ballots: Ballots, statements: Iterable[Worded]) -> bytes:
    """The four files in one zip."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("participants-votes.csv", participants_votes(ballots)),
            ("comments.csv", comments(ballots, list(statements))),
            ("votes.csv", votes_table(ballots)),
            ("summary.csv", summary(title, credit=credit, ballots=ballots)),
        ):
            # one moment for all, so that the same votes make the same file
            info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return held.getvalue()
