"""A world with one object of every kind at every reach, and who may see the words of each.

It is built once for each file of tests and taken back at its end. Every text that is not for
everybody holds a marker: a word that stands nowhere else. Shared things come first and private
ones after, so that a test can ask what an outsider is shown before and after.
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from folkmoot.activities.actions import importing, initiatives, occasions, outputs, rates
from folkmoot.activities.importing.carrying import bring_in
from folkmoot.activities.importing.keeping import sheet_in
from folkmoot.audit.actions import TheInstance, made
from folkmoot.briefings import actions as briefings
from folkmoot.coding import actions as coding
from folkmoot.coding.models import Coding
from folkmoot.communities import actions as communities
from folkmoot.communities.counting import Said
from folkmoot.communities.models import Place, Population
from folkmoot.discussion import actions as discussion
from folkmoot.evaluations.actions import board as evaluation_board
from folkmoot.evaluations.actions import data as evaluation_data
from folkmoot.evaluations.actions import findings as evaluation_findings
from folkmoot.evaluations.actions import plans as evaluation_plans
from folkmoot.evaluations.actions import runs as evaluation_runs
from folkmoot.evaluations.looking import look
from folkmoot.evidence import actions as evidence
from folkmoot.heard import actions as heard
from folkmoot.heard.actions.public import SomebodyOutside
from folkmoot.jobs import actions as jobs
from folkmoot.mechanisms import actions as mechanisms
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Membership, Organisation, ResearchTeam, TeamMembership, User
from folkmoot.sources import actions as sources
from folkmoot.sources.models import RedactionMark
from folkmoot.strategies import actions as strategies
from folkmoot.strategies.library import load_aims
from folkmoot.strategies.models import Aim
from folkmoot.surveys import actions as surveys
from folkmoot.surveys.models import Series
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, lay
from folkmoot.surveys.reading.series import read_published

PEOPLE = ("ada", "ben", "cleo", "dina", "eli", "fay", "gus", "ira", "jon", "anonymous")
POLICE = frozenset({"ada", "ben", "fay", "ira", "jon"})
TEAM = frozenset({"dina"})
NETWORK = frozenset(PEOPLE) - {"gus", "anonymous"}
DAY = datetime.date(2026, 3, 2)


@dataclass
class World:
    """Everything by kind and reach, the people, and the markers with those who may read each.

    ``shown`` has those who do read it on a page: as a rule all who may.
    """

    cast: Any
    things: dict[tuple[str, str], Any] = field(default_factory=dict)
    markers: dict[str, frozenset[str]] = field(default_factory=dict)
    shown: dict[str, frozenset[str]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def of(self, kind: str, level: str) -> Any:
        return self.things[kind, level]

    def mark(
        self, kind: str, level: str, readers: frozenset[str], *, shown: frozenset[str] | None = None
    ) -> str:
        """A marker for the texts of that object."""
        word = f"zq{kind}{level}"
        self.markers[word] = readers
        self.shown[word] = readers if shown is None else shown
        return word


def _cast() -> SimpleNamespace:
    """The people of tests/apps, made once for a whole file."""
    now = timezone.now()
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    office = Organisation.objects.create(
        slug="northmere-office", name="Commissioner for Northmere", kind="local policing body"
    )
    other = Organisation.objects.create(slug="southholt", name="Southholt Police", kind="police")
    team = ResearchTeam.objects.create(slug="evidence", name="Evidence team")
    rival = ResearchTeam.objects.create(slug="rival", name="Rival team")
    people = {
        name: User.objects.create_user(f"{name}@example.org", "a long enough secret", name=name.title())
        for name in PEOPLE[:-1]
    }
    roles = Membership.Role
    for name, organisation, role in (
        ("ada", police, roles.LEAD),
        ("ben", police, roles.OFFICER),
        ("cleo", office, roles.ADMINISTRATOR),
        ("eli", other, roles.LEAD),
        ("fay", police, roles.ADVISER),
        ("ira", police, roles.ADMINISTRATOR),
        ("jon", police, roles.PROTECTION),
    ):
        Membership.objects.create(
            user=people[name], organisation=organisation, role=role, created_at=now, created_by="the cast"
        )
    for name, group, place in (("dina", team, "lead"), ("eli", rival, "researcher")):
        TeamMembership.objects.create(
            user=people[name], team=group, role=place, created_at=now, created_by="the cast"
        )
    return SimpleNamespace(
        police=police,
        office=office,
        other=other,
        team=team,
        rival=rival,
        lou=User.objects.create_user("lou@example.org", None, name="Lou"),
        **people,
        people=people,
    )


TALK = """Interviewer: What do the visits do on {where}?

Interviewee: People who had a {word} visit wave at us now. Mrs {name} waves too.

Interviewer: And after a year?

Interviewee: It is gone by the next {word} stop, nobody remembers.
"""
PLAN = """We will call at every home of the {word} streets before the summer.

By March more residents of the {word} streets will rely on us.

