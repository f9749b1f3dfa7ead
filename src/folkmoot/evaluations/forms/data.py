"""Bringing a table to a plan: as a file, or as the figures of a series; erasing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from folkmoot.evaluations.queries.choices import past_choices
from folkmoot.evaluations.tables import FORMS, LARGEST
from folkmoot.surveys.models import Series
from folkmoot.surveys.reading.identifiers import Suspicion
from folkmoot.ui.forms import Fields

ACCEPTED = ",".join(f".{one}" for one in FORMS)


class TableForm(Fields, forms.Form):
    """A file, and of which of its columns somebody says that they name nobody."""

    chosen = forms.FileField(
        label="Table",
        help_text="CSV, Parquet, Excel or OpenDocument: a row a person, a place and period, or a period; the names of the columns in the first row. No names, addresses or numbers of people.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    vouched = forms.MultipleChoiceField(
        required=False,
        label="These columns only sound like it and name nobody",
        widget=forms.CheckboxSelectMultiple,
        help_text="Your name stands beside it in the log. Choose the file once more.",
    )

    def __init__(self, *args: Any, suspects: Sequence[Suspicion] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        soft = [one for one in suspects if not one.certain]
        if not soft:
            del self.fields["vouched"]
            return
        field = self.fields["vouched"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.column, f"{one.column}: looks like {one.looks_like}") for one in soft]

    def clean_chosen(self) -> Any:
        given = self.cleaned_data["chosen"]
        if given is not None and given.size > LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST // 1_000_000} MB. Keep only the columns that are needed."
            )
        return given


class SeriesTableForm(Fields, forms.Form):
    """The figures of a published series, with the areas that had the work and from when."""

    series = forms.ChoiceField(label="Published figures")
    starts = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        label="Areas that had the work, and from when",
        help_text="One a line: Camden, 2019-07-01. All others had none.",
    )
    only = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        label="Take only these areas",
        help_text="One a line; empty: all of them",
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["series"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = past_choices(user)

    def clean_series(self) -> Series:
        found: Series = Series.objects.get(pk=int(self.cleaned_data["series"]))
        return found

    def clean_starts(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["starts"].splitlines(), 1):
            if not line.strip():
                continue
            name, comma, day = line.rpartition(",")
            try:
                on = forms.DateField(input_formats=["%Y-%m-%d"]).clean(day.strip())
            except forms.ValidationError:
                on = None
            if not comma or not name.strip() or on is None:
                raise forms.ValidationError(f"Line {number} is not written as “Camden, 2019-07-01”.")
            found[name.strip()] = on.isoformat()
        return found

    def clean_only(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["only"].splitlines() if line.strip()]


class EraseTableForm(Fields, forms.Form):
    why = forms.CharField(max_length=300, label="Why is it erased?")
    sure = forms.BooleanField(label="Erase the table for good")
