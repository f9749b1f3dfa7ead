"""The library's tables are whole, consistent with each other, and say what was not read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import folkmoot
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.library import factor_keys, links, record

ROOMS = Path(folkmoot.__file__).parent
NOT_READ = {"E8", "E15", "E24", "E28", "E38"}


def table(room: str, name: str) -> list[dict[str, Any]]:
    (rows,) = tomllib.loads((ROOMS / room / "library" / f"{name}.toml").read_text("utf-8")).values()
    return list(rows)


AIMS = table("strategies", "aims")
METHODS = table("mechanisms", "methods")
MECHANISMS = table("mechanisms", "mechanisms")
STUDIES = table("evidence", "studies")
AIM_CODES = [aim["code"] for aim in AIMS]
FACTORS = {key for mechanism in MECHANISMS for key in factor_keys(mechanism)}
ASSUMPTIONS = {link.key for mechanism in MECHANISMS for link in links(mechanism)}


def test_there_are_fifteen_aims_and_each_says_who_gains() -> None:
    assert AIM_CODES == [
        "O1",
        "O2",
        "O3",
        "O4",
        "O5a",
        "O5b",
        "O6",
        "O7",
        "O8",
        "C1",
        "C2",
        "C3",
        "C4",
        "B1",
        "X1",
    ]
    for aim in AIMS:
        expected = {"O": "organisation", "C": "community"}.get(aim["code"][0], "declare")
        assert aim["benefit"] == expected
        assert aim["explanation"].endswith(".") and aim["watch_for"].endswith(".")


def test_there_are_nineteen_methods_with_levels_in_order() -> None:
    assert len({method["code"] for method in METHODS}) == 19
    for method in METHODS:
        assert method["synchronous"] in {"yes", "no", "both"}
        assert "L0" <= method["level_low"] <= method["level_high"] <= "L5"
        assert isinstance(method["denominator_missing"], str)


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m["code"])
def test_every_mechanism_is_a_whole_chain_with_ways_to_backfire(mechanism: dict[str, Any]) -> None:
    assert len(links(mechanism)) == len(factor_keys(mechanism)) - 1
    assert mechanism["aims"] and set(mechanism["aims"]) <= set(AIM_CODES)
    assert mechanism["context"] and mechanism["summary"].endswith(".")
    for assumption in mechanism["assumption"]:
        assert assumption["population"] and assumption["horizon"] and assumption["smallest_change"]
        assert assumption.get("smallest_change_number", 1) > 0
    assert mechanism["backfire"]
    assert {route["from_factor"] for route in mechanism["backfire"]} <= set(factor_keys(mechanism))


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m["code"])
def test_every_mechanism_has_one_design_that_can_be_sized(mechanism: dict[str, Any]) -> None:
    design = mechanism["settles"]
    assert design["assumption"] in {link.key for link in links(mechanism)}
    words = ["title", "design", "unit", "assignment", "comparison", "outcome", "follow_up", "why"]
    assert all(design[word] for word in words)
    assert design["follow_up_days"] > 0
    assert design["smallest_change"] > 0 and design["baseline_share"] + design["smallest_change"] < 1
    assert ("cluster_size" in design) is ("intracluster_correlation" in design)
    assert ("cluster_size" in design) is (design["design"] in {"cluster trial", "stepped wedge"})
    assert re.search(r"\blot\b", design["assignment"], re.IGNORECASE)


def test_no_design_asks_for_a_record_of_a_person() -> None:
    for mechanism in MECHANISMS:
        said = " ".join(str(value) for value in mechanism["settles"].values()).lower()
        assert "intelligence" not in said and "suspect" not in said


def test_there_are_thirty_nine_studies_each_with_marks_or_findings() -> None:
    assert [study["key"] for study in STUDIES] == [f"E{number}" for number in range(1, 40)]
    for study in STUDIES:
        qualitative = study["kind"] == "qualitative"
        assert bool(study.get("qualitative")) is qualitative
        assert bool(study.get("mark")) is not qualitative
        assert ("level_low" in study) is not qualitative


@pytest.mark.parametrize("study", STUDIES, ids=lambda s: s["key"])
def test_every_study_says_what_was_read_and_who_may_be_missing(study: dict[str, Any]) -> None:
    assert study["read_in_full"] is False
    assert study["read_where"] in {"abstract", "official summary", "secondary copy", "notes", "memory"}
    assert study["recruitment"] and study["missing_people"] and study["team"] and study["sample"]
    kinds = {"trial", "quasi", "panel", "survey", "review", "qualitative", "member survey"}
    assert study["kind"] in kinds
    assert isinstance(study["title_verified"], bool) and study["title"]


@pytest.mark.parametrize("study", STUDIES, ids=lambda s: s["key"])
def test_every_mark_stands_at_a_factor_that_exists(study: dict[str, Any]) -> None:
    if study["kind"] != "qualitative":
        for mark in record(study).marks:
            assert mark.factor in FACTORS | set(AIM_CODES)
        assert set(study.get("randomised_at", ())) <= FACTORS
        assert study["kind"] == "trial" or not study.get("randomised_at")
        assert study["level_low"] <= study["level_high"]
    for finding in study.get("qualitative", ()):
        assert finding["assumption"] in ASSUMPTIONS
        assert all(
            finding[part]
            for part in ("finding", "methodological_limits", "coherence", "adequacy", "relevance")
        )


@pytest.mark.parametrize("study", STUDIES, ids=lambda s: s["key"])
def test_a_figure_nobody_read_in_the_study_ships_without_the_figure(study: dict[str, Any]) -> None:
    for figure in study["figures"]:
        assert figure["verified"] is not figure.get("not_verified", False)
        assert bool(figure["text"]) is figure["verified"]
    if study["key"] in NOT_READ:
        assert study["figures"] and not any(figure["verified"] for figure in study["figures"])
        loose = [str(study.get(part, "")) for part in ("design", "setting", "recruitment", "corrected_note")]
        loose += [mark.get("note", "") for mark in study["mark"]]
        assert not re.search(r"\d%|\d\.\d|\d{3,}(?!\d)(?<!2023)", " ".join(loose))


def test_reports_known_to_conflict_say_so() -> None:
    conflicting = {study["key"] for study in STUDIES if study.get("conflict_note")}
    marked = {s["key"] for s in STUDIES if any(m.get("in_conflict") for m in s.get("mark", ()))}
    assert conflicting == marked == {"E3", "E22"}


def test_what_the_library_does_not_know_is_refused() -> None:
    study = STUDIES[0]
    for wrong, said in (
        ({"mark": [{"factor": "P1.1", "mark": "±"}]}, "split the record"),
        ({"mark": [{"factor": "P1.1", "mark": "up", "horizn": "now"}]}, "horizn"),
        ({"differs": ["weather"]}, "weather"),
        ({"kind": "qualitative"}, "findings, not marks"),
    ):
        with pytest.raises(CannotAnalyse, match=said):
            record(study | wrong)
    mechanism = MECHANISMS[0]
    for wrong in ({"factor": mechanism["factor"][1:]}, {"assumption": mechanism["assumption"][::-1]}):
        with pytest.raises(CannotAnalyse):
            links(mechanism | wrong)
