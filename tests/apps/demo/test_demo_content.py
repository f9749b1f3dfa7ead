"""The content by itself: nothing real, nothing copied, every quotation in its place, figures that agree."""

from __future__ import annotations

import pathlib
import re

import pytest

from folkmoot.core.errors import FolkmootError
from folkmoot.demo.reading import TABLES, document, fingerprint, span_of, table

from .planting import PLANTED, panel, trial

HERE = pathlib.Path(__file__).resolve()
CONTENT = HERE.parents[3] / "src" / "folkmoot" / "demo" / "content"
SHARED = HERE.parents[4] / "shared"
PLANS = {one["key"]: one for one in table("evaluating")["plan"]}
REAL = [
    "avon",
    "bedfordshire",
    "cambridgeshire",
    "cheshire",
    "cleveland",
    "cumbria",
    "derbyshire",
    "devon",
    "dorset",
    "durham",
    "dyfed",
    "essex",
    "gloucestershire",
    "gwent",
    "hampshire",
    "hertfordshire",
    "humberside",
    "kent",
    "lancashire",
    "leicestershire",
    "lincolnshire",
    "merseyside",
    "metropolitan",
    "norfolk",
    "northamptonshire",
    "northumbria",
    "nottinghamshire",
    "powys",
    "staffordshire",
    "suffolk",
    "surrey",
    "sussex",
    "warwickshire",
    "mercia",
    "wiltshire",
    "yorkshire",
    "manchester",
    "liverpool",
    "leeds",
    "sheffield",
    "newcastle",
    "bradford",
    "n8",
    "mosaic",
    "neighbourhoodalert",
    "nextdoor",
]


def _texts():
    for file in sorted(CONTENT.rglob("*")):
        if file.is_file():
            yield file.name, file.read_text(encoding="utf-8")


def test_no_real_force_place_or_product_is_named():
    found = [
        (name, word)
        for name, text in _texts()
        for word in REAL
        if re.search(rf"\b{word}\b", text, re.IGNORECASE)
    ]
    assert not found


def test_no_ten_words_in_a_row_are_copied_from_the_briefing_of_2018():
    briefing = SHARED / "briefing-2018.txt"
    if not briefing.is_file():
        pytest.skip("the briefing of 2018 is not beside the project")
    known = set(_tens(briefing.read_text(encoding="utf-8")))
    copied = [(name, " ".join(ten)) for name, text in _texts() for ten in _tens(text) if ten in known]
    assert not copied


def _tens(text):
    words = re.findall(r"[a-z0-9']+", text.lower())
    return zip(*(words[start:] for start in range(10)), strict=False)


def test_every_telephone_number_is_one_kept_for_fiction():
    for name, text in _texts():
        for number in re.findall(r"\b0\d{4} ?\d{6}\b", text):
            assert number.startswith(("07700 9", "01632 9")), (name, number)


def test_a_quotation_stands_in_its_text_exactly_once():
    for one in table("interviews")["interview"]:
        text = document("interviews", one["file"]).decode()
        for said in (*one["claims"], *one.get("second", ())):
            span_of(text, quote=said["quote"], where=one["file"])
    for strategy in table("strategies")["strategy"]:
        texts = [document("strategies", one["file"]).decode() for one in strategy["versions"]]
        for kind in ("objective", "commitment", "nothing", "claims"):
            for said in strategy.get(kind, ()):
                span_of(texts[said.get("version", 1) - 1], quote=said["quote"], where=strategy["key"])


@pytest.mark.parametrize("quote", ["not there", "so", ""])
def test_a_build_stops_at_a_quotation_that_is_missing_or_stands_twice(quote):
    with pytest.raises(FolkmootError, match="exactly once"):
        span_of("so it goes, so it went", quote=quote, where="a text")


def test_what_people_say_in_public_names_no_organisation():
    """Outside the team nothing joins a post with a force; words that would are kept within the team."""
    names = ["kelderwick", "skernmouth", "tarnbrough", "ousterdale", "beckalert", "ferry", "forty-one"]
    shared = [
        said["quote"]
        for one in table("interviews")["interview"]
        for said in one["claims"]
        if said.get("visibility", "public") != "team" and one["consent"] == "quote"
    ]
    assert len(shared) > 60
    assert not [quote for quote in shared for name in names if name in quote.lower()]


def test_fifteen_interviews_with_twenty_two_people_stay_once_one_was_withdrawn():
    staying = [one for one in table("interviews")["interview"] if "withdrawn" not in one]
    assert len(staying) == 15
    assert sum(len(one["speakers"]) for one in staying) == 22
    assert sum(len(one["speakers"]) > 1 for one in staying) == 3
    consents = [one["consent"] for one in staying]
    assert (consents.count("paraphrase"), consents.count("count")) == (2, 2)


def test_every_document_and_study_says_that_it_is_fictional():
    for strategy in table("strategies")["strategy"]:
        for version in strategy["versions"]:
            assert "Fictional" in document("strategies", version["file"]).decode()[:200]
    for plan in PLANS.values():
        assert plan["title"].startswith("Fictional:")
        assert plan["setting"].startswith("Fictional:")
    for briefing in table("briefings")["briefing"]:
        assert all("fictional" in one["introduction"] for one in briefing["edition"])


@pytest.mark.parametrize("one", PLANTED["trial"], ids=lambda one: one["key"])
def test_the_answers_of_a_trial_are_those_that_its_planted_truth_gives(one):
    assert PLANS[one["key"]]["counts"] == trial(one)


@pytest.mark.parametrize("one", PLANTED["panel"], ids=lambda one: one["key"])
def test_the_answers_of_a_panel_are_those_that_its_planted_truths_give(one):
    assert PLANS[one["key"]]["counts"] == panel(one)


def test_no_figure_of_an_outcome_stands_in_the_content():
    """What a finding says is worked out from the answers; the content knows neither estimate nor truth."""
    for plan in PLANS.values():
        assert not {"truth", "estimate", "interval"} & set(plan)


def test_sign_ups_are_an_output_and_the_renewal_has_its_price():
    strategy = document("strategies", "tarnbrough-strategy").decode()
    assert "41,000 people have signed up" in strategy
    assert "£86,000" in strategy
    plan = PLANS["alert-tarnbrough"]
    assert "41,000 people have signed up: an output, and no outcome" in plan["words"]
    assert "£86,000" in plan["activity"]


def test_a_change_of_content_changes_the_fingerprint(monkeypatch):
    before = fingerprint()
    assert before == fingerprint()
    monkeypatch.setattr(pathlib.Path, "read_bytes", lambda self: b"other words")
    assert fingerprint() != before


def test_every_table_of_the_content_is_used():
    assert {file.stem for file in CONTENT.glob("*.toml")} == set(TABLES)
