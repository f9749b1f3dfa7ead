"""Pages of one wave: its figures, its description, its answers brought in, weighted and erased."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.communities.models import Population, PopulationCount
from folkmoot.core.errors import NotYet
from folkmoot.organisations.refusals import attempt
from folkmoot.surveys import actions
from folkmoot.surveys.drafts import MarginDraft
from folkmoot.surveys.forms.answers import EraseForm, MarginsForm
from folkmoot.surveys.forms.surveys import WaveForm
from folkmoot.surveys.models import Microdata, Variable, Wave
from folkmoot.surveys.queries.breakdown import breakdown, may_divide
from folkmoot.surveys.queries.choices import MOST_ANSWERS_OF_A_CHANNEL
from folkmoot.surveys.queries.waves import is_inside, shown_question, wave_page
from folkmoot.surveys.reckoning import latest_job
from folkmoot.surveys.views.common import SECTION, edited_wave, seen_wave, sent, survey_crumbs


@require_GET
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """One wave: who answered, and what."""
    row = seen_wave(request, pk)
    page = wave_page(row, viewer=request.user)
    context = {
        "wave": row,
        "survey": row.survey,
        "page": page,
        "may_recall": any(2 <= len(one.answers) <= MOST_ANSWERS_OF_A_CHANNEL for one in page.questions),
        "job": latest_job(page.microdata) if page.waiting and page.inside else None,
        "crumbs": survey_crumbs(row.survey, row),
        "section": SECTION,
    }
    return render(request, "surveys/wave.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def wave_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct when, how and of whom a wave asked, and who answered."""
    row = edited_wave(request, pk)
    form = WaveForm(sent(request), initial=WaveForm.beginning(row))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():

            def save() -> Wave:
                saved = actions.revise_wave(
                    row, expected=form.cleaned_data["version"] or 0, by=request.user, **form.details()
                )
                actions.set_turnout(saved, turnouts=form.cleaned_data["turnouts"], by=request.user)
                return saved

            saved, status = attempt(form, save)
            if saved is not None:
                messages.success(request, "The wave is saved.")
                return redirect("wave", pk=pk)
            row = edited_wave(request, pk)
    context = {
        "form": form,
        "wave": row,
        "survey": row.survey,
        "crumbs": survey_crumbs(row.survey, row, last="Change"),
        "section": SECTION,
    }
    return render(request, "surveys/wave_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def wave_question(request: HttpRequest, pk: int, variable: int) -> HttpResponse:
    """One question, and how people of different answers to another differ in it."""
    row = seen_wave(request, pk)
    one = get_object_or_404(
        Variable.objects.select_related("question", "microdata"),
        pk=variable,
        microdata__wave=row,
        role__in=[Variable.Role.CHOICE, Variable.Role.NUMBER],
    )
    inside = is_inside(request.user, row.survey)
    kept = one.results.filter(by=None).first()
    if kept is None:
        raise NotYet("The figures of this question are still being worked out.")
    offered = [other for other in one.microdata.variables.exclude(pk=one.pk) if may_divide(other)]
    asked = request.GET.get("by", "")
    chosen = next((other for other in offered if str(other.pk) == asked), None)
    if request.method == "POST":
        if chosen is None:
            raise Http404
        actions.store_breakdown(one.microdata, variable=one, by_variable=chosen, by=request.user)
        return redirect(f"{request.path}?by={chosen.pk}")
    divided = breakdown(one.microdata, variable=one, by=chosen, inside=inside) if chosen else None
    context = {
        "wave": row,
        "survey": row.survey,
        "one": shown_question(one, kept.figures, inside=inside),
        "offered": offered,
        "chosen": chosen,
        "divided": divided,
        "inside": inside,
        "crumbs": survey_crumbs(row.survey, row, last=one.label or one.name),
        "section": SECTION,
    }
    return render(request, "surveys/question.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def wave_margins(request: HttpRequest, pk: int) -> HttpResponse:
    """Weight the answers to known totals."""
    row = edited_wave(request, pk)
    microdata = _live(row)
    form = MarginsForm(sent(request), microdata=microdata, user=request.user)
    status = 200
    if request.method == "POST" and request.POST.get("do") == "none":
        actions.weight_to(microdata, margins=[], by=request.user)
        messages.success(request, "The answers are weighted to no totals any longer.")
        return redirect("wave", pk=pk)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done, status = attempt(form, lambda: _weighted(microdata, form, request.user))
            if done is not None:
                messages.success(request, "The answers are weighted to these totals.")
                return redirect("wave", pk=pk)
    context = {
        "form": form,
        "wave": row,
        "survey": row.survey,
        "margins": microdata.margins.select_related("variable"),
        "variables": microdata.variables.filter(role=Variable.Role.CHOICE),
        "crumbs": survey_crumbs(row.survey, row, last="Weight to known totals"),
        "section": SECTION,
    }
    return render(request, "surveys/margins.html", context, status=status)


def _weighted(microdata: Microdata, form: MarginsForm, by: Any) -> Microdata:
    given = form.cleaned_data
    kept = [
        MarginDraft(one.variable.name, one.totals, one.source, one.population)
        for one in microdata.margins.select_related("variable")
        if one.variable.name != given["variable"]
    ]
    population = form.populations.get(int(given["population"] or 0))
    totals = _counted(population) if population else given["totals"]
    source = f"{population.title}, {population.source}"[:300] if population else given["source"]
    return actions.weight_to(
        microdata, margins=[*kept, MarginDraft(given["variable"], totals, source, population)], by=by
    )


def _counted(population: Population) -> dict[str, float]:
    rows = (
        PopulationCount.objects.filter(population=population, category__isnull=False)
        .values_list("category__name")
        .annotate(people=Sum("people"))
        .order_by()
    )
    return {name: float(people) for name, people in rows}


@login_required
@require_http_methods(["GET", "POST"])
def wave_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase the answers of a wave for good."""
    row = edited_wave(request, pk)
    microdata = _live(row)
    form = EraseForm(sent(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done, status = attempt(
                form, lambda: actions.erase_answers(microdata, why=form.cleaned_data["why"], by=request.user)
            )
            if done is not None:
                messages.success(request, "The answers are erased.")
                return redirect("wave", pk=pk)
    context = {
        "form": form,
        "wave": row,
        "survey": row.survey,
        "microdata": microdata,
        "crumbs": survey_crumbs(row.survey, row, last="Erase the answers"),
        "section": SECTION,
    }
    return render(request, "surveys/erase.html", context, status=status)


@login_required
@require_GET
def wave_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of answers as it came, for those who edit for its owner; never shown inside the site."""
    row = edited_wave(request, pk)
    microdata = _live(row)
    path = settings.ORIGINALS / microdata.kept_as
    if not microdata.kept_as or not path.is_file():
        raise Http404
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=microdata.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _live(row: Wave) -> Microdata:
    found = Microdata.objects.filter(wave=row, erased_at=None).select_related("wave__survey").first()
    if found is None:
        raise Http404
    return found
