"""Writing briefings: begin one, draft an edition, have it read, publish it. Statements are composed, not typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.briefings.composing import SECTIONS, compose
from folkmoot.briefings.contrary import contrary_in_scope
from folkmoot.briefings.frozen import contrary_of, fingerprint_of, shared_of
from folkmoot.briefings.models import Briefing, Edition, Notice, Review
from folkmoot.briefings.policies import require_draft, require_sight_of_draft
from folkmoot.coding.models import Code
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.ownership import ids_of, owned_by, owner_of
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import Visibility, visible
from folkmoot.strategies.models import Objective

REACHES = {
    "organisation": (Visibility.OWN, Visibility.NETWORK, Visibility.PUBLIC),
    "team": (Visibility.TEAM, Visibility.NETWORK, Visibility.PUBLIC),
    "network": (Visibility.NETWORK, Visibility.PUBLIC),
}
REMARK_LENGTH = 3000
INTRODUCTION_LENGTH = 6000


@action
def create_briefing(
    title: str,
    *,
    owner: Organisation | ResearchTeam | None,
    visibility: str,
    objective: Objective | None = None,
    theme: Code | None = None,
    by: User,
) -> Briefing:
    """Begin a briefing on an objective or a theme. ``visibility`` says for whom its editions are written."""
    require_edit_for(by, **ids_of(owner))
    if not title.strip():
        raise FolkmootError("Give the briefing a title.")
    if (objective is None) == (theme is None):
        raise FolkmootError("A briefing is about one objective or one theme.")
    _require_reach(owner, visibility)
    if objective is not None and not Objective.objects.filter(visible(by), pk=objective.pk).exists():
        raise NotAllowed("You cannot write about this objective.")
    if theme is not None:
        _require_theme(theme, owner)
    briefing = Briefing.objects.create(
        title=" ".join(title.split())[:200],
        objective=objective,
        theme=theme,
        visibility=visibility,
        **owned_by(owner),
        **made(by),
    )
    record("began a briefing", by=by, on=briefing, visibility=visibility)
    return briefing


@action
def address_briefing(briefing: Briefing, *, visibility: str, expected: int, by: User) -> Briefing:
    """Change for whom it is written. Once an edition is out, only to fewer: it was composed for its readers."""
    require_edit(by, briefing)
    _require_reach(briefing.organisation or briefing.team, visibility)
    order = [Visibility.OWN, Visibility.TEAM, Visibility.NETWORK, Visibility.PUBLIC]
    wider = order.index(Visibility(visibility)) > order.index(Visibility(briefing.visibility))
    if wider and briefing.editions.exclude(state=Edition.State.DRAFT).exists():
        raise NotYet(
            "Its editions were written for fewer readers and may hold what others must not see. "
            "Begin another briefing for the wider circle."
        )
    briefing.visibility = visibility
    save_version(briefing, expected=expected, by=by)
    record("addressed a briefing", by=by, on=briefing, visibility=visibility)
    return briefing


@action
def draft_edition(briefing: Briefing, *, by: User) -> Edition:
    """Compose the next edition from the records as they stand today."""
    require_edit(by, briefing)
    draft = briefing.editions.filter(state=Edition.State.DRAFT).first()
    if draft is not None:
        raise NotYet(f"Edition {draft.number} is being drafted already.")
    last = briefing.editions.order_by("-number").first()
    number = last.number + 1 if last else 1
    edition = Edition.objects.create(
        briefing=briefing,
        number=number,
        content=compose(briefing, number=number, today=timezone.localdate()),
        introduction=last.introduction if last else "",
        **made(by),
    )
    _recorded("drafted an edition", edition, by=by, against=len(contrary_of(edition.content)))
    return edition


@action
def compose_again(edition: Edition, *, expected: int, by: User) -> Edition:
    """Compose a draft anew from the records; the introduction and the remarks stay."""
    require_draft(edition, by)
    remarks = edition.content.get("remarks", {})
    edition.content = compose(edition.briefing, number=edition.number, today=timezone.localdate())
    edition.content["remarks"] = remarks
    save_version(edition, expected=expected, by=by)
    _recorded("composed an edition again", edition, by=by, against=len(contrary_of(edition.content)))
    return edition


@action
def describe_edition(
    edition: Edition, *, introduction: str, remarks: Mapping[str, str], expected: int, by: User
) -> Edition:
    """Add an introduction, and remarks beside the sections. Statements cannot be changed or removed."""
    require_draft(edition, by)
    unknown = set(remarks) - {key for key, _, _ in SECTIONS}
    if unknown:
        raise FolkmootError(f"There is no section “{sorted(unknown)[0]}” to remark on.")
    if len(introduction) > INTRODUCTION_LENGTH or any(len(one) > REMARK_LENGTH for one in remarks.values()):
        raise FolkmootError(
            f"An introduction may have {INTRODUCTION_LENGTH:,} characters and a remark {REMARK_LENGTH:,}."
        )
    edition.introduction = introduction.strip()
    kept = {key: text.strip() for key, text in remarks.items() if text.strip()}
    edition.content = {**edition.content, "remarks": kept}
    save_version(edition, expected=expected, by=by)
    _recorded("described an edition", edition, by=by, remarks=sorted(kept))
    return edition


@action
def review_edition(edition: Edition, *, verdict: str, words: str = "", by: User) -> Review:
    """Say of a draft whether it is ready. Anybody of its owner can; whoever asks for changes says which."""
    require_sight_of_draft(by, edition.briefing)
    if edition.state != Edition.State.DRAFT:
        raise NotYet("This edition is published; comment on it instead.")
    if verdict not in Review.Verdict.values:
        raise FolkmootError("Say whether it is ready or needs changes.")
    if verdict == Review.Verdict.CHANGES and not words.strip():
        raise FolkmootError("Say what has to change.")
    review = Review.objects.create(
        edition=edition,
        reviewer=by,
        verdict=verdict,
        words=words.strip(),
        **made(by),
    )
    _recorded("reviewed an edition", edition, by=by, verdict=verdict)
    return review


@action
def publish_edition(edition: Edition, *, expected: int, by: User) -> Edition:
    """Freeze a draft. Refused while anything recorded against it is missing, or it was asked to change.

    What speaks against is read anew from the records, so that nothing recorded since the draft was
    composed can be left out. The edition before becomes superseded.
    """
    require_draft(edition, by)
    briefing = edition.briefing
    if edition.content["audience"]["visibility"] != briefing.visibility:
        raise NotYet("It was composed for other readers. Compose it again before you publish it.")
    others = _require_no_changes_asked(edition, by)
    _require_all_against(edition)
    _require_still_shared(edition)
    now = timezone.now()
    made = {
        **edition.content["made"],
        "published": timezone.localdate(now).isoformat(),
        "read_by_others": others,
    }
    edition.content = {**edition.content, "made": made}
    edition.state, edition.published_at, edition.published_by = Edition.State.PUBLISHED, now, by.label
    edition.fingerprint = fingerprint_of(
        title=briefing.title,
        number=edition.number,
        introduction=edition.introduction,
        content=edition.content,
    )
    for earlier in briefing.editions.filter(state=Edition.State.PUBLISHED):
        earlier.state = Edition.State.SUPERSEDED
        save_version(earlier, expected=earlier.version, by=by)
    save_version(edition, expected=expected, by=by)
    _recorded(
        "published an edition",
        edition,
        by=by,
        fingerprint=edition.fingerprint,
        against=len(contrary_of(edition.content)),
    )
    return edition


@action
def discard_draft(edition: Edition, *, by: User) -> None:
    """Throw a draft away. Its number is free again; a published edition cannot be thrown away."""
    require_draft(edition, by)
    _recorded("discarded a draft", edition, by=by)
    edition.delete()


@action
def add_notice(edition: Edition, *, text: str, by: User) -> Notice:
    """Print a correction on a published edition. Its content stays as it was."""
    require_edit(by, edition.briefing)
    if edition.state == Edition.State.DRAFT:
        raise NotYet("A draft can still be changed; it needs no notice.")
    if not text.strip():
        raise FolkmootError("Write what readers of this edition have to know.")
    notice = Notice.objects.create(edition=edition, text=text.strip(), **made(by))
    _recorded("added a notice", edition, by=by)
    return notice


def _require_no_changes_asked(edition: Edition, by: User) -> int:
    """How many others called it ready since it last changed; refuses where somebody asked for changes."""
    since = edition.changed_at or edition.created_at
    latest: dict[int | None, Review] = {}
    for review in edition.reviews.filter(created_at__gte=since).order_by("created_at", "id"):
        latest[review.reviewer_id] = review
    for review in latest.values():
        if review.verdict == Review.Verdict.CHANGES:
            raise NotYet(f"{review.created_by} asked for changes: {review.words}")
    return sum(reviewer != by.pk for reviewer in latest)


def _require_all_against(edition: Edition) -> None:
    recorded, held = contrary_in_scope(edition.briefing), contrary_of(edition.content)
    missing, gone = recorded - held, held - recorded
    if missing:
        count = f"{len(missing)} recorded item" + (" speaks" if len(missing) == 1 else "s speak")
        raise NotYet(
            f"{count} against it and would be missing from this edition. Compose it again before you publish it."
        )
    if gone:
        count = f"{len(gone)} item" + (
            " of this draft no longer stands" if len(gone) == 1 else "s of this draft no longer stand"
        )
        raise NotYet(f"{count} against it in the records. Compose it again before you publish it.")


def _require_still_shared(edition: Edition) -> None:
    """What its owners took back from these readers since the draft was composed is not published."""
    fresh = compose(edition.briefing, number=edition.number, today=timezone.localdate())
    number = len(shared_of(edition.content) - shared_of(fresh))
    if number:
        count = f"{number} item" + (
            " of this draft is no longer shared with its readers, or no longer stands"
            if number == 1
            else "s of this draft are no longer shared with its readers, or no longer stand"
        )
        raise NotYet(f"{count}. Compose it again before you publish it.")


def _require_reach(owner: Organisation | ResearchTeam | None, visibility: str) -> None:
    kind = "organisation" if isinstance(owner, Organisation) else "team" if owner else "network"
    if visibility not in REACHES[kind]:
        raise FolkmootError("Choose from the list for whom the briefing is written.")


def _require_theme(theme: Code, owner: Organisation | ResearchTeam | None) -> None:
    """A theme is the wording of those who read with it: its codebook's owner writes about it."""
    if theme.state == Code.State.MERGED and theme.merged_into is not None:
        raise NotYet(f"This theme was merged into “{theme.merged_into}”; write about that one.")
    if theme.state != Code.State.ACTIVE:
        raise NotYet("This theme is no longer used; write about one that is.")
    book = theme.codebook
    if owner_of(book) != ids_of(owner):
        raise NotAllowed(f"A briefing on a theme belongs to the owner of its codebook, {book.owner_label}.")


def _recorded(what: str, edition: Edition, *, by: User, **detail: Any) -> None:
    briefing = edition.briefing
    record(
        what, by=by, on=edition, organisation_id=briefing.organisation_id, team_id=briefing.team_id, **detail
    )
