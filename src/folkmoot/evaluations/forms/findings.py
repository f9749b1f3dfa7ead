"""Recording a finding factor by factor, judging it, sharing it, withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from folkmoot.evaluations.actions.findings import MarkDraft
from folkmoot.evaluations.models import FindingMark, Plan
from folkmoot.evaluations.queries.findings import FactorToMark
from folkmoot.mechanisms.models import Factor
from folkmoot.surveys.forms.owning import REACH, ReachField, reach_of, visibility_for
from folkmoot.ui.forms import Fields

Sign = FindingMark.Sign
BY_RULE = ("", "As the rule reads it")


class FindingForm(Fields, forms.Form):
    """The head of a finding: what was done, whether it came about, the outcome, who evaluated whom."""

    manipulated = forms.ChoiceField(label="What did the work set out to move?")
    delivered = forms.ChoiceField(
        label="Did it really come about?",
        choices=[("yes", "Yes, it was delivered"), ("no", "No, or hardly")],
        widget=forms.RadioSelect,
    )
    how_known = forms.CharField(
        max_length=300,
        label="How is that known?",
        help_text="Such as: 87 of 100 planned calls are in the log",
    )
    sign = forms.ChoiceField(required=False, label="The outcome is marked", choices=[BY_RULE, *Sign.choices])
    because = forms.CharField(
        required=False,
        max_length=300,
        label="Why otherwise than the rule?",
        help_text="Only where you mark it otherwise; it is printed beside the mark",
    )
    words = forms.CharField(
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="What the evaluators add",
        help_text="The sentence itself is made from the figures.",
    )
    evaluators = forms.CharField(max_length=120, label="Who evaluated", help_text="The team, as it signs")
    sample = forms.CharField(
        max_length=120,
        label="Which people and places",
        help_text="A short name. Findings and studies with the same name rest on the same people and count once.",
    )
    reach = ReachField()
    supersedes = forms.BooleanField(required=False, label="It takes the place of the plan’s earlier finding")

    def __init__(
        self, *args: Any, plan: Plan, factors: Sequence[Factor], earlier: bool, **options: Any
    ) -> None:
        initial = {"evaluators": plan.owner_label[:120], "sample": f"plan {plan.pk}", "reach": reach_of(plan)}
        super().__init__(*args, initial=initial | options.pop("initial", {}), **options)
        self._factors = {str(one.pk): one for one in factors}
        chosen = self.fields["manipulated"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(key, str(one)) for key, one in self._factors.items()]
        if not earlier:
            del self.fields["supersedes"]
        # a finding is shared no further than its plan
        far = {"own": 1, "team": 1, "network": 2, "public": 3}[plan.visibility]
        reach = self.fields["reach"]
        assert isinstance(reach, forms.ChoiceField)
        reach.choices = REACH[:far]

    @property
    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "manipulated": self._factors[found["manipulated"]],
            "delivered": found["delivered"] == "yes",
            "how_known": found["how_known"],
            "sign": found["sign"],
            "because": found["because"],
            "words": found["words"],
            "evaluators": found["evaluators"],
            "sample": found["sample"],
            "supersedes": bool(found.get("supersedes")),
        }


class MarkForm(Fields, forms.Form):
    """How one factor between or beyond moved. Left as it comes, a factor with a run is read by the rule, another was not measured."""

    sign = forms.ChoiceField(required=False, label="It is marked")
    because = forms.CharField(required=False, max_length=300, label="Why otherwise than the rule?")
    horizon = forms.CharField(
        required=False, max_length=80, label="When", help_text="Such as: the week after"
    )
    horizon_days = forms.IntegerField(
        required=False, min_value=0, max_value=36_500, label="Days after the work"
    )
    outcome = forms.CharField(required=False, max_length=200, label="Measured as")
    figure = forms.CharField(required=False, max_length=200, label="Figure")
    note = forms.CharField(required=False, max_length=300, label="How it is known")

    def __init__(self, *args: Any, row: FactorToMark, **options: Any) -> None:
        super().__init__(*args, prefix=f"factor-{row.factor.pk}", **options)
        self.row = row
        field = self.fields["sign"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [BY_RULE, *Sign.choices] if row.run else [("", "Not spoken of"), *Sign.choices]
        if row.run is None:
            del self.fields["because"]

    def draft(self) -> MarkDraft | None:
        """The mark, or None where nothing was said."""
        given = self.cleaned_data
        if self.row.run is None and not given["sign"]:
            return None
        return MarkDraft(
            self.row.factor,
            sign=given["sign"],
            run=self.row.run,
            because=given.get("because", ""),
            horizon=given["horizon"],
            horizon_days=given["horizon_days"],
            outcome=given["outcome"],
            figure=given["figure"],
            note=given["note"],
        )


class FindingStateForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label="It is now", widget=forms.RadioSelect)
    why = forms.CharField(max_length=300, label="Why")

    def __init__(self, *args: Any, states: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(states)


class FindingWithdrawForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.CharField(max_length=300, label="Why is it withdrawn?")
    sure = forms.BooleanField(label="Withdraw it: it stays to be read and counts nowhere any more")


class FindingShareForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reach = ReachField()


__all__ = [
    "FindingForm",
    "FindingShareForm",
    "FindingStateForm",
    "FindingWithdrawForm",
    "MarkForm",
    "visibility_for",
]
