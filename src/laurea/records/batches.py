"""Uploads, their lines, and the ledger of chunks that workers claim."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.records.achievements import Achievement
from laurea.records.designs import DesignVersion
from laurea.records.issuers import Issuer
from laurea.records.people import Person


class Batch(models.Model):
    """One upload, or one credential issued by hand, on its way from a file to credentials.

    `options` are the answers that reading the file needs (mapping, date_order, sheet, encoding, delimiter,
    header_line); `reading` is what was found out about it (columns, questions, notes), to show without reading it
    again. `seed` fixes the code, identifier and salt of every row; `moment` is when its credentials are issued.
    `status_spans` are the entries of status lists that its rows have, in their order: a list of [list, first, count],
    counted along the list's permutation. `frozen` is what the achievement and its issuer said when the batch was
    confirmed. `served` is when a worker last took one of its chunks, so that batches take
    turns; after `troubles` failures of the machine in a row, nobody takes one before `not_before`.
    """

    class State(models.TextChoices):
        """From upload to end. Stopped batches keep what is done and can go on."""

        READING = "reading", _("Being read")
        MAPPING = "mapping", _("Columns open")
        REVIEW = "review", _("In review")
        ISSUING = "issuing", _("Being issued")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        FAILED = "failed", _("Cannot be read")

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="batches")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="batches")
    design_version = models.ForeignKey(DesignVersion, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    by_hand = models.BooleanField(default=False)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    file = models.CharField(max_length=300, blank=True)  # its place in the storage
    file_sha256 = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict, blank=True)
    reading = models.JSONField(default=dict, blank=True)
    problem = models.TextField(blank=True)  # why it cannot be read, or why it waits, in plain words
    awarded = models.DateField(_("date of award"), null=True, blank=True)  # for rows without one
    send_mail = models.BooleanField(_("send mail"), default=True)
    seed = models.BinaryField(max_length=32, null=True)
    moment = models.DateTimeField(null=True, blank=True)
    rows_to_issue = models.PositiveIntegerField(default=0)
    status_spans = models.JSONField(default=list, blank=True)
    frozen = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    finished = models.DateTimeField(null=True, blank=True)
    served = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    troubles = models.PositiveSmallIntegerField(default=0)
    # A worker reads the file under the same lease that chunks have.
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["issuer", "-created"], name="batch_newest"),
            models.Index(fields=["state", "lease_until"], name="batch_waiting"),
        ]

    def __str__(self) -> str:
        return self.file_name or f"batch {self.pk}"


class Chunk(models.Model):
    """Some rows of a confirmed batch, the unit that a worker claims.

    A claim sets `lease_until` and raises `token`: whoever holds an older token can no longer write. `issued` rows have
    their credentials, `rendered` ones their artifacts too.
    """

    class State(models.TextChoices):
        """Waiting for credentials, waiting for artifacts, done."""

        WAITING = "waiting", _("Waiting")
        SIGNED = "signed", _("Signed")
        DONE = "done", _("Done")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows_count = models.PositiveIntegerField()
    issued = models.PositiveIntegerField(default=0)
    rendered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "number"], name="chunk_number")]
        indexes: ClassVar = [
            models.Index(fields=["lease_until", "id"], condition=~models.Q(state="done"), name="chunk_waiting"),
        ]

    def __str__(self) -> str:
        return f"batch {self.batch_id} chunk {self.number}"


class Row(models.Model):
    """One line of a batch. `state` is what the review found (the six states of a row), `decision` what somebody said
    about it; `outcome` what became of it.

    `cells` are the cells as they stand in the file, corrected ones replaced; `values` what was read from them: name,
    email, employee_number, department, job_role, awarded, expires, result, hours, evidence, language.
    `problems` is a list of objects with column, position, value, reason, hint, code, fatal. `replaces` is the
    credential whose place the row's is to take, under the same code, `because` why (`Credential.Because`); a renewal
    that the review found names it in `problems`.
    """

    class State(models.TextChoices):
        """What the review found about a row."""

        READY = "ready", _("Ready")
        DUPLICATE = "duplicate", _("Twice in the file")
        ISSUED = "issued", _("Issued already")
        RENEWAL = "renewal", _("Renewal")
        WARNING = "warning", _("Please look")
        ERROR = "error", _("Cannot be issued")

    class Decision(models.TextChoices):
        """What somebody decided; without a decision, ready rows, renewals and warnings are issued."""

        ISSUE = "issue", _("Issue")
        LEAVE = "leave", _("Leave out")

    class Outcome(models.TextChoices):
        """What became of a row of a confirmed batch."""

        ISSUED = "issued", _("Issued")
        FAILED = "failed", _("Failed")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    name = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=300, blank=True)  # who this is within the file: e-mail, number or name
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    keep_name = models.BooleanField(default=False)  # the person's recorded name is right, not the file's
    replaces = models.ForeignKey(
        "Credential", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )  # nobody looks for rows by it
    because = models.CharField(max_length=12, blank=True)
    chunk = models.ForeignKey(Chunk, models.SET_NULL, null=True, blank=True, related_name="rows")
    order = models.PositiveIntegerField(null=True, blank=True)  # position among the rows to issue, from 0

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "line"], name="row_line")]
        indexes: ClassVar = [
            models.Index(fields=["batch", "state", "line"], name="row_by_state"),
            models.Index(fields=["batch", "key"], name="row_by_key"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}"


class ColumnMapping(models.Model):
    """How the columns of a kind of file were mapped last; `headers_sha256` stands for its header line."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="column_mappings")
    headers_sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "headers_sha256"], name="column_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"mapping {self.pk}"
