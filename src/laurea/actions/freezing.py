"""Freezing: what an achievement and its issuer say is fixed when a batch is confirmed.

All credentials of a batch say the same, whenever a worker comes to them, and a file that is drawn again years later
looks as it did: with the badge, the colours and the words of that day.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model

from laurea.records.models import Achievement, Batch, Issuer

Record = TypeVar("Record", bound=Model)


def freeze(batch: Batch) -> dict[str, dict[str, Any]]:
    """What is to be kept in `batch.frozen`. Achievement and issuer are loaded."""
    return {"achievement": _values(batch.achievement), "issuer": _values(batch.achievement.issuer)}


def as_confirmed(batch: Batch) -> Achievement:
    """The achievement, with its issuer, as it was when the batch was confirmed: to read from, never to save."""
    achievement = _record(Achievement, batch.frozen["achievement"])
    achievement.issuer = _record(Issuer, batch.frozen["issuer"])
    return achievement


def _values(record: Model) -> dict[str, Any]:
    return {field.attname: field.value_from_object(record) for field in record._meta.concrete_fields}


def _record(model: type[Record], values: dict[str, Any]) -> Record:
    """Fields that were added since then have their defaults; ones that are gone are passed over."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    known = {name: fields[name].to_python(value) for name, value in values.items() if name in fields}
    record = model(**known)
    record._state.adding = False
    return record
