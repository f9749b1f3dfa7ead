"""Forms of coding. What a form checks is its shape; who may and whether the state allows it, actions say."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.coding.actions import ClaimDraft
from folkmoot.coding.models import Claim, Code, Codebook
from folkmoot.coding.queries.reader import assumptions_for
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import Visibility, visible
from folkmoot.sources.forms import owners_for
from folkmoot.ui.forms import Fields, RowsField

NEW = "new"


class MarkForm(Fields, forms.Form):
    """Which words, and which codes they are given. Words come as code points: marked, or chosen from lists."""

    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    first_word = forms.IntegerField(required=False, min_value=0)
    last_word = forms.IntegerField(required=False, min_value=0)
    codes = RowsField(queryset=Code.objects.none(), required=False)
    new_code = forms.CharField(
        required=False, max_length=120, label="A new code", help_text="It joins the codebook at once."
    )
    codebook = forms.ModelChoiceField(
        queryset=Codebook.objects.none(), required=False, label="Into which codebook"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["codes"].queryset = Code.objects.filter(
            visible(user, through="codebook"), state=Code.State.ACTIVE
        ).select_related("codebook")
        fields["codebook"].queryset = Codebook.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("start") is None or given.get("end") is None:
            given["start"], given["end"] = given.get("first_word"), given.get("last_word")
        if given.get("start") is None or given.get("end") is None:
            raise forms.ValidationError("Choose the words first: mark them, or take a turn by its number.")
        if given["end"] <= given["start"]:
            raise forms.ValidationError("The last word stands before the first one. Choose them again.")
        return given

    def wanted(self) -> dict[str, Any]:
        """The fields as ``read_passage`` takes them."""
        return {name: self.cleaned_data[name] for name in ("start", "end", "codes", "new_code", "codebook")}


class AssumptionField(forms.CharField):
    """An assumption by its number, ``new``, or nothing; found among those that the person may see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Select, **options)
        self.user: Any = None
        self.may_start = False

    def prepare(self, user: Any, *, may_start: bool, listed: bool) -> None:
        """``listed``: with the choices, for a form that is going to be shown."""
        self.user, self.may_start = user, may_start
        if listed:
            new = [(NEW, "A new assumption: the cause and effect above")] if may_start else []
            self.widget.choices = [("", "None of them"), *new, *assumptions_for(user)]

    def clean(self, value: Any) -> Assumption | str | None:
        given = super().clean(value)
        if not given:
            return None
        if given == NEW and self.may_start:
            return NEW
        found = None
        if given.isdecimal():
            seen = Assumption.objects.filter(visible(self.user), pk=int(given[:18]))
            found = seen.select_related("cause", "effect").first()
        if found is None:
            raise forms.ValidationError("Choose an assumption from the list.")
        return found


class FactorField(forms.CharField):
    """A cause or an effect: asked for, but an assumption that is chosen may stand in for it."""

    def validate(self, value: Any) -> None:
        """Whether it may be empty is for the whole form to say."""


