"""The board of requests, and the offers on one: an offer is seen by whoever made it and by whoever asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.evaluations.models import Offer, Plan, Request
from folkmoot.evaluations.queries.choices import researchers_for
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import access_of, visible


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request on the board. ``assumption`` is None where this viewer may not see it."""

    request: Request
    assumption: Assumption | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request with the offers on it that this person may see, and what they may do."""

    request: Request
    assumption: Assumption | None
    plan: Plan | None
    offers: tuple[Offer, ...]
    asked_by_us: bool
    may_answer: bool
    may_offer: bool
    may_plan: Offer | None
    may_withdraw: frozenset[int]


def listed_requests(viewer: Any, *, every: bool = False) -> QuerySet[Request]:
    """The open requests that this person may see; with ``every`` those that are taken up or withdrawn as well."""
    found: QuerySet[Request] = Request.objects.visible_to(viewer).select_related(
        "assumption__cause", "assumption__effect", "organisation", "team"
    )
    return found if every else found.filter(state=Request.State.OPEN)


def request_rows(requests: list[Request], *, viewer: Any) -> list[RequestRow]:
    """Requests of a page, with their assumptions as far as this person sees them. One query."""
    wanted = {one.assumption_id for one in requests}
    seen = set(Assumption.objects.filter(visible(viewer), pk__in=wanted).values_list("pk", flat=True))
    return [RequestRow(one, one.assumption if one.assumption_id in seen else None) for one in requests]


def offers_for(viewer: Any) -> QuerySet[Offer]:
    """The offers that this person may see: their own, and those made to them."""
    access = access_of(viewer)
    mine = Q(organisation__in=list(access.organisations)) | Q(team__in=list(access.teams))
    to_me = Q(request__organisation__in=list(access.organisations)) | Q(request__team__in=list(access.teams))
    found: QuerySet[Offer] = Offer.objects.filter(mine | to_me).select_related(
        "organisation", "team", "request"
    )
    return found


def request_page(request: Request, *, viewer: Any) -> RequestPage:
    """One request as this person sees it."""
    offers = tuple(offers_for(viewer).filter(request=request).order_by("pk"))
    answering = may_edit(viewer, request)
    accepted = next(
        (one for one in offers if one.state == Offer.State.ACCEPTED and may_edit(viewer, one)), None
    )
    access = access_of(viewer)
    open_ = request.state == Request.State.OPEN
    return RequestPage(
        request=request,
        assumption=Assumption.objects.filter(visible(viewer), pk=request.assumption_id)
        .select_related("cause", "effect")
        .first(),
        plan=Plan.objects.visible_to(viewer).filter(pk=request.plan_id).first() if request.plan_id else None,
        offers=offers,
        asked_by_us=request.organisation_id in access.organisations or request.team_id in access.teams,
        may_answer=answering,
        may_offer=open_ and bool(researchers_for(viewer)),
        may_plan=accepted if request.plan_id is None else None,
        may_withdraw=frozenset(
            one.pk
            for one in offers
            if may_edit(viewer, one)
            and (
                one.state == Offer.State.OFFERED
                or (one.state == Offer.State.ACCEPTED and request.plan_id is None)
            )
        ),
    )
