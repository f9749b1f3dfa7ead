"""What somebody with bad intentions, or a broken program, sends: it is refused in a sentence, never a fault."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from folkmoot.audit.models import Event
from folkmoot.discussion.targets import kind_of
from folkmoot.sources import actions as sources
from folkmoot.sources.models import Import, Original, Source
from folkmoot.sources.storage import path_of
from folkmoot.strategies.models import Objective

HUGE = "9" * 20
# every name that a page looks for in its query, in one address
ASKED = [
    "aim",
    "about",
    "assumption",
    "code",
    "codebook",
    "area",
    "by",
    "comparing",
    "consent",
    "do",
    "ending",
    "first",
    "from",
    "high",
    "joined",
    "kind",
    "last",
    "low",
    "measure",
    "method",
    "modality",
    "number",
    "objective",
    "one",
    "other",
    "page",
    "passage",
    "q",
    "redaction",
    "resting",
    "retracted",
    "role",
    "scope",
    "source",
    "standing",
    "state",
    "stance",
    "theme",
    "todo",
    "turn",
    "unit",
    "version",
    "view",
    "whose",
    "whole",
    "words",
]
STRANGE = {
    "a huge number": HUGE,
    "a number below zero": "-1",
    "a number that is none": "²",
    "a word": "x",
    "nothing": "",
    "a pattern": "%_'\"\\;--",
    "a script": "<script>alert(1)</script>",
    "letters from right to left": "\u202e\u0661\u0662",
}


def _patterns(patterns=None, before=""):
    """Every address of the site: its name and the kinds of its arguments."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            converters = {key: type(one).__name__ for key, one in pattern.pattern.converters.items()}
            yield before + (pattern.name or ""), converters
        elif isinstance(pattern, URLResolver) and str(pattern.pattern) != "account/":
            prefix = f"{before}{pattern.namespace}:" if pattern.namespace else before
            yield from _patterns(pattern.url_patterns, prefix)


def _addresses(world):
    """One address of each name: about the shared thing where it is about one."""
    things = {
        "assumption": "assumption",
        "mechanism": "mechanism",
        "objective": "objective",
        "dual_benefit_new": "objective",
        "dual_benefit_test": "dual benefit",
        "commitment_settle": "commitment",
        "strategy": "strategy",
        "arrangement_pass": "arrangement",
        "study": "study",
        "effect": "study",
        "pooled": "assumption",
        "pool_plan_new": "assumption",
        "pool_plan_give_up": "pool plan",
        "reference": "reference",
        "reference_import": "reference file",
        "mark_remove": "mark",
        "finding": "finding",
        "clue": "clue",
        "codebook": "codebook",
        "code": "code",
        "coding_remove": "coding",
        "claim": "claim",
        "comment": "comment",
        "briefing": "briefing",
        "passage": "passage",
        "source_imported": "import",
        **dict.fromkeys(
            ("concern", "decision_new", "promise_new", "telling_new", "reply_new", "heard"), "concern"
        ),
        "heard_conversation": "published votes",
        "conversation": "published votes",
        "contribution": "contribution",
        "contributions_brought": "contribution",
        "promise_settle": "promise",
        "priority": "priority",
        "indicator": "indicator",
        "survey": "survey",
        "wave": "wave",
        "wave_import": "bare wave",
        "wave_new": "survey",
        "series": "series",
        "event": "series",
        "otherwise": "otherwise",
        "plan": "plan",
        "plan_departure": "registered plan",
        "plan_frozen": "registered plan",
        **dict.fromkeys(("plan_data", "run_new", "data_erase"), "worked plan"),
        "run": "run",
        "run_finding_new": "loose run",
        "request": "request",
        "offer": "offer",
        "offer_new": "request",
    }
    world.things["published votes", "network"] = world.of("conversation", "public")
    found = {}
    for name, converters in _patterns():
        kind = next(
            (things[key] for key in sorted(things, key=len, reverse=True) if name.startswith(key)),
            "interview",
        )
        thing = world.of(kind, "network")
        edition = world.of("draft", "network")
        values = {
            "pk": thing.pk,
            "number": 1,
            "mark": world.of("mark", "network").pk,
            "effect": world.of("figure", "network").pk,
            "assumption": world.of("assumption", "network").pk,
            "team_pk": world.cast.team.pk,
            "code": "O2",
            "secret": world.of("secret", "network"),
            "kind": kind_of(world.of("study", "network")),
            "ending": "html",
            "variable": world.of("variable", "network").pk,
            "event": world.of("event", "network").pk,
            "table": world.of("table", "network").pk,
            "survey": world.of("survey", "network").pk,
            "other": world.cast.dina.pk,
            "output": 1,
            "vintage": 2024,
            "name": "Day",
            "column": 0,
        }
        if name == "place_outlines":
            values["kind"] = "ward"
        if name.startswith("edition"):
            values |= {"pk": edition.briefing_id, "number": edition.number}
        if name in ("comment_add", "check_ask"):
            values["pk"] = world.of("study", "network").pk
        if name == "strategy_read":
            values["pk"] = world.of("strategy", "network").pk
        try:
            found[name] = reverse(name, kwargs={key: values[key] for key in converters})
        except (NoReverseMatch, KeyError):  # an argument that only the room itself knows
            continue
    return found


