"""Forms by which people judge: appraisals, qualitative findings, clues."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.evidence.forms.owning import OwnerFields
from folkmoot.evidence.forms.studies import DIFFERS
from folkmoot.evidence.models import HoopClue, QualitativeFinding, Study
from folkmoot.evidence.queries.choices import claim_choices, study_choices
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import Visibility
from folkmoot.ui.forms import Fields

YES_NO = [("yes", "Yes"), ("no", "No")]


def yes_no(label: str, *, help_text: str = "") -> forms.TypedChoiceField:
    """A question that has to be answered: nothing is chosen beforehand."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": f"Answer: {label[:1].lower()}{label[1:]}"},
    )


class AppraiseForm(Fields, OwnerFields):
    level = forms.TypedChoiceField(
        label="Level for this assumption",
        coerce=int,
        widget=forms.RadioSelect,
        help_text="The Maryland scale, the lower end where it could be either. An association is 2 at most.",
    )
    same_country = yes_no("Is it from the same country as here?", help_text="Here is England and Wales.")
    differs = forms.MultipleChoiceField(
        label="What differs from here besides",
        help_text="Near means: the same country, and at most one of these differs.",
        choices=DIFFERS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    read_in_full = yes_no("Did you read the paper in full?")
    appraiser_is_evaluator = yes_no("Were you one of those who evaluated it?")
    why = forms.CharField(label="Why you appraise it so", widget=forms.Textarea)

    field_order = [
        "level",
        "same_country",
        "differs",
        "read_in_full",
        "appraiser_is_evaluator",
        "why",
        "owner",
        "reach",
    ]

    def __init__(self, *args: Any, study: Study, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(number, LEVELS[number]) for number in range(study.level_high + 1)]


LEVELS = (
    "0: below the scale; it compares with nothing",
    "1: one moment, or before and after without a comparison",
    "2: a comparison that is not like for like, or an association",
    "3: before and after, with and without, in comparable places",
    "4: many places, with what else differs held apart",
    "5: lot decided who got it",
)


class FindingForm(Fields, OwnerFields):
    statement = forms.CharField(
        label="The finding, in a sentence or two", widget=forms.Textarea(attrs={"rows": 3})
    )
    direction = forms.ChoiceField(
        label="What it does", choices=QualitativeFinding.Direction.choices, widget=forms.RadioSelect
    )
    methodological_limits = forms.CharField(label="Limits of method", max_length=400)
    coherence = forms.CharField(
        label="Coherence", max_length=400, help_text="How well it fits what people really said."
    )
    adequacy = forms.CharField(
        label="Adequacy", max_length=400, help_text="How much, and how rich, it rests on."
    )
    relevance = forms.CharField(label="Relevance", max_length=400, help_text="How like here.")
    confidence = forms.ChoiceField(
        label="Confidence, from these four",
        choices=QualitativeFinding.Confidence.choices,
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label="Why that much confidence", widget=forms.Textarea(attrs={"rows": 3}))
    study = forms.TypedChoiceField(
        label="The study it comes from", coerce=int, required=False, empty_value=None
    )
    claims = forms.TypedMultipleChoiceField(
        label="The readings it rests on", coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    field_order = [
        "statement",
        "direction",
        "study",
        "claims",
        "methodological_limits",
        "coherence",
        "adequacy",
        "relevance",
        "confidence",
        "why",
        "owner",
        "reach",
    ]

    def __init__(self, *args: Any, user: Any, assumption: Assumption, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        listed = claim_choices(assumption, viewer=user)
        self.choices = {one.claim.pk: one.claim for one in listed}
        study, claims = self.fields["study"], self.fields["claims"]
        assert isinstance(study, forms.TypedChoiceField) and isinstance(
            claims, forms.TypedMultipleChoiceField
        )
        study.choices = [("", "None: it rests on readings"), *study_choices(user)]
        claims.choices = [(one.claim.pk, one.label) for one in listed]
        if not listed:
            claims.help_text = "No reading is joined to this assumption yet."


class ClueForm(Fields, OwnerFields):
    clue = forms.CharField(
        label="What has to be found, if the assumption holds here", widget=forms.Textarea(attrs={"rows": 3})
    )
    where_to_look = forms.CharField(label="Where you will look", widget=forms.Textarea(attrs={"rows": 2}))

    field_order = ["clue", "where_to_look", "owner", "reach"]


class VerdictForm(Fields, forms.Form):
    verdict = forms.ChoiceField(
        label="What you found", choices=HoopClue.Verdict.choices, widget=forms.RadioSelect
    )
    why = forms.CharField(label="What you looked at", widget=forms.Textarea(attrs={"rows": 3}))


class FindingShareForm(Fields, forms.Form):
    visibility = forms.ChoiceField(label="Who may see this finding?", widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, finding: QualitativeFinding, **options: Any) -> None:
        options.setdefault("initial", {"version": finding.version, "visibility": finding.visibility})
        super().__init__(*args, **options)
        own = {Visibility.TEAM: finding.team_id, Visibility.OWN: finding.organisation_id}
        field: Any = self.fields["visibility"]
        field.choices = [
            (value, label) for value, label in Visibility.choices if own.get(Visibility(value), True)
        ]
