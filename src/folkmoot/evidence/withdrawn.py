"""What a withdrawal does to the qualitative findings that rested on the source's claims."""

from __future__ import annotations

from typing import Any

from folkmoot.discussion.withdrawn import silence_talk
from folkmoot.evidence.models import QualitativeFinding
from folkmoot.sources.models import Source

GONE = "This finding rested on claims that were withdrawn."


def loosen_findings(source: Source, by: Any) -> None:
    """Take the source's claims from under each finding; one that rested on nothing else says no more."""
    resting = QualitativeFinding.objects.filter(claims__passage__source=source).distinct()
    silence_talk("evidence.qualitativefinding", [one.pk for one in resting], label="a finding")
    for finding in resting:
        finding.claims.remove(*finding.claims.filter(passage__source=source))
        if finding.study_id is None and not finding.claims.exists():
            finding.statement, finding.why, finding.state = GONE, GONE, "superseded"
            finding.save(update_fields=["statement", "why", "state"])
