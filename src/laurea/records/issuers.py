"""The organisations that sign, their keys and their pictures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Issuer(models.Model):
    """An organisation that signs. Its `slug` is part of its DID and of signed addresses: it never changes."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("website"), max_length=500, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    primary_colour = models.CharField(_("first colour"), max_length=7, default="#1f5c46")
    secondary_colour = models.CharField(_("second colour"), max_length=7, blank=True)
    logo = models.ForeignKey("Picture", models.PROTECT, null=True, blank=True, related_name="+")
    linkedin_organization = models.CharField(_("LinkedIn page number"), max_length=20, blank=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Key(models.Model):
    """A signing key. `sealed` is its PKCS#8, encrypted with a key that the database does not hold; for a key that never
    leaves a hardware module, `module` is its PKCS#11 address (RFC 7512) there and `sealed` is empty.

    A key is compromised from `compromised_from` on: what it signed later counts for nothing, what it signed before
    stays good where the log shows that it was there before.
    """

    class State(models.TextChoices):
        """One key of an issuer is active; retired ones stay listed, so that what they signed stays genuine."""

        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")
        COMPROMISED = "compromised", _("Compromised")

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="keys")
    multikey = models.CharField(max_length=100, unique=True)
    sealed = models.TextField(blank=True)
    module = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    created = models.DateTimeField(default=timezone.now)
    retired = models.DateTimeField(null=True, blank=True)
    compromised_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issuer"], condition=models.Q(state="active"), name="key_one_active_per_issuer"
            ),
        ]

    def __str__(self) -> str:
        return self.multikey


class Picture(models.Model):
    """An uploaded logo, signature or badge, re-encoded: no scripts, no metadata. `name` is its place in the storage."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=300)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(_("description for people who cannot see it"), max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "sha256", "alt"], name="picture_once"),
        ]

    def __str__(self) -> str:
        return self.name
