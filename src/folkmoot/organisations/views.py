"""People, settings, the log, and the pages every product has."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations import actions, queries
from folkmoot.organisations.actions.tokens import end_token, make_token
from folkmoot.organisations.context import home_of
from folkmoot.organisations.forms import PersonForm, SettingsForm, TeamPersonForm, TokenForm
from folkmoot.organisations.models import Membership, Organisation, ResearchTeam, TeamMembership, Token, User
from folkmoot.organisations.policies import may_administer
from folkmoot.organisations.refusals import attempt, tell
from folkmoot.organisations.tokens import live_tokens
from folkmoot.organisations.visibility import access_of


def _home(request: HttpRequest) -> Organisation:
    home = home_of(request)
    if home is None:
        raise Http404
    return home


@login_required
@require_POST
def switch_organisation(request: HttpRequest) -> HttpResponse:
    """Work for another of one's organisations."""
    wanted = request.POST.get("organisation", "")
    found = Organisation.objects.filter(pk__in=access_of(request.user).organisations, slug=wanted).first()
    if found is None:
        raise Http404
    request.session["home"] = found.pk
    after = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    return redirect(after if safe else "/")


@login_required
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who belongs here, in which role; administrators enter people."""
    home = home_of(request)
    may = bool(home) and may_administer(request.user, organisation_id=home.pk)
    if request.method == "POST" and not may:
        raise NotAllowed("Only an administrator enters people and gives roles.")
    form = PersonForm(request.POST or None) if may else None
    secret = ""
    if form is not None and request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        try:
            person = User.objects.filter(email=entered["email"].lower()).first()
            if person is None:
                secret = get_random_string(16)
                person = actions.enter_person(
                    entered["email"], name=entered["name"], password=secret, by=request.user
                )
            actions.give_role(person, organisation=home, role=entered["role"], by=request.user)
            messages.success(request, f"{person.label} has the role now.")
        except FolkmootError as error:
            form.add_error(None, str(error))
    context = {
        "places": queries.places_in(home) if home else [],
        "teams": queries.teams_of(request.user),
        "form": form,
        "team_form": TeamPersonForm(),
        "may_administer": may,
        "secret": secret,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "organisations/people.html", context, status=status)


@login_required
@require_POST
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Membership.objects.filter(organisation=_home(request)), pk=pk)
    actions.end_role(place, by=request.user)
    messages.success(request, "The role has ended.")
    return redirect("people")


@login_required
@require_POST
def team_join(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(ResearchTeam, pk=pk, pk__in=access_of(request.user).teams)
    form = TeamPersonForm(request.POST)
    if not form.is_valid():
        raise FolkmootError("Give the e-mail address of somebody who has an account, and their place.")
    person = User.objects.filter(email=form.cleaned_data["email"].lower(), is_active=True).first()
    if person is None:
        raise FolkmootError(
            "Nobody here has that e-mail address. Ask their administrator to enter them first."
        )
    actions.join_team(person, team=team, role=form.cleaned_data["role"], by=request.user)
    messages.success(request, f"{person.label} is in the team now.")
    return redirect("people")


@login_required
@require_POST
def team_leave(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(TeamMembership, pk=pk, team__in=access_of(request.user).teams)
    actions.leave_team(place, by=request.user)
    messages.success(request, "The place in the team has ended.")
    return redirect("people")


@login_required
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """What the organisation says of itself, and who holds whom to account."""
    home = _home(request)
    may = may_administer(request.user, organisation_id=home.pk)
    initial = {"about": home.about, "structure": home.structure, "version": home.version}
    form = SettingsForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.describe_organisation(
                home,
                about=given["about"],
                structure=given["structure"],
                expected=given["version"],
                by=request.user,
            )
            messages.success(request, "Saved.")
            return redirect("settings")
        except FolkmootError as error:
            status = tell(form, error)
    elif form.errors:
        status = 422
    context = {
        "home": home,
        "form": form,
        "may_administer": may,
        "bodies": queries.bodies_of(home),
        "today": timezone.localdate(),
    }
    return render(request, "organisations/settings.html", context, status=status)


@login_required
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """What was done, for those who answer for it."""
    page = Paginator(queries.log_for(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "organisations/audit.html", {"page": page})


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """What is held about the person signed in, and how they sign in."""
    return _account(request, TokenForm())


def _account(request: HttpRequest, form: TokenForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    context = {
        "places": Membership.objects.filter(user=request.user).select_related("organisation"),
        "teams": TeamMembership.objects.filter(user=request.user).select_related("team"),
        "tokens": live_tokens(request.user),  # type: ignore[arg-type]
        "form": form,
        "secret": secret,
    }
    response = render(request, "organisations/account.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def token_new(request: HttpRequest) -> HttpResponse:
    """Make an access token; its secret stands on this one answer and nowhere else."""
    form, status, secret = TokenForm(request.POST), 422, ""
    if form.is_valid():
        made, status = attempt(
            form,
            lambda: make_token(form.cleaned_data["name"], by=request.user),  # type: ignore[arg-type]
            field="name",
        )
        if made is not None:
            form, secret = TokenForm(), made[1]
    return _account(request, form, secret=secret, status=status)


@login_required
@require_POST
def token_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    found = get_object_or_404(Token, user=request.user, pk=pk)
    end_token(found, by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"The token “{found.name}” has ended. Whatever carries it is refused.")
    return redirect("account")


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/help.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/accessibility.html")


@require_GET
def licence(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/licence.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/privacy.html")
