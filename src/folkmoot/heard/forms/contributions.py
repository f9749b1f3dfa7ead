"""Forms of what people said: one, a whole file, what is done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from folkmoot.activities.models import Initiative
from folkmoot.coding.models import Code
from folkmoot.communities.models import Place
from folkmoot.heard.forms.common import PlaceForm, QuickSelect, any_of, codes_for, concerns_of, initiatives_of
from folkmoot.heard.models import Concern, Contribution
from folkmoot.heard.states import CONTRIBUTION
from folkmoot.organisations.models import Organisation
from folkmoot.ui.forms import Fields, RowsField

BY_HAND = [one for one in Contribution.Origin.choices if one[0] not in {"public", "votes"}]
NO_NAMES = (
    "As they said it. No names, addresses or numbers: nothing here needs to know who somebody is. What somebody else "
    "did wrong belongs to 101 or 999, not here."
)


class ContributionForm(PlaceForm):
    text = forms.CharField(label="What was said?", widget=forms.Textarea, help_text=NO_NAMES)
    origin = forms.ChoiceField(label="Where does it come from?", choices=BY_HAND, widget=forms.RadioSelect)
    where = forms.CharField(
        label="Which one?", max_length=200, required=False, help_text="Such as: spring survey, question 4."
    )
    said_on = forms.DateField(label="When was it said?", initial=timezone.localdate)
    people = forms.IntegerField(
        label="How many people said it?", min_value=1, max_value=100_000, initial=1, help_text="Usually 1."
    )
    may_be_quoted = forms.BooleanField(
        label="They agreed to be quoted on the public page",
        required=False,
        help_text="Without a name. Otherwise they are counted and not quoted.",
    )
    initiative = forms.ModelChoiceField(
        label="Initiative",
        queryset=Initiative.objects.none(),
        required=False,
        empty_label="None",
        widget=QuickSelect,
    )
    concern = forms.ModelChoiceField(
        label="Put it under a concern",
        queryset=Concern.objects.none(),
        required=False,
        empty_label="Not yet",
        widget=QuickSelect,
    )
    field_order = (
        "text",
        "origin",
        "where",
        "said_on",
        "people",
        "may_be_quoted",
        "place",
        "initiative",
        "concern",
    )

    def __init__(self, *args: Any, organisation: Organisation | None, keeps: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["initiative"].queryset = initiatives_of(organisation)  # type: ignore[attr-defined]
        if keeps:
            self.fields["concern"].queryset = concerns_of(organisation)  # type: ignore[attr-defined]
        else:
            del self.fields["concern"]


class IntakeForm(PlaceForm):
    chosen = forms.FileField(
        label="File",
        help_text="csv or xlsx. A column “text” with what was said; if you have them, also date, where, place, people "
        "and quote (yes or no).",
    )
    origin = forms.ChoiceField(label="Where does it come from?", choices=BY_HAND, widget=forms.RadioSelect)
    where = forms.CharField(
        label="Which one?",
        max_length=200,
        required=False,
        help_text="For rows that do not say it themselves.",
    )
    said_on = forms.DateField(
        label="When was it said?",
        initial=timezone.localdate,
        help_text="For rows without a date of their own.",
    )
    initiative = forms.ModelChoiceField(
        label="Initiative",
        queryset=Initiative.objects.none(),
        required=False,
        empty_label="None",
        widget=QuickSelect,
    )
    field_order = ("chosen", "origin", "where", "said_on", "place", "initiative")

    def __init__(self, *args: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["initiative"].queryset = initiatives_of(organisation)  # type: ignore[attr-defined]


class DealForm(Fields, forms.Form):
    """What to do with one contribution or with several."""

    concern = forms.ModelChoiceField(
        label="Concern",
        queryset=Concern.objects.none(),
        required=False,
        empty_label="Choose a concern",
        widget=QuickSelect,
    )
    because = forms.CharField(label="Why set aside?", max_length=300, required=False)
    theme = forms.ModelChoiceField(
        label="Theme",
        queryset=Code.objects.none(),
        required=False,
        empty_label="Choose a theme",
        widget=QuickSelect,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["concern"].queryset = concerns_of(organisation)  # type: ignore[attr-defined]
        self.fields["theme"].queryset = codes_for(viewer)  # type: ignore[attr-defined]


class SeveralForm(DealForm):
    rows = RowsField(queryset=Contribution.objects.none(), required=False)

    def __init__(self, *args: Any, viewer: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, viewer=viewer, organisation=organisation, **options)
        self.fields["rows"].queryset = Contribution.objects.filter(organisation=organisation)  # type: ignore[attr-defined]


class ContributionsFilter(Fields, forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=any_of(CONTRIBUTION.choices))
    origin = forms.ChoiceField(label="From", required=False, choices=any_of(Contribution.Origin.choices))
    concern = forms.ChoiceField(label="Concern", required=False, choices=any_of([("none", "Under none yet")]))
    theme = forms.ChoiceField(label="Theme", required=False)
    place = forms.ModelChoiceField(
        label="Place", queryset=Place.objects.none(), required=False, empty_label="Any", widget=QuickSelect
    )
    initiative = forms.ModelChoiceField(
        label="Initiative",
        queryset=Initiative.objects.none(),
        required=False,
        empty_label="Any",
        widget=QuickSelect,
    )

    def __init__(
        self, *args: Any, organisation: Organisation | None, themes: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        used = Contribution.objects.filter(organisation=organisation).exclude(place=None).order_by()
        self.fields["place"].queryset = Place.objects.filter(  # type: ignore[attr-defined]
            pk__in=used.values("place").distinct()
        ).order_by("name")
        self.fields["initiative"].queryset = initiatives_of(organisation)  # type: ignore[attr-defined]
        self.fields["theme"].choices = any_of(  # type: ignore[attr-defined]
            [("none", "None decided"), ("suggested", "With a suggestion to decide"), *themes]
        )
