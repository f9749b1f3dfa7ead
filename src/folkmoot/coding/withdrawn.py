"""What a withdrawal does to what was read in the source, and what is told of it beforehand.

The codes and claims stay as counted places without words: a coder's sentence about words that were
taken back would go on telling them.
"""

from __future__ import annotations

from typing import Any

from folkmoot.audit.models import Event
from folkmoot.coding.models import Claim, Coding
from folkmoot.discussion.withdrawn import comments_on, silence_talk
from folkmoot.sources.models import Source

GONE = "withdrawn"


def silence_claims(source: Source, by: Any) -> None:
    """Remove what coders wrote of the words; the claim keeps its stance and its place for the counts."""
    claims = Claim.objects.filter(passage__source=source)
    ids = list(claims.values_list("pk", flat=True))
    if not ids:
        return
    claims.update(cause=GONE, effect=GONE, note="")
    label = "a withdrawn claim"
    silence_talk("coding.claim", ids, label=label)
    Event.objects.filter(object_kind="coding.claim", object_id__in=[str(pk) for pk in ids]).update(
        object_label=label
    )


def foretell(source: Source, viewer: Any) -> list[str]:
    """Sentences for the page that asks before a withdrawal."""
    codings = Coding.objects.filter(passage__source=source).count()
    claims = Claim.objects.filter(passage__source=source).exclude(state=Claim.State.SUPERSEDED)
    joined = claims.exclude(assumption=None).values("assumption").distinct().count()
    told = []
    if codings:
        told.append(f"{_counted(codings, 'code')} used in it will stand on words that are gone.")
    if number := claims.count():
        about = f", on {_counted(joined, 'assumption')}," if joined else ""
        told.append(f"{_counted(number, 'claim')} read in it{about} will no longer count.")
    if said := comments_on("coding.claim", list(claims.values_list("pk", flat=True))):
        told.append(
            f"{_counted(said, 'comment')} on these claims will stay: read them, they may quote the words."
        )
    return told


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
