"""Does a short free text look like a report about somebody, or hold something by which to find them?

Rules are data (``patterns.json``), used by these functions and by the capture page's script alike. A screen misses
some and stops some that are harmless: how often is measured by ``bench/screening.py`` and printed in
docs/reference/screening.md. It is never the only safeguard. What does not belong here: what is done with a text
that is caught.
"""

from __future__ import annotations

from folkmoot.core.screening.rules import PATTERNS_JSON, Kind, Screened, Span, screen

__all__ = ["PATTERNS_JSON", "Kind", "Screened", "Span", "screen"]
