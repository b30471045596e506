"""Who may sign in, and what they may do for which issuer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.records.issuers import Issuer


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts the way Django asks a user model to; `laurea.actions` decides who gets one."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """An account with a hashed password, or without a usable one."""
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who signs in. Holders need none."""

    email = models.EmailField(_("e-mail address"), unique=True)  # lower case
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, blank=True)  # "" follows the browser
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    EMAIL_FIELD = "email"

    objects = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, as Django's forms ask for it."""
        return str(self)


class Role(models.TextChoices):
    """What a member may do: an owner all, an issuer issues, a viewer looks."""

    OWNER = "owner", _("Owner")
    ISSUER = "issuer", _("Issuer")
    VIEWER = "viewer", _("Viewer")


class Member(models.Model):
    """An account's part in an issuer."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "account"], name="member_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="member_role"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"


class Invitation(models.Model):
    """A link that makes whoever opens it a member; without an issuer, the one-time link that sets an installation up.

    Only the SHA-256 of the link's token is kept.
    """

    issuer = models.ForeignKey(Issuer, models.CASCADE, null=True, blank=True, related_name="invitations")
    email = models.EmailField(_("e-mail address"), blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.OWNER)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"invitation {self.pk}"
