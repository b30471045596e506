"""Verifying: from whatever somebody hands over to a report.

A file, a folder, a picture of a QR code, a web address or a code comes in; the credential is taken out, what it needs
is gathered (or declined, when nothing may be fetched), and it is judged. Files of one credential, its JSON, PDF and
PNG, are judged once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit

from laurea.actions import resolving
from laurea.actions.resolving import DEFAULT_WAYS, Ways
from laurea.credentials import baking
from laurea.credentials.assertions import address_of
from laurea.credentials.baking import LARGEST_FILE, Kind
from laurea.credentials.baking.limits import file_too_large
from laurea.credentials.code import format_code, parse_code
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import BakingError, CodeError, LaureaError, ResolvingError
from laurea.credentials.verification import Materials, Report, Verdict, messages, needs, verify
from laurea.credentials.verification.presented import LARGEST_LIST, read
from laurea.credentials.vocabulary import STATUS_LIST_CREDENTIAL, class_of
from laurea.rendering.qr_reading import read_qr

OFFLINE = "nothing was fetched, because Laurea was told to stay offline"

_TOGETHER = 256
_REMEMBERED = 1_024
_NOT_CREDENTIALS = ("batch.json", "did.json", "manifest.csv", "errors.csv")
_STATUS_LISTS = "status-*.json"
_ENDINGS = (".json", ".jsonld", ".jwt", ".jws", ".png", ".svg", ".pdf", ".jpg", ".jpeg", ".webp")
_TEXT_ENDINGS = (".json", ".jsonld", ".jwt", ".jws")


@dataclass(frozen=True, slots=True)
class Question:
    """How to judge: for which moment, with what at hand, for whom, and whether anything may be fetched.

    Where it may not, `because` says why, in words that follow a colon.

    `folder` and `at` (an https address) say where the credential of a code is looked for, after `at_hand`: given the
    code, or the address of its page, it may have the credential's text already.
    """

    now: datetime
    given: Materials = field(default_factory=Materials)
    recipient: str | None = None
    online: bool = True
    because: str = OFFLINE
    folder: Path | None = field(default_factory=Path)
    at: str | None = None
    at_hand: Callable[[str], bytes | None] = lambda address_or_code: None
    ways: Ways = DEFAULT_WAYS


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to be judged: its `name` as people know it, and how to get its bytes."""

    name: str
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is not a credential, and why it is not judged."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of one source: a `report`, or the `problem` that kept anything from being judged.

    `kind` is that of the source, a picture for a photographed QR code.
    """

    name: str
    kind: Kind | None
    sha256: str | None = None
    report: Report | None = None
    problem: LaureaError | None = None
    language: str = messages.DEFAULT_LANGUAGE

    @property
    def verdict(self) -> Verdict:
        """The report's; without one, `cannot tell` for what could not be got, else `malformed`."""
        if self.report is not None:
            return self.report.verdict
        return Verdict.CANNOT_TELL if isinstance(self.problem, ResolvingError) else Verdict.MALFORMED

    @property
    def sentence(self) -> str:
        """The verdict in words, in the language of `in_language`, else in English."""
        return self.report.sentence if self.report is not None else messages.verdict(self.verdict.value, self.language)

    def in_language(self, language: str) -> Verified:
        """The same answer in ``en`` or ``de``."""
        return replace(
            self, report=self.report.in_language(language) if self.report is not None else None, language=language
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The text of a credential, or why there is none."""

    name: str
    kind: Kind | None = None
    text: bytes = b""
    problem: LaureaError | None = None


def verify_bytes(data: bytes, question: Question, *, name: str = "-") -> Verified:
    """Judge what `data` holds. Whatever it is, there is an answer and no exception."""
    return next(verify_all([Source(name, lambda: data)], question))


def verify_all(sources: Iterable[Source], question: Question) -> Iterator[Verified]:
    """Judge many, in their order; what several need is fetched once, the same credential is judged once."""
    materials = question.given
    reports: dict[str, Report] = {}
    waiting = iter(sources)
    while together := [find(source, question) for source in islice(waiting, _TOGETHER)]:
        texts = [found.text for found in together if found.problem is None]
        if question.online:
            materials = resolving.gather_for(dict.fromkeys(texts), materials, ways=question.ways)
        else:
            materials = resolving.decline(map(needs, dict.fromkeys(texts)), materials, question.because)
        for found in together:
            yield _judge(found, materials, question, reports)


def _judge(found: Found, materials: Materials, question: Question, reports: dict[str, Report]) -> Verified:
    if found.problem is not None:
        return Verified(found.name, found.kind, problem=found.problem)
    digest = hashlib.sha256(found.text.strip()).hexdigest()
    if digest not in reports:
        if len(reports) >= _REMEMBERED:
            del reports[next(iter(reports))]
        reports[digest] = verify(found.text, materials, now=question.now, recipient=question.recipient)
    return Verified(found.name, found.kind, digest, reports[digest])


def find(source: Source, question: Question) -> Found:
    """The credential that a source holds, or leads to, not judged yet. Never raises."""
    kind: Kind | None = None
    try:
        data = source.load()
        kind = baking.kind_of(data)
        return Found(source.name, kind, _credential_in(data, kind, question))
    except LaureaError as problem:
        return Found(source.name, kind, problem=problem)


def _credential_in(data: bytes, kind: Kind, question: Question) -> bytes:
    """The credential baked into `data`, or the one that a QR code in the picture leads to."""
    if kind is Kind.PICTURE:
        return _behind_qr(data, question)
    try:
        text = baking.extract(data).text
        if kind in (Kind.PNG, Kind.SVG) and text.lstrip()[:4] == b"http":
            # Open Badges 2.0 lets a picture hold the address of its assertion in place of the assertion.
            address = address_of(text.decode("latin-1").strip())
            return load_address(address or text[:200].decode("latin-1"), question)
        return text
    except BakingError as problem:
        if kind is not Kind.PNG or problem.code != "baking.none":
            raise
        try:
            return _behind_qr(data, question)
        except BakingError as second:
            # "No credential inside" says more about a PNG than "no QR code".
            raise (problem if second.code == "qr.none" else second) from None


def _behind_qr(picture: bytes, question: Question) -> bytes:
    if len(picture) > LARGEST_FILE:
        raise file_too_large()
    codes = read_qr(picture)
    texts = [text for text in codes if _leads_to_credential(text)]
    if not codes:
        raise BakingError(
            "qr.none", "The picture shows no QR code that can be read", "Take it closer, straight and in good light"
        )
    if not texts:
        raise BakingError(
            "qr.foreign", "The QR code in the picture does not lead to a credential", "Is it the right one?"
        )
    if len(texts) > 1:
        raise BakingError(
            "qr.several", "The picture shows QR codes of several credentials", "Show one certificate at a time"
        )
    return texts[0].encode() if texts[0].startswith("ey") else load_code(texts[0], question)


def _leads_to_credential(text: str) -> bool:
    """Whether a QR code holds a credential's address, its code, or a credential itself, as a token."""
    if text.startswith("ey") and text.isascii() and text.count(".") == 2:
        return True
    return _code_in(text) is not None


def _code_in(text: str) -> str | None:
    """The code in a public address ``https://HOST/…/c/CODE``, or the code that `text` is."""
    typed = text
    try:
        if text.startswith(("https://", "http://")):
            folder, _, typed = urlsplit(text).path.rstrip("/").rpartition("/")
            if not folder.endswith("/c"):
                return None
        return parse_code(typed)
    except (CodeError, ValueError):
        return None


def load_code(address_or_code: str, question: Question) -> bytes:
    """The file of the credential with a code, typed in any way, or at the https address of its public page.

    Raises `ResolvingError` (``code.not-found``, and what `resolving.fetch` raises), `CodeError`.
    """
    code = _code_in(address_or_code) or parse_code(address_or_code)
    at_hand = question.at_hand(address_or_code)
    if at_hand is not None:
        return at_hand
    for ending in _TEXT_ENDINGS if question.folder is not None else ():
        path = (question.folder or Path()) / f"{code}{ending}"
        if path.is_file():
            return load_file(path)
    address = address_or_code if address_or_code.startswith("https://") else None
    if question.at and address is None:
        address = f"{question.at.rstrip('/')}/c/{code}"
    if address is None and question.folder is None:
        raise no_such_code(code)
    if address is None:
        raise ResolvingError(
            "code.not-found",
            f"There is no credential {code} in {(question.folder or Path()).absolute()}",
            "Say where it is: --in FOLDER, or --at https://HOST for the issuer's site",
        )
    return load_address(address, question)


def no_such_code(code: str) -> ResolvingError:
    """The error for a right code that nobody has here."""
    return ResolvingError(
        "code.not-found",
        f"There is no credential with the code {format_code(code)} here",
        "Compare it with the certificate, or ask at the address that is printed beside the code",
    )


def load_address(address: str, question: Question) -> bytes:
    """What the https page of a credential answers when it is asked for the credential itself."""
    if not question.online:
        raise ResolvingError(
            "resolving.offline", f"{address[:200]} was not asked: {question.because}", "Hand over the file"
        )
    return resolving.fetch(address, accept=resolving.JSON_TYPES, ways=question.ways).body


def load_file(path: Path) -> bytes:
    """The bytes of a file, never more than are looked into. Raises `BakingError` (``baking.too-large``, ``file.*``)."""
    try:
        with path.open("rb") as file:
            return load_stream(file)
    except OSError as problem:
        what = problem.strerror or type(problem).__name__
        raise BakingError("file.unreadable", f"{path} cannot be read: {what}", "Check the file") from None


def load_stream(stream: BinaryIO) -> bytes:
    """The bytes of a stream, never more than are looked into. Raises `BakingError` (``baking.too-large``)."""
    data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise file_too_large()
    return data


def sources_of(named: str, question: Question, *, stdin: BinaryIO) -> tuple[list[Source], list[Skipped]]:
    """What somebody means by `named`: ``-`` for `stdin`, an https address, a path, or a code.

    Raises `ResolvingError` for other addresses, `CodeError` for what was probably meant as a code, and `BakingError`
    (``file.absent``) for what is nothing of these.
    """
    if named == "-":
        return [Source("-", lambda: load_stream(stdin))], []
    if named.startswith("https://"):
        return [Source(named, lambda: load_address(named, question))], []
    if "://" in named:
        raise ResolvingError(
            "resolving.address", f"{named[:120]} is no https address", "Use one that begins with https://"
        )
    path = Path(named)
    if path.is_dir():
        return _folder(path)
    if path.exists():
        return [Source(named, lambda: load_file(path))], []
    try:
        code = parse_code(named)
    except CodeError as problem:
        if _looks_typed(named):
            raise problem from None
        raise BakingError("file.absent", f"There is no file or folder {named[:300]}", "Check the path") from None
    return [Source(code, lambda: load_code(code, question))], []


def _looks_typed(named: str) -> bool:
    """Whether `named`, which is neither a file nor a right code, was meant as a code."""
    characters = sum(character.isalnum() for character in named)
    return 12 <= characters <= 20 and not any(character in "./\\" for character in named)


def _folder(folder: Path) -> tuple[list[Source], list[Skipped]]:
    """The files in a folder (not in folders inside it) that may be credentials, by name."""
    sources: list[Source] = []
    skipped: list[Skipped] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() or path.name.startswith("."):
            continue
        why = skipped_because(path.name)
        if why is None:
            sources.append(Source(str(path), _loader(path)))
        else:
            skipped.append(Skipped(str(path), why))
    if not sources:
        raise BakingError(
            "file.none",
            f"{folder} holds no credentials",
            "Name the folder that has them; folders inside it are not looked into",
        )
    return sources, skipped


def skipped_because(name: str) -> str | None:
    """Why a file called `name`, in a folder with others, is not judged; None for what may be a credential."""
    path = PurePosixPath(name)
    if name in _NOT_CREDENTIALS or path.match(_STATUS_LISTS):
        return "belongs to the batch"
    return None if path.suffix.lower() in _ENDINGS else "is no kind of file that holds a credential"


def _loader(path: Path) -> Callable[[], bytes]:
    return lambda: load_file(path)


def materials_from(did_documents: Sequence[Path], status_lists: Sequence[Path]) -> Materials:
    """What the person who asks hands over: DID documents, whose issuers they vouch for, and status lists.

    Raises `ResolvingError`: ``given.did-document``, ``given.status-list``; and what reading them raises.
    """
    given = Materials()
    for path in did_documents:
        document = _given(path, _read_did_document, "given.did-document", "DID document")
        name = _name_of(document, path)
        given = replace(given, did_documents={**given.did_documents, name: document}, trusted={*given.trusted, name})
    for path in status_lists:
        text = load_file(path)
        document = _given(path, _read_status_list, "given.status-list", "status list")
        if "revokedCredential" in document:
            given = replace(given, documents={**given.documents, _name_of(document, path): document})
            continue
        is_token = text.lstrip().startswith(b"ey")
        value: Document | str = text.decode("ascii").strip() if is_token else document
        given = replace(given, status_lists={**given.status_lists, _name_of(document, path): value})
    return given


def _read_did_document(data: bytes) -> Document:
    """Any document about keys: issuers without a DID have one as well. A credential or a list of them is none."""
    document = parse(data)
    if "credentialSubject" in document:
        raise ResolvingError(
            "given.did-document",
            "it is a credential",
            "Give the issuer's keys: the file did.json that `laurea issue` made, or that the issuer publishes",
        )
    return document


def _read_status_list(data: bytes) -> Document:
    document = read(data, max_bytes=LARGEST_LIST).document
    if class_of(document) != STATUS_LIST_CREDENTIAL and "revokedCredential" not in document:
        raise ResolvingError(
            "given.status-list",
            f"its type is not {STATUS_LIST_CREDENTIAL}",
            "Give the file that the issuer publishes at the address in credentialStatus",
        )
    return document


def _given(path: Path, read_document: Callable[[bytes], Document], code: str, what: str) -> Document:
    try:
        return read_document(load_file(path))
    except LaureaError as problem:
        raise ResolvingError(code, f"{path} is no {what}: {problem.message}", problem.hint) from None


def _name_of(document: Document, path: Path) -> str:
    """The identifier or address that a document handed over is about."""
    subject = document.get("credentialSubject")
    inner = subject.get("id") if isinstance(subject, dict) else None
    name = document.get("id") or (inner.partition("#")[0] if isinstance(inner, str) else None)
    if not isinstance(name, str):
        raise ResolvingError("given.id", f"{path} does not say what it is about", "It needs the member “id”")
    return name
