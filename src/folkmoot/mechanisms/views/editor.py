"""The sheet on a page: what each button does, and how the sheet is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.utils import ErrorList
from django.http import HttpRequest

from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft
from folkmoot.mechanisms.forms import StepForm, WayForm
from folkmoot.mechanisms.models import Assumption
from folkmoot.mechanisms.queries import Beside, beside_library
from folkmoot.mechanisms.sheet import (
    MOST_BACKFIRES,
    BackfireRow,
    Kept,
    Row,
    Sheet,
    assumptions_on,
    backfires_on,
    kept,
    row_of,
    sheet_from,
    steps_on,
)
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Aim

BLANK = Sheet((Row(), Row(), Row()), (BackfireRow(),))


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One step as the page has it."""

    number: int
    form: StepForm
    row: Row
    state: Kept
    began: Assumption | None
    suggestions: tuple[Any, ...]


class Together(forms.BaseFormSet):  # type: ignore[type-arg]
    """All forms of a sheet as one thing for the summary of what is wrong."""

    def __init__(self, listed: list[Any]) -> None:
        self.listed = listed

    @property
    def forms(self) -> list[Any]:  # type: ignore[override]
        return self.listed

    def non_form_errors(self) -> ErrorList:
        return ErrorList()


class Editor:
    """One request's sheet: read from what was sent, changed by the button pressed, ready to be shown."""

    def __init__(self, request: HttpRequest, *, begin: Sheet) -> None:
        self.viewer = request.user
        self.posted: Mapping[str, str] = request.POST
        self.pressed = request.POST.get("do", "save") if request.method == "POST" else ""
        self.sheet = sheet_from(self.posted) if request.method == "POST" else begin
        self.comparing = request.POST.get("comparing") == "yes" or self.pressed == "compare"
        self.refusal = ""
        self.saving = self.pressed == "save"
        self.errors = False
        if self.pressed and not self.saving:
            self._press()
        self.known = assumptions_on(self.sheet, viewer=self.viewer)
        if self.saving:
            self.errors = any(not form.is_valid() for form in (*self.step_forms(), *self.way_forms()))

    def _press(self) -> None:
        name, _, rest = self.pressed.partition("-")
        place, _, key = rest.partition("-")
        at = int(place) if place.isdecimal() and len(place) < 4 else -1
        sheet = self.sheet
        if name == "add":
            found = self._assumption(place)
            sheet = sheet.with_step(row_of(found) if found else None)
        elif name == "remove":
            sheet = sheet.without_step(at)
        elif name in {"up", "down"}:
            sheet = sheet.moved_step(at, by=-1 if name == "up" else 1)
        elif name == "use":
            found = self._assumption(key)
            sheet = sheet.using(at, found) if found else sheet
        elif name == "anew" and 0 <= at < len(sheet.rows):
            rows = list(sheet.rows)
            rows[at] = replace(
                rows[at], assumption="", effect=rows[at].own_words or rows[at].effect, own_words=""
            )
            sheet = replace(sheet, rows=tuple(rows))
        elif name == "way" and len(sheet.backfires) < MOST_BACKFIRES:
            sheet = replace(sheet, backfires=(*sheet.backfires, BackfireRow()))
        elif name == "graph":
            sheet = replace(sheet, is_graph=True)
        elif name == "line":
            if sheet.is_a_line():
                sheet = replace(sheet, is_graph=False)
            else:
                self.refusal = (
                    "These steps are not one line: a step begins where the one before it does not end. "
                    "Join them first, or leave them as they are."
                )
        self.sheet = sheet.in_line()

    def _assumption(self, key: str) -> Assumption | None:
        if not (key.isdecimal() and len(key) < 12):
            return None
        found = Assumption.objects.filter(visible(self.viewer), pk=int(key))
        return found.select_related("cause", "effect").first()

    def step_forms(self) -> list[StepForm]:
        """The forms of the rows: with their faults when the chain is being saved."""
        names = list(StepForm.base_fields)
        made = []
        for at, row in enumerate(self.sheet.rows):
            said = {name: getattr(row, name) for name in names}
            data = {f"step-{at}-{name}": value for name, value in said.items()} if self.saving else None
            made.append(StepForm(data, prefix=f"step-{at}", initial=said))
        return made

    def way_forms(self) -> list[WayForm]:
        made = []
        for at, row in enumerate(self.sheet.backfires):
            said = {"wording": row.wording, "after": row.after}
            data = {f"way-{at}-{name}": value for name, value in said.items()} if self.saving else None
            made.append(WayForm(data, prefix=f"way-{at}", initial=said))
        return made

    def steps(self) -> list[StepDraft]:
        """The steps to save. Refused where a row began from an assumption that is no longer to be seen."""
        gone = [
            number
            for number, row in enumerate(self.sheet.rows, start=1)
            if row.assumption_id is not None and row.assumption_id not in self.known
        ]
        if gone:
            raise FolkmootError(f"The assumption of step {gone[0]} is no longer shared; say it anew.")
        return steps_on(self.sheet, known=self.known)

    def backfires(self) -> list[BackfireDraft]:
        return backfires_on(self.sheet)

    def context(self, *, aims: Iterable[Aim] = ()) -> dict[str, Any]:
        """What the part of the page with the steps is given."""
        aims = list(aims)
        beside: Beside | None = beside_library(self.sheet.rows, aims=aims) if self.comparing else None
        rows = [
            ShownRow(
                number=at + 1,
                form=form.shown(),
                row=row,
                state=kept(row, known=self.known),
                began=self.known.get(row.assumption_id or 0),
                suggestions=beside.suggestions[at] if beside else (),
            )
            for at, (form, row) in enumerate(zip(self.step_forms(), self.sheet.rows, strict=True))
        ]
        ways = self.way_forms()
        return {
            "rows": rows,
            "ways": ways,
            "is_graph": self.sheet.is_graph,
            "comparing": self.comparing,
            "beside": beside,
            "compare_aims": aims,
            "refusal": self.refusal,
            "sheet_forms": Together([*(row.form for row in rows), *ways]) if self.saving else None,
            "sheet_wrong": self.errors,
            "kept_rows": [row for row in rows if row.state == "keeps"],
            "anew_rows": [row for row in rows if row.state == "changed"],
        }
