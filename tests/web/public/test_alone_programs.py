"""The page that verifies alone, module by module: it reads, refuses and judges as Laurea does, or more strictly."""

from __future__ import annotations

import copy
import json
import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.credentials.baking import test_pdf as pdfs
from tests.interop.flips import flips

from alone_programs import Alone, Refused
from laurea.credentials import baking, base64url, canonical, keys, proof
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import BakingError, DocumentError, KeyMaterialError, VocabularyError
from laurea.credentials.keys import SigningKey
from laurea.credentials.moments import parse_moment
from laurea.credentials.status_list import StatusList, status_list_credential
from laurea.credentials.verification import Materials, verify
from laurea.credentials.verification.presented import read

pytestmark = pytest.mark.interop

NOW = "2026-06-01T12:00:00Z"
ISSUED = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
DID, LIST, INDEX = "did:web:badges.example.org", "https://badges.example.org/status/7f3a", 94_567
KEY, OTHER_KEY = SigningKey.from_seed(bytes(range(32))), SigningKey.from_seed(bytes(range(32, 64)))
JCS = proof.JCS


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_canonical_forms_of_the_author_of_the_standard(alone: Alone, conformance: Path) -> None:
    folder = conformance / "vectors" / "jcs"
    names = sorted(path.name for path in (folder / "input").iterdir())
    assert len(names) == 6
    for name in names:
        data = (folder / "input" / name).read_bytes()
        if data.lstrip().startswith(b"["):  # these are JSON, and no documents: they are put into one
            data = b'{"a":' + data + b"}"
            expected = b'{"a":' + (folder / "output" / name).read_bytes() + b"}"
        else:
            expected = (folder / "output" / name).read_bytes()
        assert alone.ask("canonical", data).encode() == expected, name


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


@given(value=st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES))
def test_canonical_forms_of_anything(alone: Alone, value: Document) -> None:
    text = json.dumps(value).encode()
    assert alone.ask("canonical", text).encode() == canonical.jcs(parse(text))


TEXTS = [
    b'{"a":1}',
    b'\xef\xbb\xbf {"a" : [1, 2.50, -0, -0.0, 1e5, 1E-7, true, false, null, "\\u00fc\\/\\n"]}\r\n',
    b'{"__proto__": {"x": 1}, "constructor": 2, "10": 1, "9": 2, "\xf0\x9f\x98\x80": 3, "\xef\xac\xb3": 4}',
    b'{"a":"\\ud83d\\ude00"}',
    b'{"a":9007199254740991}',
    b'{"a":-9007199254740991}',
    b'{"a":1e400}',
    b'{"a":9007199254740992}',
    b'{"a":9007199254740993.0}',
    b'{"a":00}',
    b'{"a":1.}',
    b'{"a":.5}',
    b'{"a":+1}',
    b'{"a":0x1}',
    b'{"a":NaN}',
    b'{"a":-Infinity}',
    b'{"a":1,"a":1}',
    b'{"a":1,"\\u0061":2}',
    b'{"a":{"b":1,"b":2}}',
    b'{"a":"\\ud800"}',
    b'{"\\udc00":1}',
    b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\x01"}',
    b'{"a":"\\x"}',
    b'{"a":"\\u12g4"}',
    b'{"a":1,}',
    b'{"a":[1,]}',
    b'{"a":1}{}',
    b"{'a':1}",
    b'{"a" 1}',
    b'{"a":',
    b'{"a":"',
    b"[]",
    b'"a"',
    b"",
    b"{",
    b'{"a":\xa01}',
    b"\xff\xfe{\0}\0",
    b'{"a":' + b"[" * 63 + b"]" * 63 + b"}",
    b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
    b'{"a":[' + b",".join([b"0"] * 9_997) + b"]}",
    b'{"a":[' + b",".join([b"0"] * 10_000) + b"]}",
    b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}',
    b'{"a":"' + b"x" * (1024 * 1024 - 7) + b'"}',
]


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_text_is_read_or_refused_as_laurea_does(alone: Alone, number: int) -> None:
    text = TEXTS[number]
    try:
        expected = read(text).document
    except DocumentError:
        assert isinstance(alone.ask("parse", text), Refused)
    else:
        assert alone.ask("canonical", text).encode() == canonical.jcs(expected)


