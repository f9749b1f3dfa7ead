"""What tests and explains assumptions. Standing is never stored: it is worked out from these rows.

A study is one record with a ``Mark`` for every factor at every horizon; which assumptions it
tests, and how it reads, follows by the rules of ``core.standing``.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.coding.models import Claim
from folkmoot.evaluations.models import Finding
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.visibility import Owned


class Study(Owned, Versioned, Made):
    """A piece of research, as recorded here: what was read of it is part of the record."""

    class Kind(models.TextChoices):
        TRIAL = "trial", "Randomised trial"
        QUASI = "quasi", "Quasi-experiment"
        PANEL = "panel", "Panel study"
        SURVEY = "survey", "Survey"
        REVIEW = "review", "Systematic review"
        QUALITATIVE = "qualitative", "Qualitative study"
        MEMBERS = "member survey", "Survey of members only"
        OWN = "own", "Our own evaluation"

    class Read(models.TextChoices):
        FULL = "full", "The paper itself, in full"
        ABSTRACT = "abstract", "The abstract"
        SUMMARY = "official summary", "An official summary"
        SECONDARY = "secondary copy", "A copy or excerpt elsewhere"
        NOTES = "notes", "Notes by others"
        MEMORY = "memory", "Nothing: from memory"

    key = models.CharField(max_length=20, blank=True)
    authors = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300)
    title_verified = models.BooleanField(default=False)
    reference = models.CharField(max_length=300, blank=True, help_text="Journal, publisher, DOI or address")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    design = models.CharField(max_length=300)
    setting = models.CharField(max_length=200)
    country = models.CharField(max_length=80)
    unit = models.CharField(max_length=120, blank=True)
    level_low = models.PositiveSmallIntegerField()
    level_high = models.PositiveSmallIntegerField()
    inclusion_level = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="A review's own rule: the lowest level it admits"
    )
    evaluators = models.CharField(max_length=120, blank=True, help_text="The team that made it")
    sample = models.CharField(
        max_length=120, blank=True, help_text="Participants and sites: the same word, the same sample"
    )
    recruitment = models.TextField(blank=True)
    missing_people = models.TextField(blank=True)
    read_where = models.CharField(max_length=20, choices=Read.choices)
    figures = models.JSONField(default=list, help_text="[{text, verified}]")
    not_verified = models.BooleanField(default=False)
    summary = models.TextField(blank=True)
    corrected = models.CharField(max_length=300, blank=True)
    conflict = models.TextField(blank=True, help_text="Reports of it that disagree, until resolved")
    retracted_at = models.DateField(null=True, blank=True)
    retraction_note = models.CharField(max_length=300, blank=True)
    association = models.BooleanField(default=False, help_text="Only what goes together was observed")
    differs = models.JSONField(
        default=list, help_text="Of unit, population, dose, delivery: what is unlike here"
    )
    randomised_at = models.ManyToManyField(
        Factor, blank=True, related_name="randomised_in", help_text="The factors that chance decided"
    )
    remarks = models.JSONField(
        default=list, help_text="What else has to be said of this record, in sentences"
    )
    pools = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="pooled_in")
    finding = models.OneToOneField(
        Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="study", help_text="Found here"
    )

    privacy = declared(
        retention=Retention.REFERENCE,
        public=(
            "key authors year title title_verified reference kind design setting country unit level_low level_high "
            "inclusion_level evaluators sample recruitment missing_people read_where figures not_verified "
            "summary corrected conflict retracted_at retraction_note association differs "
            "randomised_at remarks pools finding"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["authors", "year", "id"]
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="a_library_study_stands_once"),
            models.CheckConstraint(
                condition=Q(level_low__gte=0, level_high__lte=5, level_low__lte=models.F("level_high")),
                name="a_level_lies_between_0_and_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authors} {self.year or 'n.d.'}"

    @property
    def short(self) -> str:
        """How a sentence names it: one or two authors by name, more as “and others”, and the year."""
        parts = [part.strip() for part in self.authors.replace(" and ", ",").split(",")]
        names = [part for part in parts if len(part) > 1 and not part.endswith(".")]
        first = names[0] if names else self.authors
        more = f" and {names[1]}" if len(names) == 2 else " and others" if len(names) > 2 else ""
        return f"{first}{more} {self.year or 'n.d.'}"

    @property
    def may_be_reinstated(self) -> bool:
        """Whether a retraction can have been a mistake of the record: not where its evaluators gave it up."""
        return self.finding is None or self.finding.stands

    @property
    def read_in_full(self) -> bool:
        return self.read_where == self.Read.FULL


class Mark(models.Model):
    """How one factor moved in one study, at one horizon, for one population and outcome."""

    class Sign(models.TextChoices):
        UP = "up", "▲ moved as expected"
        DOWN = "down", "▼ moved the opposite way"
        SAME = "same", "= shown to be too small to matter"
        NOT_FOUND = "not_found", "○ no effect found"
        NOT_MEASURED = "not_measured", "– not measured"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="marks")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="marks")
    horizon = models.CharField(max_length=80, blank=True)
    horizon_days = models.PositiveIntegerField(null=True, blank=True)
    population = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    sign = models.CharField(max_length=12, choices=Sign.choices)
    manipulated = models.BooleanField(default=False, help_text="The study set out to move this factor")
    delivered = models.BooleanField(default=False, help_text="… and it was really delivered")
    association = models.BooleanField(default=False, help_text="Only associated with the factor before it")
    direct = models.BooleanField(
        default=True, help_text="False: a neighbouring outcome, shown without a reading"
    )
    fading = models.BooleanField(default=False, help_text="Smaller than at an earlier horizon")
    in_conflict = models.BooleanField(default=False, help_text="Reports of it disagree, unresolved")
    note = models.CharField(max_length=300, blank=True)
    figure = models.CharField(max_length=200, blank=True)

    privacy = declared(
        retention=Retention.REFERENCE,
        public=(
            "study factor horizon horizon_days population outcome sign manipulated delivered association "
            "direct fading in_conflict note figure"
        ),
    )

    class Meta:
        ordering = ["study_id", "factor_id", "horizon_days", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "factor", "horizon", "population", "outcome"], name="a_mark_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sign_display()} {self.factor}"


class Appraisal(Owned, Made):
    """How far a study can be trusted for one assumption here: by whom, and why. The newest one counts."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="appraisals")
    assumption = models.ForeignKey(Assumption, on_delete=models.CASCADE, related_name="appraisals")
    level = models.PositiveSmallIntegerField()
    same_country = models.BooleanField()
    unit_differs = models.BooleanField()
    population_differs = models.BooleanField()
    dose_differs = models.BooleanField()
    delivery_differs = models.BooleanField()
    read_in_full = models.BooleanField()
    appraiser_is_evaluator = models.BooleanField()
    why = models.TextField()

    privacy = declared(
        retention=Retention.RECORD,
        organisational=(
            "study assumption level same_country unit_differs population_differs dose_differs delivery_differs "
            "read_in_full appraiser_is_evaluator why"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"appraisal of {self.study} for {self.assumption_id}"


class QualitativeFinding(Owned, Versioned, Made):
    """What qualitative material says about how or when an assumption holds, with its CERQual components."""

    class Confidence(models.TextChoices):
        HIGH = "high", "High confidence"
        MODERATE = "moderate", "Moderate confidence"
        LOW = "low", "Low confidence"
        VERY_LOW = "very low", "Very low confidence"
        NOT_JUDGED = "not judged", "Not judged: too little was read"

    class Direction(models.TextChoices):
        FOR = "for", "Speaks for it"
        AGAINST = "against", "Speaks against it"
        CONDITIONS = "conditions", "Says when or for whom it holds"

    assumption = models.ForeignKey(Assumption, on_delete=models.CASCADE, related_name="qualitative_findings")
    statement = models.TextField()
    direction = models.CharField(max_length=12, choices=Direction.choices)
    study = models.ForeignKey(
        Study, null=True, blank=True, on_delete=models.CASCADE, related_name="qualitative_findings"
    )
    claims = models.ManyToManyField(Claim, blank=True, related_name="qualitative_findings")
    methodological_limits = models.CharField(max_length=400)
    coherence = models.CharField(max_length=400)
    adequacy = models.CharField(max_length=400)
    relevance = models.CharField(max_length=400)
    confidence = models.CharField(max_length=12, choices=Confidence.choices)
    why = models.TextField()
    state = models.CharField(max_length=12, choices=Claim.State.choices, default=Claim.State.PROVISIONAL)

    privacy = declared(
        retention=Retention.RESEARCH,
        organisational=(
            "assumption statement direction study claims methodological_limits coherence adequacy relevance "
            "confidence why state"
        ),
    )

    class Meta(Owned.Meta):
        ordering = ["assumption_id", "id"]

    def __str__(self) -> str:
        return self.statement[:80]


class HoopClue(Owned, Versioned, Made):
    """A clue that must be found if the assumption holds here; registered before anyone looks."""

    class Verdict(models.TextChoices):
        FOUND = "found", "Found"
        NOT_FOUND = "not found", "Looked for and not found"

    assumption = models.ForeignKey(Assumption, on_delete=models.CASCADE, related_name="hoop_clues")
    clue = models.TextField()
    where_to_look = models.TextField()
    registered_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)

    privacy = declared(
        retention=Retention.RECORD, organisational="assumption clue where_to_look registered_at looked_at"
    )

    class Meta(Owned.Meta):
        ordering = ["assumption_id", "registered_at"]

    def __str__(self) -> str:
        return self.clue[:80]


class HoopVerdict(Made):
    """What one coder, not knowing the other's word, says of a clue."""

    clue = models.ForeignKey(HoopClue, on_delete=models.CASCADE, related_name="verdicts")
    coder = models.ForeignKey("organisations.User", on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=HoopClue.Verdict.choices)
    why = models.TextField()

    privacy = declared(retention=Retention.RECORD, organisational="clue verdict why", personal="coder")

    class Meta:
        ordering = ["clue_id", "id"]
        constraints = [models.UniqueConstraint(fields=["clue", "coder"], name="a_coder_judges_a_clue_once")]

    def __str__(self) -> str:
        return self.get_verdict_display()
