"""A design: one folder with `design.typ`, `design.toml` and whatever pictures it draws on.

Designs are Typst, which has no network and no clock. What Typst would still let a design do, load packages from the
network or run text as code, is refused here before the compiler sees it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from laurea.credentials.errors import RenderingError
from laurea.rendering.fonts import faces
from laurea.rendering.typefaces import PLACES, TYPEFACES

FOLDER = Path(__file__).parent / "designs"
LIBRARY = Path(__file__).parent / "library"
"""Where Typst finds the package ``@laurea/certificate``, the one package a design may import."""

PAPERS = ("a4", "us-letter")
ORIENTATIONS = ("landscape", "portrait")
ELEMENTS = ("logo", "badge", "description", "skills", "signatories", "expiry", "qr")

FITTED = ("holder", "achievement", "text")
"""The texts whose faces a design declares: the two that shrink or wrap, and all running text."""

_MAX_FILES = 200
_MAX_BYTES = 20 * 1024 * 1024
_MAX_WRITTEN = 1024 * 1024
"""Bytes of a file of code, and of `design.toml`, which are written by hand."""
_MAX_DOTS = 1_000
"""In `design.toml`: each dot of a key may open a table, and thousands of them a reader would never climb out of."""
# An import that is not of a file in the folder or of our library, spelled out as a literal: it could be a package from
# the network. `eval` and `std` (which holds it) could spell the same in pieces; `plugin` runs foreign machine code.
_FOREIGN = re.compile(
    r"\b(?:import|include)\b(?!\s*(?:\"@laurea/certificate:\d+\.\d+\.\d+\"|\"[\w./ -]+\.typ\"))|\b(?:eval|std|plugin)\b"
)


@dataclass(frozen=True, slots=True)
class Design:
    """A design as its `design.toml` declares it. `folder` is all of the disk that its code can read; `faces` names the
    font file (without its ending) that each text of FITTED is set in, by which its width is foretold; `typefaces` the
    families that issuers may replace, by PLACES."""

    name: str
    folder: Path
    title: str
    description: str
    papers: tuple[str, ...] = PAPERS
    orientations: tuple[str, ...] = ORIENTATIONS
    options: Mapping[str, str] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()
    faces: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("*",)
    typefaces: Mapping[str, str] = field(default_factory=dict)


def design_names() -> tuple[str, ...]:
    """The designs the package brings."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if (folder / "design.toml").is_file()))


def load_design(design: str | Path) -> Design:
    """A packaged design by name, or any design by the path of its folder.

    Raises RenderingError: ``rendering.design-unknown`` where there is none, ``rendering.design-invalid`` where
    `design.toml` is wrong, ``rendering.design-unsafe`` where its code or files reach beyond the folder.
    """
    folder = FOLDER / design if isinstance(design, str) and design in design_names() else Path(design)
    if not (folder / "design.toml").is_file() or not (folder / "design.typ").is_file():
        raise RenderingError(
            "rendering.design-unknown",
            f"There is no design “{design}”",
            f"Packaged designs: {', '.join(design_names())}; or give a folder with design.toml and design.typ",
        )
    folder = folder.resolve()
    _refuse_unsafe(folder)
    return _declared(folder, _toml(folder))


def _toml(folder: Path) -> dict[str, object]:
    text = _written(folder, folder / "design.toml")
    if text.count(".") > _MAX_DOTS:
        raise _invalid(folder, "has a design.toml with too many dots")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _invalid(folder, "has a design.toml that nests too deeply") from None
    except ValueError as error:  # TOMLDecodeError, and a number with thousands of digits
        raise _invalid(folder, f"has a design.toml that is not TOML: {error}") from None


