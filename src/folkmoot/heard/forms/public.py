"""What the public fills in: no account, no name, no way to be reached is asked for."""

from __future__ import annotations

from django import forms

from folkmoot.heard.letting_in import LONGEST_PUBLIC
from folkmoot.heard.models import Correction, Reply
from folkmoot.ui.forms import Fields

WORDS = {"rows": "6"}
HINT = (
    f"At most {LONGEST_PUBLIC:,} characters. Please leave out names, addresses and telephone numbers, your own and "
    "anybody else's."
)


class PublicReplyForm(Fields, forms.Form):
    agrees = forms.ChoiceField(
        label="Was it answered?", choices=Reply.Agrees.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="In your words",
        required=False,
        max_length=LONGEST_PUBLIC,
        widget=forms.Textarea(attrs=WORDS),
        help_text=HINT,
    )


class PublicCorrectionForm(Fields, forms.Form):
    about = forms.ChoiceField(
        label="What is wrong?", choices=Correction.About.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What should it say?",
        max_length=LONGEST_PUBLIC,
        widget=forms.Textarea(attrs=WORDS),
        help_text=HINT,
    )
    code = forms.CharField(
        label="Your code, if you were given one",
        required=False,
        max_length=40,
        help_text="With the code of your own words it says that you are the person who said them.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PublicSayForm(Fields, forms.Form):
    words = forms.CharField(
        label="What do you want to say?",
        max_length=LONGEST_PUBLIC,
        widget=forms.Textarea(attrs=WORDS),
        help_text=HINT,
    )
    may_be_quoted = forms.BooleanField(
        label="My words may be quoted on this page",
        required=False,
        help_text="Without a name. Otherwise they are read and counted.",
    )


class WithdrawForm(Fields, forms.Form):
    code = forms.CharField(
        label="Your code",
        max_length=40,
        help_text="Sixteen letters and digits in four groups.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ShowForm(Fields, forms.Form):
    """What the keepers do with words from the public."""

    what = forms.ChoiceField(
        label="What happens with it?",
        choices=[("show", "Show it, word for word"), ("aside", "Do not show it")],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label="Why is it not shown?",
        required=False,
        max_length=300,
        help_text="This stands on the public page in its place. That it is critical is no reason.",
    )
    answer = forms.CharField(
        label="Your answer, beside it", required=False, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("what") == "aside" and not given.get("because"):
            self.add_error("because", "Say why: the reason stands on the page.")
        return given
