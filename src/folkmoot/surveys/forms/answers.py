"""Bringing in answers, weighting them to known totals, erasing them."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.communities.models import Population
from folkmoot.organisations.visibility import visible
from folkmoot.surveys.models import Microdata, Variable
from folkmoot.surveys.reading.files import ENDINGS, RawFile
from folkmoot.surveys.reading.identifiers import Suspicion
from folkmoot.surveys.reading.laying import Choices
from folkmoot.ui.forms import Fields

LARGEST = 300_000_000
ACCEPTED = ",".join(ENDINGS)


class FileForm(Fields, forms.Form):
    """The first step: a file, of which nothing is kept before it was looked at."""

    chosen = forms.FileField(
        label="File of answers",
        help_text="CSV, Excel, OpenDocument, SPSS (.sav) or Stata (.dta); one row a person, the names of the columns in the first row.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_chosen(self) -> Any:
        return checked(self.cleaned_data["chosen"])


def checked(given: Any) -> Any:
    if given is not None and given.size > LARGEST:
        raise forms.ValidationError(
            f"The file is larger than {LARGEST // 1_000_000} MB. Bring it in with the command: folkmoot import survey"
        )
    return given


class ChoicesForm(Fields, forms.Form):
    """The second step: which column is what, what is dropped, which codes are no answer."""

    chosen = forms.FileField(
        label="The same file once more", required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED})
    )
    held = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    weight = forms.ChoiceField(
        required=False, label="Weights", help_text="How many people each row stands for"
    )
    stratum = forms.ChoiceField(
        required=False, label="Strata", help_text="The part of the population that each row was drawn from"
    )
    cluster = forms.ChoiceField(
        required=False, label="Clusters", help_text="What was drawn first, such as streets"
    )
    panel = forms.ChoiceField(
        required=False,
        label="Number of the person",
        help_text="Where the same people are asked again; it is kept in a form that nobody can turn back",
    )
    drop = forms.MultipleChoiceField(
        required=False,
        label="Drop these columns before anything is stored",
        widget=forms.CheckboxSelectMultiple,
    )
    vouched = forms.MultipleChoiceField(
        required=False,
        label="These only sound like it and identify nobody",
        widget=forms.CheckboxSelectMultiple,
        help_text="Your name stands beside it in the log.",
    )
    more_drops = forms.CharField(
        required=False,
        max_length=20_000,
        label="Further columns to drop",
        help_text="Their names, with commas between",
    )
    missing = forms.CharField(
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Codes that are no answer",
        help_text="Codes of all columns on one line, such as -9, 99; those of one column after its name, such as trust: 98, 99",
    )
    special = forms.CharField(
        required=False,
        max_length=20_000,
        label="Special categories",
        help_text="Columns on ethnic group, religion, health, sexual orientation, politics: shown only where many answered alike",
    )
    numbers = forms.CharField(
        required=False,
        max_length=20_000,
        label="Columns to be read as numbers",
        help_text="Such as a scale from 1 to 5 of which you want the mean",
    )

    def __init__(self, *args: Any, raw: RawFile, suspects: list[Suspicion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.raw, names = raw, [one.name for one in raw.columns]
        blank = [("", "None"), *((one, one) for one in names)]
        for role in ("weight", "stratum", "cluster", "panel"):
            self._offer(role, blank)
        self._offer("drop", [(one.column, f"{one.column}: looks like {one.looks_like}") for one in suspects])
        self._offer("vouched", [(one.column, one.column) for one in suspects if not one.certain])
        for name in ("drop", "vouched"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_chosen(self) -> Any:
        return checked(self.cleaned_data["chosen"])

    def clean_more_drops(self) -> list[str]:
        return self._named("more_drops")

    def clean_special(self) -> list[str]:
        return self._named("special")

    def clean_numbers(self) -> list[str]:
        return self._named("numbers")

    def _named(self, field: str) -> list[str]:
        names = named_in(self.cleaned_data[field])
        known = {one.name for one in self.raw.columns}
        unknown = [one for one in names if one not in known]
        if unknown:
            raise forms.ValidationError(f"The file has no column “{unknown[0]}”.")
        return names

    def clean_missing(self) -> dict[str, frozenset[str]]:
        return missing_in(self.cleaned_data["missing"].splitlines())

    def choices(self) -> Choices:
        given = self.cleaned_data
        return Choices(
            **{role: given[role] for role in ("weight", "stratum", "cluster", "panel")},
            drop=frozenset([*given.get("drop", ()), *given["more_drops"]]),
            vouched=frozenset(given.get("vouched", ())),
            special=frozenset(given["special"]),
            numbers=frozenset(given["numbers"]),
            missing=given["missing"],
        )


def named_in(words: str) -> list[str]:
    """Names with commas between, as somebody types them."""
    return list(dict.fromkeys(one.strip() for one in words.replace("\n", ",").split(",") if one.strip()))


def missing_in(lines: list[str]) -> dict[str, frozenset[str]]:
    """Codes that are no answer by column; those of every column under ""."""
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        head, colon, codes = line.rpartition(":")
        given = frozenset(one.strip() for one in codes.split(",") if one.strip())
        if given:
            name = head.strip() if colon else ""
            found[name] = found.get(name, frozenset()) | given
    return found


class MarginsForm(Fields, forms.Form):
    """Known totals: of a population that was brought in, or typed for one question."""

    variable = forms.ChoiceField(label="Question")
    population = forms.ChoiceField(
        required=False,
        label="Known totals from",
        help_text="Its categories must be worded as the answers are, for all places together.",
    )
    totals = forms.CharField(
        required=False,
        widget=forms.Textarea,
        max_length=20_000,
        label="Or the totals themselves",
        help_text="One answer a line: 16 to 34, 41200. People or shares.",
    )
    source = forms.CharField(
        required=False, max_length=300, label="Where they come from", help_text="Who counted, when"
    )

    def __init__(self, *args: Any, microdata: Microdata, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = self.fields["variable"]
        assert isinstance(named, forms.ChoiceField)
        named.choices = [
            (one.name, one.label or one.name)
            for one in microdata.variables.filter(role=Variable.Role.CHOICE)
            if 2 <= len(one.answers) <= 60
        ]
        self.populations = {
            one.pk: one
            for one in Population.objects.filter(visible(user), characteristic__isnull=False).order_by(
                "title"
            )
        }
        field = self.fields["population"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "None of these"),
            *((str(pk), f"{one.title}, {one.counted_on.year}") for pk, one in self.populations.items()),
        ]

    def clean_totals(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for number, line in enumerate(self.cleaned_data["totals"].splitlines(), 1):
            if not line.strip():
                continue
            word, comma, figure = line.rpartition(",")
            try:
                value = float(figure.replace("%", "").replace(" ", ""))
            except ValueError:
                value = -1.0
            if not comma or not word.strip() or not 0 <= value < 1e12:
                raise forms.ValidationError(f"Line {number} is not written as “16 to 34, 41200”.")
            found[word.strip()] = value
        return found

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("population")) == bool(given.get("totals")):
            self.add_error("totals", "Choose a population, or type the totals.")
        elif given.get("totals") and not given.get("source", "").strip():
            self.add_error("source", "Say where the totals come from.")
        return given


class EraseForm(Fields, forms.Form):
    why = forms.CharField(max_length=300, label="Why are they erased?")
    sure = forms.BooleanField(label="Erase the answers and their figures for good")
