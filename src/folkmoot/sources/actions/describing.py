"""What is said about a source: title, day, setting, recruitment, consent and reach."""

from __future__ import annotations

from datetime import date

from folkmoot.audit.actions import TheInstance, action, record, save_version
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import Visibility
from folkmoot.sources import wishes
from folkmoot.sources.models import Source
from folkmoot.sources.policies import require_change, require_live, require_withdraw

TRANSCRIPTS = {Source.Kind.INTERVIEW, Source.Kind.GROUP}


@action
def describe_source(
    source: Source,
    *,
    title: str,
    kind: str,
    held_on: date | None,
    setting: str,
    recruitment: str,
    missing_people: str,
    about_organisation: Organisation | None,
    people: int | None,
    expected: int,
    by: User,
) -> Source:
    """Save the description as a new version; refuses a stale one, and a document made an interview."""
    require_change(by, source)
    if not title.strip():
        raise NotYet("Give the source a title, so that your team can tell it from the others.")
    if (kind in TRANSCRIPTS) != source.is_transcript:
        raise NotYet("A document cannot become an interview, nor an interview a document: import it anew.")
    changed = [
        name
        for name, value in (
            ("title", title.strip()),
            ("kind", kind),
            ("held_on", held_on),
            ("setting", setting.strip()),
            ("recruitment", recruitment.strip()),
            ("missing_people", missing_people.strip()),
            ("about_organisation", about_organisation),
            ("people", people),
        )
        if _set(source, name, value)
    ]
    save_version(source, expected=expected, by=by)
    record("sources.described", by=by, on=source, changed=changed)
    return source


def _set(source: Source, name: str, value: object) -> bool:
    if getattr(source, name) == value:
        return False
    setattr(source, name, value)
    return True


@action
def set_consent(source: Source, *, consent: str, expected: int, by: User | TheInstance) -> Source:
    """What the people agreed to. Narrower consent takes words off every page at once."""
    require_withdraw(by, source)
    require_live(source)
    if consent not in Source.Consent.values:
        raise NotAllowed("Consent is to quote, to paraphrase or to count only.")
    before, source.consent = source.consent, consent
    save_version(source, expected=expected, by=by)
    record("sources.consent.set", by=by, on=source, before=before, after=consent)
    wishes.remember_consent(source)
    return source


@action
def set_visibility(source: Source, *, visibility: str, expected: int, by: User) -> Source:
    """How far beyond its owner the source is shared; its words go no further than its consent."""
    require_withdraw(by, source)
    require_live(source)
    own = Visibility.TEAM if source.team_id else Visibility.OWN
    if visibility not in {own, Visibility.NETWORK, Visibility.PUBLIC}:
        raise NotAllowed("A source is its owner's own, shared with the network, or public.")
    before, source.visibility = source.visibility, visibility
    save_version(source, expected=expected, by=by)
    record("sources.visibility.set", by=by, on=source, before=before, after=visibility)
    return source


@action
def set_terms(source: Source, *, consent: str, visibility: str, expected: int, by: User) -> Source:
    """Consent and reach in one go, as the page has them: both or neither."""
    if source.consent != consent:
        set_consent(source, consent=consent, expected=expected, by=by)
        expected = source.version
    set_visibility(source, visibility=visibility, expected=expected, by=by)
    return source
