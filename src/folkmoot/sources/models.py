"""A source, its text, its turns and speakers, and the exact spans of it that others point at.

All offsets are code points of ``Body.text``, start included, end excluded. The text never changes;
a withdrawal removes it and leaves a tombstone. What does not belong here: what a passage means
(``coding``) or what it became (``strategies``).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.visibility import Owned


class Import(Owned, Made):
    """One run of an import: what was read, what was used, what was set aside and why."""

    kind = models.CharField(max_length=20)
    files = models.JSONField(default=list)
    unit = models.CharField(max_length=20, default="rows")
    read = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    set_aside = models.JSONField(default=list, help_text="[{file, row, reason}]")
    notes = models.JSONField(default=list)

    privacy = declared(
        retention=Retention.RESEARCH,
        confidential="files set_aside notes",
        organisational="kind unit read used",
    )

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"import of {self.used} {self.unit}"


class Original(Owned, Made):
    """A file as it came, byte for byte, kept under its content hash until it is withdrawn."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    stored_as = models.CharField(
        max_length=120, blank=True, help_text="Below the instance's originals folder"
    )
    erased_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RESEARCH,
        confidential="sha256 name stored_as",
        organisational="media_type size erased_at",
    )

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-id"]
        constraints = [
            *Owned.Meta.constraints,
            # one for each sort of owner: SQLite knows no constraint in which two empty columns are equal
            models.UniqueConstraint(
                fields=["sha256", "organisation"],
                condition=Q(erased_at=None),
                name="an_organisation_keeps_a_file_once",
            ),
            models.UniqueConstraint(
                fields=["sha256", "team"], condition=Q(erased_at=None), name="a_team_keeps_a_file_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Source(Owned, Versioned, Made):
    """An interview or group transcript, a strategy, a minute, a comment file."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview", "Interview with one person"
        GROUP = "group", "Group interview"
        STRATEGY = "strategy", "Strategy"
        ACTION_PLAN = "action plan", "Action plan"
        POLICY = "policy", "Acceptable use or other policy"
        MINUTE = "minute", "Minutes"
        COMMENTS = "comments", "Comment file"
        LITERATURE = "literature", "Literature"

    class Consent(models.TextChoices):
        QUOTE = "quote", "May be quoted"
        PARAPHRASE = "paraphrase", "May be paraphrased, not quoted"
        COUNT = "count", "May be counted only"

    class State(models.TextChoices):
        LIVE = "live", "Live"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Redaction(models.TextChoices):
        OPEN = "open", "Not reviewed yet"
        REVIEWED = "reviewed", "Reviewed"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    held_on = models.DateField(null=True, blank=True)
    setting = models.CharField(max_length=200, blank=True)
    recruitment = models.TextField(blank=True, help_text="How these people came to take part (R69a)")
    missing_people = models.TextField(blank=True, help_text="Who is missing because of it")
    about_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    consent = models.CharField(max_length=12, choices=Consent.choices, default=Consent.COUNT)
    people = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many were interviewed")
    state = models.CharField(max_length=12, choices=State.choices, default=State.LIVE)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)
    redaction = models.CharField(max_length=10, choices=Redaction.choices, default=Redaction.OPEN)
    redaction_reviewed_at = models.DateTimeField(null=True, blank=True)
    redaction_reviewed_by = models.CharField(max_length=200, blank=True)
    original = models.ForeignKey(
        Original, null=True, blank=True, on_delete=models.SET_NULL, related_name="sources"
    )
    imported = models.ForeignKey(
        Import, null=True, blank=True, on_delete=models.SET_NULL, related_name="sources"
    )
    words = models.PositiveIntegerField(default=0)
    characters = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list, help_text="What the import noticed, in sentences")

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational="kind state withdrawn_at consent redaction redaction_reviewed_at words characters imported original",
        confidential="title held_on setting recruitment missing_people about_organisation people notes withdrawal_reason",
        personal="withdrawn_by redaction_reviewed_by",
    )

    class Meta(Owned.Meta):
        ordering = ["title", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state="live", withdrawn_at=None)
                | Q(state="withdrawn", withdrawn_at__isnull=False),
                name="a_withdrawn_source_says_when",
            ),
            models.CheckConstraint(
                condition=Q(redaction="open") | Q(redaction_reviewed_at__isnull=False),
                name="a_reviewed_source_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_transcript(self) -> bool:
        return self.kind in {self.Kind.INTERVIEW, self.Kind.GROUP}


class Body(models.Model):
    """The words of a source, apart from its row so that lists never load them. Deleted on withdrawal."""

    source = models.OneToOneField(Source, primary_key=True, on_delete=models.CASCADE, related_name="body")
    text = models.TextField()

    privacy = declared(retention=Retention.RESEARCH, confidential="source text")

    def __str__(self) -> str:
        return f"words of {self.source_id}"


class Speaker(models.Model):
    """Somebody who speaks in a source, under the label of the transcript and a pseudonym."""

    class Role(models.TextChoices):
        INTERVIEWER = "interviewer", "Interviewer"
        INTERVIEWEE = "interviewee", "Interviewee"
        OTHER = "other", "Other or unknown"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="speakers")
    label = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.OTHER)
    claimant_role = models.CharField(max_length=30, blank=True, help_text="Post held, as claims name it")

    privacy = declared(
        retention=Retention.RESEARCH, personal="label", confidential="source pseudonym role claimant_role"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "label"], name="a_label_stands_once_in_a_source")
        ]

    def __str__(self) -> str:
        return self.pseudonym


class Turn(models.Model):
    """One person's uninterrupted words: a span of the body."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    speaker = models.ForeignKey(
        Speaker, null=True, blank=True, on_delete=models.SET_NULL, related_name="turns"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    time_mark = models.CharField(max_length=20, blank=True)
    doubt = models.CharField(max_length=300, blank=True, help_text="Why its place or speaker is doubtful")

    privacy = declared(
        retention=Retention.RESEARCH, confidential="source number speaker start end time_mark doubt"
    )

    class Meta:
        ordering = ["source_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="turns_are_numbered"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="a_turn_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"turn {self.number}"


class Passage(Made):
    """An exact span of a source that something points at."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="passages")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    privacy = declared(retention=Retention.RESEARCH, confidential="source start end")

    class Meta:
        ordering = ["source_id", "start", "end"]
        constraints = [
            models.UniqueConstraint(fields=["source", "start", "end"], name="a_span_is_one_passage"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="a_passage_holds_words"),
        ]

    def __str__(self) -> str:
        return f"passage {self.pk}"


class RedactionMark(models.Model):
    """A span that may identify somebody: proposed by a pattern or a names list, decided by a person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Hidden"
        REFUSED = "refused", "Kept"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="redactions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    replacement = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RESEARCH,
        confidential="source start end kind replacement reason state decided_at",
        personal="decided_by",
    )

    class Meta:
        ordering = ["source_id", "start"]
        constraints = [
            models.UniqueConstraint(fields=["source", "start", "end"], name="a_span_is_redacted_once"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None)
                | Q(state__in=["accepted", "refused"], decided_at__isnull=False),
                name="a_decided_redaction_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.start}"


class ProtectedName(Made):
    """A name on a research team's list: proposed for redaction everywhere, never findable by search."""

    team = models.ForeignKey(ResearchTeam, on_delete=models.CASCADE, related_name="protected_names")
    name = models.CharField(max_length=120)

    privacy = declared(retention=Retention.RESEARCH, personal="name")

    class Meta:
        ordering = ["team_id", "name"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="a_name_stands_once_on_a_list")]

    def __str__(self) -> str:
        return "a protected name"


class SearchText(models.Model):
    """A reviewed turn's words after redaction: all that search may see. Deleted on withdrawal."""

    turn = models.OneToOneField(Turn, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="search_texts")
    text = models.TextField()

    privacy = declared(retention=Retention.RESEARCH, confidential="turn source text")

    def __str__(self) -> str:
        return f"search text of turn {self.pk}"
