"""Certificates: a signed document and an issuer's appearance in, PDF/A-3a + PDF/UA-1 or a picture out.

Everything a certificate states is read from the signed document. Text reaches Typst only as JSON data, never as
markup, so a name can be any text at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import typst

from laurea.credentials.errors import RenderingError
from laurea.rendering import fonts, qr
from laurea.rendering.design import ELEMENTS, LIBRARY, ORIENTATIONS, PAPERS, Design
from laurea.rendering.palette import Colours, shades
from laurea.rendering.picture import Picture
from laurea.rendering.statement import Statement, statement
from laurea.rendering.texts import texts
from laurea.rendering.typefaces import TYPEFACES, face

MAX_SIGNATORIES = 3

_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
# What the compiler is given for each certificate. Only the data changes: all else that a design works out stays in the
# compiler's memory, which is what makes a certificate fast (data in `sys.inputs` would make it forget everything). It
# looks up what it remembers by a digest of the arguments of each call: the two long texts become bytes, whose digest it
# takes only once.
_MAIN = b"""#import "/design.typ": certificate
#let said = json(bytes("%s"))
#let long(key) = if said.at(key) == "" { "" } else { bytes(said.at(key)) }
#certificate((..said, qr: long("qr"), credential: long("credential")))
"""
_PLACE = re.compile(r"[\w.-]+\.typ:\d+:\d+")
_WIDTHS = {("a4", "landscape"): 297.0, ("a4", "portrait"): 210.0}
_WIDTHS |= {("us-letter", "landscape"): 279.4, ("us-letter", "portrait"): 215.9}
_COMPLETED = frozenset(
    {"CertificateOfCompletion", "Course", "LearningProgram", "ApprenticeshipCertificate", "Assignment"}
)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: a name, a role beneath it, and the picture of a signature above."""

    name: str
    role: str = ""
    signature: Picture | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """An issuer's choices, the same for every certificate of a batch.

    `paper` is one of PAPERS, `orientation` of ORIENTATIONS, `language` a BCP 47 tag, `messages` replaces texts by key
    (see `laurea.rendering.texts`), `show` holds the ELEMENTS that appear (if there is anything to show), `options`
    what the design itself asks for. `typefaces` replaces families of the design by others of TYPEFACES, where the
    design allows it.
    """

    logo: Picture | None = None
    colours: Colours = field(default_factory=Colours)
    signatories: tuple[Signatory, ...] = ()
    badge: Picture | None = None
    paper: str = "a4"
    orientation: str = "landscape"
    language: str = "en"
    messages: Mapping[str, str] = field(default_factory=dict)
    show: frozenset[str] = frozenset(ELEMENTS)
    options: Mapping[str, str] = field(default_factory=dict)
    typefaces: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _one_of("paper", self.paper, PAPERS)
        _one_of("orientation", self.orientation, ORIENTATIONS)
        for element in self.show:
            _one_of("element to show", element, ELEMENTS)
        for family in self.typefaces.values():
            _one_of("typeface", family, tuple(TYPEFACES))
        if len(self.signatories) > MAX_SIGNATORIES:
            raise RenderingError(
                "rendering.appearance-invalid",
                f"{len(self.signatories)} people sign, but a certificate has room for {MAX_SIGNATORIES}",
                f"Name at most {MAX_SIGNATORIES} signatories",
            )


