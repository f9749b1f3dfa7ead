"""Every address × every person × every reach: the answer to a GET, and that no answer holds others' words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from django.http import HttpResponseNotFound
from django.template.loader import get_template
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.views.defaults import page_not_found

from folkmoot.discussion.targets import kind_of
from folkmoot.project import urls

# thousands of visits, before the first test; other work on the machine takes its share
pytestmark = pytest.mark.timeout(900)

#             ada ben cleo dina eli fay gus ira jon anonymous
ALL = "200 200 200 200 200 200 200 200 200 200"
SIGNED = "200 200 200 200 200 200 200 200 200 302"
NETWORK = "200 200 200 200 200 200 404 200 200 404"
MEMBERS = "200 200 200 200 200 200 404 200 200 302"
OWN = "200 200 404 404 404 200 404 200 200 404"
OWN_IN = "200 200 404 404 404 200 404 200 200 302"
TEAM = "404 404 404 200 404 404 404 404 404 404"
TEAM_IN = "404 404 404 200 404 404 404 404 404 302"
NOBODY_IN = "404 404 404 404 404 404 404 404 404 302"
BY_POST = "405 405 405 405 405 405 405 405 405 302"
AT_HOME = "200 200 200 404 200 200 404 200 200 302"  # people with an organisation
RECORDERS = "200 403 200 200 200 403 403 200 403 302"  # those who record evidence for somebody
EDITORS = "200 403 200 403 200 403 403 200 403 302"  # those who edit for an organisation
CAPTURE = "200 200 200 404 200 403 404 200 200 302"  # … and have an organisation to do it for
COLLEAGUES = "200 200 200 403 200 403 403 200 200 302"  # those who do its work

# the work of Northmere, and of its commissioner's office: neither sees the other's
OFFICE = "404 404 200 404 404 404 404 404 404 404"
OFFICE_IN = "404 404 200 404 404 404 404 404 404 302"
WORK = {"own": OWN, "office": OFFICE}
WORK_DESK = {"own": "200 403 404 404 404 403 404 200 403 302", "office": OFFICE_IN}

# pages to read, and pages to work at: everybody who sees a thing sees them, a visitor signs in to work
READ = {"own": OWN, "team": TEAM, "network": NETWORK, "public": ALL}
DESK = {"own": OWN_IN, "team": TEAM_IN, "network": MEMBERS, "public": SIGNED}
# the inside of a thing, closed to everybody but its owner however far it is shared
INSIDE_POLICE = {"own": OWN_IN, "network": OWN_IN, "public": OWN_IN}
INSIDE_TEAM = {
    "team": TEAM_IN,
    "network": TEAM_IN,
    "public": TEAM_IN,
    "network count": TEAM_IN,
    "public paraphrase": TEAM_IN,
}
TEAMS_CLAIMS = {
    "team": TEAM_IN,
    "network": "403 403 403 200 403 403 404 403 403 302",
    "public": "403 403 403 200 403 403 403 403 403 302",
}
STUDY_DESK = {
    "own": "200 403 404 404 404 403 404 200 403 302",
    "team": TEAM_IN,
    "network": "200 403 403 403 403 403 404 200 403 302",
    "public": "200 403 403 403 403 403 403 200 403 302",
}
APPRAISAL = {
    "own": "200 403 404 404 404 403 404 200 403 302",
    "team": TEAM_IN,
    "network": "200 403 200 200 200 403 404 200 403 302",
    "public": RECORDERS,
}
LOOSE_DESK = {
    level: TEAM_IN if level == "team" else STUDY_DESK["own"] for level in ("own", "team", "network", "public")
}
DRAFTS = {"own": OWN, "team": TEAM, "network": OWN, "public": OWN}
DRAFT_DESK = {"own": OWN_IN, "team": TEAM_IN, "network": OWN_IN, "public": OWN_IN}
SOURCE = READ | {"network count": NETWORK, "public paraphrase": ALL}
# where consent or review forbid the words, whoever sees that the source is there is led to its page
READER = READ | {
    "network count": "302 302 302 200 302 302 404 302 302 404",
    "public paraphrase": "302 302 302 200 302 302 302 302 302 302",
}
# whoever keeps a reading asks whether it is fair
ASKING = "200 404 404 404 404 404 404 200 404 302"
CHECKS = {"own": ASKING, "team": TEAM_IN, "network": ASKING, "public": ASKING}
# what members say of a public thing is said among members
THREAD = DESK | {"public": MEMBERS}
POSTED = dict.fromkeys(("own", "team", "network", "public"), BY_POST)
# what is still to be read: for its owner or the network, and never for everybody
LISTED = {level: DESK[level] for level in ("own", "team", "network")}
LISTED_POSTED = dict.fromkeys(LISTED, BY_POST)

# files of activities: read by whoever did the work, worked at by those who edit for it
WORK_INSIDE = {"own": OWN_IN, "office": "404 404 200 404 404 404 404 404 404 302"}
IMPORTERS = WORK_INSIDE | {"own": "200 403 404 404 404 403 404 200 403 302"}

# what people said: read by those who do the work, published to everybody
WORKERS = "200 200 404 404 404 404 404 200 200 302"
AT_WORK = "200 200 200 404 200 404 404 200 200 302"
KEEPERS = "200 404 404 404 404 404 404 200 404 302"
NOWHERE = " ".join(["404"] * 10)
PUBLISHED = {"own": NOWHERE, "network": NOWHERE, "public": ALL}
VOTES = {"own": OWN_IN, "public": OWN_IN}

# a page for those who edit, of a thing whose state does not allow it now
NOT_NOW = {level: expected.replace("200", "409") for level, expected in STUDY_DESK.items()}
# an offer is there for whoever asked and whoever offers; the asker answers, the other takes it back
OFFERED = dict.fromkeys(("network", "public"), "200 403 404 403 404 403 404 200 403 302")
OFFERS_POSTED = dict.fromkeys(("network", "public"), BY_POST)
OFFER_DESK = {
    "own": "403 403 404 404 404 403 404 403 403 302",
    "team": TEAM_IN,
    "network": "403 403 403 200 200 403 404 403 403 302",
    "public": "403 403 403 200 200 403 403 403 403 302",
}

PLAIN: dict[str, str] = {
    "plans": ALL,
    "plan_new": RECORDERS,
    "board": ALL,
    "request_new": RECORDERS,
    "concerns": SIGNED,
    "concern_new": SIGNED,
    "contributions": AT_WORK,
    "contribution_new": SIGNED,
    "contributions_import": SIGNED,
    "contributions_deal": BY_POST,
    "themes_suggest": BY_POST,
    "promises": SIGNED,
    "words_waiting": SIGNED,
    "priorities": SIGNED,
    "priority_new": SIGNED,
    "elections": SIGNED,
    "conversations": SIGNED,
    "conversation_new": SIGNED,
    "heard": ALL,
    "heard_withdraw": ALL,
    "overview": ALL,
    "assumptions": ALL,
    "gap_map": ALL,
    "studies": ALL,
    "references": SIGNED,
    "briefings": ALL,
    "help": ALL,
    "how_counted": ALL,
    "accessibility": ALL,
    "licence": ALL,
    "privacy": ALL,
    "objective_new": SIGNED,
    "commitments": ALL,
    "commitment_new": SIGNED,
    "strategies": ALL,
    "strategy_new": SIGNED,
    "arrangements": ALL,
    "arrangement_new": SIGNED,
    "aims": ALL,
    "mechanisms": ALL,
    "mechanism_new": SIGNED,
    "sources": SIGNED,
    "source_import": SIGNED,
    "search": SIGNED,
    "codebooks": SIGNED,
    "claims": SIGNED,
    "claims_register": SIGNED,
    "withdrawn_words": SIGNED,
    "briefing_new": SIGNED,
    "discussion": SIGNED,
    "people": SIGNED,
    "audit": SIGNED,
    "account": SIGNED,
    "settings": AT_HOME,
    "study_new": RECORDERS,
    "finding_new": NOBODY_IN,  # about no assumption in particular there is nothing to record
    "clue_new": NOBODY_IN,
    "switch_organisation": BY_POST,
    "token_new": BY_POST,
    "work": SIGNED,
    "reach": SIGNED,
    "initiatives": SIGNED,
    "initiative_new": EDITORS,
    "activity_new": COLLEAGUES,
    "activities_import": SIGNED,
    "activities_export": "200 403 200 404 200 403 404 200 403 302",
    "jobs": SIGNED,
    "rates": SIGNED,
    "hours_share": SIGNED,
    "methods": SIGNED,
    "held_about_me": SIGNED,
    "capture": CAPTURE,
    "capture_back": CAPTURE,
    "captures_sent": CAPTURE,
    "captures_differ": CAPTURE,
    "places": ALL,
    "places_map": ALL,
    "place_new": SIGNED,
    "places_served": AT_HOME,
    "places_import": SIGNED,
    "places_import_do": BY_POST,
    "populations": ALL,
    "groupings": ALL,
    "indicators": ALL,
    "indicator_new": RECORDERS,
    "surveys": ALL,
    "survey_new": RECORDERS,
    "series_list": ALL,
    "series_import": RECORDERS,
    "otherwise_list": ALL,
    "otherwise_new": RECORDERS,
    "grouping_new": SIGNED,
    # what a phone keeps holds nothing of anybody
    "capture_shell": ALL,
    "capture_worker": ALL,
    "capture_patterns": ALL,
}


@dataclass(frozen=True, slots=True)
class About:
    """The pages of one kind of thing: how an address is made of it, and who gets what at each reach."""

    kind: str
    expected: dict[str, str]
    arguments: Callable[[Any, Any, str], list[Any]] = lambda world, thing, level: [thing.pk]
    query: Callable[[Any], str] = lambda thing: ""


def _figure(world, thing, level):
    return [thing.study_id, thing.pk]


def _edition(world, thing, level):
    return [thing.briefing_id, thing.number]


def _target(world, thing, level):
    return [kind_of(thing), thing.pk]


def _of_source(world, thing, level):
    return [thing.source_id, thing.number]


def _stretch(world, thing, level):
    passage = thing.passage
    return [passage.source_id, thing.code_id, passage.start, passage.end]


THINGS: dict[str, list[About]] = {
    **{
        name: [About("concern", DESK)]
        for name in (
            "concern",
            "concern_edit",
            "concern_share",
            "concern_close",
            "decision_new",
            "promise_new",
            "telling_new",
            "reply_new",
        )
    },
    "concern_step": [About("concern", {level: BY_POST for level in DESK if level != "team"})],
    "promise_settle": [About("promise", INSIDE_POLICE)],
    "contribution": [About("contribution", dict.fromkeys(INSIDE_POLICE, WORKERS))],
    "contributions_brought": [About("intake", {"own": WORKERS})],
    "words_read": [About("reply", {"public": OWN_IN}, lambda world, thing, level: ["reply", thing.pk])],
    **{name: [About("priority", DESK)] for name in ("priority_state", "priority_review")},
    **{
        name: [About("conversation", VOTES)]
        for name in (
            "conversation",
            "conversation_again",
            "conversation_edit",
            "conversation_statements",
            "conversation_release",
            "conversation_share",
        )
    },
    "conversation_export": [About("conversation", dict.fromkeys(VOTES, KEEPERS))],
    "conversation_work_out": [About("conversation", dict.fromkeys(VOTES, BY_POST))],
    "heard_conversation": [About("conversation", {"own": NOWHERE, "public": ALL})],
    **{
        name: [About("concern", PUBLISHED)]
        for name in ("heard_concern", "heard_reply", "heard_correct", "heard_say")
    },
    "objective": [About("objective", READ)],
    "objective_history": [About("objective", READ)],
    "objective_edit": [About("objective", DESK)],
    "objective_share": [About("objective", DESK)],
    "objective_retire": [About("objective", DESK)],
    "dual_benefit_new": [About("objective", DESK)],
    "dual_benefit_test": [About("dual benefit", DESK)],
    "commitment_settle": [About("commitment", DESK)],
    "strategy": [About("strategy", READ)],
    "strategy_read": [About("version", READ, lambda world, thing, level: [thing.strategy_id, thing.number])],
    "strategy_version_new": [About("strategy", DESK)],
    "strategy_share": [About("strategy", DESK)],
    "arrangement_pass": [About("arrangement", DESK)],
    "mechanism": [About("mechanism", READ)],
    "mechanism_versions": [About("mechanism", READ)],
    "mechanism_adopt": [About("mechanism", DESK)],
    "mechanism_edit": [About("mechanism", DESK)],
    "mechanism_share": [About("mechanism", DESK)],
    "mechanism_retire": [About("mechanism", DESK)],
    "assumption": [About("assumption", READ)],
    "assumption_describe": [About("assumption", DESK)],
    "study": [About("study", READ)],
    "study_edit": [About("study", STUDY_DESK)],
    "study_marks": [About("study", STUDY_DESK)],
    "study_pools": [About("study", STUDY_DESK)],
    "study_retract": [About("study", STUDY_DESK)],
    "study_conflict": [About("study", STUDY_DESK)],
    "study_reinstate": [About("retracted study", STUDY_DESK)],
    "effect_new": [
        About("study", STUDY_DESK),
        About("study", STUDY_DESK, query=lambda thing: "?kind=means"),
    ],
    "effect_edit": [About("figure", STUDY_DESK, _figure)],
    "effect_verify": [About("figure", STUDY_DESK, _figure)],
    "effect_remove": [About("figure", STUDY_DESK, _figure)],
    "pooled": [About("assumption", READ)],
    "pooled_table": [About("assumption", READ)],
    "pool_plan_new": [About("assumption", APPRAISAL)],
    "pool_plan_give_up": [About("pool plan", STUDY_DESK)],
    "reference": [About("reference", LISTED)],
    "reference_import": [About("reference file", LISTED), About("references brought in", LISTED)],
    "reference_import_undo": [About("reference file", LISTED_POSTED)],
    "reference_join": [About("reference", LISTED_POSTED)],
    "reference_apart": [About("reference", LISTED_POSTED)],
    "reference_aside": [About("reference", LISTED_POSTED)],
    "reference_back": [About("reference", LISTED_POSTED)],
    "mark_remove": [About("mark", POSTED, lambda world, thing, level: [thing.study_id, thing.pk])],
    "appraise": [
        About(
            "study",
            APPRAISAL,
            lambda world, thing, level: [thing.pk, world.of("assumption", level).pk],
        )
    ],
    "finding": [About("finding", READ)],
    "finding_share": [About("finding", STUDY_DESK)],
    "finding_new": [
        About("assumption", APPRAISAL, lambda *_: [], lambda thing: f"?assumption={thing.pk}"),
    ],
    "clue": [About("clue", READ)],
    "clue_new": [
        About("assumption", APPRAISAL, lambda *_: [], lambda thing: f"?assumption={thing.pk}"),
    ],
    "source": [About("interview", SOURCE), About("document", READ)],
    "source_imported": [About("import", INSIDE_TEAM)],
    "source_edit": [About("interview", INSIDE_TEAM), About("document", INSIDE_POLICE)],
    "source_consent": [About("interview", INSIDE_TEAM), About("document", INSIDE_POLICE)],
    "source_speakers": [About("interview", INSIDE_TEAM), About("document", INSIDE_POLICE)],
    "source_original": [About("interview", INSIDE_TEAM), About("document", INSIDE_POLICE)],
    "source_withdraw": [About("interview", INSIDE_TEAM), About("document", INSIDE_POLICE)],
    "redact": [About("interview", INSIDE_TEAM), About("document", INSIDE_POLICE)],
    "agreement": [About("interview", INSIDE_TEAM), About("document", INSIDE_POLICE)],
    "arbitrate": [About("coding", INSIDE_TEAM, _stretch)],
    "turn_speaker": [About("turn", INSIDE_TEAM, _of_source)],
    "passage": [About("passage", SOURCE), About("document passage", READ)],
    "reader": [About("interview", READER), About("document", READ)],
    "reader_mark": [About("interview", POSTED)],
    "coding_remove": [About("coding", INSIDE_TEAM)],
    "codebook": [About("codebook", DESK)],
    "code": [About("code", DESK)],
    "code_edit": [About("code", DESK)],
    "code_merge": [About("code", DESK)],
    "code_split": [About("code", DESK)],
    "code_retire": [About("code", DESK)],
    "claim": [About("claim", DESK)],
    "claim_revise": [About("claim", TEAMS_CLAIMS)],
    "claim_join": [About("claim", TEAMS_CLAIMS)],
    "claim_share": [About("claim", TEAMS_CLAIMS)],
    "comment_add": [
        About(kind, DESK, _target)
        for kind in ("study", "claim", "assumption", "objective", "grouping", "plan")
    ],
    "comment_answer": [About("comment", THREAD)],
    "comment_resolve": [About("comment", THREAD)],
    "comment_withdraw": [About("comment", POSTED)],
    "check_ask": [
        About("study", CHECKS, _target),
        About("claim", {"team": TEAM_IN, "network": TEAM_IN, "public": TEAM_IN}, _target),
    ],
    "check_answer": [
        About(
            "secret", dict.fromkeys(("team", "network", "public"), ALL), lambda world, thing, level: [thing]
        )
    ],
    "briefing": [About("briefing", READ)],
    "briefing_address": [About("briefing", POSTED)],
    "edition_draft": [About("briefing", POSTED)],
    "edition": [About("edition", READ, _edition), About("draft", DRAFTS, _edition)],
    "edition_file": [
        About("edition", READ, lambda world, thing, level: [*_edition(world, thing, level), "html"]),
        About("draft", DRAFTS, lambda world, thing, level: [*_edition(world, thing, level), "html"]),
        About("edition", {"own": OWN}, lambda world, thing, level: [*_edition(world, thing, level), "docx"]),
        About("edition", {"team": TEAM}, lambda world, thing, level: [*_edition(world, thing, level), "pdf"]),
    ],
    "edition_edit": [
        About("draft", DRAFT_DESK, _edition),
        About("edition", dict.fromkeys(READ, NOBODY_IN), _edition),
    ],
    "edition_review": [About("draft", DRAFT_DESK, _edition)],
    "edition_publish": [About("draft", DRAFT_DESK, _edition)],
    "edition_again": [About("draft", POSTED, _edition)],
    "activity": [About("activity", WORK)],
    "remark_purge": [
        About("activity", {"own": "200 403 404 404 404 403 404 200 200 302", "office": OFFICE_IN})
    ],
    "activity_edit": [About("activity", WORK_DESK)],
    "activity_delete": [About("activity", WORK_DESK)],
    "initiative": [About("initiative", WORK)],
    "initiative_edit": [About("initiative", WORK_DESK)],
    "initiative_close": [About("initiative", WORK_DESK)],
    "output_new": [About("initiative", dict.fromkeys(WORK, BY_POST))],
    "output_remove": [
        About(
            "output",
            dict.fromkeys(WORK, BY_POST),
            lambda world, thing, level: [thing.initiative_id, thing.pk],
        )
    ],
    "rate_remove": [About("rate", dict.fromkeys(WORK, BY_POST))],
    "activity_import": [About("begun import", WORK_INSIDE), About("import of activities", WORK_INSIDE)],
    "activity_import_report": [About("import of activities", WORK_INSIDE)],
    "activity_import_columns": [About("begun import", IMPORTERS)],
    "activity_import_values": [
        About("begun import", IMPORTERS, lambda world, thing, level: [thing.pk, "kind"])
    ],
    "activity_import_undo": [About("import of activities", IMPORTERS)],
    "activity_import_drop": [About("begun import", dict.fromkeys(IMPORTERS, BY_POST))],
    "job": [About("job", WORK_INSIDE)],
    "place": [About("hall", READ), About("outlined place", READ)],
    "place_edit": [About("hall", DESK)],
    "place_end": [About("hall", DESK)],
    "place_outline": [About("outlined place", READ)],
    "place_unserve": [About("served", {"own": BY_POST})],
    "places_imported": [About("places import", DESK)],
    "population": [About("population", READ)],
    "indicator": [About("indicator", READ)],
    "indicator_edit": [About("indicator", STUDY_DESK)],
    "survey": [About("survey", READ)],
    "survey_panel": [About("survey", READ)],
    "survey_edit": [About("survey", STUDY_DESK)],
    "survey_questions": [About("survey", STUDY_DESK)],
    "wave": [About("wave", READ), About("bare wave", READ)],
    "wave_new": [About("survey", STUDY_DESK)],
    "wave_edit": [About("wave", STUDY_DESK)],
    "wave_import": [About("bare wave", STUDY_DESK)],
    "wave_margins": [About("wave", STUDY_DESK)],
    "wave_erase": [About("wave", STUDY_DESK)],
    "wave_file": [About("wave", STUDY_DESK)],
    "wave_recall": [About("wave", STUDY_DESK)],
    "wave_question": [
        About("variable", READ, lambda world, thing, level: [world.of("wave", level).pk, thing.pk])
    ],
    "series": [About("series", READ)],
    "series_edit": [About("series", STUDY_DESK)],
    "event_new": [About("series", STUDY_DESK)],
    "event_remove": [About("event", POSTED, lambda world, thing, level: [thing.series_id, thing.pk])],
    "otherwise": [About("otherwise", READ)],
    "otherwise_edit": [About("otherwise", STUDY_DESK)],
    "plan": [About("plan", READ), About("registered plan", READ)],
    "plan_edit": [About("plan", STUDY_DESK), About("registered plan", NOT_NOW)],
    "plan_sight": [About("plan", POSTED)],
    "plan_register": [About("plan", STUDY_DESK), About("registered plan", NOT_NOW)],
    "plan_departure": [About("registered plan", STUDY_DESK), About("plan", NOT_NOW)],
    "plan_cannot": [About("plan", STUDY_DESK), About("registered plan", STUDY_DESK)],
    "plan_stop": [About("plan", STUDY_DESK), About("registered plan", STUDY_DESK)],
    "plan_take_back": [About("plan", NOT_NOW)],
    "plan_share": [About("plan", STUDY_DESK), About("registered plan", STUDY_DESK)],
    "plan_frozen": [About("registered plan", READ), About("plan", dict.fromkeys(READ, NOWHERE))],
    "plan_data": [About("plan", STUDY_DESK), About("worked plan", STUDY_DESK)],
    "plan_data_series": [About("worked plan", STUDY_DESK)],
    "plan_data_survey": [
        About("worked plan", STUDY_DESK, lambda world, thing, level: [thing.pk, world.of("survey", level).pk])
    ],
    "data_erase": [
        About("table", STUDY_DESK, lambda world, thing, level: [thing.plan_id, thing.pk]),
    ],
    "run_new": [About("worked plan", STUDY_DESK), About("plan", NOT_NOW)],
    # what a finding rests on is read with it; a run without one stays inside
    "run": [About("run", READ), About("loose run", DRAFTS)],
    "run_script": [About("run", READ), About("loose run", DRAFTS)],
    "run_data": [About("run", STUDY_DESK), About("loose run", LOOSE_DESK)],
    "run_finding": [About("run", READ), About("loose run", dict.fromkeys(READ, NOWHERE))],
    "run_finding_new": [About("loose run", LOOSE_DESK)],
    **{
        name: [About("run", STUDY_DESK)]
        for name in ("run_finding_state", "run_finding_withdraw", "run_finding_share")
    },
    "request": [About("request", READ)],
    "request_withdraw": [About("request", POSTED)],
    "offer_new": [About("request", OFFER_DESK)],
    "offer_answer": [About("offer", OFFERED)],
    "offer_withdraw": [About("offer", OFFERS_POSTED)],
    "grouping": [About("grouping", READ)],
    "grouping_edit": [About("grouping", DESK)],
    "grouping_share": [About("grouping", DESK)],
    "grouping_end": [About("grouping", DESK)],
    "representative_new": [About("grouping", DESK)],
    "representative_edit": [About("speaker", INSIDE_POLICE)],
    "representative_withdraw": [About("speaker", INSIDE_POLICE)],
    "edition_notice": [About("edition", DESK, _edition), About("draft", {"own": NOBODY_IN}, _edition)],
}

# pages with one argument that is no thing of somebody's reach
SINGLE: dict[str, tuple[Callable[[Any], list[Any]], str]] = {
    "aim": (lambda world: ["O2"], ALL),
    "place_outlines": (lambda world: ["ward", 2024], ALL),
    "protected_names": (lambda world: [world.cast.team.pk], TEAM_IN),
    "activities_import_template": (lambda world: ["csv"], SIGNED),
    "gap_map_file": (lambda world: ["html"], ALL),
    "claims_register_file": (lambda world: ["csv"], SIGNED),
    "method_end": (lambda world: ["M-POP"], SIGNED),
    "token_end": (lambda world: [1], BY_POST),
    "capture_settle": (lambda world: [1], BY_POST),
    "role_end": (lambda world: [world.cast.ben.memberships.get().pk], BY_POST),
    "election_remove": (lambda world: [1], BY_POST),
    "team_join": (lambda world: [world.cast.team.pk], BY_POST),
    "team_leave": (lambda world: [world.cast.dina.team_memberships.get().pk], BY_POST),
}


def names_of_urls(patterns=None) -> set[str]:
    """The names of all our own addresses; allauth's below /account/ are its own."""
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
        elif isinstance(pattern, URLResolver) and str(pattern.pattern) not in {"account/", "api/v1/"}:
            found |= names_of_urls(pattern.url_patterns)
    return found


