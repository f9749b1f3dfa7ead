"""The forms of an import: the file, its columns, its values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from folkmoot.activities.importing.fields import FIELDS
from folkmoot.activities.importing.known import ASIDE, EMPTY, Known
from folkmoot.activities.importing.matching import DAYS, SETTLING, Matching, Open
from folkmoot.activities.importing.parsing import is_nothing, number_of
from folkmoot.activities.importing.sheets import MOST_BYTES, Sheet
from folkmoot.activities.importing.spellings import Group
from folkmoot.core.errors import FolkmootError
from folkmoot.ui.forms import Fields

FIRST_FIELDS = (
    "happened_on", "begins_at", "ends_at", "title", "kind", "initiative", "method", "place", "place_words",
    "people", "hours", "level", "remark",
)  # fmt: skip
DOUBTS = {
    "repeated": "Rows that repeat an earlier row: the same day, time and title",
    "here": "Rows that are here already: the same day, time, title and place",
    "trial": "Rows that look like somebody's trial of a program",
    "cancelled": "Rows whose title says that it was cancelled",
    "unread": "A cell, other than the day, that cannot be read",
}
FOR_ALL = (("initiative", "Initiative of every row"), ("method", "Method of every row"))
SAMPLES = 3


class FileForm(Fields, forms.Form):
    """One file of activities."""

    file = forms.FileField(
        label="The file",
        help_text=f"xlsx, ods or csv, or events and priorities of data.police.uk as JSON. Up to {MOST_BYTES // 1_000_000} MB.",
        allow_empty_file=True,
    )


class ColumnsForm(Fields, forms.Form):
    """Which column is which field, which columns count people, and how doubts are settled."""

    def __init__(self, *args: Any, sheet: Sheet, known: Known, matching: Matching, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.known = sheet, known
        columns = [("", "Not in the file"), *((head, head) for head in sheet.columns)]
        for one in FIELDS:
            self.fields[f"field-{one.key}"] = forms.ChoiceField(
                label=one.label,
                help_text=one.hint,
                choices=columns,
                required=one.key == "happened_on",
                initial=matching.columns.get(one.key, ""),
            )
        for key, label in FOR_ALL:
            self.fields[f"always-{key}"] = forms.ChoiceField(
                label=label,
                choices=[("", "As the file says"), *known.choices[key]],
                required=False,
                initial=matching.always.get(key, ""),
            )
        categories = [("", "Not a count of people"), *known.categories.items()]
        self._counting = [
            number
            for number, head in enumerate(sheet.columns)
            if head in matching.tallies or _counts(sheet, head)
        ]
        for number in self._counting:
            self.fields[f"tally-{number}"] = forms.ChoiceField(
                label=sheet.columns[number],
                choices=categories,
                required=False,
                initial=matching.tallies.get(sheet.columns[number], ""),
            )
        self.fields["days"] = forms.ChoiceField(
            label="Days such as 3/4/2026", choices=list(DAYS.items()), initial=matching.days
        )
        for key, label in DOUBTS.items():
            self.fields[f"settled-{key}"] = forms.ChoiceField(
                label=label, choices=list(SETTLING[key].items()), initial=matching.settled[key]
            )

    def first(self) -> list[forms.BoundField]:
        """The fields that most files have."""
        return [self[f"field-{key}"] for key in FIRST_FIELDS]

    def later(self) -> list[forms.BoundField]:
        """The fields that few files have."""
        return [self[f"field-{one.key}"] for one in FIELDS if one.key not in FIRST_FIELDS]

    def for_all(self) -> list[forms.BoundField]:
        """What every row is of, where no column says it."""
        return [self[f"always-{key}"] for key, _ in FOR_ALL]

    def tallies(self) -> list[forms.BoundField]:
        """Columns of numbers that may count people."""
        return [self[f"tally-{number}"] for number in self._counting]

    def counts_people(self) -> bool:
        """Is any column matched with a group of people?"""
        return any(field.value() for field in self.tallies())

    def doubts(self) -> list[forms.BoundField]:
        """What to do with rows that are in doubt."""
        return [self["days"], *(self[f"settled-{key}"] for key in DOUBTS)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [cleaned.get(f"tally-{number}") for number in self._counting]
        twice = {pk for pk in chosen if pk and chosen.count(pk) > 1}
        for number in self._counting:
            if cleaned.get(f"tally-{number}") in twice:
                self.add_error(
                    f"tally-{number}", "Two columns count the same group of people; choose one of them."
                )
        return cleaned

    def matching(self, before: Matching) -> Matching:
        """The matching as the form says; words on spellings stay."""
        said = self.cleaned_data
        return Matching(
            columns={one.key: head for one in FIELDS if (head := said[f"field-{one.key}"])},
            tallies={
                self.sheet.columns[number]: int(pk)
                for number in self._counting
                if (pk := said[f"tally-{number}"])
            },
            values=before.values,
            always={key: meaning for key, _ in FOR_ALL if (meaning := said[f"always-{key}"])},
            settled={key: said[f"settled-{key}"] for key in DOUBTS},
            days=said["days"],
        )


def _counts(sheet: Sheet, heading: str) -> bool:
    """Does the column hold whole numbers and little else?"""
    filled = [cell for cell in sheet.column(heading)[:200] if not is_nothing(cell)]
    if not filled:
        return False
    try:
        return all(0 <= number_of(cell) < 100_000 for cell in filled[:50])
    except FolkmootError:
        return False


def samples(sheet: Sheet) -> list[tuple[str, list[str]]]:
    """Each heading with the first things that stand below it."""
    found = []
    for at, heading in enumerate(sheet.columns):
        shown = dict.fromkeys(" ".join(cells[at].split())[:60] for _, cells in sheet.rows[:200])
        found.append((heading, [one for one in shown if one][:SAMPLES]))
    return found


class GroupForm(forms.Form):
    """One group of spellings and what all of them, or those still ticked, mean."""

    meaning = forms.ChoiceField(required=False)
    spelling = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, group: Group, suggestion: str, choices: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.group, self.suggested = group, suggestion
        what: Any = [("", "Not said yet"), *choices, (EMPTY, "Leave empty"), (ASIDE, "Set these rows aside")]
        meaning, spelling = self.fields["meaning"], self.fields["spelling"]
        meaning.choices, meaning.initial = what, suggestion  # type: ignore[attr-defined]
        meaning.label = f"“{' '.join(group.label.split())}”"
        spelling.label = f"Spellings of “{' '.join(group.label.split())}”"
        spelling.choices = [  # type: ignore[attr-defined]
            (str(number), f"{' '.join(one.written.split())} ({one.rows})")
            for number, one in enumerate(group.spellings)
        ]
        spelling.initial = [str(number) for number in range(len(group.spellings))]

    def said(self) -> dict[str, str]:
        """Spelling → meaning, for those still ticked; nothing where no meaning is chosen."""
        meaning = self.cleaned_data["meaning"]
        chosen = {int(number) for number in self.cleaned_data["spelling"]}
        return (
            {one.written: meaning for number, one in enumerate(self.group.spellings) if number in chosen}
            if meaning
            else {}
        )


def group_forms(open_: Open, known: Known, *, most: int, data: Any = None) -> list[GroupForm]:
    """A form for each of the first groups. Each goes by its commonest spelling, so that words sent twice, or
    after somebody else's, reach what they were said of."""
    return [
        GroupForm(
            data,
            prefix=f"group-{_name(group)}",
            group=group,
            suggestion=suggestion,
            choices=known.choices[open_.key],
        )
        for group, suggestion in open_.groups[:most]
        if data is None or f"group-{_name(group)}-meaning" in data
    ]


def _name(group: Group) -> str:
    from hashlib import blake2b

    return blake2b("\n".join(one.written for one in group.spellings).encode(), digest_size=8).hexdigest()