@given(text=st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl+ ", max_size=130))
def test_base58(alone: Alone, text: str) -> None:
    try:
        expected = keys.base58_decode(text).hex()
    except KeyMaterialError:
        expected = None
    assert alone.ask("base58", text=text) == expected


@given(text=st.text("ABCXYZabcxyz019-_+/= é", max_size=20))
def test_base64url(alone: Alone, text: str) -> None:
    found = base64url.decode(text)
    assert alone.ask("base64url", text=text) == (None if found is None else found.hex())


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31T12:00:00Z", "2026-05-31T12:00:00+02:00", "2026-05-31T12:00:00-14:00", "2026-05-31T12:00:00.123Z",
        "2024-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-05-31T12:00:00.5-03:30",
        "2026-05-31T12:00:00", "2026-05-31", "2026-05-31T12:00:00+14:01", "2026-05-31T12:00:00+02:60",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-05-31T24:00:00Z", "2026-05-31T12:60:00Z", "2026-06-30T23:59:60Z", "0000-01-01T00:00:00Z",
        "2026-05-31 12:00:00Z", "2026-05-31t12:00:00z", "2026-05-31T12:00:00Z\n", "٢٠٢٦-05-31T12:00:00Z", "",
    ],
)  # fmt: skip
def test_moments(alone: Alone, text: str) -> None:
    try:
        expected = parse_moment(text).timestamp() * 1000
    except VocabularyError:
        expected = None
    assert alone.ask("moment", text=text) == expected


def test_days_are_those_of_the_issuers_time_zone(alone: Alone) -> None:
    assert alone.ask("day", text="2026-05-31T23:30:00-11:00", language="en") == "31 May 2026"
    assert alone.ask("day", text="2026-05-31T00:30:00+14:00", language="de") == "31. Mai 2026"
    assert alone.ask("day", text="soon", language="en") == "soon"


FIELD = 2**255 - 19
ORDER_8 = 55188659117513257062467267217118295137698188065244968500265048394206261417927


