"""A form field and a list of what is wrong, in GOV.UK Frontend markup. Works with any Django form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from folkmoot.ui.forms import css_class


def field(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    label_size: str = "s",
    rows: int | None = None,
    width: str = "",
    inline: bool = False,
    small: bool = False,
    choosing: bool = False,
) -> SafeString:
    """Label, hint, error and control of one field.

    ``width`` is a GOV.UK width ("2" to "30" characters, or "one-half"); a field that may stay empty
    says "(optional)" after its label, save where somebody is ``choosing`` what to list. Works on any form; ``ui.forms.Fields`` is not required.
    """
    kind = _kind(bound)
    identity = bound.auto_id or bound.html_name
    hint = hint or str(bound.help_text)
    errors = list(bound.errors)
    says = " ".join(
        part
        for part in (f"{identity}_helptext" if hint else "", f"{identity}_error" if errors else "")
        if part
    )
    attributes: dict[str, Any] = {}
    if kind not in ("hidden", "radios", "checkboxes"):
        attributes["class"] = css_class(bound.field.widget, error=bool(errors), width=width)
        if says:
            attributes["aria-describedby"] = says
        if rows is not None:
            attributes["rows"] = rows
    optional = not bound.field.required and kind != "checkbox" and not choosing
    name = label or str(bound.label)
    return SafeString(
        render_to_string(
            "ui/parts/field.html",
            {
                "kind": kind,
                "id": identity,
                "name": bound.html_name,
                "label": f"{name} (optional)" if optional and "optional" not in name else name,
                "label_size": label_size,
                "hint": hint,
                "errors": errors,
                "described_by": says,
                "inline": inline,
                "small": small,
                "widget": "" if kind in ("radios", "checkboxes") else bound.as_widget(attrs=attributes),
                "options": _options(bound) if kind in ("radios", "checkboxes") else [],
            },
        )
    )


def error_summary(*wrong: Any) -> SafeString:
    """What is wrong with these forms or formsets, each linked to its field; nothing where all is well."""
    errors = [entry for item in wrong if item is not None for entry in _errors(item)]
    return SafeString(render_to_string("ui/parts/error_summary.html", {"errors": errors}))


def _errors(item: Any) -> list[dict[str, str]]:
    if isinstance(item, forms.BaseFormSet):
        own = [{"text": str(text), "url": ""} for text in item.non_form_errors()]
        return own + [entry for form in item.forms for entry in _errors(form)]
    found = [{"text": str(text), "url": ""} for text in item.non_field_errors()]
    for bound in item:
        # the first of several controls takes the focus
        first = f"{bound.auto_id}_0" if _kind(bound) in ("radios", "checkboxes") else bound.auto_id
        found += [{"text": str(text), "url": "" if bound.is_hidden else f"#{first}"} for text in bound.errors]
    return found


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "control"


def _options(bound: BoundField) -> list[dict[str, Any]]:
    options = []
    group = None
    for part in bound.subwidgets:
        data = part.data
        heading = data.get("group_label") if isinstance(data.get("group_label"), str) else None
        options.append(
            {
                "id": data["attrs"].get("id", ""),
                "type": data["type"],
                "value": "" if data["value"] is None else data["value"],
                "label": data["label"],
                "checked": data["selected"],
                "disabled": bool(data["attrs"].get("disabled")),
                "group": heading if heading != group else None,
            }
        )
        group = heading
    return options
