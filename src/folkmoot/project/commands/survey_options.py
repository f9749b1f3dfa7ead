"""Options of ``folkmoot import`` that only surveys and series ask for. Apart, since no database is up yet."""

from __future__ import annotations

import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """What only surveys and series ask for."""
    survey = parser.add_argument_group("answers of people (survey)")
    survey.add_argument("--survey", metavar="TITLE", help="the survey; without it the file's name")
    survey.add_argument("--wave", metavar="TITLE", help="what this time in the field is called")
    survey.add_argument(
        "--population", dest="population", metavar="WORDS", help="for whom it is meant to speak"
    )
    survey.add_argument("--began-on", metavar="DAY", help="when fieldwork began, as 2026-11-23")
    survey.add_argument("--ended-on", metavar="DAY", help="when it ended")
    survey.add_argument("--invited", metavar="N", type=int, help="how many people were invited")
    survey.add_argument("--weights", metavar="COLUMN", help="how many people each row stands for")
    survey.add_argument("--strata", metavar="COLUMN", help="the part of the population it was drawn from")
    survey.add_argument("--clusters", metavar="COLUMN", help="what was drawn first, such as streets")
    survey.add_argument("--panel", metavar="COLUMN", help="each person's number, the same in every wave")
    survey.add_argument(
        "--drop", metavar="COLUMNS", default="", help="columns dropped before anything is stored"
    )
    survey.add_argument(
        "--identifies-nobody",
        metavar="COLUMNS",
        default="",
        help="columns that only sound like names or addresses",
    )
    survey.add_argument(
        "--special-columns", metavar="COLUMNS", default="", help="further special categories in law"
    )
    survey.add_argument("--numbers", metavar="COLUMNS", default="", help="columns to be read as numbers")
    survey.add_argument(
        "--missing",
        metavar="CODES",
        action="append",
        default=[],
        help="codes that are no answer: “-9,99” everywhere, “trust: 98” in one column",
    )
    series = parser.add_argument_group("published figures (series)")
    series.add_argument("--measure", metavar="WORDS", help="what is measured, where no column says so")
    series.add_argument("--period-column", metavar="COLUMN")
    series.add_argument("--area-column", metavar="COLUMN")
    series.add_argument("--measure-column", metavar="COLUMN")
    series.add_argument("--value-column", metavar="COLUMN")
