"""Words for the audit trail: what each act is called, and what its facts mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from laurea.actions.looking_back import Told
from laurea.records.models import Credential, Role, Row

Lazy = Any
"""A text that is translated when it is shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """Acts that belong together, and the symbol they are shown with."""

    label: Lazy
    symbol: str
    acts: Mapping[str, Lazy]


GROUPS: Mapping[str, Group] = {
    "credentials": Group(
        gettext_lazy("Credentials"),
        "certificate",
        {
            "credential.issued": gettext_lazy("Credential issued"),
            "credential.recorded": gettext_lazy("Credential that is older than the log entered"),
            "credential.superseded": gettext_lazy("Credential replaced by a newer one"),
            "credential.revoked": gettext_lazy("Credential revoked"),
            "credential.revocation-planned": gettext_lazy("Revocation planned for a day to come"),
            "credential.revocation-withdrawn": gettext_lazy("Planned revocation withdrawn"),
            "credential.published": gettext_lazy("Visibility for search engines changed"),
            "credential.moved": gettext_lazy("Credential moved to the person who remains"),
            "credential.erased": gettext_lazy("Credential erased"),
        },
    ),
    "lists": Group(
        gettext_lazy("Batches"),
        "stack-2",
        {
            "batch.uploaded": gettext_lazy("List uploaded"),
            "batch.replaced": gettext_lazy("List replaced by another file"),
            "batch.answered": gettext_lazy("Questions about a list answered"),
            "batch.corrected": gettext_lazy("Row of a list corrected"),
            "batch.decided": gettext_lazy("Decided whether rows are issued"),
            "batch.named": gettext_lazy("Decided which name is right"),
            "batch.confirmed": gettext_lazy("Batch confirmed: to be issued"),
            "batch.stopped": gettext_lazy("Batch stopped"),
            "batch.resumed": gettext_lazy("Batch resumed"),
            "batch.removed": gettext_lazy("List deleted before anything was issued"),
        },
    ),
    "people": Group(
        gettext_lazy("People"),
        "users",
        {
            "person.added": gettext_lazy("Person added"),
            "person.changed": gettext_lazy("Person changed"),
            "person.merged": gettext_lazy("Two people merged into one"),
            "person.removed": gettext_lazy("Person deleted"),
            "person.erased": gettext_lazy("Person erased"),
        },
    ),
    "content": Group(
        gettext_lazy("Achievements and designs"),
        "award",
        {
            "achievement.defined": gettext_lazy("Achievement defined"),
            "achievement.changed": gettext_lazy("Achievement changed"),
            "achievement.archived": gettext_lazy("Achievement archived"),
            "achievement.restored": gettext_lazy("Achievement taken out of the archive"),
            "design.made": gettext_lazy("Design made"),
            "design.changed": gettext_lazy("Design changed"),
            "design.archived": gettext_lazy("Design archived"),
            "design.restored": gettext_lazy("Design taken out of the archive"),
        },
    ),
    "settings": Group(
        gettext_lazy("Members and settings"),
        "settings",
        {
            "member.invited": gettext_lazy("Member invited"),
            "member.uninvited": gettext_lazy("Invitation withdrawn"),
            "member.joined": gettext_lazy("Member joined"),
            "member.changed": gettext_lazy("Role of a member changed"),
            "member.removed": gettext_lazy("Member removed"),
            "issuer.founded": gettext_lazy("Organisation founded"),
            "issuer.changed": gettext_lazy("Profile changed"),
            "trust.added": gettext_lazy("Issuer added to the trusted ones"),
            "trust.removed": gettext_lazy("Issuer no longer trusted"),
            "trust.imported": gettext_lazy("Trusted issuer imported"),
        },
    ),
    "keys": Group(
        gettext_lazy("Keys"),
        "key",
        {
            "key.made": gettext_lazy("Key made"),
            "key.retired": gettext_lazy("Key retired"),
            "key.compromised": gettext_lazy("Key marked as compromised"),
            "key.backed-up": gettext_lazy("Keys backed up"),
            "key.restored": gettext_lazy("Key restored from a backup"),
        },
    ),
    "sign-in": Group(
        gettext_lazy("Sign-in"),
        "login",
        {
            "account.signed-in": gettext_lazy("Signed in"),
            "account.sign-in-failed": gettext_lazy("Sign-in failed"),
            "account.made": gettext_lazy("Account made"),
            "account.changed": gettext_lazy("Account changed"),
            "account.password-changed": gettext_lazy("Password changed"),
            "account.password-reset": gettext_lazy("Password set anew by a link"),
            "account.factor-added": gettext_lazy("Second step of the sign-in added"),
            "account.factor-removed": gettext_lazy("Second step of the sign-in removed"),
            "account.secured": gettext_lazy("Way of signing in changed"),
        },
    ),
    "downloads": Group(
        gettext_lazy("Downloads"),
        "download",
        {
            "export.credentials": gettext_lazy("Credentials downloaded"),
            "export.people": gettext_lazy("List of people downloaded"),
            "export.rows": gettext_lazy("Rows of a list downloaded"),
            "export.trail": gettext_lazy("Audit trail downloaded"),
        },
    ),
    "mail": Group(
        gettext_lazy("Mail"),
        "mail",
        {
            "mail.sent": gettext_lazy("Certificate mailed to its holder"),
            "mail.sent-again": gettext_lazy("Message to the holder sent once more"),
        },
    ),
}
"""Every act, by group. In the order of the page."""

