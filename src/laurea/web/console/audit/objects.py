"""What entries are about: how it is called now, and where its page is. What is gone keeps the name it had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from laurea.actions import looking_back
from laurea.credentials.code import format_code
from laurea.records.models import Account, Achievement, Batch, Credential, Design, Entry, Issuer, Key, Person


@dataclass(frozen=True, slots=True)
class About:
    """The object of an entry: `name` for people, `more` beside it, and `url` of its page where there is one.

    `proper` for the names of people and achievements, which are set as such.
    """

    name: str
    url: str = ""
    more: str = ""
    proper: bool = False


Found = Mapping[str, About]
"""By the identifier that entries give."""


def of(issuer: Issuer, entries: Sequence[Entry]) -> list[About]:
    """What each of the entries is about, in their order: one query for each kind of thing."""
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        wanted.setdefault(entry.kind, set()).add(entry.identifier)
    found = {kind: _FINDERS[kind](issuer, keys) for kind, keys in wanted.items() if kind in _FINDERS}
    return [found.get(entry.kind, {}).get(entry.identifier) or _gone(entry) for entry in entries]


def _gone(entry: Entry) -> About:
    """By what the entry says itself."""
    said = looking_back.told(entry).facts
    code = said.get("code")
    if isinstance(code, str) and code:
        return About(format_code(code))
    return About(str(said.get("name") or said.get("email") or said.get("file") or said.get("id") or ""))


def _credentials(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    mine = Credential.objects.filter(issuer=issuer, identifier__in=identifiers)
    return {
        identifier: About(name, reverse("console:credential", args=[issuer.slug, pk]), format_code(code), True)
        for identifier, pk, name, code in mine.values_list("identifier", "pk", "name", "code")
    }


def _people(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    mine = Person.objects.filter(issuer=issuer, pk__in=_numbers(identifiers))
    return {
        str(pk): About(name, reverse("console:person", args=[issuer.slug, pk]), proper=True)
        for pk, name in mine.values_list("pk", "name")
    }


def _batches(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    mine = Batch.objects.filter(issuer=issuer, pk__in=_numbers(identifiers))
    return {
        str(pk): About(_("Issued by hand") if by_hand else name, reverse("console:batch", args=[issuer.slug, pk]))
        for pk, name, by_hand in mine.values_list("pk", "file_name", "by_hand")
    }


def _achievements(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    mine = Achievement.objects.filter(issuer=issuer, pk__in=_numbers(identifiers))
    return {
        str(pk): About(name, reverse("console:achievement", args=[issuer.slug, pk]), proper=True)
        for pk, name in mine.values_list("pk", "name")
    }


def _designs(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    mine = Design.objects.filter(issuer=issuer, pk__in=_numbers(identifiers))
    return {
        str(pk): About(name, reverse("console:design", args=[issuer.slug, pk]))
        for pk, name in mine.values_list("pk", "name")
    }


def _accounts(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    """Whoever is named in the entries of an organisation worked for it when that was written."""
    found = Account.objects.filter(pk__in=_numbers(identifiers))
    place = reverse("console:settings-members", args=[issuer.slug])
    return {str(each.pk): About(str(each), place) for each in found.only("pk", "name", "email")}


def _keys(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    mine = Key.objects.filter(issuer=issuer, pk__in=_numbers(identifiers))
    place = reverse("console:settings-keys", args=[issuer.slug])
    return {str(pk): About(f"{key[:12]}…{key[-8:]}", place) for pk, key in mine.values_list("pk", "multikey")}


def _issuers(issuer: Issuer, identifiers: Iterable[str]) -> Found:
    return {str(issuer.pk): About(issuer.name, reverse("console:settings", args=[issuer.slug]))}


_FINDERS: Mapping[str, Callable[[Issuer, Iterable[str]], Found]] = {
    "credential": _credentials,
    "person": _people,
    "batch": _batches,
    "achievement": _achievements,
    "design": _designs,
    "account": _accounts,
    "key": _keys,
    "issuer": _issuers,
}


def _numbers(identifiers: Iterable[str]) -> list[int]:
    return [int(each) for each in identifiers if each.isdecimal() and len(each) < 19]
