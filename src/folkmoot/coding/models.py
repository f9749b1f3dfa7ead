"""What coders found in passages: themes, and claims that one factor leads to another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.visibility import Owned
from folkmoot.sources.models import Passage


class Codebook(Owned, Versioned, Made):
    """A set of codes that a team or an organisation reads with."""

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    privacy = declared(retention=Retention.RESEARCH, confidential="name description")

    class Meta(Owned.Meta):
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Code(Versioned, Made):
    """A theme of a codebook, with its description and its place in the hierarchy."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        MERGED = "merged", "Merged into another"
        SPLIT = "split", "Split into others"
        RETIRED = "retired", "No longer used"

    codebook = models.ForeignKey(Codebook, on_delete=models.CASCADE, related_name="codes")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_from"
    )

    privacy = declared(
        retention=Retention.RESEARCH, confidential="codebook parent name description state merged_into"
    )

    class Meta:
        ordering = ["codebook_id", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["codebook", "name"],
                condition=Q(state="active"),
                name="an_active_code_has_its_own_name",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | ~Q(state="merged"),
                name="a_merged_code_says_into_what",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="a_code_is_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CodeChange(Made):
    """One step in a code's history: made, described, moved, merged, split, retired."""

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=20)
    detail = models.JSONField(default=dict)

    privacy = declared(retention=Retention.RESEARCH, confidential="code what detail")

    class Meta:
        ordering = ["code_id", "id"]

    def __str__(self) -> str:
        return self.what


class Coding(Made):
    """One coder's use of one code on one passage."""

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="codings")
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="codings")
    coder = models.ForeignKey(
        "organisations.User", null=True, on_delete=models.SET_NULL, related_name="codings"
    )

    privacy = declared(retention=Retention.RESEARCH, confidential="code passage", personal="coder")

    class Meta:
        ordering = ["passage_id", "code_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "passage", "coder"], name="a_coder_uses_a_code_once_on_a_passage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} on {self.passage}"


class Arbitration(Made):
    """Whether a code stands on a stretch that two coders coded differently: who decided, and why.

    Nobody's coding is changed by it. A later decision on the same stretch stands before an earlier one.
    """

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="arbitrations")
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="arbitrations")
    stands = models.BooleanField(help_text="True: the code stands on these words")
    why = models.TextField()
    decided_by = models.ForeignKey(
        "organisations.User", null=True, on_delete=models.SET_NULL, related_name="arbitrations"
    )

    privacy = declared(
        retention=Retention.RESEARCH, confidential="code passage stands why", personal="decided_by"
    )

    class Meta:
        ordering = ["passage_id", "code_id", "-id"]

    def __str__(self) -> str:
        return f"{self.code} {'stands' if self.stands else 'does not stand'} on {self.passage}"


class Claim(Owned, Versioned, Made):
    """One coder's reading of a passage: cause → effect, in the speaker's words.

    ``state`` is the member check's: provisional until the people interviewed were asked.
    """

    class Stance(models.TextChoices):
        ASSERTS = "asserts", "Asserts it"
        SUPPORTS = "supports", "Gives an account for it"
        CHALLENGES = "challenges", "Gives an account against it"
        QUALIFIES = "qualifies", "Says when or for whom"

    class Modality(models.TextChoices):
        SAID = "said", "Said"
        DOCUMENTED = "documented", "Documented"
        OBSERVED = "observed", "Observed"
        MEASURED = "measured", "Measured"

    class Role(models.TextChoices):
        OFFICER = "officer", "Police officer"
        PCSO = "pcso", "Community support officer"
        RESPONSE = "response", "Response officer"
        SPECIALIST = "specialist", "Engagement specialist"
        COMMUNICATIONS = "communications", "Communications"
        ANALYST = "analyst", "Analyst"
        SUPERVISOR = "supervisor", "Supervisor"
        CHIEF = "chief", "Chief officer"
        BODY = "body", "Local policing body member or staff"
        ADVISER = "adviser", "Advisory group member"
        PARTNER = "partner", "Partner"
        RESIDENT = "resident", "Resident"
        RESEARCHER = "researcher", "Researcher"
        DOCUMENT = "document", "A document"
        OTHER = "other", "Other or unknown"

    class State(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        CONFIRMED = "confirmed", "Confirmed by the person"
        DISPUTED = "disputed", "Disputed by the person"
        SUPERSEDED = "superseded", "Superseded"

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="claims")
    cause = models.CharField(max_length=300)
    effect = models.CharField(max_length=300)
    stance = models.CharField(max_length=12, choices=Stance.choices)
    modality = models.CharField(max_length=12, choices=Modality.choices, default=Modality.SAID)
    claimant_role = models.CharField(max_length=20, choices=Role.choices, default=Role.OTHER)
    note = models.TextField(blank=True)
    coder = models.ForeignKey(
        "organisations.User", null=True, on_delete=models.SET_NULL, related_name="claims"
    )
    assumption = models.ForeignKey(
        Assumption, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROVISIONAL)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="supersedes"
    )

    privacy = declared(
        retention=Retention.RESEARCH,
        confidential="passage cause effect stance modality claimant_role note assumption state superseded_by",
        personal="coder",
    )

    class Meta(Owned.Meta):
        ordering = ["passage_id", "id"]
        indexes = [models.Index(fields=["assumption", "stance", "state"])]

    def __str__(self) -> str:
        return f"{self.cause} → {self.effect}"


class TakenWords(Made):
    """A factor that began with the words of a reading, so that they do not outlive its source's withdrawal.

    ``to_replace``: the source was withdrawn while a chain or evidence stood on the factor. Its owner
    puts it in words of their own.
    """

    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="taken_words")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="taken_words")
    to_replace = models.BooleanField(default=False)

    privacy = declared(retention=Retention.RESEARCH, confidential="factor claim to_replace")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["factor", "claim"], name="words_are_taken_once_from_a_claim")
        ]

    def __str__(self) -> str:
        return f"words of {self.claim_id} in {self.factor_id}"
