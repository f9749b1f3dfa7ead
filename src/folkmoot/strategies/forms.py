"""Forms of this room. A form checks the shape of an answer; who may and what is refused, actions say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import Visibility
from folkmoot.sources.models import Source
from folkmoot.strategies.models import Aim, Commitment, DualBenefit, Objective, PassageVerdict, Strategy
from folkmoot.strategies.parts import NEEDED
from folkmoot.ui.forms import Fields

REACH = [
    (Visibility.OWN.value, "Only our organisation"),
    (Visibility.NETWORK.value, "The network"),
    (Visibility.PUBLIC.value, "Everybody"),
]


class WordsForm(Fields, forms.Form):
    """The words of a version: a file, pasted text, or a document that is among the sources already."""

    chosen = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        help_text="Word, OpenDocument, PDF with text, web page, Markdown or plain text.",
    )
    pasted = forms.CharField(
        label="Or paste its words",
        required=False,
        widget=forms.Textarea,
        help_text="Leave an empty line between paragraphs.",
    )
    existing = forms.ModelChoiceField(
        label="Or choose a document that is among your sources already",
        queryset=Source.objects.none(),
        required=False,
        empty_label="None of them",
    )
    published = forms.BooleanField(
        label="This document is published already",
        required=False,
        help_text="Its words may then be quoted wherever you share it.",
    )
    in_force_from = forms.DateField(label="In force from", required=False)
    in_force_until = forms.DateField(label="In force until", required=False)
    note = forms.CharField(
        label="What is different in this version?",
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [kind.value for kind in Strategy.Kind]
        self.fields["existing"].queryset = Source.objects.filter(  # type: ignore[attr-defined]
            organisation=organisation, kind__in=kinds, state=Source.State.LIVE, strategy_version=None
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        ways = [name for name in ("chosen", "pasted", "existing") if given.get(name)]
        if not ways and not self.errors:
            self.add_error("chosen", "Choose a file, paste the words, or choose a document.")
        if len(ways) > 1:
            self.add_error(ways[1], "Give the words in one way only.")
        since, until = given.get("in_force_from"), given.get("in_force_until")
        if since and until and until <= since:
            self.add_error("in_force_until", "A version ends after it came into force.")
        return given

    def file(self, title: str) -> tuple[str, bytes] | None:
        """The file to read, by its name and bytes; none where a document was chosen."""
        given = self.cleaned_data
        if given["existing"]:
            return None
        if given["chosen"]:
            return given["chosen"].name, given["chosen"].read()
        return f"{title[:100]}.txt", given["pasted"].encode()


class StrategyForm(WordsForm):
    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(
        label="What is it?",
        choices=Strategy.Kind.choices,
        widget=forms.RadioSelect,
        initial=Strategy.Kind.STRATEGY,
        help_text="A strategy says what for, an action plan who does what, a policy what is allowed.",
    )
    visibility = forms.ChoiceField(
        label="Who may see it?", choices=REACH, widget=forms.RadioSelect, initial=Visibility.OWN
    )


class ShareForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    visibility = forms.ChoiceField(label="Who may see it?", choices=REACH, widget=forms.RadioSelect)


class MarkForm(Fields, forms.Form):
    """A passage, by its code points (a selection) or by the numbers of its sentences."""

    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    first = forms.IntegerField(label="From sentence", required=False, min_value=1)
    last = forms.IntegerField(label="To sentence", required=False, min_value=1)
    verdict = forms.ChoiceField(
        label="What is it?",
        choices=[
            (PassageVerdict.Verdict.OBJECTIVE.value, "An objective: somebody is to change or gain"),
            (PassageVerdict.Verdict.COMMITMENT.value, "A promise: something is to be done"),
            (PassageVerdict.Verdict.NOTHING.value, "Neither"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what the passage is."},
    )
    why = forms.CharField(label="Why?", required=False, max_length=300)

    def shown(self) -> MarkForm:
        """For the page: where nothing is selected the first number is needed, so it is not called optional."""
        _ = self.errors  # judged before what the page shows is changed
        self.fields["first"].required = True
        return self

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        selected = given.get("start") is not None and given.get("end") is not None
        if not selected and given.get("first") is None and "first" not in self.errors:
            self.add_error("first", "Say with which sentence the passage begins.")
        first, last = given.get("first"), given.get("last")
        if not selected and first and last and last < first:
            self.add_error("last", "The passage ends before it begins.")
        return given


class ObjectiveForm(Fields, forms.Form):
    """One objective. Which parts are missing the action says too; here each is named at its field."""

    aim = forms.ModelChoiceField(
        label="Which aim does it serve?",
        queryset=Aim.objects.all(),
        to_field_name="code",
        empty_label="Choose an aim",
        help_text="If it serves several, state one objective for each.",
        error_messages={"required": "Choose the aim that it serves."},
    )
    benefits = forms.ChoiceField(
        label="Whom does it benefit?",
        choices=Objective.Benefit.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="“Both” is no answer here: state one, and claim the other afterwards as a dual benefit, "
        "which stands as untested until somebody shows it.",
    )
    title = forms.CharField(label="Short title", max_length=200)
    who = forms.CharField(
        label="Who is to change or gain?",
        max_length=300,
        help_text="For example: residents of the streets around Ferry Road.",
    )
    what_change = forms.CharField(
        label="What is to change?",
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="From what to what, or more or less of what.",
    )
    by_when = forms.DateField(label="By when?")
    how_known = forms.CharField(
        label="How will anyone know?",
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Which count, question or observation would show it, and show it if it failed.",
    )
    who_says = forms.CharField(
        label="Whose judgement is it?",
        max_length=200,
        required=False,
        help_text="Who says whether it worked: residents, partners, the organisation itself.",
    )
    checked = forms.CharField(
        label="Has anyone checked?",
        max_length=200,
        required=False,
        help_text="How, if so. Leave it empty if nobody has.",
    )
    stated = forms.ChoiceField(
        label="When was it stated?",
        choices=Objective.Stated.choices,
        widget=forms.RadioSelect,
        initial=Objective.Stated.BEFORE,
        help_text="A purpose that was found afterwards is shown as such.",
    )
    influence = forms.ChoiceField(
        label="What may the people concerned influence?",
        choices=Objective.Influence.choices,
        widget=forms.RadioSelect,
        initial=Objective.Influence.NEITHER,
    )
    receiving_agency = forms.CharField(label="Which service takes it over?", max_length=200, required=False)
    receiving_capacity = forms.CharField(
        label="Has it room for them?",
        max_length=200,
        required=False,
        help_text="What is known, and from whom.",
    )
    receiving_agreement = forms.CharField(
        label="Has it agreed?", max_length=200, required=False, help_text="Who agreed, and when."
    )
    promotes_office_holder = forms.BooleanField(
        label="It raises the profile of somebody who holds an elected office, or wants to",
        required=False,
        help_text="Such an objective is kept out of what is reported as a benefit to the community.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, words in NEEDED.items():
            self.fields[name].error_messages["required"] = (
                f"Say {words}." if name != "title" else "Give it a short title."
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        aim = given.get("aim")
        if aim is not None and aim.benefit == Aim.Benefit.DECLARE and not given.get("benefits"):
            self.add_error("benefits", f"Under “{aim.name}” say whom it benefits.")
        return given

    def shown(self) -> ObjectiveForm:
        """For the page: where it is asked at all, whom it benefits is not optional."""
        _ = self.errors  # judged before what the page shows is changed
        self.fields["benefits"].required = True
        return self

    def details(self) -> dict[str, Any]:
        """What ``create_objective`` and ``revise_objective`` take besides the aim."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"aim", "version"}}


