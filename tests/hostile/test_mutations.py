"""A thousand forgeries of real credentials: none that says something else than was signed is judged genuine.

Each is made from a seed, so a number in a failure message is enough to make it again. What was changed is found out
here by itself, by reading the text that the file holds with Python's own JSON reader.
"""

from __future__ import annotations

import base64
import copy
import json
import random
import re
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.credentials import foreign_badges, foreign_tokens

from laurea.actions.verifying import Question, verify_bytes
from laurea.credentials import baking, base64url, contexts
from laurea.credentials.errors import LaureaError
from laurea.credentials.verification import Materials, Verdict

pytestmark = pytest.mark.slow

FORGERIES = 1_000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Original:
    """A genuine file, and what it takes to judge it."""

    name: str
    data: bytes
    materials: Materials


def text_in(data: bytes) -> bytes | None:
    """The text that a file holds; None when it holds none that can be found."""
    try:
        return baking.extract(data).text
    except LaureaError:
        return None


def meaning(data: bytes) -> Any:
    """What a file says: its document, or header, payload and signature of its token; None for what says nothing.

    The holder of a forged file could show any of it, so the order of members and the spelling of texts do not matter,
    and everything else does, proofs excepted.
    """
    text = text_in(data)
    if text is None:
        return None
    if re.match(rb"\s*ey", text):
        payload = base64.urlsafe_b64decode(text.split(b".")[1] + b"==")
        return json.loads(payload)
    document = json.loads(text.decode("utf-8-sig"))
    document.pop("proof", None)
    if document["@context"][0] != contexts.CREDENTIALS_V1:
        return document
    # Another known context that gives no member another meaning leaves the signed statements as they are.
    return as_sets({name: value for name, value in document.items() if name != "@context"})


def as_sets(value: Any) -> Any:
    """As JSON-LD means it, and signatures over it do: a list is a set, in which nothing is twice, and one value a list.

    Ours have a second signature over the JSON itself, which covers order and number too.
    """
    if isinstance(value, dict):
        return {name: as_sets(item if isinstance(item, list) else [item]) for name, item in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(as_sets(item), sort_keys=True) for item in value})
    return value


def list_of(original: Original) -> Any:
    """What the status list at hand says, its proofs excepted."""
    return [
        {name: value for name, value in found.items() if name != "proof"}
        for found in original.materials.status_lists.values()
        if isinstance(found, dict)
    ]


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, and 1.0 is 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.fixture(scope="module")
def issued(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Original]:
    """A credential that `laurea issue` made, in all four kinds of file."""
    folder = tmp_path_factory.mktemp("issued")
    (folder / "people.csv").write_text("Name,E-Mail\nAda Lovelace,ada@example.org\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "laurea", "issue", "people.csv", "--achievement", examples / "data-protection.toml",
         "--issuer-did", "did:web:academy.example:badges", "--out", "out"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    out = folder / "out"
    did = json.loads((out / "did.json").read_bytes())
    lists = {found["id"]: found for found in (json.loads(path.read_bytes()) for path in out.glob("status-*.json"))}
    materials = Materials(did_documents={did["id"]: did}, status_lists=lists)
    [credential] = [path for path in out.glob("*.json") if not path.name.startswith(("did", "status", "batch"))]
    kinds = [credential, *(credential.with_suffix(ending) for ending in (".pdf", ".png"))]
    files = [Original(path.suffix[1:], path.read_bytes(), materials) for path in kinds]
    drawing = baking.embed(b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', files[0].data)
    return [*files, Original("svg", drawing, materials)]


@pytest.fixture(scope="module")
def originals(issued: list[Original]) -> list[Original]:
    """Ours, and those of other issuers by each of the older rules."""
    older = json.dumps(foreign_badges.signed(foreign_badges.BADGE)).encode()
    found = [*issued, Original("1.1", older, foreign_badges.MATERIALS)]
    keys: dict[str, Any] = {"EdDSA": foreign_tokens.ED, "RS256": foreign_tokens.RSA, "ES256": foreign_tokens.P256}
    for name, key in keys.items():
        did = {foreign_tokens.WEB: foreign_tokens.did_document(key)}
        token = foreign_tokens.token(key, kid=f"{foreign_tokens.WEB}#k").encode()
        found.append(Original(name, token, Materials(did_documents=did)))
    return found


# Ways to forge


class UselessError(Exception):
    """A way that does not apply to a file."""


Way = Callable[[random.Random, Original], Original]


def rebuilt(original: Original, text: bytes) -> Original:
    """The file with another text in it."""
    kind = baking.kind_of(original.data)
    data = text if kind in (baking.Kind.JSON, baking.Kind.JWT) else baking.embed(original.data, text)
    return replace(original, data=data)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, child in children for place in ((*path, name), *places(child, (*path, name)))]


def at(document: Any, place: tuple[Any, ...]) -> Any:
    for name in place:
        document = document[name]
    return document


VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, "", "x", "Mallory", [], {}, ["x"], {"id": "urn:x"}, "2030-01-01T00:00:00Z",
    "did:web:attacker.example", "https://attacker.example/", "<b>", "\u202e", " ", "a" * 500,
]  # fmt: skip
NAMES = [
    "remark",
    "name",
    "@id",
    "@type",
    "@context",
    "@graph",
    "@reverse",
    "achievement",
    "cred:x",
    "x:y",
    "proof",
    "",
]


