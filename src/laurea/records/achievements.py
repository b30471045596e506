"""What can be earned."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.records.designs import Design
from laurea.records.issuers import Issuer, Picture


class Achievement(models.Model):
    """What can be earned. `uid` is part of its address in every credential and never changes.

    `skills` is a list of objects with name, url, framework, code, description, type. `badge` holds the choices for the
    badge that Laurea draws: shape, icon, monogram, primary, secondary, title, issuer; `badge_picture` is an own one
    instead. `validity` is a span such as “24 months”, "" for ever. `include` lists what a row's cells may add to the
    signed document: evidence, hours, result.
    """

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="achievements")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=10_000)
    criteria = models.TextField(_("criteria"), max_length=10_000, blank=True)
    criteria_url = models.URLField(_("page with the criteria"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=60, default="Achievement")
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    language = models.CharField(_("language"), max_length=10, default="en")
    tags = models.JSONField(_("tags"), default=list, blank=True)
    skills = models.JSONField(_("skills"), default=list, blank=True)
    credits = models.FloatField(_("credits"), null=True, blank=True)
    version = models.CharField(_("version"), max_length=60, blank=True)
    field_of_study = models.CharField(_("field of study"), max_length=200, blank=True)
    validity = models.CharField(_("valid for"), max_length=20, blank=True)
    include = models.JSONField(_("taken from the list"), default=list, blank=True)
    badge = models.JSONField(_("badge"), default=dict, blank=True)
    badge_picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    design = models.ForeignKey(Design, models.PROTECT, related_name="achievements")
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    archived = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["issuer", "name", "id"], name="achievement_by_name")]

    def __str__(self) -> str:
        return self.name
