"""Every address that writes × people × reach: who may, who is refused, and who is told there is nothing.

The form is the one that the page shows to whoever may send it; the same answers are then sent by
everybody. Whoever is refused leaves no trace in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import lxml.html
import pytest
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.discussion.targets import kind_of
from folkmoot.evaluations.queries.choices import surveys_with_answers
from folkmoot.surveys.models import Wave

#          ada ben dina eli gus anonymous; "in" stands for "sign in first"
PEOPLE = ("ada", "ben", "dina", "eli", "gus", "anonymous")
POLICE = {"own": "302 403 404 404 404 in", "network": "302 403 403 403 404 in"}
POLICE_INSIDE = {"own": "302 403 404 404 404 in", "network": "302 403 404 404 404 in"}
TEAM = {"team": "404 404 302 404 404 in", "network": "403 403 302 403 404 in"}
TEAM_INSIDE = {"team": "404 404 302 404 404 in", "network": "404 404 302 404 404 in"}
BOTH = {**POLICE, "team": "404 404 302 404 404 in"}
MEMBERS = {
    "own": "302 302 404 404 404 in",
    "team": "404 404 302 404 404 in",
    "network": "302 302 302 302 404 in",
}

JUDGES = {level: expected.replace("in", "404") for level, expected in MEMBERS.items()}


@dataclass(frozen=True, slots=True)
class Write:
    """One address that writes: about what, what is answered, what everybody gets."""

    kind: str
    expected: dict[str, str]
    answers: Callable[[Any, Any], dict[str, Any]] = lambda world, thing: {}
    arguments: Callable[[Any, Any], list[Any]] = lambda world, thing: [thing.pk]
    query: Callable[[Any], str] = lambda thing: ""
    page: str = ""  # the page that shows the form, where it is not this one
    done: tuple[int, ...] = (302,)
    no_page: bool = field(default=False)


def _edition(world, thing):
    return [thing.briefing_id, thing.number]


def _figure(world, thing):
    return [thing.study_id, thing.pk]


def _target(world, thing):
    return [kind_of(thing), thing.pk]


def _evidence(world, thing):
    """For whom evidence is recorded: the only owner that a person of the police has."""
    team = thing.team_id is not None
    owner = f"team-{thing.team_id}" if team else f"organisation-{thing.organisation_id}"
    return {"owner": owner, "reach": "only ours"}


def _wave(plan):
    """A wave with answers of the plan's owner."""
    return Wave.objects.filter(survey__in=surveys_with_answers(plan), microdata__isnull=False).first()


APPRAISAL = {
    "level": "3",
    "same_country": "yes",
    "read_in_full": "yes",
    "appraiser_is_evaluator": "no",
    "why": "It was a fair draw.",
}
FINDING = {
    "statement": "It works at dusk.",
    "direction": "for",
    "methodological_limits": "few",
    "coherence": "good",
    "adequacy": "thin",
    "relevance": "near",
    "confidence": "low",
    "why": "One talk.",
}

WORK = {"own": "302 403 404 404 404 in"}

DECIDED = {
    "outcome": "partly",
    "what": "A patrol on Fridays.",
    "because": "One officer came back.",
    "who": "the inspector",
    "decided_on": "2026-03-03",
}
HEARD_OFFICERS = {"own": "302 302 404 404 404 in", "network": "302 302 403 403 404 in"}

# a run that came to no finding is inside its owner
LOOSE = {**POLICE_INSIDE, "team": "404 404 302 404 404 in"}

# an offer is not there for anybody but whoever asked and whoever offers
ASKED = {"network": "302 403 403 404 404 in"}
OFFERS = {"network": "403 403 302 404 404 in"}