This page was left {word} blank.
"""


def _interview(world: World, level: str, *, consent: str, reviewed: bool) -> None:
    """An interview of the Evidence team with a passage, a code on it and a claim from it."""
    cast, told = world.cast, consent == "quote" and reviewed and level != "team"
    readers = {"network": NETWORK, "public": frozenset(PEOPLE)}[level] if told else TEAM
    title = world.mark("title", f"{level}{consent}", TEAM)
    word = world.mark("words", f"{level}{consent}", readers)
    name = world.mark("name", f"{level}{consent}", TEAM)
    room = world.mark("setting", f"{level}{consent}", TEAM)
    made = sources.import_sources(
        [(f"{title}.txt", TALK.format(where="Ferry Road", word=word, name=name.title()).encode())],
        kind="interview",
        owner=cast.team,
        visibility=level,
        consent=consent,
        # how people were found and who is missing is printed beside every count: no secret of the team's
        recruitment="Asked through their force.",
        missing_people="People who left.",
        setting=f"a room {room}",
        names=[name.title()],
        by=cast.dina,
    )
    source = made.sources.get()
    sources.accept_all_redactions(source, by=cast.dina)
    if reviewed:
        source = sources.finish_redaction_review(source, by=cast.dina)
    key = level if consent == "quote" else f"{level} {consent}"
    start = source.body.text.index("People who had")
    passage = sources.mark_passage(source, start=start, end=start + 30, by=cast.dina)
    world.things |= {
        ("interview", key): source,
        ("passage", key): passage,
        ("import", key): made,
        ("turn", key): source.turns.get(number=2),
        ("redaction", key): RedactionMark.objects.filter(source=source).first(),
    }


def _codes(world: World, level: str) -> None:
    # codebooks are pages for people with an account, even those that everybody may see
    readers = {"team": TEAM, "network": NETWORK, "public": frozenset(PEOPLE) - {"anonymous"}}[level]
    cast, word = world.cast, world.mark("codebook", level, readers)
    book = coding.create_codebook(
        f"Reading {word}", owner=cast.team, description=f"For {word}.", visibility=level, by=cast.dina
    )
    code = coding.create_code(book, name=f"waving {word}", description=f"They wave {word}.", by=cast.dina)
    other = coding.create_code(book, name=f"forgetting {word}", by=cast.dina)
    passage = world.of("passage", level)
    # somebody who has left the team since read it otherwise
    Coding.objects.create(code=other, passage=passage, coder=cast.lou, **made(cast.lou))
    world.things |= {
        ("codebook", level): book,
        ("code", level): code,
        ("other code", level): other,
        ("coding", level): coding.code_passage(code, passage=passage, by=cast.dina),
    }


def _claim(world: World, level: str, *, source_level: str = "", assumption: Any = None) -> None:
    """A reading of an interview; its own reach is not its interview's."""
    readers = {"team": TEAM, "network": NETWORK, "public": frozenset(PEOPLE)}[level]
    cast, word = world.cast, world.mark("claim", level, readers)
    note = world.mark("note", level, TEAM)
    claim = coding.make_claim(
        world.of("passage", source_level or level),
        cause=f"a {word} visit",
        effect=f"{word} waving",
        stance="challenges",
        note=f"a coder's {note} thought",
        assumption=assumption,
        visibility=level,
        by=cast.dina,
    )
    world.things["claim", level] = claim


def _strategy(world: World, level: str) -> None:
    readers = {"own": POLICE, "network": NETWORK, "public": frozenset(PEOPLE)}[level]
    cast, word = world.cast, world.mark("strategy", level, readers)
    version = strategies.bring_in_strategy(
        f"Strategy {word}",
        kind="strategy",
        organisation=cast.police,
        visibility=level,
        file=(f"plan-{word}.txt", PLAN.format(word=word).encode()),
        published=True,
        note=f"first {word} version",
        by=cast.ada,
    )
    source = version.source
    text = source.body.text
    start = text.index("By March")
    passage = sources.mark_passage(source, start=start, end=text.index("This page") - 2, by=cast.ada)
    nothing = sources.mark_passage(source, start=text.index("This page"), end=len(text.rstrip()), by=cast.ada)
    strategies.judge_passage(nothing, verdict="nothing", why=f"empty {word}", by=cast.ada)
    objective_word = world.mark("objective", level, readers)
    objective = strategies.create_objective(
        Aim.objects.get(code="O2"),
        organisation=cast.police,
        visibility=level,
        passage=passage,
        title=f"Reliance {objective_word}",
        who=f"residents {objective_word}",
        what_change=f"more of them rely on us {objective_word}",
        by_when=datetime.date(2027, 3, 31),
        how_known=f"a survey {objective_word}",
        by=cast.ada,
    )
    promise_word = world.mark("commitment", level, readers)
    promise = strategies.create_commitment(
        f"Call at every {promise_word} home",
        organisation=cast.police,
        objective=objective,
        owner_role=f"sergeant {promise_word}",
        due=datetime.date(2026, 6, 1),
        visibility=level,
        by=cast.ada,
    )
    both_word = world.mark("both", level, readers)
    both = strategies.claim_dual_benefit(
        objective,
        organisation_gains=f"fewer calls {both_word}",
        community_gains=f"calm {both_word}",
        through=f"visits {both_word}",
        by=cast.ada,
    )
    panel_word = world.mark("arrangement", level, readers)
    panel = strategies.record_arrangement(
        f"Panel {panel_word}",
        organisation=cast.police,
        owner=cast.police,
        since=DAY,
        about=f"It meets {panel_word}.",
        visibility=level,
        by=cast.ada,
    )
    world.things |= {
        ("strategy", level): version.strategy,
        ("version", level): version,
        ("document", level): source,
        ("document passage", level): passage,
        ("objective", level): objective,
        ("commitment", level): promise,
        ("dual benefit", level): both,
        ("arrangement", level): panel,
    }


