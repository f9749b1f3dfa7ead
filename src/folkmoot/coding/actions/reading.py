"""What the reader's one form does: mark words, code them, and read them as a claim, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.audit.actions import action
from folkmoot.coding.actions.beginning import begin_assumption, keep_origin
from folkmoot.coding.actions.claims import make_claim
from folkmoot.coding.actions.codebooks import create_code, create_codebook
from folkmoot.coding.actions.codings import code_passage
from folkmoot.coding.models import Claim, Code, Codebook, Coding
from folkmoot.coding.policies import require_reader
from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.policies import may_edit
from folkmoot.sources.actions import mark_passage
from folkmoot.sources.models import Passage, Source


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim as the form has it. Without cause and effect it says what its assumption says.

    ``starts_assumption``: nobody has stated it yet, so it begins as an assumption of the source's owner.
    """

    cause: str = ""
    effect: str = ""
    stance: str = Claim.Stance.ASSERTS
    modality: str = Claim.Modality.SAID
    claimant_role: str = Claim.Role.OTHER
    note: str = ""
    assumption: Assumption | None = None
    starts_assumption: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one use of the form made."""

    passage: Passage
    codings: tuple[Coding, ...]
    claim: Claim | None


@action
def read_passage(
    source: Source,
    *,
    start: int,
    end: int,
    codes: Sequence[Code] = (),
    new_code: str = "",
    codebook: Codebook | None = None,
    claim: ClaimDraft | None = None,
    by: User,
) -> Reading:
    """Mark these code points and give them codes, a claim or both.

    ``new_code`` is added to ``codebook``; without one, to the owner's first codebook, which is begun
    where there is none. A code of that name that is in use already is used.
    """
    require_reader(source, by)
    if not codes and not new_code.strip() and claim is None:
        raise FolkmootError("Choose a code, or say what leads to what.")
    passage = mark_passage(source, start=start, end=end, by=by)
    passage.source = source  # loaded already, with its owner
    wanted = list(codes)
    if new_code.strip():
        wanted.append(_named(new_code.strip(), codebook or _codebook_for(source, by=by), by=by))
    codings = tuple(code_passage(code, passage=passage, by=by) for code in wanted)
    made = None if claim is None else _claimed(passage, claim, by=by)
    return Reading(passage, codings, made)


def _claimed(passage: Passage, draft: ClaimDraft, *, by: User) -> Claim:
    cause, effect, assumption = draft.cause.strip(), draft.effect.strip(), draft.assumption
    taken: tuple[Factor, ...] = ()
    if assumption is not None:
        cause, effect = cause or assumption.cause.wording, effect or assumption.effect.wording
    elif draft.starts_assumption and cause and effect:
        owner: Organisation | ResearchTeam | None = passage.source.team or passage.source.organisation
        if owner is None:
            raise FolkmootError("This source belongs to nobody, so nobody can begin an assumption from it.")
        assumption, taken = begin_assumption(cause, effect=effect, owner=owner, by=by)
    claim = make_claim(
        passage,
        cause=cause,
        effect=effect,
        stance=draft.stance,
        modality=draft.modality,
        claimant_role=draft.claimant_role,
        note=draft.note,
        assumption=assumption,
        by=by,
    )
    keep_origin(claim, taken, by=by)
    return claim


def _named(name: str, codebook: Codebook, *, by: User) -> Code:
    known = codebook.codes.filter(name__iexact=name, state=Code.State.ACTIVE).first()
    if known is not None:
        known.codebook = codebook
        return known
    return create_code(codebook, name=name, by=by)


def _codebook_for(source: Source, *, by: User) -> Codebook:
    """The first codebook of the source's owner; begun where there is none."""
    owner: Organisation | ResearchTeam | None = source.team or source.organisation
    if owner is None:
        raise FolkmootError("Choose the codebook that the new code belongs to.")
    found = Codebook.objects.filter(team=source.team_id, organisation=source.organisation_id).order_by("pk")
    first: Codebook | None = next((one for one in found if may_edit(by, one)), None)
    return first or create_codebook(f"Codes of {owner}"[:120], owner=owner, by=by)
