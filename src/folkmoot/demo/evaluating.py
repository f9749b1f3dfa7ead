"""The network's own evaluations, from plan to finding: registered, brought, worked out, found, and read by others.

Everything goes the way of anybody's evaluation: what a finding says is worked out here from the answers, and nothing of
it stands in the content. What does not belong here: the answers' truths, which only the tests know.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.evaluations.actions.board import ask_for_evaluation, offer_evaluation
from folkmoot.evaluations.actions.data import bring_table
from folkmoot.evaluations.actions.findings import MarkDraft, judge_finding, record_finding
from folkmoot.evaluations.actions.plans import RivalDraft, create_plan, record_departure, register_plan
from folkmoot.evaluations.actions.runs import run_now
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Dataset, Finding, Plan, Run
from folkmoot.evaluations.saying import figure_of
from folkmoot.evidence.actions import appraise, revise_study
from folkmoot.evidence.models import Study
from folkmoot.mechanisms.models import Factor

SAID = (
    "title", "design", "activity", "population", "comparison", "outcome", "horizon", "horizon_days", "smallest_change",
    "if_for", "if_against", "if_unclear", "sizes", "cost", "analysis",
)  # fmt: skip
TOLD = ("setting", "unit", "recruitment", "missing_people")
CURATOR = "hannah"


def evaluate(world: World) -> None:
    """Every evaluation of the content, each on its days, and what the findings leave open on the board."""
    listed = table("evaluating")
    for one in listed["plan"]:
        _evaluation(world, one)
    for one in listed["request"]:
        _asked_for(world, one)


def _evaluation(world: World, one: Mapping[str, Any]) -> None:
    by = world.people[one["owner"]]
    world.clock.go_to(one["planned"])
    plan = create_plan(
        world.assumption(one["assumption"]),
        owner=world.organisations[one["owner"]],
        visibility="public",
        rivals=[RivalDraft(rival["words"], rival["told_apart_by"]) for rival in one["rivals"]],
        by=by,
        **{name: one[name] for name in SAID},
    )
    look(plan, by=by)
    register_plan(plan, expected=plan.version, by=by)
    world.clock.go_to(one["brought"])
    for departure in one.get("departures", ()):
        record_departure(plan, what=departure["what"], why=departure["why"], by=by)
    dataset = bring_table(plan, name=one["file"], content=answers_of(one), by=by)
    world.clock.go_to(one["found"])
    finding = _found(world, one, plan, dataset)
    _read_by_others(world, one, finding)


def _found(world: World, one: Mapping[str, Any], plan: Plan, dataset: Dataset) -> Finding:
    by, columns = world.people[one["owner"]], one["columns"]
    run = run_now(plan, dataset=dataset, choices=_choices(one, columns["outcome"]), by=by)
    figure = figure_of(run)
    marks = [_mark(mark, figure) for mark in one["marks"]]
    if between := one.get("between"):
        step = run_now(
            plan,
            dataset=dataset,
            choices=_choices(one, columns["between"]),
            factor=_factor(between["factor"]),
            smallest_change=between["smallest_change"],
            by=by,
        )
        marks.append(_mark(between, "", run=step))
    return record_finding(
        run,
        manipulated=_factor(one["manipulated"]),
        delivered=True,
        how_known=one["how_known"],
        marks=marks,
        words=one["words"],
        evaluators=one["evaluators"],
        sample=one["sample"],
        visibility="public",
        by=by,
    )


def _factor(key: str) -> Factor:
    found: Factor = Factor.objects.get(key=key)
    return found


def _mark(said: Mapping[str, Any], figure: str, *, run: Run | None = None) -> MarkDraft:
    """One factor beside the outcome. The outcome's own figure goes with a mark of it at a step further on."""
    return MarkDraft(
        _factor(said["factor"]),
        run=run,
        sign=said.get("sign", ""),
        horizon=said.get("horizon", ""),
        horizon_days=said.get("horizon_days"),
        outcome=said.get("outcome", ""),
        figure=said.get("figure", "") or (figure if said.get("outcome") else ""),
        note=said.get("note", ""),
    )


def _choices(one: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    columns = one["columns"]
    if one["design"] == "panel":
        return {
            "outcome": outcome,
            "unit": columns["group"],
            "time": columns["time"],
            "start": columns["after"],
            "placebo": 0,
        }
    chosen = {"outcome": outcome, "treated": columns["drawn"], "clusters": columns["group"]}
    return chosen | ({"blocks": columns["round"]} if "round" in columns else {})


def answers_of(one: Mapping[str, Any]) -> bytes:
    """The counts of the content as the table that somebody brings: a row a person, or a person and time."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    columns = one["columns"]
    writer.writerow([columns[key] for key in _header(columns)])
    writer.writerows(_panel(one) if one["design"] == "panel" else _people(one))
    return written.getvalue().encode()


def _header(columns: Mapping[str, str]) -> list[str]:
    return [key for key in ("group", "round", "time", "drawn", "outcome", "between") if key in columns]


def _people(one: Mapping[str, Any]) -> Iterator[list[Any]]:
    """A row a person: of each line those with the outcome first, those with the step between last."""
    rounds = one.get("rounds", 1)
    groups = len(one["counts"]) // rounds
    for place, (drawn, asked, with_outcome, *more) in enumerate(one["counts"]):
        for person in range(asked):
            row: list[Any] = [f"{one['columns']['group'][0].upper()}{place % groups + 1:03d}"]
            row += [place // groups + 1] if "round" in one["columns"] else []
            row += [drawn, int(person < with_outcome)]
            yield row + [int(person >= asked - count) for count in more]


def _panel(one: Mapping[str, Any]) -> Iterator[list[Any]]:
    columns, person = one["columns"], 0
    for safe_before, safe_after, noticed_before, noticed_after, people in one["counts"]:
        for _ in range(people):
            person += 1
            yield [f"P{person:04d}", columns["before"], safe_before, noticed_before]
            yield [f"P{person:04d}", columns["after"], safe_after, noticed_after]


def _read_by_others(world: World, one: Mapping[str, Any], finding: Finding) -> None:
    """What is known of whom was asked, and the network's word on it, from people who did not make it."""
    study = Study.objects.get(finding=finding)
    revise_study(
        study, expected=study.version, by=world.people[one["owner"]], **{name: one[name] for name in TOLD}
    )
    for said in one["appraised"]:
        appraise(
            study,
            assumption=world.assumption(said["assumption"]),
            level=said["level"],
            same_country=True,
            differs=(),
            read_in_full=True,
            appraiser_is_evaluator=False,
            why=said["why"],
            owner=None,
            visibility="public",
            by=world.people[CURATOR],
        )
    if confirmed := one.get("confirmed"):
        world.clock.go_to(confirmed["on"])
        judge_finding(
            finding,
            state="confirmed",
            why=confirmed["why"],
            expected=finding.version,
            by=world.people[confirmed["by"]],
        )


def _asked_for(world: World, one: Mapping[str, Any]) -> None:
    world.clock.go_to(one["on"])
    request = ask_for_evaluation(
        world.assumption(one["assumption"]),
        owner=world.organisations[one["owner"]],
        visibility="public",
        wanted=one["wanted"],
        given=one["given"],
        by_when=one["by_when"],
        by=world.people[one["owner"]],
    )
    offer = one["offer"]
    world.clock.go_to(offer["on"])
    offer_evaluation(
        request,
        owner=world.team,
        words=offer["words"],
        independent=offer["independent"],
        by=world.people[offer["by"]],
    )
