"""Answers of single people: brought in whole or not at all, weighted as drawn, never leaving their owner."""

from __future__ import annotations

import dataclasses
import pathlib

import numpy as np
import pytest
from django.conf import settings

from folkmoot.audit.models import Event
from folkmoot.core.errors import BadImport, FolkmootError, NotAllowed, NotYet
from folkmoot.core.estimates.linear import proportion
from folkmoot.sources.storage import sweep
from folkmoot.surveys import actions
from folkmoot.surveys.drafts import MarginDraft
from folkmoot.surveys.figures import figures_of
from folkmoot.surveys.models import Microdata, Result
from folkmoot.surveys.queries.microdata import columns
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, Identifying, lay

SALT = "00" * 32


def test_the_file_is_kept_byte_for_byte_and_its_columns_beside_it(filled, answers):
    kept = Microdata.objects.get()
    content = answers.table(answers.people(), answers.header)
    folder = pathlib.Path(settings.ORIGINALS)
    assert (folder / kept.kept_as).read_bytes() == content
    assert (folder / kept.columns_as).is_file()
    assert (kept.read, kept.used, kept.set_aside) == (400, 400, [])


def test_the_sweep_of_orphans_leaves_the_files_of_surveys(filled):
    assert sweep() == 0
    assert (pathlib.Path(settings.ORIGINALS) / Microdata.objects.get().columns_as).is_file()


def test_columns_come_back_as_they_were(filled, answers, cast):
    held = columns(filled, ["heard", "trust"], viewer=cast.ada)
    rows = answers.people()
    assert held.rows == 400
    assert np.allclose(held.weights, [row[3] for row in rows])
    assert np.allclose(held.of("trust").values, [row[6] for row in rows])
    heard = held.of("heard")
    assert heard.answers == ("no", "yes")
    words = [heard.answers[place] if place >= 0 else "-9" for place in heard.values]
    assert words == [row[4] for row in rows]
    assert len(set(held.clusters.tolist())) == len({row[1] for row in rows})
    assert set(held.of("heard").is_answer("yes")[heard.values >= 0]) == {0.0, 1.0}


def test_shares_are_weighted_as_the_sample_was_drawn(filled, cast):
    held = columns(filled, ["heard"], viewer=cast.ada)
    expected = proportion(held.of("heard").is_answer("yes"), held.design())
    stored = Result.objects.get(variable__name="heard", by=None).figures
    yes = next(one for one in stored["answers"] if one["words"] == "yes")
    assert yes["estimate"] == pytest.approx(expected.estimate.estimate)
    assert yes["low"] == pytest.approx(expected.estimate.low)
    beside_replacement = expected.design_effect * (1 - expected.n / expected.population)
    assert yes["design_effect"] == pytest.approx(beside_replacement)
    assert stored["n"] + stored["missing"] == 400


@pytest.mark.parametrize("person", ["ben", "fay", "jon", "cleo", "eli", "dina", "gus"])
def test_answers_never_leave_those_who_edit_for_their_owner(filled, cast, person):
    filled.survey.visibility = "public"
    filled.survey.save()
    with pytest.raises(NotAllowed):
        columns(filled, ["heard"], viewer=getattr(cast, person))


def test_the_same_person_has_the_same_number_in_every_wave_and_another_in_another_survey(
    survey, wave, filled, bring, answers, cast
):
    later = actions.add_wave(survey, title="Autumn", by=cast.ada)
    bring(later, answers.table(answers.people(300, seed=6, first=201), answers.header))
    first = columns(filled, [], viewer=cast.ada).panel
    second = columns(later, [], viewer=cast.ada).panel
    assert len(set(first.tolist()) & set(second.tolist())) == 200
    other = actions.create_survey("Another", owner=cast.police, population="All", by=cast.ada)
    elsewhere = actions.add_wave(other, title="", by=cast.ada)
    bring(elsewhere, answers.table(answers.people(), answers.header))
    assert not set(columns(elsewhere, [], viewer=cast.ada).panel.tolist()) & set(first.tolist())


