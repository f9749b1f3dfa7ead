"""Published series and the question of reach."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.organisations.visibility import visible
from folkmoot.surveys.forms.owning import OwnerFields, ReachField
from folkmoot.surveys.models import Indicator, Series, SeriesArea, SeriesEvent
from folkmoot.surveys.models.indicators import OUTCOMES
from folkmoot.surveys.queries.choices import channel_choices, indicator_choices
from folkmoot.surveys.reading.series import ENDINGS, Named
from folkmoot.ui.forms import Fields

LARGEST = 100_000_000


class SeriesImportForm(Fields, OwnerFields):
    chosen = forms.FileField(
        label="Published file",
        help_text="A table with one row a figure, or one row an area and one column a period. The names of the columns stand in the first row.",
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    publisher = forms.CharField(max_length=300, label="Who published it, under what licence")
    measure = forms.CharField(
        max_length=200,
        required=False,
        label="What is measured",
        help_text="Where no column of the file says so",
    )
    period_column = forms.CharField(max_length=120, required=False, label="Column of the period")
    area_column = forms.CharField(max_length=120, required=False, label="Column of the area")
    measure_column = forms.CharField(max_length=120, required=False, label="Column of what is measured")
    value_column = forms.CharField(max_length=120, required=False, label="Column of the figure")

    def clean_chosen(self) -> Any:
        given = self.cleaned_data["chosen"]
        if given.size > LARGEST:
            raise forms.ValidationError(f"The file is larger than {LARGEST // 1_000_000} MB.")
        return given

    @property
    def named(self) -> Named:
        given = self.cleaned_data
        return Named(
            period=given["period_column"].strip(),
            area=given["area_column"].strip(),
            measure=given["measure_column"].strip(),
            value=given["value_column"].strip(),
        )


class SeriesForm(Fields, forms.Form):
    title = forms.CharField(max_length=200)
    publisher = forms.CharField(max_length=300, label="Who published it, under what licence")
    rolling = forms.BooleanField(
        required=False, label="Its figures overlap: neighbouring ones share interviews"
    )
    covers = forms.IntegerField(
        min_value=0,
        max_value=120,
        label="How many months does each figure cover?",
        help_text="0 where that is not known",
        initial=0,
    )
    indicator = forms.ChoiceField(required=False, label="Which indicator does it show?")
    reach = ReachField()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None"), *indicator_choices(user)]

    def details(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("title", "publisher", "rolling", "covers")}
        chosen = self.cleaned_data["indicator"]
        given["indicator"] = Indicator.objects.get(pk=int(chosen)) if chosen else None
        return given


class EventForm(Fields, forms.Form):
    kind = forms.ChoiceField(choices=SeriesEvent.Kind.choices, widget=forms.RadioSelect, label="What is it?")
    on = forms.DateField(
        label="On which day", help_text="Of a break: from this day on the measure is another one"
    )
    what = forms.CharField(max_length=300, label="What happened, or what changed in the measure")
    area = forms.ChoiceField(required=False, label="Where")

    def __init__(self, *args: Any, series: Series, **options: Any) -> None:
        super().__init__(*args, **options)
        self.areas = {str(one.pk): one for one in SeriesArea.objects.filter(series=series)}
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Everywhere"), *((key, one.name) for key, one in self.areas.items())]


class OtherwiseFields(Fields, forms.Form):
    title = forms.CharField(max_length=200)
    system = forms.CharField(max_length=160, label="What was bought")
    sent_to = forms.IntegerField(
        required=False, min_value=0, max_value=2_000_000_000, label="To how many people is it sent in a year?"
    )
    signed_up = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        label="How many have signed up?",
        help_text="Shown as what it is: an output",
    )
    delivered = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        label="At how many of them does a message arrive?",
        help_text="As the system’s own log says. An output",
    )
    opened = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        label="How many open it?",
        help_text="As the system’s own log says. An output",
    )
    cost = forms.FloatField(
        required=False, min_value=0, max_value=1e11, label="What does a year cost, in pounds?"
    )
    outcome = forms.ModelChoiceField(
        queryset=Indicator.objects.none(),
        required=False,
        label="What would be better for people if it works?",
        help_text="An indicator of a near or far outcome: it stands at an assumption. Outputs are not on the list",
        empty_label="Not said",
    )

    def offer_outcomes(self, user: Any) -> None:
        """Only indicators of outcomes that this person may see can be chosen."""
        field = self.fields["outcome"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Indicator.objects.filter(visible(user), kind__in=OUTCOMES, ended_on=None)


class HeldOutForm(OtherwiseFields, OwnerFields):
    chosen = forms.FileField(
        label="List of people or places",
        help_text="One row each, saying 1 or 0 in each column. The list is counted and not kept.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.ods,.sav,.dta"}),
    )
    held_out = forms.CharField(max_length=120, label="Column that says who was held out", initial="held_out")
    reached = forms.CharField(
        max_length=120, label="Column that says who was reached, by whatever way", initial="reached"
    )
    acted = forms.CharField(max_length=120, required=False, label="Column that says who acted")
    outcome_words = forms.CharField(max_length=200, required=False, label="What counts as having acted")
    bettered = forms.CharField(
        max_length=120,
        required=False,
        label="Column that says for whom the outcome came",
        help_text="Such as not having been a victim since",
    )
    cluster = forms.CharField(
        max_length=120,
        required=False,
        label="Column of the groups",
        help_text="Where whole streets or wards were held out",
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        self.offer_outcomes(user)

    def clean_chosen(self) -> Any:
        given = self.cleaned_data["chosen"]
        if given.size > LARGEST:
            raise forms.ValidationError(f"The file is larger than {LARGEST // 1_000_000} MB.")
        return given


class RecallForm(OtherwiseFields):
    by_system = forms.ChoiceField(label="The answer that says it came through the system")
    others = forms.MultipleChoiceField(
        required=False,
        label="Answers that say it came another way",
        widget=forms.CheckboxSelectMultiple,
    )
    reach = ReachField()

    def __init__(self, *args: Any, wave_id: int, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_outcomes(user)
        listed = channel_choices(wave_id)
        for name in ("by_system", "others"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed

    @staticmethod
    def choice(word: str) -> tuple[str, str]:
        name, _, answer = word.partition("|")
        return name, answer


class OtherwiseForm(OtherwiseFields):
    """What is said around the counts, which stay as they are."""

    outcome_words = forms.CharField(max_length=200, required=False, label="What counts as having acted")
    version = forms.IntegerField(widget=forms.HiddenInput)
    reach = ReachField()

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_outcomes(user)
