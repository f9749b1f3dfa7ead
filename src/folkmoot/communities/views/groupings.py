"""Groupings, partners among them, and who speaks for them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.communities import actions
from folkmoot.communities.forms import EndForm, GroupingForm, RepresentativeForm, ShareForm, written
from folkmoot.communities.models import Grouping, Representative
from folkmoot.communities.queries import meant
from folkmoot.communities.views.common import SECTION, crumbs, editing_for, required_home, seen_grouping
from folkmoot.organisations.policies import may_edit, require_edit, require_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.organisations.visibility import access_of


def _trail(grouping: Grouping, last: str) -> list[tuple[str, str]]:
    return crumbs(
        ("Groupings", "groupings"), (grouping.name, reverse("grouping", args=[grouping.pk])), (last, "")
    )


@require_GET
def groupings(request: HttpRequest) -> HttpResponse:
    found = list(meant.groupings_for(request.user))
    context = {
        "rows": [(one, meant.people_who(one.speaking)) for one in found if one.ended_on is None],
        "ended": [one for one in found if one.ended_on is not None],
        "editing": editing_for(request),
        "crumbs": crumbs(("Groupings", "")),
        "section": SECTION,
    }
    return render(request, "communities/groupings.html", context)


@require_GET
def grouping(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_grouping(request, pk)
    speaking = meant.representatives_of(found, viewer=request.user)
    context = {
        "grouping": found,
        "speaking": speaking,
        "people": meant.people_who(sum(not one.withdrawn for one in speaking)),
        "may_edit": may_edit(request.user, found),
        "crumbs": crumbs(("Groupings", "groupings"), (found.name, "")),
        "section": SECTION,
    }
    return render(request, "communities/grouping.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def grouping_new(request: HttpRequest) -> HttpResponse:
    home = editing_for(request)
    form = GroupingForm(request.POST or None, viewer=request.user, initial={"self_defined": "unknown"})
    status = 200
    if request.method == "POST":
        status = 422
        home = required_home(request)
        require_edit_for(request.user, organisation_id=home.pk)
        if form.is_valid():
            given = {key: value for key, value in form.cleaned_data.items() if key != "version"}
            made, status = attempt(
                form,
                lambda: actions.create_grouping(
                    given.pop("name"), organisation=home, by=request.user, **given
                ),
            )
            if made is not None:
                messages.success(request, f"“{made}” is described.")
                return redirect("grouping", made.pk)
    context = {
        "form": form,
        "may_edit": home is not None,
        "crumbs": crumbs(("Groupings", "groupings"), ("Describe a grouping", "")),
        "section": SECTION,
    }
    return render(request, "communities/grouping_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def grouping_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_grouping(request, pk)
    initial = {"version": found.version, "place": written(found.place) if found.place else ""}
    form = GroupingForm(request.POST or None, instance=found, viewer=request.user, new=False, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = dict(form.cleaned_data)
            expected = given.pop("version") or 0
            made, status = attempt(
                form, lambda: actions.revise_grouping(found, expected=expected, by=request.user, **given)
            )
            if made is not None:
                messages.success(request, "Saved.")
                return redirect("grouping", pk)
            found.refresh_from_db()
    context = {
        "grouping": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": _trail(found, "Change"),
        "section": SECTION,
    }
    return render(request, "communities/grouping_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def grouping_share(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_grouping(request, pk)
    form = ShareForm(request.POST or None, initial={"visibility": found.visibility, "version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.share_grouping(
                    found, visibility=given["visibility"], expected=given["version"], by=request.user
                ),
            )
            if made is not None:
                messages.success(request, "Saved.")
                return redirect("grouping", pk)
    context = {
        "grouping": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": _trail(found, "Who may see it"),
        "section": SECTION,
    }
    return render(request, "communities/grouping_share.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def grouping_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_grouping(request, pk)
    form = EndForm(request.POST or None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.end_grouping(
                    found, expected=given["version"], on=given["on"], by=request.user
                ),
            )
            if made is not None:
                messages.success(request, f"“{found}” has ended.")
                return redirect("grouping", pk)
    context = {
        "thing": found,
        "what_stays": "Nobody is described so any more. What was recorded about it stays as it is.",
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": _trail(found, "End"),
        "section": SECTION,
    }
    return render(request, "communities/end.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def representative_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_grouping(request, pk)
    form = RepresentativeForm(request.POST or None, initial={"chosen": "unknown"})
    form.fields.pop("until")
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = {key: value for key, value in form.cleaned_data.items() if key != "version"}
            made, status = attempt(
                form, lambda: actions.record_representative(found, by=request.user, **given)
            )
            if made is not None:
                messages.success(request, "Recorded.")
                return redirect("grouping", pk)
    context = {
        "grouping": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": _trail(found, "Who speaks for it"),
        "section": SECTION,
    }
    return render(request, "communities/representative_new.html", context, status=status)


def _representative(request: HttpRequest, pk: int) -> Representative:
    """Only whoever belongs to the owner reaches the pages behind a person; others 404."""
    rows = Representative.objects.visible_to(request.user).select_related("grouping", "organisation", "team")
    found = get_object_or_404(rows, pk=pk)
    access = access_of(request.user)
    if found.organisation_id not in access.organisations and found.team_id not in access.teams:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def representative_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _representative(request, pk)
    may = may_edit(request.user, found)
    names = (
        "role",
        "chosen",
        "mandate",
        "name",
        "affiliation",
        "shown_to_others",
        "since",
        "until",
        "version",
    )
    initial = {name: getattr(found, name) for name in names} if may else {}
    form = RepresentativeForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = dict(form.cleaned_data)
            expected = given.pop("version") or 0
            made, status = attempt(
                form,
                lambda: actions.revise_representative(found, expected=expected, by=request.user, **given),
            )
            if made is not None:
                messages.success(request, "Saved.")
                return redirect("grouping", found.grouping_id)
    context = {
        "grouping": found.grouping,
        "representative": found,
        "form": form,
        "may_edit": may and found.withdrawn_at is None,
        "crumbs": _trail(found.grouping, "Change who speaks"),
        "section": SECTION,
    }
    return render(request, "communities/representative_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def representative_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes and who has to be asked to forget it, before it is done; and again after."""
    found = _representative(request, pk)
    may = may_edit(request.user, found)
    told = meant.could_have_read(found) if may and found.withdrawn_at is None else []
    if request.method == "POST":
        require_edit(request.user, found)
        actions.withdraw_representative(found, told=told, by=request.user)
        messages.success(
            request, "Name and affiliation are gone. Now ask these to forget them: " + "; ".join(told) + "."
        )
        return redirect("grouping", found.grouping_id)
    context = {
        "grouping": found.grouping,
        "representative": found,
        "told": told,
        "may_edit": may,
        "crumbs": _trail(found.grouping, "Withdraw"),
        "section": SECTION,
    }
    return render(request, "communities/representative_withdraw.html", context)
