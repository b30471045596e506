"""Designs as an issuer has adjusted them, in versions: an issued certificate keeps the version it was issued with."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.records.issuers import Issuer


class Design(models.Model):
    """The look of certificates, under a name of the issuer's own."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="designs")
    name = models.CharField(_("name"), max_length=120)
    created = models.DateTimeField(default=timezone.now)
    archived = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["issuer", "name"], name="design_by_name")]

    def __str__(self) -> str:
        return self.name


class DesignVersion(models.Model):
    """One state of a design; it never changes once it is there.

    `base` is the packaged design. `adjustments` holds the issuer's choices: paper, orientation, primary, secondary
    (colours, "" for the issuer's own), show (elements), texts (by language, then by key), options (of the packaged
    design), typefaces (headline and text, "" for the design's own), signatories (each with name, role and in picture
    the id of a signature or null), logo (the id of a picture, null for the issuer's own), brand (the issuer's colours
    and logo when the version was made).
    """

    design = models.ForeignKey(Design, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    base = models.CharField(max_length=60)
    adjustments = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["design", "number"], name="design_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.design_id} version {self.number}"
