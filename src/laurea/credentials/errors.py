"""One tree of errors, with stable codes.

Every error that a user can cause carries three things: a code that scripts may rely on, a message that says what is
wrong and where, and a hint that says what to do. Each door (command line, page, API) maps it once.
"""

from __future__ import annotations


class LaureaError(Exception):
    """Anything that can be explained to the person who caused it.

    `code` is stable and dotted (``document.duplicate-member``), `message` says what is wrong and where, in plain words
    and without a full stop that would get in a door's way; `hint` says what to do and may be empty.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class DocumentError(LaureaError):
    """A text is no JSON document that we would sign or judge."""


class ContextError(LaureaError):
    """A JSON-LD context is unknown, in the wrong place, or would change the meaning of a signed member."""


class CanonicalError(LaureaError):
    """A document has no safe canonical form: data would be lost, or the work would have no bound."""


class KeyMaterialError(LaureaError):
    """A key, a Multikey or a DID document cannot be used."""


class ProofError(LaureaError):
    """A proof is malformed or does not belong to the document."""


class VocabularyError(LaureaError):
    """A value is not what Open Badges 3.0 asks for."""


class StatusListError(LaureaError):
    """A Bitstring Status List cannot be read. Codes follow section 5 of the recommendation."""


class TrustListError(LaureaError):
    """A list of trusted issuers cannot be read."""


class BakingError(LaureaError):
    """A picture or PDF cannot carry, or does not hold, a credential."""


class CodeError(LaureaError):
    """Typed characters are not a Laurea code."""


class RenderingError(LaureaError):
    """A certificate or badge cannot be drawn as asked."""


class TableError(LaureaError):
    """A people file cannot be read as a table."""


class ResolvingError(LaureaError):
    """Something needed for a verification could not, or must not, be fetched."""


class IssuingError(LaureaError):
    """Credentials cannot be issued as asked."""
