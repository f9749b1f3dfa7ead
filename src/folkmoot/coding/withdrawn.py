"""What a withdrawal does to what was read in the source, and what is told of it beforehand.

The codes and claims stay as counted places without words: a coder's sentence about words that were
taken back would go on telling them.
"""

from __future__ import annotations

from typing import Any

from folkmoot.audit.models import Event
from folkmoot.coding.models import Arbitration, Claim, Coding, TakenWords
from folkmoot.discussion.withdrawn import comments_on, silence_talk
from folkmoot.mechanisms.forgetting import assumptions_on, forget_words, is_used
from folkmoot.mechanisms.models import Factor
from folkmoot.sources.models import Source

GONE = "withdrawn"


def silence_claims(source: Source, by: Any) -> None:
    """Remove what coders wrote of the words; the claim keeps its stance and its place for the counts."""
    claims = Claim.objects.filter(passage__source=source)
    Arbitration.objects.filter(passage__source=source).update(why=GONE)
    ids = list(claims.values_list("pk", flat=True))
    if not ids:
        return
    for factor in said_only_in(source):
        if _is_used(factor, source):
            TakenWords.objects.filter(factor=factor).update(to_replace=True)
        else:
            forget_words(factor)
    claims.update(cause=GONE, effect=GONE, note="")
    label = "a withdrawn claim"
    silence_talk("coding.claim", ids, label=label)
    Event.objects.filter(object_kind="coding.claim", object_id__in=[str(pk) for pk in ids]).update(
        object_label=label
    )


def said_only_in(source: Source) -> list[Factor]:
    """Factors that began with words read in this source, and that nobody whose words still stand said, too."""
    taken = Factor.objects.filter(taken_words__claim__passage__source=source).distinct()
    said = TakenWords.objects.filter(claim__passage__source__state=Source.State.LIVE)
    elsewhere = set(said.exclude(claim__passage__source=source).values_list("factor", flat=True))
    return [factor for factor in taken if factor.pk not in elsewhere]


def _is_used(factor: Factor, source: Source) -> bool:
    """Does anything else stand on it: a chain, evidence, or what people said elsewhere?"""
    told = Claim.objects.filter(
        assumption__in=assumptions_on(factor), passage__source__state=Source.State.LIVE
    )
    if told.exclude(passage__source=source).exists():
        return True
    return is_used(factor, besides=[TakenWords, Claim])


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
    if words := said_only_in(source):
        kept = sum(_is_used(factor, source) for factor in words)
        if lost := len(words) - kept:
            told.append(f"{_counted(lost, 'factor')} that began with its words will lose them.")
        if kept:
            told.append(
                f"{_counted(kept, 'factor')} that began with its words {'carries' if kept == 1 else 'carry'} chains, "
                "evidence or what others said: the words stay until you put them in your own, and the list "
                "of claims says which."
            )
    if said := comments_on("coding.claim", list(claims.values_list("pk", flat=True))):
        told.append(
            f"{_counted(said, 'comment')} on these claims will stay: read them, they may quote the words."
        )
    return told


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