def multikey(y: int, codec: bytes = b"\xed\x01", sign: int = 0) -> str:
    return "z" + keys.base58_encode(codec + (y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize(
    "text",
    [
        KEY.verification_key.multikey, multikey(0), multikey(1), multikey(FIELD - 1), multikey(FIELD),
        multikey(FIELD + 1), multikey(0, sign=1), multikey(1, sign=1), multikey(2**255 - 1, sign=1),
        multikey(9, codec=b"\x80\x24"),
        multikey(ORDER_8), multikey(ORDER_8, sign=1), multikey(FIELD - ORDER_8), multikey(FIELD - ORDER_8, sign=1),
        KEY.verification_key.multikey[1:], "z", "", "u7QEAAA", KEY.verification_key.multikey + "1",
    ],
)  # fmt: skip
def test_keys_that_nobody_can_own_are_none(alone: Alone, text: str) -> None:
    try:
        expected = keys.VerificationKey.from_multikey(text).to_bytes().hex()
    except KeyMaterialError:
        expected = None
    assert alone.ask("key", text=text) == expected


@pytest.mark.parametrize(
    "did",
    [
        DID, "did:web:example.org:a:b", "did:web:Example.org%3A8443", "did:web:example.org%3A8443:x",
        "did:web:localhost", "did:web:127.0.0.1", "did:web:example.org%3A0", "did:web:example.org%3A99999",
        "did:web:example.org%3A",
        "did:web:example.org:..", "did:web:example.org:.", "did:web:example.org::a", "did:web:a%2Fb.org",
        "did:web:", "did:web:-a.org", "did:web:a..org", "did:web:a.org:b%2Fc", "did:web:a@b.org", "did:web:%5B::1%5D",
        "did:web:%zz", "did:key:z6Mk", "https://example.org", "", "did:web:" + "a." * 200 + "org", "did:web:1.2.3.0x7f",
        "did:web:ä.org",
    ],
)  # fmt: skip
def test_addresses_of_issuers(alone: Alone, did: str) -> None:
    try:
        expected = keys.did_web_url(did)
    except KeyMaterialError:
        expected = None
    assert alone.ask("address", text=did) == expected


# --- Files ------------------------------------------------------------------------------------------------------------


CODES = {
    "baking.none": {"none"},
    "baking.several": {"several"},
    "baking.too-large": {"too-large"},
    "baking.pdf-encrypted": {"encrypted"},
    "baking.pdf-filter": {"damaged"},
    "baking.pdf-damaged": {"damaged", "packing"},
    "baking.pdf-too-complex": {"too-complex"},
    "baking.pdf-attachments": {"too-complex"},
}
TEXT, OTHER, TOKEN = pdfs.TEXT, pdfs.OTHER, pdfs.TOKEN
REFUSED = pdfs.test_what_is_refused.pytestmark[0].args[1]


def as_laurea_does(alone: Alone, data: bytes) -> bytes | None:
    """What both take out of a file; both refuse it, or it is an error."""
    expected: bytes | str
    try:
        expected = baking.extract(data).text
    except BakingError as problem:
        expected = problem.code
    found = alone.text_in(data)
    if isinstance(expected, bytes):
        assert found == expected
        return expected
    assert isinstance(found, Refused)
    assert found in CODES[expected]
    return None


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_pdfs_that_are_refused(alone: Alone, number: int) -> None:
    assert as_laurea_does(alone, REFUSED[number][0]) is None


def test_pdfs_whatever_wrote_them(alone: Alone) -> None:
    archival = pdfs.archival.__wrapped__()  # type: ignore[attr-defined]
    packed = pdfs.with_stream(b"/Filter [/ASCIIHexDecode /FlateDecode]", zlib.compress(TEXT).hex().encode() + b">")
    for data in (
        baking.embed(archival, TEXT),
        baking.embed(baking.embed(archival, OTHER), TEXT),
        baking.embed(pdfs.written(("a.txt", b"a"), kids=True), TEXT),
        b"From: a\r\n\r\n" + baking.embed(archival, TEXT) + b"\r\n--boundary--\r\n" * 20,
        baking.embed(archival, TEXT).replace(b"startxref\n", b"startxref\n9"),
        pdfs.written(("credential.json", TEXT), ("copy.json", TEXT)),
        pdfs.written(("invoice.json", b'{"total": 1}'), ("beleg.txt", TEXT)),
        pdfs.compressed(2).replace(b"startxref\n", b"startxref\n9"),
        pdfs.compressed(2, catalog_in=1),
        packed,
        pdfs.with_stream(b"/Filter /FlateDecode", zlib.compress(TEXT) + b"\r\n"),
        *(pdfs.compressed(predictor) for predictor in (None, 0, 1, 2, 3, 4)),
    ):
        assert as_laurea_does(alone, data) == TEXT
    assert as_laurea_does(alone, pdfs.written(("badge.jwt", TOKEN))) == TOKEN


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def baked(
    text: bytes, keyword: bytes = b"openbadgecredential", kind: bytes = b"iTXt", flags: bytes = b"\0\0\0\0"
) -> bytes:
    return chunk(kind, keyword + b"\0" + flags + text)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (png(baked(TEXT)), TEXT),
        (png(chunk(b"tEXt", b"Comment\0hi"), baked(TEXT, flags=b"\0\0de\0Abzeichen\0")), TEXT),
        (png(), "none"),
        (png(baked(TEXT), baked(TEXT)), "several"),
        (png(baked(TEXT), baked(OTHER, keyword=b"openbadges")), "several"),
        (png(baked(TEXT, keyword=b"openbadges")), "older"),
        (png(baked(zlib.compress(TEXT), flags=b"\1\0\0\0")), "damaged"),
        (png(baked(TEXT, kind=b"zTXt")), "damaged"),
        (png(baked(TEXT)).replace(b'"name"', b'"Name"'), "damaged"),
        (png(baked(TEXT))[:-20], "damaged"),
        (png(baked(b" " * (1024 * 1024 + 1))), "too-large"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8\xff\xe0 a photograph", "picture"),
        (b"PK\x03\x04", "packed"),
        (b"<!doctype html><html>", "web-page"),
        (b"Dear Sir or Madam", "unknown-kind"),
        (b"", "unknown-kind"),
        (b'{"a": 1, "a": 2}', "document"),
    ],
)
def test_pictures_and_other_files(alone: Alone, data: bytes, found: bytes | str) -> None:
    assert alone.text_in(data) == found


# --- Judging ----------------------------------------------------------------------------------------------------------


def signed(document: Document, key: SigningKey = KEY, did: str = DID, **options: Any) -> Any:
    method = keys.verification_method(did, key.verification_key)
    return proof.sign(document, key, verification_method=method, created=ISSUED, **options)


def listing(*revoked: int, key: SigningKey = KEY, **options: Any) -> Any:
    bits = StatusList.empty().set(revoked)
    return signed(status_list_credential(bits, **{"url": LIST, "issuer": DID, "valid_from": ISSUED, **options}), key)


CREDENTIAL: dict[str, Any] = signed(
    {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "First Aid",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Example Academy"},
        "validFrom": "2026-05-31T09:30:00Z",
        "validUntil": "2027-05-31T09:30:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": "Ada Łovelace", "identityType": "name"}
            ],
            "achievement": {
                "id": "urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
                "type": ["Achievement"],
                "name": "First Aid",
                "description": "Can help in the first minutes",
                "criteria": {"narrative": "Attended both days"},
            },
        },
        "credentialStatus": {
            "id": f"{LIST}#{INDEX}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(INDEX),
            "statusListCredential": LIST,
        },
    }
)
DOCUMENT = {name: value for name, value in CREDENTIAL.items() if name != "proof"}
DID_DOCUMENT: Any = keys.did_web_document(DID, [KEY.verification_key])


