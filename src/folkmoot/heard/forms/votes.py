"""Forms of imported votes."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.activities.models import Initiative
from folkmoot.heard.forms.common import PlaceForm, concerns_of, initiatives_of
from folkmoot.heard.models import Concern
from folkmoot.organisations.models import Organisation
from folkmoot.ui.forms import Fields


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not given:
            super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in given]


class AboutVotesForm(PlaceForm):
    """What a conversation was about and to what it belongs."""

    title = forms.CharField(label="Title", max_length=200)
    about = forms.CharField(
        label="What were people asked, and who could take part?",
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    credit = forms.CharField(
        label="Where do the votes come from?",
        required=False,
        max_length=300,
        help_text="Who held it, and the licence if it is another's. It stands beside every figure.",
    )
    held_from = forms.DateField(label="Held from", required=False)
    held_until = forms.DateField(label="Until", required=False)
    initiative = forms.ModelChoiceField(
        label="Initiative", queryset=Initiative.objects.none(), required=False, empty_label="None"
    )
    concern = forms.ModelChoiceField(
        label="Concern", queryset=Concern.objects.none(), required=False, empty_label="None"
    )
    field_order = (
        "chosen",
        "title",
        "about",
        "credit",
        "held_from",
        "held_until",
        "place",
        "initiative",
        "concern",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["initiative"].queryset = initiatives_of(organisation)  # type: ignore[attr-defined]
        self.fields["concern"].queryset = concerns_of(organisation)  # type: ignore[attr-defined]


class VotesForm(AboutVotesForm):
    """The same with the files that are brought in."""

    chosen = FilesField(
        label="Files",
        help_text="Of a Pol.is export: participants-votes.csv and comments.csv (summary.csv as well, if you like). Or "
        "one table, csv or xlsx, with the columns participant, statement and vote.",
    )
    title = forms.CharField(
        label="Title", max_length=200, required=False, help_text="Empty: as the files call it."
    )


class VotesAgainForm(Fields, forms.Form):
    chosen = FilesField(label="Files", help_text="A later export of the same conversation.")
    version = forms.IntegerField(widget=forms.HiddenInput)


class StatementsForm(Fields, forms.Form):
    """Which statements describe the person who answers."""

    describe = forms.MultipleChoiceField(
        label="Statements that say something of the person",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Such as “I am between 15 and 19” or “English is my first language”. They are no opinions: they "
        "are taken out of the votes and used to ask whether people who share them share a view.",
    )
    plain = forms.MultipleChoiceField(
        label="Of those that describe people: not specially protected in law",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leave unticked what speaks of ethnic group, religion, health, sexuality or politics, and whatever "
        "you doubt. Age and sex are treated with the same care here unless you tick them.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, statements: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(number), f"{number}. {text}") for number, text in statements]
        self.fields["describe"].choices = choices  # type: ignore[attr-defined]
        # only of those that were said to describe people: a second list of everything would be read by nobody
        chosen = set(self["describe"].value() or ())
        about_people = [one for one in choices if one[0] in chosen]
        if about_people:
            self.fields["plain"].choices = about_people  # type: ignore[attr-defined]
        else:
            del self.fields["plain"]