def _owner(world: World, level: str) -> tuple[Any, Any]:
    """Who owns a thing at that reach, and who made it."""
    return (world.cast.team, world.cast.dina) if level == "team" else (world.cast.police, world.cast.ada)


def _readers(level: str) -> frozenset[str]:
    return {"own": POLICE, "team": TEAM, "network": NETWORK, "public": frozenset(PEOPLE)}[level]


def _chain(world: World, level: str) -> None:
    """A chain of two steps with ways to backfire, its first assumption tested and explained."""
    owner, by = _owner(world, level)
    word = world.mark("mechanism", level, _readers(level))
    mechanism = mechanisms.create_mechanism(
        f"Chain {word}",
        owner=owner,
        objective=None if level == "team" else world.of("objective", level),
        aims=[Aim.objects.get(code="O2")],
        summary=f"In short {word}",
        context=f"Where {word}",
        steps=[
            StepDraft(
                cause=f"Officers call {word}",
                effect=f"People see them {word}",
                population=f"the {word} streets",
                horizon="six weeks",
                own_words=f"they {word} see us",
            ),
            StepDraft(cause=f"People see them {word}", effect=f"People rely on them {word}"),
        ],
        backfires=[BackfireDraft(wording=f"It frightens {word}")],
        visibility=level,
        by=by,
    )
    first = mechanism.versions.get().steps.get(position=1).assumption
    world.things |= {("mechanism", level): mechanism, ("assumption", level): first}


def _evidence(world: World, level: str) -> None:
    owner, by = _owner(world, level)
    assumption = world.of("assumption", level)
    word = world.mark("study", level, _readers(level))
    study = evidence.record_study(
        authors=f"Author {word}",
        title=f"Visits {word}",
        year=2024,
        kind="trial",
        design=f"streets drawn by lot {word}",
        setting=f"a town {word}",
        country="England and Wales",
        level_low=5,
        level_high=5,
        read_where="full",
        evaluators=f"team {word}",
        summary=f"It says {word}.",
        owner=owner,
        visibility=level,
        by=by,
    )
    evidence.mark_factor(study, factor=assumption.cause, sign="up", manipulated=True, delivered=True, by=by)
    mark = evidence.mark_factor(study, factor=assumption.effect, sign="down", by=by)
    seen = world.mark("appraisal", level, _readers(level))
    appraisal = evidence.appraise(
        study,
        assumption=assumption,
        level=5,
        same_country=True,
        differs=[],
        read_in_full=True,
        appraiser_is_evaluator=False,
        why=f"a fair draw {seen}",
        owner=owner,
        visibility=level,
        by=by,
    )
    said = world.mark("finding", level, _readers(level))
    finding = evidence.record_finding(
        assumption,
        statement=f"Visits work where {said}",
        direction="conditions",
        components=dict.fromkeys(
            ("methodological_limits", "coherence", "adequacy", "relevance"), f"minor {said}"
        ),
        confidence="low",
        why=f"one talk {said}",
        study=study,
        owner=owner,
        visibility=level,
        by=by,
    )
    clue_word = world.mark("clue", level, _readers(level))
    clue = evidence.register_hoop(
        assumption,
        clue=f"Doors open {clue_word}",
        where_to_look=f"the log {clue_word}",
        owner=owner,
        visibility=level,
        by=by,
    )
    world.things |= {
        ("study", level): study,
        ("mark", level): mark,
        ("appraisal", level): appraisal,
        ("finding", level): finding,
        ("clue", level): clue,
    }


