"""What was handed over to be judged: a JSON document with proofs in it, or one inside a signed token."""

from __future__ import annotations

from dataclasses import dataclass

from laurea.credentials import jwt
from laurea.credentials.document import JSON, Document, parse, serialise

LARGEST_CREDENTIAL = 1024 * 1024
LARGEST_LIST = 4 * 1024 * 1024
"""Bytes of JSON text."""


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


def read(credential: Document | str | bytes, *, max_bytes: int = LARGEST_CREDENTIAL) -> Presented:
    """The document in a JSON text, in a compact JWS, or in a value that was parsed before.

    A parsed value is written and read again: what a verdict is about must be something that a text can say. Raises
    `DocumentError` and, for a token, `ProofError`.
    """
    text = serialise(credential) if isinstance(credential, dict) else credential
    if jwt.looks_like_token(text):
        token = jwt.read(text, max_bytes=max_bytes)
        return Presented(token.credential(), token)
    return Presented(parse(text, max_bytes=max_bytes))
