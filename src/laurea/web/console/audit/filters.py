"""What somebody wants to see of the trail: read from an address, and written into others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from laurea.actions import searching
from laurea.actions.looking_back import Wanted
from laurea.actions.permissions import may_trust
from laurea.credentials import code
from laurea.credentials.errors import CodeError
from laurea.records.models import Account, Credential, Entry, Issuer, Member, Person
from laurea.web.console.audit import objects
from laurea.web.console.audit.words import GROUPS

NAMES = ("q", "group", "kind", "id", "person", "member", "since", "until", "run", "where")
INSTALLATION = "installation"
_MOST_PEOPLE = 100
_CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True)
class Filter:
    """What was asked for, as it stood in the address, and what that means. `issuer` is None for the installation's own
    trail. What makes no sense is left out. `narrowed` are words for the choices that no field shows."""

    said: Mapping[str, str]
    issuer: Issuer | None
    wanted: Wanted
    narrowed: list[tuple[str, str]]

    @property
    def keep(self) -> list[tuple[str, str]]:
        """All of it but the search text, for hidden fields."""
        return [(name, value) for name, value in self.said.items() if name != "q"]

    @property
    def more(self) -> bool:
        """Whether more is chosen than a text and a group."""
        return bool({"member", "since", "until"} & self.said.keys())

    @property
    def chosen(self) -> bool:
        """Whether anything narrows the trail."""
        return bool(self.said.keys() - {"where"})

    @property
    def query(self) -> str:
        """The choices as they stand in an address."""
        return self.link()

    def link(self, **changes: object) -> str:
        """The trail with something changed; None leaves it out."""
        kept = dict(self.said) | {name: "" if value is None else str(value) for name, value in changes.items()}
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def chips(self) -> list[dict[str, object]]:
        """The groups of acts."""
        every = {"label": _("All"), "url": self.link(group=None, run=None), "active": "group" not in self.said}
        return [every] + [
            {
                "label": str(group.label),
                "url": self.link(group=name, run=None),
                "active": self.said.get("group") == name,
            }
            for name, group in GROUPS.items()
        ]

    def removable(self) -> list[dict[str, object]]:
        """What else narrows the trail, each with the trail without it."""
        return [{"label": label, "url": self.link(**dict.fromkeys(names.split()))} for label, names in self.narrowed]


def read(member: Member, asked: Mapping[str, str]) -> Filter:
    """The filter that an address asks for."""
    said = {name: asked.get(name, "").strip()[:200] for name in NAMES}
    issuer = member.issuer
    everywhere = said["where"] == INSTALLATION and may_trust(member)
    person, who = _person(issuer, said["person"]), _member(issuer, said["member"])
    since, until = _day(said["since"]), _day(said["until"])
    run = _run(said["run"])
    kind = said["kind"]
    identifiers: tuple[str, ...] = (said["id"],)
    persons: tuple[int, ...] | None = (person.pk,) if person else None
    if said["q"] and not everywhere:
        kind, identifiers, persons = _found(issuer, said["q"])
    wanted = Wanted(
        acts=tuple(GROUPS[said["group"]].acts) if said["group"] in GROUPS else (),
        kind=kind if identifiers != ("",) else "",
        identifiers=identifiers,
        persons=persons,
        actor=who.pk if who else None,
        since=since,
        until=until,
        run=run,
    )
    good: dict[str, object] = {
        "q": said["q"] if not everywhere else "",
        "group": said["group"] if wanted.acts else "",
        "kind": said["kind"] if wanted.kind else "",
        "id": said["id"] if wanted.kind else "",
        "person": person.pk if person else "",
        "member": wanted.actor,
        "since": since,
        "until": until,
        "run": said["run"] if run else "",
        "where": INSTALLATION if everywhere else "",
    }
    kept = {name: str(value) for name, value in good.items() if value}
    return Filter(kept, None if everywhere else issuer, wanted, _narrowed(issuer, kept, person))


def members(issuer: Issuer) -> list[Account]:
    """Whose acts can be chosen: everybody who works for the organisation."""
    return list(Account.objects.filter(memberships__issuer=issuer).order_by("name", "pk"))


def _narrowed(issuer: Issuer, kept: Mapping[str, str], person: Person | None) -> list[tuple[str, str]]:
    found = []
    if person is not None:
        found.append((person.name, "person"))
    if "kind" in kept:
        [about] = objects.of(issuer, [Entry(kind=kept["kind"], identifier=kept["id"])])
        found.append((about.name or _("One thing"), "kind id"))
    if "run" in kept:
        found.append((_("Done at once"), "run"))
    return found


def _found(issuer: Issuer, typed: str) -> tuple[str, tuple[str, ...], tuple[int, ...] | None]:
    """Entries about the credential with that code, however it was written, or about the people who are called so."""
    try:
        parsed = code.parse_code(typed.rstrip("/").rpartition("/c/")[2])
    except CodeError:
        people = searching.people(issuer, text=typed).values_list("pk", flat=True)[:_MOST_PEOPLE]
        return "", (), tuple(people)
    mine = Credential.objects.filter(issuer=issuer, code=parsed)
    return _CREDENTIAL, tuple(mine.values_list("identifier", flat=True)), None


def _person(issuer: Issuer, key: str) -> Person | None:
    return issuer.people.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None


def _member(issuer: Issuer, key: str) -> Account | None:
    """Whoever works for the organisation, or has done something for it."""
    if not key.isdecimal() or len(key) > 18:
        return None
    account = Account.objects.filter(pk=int(key)).first()
    if account is None:
        return None
    known = Member.objects.filter(issuer=issuer, account=account).exists()
    return account if known or Entry.objects.filter(issuer=issuer, actor=account).exists() else None


def _run(text: str) -> tuple[int, int] | None:
    newest, _dash, oldest = text.partition("-")
    if not (newest.isdecimal() and oldest.isdecimal() and len(newest) < 19 and len(oldest) < 19):
        return None
    return int(newest), int(oldest)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
