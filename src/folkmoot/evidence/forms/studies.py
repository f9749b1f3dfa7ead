"""Forms of a study: what it is, what it found, what became of it."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.evidence.actions import MarkDraft
from folkmoot.evidence.forms.owning import OwnerFields
from folkmoot.evidence.models import Mark, Study
from folkmoot.evidence.queries.choices import factor_choices, study_choices
from folkmoot.mechanisms.models import Factor
from folkmoot.ui.forms import Fields, RowsField

BOTH_WAYS = "both"
DIFFERS = [
    ("unit", "Unit: a street there, a household here"),
    ("population", "Population: other people"),
    ("dose", "Dose: more or less of it"),
    ("delivery", "Delivery: by others, or in another way"),
]
ANY = [("", "Any")]


class StudyFilterForm(Fields, forms.Form):
    words = forms.CharField(required=False, max_length=120)
    kind = forms.ChoiceField(required=False, choices=[*ANY, *Study.Kind.choices])
    read = forms.ChoiceField(required=False, choices=[*ANY, *Study.Read.choices])
    retracted = forms.ChoiceField(
        required=False, choices=[("", "Whether or not"), ("yes", "Retracted"), ("no", "Not retracted")]
    )
    whose = forms.ChoiceField(
        required=False,
        choices=[("", "Anybody’s"), ("network", "The network’s"), ("own", "Our own"), ("others", "Others’")],
    )


class StudyDetails(Fields, forms.ModelForm):
    """What a study is, and how much of it was read. Its findings are marked afterwards."""

    figures_text = forms.CharField(
        label="Figures that you read in the study itself",
        help_text="One on a line: what it is, a colon, the figure. A figure read elsewhere is not entered.",
        widget=forms.Textarea,
        required=False,
    )
    differs = forms.MultipleChoiceField(
        label="What is unlike here, besides the country",
        choices=DIFFERS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Study
        fields = [
            "authors",
            "year",
            "title",
            "title_verified",
            "reference",
            "kind",
            "design",
            "setting",
            "country",
            "unit",
            "level_low",
            "level_high",
            "inclusion_level",
            "evaluators",
            "sample",
            "recruitment",
            "missing_people",
            "read_where",
            "not_verified",
            "summary",
            "corrected",
            "association",
        ]
        labels = {
            "authors": "Authors",
            "year": "Year",
            "title": "Title",
            "title_verified": "The title was checked against the paper",
            "reference": "Where it was published",
            "kind": "Kind of study",
            "design": "Design, in a sentence",
            "setting": "Setting",
            "country": "Country",
            "unit": "What was compared",
            "level_low": "Level, the lower end",
            "level_high": "Level, the upper end",
            "inclusion_level": "For a review: the lowest level it admits",
            "evaluators": "Who evaluated",
            "sample": "Participants and sites",
            "recruitment": "How people came to take part",
            "missing_people": "Who is missing because of it",
            "read_where": "What was read of it",
            "not_verified": "Figures are told of it that nobody here has read in it; they are left out",
            "summary": "What it is about, in your own words",
            "corrected": "Correction, and what it changed",
            "association": "It observed only what goes together; nothing was compared",
        }
        help_texts = {
            "level_low": "0 to 5 on the Maryland scale; where it could be either of two, the lower one counts.",
            "unit": "People, streets, wards, officers.",
            "evaluators": "Two studies of one team are not two independent teams.",
            "sample": "The same words for the same people and places: they count once.",
            "country": "“England and Wales” counts as here.",
        }
        widgets = {
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "recruitment": forms.Textarea(attrs={"rows": 2}),
            "missing_people": forms.Textarea(attrs={"rows": 2}),
            "summary": forms.Textarea(attrs={"rows": 4}),
        }

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("level_low", "level_high"):
            self.fields[name].required = False
        if self.instance.pk:
            self.initial.setdefault("version", self.instance.version)
            self.initial.setdefault("differs", self.instance.differs)
            self.initial.setdefault(
                "figures_text", "\n".join(f"{one['about']}: {one['text']}" for one in self.instance.figures)
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        low, high = given.get("level_low"), given.get("level_high")
        if given.get("kind") in {"qualitative", "member survey"}:
            given["level_low"], given["level_high"] = low or 0, high or 0
        elif low is None or high is None:
            self.add_error("level_low", "Enter the level, from the lower to the upper end")
        if low is not None and high is not None and not 0 <= low <= high <= 5:
            self.add_error("level_low", "A level lies between 0 and 5, the lower end first")
        return given

    def clean_figures_text(self) -> list[dict[str, Any]]:
        found = []
        for line in self.cleaned_data["figures_text"].splitlines():
            about, colon, text = line.partition(":")
            if not line.strip():
                continue
            if not colon or not about.strip() or not text.strip():
                raise forms.ValidationError(
                    f"Write “what it is: the figure” in the line “{line.strip()[:60]}”."
                )
            found.append({"about": about.strip(), "text": text.strip(), "verified": True})
        return found

    def _post_clean(self) -> None:
        """The instance is left alone: writing is the actions' business."""

    @property
    def details(self) -> dict[str, Any]:
        """What the action takes."""
        given = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return given | {"differs": self.cleaned_data["differs"], "figures": self.cleaned_data["figures_text"]}


