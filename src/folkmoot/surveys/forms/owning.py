"""For whom something is recorded and how far it is shared: the two fields that forms here begin with."""

from __future__ import annotations

from typing import Any

from django import forms

from folkmoot.organisations.ownership import Owner
from folkmoot.surveys.queries.choices import NETWORK, owners_for

ONLY_OURS = "only ours"
REACH = [
    (ONLY_OURS, "Only those it belongs to"),
    ("network", "Everybody in the network"),
    ("public", "Everybody"),
]


class ReachField(forms.ChoiceField):
    """How far a row is shared; ``visibility_for`` turns the answer into the owner's own word."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Who may see it")
        options.setdefault("error_messages", {"required": "Choose who may see it."})
        super().__init__(choices=REACH, widget=forms.RadioSelect, initial=ONLY_OURS, **options)


def visibility_for(reach: str, owner: str) -> str:
    if reach != ONLY_OURS:
        return reach
    return "team" if owner.startswith("team") else "own"


def reach_of(row: Any) -> str:
    """What a form about this row begins with."""
    return row.visibility if row.visibility in {"network", "public"} else ONLY_OURS


class OwnerFields(forms.Form):
    """Adds ``owner`` and ``reach``; ``chosen_owner`` and ``chosen_visibility`` after validation."""

    with_network = False
    owner = forms.ChoiceField(
        label="For whom", error_messages={"required": "Choose for whom it is recorded."}
    )
    reach = ReachField()

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        listed = owners_for(user, network=self.with_network)
        self._owners: dict[str, Owner | None] = {key: row for key, _, row in listed}
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, words) for key, words, _ in listed]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("owner") == NETWORK and given.get("reach") == ONLY_OURS:
            self.add_error("reach", "What belongs to the network is seen by the network or by everybody.")
        return given

    @property
    def chosen_owner(self) -> Owner | None:
        return self._owners[self.cleaned_data["owner"]]

    @property
    def chosen_visibility(self) -> str:
        return visibility_for(self.cleaned_data["reach"], self.cleaned_data["owner"])