def _library(world: World, level: str) -> None:
    """A figure of the study, a pooling plan, a study retracted after it was used, and references to read."""
    owner, by = _owner(world, level)
    assumption, study = world.of("assumption", level), world.of("study", level)
    kinds = ("figure", "poolplan", "retracted")
    words = {kind: world.mark(kind, level, _readers(level)) for kind in kinds}
    study.refresh_from_db()
    effect = evidence.record_effect(
        study,
        factor=assumption.effect,
        measure="standardised",
        printed={"kind": "error", "estimate": 0.2, "standard_error": 0.1},
        outcome=f"waving {words['figure']}",
        place="table 2",
        read_in_study=False,
        by=by,
    )
    plan = evidence.register_pool_plan(
        assumption,
        measure="standardised",
        rule=f"Every trial {words['poolplan']}",
        smallest_change=0.1,
        because="Less is not noticed",
        owner=owner,
        visibility=level,
        by=by,
    )
    gone = evidence.record_study(
        authors=f"Gone {words['retracted']}",
        title="Withdrawn since",
        kind="trial",
        country="England and Wales",
        level_low=5,
        level_high=5,
        read_where="full",
        owner=owner,
        visibility=level,
        by=by,
    )
    for factor in (assumption.cause, assumption.effect):
        evidence.mark_factor(gone, factor=factor, sign="up", by=by)
    gone = evidence.retract_study(
        gone, on=DAY, note=f"By its journal {words['retracted']}", expected=gone.version, by=by
    )
    study.refresh_from_db()
    world.things |= {("figure", level): effect, ("pool plan", level): plan, ("retracted study", level): gone}
    if level == "public":
        return  # what is still to be read is nothing to publish
    reference = world.mark("reference", level, _readers(level))
    file = evidence.look_at_references(
        f"{reference}.ris",
        content=f"TY  - RPRT\nTI  - Knocking {reference}\nAU  - Ash {reference}\nER  -\n".encode(),
        owner=owner,
        visibility=level,
        by=by,
    )
    waiting = evidence.look_at_references(
        f"next-{reference}.ris",
        content=f"TY  - RPRT\nTI  - Calling {reference}\nER  -\n".encode(),
        owner=owner,
        visibility=level,
        by=by,
    )
    evidence.bring_in_references(file, leave_out_same=False, expected=file.version, by=by)
    paper = file.references.get()
    world.things |= {
        ("reference file", level): waiting,
        ("references brought in", level): file,
        ("reference", level): paper,
    }


def _talk_about(world: World, level: str) -> None:
    """A comment on a study, read by whoever sees it and has a place, and a member check of a claim."""
    _, by = _owner(world, level)
    word = world.mark("commentstudy", level, _readers(level) & NETWORK)
    comment = discussion.add_comment(world.of("study", level), text=f"I doubt it {word}", by=by)
    world.things["comment", level] = comment
    if level == "own":
        return
    asked = world.mark("check", level, TEAM)
    check, secret = discussion.ask_member_check(
        world.of("claim", level),
        question=f"Is it fair {asked}?",
        asked_of="Interviewee 1",
        team=world.cast.team,
        by=world.cast.dina,
    )
    world.things |= {("check", level): check, ("secret", level): secret}


def _briefing(world: World, level: str) -> None:
    """A briefing with a published edition, and a draft of the next one."""
    owner, by = _owner(world, level)
    word = world.mark("briefing", level, _readers(level))
    about = (
        {"theme": world.of("code", "team")}
        if level == "team"
        else {"objective": world.of("objective", level)}
    )
    briefing = briefings.create_briefing(f"Briefing {word}", owner=owner, visibility=level, **about, by=by)
    first = briefings.draft_edition(briefing, by=by)
    first = briefings.describe_edition(
        first, introduction=f"It begins {word}.", remarks={}, expected=first.version, by=by
    )
    first = briefings.publish_edition(first, expected=first.version, by=by)
    draft_word = world.mark("draft", level, _readers(level) & (TEAM if level == "team" else POLICE))
    draft = briefings.draft_edition(briefing, by=by)
    draft = briefings.describe_edition(
        draft, introduction=f"Not out yet {draft_word}.", remarks={}, expected=draft.version, by=by
    )
    world.things |= {
        ("briefing", level): briefing,
        ("edition", level): first,
        ("draft", level): draft,
    }


def _cross(world: World) -> None:
    """Private things about shared ones: they must not show through what everybody sees."""
    cast, claimed = world.cast, world.of("assumption", "network")
    mine = {"owner": cast.police, "visibility": "own", "by": cast.ada}
    objective, study = world.of("objective", "network"), world.of("study", "network")
    words = {
        kind: world.mark(f"cross{kind}", "own", POLICE)
        for kind in ("promise", "chain", "study", "appraisal", "finding", "clue", "pooling")
    }
    strategies.create_commitment(
        f"A quiet promise {words['promise']}", organisation=cast.police, objective=objective, by=cast.ada
    )
    mechanisms.create_mechanism(
        f"A quiet chain {words['chain']}",
        owner=cast.police,
        objective=objective,
        steps=[
            StepDraft(assumption=claimed),
            StepDraft(cause=claimed.effect, effect=f"Quiet {words['chain']}"),
        ],
        visibility="own",
        by=cast.ada,
    )
    details = {
        "year": 2025,
        "kind": "trial",
        "design": "by lot",
        "setting": "a town",
        "country": "England and Wales",
        "level_low": 5,
        "level_high": 5,
        "read_where": "full",
    }
    quiet = evidence.record_study(
        authors=f"Quiet {words['study']}", title=f"Quiet {words['study']}", **details, **mine
    )
    evidence.mark_factor(
        quiet, factor=claimed.cause, sign="up", manipulated=True, delivered=True, by=cast.ada
    )
    evidence.mark_factor(quiet, factor=claimed.effect, sign="down", by=cast.ada)
    evidence.appraise(
        study,
        assumption=claimed,
        level=1,
        same_country=False,
        differs=["unit"],
        read_in_full=True,
        appraiser_is_evaluator=False,
        why=f"quiet doubt {words['appraisal']}",
        **mine,
    )
    evidence.record_finding(
        claimed,
        statement=f"Quiet finding {words['finding']}",
        direction="against",
        components=dict.fromkeys(
            ("methodological_limits", "coherence", "adequacy", "relevance"), words["finding"]
        ),
        confidence="low",
        why=words["finding"],
        study=study,
        **mine,
    )
    evidence.register_hoop(claimed, clue=f"Quiet clue {words['clue']}", where_to_look=words["clue"], **mine)
    review = evidence.record_study(
        authors=f"Pooling {words['pooling']}",
        title=f"Pooling {words['pooling']}",
        **details | {"kind": "review"},
        **mine,
    )
    evidence.set_pools(review, pooled=[study], by=cast.ada)
    for level in ("network", "public"):
        quietly = world.mark("crossclaim", level, TEAM)
        coding.make_claim(
            world.of("passage", level),
            cause=f"quiet {quietly}",
            effect=f"quieter {quietly}",
            stance="supports",
            assumption=claimed,
            visibility="team",
            by=cast.dina,
        )
        coding.code_passage(world.of("code", "team"), passage=world.of("passage", level), by=cast.dina)
        coding.code_passage(world.of("code", level), passage=world.of("passage", "team"), by=cast.dina)


