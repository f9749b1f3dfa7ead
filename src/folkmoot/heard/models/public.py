"""What the public answers: replies and corrections. No account, no name; a code takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made
from folkmoot.audit.privacy import Retention, declared
from folkmoot.heard.models.answers import Telling
from folkmoot.heard.models.concerns import Concern, Contribution
from folkmoot.heard.states import PUBLIC_WORDS


class PublicWords(Made):
    """Words from outside. Whoever keeps the concern shows them whole or says why not; nobody edits them."""

    words = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=PUBLIC_WORDS.choices, default=PUBLIC_WORDS.first)
    because = models.CharField(max_length=300, blank=True, help_text="Why it is not shown")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    read_by = models.DateField(help_text="The day by which it should have been read")
    answer = models.TextField(blank=True, help_text="The organisation's answer, beside it")
    answered_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=64, blank=True, db_index=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        concern: Concern
        concern_id: int

    PRIVACY: dict[str, Any] = {
        "confidential": "words",
        "personal": "settled_by",
        "credential": "receipt",
    }

    class Meta:
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="aside") | ~Q(because=""), name="%(class)s_aside_takes_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(words="", answer="", withdrawn_at__isnull=False),
                name="%(class)s_withdrawn_is_gone",
            ),
        ]
        indexes = [models.Index(fields=["concern", "state"], name="%(class)s_of_a_concern")]


PUBLIC_ORGANISATIONAL = "concern state because settled_at read_by answer answered_at withdrawn_at"


class Reply(PublicWords):
    """Was it answered? What people say who were told, or who read the page."""

    class Agrees(models.TextChoices):
        YES = "yes", "Yes, it was answered"
        PARTLY = "partly", "In part"
        NO = "no", "No"

    class Came(models.TextChoices):
        PAGE = "page", "From the public page"
        STAFF = "staff", "Told to somebody, who wrote it down"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="replies")
    telling = models.ForeignKey(
        Telling, null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    agrees = models.CharField(max_length=6, choices=Agrees.choices)
    came = models.CharField(max_length=5, choices=Came.choices)
    people = models.PositiveIntegerField(default=1)

    privacy = declared(
        retention=Retention.RECORD,
        **PublicWords.PRIVACY,
        organisational=f"{PUBLIC_ORGANISATIONAL} telling agrees came people",
    )

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Correction(PublicWords):
    """Something on the page is wrong, says somebody. It stands beside what it speaks of and changes nothing there."""

    class About(models.TextChoices):
        SAID = "said", "What people said"
        DECIDED = "decided", "What was decided or why"
        DONE = "done", "What was done or promised"
        OTHER = "other", "Something else on this page"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="corrections")
    about = models.CharField(max_length=8, choices=About.choices)
    # set only where the person gave the code of that contribution: nobody else can claim to have said it
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )

    privacy = declared(
        retention=Retention.RECORD,
        **PublicWords.PRIVACY,
        organisational=f"{PUBLIC_ORGANISATIONAL} about contribution",
    )

    def __str__(self) -> str:
        return f"correction {self.pk}"
