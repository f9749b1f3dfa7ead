"""Making, ending and using one's own access tokens. What a token may do: its person is who it is, and nothing more."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.utils import timezone

from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.organisations.models import Token, User
from folkmoot.organisations.tokens import digest_of, live_tokens

LASTS = timedelta(days=365)
AT_ONCE = 20
PREFIX = "fm_"  # tells people, and programs that look for leaked keys, what it is


@action
def make_token(name: str, *, by: User) -> tuple[Token, str]:
    """A token of this person's for a year, and its secret, which nobody can be shown again."""
    if not name.strip():
        raise FolkmootError("Name it after what will use it, so that you know later which one to end.")
    if len(live_tokens(by)) >= AT_ONCE:
        raise NotYet(f"You have {AT_ONCE} tokens. End one that is no longer used.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=by,
        name=" ".join(name.split())[:80],
        digest=digest_of(secret),
        expires_at=timezone.now() + LASTS,
        **made(by),
    )
    record("made an access token", by=by, on=token)
    return token, secret


@action
def end_token(token: Token, *, by: User) -> Token:
    """End a token at once; whatever carries it is refused from now on."""
    if token.user_id != by.pk:
        raise NotAllowed("Only the person who made a token ends it.")
    if token.ended_at is not None:
        raise NotYet("This token has ended already.")
    token.ended_at = timezone.now()
    token.save(update_fields=["ended_at"])
    record("ended an access token", by=by, on=token)
    return token


@action
def note_use(token: Token, *, on: date, by: User) -> None:
    """Keep the day on which a token was last used: one row in the log for each day."""
    token.last_used_on = on
    token.save(update_fields=["last_used_on"])
    record("used an access token", by=by, on=token)
