"""A program that carries a person's access token, in place of a session. For the API's addresses alone."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from folkmoot.organisations.actions.tokens import note_use
from folkmoot.organisations.tokens import bearer_of
from folkmoot.project.middleware import Handler

WRONG = "This token is not known here, has ended or has expired. Make another one on your account page."
TOO_OFTEN = "Too many wrong tokens came from here. Wait a quarter of an hour, then try again."


class Bearing:
    """``Authorization: Bearer …`` makes the request its person's, or 401; a session beside it counts for nothing.

    Wrong tokens from one address are limited as wrong passwords are. A right one is never held up by them.
    """

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not request.path.startswith("/api/") or kind.lower() != "bearer":
            return self.handler(request)
        token = bearer_of(secret.strip(), now=timezone.now())
        if token is None:
            return _refused(request)
        today = timezone.localdate()
        if token.last_used_on != today:
            note_use(token, on=today, by=token.user)
        request.user = token.user
        # the token is in the request itself, where no other site's page can have put it
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        response = self.handler(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _refused(request: HttpRequest) -> HttpResponse:
    key = f"wrong-tokens-{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=int(settings.AXES_COOLOFF_TIME * 3600))
    number = cache.incr(key)
    if number > settings.AXES_FAILURE_LIMIT:
        return JsonResponse({"detail": TOO_OFTEN}, status=429)
    response = JsonResponse({"detail": WRONG}, status=401)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
