"""Writing codebooks, codings and claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, record, save_version
from folkmoot.coding.models import Claim, Code, Codebook, CodeChange, Coding
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Passage, Source


@action
def create_codebook(
    name: str, *, owner: Organisation | ResearchTeam, description: str = "", visibility: str = "", by: User
) -> Codebook:
    """Begin a codebook for a team or an organisation."""
    is_team = isinstance(owner, ResearchTeam)
    require_edit_for(by, **{("team_id" if is_team else "organisation_id"): owner.pk})
    if not name.strip():
        raise FolkmootError("Give the codebook a name.")
    codebook = Codebook.objects.create(
        name=name.strip(),
        description=description.strip(),
        team=owner if isinstance(owner, ResearchTeam) else None,
        organisation=owner if isinstance(owner, Organisation) else None,
        visibility=visibility or ("team" if is_team else "own"),
        **_made(by),
    )
    record("created a codebook", by=by, on=codebook)
    return codebook


@action
def create_code(
    codebook: Codebook, *, name: str, description: str = "", parent: Code | None = None, by: User
) -> Code:
    """Add a theme to a codebook."""
    require_edit(by, codebook)
    _require_name(codebook, name)
    if parent is not None and parent.codebook_id != codebook.pk:
        raise FolkmootError("A code stands below a code of its own codebook.")
    code = Code.objects.create(
        codebook=codebook, name=name.strip(), description=description.strip(), parent=parent, **_made(by)
    )
    _changed(code, "made", by=by, name=code.name)
    return code


@action
def describe_code(code: Code, *, name: str, description: str, expected: int, by: User) -> Code:
    """Rename a code or describe it better; what it was called stays in its history."""
    _require_active(code, by)
    if name.strip() != code.name:
        _require_name(code.codebook, name)
    before = {"name": code.name, "description": code.description}
    code.name, code.description = name.strip(), description.strip()
    save_version(code, expected=expected, by=by)
    _changed(code, "described", by=by, before=before)
    return code


@action
def move_code(code: Code, *, parent: Code | None, expected: int, by: User) -> Code:
    """Put a code below another one, or at the top."""
    _require_active(code, by)
    above = parent
    while above is not None:
        if above.pk == code.pk:
            raise FolkmootError("A code cannot stand below itself.")
        above = above.parent
    if parent is not None and parent.codebook_id != code.codebook_id:
        raise FolkmootError("A code stands below a code of its own codebook.")
    code.parent = parent
    save_version(code, expected=expected, by=by)
    _changed(code, "moved", by=by, parent=parent.name if parent else "")
    return code


@action
def merge_codes(code: Code, *, into: Code, by: User) -> Code:
    """Make one code part of another: its codings go over, its name stays in the history."""
    _require_active(code, by)
    _require_active(into, by)
    if code.pk == into.pk or code.codebook_id != into.codebook_id:
        raise FolkmootError("Merge two different codes of one codebook.")
    above: Code | None = into.parent
    while above is not None:
        if above.pk == code.pk:
            raise FolkmootError(f"“{into.name}” stands below “{code.name}”; move it first.")
        above = above.parent
    present = set(into.codings.values_list("passage_id", "coder_id"))
    moved = [one for one in code.codings.all() if (one.passage_id, one.coder_id) not in present]
    for one in moved:
        one.code = into
    Coding.objects.bulk_update(moved, ["code"])
    code.codings.all().delete()
    code.children.update(parent=into)
    code.state, code.merged_into = Code.State.MERGED, into
    save_version(code, expected=code.version, by=by)
    _changed(code, "merged", by=by, into=into.name, codings=len(moved))
    _changed(into, "took in", by=by, taken=code.name, codings=len(moved))
    return into


@action
def split_code(code: Code, *, names: Sequence[str], by: User) -> list[Code]:
    """Divide a code: new codes stand below its place; its codings stay until they are coded anew."""
    _require_active(code, by)
    wanted = [name.strip() for name in names if name.strip()]
    if len(wanted) < 2 or len({name.casefold() for name in wanted}) < len(wanted):
        raise FolkmootError("Name at least two different codes to divide it into.")
    parts = [create_code(code.codebook, name=name, parent=code.parent, by=by) for name in wanted]
    code.state = Code.State.SPLIT
    save_version(code, expected=code.version, by=by)
    _changed(code, "split", by=by, into=wanted)
    return parts


@action
def retire_code(code: Code, *, expected: int, by: User) -> Code:
    """Stop using a code. Its codings stay."""
    _require_active(code, by)
    code.state = Code.State.RETIRED
    save_version(code, expected=expected, by=by)
    _changed(code, "retired", by=by)
    return code


@action
def code_passage(code: Code, *, passage: Passage, by: User) -> Coding:
    """Use a code on a passage. Doing it twice is doing it once."""
    _require_active(code, by, edit=False)
    _require_reader(passage.source, by)
    coding, made = Coding.objects.get_or_create(code=code, passage=passage, coder=by, defaults=_made(by))
    record("coded a passage" if made else "coded a passage again", by=by, on=coding, **_owner(passage.source))
    return coding


@action
def remove_coding(coding: Coding, *, by: User) -> None:
    """Take back one's own coding; another coder's is theirs."""
    _require_reader(coding.passage.source, by)
    if coding.coder_id != by.pk:
        raise NotAllowed(
            "A coding is taken back by whoever made it. Comment on it, or code the passage yourself."
        )
    record("removed a coding", by=by, on=coding, **_owner(coding.passage.source))
    coding.delete()


@action
def make_claim(
    passage: Passage,
    *,
    cause: str,
    effect: str,
    stance: str,
    modality: str = Claim.Modality.SAID,
    claimant_role: str = Claim.Role.OTHER,
    note: str = "",
    assumption: Assumption | None = None,
    visibility: str = "",
    by: User,
) -> Claim:
    """Read a passage as a claim that one thing leads to another. It is provisional until checked."""
    source = passage.source
    _require_reader(source, by)
    _require_choices(stance, modality, claimant_role)
    if not cause.strip() or not effect.strip():
        raise FolkmootError("Say both what is supposed to lead and what it is supposed to lead to.")
    if assumption is not None:
        _require_sight(assumption, by)
    claim = Claim.objects.create(
        passage=passage,
        cause=" ".join(cause.split())[:300],
        effect=" ".join(effect.split())[:300],
        stance=stance,
        modality=modality,
        claimant_role=claimant_role,
        note=note.strip(),
        assumption=assumption,
        coder=by,
        organisation=source.organisation,
        team=source.team,
        visibility=visibility or ("team" if source.team_id else "own"),
        **_made(by),
    )
    record("made a claim", by=by, on=claim, stance=stance)
    return claim


@action
def revise_claim(claim: Claim, *, expected: int, by: User, **changes: Any) -> Claim:
    """Read it again: the earlier reading stays as superseded, the new one begins as provisional."""
    _require_reader(claim.passage.source, by)
    if claim.state == Claim.State.SUPERSEDED:
        raise NotYet("This reading is superseded already; revise the one that took its place.")
    given = {
        name: changes.pop(name, getattr(claim, name))
        for name in (
            "cause",
            "effect",
            "stance",
            "modality",
            "claimant_role",
            "note",
            "assumption",
            "visibility",
        )
    }
    if changes:
        raise TypeError(f"a claim has no {', '.join(sorted(changes))}")
    successor = make_claim(claim.passage, **given, by=by)
    claim.state, claim.superseded_by = Claim.State.SUPERSEDED, successor
    save_version(claim, expected=expected, by=by)
    record("superseded a claim", by=by, on=claim)
    return successor


@action
def join_claim(claim: Claim, *, assumption: Assumption | None, expected: int, by: User) -> Claim:
    """Say which assumption a claim speaks to, or that it speaks to none that is stated."""
    _require_reader(claim.passage.source, by)
    if assumption is not None:
        _require_sight(assumption, by)
    claim.assumption = assumption
    save_version(claim, expected=expected, by=by)
    record(
        "joined a claim to an assumption", by=by, on=claim, assumption=assumption.pk if assumption else None
    )
    return claim


@action
def share_claim(claim: Claim, *, visibility: str, by: User) -> Claim:
    """Say how far a reading is shared. Its words go only as far as the person's consent."""
    _require_reader(claim.passage.source, by)
    claim.visibility = visibility
    claim.save(update_fields=["visibility"])
    record("shared a claim", by=by, on=claim, visibility=visibility)
    return claim


