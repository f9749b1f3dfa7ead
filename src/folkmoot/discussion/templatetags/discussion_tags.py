"""``{% discussion thing %}``: comments, answers and member checks of an object, with the ways to add."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model

from folkmoot.discussion import queries, targets
from folkmoot.discussion.forms import CommentForm
from folkmoot.organisations.visibility import access_of

register = template.Library()


@register.inclusion_tag("discussion/thread.html", takes_context=True)
def discussion(context: dict[str, Any], thing: Model, *, ask: bool = True) -> dict[str, Any]:
    """Everything said about the thing that this viewer may read, and a form to add to it.

    ``ask=False`` where nobody was interviewed about it.
    """
    viewer = context["request"].user
    access = access_of(viewer)
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "viewer": viewer,
        "threads": queries.threads_about(thing, viewer=viewer),
        "checks": queries.checks_about(thing, viewer=viewer),
        "kind": targets.kind_of(thing),
        "pk": thing.pk,
        "may_comment": access.belongs,
        "may_ask": ask and queries.asking_owner(thing, viewer=viewer) is not None,
        "form": CommentForm(),
    }


@register.inclusion_tag("discussion/checks.html", takes_context=True)
def member_checks(context: dict[str, Any], thing: Model) -> dict[str, Any]:
    """Only the answers of the people interviewed, to stand beside a reading wherever it is used."""
    return {"checks": queries.checks_about(thing, viewer=context["request"].user)}