def addresses(world) -> list[tuple[str, str, str]]:
    """Every address with what it is about and what everybody is expected to get."""
    found = [(name, reverse(name), expected) for name, expected in PLAIN.items()]
    found += [(name, reverse(name, args=of(world)), expected) for name, (of, expected) in SINGLE.items()]
    for name, pages in THINGS.items():
        for page in pages:
            reaches = [level for kind, level in world.things if kind == page.kind and level in page.expected]
            assert reaches, f"the world holds nothing for {name}"
            for level in reaches:
                thing = world.of(page.kind, level)
                url = reverse(name, args=page.arguments(world, thing, level)) + page.query(thing)
                found.append((f"{name}, {page.kind}, {level}", url, page.expected[level]))
    return found


def test_every_address_stands_in_the_table():
    assert names_of_urls() - {*PLAIN, *SINGLE, *THINGS} == set()
    assert {*PLAIN, *SINGLE, *THINGS} - names_of_urls() == set()


def test_the_page_for_what_is_not_there_or_not_theirs_is_told_nothing_of_it():
    """So it is made once for each person and section of the site, and then only given."""
    source = get_template("404.html").template.source
    assert not re.search(r"exception|request_path|request\.|reason", source)


@pytest.fixture(scope="module")
def visits(world, body):
    """What everybody got at every address: ``{(what, person): (status, markers)}``. One walk for all tests."""
    pages: dict[tuple[Any, str], bytes] = {}

    def nothing_here(request, exception):
        key = (request.user.pk, request.path.split("/")[1])
        if key not in pages:
            pages[key] = page_not_found(request, exception).content
        return HttpResponseNotFound(pages[key])

    with patch.object(urls, "handler404", nothing_here, create=True):
        return _visited(world, body)