@action
def set_claim_state(claim: Claim, *, state: str, why: str, by: Any) -> Claim:
    """Change a reading's state, as a member check or its keepers say."""
    if state not in Claim.State.values:
        raise FolkmootError("There is no such state.")
    claim.state = state
    save_version(claim, expected=claim.version, by=by)
    record("changed the state of a claim", by=by, on=claim, state=state, why=why)
    return claim


def _require_choices(stance: str, modality: str, role: str) -> None:
    for value, choices, what in (
        (stance, Claim.Stance, "stance"),
        (modality, Claim.Modality, "way of knowing"),
        (role, Claim.Role, "post"),
    ):
        if value not in choices.values:
            raise FolkmootError(f"Choose a {what} from the list.")


def _require_reader(source: Source, by: User) -> None:
    """Only the source's own people read for claims, and only while it is live."""
    require_edit(by, source)
    if source.is_withdrawn:
        raise NotYet("This source was withdrawn; there is nothing left to read.")


def _require_sight(assumption: Assumption, by: User) -> None:
    if not Assumption.objects.filter(visible(by), pk=assumption.pk).exists():
        raise NotAllowed("You cannot join a claim to this assumption.")


def _require_active(code: Code, by: User, *, edit: bool = True) -> None:
    if edit:
        require_edit(by, code.codebook)
    elif not Codebook.objects.filter(visible(by), pk=code.codebook_id).exists():
        raise NotAllowed("This code belongs to somebody else's codebook.")
    if code.state != Code.State.ACTIVE:
        raise NotYet(f"“{code.name}” is no longer in use ({code.get_state_display().lower()}).")


def _require_name(codebook: Codebook, name: str) -> None:
    if not name.strip():
        raise FolkmootError("Give the code a name.")
    if codebook.codes.filter(name__iexact=name.strip(), state=Code.State.ACTIVE).exists():
        raise FolkmootError(f"There is a code “{name.strip()}” in this codebook already.")


def _changed(code: Code, what: str, *, by: User, **detail: Any) -> None:
    CodeChange.objects.create(code=code, what=what, detail=detail, **_made(by))
    record(f"{what} a code", by=by, on=code, **_owner(code.codebook))


def _owner(row: Source | Codebook) -> dict[str, int | None]:
    return {"organisation_id": row.organisation_id, "team_id": row.team_id}


def _made(by: User) -> dict[str, Any]:
    return {"created_at": timezone.now(), "created_by": by.label}
