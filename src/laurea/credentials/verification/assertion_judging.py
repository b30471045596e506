"""Open Badges 2.0, judged by its own rules for verification: hosted, where the host is believed, and signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from laurea.credentials import assertions, public_keys
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.public_keys import AnyKey
from laurea.credentials.verification import known_issuers
from laurea.credentials.verification.assertion_parts import Parts, difference, parts_of
from laurea.credentials.verification.materials import Materials
from laurea.credentials.verification.presented import Presented
from laurea.credentials.verification.proofs import judge_token
from laurea.credentials.verification.report import Check, Outcome, Report, Verdict
from laurea.credentials.verification.standing import not_looked_up, period


@dataclass(frozen=True, slots=True)
class _Asked:
    """One assertion in the course of being judged; `in_force` is the one at its host, or the signed one."""

    presented: Presented
    in_force: Document
    parts: Parts
    materials: Materials

    @property
    def profile(self) -> Document:
        return self.parts.issuer.document or {}


def judge(presented: Presented, materials: Materials, now: datetime, recipient: str | None) -> Report:
    """The report about an assertion, whether it came as JSON or as a token."""
    document, way = presented.document, assertions.way_of(presented.document)
    shape = _structure(presented, way)
    own = assertions.address_of(document.get("id"))
    hosted = materials.documents.get(own) if own is not None and way == "hosted" else None
    in_force = hosted if hosted is not None and "badge" in hosted else document
    asked = _Asked(presented, in_force, parts_of(in_force, materials.documents), materials)
    checks = [Check("format", Outcome.PASSED, "format.passed"), shape]
    if shape.leads_to is not None:
        checks += [not_looked_up(), _period(document, now)]
        return Report(tuple(checks), now, document)
    if way == "hosted" and own is not None:
        checks += [_hosted(document, hosted, own, materials), _origin(asked, own)]
    else:
        checks += _signed(asked)
    checks += [_described(asked), _issuer(asked)]
    checks += [_hosted_status(hosted) if way == "hosted" else _listed_status(asked), _period(in_force, now)]
    checks.append(_recipient(in_force, recipient))
    return Report(tuple(checks), now, in_force, claimed=_claims(asked))


def _structure(presented: Presented, way: str | None) -> Check:
    """That it is an assertion of Open Badges 2.0 and says how to verify it."""
    document = presented.document
    problems = assertions.check(document)
    if assertions.is_older_assertion(document):
        message = "structure.older-assertion"
    elif not assertions.has_known_context(document):
        message = "terms.contexts"
    elif problems or way is None:
        message = "structure.assertion-failed"
    elif (presented.token is None) is (way == "signed"):
        message = "structure.unsigned" if way == "signed" else "structure.assertion-failed"
    else:
        return Check("structure", Outcome.PASSED, "structure.assertion-passed")
    detail = "; ".join(str(problem) for problem in problems)
    return Check("structure", Outcome.FAILED, message, {}, detail, Verdict.MALFORMED)


def _hosted(document: Document, hosted: Document | None, address: str, materials: Materials) -> Check:
    """What the file says is what its host says at this moment (Open Badges 2.0, hosted verification)."""
    host = {"domain": assertions.host_of(address)}
    if hosted is None:
        detail = materials.failures.get(address, f"{address} is not at hand")
        return Check("hosted", Outcome.UNKNOWN, "hosted.unavailable", host, detail, Verdict.CANNOT_TELL)
    if hosted.get("revoked") is True and "badge" not in hosted:
        return Check("hosted", Outcome.UNKNOWN, "hosted.withdrawn", host, address)
    problems = assertions.check(hosted)
    if problems or assertions.address_of(hosted.get("id")) != address:
        detail = "; ".join(str(problem) for problem in problems) or f"{address} says it is {hosted.get('id')}"
        return Check("hosted", Outcome.UNKNOWN, "hosted.unusable", host, detail, Verdict.CANNOT_TELL)
    place = difference(document, hosted, materials.documents)
    if place is not None:
        detail = f"the file differs from {address} at {place or '/'}"
        return Check("hosted", Outcome.FAILED, "hosted.differs", host, detail, Verdict.ALTERED)
    return Check("hosted", Outcome.PASSED, "hosted.passed", host, address)


def _origin(asked: _Asked, address: str) -> Check:
    """That the issuer lets its assertions lie there; else anybody's host could speak for anybody."""
    issuer = asked.parts.issuer
    parameters = {"domain": assertions.host_of(address), "issuer": assertions.host_of(issuer.address or "") or "?"}
    if issuer.document is None or issuer.address is None:
        detail = _why_absent(asked, issuer.address, "issuer")
        return Check("origin", Outcome.UNKNOWN, "origin.unavailable", parameters, detail, Verdict.CANNOT_TELL)
    if not assertions.is_within(address, issuer.document, issuer.address):
        detail = f"{issuer.address} does not let assertions lie at {address}"
        return Check("origin", Outcome.FAILED, "origin.failed", parameters, detail, Verdict.ALTERED)
    return Check("origin", Outcome.PASSED, "origin.passed", parameters, issuer.address)


