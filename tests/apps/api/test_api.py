"""The API: valid by its own description, the same to the same people as the pages, outsiders 404."""

from __future__ import annotations

import itertools
import json
import pathlib

import pytest
from openapi_spec_validator import validate

from folkmoot.coding.actions import make_claim
from folkmoot.evidence import actions as evidence
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, MechanismVersion, Step
from folkmoot.sources.actions import import_sources, mark_passage

pytestmark = pytest.mark.django_db
LISTS = [
    "organisations",
    "aims",
    "objectives",
    "mechanisms",
    "assumptions",
    "studies",
    "sources",
    "claims",
    "editions",
]
MARKER = "Zwilbrook"


def get(client, path):
    return client.get(f"/api/v1/{path}")


@pytest.fixture
def private(cast):
    """An assumption with a study of Northmere's own, and a reading of the Evidence team's interview."""
    made = {"created_at": cast.dina.joined_at, "created_by": "the tests"}
    own = {"organisation": cast.police, "visibility": "own", **made}
    cause = Factor.objects.create(wording=f"{MARKER} visits", **own)
    effect = Factor.objects.create(wording=f"{MARKER} trust", **own)
    assumption = Assumption.objects.create(cause=cause, effect=effect, **own)
    mechanism = Mechanism.objects.create(name=f"{MARKER} chain", **own)
    version = MechanismVersion.objects.create(mechanism=mechanism, number=1, **made)
    Step.objects.create(version=version, assumption=assumption, position=0)
    study = evidence.record_study(
        authors=f"{MARKER}, A.",
        title="Visits",
        kind="trial",
        design="by lot",
        setting="here",
        country="England and Wales",
        level_low=4,
        level_high=4,
        evaluators="us",
        read_where="full",
        owner=cast.police,
        visibility="own",
        by=cast.ada,
    )
    for factor, sign in ((cause, "up"), (effect, "down")):
        evidence.mark_factor(study, factor=factor, sign=sign, by=cast.ada)
    talk = f"Interviewer: So?\n\nInterviewee: {MARKER} changed us.\n"
    source = import_sources(
        [("talk.txt", talk.encode())], kind="transcript", owner=cast.team, by=cast.dina
    ).sources.get()
    passage = mark_passage(source, start=0, end=10, by=cast.dina)
    make_claim(passage, cause=f"{MARKER} visits", effect="trust", stance="asserts", by=cast.dina)
    return {"assumption": assumption, "study": study, "mechanism": mechanism, "source": source}


def test_the_description_is_valid_and_complete(client):
    answer = get(client, "openapi.json")
    schema = json.loads(answer.content)
    validate(schema)
    assert schema["openapi"].startswith("3.1")
    assert {f"/api/v1/{name}" for name in LISTS} <= set(schema["paths"])
    # for reading, and for what a phone recorded
    writing = {path for path, methods in schema["paths"].items() if set(methods) != {"get"}}
    assert writing == {"/api/v1/capture/{uuid}"} and set(schema["paths"][writing.pop()]) == {"put"}


def test_there_is_no_page_that_loads_scripts_from_elsewhere(client):
    assert get(client, "docs").status_code == 404


def test_insiders_read_what_is_theirs(cast, private, as_):
    client = as_(cast.ada)
    one = get(client, f"assumptions/{private['assumption'].pk}").json()
    by_scope = {each["scope"]: each for each in one["standings"]}
    assert by_scope["ours"]["word"] == "thin" and by_scope["ours"]["leaning"] == "against"
    assert by_scope["ours"]["tests_against"] == 1 and by_scope["network"]["word"] == "none"
    sides = {each["scope"]: each for each in one["evidence"]}
    assert sides["ours"]["against_it"][0]["study"] == private["study"].pk
    assert sides["network"]["against_it"] == []
    assert get(client, f"studies/{private['study'].pk}").json()["marks"][0]["sign"] == "up"
    assert get(client, f"mechanisms/{private['mechanism'].pk}").json()["steps"][0]["position"] == 1
    assert get(client, "me").json()["organisations"] == [{"organisation": "northmere", "role": "lead"}]