def test_rows_without_weight_or_street_and_people_twice_are_set_aside_with_the_reason(wave, bring, answers):
    rows = [list(row) for row in answers.people(50)]
    rows[3][3], rows[7][1], rows[9][0], rows[11][3] = "", "", rows[8][0], "-1"
    rows.append([""] * 7)
    kept = bring(wave, answers.table(rows, answers.header))
    assert (kept.read, kept.used, len(kept.set_aside)) == (51, 46, 5)
    assert [one["row"] for one in kept.set_aside] == [5, 9, 11, 13, 52]
    assert "Its panel number stands on an earlier row." in kept.set_aside[2]["reason"]


IDENTIFYING = {
    "name": ["Ann Oakthorpe", "Ben Ashworth", "Cara Elmfield", "Dan Birchall", "Eve Hollyoak"],
    "contact": ["a@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org"],
    "phone": ["07700 900123", "07700 900456", "07700 900789", "07700 900321", "07700 900654"],
    "where": ["KD1 2AB", "KD1 2AC", "KD2 9ZZ", "KD4 1XY", "KD1 4QQ"],
    "born": ["03/04/1950", "12/11/1961", "30/01/1988", "09/09/1999", "21/07/1974"],
    "home": ["12 Ferry Road", "3 Mill Lane", "44 High Street", "9 Beck Close", "1 Quay Street"],
    "first_name": ["Ann", "Ben", "Cara", "Dan", "Eve"],
}


@pytest.mark.parametrize("column", sorted(IDENTIFYING))
def test_columns_that_say_who_somebody_is_are_refused_until_a_person_says_drop(wave, bring, answers, column):
    content = answers.table(
        [(who, "yes" if place % 2 else "no") for place, who in enumerate(IDENTIFYING[column])],
        (column, "heard"),
    )
    with pytest.raises(Identifying, match=column):
        bring(wave, content, choices=Choices())
    assert not Microdata.objects.exists()
    assert not list(pathlib.Path(settings.ORIGINALS).rglob("*.parquet"))
    kept = bring(wave, content, choices=Choices(drop=frozenset({column})))
    assert kept.dropped == [column]
    stored = [path for path in pathlib.Path(settings.ORIGINALS).rglob("*") if path.is_file()]
    for path in stored:
        assert IDENTIFYING[column][0].encode() not in path.read_bytes(), path.name
    assert kept.kept_as == ""


def test_nobody_can_vouch_for_a_column_of_addresses(wave, bring, answers):
    content = answers.table([(who, "yes") for who in IDENTIFYING["contact"]], ("contact", "heard"))
    with pytest.raises(Identifying):
        bring(wave, content, choices=Choices(vouched=frozenset({"contact"})))


def test_a_person_may_vouch_for_a_column_that_only_sounds_like_it_and_the_log_keeps_it(wave, bring, answers):
    rows = [
        (one, "yes" if place % 2 else "no") for place, one in enumerate(["Elm Ward", "Ash Ward", "Oak Ward"])
    ]
    content = answers.table(rows, ("ward_name", "heard"))
    with pytest.raises(Identifying):
        bring(wave, content, choices=Choices())
    bring(wave, content, choices=Choices(vouched=frozenset({"ward_name"})))
    assert Event.objects.filter(action="brought in answers").get().detail["vouched"] == ["ward_name"]


def test_words_in_peoples_own_hand_are_not_kept(wave, bring, answers):
    rows = [(f"I said number {one} to them", "yes" if one % 2 else "no") for one in range(300)]
    with pytest.raises(Identifying, match="own hand"):
        bring(wave, answers.table(rows, ("comment", "heard")), choices=Choices())