def _signed(asked: _Asked) -> list[Check]:
    """Signature and key (Open Badges 2.0, signed verification)."""
    token = asked.presented.token
    assert token is not None  # noqa: S101 - by _structure
    finding, key = _key(asked)
    if token.algorithm != "RS256":  # the one that the standard names, and the one that everybody used
        label = {"number": "1", "count": "1", "suite": f"JWS {token.algorithm}"}
        return [Check("proof.1", Outcome.UNKNOWN, "proof.unsupported", label, leads_to=Verdict.CANNOT_TELL), finding]
    return [judge_token(token, key, 1, 1), finding]


def _key(asked: _Asked) -> tuple[Check, AnyKey | None]:
    """The key that the assertion names, if its issuer's profile lists it, and it names the issuer as its owner."""
    parts, token = asked.parts, asked.presented.token
    if asked.parts.issuer.document is None:
        return _no_key("issuer-key.unavailable", _why_absent(asked, parts.issuer.address, "issuer")), None
    if parts.key_name is None:
        detail = "verification.creator is missing, and the issuer has not just one key"
        return _no_key("issuer-key.unnamed", detail), None
    listed = [_name(item) for item in assertions.values(asked.profile.get("publicKey"))]
    if parts.key_name not in listed:
        detail = f"publicKey of {parts.issuer.address} does not list {parts.key_name}"
        return Check("issuer-key", Outcome.FAILED, "issuer-key.not-listed", {}, detail, Verdict.ALTERED), None
    if parts.key.document is None:
        return _no_key("issuer-key.unavailable", _why_absent(asked, parts.key.address, "key")), None
    owner = parts.key.document.get("owner")
    owners = (parts.issuer.address, assertions.address_of(asked.profile.get("id")))
    if owner is not None and assertions.address_of(owner) not in owners:
        detail = f"{parts.key_name} belongs to {owner if isinstance(owner, str) else 'somebody else'}"
        return Check("issuer-key", Outcome.FAILED, "issuer-key.foreign", {}, detail, Verdict.ALTERED), None
    pem = parts.key.document.get("publicKeyPem")
    try:
        key = public_keys.from_pem(pem if isinstance(pem, str) else "")
    except KeyMaterialError as problem:
        return _no_key("issuer-key.unusable", f"{parts.key_name}: {problem.message}"), None
    if token is not None and token.own_key not in (None, key):
        detail = f"the token brings another key than {parts.key_name}"
        return Check("issuer-key", Outcome.FAILED, "issuer-key.foreign", {}, detail, Verdict.ALTERED), None
    return Check("issuer-key", Outcome.PASSED, "issuer-key.passed", detail=parts.key_name), key


def _described(asked: _Asked) -> Check:
    """That what was earned is described: an assertion alone names only its address."""
    badge, issuer = asked.parts.badge, asked.parts.issuer
    if badge.document is None:
        detail = _why_absent(asked, badge.address, "badge class")
        return Check("badge", Outcome.UNKNOWN, "badge.unavailable", {}, detail, Verdict.CANNOT_TELL)
    problems = assertions.check_badge(badge.document)
    if issuer.document is not None:
        problems += assertions.check_issuer(issuer.document)
    if problems:
        detail = "; ".join(str(problem) for problem in problems)
        return Check("badge", Outcome.UNKNOWN, "badge.unusable", {}, detail, Verdict.CANNOT_TELL)
    return Check("badge", Outcome.PASSED, "badge.passed", detail=badge.address or "")


def _issuer(asked: _Asked) -> Check:
    """Who the issuer is: whoever runs the host from which its profile came."""
    address, name = asked.parts.issuer.address, asked.profile.get("name")
    if address is None or asked.parts.issuer.document is None:
        detail = _why_absent(asked, address, "issuer")
        return Check("issuer", Outcome.UNKNOWN, "issuer.unavailable", {}, detail, Verdict.CANNOT_TELL)
    return known_issuers.by_domain(
        address, name if isinstance(name, str) else "", assertions.host_of(address), asked.materials
    )


def _hosted_status(hosted: Document | None) -> Check:
    if hosted is None:
        return Check("status", Outcome.UNKNOWN, "status.not-looked-up-host", leads_to=Verdict.CANNOT_TELL)
    if hosted.get("revoked", False) is not False:
        return Check("status", Outcome.FAILED, "status.revoked", {}, _reason(hosted), Verdict.REVOKED)
    return Check("status", Outcome.PASSED, "status.hosted")


