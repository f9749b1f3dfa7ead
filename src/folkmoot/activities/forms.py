"""Forms of this room. A form checks the shape of an answer; what may be recorded ``checking`` says, who may
``policies``. No form has a field for a target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from folkmoot.activities.actions.methods import SYNCHRONOUS
from folkmoot.activities.models import Activity, Initiative, Level, Trigger
from folkmoot.communities.models import Category, Grouping, Place
from folkmoot.communities.queries.people import characteristics
from folkmoot.communities.queries.places import places_for
from folkmoot.mechanisms.models import MechanismVersion, Method
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Objective
from folkmoot.ui.forms import Fields, RowsField

NOT_RECORDED = ("", "Not recorded")
MOST_PLACES = 300


def methods_for(organisation: Organisation | None) -> Any:
    """The library's methods and an organisation's own."""
    own = Q(organisation=organisation) if organisation is not None else Q(pk=None)
    return Method.objects.filter(Q(organisation=None) | own)


def levels(*, empty: str = "Not recorded", shadows: bool = True) -> list[tuple[str, str]]:
    """The levels as choices; S1 and S2 look like engagement and are none, so nobody plans them."""
    listed = [(value, label) for value, label in Level.choices if shadows or value.startswith("L")]
    return [("", empty), *listed]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "fm-time", **(attrs or {})}, format="%H:%M")


class PlaceField(forms.ModelChoiceField):
    """One of the places that somebody may pick; places are many, so a page lists those that are used."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.get_kind_display()})"


def offered_places(user: Any, organisation: Organisation | None, *, chosen: int | None) -> Any:
    """The places to choose from in a list: one's own and those in use, never thousands of areas."""
    found = places_for(user, organisation)
    own = Q(organisation=organisation) if organisation is not None else Q(pk=None)
    used = Q(Exists(Activity.objects.filter(organisation=organisation, place=OuterRef("pk"))))
    used |= Q(Exists(Initiative.objects.filter(organisation=organisation, place=OuterRef("pk"))))
    large = Q(kind__in=[Place.Kind.WARD, Place.Kind.DISTRICT, Place.Kind.FORCE, Place.Kind.PARTNERSHIP])
    listed = found.filter(own | used | large)
    ids = list(listed.values_list("pk", flat=True)[:MOST_PLACES])
    if chosen is not None:
        ids.append(chosen)
    return Place.objects.filter(visible(user), pk__in=ids)


