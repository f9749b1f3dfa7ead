"""Forms of concerns, and of what is decided, promised, told and answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from folkmoot.activities.models import Initiative
from folkmoot.coding.models import Code
from folkmoot.communities.models import Place
from folkmoot.heard.forms.common import REACH, PlaceForm, QuickSelect, any_of, codes_for, initiatives_of
from folkmoot.heard.models import Concern, Decision, Reply, Telling
from folkmoot.heard.states import CONCERN, PROMISE
from folkmoot.organisations.models import Membership, Organisation, User
from folkmoot.ui.forms import Fields, RowsField

SHORT = {"rows": "3"}


class ConcernForm(PlaceForm):
    title = forms.CharField(
        label="What is it about?",
        max_length=160,
        help_text="In a few plain words, such as: waiting at the bus station after dark. Everybody may read this.",
    )
    asked = forms.CharField(
        label="What were people asked?",
        required=False,
        widget=forms.Textarea(attrs=SHORT),
        help_text="In the words that were used. Leave it empty if nobody asked and people spoke of it themselves.",
    )
    influence = forms.ChoiceField(
        label="What was open to their influence?",
        choices=Concern.Influence.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="Be as plain about “neither” as about the rest: people find out.",
    )
    not_open = forms.CharField(
        label="What could not be changed, and why?", required=False, widget=forms.Textarea(attrs=SHORT)
    )
    initiative = forms.ModelChoiceField(
        label="Initiative it belongs to",
        queryset=Initiative.objects.none(),
        required=False,
        empty_label="None",
        widget=QuickSelect,
    )
    promotes_office_holder = forms.BooleanField(
        label="It raises the profile of somebody who holds an elected office, or wants to",
        required=False,
        help_text="It is then listed and counted apart, and stands still near an election.",
    )
    themes = RowsField(
        label="Themes",
        queryset=Code.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="From the codebooks that you read interviews with.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = (
        "title",
        "asked",
        "influence",
        "not_open",
        "place",
        "initiative",
        "promotes_office_holder",
        "themes",
    )

    def __init__(self, *args: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["initiative"].queryset = initiatives_of(organisation)  # type: ignore[attr-defined]
        codes = codes_for(self.viewer)
        if codes.exists():
            self.fields["themes"].queryset = codes  # type: ignore[attr-defined]
        else:
            del self.fields["themes"]

    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ShareForm(Fields, forms.Form):
    visibility = forms.ChoiceField(
        label="Who may see it?",
        choices=REACH,
        widget=forms.RadioSelect,
        help_text="In public stand: what was asked and decided, the words that people agreed to be quoted with, and "
        "no small number of people.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseForm(Fields, forms.Form):
    because = forms.CharField(
        label="Why is it closed without a decision?",
        widget=forms.Textarea(attrs=SHORT),
        help_text="Everybody who sees the concern reads this.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(Fields, forms.Form):
    outcome = forms.ChoiceField(
        label="What was the answer?", choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    what = forms.CharField(label="What exactly was decided?", widget=forms.Textarea(attrs=SHORT))
    because = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs=SHORT),
        help_text="The reason as you would say it to the people who spoke. A “no” without one is no answer.",
    )
    who = forms.CharField(label="Who decided?", max_length=160, help_text="A post or a body, never a name.")
    decided_on = forms.DateField(label="When?", initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PromiseForm(PlaceForm):
    text = forms.CharField(label="What is promised?", max_length=300, widget=forms.Textarea(attrs=SHORT))
    owner_role = forms.CharField(
        label="Who sees to it?", max_length=120, help_text="A post, never a name. Everybody may read this."
    )
    owner = forms.ModelChoiceField(
        label="Whose list should it stand on?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody's",
        help_text="They see it on their overview when it is overdue. It stands on no other page.",
        widget=QuickSelect,
    )
    due = forms.DateField(label="By when?")
    field_order = ("text", "owner_role", "due", "owner", "place")

    def __init__(self, *args: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        members = Membership.objects.filter(organisation=organisation).values("user")
        self.fields["owner"].queryset = User.objects.filter(pk__in=members, is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["place"].help_text = "If it is another place than the concern's."


# what somebody can say of a promise, and the act of ``states.PROMISE`` that it is
HOW_IT_STANDS = {
    "kept": ("It was done", "keep"),
    "broken": ("It was not done", "break"),
    "move": ("It will be done on another day", "move"),
    "open": ("That was said by mistake: it is still to be done", "open again"),
}


class SettleForm(Fields, forms.Form):
    """How a promise stands; offered is what its state allows."""

    how = forms.ChoiceField(
        label="How does it stand?",
        choices=[(word, label) for word, (label, _) in HOW_IT_STANDS.items()],
        widget=forms.RadioSelect,
    )
    settlement = forms.CharField(
        label="What was done, or why not?", required=False, widget=forms.Textarea(attrs=SHORT)
    )
    day = forms.DateField(label="On which day?", initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, state: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["how"].choices = [  # type: ignore[attr-defined]
            (word, label) for word, (label, act) in HOW_IT_STANDS.items() if PROMISE.allows(state, act)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("how") in {"kept", "broken"} and not given.get("settlement"):
            self.add_error("settlement", "Say what was done, or why it was not.")
        return given


class TellingForm(Fields, forms.Form):
    whom = forms.CharField(
        label="Who was told?", max_length=200, help_text="Such as: people waiting at the bus station."
    )
    how = forms.ChoiceField(label="How?", choices=Telling.How.choices, widget=forms.RadioSelect)
    said = forms.CharField(
        label="What were they told?",
        widget=forms.Textarea,
        help_text="What we did, or why not. It is filled in from the decision: say it in your own words.",
    )
    told_on = forms.DateField(label="When?", initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReplyForm(Fields, forms.Form):
    """What people answered in person, written down by somebody."""

    agrees = forms.ChoiceField(
        label="Do they agree that it was answered?", choices=Reply.Agrees.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label="In their words", required=False, widget=forms.Textarea(attrs=SHORT))
    people = forms.IntegerField(label="How many people said so?", min_value=1, max_value=100_000, initial=1)


class ConcernsFilter(Fields, forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=any_of(CONCERN.choices))
    influence = forms.ChoiceField(
        label="What was open",
        required=False,
        choices=any_of([*Concern.Influence.choices, ("unsaid", "Not said yet")]),
    )
    initiative = forms.ModelChoiceField(
        label="Initiative",
        queryset=Initiative.objects.none(),
        required=False,
        empty_label="Any",
        widget=QuickSelect,
    )
    place = forms.ModelChoiceField(
        label="Place", queryset=Place.objects.none(), required=False, empty_label="Any", widget=QuickSelect
    )
    theme = forms.ModelChoiceField(
        label="Theme", queryset=Code.objects.none(), required=False, empty_label="Any", widget=QuickSelect
    )
    late = forms.ChoiceField(
        label="Promises", required=False, choices=any_of([("yes", "With one that is overdue")])
    )

    def __init__(self, *args: Any, viewer: Any, organisation: Organisation | None, **options: Any) -> None:
        super().__init__(*args, **options)
        used = Concern.objects.visible_to(viewer).exclude(place=None).values("place")
        themed = Concern.objects.visible_to(viewer).exclude(themes=None).values("themes")
        querysets: dict[str, Any] = {
            "initiative": initiatives_of(organisation),
            "place": Place.objects.filter(pk__in=used).order_by("name"),
            "theme": codes_for(viewer).filter(pk__in=themed),
        }
        for name, rows in querysets.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
