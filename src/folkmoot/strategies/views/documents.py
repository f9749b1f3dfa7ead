"""Strategies, their versions, and reading one sentence by sentence."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit, require_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.sources.actions import mark_passage
from folkmoot.sources.models import Body, Passage
from folkmoot.strategies import actions, queries
from folkmoot.strategies.forms import MarkForm, ShareForm, StrategyForm, WordsForm
from folkmoot.strategies.models import PassageVerdict, Strategy, StrategyVersion
from folkmoot.strategies.views.common import editing_for, required_home

WHEN = ("in_force_from", "in_force_until", "note")


def _seen(request: HttpRequest, pk: int) -> Strategy:
    return get_object_or_404(Strategy.objects.visible_to(request.user).select_related("organisation"), pk=pk)


@require_GET
def strategies(request: HttpRequest) -> HttpResponse:
    found = list(queries.strategies_for(request.user))
    home = editing_for(request)
    versions = [version for one in found for version in one.versions.all()[:1]]
    context = {
        "rows": [(one, next(iter(one.versions.all()), None)) for one in found],
        "progress": queries.reading_progress(versions, viewer=request.user),
        "may_edit": home is not None,
        "section": "aims",
    }
    return render(request, "strategies/strategies.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def strategy_new(request: HttpRequest) -> HttpResponse:
    home = editing_for(request)
    if request.method == "POST":
        home = required_home(request)
        require_edit_for(request.user, organisation_id=home.pk)
    form = StrategyForm(request.POST or None, request.FILES or None, organisation=home)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(form, lambda: _bring_in(request, form, organisation=home))
            if made is not None:
                messages.success(
                    request, f"“{given['title']}” is here. Read it and say what each passage is."
                )
                return redirect("strategy_read", pk=made.strategy_id, number=made.number)
    context = {"form": form, "may_edit": home is not None, "section": "aims"}
    return render(request, "strategies/strategy_new.html", context, status=status)


def _bring_in(request: HttpRequest, form: StrategyForm, *, organisation: Organisation) -> StrategyVersion:
    given = form.cleaned_data
    file = form.file(given["title"])
    about = {name: given[name] for name in ("kind", "visibility", *WHEN)}
    if file is None:
        return actions.enter_strategy(
            given["title"], organisation=organisation, source=given["existing"], by=request.user, **about
        )
    return actions.bring_in_strategy(
        given["title"],
        organisation=organisation,
        file=file,
        published=given["published"],
        by=request.user,
        **about,
    )


def _add_words(request: HttpRequest, form: WordsForm, strategy: Strategy) -> StrategyVersion:
    given = form.cleaned_data
    file = form.file(strategy.title)
    when = {name: given[name] for name in WHEN}
    if file is None:
        return actions.add_strategy_version(strategy, source=given["existing"], by=request.user, **when)
    return actions.bring_in_version(
        strategy, file=file, published=given["published"], by=request.user, **when
    )


@require_GET
def strategy(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    versions = list(found.versions.select_related("source"))
    marked = queries.marks_of(versions, viewer=request.user)
    progress = queries.reading_progress(versions, viewer=request.user)
    context = {
        "strategy": found,
        "versions": [(one, progress[one.pk], marked.get(one.pk, ())) for one in versions],
        "may_edit": may_edit(request.user, found),
        "crumbs": _crumbs(found),
        "section": "aims",
    }
    return render(request, "strategies/strategy.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def strategy_version_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    form = WordsForm(request.POST or None, request.FILES or None, organisation=found.organisation)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(form, lambda: _add_words(request, form, found))
            if made is not None:
                messages.success(request, f"Version {made.number} is here.")
                return redirect("strategy_read", pk=pk, number=made.number)
    context = {
        "strategy": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": _crumbs(found, "Add a version"),
        "section": "aims",
    }
    return render(request, "strategies/version_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def strategy_share(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    initial = {"version": found.version, "visibility": found.visibility}
    form = ShareForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.share_strategy(
                    found, visibility=given["visibility"], expected=given["version"], by=request.user
                ),
            )
            if made is not None:
                messages.success(request, "It is saved who may see it.")
                return redirect("strategy", pk=pk)
    context = {
        "what": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": _crumbs(found, "Share"),
        "explanation": "Whoever may see a strategy finds its title, its versions and the objectives that you "
        "share. They read its words only where the document is published or its review is finished.",
        "section": "aims",
    }
    return render(request, "strategies/share.html", context, status=status)


@require_http_methods(["GET", "POST"])
def strategy_read(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The words of one version: mark a passage and say what it is."""
    found = _seen(request, pk)
    version = get_object_or_404(
        StrategyVersion.objects.select_related("source__organisation"), strategy=found, number=number
    )
    may = may_edit(request.user, found)
    form = MarkForm(request.POST or None, initial={"first": request.GET.get("from")})
    status = 200
    if request.method == "POST":
        status = 422
        if not may:
            raise NotAllowed(f"Only people who edit for {found.owner_label} can say what a passage is.")
        if form.is_valid():
            went, status = attempt(form, lambda: _say(request, version, form))
            if went is not None:
                return redirect(went)
    context = {
        "strategy": found,
        "version": version,
        "reading": queries.reading_of(version, viewer=request.user),
        "form": form.shown(),
        "may_edit": may and not version.source.is_withdrawn,
        "crumbs": _crumbs(found, f"Version {number}"),
        "section": "aims",
    }
    return render(request, "strategies/read.html", context, status=status)


def _say(request: HttpRequest, version: StrategyVersion, form: MarkForm) -> str:
    """Mark the passage and say what it is; the address where the person goes on."""
    given = form.cleaned_data
    start, end, after = _span(version, form)
    passage = mark_passage(version.source, start=start, end=end, by=request.user)
    if given["verdict"] == PassageVerdict.Verdict.OBJECTIVE:
        return f"{reverse('objective_new')}?passage={passage.pk}"
    if given["verdict"] == PassageVerdict.Verdict.COMMITMENT:
        return f"{reverse('commitment_new')}?passage={passage.pk}"
    actions.judge_passage(passage, verdict=given["verdict"], why=given["why"], by=request.user)
    messages.success(request, "Noted: this passage states no purpose and promises nothing.")
    return f"{reverse('strategy_read', args=[version.strategy_id, version.number])}#s{after}"


def _span(version: StrategyVersion, form: MarkForm) -> tuple[int, int, int]:
    """The passage's code points, and the sentence to go on reading at."""
    given = form.cleaned_data
    sentences = queries.sentences_of(version)
    if given["start"] is not None and given["end"] is not None:
        start, end = given["start"], given["end"]
        text = Body.objects.filter(source=version.source_id).values_list("text", flat=True).first() or ""
        if not text[start:end].strip():
            raise FolkmootError("There are no words in what you marked.")
        return start, end, next((one.number for one in sentences if one.end >= end), 1)
    first, last = given["first"], given["last"] or given["first"]
    if last > len(sentences):
        raise FolkmootError(f"The document has {len(sentences)} sentences; there is none numbered {last}.")
    return sentences[first - 1].start, sentences[last - 1].end, last


def version_of(passage: Passage) -> StrategyVersion | None:
    """The version of a strategy that a passage stands in, to go back to."""
    return StrategyVersion.objects.filter(source=passage.source_id).first()


def _crumbs(found: Strategy, last: str = "") -> list[tuple[str, str]]:
    here = reverse("strategy", args=[found.pk]) if last else ""
    trail = [("Aims", reverse("aims")), ("Strategies", reverse("strategies")), (found.title, here)]
    return [*trail, (last, "")] if last else trail