def judged(
    alone: Alone, credential: Any, *, documents: Any = None, lists: Any = None, now: str = NOW
) -> tuple[str, Mapping[str, str]]:
    """The verdict of the page, and the message of each check that leads to one. Laurea's own verdict is the same."""
    text = credential if isinstance(credential, bytes) else json.dumps(credential, ensure_ascii=False).encode()
    documents = {DID: DID_DOCUMENT} if documents is None else documents
    lists = {LIST: listing()} if lists is None else lists
    answer = alone.ask("judge", text, now=now, documents=documents, lists=lists)
    materials = Materials(did_documents=documents, status_lists=lists)
    expected = verify(text, materials, now=datetime.fromisoformat(now)).verdict.value
    assert answer["verdict"].replace("status unknown", "cannot tell") == expected
    return answer["verdict"], {each["id"]: each["message"] for each in answer["checks"] if each["leadsTo"]}


def changed(**members: Any) -> Any:
    return {**CREDENTIAL, **members}


def resigned(**members: Any) -> Any:
    return signed({name: value for name, value in {**DOCUMENT, **members}.items() if value is not None})


def test_genuine(alone: Alone) -> None:
    assert judged(alone, CREDENTIAL) == ("genuine", {})
    assert judged(alone, CREDENTIAL, now="2026-05-31T09:30:00Z") == ("genuine", {})
    assert judged(alone, signed(DOCUMENT, suites=[JCS])) == ("genuine", {})


def test_what_it_says_of_a_genuine_one(alone: Alone) -> None:
    text = json.dumps(CREDENTIAL).encode()
    answer = alone.ask("judge", text, now=NOW, documents={DID: DID_DOCUMENT}, lists={LIST: listing()}, fetched=[DID])
    assert answer["claims"] == {
        "id": DOCUMENT["id"],
        "holder": "Ada Łovelace",
        "achievement": "First Aid",
        "description": "Can help in the first minutes",
        "kind": "Achievement",
        "issuer": "Example Academy",
        "issuerId": DID,
        "awarded": "2026-05-31T09:30:00Z",
        "expires": "2027-05-31T09:30:00Z",
    }
    assert answer["needs"] == {"issuer": DID, "keys": "https://badges.example.org/.well-known/did.json", "list": LIST}
    assert [(each["id"], each["message"]) for each in answer["checks"]] == [
        ("format", "format.passed"),
        ("structure", "structure.passed"),
        ("terms", "terms.covered"),
        ("proof.1", "proof.elsewhere"),
        ("proof.2", "proof.passed"),
        ("issuer-key", "issuer-key.passed"),
        ("issuer", "issuer.domain"),
        ("status", "status.passed"),
        ("period", "period.passed"),
    ]


def test_no_flipped_byte_survives(alone: Alone) -> None:
    """Every byte; the first signature, which the page does not read, says nothing that it would show."""
    text = json.dumps(CREDENTIAL, separators=(",", ":"), ensure_ascii=False).encode()
    start = text.index(b'{"type":"DataIntegrityProof"')
    unread = range(start, text.index(b"},", start))
    tried = list(flips(text))
    found = alone.verdicts([each for _, each in tried], now=NOW, documents={DID: DID_DOCUMENT}, lists={LIST: listing()})
    assert len(found) > 1_000
    assert [
        position for (position, _), verdict in zip(tried, found, strict=True) if verdict == "genuine"
        and position not in unread
    ] == []  # fmt: skip


