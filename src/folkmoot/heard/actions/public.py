"""Words from the public: replies, corrections and new contributions; and what their keepers do with them.

Nobody edits such words. They are shown whole, or kept off the page with a reason that stands there instead.
What does not belong here: how many may come at once (``views.limits``).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import TheInstance, action, made, record, save_part
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.heard.checking import checked
from folkmoot.heard.letting_in import LONGEST_PUBLIC, cleaned, let_in
from folkmoot.heard.models import Concern, Contribution, Correction, Reply, Telling
from folkmoot.heard.models.public import PublicWords
from folkmoot.heard.policies import require_bring_in, require_keep
from folkmoot.heard.receipts import digest_of, new_code
from folkmoot.heard.states import CONCERN, PUBLIC_WORDS
from folkmoot.organisations.models import User
from folkmoot.organisations.visibility import Visibility

DAYS_TO_READ = 14
MOST_WAITING = 50  # on one concern: more at once is a flood, and people are told of other ways


class SomebodyOutside(TheInstance):
    """The public: nobody's name and no account."""

    label = "somebody on the public page"


@action
def reply(concern: Concern, *, agrees: str, words: str = "", by: SomebodyOutside) -> tuple[Reply, str]:
    """Does somebody agree that it was answered? Waits until its keepers show it. Gives the code to take it back."""
    _open_to_public(concern)
    if agrees not in Reply.Agrees.values:
        raise FolkmootError("Say whether it was answered.")
    if not CONCERN.allows(concern.state, _act(agrees)):
        raise NotYet("Nobody has been told anything on this yet, so there is nothing to reply to.")
    said = let_in(words, what="Your words", longest=LONGEST_PUBLIC, needed=False)
    code = new_code()
    made_now: Reply = Reply.objects.create(
        concern=concern, agrees=agrees, words=said, came=Reply.Came.PAGE, **_waiting(code), **made(by)
    )
    record("heard.reply came", by=by, on=made_now, **_owner(concern))
    return made_now, code


@action
def record_reply(
    concern: Concern,
    *,
    agrees: str,
    words: str = "",
    people: int = 1,
    telling: Telling | None = None,
    by: User,
) -> Reply:
    """Write down what people answered in person. It is shown at once, as told to somebody."""
    require_bring_in(by, organisation_id=concern.organisation_id)
    if agrees not in Reply.Agrees.values:
        raise FolkmootError("Say whether they agree that it was answered.")
    if not 1 <= people <= 100_000:
        raise FolkmootError("How many people said so: 1 to 100,000.")
    state = CONCERN.after(concern.state, _act(agrees))
    made_now: Reply = Reply.objects.create(
        concern=concern,
        telling=telling,
        agrees=agrees,
        words=let_in(words, what="Their words", needed=False),
        people=people,
        came=Reply.Came.STAFF,
        state="shown",
        settled_at=timezone.now(),
        settled_by=by.label[:200],
        read_by=timezone.localdate(),
        **made(by),
    )
    save_part(concern, expected=None, by=by, state=state)
    record("heard.reply recorded", by=by, on=made_now, **_owner(concern))
    return made_now


@action
def correct(
    concern: Concern, *, about: str, words: str, code: str = "", by: SomebodyOutside
) -> tuple[Correction, str]:
    """Say that something on the page is wrong. It stands beside the rest and changes none of it.

    Only with the code of a contribution does it count as coming from whoever said that: nobody can claim
    otherwise to have been misheard in somebody else's place.
    """
    _open_to_public(concern)
    if about not in Correction.About.values:
        raise FolkmootError("Say what is wrong.")
    own = None
    if code.strip():
        digest = digest_of(code)
        own = concern.contributions.filter(receipt=digest).first() if digest else None
        if own is None:
            raise FolkmootError(
                "This code belongs to nothing that stands here. Send it without, or look at it again."
            )
    said = let_in(words, what="What is wrong", longest=LONGEST_PUBLIC)
    fresh = new_code()
    made_now: Correction = Correction.objects.create(
        concern=concern, about=about, words=said, contribution=own, **_waiting(fresh), **made(by)
    )
    record("heard.correction came", by=by, on=made_now, **_owner(concern))
    return made_now, fresh


