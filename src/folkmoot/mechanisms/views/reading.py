"""The section's first page, aims, lists of chains, their versions, and small changes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.mechanisms import actions, queries
from folkmoot.mechanisms.forms import AssumptionForm, ShareForm, VersionForm, owners_for
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.mechanisms.views.writing import crumbs, seen
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.strategies.models import Aim
from folkmoot.strategies.queries import objectives_under
from folkmoot.strategies.views.common import editing_for


@require_GET
def aims(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    context = {
        "page": queries.aims_page(viewer=request.user, organisation=home),
        "home": home,
        "may_edit": editing_for(request) is not None,
        "section": "aims",
    }
    return render(request, "mechanisms/aims.html", context)


@require_GET
def aim(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Aim, code=code)
    objectives = list(objectives_under(found, viewer=request.user))
    chains = queries.chains_of([one.pk for one in objectives], viewer=request.user)
    context = {
        "aim": found,
        "objectives": [(one, chains.get(one.pk, 0)) for one in objectives],
        "library": queries.library_of([found]),
        "may_edit": editing_for(request) is not None,
        "crumbs": [("Aims", reverse("aims")), (found.name, "")],
        "section": "aims",
    }
    return render(request, "mechanisms/aim.html", context)


@require_GET
def mechanisms(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("aim", "")
    listed = list(Aim.objects.all())
    chosen = next((one for one in listed if one.code == wanted), None)
    context = {
        "found": queries.mechanisms_for(request.user, aim=chosen.code if chosen else ""),
        "aims": listed,
        "chosen": chosen,
        "may_edit": bool(owners_for(request.user)),
        "section": "aims",
    }
    return render(request, "mechanisms/mechanisms.html", context)


@require_GET
def mechanism_versions(request: HttpRequest, pk: int) -> HttpResponse:
    mechanism = seen(request, pk)
    context = {
        "mechanism": mechanism,
        "versions": queries.history_of(mechanism, viewer=request.user),
        "crumbs": crumbs(mechanism, "Versions"),
        "section": "aims",
    }
    return render(request, "mechanisms/versions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mechanism_share(request: HttpRequest, pk: int) -> HttpResponse:
    mechanism = seen(request, pk)
    form = ShareForm(
        request.POST or None,
        team=mechanism.team_id is not None,
        initial={"visibility": mechanism.visibility, "version": mechanism.version},
    )
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, mechanism)
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.share_mechanism(
                    mechanism,
                    visibility=form.cleaned_data["visibility"],
                    expected=form.cleaned_data["version"],
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "It is saved who may see it.")
                return redirect("mechanism", pk=pk)
    context = {
        "mechanism": mechanism,
        "form": form,
        "may_edit": may_edit(request.user, mechanism),
        "crumbs": crumbs(mechanism, "Share"),
        "section": "aims",
    }
    return render(request, "mechanisms/share.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def mechanism_retire(request: HttpRequest, pk: int) -> HttpResponse:
    mechanism = seen(request, pk)
    form = VersionForm(request.POST or None, initial={"version": mechanism.version})
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, mechanism)
        if form.is_valid():
            draft = Mechanism.objects.get(pk=pk)
            made, status = attempt(
                form,
                lambda: actions.retire_mechanism(
                    draft, expected=form.cleaned_data["version"], by=request.user
                ),
            )
            if made is not None:
                messages.success(request, "The chain is retired. It stays readable with all its versions.")
                return redirect("mechanism", pk=pk)
    context = {
        "mechanism": mechanism,
        "form": form,
        "may_edit": may_edit(request.user, mechanism),
        "crumbs": crumbs(mechanism, "Retire"),
        "section": "aims",
    }
    return render(request, "mechanisms/retire.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def assumption_describe(request: HttpRequest, pk: int) -> HttpResponse:
    """For whom, how soon, and from which change on it matters; its cause and effect stay."""
    found = get_object_or_404(
        Assumption.objects.visible_to(request.user).select_related("cause", "effect", "organisation", "team"),
        pk=pk,
    )
    if found.is_network:
        # the library's words come with the library
        raise Http404
    # the form works on a row of its own: a refused save leaves this one as it is
    draft = Assumption.objects.select_related("cause", "effect", "organisation", "team").get(pk=pk)
    form = AssumptionForm(request.POST or None, instance=draft, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = dict(form.cleaned_data)
            made, status = attempt(
                form,
                lambda: actions.describe_assumption(
                    found, expected=given.pop("version"), by=request.user, **given
                ),
            )
            if made is not None:
                messages.success(request, "The assumption is described. It keeps its evidence.")
                return redirect("assumption", pk=pk)
    context = {
        "assumption": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": [("Assumption", reverse("assumption", args=[pk])), ("Describe", "")],
        "section": "assumptions",
    }
    return render(request, "mechanisms/describe.html", context, status=status)