class CertificateRenderer:
    """One design in one appearance, with a warm compiler: make one a process and use it for a whole batch.

    Threads may share it: they take turns.
    """

    def __init__(self, design: Design, appearance: Appearance) -> None:
        """Raises RenderingError where the design does not offer what the appearance asks for, or no font shows it."""
        _one_of(f"paper of the design “{design.name}”", appearance.paper, design.papers)
        _one_of(f"orientation of the design “{design.name}”", appearance.orientation, design.orientations)
        for option in appearance.options:
            _one_of(f"option of the design “{design.name}”", option, tuple(design.options))
        for place in appearance.typefaces:
            _one_of(f"place for a typeface in the design “{design.name}”", place, tuple(design.typefaces))
        self._design = design
        self._appearance = appearance
        self._texts = texts(appearance.language, appearance.messages)
        self._faces = _faces(design, appearance)
        for signatory in appearance.signatories:
            fonts.require_characters(signatory.name + signatory.role, f"Signatory {signatory.name}")
        for key, message in appearance.messages.items():
            fonts.require_characters(message, f"Text “{key}”")
        self._compiling = Lock()
        self._width = _WIDTHS[appearance.paper, appearance.orientation]
        self._compiler = typst.Compiler(
            root=str(design.folder),
            font_paths=fonts.typst_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"appearance": json.dumps(_look(design, appearance))},
            package_path=str(LIBRARY),
            package_cache_path=str(LIBRARY / "nothing-is-cached"),
        )

    def check(self, document: Mapping[str, object]) -> None:
        """Raise RenderingError if `document` (signed or not yet) could not be printed: a member it lacks
        (``rendering.not-printable``), or a character that no font has (``rendering.missing-character``)."""
        self._check(statement(document))

    def pdf(
        self, document: Mapping[str, object], *, credential_text: bytes, code: str, address: str | None, made: datetime
    ) -> bytes:
        """The certificate as PDF/A-3a and PDF/UA-1 with `credential_text` attached as ``credential.json``.

        `document` is the parsed `credential_text`, which is attached byte for byte. `code` is the canonical code of 16
        characters; `address` the public page that the QR code leads to, or None, when the QR code holds the code
        itself. `made` is the moment of making, with time zone, which the PDF states. Equal arguments give equal bytes.
        """
        return self._compile(document, code, address, credential_text, made, None)

    def picture(self, document: Mapping[str, object], *, code: str, address: str | None, width: int = 1600) -> bytes:
        """The certificate as a PNG, `width` pixels wide (200 to 6000)."""
        if not 200 <= width <= 6000:
            raise RenderingError(
                "rendering.picture-size", f"A picture cannot be {width} pixels wide", "Ask for 200 to 6000"
            )
        return self._compile(document, code, address, b"", None, width)

    def drawing(self, document: Mapping[str, object], *, code: str, address: str | None) -> bytes:
        """The certificate as SVG in UTF-8, its text as outlines: the quickest form, sharp at every size."""
        return self._compile(document, code, address, b"", None, 0)

    def _compile(
        self,
        document: Mapping[str, object],
        code: str,
        address: str | None,
        credential_text: bytes,
        made: datetime | None,
        width: int | None,
    ) -> bytes:
        stated = statement(document)
        self._check(stated)
        said = self._said(stated, code, address) | {"credential": credential_text.decode("utf-8")}
        source = _MAIN % _literal(json.dumps(said))
        try:
            with self._compiling:
                if width is None:
                    made_of = self._compiler.compile(source, format="pdf", pdf_standards=_STANDARDS, timestamp=made)
                elif width == 0:
                    made_of = self._compiler.compile(source, format="svg")
                else:
                    made_of = self._compiler.compile(source, format="png", ppi=width / (self._width / 25.4))
        except typst.TypstError as error:
            raise _failed(self._design, error) from None
        if not isinstance(made_of, bytes):
            raise RenderingError(
                "rendering.design-failed",
                f"The design “{self._design.name}” needs more than one page",
                "A certificate is one page: place what may grow with limits",
            )
        return made_of

    def _check(self, stated: Statement) -> None:
        shown = {
            "Name": stated.holder,
            "Achievement": stated.achievement,
            "Issuer": stated.issuer,
            "Description": stated.description,
            "Skills": " ".join(stated.skills),
        }
        if fonts.missing_characters("".join(shown.values())):
            for where, text in shown.items():
                fonts.require_characters(text, where)

    def _said(self, stated: Statement, code: str, address: str | None) -> dict[str, object]:
        """What the design gets to show for one holder: the keys that docs/how-to/make-a-design.md lists."""
        say, show = self._texts, self._appearance.show
        values = self._values(stated, code, address)
        matrix = qr.matrix(address or code)
        sentences = {
            "title": say.say("document_title", **values),
            "awarded_to": say.say("awarded_to", **values),
            "for": say.say("for_completing" if stated.kind in _COMPLETED else "for", **values),
            "issued": say.say("issued", **values),
            "expires": say.say("expires", **values) if stated.expires and "expiry" in show else "",
            "description": stated.description if "description" in show else "",
            "skills": " · ".join(stated.skills) if "skills" in show else "",
            "skills_label": say.say("skills", **values),
            "check": say.say("check" if address else "check_offline", **values),
            "attachment": say.say("attachment", **values),
        }
        said: dict[str, object] = {
            **values,
            **sentences,
            "code": _groups(code),
            "qr": qr.svg(matrix, quiet_zone=0, paper=None) if "qr" in show else "",
            "alt": {key: say.say(f"{key}_alt", **values) for key in ("logo", "badge", "qr", "seal")},
        }
        return said | self._manners({**values, **sentences})

    def _values(self, stated: Statement, code: str, address: str | None) -> dict[str, str]:
        """What placeholders in texts stand for."""
        say = self._texts
        plain = {
            "holder": stated.holder,
            "achievement": stated.achievement,
            "issuer": stated.issuer,
            "awarded": say.date(stated.awarded),
            "expires": say.date(stated.expires) if stated.expires else "",
            "code": "-".join(_groups(code)),
            "address": _spoken(address, code) if address else "",
            "content": address or "-".join(_groups(code)),
        }
        return plain | {"kind": say.fill(say.kind(stated.kind), **plain)}

    def _manners(self, texts_by_key: Mapping[str, str]) -> dict[str, object]:
        """How each text has to be set: whose Han shapes, which direction, how tall its script, how wide its words."""
        named = {key: texts_by_key[key] for key in ("holder", "achievement", "issuer")}
        faces = self._faces
        return {
            "han": {key: fonts.han_style(text, self._appearance.language) for key, text in named.items()},
            "right_to_left": {key: fonts.right_to_left(text) for key, text in named.items()},
            "tall": {key: fonts.tall(text) for key, text in named.items()},
            "widths": {
                key: fonts.widths(texts_by_key[key], faces.get(key, faces["text"]))
                for key in ("holder", "achievement", "description", "skills", "issued", "expires", "check")
            },
        }


