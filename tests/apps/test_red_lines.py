"""The red lines that this version can cross, each as a test. RL12 is tests/apps/briefings/test_against.py."""

from __future__ import annotations

import itertools
import json
import pathlib
import re

import pytest
from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

import folkmoot
from folkmoot.activities.models import Tally
from folkmoot.audit.privacy import Privacy
from folkmoot.core.standing import Column, Word
from folkmoot.sources.actions import finish_redaction_review, import_sources
from folkmoot.sources.actions.redacting import accept_all_redactions
from folkmoot.sources.models import ProtectedName

PACKAGE = pathlib.Path(folkmoot.__file__).parent
INTELLIGENCE = {
    "intelligence", "intel", "suspect", "suspects", "suspicion", "tip", "tips", "tipoff", "informant", "informants",
    "informer", "chis", "offender", "offenders", "nominal", "nominals", "poi", "crimestoppers", "watchlist",
    "surveillance", "warrant", "arrest",
}  # fmt: skip
SPECIAL = {
    "ethnicity", "race", "religion", "faith", "sexuality", "orientation", "disability", "health", "gender", "sex",
    "politics", "union", "biometric", "belief",
}  # fmt: skip
CONTACT = {
    "phone",
    "telephone",
    "mobile",
    "address",
    "postcode",
    "street",
    "latitude",
    "longitude",
    "attendance",
}


def own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("folkmoot.")]


def tokens(name):
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).casefold().replace("-", "_").split("_"))


