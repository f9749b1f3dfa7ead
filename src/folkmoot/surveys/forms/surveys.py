"""Forms of surveys, their questions and their waves."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.surveys.drafts import QuestionDraft, TurnoutDraft
from folkmoot.surveys.forms.owning import OwnerFields, ReachField
from folkmoot.surveys.models import Indicator, Question, Survey, Wave
from folkmoot.surveys.queries.choices import indicator_choices
from folkmoot.ui.forms import Fields

MOST_LINES = 400


class SurveyFields(Fields, forms.Form):
    title = forms.CharField(max_length=200)
    population = forms.CharField(
        max_length=300,
        label="For whom is it meant to speak?",
        help_text="Such as: people of 16 and over in Ferry ward",
    )
    run_by = forms.CharField(max_length=200, required=False, label="Who asks, on whose behalf")
    about = forms.CharField(widget=forms.Textarea, max_length=5_000, required=False, label="About it")
    same_people = forms.BooleanField(required=False, label="The same people are asked again (a panel)")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def details(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in ("title", "population", "run_by", "about", "same_people")
        }


class NewSurveyForm(SurveyFields, OwnerFields):
    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)


class SurveyForm(SurveyFields):
    reach = ReachField(
        help_text="Figures only, with small counts hidden. The answers themselves never leave their owner."
    )

    @staticmethod
    def beginning(survey: Survey) -> dict[str, Any]:
        return {
            name: getattr(survey, name)
            for name in ("title", "population", "run_by", "about", "same_people", "version")
        }


class WaveForm(Fields, forms.Form):
    title = forms.CharField(
        max_length=120, required=False, help_text="Such as spring 2026; left empty it is numbered"
    )
    began_on = forms.DateField(required=False, label="Fieldwork began on")
    ended_on = forms.DateField(required=False, label="Fieldwork ended on")
    mode = forms.ChoiceField(
        choices=[("", "Not recorded"), *Wave.Mode.choices], required=False, label="How were people asked?"
    )
    sample = forms.ChoiceField(
        choices=Wave.Sample.choices, label="How did they come to be asked?", initial="unknown"
    )
    design = forms.CharField(
        widget=forms.Textarea, max_length=5_000, required=False, label="How the sample was drawn, in words"
    )
    invited = forms.IntegerField(
        required=False, min_value=0, max_value=100_000_000, label="How many were invited"
    )
    answered = forms.IntegerField(
        required=False, min_value=0, max_value=100_000_000, label="How many answered"
    )
    turnouts = forms.CharField(
        widget=forms.Textarea,
        required=False,
        max_length=50_000,
        label="Who answered and who did not",
        help_text="One group a line: age: 16 to 34, 400, 120 (invited, answered). A * before the line marks a special category such as ethnic group.",
    )
    remarks = forms.CharField(widget=forms.Textarea, max_length=5_000, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_turnouts(self) -> list[TurnoutDraft]:
        lines = [one.strip() for one in self.cleaned_data["turnouts"].splitlines() if one.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"There are more than {MOST_LINES} lines.")
        found = []
        for number, line in enumerate(lines, 1):
            special = line.startswith("*")
            head, _, counts = line.lstrip("* ").partition(":")
            parts = counts.rsplit(",", 2)
            numbers = [one.strip().replace(" ", "") for one in parts[1:]]
            if (
                len(parts) != 3
                or not head.strip()
                or not all(one.isdecimal() and len(one) < 10 for one in numbers)
            ):
                raise forms.ValidationError(f"Line {number} is not written as “age: 16 to 34, 400, 120”.")
            found.append(
                TurnoutDraft(
                    head.strip()[:80], parts[0].strip()[:120], int(numbers[0]), int(numbers[1]), special
                )
            )
        return found

    def details(self) -> dict[str, Any]:
        names = (
            "title",
            "began_on",
            "ended_on",
            "mode",
            "sample",
            "design",
            "invited",
            "answered",
            "remarks",
        )
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def beginning(wave: Wave) -> dict[str, Any]:
        names = (
            "title",
            "began_on",
            "ended_on",
            "mode",
            "sample",
            "design",
            "invited",
            "answered",
            "remarks",
            "version",
        )
        lines = [
            f"{'* ' if one.special else ''}{one.characteristic}: {one.category}, {one.invited}, {one.answered}"
            for one in wave.turnouts.all()
        ]
        return {name: getattr(wave, name) for name in names} | {"turnouts": "\n".join(lines)}


class QuestionForm(Fields, forms.Form):
    """One question among many."""

    code = forms.CharField(max_length=64, label="Name of its column")
    wording = forms.CharField(widget=forms.Textarea, max_length=5_000, label="The question, word for word")
    kind = forms.ChoiceField(choices=Question.Kind.choices, label="It asks for", initial="choice")
    answers = forms.CharField(
        widget=forms.Textarea,
        required=False,
        max_length=20_000,
        help_text="One a line, in the order of the questionnaire",
    )
    indicator = forms.ChoiceField(required=False, label="Which indicator does it measure?")
    exact = forms.BooleanField(required=False, label="Checked against the questionnaire")
    breaks = forms.BooleanField(required=False, label="Not comparable with the version before")
    break_note = forms.CharField(
        required=False,
        max_length=300,
        label="What changed",
        help_text="Or, where the wording changed, why that changes nothing",
    )
    leave_out = forms.BooleanField(required=False, label="Leave this question out from now on")

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None"), *indicators]

    def draft(self, indicators: dict[int, Indicator]) -> QuestionDraft:
        given = self.cleaned_data
        answers = [one.strip() for one in given["answers"].splitlines() if one.strip()]
        return QuestionDraft(
            code=given["code"],
            wording=given["wording"],
            kind=given["kind"],
            answers=tuple((one, one) for one in answers),
            indicator=indicators.get(int(given["indicator"] or 0)),
            exact=given["exact"],
            breaks=given["breaks"],
            break_note=given["break_note"],
        )

    @staticmethod
    def beginning(question: Question) -> dict[str, Any]:
        return {
            "code": question.code,
            "wording": question.wording,
            "kind": question.kind,
            "answers": "\n".join(str(pair[1]) for pair in question.answers),
            "indicator": str(question.indicator_id or ""),
            "exact": question.exact,
        }


QuestionFormSet = forms.formset_factory(QuestionForm, extra=1, max_num=2_000)


class NoteForm(Fields, forms.Form):
    """What is said of a new version of the questions as a whole."""

    note = forms.CharField(required=False, max_length=300, label="What changed in the questions, and why")
    version = forms.IntegerField(widget=forms.HiddenInput)


__all__ = [
    "NewSurveyForm",
    "NoteForm",
    "QuestionForm",
    "QuestionFormSet",
    "SurveyForm",
    "WaveForm",
    "indicator_choices",
]