@action
def say_publicly(
    concern: Concern, *, words: str, may_be_quoted: bool, by: SomebodyOutside
) -> tuple[Contribution, str]:
    """Add to what is said on a concern that is still being heard. Waits to be read like everything else."""
    _open_to_public(concern)
    if concern.state != "hearing":
        raise NotYet("This is no longer being heard. You can still say that something on the page is wrong.")
    if concern.organisation is None:
        raise NotYet("Nobody keeps this concern.")
    code = new_code()
    values: dict[str, Any] = checked(
        text=words,
        origin=Contribution.Origin.PUBLIC,
        said_on=timezone.localdate(),
        may_be_quoted=may_be_quoted,
        today=timezone.localdate(),
        longest=LONGEST_PUBLIC,
    )
    contribution = Contribution(
        **values,
        organisation=concern.organisation,
        visibility="own",
        initiative=concern.initiative,
        place=concern.place,
        where=f"on the page “{concern.title}”"[:200] if not values.pop("where") else "",
        receipt=digest_of(code),
        **made(by),
    )
    contribution.save(force_insert=True)
    record("heard.contribution came", by=by, on=contribution)
    return contribution, code


@action
def show_public_words(words: PublicWords, *, by: User) -> PublicWords:
    """Put them on the page, whole. A reply now counts for whether the concern was answered."""
    concern = words.concern
    require_keep(by, organisation_id=concern.organisation_id)
    state = PUBLIC_WORDS.after(words.state, "show")
    _settle(words, state=state, because="", by=by)
    if isinstance(words, Reply) and CONCERN.allows(concern.state, _act(words.agrees)):
        after = CONCERN.after(concern.state, _act(words.agrees))
        save_part(concern, expected=None, by=by, state=after)
    record("heard.public words shown", by=by, on=words, **_owner(concern))
    return words


@action
def set_public_words_aside(words: PublicWords, *, because: str, by: User) -> PublicWords:
    """Keep them off the page. The reason stands there instead, so that nobody's words vanish."""
    require_keep(by, organisation_id=words.concern.organisation_id)
    reason = cleaned(because)[:300]
    if not reason:
        raise FolkmootError("Say why it is not shown: the reason stands on the page.")
    let_in(reason, what="Why it is not shown")
    _settle(words, state=PUBLIC_WORDS.after(words.state, "set aside"), because=reason, by=by)
    record("heard.public words set aside", by=by, on=words, **_owner(words.concern))
    return words


@action
def answer_public_words(words: PublicWords, *, answer: str, by: User) -> PublicWords:
    """Answer beside them."""
    require_keep(by, organisation_id=words.concern.organisation_id)
    if words.state != "shown":
        raise NotYet("Show the words first: an answer stands beside what it answers.")
    words.answer, words.answered_at = let_in(answer, what="Your answer"), timezone.now()
    words.save(update_fields=["answer", "answered_at"])
    record("heard.public words answered", by=by, on=words, **_owner(words.concern))
    return words


def _settle(words: PublicWords, *, state: str, because: str, by: User) -> None:
    words.state, words.because = state, because
    words.settled_at, words.settled_by = timezone.now(), by.label[:200]
    words.save(update_fields=["state", "because", "settled_at", "settled_by"])


def _act(agrees: str) -> str:
    return "reply yes" if agrees == Reply.Agrees.YES else "reply no"


def _waiting(code: str) -> dict[str, Any]:
    return {"receipt": digest_of(code), "read_by": _later(timezone.localdate())}


def _later(day: date) -> date:
    return day + timedelta(days=DAYS_TO_READ)


def _owner(concern: Concern) -> dict[str, int | None]:
    return {"organisation_id": concern.organisation_id, "team_id": concern.team_id}


def _open_to_public(concern: Concern) -> None:
    if concern.visibility != Visibility.PUBLIC:
        raise NotYet("This page is not open.")
    waiting = (
        Reply.objects.filter(concern=concern, state="waiting").count()
        + Correction.objects.filter(concern=concern, state="waiting").count()
    )
    unread = Contribution.objects.filter(
        organisation=concern.organisation, origin="public", state="open"
    ).count()
    if waiting >= MOST_WAITING or unread >= MOST_WAITING * 10:
        raise NotYet(
            "More has come in here than anybody has read yet, so nothing more is taken for now. Write, call or say it "
            "in person instead; how is on the page."
        )