WRITES: dict[str, list[Write]] = {
    "plan_edit": [Write("plan", BOTH, lambda *_: {"title": "Another question?"})],
    "plan_sight": [Write("plan", BOTH, page="plan")],
    "plan_register": [Write("plan", BOTH, lambda *_: {"sure": "on"})],
    "plan_departure": [
        Write("registered plan", BOTH, lambda *_: {"what": "Nine streets", "why": "A strike", "field": ""})
    ],
    "plan_cannot": [Write("plan", BOTH, lambda *_: {"because": "Nobody can be asked."})],
    "plan_stop": [Write("registered plan", BOTH, lambda *_: {"because": "No staff."})],
    "plan_share": [Write("plan", BOTH)],
    "plan_data_series": [Write("worked plan", BOTH)],
    "plan_data_survey": [
        Write(
            "worked plan",
            BOTH,
            lambda world, thing: {"waves": [_wave(thing).pk], "names": ["heard"]},
            lambda world, thing: [thing.pk, _wave(thing).survey_id],
        )
    ],
    "data_erase": [
        Write(
            "table",
            BOTH,
            lambda *_: {"why": "asked", "sure": "on"},
            lambda world, thing: [thing.plan_id, thing.pk],
        )
    ],
    "run_new": [Write("worked plan", BOTH, lambda *_: {"outcome": "heard", "treated": "visited"})],
    "run_finding_new": [
        Write(
            "loose run",
            LOOSE,
            lambda *_: {"delivered": "yes", "how_known": "In the log", "supersedes": "on"},
        )
    ],
    "run_finding_state": [Write("run", BOTH, lambda *_: {"state": "disputed", "why": "A street twice"})],
    "run_finding_withdraw": [Write("run", BOTH, lambda *_: {"because": "A street twice", "sure": "on"})],
    "run_finding_share": [Write("run", BOTH)],
    "request_withdraw": [Write("request", BOTH, page="request")],
    "offer_new": [
        Write(
            "request",
            {"team": "404 404 302 404 404 in"},
            lambda *_: {"words": "A trial", "independent": "Free"},
        )
    ],
    "offer_answer": [Write("offer", ASKED, lambda *_: {"accept": "no", "answer": "Too late."})],
    "offer_withdraw": [Write("offer", OFFERS, arguments=lambda world, thing: [thing.pk], no_page=True)],
    "indicator_edit": [Write("indicator", BOTH, lambda *_: {"name": "Another name"})],
    "survey_edit": [Write("survey", BOTH, lambda *_: {"title": "Another title"})],
    "wave_new": [Write("survey", BOTH, lambda *_: {"title": "Third"})],
    "wave_edit": [Write("wave", BOTH, lambda *_: {"title": "Another title"})],
    "wave_margins": [
        Write(
            "wave",
            BOTH,
            lambda *_: {"variable": "group", "population": "", "totals": "a, 60\nb, 40", "source": "A count"},
        )
    ],
    "wave_erase": [Write("wave", BOTH, lambda *_: {"why": "asked", "sure": "on"})],
    "series_edit": [Write("series", BOTH, lambda *_: {"title": "Another title"})],
    "otherwise_edit": [Write("otherwise", BOTH, lambda *_: {"title": "Another title"})],
    "event_new": [
        Write("series", BOTH, lambda *_: {"kind": "break", "on": "2019-05-01", "what": "New words"})
    ],
    "event_remove": [
        Write("event", BOTH, arguments=lambda world, thing: [thing.series_id, thing.pk], no_page=True)
    ],
    "wave_recall": [
        Write("wave", BOTH, lambda *_: {"title": "Recall", "system": "alerts", "by_system": "heard|yes"})
    ],
    "concern_edit": [Write("concern", POLICE, lambda *_: {"title": "Waiting in the dark"})],
    "concern_share": [Write("concern", POLICE, lambda *_: {"visibility": "own"})],
    "concern_step": [Write("concern", POLICE, lambda *_: {"what": "open again"}, page="concern")],
    "decision_new": [Write("concern", POLICE, lambda *_: DECIDED)],
    "promise_new": [
        Write(
            "concern",
            POLICE,
            lambda *_: {"text": "A bench", "owner_role": "the sergeant", "due": "2030-01-01"},
        )
    ],
    "telling_new": [
        Write("concern", HEARD_OFFICERS, lambda *_: {"whom": "all", "how": "person", "said": "No."})
    ],
    "reply_new": [
        Write("concern", HEARD_OFFICERS, lambda *_: {"agrees": "no", "words": "No.", "people": "2"})
    ],
    "promise_settle": [
        Write(
            "promise", POLICE_INSIDE, lambda *_: {"how": "kept", "settlement": "Done.", "day": "2026-03-04"}
        )
    ],
    "contribution": [
        Write("contribution", POLICE_INSIDE, lambda *_: {"act": "aside", "because": "Said twice."})
    ],
    "priority_state": [
        Write(
            "priority",
            POLICE,
            lambda *_: {"side": "police", "words": "Few calls.", "basis": "Calls", "stated_on": "2026-03-02"},
        )
    ],
    "priority_review": [
        Write("priority", POLICE, lambda *_: {"what": "end", "because": "The lamp is mended."})
    ],
    "conversation_statements": [
        Write("conversation", {"own": "302 403 404 404 404 in"}, lambda *_: {"describe": ["1"]})
    ],
    "conversation_edit": [
        Write("conversation", {"own": "302 403 404 404 404 in"}, lambda *_: {"title": "Evenings"})
    ],
    "conversation_work_out": [Write("conversation", {"own": "302 403 404 404 404 in"}, page="conversation")],
    "activity_edit": [Write("activity", WORK, lambda *_: {"title": "Another title."})],
    "activity_delete": [Write("activity", WORK)],
    "remark_purge": [
        Write("activity", WORK, lambda *_: {"texts": "remark", "reason": "name"}),
    ],
    "initiative_edit": [Write("initiative", WORK, lambda *_: {"name": "Another name."})],
    "activity_import": [Write("begun import", POLICE_INSIDE)],
    "activity_import_columns": [Write("begun import", POLICE_INSIDE)],
    "activity_import_values": [
        Write(
            "begun import",
            POLICE_INSIDE,
            lambda *_: {"do": "empty"},
            lambda world, thing: [thing.pk, "kind"],
        )
    ],
    "activity_import_undo": [Write("import of activities", POLICE_INSIDE)],
    "activity_import_drop": [Write("begun import", POLICE_INSIDE, page="activity_import")],
    "job": [Write("job", POLICE_INSIDE)],
    "place_edit": [Write("hall", POLICE, lambda *_: {"name": "Another hall"})],
    "place_end": [Write("hall", POLICE, lambda *_: {"on": "2026-03-02"})],
    "place_unserve": [Write("served", POLICE_INSIDE, no_page=True)],
    "grouping_edit": [Write("grouping", POLICE, lambda *_: {"overlap": "residents"})],
    "grouping_share": [Write("grouping", POLICE)],
    "grouping_end": [Write("grouping", POLICE, lambda *_: {"on": "2026-03-02"})],
    "representative_new": [Write("grouping", POLICE, lambda *_: {"role": "Treasurer", "chosen": "elected"})],
    "representative_edit": [Write("speaker", POLICE_INSIDE, lambda *_: {"mandate": "Pitches."})],
    "representative_withdraw": [Write("speaker", POLICE_INSIDE)],
    "initiative_close": [Write("initiative", WORK)],
    "output_new": [
        Write(
            "initiative",
            WORK,
            lambda *_: {"what": "posters", "number": "4", "counted_on": "2026-03-02"},
            no_page=True,
        )
    ],
    "output_remove": [
        Write(
            "output",
            WORK,
            arguments=lambda world, thing: [thing.initiative_id, thing.pk],
            no_page=True,
        )
    ],
    "rate_remove": [Write("rate", WORK, no_page=True)],
    "objective_edit": [Write("objective", POLICE)],
    "objective_share": [Write("objective", POLICE)],
    "objective_retire": [Write("objective", POLICE)],
    "dual_benefit_new": [
        Write(
            "objective",
            POLICE,
            lambda *_: {"organisation_gains": "calm", "community_gains": "calm", "through": "visits"},
        )
    ],
    "dual_benefit_test": [
        Write("dual benefit", POLICE, lambda *_: {"status": "challenged", "why": "Nobody saw it."})
    ],
    "commitment_settle": [Write("commitment", POLICE, lambda *_: {"state": "kept", "why": "It was done."})],
    "strategy_share": [Write("strategy", POLICE)],
    "strategy_version_new": [Write("strategy", POLICE, lambda *_: {"pasted": "We will do it again."})],
    "strategy_read": [
        Write(
            "version",
            # pages that are there for visitors too: what they do not see is not there when they write
            {"own": "302 403 404 404 404 404", "network": "302 403 403 403 404 404"},
            lambda *_: {"first": "1", "verdict": "nothing", "why": "It says nothing."},
            lambda world, thing: [thing.strategy_id, thing.number],
        )
    ],
    "arrangement_pass": [
        Write(
            "arrangement",
            POLICE,
            lambda world, thing: {"to": world.cast.office.pk, "since": "2026-09-01"},
        )
    ],
    "mechanism_edit": [Write("mechanism", BOTH, lambda *_: {"note": "Said more plainly.", "do": "save"})],
    "mechanism_share": [Write("mechanism", BOTH)],
    "mechanism_retire": [Write("mechanism", BOTH)],
    "assumption_describe": [Write("assumption", BOTH, lambda *_: {"population": "everybody"})],
    "study_edit": [Write("study", BOTH, lambda *_: {"summary": "Another summary."})],
    "study_retract": [
        Write("study", BOTH, lambda *_: {"on": "2026-05-01", "note": "Withdrawn by its journal."})
    ],
    "study_reinstate": [Write("retracted study", BOTH, lambda *_: {"because": "Another paper was meant."})],
    "effect_new": [
        Write(
            "study",
            BOTH,
            lambda world, thing: {
                "factor": str(thing.marks.first().factor_id),
                "measure": "standardised",
                "estimate": "0.4",
                "standard_error": "0.1",
                "direction": "more",
                "place": "page 9",
                "read": "yes",
            },
            query=lambda thing: "?kind=error",
        )
    ],
    "effect_edit": [Write("figure", BOTH, lambda *_: {"because": "It was misread.", "read": "yes"}, _figure)],
    "effect_verify": [Write("figure", BOTH, lambda *_: {"place": "page 9"}, _figure)],
    "effect_remove": [Write("figure", BOTH, lambda *_: {"because": "Of another group."}, _figure)],
    "pool_plan_give_up": [Write("pool plan", BOTH, lambda *_: {"because": "The scale was wrong."})],
    "reference_import": [Write("reference file", BOTH)],
    "reference_import_undo": [Write("references brought in", BOTH, page="reference_import")],
    "reference_apart": [Write("reference", BOTH, lambda *_: {"version": "1"}, no_page=True)],
    "reference_aside": [Write("reference", BOTH, lambda *_: {"why": "Of another matter."}, page="reference")],
    "study_conflict": [Write("study", BOTH, lambda *_: {"conflict": "Two reports disagree."})],
    "mark_remove": [
        Write("mark", BOTH, arguments=lambda world, thing: [thing.study_id, thing.pk], no_page=True)
    ],
    "finding_share": [Write("finding", BOTH)],
    "clue": [Write("clue", JUDGES, lambda *_: {"verdict": "found", "why": "I looked at the log."})],
    "finding_new": [
        Write(
            "assumption",
            {"own": "302 403 404 404 404 in", "team": "404 404 302 404 404 in"},
            lambda world, thing: {**FINDING, **_evidence(world, thing), "study": _study_on(world, thing)},
            lambda *_: [],
            lambda thing: f"?assumption={thing.pk}",
        )
    ],
    "clue_new": [
        Write(
            "assumption",
            {"own": "302 403 404 404 404 in", "team": "404 404 302 404 404 in"},
            lambda world, thing: {"clue": "A light", "where_to_look": "the lane", **_evidence(world, thing)},
            lambda *_: [],
            lambda thing: f"?assumption={thing.pk}",
        )
    ],
    "appraise": [
        Write(
            "study",
            {"own": "302 403 404 404 404 in", "team": "404 404 302 404 404 in"},
            lambda world, thing: {**APPRAISAL, **_evidence(world, thing)},
            lambda world, thing: [thing.pk, _assumption_of(world, thing)],
        )
    ],
    "source_edit": [
        Write("interview", TEAM_INSIDE, lambda *_: {"title": "Another title"}),
        Write("document", POLICE_INSIDE, lambda *_: {"title": "Another title"}),
    ],
    "source_consent": [Write("interview", TEAM_INSIDE), Write("document", POLICE_INSIDE)],
    "source_speakers": [Write("interview", TEAM_INSIDE)],
    "turn_speaker": [
        Write("turn", TEAM_INSIDE, arguments=lambda world, thing: [thing.source_id, thing.number])
    ],
    "redact": [
        Write("interview", TEAM_INSIDE, lambda *_: {"reopen": ""}),
        Write("document", POLICE_INSIDE, lambda *_: {"reopen": ""}),
    ],
    "source_withdraw": [
        Write("interview", TEAM_INSIDE, lambda *_: {"sure": "on", "reason": "asked"}),
        Write("document", POLICE_INSIDE, lambda *_: {"sure": "on", "reason": "asked"}),
    ],
    "reader_mark": [
        Write(
            "interview",
            {"team": "404 404 302 404 404 in", "network": "403 403 302 403 404 in"},
            lambda world, thing: {"start": "0", "end": "10", "codes": world.of("code", "team").pk},
            no_page=True,
        )
    ],
    "arbitrate": [
        Write(
            "coding",
            TEAM_INSIDE,
            lambda *_: {"stands": "yes", "why": "They wave."},
            lambda world, thing: [
                thing.passage.source_id,
                thing.code_id,
                thing.passage.start,
                thing.passage.end,
            ],
        )
    ],
    "coding_remove": [Write("coding", TEAM_INSIDE)],
    "codebook": [Write("codebook", TEAM, lambda *_: {"name": "another code"})],
    "code_edit": [Write("code", TEAM, lambda *_: {"description": "Said more plainly."})],
    "code_merge": [Write("code", TEAM, lambda world, thing: {"into": _sister(thing)}, no_page=True)],
    "code_split": [Write("code", TEAM, lambda *_: {"names": "one half\nother half"})],
    "code_retire": [Write("code", TEAM)],
    "claim_revise": [Write("claim", TEAM, lambda *_: {"effect": "something else"})],
    "claim_join": [Write("claim", TEAM, lambda *_: {"assumption": ""})],
    "claim_share": [Write("claim", TEAM)],
    "comment_add": [Write("study", MEMBERS, lambda *_: {"text": "I doubt it."}, _target)],
    "comment_answer": [Write("comment", MEMBERS, lambda *_: {"text": "So do I."})],
    "comment_resolve": [
        Write(
            "comment",
            {"own": "302 403 404 404 404 in", "network": "302 403 403 403 404 in"},
            lambda *_: {"resolution": "It was put right."},
        )
    ],
    "comment_withdraw": [
        Write(
            "comment",
            {"own": "302 403 404 404 404 in", "network": "302 403 403 403 404 in"},
            no_page=True,
        )
    ],
    "check_ask": [
        Write(
            "claim",
            {"team": "404 404 200 404 404 in", "network": "404 404 200 404 404 in"},
            lambda *_: {"asked_of": "Interviewee 2", "question": "Is it fair?"},
            _target,
            done=(200,),
        )
    ],
    "briefing_address": [Write("briefing", BOTH, page="briefing")],
    "edition_edit": [Write("draft", {**POLICE_INSIDE, "team": TEAM["team"]}, arguments=_edition)],
    "edition_again": [
        Write(
            "draft",
            {"own": "302 403 404 404 404 in", "team": TEAM["team"]},
            arguments=_edition,
            no_page=True,
        )
    ],
    "edition_review": [
        Write(
            "draft",
            # whoever belongs to the owner may say whether a draft is ready, in any role
            {
                "own": "302 302 404 404 404 in",
                "team": "404 404 302 404 404 in",
                "network": "302 302 404 404 404 in",
            },
            lambda *_: {"verdict": "changes", "words": "Say who is missing."},
            _edition,
        )
    ],
    "edition_notice": [Write("edition", BOTH, lambda *_: {"text": "A figure was corrected."}, _edition)],
}


