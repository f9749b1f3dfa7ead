"""The register of claims, and one claim: its words one step away, its state, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.coding import actions
from folkmoot.coding.forms import NEW, ClaimFilterForm, JoinForm, OwnWordsForm, ReviseForm, ShareForm
from folkmoot.coding.models import Claim
from folkmoot.coding.queries import claim_counts, claim_rows, claims_for, earlier_readings
from folkmoot.coding.queries.replacing import to_replace
from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt, tell
from folkmoot.organisations.visibility import visible
from folkmoot.sources.policies import is_own

PER_PAGE = 50


@login_required
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    form = ClaimFilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    found = claims_for(request.user, filters=filters)
    chosen = found.select_related(
        "passage__source", "assumption__cause", "assumption__effect", "organisation", "team"
    )
    page = Paginator(chosen.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    about = None
    if filters.get("assumption"):
        about = (
            Assumption.objects.filter(visible(request.user), pk=filters["assumption"])
            .select_related("cause", "effect")
            .first()
        )
    context = {
        "form": form,
        "filtered": any(filters.values()),
        "counts": claim_counts(found),
        "page": page,
        "rows": claim_rows(list(page.object_list), viewer=request.user),
        "about": about,
        "to_replace": len(to_replace(request.user)),
        "section": "assumptions",
    }
    return render(request, "coding/claims.html", context)


def _claim(request: HttpRequest, pk: int) -> Claim:
    found = Claim.objects.visible_to(request.user).select_related(
        "passage__source__organisation",
        "passage__source__team",
        "assumption__cause",
        "assumption__effect",
        "organisation",
        "team",
        "superseded_by",
    )
    return get_object_or_404(found, pk=pk)


@login_required
@require_GET
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    found = _claim(request, pk)
    source = found.passage.source
    own = is_own(request.user, source)
    successor = None
    if found.superseded_by_id:
        successor = Claim.objects.visible_to(request.user).filter(pk=found.superseded_by_id).first()
    context = {
        "claim": found,
        "row": claim_rows([found], viewer=request.user)[0],
        "earlier": earlier_readings(found, viewer=request.user) if own else [],
        "successor": successor,
        "may_edit": own
        and may_edit(request.user, source)
        and not source.is_withdrawn
        and found.state != Claim.State.SUPERSEDED,
        "section": "assumptions",
        "crumbs": [("Claims", reverse("claims")), (f"Claim {found.pk}", "")],
    }
    return render(request, "coding/claim.html", context)


def _own_claim(request: HttpRequest, pk: int) -> Claim:
    """A claim for a page that changes it: not there for others, refused to those who may not edit."""
    found = _claim(request, pk)
    require_edit(request.user, found.passage.source)
    return found


def _asked(
    request: HttpRequest, claim: Claim, form: Any, *, template: str, last: str, status: int
) -> HttpResponse:
    crumbs = [
        ("Claims", reverse("claims")),
        (f"Claim {claim.pk}", reverse("claim", args=[claim.pk])),
        (last, ""),
    ]
    context = {
        "claim": claim,
        "row": claim_rows([claim], viewer=request.user)[0],
        "form": form,
        "crumbs": crumbs,
        "section": "assumptions",
    }
    return render(request, template, context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def claim_revise(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own_claim(request, pk)
    first = {
        name: getattr(found, name)
        for name in ("cause", "effect", "stance", "modality", "claimant_role", "note", "version")
    } | {"assumption": found.assumption_id}
    form = ReviseForm(request.POST or None, initial=first, user=request.user, may_start=False)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.revise_claim(
                found, expected=form.cleaned_data["version"], by=request.user, **form.changes()
            )
        except FolkmootError as error:
            status = tell(form, error)
        else:
            messages.success(request, "The new reading stands. The earlier one is kept as superseded.")
            return redirect("claim", pk=made.pk)
    return _asked(
        request, found, form, template="coding/claim_revise.html", last="Read it again", status=status
    )


@login_required
@require_http_methods(["GET", "POST"])
def claim_join(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own_claim(request, pk)
    first = {"assumption": found.assumption_id, "version": found.version}
    form = JoinForm(request.POST or None, initial=first, user=request.user)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given["assumption"] == NEW:
                actions.start_from_claim(found, expected=given["version"], by=request.user)
            else:
                actions.join_claim(
                    found, assumption=given["assumption"], expected=given["version"], by=request.user
                )
        except FolkmootError as error:
            status = tell(form, error)
        else:
            messages.success(request, "What the claim speaks to is saved.")
            return redirect("claim", pk=pk)
    return _asked(request, found, form, template="coding/claim_join.html", last="Join", status=status)


@login_required
@require_http_methods(["GET", "POST"])
def claim_share(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own_claim(request, pk)
    first = {"visibility": found.visibility, "version": found.version}
    form = ShareForm(request.POST or None, initial=first, claim=found)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.share_claim(
                found, visibility=given["visibility"], expected=given["version"], by=request.user
            )
        except FolkmootError as error:
            status = tell(form, error)
        else:
            messages.success(
                request, "Who may see it is saved. Its words go only as far as the person agreed."
            )
            return redirect("claim", pk=pk)
    return _asked(request, found, form, template="coding/claim_share.html", last="Share", status=status)


@login_required
@require_http_methods(["GET", "POST"])
def withdrawn_words(request: HttpRequest) -> HttpResponse:
    """Words in one's own chains that began with what was withdrawn since, to be put in one's own."""
    rows = to_replace(request.user)
    asked = request.POST.get("factor", "") if request.method == "POST" else ""
    forms = {
        row.factor.pk: OwnWordsForm(
            request.POST if str(row.factor.pk) == asked else None,
            initial={"factor": row.factor.pk},
            auto_id=f"factor-{row.factor.pk}-%s",
        )
        for row in rows
    }
    status = 200
    chosen = next((row for row in rows if str(row.factor.pk) == asked), None)
    if request.method == "POST":
        if chosen is None:
            raise Http404
        require_edit(request.user, chosen.factor)
        form, status = forms[chosen.factor.pk], 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.replace_words(
                    chosen.factor, wording=form.cleaned_data["wording"], by=request.user
                ),
                field="wording",
            )
            if made is not None:
                messages.success(request, "It is in your own words now, wherever it stands.")
                return redirect("withdrawn_words")
    context = {
        "rows": [(row, forms[row.factor.pk]) for row in rows],
        "wrong": forms[chosen.factor.pk] if chosen and status != 200 else None,
        "section": "assumptions",
        "crumbs": [("Claims", reverse("claims")), ("Words that were withdrawn", "")],
    }
    return render(request, "coding/withdrawn_words.html", context, status=status)
