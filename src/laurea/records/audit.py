"""The audit log: what was done, as entries of a Merkle tree that only grows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.records.issuers import Issuer
from laurea.records.people import Person


class Log(models.Model):
    """The log of this installation: one row. Its `origin` names it in every checkpoint and never changes.

    `size` entries have a number; the tiles of the first `published` of them lie in the storage. `sealed` is the PKCS#8
    of the key that signs checkpoints, encrypted as issuers' keys are. One worker at a time takes entries in: it holds
    the lease, under the newest `token`. `problem` says in plain words why that does not go on.
    """

    origin = models.CharField(max_length=200)
    multikey = models.CharField(max_length=100)
    sealed = models.TextField()
    size = models.PositiveBigIntegerField(default=0)
    published = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.origin


class Entry(models.Model):
    """One line of the log: an act, as it was done.

    `content` is what the leaf commits to, byte for byte: canonical JSON (RFC 8785). The columns beside it are read
    from it, to search by. `leaf` is SHA-256 over `salt` and `content`; it alone is published. Erasing a person empties
    `content` and `salt`: the leaf stays, and says nothing any more. `number` is its place in the log, from 0, once the
    log has taken it in.
    """

    number = models.PositiveBigIntegerField(null=True, blank=True, unique=True)
    issuer = models.ForeignKey(Issuer, models.PROTECT, null=True, blank=True, related_name="entries", db_index=False)
    act = models.CharField(_("act"), max_length=60)
    kind = models.CharField(_("object"), max_length=30, blank=True)
    identifier = models.CharField(max_length=100, blank=True)  # of the object: lasting, never reused
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="entries")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("time"))
    content = models.TextField(blank=True)
    salt = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)
    erased = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes: ClassVar = [
            models.Index(fields=["issuer", "-id"], name="entry_newest"),
            models.Index(fields=["issuer", "act", "-id"], name="entry_by_act"),
            models.Index(fields=["kind", "identifier", "-id"], name="entry_by_object"),
            models.Index(fields=["id"], condition=models.Q(number__isnull=True), name="entry_without_number"),
        ]

    def __str__(self) -> str:
        return f"entry {self.number if self.number is not None else 'without number'}"


class Checkpoint(models.Model):
    """What the log committed to at a moment: a signed note (C2SP), as signed."""

    size = models.PositiveBigIntegerField(unique=True)
    note = models.TextField()
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class WitnessNotice(models.Model):
    """A checkpoint on its way to a witness: somebody elsewhere who keeps it, by mail or by HTTP."""

    witness = models.CharField(max_length=500)
    checkpoint = models.ForeignKey(Checkpoint, models.CASCADE, related_name="notices")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    sent = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)  # in plain words
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["witness", "checkpoint"], name="witness_notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], condition=models.Q(sent__isnull=True), name="witness_notice_due"),
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} for {self.witness}"
