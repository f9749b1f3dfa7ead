"""States beside the demo that open the doors which a finished demo keeps shut.

A demo has no draft, no doubtful turn, no survey and no study that was retracted; so no link there leads to the
pages for them. Each state is made with the same actions as anybody's. The walk opens only a few pages of a
kind: ``open_doors`` answers with the addresses that it must not pass by when a link leads there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse

from folkmoot.activities.actions.importing import LOOK, begin_import
from folkmoot.activities.actions.outputs import record_output
from folkmoot.activities.actions.rates import set_hour_rate
from folkmoot.activities.importing.carrying import bring_in, look_through
from folkmoot.activities.importing.keeping import sheet_in
from folkmoot.activities.models import Initiative
from folkmoot.briefings.actions import draft_edition
from folkmoot.briefings.models import Briefing
from folkmoot.coding.models import Coding
from folkmoot.communities.actions import create_place, record_representative
from folkmoot.communities.models import Grouping
from folkmoot.evaluations.actions.board import ask_for_evaluation, offer_evaluation
from folkmoot.evaluations.actions.plans import RivalDraft, create_plan, say_cannot
from folkmoot.evaluations.actions.runs import run_now
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Plan
from folkmoot.evidence import actions as evidence
from folkmoot.heard import actions as heard
from folkmoot.jobs.actions import ask
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.actions.tokens import make_token
from folkmoot.organisations.models import User
from folkmoot.sources.models import Turn
from folkmoot.surveys import actions as surveys
from folkmoot.surveys.drafts import TurnoutDraft
from folkmoot.surveys.models import Series, Survey, Wave
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, lay
from folkmoot.surveys.reading.series import read_published

LEAD = (
    "lead@kelderwick.example"  # leads the work that is put beside the demo, which no sign-in of a role does
)
DAY = date(2026, 3, 2)


def open_doors(world) -> frozenset[str]:
    """Make every state, and give the addresses at which they show."""
    lead = User.objects.get(email=LEAD)
    force = lead.memberships.get().organisation
    assumption = Assumption.objects.filter(visibility="public").order_by("pk").first()
    _unfinished(world, force, lead)
    found = [
        *_interviews(world),
        *_work(force, lead),
        *_people(force, lead),
        *_plans(world, force, assumption, lead),
        *_library(force, assumption, lead),
        *_measures(force, assumption, lead),
    ]
    return frozenset(found)


def _unfinished(world, force, lead) -> None:
    """A draft of an edition, files half-way in, a job that waits and a token."""
    draft_edition(Briefing.objects.order_by("pk").first(), by=world.people["hannah"])
    for name in ("waits", "in"):
        content = (
            f"Day,Title,Kind of event,Remark\n2026-03-02,{name},tea on the green,\nsoon,{name},,\n".encode()
        )
        import_ = begin_import(
            f"{name}.csv",
            content=content,
            sheet=sheet_in(name + ".csv", content),
            organisation=force,
            by=lead,
        )
        if name == "in":
            bring_in(import_, by=lead)
        else:
            look_through(import_, by=lead)
    ask(LOOK, title="Look through a file", arguments={"import": 0}, organisation=force, by=lead)
    make_token("the sheet of the engagement team", by=lead)


def _interviews(world) -> Iterator[str]:
    """A turn of which it is not sure who speaks; and where two people read the same words otherwise."""
    turn = Turn.objects.filter(source__team=world.team, source__state="live").order_by("pk").first()
    turn.doubt = "Two people may speak here."
    turn.save()
    twice = Coding.objects.values("passage__source").annotate(coders=Count("coder", distinct=True))
    for one in twice.filter(coders__gt=1, passage__source__state="live"):
        yield reverse("source", args=[one["passage__source"]])
        yield reverse("agreement", args=[one["passage__source"]])


def _work(force, lead) -> Iterator[str]:
    """What came out of an initiative, what an hour costs, and a concern on which people still speak."""
    initiative = Initiative.objects.filter(organisation=force).order_by("pk").first()
    record_output(initiative, what="Leaflets", number=120, counted_on=DAY, by=lead)
    yield reverse("initiative", args=[initiative.pk])
    set_hour_rate(force, since=DAY, pounds=Decimal("31.50"), basis="A constable's hour", by=lead)
    concern = heard.open_concern(
        "Cars on the pavement by the school", organisation=force, influence="ways", by=lead
    )
    heard.share_concern(concern, visibility="public", expected=concern.version, by=lead)
    yield reverse("concern", args=[concern.pk])
    yield reverse("heard_concern", args=[concern.pk])


def _people(force, lead) -> Iterator[str]:
    """A place of the force's own and somebody who speaks for people."""
    create_place("The old market hall", organisation=force, kind="spot", visibility="own", by=lead)
    grouping = Grouping.objects.filter(organisation=force).first()
    record_representative(grouping, role="Chair", chosen="elected", by=lead)
    yield reverse("grouping", args=[grouping.pk])


