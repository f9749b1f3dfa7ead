"""What was decided and why, what was promised, who was told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.communities.models import Grouping, Place
from folkmoot.heard.models.concerns import Concern
from folkmoot.heard.states import PROMISE
from folkmoot.organisations.models import User


class Decision(Made):
    """One decision on a concern. “No” is a decision too; without a reason there is none."""

    class Outcome(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "In part"
        NO = "no", "No"
        ELSEWHERE = "elsewhere", "Others decide: passed on"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="decisions")
    who = models.CharField(max_length=160, help_text="A post or body, never a name")
    decided_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    what = models.TextField()
    because = models.TextField()

    privacy = declared(
        retention=Retention.RECORD, organisational="concern who decided_on outcome what because"
    )

    class Meta:
        ordering = ["concern_id", "-decided_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(because=""), name="a_decision_says_why"),
            models.CheckConstraint(condition=~Q(who=""), name="a_decision_says_whose"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.decided_on}"


class Promise(Versioned, Made):
    """Something that will be done, by somebody in a post, by a day. A day that was moved stays readable."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="promises")
    text = models.CharField(max_length=300)
    owner_role = models.CharField(max_length=120)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="promises")
    due = models.DateField()
    first_due = models.DateField()
    state = models.CharField(max_length=8, choices=PROMISE.choices, default=PROMISE.first)
    settled_on = models.DateField(null=True, blank=True)
    settlement = models.TextField(blank=True, help_text="What was done, or why not")

    privacy = declared(
        retention=Retention.RECORD,
        personal="owner",
        organisational="concern text owner_role place due first_due state settled_on settlement",
    )

    class Meta:
        ordering = ["due", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_on=None)
                | (Q(state__in=["kept", "broken"], settled_on__isnull=False) & ~Q(settlement="")),
                name="a_settled_promise_says_how",
            )
        ]
        indexes = [
            models.Index(fields=["state", "due"], name="promises_by_day"),
            models.Index(fields=["place", "state"], name="promises_by_place"),
        ]

    def __str__(self) -> str:
        return self.text


class Telling(Made):
    """Who was told what came of it, how, and when."""

    class How(models.TextChoices):
        PERSON = "person", "In person, where people spoke"
        MEETING = "meeting", "At a meeting"
        LETTER = "letter", "By letter or leaflet"
        MESSAGE = "message", "By message"
        NOTICE = "notice", "On a notice or screen in the place"
        MEDIA = "media", "On social media or in the press"
        PAGE = "page", "On the public page alone"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="tellings")
    whom = models.CharField(max_length=200, help_text="Who was told, as they would describe themselves")
    grouping = models.ForeignKey(
        Grouping, null=True, blank=True, on_delete=models.PROTECT, related_name="tellings"
    )
    how = models.CharField(max_length=10, choices=How.choices)
    told_on = models.DateField()
    said = models.TextField(help_text="What they were told")

    privacy = declared(retention=Retention.RECORD, organisational="concern whom grouping how told_on said")

    class Meta:
        ordering = ["concern_id", "-told_on", "-id"]

    def __str__(self) -> str:
        return f"{self.whom}, {self.told_on}"
