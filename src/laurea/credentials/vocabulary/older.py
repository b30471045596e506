"""Open Badges 3.0 on Verifiable Credentials 1.1, as other issuers wrote it until 2024: the same classes, other dates.

Laurea never writes it. To be judged, such a document is brought into the form of version 2.0 (`modernised`), so that
there is one table of classes; the signed text stays as it is.
"""

from __future__ import annotations

from laurea.credentials import contexts
from laurea.credentials.document import JSON, Document
from laurea.credentials.vocabulary import terms
from laurea.credentials.vocabulary.rules import Problem

RENAMED = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}
STATUS_LIST_2021 = "StatusList2021Credential"

_RENAMED_TYPES = {STATUS_LIST_2021: "BitstringStatusListCredential", "StatusList2021": "BitstringStatusList"}
# Members that are sets in version 2.0 of the schema; in JSON-LD, one value and a list of one mean the same.
_SETS = frozenset(
    (
        "alignment", "allowedValue", "credentialSchema", "endorsement", "endorsementJwt", "evidence",
        "otherIdentifier", "proof", "related", "result", "resultDescription", "rubricCriterionLevel", "tag",
        "termsOfUse",
    )
)  # fmt: skip
_ONE_TYPE = frozenset(("Image", "IdentityObject", "IdentifierEntry", "GeoCoordinates"))
_FOREIGN = frozenset(("proof", "credentialSchema", "credentialStatus", "refreshService", "termsOfUse"))
"""Members whose values have a type of another specification, as one text."""


def is_older(document: Document) -> bool:
    """Whether a document says that it follows Verifiable Credentials 1.1."""
    return contexts.is_older(document.get("@context"))


def beginning(document: Document) -> JSON:
    """When the validity of a credential of either version begins."""
    return document.get("issuanceDate" if is_older(document) else "validFrom")


def end(document: Document) -> JSON:
    """When the validity of a credential of either version ends."""
    return document.get("expirationDate" if is_older(document) else "validUntil")


def modernised(document: Document) -> Document:
    """`document`, of Verifiable Credentials 1.1, written as version 2.0 asks; for looking at, never for showing."""
    found: Document = {}
    for name, value in document.items():
        if name == "@context" and isinstance(value, list):
            found[name] = [terms.CREDENTIALS_CONTEXT, *value[1:]]
        else:
            found[RENAMED.get(name, name)] = _member(name, value)
    return found


def renamed(problem: Problem) -> Problem:
    """A problem of the modernised form, in the words of the document as it is."""
    pointer, message = problem.pointer, problem.message
    for older, newer in RENAMED.items():
        pointer, message = pointer.replace(f"/{newer}", f"/{older}"), message.replace(newer, older)
    return Problem(pointer, message.replace(terms.CREDENTIALS_CONTEXT, contexts.CREDENTIALS_V1), problem.beyond_schema)


def confusing(document: Document) -> list[Problem]:
    """Dates of version 2.0 beside, or in place of, those of 1.1, where they mean nothing."""
    return [
        Problem(f"/{newer}", f"has no meaning in Verifiable Credentials 1.1, which calls it {older}")
        for older, newer in RENAMED.items()
        if newer in document
    ]


def _member(name: str, value: JSON) -> JSON:
    if name == "type":
        return _types(value)
    is_set = name in _SETS or (name == "identifier" and isinstance(value, dict))
    values = value if isinstance(value, list) else [value]
    items = [_inner(name, item) for item in values]
    return items if is_set or isinstance(value, list) else items[0]


def _inner(name: str, value: JSON) -> JSON:
    if not isinstance(value, dict):
        return value
    if is_older(value):  # an endorsement inside, of the same version
        return modernised(value)
    if name in _FOREIGN:
        types = value.get("type")
        return {**value, "type": types[0]} if isinstance(types, list) and len(types) == 1 else value
    return {member: _member(member, item) for member, item in value.items()}


def _types(value: JSON) -> JSON:
    names = value if isinstance(value, list) else [value]
    if len(names) == 1 and isinstance(names[0], str) and names[0] in _ONE_TYPE:
        return names[0]
    return [_RENAMED_TYPES.get(name, name) if isinstance(name, str) else name for name in names]
