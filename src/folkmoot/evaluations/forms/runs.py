"""Choosing the columns of a run: a field for each option of ``folkmoot analyse`` that its design takes."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.evaluations.commands import SEED, SHAPES, TRIALS
from folkmoot.evaluations.models import Dataset, Plan
from folkmoot.mechanisms.models import Factor
from folkmoot.surveys.models import Indicator
from folkmoot.ui.forms import Fields

COLUMN = {
    "outcome": ("What was measured", "The column of the outcome"),
    "treated": ("Who had it", "1 and 0: drawn to get it, or with it in that row"),
    "unit": (
        "Who or what was followed",
        "The column that names the place or person measured again and again",
    ),
    "time": ("Period", "Numbers, or dates such as 2019-03-31 or 2019-Q1"),
    "first-treated": ("First period with it", "Empty or 0 where it never came"),
    "clusters": ("What was drawn as a whole", "Such as street, ward or team; errors follow it"),
    "blocks": ("Parts within which lots were drawn", ""),
    "received": ("Who really received it", "1 and 0; where not all who were drawn got it"),
    "exposure": ("Number asked, or people at risk", ""),
    "weights": ("Weights", "How many people a row stands for"),
    "strata": ("Strata", "The part of the population from which a row was drawn"),
}
WORDS = {
    "start": ("First period with the work", "As the period column writes it"),
    "breaks": ("Periods in which the measure itself changed", "With commas between"),
    "leave-out": ("Stretches to leave out", "Such as 2020-04:2021-06, with commas between"),
}
NUMBERS = {
    "season": ("Periods in a year", 1, 366),
    "overlap": ("Periods that each figure covers", 1, 60),
    "placebo": ("Placebo runs", 0, 20_000),
}
CHOICES = {
    "family": ("Kind of figure", [("", "A number on a line"), ("poisson", "A count"), ("binomial", "A share of those asked")]),
    "summary": ("Put together", [("", "Over all who had it"), ("cohort", "By when it began"), ("calendar", "By period"), ("event", "By time since the start")]),
    "comparison": ("Compared with", [("", "Whoever fits"), ("never", "Those who never had it"), ("not-yet", "Those who did not have it yet")]),
}  # fmt: skip
ESTIMATORS = {
    "": "Regression on place and period",
    "roth-santanna": "Roth and Sant’Anna: efficient where chance decided the order",
    "callaway-santanna": "Callaway and Sant’Anna: each start against those without",
    "synthetic-control": "A mixture of the others (synthetic control)",
}
INFERENCES = {
    "cr2": "Robust, by what was drawn (CR2)",
    "wild": "Wild bootstrap",
    "randomisation": "Drawing the lots again",
    "design": "By the design",
    "sampling": "As a sample of places",
}
OF_OUTCOME = "the plan’s own outcome"


class RunForm(Fields, forms.Form):
    """The fields of one design for one table. ``choices`` are what the command takes."""

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        table: Dataset,
        design: str,
        factors: tuple[Factor, ...] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.plan, self.shape, self.design = plan, SHAPES[design], design
        names = [one["name"] for one in table.columns]
        for option in (*self.shape.needs, *self.shape.one_of, *self.shape.may):
            self._add(option, names, required=option in self.shape.needs)
        if self.shape.estimators:
            self._choose(
                "estimator", "How it is estimated", [(one, ESTIMATORS[one]) for one in self.shape.estimators]
            )
        if self.shape.inferences:
            offered = [
                ("", "As usual for this design"),
                *((one, INFERENCES[one]) for one in self.shape.inferences),
            ]
            self._choose("inference", "How the error is worked out", offered)
        self._about_the_plan(factors)

    def _about_the_plan(self, factors: tuple[Factor, ...]) -> None:
        self._factors = {str(one.pk): one for one in factors}
        self._choose("factor", "What the outcome column measures", [("", f"{OF_OUTCOME}: {self.plan.outcome}"), *((key, str(one)) for key, one in self._factors.items())])  # fmt: skip
        self.fields["smallest_change"] = forms.FloatField(
            required=False,
            min_value=1e-12,
            label="Smallest change that matters",
            help_text="Only for another factor; for the plan’s own outcome it is the registered one",
        )
        better = self.plan.indicator.better if self.plan.indicator else ""
        self.fields["rises"] = forms.ChoiceField(
            label="What is expected of it",
            choices=[("more", "More of it"), ("less", "Less of it")],
            widget=forms.RadioSelect,
            initial="less" if better == Indicator.Better.DOWN else "more",
        )
        self.fields["seed"] = forms.IntegerField(
            required=False,
            min_value=0,
            max_value=2**31 - 1,
            initial=SEED,
            label="Seed of all draws",
            help_text="The same seed gives the same figures again",
        )

    def _add(self, option: str, names: list[str], *, required: bool) -> None:
        name = option.replace("-", "_")
        if option == "covariates":
            self.fields[name] = forms.MultipleChoiceField(
                required=False,
                label="What is allowed for",
                help_text="Columns measured before the work began",
                widget=forms.CheckboxSelectMultiple,
                choices=[(one, one) for one in names if "," not in one],
            )
        elif option in COLUMN:
            label, hint = COLUMN[option]
            self._choose(name, label, [("", "Choose" if required else "None"), *((one, one) for one in names)], hint, required=required)  # fmt: skip
        elif option in WORDS:
            label, hint = WORDS[option]
            self.fields[name] = forms.CharField(required=False, max_length=300, label=label, help_text=hint)
        elif option in NUMBERS:
            label, low, high = NUMBERS[option]
            hint = (
                "With nothing done, how often would this raise an alarm? Empty: where it is quick"
                if option == "placebo"
                else ""
            )
            self.fields[name] = forms.IntegerField(required=False, min_value=low, max_value=high, label=label, help_text=hint)  # fmt: skip
        else:
            label, offered = CHOICES[option]
            self._choose(name, label, offered)

    def _choose(self, name: str, label: str, offered: Any, hint: str = "", *, required: bool = False) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=offered,
            help_text=hint,
            required=required,
            error_messages={"required": f"Choose the column: {label.lower()}."},
        )

    @property
    def is_trial(self) -> bool:
        return self.design in TRIALS

    @property
    def main(self) -> list[Any]:
        """The fields that a run of this design needs, to stand first."""
        wanted = [*self.shape.needs, *self.shape.one_of]
        wanted += ["clusters"] if "clusters" in self.shape.may else []
        wanted += ["start"] if "start" in self.shape.may else []
        return [self[one.replace("-", "_")] for one in wanted]

    @property
    def more(self) -> list[Any]:
        """The rest of what the command takes."""
        first = {one.name for one in self.main}
        return [
            one
            for one in self
            if one.name not in first and one.name not in {"factor", "smallest_change", "rises"}
        ]

    @property
    def choices(self) -> dict[str, Any]:
        given = self.cleaned_data
        found: dict[str, Any] = {}
        for option in (*self.shape.needs, *self.shape.one_of, *self.shape.may, "estimator", "inference"):
            value = given.get(option.replace("-", "_"))
            if value in (None, "", []):
                continue
            if option in {"breaks", "leave-out"}:
                value = [one.strip() for one in value.split(",") if one.strip()]
            found[option] = value
        return found

    @property
    def asked(self) -> dict[str, Any]:
        """What goes with the choices."""
        given = self.cleaned_data
        factor = self._factors.get(given.get("factor") or "")
        return {
            "factor": factor,
            "smallest_change": given.get("smallest_change"),
            "rises": given["rises"] == "more",
            "seed": SEED if given.get("seed") is None else given["seed"],
        }
