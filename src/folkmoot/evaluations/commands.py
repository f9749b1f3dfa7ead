"""From a plan's design and the columns that somebody chose to the very words of ``folkmoot analyse``.

What does not belong here: running them (``running``), the numbers (``folkmoot.analyse``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.evaluations.models import Plan

Design = Plan.Design
SEED = 20161103
TRIALS = frozenset({Design.TRIAL, Design.CLUSTER, Design.HOLDOUT})
RANDOMISED = TRIALS | {Design.STEPPED}
LEVELS: dict[str, tuple[int, int]] = {
    # the Maryland scale; of a range the lower end is what counts until somebody appraises it
    **dict.fromkeys(RANDOMISED, (5, 5)),
    Design.DIFFERENCES: (3, 3),
    Design.SERIES: (2, 3),
    Design.BEFORE_AFTER: (2, 2),
    Design.PANEL: (2, 2),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a design asks of a table: columns it needs, columns it may use, and how it can be worked out."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    estimators: tuple[str, ...] = ()
    inferences: tuple[str, ...] = ()
    supposing: str = "compared"


TRIAL_INFERENCE = ("cr2", "wild", "randomisation", "design")
TRIAL_MAY = ("blocks", "covariates", "received", "weights", "strata")
SHAPES: dict[str, Shape] = {
    Design.TRIAL: Shape(
        ("outcome", "treated"), ("clusters", *TRIAL_MAY), inferences=TRIAL_INFERENCE, supposing="randomised"
    ),
    Design.CLUSTER: Shape(
        ("outcome", "treated", "clusters"), TRIAL_MAY, inferences=TRIAL_INFERENCE, supposing="randomised"
    ),
    Design.HOLDOUT: Shape(
        ("outcome", "treated"), ("clusters", *TRIAL_MAY), inferences=TRIAL_INFERENCE, supposing="randomised"
    ),
    Design.STEPPED: Shape(
        ("outcome", "unit", "time", "first-treated"),
        ("clusters", "summary", "comparison", "placebo"),
        estimators=("roth-santanna", "callaway-santanna"),
        inferences=("design", "sampling", "randomisation"),
        supposing="randomised",
    ),
    Design.DIFFERENCES: Shape(
        ("outcome", "unit", "time"),
        ("clusters", "covariates", "start", "placebo"),
        one_of=("treated", "first-treated"),
        estimators=("", "callaway-santanna", "synthetic-control"),
        inferences=TRIAL_INFERENCE,
    ),
    Design.SERIES: Shape(
        ("outcome", "time"),
        ("exposure", "family", "season", "breaks", "leave-out", "overlap", "placebo"),
        one_of=("start", "treated"),
        supposing="alone",
    ),
    Design.BEFORE_AFTER: Shape(
        ("outcome", "time"),
        ("unit", "clusters", "weights", "strata", "placebo"),
        one_of=("start", "treated"),
        supposing="seen",
    ),
    Design.PANEL: Shape(
        ("outcome", "unit", "time"), ("clusters", "placebo"), one_of=("start", "treated"), supposing="seen"
    ),
}
MANY = frozenset({"covariates", "breaks", "leave-out", "predictors"})
NUMBERS = frozenset({"season", "overlap", "placebo"})
CALLED = {
    "outcome": "outcome",
    "treated": "who had it",
    "unit": "who or what was followed",
    "time": "period",
    "first-treated": "first period with it",
    "start": "start",
    "clusters": "what was drawn as a whole",
    "weights": "weights",
    "strata": "strata",
    "blocks": "parts within which lots were drawn",
    "covariates": "what is allowed for",
    "received": "who really received it",
    "estimator": "estimator",
    "inference": "way of working out the error",
    "summary": "summary",
    "comparison": "comparison",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One verb with its options, each under the name that it has on the command line."""

    verb: str
    options: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"verb": self.verb, "options": self.options}

    def words(self, file: str) -> list[str]:
        """The words of the command after ``folkmoot analyse``. The file comes first: an option may take many."""
        said = [self.verb, file]
        for name, value in self.options.items():
            if name in {"breaks", "leave-out"}:
                said += [f"--{name}", *value]
            elif name == "covariates":
                said.append(f"--{name}={','.join(value)}")
            elif isinstance(value, list):
                said += [f"--{name}={one}" for one in value]
            else:
                said.append(f"--{name}={value}")
        return said


