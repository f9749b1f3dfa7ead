"""What happens around every request: security headers, the second factor, refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class Headers:
    """HEAD is GET without its body: whoever watches an instance, or checks links, asks so."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return self.handler(request)
        request.method = "GET"
        response = self.handler(request)
        request.method = "HEAD"
        if response.streaming:
            response.streaming_content = iter(())  # type: ignore[attr-defined]
        else:
            response.content = b""  # its length stays in the header, as GET would tell it
        return response


class ContentSecurity:
    """A strict content security policy on every answer: nothing inline, nothing from elsewhere.

    And no cache between us and the reader: words that were taken back would live on in it.
    """

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handler(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        return response


class SecondFactor:
    """Where the instance requires one, nobody gets past the set-up page without a second factor."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MFA_REQUIRED and request.user.is_authenticated:
            from allauth.mfa.utils import is_mfa_enabled

            allowed = request.path.startswith((reverse("account_logout"), "/account/", "/static/"))
            if not allowed and not is_mfa_enabled(request.user):
                return redirect("mfa_index")
        return self.handler(request)


NOTHING_HERE = {
    404: "There is nothing at this address, or it is not yours to see.",
    405: "This address does not take that method.",
}
STATUS = {NotAllowed: 403, NotYet: 409, Stale: 412}


class Sentences:
    """A refusal becomes a page (or JSON for the API) with its sentence and the right status."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handler(request)
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if request.path.startswith("/api/") and page and response.status_code in NOTHING_HERE:
            return JsonResponse({"detail": NOTHING_HERE[response.status_code]}, status=response.status_code)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Refuse a NUL character wherever it comes: PostgreSQL has no place for it, and no person types one."""
        said = (request.path, *request.GET.values(), *request.POST.values())
        if not any("\0" in text for text in said):
            return None
        reason = "This address or form holds a character that no text has. Nothing was done."
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": reason}, status=400)
        return render(request, "422.html", {"reason": reason}, status=400)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FolkmootError):
            return None
        status = next((code for kind, code in STATUS.items() if isinstance(exception, kind)), 422)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": str(exception)}, status=status)
        return render(request, f"{status}.html", {"reason": str(exception)}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = (
        "This form was open for too long, or came from another site, so nothing was saved. "
        "Go back, reload the page and send it again."
    )
    return render(request, "403.html", {"reason": sentence}, status=403)
