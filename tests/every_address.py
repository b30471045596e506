"""Every address of the installation, read from the URLconf, so that a new page cannot be forgotten by a sweep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """One entry of the URLconf. `places` are its parameters, each told apart by what stands before it."""

    name: str
    route: str
    places: Mapping[str, str]

    @property
    def label(self) -> str:
        """How tests call it."""
        return self.name or self.route

    def filled(self, values: Mapping[str, Sequence[Any]]) -> list[str]:
        """Its paths, with every value that `values` has for each place (“people/pk”, or “pk” for any).

        Raises `LookupError` where a place has none: whoever adds a page says what belongs there.
        """
        choices = []
        for parameter, place in self.places.items():
            if place not in values and parameter not in values:
                raise LookupError(f"{self.label}: the sweep does not know what belongs in {place}")
            choices.append(values.get(place, values.get(parameter, ())))
        return [self._at(dict(zip(self.places, chosen, strict=True))) for chosen in product(*choices)]

    def _at(self, parameters: dict[str, Any]) -> str:
        if self.name:
            try:
                return reverse(self.name, kwargs=parameters)
            except NoReverseMatch as error:
                raise LookupError(f"{self.label} takes no {parameters}: {error}") from None
        return "/" + _PARAMETER.sub(lambda match: str(parameters[match[1]]), self.route)


def every_address() -> list[Address]:
    """All entries of the URLconf, in its order."""
    return list(_below(get_resolver().url_patterns, "", ""))


def _below(patterns: Sequence[URLPattern | URLResolver], before: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _below(pattern.url_patterns, route, inner)
        else:
            yield Address(namespace + pattern.name if pattern.name else "", route, _places(route))


def _places(route: str) -> dict[str, str]:
    """Parameter -> “segment before it/parameter”."""
    places = {}
    for match in _PARAMETER.finditer(route):
        parameter = match[1] or match[2]
        segments = [part for part in _PARAMETER.sub("<>", route[: match.start()]).split("/") if part]
        places[parameter] = f"{segments[-1].strip('^-') or '<>'}/{parameter}" if segments else parameter
    return places
