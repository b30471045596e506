"""Issuers elsewhere that this installation trusts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TrustedIssuer(models.Model):
    """An issuer of another installation, by the identifier (DID or address) that stands in its credentials."""

    identifier = models.CharField(_("identifier"), max_length=1000, unique=True)
    name = models.CharField(_("name"), max_length=200)
    since = models.DateField(_("since"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
