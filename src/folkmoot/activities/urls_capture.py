"""The addresses of capture on a phone; the worker stands below ``/capture/``, so that it minds nothing else."""

from __future__ import annotations

from django.urls import path

from folkmoot.activities.views import capture

urlpatterns = [
    path("capture/", capture.capture, name="capture"),
    path("capture/shell/", capture.shell, name="capture_shell"),
    path("capture/worker.js", capture.worker, name="capture_worker"),
    path("capture/patterns.json", capture.patterns, name="capture_patterns"),
    path("capture/back/", capture.back, name="capture_back"),
    path("capture/sent/", capture.sent, name="captures_sent"),
    path("capture/differ/", capture.differ, name="captures_differ"),
    path("capture/differ/<int:pk>/", capture.settle, name="capture_settle"),
    path("work/<int:pk>/erase/", capture.erase, name="remark_purge"),
]