def _study_on(world, assumption):
    level = next(level for (kind, level), thing in world.things.items() if thing == assumption)
    return world.of("study", level).pk


def _assumption_of(world, study):
    level = next(level for (kind, level), thing in world.things.items() if thing == study)
    return world.of("assumption", level).pk


def _sister(code):
    return code.codebook.codes.exclude(pk=code.pk).filter(state="active").first().pk


def form_on(page: bytes, url: str) -> dict[str, list[str]]:
    """What a browser would send of the form on a page that posts to ``url``, untouched."""
    tree = lxml.html.fromstring(page.decode())
    forms = [
        form
        for form in tree.xpath("//main//form")
        if form.method == "POST" and form.get("action", "") in ("", url, url.partition("?")[0])
    ]
    assert forms, f"no form on the page of {url}"
    given: dict[str, list[str]] = {}
    for name, value in forms[0].form_values():
        given.setdefault(name, []).append(value)
    # a button that carries a value is sent when it is pressed: the first one
    for button in forms[0].xpath(".//button[@name]")[:1]:
        given.setdefault(button.get("name"), [button.get("value") or ""])
    return given


@pytest.fixture(scope="module")
def cases(world):
    """Every write at every reach with the answers that are sent."""
    found = []
    for name, writes in WRITES.items():
        for write in writes:
            for level, expected in write.expected.items():
                thing = world.things.get((write.kind, level))
                if thing is None:
                    continue
                url = reverse(name, args=write.arguments(world, thing)) + write.query(thing)
                column = next(
                    person
                    for person, status in zip(PEOPLE, expected.split(), strict=True)
                    if int(status.replace("in", "0")) in write.done
                )
                answers: dict[str, Any] = {}
                if not write.no_page:
                    shown = reverse(write.page, args=write.arguments(world, thing)) if write.page else url
                    page = world.clients[column].get(shown)
                    assert page.status_code == 200, (name, level, page.status_code)
                    answers = form_on(page.content, url)
                answers |= write.answers(world, thing)
                found.append((name, write, level, url, answers, expected))
    return found