def edited(edit: Callable[[random.Random, Any], Any]) -> Way:
    """A way that edits the document inside, or the payload of the token."""

    def way(draw: random.Random, original: Original) -> Original:
        text = text_in(original.data) or b""
        if text.lstrip().startswith(b"ey"):
            head, payload, signature = text.strip().decode().split(".")
            document = edit(draw, json.loads(base64.urlsafe_b64decode(payload + "==")))
            forged = f"{head}.{base64url.encode(json.dumps(document).encode())}.{signature}".encode()
        else:
            forged = json.dumps(edit(draw, json.loads(text)), ensure_ascii=draw.random() < 0.5).encode()
        return rebuilt(original, forged)

    return way


def change_value(draw: random.Random, document: Any) -> Any:
    place = draw.choice(places(document))
    at(document, place[:-1])[place[-1]] = draw.choice(VALUES)
    return document


def change_text(draw: random.Random, document: Any) -> Any:
    place = draw.choice([place for place in places(document) if isinstance(at(document, place), str)])
    text = at(document, place)
    position = draw.randrange(len(text) + 1)
    at(document, place[:-1])[place[-1]] = text[:position] + draw.choice("aZ0 é\u200b\n/#%") + text[position + 1 :]
    return document


def remove(draw: random.Random, document: Any) -> Any:
    place = draw.choice(places(document))
    del at(document, place[:-1])[place[-1]]
    return document


def add(draw: random.Random, document: Any) -> Any:
    holders = [(), *(place for place in places(document) if isinstance(at(document, place), dict))]
    at(document, draw.choice(holders))[draw.choice(NAMES)] = draw.choice(VALUES)
    return document


def swap(draw: random.Random, document: Any) -> Any:
    one, other = draw.sample(places(document), 2)
    if one[: len(other)] == other or other[: len(one)] == one:
        raise UselessError
    first, second = at(document, one), at(document, other)
    at(document, one[:-1])[one[-1]] = copy.deepcopy(second)
    at(document, other[:-1])[other[-1]] = copy.deepcopy(first)
    return document


def copy_in_list(draw: random.Random, document: Any) -> Any:
    lists = [place for place in places(document) if isinstance(at(document, place), list) and at(document, place)]
    found = at(document, draw.choice(lists))
    found.insert(draw.randrange(len(found) + 1), copy.deepcopy(draw.choice(found)))
    return document


CONTEXTS: list[Any] = [
    "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    "https://w3id.org/security/suites/ed25519-2020/v1", "https://w3id.org/openbadges/v2",
    "https://attacker.example/context.json", {"name": "https://schema.org/description"}, {"@vocab": "https://x.example/"},
    {"id": None}, None, 7,
]  # fmt: skip


def change_contexts(draw: random.Random, document: Any) -> Any:
    found = list(document.get("@context", []))
    match draw.randrange(4):
        case 0:
            found.insert(draw.randrange(len(found) + 1), draw.choice(CONTEXTS))
        case 1:
            draw.shuffle(found)
        case 2:
            found = draw.sample(CONTEXTS, draw.randrange(1, 4))
        case _:
            found[draw.randrange(len(found))] = draw.choice(CONTEXTS)
    document["@context"] = found
    return document


