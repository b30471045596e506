"""Who signed it: what is known of an issuer besides what it says of itself. For the pages of the verify desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from laurea.actions import addresses
from laurea.actions.judging import Judged
from laurea.credentials.moments import parse_day
from laurea.credentials.verification.report import domain_of
from laurea.records.models import Issuer
from laurea.web.public import telling


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about an issuer. `warns` of something to look at; `url` leads on."""

    name: str
    value: str
    is_code: bool = False
    warns: bool = False
    url: str = ""


def facts(judged: Judged) -> list[Fact]:
    """What is known of the issuer of what was judged; nothing where the document must not be quoted."""
    report = judged.verified.report
    who = report.issuer if report is not None else {}
    return list(_facts(judged, who)) if who else []


def namesake(judged: Judged) -> str:
    """Who really has the name that the issuer goes by, in a sentence; empty when nobody known here has."""
    other = judged.namesake
    if other is None:
        return ""
    values = {"name": other.name, "day": telling.day(other.since), "where": domain_of(other.identifier)}
    if other.identifier.startswith(f"{addresses.base()}/"):
        return gettext("“%(name)s” has issued on this site since %(day)s, and did not sign this") % values
    if values["where"]:
        return gettext("“%(name)s”, trusted here since %(day)s, signs at %(where)s and did not sign this") % values
    return gettext("“%(name)s”, trusted here since %(day)s, has another identifier and did not sign this") % values


def _facts(judged: Judged, who: dict[str, str]) -> Iterator[Fact]:
    here = judged.issuer
    if "claimedName" in who:
        yield Fact(gettext("It calls itself"), who["claimedName"])
    if here is not None:
        yield Fact(gettext("Known here"), _since_here(here), url=f"/issuers/{here.slug}")
    elif "since" in who:
        yield Fact(gettext("Trusted here"), _trusted(who["name"], parse_day(who["since"])))
    else:
        yield Fact(gettext("Trusted here"), gettext("It is not on the list of this site"))
    other = namesake(judged)
    if other:
        yield Fact(gettext("Somebody else has this name"), other, warns=True)
    if "domain" in who:
        yield Fact(gettext("Domain"), who["domain"], is_code=True)
    elif here is None:
        yield Fact(gettext("Domain"), gettext("None: a key, and nothing that says whose"), warns="since" not in who)
    yield Fact(gettext("Identifier"), who["id"], is_code=True)


def _since_here(issuer: Issuer) -> str:
    said = gettext("%(issuer)s has issued on this site since %(day)s")
    return said % {"issuer": issuer.name, "day": telling.day(issuer.created.date())}


def _trusted(name: str, since: date) -> str:
    return gettext("As “%(name)s”, since %(day)s") % {"name": name, "day": telling.day(since)}
