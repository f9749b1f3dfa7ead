"""Every address. Each app keeps its own; the order here is the order of the navigation.

The API comes before all rooms: a phone's record should not be compared with 300 pages first.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

ROOMS = (
    "front",
    "strategies",
    "mechanisms",
    "evidence",
    "sources",
    "coding",
    "activities",
    "communities",
    "surveys",
    "heard",
    "evaluations",
    "briefings",
    "discussion",
    "jobs",
    "organisations",
)

urlpatterns = []
if find_spec("folkmoot.project.api"):
    from folkmoot.project.api import api

    urlpatterns.append(path("api/v1/", api.urls))
urlpatterns += [
    path("account/", include("allauth.urls")),
    *(path("", include(f"folkmoot.{room}.urls")) for room in ROOMS if find_spec(f"folkmoot.{room}.urls")),
]
