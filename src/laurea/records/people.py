"""The people of an issuer: whoever holds, or may come to hold, a credential."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.records.folding import FoldedField
from laurea.records.issuers import Issuer


class Person(models.Model):
    """A person, known by e-mail addresses or an employee number."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="people", db_index=False)  # see indexes
    name = models.CharField(_("name"), max_length=300)
    employee_number = models.CharField(_("employee number"), max_length=100, blank=True)
    department = models.CharField(_("department"), max_length=200, blank=True)
    job_role = models.CharField(_("job role"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)  # "" follows the issuer
    active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    search = FoldedField(of=("name", "employee_number"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issuer", "employee_number"],
                condition=~models.Q(employee_number=""),
                name="person_employee_number",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["issuer", "search", "id", "active"], name="person_by_search"),
            models.Index(fields=["issuer", "department", "active"], name="person_by_department"),
        ]

    def __str__(self) -> str:
        return self.name


class Email(models.Model):
    """An address of a person, in lower case; within an issuer it belongs to one person."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="+", db_index=False)  # see constraints
    person = models.ForeignKey(Person, models.CASCADE, related_name="emails")
    address = models.CharField(_("e-mail address"), max_length=254)
    primary = models.BooleanField(_("used for mail"), default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "address"], name="email_once_per_issuer"),
            models.UniqueConstraint(fields=["person"], condition=models.Q(primary=True), name="email_one_primary"),
        ]

    def __str__(self) -> str:
        return self.address