def _look(design: Design, appearance: Appearance) -> dict[str, object]:
    """What the design gets to show on every certificate."""
    say = texts(appearance.language, appearance.messages)
    show = appearance.show
    text_face = _faces(design, appearance)["text"]
    language, _, region = appearance.language.partition("-")
    return {
        "paper": appearance.paper,
        "landscape": appearance.orientation == "landscape",
        "language": language,
        "region": region if len(region) == 2 else "",
        "right_to_left": language in _RIGHT_TO_LEFT,
        "colours": shades(appearance.colours),
        "logo": _shown(appearance.logo if "logo" in show else None),
        "badge": _shown(appearance.badge if "badge" in show else None),
        "signatories": [
            {
                "name": signatory.name,
                "role": signatory.role,
                "signature": _shown(signatory.signature),
                "alt": say.say("signature_alt", name=signatory.name),
                "widths": {
                    "name": fonts.widths(signatory.name, text_face),
                    "role": fonts.widths(signatory.role, text_face),
                },
            }
            for signatory in appearance.signatories
            if "signatories" in show
        ],
        "options": {**design.options, **appearance.options},
        "typefaces": {
            place: {"family": family, "kind": TYPEFACES[family].kind}
            for place, family in {**design.typefaces, **appearance.typefaces}.items()
        },
    }


def _faces(design: Design, appearance: Appearance) -> dict[str, str]:
    """The font files that texts are set in, with the typefaces that were chosen."""
    chosen = {place: family for place, family in appearance.typefaces.items() if family != design.typefaces[place]}
    places = {key: "text" if key == "text" else "headline" for key in design.faces}
    return {
        key: face(chosen[places[key]], file) if places[key] in chosen else file for key, file in design.faces.items()
    }


def _shown(picture: Picture | None) -> dict[str, object] | None:
    return {"svg": picture.svg(), "size": picture.size(), "alt": picture.alt} if picture else None


def _literal(text: str) -> bytes:
    """JSON as the inside of a Typst string literal. `json.dumps` leaves printable ASCII alone, and of that only the
    backslash and the quotation mark mean anything inside a literal: no text can leave it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii")


def _groups(code: str) -> list[str]:
    plain = code.replace("-", "")
    return [plain[start : start + 4] for start in range(0, len(plain), 4)]


def _spoken(address: str, code: str) -> str:
    """An address as people type it: without scheme, and without the code, which stands beside it."""
    return address.partition("://")[2].removesuffix(code).rstrip("/") or address


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise RenderingError(
            "rendering.appearance-invalid", f"“{value}” is no {what}", f"Possible: {', '.join(allowed) or 'none'}"
        )


def _failed(design: Design, error: typst.TypstError) -> RenderingError:
    place = _PLACE.search(error.diagnostic)
    where = f" ({place[0]})" if place else ""
    return RenderingError(
        "rendering.design-failed",
        f"The design “{design.name}” could not be set: {error.message}{where}",
        "; ".join(error.hints),
    )
