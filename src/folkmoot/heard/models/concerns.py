"""The concern, and the contributions in people's own words that it gathers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from folkmoot.activities.models import Activity, Initiative
from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.coding.models import Code
from folkmoot.communities.models import Place
from folkmoot.heard.states import CONCERN, CONTRIBUTION
from folkmoot.organisations.visibility import Owned
from folkmoot.sources.models import Passage


class Concern(Owned, Versioned, Made):
    """Something that people spoke of, and everything that came of it."""

    class Influence(models.TextChoices):
        PRIORITIES = "priorities", "Priorities: what is done first"
        WAYS = "ways", "Ways of working: how it is done"
        BOTH = "both", "Priorities and ways of working"
        NEITHER = "neither", "Neither: it could only be heard"

    title = models.CharField(max_length=160)
    asked = models.TextField(blank=True, help_text="What people were asked, in the words used")
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.PROTECT, related_name="concerns"
    )
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="concerns")
    themes = models.ManyToManyField(Code, related_name="concerns", blank=True)
    influence = models.CharField(max_length=10, choices=Influence.choices, blank=True)
    not_open = models.TextField(blank=True, help_text="What could not be changed, and why")
    state = models.CharField(max_length=10, choices=CONCERN.choices, default=CONCERN.first)
    closed_because = models.TextField(blank=True)
    promotes_office_holder = models.BooleanField(default=False)
    # the number of people as the public page shows it: renewed only where the change tells nothing
    released_people = models.PositiveIntegerField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "title asked initiative place themes influence not_open state closed_because "
            "promotes_office_holder released_people released_on"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(closed_because=""), name="closing_a_concern_takes_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-id"], name="concerns_by_state"),
            models.Index(fields=["visibility", "place"], name="concerns_in_public"),
        ]

    def __str__(self) -> str:
        return self.title


class Intake(Owned, Made):
    """One file of contributions: every row of it used, or set aside with its reason."""

    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    read = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="[row, reason] of each row set aside, never its words")

    privacy = declared(
        retention=Retention.RECORD, organisational="filename sha256 read used set_aside reasons"
    )

    class Meta(Owned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


class Contribution(Owned, Versioned, Made):
    """What somebody said, in their own words. No name, no age, no way to reach them is kept.

    Withdrawn, the words are gone and the row stays as a mark that something was here.
    """

    class Origin(models.TextChoices):
        REMARK = "remark", "A remark at an activity"
        SURVEY = "survey", "A survey"
        LETTER = "letter", "A letter or message"
        ADVISERS = "advisers", "An advisory group"
        PUBLIC = "public", "The public page"
        VOTES = "votes", "A statement that people voted on"

    text = models.TextField(blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    where = models.CharField(max_length=200, blank=True, help_text="Such as: spring survey, question 4")
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="contributions"
    )
    passage = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.SET_NULL, related_name="contributions"
    )
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    people = models.PositiveIntegerField(default=1, help_text="How many people said it together")
    said_on = models.DateField()
    may_be_quoted = models.BooleanField(default=False, help_text="Whoever said it agreed to be quoted")
    state = models.CharField(max_length=10, choices=CONTRIBUTION.choices, default=CONTRIBUTION.first)
    because = models.CharField(max_length=300, blank=True, help_text="Why it was set aside")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=64, blank=True, help_text="Digest of the code to take it back with")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    brought_by = models.ForeignKey(
        Intake, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    concerns = models.ManyToManyField(Concern, through="Said", related_name="contributions")

    privacy = declared(
        retention=Retention.RECORD,
        confidential="text where",
        personal="settled_by",
        credential="receipt",
        organisational=(
            "origin activity passage initiative place people said_on may_be_quoted state because settled_at "
            "withdrawn_at brought_by concerns"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-said_on", "-id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="aside") | ~Q(because=""), name="setting_aside_takes_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"]) | Q(settled_at__isnull=False),
                name="a_contribution_dealt_with_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", text="", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None) & ~Q(text="")),
                name="withdrawn_words_are_gone",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="somebody_said_it"),
            models.CheckConstraint(condition=Q(visibility="own"), name="contributions_stay_inside"),
            models.UniqueConstraint(
                fields=["activity"], condition=Q(origin="remark"), name="a_remark_is_taken_in_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-said_on", "-id"], name="contributions_by_state"),
            models.Index(fields=["organisation", "-said_on", "-id"], name="contributions_newest_first"),
            models.Index(fields=["receipt"], condition=~Q(receipt=""), name="contributions_by_receipt"),
        ]

    def __str__(self) -> str:
        # the words stay out of every log and list
        return f"contribution {self.pk}"

    @property
    def is_withdrawn(self) -> bool:
        return self.state == "withdrawn"


class Said(Made):
    """This contribution speaks of that concern, as somebody judged."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="said")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="said")

    privacy = declared(retention=Retention.RECORD, organisational="concern contribution")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "contribution"], name="a_contribution_stands_once_under_a_concern"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} under {self.concern_id}"


class ThemeMark(models.Model):
    """A theme on a contribution: suggested by this machine until a person decides, or put there by one."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", "Suggested"
        DECIDED = "decided", "Decided"
        REFUSED = "refused", "Refused"

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="theme_marks")
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="theme_marks")
    state = models.CharField(max_length=10, choices=State.choices)
    words = models.JSONField(default=list, help_text="The words that led to the suggestion")
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        confidential="contribution code words",
        organisational="state decided_at",
        personal="decided_by",
    )

    class Meta:
        ordering = ["contribution_id", "code_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "code"], name="a_theme_stands_once_on_a_contribution"
            ),
            models.CheckConstraint(
                condition=Q(state="suggested", decided_at=None)
                | Q(state__in=["decided", "refused"], decided_at__isnull=False),
                name="a_decided_theme_says_when",
            ),
        ]
        indexes = [models.Index(fields=["code", "state"], name="themes_by_state")]

    def __str__(self) -> str:
        return f"{self.code} on {self.contribution_id}"