def _visited(world, body):
    assert all(re.fullmatch(r"zq\w+", marker) for marker in world.markers)

    @cache
    def markers_in(word: str) -> frozenset[str]:
        return frozenset(marker for marker in world.markers if marker in word)

    got: dict[tuple[str, str], tuple[int, frozenset[str]]] = {}
    for what, url, _ in addresses(world):
        for person, client in world.clients.items():
            response = client.get(url)
            text = body(response).decode(errors="replace").casefold()
            # a marker may stand inside of a longer word: in an address, or in a marker that begins as it does
            found = [markers_in(word) for word in set(re.findall(r"zq\w+", text))]
            got[what, person] = (response.status_code, frozenset().union(*found))
    return got


def test_everybody_gets_exactly_what_the_table_says(world, visits):
    wrong = []
    for what, _, expected in addresses(world):
        for person, status in zip(world.clients, expected.split(), strict=True):
            if visits[what, person][0] != int(status):
                wrong.append(f"{what}: {person} got {visits[what, person][0]}, not {status}")
    assert not wrong, "\n".join(wrong)


def test_no_page_shows_a_word_to_somebody_who_may_not_read_it(world, visits):
    told = [
        f"{what}: {person} reads {marker}"
        for (what, person), (_, markers) in visits.items()
        for marker in sorted(markers)
        if person not in world.markers[marker]
        # whoever holds the private address of a member check was asked that question
        and not (what.startswith("check_answer") and marker.startswith("zqcheck"))
    ]
    assert not told, "\n".join(told)


def test_the_words_are_there_for_those_who_may_read_them(world, visits):
    """Without this the test above could pass on empty pages."""
    read = {(marker, person) for (_, person), (_, markers) in visits.items() for marker in markers}
    unread = [
        f"{person} never reads {marker}"
        for marker, readers in world.shown.items()
        for person in readers
        if (marker, person) not in read
    ]
    assert not unread, "\n".join(sorted(unread))
