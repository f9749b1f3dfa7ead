"""The register of claims and one claim: every claim that may be seen, its words as far as they may go.

What may not be shown is counted with its reason, so that the counts always add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from folkmoot.coding.models import Claim
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.sources.models import Source
from folkmoot.sources.policies import is_own
from folkmoot.sources.queries import Words, words_of

# one of them, several of them
STANCE_WORDS = {
    "asserts": ("asserts it", "assert it"),
    "supports": ("gives an account for it", "give accounts for it"),
    "challenges": ("gives an account against it", "give accounts against it"),
    "qualifies": ("says when or for whom", "say when or for whom"),
}
STATUS_WORDS = {
    "quoted": "may be quoted",
    "paraphrase": "paraphrase only",
    "counted": "counted only",
    "not reviewed": "names not reviewed",
    "withdrawn": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as this viewer may know it.

    ``says`` is None where even a paraphrase may not go to the viewer: the claim is counted and typed.
    ``role`` is empty where it would join a post with an organisation outside the owner. ``note`` and
    ``coder`` are the owner's.
    """

    pk: int
    says: tuple[str, str] | None
    stance: str
    stance_words: str
    modality: str
    role: str
    state: str
    assumption_id: int | None
    assumption: str
    visibility: str
    owner: str
    own: bool
    note: str
    coder: str
    words: Words


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """How many claims there are in all, by stance and by how far their words may go. Both add up to it."""

    total: int
    stances: tuple[tuple[str, str, int], ...]
    statuses: tuple[tuple[str, int], ...]


def claims_for(viewer: Any, *, filters: Mapping[str, Any]) -> QuerySet[Claim]:
    """The claims that this person may see. ``filters``: stance, modality, role, state, joined, assumption, source, whose."""
    found: QuerySet[Claim] = Claim.objects.visible_to(viewer)
    access = access_of(viewer)
    own = Q(team__in=list(access.teams)) | Q(organisation__in=list(access.organisations))
    for name in ("stance", "modality"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    if filters.get("role"):
        # a filter must not tell what the table leaves out
        told = own | Q(organisation=None)
        found = found.filter(told, claimant_role=filters["role"])
    if filters.get("state"):
        found = found.filter(state=filters["state"])
    else:
        found = found.exclude(state=Claim.State.SUPERSEDED)
    if filters.get("joined") == "none":
        found = found.filter(assumption=None)
    elif filters.get("joined") == "some":
        found = found.filter(assumption__isnull=False)
    if filters.get("assumption"):
        found = found.filter(assumption=filters["assumption"])
    if filters.get("source"):
        found = found.filter(visible(viewer, through="passage__source"), passage__source=filters["source"])
    if filters.get("whose") == "ours":
        found = found.filter(own)
    elif filters.get("whose") == "others":
        found = found.exclude(own)
    return found


def claim_counts(claims: QuerySet[Claim]) -> ClaimCounts:
    """The counts of these claims, in one query."""
    rows = list(
        claims.order_by()
        .values_list(
            "stance", "passage__source__state", "passage__source__consent", "passage__source__redaction"
        )
        .annotate(number=Count("pk"))
    )
    stances: dict[str, int] = {}
    statuses: dict[str, int] = {}
    for stance, state, consent, redaction, number in rows:
        stances[stance] = stances.get(stance, 0) + number
        status = _status(state, consent, redaction)
        statuses[status] = statuses.get(status, 0) + number
    return ClaimCounts(
        total=sum(stances.values()),
        stances=tuple(
            (key, one if stances.get(key) == 1 else several, stances.get(key, 0))
            for key, (one, several) in STANCE_WORDS.items()
        ),
        statuses=tuple((words, statuses[key]) for key, words in STATUS_WORDS.items() if statuses.get(key)),
    )


def _status(state: str, consent: str, redaction: str) -> str:
    """``sources.queries.words.status_of`` from the columns alone."""
    if state == Source.State.WITHDRAWN:
        return "withdrawn"
    if consent == Source.Consent.COUNT:
        return "counted"
    if consent == Source.Consent.PARAPHRASE:
        return "paraphrase"
    return "quoted" if redaction == Source.Redaction.REVIEWED else "not reviewed"


def claim_rows(claims: Sequence[Claim] | QuerySet[Claim], *, viewer: Any) -> list[ClaimRow]:
    """These claims with their words through the gate, in a fixed number of queries."""
    listed = (
        list(
            claims.select_related(
                "passage__source", "assumption__cause", "assumption__effect", "organisation", "team"
            )
        )
        if isinstance(claims, QuerySet)
        else list(claims)
    )
    words = words_of([claim.passage_id for claim in listed], viewer=viewer)
    joined = {claim.assumption_id for claim in listed if claim.assumption_id}
    seen = set(_visible_assumptions(joined, viewer=viewer))
    return [_row(claim, words[claim.passage_id], seen, viewer=viewer) for claim in listed]


def _visible_assumptions(ids: set[int], *, viewer: Any) -> QuerySet[Any, int]:
    return Assumption.objects.filter(visible(viewer), pk__in=ids).values_list("pk", flat=True)


def _row(claim: Claim, words: Words, seen: set[int], *, viewer: Any) -> ClaimRow:
    own = is_own(viewer, claim.passage.source)
    joined = claim.assumption if claim.assumption_id in seen else None
    return ClaimRow(
        pk=claim.pk,
        says=says_told(claim, viewer=viewer),
        stance=claim.stance,
        stance_words=claim.get_stance_display(),
        modality=claim.get_modality_display(),
        role=role_told(claim, viewer=viewer),
        state=claim.state,
        assumption_id=joined.pk if joined else None,
        assumption=str(joined) if joined else "",
        visibility=claim.get_visibility_display(),
        owner=claim.owner_label,
        own=own,
        note=claim.note if own else "",
        coder=claim.created_by if own else "",
        words=words,
    )


def says_told(claim: Claim, *, viewer: Any) -> tuple[str, str] | None:
    """The coder's sentence, cause and effect, where this viewer may read it; else None."""
    source = claim.passage.source
    told = may_be_paraphrased(source, own=is_own(viewer, source))
    return (claim.cause, claim.effect) if told else None


def role_told(claim: Claim, *, viewer: Any) -> str:
    """The post of whoever speaks, unless it would join a post with an organisation beyond that organisation."""
    if claim.organisation_id is None or is_own(viewer, claim.passage.source):
        return claim.get_claimant_role_display()
    return ""


def may_be_paraphrased(source: Source, *, own: bool) -> bool:
    """May a coder's own sentence about these words be shown? Never once they were withdrawn."""
    if source.is_withdrawn:
        return False
    return own or source.consent != Source.Consent.COUNT


def claim_label(claim: Claim) -> str:
    """What a claim is called where others read it too; its sentence only if it may go beyond the owner."""
    if may_be_paraphrased(claim.passage.source, own=False):
        return str(claim)
    return f"claim {claim.pk}"


def earlier_readings(claim: Claim, *, viewer: Any) -> list[Claim]:
    """The readings that this one took the place of, newest first."""
    found: list[Claim] = []
    waiting = [claim.pk]
    while waiting:
        batch = list(Claim.objects.visible_to(viewer).filter(superseded_by__in=waiting).order_by("-pk"))
        found += batch
        waiting = [one.pk for one in batch]
    return found
