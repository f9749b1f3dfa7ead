"""The forms of a thread and of a member check."""

from __future__ import annotations

from django import forms

from folkmoot.discussion.models import MemberCheck
from folkmoot.ui.forms import Fields


class CommentForm(Fields, forms.Form):
    text = forms.CharField(label="Your comment", widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)


class ResolutionForm(Fields, forms.Form):
    resolution = forms.CharField(label="What came of it", max_length=1000)


class AskForm(Fields, forms.Form):
    asked_of = forms.CharField(
        label="Whom do you ask?", help_text="A pseudonym or a role, never a name", max_length=120
    )
    question = forms.CharField(
        label="The question they will read",
        help_text="Give the reading in plain words and ask whether it is fair",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )


class AnswerForm(Fields, forms.Form):
    answer = forms.ChoiceField(
        label="Is this a fair reading of what you said?",
        choices=MemberCheck.Answer.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="In your own words",
        help_text="Needed if the reading is not fair: what did you mean?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
    )
    may_be_shown = forms.BooleanField(
        label="My words may be shown beside the reading",
        help_text="Without your name. If you leave this open, only the team reads them.",
        required=False,
    )
