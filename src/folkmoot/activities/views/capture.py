"""Capture on a phone: the page, its shell for when there is no signal, and what it gives back.

What does not belong here: reading and recording what was sent (``capturing``), the log (``views/log``).
"""

from __future__ import annotations

import hashlib
import pathlib
import uuid as identifiers
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.activities.capturing import queries
from folkmoot.activities.capturing.accept import Answer, accept
from folkmoot.activities.capturing.backs import Occasion, backs_for
from folkmoot.activities.capturing.lists import LEVELS, SHADOWS, pick_lists
from folkmoot.activities.capturing.reading import SCHEMA
from folkmoot.activities.capturing.settling import (
    FREE_TEXTS,
    may_purge,
    may_settle,
    purge_remark,
    settle_difference,
)
from folkmoot.activities.models import Activity, Capture, Initiative
from folkmoot.activities.policies import may_log
from folkmoot.communities.models import Place
from folkmoot.core.errors import NotAllowed
from folkmoot.core.screening import PATTERNS_JSON
from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation

CHIPS = 3  # initiatives and places that are buttons; the rest is picked from a list or typed
LISTED = 300  # names that the page itself carries for typing; a script loads the rest
PEOPLE = (1, 5, 10, 20, 50)
HOURS = (("0.5", "½"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"))
# what a phone keeps, so that the page opens without a signal
SHELL_FILES = (
    "ui/vendor/govuk-frontend.min.css",
    "ui/vendor/govuk-frontend.min.js",
    "ui/folkmoot.css",
    "ui/folkmoot.js",
    "ui/supported.js",
    "ui/mark.svg",
    "activities/capture.css",
    "activities/capture.js",
    "activities/capture-outbox.js",
    "activities/capture-screen.js",
    "activities/capture.webmanifest",
    "activities/capture-192.png",
    "activities/capture-512.png",
)
WORKER = "activities/capture-worker.js"
REASONS = (
    ("report", "It is a report about somebody"),
    ("name", "It holds a name or a way to find somebody"),
    ("other", "It should not be kept for another reason"),
)


def _home(request: HttpRequest) -> Organisation:
    """The organisation that is recorded for; 404 for people without one, refused to its advisers."""
    home = home_of(request)
    if home is None:
        raise Http404
    if not may_log(request.user, organisation_id=home.pk):
        raise NotAllowed("Work is recorded by the people of the organisation that did it.")
    return home


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def capture(request: HttpRequest) -> HttpResponse:
    """The form. It works as it stands; with a script it also works without a signal."""
    home = _home(request)
    if request.method == "GET":
        return render(request, "activities/capture.html", _form(request, home))
    identifier = _identifier(request.POST.get("uuid"))
    answer = accept(identifier, content=_content(request, home), by=request.user)
    context = _form(request, home, answer=answer)
    if answer.activity is not None and answer.status in (200, 201):
        row = Activity.objects.select_related("initiative", "place").get(pk=answer.activity)
        occasion = Occasion(home, row.initiative, row.place, row.pk)
        context |= {"backs": backs_for(occasion, viewer=request.user), "recorded": row}
    return render(request, "activities/capture.html", context, status=_status(answer))


def _status(answer: Answer) -> int:
    """A browser shows a page with any status; 201 would make some of them ask what to do."""
    return 200 if answer.status == 201 else answer.status


def _identifier(given: str | None) -> identifiers.UUID:
    try:
        return identifiers.UUID(given or "")
    except ValueError:
        return identifiers.uuid4()


def _content(request: HttpRequest, home: Organisation) -> dict[str, Any]:
    """What the form says, as a phone would send it."""
    given = request.POST
    chosen = given.get("initiative_other") or given.get("initiative") or ""
    words = given.get("place_words", "").strip()
    place = _number(given.get("place"))
    if words:
        named = Place.objects.visible_to(request.user).filter(name__iexact=words[:200], ended_on=None)
        place = named.order_by("organisation_id", "-vintage", "pk").values_list("pk", flat=True).first()
    tallies = {
        name.removeprefix("tally-"): value
        for name, value in given.items()
        if name.startswith("tally-") and value
    }
    return {
        "schema": SCHEMA,
        "organisation": home.slug,
        "initiative": _number(chosen),
        "place": place,
        "place_words": "" if place else words,
        "happened_on": given.get("happened_on") or None,
        "people": given.get("people") or None,
        "counted": given.get("counted") or "people",
        "level": given.get("level", ""),
        "hours": given.get("hours") or given.get("hours_chip") or None,
        "remark": given.get("remark", ""),
        "tallies": tallies,
    }


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdecimal() and len(given) < 19 else None


def _form(request: HttpRequest, home: Organisation, *, answer: Answer | None = None) -> dict[str, Any]:
    lists = pick_lists(home, viewer=request.user)
    refused = answer is not None and answer.status in (409, 422)
    typed = request.POST if refused else {}
    chosen = typed.get("initiative_other") or typed.get("initiative") if refused else ""
    if not refused and lists.initiatives:
        chosen = str(lists.initiatives[0].id)
    recent = set(lists.recent_places)
    nearest = [one for one in lists.places if one.id in recent] + [
        one for one in lists.places if one.id not in recent
    ]
    return {
        "section": "work",
        "lists": lists,
        "initiatives": lists.initiatives[:CHIPS],
        "other_initiatives": lists.initiatives[CHIPS:],
        "chosen": chosen,
        "places": nearest[:CHIPS],
        "listed_places": lists.places[:LISTED],
        "levels": LEVELS,
        "shadows": SHADOWS,
        "people_chips": PEOPLE,
        "hours_chips": HOURS,
        "uuid": typed.get("uuid") or str(identifiers.uuid4()),
        "typed": typed,
        "answer": answer,
        "worker": reverse("capture_worker"),
        "withheld_words": request.POST.get("remark", "") if answer is not None and answer.left_out else "",
    }


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page without anything of anybody, for a phone to keep; its script fills in the lists that it holds."""
    context = {
        "section": "work",
        "organisation": None,
        "shell": True,
        # what waits to be told to this person is not told here
        "messages": [],
        "levels": LEVELS,
        "shadows": SHADOWS,
        "people_chips": PEOPLE,
        "hours_chips": HOURS,
        "worker": reverse("capture_worker"),
    }
    return render(request, "activities/capture.html", context)


@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """The rules of the screen, the very file that the server uses."""
    return HttpResponse(PATTERNS_JSON, content_type="application/json")


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the capture page, and of nothing else. It changes whenever a file that it keeps does."""
    sources = [_file(name) for name in (*SHELL_FILES, WORKER)]
    page = shell(request).content + PATTERNS_JSON.encode()
    version = hashlib.sha256(b"\0".join([*sources, page])).hexdigest()[:16]
    kept = [*(static(name) for name in SHELL_FILES), reverse("capture_shell"), reverse("capture_patterns")]
    listed = ", ".join(f'"{url}"' for url in kept)
    text = sources[-1].decode()
    text = text.replace("__VERSION__", version).replace('"__FILES__"', listed)
    return HttpResponse(
        text.replace("__SHELL__", reverse("capture_shell")).replace("__PAGE__", reverse("capture")),
        content_type="text/javascript",
    )


def _file(name: str) -> bytes:
    path = finders.find(name)
    if not isinstance(path, str):
        raise Http404
    return pathlib.Path(path).read_bytes()


@never_cache
@login_required
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """What is given back for a record, as a piece of a page: a script asks for it at once after saving."""
    home = _home(request)
    initiative = Initiative.objects.filter(
        organisation=home, pk=_number(request.GET.get("initiative")) or 0
    ).first()
    place = Place.objects.visible_to(request.user).filter(pk=_number(request.GET.get("place")) or 0).first()
    # it may have arrived already: what was recorded just now is not what happened here before
    just_now = Activity.objects.filter(organisation=home, uuid=_identifier(request.GET.get("uuid"))).first()
    occasion = Occasion(home, initiative, place, just_now.pk if just_now else None)
    found = backs_for(occasion, viewer=request.user)
    return render(request, "activities/capture_back.html", {"backs": found})


@login_required
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """What this person sent, and what waits for them to pick."""
    home = _home(request)
    return render(
        request,
        "activities/captures_sent.html",
        {
            "section": "work",
            "captures": queries.sent_by(request.user, organisation=home),
            "differing": queries.differing(request.user, organisation=home).count(),
        },
    )


@login_required
@require_GET
def differ(request: HttpRequest) -> HttpResponse:
    """Records that were sent twice with other values, side by side; a person picks one."""
    home = _home(request)
    waiting = queries.differing(request.user, organisation=home)[:20]
    found = [queries.difference(one) for one in waiting]
    return render(request, "activities/captures_differ.html", {"section": "work", "differences": found})


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the record as it is, or let the second sending replace it."""
    home = _home(request)
    found = get_object_or_404(Capture.objects.filter(organisation=home).select_related("activity"), pk=pk)
    if not may_settle(request.user, found):
        raise NotAllowed("This is settled by whoever sent it, or by those who edit for the organisation.")
    keep = "second" if request.POST.get("keep") == "second" else "first"
    settle_difference(found, keep=keep, by=request.user)
    return redirect("captures_differ")


@login_required
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase words of a record that should never have been kept, wherever they are."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user), pk=pk)
    texts = [(name, label) for name, label in LABELS if getattr(activity, name)]
    if request.method == "POST":
        chosen = tuple(name for name in request.POST.getlist("texts") if name in FREE_TEXTS)
        reason = dict(REASONS).get(request.POST.get("reason", ""))
        if chosen and reason:
            purge_remark(activity, reason=reason, texts=chosen, by=request.user)
            return redirect("captures_sent" if home_of(request) else "overview")
        refusal = "Say which words are to go, and why."
    else:
        refusal = ""
    if not may_purge(request.user, activity):
        raise NotAllowed(
            "This is erased by whoever recorded it, by those who edit for the organisation, or by its data "
            "protection officer."
        )
    context = {
        "section": "work",
        "activity": activity,
        "texts": texts,
        "reasons": REASONS,
        "refusal": refusal,
    }
    return render(request, "activities/remark_purge.html", context, status=422 if refusal else 200)


LABELS = (
    ("remark", "The remark"),
    ("title", "The title"),
    ("place_words", "The place as it was written"),
    ("demand", "The work that it made"),
)
