"""What happened to a study after it was recorded, and which standings it changed on that day.

Standing itself is worked out on every reading; these rows are history and are never read as a standing.
"""

from __future__ import annotations

from django.db import models

from folkmoot.audit.models import Made
from folkmoot.audit.privacy import Retention, declared
from folkmoot.evidence.models.studies import Study
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import Visibility


class Change(Made):
    """A correction, a retraction or its taking back: what, and why. Never changed afterwards."""

    class What(models.TextChoices):
        CORRECTED = "corrected", "Corrected"
        RETRACTED = "retracted", "Retracted"
        REINSTATED = "reinstated", "Retraction taken back"
        CONFLICT = "conflict", "Conflicting reports noted"
        RESOLVED = "resolved", "Conflicting reports resolved"
        FIGURE = "figure", "A printed figure changed"
        POOLED = "pooled", "A printed figure came in under a registered plan"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=10, choices=What.choices)
    because = models.CharField(max_length=400)

    privacy = declared(retention=Retention.REFERENCE, public="study what because")

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.because}"


class StandingChange(models.Model):
    """What a change did to the word for one assumption, as one circle of readers saw it that day."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="standings")
    assumption = models.ForeignKey(Assumption, on_delete=models.CASCADE, related_name="standing_changes")
    reach = models.CharField(
        max_length=10, choices=Visibility.choices, help_text="Whose evidence the two words rest on"
    )
    before = models.CharField(max_length=40, help_text="The word with its leaning")
    after = models.CharField(max_length=40, help_text="The word with its leaning")

    privacy = declared(retention=Retention.REFERENCE, organisational="change assumption reach before after")

    class Meta:
        ordering = ["-change_id", "assumption_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "assumption", "reach"], name="a_standing_changes_once_by_one_change"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