@pytest.fixture(scope="module")
def addresses(world):
    return _addresses(world)


@pytest.fixture(scope="module")
def worker(world, addresses):
    """Who gets furthest at each address: whoever is let in, of the police or of the team."""
    ways = {}
    for name, url in addresses.items():
        got = {person: world.clients[person].get(url).status_code for person in ("dina", "ada")}
        ways[name] = min(got, key=lambda person: (got[person] != 200, got[person]))
    return ways


def test_hardly_an_address_is_left_out(addresses):
    left_out = {name for name, _ in _patterns()} - set(addresses)
    assert len(left_out) <= 3, sorted(left_out)


@pytest.mark.parametrize("strange", STRANGE)
def test_no_strange_query_is_a_fault(world, addresses, worker, strange):
    query = dict.fromkeys(ASKED, STRANGE[strange])
    faults = []
    for name, url in addresses.items():
        status = world.clients[worker[name]].get(url, query).status_code
        if status >= 500:
            faults.append(f"{name}: {status}")
    assert not faults, "\n".join(faults)


def test_a_query_with_a_nul_character_is_refused_before_a_database_sees_it(world, addresses):
    for name, url in addresses.items():
        for query in ("?words=%00&q=a%00b&aim=%00", "?page=1%00"):
            assert world.clients["ada"].get(url + query).status_code == 400, name
    assert world.clients["ada"].get("/aims/%00/").status_code in (400, 404)


def test_bytes_that_are_no_text_are_no_fault(world, addresses):
    for name, url in addresses.items():
        status = world.clients["dina"].get(url, QUERY_STRING="words=%ff%fe&q=%ed%a0%80&page=%c3").status_code
        assert status < 500, name


@pytest.mark.parametrize("number", [HUGE, "0", str(2**63 - 1), str(2**31)])
def test_numbers_that_nothing_has_are_not_found(world, number):
    for name, converters in _patterns():
        numbers = [key for key, kind in converters.items() if kind == "IntConverter"]
        if not numbers:
            continue
        kind = "ward" if name == "place_outlines" else "evidence.study"
        others = {"kind": kind, "ending": "pdf", "code": "O2", "secret": "x"}
        given = {key: int(number) if key in numbers else others.get(key, "x") for key in converters}
        for person in ("ada", "dina"):
            status = world.clients[person].get(reverse(name, kwargs=given)).status_code
            assert status in (403, 404, 405), f"{name}: {person} got {status}"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_change_nothing_and_are_no_fault(world, addresses, method):
    before = Event.objects.count()
    for name, url in addresses.items():
        status = getattr(world.clients["dina"], method)(url).status_code
        assert status < 500, name
        if method != "options" and not name.startswith("api:"):
            assert status in (302, 403, 404, 405), f"{name}: {status}"
    assert Event.objects.count() == before


