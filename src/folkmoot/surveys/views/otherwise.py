"""Would they have been reached otherwise? The pages that ask and answer it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt, tell
from folkmoot.organisations.visibility import visible
from folkmoot.sources.storage import digest_of
from folkmoot.surveys import actions
from folkmoot.surveys.forms.owning import reach_of, visibility_for
from folkmoot.surveys.forms.series import HeldOutForm, OtherwiseForm, RecallForm
from folkmoot.surveys.models import Otherwise, Wave
from folkmoot.surveys.queries.choices import channel_choices, may_write
from folkmoot.surveys.queries.ladder import ladder_of
from folkmoot.surveys.queries.otherwise import otherwise_page
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.held_out import held_out_counts
from folkmoot.surveys.views.common import (
    SECTION,
    edited_wave,
    files,
    require_writer,
    seen,
    sent,
    survey_crumbs,
)

TITLE = "Would they have been reached otherwise?"
AROUND = ("title", "system", "sent_to", "signed_up", "delivered", "opened", "cost", "outcome")


@require_GET
def otherwise_list(request: HttpRequest) -> HttpResponse:
    """Every answer to the question that this person may see."""
    rows = Otherwise.objects.visible_to(request.user).select_related("organisation", "team")
    waves = Wave.objects.filter(visible(request.user, through="survey"), microdata__erased_at=None)
    context = {
        "page": Paginator(rows, 30).get_page(request.GET.get("page")),
        "waves": waves.filter(microdata__isnull=False).select_related("survey")[:30],
        "may_write": may_write(request.user),
        "section": SECTION,
    }
    return render(request, "surveys/otherwise_list.html", context)


@require_GET
def otherwise(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer: what the system added, what each person added costs, and what cannot be known."""
    row = seen(request, Otherwise, pk)
    page = otherwise_page(row, viewer=request.user)
    context = {
        "row": row,
        "page": page,
        "ladder": ladder_of(row, page, viewer=request.user),
        "may_edit": may_edit(request.user, row),
        "crumbs": [(TITLE, reverse("otherwise_list")), (row.title, "")],
        "section": SECTION,
    }
    return render(request, "surveys/otherwise.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def otherwise_new(request: HttpRequest) -> HttpResponse:
    """Answer it from a list in which some were held out by lot."""
    require_writer(request)
    form = HeldOutForm(sent(request), files(request), user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _counted(form, request)
                messages.success(request, f"Read {made.read:,}, used {made.used:,}. The list was not kept.")
                return redirect("otherwise", pk=made.pk)
            except FolkmootError as error:
                status = tell(form, error, field="chosen")
    context = {
        "form": form,
        "crumbs": [(TITLE, reverse("otherwise_list")), ("From a hold-out", "")],
        "section": SECTION,
    }
    return render(request, "surveys/otherwise_new.html", context, status=status)


def _counted(form: HeldOutForm, request: HttpRequest) -> Any:
    given = form.cleaned_data
    content = given["chosen"].read()
    name = given["chosen"].name
    counts = held_out_counts(
        read_answers(name, content),
        held_out=given["held_out"].strip(),
        reached=given["reached"].strip(),
        acted=given["acted"].strip(),
        outcome=given["bettered"].strip(),
        cluster=given["cluster"].strip(),
    )
    return actions.record_otherwise(
        owner=form.chosen_owner,
        visibility=form.chosen_visibility,
        counts=counts,
        filename=name,
        sha256=digest_of(content),
        by=request.user,
        **{key: given[key] for key in (*AROUND, "outcome_words")},
    )


@login_required
@require_http_methods(["GET", "POST"])
def otherwise_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is said around the counts; the figures follow."""
    row = seen(request, Otherwise, pk)
    require_edit(request.user, row)
    first = {name: getattr(row, name) for name in (*AROUND, "outcome_words", "version")}
    form = OtherwiseForm(sent(request), user=request.user, initial=first | {"reach": reach_of(row)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            owner = "team" if row.team_id else "organisation"
            made, status = attempt(
                form,
                lambda: actions.revise_otherwise(
                    row,
                    expected=given["version"],
                    visibility=visibility_for(given["reach"], owner),
                    by=request.user,
                    **{key: given[key] for key in (*AROUND, "outcome_words")},
                ),
            )
            if made is not None:
                messages.success(request, "It is corrected, and the figures with it.")
                return redirect("otherwise", pk=made.pk)
    context = {
        "row": row,
        "form": form,
        "crumbs": [
            (TITLE, reverse("otherwise_list")),
            (row.title, reverse("otherwise", args=[row.pk])),
            ("Correct", ""),
        ],
        "section": SECTION,
    }
    return render(request, "surveys/otherwise_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def wave_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it from a wave that asked through which channel a message came."""
    wave = edited_wave(request, pk)
    if not channel_choices(wave.pk):
        raise Http404
    form = RecallForm(sent(request), wave_id=wave.pk, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            owner = wave.survey.organisation or wave.survey.team
            made, status = attempt(
                form,
                lambda: actions.record_otherwise(
                    owner=owner,
                    visibility=visibility_for(
                        given["reach"], "team" if wave.survey.team_id else "organisation"
                    ),
                    wave=wave,
                    by_system=RecallForm.choice(given["by_system"]),
                    others=[RecallForm.choice(one) for one in given["others"]],
                    by=request.user,
                    **{key: given[key] for key in AROUND},
                ),
            )
            if made is not None:
                messages.success(request, "The answer is there.")
                return redirect("otherwise", pk=made.pk)
    context = {
        "form": form,
        "wave": wave,
        "survey": wave.survey,
        "crumbs": survey_crumbs(wave.survey, wave, last="Reached otherwise?"),
        "section": SECTION,
    }
    return render(request, "surveys/recall.html", context, status=status)