@pytest.mark.parametrize(
    "member",
    [
        {"name": "Surgery"},
        {"remark": "unsigned"},
        {"validUntil": "2099-01-01T00:00:00Z"},
        {"credentialStatus": {**DOCUMENT["credentialStatus"], "statusListIndex": "5"}},
    ],
)
def test_altered(alone: Alone, member: Any) -> None:
    text = json.dumps(changed(**member)).encode()
    answer = alone.ask("judge", text, now=NOW, documents={DID: DID_DOCUMENT}, lists={LIST: listing()})
    assert answer["verdict"] == "altered"
    assert answer["claims"] == {}


def with_proof(**members: Any) -> Any:
    """The credential with its second proof changed; None takes a member away."""
    found = copy.deepcopy(CREDENTIAL)
    found["proof"][1] = {name: each for name, each in {**found["proof"][1], **members}.items() if each is not None}
    return found


SELF_NAMED = f"{DID}#{OTHER_KEY.verification_key.multikey}"
FORGED = signed(DOCUMENT, OTHER_KEY)


def test_self_named_keys_count_for_nothing(alone: Alone) -> None:
    assert FORGED["proof"][1]["verificationMethod"] == SELF_NAMED
    assert judged(alone, FORGED) == ("altered", {
        "proof.2": "proof.no-key", "issuer-key": "issuer-key.not-listed",
    })  # fmt: skip
    own = f"did:key:{OTHER_KEY.verification_key.multikey}"
    for did in (own, "did:web:attacker.example"):
        method = keys.verification_method(did, OTHER_KEY.verification_key)
        forged = proof.sign(DOCUMENT, OTHER_KEY, verification_method=method, created=ISSUED)
        attacker = keys.did_web_document("did:web:attacker.example", [OTHER_KEY.verification_key])
        verdict, why = judged(alone, forged, documents={DID: DID_DOCUMENT, did: attacker})
        assert (verdict, why["issuer-key"]) == ("altered", "issuer-key.foreign")


def test_a_foreign_key_beside_the_right_one_fails_the_credential(alone: Alone) -> None:
    both = copy.deepcopy(CREDENTIAL)
    both["proof"].append(dict(FORGED["proof"][1]))
    assert judged(alone, both)[0] == "altered"
    both["proof"][2]["verificationMethod"] = CREDENTIAL["proof"][1]["verificationMethod"]
    verdict, why = judged(alone, both)
    assert (verdict, why) == ("altered", {"proof.3": "proof.failed"})


def described(**members: Any) -> Any:
    """The issuer's document with the description of its key changed."""
    return {**DID_DOCUMENT, "verificationMethod": [{**DID_DOCUMENT["verificationMethod"][0], **members}]}


def only_for_signing_in() -> Any:
    document = copy.deepcopy(DID_DOCUMENT)
    document["authentication"] = document.pop("assertionMethod")
    return document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({**DID_DOCUMENT, "assertionMethod": []}, "issuer-key.not-listed"),
        (only_for_signing_in(), "issuer-key.not-listed"),
        ({**DID_DOCUMENT, "id": "did:web:attacker.example"}, "issuer-key.unusable"),
        ({**DID_DOCUMENT, "verificationMethod": []}, "issuer-key.unusable"),
        (described(controller="did:web:attacker.example"), "issuer-key.foreign"),
        (described(publicKeyMultibase=multikey(1)), "issuer-key.unusable"),
        (described(revoked="2026-01-01T00:00:00Z"), "issuer-key.withdrawn"),
        (described(expires="soon"), "issuer-key.unusable"),
        ({**described(revoked="2099-01-01T00:00:00Z"), "assertionMethod": []}, "issuer-key.not-listed"),
        ({**DID_DOCUMENT, "assertionMethod": {"a": 1}, "verificationMethod": None}, "issuer-key.not-listed"),
    ],
)  # fmt: skip
def test_documents_of_issuers_that_do_not_vouch_for_the_key(alone: Alone, document: Any, message: str) -> None:
    assert judged(alone, CREDENTIAL, documents={DID: document})[1]["issuer-key"] == message


def test_a_key_that_was_taken_out_and_is_said_to_be_revoked(alone: Alone) -> None:
    """So issuers publish a key that was in the wrong hands: whoever had it could have signed this."""
    document = {**described(revoked="2026-05-31T12:00:00Z"), "assertionMethod": []}
    answer = alone.ask("judge", json.dumps(CREDENTIAL).encode(), now=NOW, documents={DID: document})
    assert (answer["verdict"], answer["claims"]) == ("cannot tell", {})
    [key] = [each for each in answer["checks"] if each["id"] == "issuer-key"]
    assert (key["message"], key["parameters"]) == (
        "issuer-key.withdrawn", {"until_moment": "2026-05-31T12:00:00Z"},
    )  # fmt: skip