FIELDS = [
    *ASKED,
    *[
        "about",
        "about_organisation",
        "added",
        "after",
        "answer",
        "appraiser_is_evaluator",
        "asked_of",
        "authors",
        "benefits",
        "by_chance",
        "by_when",
        "cause",
        "checked",
        "chosen",
        "claimant_role",
        "claims",
        "clue",
        "codes",
        "community_gains",
        "components",
        "context",
        "country",
        "description",
        "design",
        "differs",
        "direction",
        "due",
        "effect",
        "email",
        "end",
        "existing",
        "expected",
        "factor",
        "figures_text",
        "first_word",
        "form-TOTAL_FORMS",
        "form-INITIAL_FORMS",
        "form-0-factor",
        "form-0-sign",
        "hide",
        "hide_all",
        "horizon",
        "horizon_days",
        "how_known",
        "influence",
        "in_force_from",
        "introduction",
        "into",
        "join",
        "keep",
        "keep_all",
        "last_word",
        "level",
        "level_high",
        "level_low",
        "may_be_shown",
        "name",
        "names",
        "new_code",
        "note",
        "on",
        "organisation",
        "organisation_gains",
        "own_words",
        "owner",
        "owner_role",
        "parent",
        "pasted",
        "people",
        "pools",
        "population",
        "pseudonym",
        "published",
        "question",
        "read_where",
        "reach",
        "reason",
        "recruitment",
        "remove",
        "replacement",
        "reopen",
        "resolution",
        "save",
        "seen",
        "setting",
        "since",
        "speaker",
        "start",
        "stated",
        "step-0-cause",
        "step-0-effect",
        "structure",
        "study",
        "summary",
        "sure",
        "text",
        "through",
        "title",
        "to",
        "unread",
        "verdict",
        "visibility",
        "what_change",
        "where_to_look",
        "who",
        "who_says",
        "why",
        "year",
    ],
]
POSTED = {
    **STRANGE,
    "a nul character": "a\x00b",
    "half a character": "\ud83d",
    "ten thousand letters": "x" * 10_000,
}