def _work(world: World, organisation: Any, level: str, *, by: Any, readers: frozenset[str]) -> None:
    """An initiative with an output, an occasion in it and an hour rate: seen by whoever did the work (R18)."""
    words = {kind: world.mark(kind, level, readers) for kind in ("initiative", "occasion", "output", "rate")}
    # an adviser advises the organisation and does none of its work
    remark = world.mark("remark", level, readers - {"fay"})
    initiative = initiatives.open_initiative(
        f"Stalls {words['initiative']}",
        organisation=organisation,
        method=Method.objects.get(code="M-POP"),
        purpose=f"To hear you {words['initiative']}",
        by=by,
    )
    activity = occasions.log_activity(
        organisation=organisation,
        initiative=initiative,
        title=f"Stall {words['occasion']}",
        happened_on=DAY,
        people=30,
        hours=2,
        place_words=f"by the {words['occasion']} gate",
        remark=f"Wet {remark}",
        by=by,
    )
    output = outputs.record_output(
        initiative, what=f"leaflets {words['output']}", number=3, counted_on=DAY, by=by
    )
    rate = rates.set_hour_rate(
        organisation, since=DAY, pounds=Decimal(30), basis=f"a constable {words['rate']}", by=by
    )
    world.things |= {
        ("initiative", level): initiative,
        ("activity", level): activity,
        ("output", level): output,
        ("rate", level): rate,
    }


def _imports(world: World, organisation: Any, level: str, *, by: Any, readers: frozenset[str]) -> None:
    """A file of activities that waits to be matched, one that is in, and a job that waits."""
    begun, done = (world.mark(kind, level, readers) for kind in ("importbegun", "importdone"))
    job = world.mark("job", level, readers)
    found = {}
    for name in (begun, done):
        content = f"Day,Title,Kind of event\n2026-03-02,{name} fair,{name} tea\n".encode()
        found[name] = importing.begin_import(
            f"{name}.csv",
            content=content,
            sheet=sheet_in(f"{name}.csv", content),
            organisation=organisation,
            by=by,
        )
    world.things |= {
        ("begun import", level): found[begun],
        ("import of activities", level): bring_in(found[done], by=by),
        ("job", level): jobs.ask(
            importing.LOOK, title=f"Look {job}", arguments={"import": 0}, organisation=organisation, by=by
        ),
    }


