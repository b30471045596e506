"""Receipts: what an installation found when it judged files, signed, so that it can be shown to somebody else later.

A receipt is JSON with one proof, eddsa-jcs-2022, by the key of the installation's audit log
(docs/reference/receipts.md). It is no credential and never read as one, since it names no context. It attests what was
found at a moment, not that it is so today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from laurea.credentials import keys, proof
from laurea.credentials.document import JSON, Document, parse
from laurea.credentials.errors import LaureaError
from laurea.credentials.keys import Signer, VerificationKey
from laurea.credentials.moments import format_moment, parse_moment
from laurea.credentials.verification import Verdict

KIND = "verification receipt"
VERSION = 1
LARGEST = 1024 * 1024
"""Bytes of a receipt's text."""
MOST_RESULTS = 200
REPLACED = "replaced"
"""Beyond the verdicts: genuine as it was issued, and a newer edition took its place."""

_DIGEST_LENGTH = 64
_HEXADECIMAL = frozenset("0123456789abcdef")


class ReceiptError(LaureaError):
    """Something is no receipt, or not as it was signed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found about one thing that was handed over.

    `name` as it was handed over, a file's or a code; `file` and `credential` are SHA-256 (hexadecimal) of the file's
    bytes and of the credential's text in it, empty where there is none; `kind` that of the file. `claims` are what the
    document states, as far as its signatures cover it (see `Report.claims`); `checks` the outcome of each by its id.
    `current` is the address of the edition that took its place. `problem` is the code of the error where nothing could
    be judged.
    """

    name: str
    verdict: Verdict
    judged: datetime
    kind: str = ""
    file: str = ""
    credential: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    current: str = ""
    problem: str = ""

    @property
    def state(self) -> str:
        """What a person is told: the verdict, or `REPLACED` where it is genuine and no longer the one that counts."""
        return REPLACED if self.current and self.verdict is Verdict.GENUINE else self.verdict.value


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was found to be as it was signed: by whom (`key`), when (`made`), about what.

    `address` and `software` are what the signer calls itself: whose the key is must be asked there.
    """

    identifier: str
    address: str
    software: str
    made: datetime
    results: tuple[Result, ...]
    key: VerificationKey

    def counted(self) -> list[tuple[str, int]]:
        """How many results are in each state, the worst first; states that none is in are left out."""
        found = Counter(result.state for result in self.results)
        worse = [verdict.value for verdict in Verdict if verdict is not Verdict.GENUINE]
        return [(state, found[state]) for state in (*worse, REPLACED, Verdict.GENUINE.value) if state in found]


def sign(
    results: Sequence[Result], key: Signer, *, identifier: str, address: str, software: str, made: datetime
) -> Document:
    """The receipt about `results`, signed by `key`. Raises `VocabularyError` for a moment without time zone."""
    counted: Document = {}
    for verdict in Verdict:
        count = sum(result.verdict is verdict for result in results)
        if count:
            counted[verdict.value] = count
    document: Document = {
        "laurea": KIND,
        "version": VERSION,
        "id": identifier,
        "madeBy": {"address": address, "software": software},
        "madeAt": format_moment(made),
        "summary": {"judged": len(results), "verdicts": counted},
        "results": [_written(result) for result in results],
    }
    options: Document = {
        "type": proof.TYPE,
        "cryptosuite": proof.JCS,
        "created": format_moment(made),
        "verificationMethod": keys.verification_method(keys.did_key(key.verification_key), key.verification_key),
        "proofPurpose": proof.PURPOSE,
    }
    signature = key.sign(proof.hash_data(document, options))
    return {**document, "proof": {**options, "proofValue": f"z{keys.base58_encode(signature)}"}}


def read(text: bytes | str) -> Receipt:
    """The receipt in `text`, its signature found right.

    Raises `ReceiptError`: ``receipt.none`` for other documents, ``receipt.altered`` for one that is not as signed.
    """
    try:
        document = parse(text, max_bytes=LARGEST)
    except LaureaError as problem:
        raise _none(problem.message) from None
    if document.get("laurea") != KIND:
        raise _none("it does not say that it is one")
    if document.get("version") != VERSION:
        raise _none("it is of a newer kind than this version of Laurea reads")
    key = _signer(document)
    try:
        return _read(document, key)
    except (LaureaError, KeyError, TypeError, ValueError, AttributeError):
        raise _none("a part of it is missing") from None


def _signer(document: Document) -> VerificationKey:
    """The key that made the proof; the proof is right."""
    item = document.get("proof")
    method = item.get("verificationMethod") if isinstance(item, dict) else None
    suite = item.get("cryptosuite") if isinstance(item, dict) else None
    did, _, name = method.partition("#") if isinstance(method, str) else ("", "", "")
    try:
        keys.did_key_document(did)
        key = VerificationKey.from_multikey(name)
        if suite != proof.JCS or did != keys.did_key(key):
            raise _altered()
        proof.verify_proof(document, item, key)
    except LaureaError:
        raise _altered() from None
    return key


def _written(result: Result) -> Document:
    told: Document = {"input": result.name, "verdict": result.verdict.value, "judgedAt": format_moment(result.judged)}
    more: dict[str, JSON] = {
        "kind": result.kind,
        "fileSha256": result.file,
        "credentialSha256": result.credential,
        "credential": dict(result.claims),
        "checks": dict(result.checks),
        "current": result.current,
        "error": result.problem,
    }
    return told | {name: value for name, value in more.items() if value}


def _read(document: Document, key: VerificationKey) -> Receipt:
    results, by = document["results"], document["madeBy"]
    if not isinstance(results, list) or not isinstance(by, dict) or len(results) > MOST_RESULTS:
        raise TypeError
    return Receipt(
        identifier=_text(document["id"]),
        address=_text(by["address"]),
        software=_text(by["software"]),
        made=parse_moment(_text(document["madeAt"])),
        results=tuple(map(_result, results)),
        key=key,
    )


def _result(item: JSON) -> Result:
    if not isinstance(item, dict):
        raise TypeError
    return Result(
        name=_text(item["input"]),
        verdict=Verdict(_text(item["verdict"])),
        judged=parse_moment(_text(item["judgedAt"])),
        kind=_text(item.get("kind", "")),
        file=_digest(item.get("fileSha256", "")),
        credential=_digest(item.get("credentialSha256", "")),
        claims=_texts(item.get("credential", {})),
        checks=_texts(item.get("checks", {})),
        current=_text(item.get("current", "")),
        problem=_text(item.get("error", "")),
    )


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _digest(value: JSON) -> str:
    text = _text(value)
    if text and (len(text) != _DIGEST_LENGTH or not _HEXADECIMAL.issuperset(text)):
        raise ValueError
    return text


def _texts(value: JSON) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError
    return {name: _text(item) for name, item in value.items()}


def _none(why: str) -> ReceiptError:
    return ReceiptError(
        "receipt.none", f"This is no receipt of a verification: {why}", "Hand over the PDF or the JSON of a receipt"
    )


def _altered() -> ReceiptError:
    return ReceiptError(
        "receipt.altered",
        "The receipt is not as it was signed",
        "Do not rely on it; ask for the original file, or judge the credentials again",
    )