def _listed_status(asked: _Asked) -> Check:
    """`revocationList` of the issuer's profile (Open Badges 2.0, RevocationList)."""
    if asked.parts.issuer.document is None:
        detail = _why_absent(asked, asked.parts.issuer.address, "issuer")
        return Check("status", Outcome.UNKNOWN, "status.unavailable", {}, detail, Verdict.CANNOT_TELL)
    if "revocationList" not in asked.profile:
        return Check("status", Outcome.NOT_APPLICABLE, "status.none")
    found = asked.parts.revocation_list
    if found.document is None:
        detail = _why_absent(asked, found.address, "revocation list")
        return Check("status", Outcome.UNKNOWN, "status.unavailable", {}, detail, Verdict.CANNOT_TELL)
    listed, owner = found.document.get("revokedAssertions", []), found.document.get("issuer")
    owners = (asked.parts.issuer.address, assertions.address_of(asked.profile.get("id")))
    if not isinstance(listed, list) or (owner is not None and assertions.address_of(owner) not in owners):
        detail = f"{found.address} is no list of withdrawn assertions by this issuer"
        return Check("status", Outcome.UNKNOWN, "status.unreadable", {}, detail, Verdict.CANNOT_TELL)
    own = {name for name in (asked.in_force.get("id"), asked.in_force.get("uid")) if isinstance(name, str)}
    for entry in listed:
        named = (entry.get("id"), entry.get("uid")) if isinstance(entry, dict) else (entry,)
        if any(isinstance(name, str) and name in own for name in named):
            reason = _reason(entry) if isinstance(entry, dict) else ""
            return Check("status", Outcome.FAILED, "status.revoked", {}, reason, Verdict.REVOKED)
    return Check("status", Outcome.PASSED, "status.passed-undated", {}, found.address or "")


def _period(document: Document, now: datetime) -> Check:
    dates: Document = {"validFrom": document.get("issuedOn")}
    if "expires" in document:
        dates["validUntil"] = document["expires"]
    return period(dates, now)


def _recipient(document: Document, recipient: str | None) -> Check:
    if recipient is None:
        return Check("recipient", Outcome.NOT_APPLICABLE, "recipient.not-asked")
    parameters = {"recipient": recipient.strip()}
    match assertions.names(document.get("recipient"), recipient):
        case True:
            return Check("recipient", Outcome.PASSED, "recipient.passed", parameters)
        case False:
            return Check("recipient", Outcome.FAILED, "recipient.failed", parameters, leads_to=Verdict.OTHER_HOLDER)
    return Check("recipient", Outcome.UNKNOWN, "recipient.unknown", parameters, leads_to=Verdict.CANNOT_TELL)


def _claims(asked: _Asked) -> Document:
    """What assertion, badge class and profile say together, in the form of Open Badges 3.0, to be shown."""
    recipient, badge = asked.in_force.get("recipient"), asked.parts.badge.document or {}
    criteria = badge.get("criteria")
    identity = recipient.get("identity") if isinstance(recipient, dict) and recipient.get("hashed") is False else None
    return _present(
        {
            "id": asked.in_force.get("id"),
            "name": badge.get("name"),
            "issuer": _present(
                {name: asked.profile.get(name) for name in ("name", "url")}, id=asked.parts.issuer.address
            ),
            "validFrom": asked.in_force.get("issuedOn"),
            "validUntil": asked.in_force.get("expires"),
            "credentialSubject": _present(
                {
                    "identifier": None if identity is None else _named(identity),
                    "achievement": _present(
                        {name: badge.get(name) for name in ("name", "description")},
                        criteria=criteria if isinstance(criteria, dict) else {"id": criteria} if criteria else None,
                        tag=badge.get("tags"),
                    ),
                }
            ),
        }
    )


def _named(identity: JSON) -> JSON:
    return [{"type": "IdentityObject", "hashed": False, "identityHash": identity, "identityType": "name"}]


def _present(members: Document, **more: JSON) -> Document:
    return {name: value for name, value in (members | more).items() if value is not None}


def _why_absent(asked: _Asked, address: str | None, what: str) -> str:
    if address is None:
        return f"the {what} is not named by an https address"
    return asked.materials.failures.get(address, f"{address} is not at hand")


def _no_key(message: str, detail: str) -> Check:
    return Check("issuer-key", Outcome.UNKNOWN, message, {}, detail, Verdict.CANNOT_TELL)


def _name(value: JSON) -> JSON:
    return value.get("id") if isinstance(value, dict) else value


def _reason(entry: Document) -> str:
    reason = entry.get("revocationReason")
    return reason if isinstance(reason, str) else ""