@pytest.mark.parametrize("strange", POSTED)
def test_no_strange_answer_is_a_fault(world, addresses, worker, strange, undone):
    given = urlencode(dict.fromkeys(FIELDS, POSTED[strange]), errors="surrogatepass")
    faults = []
    for name, url in addresses.items():
        with undone():
            answer = world.clients[worker[name]].post(
                url, given, content_type="application/x-www-form-urlencoded"
            )
        if answer.status_code >= 500:
            faults.append(f"{name}: {answer.status_code}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("answers", [{"chance": "yes", "by_chance": HUGE}, {"marks": HUGE}, {"codes": HUGE}])
def test_a_box_ticked_for_a_row_that_cannot_be_is_no_fault(world, undone, answers):
    study, talk = world.of("study", "network").pk, world.of("interview", "network").pk
    for person, name, pk in (
        ("ada", "study_marks", study),
        ("ada", "study_conflict", study),
        ("dina", "reader_mark", talk),
    ):
        with undone():
            sent = {"start": "0", "end": "4", **answers}
            assert world.clients[person].post(reverse(name, args=[pk]), sent).status_code < 500, name


def test_an_interviewee_answers_from_a_browser_that_guards_its_origin(world, undone):
    """A page that forbids every referrer makes browsers send “Origin: null”, which is refused as a forgery."""
    url = reverse("check_answer", args=[world.of("secret", "team")])
    page = Client(enforce_csrf_checks=True)
    shown = page.get(url)
    assert shown["Referrer-Policy"] == "same-origin" and "no-store" in shown["Cache-Control"]
    given = {"answer": "fair", "csrfmiddlewaretoken": page.cookies["csrftoken"].value}
    with undone():
        answer = page.post(url, given, headers={"origin": "http://testserver"})
    assert answer.status_code == 200 and b"Your answer is recorded" in answer.content


def test_a_comment_of_ten_megabytes_is_refused_in_a_sentence(world, undone):
    study = world.of("study", "public")
    url = reverse("comment_add", args=[kind_of(study), study.pk])
    with undone():
        answer = world.clients["ada"].post(url, {"text": "word " * 2_000_000})
    assert answer.status_code == 422
    with undone():
        assert world.clients["ada"].post(url, {"text": "word " * 3_000_000}).status_code in (400, 413)


def test_more_files_or_fields_than_a_person_would_send_are_refused(world, undone):
    url = reverse("source_import")
    many = [SimpleUploadedFile(f"{n}.txt", b"A: hello") for n in range(501)]
    with undone():
        assert world.clients["dina"].post(url, {"chosen": many}).status_code in (400, 413)
        fields = {f"field-{n}": "x" for n in range(20_001)}
        assert world.clients["dina"].post(url, fields).status_code in (400, 413)


NAMES = (
    "../../outside.txt",
    "..\\..\\outside.txt",
    "/outside.txt",
    "a\r\nX-Evil: yes.txt",
    '"; drop.txt',
    "\u202etxt.exe.txt",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_leads_nowhere(world, name, instance_folder, undone):
    with undone():
        made = sources.import_sources(
            [(name, f"A: said in {name!r}".encode())],
            kind="interview",
            owner=world.cast.team,
            by=world.cast.dina,
        )
        source = made.sources.get()
        kept = path_of(source.original).resolve()
        assert kept.is_relative_to((instance_folder / "originals").resolve())
        assert not list(instance_folder.parent.glob("outside.txt"))
        answer = world.clients["dina"].get(reverse("source_original", args=[source.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        assert "X-Evil" not in answer and "\n" not in answer["Content-Disposition"]
        assert not set("\u202e\u202d\u2066") & set(source.title)


def _word_file(**entries):
    """A Word file with entries that a careless unpacker would write elsewhere."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, text in entries.items():
            archive.writestr(name, text)
    return held.getvalue()


def test_a_packed_file_writes_nothing_outside(world, instance_folder, undone):
    evil = _word_file(
        **{"../../../slipped.txt": "out", "/slipped.txt": "out", "word/document.xml": "<w:document/>"}
    )
    with undone():
        made = sources.import_sources(
            [("slip.docx", evil), ("fine.txt", b"A: fine")],
            kind="interview",
            owner=world.cast.team,
            by=world.cast.dina,
        )
        assert made.used >= 1
    assert not list(instance_folder.parent.parent.rglob("slipped.txt"))


def test_direction_marks_cannot_turn_the_words_around_them(world, undone):
    objective = world.of("objective", "own")
    page = reverse("objective_edit", args=[objective.pk])
    given = {
        "aim": "O2",
        "title": "Trust \u202eyllaer\u2066",
        "who": "residents",
        "what_change": "more",
        "by_when": "2027-01-01",
        "how_known": "a survey",
        "stated": "before",
        "influence": "neither",
        "version": objective.version,
    }
    with undone():
        assert world.clients["ada"].post(page, given).status_code == 302
        assert Objective.objects.get(pk=objective.pk).title == "Trust yllaer"


def test_whoever_is_signed_out_in_between_is_asked_to_sign_in_and_led_back(world):
    answer = world.clients["anonymous"].get(reverse("sources") + "?whose=ours")
    assert answer["Location"].startswith("/account/login/?next=/sources/")


def test_signing_in_leads_nowhere_outside(world, undone, client):
    with undone():
        answer = client.post(
            "/account/login/?next=//elsewhere.example/",
            {"login": "ada@example.org", "password": "a long enough secret", "next": "//elsewhere.example/"},
        )
    assert (
        answer.status_code == 302
        and answer["Location"].startswith("/")
        and not answer["Location"].startswith("//")
    )


def test_a_form_from_elsewhere_is_refused_in_a_sentence(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.cast.ada, backend="django.contrib.auth.backends.ModelBackend")
    answer = strict.post(
        reverse("objective_retire", args=[world.of("objective", "own").pk]), {"version": "1"}
    )
    assert answer.status_code == 403 and b"nothing was saved" in answer.content


def test_every_answer_carries_the_strict_policy(world, addresses):
    for name, url in addresses.items():
        answer = world.clients["ada"].get(url)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy, name
        assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff", name


def test_nothing_was_brought_in_by_all_this(world):
    assert Source.objects.count() == len(
        {one.pk for (kind, _), one in world.things.items() if kind in ("interview", "document")}
    )
    assert Original.objects.filter(erased_at__isnull=False).count() == 0
    assert Import.objects.exists()