class ClaimForm(Fields, forms.Form):
    """A claim: what leads to what, how it is meant, how it is known, who says so."""

    cause = FactorField(max_length=300, label="What leads …")
    effect = FactorField(max_length=300, label="… to what")
    stance = forms.ChoiceField(
        choices=Claim.Stance.choices,
        widget=forms.RadioSelect,
        label="How is it meant?",
        initial=Claim.Stance.ASSERTS,
    )
    assumption = AssumptionField(
        label="Which assumption does it speak to?",
        help_text="Type to search. Without words of your own above, the claim says what the assumption says.",
    )
    modality = forms.ChoiceField(
        choices=Claim.Modality.choices, label="How is it known?", initial=Claim.Modality.SAID
    )
    claimant_role = forms.ChoiceField(
        choices=Claim.Role.choices, label="Who says so?", initial=Claim.Role.OTHER
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": "3"}), label="Note")

    def __init__(
        self, *args: Any, user: Any, may_start: bool = True, listed: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        assumption: Any = self.fields["assumption"]
        assumption.prepare(user, may_start=may_start, listed=listed)

    @classmethod
    def is_given(cls, posted: Any) -> bool:
        """Does the post make a claim at all? A stance alone is the form's own first choice."""
        return any(posted.get(name, "").strip() for name in ("cause", "effect", "assumption"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not isinstance(given.get("assumption"), Assumption):
            for name, sentence in (
                ("cause", "Say what is supposed to lead to it, or choose an assumption."),
                ("effect", "Say what it is supposed to lead to, or choose an assumption."),
            ):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, sentence)
        return given

    def draft(self) -> ClaimDraft:
        given = dict(self.cleaned_data)
        chosen = given.pop("assumption")
        return ClaimDraft(
            **given,
            assumption=chosen if isinstance(chosen, Assumption) else None,
            starts_assumption=chosen == NEW,
        )


class ReviseForm(ClaimForm):
    """Reading a claim again: the same questions, about a claim that is there."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        """The fields as ``revise_claim`` takes them."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        chosen = given["assumption"]
        if isinstance(chosen, Assumption):
            given["cause"] = given["cause"] or chosen.cause.wording
            given["effect"] = given["effect"] or chosen.effect.wording
        return given


class JoinForm(Fields, forms.Form):
    assumption = AssumptionField(label="Which assumption does it speak to?")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assumption: Any = self.fields["assumption"]
        assumption.prepare(user, may_start=True, listed=True)


class ShareForm(Fields, forms.Form):
    visibility = forms.ChoiceField(label="Who may see this reading?", widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = (Visibility.TEAM if claim.team_id else Visibility.OWN).value
        choices = [
            (value, label) for value, label in Visibility.choices if value in (own, "network", "public")
        ]
        fields: dict[str, Any] = self.fields
        fields["visibility"].choices = choices


class ArbitrateForm(Fields, forms.Form):
    stands = forms.TypedChoiceField(
        label="Does the code stand on these words?",
        choices=[("yes", "Yes, it stands"), ("no", "No, it does not stand")],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the code stands."},
    )
    why = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: whoever coded it otherwise will want to know."},
    )
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)


class OwnWordsForm(Fields, forms.Form):
    factor = forms.IntegerField(widget=forms.HiddenInput)
    wording = forms.CharField(
        label="In your own words",
        max_length=300,
        error_messages={"required": "Say it in your own words."},
    )


class ClaimFilterForm(Fields, forms.Form):
    """Which claims to list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in self.visible_fields():
            bound.field.widget.attrs["class"] = "govuk-select"

    stance = forms.ChoiceField(required=False, choices=[("", "Any"), *Claim.Stance.choices], label="Stance")
    modality = forms.ChoiceField(
        required=False, choices=[("", "Any"), *Claim.Modality.choices], label="How known"
    )
    role = forms.ChoiceField(
        required=False, choices=[("", "Anybody"), *Claim.Role.choices], label="Who says so"
    )
    state = forms.ChoiceField(
        required=False, choices=[("", "Any but superseded"), *Claim.State.choices], label="State"
    )
    joined = forms.ChoiceField(
        required=False,
        choices=[("", "Any or none"), ("some", "Joined to one"), ("none", "Joined to none")],
        label="Assumption",
    )
    whose = forms.ChoiceField(
        required=False,
        choices=[("", "Anybody's"), ("ours", "Our own"), ("others", "Shared by others")],
        label="Whose",
    )
    assumption = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    source = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class CodebookForm(Fields, forms.Form):
    name = forms.CharField(max_length=120, label="Name")
    description = forms.CharField(
        required=False, widget=forms.Textarea, label="What it is for", help_text="What is read for, and how."
    )
    owner = forms.ChoiceField(label="Whose is it?")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {key: owner for key, _, owner in owners_for(user)}
        fields: dict[str, Any] = self.fields
        fields["owner"].choices = [(key, label) for key, label, _ in owners_for(user)]

    def clean_owner(self) -> Any:
        return self.owners[self.cleaned_data["owner"]]


class CodeForm(Fields, forms.Form):
    """A code: what it is called, what it means, what it stands below."""

    name = forms.CharField(max_length=120, label="Name")
    description = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        label="What it means",
        help_text="When to use it and when not, so that a second coder would do the same.",
    )
    parent = forms.ModelChoiceField(
        queryset=Code.objects.none(),
        required=False,
        label="Below",
        empty_label="Nothing: it stands at the top",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, codebook: Codebook, code: Code | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = codebook.codes.filter(state=Code.State.ACTIVE)
        fields: dict[str, Any] = self.fields
        fields["parent"].queryset = active.exclude(pk=code.pk) if code else active


class MergeForm(Fields, forms.Form):
    into = forms.ModelChoiceField(
        queryset=Code.objects.none(), label="Into which code", empty_label="Choose a code"
    )

    def __init__(self, *args: Any, code: Code, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["into"].queryset = code.codebook.codes.filter(state=Code.State.ACTIVE).exclude(pk=code.pk)


class SplitForm(Fields, forms.Form):
    names = forms.CharField(
        widget=forms.Textarea(attrs={"rows": "4"}),
        label="The new codes",
        help_text="One on each line, two at least.",
    )

    def clean_names(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]


def codebooks_of(user: Any) -> list[Codebook]:
    """The codebooks that this person may change."""
    return [one for one in Codebook.objects.visible_to(user) if may_edit(user, one)]
