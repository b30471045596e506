"""Who is the issuer, as far as anything but the document itself says so?"""

from __future__ import annotations

from laurea.credentials.document import Document
from laurea.credentials.verification.materials import Materials, issuer_of
from laurea.credentials.verification.report import Check, Outcome, Verdict, domain_of

CHECK = "issuer"


def known_issuer(document: Document, materials: Materials, key: Check) -> Check:
    """Whether anything but the document itself says who the issuer is; `key` is the answer about its key."""
    issuer = issuer_of(document)
    if issuer is None:
        return Check(CHECK, Outcome.UNKNOWN, "issuer.unknown", leads_to=Verdict.ISSUER_UNKNOWN)
    domain = domain_of(issuer)
    if issuer in materials.trusted or (issuer in materials.did_documents and not issuer.startswith("did:web:")):
        return Check(CHECK, Outcome.PASSED, "issuer.vouched", detail=issuer)
    from_its_domain = issuer in materials.did_documents or (
        issuer.startswith("https://") and key.outcome is Outcome.PASSED
    )
    if domain and from_its_domain:
        return by_domain(issuer, claimed_name(document), domain, materials)
    if issuer.startswith("did:web:") and not domain:
        detail = f"{issuer} is no address"
        return Check(CHECK, Outcome.UNKNOWN, "issuer.unknown", {}, detail, Verdict.ISSUER_UNKNOWN)
    listed = _listed(issuer, materials)
    if issuer.startswith("did:web:"):
        return Check(CHECK, Outcome.UNKNOWN, "issuer.unavailable", {}, issuer, Verdict.CANNOT_TELL)
    if listed is not None:
        return listed
    return Check(CHECK, Outcome.UNKNOWN, "issuer.unknown", {}, issuer, Verdict.ISSUER_UNKNOWN)


def by_domain(identifier: str, name: str, domain: str, materials: Materials) -> Check:
    """The answer for an issuer whose keys or badges came from `domain`: trusted, known by it, or a namesake."""
    listed = _listed(identifier, materials)
    if listed is not None:
        return listed
    namesake = materials.trust_list.namesake(name, identifier)
    if namesake is not None:
        parameters = {"domain": domain, "issuer": namesake.name}
        detail = f"{identifier} calls itself “{name}”, which is the name of {namesake.identifier}"
        return Check(CHECK, Outcome.UNKNOWN, "issuer.namesake", parameters, detail, Verdict.ISSUER_UNKNOWN)
    return Check(CHECK, Outcome.PASSED, "issuer.domain", {"domain": domain}, identifier)


def claimed_name(document: Document) -> str:
    """The name that an issuer gives itself; empty when it gives none."""
    issuer = document.get("issuer")
    name = issuer.get("name") if isinstance(issuer, dict) else None
    return name if isinstance(name, str) else ""


def _listed(identifier: str, materials: Materials) -> Check | None:
    entry = materials.trust_list.find(identifier)
    if entry is None:
        return None
    parameters = {"issuer": entry.name, "since_moment": f"{entry.since.isoformat()}T00:00:00Z"}
    return Check(CHECK, Outcome.PASSED, "issuer.listed", parameters, identifier)