def _plans(world, force, assumption, lead) -> Iterator[str]:
    """A plan being drawn up, one that cannot be measured, a run without a finding, an offer that waits."""
    for title in ("Do they come again?", "Who stays away?"):
        plan = create_plan(
            assumption,
            owner=force,
            visibility="own",
            title=title,
            design="trial",
            activity="Visits",
            population="People of 16 and over",
            comparison="Streets without visits, drawn by lot",
            outcome="People who come again",
            horizon="within a year",
            smallest_change=0.05,
            sizes={"per_arm": 2000, "baseline": 0.5},
            if_for="Go on",
            if_against="End",
            if_unclear="Ask again",
            rivals=[RivalDraft("A warm summer", "Everybody would come")],
            by=lead,
        )
        look(plan, by=lead)
        yield reverse("plan", args=[plan.pk])
    say_cannot(plan, because="those who stay away cannot be asked", expected=1, by=lead)
    worked = Plan.objects.get(title__startswith="Fictional: Ferry Road")
    # a run beside the one that came to the finding: from it another could be recorded
    loose = run_now(
        worked,
        dataset=worked.datasets.get(),
        choices={"outcome": "good_job", "treated": "visited", "clusters": "street"},
        by=world.people["skernmouth"],
    )
    done = worked.runs.exclude(finding=None).get()
    yield from (
        reverse("plan", args=[worked.pk]),
        reverse("plan_data", args=[worked.pk]),
        reverse("run", args=[loose.pk]),
        reverse("run", args=[done.pk]),
        reverse("run_finding", args=[done.pk]),
    )
    request = ask_for_evaluation(
        assumption, owner=force, visibility="network", wanted="Do people come again?", by=lead
    )
    offer_evaluation(
        request, owner=world.team, words="A trial", independent="Nobody pays us", by=world.people["hannah"]
    )
    yield reverse("request", args=[request.pk])


def _library(force, assumption, lead) -> Iterator[str]:
    """A study retracted since, a figure that nobody has read in its study, a pooling plan, references to read."""
    study = evidence.record_study(
        authors="Alder, J.",
        year=2019,
        title="Calling twice",
        kind="trial",
        country="England and Wales",
        level_low=5,
        level_high=5,
        read_where="full",
        owner=force,
        visibility="own",
        by=lead,
    )
    for factor in (assumption.cause, assumption.effect):
        evidence.mark_factor(study, factor=factor, sign="up", horizon_days=400, by=lead)
    for outcome, read in (("calls", False), ("visits", True)):
        evidence.record_effect(
            study,
            factor=assumption.effect,
            measure="standardised",
            printed={"kind": "error", "estimate": 0.2, "standard_error": 0.1},
            place="table 2",
            outcome=outcome,
            read_in_study=read,
            by=lead,
        )
    study.refresh_from_db()
    evidence.retract_study(study, on=DAY, note="By its journal", expected=study.version, by=lead)
    evidence.register_pool_plan(
        assumption,
        measure="standardised",
        rule="Every trial",
        smallest_change=0.1,
        because="Less is not noticed",
        owner=force,
        visibility="own",
        by=lead,
    )
    file = evidence.look_at_references(
        "found.ris",
        content=b"TY  - JOUR\nTI  - Calling twice\nPY  - 2019\nER  -\n\nTY  - JOUR\nAU  - N\nER  -\n",
        owner=force,
        visibility="own",
        by=lead,
    )
    evidence.bring_in_references(file, leave_out_same=False, expected=file.version, by=lead)
    yield reverse("study", args=[study.pk])
    yield reverse("assumption", args=[assumption.pk])
    yield reverse("pooled", args=[assumption.pk])