def _heard(world: World, level: str) -> None:
    """A concern with what was said, decided, promised, told and answered; a priority; votes."""
    cast, readers = world.cast, _readers(level)
    # words that may be quoted are read wherever the concern is; the others by those who do the work
    inside = POLICE - {"fay"}
    quoted = world.mark("quoted", level, inside if level == "own" else readers)
    silent = world.mark("silent", level, inside)
    marks = {
        kind: world.mark(kind, level, readers)
        for kind in ("concern", "decided", "promised", "told", "priority")
    }
    waiting = world.mark("waiting", level, POLICE)
    concern = heard.open_concern(
        f"Dark {marks['concern']}", organisation=cast.police, influence="ways", by=cast.ada
    )
    said = {}
    for word, quote in ((quoted, True), (silent, False)):
        said[word] = heard.bring_in(
            f"The lamp {word} is out",
            organisation=cast.police,
            origin="letter",
            said_on=DAY,
            may_be_quoted=quote,
            by=cast.ada,
        )
        heard.join_concern(said[word], concern=concern, by=cast.ada)
    heard.share_concern(concern, visibility=level, expected=concern.version, by=cast.ada)
    heard.decide(
        concern,
        who="the inspector",
        decided_on=DAY,
        outcome="no",
        what=f"No patrol {marks['decided']}",
        because="No staff",
        expected=concern.version,
        by=cast.ada,
    )
    promise = heard.promise(
        concern, text=f"A lamp {marks['promised']}", owner_role="the sergeant", due=DAY, by=cast.ada
    )
    heard.tell_people(
        concern,
        whom="those who waited",
        how="notice",
        told_on=DAY,
        said=f"No patrol {marks['told']}",
        expected=concern.version,
        by=cast.ada,
    )
    priority = heard.set_priority(
        f"Lamps {marks['priority']}",
        organisation=cast.police,
        review_on=datetime.date(2099, 1, 1),
        visibility=level,
        by=cast.ada,
    )
    world.things |= {
        ("concern", level): concern,
        ("contribution", level): said[silent],
        ("promise", level): promise,
        ("priority", level): priority,
    }
    if level == "public":
        reply, _ = heard.reply(concern, agrees="no", words=f"Still dark {waiting}", by=SomebodyOutside())
        world.things["reply", level] = reply
    else:
        world.markers.pop(waiting)
        world.shown.pop(waiting)
    if level == "network":
        return
    title = world.mark("votes", level, readers)
    rows = "".join(
        f"{person},{one},{1 if (person + one) % 3 else -1}\n" for person in range(30) for one in range(1, 5)
    )
    votes = heard.import_conversation(
        [(f"{level}.csv", f"participant,statement,vote\n{rows}{40 + len(level)},1,1\n".encode())],
        organisation=cast.police,
        title=f"Votes {title}",
        by=cast.ada,
    )
    if level == "public":
        content = {"groups": [], "no_groups": "none", "characteristics": [], "permutations": 99}
        content |= {
            "statements": [],
            "caveats": [],
            "people": 31,
            "votes": 121,
            "stability": None,
            "matters": 0.02,
        }
        heard.keep_result(votes, content=content, seed=1, by=cast.ada)
        heard.release_result(votes, expected=votes.version, by=cast.ada)
    else:
        file = heard.bring_in_file(
            "letters.csv",
            content=b"text\nThe bus is late\n",
            organisation=cast.police,
            origin="letter",
            said_on=DAY,
            by=cast.ada,
        )
        world.things["intake", level] = file
    world.things["conversation", level] = votes


def _places(world: World, level: str) -> None:
    """A hall, a grouping with who speaks for it, an outline and a table of people: at one reach each."""
    cast, readers = world.cast, {"own": POLICE, "network": NETWORK, "public": frozenset(PEOPLE)}[level]
    kinds = ("hall", "grouping", "speaker", "outline", "trait")
    words = {kind: world.mark(kind, level, readers) for kind in kinds}
    # a name is for the people who edit, however far the grouping is shared
    name = world.mark("namedspeaker", level, frozenset({"ada", "ira"}))
    police = {"organisation": cast.police, "visibility": level, "by": cast.ada}
    hall = communities.create_place(f"Hall {words['hall']}", kind="spot", **police)
    grouping = communities.create_grouping(
        f"Traders {words['grouping']}", basis="interest", defined_by=f"them {words['grouping']}", **police
    )
    speaker = communities.record_representative(
        grouping, role=f"Chair {words['speaker']}", chosen="elected", name=name, affiliation=name, by=cast.ada
    )
    owner = police if level == "own" else {"organisation": None, "visibility": level, "by": cast.dina}
    code = f"E0509900{len(words['outline'])}"
    outline = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"ward24_code": code, "ward24_name": f"Ward {words['outline']}"},
                "geometry": {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 50]]]},
            }
        ],
    }
    brought = communities.bring_in_places(
        f"{words['outline']}.geojson", json.dumps(outline).encode(), **owner
    )
    said = Said(source="A count.", counted_on=DAY, characteristic=f"Trait {words['trait']}")
    table = communities.bring_in_counts(
        f"{words['trait']}.csv",
        f"ward24_code,Left {words['trait']},Right\n{code},40,60\n".encode(),
        said=said,
        **owner,
    )
    world.things |= {
        ("hall", level): hall,
        ("outlined place", level): Place.objects.get(code=code),
        ("grouping", level): grouping,
        ("speaker", level): speaker,
        ("places import", level): brought,
        ("population", level): Population.objects.get(brought_by=table),
    }
    if level == "own":
        world.things["served", level] = communities.serve_area(
            cast.police, place=Place.objects.get(code=code), by=cast.ada
        )


