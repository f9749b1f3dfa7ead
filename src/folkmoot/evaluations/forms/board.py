"""The forms of the board: a request, an offer, the answer to one."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.evaluations.queries.choices import assumption_choices
from folkmoot.mechanisms.models import Assumption
from folkmoot.surveys.forms.owning import OwnerFields
from folkmoot.ui.forms import Fields

LONG = 4_000


class RequestForm(Fields, OwnerFields):
    assumption = forms.ChoiceField(label="Which assumption?")
    wanted = forms.CharField(
        widget=forms.Textarea,
        max_length=LONG,
        label="What do you want to know, and what decision hangs on it?",
    )
    given = forms.CharField(
        widget=forms.Textarea, max_length=LONG, required=False, label="What can you give?",
        help_text="Data, access, people’s time, money",
    )  # fmt: skip
    by_when = forms.DateField(required=False, label="By when do you need to know?")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        field = self.fields["assumption"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose one"), *assumption_choices(user)]

    @property
    def chosen_assumption(self) -> Assumption:
        return Assumption.objects.get(pk=int(self.cleaned_data["assumption"]))


class OfferForm(Fields, forms.Form):
    owner = forms.ChoiceField(label="For whom do you offer it?")
    words = forms.CharField(
        widget=forms.Textarea, max_length=LONG, label="How would you go about it, and what does it need?"
    )
    independent = forms.CharField(
        max_length=300,
        label="How do you stand to those whose work is judged?",
        help_text="Who pays you, whom you work with, what you have published on it",
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._owners = {key: row for key, _, row in owners}
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, words) for key, words, _ in owners]

    @property
    def chosen_owner(self) -> Any:
        return self._owners[self.cleaned_data["owner"]]


class AnswerOfferForm(Fields, forms.Form):
    accept = forms.ChoiceField(
        choices=[("yes", "Take it up"), ("no", "Decline it")], widget=forms.RadioSelect, label="Your answer"
    )
    answer = forms.CharField(
        widget=forms.Textarea, max_length=LONG, required=False, label="What do you say to them?",
        help_text="Needed where you decline",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