def _measures(force, assumption, lead) -> Iterator[str]:
    """Indicators, a survey of the same people twice with a wave to come, a series with its break, and reach."""
    mine: dict[str, Any] = {"owner": force, "visibility": "own", "by": lead}
    named = {
        "proximal": {"assumption": assumption, "end": "effect", "smallest_change": 3.0},
        "output": {},
    }
    for kind, more in named.items():
        indicator = surveys.create_indicator(
            name=f"Heard by us ({kind})",
            kind=kind,
            measured_as="Has somebody from the police spoken with you this year?",
            judged_by="residents",
            unit="per cent",
            better="up",
            **more,
            **mine,
        )
        yield reverse("indicator", args=[indicator.pk])
    survey = surveys.create_survey(
        "Living here", population="People of 16 and over", same_people=True, **mine
    )
    waves = [_asked(survey, number, by=lead) for number in (1, 2)]
    bare = surveys.add_wave(survey, title="Spring", by=lead)
    yield reverse("survey", args=[survey.pk])
    yield from (reverse("wave", args=[one.pk]) for one in (*waves, bare))
    # the figures jump once: where the measure may have changed, a break is offered
    table = b"area,2019 Q1,2019 Q2,2019 Q3,2019 Q4,2020 Q1,2020 Q2\nNorth,51,52,53,52,81,82\nEast,60,61,62,61,90,91\n"
    surveys.bring_in_series(
        read_published("trust.csv", table, measure="Trust in the police"),
        content=table,
        publisher="An office",
        **mine,
    )
    series = Series.objects.get(title="Trust in the police")
    for kind, what in (("event", "A new station opened"), ("break", "Asked by telephone from now on")):
        surveys.declare_event(series, kind=kind, on=date(2019, 7, 1), what=what, by=lead)
    yield reverse("series", args=[series.pk])
    reached = surveys.record_otherwise(
        title="Alerts by text message",
        system="Text alerts",
        wave=waves[0],
        by_system=("channel", "text"),
        others=[("channel", "neighbour")],
        sent_to=9000,
        signed_up=12000,
        cost=24000.0,
        **mine,
    )
    yield reverse("otherwise", args=[reached.pk])


def _asked(survey: Survey, number: int, *, by: User) -> Wave:
    """A wave with its answers: 160 people, some of whom did not come back."""
    wave = surveys.add_wave(
        survey,
        title=f"Autumn {2023 + number}",
        began_on=date(2023 + number, 9, 1),
        ended_on=date(2023 + number, 9, 30),
        mode="web",
        sample="open",
        invited=400,
        answered=160,
        by=by,
    )
    surveys.set_turnout(
        wave,
        turnouts=[TurnoutDraft("age", "16 to 34", 150, 40), TurnoutDraft("age", "35 and over", 250, 120)],
        by=by,
    )
    rows = "".join(
        f"{one},{'yes' if one % 3 else 'no'},{('text', 'neighbour', 'nowhere')[one % 7 % 3]},{one % 5 + 1}\n"
        for one in range(30 * number, 160 + 30 * number)
    )
    content = f"person,heard,channel,trust\n{rows}".encode()
    laid = lay(read_answers(f"autumn{number}.csv", content), Choices(panel="person"), salt=survey.salt)
    surveys.bring_in_answers(wave, laid=laid, content=content, by=by)
    return wave
