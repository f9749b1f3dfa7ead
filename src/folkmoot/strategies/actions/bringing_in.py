"""Bringing in the words of a strategy's version: a file, pasted text, or a document that is here already."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from folkmoot.audit.actions import action
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.sources.actions import import_sources
from folkmoot.sources.models import Source
from folkmoot.strategies.actions.documents import add_strategy_version, create_strategy
from folkmoot.strategies.models import Strategy, StrategyVersion


def bring_in_version(
    strategy: Strategy,
    *,
    file: tuple[str, bytes],
    published: bool = False,
    in_force_from: date | None = None,
    in_force_until: date | None = None,
    note: str = "",
    by: User,
) -> StrategyVersion:
    """Read the file (its name and bytes) and make it the strategy's next version.

    A file that the organisation brought in before is not stored twice: the version takes the document
    that is there, unless it is a version of some strategy already. ``published`` says that the words
    are public, so that they may be quoted wherever the strategy is shared.
    """
    require_edit(by, strategy)
    _require_order(in_force_from, in_force_until)
    source = _document(strategy, file=file, published=published, by=by)
    return add_strategy_version(
        strategy,
        source=source,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        note=note,
        by=by,
    )


def bring_in_strategy(
    title: str,
    *,
    kind: str,
    organisation: Organisation,
    visibility: str,
    file: tuple[str, bytes],
    published: bool = False,
    in_force_from: date | None = None,
    in_force_until: date | None = None,
    note: str = "",
    by: User,
) -> StrategyVersion:
    """Enter a strategy with its first version. A file that cannot be read leaves no empty strategy."""
    require_edit_for(by, organisation_id=organisation.pk)
    _require_order(in_force_from, in_force_until)
    # not saved: only what the document is to be like
    draft = Strategy(title=title, kind=kind, organisation=organisation, visibility=visibility)
    source = _document(draft, file=file, published=published, by=by)
    return enter_strategy(
        title,
        kind=kind,
        organisation=organisation,
        visibility=visibility,
        source=source,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        note=note,
        by=by,
    )


@action
def enter_strategy(
    title: str,
    *,
    kind: str,
    organisation: Organisation,
    visibility: str,
    source: Source,
    in_force_from: date | None = None,
    in_force_until: date | None = None,
    note: str = "",
    by: User,
) -> StrategyVersion:
    """Enter a strategy whose first version is a document that is among the sources already."""
    strategy = create_strategy(title, kind=kind, organisation=organisation, visibility=visibility, by=by)
    return add_strategy_version(
        strategy,
        source=source,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        note=note,
        by=by,
    )


# the import frames its own storing, so that no lock is held while a long file is read
bring_in_version.is_action = bring_in_strategy.is_action = True  # type: ignore[attr-defined]


def _require_order(since: date | None, until: date | None) -> None:
    if since and until and until <= since:
        raise FolkmootError("A version ends after it came into force.")


def _document(strategy: Strategy, *, file: tuple[str, bytes], published: bool, by: User) -> Source:
    return _known(strategy, content=file[1]) or _imported(strategy, file=file, published=published, by=by)


def _known(strategy: Strategy, *, content: bytes) -> Source | None:
    found = Source.objects.filter(
        organisation=strategy.organisation,
        state=Source.State.LIVE,
        original__sha256=sha256(content).hexdigest(),
        original__erased_at=None,
    ).first()
    if found is not None and hasattr(found, "strategy_version"):
        raise FolkmootError(f"This file is here already, as {found.strategy_version}.")
    return found


def _imported(strategy: Strategy, *, file: tuple[str, bytes], published: bool, by: User) -> Source:
    if strategy.organisation is None:
        raise FolkmootError("A strategy belongs to an organisation.")
    imported = import_sources(
        [file],
        kind=strategy.kind,
        owner=strategy.organisation,
        visibility=strategy.visibility,
        consent=Source.Consent.QUOTE if published else Source.Consent.COUNT,
        published=published,
        by=by,
    )
    sources = list(imported.sources.all())
    if len(sources) != 1:
        raise FolkmootError(
            f"This file holds {len(sources)} documents. They are among your sources now; "
            "choose the one that is the strategy there."
        )
    return sources[0]
