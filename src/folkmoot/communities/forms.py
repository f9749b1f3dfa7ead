"""Forms of this room. A form checks the shape of an answer; who may and what is refused, actions say."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from folkmoot.communities.models import Category, Grouping, Place, Representative
from folkmoot.communities.queries.places import OWN_KINDS
from folkmoot.organisations.visibility import Visibility, visible
from folkmoot.ui.forms import Fields

REACH = [
    (Visibility.OWN.value, "Only our organisation"),
    (Visibility.NETWORK.value, "The network"),
    (Visibility.PUBLIC.value, "Everybody"),
]
FEW = 5
LONGEST = 320  # a name, its code and its year
MOST = 300  # places named in one field


def written(place: Place) -> str:
    """A place as its field is filled in: its name, its code and its year."""
    return f"{place.name} ({place.code}, {place.vintage})"


class PlaceByWords(forms.CharField):
    """A place by its code, or by its name where only one place has it. ``among`` is set by the form."""

    among: QuerySet[Place]

    def clean(self, value: Any) -> Place | None:
        words = " ".join(super().clean(value).split())
        return self.found(words) if words else None

    def found(self, words: str) -> Place:
        if len(words) > LONGEST:
            raise forms.ValidationError(f"No place has a name as long as “{words[:60]}…”.")
        # "Linthorpe (E05009862, 2024)" is how a refusal writes it
        inside = re.search(r"\(([^(),]+)(?:, (\d{1,4}))?\)\s*$", words)
        code, year = (inside[1].strip(), inside[2]) if inside else (words, None)
        rows = self.among.filter(code__iexact=code)
        if year:
            rows = rows.filter(vintage=int(year))
        listed = list(rows.order_by("-vintage", "id")[: FEW + 1])
        if len({(row.kind, row.code) for row in listed}) == 1:
            return listed[0]  # the newest year of one code
        listed = listed or list(
            self.among.filter(name__iexact=words).order_by("kind", "-vintage", "id")[: FEW + 1]
        )
        if len(listed) == 1:
            return listed[0]
        if listed:
            several = "; ".join(written(one) for one in listed[:FEW])
            raise forms.ValidationError(f"Several places are called so. Write one of these: {several}.")
        near = list(self.among.filter(name__icontains=words).order_by("kind", "name", "-vintage")[:FEW])
        like = "; ".join(written(one) for one in near)
        raise forms.ValidationError(
            f"No place has the code or the name “{words[:60]}”."
            + (f" Is it one of these? {like}." if like else "")
        )


class PlacesByWords(PlaceByWords):
    """Several places, one on a line or between commas."""

    def clean(self, value: Any) -> Any:
        said = forms.CharField.clean(self, value)
        named = [one.strip() for one in re.split(r"[\n;]+|,(?![^(]*\))", said) if one.strip()]
        if len(named) > MOST:
            raise forms.ValidationError(f"Name up to {MOST} places at once.")
        return [self.found(one) for one in named]


class OwnPlaceForm(Fields, forms.Form):
    """A beat, a hall, a street."""

    name = forms.CharField(label="Name", max_length=200, help_text="As your people call it.")
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind, Place.Kind(kind).label) for kind in OWN_KINDS],
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label="Your own code for it",
        max_length=40,
        required=False,
        help_text="Leave it empty to be given one.",
    )
    lies_in = PlaceByWords(
        label="In which area does it lie?",
        max_length=200,
        required=False,
        help_text="A ward, a district or one of your own areas: its code, or its name.",
    )
    made_of = PlacesByWords(
        label="Which areas is it made of?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For a neighbourhood team's area: wards or small areas by code, one on a line. "
        "The people who live in them are then the people of the area.",
    )
    visibility = forms.ChoiceField(
        label="Who may see it?", choices=REACH, widget=forms.RadioSelect, initial="own"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: Any, new: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        among = Place.objects.filter(visible(viewer), ended_on=None)
        for name in ("lies_in", "made_of"):
            self.fields[name].among = among  # type: ignore[attr-defined]
        if not new:
            del self.fields["kind"], self.fields["code"]


class AreaForm(Fields, forms.Form):
    place = PlaceByWords(
        label="Add an area",
        max_length=200,
        help_text="A force area, a district, a ward: its code, or its name.",
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].among = Place.objects.filter(visible(viewer), ended_on=None)  # type: ignore[attr-defined]


class EndForm(Fields, forms.Form):
    on = forms.DateField(label="Since when is it no longer used?")
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlacesFilter(Fields, forms.Form):
    words = forms.CharField(label="Name or code", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False)
    year = forms.ChoiceField(label="Year of its boundaries", required=False)

    def __init__(self, *args: Any, years: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "Every kind"), *Place.Kind.choices]  # type: ignore[attr-defined]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", "Every year"),
            *((str(year), str(year) if year else "No year: our own places") for year in years),
        ]


class GroupingForm(Fields, forms.ModelForm):
    """Who is meant, on what basis, and who says so. There is no field for what these people think."""

    place = PlaceByWords(
        label="Is it about a place?", max_length=200, required=False, help_text="Its code, or its name."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Grouping
        fields = (
            "name",
            "basis",
            "boundary",
            "defined_by",
            "self_defined",
            "place",
            "category",
            "denominator",
            "overlap",
            "said_label",
            "said_by",
            "barrier",
            "counterpart",
            "powers",
            "segmentation",
        )
        labels = {
            "name": "What would the people in it call themselves?",
            "basis": "What do they have in common?",
            "boundary": "Who is in and who is not?",
            "defined_by": "Who drew this line?",
            "self_defined": "Who describes them so?",
            "category": "Is it a category that people are counted by?",
            "denominator": "How many are they, and who says so?",
            "overlap": "Whom do they share people with?",
            "said_label": "Has somebody used a label for them?",
            "said_by": "Who used the label?",
            "barrier": "The same as a barrier that we present",
            "counterpart": "In what capacity do you meet them?",
            "powers": "Powers handed over, and by whom",
            "segmentation": "This comes from a bought segmentation",
        }
        help_texts = {
            "name": "People in it can answer what is written here.",
            "boundary": "Such as “anybody with a pitch this year”.",
            "denominator": "Without it nobody can say how many of them were reached.",
            "overlap": "Groupings are rarely apart: many people are in several.",
            "defined_by": "A role, such as “engagement lead” or “the members themselves”. No names.",
            "category": "A shared category is no shared view: nothing here says what they think.",
            "said_label": "Such as “hard to reach”, as it was said.",
            "said_by": "A role, such as “our 2019 strategy”. Needed with a label.",
            "barrier": "What keeps them from us, such as “our meetings are only in English”. Needed with a label.",
            "powers": "For delegated capacity, such as private security.",
            "segmentation": "It is then never evidence of what people think.",
        }
        widgets = {
            "basis": forms.RadioSelect,
            "self_defined": forms.RadioSelect,
            "counterpart": forms.RadioSelect,
        }

    def __init__(self, *args: Any, viewer: Any, new: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].among = Place.objects.filter(visible(viewer), ended_on=None)  # type: ignore[attr-defined]
        categories = Category.objects.filter(visible(viewer, through="characteristic"), ended_on=None)
        self.fields["category"] = _CategoryField(
            label=self.fields["category"].label,
            help_text=self.fields["category"].help_text,
            queryset=categories.select_related("characteristic").order_by(
                "characteristic__position", "position"
            ),
            required=False,
            empty_label="None",
        )
        for name in ("basis", "self_defined", "counterpart"):
            self.fields[name].choices = Grouping._meta.get_field(name).choices  # type: ignore[attr-defined,union-attr]
        if new:
            self.fields["visibility"] = forms.ChoiceField(
                label="Who may see it?", choices=REACH, widget=forms.RadioSelect, initial="own"
            )

    def _post_clean(self) -> None:
        """Nothing is set on the row, nor checked by it: the action does both, with sentences for people."""


class _CategoryField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.characteristic.name}: {obj.name}"


class ShareForm(Fields, forms.Form):
    visibility = forms.ChoiceField(label="Who may see it?", choices=REACH, widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RepresentativeForm(Fields, forms.Form):
    role = forms.CharField(
        label="In what role does this person speak?",
        max_length=160,
        help_text="Such as “chair of the traders”. Everybody who sees the grouping reads it: no name.",
    )
    chosen = forms.ChoiceField(
        label="How were they chosen?", choices=Representative.Chosen.choices, widget=forms.RadioSelect
    )
    mandate = forms.CharField(
        label="For whom do they speak, on what, and how do they report back?",
        required=False,
        widget=forms.Textarea,
    )
    name = forms.CharField(
        label="Name", max_length=160, required=False, help_text="Only if you need it. Only editors read it."
    )
    affiliation = forms.CharField(label="Where they belong", max_length=200, required=False)
    shown_to_others = forms.BooleanField(
        label="This person agreed to be named to others",
        required=False,
        help_text="Otherwise name and affiliation stay with the people who edit for your organisation.",
    )
    since = forms.DateField(label="Since", required=False)
    until = forms.DateField(label="Until", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class BringInForm(Fields, forms.Form):
    """A file of places or of counts, and what it does not say of itself."""

    what = forms.ChoiceField(
        label="What is in the file?",
        choices=[
            ("places", "Places: a lookup (CSV), or outlines (GeoJSON, TopoJSON)"),
            ("population", "Counts of people: census tables, mid-year estimates (CSV)"),
        ],
        widget=forms.RadioSelect,
    )
    chosen = forms.FileField(label="File", allow_empty_file=True)
    owner = forms.ChoiceField(label="For whom?", widget=forms.RadioSelect)
    source = forms.CharField(
        label="Who published it, under what licence?",
        max_length=300,
        required=False,
        help_text="Printed beside every count and map that comes from it.",
    )
    vintage = forms.IntegerField(
        label="Year of its codes",
        required=False,
        min_value=1900,
        max_value=2100,
        help_text="Where the columns do not say so, as “ward24_code” does.",
    )
    read_as = forms.IntegerField(
        label="Read its codes as of another year",
        required=False,
        min_value=1900,
        max_value=2100,
        help_text="Counts only: 2024 for a table of 2021 districts whose places are here as of 2024.",
    )
    counted_on = forms.DateField(label="Day on which people were counted", required=False)
    off_by = forms.IntegerField(
        label="By how much may each count be off?",
        required=False,
        min_value=0,
        max_value=1000,
        help_text="0 for exact counts. Left empty, counts of the 2021 census are taken as up to 3 off.",
    )
    characteristic = forms.CharField(
        label="What are people counted by?",
        max_length=120,
        required=False,
        help_text="Only for tables that are not known here.",
    )
    special = forms.BooleanField(
        label="That is a special category in data protection law",
        required=False,
        help_text="Ethnicity, religion, health, sexual orientation and the like.",
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        if owners:
            self.fields["owner"].initial = owners[0][0]
