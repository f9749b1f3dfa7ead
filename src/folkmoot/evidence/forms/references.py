"""Forms of references: a file, what looks the same, and what becomes of one paper."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.evidence.forms.owning import REACH, OwnerFields
from folkmoot.evidence.models import Reference, Study
from folkmoot.ui.forms import Fields

SAME_OR_NOT = [
    ("leave out", "They are the same: leave them out"),
    ("bring in", "I am not sure: bring them in, and I decide one by one"),
]


class ReferenceFileForm(Fields, OwnerFields):
    chosen = forms.FileField(
        label="The file",
        help_text="RIS (.ris), BibTeX (.bib) or a table (.csv) with a column “title”, as your reference manager exports it.",
    )

    field_order = ["chosen", "owner", "reach"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reach = self.fields["reach"]
        assert isinstance(reach, forms.ChoiceField)
        # what is still to be read is a working list, not something to publish
        reach.choices = [one for one in REACH if one[0] != "public"]


class BringInForm(Fields, forms.Form):
    same = forms.ChoiceField(
        label="What about those that look like ones that are here?",
        choices=SAME_OR_NOT,
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, known: int, **options: Any) -> None:
        super().__init__(*args, **options)
        if not known:
            del self.fields["same"]

    @property
    def leaves_out_same(self) -> bool:
        return self.cleaned_data.get("same") == "leave out"


class ReferenceFilterForm(Fields, forms.Form):
    words = forms.CharField(required=False, max_length=120)
    state = forms.ChoiceField(
        required=False, choices=[*Reference.State.choices, ("all", "Whatever became of it")]
    )


class JoinForm(Fields, forms.Form):
    """Which of the studies that it looks like it is."""

    study = forms.TypedChoiceField(label="It is the same as", coerce=int, widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, studies: tuple[Study, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["study"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(one.pk, f"{one.short}: {one.title}") for one in studies]


class AsideForm(Fields, forms.Form):
    why = forms.CharField(label="Why it is not recorded", max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)
