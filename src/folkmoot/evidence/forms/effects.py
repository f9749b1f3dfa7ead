"""Forms of printed effects and of the plans by which they are pooled."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.core.standing import RULES
from folkmoot.evidence.forms.owning import OwnerFields
from folkmoot.evidence.models import PrintedEffect
from folkmoot.evidence.models.effects import Measure
from folkmoot.evidence.printing import CLUSTERS, LABELS, WAYS, Way
from folkmoot.ui.forms import Fields

READ = [
    ("yes", "I read it in the study itself"),
    ("no", "I know it from elsewhere"),
]
READ_HINT = (
    "A figure that nobody read in the study itself is kept to be looked up. It is not shown to others and is never "
    "pooled."
)
WHOLE = {
    "n_treated",
    "n_control",
    "treated_with",
    "treated_without",
    "control_with",
    "control_without",
    "n",
}


class WayForm(Fields, forms.Form):
    kind = forms.ChoiceField(
        label="How does the study print it?",
        choices=[(way.key, way.words) for way in WAYS],
        widget=forms.RadioSelect,
    )


class EffectForm(Fields, forms.Form):
    """One effect, printed in one way: only the numbers that this way needs are asked for."""

    factor = forms.TypedChoiceField(label="Effect on which factor", coerce=int)
    outcome = forms.CharField(label="Measured as", max_length=200, required=False)
    horizon = forms.CharField(
        label="When", max_length=80, required=False, help_text="As the study says: 21 days"
    )
    horizon_days = forms.IntegerField(
        label="In days", min_value=0, max_value=36500, required=False, help_text="0: at the time"
    )
    population = forms.CharField(label="For whom, if for a part only", max_length=200, required=False)
    measure = forms.ChoiceField(label="On which scale", widget=forms.RadioSelect)
    unit = forms.CharField(
        label="Unit of a difference of means",
        max_length=60,
        required=False,
        help_text="Such as “points on a scale from 1 to 5”. Only effects in one unit are pooled.",
    )
    direction = forms.ChoiceField(
        label="Which way is expected?",
        choices=[("more", "A larger number is what is hoped for"), ("less", "A smaller number is")],
        widget=forms.RadioSelect,
        initial="more",
    )
    place = forms.CharField(label="Where it stands", max_length=120, help_text="Page, table or figure")
    read = forms.ChoiceField(
        label="Did you read it there?", choices=READ, widget=forms.RadioSelect, help_text=READ_HINT
    )
    because = forms.CharField(label="Why the figure changes", max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, way: Way, factors: list[Any], effect: PrintedEffect | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.way = way
        self.names = [*way.needs, *way.may_have]
        for name in (*self.names, *CLUSTERS):
            self.fields[name] = _number(name, needed=name in way.needs)
        chosen, scales = self.fields["factor"], self.fields["measure"]
        assert isinstance(chosen, forms.TypedChoiceField) and isinstance(scales, forms.ChoiceField)
        chosen.choices = [("", "Choose a factor"), *factors]
        scales.choices = [(one.value, one.label) for one in Measure if one.value in way.scales]
        if len(way.scales) == 1:
            self.initial.setdefault("measure", next(iter(way.scales)))
        if Measure.MEAN not in way.scales:
            del self.fields["unit"]
        if effect is None:
            del self.fields["because"]
        else:
            self.fields["because"].required = True

    @property
    def numbers(self) -> list[Any]:
        """The numbers that this way of printing asks for."""
        return [self[name] for name in self.names]

    @property
    def clusters(self) -> list[Any]:
        return [self[name] for name in CLUSTERS]

    @property
    def printed(self) -> dict[str, Any]:
        given = {name: self.cleaned_data.get(name) for name in (*self.names, *CLUSTERS)}
        return {"kind": self.way.key} | {name: one for name, one in given.items() if one not in (None, False)}

    @property
    def details(self) -> dict[str, Any]:
        """What the actions take besides the factor."""
        names = ("outcome", "horizon", "horizon_days", "population", "measure", "place")
        given = {name: self.cleaned_data[name] for name in names}
        return given | {
            "unit": self.cleaned_data.get("unit", ""),
            "expected_is_more": self.cleaned_data["direction"] == "more",
            "printed": self.printed,
            "read_in_study": self.cleaned_data["read"] == "yes",
        }


def _number(name: str, *, needed: bool) -> forms.Field:
    if name == "favours_control":
        return forms.BooleanField(label=LABELS[name], required=False)
    kind = forms.IntegerField if name in WHOLE else forms.FloatField
    label = LABELS[name]
    # “F” keeps its capital, “Mean of …” becomes “mean of …”
    told = label if len(label) < 3 else f"{label[:1].lower()}{label[1:]}"
    return kind(
        label=label,
        required=needed,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": f"Enter a number: {told}", "required": f"Enter: {told}"},
    )


def initial_of(effect: PrintedEffect) -> dict[str, Any]:
    """What the form of an effect begins with."""
    names = ("outcome", "horizon", "horizon_days", "population", "measure", "unit", "place", "version")
    found = {name: getattr(effect, name) for name in names}
    found |= {"factor": effect.factor_id, "direction": "more" if effect.expected_is_more else "less"}
    return found | {name: one for name, one in effect.printed.items() if name != "kind"}


class VerifyForm(Fields, forms.Form):
    place = forms.CharField(
        label="Where it stands in the study", max_length=120, help_text="Page, table or figure"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class BecauseForm(Fields, forms.Form):
    because = forms.CharField(label="Why", max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PoolPlanForm(Fields, OwnerFields):
    measure = forms.ChoiceField(label="On which scale", choices=Measure.choices, widget=forms.RadioSelect)
    unit = forms.CharField(label="Unit of a difference of means", max_length=60, required=False)
    outcome = forms.CharField(
        label="Only where it was measured as",
        max_length=200,
        required=False,
        help_text="Leave it empty where every measure of the factor is meant.",
    )
    lowest_level = forms.TypedChoiceField(
        label="The lowest level that goes in",
        coerce=int,
        choices=[(one, str(one)) for one in range(RULES.counted_level, 6)],
        initial=RULES.counted_level,
    )
    only_here = forms.BooleanField(label="Only studies from England and Wales", required=False)
    rule = forms.CharField(
        label="Which studies go in, and which stay out",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In words, so that somebody else would choose the same ones.",
    )
    smallest_change = forms.FloatField(
        label="The smallest change that matters, on that scale",
        help_text="Of a difference of shares 0.05 is five points; of a ratio give its logarithm (0.18 for 1.2).",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    because = forms.CharField(
        label="Why that change, and why this scale", widget=forms.Textarea(attrs={"rows": 3})
    )

    field_order = [
        "measure",
        "unit",
        "outcome",
        "lowest_level",
        "only_here",
        "rule",
        "smallest_change",
        "because",
        "owner",
        "reach",
    ]
