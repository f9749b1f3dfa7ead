"""Bringing a table to a plan: as a file, as the figures of a series, as the answers of waves; erasing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from folkmoot.evaluations.answers import ASKED, PLACES, Taken
from folkmoot.evaluations.queries.choices import past_choices, variables_of
from folkmoot.evaluations.tables import FORMS, LARGEST
from folkmoot.surveys.models import Series, Survey, Variable, Wave
from folkmoot.surveys.reading.identifiers import Suspicion
from folkmoot.ui.forms import Fields

SINCE_DAY, SINCE_WAVE, COUNTS = "Camden, 2019-07-01", "Northside, 3", "heard = Yes; Mostly"
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
        help_text=f"One a line: {SINCE_DAY}. All others had none.",
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
        for name, day in _pairs(self.cleaned_data["starts"], ",", written=SINCE_DAY):
            try:
                on = forms.DateField(input_formats=["%Y-%m-%d"]).clean(day)
            except forms.ValidationError:
                raise _unwritten(f"The line of “{name}”", SINCE_DAY) from None
            found[name] = on.isoformat()
        return found

    def clean_only(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["only"].splitlines() if line.strip()]


class WavesTableForm(Fields, forms.Form):
    """Waves of one survey, what is taken of them, and what makes a row."""

    waves = forms.MultipleChoiceField(label="Waves", widget=forms.CheckboxSelectMultiple)
    names = forms.MultipleChoiceField(
        label="Questions",
        widget=forms.CheckboxSelectMultiple,
        help_text="Weights, strata, clusters and the numbers of a panel come along by themselves.",
    )
    yes = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        label="Answers that count as 1",
        help_text=f"One question a line: {COUNTS}. All its other answers count as 0. Questions that are not named keep their words.",
    )
    place = forms.ChoiceField(
        required=False,
        label="What a row is",
        help_text="A row for each place and wave holds weighted shares and means, as a comparison of places over time needs them.",
    )
    starts = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        label="Places that had the work, and from which wave",
        help_text=f"One a line: {SINCE_WAVE}. All others had none. Only where a row is a place and wave.",
    )

    def __init__(self, *args: Any, survey: Survey, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waves = {
            str(one.pk): one
            for one in Wave.objects.filter(survey=survey, microdata__erased_at=None, microdata__isnull=False)
            .select_related("survey__organisation", "survey__team")
            .order_by("number")
        }
        known = variables_of(list(self._waves.values()))
        self._set("waves", [(key, f"{one.number}: {one.title}") for key, one in self._waves.items()])
        self._set("names", [(one.name, _told(one)) for one in known if one.role in ASKED])
        rows = [
            (one.name, f"each “{one.label or one.name}” and wave")
            for one in known
            if one.role in PLACES and one.answers
        ]
        self._set("place", [("", "a person"), *rows])

    def _set(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_waves(self) -> list[Wave]:
        return [self._waves[key] for key in self.cleaned_data["waves"]]

    def clean_yes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, words in _pairs(self.cleaned_data["yes"], "=", written=COUNTS):
            found[name] = [word.strip() for word in words.split(";") if word.strip()]
            if not found[name]:
                raise _unwritten(f"The line of “{name}”", COUNTS)
        return found

    def clean_starts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, wave in _pairs(self.cleaned_data["starts"], ",", written=SINCE_WAVE):
            if not wave.isdecimal() or len(wave) > 6:
                raise _unwritten(f"The line of “{place}”", SINCE_WAVE)
            found[place] = int(wave)
        return found

    def taken(self) -> Taken:
        given = self.cleaned_data
        return Taken(given["names"], given["yes"], given["place"], given["starts"])


def _pairs(text: str, mark: str, *, written: str) -> list[tuple[str, str]]:
    """What stands before and after the mark in each line that is not blank: the last mark, as a name may hold a comma,
    but the first equals sign, as an answer may hold one."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            name, there, rest = line.partition(mark) if mark == "=" else line.rpartition(mark)
            if not there or not name.strip() or not rest.strip():
                raise _unwritten(f"Line {number}", written)
            found.append((name.strip(), rest.strip()))
    return found


def _unwritten(what: str, written: str) -> forms.ValidationError:
    return forms.ValidationError(f"{what} is not written as “{written}”.")


def _told(one: Variable) -> str:
    """A question as one chooses it: its name, its words, its answers."""
    asked = f"{one.name}: {one.label}" if one.label and one.label != one.name else one.name
    return f"{asked} ({'; '.join(one.answers[:8])})" if one.answers else asked


class EraseTableForm(Fields, forms.Form):
    why = forms.CharField(max_length=300, label="Why is it erased?")
    sure = forms.BooleanField(label="Erase the table for good")
