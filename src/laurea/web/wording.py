"""The words of an error in the reader's language.

Actions and the pure floors speak English, with a stable code. Their sentences are msgids like any other text: where a
sentence holds values, the catalogue has the sentence with placeholders.
"""

from __future__ import annotations

from django.utils.translation import gettext

from laurea.credentials.errors import LaureaError


def worded(error: LaureaError) -> tuple[str, str]:
    """Message and hint of `error`."""
    return gettext(error.message), gettext(error.hint) if error.hint else ""