def change_proof(draw: random.Random, document: Any) -> Any:
    """Another proof, and the content changed with it: the content must not stand because a proof was taken away."""
    proofs = document.get("proof")
    if not isinstance(proofs, list):
        raise UselessError
    one = draw.choice(proofs)
    match draw.randrange(6):
        case 0:
            one[draw.choice(list(one))] = draw.choice(VALUES)
        case 1:
            proofs.remove(one)
        case 2:
            proofs.append(copy.deepcopy(one))
        case 3:
            one["verificationMethod"] = f"did:key:{foreign_tokens.multikey(foreign_tokens.ED)}#k"
        case 4:
            one["cryptosuite"] = draw.choice(["eddsa-2022", "none", "eddsa-jcs-2022", "eddsa-rdfc-2022"])
        case _:
            document["proof"] = []
    return change_text(draw, document) if draw.random() < 0.7 else document


def bytes_of_file(draw: random.Random, original: Original) -> Original:
    """Bits, runs and pieces of the file itself."""
    data = bytearray(original.data)
    for _ in range(draw.randrange(1, 4)):
        position = draw.randrange(len(data))
        match draw.randrange(4):
            case 0:
                data[position] ^= 1 << draw.randrange(8)
            case 1:
                del data[position : position + draw.randrange(1, 9)]
            case 2:
                data[position:position] = draw.randbytes(draw.randrange(1, 9))
            case _:
                data[position : position + 4] = data[:4]
    return replace(original, data=bytes(data))


def bytes_of_text(draw: random.Random, original: Original) -> Original:
    """One byte of the text inside, with the file around it mended."""
    text = bytearray(text_in(original.data) or b"")
    text[draw.randrange(len(text))] = draw.choice(b'abcXYZ0123456789 "{}[],:\\/.-_\0\xff')
    return rebuilt(original, bytes(text))


def second_text(draw: random.Random, original: Original) -> Original:
    """A PNG, SVG or PDF with a second, forged credential beside the genuine one."""
    text = (text_in(original.data) or b"").replace(b"Ada Lovelace", b"Mallory")
    kind = baking.kind_of(original.data)
    if kind is baking.Kind.PNG:
        keyword = draw.choice([b"openbadgecredential", b"openbadges"])
        content = keyword + b"\0\0\0\0\0" + text
        checked = zlib.crc32(b"iTXt" + content).to_bytes(4, "big")
        piece = len(content).to_bytes(4, "big") + b"iTXt" + content + checked
        position = draw.choice([33, original.data.rindex(b"IEND") - 4])
        return replace(original, data=original.data[:position] + piece + original.data[position:])
    if kind is baking.Kind.SVG:
        name = draw.choice(["credential", "assertion"])
        spaces = {"credential": "https://purl.imsglobal.org/ob/v3p0", "assertion": "http://openbadges.org"}
        piece = f'<x:{name} xmlns:x="{spaces[name]}"><![CDATA['.encode() + text + f"]]></x:{name}>".encode()
        end = original.data.rindex(b"</svg>")
        return replace(original, data=original.data[:end] + piece + original.data[end:])
    raise UselessError


def keys(draw: random.Random, original: Original) -> Original:
    """The issuer's keys exchanged, taken away or no longer meant for credentials, and the content changed or not."""
    [did] = original.materials.did_documents
    document: Any = copy.deepcopy(original.materials.did_documents[did])
    method = document["verificationMethod"][0]
    match draw.randrange(6):
        case 0:
            method.pop("publicKeyJwk", None)
            method["publicKeyMultibase"] = foreign_tokens.multikey(
                draw.choice([foreign_badges.OTHER_KEY, foreign_tokens.OTHER_P256])
            )
        case 1:
            document["assertionMethod"] = []
        case 2:
            method["controller"] = "did:web:attacker.example"
        case 3:
            document["id"] = "did:web:attacker.example"
        case 4:
            method["revoked"] = "2026-01-01T00:00:00Z"
        case _:
            document["authentication"] = document.pop("assertionMethod")
    return replace(original, materials=replace(original.materials, did_documents={did: document}))


