"""Pages of threads and member checks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.audit.actions import TheInstance
from folkmoot.core.errors import FolkmootError
from folkmoot.discussion import actions, queries, targets
from folkmoot.discussion.forms import AnswerForm, AskForm, CommentForm, ResolutionForm
from folkmoot.discussion.models import Comment, MemberCheck
from folkmoot.organisations.visibility import access_of


@login_required
@require_GET
def discussion(request: HttpRequest) -> HttpResponse:
    said = queries.recent_comments(request.user)
    return render(request, "discussion/recent.html", {"said": said})


def _found(request: HttpRequest, *, kind: str, pk: int) -> tuple[Any, targets.Target]:
    thing, known = targets.find(request.user, kind=kind, pk=pk), targets.target(kind)
    if thing is None or known is None:
        raise Http404
    return thing, known


@login_required
@require_http_methods(["GET", "POST"])
def comment_add(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing, known = _found(request, kind=kind, pk=pk)
    form = CommentForm(request.POST or None)
    if form.is_valid():
        comment = actions.add_comment(thing, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "Your comment is there.")
        return redirect(f"{known.url(thing)}#comment-{comment.pk}")
    context = {"form": form, "about": known.label(thing), "back": known.url(thing)}
    return render(request, "discussion/comment.html", context, status=422 if form.errors else 200)


def _comment(request: HttpRequest, pk: int) -> tuple[Comment, Any, targets.Target]:
    """A comment on what this person may see; comments are read by members of the network alone."""
    if not access_of(request.user).belongs:
        raise Http404
    comment = get_object_or_404(Comment, pk=pk)
    thing, known = _found(request, kind=comment.target_kind, pk=comment.target_id)
    return comment, thing, known


@login_required
@require_http_methods(["GET", "POST"])
def comment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    comment, thing, known = _comment(request, pk)
    form = CommentForm(request.POST or None)
    form.fields["text"].label = "Your answer"
    if form.is_valid():
        answer = actions.answer_comment(comment, text=form.cleaned_data["text"], by=request.user)
        return redirect(f"{known.url(thing)}#comment-{answer.pk}")
    context = {"form": form, "about": known.label(thing), "back": known.url(thing), "comment": comment}
    return render(request, "discussion/comment.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def comment_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    comment, thing, known = _comment(request, pk)
    form = ResolutionForm(request.POST or None)
    if form.is_valid():
        actions.resolve_comment(comment, resolution=form.cleaned_data["resolution"], by=request.user)
        messages.success(request, "The thread is closed.")
        return redirect(f"{known.url(thing)}#comment-{comment.pk}")
    context = {
        "form": form,
        "about": known.label(thing),
        "back": known.url(thing),
        "comment": comment,
        "closing": True,
    }
    return render(request, "discussion/comment.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def comment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    comment, thing, known = _comment(request, pk)
    actions.withdraw_comment(comment, by=request.user)
    messages.success(request, "Your words are gone. The place of the comment stays.")
    return redirect(f"{known.url(thing)}#comment-{comment.pk}")


@login_required
@require_http_methods(["GET", "POST"])
def check_ask(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing, known = _found(request, kind=kind, pk=pk)
    owner = queries.asking_owner(thing, viewer=request.user)
    if owner is None:
        raise Http404
    form = AskForm(request.POST or None)
    secret = None
    if form.is_valid():
        _, secret = actions.ask_member_check(thing, **form.cleaned_data, team=owner, by=request.user)
    context = {
        "form": form,
        "about": known.label(thing),
        "back": known.url(thing),
        "address": request.build_absolute_uri(reverse("check_answer", args=[secret])) if secret else "",
    }
    return render(request, "discussion/ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def check_answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The page that a person who was interviewed sees. No account, no name, nothing about anybody else."""
    check = queries.check_by_digest(actions.digest_of(secret))
    if check is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not check.answer:
        try:
            actions.answer_member_check(check, **form.cleaned_data, by=_Interviewee(check))
        except FolkmootError as error:
            form.add_error("words", str(error))
    status = 422 if form.errors else 200
    response = render(request, "discussion/answer.html", {"check": check, "form": form}, status=status)
    response["Cache-Control"] = "no-store"
    # the private address goes to no other site; "no-referrer" would also take the origin from the answer,
    # and a browser's answer without an origin is refused as a forgery
    response["Referrer-Policy"] = "same-origin"
    return response


class _Interviewee(TheInstance):
    """The person who answers, known by pseudonym only."""

    def __init__(self, check: MemberCheck) -> None:
        self.label = check.asked_of
