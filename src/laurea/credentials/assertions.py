"""Open Badges 2.0: an assertion, its badge class and its issuer, each a JSON document at an address of its own.

Read, never written. Sources: Open Badges 2.0, "Open Badges Vocabulary" (classes and members) and "Badge Baking". Where
the standard lets a member be one value or several, both are read.
"""

from __future__ import annotations

import hashlib
import re
from itertools import islice
from urllib.parse import urlsplit

from laurea.credentials.document import JSON, Document
from laurea.credentials.vocabulary.rules import LEVELS, Problem, Problems, Rule, Shape, flag, moment, shown, text

CONTEXT = "https://w3id.org/openbadges/v2"
HOSTED = ("hosted", "HostedBadge")
SIGNED = ("signed", "SignedBadge")

_OLDER_CONTEXTS = ("https://w3id.org/openbadges/v1",)
_MOST_PROBLEMS = 50
_SHA256 = re.compile(r"sha256\$[0-9a-fA-F]{64}", re.ASCII)
_LONGEST_ADDRESS = 2_048


def is_assertion(document: Document) -> bool:
    """Whether a document means to be an assertion: of Open Badges 2.0, or an older one."""
    if "Assertion" in values(document.get("type")):
        return True
    return "badge" in document and "recipient" in document and ("verification" in document or "verify" in document)


def is_older_assertion(document: Document) -> bool:
    """Whether an assertion follows Open Badges 1, which Laurea does not judge."""
    context = document.get("@context")
    return context in _OLDER_CONTEXTS or (context is None and "verify" in document)


def has_known_context(document: Document) -> bool:
    """Whether an assertion names the context of Open Badges 2.0 and no other beside it."""
    return document.get("@context") in (CONTEXT, [CONTEXT])


def check(document: Document) -> list[Problem]:
    """What is wrong with `document` as an assertion; at most 50 problems. Says nothing of what it refers to."""
    return list(islice(_SHAPES["Assertion"].problems(document, "", LEVELS), _MOST_PROBLEMS))


def check_badge(document: Document) -> list[Problem]:
    """What is wrong with a badge class."""
    return list(islice(_SHAPES["BadgeClass"].problems(document, "", LEVELS), _MOST_PROBLEMS))


def check_issuer(document: Document) -> list[Problem]:
    """What is wrong with an issuer's profile."""
    return list(islice(_SHAPES["Issuer"].problems(document, "", LEVELS), _MOST_PROBLEMS))


def way_of(document: Document) -> str | None:
    """How an assertion says that it is to be verified: ``hosted``, ``signed``, or None."""
    verification = document.get("verification")
    types = values(verification.get("type")) if isinstance(verification, dict) else []
    if len(types) != 1:
        return None
    return "hosted" if types[0] in HOSTED else "signed" if types[0] in SIGNED else None


def address_of(value: JSON) -> str | None:
    """The https address of a document that a member names, by address or as an object with one; without fragment.

    What begins with ``http`` is asked for over https: the same host, and nobody on the way can change the answer.
    """
    named = value.get("id") if isinstance(value, dict) else value
    if not isinstance(named, str) or len(named) > _LONGEST_ADDRESS:
        return None
    scheme, colon, rest = named.partition(":")
    if not colon or scheme.lower() not in ("http", "https") or not rest.startswith("//"):
        return None
    return f"https:{rest.partition('#')[0]}"