def test_another_key_in_the_issuers_document(alone: Alone) -> None:
    other = json.loads(json.dumps(DID_DOCUMENT))
    other["verificationMethod"][0]["publicKeyMultibase"] = OTHER_KEY.verification_key.multikey
    verdict, why = judged(alone, CREDENTIAL, documents={DID: other})
    assert (verdict, why["proof.2"]) == ("altered", "proof.failed")


CONTEXTS = DOCUMENT["@context"]


@pytest.mark.parametrize(
    "contexts",
    [
        [*CONTEXTS, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
        [*CONTEXTS, {"name": "https://schema.org/description"}],
        [*CONTEXTS, "https://attacker.example/context.json"],
        list(reversed(CONTEXTS)),
        CONTEXTS[:1],
        CONTEXTS[0],
        [CONTEXTS[0], CONTEXTS[1].replace("3.0.3", "3.0.2")],
        [],
        None,
    ],
)
def test_contexts_are_signed_and_known(alone: Alone, contexts: Any) -> None:
    verdict, _ = judged(alone, changed(**{"@context": contexts}))
    assert verdict in ("altered", "malformed")


def test_the_contexts_of_the_proof_are_those_of_the_document(alone: Alone) -> None:
    """The standard would let the document have more, and put the proof's in their place: nobody signed those."""
    longer = [*CONTEXTS, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    assert judged(alone, with_proof(**{"@context": longer}))[1]["proof.2"] == "proof.failed"
    assert judged(alone, with_proof(**{"@context": None}))[1]["proof.2"] == "proof.failed"
    document: Document = {**DOCUMENT, "@context": longer}
    options: Document = {name: each for name, each in CREDENTIAL["proof"][1].items() if name != "proofValue"}
    value = "z" + keys.base58_encode(KEY.sign(proof.hash_data(document, options)))
    forged = {**document, "proof": [{**options, "proofValue": value}]}
    assert judged(alone, forged) == ("altered", {"proof.1": "proof.failed"})


@pytest.mark.parametrize(
    ("proof_members", "message", "verdict"),
    [
        ({"proofPurpose": "authentication"}, "proof.malformed", "malformed"),
        ({"challenge": "x"}, "proof.other-use", "cannot tell"),
        ({"domain": "x"}, "proof.other-use", "cannot tell"),
        ({"remark": "x"}, "proof.malformed", "malformed"),
        ({"created": "2026-05-31"}, "proof.malformed", "malformed"),
        ({"created": "2026-05-31T09:30:01Z"}, "proof.failed", "altered"),
        ({"nonce": "x"}, "proof.failed", "altered"),
        ({"proofValue": "z1"}, "proof.malformed", "malformed"),
        ({"proofValue": "u" + "A" * 86}, "proof.malformed", "malformed"),
        ({"proofValue": 7}, "proof.malformed", "malformed"),
        ({"cryptosuite": "eddsa-2022"}, "proof.unsupported", "cannot tell"),
        ({"cryptosuite": "ecdsa-sd-2023"}, "proof.unsupported", "cannot tell"),
        ({"type": "Other"}, "proof.unsupported", "cannot tell"),
        ({"previousProof": "urn:x"}, "proof.other-use", "cannot tell"),
    ],
)
def test_proofs(alone: Alone, proof_members: Any, message: str, verdict: str) -> None:
    text = json.dumps(with_proof(**proof_members)).encode()
    answer = alone.ask("judge", text, now=NOW, documents={DID: DID_DOCUMENT}, lists={LIST: listing()})
    assert {each["id"]: each["message"] for each in answer["checks"]}["proof.2"] == message
    assert answer["verdict"] == verdict


def test_a_credential_without_the_proof_that_is_checked_here(alone: Alone) -> None:
    text = json.dumps(signed(DOCUMENT, suites=[proof.RDFC])).encode()
    answer = alone.ask("judge", text, now=NOW, documents={DID: DID_DOCUMENT}, lists={LIST: listing()})
    assert (answer["verdict"], answer["claims"]) == ("cannot tell", {})


def test_a_proof_that_was_meant_for_a_while(alone: Alone) -> None:
    method = keys.verification_method(DID, KEY.verification_key)
    options: Document = {
        "type": "DataIntegrityProof", "created": "2026-05-31T09:30:00Z", "expires": "2026-06-01T00:00:00Z",
        "verificationMethod": method, "cryptosuite": JCS, "proofPurpose": "assertionMethod", "@context": CONTEXTS,
    }  # fmt: skip
    value = "z" + keys.base58_encode(KEY.sign(proof.hash_data(DOCUMENT, options)))
    document = {**DOCUMENT, "proof": [{**options, "proofValue": value}]}
    assert judged(alone, document) == ("expired", {"proof.1": "proof.expired"})
    assert judged(alone, document, now="2026-05-31T23:59:59Z") == ("genuine", {})


@pytest.mark.parametrize(
    "members",
    [
        {"type": ["VerifiableCredential"]},
        {"proof": []},
        {"proof": CREDENTIAL["proof"][1]},
        {"proof": [CREDENTIAL["proof"][1]] * 17},
        {"proof": [7, CREDENTIAL["proof"][1]]},
        {"id": 7},
        {"issuer": {}},
        {"issuer": None},
        {"credentialSubject": [DOCUMENT["credentialSubject"]]},
        {"credentialSubject": {"type": ["AchievementSubject"]}},
        {"validFrom": None},
        {"validFrom": {"a": {}}},
    ],
)
def test_malformed(alone: Alone, members: Any) -> None:
    assert judged(alone, changed(**members))[0] == "malformed"


def test_a_status_list_is_no_credential(alone: Alone) -> None:
    types = ["VerifiableCredential", "OpenBadgeCredential", "BitstringStatusListCredential"]
    for document in (listing(), {**listing(), "type": types}, changed(type=types)):
        answer = alone.ask("judge", json.dumps(document).encode(), now=NOW, documents={DID: DID_DOCUMENT})
        assert (answer["verdict"], answer["claims"]) == ("malformed", {})


def test_tokens_and_older_standards_are_left_to_the_desk(alone: Alone) -> None:
    older = changed(**{"@context": ["https://www.w3.org/2018/credentials/v1", CONTEXTS[1]]})
    for text, message in ((TOKEN, "format.token"), (json.dumps(older).encode(), "structure.other-standard")):
        answer = alone.ask("judge", text, now=NOW, documents={DID: DID_DOCUMENT})
        assert answer["verdict"] == "cannot tell"
        assert answer["checks"][-1]["message"] == message


# --- Standing ---------------------------------------------------------------------------------------------------------


def test_revoked(alone: Alone) -> None:
    assert judged(alone, CREDENTIAL, lists={LIST: listing(INDEX)}) == ("revoked", {"status": "status.revoked"})
    neighbours = listing(INDEX - 1, INDEX + 1, 0, 131_071)
    assert judged(alone, CREDENTIAL, lists={LIST: neighbours}) == ("genuine", {})
    suspended = {**DOCUMENT["credentialStatus"], "statusPurpose": "suspension"}
    lists = {LIST: listing(INDEX, purpose="suspension")}
    why = {"status": "status.suspended"}
    assert judged(alone, resigned(credentialStatus=suspended), lists=lists) == ("revoked", why)


def test_without_status_nothing_is_asked(alone: Alone) -> None:
    assert judged(alone, resigned(credentialStatus=None), lists={}) == ("genuine", {})


def bomb(size: int) -> Any:
    """A list that unpacks to so many bytes."""
    document = status_list_credential(StatusList.empty(), url=LIST, issuer=DID, valid_from=ISSUED)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(bytes(size)) + packer.flush()
    document["credentialSubject"]["encodedList"] = "u" + base64url.encode(packed)  # type: ignore[call-overload,index]
    return signed(document)


def spoilt(end: str) -> Any:
    document = status_list_credential(StatusList.empty(), url=LIST, issuer=DID, valid_from=ISSUED)
    subject: Any = document["credentialSubject"]
    subject["encodedList"] = subject["encodedList"][:-8] + end
    return signed(document)


UNSIGNED = {name: value for name, value in listing().items() if name != "proof"}
ALTERED = {**listing(INDEX), "credentialSubject": listing()["credentialSubject"]}


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (None, "status.unavailable"),
        (listing(key=OTHER_KEY), "status.unverified"),
        (UNSIGNED, "status.unverified"),
        (ALTERED, "status.unverified"),
        (listing(url=LIST + "0"), "status.unverified"),
        (listing(issuer="did:web:attacker.example"), "status.unverified"),
        (CREDENTIAL, "status.unverified"),
        (listing(valid_until=datetime(2026, 5, 31, 10, tzinfo=UTC)), "status.outdated"),
        (listing(valid_from=datetime(2026, 7, 1, tzinfo=UTC)), "status.outdated"),
        (listing(purpose="suspension"), "status.unreadable"),
        (bomb(16 * 1024 * 1024 + 1), "status.unreadable"),
        (bomb(16 * 1024 - 1), "status.unreadable"),
        (bomb(11_000), "status.unreadable"),
        (spoilt(""), "status.unreadable"),
        (spoilt("AAAAAAAA"), "status.unreadable"),
    ],
)
def test_lists_that_prove_nothing(alone: Alone, found: Any, message: str) -> None:
    lists = {} if found is None else {LIST: found}
    assert judged(alone, CREDENTIAL, lists=lists) == ("status unknown", {"status": message})


