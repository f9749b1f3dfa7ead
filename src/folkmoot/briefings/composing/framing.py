"""The first three questions: what it is for, how it sits in the organisation, who it is with."""

from __future__ import annotations

from typing import Any

from folkmoot.briefings.composing import work
from folkmoot.briefings.composing.context import Context
from folkmoot.briefings.composing.parts import Part, bullets, facts, number, quote, ref, say, sentence
from folkmoot.coding.models import Claim, Code
from folkmoot.coding.queries import INTERVIEWS, in_scope, role_told
from folkmoot.mechanisms.models import Mechanism
from folkmoot.organisations.models import LocalPolicingBody, Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Source
from folkmoot.strategies.models import (
    Arrangement,
    Commitment,
    DualBenefit,
    Objective,
    StrategyVersion,
)

BENEFIT_STATE = {"untested": "provisional", "supported": "confirmed", "challenged": "disputed"}

FIVE = 5


def about(context: Context) -> dict[str, Any]:
    """What the edition is about and whose it is, for its head."""
    briefing = context.briefing
    objective, theme = briefing.objective, briefing.theme
    return {
        "what": "objective" if objective else "theme",
        "id": objective.pk if objective else theme.pk if theme else 0,
        "name": str(objective or theme),
        "owner": briefing.owner_label,
        "readers": context.reach,
    }


def purpose(context: Context) -> list[Part]:
    if context.briefing.theme is not None:
        return _purpose_of_theme(context, context.briefing.theme)
    objective = context.briefing.objective
    assert objective is not None  # the database allows one or the other
    traced = objective.passage_id is not None
    parts = [
        facts(
            "The objective",
            [
                ("What is to change", sentence(objective.what_change)),
                ("For whom", sentence(objective.who)),
                ("By when", f"{objective.by_when:%-d %B %Y}"),
                ("How it will be known", sentence(objective.how_known)),
                ("Kind of aim", f"{objective.aim.name}. {objective.aim.explanation}"),
                ("Who benefits", objective.get_benefits_display()),
                ("Whose word that is", objective.who_says or "Nobody is named whose judgement that is."),
                ("How it was checked", objective.checked or "Not checked."),
                ("Stated", objective.get_stated_display()),
                ("Open to influence by the people engaged", objective.get_influence_display()),
                ("Watch for", objective.aim.watch_for),
            ],
            ref("objective", objective.pk, "the objective"),
            state="confirmed" if traced else "provisional",
        )
    ]
    if objective.passage_id is not None:
        parts.append(quote(objective.passage_id, "The document's own words"))
    else:
        parts.append(
            say("No passage of a document is joined to this objective; it stands as its owner recorded it.")
        )
    if objective.promotes_office_holder:
        parts.append(
            say(
                "It raises the profile of somebody who stands for election, so it is no benefit to the community."
            )
        )
    parts.append(
        bullets(
            "Does it serve both the organisation and the community?",
            _benefits(context),
            nothing="Nobody has claimed that it serves both.",
        )
    )
    return parts


def _purpose_of_theme(context: Context, theme: Code) -> list[Part]:
    claims = [*context.claims, *context.subject.loose]
    resting = Objective.objects.filter(
        visible(context.readers),
        state=Objective.State.ACTIVE,
        mechanisms__retired_at=None,
        mechanisms__versions__is_current=True,
        mechanisms__versions__steps__assumption__in=[one.pk for one in context.subject.assumptions],
    ).distinct()
    return [
        facts(
            "The theme",
            [
                ("Theme", theme.name),
                ("What falls under it", theme.description or "Not described."),
                ("Codebook", theme.codebook.name),
                ("Readings here", number(len({one.pk for one in claims}), "claim")),
            ],
            ref("code", theme.pk, "the theme"),
            state="provisional",
        ),
        bullets(
            "Objectives that rest on the steps below",
            [
                say(
                    f"{one.title} ({one.organisation}): {one.what_change}",
                    ref("objective", one.pk, "the objective"),
                )
                for one in resting.select_related("organisation")
            ],
            nothing="No objective that this briefing's readers can see rests on them.",
        ),
    ]