class CommitmentForm(Fields, forms.Form):
    text = forms.CharField(label="What is promised?", widget=forms.Textarea(attrs={"rows": "3"}))
    owner_role = forms.CharField(
        label="Who is to see to it?", max_length=120, required=False, help_text="A post, never a name."
    )
    due = forms.DateField(label="By when?", required=False)
    objective = forms.ModelChoiceField(
        label="Which objective does it serve?",
        queryset=Objective.objects.none(),
        required=False,
        empty_label="None in particular",
    )

    def __init__(self, *args: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["objective"].queryset = Objective.objects.filter(  # type: ignore[attr-defined]
            organisation=organisation, state=Objective.State.ACTIVE
        )


class SettleForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label="Was it kept?", choices=Commitment.State.choices, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label="Why, or how is it known?",
        max_length=300,
        required=False,
        help_text="Needed if it was not kept.",
    )


class DualBenefitForm(Fields, forms.Form):
    organisation_gains = forms.CharField(
        label="What does the organisation gain?", widget=forms.Textarea(attrs={"rows": "2"})
    )
    community_gains = forms.CharField(
        label="What do people in the community gain?", widget=forms.Textarea(attrs={"rows": "2"})
    )
    through = forms.CharField(
        label="Through which step does the one bring the other?", widget=forms.Textarea(attrs={"rows": "2"})
    )
    who_may_lose = forms.CharField(
        label="Who may lose by it?", required=False, widget=forms.Textarea(attrs={"rows": "2"})
    )


class DualBenefitTestForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="How does the claim stand?", choices=DualBenefit.Status.choices, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label="What supports or challenges it?",
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Name the study, count or answers. Needed unless the claim is untested.",
    )


class ArrangementForm(Fields, forms.Form):
    name = forms.CharField(label="Its name", max_length=160)
    about = forms.CharField(
        label="What is it?", required=False, widget=forms.Textarea(attrs={"rows": "3"}), max_length=2000
    )
    owner = forms.ModelChoiceField(
        label="Who runs it?", queryset=Organisation.objects.all(), empty_label="Choose a body"
    )
    since = forms.DateField(label="Since when?")
    visibility = forms.ChoiceField(
        label="Who may see it?", choices=REACH, widget=forms.RadioSelect, initial=Visibility.NETWORK
    )


class PassOnForm(Fields, forms.Form):
    to = forms.ModelChoiceField(
        label="Who runs it from then on?", queryset=Organisation.objects.all(), empty_label="Choose a body"
    )
    since = forms.DateField(label="From which day?")
    note = forms.CharField(label="What is worth knowing about the change?", max_length=300, required=False)


def initial_of(objective: Objective, names: Iterable[str]) -> dict[str, Any]:
    """What the form of an objective begins with."""
    return {name: getattr(objective, name) for name in names} | {
        "aim": objective.aim.code,
        "benefits": objective.benefits,
        "version": objective.version,
    }
