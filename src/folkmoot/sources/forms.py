"""Forms of sources. What a form checks is its shape; who may and whether the state allows it, actions say."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import Visibility, access_of
from folkmoot.sources.models import Source, Speaker
from folkmoot.ui.forms import Fields

TRANSCRIPT = ("transcript", "Interviews: one person or a group, as the speakers in the file say")
DOCUMENTS = [
    (kind.value, kind.label) for kind in Source.Kind if kind not in {Source.Kind.INTERVIEW, Source.Kind.GROUP}
]
CONSENT_HINT = "Choose what the people agreed to. Where you are not sure, choose the narrowest."


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """One or many files."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=ManyFiles(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        # an empty file is no fault of the form: the import says which one it was
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not given and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return given


def owners_for(user: Any) -> list[tuple[str, str, Owner]]:
    """The teams and organisations for whom this person may bring sources in: key, words, row."""
    access = access_of(user)
    teams = ResearchTeam.objects.filter(pk__in=[pk for pk in access.teams if may_edit_for(user, team_id=pk)])
    own = Organisation.objects.filter(
        pk__in=[pk for pk in access.organisations if may_edit_for(user, organisation_id=pk)]
    )
    return [
        *((f"team-{one.pk}", f"{one.name} (research team)", one) for one in teams),
        *((f"organisation-{one.pk}", one.name, one) for one in own),
    ]


class ImportForm(Fields, forms.Form):
    chosen = FilesField(
        label="Files",
        help_text="Text, Markdown, web page, Word, OpenDocument, PDF with text, subtitles, or a table of speaking turns. "
        "You can choose many at once.",
        error_messages={"required": "Choose at least one file."},
    )
    kind = forms.ChoiceField(
        label="What is in them?",
        choices=[TRANSCRIPT, *DOCUMENTS],
        widget=forms.RadioSelect,
        initial="transcript",
    )
    owner = forms.ChoiceField(
        label="Whose are they?",
        help_text="Interviews belong to a research team, never to the employer of the person interviewed.",
        error_messages={"required": "Choose whose they are."},
    )
    consent = forms.ChoiceField(
        label="What may be done with the words?",
        help_text=CONSENT_HINT,
        choices=Source.Consent.choices,
        widget=forms.RadioSelect,
        initial=Source.Consent.COUNT,
    )
    visibility = forms.ChoiceField(
        label="Who may see that they are here?",
        choices=[
            ("", "Only their owner"),
            (Visibility.NETWORK.value, "The network"),
            (Visibility.PUBLIC.value, "Everybody"),
        ],
        required=False,
        help_text="Beyond the owner nobody sees a title, and words only where they may be quoted and were reviewed.",
    )
    recruitment = forms.CharField(
        label="How did these people come to take part?",
        required=False,
        widget=forms.Textarea,
        help_text="It is printed beside every count of what they said.",
    )
    missing_people = forms.CharField(
        label="Who is missing because of it?", required=False, widget=forms.Textarea
    )
    setting = forms.CharField(label="Where was it?", required=False, max_length=200)
    held_on = forms.DateField(label="When was it?", required=False)
    names = forms.CharField(
        label="Names to protect",
        required=False,
        widget=forms.Textarea,
        help_text="One on a line. They join your team's list: proposed for hiding wherever they stand, and never findable.",
    )
    published = forms.BooleanField(
        label="These documents are published already",
        required=False,
        help_text="For strategies and other documents only: they count as reviewed.",
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = owners_for(user)
        self.owners = {key: owner for key, _, owner in listed}
        self.fields["owner"].choices = [(key, words) for key, words, _ in listed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        transcript = given.get("kind") == "transcript"
        owner = self.owners.get(given.get("owner", ""))
        if transcript and isinstance(owner, Organisation):
            self.add_error("owner", "Interviews belong to a research team. Choose your team.")
        if (
            not transcript
            and isinstance(owner, ResearchTeam)
            and given.get("kind") in {"strategy", "action plan"}
        ):
            self.add_error("owner", "A strategy belongs to an organisation. Choose yours.")
        return given

    def saying(self) -> dict[str, Any]:
        """The options of ``import_sources``."""
        given = dict(self.cleaned_data)
        given["names"] = [line.strip() for line in given["names"].splitlines() if line.strip()]
        given["owner"] = self.owners[given["owner"]]
        given.pop("chosen")
        return given


class FilterForm(Fields, forms.Form):
    words = forms.CharField(label="Title", required=False)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *Source.Kind.choices])
    consent = forms.ChoiceField(
        label="Consent", required=False, choices=[("", "Any"), *Source.Consent.choices]
    )
    redaction = forms.ChoiceField(
        label="Review of names", required=False, choices=[("", "Any"), *Source.Redaction.choices]
    )
    todo = forms.ChoiceField(label="Coding", required=False, choices=[("", "Any"), ("unread", "Unread")])
    whose = forms.ChoiceField(
        label="Whose", required=False, choices=[("", "All"), ("ours", "Ours"), ("others", "Shared by others")]
    )
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *Source.State.choices])


