"""Bringing a file in by page: choose it, see what would happen, do it, read the account."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.communities import bringing_in, keeping
from folkmoot.communities.bringing_in import Asked
from folkmoot.communities.forms import BringInForm
from folkmoot.communities.importing.sheets import MOST_BYTES
from folkmoot.communities.models import Import
from folkmoot.communities.policies import may_bring_in
from folkmoot.communities.views.common import SECTION, crumbs, editing_for
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.jobs import actions as jobs
from folkmoot.organisations.context import home_of
from folkmoot.organisations.refusals import tell

SALT = "communities.waiting"
AN_HOUR = 3600


def _owners(request: HttpRequest) -> list[tuple[str, str]]:
    """For whom this person may bring in: their organisation, and the network if they keep it."""
    home = editing_for(request)
    found = [("own", f"Only {home}")] if home is not None else []
    if may_bring_in(request.user, organisation=None):
        found += [
            ("network", "The network: every organisation here"),
            ("public", "The network and the public"),
        ]
    return found


@login_required
@require_http_methods(["GET", "POST"])
def places_import(request: HttpRequest) -> HttpResponse:
    owners = _owners(request)
    # an empty form is a form that was sent
    sent = request.method == "POST"
    form = BringInForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        owners=owners,
        initial={"what": "places"},
    )
    status, foreseen, token, asked = 200, None, "", None
    if request.method == "POST":
        status = 422
        if not owners:
            raise NotAllowed("Only people who edit for an organisation can bring places and counts in.")
        if form.is_valid():
            try:
                asked, content = _asked(request, form)
                foreseen = bringing_in.foresee(asked, content, by=request.user)
                waiting = {**asdict(asked), "kept": keeping.keep(content), "user": request.user.pk}
                token, status = signing.dumps(waiting, salt=SALT), 200
            except FolkmootError as error:
                status = tell(form, error)
    context = {
        "form": form,
        "may_edit": bool(owners),
        "foreseen": foreseen,
        "asked": asked,
        "token": token,
        "imports": Import.objects.visible_to(request.user).select_related("organisation")[:20],
        "crumbs": crumbs(("Places", "places"), ("Bring places and counts in", "")),
        "section": SECTION,
    }
    return render(request, "communities/import.html", context, status=status)


def _asked(request: HttpRequest, form: BringInForm) -> tuple[Asked, bytes]:
    given = form.cleaned_data
    file = given["chosen"]
    if file.size > MOST_BYTES:
        raise FolkmootError(f"{file.name} is larger than {MOST_BYTES // 1_000_000} MB.")
    home = home_of(request) if given["owner"] == "own" else None
    asked = Asked(
        what=given["what"],
        filename=file.name,
        organisation_id=home.pk if home is not None else None,
        visibility=given["owner"],
        source=given["source"],
        vintage=given["vintage"],
        read_as=given["read_as"],
        counted_on=given["counted_on"].isoformat() if given["counted_on"] else "",
        off_by=given["off_by"],
        characteristic=given["characteristic"],
        special=given["special"],
    )
    return asked, file.read()


@login_required
@require_POST
def places_import_do(request: HttpRequest) -> HttpResponse:
    """Do what was shown. A large file becomes background work with its own page."""
    try:
        waiting = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        raise FolkmootError("This was open for too long. Choose the file again.") from None
    if waiting.pop("user") != request.user.pk:
        raise NotAllowed("Somebody else chose this file.")
    kept = waiting["kept"]
    content = keeping.kept(kept)
    asked = Asked(**{key: value for key, value in waiting.items() if key != "kept"})
    foreseen = bringing_in.foresee(asked, content, by=request.user)
    owner = asked.organisation or home_of(request)
    if foreseen.is_long and owner is not None:
        job = jobs.ask(
            bringing_in.KIND,
            title=f"Bring {asked.filename} in",
            arguments=waiting,
            organisation=owner,
            by=request.user,
        )
        return redirect("job", job.pk)
    brought = bringing_in.carry_out(asked, content, by=request.user)
    keeping.let_go(kept)
    messages.success(request, f"{brought.filename} is in.")
    return redirect("places_imported", brought.pk)


@login_required
@require_GET
def places_imported(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    context = {
        "brought": found,
        "crumbs": crumbs(("Places", "places"), ("Bring in", "places_import"), ("What came in", "")),
        "section": SECTION,
    }
    return render(request, "communities/imported.html", context)