def test_who_may_write_does_and_nobody_else_leaves_a_trace(world, cases, undone):
    wrong = []
    for name, write, level, url, answers, expected in cases:
        for person, wanted in zip(PEOPLE, expected.split(), strict=True):
            with undone():
                before = Event.objects.count()
                response = world.clients[person].post(url, answers)
                traces = Event.objects.count() - before
            where = f"{name}, {write.kind}, {level}: {person}"
            to_sign_in = response.status_code == 302 and response["Location"].startswith("/account/login/")
            got = "in" if to_sign_in else str(response.status_code)
            if got != wanted:
                wrong.append(f"{where} got {got}, not {wanted}")
            if bool(traces) != (wanted != "in" and int(wanted) in write.done):
                wrong.append(f"{where} left {traces} rows in the log with {got}")
    assert not wrong, "\n".join(wrong)


def test_a_stale_save_is_refused_with_412_and_keeps_the_words_typed(world, cases, undone):
    told = []
    for name, write, level, url, answers, expected in cases:
        if "version" not in answers:
            continue
        person = PEOPLE[[int(one.replace("in", "0")) in write.done for one in expected.split()].index(True)]
        typed = {
            key: "typed before the other saved"
            for key in answers
            if key
            in {"title", "why", "note", "summary", "population", "description", "about", "introduction"}
        }
        with undone():
            response = world.clients[person].post(url, {**answers, **typed, "version": ["999"]})
        if response.status_code != 412:
            told.append(f"{name}, {level}: {response.status_code}")
        elif typed and b"typed before the other saved" not in response.content:
            told.append(f"{name}, {level}: the words are gone")
    assert not told, "\n".join(told)


