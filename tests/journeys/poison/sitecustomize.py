"""Makes the certificate of whoever is called Poison end the process that draws it, as a fault in native code does."""

from __future__ import annotations

import os
from typing import Any

from laurea.rendering.certificate import CertificateRenderer

_pdf = CertificateRenderer.pdf


def _deadly(self: CertificateRenderer, document: Any, **about: Any) -> bytes:
    if document["credentialSubject"]["identifier"][0]["identityHash"] == "Poison":
        os._exit(139)
    return _pdf(self, document, **about)


CertificateRenderer.pdf = _deadly  # type: ignore[method-assign]