def _measured(world: World, level: str) -> None:
    """An indicator, a survey with a wave of answers and one without, a series with an event, an answer on reach."""
    owner, by = _owner(world, level)
    kinds = ("indicator", "survey", "wave", "series", "event", "otherwise")
    words = {kind: world.mark(kind, level, _readers(level)) for kind in kinds}
    indicator = surveys.create_indicator(
        owner=owner,
        visibility=level,
        name=f"Heard {words['indicator']}",
        kind="proximal",
        measured_as=f"Asked {words['indicator']}",
        assumption=world.of("assumption", level),
        end="effect",
        judged_by="residents",
        unit="per cent",
        better="up",
        by=by,
    )
    survey = surveys.create_survey(
        f"Survey {words['survey']}", owner=owner, population="People", visibility=level, by=by
    )
    wave = surveys.add_wave(survey, title=f"Wave {words['wave']}", by=by)
    bare = surveys.add_wave(survey, title=f"Next {words['wave']}", by=by)
    rows = "".join(f"{'yes' if one % 2 else 'no'},{'a' if one % 3 else 'b'}\n" for one in range(90))
    content = f"heard,group\n{rows}".encode()
    laid = lay(read_answers(f"{level}.csv", content), Choices(), salt=survey.salt)
    microdata = surveys.bring_in_answers(wave, laid=laid, content=content, by=by)
    table = f"area,2019 Q1,2019 Q2,2019 Q3\nNorth {words['series']},51,52,53\nEast,60,61,62\n".encode()
    surveys.bring_in_series(
        read_published(f"{level}.csv", table, measure=f"Trust {words['series']}"),
        content=table,
        publisher="An office",
        owner=owner,
        visibility=level,
        by=by,
    )
    series = Series.objects.get(title=f"Trust {words['series']}")
    event = surveys.declare_event(series, kind="event", on=DAY.replace(year=2019), what=words["event"], by=by)
    reach = surveys.record_otherwise(
        title=f"Alerts {words['otherwise']}",
        system="alerts",
        owner=owner,
        visibility=level,
        wave=wave,
        by_system=("heard", "yes"),
        by=by,
    )
    world.things |= {
        ("indicator", level): indicator,
        ("survey", level): survey,
        ("wave", level): wave,
        ("bare wave", level): bare,
        ("variable", level): microdata.variables.get(name="heard"),
        ("series", level): series,
        ("event", level): event,
        ("otherwise", level): reach,
    }


def _planned(world: World, level: str) -> None:
    """A plan that is being drawn up, one that is registered, a request on the board and an offer on it."""
    owner, by = _owner(world, level)
    words = {kind: world.mark(kind, level, _readers(level)) for kind in ("plan", "registered", "request")}
    kept = {}
    for kind in ("plan", "registered"):
        word = words[kind]
        kept[kind] = evaluation_plans.create_plan(
            world.of("assumption", level),
            owner=owner,
            visibility=level,
            title=f"Does it hold {word}?",
            design="trial",
            activity=f"Visits {word}",
            population=f"People {word}",
            comparison=f"No visits {word}",
            outcome=f"Feels heard {word}",
            horizon="six weeks",
            smallest_change=0.05,
            sizes={"per_arm": 2000, "baseline": 0.5},
            if_for=f"On {word}",
            if_against=f"End {word}",
            if_unclear=f"Again {word}",
            rivals=[evaluation_plans.RivalDraft(f"Summer {word}", f"All rise {word}")],
            by=by,
        )
        look(kept[kind], by=by)
    registered = evaluation_plans.register_plan(kept["registered"], expected=1, by=by)
    evaluation_plans.record_departure(registered, what=f"Fewer {words['registered']}", why="A strike", by=by)
    request = evaluation_board.ask_for_evaluation(
        world.of("assumption", level),
        owner=owner,
        visibility=level,
        wanted=f"Do visits help {words['request']}?",
        given=f"Records {words['request']}",
        by=by,
    )
    world.things |= {
        ("plan", level): kept["plan"],
        ("registered plan", level): registered,
        ("request", level): request,
    }
    if level in ("network", "public"):
        # seen by whoever asked and by whoever offers, however far the request is shared
        offer = world.mark("offer", level, POLICE | TEAM)
        world.things["offer", level] = evaluation_board.offer_evaluation(
            request,
            owner=world.cast.team,
            words=f"A trial {offer}",
            independent=f"Free {offer}",
            by=world.cast.dina,
        )


def _evaluated(world: World, level: str) -> None:
    """A plan with its table, a run that came to a finding, and one that did not."""
    owner, by = _owner(world, level)
    word = world.mark("found", level, _readers(level))
    plan = evaluation_plans.create_plan(
        world.of("assumption", level),
        owner=owner,
        visibility=level,
        title=f"What came out {word}?",
        design="trial",
        activity="Visits",
        population="People",
        comparison="No visits",
        outcome=f"Feels heard {word}",
        horizon="six weeks",
        smallest_change=0.05,
        sizes={"per_arm": 2000, "baseline": 0.5},
        if_for="On",
        if_against="End",
        if_unclear="Again",
        rivals=[evaluation_plans.RivalDraft("Summer", "All rise")],
        by=by,
    )
    look(plan, by=by)
    plan = evaluation_plans.register_plan(plan, expected=1, by=by)
    # the name of a table is on the desk of those who record studies, and for a colleague only in a history
    inside = (TEAM, TEAM) if level == "team" else (POLICE, frozenset({"ada", "ira"}))
    inner = world.mark("table", level, inside[0], shown=inside[1])
    rows = "".join(f"{one % 3 % 2},{one % 2}\n" for one in range(240))
    table = evaluation_data.bring_table(
        plan, name=f"{inner}.csv", content=f"heard,visited\n{rows}".encode(), by=by
    )
    chosen = {"outcome": "heard", "treated": "visited"}
    run, loose = (evaluation_runs.run_now(plan, dataset=table, choices=chosen, by=by) for _ in range(2))
    finding = evaluation_findings.record_finding(
        run,
        manipulated=world.of("assumption", level).cause,
        delivered=True,
        how_known="In the log",
        words=f"We add {word}",
        evaluators=f"Team {level}",
        sample=f"sample {level}",
        visibility=level,
        by=by,
    )
    world.things |= {
        ("worked plan", level): plan,
        ("table", level): table,
        ("run", level): run,
        ("loose run", level): loose,
        ("found", level): finding,
    }