def addresses(patterns=None, before=""):
    """Every address of the site with its name."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern), one.name or ""


def our_addresses():
    return [(path, name) for path, name in addresses() if not path.startswith("account/")]


@pytest.fixture
def schema():
    from folkmoot.project.api import api

    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


# RL1: no intelligence


def test_rl1_no_model_field_choice_or_address_is_for_intelligence():
    wrong = []
    for model in own_models():
        names = [model.__name__, *(field.name for field in model._meta.get_fields())]
        for field in model._meta.fields:
            names += [str(value) for value, _ in field.flatchoices]
        wrong += [
            f"{model.__name__}: {name}" for name in names if tokens(name.replace(" ", "_")) & INTELLIGENCE
        ]
    wrong += [path for path, name in our_addresses() if (tokens(name) | set(path.split("/"))) & INTELLIGENCE]
    assert not wrong


def test_rl1_the_scan_sees_what_it_should():
    assert tokens("SuspectName") & INTELLIGENCE and tokens("tip_intake") & INTELLIGENCE
    assert not tokens("multiple_choice") & INTELLIGENCE


# RL4: nobody can be looked up


@pytest.mark.django_db
def test_rl4_a_name_or_an_address_finds_nothing_on_any_page_and_in_any_list(cast, as_):
    name, place = "Margaret Oakthorpe", "12 Ferry Road"
    talk = f"Interviewer: Who?\n\nInterviewee: {name} of {place} opened at once.\n"
    imported = import_sources(
        [("talk.txt", talk.encode())],
        kind="transcript",
        owner=cast.team,
        consent="quote",
        names=[name, place],
        by=cast.dina,
    )
    source = imported.sources.get()
    accept_all_redactions(source, by=cast.dina)
    source = finish_redaction_review(source, by=cast.dina)
    ProtectedName.objects.get_or_create(
        team=cast.team, name=name, defaults={"created_at": source.created_at, "created_by": "the tests"}
    )
    searched = 0
    for who, asked in itertools.product(
        (cast.dina, cast.ada, cast.ira, cast.jon), (name, "Oakthorpe", place)
    ):
        client = as_(who)
        for path in sorted({path for path, _ in our_addresses() if "<" not in path and "^" not in path}):
            answer = client.get(f"/{path}", dict.fromkeys(("q", "words", "name", "person", "search"), asked))
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            searched += 1
            page = answer.content.decode()
            # what was typed may stand in the box it was typed into, and in the sentence about it
            shown = re.sub(
                r'value="[^"]*"|(?:href|action)="[^"]*\?[^"]*"|<title>.*?</title>', "", page, flags=re.S
            )
            shown = shown.replace(f"“{asked}”", "")
            assert asked not in shown, (path, who.name)
            assert "opened at once" not in shown, (path, who.name)
            assert not re.search(r'href="/passages/\d', page), (path, who.name)
    assert searched > 20


def test_rl4_nothing_but_accounts_can_be_listed_by_person():
    names = {
        name for _, name in our_addresses() if tokens(name) & {"person", "people", "resident", "residents"}
    }
    assert names <= {"people", "people_person", "person_place", "person_remove", "person_new"}


# RL5: no row joins who somebody is to where they live or to a special category


def test_rl5_no_field_holds_a_special_category_or_a_way_to_reach_a_resident():
    wrong, special = [], set()
    for model in own_models():
        privacy = getattr(model, "privacy", None)
        for field in model._meta.get_fields():
            if not isinstance(field, models.Field):
                continue
            if tokens(field.name) & (SPECIAL | CONTACT):
                wrong.append(f"{model.__name__}.{field.name}")
            if privacy is not None and privacy.of(field.name) is Privacy.SPECIAL:
                special.add(f"{model.__name__}.{field.name}")
    assert not wrong
    # a tally counts heads of a category at one occasion: no row of it is about a person, and none leads to one
    assert special == {"Tally.category", "Tally.people"}
    assert {field.related_model.__name__ for field in Tally._meta.fields if field.is_relation} == {
        "Activity",
        "Category",
    }


def test_rl5_only_accounts_hold_an_e_mail_address():
    held = {
        model.__name__
        for model in own_models()
        for field in model._meta.fields
        if "email" in tokens(field.name) or isinstance(field, models.EmailField)
    }
    assert held == {"User"}


# RL8: no single officer or resident is judged


def test_rl8_no_endpoint_is_about_an_officer_or_a_resident(schema):
    wrong = [
        path
        for path in schema["paths"]
        if set(re.split(r"[/_{}\-]", path.casefold()))
        & {
            "officer",
            "officers",
            "resident",
            "residents",
            "person",
            "people",
            "user",
            "users",
            "staff",
            "coder",
        }
    ]
    assert not wrong
    fields = {
        name for part in schema["components"]["schemas"].values() for name in part.get("properties", {})
    }
    assert not {"officer", "resident", "coder", "created_by", "changed_by", "email"} & fields


# RL11: no composite score


NUMBERS = {
    "identifier",
    "place in the chain, from 1",
    "interviews that hold it",
    "interviews that question it",
    "documents that hold it",
    "documents that question it",
    "readings that the person disputes",
    "independent tests for it that count",
    "independent tests against it that count, failed clues among them",
    "independent tests that count and found no effect",
    "days after the activity",
    "Maryland level for this assumption, 0 to 5",
    "Maryland level, lower end, 0 to 5",
    "Maryland level, upper end, 0 to 5",
    "year of publication",
    "version of the form",
    "sendings that wait for a person to pick one",
    "edition",
}
JUDGING = {"score", "scores", "rank", "ranking", "ranked", "rating", "ratings", "grade", "stars", "overall",
           "composite", "index", "percentile", "league", "points", "weight", "order"}  # fmt: skip


def numeric(part):
    kinds = {part.get("type"), *(one.get("type") for one in part.get("anyOf", ()))}
    return bool(kinds & {"integer", "number"})


def test_rl11_every_number_of_the_api_is_on_the_list_with_its_unit(schema):
    wrong, met = [], set()
    for name, part in schema["components"]["schemas"].items():
        for field, described in part.get("properties", {}).items():
            if numeric(described):
                unit = described.get("x-unit")
                met.add(unit)
                if unit not in NUMBERS:
                    wrong.append(f"{name}.{field}: {unit}")
    assert not wrong
    assert met == NUMBERS, "the list names a number that the API no longer has"


def test_rl11_no_name_in_the_api_speaks_of_scoring_or_ordering(schema):
    names = set(schema["paths"])
    for name, part in schema["components"]["schemas"].items():
        names |= {name, *part.get("properties", {})}
    for path in schema["paths"].values():
        for operation in path.values():
            names |= {one["name"] for one in operation.get("parameters", [])}
    wrong = [name for name in names if set(re.split(r"[/_{}\-]", name.casefold())) & JUDGING]
    assert not wrong


@pytest.mark.parametrize("kind", [Word, Column])
def test_rl11_a_standing_has_no_number_and_no_order(kind):
    first, second = list(kind)[:2]
    for compare in (lambda: first < second, lambda: max(first, second), lambda: sorted(kind)):
        with pytest.raises(TypeError, match="no order"):
            compare()
    with pytest.raises((TypeError, ValueError)):
        int(first)


# sentences that say what the product does not do
ALLOWED = (
    "Nothing here scores or ranks a person",
    "Nothing in this product ranks or scores you",
    "Nothing anywhere adds up, compares or ranks what one person does",
)
FORBIDDEN = re.compile(
    r"\b(scor(?:e|es|ed|ing)|rank(?:s|ed|ing|ings)?|ratings?|league tables?|percentiles?|composite|"
    r"effectiveness index|engagement index|out of (?:five|ten|10|100) (?:stars|points)|star rating)\b",
    re.I,
)
REPRESENTING = re.compile(r"\bthe \w+ community (?:thinks?|wants?|says?|believes?|feels?|views?)\b", re.I)


def visible_words(template):
    """What a template prints: without its tags, comments, attributes and classes."""
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<style.*?</style>", " ", template, flags=re.S)
    text = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    for sentence in ALLOWED:
        text = text.replace(sentence, "")
    return text


def test_rl11_no_template_speaks_of_a_composite_score_or_for_a_community():
    wrong = []
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        text = visible_words(path.read_text(encoding="utf-8"))
        wrong += [f"{path.name}: {hit.group()}" for hit in FORBIDDEN.finditer(text)]
        wrong += [f"{path.name}: {hit.group()}" for hit in REPRESENTING.finditer(text)]
    assert not wrong


def test_rl11_the_lint_sees_what_it_should():
    assert FORBIDDEN.search(visible_words("<p>Overall engagement score: {{ one }}</p>"))
    assert REPRESENTING.search("The Sikh community thinks")
    assert not FORBIDDEN.search(visible_words('<ol class="fm-ranked">x</ol>'))


def test_rl11_no_column_of_the_database_holds_a_score():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.fields
        if tokens(field.name) & (JUDGING - {"order", "index", "weight", "points"}) or field.name == "standing"
    ]
    assert not wrong


def test_addresses_that_a_red_line_names_do_not_exist():
    for name in ("officer", "officers", "resident", "residents", "person_search", "scores", "ranking"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
