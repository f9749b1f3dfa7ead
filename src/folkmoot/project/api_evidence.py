"""The API's evidence: studies, one's own sources, readings through the consent gate, editions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router

from folkmoot.briefings.models import Edition
from folkmoot.coding.queries import live_claims, role_told, says_told
from folkmoot.evidence.models import Study
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.project import api_schemas as out
from folkmoot.project.api_pages import page_of
from folkmoot.project.api_signed import SIGNED_IN
from folkmoot.sources.models import Source
from folkmoot.sources.queries import words_of

router = Router()
STUDY = [
    "key",
    "authors",
    "year",
    "title",
    "title_verified",
    "kind",
    "design",
    "setting",
    "country",
    "level_low",
    "level_high",
    "not_verified",
    "recruitment",
    "missing_people",
    "conflict",
]


@router.get("/studies", response=out.Studies)
def studies(request: HttpRequest) -> dict[str, Any]:
    """The studies that this person may see."""
    found = Study.objects.visible_to(request.user).select_related("organisation", "team").order_by("pk")
    rows, following = page_of(request, found)
    return {"items": [_study(one) for one in rows], "next": following}


@router.get("/studies/{int:pk}", response=out.StudyDetailOut)
def study(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One study with its marks."""
    found = Study.objects.visible_to(request.user).select_related("organisation", "team")
    one = get_object_or_404(found, pk=pk)
    names = ["sign", "horizon", "horizon_days", "population", "outcome", "in_conflict"]
    return _study(one) | {
        "marks": [
            {"factor": mark.factor.wording, **{name: getattr(mark, name) for name in names}}
            for mark in one.marks.select_related("factor")
        ],
        "pools": [inner.short for inner in one.pools.filter(visible(request.user))],
    }


def _study(one: Study) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in STUDY},
        "id": one.pk,
        "read": one.get_read_where_display(),
        "retracted_on": one.retracted_at,
        "owner": one.owner_label,
        "url": reverse("study", args=[one.pk]),
    }


@router.get("/sources", response=out.Sources, auth=SIGNED_IN)
def sources(request: HttpRequest) -> dict[str, Any]:
    """The sources of one's own teams and organisations, without their words."""
    access = access_of(request.user)
    own = Q(organisation__in=list(access.organisations)) | Q(team__in=list(access.teams))
    found = Source.objects.filter(own).select_related("organisation", "team").order_by("pk")
    rows, following = page_of(request, found)
    names = ["kind", "title", "consent", "state", "recruitment", "missing_people"]
    items = [
        {
            **{name: getattr(one, name) for name in names},
            "id": one.pk,
            "owner": one.owner_label,
            "names_reviewed": one.redaction == Source.Redaction.REVIEWED,
            "url": reverse("source", args=[one.pk]),
        }
        for one in rows
    ]
    return {"items": items, "next": following}


@router.get("/claims", response=out.Claims)
def claims(request: HttpRequest) -> dict[str, Any]:
    """The readings that this person may see; the words only as far as consent goes."""
    found = live_claims(request.user).select_related("passage__source").order_by("pk")
    rows, following = page_of(request, found)
    words = words_of([one.passage_id for one in rows], viewer=request.user)
    wanted = [one.assumption_id for one in rows if one.assumption_id]
    seen = set(Assumption.objects.visible_to(request.user).filter(pk__in=wanted).values_list("pk", flat=True))
    names = ["stance", "modality", "state"]
    said = {one.pk: says_told(one, viewer=request.user) for one in rows}
    items = [
        {
            **{name: getattr(one, name) for name in names},
            "cause": told[0] if (told := said[one.pk]) else None,
            "effect": told[1] if told else None,
            "claimant_role": one.claimant_role if role_told(one, viewer=request.user) else None,
            "id": one.pk,
            "assumption": one.assumption_id if one.assumption_id in seen else None,
            "words": words[one.passage_id].text,
            "status": words[one.passage_id].status,
            "source": words[one.passage_id].source_label,
        }
        for one in rows
        if one.passage_id in words
    ]
    return {"items": items, "next": following}


@router.get("/editions", response=out.Editions)
def editions(request: HttpRequest) -> dict[str, Any]:
    """The published editions that this person may see."""
    found = (
        Edition.objects.filter(visible(request.user, through="briefing"), published_at__isnull=False)
        .select_related("briefing")
        .order_by("pk")
    )
    rows, following = page_of(request, found)
    items = [
        {
            "briefing": one.briefing.title,
            "edition": one.number,
            "state": one.state,
            "published_at": one.published_at,
            "fingerprint": one.fingerprint,
            "url": reverse("edition", args=[one.briefing_id, one.number]),
        }
        for one in rows
    ]
    return {"items": items, "next": following}