def test_a_team_sees_its_sources_and_readings_and_nobody_else_does(cast, private, as_):
    assert [one["title"] for one in get(as_(cast.dina), "sources").json()["items"]] == ["talk"]
    assert get(as_(cast.dina), "claims").json()["items"][0]["cause"].startswith(MARKER)
    for who in (cast.ada, cast.eli, cast.cleo):
        client = as_(who)
        assert get(client, "sources").json()["items"] == []
        assert get(client, "claims").json()["items"] == []


@pytest.mark.parametrize("name", ["cleo", "dina", "eli", "gus", None])
def test_outsiders_get_404_and_no_list_tells_them(cast, private, as_, name):
    client = as_(cast.people.get(name))
    for kind in ("assumption", "study", "mechanism"):
        plural = {"study": "studies"}.get(kind, f"{kind}s")
        assert get(client, f"{plural}/{private[kind].pk}").status_code == 404
    for name_of_list in LISTS:
        answer = get(client, name_of_list)
        assert answer.status_code == (
            200 if name or name_of_list not in {"sources", "organisations"} else 401
        )
        if name != "dina" or name_of_list != "claims":
            assert MARKER not in answer.content.decode()


def test_nobody_signed_in_is_nobody(client):
    assert get(client, "me").status_code == 401


def test_the_words_of_a_reading_go_as_far_as_consent(cast, as_):
    talk = f"Interviewer: So?\n\nInterviewee: {MARKER} changed us.\n"
    source = import_sources(
        [("talk.txt", talk.encode())], kind="transcript", owner=cast.team, consent="count", by=cast.dina
    ).sources.get()
    at = source.body.text.index(MARKER)
    passage = mark_passage(source, start=at, end=at + 9, by=cast.dina)
    make_claim(passage, cause="visits", effect="trust", stance="asserts", visibility="network", by=cast.dina)
    told = get(as_(cast.ada), "claims").json()["items"][0]
    assert told["words"] is None and told["status"] == "counted" and told["source"] == "an interview"


def test_long_lists_come_in_pages_and_a_senseless_page_is_the_first(cast, as_):
    made = {"created_at": cast.dina.joined_at, "created_by": "the tests", "visibility": "public"}
    factors = [Factor.objects.create(wording=f"factor {number}", **made) for number in range(103)]
    for cause, effect in itertools.pairwise(factors):
        Assumption.objects.create(cause=cause, effect=effect, **made)
    client = as_(cast.ada)
    first = get(client, "assumptions?page=-3").json()
    assert len(first["items"]) == 100
    rest = client.get(first["next"]).json()
    assert len(rest["items"]) == 2 and rest["next"] is None
    assert get(client, "assumptions?page=99999999").json()["items"]


def test_lists_take_few_queries_whatever_their_length(cast, private, as_, django_assert_max_num_queries):
    client = as_(cast.ada)
    get(client, "assumptions")
    for name, most in (("assumptions", 24), ("mechanisms", 10), ("claims", 12), ("studies", 8)):
        with django_assert_max_num_queries(most):
            get(client, name)


def test_the_standing_in_the_documentation_has_the_fields_of_the_real_one(cast, private, as_):
    page = pathlib.Path(__file__).parents[3] / "docs" / "reference" / "api.md"
    text = page.read_text(encoding="utf-8")
    shown = json.loads(text.split("```json\n")[1].split("```")[0])
    real = get(as_(cast.ada), f"assumptions/{private['assumption'].pk}").json()["standings"][0]
    assert shown.keys() == real.keys() and shown["held_by"].keys() == real["held_by"].keys()
    assert all(f"`{name}`" in text or f"`{name}`," in text or f"| `{name}" in text for name in LISTS)


def test_what_is_not_there_is_said_as_json_not_as_a_page(client):
    for path in ("nothing", "aims/nothing", "objectives/999999"):
        answer = get(client, path)
        assert answer.status_code == 404 and answer.json()["detail"]
    assert client.delete("/api/v1/aims").status_code == 405
    assert client.get("/nothing/").headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/", "/assumptions/", "/heard/", "/help/", "/api/v1/aims"])
def test_asking_for_the_head_of_a_page_gives_its_headers_alone(client, path):
    whole, head = client.get(path), client.head(path)
    assert head.status_code == whole.status_code == 200
    assert head.content == b"" and head.headers["Content-Type"] == whole.headers["Content-Type"]
