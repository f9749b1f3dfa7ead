"""Forms for people, roles and settings."""

from __future__ import annotations

from django import forms

from folkmoot.organisations.models import Membership, TeamMembership
from folkmoot.ui.forms import Fields


class PersonForm(Fields, forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(label="Role", choices=Membership.Role.choices)


class TeamPersonForm(Fields, forms.Form):
    email = forms.EmailField(label="E-mail address of somebody with an account")
    role = forms.ChoiceField(label="Place", choices=TeamMembership.Role.choices)


class SettingsForm(Fields, forms.Form):
    about = forms.CharField(
        label="What the organisation says of itself", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    structure = forms.CharField(
        label="How engagement is organised here",
        help_text="Shown beside every comparison with others",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