@pytest.mark.parametrize(
    "index", ["131072", "999999999999", "-1", "01", "1.0", "", " 5", "٣", 94_567, None, "9999999999999999999999"]
)
def test_entries_outside_the_list_have_no_answer(alone: Alone, index: Any) -> None:
    document = copy.deepcopy(CREDENTIAL)
    document["credentialStatus"]["statusListIndex"] = index
    document = {name: value for name, value in document.items() if name != "proof"}
    options = {**CREDENTIAL["proof"][1]}
    del options["proofValue"]
    value = "z" + keys.base58_encode(KEY.sign(proof.hash_data(document, options)))
    text = json.dumps({**document, "proof": [{**options, "proofValue": value}]}).encode()
    answer = alone.ask("judge", text, now=NOW, documents={DID: DID_DOCUMENT}, lists={LIST: listing()})
    assert answer["verdict"] == "status unknown"
    assert [each["outcome"] for each in answer["checks"] if each["id"] == "status"] == ["unknown"]


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        ("2026-05-31T09:29:59Z", "not yet valid"),
        ("2026-05-31T11:29:59+02:00", "not yet valid"),
        ("2026-05-31T11:30:00+02:00", "genuine"),
        ("2027-05-31T09:29:59Z", "genuine"),
        ("2027-05-31T09:30:00Z", "expired"),
    ],
)
def test_periods(alone: Alone, now: str, verdict: str) -> None:
    assert judged(alone, CREDENTIAL, now=now)[0] == verdict


