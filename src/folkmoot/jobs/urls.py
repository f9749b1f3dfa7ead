from __future__ import annotations

from django.urls import path

from folkmoot.jobs import views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:pk>/", views.job, name="job"),
]
