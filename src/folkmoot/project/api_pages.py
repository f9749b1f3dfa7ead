"""Long lists in pages, addressed by number; a page number that makes no sense is the first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

PER_PAGE = 100


def page_of(request: HttpRequest, found: Any) -> tuple[list[Any], str | None]:
    """The rows of the page asked for with ``?page=``, and the address of the next one."""
    asked = request.GET.get("page", "")
    current = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) else 1
    start = (current - 1) * PER_PAGE
    rows = list(found[start : start + PER_PAGE + 1])
    following = None
    if len(rows) > PER_PAGE:
        query = request.GET.copy()
        query["page"] = str(current + 1)
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return rows[:PER_PAGE], following
