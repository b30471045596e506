"""Keeps the catalogue of German texts in step with the code: `make messages`.

Every text that a template or a page shows is a msgid; what is new stands empty in the catalogue, what nothing says any
more is dropped. Nothing is guessed from similar texts: a wrong translation is worse than none.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "laurea"
CATALOGUE = SOURCE / "web" / "locale" / "de" / "LC_MESSAGES" / "django.po"

_FUNCTIONS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}
_STRING = r"""u?'(?:[^'\\\\]|\\\\.)*'|u?"(?:[^"\\\\]|\\\\.)*\""""
_LITERAL = re.compile(_STRING)
_CALL = re.compile(rf"(?<!\w)(n?p?gettext|_)\(((?:(?:{_STRING})(?:, ?)?)+)")
Found = tuple[str, int, object, list[str], str | None]


def extracted() -> Catalog:
    """All texts in the code and the templates, with the files that say them."""
    catalogue = Catalog(locale="de", project="Laurea", fuzzy=False)
    for path, line, message, comments, context in _texts():
        catalogue.add(message, locations=[(path, line)], auto_comments=comments, context=context)
    return catalogue


def _texts() -> Iterator[Found]:
    for path in sorted(SOURCE.rglob("*")):
        if not path.is_file() or "vendor" in path.parts:
            continue
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py":
            for line, message, comments, context in extract(
                "python", io.BytesIO(path.read_bytes()), _FUNCTIONS, [], {}
            ):
                yield name, line, message, comments, context
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            yield from _of_template(name, path.read_text("utf-8"))


def _of_template(name: str, text: str) -> Iterator[Found]:
    """What Django makes of a template for GNU gettext: calls among filler."""
    for call in _CALL.finditer(templatize(text, origin=name)):
        function, arguments = call[1], [ast.literal_eval(literal) for literal in _LITERAL.findall(call[2])]
        context = arguments.pop(0) if "p" in function.removesuffix("gettext") else None
        yield name, 0, tuple(arguments) if len(arguments) > 1 else arguments[0], [], context


def updated() -> Catalog:
    """The catalogue as it stands, with exactly the texts of today."""
    fresh = extracted()
    if CATALOGUE.exists():
        with CATALOGUE.open("rb") as file:
            known = read_po(file, locale="de")
        for message in fresh:
            if message.id and (old := known.get(_single(message.id), message.context)) is not None:
                message.string = old.string
    return fresh


def _single(identifier: object) -> str:
    return identifier[0] if isinstance(identifier, tuple | list) else str(identifier)


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts without a German one."""
    return [_single(message.id) for message in catalogue if message.id and not _whole(message.string)]


def _whole(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def main() -> None:
    """Write the catalogue and say what is missing."""
    catalogue = updated()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, sort_output=True, include_lineno=False)
    missing = untranslated(catalogue)
    print(f"{len(catalogue)} texts, {len(missing)} without a German one.")
    if "--missing" in sys.argv:
        print("\n".join(missing))


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    django.setup()
    main()