class ActivityForm(Fields, forms.Form):
    """One occasion, with everything that may be said of it. Only the day is needed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    initiative = forms.ModelChoiceField(
        label="Which initiative was it part of?",
        queryset=Initiative.objects.none(),
        required=False,
        empty_label="None: it stands alone",
        help_text="It says what the work is for and why it should work.",
    )
    method = forms.ModelChoiceField(
        label="By which method?",
        queryset=Method.objects.none(),
        required=False,
        empty_label="As the initiative says, or not recorded",
    )
    title = forms.CharField(
        label="A title", max_length=200, required=False, help_text="For example: Stall at the spring fair."
    )
    happened_on = forms.DateField(label="On which day?")
    begins_at = forms.TimeField(label="From", required=False, widget=TimeInput)
    ends_at = forms.TimeField(label="Until", required=False, widget=TimeInput)
    place = PlaceField(
        label="Where?", queryset=Place.objects.none(), required=False, empty_label="Not in this list"
    )
    place_words = forms.CharField(
        label="The place in words",
        max_length=300,
        required=False,
        help_text="Where the list does not have it. No addresses of people.",
    )
    people = forms.CharField(
        label="How many people?",
        max_length=12,
        required=False,
        help_text="Leave it empty if nobody counted. 0 means that nobody came.",
    )
    counted = forms.ChoiceField(
        label="How were they counted?",
        choices=Activity.Counted.choices,
        widget=forms.RadioSelect,
        initial=Activity.Counted.PEOPLE,
        help_text="Attendances, if some of them may be counted at another occasion too, as at a weekly stall.",
    )
    level = forms.ChoiceField(label="Which level was reached?", choices=levels(), required=False)
    hours = forms.CharField(
        label="Hours of everybody together",
        max_length=12,
        required=False,
        help_text="With the way there and the preparation. Two people for three hours: 6.",
    )
    remark = forms.CharField(
        label="A remark",
        max_length=280,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="No names, and nothing about what somebody is said to have done. Only colleagues see it.",
    )
    hosting = forms.ChoiceField(
        label="Whose occasion was it?", choices=[NOT_RECORDED, *Activity.Hosting.choices], required=False
    )
    host = forms.ModelChoiceField(
        label="Who was the host?",
        queryset=Grouping.objects.none(),
        required=False,
        empty_label="Nobody else, or not recorded",
    )
    uniform = forms.ChoiceField(
        label="Was anybody in uniform?", choices=[NOT_RECORDED, *Activity.Uniform.choices], required=False
    )
    trigger = forms.ChoiceField(
        label="What set it off?",
        choices=[("", "As the initiative says"), *Trigger.choices],
        required=False,
    )
    participant_level = forms.ChoiceField(
        label="The level as a participant saw it",
        choices=levels(empty="Nobody was asked"),
        required=False,
    )
    counterpart = forms.ChoiceField(
        label="Who was met?", choices=[NOT_RECORDED, *Grouping.Counterpart.choices], required=False
    )
    demand = forms.CharField(
        label="Which work did it make, and for whom?",
        max_length=280,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text="For example: 40 replies to write, for the neighbourhood team.",
    )

    def __init__(
        self,
        *args: Any,
        user: Any,
        organisation: Organisation,
        activity: Activity | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        initiatives = Initiative.objects.filter(organisation=organisation)
        kept = activity.initiative_id if activity else None
        self._query("initiative", initiatives.filter(Q(state=Initiative.State.OPEN) | Q(pk=kept)))
        self._query("method", methods_for(organisation))
        chosen = activity.place_id if activity else None
        given = self.data.get("place", "") or str(self.initial.get("place") or "")
        if given.isdecimal() and len(given) < 12:
            chosen = int(given)
        self._query("place", offered_places(user, organisation, chosen=chosen))
        self._query("host", Grouping.objects.visible_to(user).filter(ended_on=None))
        self.characteristics = self._add_tallies(user, activity)

    def _query(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _add_tallies(self, user: Any, activity: Activity | None) -> list[tuple[str, list[str]]]:
        """A number for each category in use, by characteristic; kept answers stay even where they ended."""
        kept = dict(activity.tallies.values_list("category_id", "people")) if activity else {}
        rows = Category.objects.filter(visible(user, through="characteristic")).filter(
            Q(ended_on=None) | Q(pk__in=kept)
        )
        grouped: dict[str, list[str]] = defaultdict(list)
        for one in rows.select_related("characteristic").order_by(
            "characteristic__position", "characteristic__name", "position", "pk"
        ):
            name = f"tally_{one.pk}"
            self.fields[name] = forms.CharField(
                label=f"{one.characteristic.name}: {one.name}",
                max_length=12,
                required=False,
                initial=kept.get(one.pk),
            )
            grouped[one.characteristic.name].append(name)
        return list(grouped.items())

    @property
    def tally_groups(self) -> list[tuple[str, list[Any]]]:
        """The bound tally fields by characteristic, for the page."""
        return [(name, [self[field] for field in fields]) for name, fields in self.characteristics]  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        # every field of a category is taken out, those left empty as well: an activity has no such columns
        counts = {name: given.pop(name) for name in [one for one in given if one.startswith("tally_")]}
        given["tallies"] = {
            int(name.removeprefix("tally_")): people
            for name, people in counts.items()
            if str(people or "").strip()
        }
        return given

    def take(self, faults: Mapping[str, str]) -> None:
        """Put the sentences of a refusal at their fields."""
        for name, sentence in faults.items():
            self.add_error(name if name in self.fields else None, sentence)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What ``log_activity`` and ``correct_activity`` take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def initial_of(activity: Activity) -> dict[str, Any]:
    """What the form of an activity begins with."""
    names = [name for name in ActivityForm.base_fields if name != "version"]  # type: ignore[attr-defined]
    found = {name: getattr(activity, name) for name in names}
    return found | {
        "version": activity.version,
        "initiative": activity.initiative_id,
        "method": activity.method_id,
        "place": activity.place_id,
        "host": activity.host_id,
    }


class InitiativeForm(Fields, forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="Name", max_length=160, help_text="As colleagues call it.")
    method = forms.ModelChoiceField(
        label="Which method?", queryset=Method.objects.none(), empty_label="Choose a method"
    )
    purpose = forms.CharField(
        label="What are participants told it is for?",
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="In the words in which they are told. It is needed before the initiative can close.",
    )
    mechanism_version = forms.ModelChoiceField(
        label="Why should it work?",
        queryset=MechanismVersion.objects.none(),
        required=False,
        empty_label="Not stated yet",
        help_text="The chain of reasons. Each activity keeps the one in force when it was recorded.",
    )
    objectives = RowsField(
        label="Which objectives does it serve?",
        queryset=Objective.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groupings = RowsField(
        label="For whom is it meant?",
        queryset=Grouping.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    place = PlaceField(
        label="Where?", queryset=Place.objects.none(), required=False, empty_label="No one place"
    )
    planned_level = forms.ChoiceField(
        label="Which level is planned?", choices=levels(empty="Not planned", shadows=False), required=False
    )
    trigger = forms.ChoiceField(
        label="What set it off?",
        choices=Trigger.choices,
        widget=forms.RadioSelect,
        initial=Trigger.PROACTIVE,
    )
    begins = forms.DateField(label="Begins", required=False)
    ends = forms.DateField(label="Ends", required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        organisation: Organisation,
        initiative: Initiative | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["method"].queryset = methods_for(organisation)
        kept = initiative.mechanism_version_id if initiative else None
        fields["mechanism_version"].queryset = (
            MechanismVersion.objects.filter(visible(user, through="mechanism"))
            .filter(Q(is_current=True, mechanism__retired_at=None) | Q(pk=kept))
            .select_related("mechanism")
            .order_by("-mechanism__organisation", "mechanism__name")
        )
        linked = initiative.objectives.values("pk") if initiative else []
        fields["objectives"].queryset = Objective.objects.filter(organisation=organisation).filter(
            Q(state=Objective.State.ACTIVE) | Q(pk__in=linked)
        )
        fields["groupings"].queryset = Grouping.objects.visible_to(user).filter(ended_on=None)
        chosen = initiative.place_id if initiative else None
        fields["place"].queryset = offered_places(user, organisation, chosen=chosen)
        for name in ("objectives", "groupings"):
            if not fields[name].queryset.exists():
                del fields[name]

    def details(self) -> dict[str, Any]:
        """What ``open_initiative`` and ``change_initiative`` take besides the name and the version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "name"}}


