"""The register of claims on a page and as a table."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from folkmoot.coding.forms import ClaimFilterForm
from folkmoot.core.standing import Word
from folkmoot.front.asked import scope_of, scopes
from folkmoot.front.exporting.register import ENDINGS, written
from folkmoot.front.queries.register import (
    ANECDOTE,
    SIDE_WORDS,
    TESTED,
    UNJOINED,
    Register,
    register_of,
    rows_of,
    with_all,
)
from folkmoot.organisations.context import instance_here

PER_PAGE = 50


class RegisterForm(ClaimFilterForm):
    """The list's filters, with what the register adds."""

    side = forms.ChoiceField(required=False, choices=[("", "Any"), *SIDE_WORDS.items()], label="Claims that")
    rests = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Anything"),
            (ANECDOTE, "Anecdote alone: no test on record"),
            (TESTED, "An assumption that was tested"),
            (UNJOINED, "No stated assumption"),
        ],
        label="Resting on",
    )
    standing = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), *((word.value, word.value.capitalize()) for word in Word)],
        label="Standing of what it is about",
    )
    field_order = ("side", "rests", "standing", "role", "modality", "whose", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # the register has its own words for these two
        del self.fields["stance"], self.fields["joined"]


def _register(request: HttpRequest) -> tuple[RegisterForm, Register, dict[str, Any]]:
    form = RegisterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    return form, register_of(request.user, filters=filters, scope=scope_of(request)), filters


@login_required
@require_GET
def claims_register(request: HttpRequest) -> HttpResponse:
    """Who says that something works, and what tests that; the share that rests on anecdote alone."""
    form, register, filters = _register(request)
    page = Paginator(with_all(register.claims), PER_PAGE)
    page.count = register.number  # counted already
    shown = page.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    scope = scope_of(request)

    def address(**asked: str) -> str:
        kept = query.copy()
        for name, value in {"scope": scope, **asked}.items():
            kept[name] = value
        return f"?{kept.urlencode()}"

    sides = [
        (
            side,
            address(side=side.key, rests=""),
            address(side=side.key, rests=ANECDOTE),
            address(side=side.key, rests=UNJOINED),
        )
        for side in register.sides
    ]
    context = {
        "form": form,
        "filtered": any(filters.values()),
        "register": register,
        "sides": sides,
        "page": shown,
        "rows": rows_of(list(shown.object_list), register, viewer=request.user),
        "files": [
            (label, f"{reverse('claims_register_file', args=[ending])}?{query.urlencode()}")
            for ending, label in ENDINGS.items()
        ],
        "section": "assumptions",
        **scopes(request),
    }
    return render(request, "front/register.html", context)


@login_required
@require_GET
def claims_register_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The register under its filters as a table. Whatever side was asked for, all sides go along."""
    if ending not in ENDINGS:
        raise Http404
    asked = request.GET.copy()
    asked.pop("side", None)
    request.GET = asked  # type: ignore[assignment]
    _, register, _ = _register(request)
    fictional = instance_here().fictional
    content, kind = written(register, ending=ending, viewer=request.user, fictional=fictional)
    answer = HttpResponse(content, content_type=kind)
    name = f"{'fictional-' if fictional else ''}claims-register-{timezone.localdate():%Y-%m-%d}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