@pytest.fixture
def send(world, undone):
    """``send("ada", "people", {…}, *args)`` posts and takes back: the status and the rows it left in the log."""

    def posted(person, name, answers, *arguments):
        with undone():
            before = Event.objects.count()
            response = world.clients[person].post(reverse(name, args=arguments), answers)
            return response.status_code, Event.objects.count() - before

    return posted


NEW_PERSON = {"name": "Kim", "email": "kim@example.org", "role": "officer"}


def test_only_an_administrator_enters_people_and_gives_roles(send):
    assert send("ira", "people", NEW_PERSON)[1] == 2
    for person in ("ada", "ben", "dina", "eli", "gus"):
        assert send(person, "people", NEW_PERSON) == (403, 0), person


def test_only_an_administrator_ends_a_role_and_only_at_home(world, send):
    pk = world.cast.ben.memberships.get().pk
    assert send("ira", "role_end", {}, pk) == (302, 1)
    assert send("ada", "role_end", {}, pk) == (403, 0)
    for person in ("cleo", "dina", "eli", "gus"):
        assert send(person, "role_end", {}, pk) == (404, 0), person


def test_only_the_lead_researcher_brings_people_into_the_team(world, send):
    given = {"email": "gus@example.org", "role": "researcher"}
    assert send("dina", "team_join", given, world.cast.team.pk) == (302, 1)
    # Eli is in the Rival team, and no lead of it
    assert send("eli", "team_join", given, world.cast.rival.pk) == (403, 0)
    for person in ("ada", "eli", "ira", "gus"):
        assert send(person, "team_join", given, world.cast.team.pk) == (404, 0), person


