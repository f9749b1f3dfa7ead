"""The API's reasons: who is here, aims, objectives, mechanisms, assumptions with their standings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router

from folkmoot.coding.queries import Scope
from folkmoot.evidence.queries import EvidenceItem, EvidenceView, Judged, evidence_for, standings
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.visibility import access_of
from folkmoot.project import api_schemas as out
from folkmoot.project.api_pages import page_of
from folkmoot.project.api_signed import SIGNED_IN
from folkmoot.strategies.models import Aim, Objective

router = Router()


def scopes_of(viewer: Any) -> tuple[Scope, ...]:
    """Everybody has the network's word; those with a place in it have their own beside."""
    return ("network", "ours") if access_of(viewer).belongs else ("network",)


@router.get("/me", response=out.MeOut, auth=SIGNED_IN)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, and where they belong."""
    access = access_of(request.user)
    names = dict(Organisation.objects.filter(pk__in=access.organisations).values_list("pk", "slug"))
    return {
        "name": getattr(request.user, "label", ""),
        "organisations": [
            {"organisation": names[pk], "role": role} for pk, role in access.organisations.items()
        ],
        "teams": list(ResearchTeam.objects.filter(pk__in=access.teams).values_list("slug", flat=True)),
    }


@router.get("/organisations", response=out.Organisations, auth=SIGNED_IN)
def organisations(request: HttpRequest) -> dict[str, Any]:
    """The organisations of the network, to those who belong to it."""
    found = Organisation.objects.all() if access_of(request.user).belongs else Organisation.objects.none()
    rows, following = page_of(request, found)
    return {"items": rows, "next": following}


@router.get("/aims", response=list[out.AimOut])
def aims(request: HttpRequest) -> Any:
    """The kinds of purpose, each with whom it benefits."""
    return Aim.objects.all()


@router.get("/objectives", response=out.Objectives)
def objectives(request: HttpRequest) -> dict[str, Any]:
    """The objectives that this person may see."""
    found = Objective.objects.visible_to(request.user).select_related("organisation", "aim").order_by("pk")
    rows, following = page_of(request, found)
    return {"items": [_objective(one) for one in rows], "next": following}


@router.get("/objectives/{int:pk}", response=out.ObjectiveOut)
def objective(request: HttpRequest, pk: int) -> dict[str, Any]:
    found = Objective.objects.visible_to(request.user).select_related("organisation", "aim")
    return _objective(get_object_or_404(found, pk=pk))


def _objective(one: Objective) -> dict[str, Any]:
    names = ["title", "who", "what_change", "by_when", "how_known", "benefits", "state"]
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "organisation": str(one.organisation),
        "aim": one.aim.code,
        "url": reverse("objective", args=[one.pk]),
    }


@router.get("/mechanisms", response=out.Mechanisms)
def mechanisms(request: HttpRequest) -> dict[str, Any]:
    """The chains in force that this person may see, with their steps in order."""
    rows, following = page_of(request, _mechanisms(request))
    return {"items": _chains(request, rows), "next": following}


@router.get("/mechanisms/{int:pk}", response=out.MechanismOut)
def mechanism(request: HttpRequest, pk: int) -> dict[str, Any]:
    return _chains(request, [get_object_or_404(_mechanisms(request), pk=pk)])[0]


def _mechanisms(request: HttpRequest) -> Any:
    return (
        Mechanism.objects.visible_to(request.user)
        .filter(retired_at=None)
        .select_related("organisation", "team")
        .prefetch_related("aims", "versions__steps")
        .order_by("pk")
    )


def _chains(request: HttpRequest, rows: list[Mechanism]) -> list[dict[str, Any]]:
    seen = set(
        Objective.objects.visible_to(request.user)
        .filter(pk__in=[one.objective_id for one in rows if one.objective_id])
        .values_list("pk", flat=True)
    )
    return [
        {
            "id": one.pk,
            "code": one.code,
            "name": one.name,
            "owner": one.owner_label,
            "summary": one.summary,
            "aims": [aim.code for aim in one.aims.all()],
            "objective": one.objective_id if one.objective_id in seen else None,
            "steps": [
                {"assumption": step.assumption_id, "position": place, "own_words": step.own_words}
                for version in one.versions.all()
                if version.is_current
                for place, step in enumerate(version.steps.all(), start=1)
            ],
            "url": reverse("mechanism", args=[one.pk]),
        }
        for one in rows
    ]


@router.get("/assumptions", response=out.Assumptions)
def assumptions(request: HttpRequest) -> dict[str, Any]:
    """The assumptions that this person may see, each with its standing in every scope open to them."""
    found = Assumption.objects.visible_to(request.user).order_by("pk").values_list("pk", flat=True)
    keys, following = page_of(request, found)
    judged = {scope: standings(keys, viewer=request.user, scope=scope) for scope in scopes_of(request.user)}
    return {"items": [_assumption(key, judged) for key in keys], "next": following}


@router.get("/assumptions/{int:pk}", response=out.AssumptionDetailOut)
def assumption(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One assumption with both sides of its evidence."""
    known = get_object_or_404(Assumption.objects.visible_to(request.user), pk=pk)
    views = {
        scope: evidence_for(known, viewer=request.user, scope=scope) for scope in scopes_of(request.user)
    }
    judged = {scope: {pk: view.judged} for scope, view in views.items()}
    return _assumption(pk, judged) | {"evidence": [_sides(scope, view) for scope, view in views.items()]}


def _assumption(key: int, judged: dict[Scope, dict[int, Judged]]) -> dict[str, Any]:
    one = judged["network"][key].assumption
    names = ["code", "population", "horizon", "horizon_days", "smallest_change"]
    return {
        **{name: getattr(one, name) for name in names},
        "id": key,
        "cause": one.cause.wording,
        "effect": one.effect.wording,
        "owner": "the network" if one.is_network else "a member of the network",
        "standings": [_standing(found[key]) for found in judged.values()],
        "url": reverse("assumption", args=[key]),
    }


def _standing(one: Judged) -> dict[str, Any]:
    held = one.held
    return {
        "scope": one.scope,
        "word": one.word,
        "leaning": one.leaning,
        "row": one.judgement.row,
        "sentence": one.sentence,
        "rules_version": one.judgement.rules_version,
        "tests_for": one.for_count,
        "tests_against": one.against_count,
        "tests_without_effect": one.no_effect_count,
        "nearest": one.nearest,
        "held_by": {
            "interviews_asserting": held.interviews_asserting,
            "interviews_challenging": held.interviews_challenging,
            "documents_asserting": held.documents_asserting,
            "documents_challenging": held.documents_challenging,
            "readings_disputed": held.disputed,
        },
    }


SIDES = ["for_it", "against_it", "no_effect", "without_mechanism", "spans", "silent", "nearest"]


def _sides(scope: Scope, view: EvidenceView) -> dict[str, Any]:
    return {"scope": scope, **{side: [_reading(item) for item in getattr(view, side)] for side in SIDES}}


def _reading(item: EvidenceItem) -> dict[str, Any]:
    names = ["reading", "why_not", "level", "population", "outcome", "horizon", "distance"]
    return {
        **{name: getattr(item, name) for name in names},
        "study": item.study.pk,
        "name": item.study.short,
        "counts": item.counted,
    }
