"""The forms of a plan: the whole of it, a departure, a verdict, and how far it is shared."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.evaluations.limits import RivalDraft
from folkmoot.evaluations.models import Plan
from folkmoot.evaluations.queries.choices import assumption_choices, outcome_choices, past_choices
from folkmoot.evaluations.sight.asking import SIZES
from folkmoot.mechanisms.models import Assumption, ReadyDesign
from folkmoot.surveys.forms.owning import OwnerFields, ReachField
from folkmoot.surveys.models import Indicator, Series
from folkmoot.ui.forms import Fields

RIVALS = 4  # rows for rival explanations, and as many more as there are
LONG = 4_000
IN_AREAS = ("treated", "compared", "steps", "periods_before", "periods_after")
IN_PEOPLE = (
    "per_arm", "interviews", "correlation", "clusters_per_arm", "cluster_size", "icc", "cac", "baseline", "spread",
    "autocorrelation",
)  # fmt: skip


def _words(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        widget=forms.Textarea, max_length=LONG, required=False, label=label, help_text=hint
    )


class PlanFields(Fields, forms.Form):
    """What is said of a plan, new or old. Only what no plan can be without is asked for at once."""

    title = forms.CharField(
        max_length=200, label="What is to be found out?", help_text="As one short question"
    )
    activity = _words("What is done, where and for whom?")
    population = forms.CharField(max_length=300, label="Whom is it about?")
    design = forms.ChoiceField(
        choices=Plan.Design.choices, widget=forms.RadioSelect, label="How is the difference to be seen?"
    )
    comparison = _words("With whom or what is it compared, and who decides who gets it?")
    outcome = forms.CharField(
        max_length=300,
        label="What is measured?",
        help_text="What changes in people; never what was handed out",
    )
    indicator = forms.ChoiceField(required=False, label="Which outcome of the indicators is it?")
    scale = forms.ChoiceField(
        choices=Plan.Scale.choices, widget=forms.RadioSelect, label="What kind of figure is it?"
    )
    smallest_change = forms.FloatField(
        min_value=0,
        label="What is the smallest change that matters?",
        help_text="For a share, in points of a hundred: 5 means from 50 to 55. For a mean, in its unit.",
    )
    analysis = _words(
        "How will it be worked out?",
        hint="Which column is the outcome, who is compared with whom, what is adjusted for, whose answers are left out",
    )
    horizon = forms.CharField(
        max_length=80, required=False, label="How soon should it move?", help_text="Such as within 3 months"
    )
    horizon_days = forms.IntegerField(min_value=1, max_value=36_500, required=False, label="The same in days")
    history = forms.ChoiceField(
        required=False,
        label="Own past figures",
        help_text="A published series of areas. The plan is tried on it: what goes up and down by itself is no news.",
    )
    if_for = _words("What would it mean if the outcome moved as expected?")
    if_against = _words("What would it mean if it moved the other way, or too little to matter?")
    if_unclear = _words("What would it mean if the result could be either?")
    cost = forms.CharField(max_length=200, required=False, label="What does the study cost?")
    ready_design = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, rows: int = RIVALS, **options: Any) -> None:
        super().__init__(*args, **{**options, **({"user": user} if isinstance(self, OwnerFields) else {})})
        self.user, self.rows = user, range(1, max(rows, RIVALS) + 1)
        for name, size in SIZES.items():
            limits = {"min_value": size.low, "max_value": size.high}
            if size.whole:
                limits = {name: int(value) for name, value in limits.items()}
            kind: Any = forms.IntegerField if size.whole else forms.FloatField
            self.fields[name] = kind(required=False, label=size.label, help_text=size.hint, **limits)
        for place in self.rows:
            self.fields[f"rival_{place}"] = forms.CharField(
                required=False, max_length=300, label=f"Rival explanation {place}"
            )
            self.fields[f"apart_{place}"] = forms.CharField(
                required=False,
                max_length=300,
                label=f"What would be seen if explanation {place} were the reason?",
            )
        self._choose("indicator", [("", "None of them yet"), *outcome_choices(user)])
        self._choose("history", [("", "None"), *past_choices(user)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def rival_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"rival_{place}"], self[f"apart_{place}"]) for place in self.rows]

    @property
    def in_areas(self) -> list[Any]:
        return [self[name] for name in IN_AREAS]

    @property
    def in_people(self) -> list[Any]:
        return [self[name] for name in IN_PEOPLE]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("smallest_change") == 0:
            self.add_error("smallest_change", "The smallest change that matters is above 0.")
        if given.get("scale") == Plan.Scale.SHARE and (given.get("smallest_change") or 0) >= 100:
            self.add_error("smallest_change", "A share cannot change by a hundred points or more.")
        for place in self.rows:
            words, apart = given.get(f"rival_{place}"), given.get(f"apart_{place}")
            if words and not apart:
                self.add_error(f"apart_{place}", "Say what would be seen if this were the reason.")
            if apart and not words:
                self.add_error(f"rival_{place}", "Say what the rival explanation is.")
        return given

    @property
    def rivals(self) -> list[RivalDraft]:
        given = self.cleaned_data
        return [
            RivalDraft(given[f"rival_{place}"], given[f"apart_{place}"])
            for place in self.rows
            if given[f"rival_{place}"]
        ]

    def details(self) -> dict[str, Any]:
        """What the actions take: shares as 0.05, numbers by the names that ``core.power`` gives them."""
        given = self.cleaned_data
        share = given["scale"] == Plan.Scale.SHARE
        found = {
            name: given[name]
            for name in (
                "title", "design", "activity", "population", "comparison", "outcome", "scale", "horizon",
                "horizon_days", "if_for", "if_against", "if_unclear", "cost", "analysis",
            )
        }  # fmt: skip
        sizes = {name: given[name] for name in SIZES if given[name] is not None}
        if share and "baseline" in sizes:
            sizes["baseline"] = round(sizes["baseline"] / 100, 9)
        elif not share:
            sizes.pop("baseline", None)
        found["sizes"] = sizes
        found["smallest_change"] = (
            round(given["smallest_change"] / 100, 9) if share else given["smallest_change"]
        )
        found["indicator"] = Indicator.objects.get(pk=int(given["indicator"])) if given["indicator"] else None
        found["history"] = Series.objects.get(pk=int(given["history"])) if given["history"] else None
        return found


class NewPlanForm(PlanFields, OwnerFields):
    assumption = forms.ChoiceField(label="Which assumption does it test?")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        self._choose("assumption", [("", "Choose one"), *assumption_choices(user)])

    @property
    def chosen_assumption(self) -> Assumption:
        return Assumption.objects.get(pk=int(self.cleaned_data["assumption"]))

    def details(self) -> dict[str, Any]:
        word = self.cleaned_data["ready_design"]
        ready = None
        if word.isdecimal():
            ready = ReadyDesign.objects.filter(pk=int(word), assumption=self.chosen_assumption).first()
        return super().details() | {"ready_design": ready}


class PlanForm(PlanFields):
    """A plan that is still being drawn up."""


def beginning_of_edit(plan: Plan) -> dict[str, Any]:
    """What the form of an existing plan begins with: shares in points of a hundred."""
    share = plan.scale == Plan.Scale.SHARE
    times = 100.0 if share else 1.0
    begin = {
        name: getattr(plan, name)
        for name in (
            "title", "design", "activity", "population", "comparison", "outcome", "scale", "horizon", "horizon_days",
            "if_for", "if_against", "if_unclear", "cost", "analysis", "version",
        )
    }  # fmt: skip
    begin |= {name: f"{value:g}" for name, value in plan.sizes.items() if name in SIZES}
    begin |= {name: int(value) for name, value in plan.sizes.items() if name in SIZES and SIZES[name].whole}
    if share and "baseline" in plan.sizes:
        begin["baseline"] = f"{100 * plan.sizes['baseline']:g}"
    begin["smallest_change"] = f"{times * plan.smallest_change:.6g}"
    begin["indicator"], begin["history"] = str(plan.indicator_id or ""), str(plan.history_id or "")
    for place, one in enumerate(plan.rivals.all(), 1):
        begin |= {f"rival_{place}": one.words, f"apart_{place}": one.told_apart_by}
    return begin


class RegisterForm(Fields, forms.Form):
    sure = forms.BooleanField(label="Nobody has looked at the outcome yet")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DepartureForm(Fields, forms.Form):
    field = forms.ChoiceField(required=False, label="Which part of the plan?")
    what = forms.CharField(widget=forms.Textarea, max_length=LONG, label="What is done otherwise?")
    why = forms.CharField(widget=forms.Textarea, max_length=LONG, label="Why?")

    PARTS = (
        ("", "Something else"),
        ("activity", "What is done"),
        ("population", "Whom it is about"),
        ("design", "The design"),
        ("comparison", "The comparison"),
        ("outcome", "What is measured"),
        ("horizon", "How soon"),
        ("smallest_change", "The smallest change that matters"),
        ("sizes", "How many"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["field"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = list(self.PARTS)


class BecauseForm(Fields, forms.Form):
    because = forms.CharField(widget=forms.Textarea, max_length=LONG, label="Because")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReachForm(Fields, forms.Form):
    reach = ReachField()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
