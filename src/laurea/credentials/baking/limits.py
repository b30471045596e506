"""What a baked file may ask for at most. Real ones stay far below; hostile ones stop here."""

from __future__ import annotations

from laurea.credentials.errors import BakingError

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes of a file that is looked into: a large photograph, or a PDF with pictures."""

LARGEST_TEXT = 1024 * 1024
"""Bytes of a credential's text, which is as much as is ever judged."""


def file_too_large() -> BakingError:
    """The error for a file beyond LARGEST_FILE."""
    return BakingError(
        "baking.too-large",
        f"The file is larger than {LARGEST_FILE // 1024 // 1024} MiB, the most that is read",
        "Hand over the credential itself, without large pictures",
    )


def text_too_large(size: int | None = None) -> BakingError:
    """The error for a credential beyond LARGEST_TEXT."""
    found = f" has {size:,} bytes" if size else " is too large"
    return BakingError(
        "baking.too-large", f"The credential inside{found}; {LARGEST_TEXT:,} are the most that is read", ""
    )


def several(where: str) -> BakingError:
    """The error for a file with more than one credential."""
    return BakingError(
        "baking.several",
        f"{where} holds more than one credential, so it does not say which one counts",
        "Ask the issuer for a file with one",
    )


def none(where: str, hint: str) -> BakingError:
    """The error for a file without a credential."""
    return BakingError("baking.none", f"{where} holds no credential", hint)
