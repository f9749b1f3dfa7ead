"""Where assumptions were tested: what each test reads, by the country and the setting of its study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from folkmoot.core.standing import Reading
from folkmoot.core.standing.grid import evidence_on
from folkmoot.evidence.models import Study
from folkmoot.evidence.queries.shelf import Shelf
from folkmoot.evidence.queries.standings import Judged
from folkmoot.front.queries.uses import NONE

READINGS = (Reading.FOR, Reading.AGAINST, Reading.NO_EFFECT)
NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class Read:
    """The tests of one assumption in one setting: how many studies read each way, and how many of them count."""

    read: Mapping[Reading, int]
    counted: int

    def of(self, reading: Reading) -> int:
        return self.read.get(reading, 0)


def country_of(study: Study) -> str:
    return study.country or NOT_SAID


def setting_of(study: Study) -> str:
    return study.setting or NOT_SAID


def tested_in(shelf: Shelf, setting: str) -> frozenset[int]:
    """The assumptions tested in a country or setting; for “none” those that nobody tested anywhere."""
    if setting == NONE:
        return frozenset(key for key in shelf.assumptions if not any(_readings(shelf, key)))
    return frozenset(
        key
        for key in shelf.assumptions
        if any(setting in (country_of(study), setting_of(study)) for study, _ in _readings(shelf, key))
    )


def by_setting(shelf: Shelf, judged: Mapping[int, Judged], *, within: str = "") -> dict[int, dict[str, Read]]:
    """For each assumption its tests by country; or, ``within`` a country, by setting. Retracted ones left out."""
    found: dict[int, dict[str, Read]] = {}
    for key, one in judged.items():
        rule = one.judgement
        counting = {*rule.counted_for, *rule.counted_against, *rule.counted_no_effect}
        read: dict[str, Counter[Reading]] = {}
        counted: dict[str, set[int]] = {}
        for study, reading in _readings(shelf, key):
            if within and country_of(study) != within:
                continue
            place = setting_of(study) if within else country_of(study)
            read.setdefault(place, Counter())[reading] += 1
            if shelf.keys[study.pk] in counting:
                counted.setdefault(place, set()).add(study.pk)
        found[key] = {place: Read(dict(tests), len(counted.get(place, ()))) for place, tests in read.items()}
    return found


def _readings(shelf: Shelf, key: int) -> list[tuple[Study, Reading]]:
    """Each study that tests it once for each way that it reads."""
    found = evidence_on(shelf.link(shelf.assumptions[key]), shelf.records(shelf.assumptions[key]))
    listed = {
        (shelf.study_of[test.key], test.reading)
        for test in found.tests
        if test.reading in READINGS and not test.retracted
    }
    return [(shelf.studies[study], reading) for study, reading in sorted(listed)]
