"""What every form shares: GOV.UK classes on its controls, a date that phones can pick, rows by their numbers.

No form of a room belongs here.
"""

from __future__ import annotations

from typing import Any

from django import forms


def css_class(widget: forms.Widget, *, error: bool = False, width: str = "") -> str:
    """The GOV.UK Frontend class of a control, with any class that the widget already carries."""
    own = str(widget.attrs.get("class", ""))
    block = _block(widget)
    classes = [own] if own and block not in own.split() else []
    classes += [block] if block else []
    if error and block:
        classes.append(f"{block}--error")
    if width and block == "govuk-input":
        classes.append(f"govuk-input--width-{width}" if width.isdigit() else f"govuk-!-width-{width}")
    return " ".join(classes)


def _block(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "govuk-checkboxes__input"
    if isinstance(widget, forms.FileInput):
        return "govuk-file-upload"
    if isinstance(widget, forms.Textarea):
        return "govuk-textarea"
    if isinstance(widget, forms.Select):
        return "govuk-select"
    return "govuk-input" if isinstance(widget, forms.widgets.Input) else ""


# characters that turn the order of the words around them; the marks of Hebrew and Arabic text stay
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their numbers; a number that no database could hold is not in the list either."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if not str(one).isdecimal() or len(str(one)) > 18:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": one}
                )
        return super().clean(value)


class DayInput(forms.DateInput):
    """One day, by the device's own picker; the value is always an ISO date."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "fm-day", **(attrs or {})}, format="%Y-%m-%d")


class Fields:
    """Mixin for forms (before ``forms.Form`` or ``forms.ModelForm``).

    Date fields take ``DayInput``, long texts five rows. A missing answer is named ("Enter: day",
    "Answer: How many?"), as is one that is too large or too long. No control carries the browser's own
    ``required`` check: its messages cannot be seen by everybody, the error summary's can.
    """

    use_required_attribute = False
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, each in self.fields.items():
            if each.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                each.error_messages["required"] = _what_is_missing(name, each)
            for code, words in _what_is_too_much(name, each).items():
                each.error_messages.setdefault(code, words)
            if type(each.widget) is forms.DateInput:
                each.widget = DayInput(attrs=each.widget.attrs)
            if type(each.widget) is forms.Textarea and each.widget.attrs.get("rows") in (10, "10"):
                each.widget.attrs["rows"] = "5"

    def _clean_fields(self) -> None:
        """Nobody's name or title may turn the words that stand beside it."""
        super()._clean_fields()  # type: ignore[misc]
        for name, value in self.cleaned_data.items():
            if type(value) is str:
                self.cleaned_data[name] = value.translate(TURNING)


def _what_is_too_much(name: str, each: forms.Field) -> dict[str, str]:
    """What a field says of an answer past its bounds: it names itself, since a summary shows it alone."""
    label = str(each.label or name.replace("_", " ").capitalize()).replace("%", "%%")
    return {
        "min_value": f"“{label}” takes %(limit_value)s or more",
        "max_value": f"“{label}” takes %(limit_value)s or less",
        "max_length": f"“{label}” takes at most %(limit_value)d characters; there are %(show_value)d",
    }


def _what_is_missing(name: str, each: forms.Field) -> str:
    label = str(each.label or name.replace("_", " "))
    if isinstance(each.widget, forms.CheckboxInput):
        return f"Tick “{label}”"
    if label.endswith("?"):
        return f"Answer: {label}"
    # "PACT meeting" keeps its capitals, "Name" becomes "name"
    label = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    choose = isinstance(each.widget, (forms.Select, forms.RadioSelect, forms.FileInput))
    return f"{'Choose' if choose else 'Enter'}: {label}"
