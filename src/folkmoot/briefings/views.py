"""Pages of briefings: what is composed comes from queries and rendering, what is changed goes through actions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.briefings import actions, queries
from folkmoot.briefings.forms import (
    AddressForm,
    DescribeForm,
    NewForm,
    NoticeForm,
    PublishForm,
    ReviewForm,
    owners_for,
)
from folkmoot.briefings.models import Briefing, Edition
from folkmoot.briefings.rendering import FORMATS, written
from folkmoot.briefings.rendering.laid import lay_out, lay_out_against
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.refusals import tell
from folkmoot.strategies.models import Objective

FILES = (("html", "web page"), ("docx", "Word"), ("pdf", "PDF"))


@require_GET
def briefings(request: HttpRequest) -> HttpResponse:
    context = {"shelf": queries.shelf(request.user), "may_write": bool(owners_for(request.user))}
    return render(request, "briefings/list.html", context)


def _briefing(request: HttpRequest, pk: int) -> Briefing:
    found = queries.briefing_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _edition(request: HttpRequest, pk: int, number: int) -> Edition:
    found = queries.edition_for(request.user, pk, number)
    if found is None:
        raise Http404
    return found


def _draft(request: HttpRequest, pk: int, number: int) -> Edition:
    """A draft, for whoever may see it; a published edition has no desk to work at."""
    found = _edition(request, pk, number)
    if found.state != Edition.State.DRAFT:
        raise Http404
    return found


def _crumbs(briefing: Briefing, edition: Edition | None = None, last: str = "") -> list[tuple[str, str]]:
    trail = [("Briefings", reverse("briefings"))]
    if edition is None:
        return [*trail, (briefing.title, "")]
    trail.append((briefing.title, reverse("briefing", args=[briefing.pk])))
    name = f"Edition {edition.number}"
    if not last:
        return [*trail, (name, "")]
    return [*trail, (name, reverse("edition", args=[briefing.pk, edition.number])), (last, "")]


@require_GET
def briefing(request: HttpRequest, pk: int) -> HttpResponse:
    found = _briefing(request, pk)
    return render(
        request, "briefings/briefing.html", _briefing_context(request, found, AddressForm(briefing=found))
    )


def _briefing_context(request: HttpRequest, found: Briefing, form: AddressForm) -> dict[str, Any]:
    editions = queries.editions_of(found, viewer=request.user)
    seen = Objective.objects.visible_to(request.user).filter(pk=found.objective_id).first()
    return {
        "briefing": found,
        "objective": seen,
        "editions": editions,
        "drafting": any(one.state == Edition.State.DRAFT for one in editions),
        "next": (editions[0].number if editions else 0) + 1,
        "readers": queries.readers_named(found.visibility, found.owner_label),
        "may_edit": may_edit(request.user, found),
        "form": form,
        "crumbs": _crumbs(found),
    }


@login_required
@require_http_methods(["GET", "POST"])
def briefing_new(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    about = f"objective-{asked['objective']}" if asked.get("objective") else f"theme-{asked.get('theme', '')}"
    form = NewForm(request.POST or None, user=request.user, initial={"about": about, "visibility": "own"})
    if request.method == "POST" and not form.may_write:
        raise NotAllowed("Only people who edit for an organisation or a research team can begin a briefing.")
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_briefing(**form.details(), by=request.user)
        except FolkmootError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The briefing is begun. Compose a draft of its first edition.")
            return redirect("briefing", pk=made.pk)
    context = {"form": form, "crumbs": [("Briefings", reverse("briefings")), ("Begin a briefing", "")]}
    return render(request, "briefings/new.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def briefing_address(request: HttpRequest, pk: int) -> HttpResponse:
    found = _briefing(request, pk)
    form = AddressForm(request.POST, briefing=found)
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.address_briefing(
                found, visibility=given["visibility"], expected=given["version"], by=request.user
            )
        except FolkmootError as error:
            status = tell(form, error, field="visibility")
        else:
            messages.success(request, "Saved. A draft has to be composed again for its new readers.")
            return redirect("briefing", pk=pk)
    return render(request, "briefings/briefing.html", _briefing_context(request, found, form), status=status)


@login_required
@require_POST
def edition_draft(request: HttpRequest, pk: int) -> HttpResponse:
    found = _briefing(request, pk)
    made = actions.draft_edition(found, by=request.user)
    messages.success(
        request, "The draft is composed from the records of today. Read it before anybody else does."
    )
    return redirect("edition", pk=pk, number=made.number)


@require_GET
def edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _edition(request, pk, number)
    draft = found.state == Edition.State.DRAFT
    context = {
        "edition": found,
        "briefing": found.briefing,
        "laid": lay_out(found),
        "intact": queries.is_intact(found),
        "current": not draft or queries.is_current(found),
        "reviews": list(found.reviews.all()) if draft else [],
        "may_edit": may_edit(request.user, found.briefing),
        "files": FILES,
        "crumbs": _crumbs(found.briefing, found),
    }
    response = render(request, "briefings/edition.html", context)
    # a withdrawal has to reach the page at once: nobody on the way keeps a copy
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
def edition_file(request: HttpRequest, pk: int, number: int, ending: str) -> HttpResponse:
    found = _edition(request, pk, number)
    if ending not in FORMATS:
        raise Http404
    site = request.build_absolute_uri("/").rstrip("/")
    content = written(found, ending=ending, site=site)
    response = HttpResponse(content, content_type=FORMATS[ending])
    name = slugify(found.briefing.title)[:60] or "briefing"
    response["Content-Disposition"] = f'attachment; filename="{name}-edition-{number}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def edition_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _draft(request, pk, number)
    form = DescribeForm(request.POST or None, edition=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.describe_edition(
                    found,
                    introduction=given["introduction"],
                    remarks=form.remarks(),
                    expected=given["version"],
                    by=request.user,
                )
            except FolkmootError as error:
                status = tell(form, error)
            else:
                messages.success(request, "Saved. Whoever called the draft ready has to read it again.")
                return redirect("edition", pk=pk, number=number)
    context = _desk(request, found, form, "Introduction and remarks")
    return render(request, "briefings/edit.html", context, status=status)


def _desk(request: HttpRequest, found: Edition, form: Any, last: str) -> dict[str, Any]:
    return {
        "edition": found,
        "briefing": found.briefing,
        "form": form,
        "may_edit": may_edit(request.user, found.briefing),
        "crumbs": _crumbs(found.briefing, found, last),
    }


@login_required
@require_POST
def edition_again(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _draft(request, pk, number)
    asked = request.POST.get("version", "")
    expected = int(asked) if asked.isdecimal() and len(asked) < 9 else found.version
    actions.compose_again(found, expected=expected, by=request.user)
    messages.success(request, "Composed again from the records of today.")
    return redirect("edition", pk=pk, number=number)


@login_required
@require_http_methods(["GET", "POST"])
def edition_review(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _draft(request, pk, number)
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        try:
            actions.review_edition(found, **form.cleaned_data, by=request.user)
        except NotAllowed:
            raise
        except FolkmootError as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, "Your review is there.")
            return redirect("edition", pk=pk, number=number)
    context = _desk(request, found, form, "Review")
    return render(request, "briefings/review.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edition_publish(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The last look: everything that speaks against, in full, then the button."""
    found = _draft(request, pk, number)
    form = PublishForm(request.POST or None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.publish_edition(found, expected=form.cleaned_data["version"], by=request.user)
            except FolkmootError as error:
                status = tell(form, error)
                found = _draft(request, pk, number)
            else:
                messages.success(request, f"Edition {number} is published and frozen.")
                return redirect("edition", pk=pk, number=number)
    context = _desk(request, found, form, "Publish") | {
        "against": lay_out_against(found),
        "current": queries.is_current(found),
        "readers": queries.readers_named(found.briefing.visibility, found.briefing.owner_label),
    }
    return render(request, "briefings/publish.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edition_notice(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _edition(request, pk, number)
    if found.state == Edition.State.DRAFT:
        raise Http404
    form = NoticeForm(request.POST or None)
    if form.is_valid():
        actions.add_notice(found, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "The notice is printed on the edition.")
        return redirect("edition", pk=pk, number=number)
    context = _desk(request, found, form, "Add a notice")
    return render(request, "briefings/notice.html", context, status=422 if form.errors else 200)
