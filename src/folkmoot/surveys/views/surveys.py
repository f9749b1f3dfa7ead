"""Pages of surveys, of their questions and of who stayed in a panel."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.surveys import actions
from folkmoot.surveys.forms.owning import reach_of, visibility_for
from folkmoot.surveys.forms.surveys import (
    NewSurveyForm,
    NoteForm,
    QuestionForm,
    QuestionFormSet,
    SurveyForm,
    WaveForm,
)
from folkmoot.surveys.models import Indicator, InstrumentVersion, Question, Survey
from folkmoot.surveys.queries.choices import indicator_choices, may_write
from folkmoot.surveys.queries.panels import panel_of
from folkmoot.surveys.views.common import SECTION, require_writer, seen, sent, survey_crumbs


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """Every survey that this person may see."""
    rows = (
        Survey.objects.visible_to(request.user)
        .select_related("organisation", "team")
        .annotate(how_often=Count("waves"), last=Max("waves__ended_on"))
        .order_by("title", "pk")
    )
    context = {
        "page": Paginator(rows, 30).get_page(request.GET.get("page")),
        "may_write": may_write(request.user),
        "section": SECTION,
    }
    return render(request, "surveys/surveys.html", context)


@require_GET
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: its waves and its questions, version by version."""
    row = seen(request, Survey, pk)
    instruments = list(
        row.instruments.prefetch_related(
            Prefetch("questions", queryset=Question.objects.select_related("indicator"))
        )
    )
    indicators = {
        one.indicator_id for version in instruments for one in version.questions.all() if one.indicator_id
    }
    context = {
        "survey": row,
        "waves": row.waves.select_related("microdata").order_by("-number"),
        "instruments": instruments,
        "current": next((one for one in instruments if one.is_current), None),
        "earlier": [one for one in instruments if not one.is_current],
        "may_see": set(
            Indicator.objects.visible_to(request.user).filter(pk__in=indicators).values_list("pk", flat=True)
        ),
        "may_edit": may_edit(request.user, row),
        "crumbs": survey_crumbs(row),
        "section": SECTION,
    }
    return render(request, "surveys/survey.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """Begin a survey."""
    require_writer(request)
    form = NewSurveyForm(sent(request), user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.details()
            made, status = attempt(
                form,
                lambda: actions.create_survey(
                    given.pop("title"),
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                    **given,
                ),
            )
            if made is not None:
                messages.success(request, "The survey is there. Add its first wave.")
                return redirect("survey", pk=made.pk)
    crumbs = [("Surveys", reverse("surveys")), ("New survey", "")]
    return render(
        request,
        "surveys/survey_edit.html",
        {"form": form, "crumbs": crumbs, "section": SECTION},
        status=status,
    )


@login_required
@require_http_methods(["GET", "POST"])
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a survey, and how far its figures are shared."""
    row = seen(request, Survey, pk)
    require_edit(request.user, row)
    form = SurveyForm(sent(request), initial=SurveyForm.beginning(row) | {"reach": reach_of(row)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reach = visibility_for(form.cleaned_data["reach"], "team" if row.team_id else "organisation")
            saved, status = attempt(
                form,
                lambda: actions.revise_survey(
                    row,
                    expected=form.cleaned_data["version"] or 0,
                    visibility=reach,
                    by=request.user,
                    **form.details(),
                ),
            )
            if saved is not None:
                messages.success(request, "The survey is saved.")
                return redirect("survey", pk=pk)
            row = seen(request, Survey, pk)
    context = {"form": form, "survey": row, "crumbs": survey_crumbs(row, last="Change"), "section": SECTION}
    return render(request, "surveys/survey_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def survey_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the next version of the questions in force, or fill the first."""
    row = seen(request, Survey, pk)
    require_edit(request.user, row)
    current = InstrumentVersion.objects.get(survey=row, is_current=True)
    before = list(current.questions.all())
    offered = indicator_choices(request.user)
    note = NoteForm(sent(request), initial={"version": row.version})
    listed = QuestionFormSet(
        sent(request),
        prefix="q",
        initial=[QuestionForm.beginning(one) for one in before],
        form_kwargs={"indicators": offered},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if note.is_valid() and listed.is_valid():
            chosen = [
                one
                for one in listed
                if one.cleaned_data.get("code") and not one.cleaned_data.get("leave_out")
            ]
            known = {one.pk: one for one in Indicator.objects.visible_to(request.user)}
            saved, status = attempt(
                note,
                lambda: actions.revise_questions(
                    row,
                    questions=[one.draft(known) for one in chosen],
                    note=note.cleaned_data["note"],
                    expected=note.cleaned_data["version"],
                    by=request.user,
                ),
            )
            if saved is not None:
                messages.success(request, f"Version {saved.number} of the questions is in force.")
                return redirect("survey", pk=pk)
            row = seen(request, Survey, pk)
    context = {
        "survey": row,
        "note": note,
        "listed": listed,
        "first": not before,
        "current": current,
        "crumbs": survey_crumbs(row, last="Questions"),
        "section": SECTION,
    }
    return render(request, "surveys/questions.html", context, status=status)


@require_GET
def survey_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stayed in the panel, and who did not."""
    row = seen(request, Survey, pk)
    context = {
        "survey": row,
        "panel": panel_of(row, viewer=request.user),
        "crumbs": survey_crumbs(row, last="Who stayed"),
        "section": SECTION,
    }
    return render(request, "surveys/panel.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def wave_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a wave."""
    row = seen(request, Survey, pk)
    require_edit(request.user, row)
    form = WaveForm(sent(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():

            def add() -> object:
                wave = actions.add_wave(row, by=request.user, **form.details())
                if form.cleaned_data["turnouts"]:
                    actions.set_turnout(wave, turnouts=form.cleaned_data["turnouts"], by=request.user)
                return wave

            made, status = attempt(form, add)
            if made is not None:
                messages.success(request, "The wave is there. Bring its answers in.")
                return redirect("wave", pk=made.pk)
    context = {"form": form, "survey": row, "crumbs": survey_crumbs(row, last="New wave"), "section": SECTION}
    return render(request, "surveys/wave_edit.html", context, status=status)
