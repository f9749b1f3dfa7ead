"""What engagement is for: aims, documents in versions, objectives, commitments, dual-benefit claims."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import Owned
from folkmoot.sources.models import Passage, Source


class Aim(models.Model):
    """One of the 15 kinds of purpose. Reference data from ``strategies/library/aims.toml``."""

    class Benefit(models.TextChoices):
        ORGANISATION = "organisation", "The organisation"
        COMMUNITY = "community", "The community"
        DECLARE = "declare", "To be declared case by case"

    code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=120)
    benefit = models.CharField(max_length=12, choices=Benefit.choices)
    explanation = models.TextField()
    watch_for = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    privacy = declared(
        retention=Retention.REFERENCE, public="code name benefit explanation watch_for position"
    )

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Strategy(Owned, Versioned, Made):
    """A strategy or action plan, through all its versions."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", "Strategy"
        ACTION_PLAN = "action plan", "Action plan"
        POLICY = "policy", "Acceptable use or other policy"

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)

    privacy = declared(retention=Retention.RECORD, organisational="title kind")

    class Meta(Owned.Meta):
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class StrategyVersion(Made):
    """One version of the document: the source that holds its words, and when it was in force."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    source = models.OneToOneField(Source, on_delete=models.PROTECT, related_name="strategy_version")
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    privacy = declared(
        retention=Retention.RECORD, organisational="strategy number source in_force_from in_force_until note"
    )

    class Meta:
        ordering = ["strategy_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="strategy_versions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.strategy}, version {self.number}"


class Objective(Owned, Versioned, Made):
    """What one organisation wants to change: for whom, by which day, and what would show it."""

    class Benefit(models.TextChoices):
        ORGANISATION = "organisation", "The organisation"
        COMMUNITY = "community", "The community"

    class Stated(models.TextChoices):
        BEFORE = "before", "Before the work began"
        AFTER = "after", "Only after it had begun"

    class Influence(models.TextChoices):
        PRIORITIES = "priorities", "Priorities"
        WAYS = "ways", "Ways of working"
        NEITHER = "neither", "Neither"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    aim = models.ForeignKey(Aim, on_delete=models.PROTECT, related_name="objectives")
    title = models.CharField(max_length=200)
    who = models.CharField(max_length=300)
    what_change = models.TextField()
    by_when = models.DateField()
    how_known = models.TextField()
    benefits = models.CharField(max_length=12, choices=Benefit.choices)
    stated = models.CharField(max_length=6, choices=Stated.choices, default=Stated.BEFORE)
    who_says = models.CharField(max_length=200, blank=True, help_text="Whose judgement success is (R5)")
    checked = models.CharField(
        max_length=200, blank=True, help_text="How anyone has checked it, if they have"
    )
    influence = models.CharField(max_length=12, choices=Influence.choices, default=Influence.NEITHER)
    receiving_agency = models.CharField(max_length=200, blank=True)
    receiving_capacity = models.CharField(max_length=200, blank=True)
    receiving_agreement = models.CharField(max_length=200, blank=True)
    promotes_office_holder = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    passage = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.SET_NULL, related_name="objectives"
    )

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "aim title who what_change by_when how_known benefits stated who_says checked influence "
            "receiving_agency receiving_capacity receiving_agreement promotes_office_holder state passage"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["aim__position", "title", "id"]

    def __str__(self) -> str:
        return self.title


class ObjectiveVersion(Made):
    """What an objective said at one version, kept so that work done under it stays explained (R60b)."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="history")
    number = models.PositiveIntegerField()
    content = models.JSONField()

    privacy = declared(retention=Retention.RECORD, organisational="objective number content")

    class Meta:
        ordering = ["objective_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["objective", "number"], name="objective_versions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.objective}, version {self.number}"


class Commitment(Owned, Versioned, Made):
    """Something a document promises to do."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        KEPT = "kept", "Kept"
        NOT_KEPT = "not kept", "Not kept"

    text = models.TextField()
    owner_role = models.CharField(max_length=120, blank=True)
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    why = models.CharField(max_length=300, blank=True)
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    passage = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )

    privacy = declared(
        retention=Retention.RECORD, organisational="text owner_role due state why objective passage"
    )

    class Meta(Owned.Meta):
        ordering = ["due", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class PassageVerdict(Made):
    """What a marked passage of a strategy is: an objective, a commitment, or nothing."""

    class Verdict(models.TextChoices):
        OBJECTIVE = "objective", "An objective"
        COMMITMENT = "commitment", "A commitment"
        NOTHING = "nothing", "Neither: it states no purpose and promises nothing"

    passage = models.OneToOneField(Passage, on_delete=models.CASCADE, related_name="verdict")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    why = models.CharField(max_length=300, blank=True)

    privacy = declared(retention=Retention.RECORD, organisational="passage verdict why")

    def __str__(self) -> str:
        return self.get_verdict_display()


class DualBenefit(Owned, Versioned, Made):
    """The claim that one objective serves organisation and community both. Untested unless shown (R3)."""

    class Status(models.TextChoices):
        UNTESTED = "untested", "Untested"
        SUPPORTED = "supported", "Supported"
        CHALLENGED = "challenged", "Challenged"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="dual_benefits")
    organisation_gains = models.TextField()
    community_gains = models.TextField()
    through = models.TextField(help_text="By which step the one is supposed to bring the other")
    who_may_lose = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNTESTED)
    why = models.TextField(blank=True)

    privacy = declared(
        retention=Retention.RECORD,
        organisational="objective organisation_gains community_gains through who_may_lose status why",
    )

    class Meta(Owned.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"dual benefit of {self.objective}"


class Arrangement(Owned, Versioned, Made):
    """A standing way of engaging (an advisory group, a panel) that can pass from one body to another."""

    name = models.CharField(max_length=160)
    about = models.TextField(blank=True)

    privacy = declared(retention=Retention.RECORD, organisational="name about")

    class Meta(Owned.Meta):
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ArrangementOwner(Made):
    """Who ran an arrangement, from when until when (R19)."""

    arrangement = models.ForeignKey(Arrangement, on_delete=models.CASCADE, related_name="owners")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    privacy = declared(retention=Retention.RECORD, organisational="arrangement owner since until note")

    class Meta:
        ordering = ["arrangement_id", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="ownership_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner} ran {self.arrangement} from {self.since}"