BAD = {
    "answers.doc": (b"x", "of no kind that is read here"),
    "answers.csv": (b"", "is empty"),
    "header.csv": (b"a,b\n", "a header and no rows"),
    "noise.csv": (b"a,b\ncaf\xe9\x07,1\n", "not UTF-8"),
    "hidden.csv": ("a,b\nx\x00,1\n".encode("utf-16"), "not UTF-8"),
    "cells.csv": (b"a,b\n1,2\n1,2,3\n", "cells where the header has 2"),
    "twice.csv": (b"a,a\n1,2\n", "more than one column"),
    "broken.sav": (b"$FL2 nothing of the sort", "cannot be read as a file of SPSS"),
    "broken.dta": (b"<stata_dta>", "cannot be read as a file of Stata"),
    "broken.xlsx": (b"PK\x03\x04nothing", "cannot be read as a spreadsheet"),
    "broken.ods": (b"PK\x03\x04nothing", "cannot be read as a spreadsheet"),
    "broken.parquet": (b"PAR1nothing", "cannot be read as a table"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_refused_in_one_sentence(name):
    content, words = BAD[name]
    with pytest.raises(BadImport, match=words):
        lay(read_answers(name, content), Choices(), salt=SALT)


def test_a_wave_holds_its_answers_once(filled, bring, answers):
    with pytest.raises(NotYet):
        bring(filled, answers.table(answers.people(), answers.header))


def test_whoever_does_not_edit_for_the_owner_brings_nothing_in(wave, bring, answers, cast):
    for person in (cast.ben, cast.cleo, cast.eli, cast.dina):
        with pytest.raises(NotAllowed):
            bring(wave, answers.table(answers.people(), answers.header), by=person)
    assert not Microdata.objects.exists()


def test_every_write_leaves_a_row_in_the_log(filled):
    done = set(Event.objects.values_list("action", flat=True))
    assert {
        "began a survey",
        "added a wave",
        "brought in answers",
        "worked out the figures of a wave",
    } <= done


def test_weighting_meets_the_known_totals(filled, cast):
    kept = filled.microdata
    totals = {"16 to 34": 4000.0, "35 to 64": 4500.0, "65 and over": 1500.0}
    actions.weight_to(kept, margins=[MarginDraft("age", totals, "Census 2021")], by=cast.ada)
    found = {
        one["words"]: one["estimate"] for one in Result.objects.get(variable__name="age").figures["answers"]
    }
    assert found == pytest.approx({word: total / 10_000 for word, total in totals.items()})
    with pytest.raises(FolkmootError, match="no answer"):
        actions.weight_to(kept, margins=[MarginDraft("age", {"80": 1.0}, "Census")], by=cast.ada)


def test_erasing_takes_the_files_the_columns_and_the_figures(
    filled, cast, django_capture_on_commit_callbacks
):
    kept = filled.microdata
    files = [pathlib.Path(settings.ORIGINALS) / one for one in (kept.kept_as, kept.columns_as)]
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_answers(kept, why="The panel ended.", by=cast.ada)
    assert not any(path.exists() for path in files)
    assert not Result.objects.exists() and not kept.variables.exists()
    with pytest.raises(NotYet, match="erased"):
        columns(filled, ["heard"], viewer=cast.ada)


def test_what_answers_are_worth_does_not_hang_on_how_their_weights_are_scaled(filled, cast):
    held = columns(filled, ["heard"], viewer=cast.ada)

    def worth(times):
        scaled = dataclasses.replace(held, weights=held.weights / held.weights.mean() * times)
        figures = figures_of(scaled.of("heard"), scaled.design())
        assert not any("says too much" in one for one in figures["caveats"])
        return figures["answers"][0]["design_effect"]

    assert worth(1.0) == pytest.approx(worth(1.3)) == pytest.approx(worth(900.0))


def test_answers_that_the_question_does_not_name_are_said(survey, filled, bring, answers, cast):
    rows = [[{"yes": "1", "no": "2"}.get(cell, cell) for cell in row] for row in answers.people()]
    later = actions.add_wave(survey, title="Autumn", by=cast.ada)
    coded = bring(later, answers.table(rows, answers.header))
    assert [
        one for one in coded.notes if "“heard” has answers that its question does not name: “1”, “2”." in one
    ]
    assert not any("does not name" in one for one in Microdata.objects.get(wave=filled).notes)
