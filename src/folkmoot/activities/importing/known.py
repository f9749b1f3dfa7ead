"""What an organisation has that a value can mean: initiatives, methods, places, answers, categories, and what
was matched before.

Read once for a file. What does not belong here: deciding for a spelling (``matching``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from folkmoot.activities.importing.fields import VALUED
from folkmoot.activities.importing.spellings import plain
from folkmoot.activities.models import Activity, ActivityImport, Initiative, LearnedMatch, Level, Trigger
from folkmoot.communities.models import Category, Grouping, Place
from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation, User

EMPTY = "empty"  # leave the field empty
ASIDE = "aside"  # set the row aside
MOST_PLACES = 300  # in a list to choose from; more are found by their name or code all the same
_COUNTED = {"people": ["different people", "persons"], "attendances": ["attendance", "visits"]}
_ANSWERS: dict[str, Any] = {
    "counted": Activity.Counted,
    "level": Level,
    "participant_level": Level,
    "hosting": Activity.Hosting,
    "uniform": Activity.Uniform,
    "trigger": Trigger,
    "counterpart": Grouping.Counterpart,
}


@dataclass(frozen=True, slots=True)
class Of:
    """An initiative as rows need it."""

    pk: int
    name: str
    method_id: int
    version_id: int | None
    ended: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """``meanings[field][plain spelling]`` is what it certainly means; ``choices[field]`` what it can mean."""

    organisation_id: int
    meanings: dict[str, dict[str, str]]
    choices: dict[str, list[tuple[str, str]]]
    learned_columns: dict[str, str]
    initiatives: dict[int, Of]
    methods: dict[str, int]
    categories: dict[int, str]
    category_of: dict[tuple[str, str], int]
    characteristic_of: dict[int, int]


def owner_of(import_: ActivityImport) -> Organisation:
    """The organisation that an import is for; imports have no other owners."""
    if import_.organisation is None:
        raise FolkmootError("Activities belong to an organisation.")
    owner: Organisation = import_.organisation
    return owner


def known_to(organisation: Organisation, *, by: User) -> Known:
    """Everything that a spelling in this organisation's file can mean."""
    initiatives = _initiatives(organisation)
    methods = list(Method.objects.filter(Q(organisation=None) | Q(organisation=organisation)))
    choices: dict[str, list[tuple[str, str]]] = {
        "initiative": [(f"initiative:{one.pk}", one.name) for one in initiatives.values()],
        "method": [(f"method:{one.code}", one.name) for one in methods],
        "place": [],
        "host": [
            (f"host:{pk}", name)
            for pk, name in Grouping.objects.visible_to(by).values_list("pk", "name").order_by("name")
        ],
        "by_specialist": [("yes", "Yes"), ("no", "No")],
    }
    choices["kind"] = choices["initiative"] + choices["method"]
    for key, answers in _ANSWERS.items():
        choices[key] = [(str(value), str(label)) for value, label in answers.choices]
    meanings: dict[str, dict[str, str]] = {one.key: {} for one in VALUED}
    for key, listed in choices.items():
        for meaning, label in listed:
            for word in _said(key, meaning, label):
                _only(meanings[key], word, meaning)
    places = _add_places(choices, meanings, organisation=organisation, by=by)
    there = {key: {meaning for meaning, _ in listed} for key, listed in choices.items()} | {"place": places}
    learned_columns = _add_learned(meanings, there, organisation)
    for answers in meanings.values():
        for word in [word for word, meaning in answers.items() if not meaning]:
            del answers[word]  # two things of one name: a person says which
    categories = list(Category.objects.select_related("characteristic"))
    return Known(
        organisation_id=organisation.pk,
        meanings=meanings,
        choices=choices,
        learned_columns=learned_columns,
        initiatives=initiatives,
        methods={one.code: one.pk for one in methods},
        categories={one.pk: f"{one.characteristic.name}: {one.name}" for one in categories},
        category_of={(plain(one.characteristic.name), plain(one.name)): one.pk for one in categories},
        characteristic_of={one.pk: one.characteristic_id for one in categories},
    )


def _initiatives(organisation: Organisation) -> dict[int, Of]:
    rows = Initiative.objects.filter(organisation=organisation).values_list(
        "pk", "name", "method_id", "mechanism_version_id", "state", "ends"
    )
    return {
        pk: Of(pk, name, method, version, ends if state == Initiative.State.CLOSED else None)
        for pk, name, method, version, state, ends in rows
    }


def _said(key: str, meaning: str, label: str) -> list[str]:
    """The ways of writing a choice that need nobody's word."""
    words = [plain(label)]
    if key == "method":
        words.append(plain(meaning.partition(":")[2]))
    if key in _ANSWERS:
        words += [
            plain(meaning),
            plain(label.partition(":")[0]),
            f"{plain(meaning)} {plain(label.partition(':')[0])}",
        ]
        words += _COUNTED.get(meaning, []) if key == "counted" else []
    if key == "by_specialist":
        words += {"yes": ["y", "true", "1", "x"], "no": ["n", "false", "0"]}[meaning]
    return words


def _only(answers: dict[str, str], word: str, meaning: str) -> None:
    """A word that would mean two things means neither."""
    answers[word] = meaning if answers.get(word, meaning) == meaning else ""


def _add_places(
    choices: dict[str, list[tuple[str, str]]],
    meanings: dict[str, dict[str, str]],
    *,
    organisation: Organisation,
    by: User,
) -> set[str]:
    rows = list(
        Place.objects.visible_to(by)
        .values_list("pk", "code", "name", "kind", "vintage", "organisation_id", "ended_on")
        .order_by("name", "pk")
    )
    answers = meanings["place"]
    named: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for pk, code, name, kind, vintage, owner, _ in rows:
        meaning = f"place:{pk}"
        _only(answers, plain(code), meaning)
        answers[plain(f"{kind}/{code}/{vintage}")] = meaning  # as our export has it: never in doubt
        named[plain(name)].append((pk, owner == organisation.pk))
    for name, places in named.items():
        # an organisation's own place of that name comes before the nation's
        own = [pk for pk, mine in places if mine] or [pk for pk, _ in places]
        answers.setdefault(name, f"place:{own[0]}" if len(own) == 1 else "")
    # what has ended is known where a file names it, and not offered
    offered = [row for row in rows if row[6] is None]
    ours = [row for row in offered if row[5] == organisation.pk] or offered
    choices["place"] = [(f"place:{row[0]}", f"{row[2]} ({row[1]})") for row in ours[:MOST_PLACES]]
    return {f"place:{row[0]}" for row in rows}


def _add_learned(
    meanings: dict[str, dict[str, str]], there: dict[str, set[str]], organisation: Organisation
) -> dict[str, str]:
    """What was confirmed before, as long as what it means is still there; the columns are given back."""
    columns: dict[str, str] = {}
    rows = LearnedMatch.objects.filter(organisation=organisation).order_by("pk")
    for field, written, meaning in rows.values_list("field", "written", "meaning"):
        if not field:
            columns[written] = meaning
        elif field in meanings and (meaning in {EMPTY, ASIDE} or meaning in there[field]):
            meanings[field][written] = meaning
    return columns
