"""Text to search by: without case, accents and the ways of writing umlauts, kept beside what it was made from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import models

LONGEST = 400
"""Characters that are kept: with four bytes each still less than an index of PostgreSQL takes."""

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "a", "œ": "o", "ı": "i", "þ": "th", "ð": "d", "ħ": "h"})
_UMLAUTS = re.compile("([aou])e")


def folded(text: str) -> str:
    """`text` as it is searched: “Müller”, “MUELLER” and “muller” are one; so are “Łukasz” and “lukasz”.

    Both what is searched and what is searched for go through this, so that it may lose more than it should: “Joel” is
    kept as “jol”, and found by “Joel”.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character)).translate(_LETTERS)
    return " ".join(_UMLAUTS.sub(r"\1", plain).split())


class FoldedField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """What the fields named by `of` say, folded. Written whenever a row is saved or made in bulk, like `auto_now`.

    `QuerySet.update` and `bulk_update` know nothing of it: who changes those fields that way sets this one too.
    """

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        kwargs |= {"max_length": LONGEST, "editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "editable", "blank", "default"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The text of the row that is about to be written."""
        text = self.text_of(model_instance)
        setattr(model_instance, self.attname, text)
        return text

    def text_of(self, model_instance: models.Model) -> str:
        """What the row's other fields say, folded."""
        return folded(" ".join(filter(None, (getattr(model_instance, field) for field in self.of))))[:LONGEST]