def test_revoked_comes_before_expired_and_altered_before_both(alone: Alone) -> None:
    late, revoked = "2027-06-01T00:00:00Z", {LIST: listing(INDEX)}
    assert judged(alone, CREDENTIAL, now=late, lists=revoked)[0] == "revoked"
    assert judged(alone, changed(name="x"), now=late, lists=revoked)[0] == "altered"


def test_an_issuer_that_is_nothing_but_a_key(alone: Alone) -> None:
    did = keys.did_key(KEY.verification_key)
    issuer = {**DOCUMENT["issuer"], "id": did}
    document = {name: value for name, value in DOCUMENT.items() if name != "credentialStatus"}
    credential = signed({**document, "issuer": issuer}, did=did)
    assert judged(alone, credential, documents={}) == ("issuer unknown", {"issuer": "issuer.unknown"})
    assert judged(alone, credential, documents={did: keys.did_key_document(did)}) == ("genuine", {})


def test_without_keys_nothing_is_confirmed(alone: Alone) -> None:
    text = json.dumps(CREDENTIAL).encode()
    answer = alone.ask("judge", text, now=NOW, failures={DID: "HTTP 500"})
    assert (answer["verdict"], answer["claims"]) == ("cannot tell", {})
    assert [each["detail"] for each in answer["checks"] if each["id"] == "issuer-key"] == ["HTTP 500"]


def test_hostile_texts_become_one_harmless_line(alone: Alone) -> None:
    identity = {**DOCUMENT["credentialSubject"]["identifier"][0], "identityHash": "Ada\u202e\n<b>\u0007" + "x" * 400}
    subject = {**DOCUMENT["credentialSubject"], "identifier": [identity]}
    text = json.dumps(resigned(credentialSubject=subject)).encode()
    answer = alone.ask("judge", text, now=NOW, documents={DID: DID_DOCUMENT}, lists={LIST: listing()})
    assert answer["claims"]["holder"] == "Ada <b>" + "x" * 293 + "…"
