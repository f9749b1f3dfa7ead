"""For whom something is recorded and how far it is shared: the two fields that many forms begin with."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.evidence.queries.choices import NETWORK, Owner, owners_for

ONLY_OURS = "only ours"
REACH = [
    (ONLY_OURS, "Only those it belongs to"),
    ("network", "Everybody in the network"),
    ("public", "Everybody"),
]


class OwnerFields(forms.Form):
    """Adds ``owner`` and ``reach``; ``chosen_owner`` and ``chosen_visibility`` after validation."""

    owner = forms.ChoiceField(
        label="For whom",
        help_text="What belongs to your organisation or team can stay there. What belongs to the network counts for everybody.",
        error_messages={"required": "Choose for whom it is recorded."},
    )
    reach = forms.ChoiceField(
        label="Who may see it",
        choices=REACH,
        widget=forms.RadioSelect,
        initial=ONLY_OURS,
        error_messages={"required": "Choose who may see it."},
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self._owners: dict[str, Owner] = {}
        listed = owners_for(user)
        for key, _, row in listed:
            self._owners[key] = row
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, words) for key, words, _ in listed]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("owner") == NETWORK and given.get("reach") == ONLY_OURS:
            self.add_error("reach", "What belongs to the network is seen by the network or by everybody.")
        return given

    @property
    def chosen_owner(self) -> Owner:
        return self._owners[self.cleaned_data["owner"]]

    @property
    def chosen_visibility(self) -> str:
        reach: str = self.cleaned_data["reach"]
        if reach != ONLY_OURS:
            return reach
        return "team" if self.cleaned_data["owner"].startswith("team-") else "own"