def status(draw: random.Random, original: Original) -> Original:
    """The status list changed, exchanged or taken away."""
    if not original.materials.status_lists:
        raise UselessError
    [address] = original.materials.status_lists
    document: Any = copy.deepcopy(original.materials.status_lists[address])
    match draw.randrange(4):
        case 0:
            document["credentialSubject"]["encodedList"] = document["credentialSubject"]["encodedList"][:-8]
        case 1:
            document = change_value(draw, document)
        case 2:
            document = remove(draw, document)
        case _:
            document["id"] = address + "0"
    lists = {address: document} if draw.random() < 0.9 else {}
    return replace(original, materials=replace(original.materials, status_lists=lists))


WAYS: dict[str, Way] = {
    "bytes of the file": bytes_of_file,
    "bytes of the text": bytes_of_text,
    "a value": edited(change_value),
    "a text": edited(change_text),
    "a member less": edited(remove),
    "a member more": edited(add),
    "two members swapped": edited(swap),
    "an entry twice": edited(copy_in_list),
    "contexts": edited(change_contexts),
    "proofs": edited(change_proof),
    "a second credential": second_text,
    "keys": keys,
    "status": status,
}


def forged(seed: int, originals: list[Original]) -> tuple[str, Original, Original]:
    """The forgery with a number: in which way, of which original, and the forgery itself."""
    draw = random.Random(seed)
    while True:
        way, original = draw.choice(list(WAYS)), draw.choice(originals)
        try:
            return way, original, WAYS[way](draw, original)
        except (UselessError, LaureaError, IndexError, KeyError, TypeError, ValueError):
            continue


def judged(file: Original) -> Verdict:
    return verify_bytes(file.data, Question(now=datetime.now(UTC), given=file.materials, online=False)).verdict


def test_the_originals_are_genuine(originals: list[Original]) -> None:
    assert {file.name: judged(file) for file in originals} == dict.fromkeys(
        ("json", "pdf", "png", "svg", "1.1", "EdDSA", "RS256", "ES256"), Verdict.GENUINE
    )


def test_no_forgery_is_genuine(originals: list[Original]) -> None:
    ways: Counter[str] = Counter()
    changed = harmless = 0
    let_through = []
    for seed in range(FORGERIES):
        way, original, forgery = forged(seed, originals)
        ways[way] += 1
        verdict = judged(forgery)
        if way in ("keys", "status"):
            is_same = way == "status" and same(list_of(forgery), list_of(original))
        else:
            is_same = verdict is Verdict.GENUINE and same(meaning(forgery.data), meaning(original.data))
        changed, harmless = changed + (not is_same), harmless + is_same
        if verdict is Verdict.GENUINE and not is_same:
            let_through.append((seed, way, original.name))
    assert let_through == []
    assert changed > FORGERIES * 0.7
    assert harmless > 0  # pixels, spaces, the order of members: what nobody signed may change
    assert set(ways) == set(WAYS)
    assert min(ways.values()) > 20


def test_a_forger_with_a_key_of_his_own_is_not_the_issuer(originals: list[Original]) -> None:
    """Signed anew, quite rightly, by somebody else: under his own name or under the issuer's."""
    for issuer, method in (
        (foreign_badges.DID, f"{foreign_badges.DID}#{foreign_badges.OTHER_KEY.verification_key.multikey}"),
        (foreign_badges.DID, f"did:key:{foreign_badges.OTHER_KEY.verification_key.multikey}#k"),
    ):
        badge = foreign_badges.BADGE | {"name": "Surgery", "issuer": foreign_badges.BADGE["issuer"] | {"id": issuer}}
        forgery = foreign_badges.signed(badge, key=foreign_badges.OTHER_KEY)
        forgery["proof"][0]["verificationMethod"] = method
        file = Original("forged", json.dumps(forgery).encode(), foreign_badges.MATERIALS)
        assert judged(file) is Verdict.ALTERED
    for key in (foreign_tokens.ED, foreign_tokens.RSA, foreign_tokens.OTHER_P256):
        did = {foreign_tokens.WEB: foreign_tokens.did_document(foreign_tokens.P256)}
        token = foreign_tokens.token(key, kid=f"{foreign_tokens.WEB}#k").encode()
        assert judged(Original("forged", token, Materials(did_documents=did))) is Verdict.ALTERED