def build_shared(world: World) -> None:
    """What the network and the public see."""
    Method.objects.create(
        code="M-POP",
        name="Pop-up stall",
        medium="in person",
        synchronous="yes",
        level_low=1,
        level_high=2,
        position=1,
    )
    _work(world, world.cast.office, "office", by=world.cast.cleo, readers=frozenset({"cleo"}))
    _imports(world, world.cast.office, "office", by=world.cast.cleo, readers=frozenset({"cleo"}))
    for level in ("network", "public"):
        _interview(world, level, consent="quote", reviewed=True)
        _codes(world, level)
        _strategy(world, level)
        _chain(world, level)
        _evidence(world, level)
        _library(world, level)
        _claim(world, level, assumption=world.of("assumption", level))
        _talk_about(world, level)
        _briefing(world, level)
        _heard(world, level)
        _places(world, level)
        _measured(world, level)
        _planned(world, level)
        _evaluated(world, level)


def build_private(world: World) -> None:
    """What nobody but its owner may learn of, not even by a count."""
    _interview(world, "team", consent="quote", reviewed=True)
    _codes(world, "team")
    _strategy(world, "own")
    _claim(world, "team", assumption=world.of("assumption", "network"))
    for level in ("own", "team"):
        _chain(world, level)
        _evidence(world, level)
        _library(world, level)
        _talk_about(world, level)
        _briefing(world, level)
        _measured(world, level)
        _planned(world, level)
        _evaluated(world, level)
    _cross(world)
    _places(world, "own")
    _work(world, world.cast.police, "own", by=world.cast.ada, readers=POLICE)
    _heard(world, "own")
    _imports(world, world.cast.police, "own", by=world.cast.ada, readers=POLICE)


def build_withheld(world: World) -> None:
    """Interviews whose being there is shared and whose words are not: consent or review forbid it."""
    _interview(world, "network", consent="count", reviewed=True)
    _interview(world, "public", consent="paraphrase", reviewed=True)


TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|data-csrf=|name="csrf-token" content=)"[^"]*"')


@pytest.fixture(scope="module", autouse=True)
def instance_folder(tmp_path_factory):
    """Originals and caches of a file of tests stay in its own folder."""
    folder = tmp_path_factory.mktemp("instance")
    with (
        # what each page was made from is copied for whoever asks; nobody does here
        patch("django.test.client.store_rendered_templates"),
        override_settings(
            DIR=folder,
            ORIGINALS=folder / "originals",
            CACHE_DIR=folder / "cache",
            EMAIL_FILE_PATH=folder / "mail",
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            # who is asking is said with each of ten thousand visits, not looked up for it
            SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        ),
    ):
        yield folder


@pytest.fixture(scope="module")
def empty_world(django_db_setup, django_db_blocker, instance_folder):
    """The people and the aims, in a transaction that the file's end takes back."""
    with django_db_blocker.unblock():
        connection.features.supports_transactions  # noqa: B018 (asked once, outside any transaction)
        with transaction.atomic():
            world = World(_cast())
            load_aims(by=TheInstance())
            for name in PEOPLE:
                # a fault is a 500 that a test reports with its address, not an exception that ends it
                world.clients[name] = Client(raise_request_exception=False)
                if name != "anonymous":
                    world.clients[name].force_login(
                        world.cast.people[name], backend="django.contrib.auth.backends.ModelBackend"
                    )
            yield world
            transaction.set_rollback(True)


@pytest.fixture(scope="session")
def builders():
    """The steps in which a world is built, for a test that looks in between."""
    return SimpleNamespace(shared=build_shared, private=build_private, withheld=build_withheld)


@pytest.fixture(scope="module")
def world(empty_world):
    """One of everything, at every reach."""
    for build in (build_shared, build_private, build_withheld):
        build(empty_world)
    return empty_world


@pytest.fixture(autouse=True)
def in_database(world, db):
    """Every test sees the world and leaves it as it was."""


def body_of(response) -> bytes:
    """The whole answer, without what differs from one request to the next."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return TOKEN.sub(b"", content)


@pytest.fixture(scope="session")
def body():
    return body_of


@pytest.fixture
def undone():
    """``with undone():`` runs the block and takes back what it changed."""
    from contextlib import contextmanager

    @contextmanager
    def run():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return run


@pytest.fixture(scope="session")
def reach():
    """Who sees a thing of that reach."""
    return SimpleNamespace(of=_readers, people=PEOPLE, police=POLICE, team=TEAM, network=NETWORK)