def command_from(stored: Mapping[str, Any]) -> Command:
    """A stored command as it was."""
    return Command(str(stored["verb"]), dict(stored["options"]))


def laid_out(design: str, *, choices: Mapping[str, Any], smallest_change: float, seed: int = SEED) -> Command:
    """The command for a design and what was chosen for it; refuses what the design lacks or cannot take.

    Weights or strata make it a survey's estimate: the regression of the outcome on who had it, with errors as the
    sample was drawn. Everything else is the verb ``effect``.
    """
    shape = SHAPES[design]
    given = {name: value for name, value in choices.items() if value not in (None, "", [], ())}
    known = {*shape.needs, *shape.may, *shape.one_of, "estimator", "inference"}
    for name in given:
        if name not in known:
            raise FolkmootError(
                f"{Design(design).label}: there is no {CALLED.get(name, name)} in this design."
            )
    for name in shape.needs:
        if name not in given:
            raise FolkmootError(f"Choose the column: {CALLED[name]}.")
    if shape.one_of and not any(name in given for name in shape.one_of):
        raise FolkmootError(f"Say {' or '.join(CALLED[name] for name in shape.one_of)}.")
    _known("estimator", given, shape.estimators)
    _known("inference", given, shape.inferences)
    if "weights" in given or "strata" in given:
        return _as_survey(design, given)
    options: dict[str, Any] = {"design": _design_of(design, given)}
    for name in (*shape.needs, *shape.one_of, *shape.may):
        if name in given:
            options[name] = _plain(name, given[name])
    if design == Design.STEPPED:
        options["estimator"] = given.get("estimator", "roth-santanna")
    elif given.get("estimator"):
        options["estimator"] = given["estimator"]
    if given.get("inference"):
        options["inference"] = given["inference"]
    options |= {"smallest": smallest_change, "seed": seed}
    return Command("effect", options)


def _known(what: str, given: Mapping[str, Any], there_are: Sequence[str]) -> None:
    if given.get(what) and given[what] not in there_are:
        raise FolkmootError(f"This design has no {CALLED[what]} “{given[what]}”.")


def _design_of(design: str, given: Mapping[str, Any]) -> str:
    if design in TRIALS:
        return "trial"
    if design == Design.STEPPED or given.get("estimator") == "callaway-santanna":
        return "staggered"
    return "before-after" if design == Design.PANEL else str(design)


def _as_survey(design: str, given: Mapping[str, Any]) -> Command:
    had = given.get("treated")
    if had is None:
        raise FolkmootError("With weights or strata, choose the column that says who had it: 0 and 1.")
    for name in ("blocks", "received", "inference", "unit", "placebo", "start"):
        if name in given:
            raise FolkmootError(
                f"With weights or strata the errors follow how the sample was drawn: leave out “{CALLED.get(name, name)}”."
            )
    options: dict[str, Any] = {
        "kind": "regression",
        "outcome": given["outcome"],
        "predictors": [had, *given.get("covariates", [])],
    }
    for name in ("weights", "strata", "clusters"):
        if name in given:
            options[name] = given[name]
    return Command("estimate", options)


def _plain(name: str, value: Any) -> Any:
    if name in MANY:
        return [str(one) for one in ([value] if isinstance(value, str) else value)]
    return int(value) if name in NUMBERS else str(value)


def level_of(planned: str, *, worked_out: str) -> tuple[int, int]:
    """The Maryland level of a run: that of its plan's design or of how it was worked out, whichever is lower."""
    return min(LEVELS[planned], LEVELS[worked_out])


def is_randomised(planned: str, *, worked_out: str) -> bool:
    """Whether chance decided, by the plan and by how it was worked out."""
    return planned in RANDOMISED and worked_out in RANDOMISED
