"""Who there is: organisations, research teams, people with accounts and their roles.

What does not belong here: what they own. Rows say who owns them through ``visibility.Owned``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q

from folkmoot.audit.models import Made, Versioned
from folkmoot.audit.privacy import Retention, declared


class Organisation(Versioned):
    """A police force, a local policing body, a partner or a research body."""

    class Kind(models.TextChoices):
        POLICE = "police", "Police force"
        LOCAL_POLICING_BODY = "local policing body", "Local policing body"
        PARTNER = "partner", "Partner"
        RESEARCH = "research", "Research body"

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    about = models.TextField(blank=True)
    structure = models.TextField(blank=True, help_text="How engagement is organised here (R11)")

    privacy = declared(retention=Retention.REFERENCE, public="slug name kind about structure")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LocalPolicingBody(models.Model):
    """Which body holds a police force to account, in which form, from when until when."""

    class Form(models.TextChoices):
        COMMISSIONER = "commissioner", "Police and crime commissioner"
        MAYOR = "mayor", "Mayor"
        BOARD = "board", "Policing and crime board"
        AUTHORITY = "authority", "Police authority"

    police = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="held_to_account_by")
    body = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="holds_to_account")
    form = models.CharField(max_length=20, choices=Form.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    privacy = declared(retention=Retention.REFERENCE, public="police body form since until")

    class Meta:
        ordering = ["police_id", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="a_body_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return f"{self.body} for {self.police} since {self.since}"


class ResearchTeam(Versioned):
    """Those who own interviews together, whether or not they work for one organisation."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120, unique=True)
    about = models.TextField(blank=True)

    privacy = declared(retention=Retention.REFERENCE, organisational="slug name about")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may see follows from their memberships, never from this row."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    privacy = declared(
        retention=Retention.ACCOUNT,
        personal="email name last_login joined_at",
        credential="password",
        organisational="is_active is_staff is_superuser groups user_permissions",
    )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How the audit log and pages name this person."""
        return self.name or self.email


class Membership(Made):
    """A person's role in an organisation."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", "Administrator"
        LEAD = "lead", "Engagement lead"
        ANALYST = "analyst", "Analyst"
        OFFICER = "officer", "Officer or staff"
        ADVISER = "adviser", "Advisory group member"
        PROTECTION = "protection", "Data protection officer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    privacy = declared(retention=Retention.ACCOUNT, personal="user role")

    class Meta:
        ordering = ["organisation_id", "user_id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_role_in_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.get_role_display()} at {self.organisation}"


class TeamMembership(Made):
    """A person's place in a research team."""

    class Role(models.TextChoices):
        LEAD = "lead", "Lead researcher"
        RESEARCHER = "researcher", "Researcher"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="team_memberships")
    team = models.ForeignKey(ResearchTeam, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    privacy = declared(retention=Retention.ACCOUNT, personal="user role")

    class Meta:
        ordering = ["team_id", "user_id"]
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_place_in_a_team")]

    def __str__(self) -> str:
        return f"{self.user} is {self.get_role_display()} in {self.team}"


class Token(Made):
    """A key that a person made for a program of theirs: it reaches what they reach. Only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    privacy = declared(
        retention=Retention.ACCOUNT,
        personal="user name expires_at ended_at last_used_on",
        credential="digest",
    )

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Instance(models.Model):
    """What this installation says of itself. One row."""

    name = models.CharField(max_length=120, default="Folkmoot")
    fictional = models.BooleanField(default=False)
    library_version = models.CharField(max_length=40, blank=True)

    privacy = declared(retention=Retention.REFERENCE, public="name fictional library_version")

    def __str__(self) -> str:
        return self.name