def _declared(folder: Path, table: dict[str, object]) -> Design:
    known = {"title", "description", "papers", "orientations", "options", "fonts", "faces", "languages", "typefaces"}
    for key in table:
        if key not in known:
            raise _invalid(folder, f"has an unknown key “{key}”; known are {', '.join(sorted(known))}")
    declared_faces = _pairs(folder, table, "faces")
    for key in FITTED:
        if declared_faces.get(key) not in faces():
            raise _invalid(folder, f"must name a packaged font file for “{key}” under [faces]: {', '.join(faces())}")
    typefaces = _pairs(folder, table, "typefaces")
    for place, family in typefaces.items():
        if place not in PLACES or family not in TYPEFACES:
            raise _invalid(
                folder, f"must name under [typefaces] for {' or '.join(PLACES)} one of: {', '.join(TYPEFACES)}"
            )
    return Design(
        name=folder.name,
        folder=folder,
        title=_word(folder, table, "title"),
        description=_word(folder, table, "description"),
        papers=_words(folder, table, "papers", PAPERS),
        orientations=_words(folder, table, "orientations", ORIENTATIONS),
        options=_pairs(folder, table, "options"),
        faces=declared_faces,
        fonts=_words(folder, table, "fonts", None),
        languages=_words(folder, table, "languages", None) or ("*",),
        typefaces=typefaces,
    )


def _word(folder: Path, table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _invalid(folder, f"needs a {key}")
    return value


def _pairs(folder: Path, table: Mapping[str, object], key: str) -> dict[str, str]:
    value = table.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise _invalid(folder, f"must give every entry of [{key}] a text")
    return value


def _words(folder: Path, table: Mapping[str, object], key: str, allowed: tuple[str, ...] | None) -> tuple[str, ...]:
    value = table.get(key, list(allowed or ()))
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _invalid(folder, f"must give {key} as a list of words")
    for word in value:
        if allowed is not None and word not in allowed:
            raise _invalid(folder, f"names “{word}” under {key}; possible are {', '.join(allowed)}")
    return tuple(value)


def _refuse_unsafe(folder: Path) -> None:
    total = 0
    for count, file in enumerate(folder.rglob("*"), 1):
        name = file.relative_to(folder)
        if not _leads_inside(file, folder):
            raise _unsafe(folder, f"has a link that leads out of it, or nowhere: {name}")
        if file.is_file():
            total += file.stat().st_size
        elif not file.is_dir():
            raise _unsafe(folder, f"holds what is neither a file nor a folder: {name}")
        if count > _MAX_FILES or total > _MAX_BYTES:
            raise _unsafe(folder, f"holds more than {_MAX_FILES} files or {_MAX_BYTES // 1024**2} MiB")
        if file.suffix == ".typ" and file.is_file():
            _refuse_foreign(folder, file)


def _leads_inside(file: Path, folder: Path) -> bool:
    try:
        return file.resolve(strict=True).is_relative_to(folder)
    except (OSError, RuntimeError):  # a link in a circle
        return False


def _written(folder: Path, file: Path) -> str:
    """The text of a file that somebody wrote."""
    name = file.relative_to(folder)
    if file.stat().st_size > _MAX_WRITTEN:
        raise _invalid(folder, f"has a file of more than {_MAX_WRITTEN // 1024**2} MiB: {name}")
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise _invalid(folder, f"has a file that is not UTF-8: {name}") from None


def _refuse_foreign(folder: Path, file: Path) -> None:
    code = _written(folder, file)
    found = _FOREIGN.search(code)
    if found:
        line = code.count("\n", 0, found.start()) + 1
        raise _unsafe(folder, f"says “{found[0]}” in {file.relative_to(folder)}, line {line}")


def _invalid(folder: Path, what: str) -> RenderingError:
    return RenderingError(
        "rendering.design-invalid", f"The design “{folder.name}” {what}", "See docs/how-to/make-a-design.md"
    )


def _unsafe(folder: Path, what: str) -> RenderingError:
    return RenderingError(
        "rendering.design-unsafe",
        f"The design “{folder.name}” {what}",
        "A design may import its own .typ files, named outright, and @laurea/certificate, and nothing else",
    )
