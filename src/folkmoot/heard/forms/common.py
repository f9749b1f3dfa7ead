"""What the forms of this room share: a place as somebody writes it, and choices with “any” before them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from folkmoot.activities.models import Initiative
from folkmoot.coding.models import Code
from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError
from folkmoot.heard.models import Concern
from folkmoot.heard.places import offered, place_named
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import Visibility, visible
from folkmoot.ui.forms import Fields

REACH = [
    (Visibility.OWN.value, "Only our organisation"),
    (Visibility.NETWORK.value, "The network"),
    (Visibility.PUBLIC.value, "Everybody, on the public page"),
]
MOST_CONCERNS = 300


def any_of(choices: Iterable[tuple[str, str]], words: str = "Any") -> list[tuple[str, str]]:
    return [("", words), *choices]


class PlaceInput(forms.TextInput):
    """A place by its name, with those offered that the page lists."""

    def __init__(self) -> None:
        super().__init__(attrs={"list": "places-offered", "autocomplete": "off"})


class QuickSelect(forms.Select):
    """A select whose options are written in one go: hundreds of them would each take a template else."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        chosen = {str(one) for one in self.format_value(value)}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (
                    "" if option is None else option,
                    mark_safe(" selected") if str(option or "") in chosen else "",
                    label,
                )
                for option, label in self.choices
            ),
        )
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name})),
            options,
        )


class PlaceForm(Fields, forms.Form):
    """A form with a place, written by name or code. ``viewer`` says which places there are."""

    place = forms.CharField(
        label="Place",
        required=False,
        max_length=200,
        widget=PlaceInput(),
        help_text="Its name or code, as it stands among the places.",
    )
    field_order: Any = None

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        self.viewer = viewer
        super().__init__(*args, **options)

    def clean_place(self) -> Place | None:
        try:
            return place_named(self.cleaned_data.get("place") or "", viewer=self.viewer, strict=True)
        except FolkmootError as error:
            raise forms.ValidationError(str(error)) from None

    @property
    def offered_places(self) -> list[Place]:
        return list(offered(self.viewer))


class VersionForm(Fields, forms.Form):
    """Nothing but the version that somebody saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def initiatives_of(organisation: Organisation | None) -> Any:
    return Initiative.objects.filter(organisation=organisation).order_by("name")


def codes_for(viewer: Any) -> Any:
    return (
        Code.objects.filter(visible(viewer, through="codebook"), state=Code.State.ACTIVE)
        .select_related("codebook")
        .order_by("codebook__name", "name")
    )


def concerns_of(organisation: Organisation | None) -> Any:
    """The newest concerns of an organisation that something can still be put under."""
    newest = Concern.objects.filter(organisation=organisation).exclude(state="closed").order_by("-pk")
    return Concern.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[:MOST_CONCERNS])).order_by(
        "title"
    )