class StudyCorrection(StudyDetails):
    """A study that is recorded already: whoever changes what it counts by says why."""

    because = forms.CharField(
        label="Why the record changes",
        max_length=300,
        required=False,
        help_text="It is shown with every standing that changes because of it.",
    )


class StudyForm(OwnerFields, StudyDetails):
    """A new study, with its owner."""


class MarkForm(Fields, forms.Form):
    """One row of the marks editor."""

    factor = forms.TypedChoiceField(label="Factor", coerce=int)
    sign = forms.ChoiceField(
        label="How it moved",
        choices=[("", "Choose"), *Mark.Sign.choices, (BOTH_WAYS, "± both ways")],
    )
    horizon = forms.CharField(label="When", max_length=80, required=False)
    horizon_days = forms.IntegerField(label="In days", min_value=0, max_value=36500, required=False)
    population = forms.CharField(label="For whom, if for a part only", max_length=200, required=False)
    outcome = forms.CharField(label="Measured as", max_length=200, required=False)
    manipulated = forms.BooleanField(label="The study set out to move it", required=False)
    association = forms.BooleanField(label="Only goes together with the factor before", required=False)
    neighbour = forms.BooleanField(label="Only a neighbouring outcome", required=False)
    fading = forms.BooleanField(label="Smaller than earlier", required=False)
    note = forms.CharField(label="Note", max_length=300, required=False)
    figure = forms.CharField(label="Figure read in the study", max_length=200, required=False)

    def __init__(self, *args: Any, factors: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["factor"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Choose a factor"), *factors]

    def full_clean(self) -> None:
        """Both are needed in a row that says anything; a row left empty is no mistake."""
        for name in ("factor", "sign"):
            self.fields[name].required = False
        super().full_clean()
        for name in ("factor", "sign"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.is_blank:
            return given
        if not given.get("factor") and "factor" not in self.errors:
            self.add_error("factor", "Choose the factor")
        if given.get("sign") == BOTH_WAYS:
            self.add_error(
                "sign",
                "Where it went both ways, split it by time, people or outcome until each part has one sign",
            )
        elif not given.get("sign") and "sign" not in self.errors:
            self.add_error("sign", "Choose how it moved")
        return given

    @property
    def is_blank(self) -> bool:
        """A row in which nobody chose how anything moved or wrote anything is no mark."""
        given = self.cleaned_data
        return not any(
            given.get(name) for name in ("sign", "horizon", "population", "outcome", "note", "figure")
        )

    def draft(self, factors: dict[int, Factor]) -> MarkDraft:
        given = dict(self.cleaned_data)
        factor = factors[given.pop("factor")]
        neighbour, manipulated = given.pop("neighbour"), given.pop("manipulated")
        return MarkDraft(
            factor=factor,
            direct=not neighbour,
            manipulated=manipulated,
            # what a study set out to move was delivered exactly where it is marked as moved
            delivered=manipulated and given["sign"] == Mark.Sign.UP,
            **given,
        )


class _MarkForms(forms.BaseFormSet):  # type: ignore[type-arg]
    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        options["form_kwargs"] = {"factors": factor_choices(user)}
        super().__init__(*args, **options)

    @property
    def filled(self) -> list[MarkForm]:
        return [form for form in self.forms if form.is_valid() and not form.is_blank]


MarkForms: Any = forms.formset_factory(MarkForm, formset=_MarkForms, extra=0, max_num=60, absolute_max=60)


class RetractForm(Fields, forms.Form):
    on = forms.DateField(label="Retracted on")
    note = forms.CharField(label="Who retracted it, and where that is published", max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ConflictForm(Fields, forms.Form):
    conflict = forms.CharField(label="Which reports disagree, and on what", widget=forms.Textarea)
    marks = RowsField(
        label="Marks that do not count until it is resolved",
        queryset=Mark.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, study: Study, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["marks"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = study.marks.select_related("factor")
        field.label_from_instance = _mark_label  # type: ignore[assignment, method-assign]


def _mark_label(mark: Mark) -> str:
    parts = (mark.horizon, mark.population, mark.outcome)
    return f"{mark}{''.join(f', {part}' for part in parts if part)}"


class ResolveForm(Fields, forms.Form):
    resolution = forms.CharField(label="Which report stands, who read both, and why", widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PoolsForm(Fields, forms.Form):
    pooled = forms.TypedMultipleChoiceField(
        label="Studies that this review pools",
        help_text="Each counts inside the review and not beside it.",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, study: Study, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["pooled"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = study_choices(user, besides=study.pk)