def initial_of_initiative(initiative: Initiative) -> dict[str, Any]:
    return {
        "version": initiative.version,
        "name": initiative.name,
        "method": initiative.method_id,
        "purpose": initiative.purpose,
        "mechanism_version": initiative.mechanism_version_id,
        "objectives": [one.pk for one in initiative.objectives.all()],
        "groupings": [one.pk for one in initiative.groupings.all()],
        "place": initiative.place_id,
        "planned_level": initiative.planned_level,
        "trigger": initiative.trigger,
        "begins": initiative.begins,
        "ends": initiative.ends,
    }


class CloseForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    purpose = forms.CharField(
        label="What were participants told it was for?",
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="In the words in which they were told.",
        error_messages={"required": "Write down what participants were told: without it nothing closes."},
    )
    ends = forms.DateField(label="It ended on")


class VersionForm(Fields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class OutputForm(Fields, forms.Form):
    """What came out. A number that somebody hoped for has no place here."""

    what = forms.CharField(
        label="What was counted?", max_length=120, help_text="For example: leaflets handed out."
    )
    number = forms.IntegerField(label="How many?", min_value=0, max_value=1_000_000_000)
    counted_on = forms.DateField(label="Counted on")


class RateForm(Fields, forms.Form):
    since = forms.DateField(label="From which day?")
    pounds = forms.DecimalField(label="Pounds an hour", max_digits=7, decimal_places=2, min_value=0)
    basis = forms.CharField(
        label="Whose hour, and what does it contain?",
        max_length=200,
        help_text="For example: a constable on average, with pension and insurance, from the finance team.",
    )


class MethodForm(Fields, forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    medium = forms.CharField(
        label="Through what?", max_length=30, help_text="For example: in person, print, online."
    )
    synchronous = forms.ChoiceField(
        label="Are people there at the same time?", choices=SYNCHRONOUS, widget=forms.RadioSelect
    )
    level_low = forms.TypedChoiceField(
        label="Typical level, from",
        coerce=int,
        choices=[(number, label) for number, (_, label) in enumerate(Level.choices[:6])],
    )
    level_high = forms.TypedChoiceField(
        label="Typical level, to",
        coerce=int,
        choices=[(number, label) for number, (_, label) in enumerate(Level.choices[:6])],
    )
    missing_denominator = forms.CharField(
        label="Out of how many, if anybody knew?",
        max_length=120,
        required=False,
        help_text="What a count of people would have to be compared with, such as everybody invited.",
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        low, high = given.get("level_low"), given.get("level_high")
        if low is not None and high is not None and high < low:
            self.add_error("level_high", "The higher level comes second.")  # type: ignore[attr-defined]
        return given


class FilterForm(Fields, forms.Form):
    """Which part of the work a page is about. It is sent by GET, and what it cannot read is no question."""

    initiative = forms.ChoiceField(label="Initiative", required=False)
    method = forms.ChoiceField(label="Method", required=False)
    place = forms.ChoiceField(label="Place, with all that lies in it", required=False)
    since = forms.DateField(label="From", required=False)
    until = forms.DateField(label="Until", required=False)
    month = forms.ChoiceField(label="Month", required=False)
    level = forms.ChoiceField(label="Level reached", required=False)
    by = forms.ChoiceField(
        label="Recorded by",
        required=False,
        choices=[
            ("", "Anybody"),
            ("none", "Not recorded"),
            ("specialists", "Engagement specialists"),
            ("others", "Everybody else"),
        ],
    )
    partners = forms.ChoiceField(
        label="Contact with partners",
        required=False,
        choices=[("", "Included"), ("without", "Left out")],
    )
    characteristic = forms.ChoiceField(label="Counted by", required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        organisation: Organisation,
        without: tuple[str, ...] = (),
        today: date,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        chosen = str(self.initial.get("place") or "")
        place = int(chosen) if chosen.isdecimal() and len(chosen) < 12 else None
        choices: dict[str, list[tuple[Any, str]]] = {
            "initiative": [
                ("", "Every one"),
                ("none", "None"),
                *((one.pk, one.name) for one in Initiative.objects.filter(organisation=organisation)),
            ],
            "method": [
                ("", "Every one"),
                ("none", "Not recorded"),
                *((one.pk, one.name) for one in methods_for(organisation)),
            ],
            "place": [
                ("", "Everywhere"),
                *(
                    (one.pk, f"{one.name} ({one.get_kind_display()})")
                    for one in offered_places(user, organisation, chosen=place)
                ),
            ],
            "level": [("", "Any"), (NOT_RECORDED_KEY, "Not recorded"), *Level.choices],
            "month": [("", "Any"), *_months(today)],
            "characteristic": [(one.code, one.name) for one in characteristics(user)],
        }
        for name in without:
            del self.fields[name]
        for name, listed in choices.items():
            if name in self.fields:
                self.fields[name].choices = listed  # type: ignore[attr-defined]


NOT_RECORDED_KEY = "none"


def _months(day: date, *, number: int = 24) -> list[tuple[str, str]]:
    months = [divmod(day.year * 12 + day.month - 1 - back, 12) for back in range(number)]
    return [(f"{year:04}-{month + 1:02}", f"{date(year, month + 1, 1):%B %Y}") for year, month in months]


class SharingForm(Fields, forms.Form):
    """With whom the totals of one's hours are shared."""

    visibility = forms.ChoiceField(
        label="Who sees the totals",
        choices=[("network", "The organisations of the network"), ("public", "Everybody")],
        initial="network",
        widget=forms.RadioSelect,
    )
