"""Forms for people, roles and settings."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms

from folkmoot.organisations.models import Membership, TeamMembership
from folkmoot.ui.forms import Fields

# nobody becomes an administrator because that stood first in a list
CHOOSE = ("", "Choose one")


class PersonForm(Fields, forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(
        label="Role",
        choices=[CHOOSE, *Membership.Role.choices],
        error_messages={"required": "Choose what this person is here."},
    )


class TeamPersonForm(Fields, forms.Form):
    email = forms.EmailField(label="E-mail address of somebody with an account")
    role = forms.ChoiceField(
        label="Place",
        choices=[CHOOSE, *TeamMembership.Role.choices],
        error_messages={"required": "Choose this person's place in the team."},
    )


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


class TokenForm(Fields, forms.Form):
    name = forms.CharField(
        label="Name of the token",
        max_length=80,
        error_messages={"required": "Name it after what will use it."},
    )


class SignInForm(LoginForm):
    """Sign-in without a second link for a forgotten password: the page has one below its button."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].help_text = ""
        self.fields["login"].label = "E-mail address"
        if "remember" in self.fields:
            self.fields["remember"].label = "Stay signed in on this device"
        for field in self.fields.values():  # a label stays; words inside a box vanish as one types
            field.widget.attrs.pop("placeholder", None)