class DescribeForm(Fields, forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Source
        fields = (
            "title",
            "kind",
            "held_on",
            "setting",
            "people",
            "recruitment",
            "missing_people",
            "about_organisation",
        )
        labels = {
            "held_on": "When was it?",
            "setting": "Where was it?",
            "people": "How many people were interviewed?",
            "recruitment": "How did these people come to take part?",
            "missing_people": "Who is missing because of it?",
            "about_organisation": "Which organisation do they speak about?",
        }
        help_texts = {
            "recruitment": "It is printed beside every count of what they said.",
            "about_organisation": "Seen by your team only.",
            "people": "",
            "missing_people": "",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        transcript = {Source.Kind.INTERVIEW.value, Source.Kind.GROUP.value}
        same = transcript if self.instance.is_transcript else set(Source.Kind.values) - transcript
        self.fields["kind"].choices = [choice for choice in Source.Kind.choices if choice[0] in same]  # type: ignore[attr-defined]
        self.fields["recruitment"].widget.attrs["rows"] = "4"
        self.fields["missing_people"].widget.attrs["rows"] = "3"
        self.fields["title"].error_messages["required"] = "Give the source a title."


class ConsentForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    consent = forms.ChoiceField(
        label="What may be done with the words?",
        help_text=CONSENT_HINT,
        choices=Source.Consent.choices,
        widget=forms.RadioSelect,
    )
    visibility = forms.ChoiceField(label="Who may see that it is here?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        super().__init__(*args, **options)
        own = Visibility.TEAM if source.team_id else Visibility.OWN
        self.fields["visibility"].choices = [  # type: ignore[attr-defined]
            (own.value, "Only its owner"),
            (Visibility.NETWORK.value, "The network"),
            (Visibility.PUBLIC.value, "Everybody"),
        ]


class SpeakerForm(Fields, forms.Form):
    pseudonym = forms.CharField(label="Pseudonym", max_length=120)
    role = forms.ChoiceField(label="Role", choices=Speaker.Role.choices)
    join = forms.ModelChoiceField(
        label="The same person as",
        queryset=Speaker.objects.none(),
        required=False,
        empty_label="Nobody else",
    )

    def __init__(self, *args: Any, speaker: Speaker, **options: Any) -> None:
        initial = {"pseudonym": speaker.pseudonym, "role": speaker.role}
        super().__init__(*args, initial=initial, prefix=f"speaker-{speaker.pk}", **options)
        join = self.fields["join"]
        join.queryset = Speaker.objects.filter(source=speaker.source_id).exclude(pk=speaker.pk)  # type: ignore[attr-defined]


class TurnForm(Fields, forms.Form):
    speaker = forms.ModelChoiceField(
        label="Who speaks here?", queryset=Speaker.objects.none(), empty_label="Choose a speaker"
    )

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["speaker"].queryset = Speaker.objects.filter(source=source)  # type: ignore[attr-defined]


class HideForm(Fields, forms.Form):
    turn = forms.IntegerField(label="Number of the turn", min_value=1)
    words = forms.CharField(
        label="Words to hide", max_length=500, help_text="Exactly as they stand in that turn."
    )
    replacement = forms.CharField(label="Show instead", max_length=60, required=False, initial="[HIDDEN]")


class NameForm(Fields, forms.Form):
    name = forms.CharField(
        label="Name to protect",
        max_length=120,
        help_text="A person, a street, a shop: whatever would say who spoke.",
        error_messages={"required": "Write the name."},
    )


class WithdrawForm(Fields, forms.Form):
    reason = forms.CharField(
        label="Why is it withdrawn?",
        max_length=300,
        required=False,
        help_text="Stays on the tombstone. Do not name anybody.",
    )
    sure = forms.BooleanField(
        label="I know that the words cannot be brought back",
        error_messages={"required": "Say that you know it, or go back."},
    )


class SearchForm(Fields, forms.Form):
    q = forms.CharField(
        label="Words to look for",
        max_length=400,
        error_messages={"required": "Write the words to look for."},
        help_text="All words have to stand in one turn. Put a phrase between quotation marks.",
    )