def host_of(address: str) -> str:
    """Host and port of an address, in lower case; empty when there is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
        return (parts.hostname or "") + (f":{port}" if port not in (None, 80, 443) else "")
    except ValueError:
        return ""


def is_within(assertion: str, issuer: Document, issuer_address: str) -> bool:
    """Whether the issuer lets assertions lie at the address `assertion` (Open Badges 2.0, VerificationObject).

    By `allowedOrigins` and `startsWith` of its profile; without them, on the issuer's own host.
    """
    policy = issuer.get("verification")
    rules = policy if isinstance(policy, dict) else {}
    origins, prefixes = values(rules.get("allowedOrigins")), values(rules.get("startsWith"))
    if origins and host_of(assertion) not in [host_of(_with_scheme(item)) for item in origins if isinstance(item, str)]:
        return False
    if prefixes and not any(isinstance(item, str) and _begins(assertion, item) for item in prefixes):
        return False
    return bool(origins or prefixes) or (host_of(assertion) == host_of(issuer_address) != "")


def names(recipient: JSON, person: str) -> bool | None:
    """Whether the `recipient` of an assertion is `person` (an e-mail address or other identifier); None if unclear."""
    if not isinstance(recipient, dict):
        return None
    identity, salt = recipient.get("identity"), recipient.get("salt", "")
    typed = person.strip()
    if not isinstance(identity, str) or not isinstance(salt, str):
        return None
    if recipient.get("hashed") is not True:
        return identity.strip().lower() == typed.lower()
    if not _SHA256.fullmatch(identity):
        return None
    tried = (typed, typed.lower())
    try:
        return identity.lower() in [f"sha256${hashlib.sha256((name + salt).encode()).hexdigest()}" for name in tried]
    except UnicodeEncodeError:
        return False


def values(value: JSON) -> list[JSON]:
    """The values of a member that may be one or a list; none when it is absent."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _begins(address: str, prefix: str) -> bool:
    """Whether `address` lies beneath `prefix`: never on a host whose name merely begins alike."""
    begin = address_of(prefix)
    if begin is None or host_of(begin) != host_of(address):
        return False
    return urlsplit(address).path.startswith(urlsplit(begin).path or "/")


def _with_scheme(origin: str) -> str:
    return origin if "://" in origin else f"https://{origin}"


def _named(*wanted: str) -> Rule:
    """`type`: one text or a list with one of `wanted`."""

    def rule(value: JSON, pointer: str, _levels: int) -> Problems:
        listed = values(value)
        if not all(isinstance(name, str) for name in listed) or not any(name in listed for name in wanted):
            yield Problem(pointer, f"must be “{wanted[0]}”, not {shown(value)}")

    return rule


def _linked(name: str) -> Rule:
    """An address, or an object of the class `name` in its place."""

    def rule(value: JSON, pointer: str, levels: int) -> Problems:
        if isinstance(value, dict) and "type" in value:
            yield from _SHAPES[name].problems(value, pointer, levels)
        elif address_of(value) is None:
            yield Problem(pointer, f"must be an https address, not {shown(value)}")

    return rule


def _picture(value: JSON, pointer: str, _levels: int) -> Problems:
    named = value.get("id") if isinstance(value, dict) else value
    if address_of(named) is None:  # the picture that carries the assertion can hardly stand in it
        yield Problem(pointer, f"must be the address of a picture, not {shown(value)}")


def _recipient(value: JSON, pointer: str, levels: int) -> Problems:
    yield from _SHAPES["IdentityObject"].problems(value, pointer, levels)


def _verification(value: JSON, pointer: str, levels: int) -> Problems:
    yield from _SHAPES["VerificationObject"].problems(value, pointer, levels)


def _address(value: dict[str, JSON], pointer: str) -> Problems:
    if way_of(value) == "hosted" and address_of(value.get("id")) is None:
        yield Problem(f"{pointer}/id", "must be the https address at which the assertion lies")


_TEXT = text()
_SHAPES: dict[str, Shape] = {
    "Assertion": Shape(
        {
            "id": _TEXT,
            "type": _named("Assertion"),
            "recipient": _recipient,
            "badge": _linked("BadgeClass"),
            "verification": _verification,
            "image": _picture,
            "issuedOn": moment,
            "expires": moment,
            "narrative": _TEXT,
            "revoked": flag,
            "revocationReason": _TEXT,
        },
        ("@context", "id", "type", "recipient", "badge", "verification", "issuedOn"),
        rules=(_address,),
    ),
    "IdentityObject": Shape(
        {"type": _named("email", "url", "telephone", "id"), "identity": _TEXT, "hashed": flag, "salt": _TEXT},
        ("type", "identity", "hashed"),
    ),
    "VerificationObject": Shape({"type": _named(*HOSTED, *SIGNED), "creator": _linked("CryptographicKey")}, ("type",)),
    "CryptographicKey": Shape({"id": _TEXT, "owner": _TEXT, "publicKeyPem": _TEXT}, ("id",)),
    "BadgeClass": Shape(
        {"type": _named("BadgeClass"), "name": _TEXT, "description": _TEXT, "issuer": _linked("Issuer")},
        ("type", "name", "issuer"),
    ),
    "Issuer": Shape(
        {"id": _TEXT, "type": _named("Issuer", "Profile"), "name": _TEXT, "url": _TEXT, "email": _TEXT},
        ("id", "type", "name"),
    ),
}
