"""The API of an instance, at /api/v1/. It shows what the pages show, to the same people.

Its description is at /api/v1/openapi.json. There is no page of documentation that loads scripts from
elsewhere, no writing but what a phone recorded (``api_capture``), and nothing about single officers or residents.
"""

from __future__ import annotations

from ninja import NinjaAPI

from folkmoot import __version__
from folkmoot.project.api_capture import router as capture
from folkmoot.project.api_evidence import router as evidence
from folkmoot.project.api_heard import router as heard
from folkmoot.project.api_reasons import router as reasons

api = NinjaAPI(
    title="Folkmoot",
    version=__version__,
    description=(
        "Reading what this instance holds, as far as the person signed in may see it, and putting what their phone "
        "recorded. Standings are words "
        "reached by stated rules; they have no number and no order."
    ),
    docs_url=None,
    urls_namespace="api",
)
# first what is asked most often: an address is compared with one after another
api.add_router("", capture)
api.add_router("", reasons)
api.add_router("", evidence)
api.add_router("", heard)
