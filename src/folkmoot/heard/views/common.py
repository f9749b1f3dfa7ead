"""What the pages of this room share: for whom somebody works, one way to ask, and what happens to a report.

No arithmetic and no writes here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.forms.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.heard.letting_in import Wrongdoing
from folkmoot.heard.models import Concern
from folkmoot.heard.policies import may_keep
from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.refusals import tell

Crumbs = Sequence[tuple[str, str]]
PER_PAGE = 50


def keeping(request: HttpRequest) -> Organisation | None:
    """The organisation that this person keeps concerns for now, if they may."""
    home = home_of(request)
    return home if home is not None and may_keep(request.user, organisation_id=home.pk) else None


def required_home(request: HttpRequest) -> Organisation:
    """The organisation that a new row would belong to; whether this person may, the action says."""
    home = home_of(request)
    if home is None:
        raise NotAllowed("This is written on behalf of an organisation, and you have no role in any.")
    return home


def seen(request: HttpRequest, pk: int) -> Concern:
    """The concern as this person may see it; 404 for everybody else."""
    rows = Concern.objects.visible_to(request.user).select_related("organisation", "place", "initiative")
    found: Concern = get_object_or_404(rows, pk=pk)
    return found


def ours(request: HttpRequest, pk: int) -> Concern:
    """The concern, to work at: as ``seen``."""
    return seen(request, pk)


def crumbs_to(concern: Concern, last: str = "") -> Crumbs:
    first = [("Work", reverse("work")), ("Concerns", reverse("concerns"))]
    if not last:
        return [*first, (concern.title, "")]
    return [*first, (concern.title, reverse("concern", args=[concern.pk])), (last, "")]


def asked(
    request: HttpRequest,
    form: BaseForm,
    write: Callable[[], Any],
    *,
    title: str,
    to: str | Callable[[Any], str],
    done: str,
    require: Callable[[], None],
    button: str = "Save",
    intro: str = "",
    crumbs: Crumbs = (),
    about: str = "",
    may: bool = True,
    template: str = "heard/form.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with one form: shown, refused with its sentences, or carried out and led on.

    Whoever may not write learns that, not what is missing from the form. ``to`` may be made of what was written.
    """
    status = 200
    if request.method == "POST":
        status = 422
        require()
        if form.is_valid():
            try:
                made = write()
            except Wrongdoing as report:
                return not_here(request, report)
            except FolkmootError as error:
                status = tell(form, error)
            else:
                messages.success(request, done)
                return redirect(to(made) if callable(to) else to)
    shown = {
        "form": form,
        "title": title,
        "intro": intro,
        "button": button,
        "crumbs": crumbs,
        "about": about,
        "may": may,
        "section": "work",
        **(context or {}),
    }
    return render(request, template, shown, status=status)


def not_here(request: HttpRequest, report: Wrongdoing, *, public: bool = False) -> HttpResponse:
    """The page of the routes for a report. The words are on it once more, for whoever typed them, and nowhere else."""
    response = render(
        request,
        "heard/not_here.html",
        {"sentence": str(report), "words": report.words, "public": public, "section": "work"},
        status=422,
    )
    response["Cache-Control"] = "no-store"
    return response


def page_of(request: HttpRequest, rows: Any, *, per: int = PER_PAGE) -> Page[Any]:
    """The page asked for; a number that makes no sense is the first."""
    return Paginator(rows, per).get_page(request.GET.get("page"))
