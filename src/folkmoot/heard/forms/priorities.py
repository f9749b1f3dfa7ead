"""Forms of priorities and election periods."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from folkmoot.heard.forms.common import REACH, PlaceForm, concerns_of
from folkmoot.heard.models import Concern, PriorityWords
from folkmoot.organisations.models import Organisation
from folkmoot.ui.forms import Fields


class PriorityForm(PlaceForm):
    issue = forms.CharField(label="The issue", max_length=160, help_text="Such as: racing on Mill Street.")
    review_on = forms.DateField(label="When is it looked at again?")
    concern = forms.ModelChoiceField(
        label="Concern it comes from", queryset=Concern.objects.none(), required=False, empty_label="None"
    )
    visibility = forms.ChoiceField(
        label="Who may see it?", choices=REACH, widget=forms.RadioSelect, initial="own"
    )
    field_order = ("issue", "place", "review_on", "concern", "visibility")

    def __init__(self, *args: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["concern"].queryset = concerns_of(organisation)  # type: ignore[attr-defined]


class PriorityWordsForm(Fields, forms.Form):
    side = forms.ChoiceField(
        label="Whose statement is it?", choices=PriorityWords.Side.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label="How do they state it?", widget=forms.Textarea(attrs={"rows": "3"}))
    basis = forms.CharField(
        label="Who says so, and how is it known?",
        max_length=300,
        help_text="Such as: 14 people at two meetings; or: calls from January to March. Never “the community”.",
    )
    stated_on = forms.DateField(label="When?", initial=timezone.localdate)


class ReviewForm(Fields, forms.Form):
    what = forms.ChoiceField(
        label="What came of the look?",
        choices=[("stay", "It stays a priority"), ("end", "It no longer comes first")],
        widget=forms.RadioSelect,
    )
    review_on = forms.DateField(label="Look at it again on", required=False)
    because = forms.CharField(label="Why does it end?", required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("what") == "stay" and not given.get("review_on"):
            self.add_error("review_on", "Say when it is looked at again.")
        if given.get("what") == "end" and not given.get("because"):
            self.add_error("because", "Say why it ends.")
        return given


class ElectionForm(Fields, forms.Form):
    what = forms.CharField(
        label="Which election?", max_length=120, help_text="Such as: local elections of May 2027."
    )
    begins = forms.DateField(label="From")
    ends = forms.DateField(label="Until")
