"""What the library's studies say of every assumption of its mechanisms: a table read by a person."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import folkmoot
from folkmoot.core.standing import Reading, Word, weakest
from folkmoot.core.standing.grid import LinkStanding, spans, stand
from folkmoot.core.standing.library import factor_keys, links, record

ROOMS = Path(folkmoot.__file__).parent


def table(room: str, name: str) -> list[dict[str, Any]]:
    (rows,) = tomllib.loads((ROOMS / room / "library" / f"{name}.toml").read_text("utf-8")).values()
    return list(rows)


MECHANISMS = table("mechanisms", "mechanisms")
RECORDS = [record(study) for study in table("evidence", "studies") if study["kind"] != "qualitative"]
STANDINGS: dict[str, LinkStanding] = {
    link.key: stand(link, RECORDS) for mechanism in MECHANISMS for link in links(mechanism)
}

# Reviewed by hand against the records; what is not listed has no test. A change here is a change of
# what the product says about the world, so it belongs in the changelog.
REVIEWED = {
    "P1.2": "thin (for)",
    "P1.3": "thin (for)",
    "P1.4": "thin (for)",
    "P2.1": "thin (for)",
    "P2.2": "thin (for)",
    "P2.3": "contested",
    "P2.4": "thin (for)",
    "P2.5": "thin (for)",
    "P3.1": "thin (for)",
    "P3.2": "thin (for)",
    "P3.3": "thin (for)",
    "P3.4": "none, nearest: 21 days, fading",
    "P4.2": "thin (for)",
    "P4.3": "thin (for)",
    "P4.4": "thin (for)",
    "P4.5": "thin (for)",
    "P4.6": "thin (mixed)",
    "P5.1": "thin (for)",
    "P5.3": "thin (for)",
    "P5.4": "thin (for)",
    "P5.5": "thin (mixed)",
    "P6.2": "thin (no effect found)",
    "P8.2": "thin (for)",
    "P8.3": "thin (for)",
    "P9.1": "thin (for)",
    "P10.1": "thin (no effect found)",
    "P10.4": "thin (for)",
}

WITHOUT_CAUSAL_STUDY = (
    [f"P7.{n}" for n in range(1, 6)]
    + [f"P9.{n}" for n in range(3, 8)]
    + ["P11.5", "P12.4", "P12.5"]
    + [f"P13.{n}" for n in range(1, 5)]
    + [f"P14.{n}" for n in range(1, 6)]
)


def test_every_assumption_of_the_library_stands_where_the_reviewed_table_has_it() -> None:
    found = {key: standing.label for key, standing in STANDINGS.items()}
    assert len(found) == 75
    assert found == {key: REVIEWED.get(key, "none") for key in found}


def test_nothing_in_the_library_is_supported_since_nobody_read_a_paper_in_full() -> None:
    assert all(standing.judgement.word is not Word.SUPPORTED for standing in STANDINGS.values())
    assert "read in full" in " ".join(STANDINGS["P4.5"].judgement.missing)


def test_fair_treatment_to_legitimacy_is_thin_and_leans_for() -> None:
    judgement = STANDINGS["P2.4"].judgement
    assert (judgement.word, judgement.leaning) == (Word.THIN, "for")
    assert judgement.counted_for == ("E1",)
    aside = {item.key: item.reason for item in judgement.set_aside}
    assert "conflict" in aside["E3"]
    assert "says nothing" in aside["E2"] and "says nothing" in aside["E37"]
    assert "below" in aside["E39"] and "below" in aside["E4"]


def test_fair_conduct_to_feeling_fairly_treated_is_contested() -> None:
    judgement = STANDINGS["P2.3"].judgement
    assert judgement.word is Word.CONTESTED
    assert (judgement.counted_for, judgement.counted_against) == (("E1", "E7"), ("E2",))
    assert judgement.counted_no_effect == ("E37",)


def test_a_changed_mind_a_year_later_has_no_test_and_the_nearest_is_three_weeks() -> None:
    standing = STANDINGS["P3.4"]
    assert standing.judgement.word is Word.NONE
    assert (standing.nearest[0].key, standing.nearest[0].horizon_days) == ("E8", 21)


def test_what_has_no_causal_study_is_untested() -> None:
    for key in WITHOUT_CAUSAL_STUDY:
        assert STANDINGS[key].judgement.word is Word.NONE
        mechanism = next(m for m in MECHANISMS if m["code"] == key.split(".")[0])
        link = next(link for link in links(mechanism) if link.key == key)
        assert stand(link, RECORDS, accounts=3).judgement.word is Word.ANECDOTAL


def test_a_survey_of_members_tests_nothing() -> None:
    for key in ("P11.1", "P11.2", "P11.3"):
        assert STANDINGS[key].judgement.word is Word.NONE
        assert "below the Maryland scale" in STANDINGS[key].judgement.set_aside[0].reason


def test_minorities_are_shown_apart_and_not_counted_twice() -> None:
    parts = STANDINGS["P2.5"].for_parts
    assert [(part.population, part.test.reading) for part in parts] == [
        ("ethnic minorities", Reading.NO_EFFECT)
    ]


def test_the_outcome_without_the_mechanism_shows_on_the_chain() -> None:
    chain = next(m for m in MECHANISMS if m["code"] == "P2")
    found = {(s.key, s.start, s.end): s.reading for s in spans(factor_keys(chain), RECORDS)}
    assert found[("E37", "P2.4", "P2.6")] is Reading.WITHOUT_MECHANISM


def test_challenges_that_jump_over_steps_stay_on_the_chain() -> None:
    found = {
        (span.key, span.end): span.reading
        for mechanism in MECHANISMS
        for span in spans(factor_keys(mechanism), RECORDS)
    }
    for place in [("E9", "P3.5"), ("E23", "P3.5"), ("E23", "P5.4"), ("E15", "P5.5"), ("E21", "P4.6")]:
        assert found[place] is Reading.NO_EFFECT
    assert found[("E33", "P8.4")] is Reading.AGAINST
    assert found[("E17", "P3.3")] is Reading.AGAINST


def test_every_chain_of_the_library_has_its_weakest_assumptions_named() -> None:
    for mechanism in MECHANISMS:
        chain = {link.key: STANDINGS[link.key].judgement for link in links(mechanism)}
        assert weakest(chain).words == {Word.NONE}
