"""What was handed over to be judged: a JSON document with proofs in it, or one inside a signed token."""

from __future__ import annotations

from dataclasses import dataclass

from laurea.credentials import jwt
from laurea.credentials.document import JSON, Document, parse, serialise
from laurea.credentials.errors import DocumentError

LARGEST_CREDENTIAL = 1024 * 1024
LARGEST_LIST = 4 * 1024 * 1024
"""Bytes of JSON text."""

MOST_VALUES = 10_000
MOST_VALUES_OF_A_LIST = 500
"""Objects, lists, texts, numbers in a document. A rich credential has a thousand; canonicalising costs by their number,
not by their size, and a picture inside is one long text."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A document that could be read, and the token around it if there is one."""

    document: Document
    token: jwt.Token | None = None

    @property
    def proofs(self) -> list[JSON]:
        """The values of `proof`, whether it is a list, as it must be, or a single one."""
        proof = self.document.get("proof")
        if proof is None:
            return []
        return proof if isinstance(proof, list) else [proof]


def read(
    credential: Document | str | bytes, *, max_bytes: int = LARGEST_CREDENTIAL, max_values: int = MOST_VALUES
) -> Presented:
    """The document in a JSON text, in a compact JWS, or in a value that was parsed before.

    A parsed value is written and read again: what a verdict is about must be something that a text can say. Raises
    `DocumentError` and, for a token, `ProofError`.
    """
    text = serialise(credential) if isinstance(credential, dict) else credential
    if jwt.looks_like_token(text):
        token = jwt.read(text, max_bytes=max_bytes)
        presented = Presented(token.credential(), token)
    else:
        presented = Presented(parse(text, max_bytes=max_bytes))
    _refuse_crowds(presented.document, max_values)
    return presented


def _refuse_crowds(document: Document, most: int) -> None:
    waiting: list[JSON] = [document]
    count = 0
    while waiting:
        value = waiting.pop()
        count += 1
        if count > most:
            raise DocumentError(
                "document.too-many-values",
                f"The document has more than {most:,} members and values",
                "A credential has some hundred; this file was not made to be read",
            )
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