def _benefits(context: Context) -> list[Part]:
    found = DualBenefit.objects.filter(visible(context.keeper), objective=context.briefing.objective)
    shown = set(found.filter(visible(context.readers)).values_list("pk", flat=True))
    return [
        _benefit(one)
        if one.pk in shown
        else _kept_back("dual benefit that was challenged", f"benefit:{one.pk}")
        for one in found.order_by("pk")
        if one.pk in shown or one.status == DualBenefit.Status.CHALLENGED
    ]


def _kept_back(what: str, key: str) -> Part:
    """Counted and typed: what speaks against is not left out because its text is not shared."""
    return say(
        f"1 further {what}; its text is not shared with these readers.", state="disputed", contrary=key
    )


def _benefit(one: DualBenefit) -> Part:
    text = (
        f"{one.get_status_display()}. The organisation gains: {sentence(one.organisation_gains)} "
        f"The community gains: {sentence(one.community_gains)} Through: {sentence(one.through)}"
    )
    if one.who_may_lose:
        text += f" Who may lose: {sentence(one.who_may_lose)}"
    if one.why:
        text += f" Why: {sentence(one.why)}"
    challenged = one.status == DualBenefit.Status.CHALLENGED
    return say(
        text,
        ref("objective", one.objective_id, "the objective"),
        state=BENEFIT_STATE[one.status],
        contrary=f"benefit:{one.pk}" if challenged else "",
    )


def organisation(context: Context) -> list[Part]:
    objective = context.briefing.objective
    owner = objective.organisation if objective else context.briefing.organisation
    parts: list[Part] = []
    if owner is not None:
        parts.append(_structure(owner, context))
    if objective is not None:
        parts.append(_documents(context, objective))
        parts.append(
            bullets(
                "What was promised for it",
                _promises(context, objective),
                nothing="No promise is recorded.",
            )
        )
    if owner is not None:
        parts.append(_arrangements(context, owner))
    if not parts:
        parts.append(say("A research team keeps this briefing; no one organisation's structure carries it."))
    return parts


def _structure(owner: Organisation, context: Context) -> Part:
    bodies = LocalPolicingBody.objects.filter(police=owner).select_related("body").order_by("since")
    held = [
        f"{one.body} ({one.get_form_display().lower()}), since {one.since:%B %Y}"
        for one in bodies
        if one.until is None or one.until > context.today
    ]
    return facts(
        str(owner),
        [
            ("Kind", owner.get_kind_display()),
            ("How engagement is organised", owner.structure or "Not recorded."),
            ("Held to account by", "; ".join(held) if held else ""),
        ],
        state="provisional",
    )


def _documents(context: Context, objective: Objective) -> Part:
    found = StrategyVersion.objects.filter(
        visible(context.readers, through="strategy"), source__passages__objectives=objective
    ).select_related("strategy")
    items = []
    for one in found.distinct():
        force = f", in force from {one.in_force_from:%-d %B %Y}" if one.in_force_from else ""
        ended = f" until {one.in_force_until:%-d %B %Y}" if one.in_force_until else ""
        items.append(
            say(
                f"{one.strategy} ({one.strategy.get_kind_display().lower()}), version {one.number}{force}{ended}.",
                ref("strategy", one.strategy_id, "the document"),
                state="confirmed",
            )
        )
    return bullets(
        "Documents that state it",
        items,
        nothing="No strategy or action plan that its readers can see states it.",
    )


def _promises(context: Context, objective: Objective) -> list[Part]:
    found = Commitment.objects.filter(visible(context.keeper), objective=objective)
    shown = set(found.filter(visible(context.readers)).values_list("pk", flat=True))
    return [
        _promise(one) if one.pk in shown else _kept_back("promise that was not kept", f"promise:{one.pk}")
        for one in found.order_by("due", "pk")
        if one.pk in shown or one.state == Commitment.State.NOT_KEPT
    ]


def _promise(one: Commitment) -> Part:
    due = f", due {one.due:%-d %B %Y}" if one.due else ""
    who = f" ({one.owner_role}{due})" if one.owner_role else f" ({due.removeprefix(', ')})" if due else ""
    why = f" {one.why}" if one.why else ""
    broken = one.state == Commitment.State.NOT_KEPT
    return say(
        f"{one.get_state_display()}: {one.text}{who}{why}",
        ref("objective", one.objective_id or 0, "the objective"),
        state="provisional" if one.passage_id is None else "confirmed",
        contrary=f"promise:{one.pk}" if broken else "",
    )


