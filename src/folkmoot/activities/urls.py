from __future__ import annotations

from django.urls import path

from folkmoot.activities import urls_capture, urls_import
from folkmoot.activities.views import initiatives, log, mine, rates, reach, sharing

urlpatterns = [
    *urls_capture.urlpatterns,
    *urls_import.urlpatterns,
    path("work/", log.work, name="work"),
    path("work/new/", log.activity_new, name="activity_new"),
    path("work/<int:pk>/", log.activity, name="activity"),
    path("work/<int:pk>/edit/", log.activity_edit, name="activity_edit"),
    path("work/<int:pk>/delete/", log.activity_delete, name="activity_delete"),
    path("work/reach/", reach.reach, name="reach"),
    path("work/methods/", rates.methods, name="methods"),
    path("work/methods/<str:code>/", reach.method_end, name="method_end"),
    path("work/rates/", rates.rates, name="rates"),
    path("work/rates/<int:pk>/remove/", rates.rate_remove, name="rate_remove"),
    path("work/hours/", sharing.hours_share, name="hours_share"),
    path("work/mine/", mine.held_about_me, name="held_about_me"),
    path("initiatives/", initiatives.initiatives, name="initiatives"),
    path("initiatives/new/", initiatives.initiative_new, name="initiative_new"),
    path("initiatives/<int:pk>/", initiatives.initiative, name="initiative"),
    path("initiatives/<int:pk>/edit/", initiatives.initiative_edit, name="initiative_edit"),
    path("initiatives/<int:pk>/close/", initiatives.initiative_close, name="initiative_close"),
    path("initiatives/<int:pk>/outputs/", initiatives.output_new, name="output_new"),
    path(
        "initiatives/<int:pk>/outputs/<int:output>/remove/", initiatives.output_remove, name="output_remove"
    ),
]
