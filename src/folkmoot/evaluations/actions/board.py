"""The board: an organisation asks for an evaluation, researchers offer one, the asker answers."""

from __future__ import annotations

from datetime import date

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evaluations.limits import require_assumption_as_far, require_reach_of_plan
from folkmoot.evaluations.models import Offer, Plan, Request
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible


@action
def ask_for_evaluation(
    assumption: Assumption,
    *,
    owner: Owner | None,
    visibility: str,
    wanted: str,
    given: str = "",
    by_when: date | None = None,
    by: User,
) -> Request:
    """Ask for an evaluation of one assumption, where those with whom it is shared can offer one."""
    require_edit_for(by, **ids_of(owner))
    whose = require_reach_of_plan(owner, visibility)
    if not Assumption.objects.filter(visible(by), pk=assumption.pk).exists():
        raise FolkmootError("There is no such assumption.")
    require_assumption_as_far(assumption, owner=whose, visibility=visibility)
    if not wanted.strip():
        raise FolkmootError("Say what you want to know, and what decision hangs on it.")
    request: Request = Request.objects.create(
        assumption=assumption,
        wanted=wanted.strip(),
        given=given.strip(),
        by_when=by_when,
        visibility=visibility,
        **owned_by(whose),
        **made(by),
    )
    record("asked for an evaluation", by=by, on=request, assumption=assumption.pk)
    return request


@action
def withdraw_request(request: Request, *, expected: int, by: User) -> Request:
    """Take a request back; offers that were open are told by its state."""
    require_edit(by, request)
    if request.state == Request.State.WITHDRAWN:
        raise NotYet("It was withdrawn already.")
    request.state = Request.State.WITHDRAWN
    save_version(request, expected=expected, by=by)
    record("withdrew a request for an evaluation", by=by, on=request)
    return request


@action
def offer_evaluation(
    request: Request, *, owner: Owner | None, words: str, independent: str, by: User
) -> Offer:
    """Offer to do it. Researchers offer: a research team, or an organisation that is a research body."""
    require_edit_for(by, **ids_of(owner))
    if owner is None:
        raise FolkmootError("Choose for which team or research body you offer it.")
    if isinstance(owner, Organisation) and owner.kind != Organisation.Kind.RESEARCH:
        raise NotAllowed("Research teams and research bodies offer evaluations.")
    if not Request.objects.filter(visible(by), pk=request.pk).exists():
        raise FolkmootError("There is no such request.")
    if request.state != Request.State.OPEN:
        raise NotYet("This request is not open any more.")
    if not words.strip() or not independent.strip():
        raise FolkmootError("Say how you would go about it, and how you stand to those whose work is judged.")
    whose = owned_by(owner)
    waiting = Offer.objects.filter(request=request, state=Offer.State.OFFERED, **whose)
    if waiting.exists():
        raise NotYet(f"{owner} has an offer here already.")
    offer: Offer = Offer.objects.create(
        request=request,
        words=words.strip(),
        independent=independent.strip()[:300],
        visibility="own" if isinstance(owner, Organisation) else "team",
        **whose,
        **made(by),
    )
    record("offered an evaluation", by=by, on=offer, request=request.pk)
    return offer


@action
def answer_offer(offer: Offer, *, accept: bool, answer: str = "", expected: int, by: User) -> Offer:
    """The asker takes an offer up or declines it. One that is taken up closes the request for others."""
    request = offer.request
    require_edit(by, request)
    if offer.state != Offer.State.OFFERED:
        raise NotYet("This offer has been answered or withdrawn.")
    if accept and request.state != Request.State.OPEN:
        raise NotYet("This request is not open any more.")
    if not accept and not answer.strip():
        raise FolkmootError("Say why it is declined.")
    offer.state = Offer.State.ACCEPTED if accept else Offer.State.DECLINED
    offer.answer = answer.strip()
    save_version(offer, expected=expected, by=by)
    if accept:
        request.state = Request.State.TAKEN
        save_version(request, expected=request.version, by=by)
    record(
        "took up an offer" if accept else "declined an offer",
        by=by,
        on=offer,
        organisation_id=request.organisation_id,
        team_id=request.team_id,
    )
    return offer


@action
def withdraw_offer(offer: Offer, *, expected: int, by: User) -> Offer:
    """Take an offer back; where it had been taken up, the request is open again."""
    require_edit(by, offer)
    if offer.state not in {Offer.State.OFFERED, Offer.State.ACCEPTED}:
        raise NotYet("This offer has been answered or withdrawn.")
    request = offer.request
    reopened = offer.state == Offer.State.ACCEPTED and request.state == Request.State.TAKEN
    if reopened and request.plan_id is not None:
        raise NotYet("There is a plan already: give the plan up instead.")
    offer.state = Offer.State.WITHDRAWN
    save_version(offer, expected=expected, by=by)
    if reopened:
        request.state = Request.State.OPEN
        save_version(request, expected=request.version, by=by)
    record("withdrew an offer", by=by, on=offer)
    return offer


@action
def join_plan(request: Request, *, plan: Plan, by: User) -> Request:
    """An offer that was taken up has become a plan: the request leads to it."""
    require_edit(by, plan)
    offers = Offer.objects.filter(
        request=request, state=Offer.State.ACCEPTED, organisation=plan.organisation, team=plan.team
    )
    if not offers.exists() and not (
        (request.organisation_id, request.team_id) == (plan.organisation_id, plan.team_id)
    ):
        raise NotAllowed("Only whoever asked, or whose offer was taken up, can tie a plan to this request.")
    if request.plan_id is not None:
        raise NotYet("This request has its plan already.")
    if plan.assumption_id != request.assumption_id:
        raise FolkmootError("The plan is about another assumption than the request.")
    request.plan = plan
    request.state = Request.State.TAKEN
    save_version(request, expected=request.version, by=by)
    record("made a plan of a request", by=by, on=request, plan=plan.pk)
    return request