def test_nobody_else_ends_a_place_in_a_team(world, send):
    pk = world.cast.dina.team_memberships.get().pk
    for person in ("ada", "eli", "ira", "gus"):
        assert send(person, "team_leave", {}, pk) == (404, 0), person


def test_only_an_administrator_describes_the_organisation(send):
    given = {"about": "We listen.", "structure": "", "version": "1"}
    assert send("ira", "settings", given) == (302, 1)
    for person in ("ada", "ben", "fay", "jon"):
        assert send(person, "settings", given) == (403, 0), person


def test_the_names_a_team_protects_are_its_own_to_change(world, send):
    assert send("dina", "protected_names", {"name": "Oakthorpe"}, world.cast.team.pk)[0] == 302
    for person in ("ada", "eli", "gus", "ira"):
        assert send(person, "protected_names", {"name": "Oakthorpe"}, world.cast.team.pk) == (404, 0), person


def test_whoever_has_no_role_brings_nothing_in(world, send):
    given = {"kind": "transcript", "owner": f"team-{world.cast.team.pk}", "consent": "quote"}
    for person in ("ben", "gus"):
        assert send(person, "source_import", given) == (403, 0), person
    # Ada brings in for her organisation; the team is not among her choices
    assert send("ada", "source_import", given) == (422, 0)


