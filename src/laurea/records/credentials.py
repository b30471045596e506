"""Signed documents and what is made from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.records.achievements import Achievement
from laurea.records.batches import Batch, Row
from laurea.records.designs import DesignVersion
from laurea.records.folding import FoldedField
from laurea.records.issuers import Issuer, Key
from laurea.records.people import Person


class StatusList(models.Model):
    """A Bitstring Status List of an issuer, used by all its achievements.

    `used` entries were given away, in the order of a random permutation that `seed` fixes, so that an index says
    nothing about when or what. `text` is the signed edition of `edition`.
    """

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="status_lists")
    name = models.CharField(max_length=40, unique=True)
    seed = models.BinaryField(max_length=32)
    entries = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    text = models.TextField()
    edition = models.DateTimeField()
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """A signed document for one person. `text` is the document as signed, byte for byte; it is never rebuilt.

    What stands beside it (name, dates) is read from it, to search by. A superseded credential shares its `code` with
    the one that is there now; `because` says why that one was issued. `revoke_at` is a revocation that is still to
    come.
    """

    class Because(models.TextChoices):
        """Why a credential took the place of another one."""

        RENEWAL = "renewal", _("Renewed")
        CORRECTION = "correction", _("Corrected")
        AGAIN = "again", _("Issued anew")
        NEW_KEY = "new-key", _("Signed anew, with a new key")

    class Reason(models.TextChoices):
        """Why a credential was revoked. Strangers see the choice, never the note."""

        MISTAKE = "mistake", _("Issued by mistake")
        NOT_MET = "not-met", _("The criteria were not met")
        MISCONDUCT = "misconduct", _("Obtained by deception")
        WITHDRAWN = "withdrawn", _("The qualification was withdrawn")
        HOLDER = "holder", _("At the holder's wish")
        OTHER = "other", _("Another reason")

    # Without indexes of their own: the ones below begin with them, and SQLite would choose the wrong one.
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="credentials", db_index=False)
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="credentials", db_index=False)
    code = models.CharField(_("code"), max_length=16, db_index=True)
    identifier = models.CharField(max_length=60, unique=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="credentials")
    design_version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="credentials")
    key = models.ForeignKey(Key, models.PROTECT, related_name="credentials")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="credentials")
    row = models.OneToOneField(Row, models.PROTECT, related_name="credential")
    name = models.CharField(_("name"), max_length=300)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)  # lower case
    awarded = models.DateField(_("awarded"))
    valid_from = models.DateTimeField(_("issued"))
    valid_until = models.DateTimeField(_("expires"), null=True, blank=True)
    status_list = models.ForeignKey(StatusList, models.PROTECT, null=True, blank=True, related_name="credentials")
    status_index = models.PositiveIntegerField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)
    revoke_at = models.DateTimeField(null=True, blank=True)
    revocation_reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    revocation_note = models.TextField(_("note"), max_length=2000, blank=True)
    because = models.CharField(max_length=12, choices=Because, blank=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    superseded = models.DateTimeField(null=True, blank=True)
    published = models.BooleanField(_("may be found by search engines"), default=False)
    created = models.DateTimeField(default=timezone.now)
    search = FoldedField(of=("name", "email"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(superseded__isnull=True), name="credential_code_in_force"
            ),
            models.UniqueConstraint(fields=["status_list", "status_index"], name="credential_status_index"),
        ]
        indexes: ClassVar = [
            # The columns at the end are not for order: a search reads them there, and not from the rows.
            models.Index(fields=["issuer", "-valid_from", "-id", "achievement", "search"], name="credential_newest"),
            models.Index(fields=["achievement", "-valid_from"], name="credential_by_achievement"),
            models.Index(fields=["issuer", "email"], name="credential_by_email"),
            models.Index(fields=["issuer", "search", "id", "achievement"], name="credential_by_search"),
            models.Index(fields=["issuer", "valid_until", "revoked", "superseded"], name="credential_by_expiry"),
            models.Index(
                fields=["issuer", "-revoked"], condition=models.Q(revoked__isnull=False), name="credential_revoked"
            ),
            models.Index(
                fields=["revoke_at"], condition=models.Q(revoke_at__isnull=False), name="credential_to_revoke"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Artifact(models.Model):
    """A file made from a credential: a cache. `name` is its place in the storage."""

    class Kind(models.TextChoices):
        """What kind of file, by its ending."""

        PDF = "pdf", _("Certificate (PDF)")
        PNG = "png", _("Badge (PNG)")

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="artifacts")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["credential", "kind"], name="artifact_once")]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message to one holder: a row of the outbox."""

    class State(models.TextChoices):
        """Held until the artifacts are there, due, sent, or given up."""

        HELD = "held", _("Waiting for the certificate")
        DUE = "due", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="deliveries")
    credential = models.ForeignKey(Credential, models.CASCADE, related_name="deliveries")
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)  # in plain words
    created = models.DateTimeField(default=timezone.now)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state="due"), name="delivery_due"),
            models.Index(fields=["issuer", "state"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
