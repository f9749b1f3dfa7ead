"""Forms of briefings. A form checks its shape; who may and whether the state allows it, actions say."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.briefings.actions import INTRODUCTION_LENGTH, REMARK_LENGTH
from folkmoot.briefings.composing import SECTIONS
from folkmoot.briefings.models import Briefing, Edition, Review
from folkmoot.coding.models import Code
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.strategies.models import Objective
from folkmoot.ui.forms import Fields

READERS = (
    ("own", "Our own: the organisation's people, or the research team"),
    ("network", "Members of the network"),
    ("public", "Everybody"),
)


def owners_for(user: Any) -> dict[str, Organisation | ResearchTeam]:
    """For whom this person may write."""
    access = access_of(user)
    own = Organisation.objects.filter(
        pk__in=[one for one in access.organisations if may_edit_for(user, organisation_id=one)]
    )
    teams = ResearchTeam.objects.filter(
        pk__in=[one for one in access.teams if may_edit_for(user, team_id=one)]
    )
    return {f"organisation-{one.pk}": one for one in own} | {f"team-{one.pk}": one for one in teams}


def reach_of(owner: Organisation | ResearchTeam, chosen: str) -> str:
    """A team's own readers are “team”."""
    return "team" if chosen == "own" and isinstance(owner, ResearchTeam) else chosen


class NewForm(Fields, forms.Form):
    title = forms.CharField(
        max_length=200, label="Title", help_text="What is asked, in words that people use."
    )
    about = forms.ChoiceField(
        label="What is it about?", error_messages={"required": "Choose an objective or a theme."}
    )
    owner = forms.ChoiceField(
        label="Whose briefing is it?", error_messages={"required": "Choose whose it is."}
    )
    visibility = forms.ChoiceField(
        label="For whom is it written?",
        help_text="Only what these readers may see is told; the rest is counted on its side.",
        choices=READERS,
        widget=forms.RadioSelect,
        initial="own",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners_for(user)
        self.may_write = bool(self.owners)
        objectives = Objective.objects.filter(visible(user)).select_related("organisation")
        books = [
            code
            for code in Code.objects.filter(visible(user, through="codebook"), state="active").select_related(
                "codebook"
            )
            if may_edit_for(
                user, organisation_id=code.codebook.organisation_id, team_id=code.codebook.team_id
            )
        ]
        self.subjects: dict[str, Objective | Code] = {f"objective-{one.pk}": one for one in objectives}
        self.subjects |= {f"theme-{one.pk}": one for one in books}
        about: Any = self.fields["about"]
        about.choices = [
            ("", "Choose one"),
            (
                "Objectives",
                [(f"objective-{one.pk}", f"{one.title} ({one.organisation})") for one in objectives],
            ),
            ("Themes", [(f"theme-{one.pk}", f"{one.name} ({one.codebook.name})") for one in books]),
        ]
        owner: Any = self.fields["owner"]
        owner.choices = [(key, str(one)) for key, one in self.owners.items()]
        if self.owners:
            owner.initial = next(iter(self.owners))

    def details(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        subject, owner = self.subjects[given["about"]], self.owners[given["owner"]]
        return {
            "title": given["title"],
            "owner": owner,
            "visibility": reach_of(owner, given["visibility"]),
            "objective": subject if isinstance(subject, Objective) else None,
            "theme": subject if isinstance(subject, Code) else None,
        }


class AddressForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    visibility = forms.ChoiceField(label="For whom is it written?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, briefing: Briefing, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"version": briefing.version, "visibility": briefing.visibility})
        super().__init__(*args, **kwargs)
        own = [] if briefing.is_network else [("team" if briefing.team_id else "own", briefing.owner_label)]
        field: Any = self.fields["visibility"]
        field.choices = [*own, *READERS[1:]]


class DescribeForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    introduction = forms.CharField(
        required=False,
        max_length=INTRODUCTION_LENGTH,
        widget=forms.Textarea,
        help_text="Printed after the summary, marked as the editors' words.",
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        remarks = edition.content.get("remarks", {})
        initial = {"version": edition.version, "introduction": edition.introduction}
        initial |= {f"remark_{key}": remarks.get(key, "") for key, _, _ in SECTIONS}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for key, title, _ in SECTIONS:
            self.fields[f"remark_{key}"] = forms.CharField(
                label=title, required=False, max_length=REMARK_LENGTH, widget=forms.Textarea
            )

    @property
    def remark_fields(self) -> list[forms.BoundField]:
        return [self[f"remark_{key}"] for key, _, _ in SECTIONS]

    def remarks(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"remark_{key}"] for key, _, _ in SECTIONS}


class ReviewForm(Fields, forms.Form):
    verdict = forms.ChoiceField(
        label="Is it ready?",
        choices=Review.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    words = forms.CharField(
        label="What you say of it",
        required=False,
        max_length=3000,
        widget=forms.Textarea,
        help_text="If it needs changes, say which.",
    )


class PublishForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.BooleanField(
        label="I have read what speaks against, above",
        error_messages={"required": "Read what speaks against, then tick that you have."},
    )


class NoticeForm(Fields, forms.Form):
    text = forms.CharField(label="What readers have to know", max_length=2000, widget=forms.Textarea)
