"""Writing codebooks: making, describing, moving, merging, dividing and retiring codes, each with its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.coding.models import Code, Codebook, CodeChange, Coding
from folkmoot.coding.policies import require_active, require_name
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.ownership import owner_of
from folkmoot.organisations.policies import require_edit, require_edit_for


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
        **made(by),
    )
    record("created a codebook", by=by, on=codebook)
    return codebook


@action
def create_code(
    codebook: Codebook, *, name: str, description: str = "", parent: Code | None = None, by: User
) -> Code:
    """Add a theme to a codebook."""
    require_edit(by, codebook)
    require_name(codebook, name)
    if parent is not None and parent.codebook_id != codebook.pk:
        raise FolkmootError("A code stands below a code of its own codebook.")
    code = Code.objects.create(
        codebook=codebook, name=name.strip(), description=description.strip(), parent=parent, **made(by)
    )
    _changed(code, "made", by=by, name=code.name)
    return code


@action
def describe_code(code: Code, *, name: str, description: str, expected: int, by: User) -> Code:
    """Rename a code or describe it better; what it was called stays in its history."""
    require_active(code, by)
    if name.strip() != code.name:
        require_name(code.codebook, name)
    before = {"name": code.name, "description": code.description}
    code.name, code.description = name.strip(), description.strip()
    save_version(code, expected=expected, by=by)
    _changed(code, "described", by=by, before=before)
    return code


@action
def move_code(code: Code, *, parent: Code | None, expected: int, by: User) -> Code:
    """Put a code below another one, or at the top."""
    require_active(code, by)
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
def edit_code(
    code: Code, *, name: str, description: str, parent: Code | None, expected: int, by: User
) -> Code:
    """Describe a code and move it in one go, as its form does; only what changed is written."""
    at = expected
    if parent != code.parent:
        at = move_code(code, parent=parent, expected=at, by=by).version
    if (name.strip(), description.strip()) != (code.name, code.description):
        at = describe_code(code, name=name, description=description, expected=at, by=by).version
    if at == expected:
        require_active(code, by)
        record("left a code as it was", by=by, on=code, **owner_of(code.codebook))
    return code


@action
def merge_codes(code: Code, *, into: Code, by: User) -> Code:
    """Make one code part of another: its codings go over, its name stays in the history."""
    require_active(code, by)
    require_active(into, by)
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
    require_active(code, by)
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
    require_active(code, by)
    code.state = Code.State.RETIRED
    save_version(code, expected=expected, by=by)
    _changed(code, "retired", by=by)
    return code


def _changed(code: Code, what: str, *, by: User, **detail: Any) -> None:
    CodeChange.objects.create(code=code, what=what, detail=detail, **made(by))
    record(f"{what} a code", by=by, on=code, **owner_of(code.codebook))
