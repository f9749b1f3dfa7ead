"""Pages of the board: requests for an evaluation, and the offers on one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.core.errors import NotAllowed
from folkmoot.evaluations.actions import board as actions
from folkmoot.evaluations.forms.board import AnswerOfferForm, OfferForm, RequestForm
from folkmoot.evaluations.queries.board import listed_requests, request_page, request_rows
from folkmoot.evaluations.queries.choices import may_write, researchers_for
from folkmoot.evaluations.views.common import (
    SECTION,
    asked_assumption,
    request_crumbs,
    require_writer,
    seen_offer,
    seen_request,
    sent,
)
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.refusals import attempt


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Who asks for an evaluation of what."""
    every = request.GET.get("show") == "all"
    page = Paginator(listed_requests(request.user, every=every), 30).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": request_rows(list(page.object_list), viewer=request.user),
        "every": every,
        "may_write": may_write(request.user),
        "section": SECTION,
    }
    return render(request, "evaluations/board.html", context)


@require_GET
def request_(request: HttpRequest, pk: int) -> HttpResponse:
    """One request; offers are seen by whoever made them and by whoever asked."""
    row = seen_request(request, pk)
    context = {
        "asked": row,
        "page": request_page(row, viewer=request.user),
        "crumbs": request_crumbs(row),
        "section": SECTION,
    }
    return render(request, "evaluations/request.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """Ask for an evaluation of one assumption."""
    require_writer(request)
    about = asked_assumption(request)
    begin: dict[str, Any] = {"reach": "network", "assumption": str(about.pk) if about else ""}
    form = RequestForm(sent(request), user=request.user, initial=begin)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.ask_for_evaluation(
                    form.chosen_assumption,
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    wanted=given["wanted"],
                    given=given["given"],
                    by_when=given["by_when"],
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "Your request is on the board.")
                return redirect("request", pk=made.pk)
    context = {
        "form": form,
        "about": about,
        "crumbs": [("Board", reverse("board")), ("Ask for an evaluation", "")],
        "section": SECTION,
    }
    return render(request, "evaluations/request_new.html", context, status=status)


@login_required
@require_POST
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    row = seen_request(request, pk)
    require_edit(request.user, row)
    actions.withdraw_request(row, expected=_version(request, row.version), by=request.user)
    messages.success(request, "The request is taken back.")
    return redirect("request", pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def offer_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer to do the evaluation that somebody asks for."""
    row = seen_request(request, pk)
    owners = researchers_for(request.user)
    if not owners:
        raise NotAllowed("Research teams and research bodies offer evaluations.")
    form = OfferForm(sent(request), owners=owners)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.offer_evaluation(
                    row,
                    owner=form.chosen_owner,
                    words=given["words"],
                    independent=given["independent"],
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, f"Your offer is made. {row.owner_label} sees it, nobody else does.")
                return redirect("request", pk=pk)
    context = {"form": form, "asked": row, "crumbs": request_crumbs(row, "Offer"), "section": SECTION}
    return render(request, "evaluations/offer_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def offer_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer up, or decline it."""
    offer = seen_offer(request, pk)
    require_edit(request.user, offer.request)
    form = AnswerOfferForm(sent(request), initial={"version": offer.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            saved, status = attempt(
                form,
                lambda: actions.answer_offer(
                    offer,
                    accept=given["accept"] == "yes",
                    answer=given["answer"],
                    expected=given["version"] or 0,
                    by=request.user,
                ),
            )
            if saved is not None:
                messages.success(request, "Your answer is recorded.")
                return redirect("request", pk=offer.request_id)
            offer = seen_offer(request, pk)
    context = {
        "form": form,
        "offer": offer,
        "asked": offer.request,
        "crumbs": request_crumbs(offer.request, "Answer an offer"),
        "section": SECTION,
    }
    return render(request, "evaluations/offer_answer.html", context, status=status)


@login_required
@require_POST
def offer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer back."""
    offer = seen_offer(request, pk)
    require_edit(request.user, offer)
    actions.withdraw_offer(offer, expected=_version(request, offer.version), by=request.user)
    messages.success(request, "The offer is taken back.")
    return redirect("request", pk=offer.request_id)


def _version(request: HttpRequest, present: int) -> int:
    word = request.POST.get("version", "")
    return int(word) if word.isdecimal() and len(word) < 10 else present