def test_nobody_switches_to_an_organisation_that_is_not_theirs(send):
    assert send("ada", "switch_organisation", {"organisation": "northmere"})[0] == 302
    assert send("ada", "switch_organisation", {"organisation": "southholt"})[0] == 404


def test_switching_leads_nowhere_outside(world, undone):
    with undone():
        answer = world.clients["ada"].post(
            reverse("switch_organisation"), {"organisation": "northmere", "next": "//elsewhere.example/"}
        )
    assert answer["Location"] == "/"


def test_a_member_check_is_answered_once_and_by_its_own_address_only(world, undone):
    given = {"answer": "unfair", "words": "I meant the opposite."}
    url = reverse("check_answer", args=[world.of("secret", "team")])
    with undone():
        assert world.clients["anonymous"].post(url, given).status_code == 200
        again = world.clients["anonymous"].post(url, {**given, "words": "Changed by somebody else."})
        check = world.of("check", "team")
        check.refresh_from_db()
        assert check.words == "I meant the opposite." and again.status_code == 200
    for forged in ("x", "0" * 24, world.of("secret", "team")[:-1], world.of("secret", "team") + "A", "%"):
        assert world.clients["dina"].get(reverse("check_answer", args=[forged])).status_code == 404


def test_work_is_recorded_by_colleagues_and_costed_by_those_who_edit(send):
    activity = {"happened_on": "2026-03-02", "counted": "people", "people": "4"}
    assert send("ben", "activity_new", activity) == (302, 1)
    rate = {"since": "2026-04-01", "pounds": "31.50", "basis": "a constable"}
    method = {"name": "Tea", "medium": "in person", "synchronous": "yes", "level_low": "1", "level_high": "3"}
    for name, given in (("rates", rate), ("methods", method)):
        assert send("ada", name, given) == (302, 1)
        for person in ("ben", "dina", "gus"):
            assert send(person, name, given) == (403, 0), person
    for person in ("dina", "fay", "gus"):
        assert send(person, "activity_new", activity) == (403, 0), person
    assert send("ben", "initiative_new", {"name": "Tea"}) == (403, 0)
