"""Bringing in strategies, their versions, and saying what each passage is."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

from django.db.models import Max

from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import Visibility
from folkmoot.sources.actions import set_visibility
from folkmoot.sources.models import Passage, Source
from folkmoot.strategies.models import PassageVerdict, Strategy, StrategyVersion


@action
def create_strategy(
    title: str, *, kind: str, organisation: Organisation, visibility: str = "own", by: User
) -> Strategy:
    """Enter a strategy, action plan or policy; its words come with its first version."""
    require_edit_for(by, organisation_id=organisation.pk)
    if not title.strip():
        raise FolkmootError("Give the document a title.")
    strategy = Strategy.objects.create(
        title=title.strip(), kind=kind, organisation=organisation, visibility=visibility, **made(by)
    )
    record("created a strategy", by=by, on=strategy)
    return strategy


@action
def add_strategy_version(
    strategy: Strategy,
    *,
    source: Source,
    in_force_from: date | None = None,
    in_force_until: date | None = None,
    note: str = "",
    by: User,
) -> StrategyVersion:
    """Add the document's next version; the source that holds its words belongs to the same organisation."""
    require_edit(by, strategy)
    if source.organisation_id != strategy.organisation_id:
        raise FolkmootError("The document's words belong to another organisation.")
    if hasattr(source, "strategy_version"):
        raise FolkmootError(f"This document is {source.strategy_version} already.")
    if in_force_from and in_force_until and in_force_until <= in_force_from:
        raise FolkmootError("A version ends after it came into force.")
    number = (strategy.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = StrategyVersion.objects.create(
        strategy=strategy,
        number=number,
        source=source,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        note=note,
        **made(by),
    )
    if source.original is not None and source.title == PurePath(source.original.name).stem:
        # a title that is only the file's name tells a reader of the list of sources nothing
        save_part(source, expected=None, by=by, title=f"{strategy.title}, version {number}"[:200])
    record("added a version of a strategy", by=by, on=version, organisation_id=strategy.organisation_id)
    return version


@action
def judge_passage(passage: Passage, *, verdict: str, why: str = "", by: User) -> PassageVerdict:
    """Say what a marked passage of a strategy is. It can be said again; the last word stands."""
    require_edit(by, passage.source)
    if verdict not in PassageVerdict.Verdict.values:
        raise FolkmootError("A passage is an objective, a commitment or neither.")
    if verdict != PassageVerdict.Verdict.OBJECTIVE and passage.objectives.filter(state="active").exists():
        raise NotYet("An objective was stated from this passage; retire it before you say otherwise.")
    judged, _ = PassageVerdict.objects.update_or_create(
        passage=passage, defaults={"verdict": verdict, "why": why.strip(), **made(by)}
    )
    record(
        "judged a passage", by=by, on=judged, organisation_id=passage.source.organisation_id, verdict=verdict
    )
    return judged


@action
def share_strategy(strategy: Strategy, *, visibility: str, expected: int, by: User) -> Strategy:
    """Say how far a strategy and its versions are shown; their words go no further than they may."""
    require_edit(by, strategy)
    if visibility not in {Visibility.OWN, Visibility.NETWORK, Visibility.PUBLIC}:
        raise FolkmootError("A strategy is your organisation's own, shared with the network, or public.")
    strategy.visibility = visibility
    save_version(strategy, expected=expected, by=by)
    for version in strategy.versions.select_related("source"):
        source = version.source
        if not source.is_withdrawn and source.visibility != visibility:
            set_visibility(source, visibility=visibility, expected=source.version, by=by)
    record("shared a strategy", by=by, on=strategy, visibility=visibility)
    return strategy
