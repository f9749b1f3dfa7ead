"""Forms of this room. A form checks the shape of an answer; what makes a chain sound, ``drafts`` says."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.mechanisms.models import Assumption, Method
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import Visibility, access_of
from folkmoot.strategies.models import Objective
from folkmoot.ui.forms import Fields

Owner = Organisation | ResearchTeam


def owners_for(user: Any) -> dict[str, Owner]:
    """The organisations and teams for which this person may state a chain, by the key of the choice."""
    access = access_of(user)
    own = [pk for pk in access.organisations if may_edit_for(user, organisation_id=pk)]
    teams = [pk for pk in access.teams if may_edit_for(user, team_id=pk)]
    return {
        **{f"organisation-{one.pk}": one for one in Organisation.objects.filter(pk__in=own)},
        **{f"team-{one.pk}": one for one in ResearchTeam.objects.filter(pk__in=teams)},
    }


class StepForm(Fields, forms.Form):
    """One step. Blank rows are left out, so nothing here is required."""

    assumption = forms.IntegerField(required=False, widget=forms.HiddenInput)
    cause = forms.CharField(label="This", required=False, max_length=300)
    effect = forms.CharField(label="leads to this", required=False, max_length=300)
    own_words = forms.CharField(
        label="How people here put it",
        required=False,
        max_length=300,
    )
    population = forms.CharField(label="For whom?", required=False, max_length=200)
    horizon = forms.CharField(
        label="How soon?", required=False, max_length=120, help_text="For example: within six weeks."
    )
    horizon_days = forms.IntegerField(label="In days", required=False, min_value=0, max_value=36500)
    smallest_change = forms.CharField(
        label="Smallest change that matters",
        required=False,
        max_length=200,
        help_text="For example: five in a hundred more who feel safe.",
    )
    smallest_change_value = forms.FloatField(
        label="As a number", required=False, help_text="0.05 is five in a hundred."
    )
    context = forms.CharField(label="Only where", required=False, max_length=300)

    def shown(self) -> StepForm:
        """For the page: blank rows are left out, but in a row that is used neither end is optional."""
        _ = self.errors  # judged before what the page shows is changed
        self.fields["cause"].required = self.fields["effect"].required = True
        return self


class WayForm(Fields, forms.Form):
    """One way in which the chain may go wrong."""

    wording = forms.CharField(label="What may go wrong?", required=False, max_length=300)
    after = forms.IntegerField(
        label="After which step?",
        required=False,
        min_value=0,
        max_value=60,
        help_text="0 is where the chain begins.",
    )


class ChainForm(Fields, forms.Form):
    """What is said of the chain as a whole."""

    name = forms.CharField(
        label="Name of the chain",
        max_length=160,
        error_messages={"required": "Give the chain a name."},
    )
    objective = forms.ModelChoiceField(
        label="Which objective should it reach?",
        queryset=Objective.objects.none(),
        required=False,
        empty_label="None yet",
    )
    owner = forms.ChoiceField(label="Whose chain is it?", required=False)
    method = forms.ModelChoiceField(
        label="Way of engaging",
        queryset=Method.objects.all(),
        required=False,
        empty_label="None in particular",
    )
    context = forms.CharField(
        label="Where should it work?",
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
        max_length=2000,
        help_text="What has to be so for the whole chain to hold.",
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.owners = owners_for(user)
        self.fields["owner"].choices = [(key, str(one)) for key, one in self.owners.items()]  # type: ignore[attr-defined]
        if len(self.owners) < 2:
            self.fields["owner"].widget = forms.HiddenInput()
        pks = [one.pk for one in self.owners.values() if isinstance(one, Organisation)]
        self.fields["objective"].queryset = Objective.objects.filter(  # type: ignore[attr-defined]
            organisation__in=pks, state=Objective.State.ACTIVE
        ).select_related("organisation")

    def whose(self) -> Owner | None:
        """Whose chain it is: the objective's owner, else the one chosen, else the only one there is."""
        objective = self.cleaned_data.get("objective")
        if objective is not None:
            return objective.organisation
        chosen = self.owners.get(self.cleaned_data.get("owner") or "")
        return chosen or next(iter(self.owners.values()), None)


class AdoptForm(ChainForm):
    field_order = ["objective", "name"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["objective"].required = True
        self.fields["objective"].empty_label = "Choose one of your objectives"  # type: ignore[attr-defined]
        self.fields["objective"].error_messages["required"] = "Choose the objective that it should reach."
        del self.fields["owner"], self.fields["method"]


class ReviseForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    context = forms.CharField(
        label="Where should it work?",
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
        max_length=2000,
    )
    note = forms.CharField(
        label="What changed, and why?",
        max_length=300,
        error_messages={"required": "Say in a few words what changed and why."},
    )


class ShareForm(Fields, forms.Form):
    visibility = forms.ChoiceField(label="Who may see it?", widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, team: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        own = (
            (Visibility.TEAM.value, "Only our team")
            if team
            else (Visibility.OWN.value, "Only our organisation")
        )
        self.fields["visibility"].choices = [  # type: ignore[attr-defined]
            own,
            (Visibility.NETWORK.value, "The network"),
            (Visibility.PUBLIC.value, "Everybody"),
        ]


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class AssumptionForm(Fields, forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Assumption
        fields = ("population", "horizon", "horizon_days", "smallest_change", "smallest_change_value")
        labels = {
            "population": "For whom?",
            "horizon": "How soon?",
            "horizon_days": "In days",
            "smallest_change": "Smallest change that matters",
            "smallest_change_value": "As a number",
        }
        help_texts = {"smallest_change": "", "smallest_change_value": "0.05 is five in a hundred."}