def _arrangements(context: Context, owner: Organisation) -> Part:
    today = context.today
    found = (
        Arrangement.objects.filter(visible(context.readers), owners__owner=owner)
        .distinct()
        .prefetch_related("owners__owner")
    )
    items = []
    for one in found:
        spells = sorted(one.owners.all(), key=lambda spell: spell.since)
        now = [spell for spell in spells if spell.until is None or spell.until > today]
        run = f"run by {now[-1].owner} since {now[-1].since:%B %Y}" if now else "run by nobody now"
        before = [
            f"{spell.owner} until {spell.until:%B %Y}" for spell in spells if spell not in now and spell.until
        ]
        earlier = f"; before that by {', '.join(before)}" if before else ""
        items.append(say(f"{one.name}: {run}{earlier}."))
    return bullets("Standing ways of engaging", items, nothing="None is recorded.")


def people(context: Context) -> list[Part]:
    objective = context.briefing.objective
    populations = sorted({one.population for one in context.subject.assumptions if one.population})
    parts: list[Part] = []
    if objective is not None:
        parts.append(
            facts(
                "Whom the objective means",
                [
                    ("People", sentence(objective.who)),
                    ("Who takes demand over", objective.receiving_agency),
                    ("Their capacity", objective.receiving_capacity),
                    ("Whether they agreed", objective.receiving_agreement),
                ],
                ref("objective", objective.pk, "the objective"),
                state="provisional",
            )
        )
    parts.append(
        bullets(
            "Whom its steps speak of",
            [say(sentence(one)) for one in populations],
            nothing="No step says for whom it should hold.",
        )
    )
    methods = Mechanism.objects.filter(
        pk__in=[one.mechanism.pk for one in context.subject.chains], method__isnull=False
    )
    for one in methods.select_related("method"):
        assert one.method is not None
        missing = one.method.missing_denominator
        parts.append(
            say(
                f"The way of engaging is {one.method.name.lower()}"
                + (f"; what is usually not recorded of it: {missing}." if missing else "."),
                ref("mechanism", one.pk, "the chain"),
            )
        )
    roles: dict[str, set[int]] = {}
    for claim in (*context.claims, *context.subject.loose):
        # a post is not joined with an organisation beyond it
        if claim.pk in context.shared_claims and role_told(claim, viewer=context.readers):
            roles.setdefault(claim.claimant_role, set()).add(claim.passage.source_id)
    heard = ", ".join(
        Claim.Role(role).label.lower()
        # a number that could point at one officer needs five
        + (f" ({number(len(found), 'source')})" if len(found) >= FIVE else "")
        for role, found in sorted(roles.items())
    )
    parts.append(
        say(
            f"Who was heard on it: {heard}. One source can hold several roles; a number stands where there are five "
            "or more."
        )
        if heard
        else say("Nobody was heard on it: no interview or document recorded here speaks to its steps.")
    )
    parts.append(
        {"kind": "missing", "sources": interviews_of(context), "studies": _missing_in_studies(context)}
    )
    return [*parts, *work.done(context)]


def _missing_in_studies(context: Context) -> list[Part]:
    found: dict[int, Part] = {}
    for seen in context.seen:
        for item in (*seen.shown.for_it, *seen.shown.against_it, *seen.shown.no_effect):
            if item.study.missing_people:
                found[item.study.pk] = say(
                    f"{item.study.short}: {item.study.missing_people}",
                    ref("study", item.study.pk, item.study.short),
                )
    return list(found.values())


def interviews_of(context: Context) -> list[int]:
    """The interviews of the teams whose shared readings are used: what “3 of 15” counts from."""
    teams = (
        Claim.objects.filter(in_scope(context.readers, context.scope), team__isnull=False)
        .order_by()
        .values_list("team_id", flat=True)
        .distinct()
    )
    rows = Source.objects.filter(team__in=list(teams), kind__in=INTERVIEWS, state=Source.State.LIVE)
    return list(rows.order_by("pk").values_list("pk", flat=True))
