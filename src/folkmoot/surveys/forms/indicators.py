"""The form of an indicator."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.mechanisms.models import Assumption
from folkmoot.surveys.forms.owning import OwnerFields, ReachField
from folkmoot.surveys.models import Indicator
from folkmoot.surveys.queries.choices import assumption_choices
from folkmoot.ui.forms import Fields


class IndicatorFields(Fields, forms.Form):
    """What is said of an indicator, new or old."""

    name = forms.CharField(max_length=160)
    kind = forms.ChoiceField(
        choices=Indicator.Kind.choices,
        widget=forms.RadioSelect,
        label="What kind of thing is it?",
        help_text="Contacts, sign-ups, leaflets and events are activities or outputs. They are never shown as outcomes.",
    )
    measured_as = forms.CharField(
        widget=forms.Textarea,
        max_length=2_000,
        label="What is asked or counted, and of whom",
        help_text="Word for word where it is a question.",
    )
    assumption = forms.ChoiceField(
        required=False,
        label="Which assumption does it measure?",
        help_text="An outcome needs one. An activity or an output may have one.",
    )
    end = forms.ChoiceField(
        required=False,
        choices=[("", "Neither"), *Indicator.End.choices],
        label="Which end of it?",
        widget=forms.RadioSelect,
    )
    judged_by = forms.ChoiceField(
        choices=Indicator.Judge.choices,
        label="Whose judgement is it?",
        widget=forms.RadioSelect,
        help_text="What only the organisation itself says of its work never settles whether it worked.",
    )
    unit = forms.CharField(max_length=60, help_text="Such as per cent, points from 1 to 5, days")
    better = forms.ChoiceField(
        choices=Indicator.Better.choices, widget=forms.RadioSelect, label="What is better?"
    )
    smallest_change = forms.FloatField(
        required=False,
        label="The smallest change that matters",
        help_text="In the unit. For outcomes only: on a count it would become a target.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, **({"user": user} if isinstance(self, OwnerFields) else {})})
        self.user = user
        field = self.fields["assumption"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None"), *assumption_choices(user)]

    def details(self) -> dict[str, Any]:
        """What the action takes, without owner and reach."""
        given = {
            name: self.cleaned_data[name]
            for name in (
                "name",
                "kind",
                "measured_as",
                "end",
                "judged_by",
                "unit",
                "better",
                "smallest_change",
            )
        }
        chosen = self.cleaned_data["assumption"]
        given["assumption"] = Assumption.objects.get(pk=int(chosen)) if chosen else None
        return given


class NewIndicatorForm(IndicatorFields, OwnerFields):
    with_network = True


class IndicatorForm(IndicatorFields):
    reach = ReachField()
    ended = forms.BooleanField(required=False, label="It is measured no longer")