_TITLES = {act: title for group in GROUPS.values() for act, title in group.acts.items()}
_SYMBOLS = {act: group.symbol for group in GROUPS.values() for act in group.acts}


def title(act: str) -> str:
    """What was done. An act that is not known here, of a newer version, keeps its name."""
    return str(_TITLES.get(act, act))


def symbol(act: str) -> str:
    """The symbol of its group."""
    return _SYMBOLS.get(act, "history")


def place(name: str) -> str:
    """From where in the product an act came, in plain words."""
    if name.startswith("console:"):
        return _("Console")
    if name.startswith(("account", "mfa", "usersessions")):
        return _("Sign-in and account")
    if name.startswith("cli"):
        return _("Command line")
    if name.startswith("api"):
        return _("Interface for programs")
    if name == "worker":
        return _("Worker, in the background")
    return _("Public pages") if name else _("Not known")


# --- Facts ------------------------------------------------------------------------------------------------------------

LABELS: Mapping[str, Lazy] = {
    "active": gettext_lazy("Active"),
    "added": gettext_lazy("Added"),
    "achievement": gettext_lazy("Achievement"),
    "answers": gettext_lazy("Answered"),
    "as": gettext_lazy("Format"),
    "at": gettext_lazy("To be revoked on"),
    "badge": gettext_lazy("Badge"),
    "badge_picture": gettext_lazy("Picture of the badge"),
    "base": gettext_lazy("Made from"),
    "batch": gettext_lazy("Batch"),
    "because": gettext_lazy("Because"),
    "before": gettext_lazy("Before"),
    "by_hand": gettext_lazy("By hand"),
    "chosen": gettext_lazy("Ticked one by one"),
    "columns": gettext_lazy("Columns"),
    "count": gettext_lazy("How many"),
    "credentials": gettext_lazy("Credentials"),
    "credits": gettext_lazy("Credits"),
    "criteria": gettext_lazy("Criteria"),
    "criteria_url": gettext_lazy("Page with the criteria"),
    "decision": gettext_lazy("Decision"),
    "department": gettext_lazy("Department"),
    "description": gettext_lazy("Description"),
    "design": gettext_lazy("Design"),
    "email": gettext_lazy("E-mail address"),
    "emails": gettext_lazy("E-mail addresses"),
    "employee_number": gettext_lazy("Employee number"),
    "field_of_study": gettext_lazy("Field of study"),
    "file": gettext_lazy("File"),
    "filled_in": gettext_lazy("Taken over"),
    "from": gettext_lazy("From person number"),
    "id": gettext_lazy("Identifier"),
    "include": gettext_lazy("Also signed"),
    "job_role": gettext_lazy("Job role"),
    "keep": gettext_lazy("The name on record is right"),
    "keys": gettext_lazy("Keys"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "level": gettext_lazy("Level"),
    "line": gettext_lazy("Line"),
    "linkedin_organization": gettext_lazy("LinkedIn page number"),
    "list": gettext_lazy("From a list"),
    "logo": gettext_lazy("Logo"),
    "lost": gettext_lazy("Could not be opened"),
    "mail": gettext_lazy("Holders get mail"),
    "merged": gettext_lazy("Merged with person number"),
    "module": gettext_lazy("Hardware module"),
    "multikey": gettext_lazy("Public key"),
    "name": gettext_lazy("Name"),
    "narrowed": gettext_lazy("Only a part of it"),
    "parts": gettext_lazy("What looks different"),
    "primary_colour": gettext_lazy("First colour"),
    "reason": gettext_lazy("Reason"),
    "role": gettext_lazy("Role"),
    "rows": gettext_lazy("Rows"),
    "sealed": gettext_lazy("Can be used again"),
    "searched": gettext_lazy("Found by a search"),
    "secondary_colour": gettext_lazy("Second colour"),
    "since": gettext_lazy("From"),
    "skills": gettext_lazy("Skills"),
    "slug": gettext_lazy("Short name"),
    "state": gettext_lazy("State"),
    "step": gettext_lazy("Step"),
    "supersedes": gettext_lazy("Takes the place of"),
    "tags": gettext_lazy("Tags"),
    "time_zone": gettext_lazy("Time zone"),
    "to": gettext_lazy("To person number"),
    "until": gettext_lazy("Until"),
    "url": gettext_lazy("Website"),
    "validity": gettext_lazy("Valid for"),
    "version": gettext_lazy("Version"),
}
"""What facts, and what was changed, are called. Others keep their names."""

FOR_PROGRAMS = frozenset({"code", "sha256", "record", "delivery", "invitation", "design_version", "changes", "entries"})
"""Facts that say nothing to people; they stand in the entry's full text. Changes and codes are shown on their own."""

_CHOICES: Mapping[str, Mapping[str, Lazy]] = {
    "because": dict(Credential.Because.choices),
    "reason": dict(Credential.Reason.choices),
    "role": dict(Role.choices),
    "decision": dict(Row.Decision.choices) | {"": gettext_lazy("Decision taken back")},
    "step": {"password": gettext_lazy("Password"), "second-factor": gettext_lazy("Second step")},
    "as": {"csv": gettext_lazy("Table (CSV)"), "zip": gettext_lazy("Files (ZIP)")},
}


def facts(said: Told) -> Iterator[tuple[str, str]]:
    """What an entry says, as names and values."""
    for name, value in said.facts.items():
        if name not in FOR_PROGRAMS and value is not None:
            yield label(name), worded(name, value)


def changes(said: Told) -> Iterator[tuple[str, str, str]]:
    """What was changed, with before and after."""
    for name, pair in said.changes.items():
        if isinstance(pair, list) and len(pair) == 2:
            yield label(name), worded(name, pair[0]), worded(name, pair[1])


def label(name: str) -> str:
    """What a fact is called."""
    return str(LABELS.get(name, name))


def worded(name: str, value: object) -> str:
    """The value of a fact, for people."""
    if isinstance(value, str) and value in _CHOICES.get(name, {}):
        return str(_CHOICES[name][value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, list):
        return ", ".join(label(each) if name in _NAMES else str(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return _moment(str(value)) if name in _MOMENTS else str(value)


_NAMES = frozenset({"answers", "filled_in", "parts"})
_MOMENTS = frozenset({"at", "since", "until", "before"})


def _moment(text: str) -> str:
    try:
        if len(text) > 10 and (moment := parse_datetime(text)):
            return date_format(localtime(moment), "DATETIME_FORMAT")
        day = parse_date(text)
    except ValueError:
        return text
    return date_format(day, "DATE_FORMAT") if day else text
