"""Files made to harm whoever verifies them: small to hand over, meant to be endless to read."""

from __future__ import annotations

import io
import json
import random
import zlib
from collections.abc import Callable

from PIL import Image

from laurea.credentials import baking
from laurea.rendering import qr

Maker = Callable[[bytes], bytes]
"""Makes a hostile file from the text of a genuine credential."""


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x06\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def pdf(objects: dict[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    body, table = b"%PDF-1.7\n", b"xref\n"
    for number, content in objects.items():
        table += b"%d 1\n%010d 00000 n\r\n" % (number, len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    return body + table + b"trailer\n<<%b>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(body))


def stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def attachments(count: int) -> bytes:
    names = b" ".join(b"(%05d) %d 0 R" % (number, number + 10) for number in range(count))
    objects = {1: b"<</Type/Catalog /Names <</EmbeddedFiles <</Names [" + names + b"]>>>>>>"}
    for number in range(count):
        objects[number + 10] = b"<</F(%d.json) /EF <</F 2 0 R>>>>" % number
    objects[2] = stream(b"/Type/EmbeddedFile", b'{"VerifiableCredential": 1}')
    return pdf(objects)


def bomb(entries: bytes = b"", megabytes: int = 200) -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    return stream(b"/Filter/FlateDecode " + entries, packed)


def attached(content: bytes) -> bytes:
    return pdf(
        {
            1: b"<</Type/Catalog /AF [2 0 R]>>",
            2: b"<</F(credential.json) /EF <</F 3 0 R>>>>",
            3: content,
        }
    )


def wide_objects() -> bytes:
    """An object stream of a million tiny objects, in which the catalog is the last."""
    numbers = b" ".join(b"%d 0" % number for number in range(10, 900_000))
    inner = numbers + b" 1 0 " + b"<</Type/Catalog /AF [2 0 R]>>"
    packed = zlib.compress(inner)
    head = b"/Type/ObjStm /N 900000 /First %d /Filter/FlateDecode" % inner.index(b"<<")
    body = b"%PDF-1.7\n5 0 obj\n" + stream(head, packed) + b"\nendobj\n"
    rows = b"\1" + (9).to_bytes(4, "big") + b"\2" + (5).to_bytes(4, "big")
    references = stream(b"/Type/XRef /W [1 4 0] /Index [5 1 1 1] /Size 9 /Root 1 0 R", rows)
    return body + b"6 0 obj\n" + references + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)


def many_object_streams() -> bytes:
    """Attachments whose descriptions lie each in an object stream of its own, all of them bombs."""
    bombs = {number: bomb(b"/Type/ObjStm /N 1 /First 4", 8) for number in range(100, 160)}
    names = b" ".join(b"(%d) %d 0 R" % (number, number + 1000) for number in bombs)
    objects = {1: b"<</Type/Catalog /Names <</EmbeddedFiles <</Names [" + names + b"]>>>>>>", **bombs}
    body, rows, index = b"%PDF-1.7\n", b"", b""
    for number, content in objects.items():
        rows += b"\1" + len(body).to_bytes(4, "big")
        index += b"%d 1 " % number
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    for number in bombs:
        rows += b"\2" + number.to_bytes(4, "big")
        index += b"%d 1 " % (number + 1000)
    references = stream(b"/Type/XRef /W [1 4 0] /Index [%b] /Size 2000 /Root 1 0 R" % index, rows)
    return body + b"6 0 obj\n" + references + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)


def with_member(text: bytes, name: str, value: object) -> bytes:
    return json.dumps({**json.loads(text), name: value}).encode()


def with_proof(value: object) -> Maker:
    return lambda text: with_member(text, "proof", value)


def poison(text: bytes) -> bytes:
    """Blank nodes that all look alike, each pointing to all others: the classic against RDF canonicalisation."""
    document = json.loads(text)
    document["evidence"] = [{"type": ["Evidence"]} for _ in range(700)]
    document["credentialSubject"]["achievement"]["alignment"] = [
        {"type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example"} for _ in range(700)
    ]
    return json.dumps(document).encode()


def nested(text: bytes) -> bytes:
    """Achievements inside achievements, two in each."""
    document = json.loads(text)
    achievement = document["credentialSubject"]["achievement"]
    for _ in range(6):
        achievement = {**achievement, "related": [achievement, achievement]}
    document["credentialSubject"]["achievement"] = achievement
    return json.dumps(document).encode()


def baked_svg(text: bytes) -> bytes:
    return baking.embed(b'<svg xmlns="http://www.w3.org/2000/svg"/>', text)


LAUGHS = b"<!DOCTYPE svg [<!ENTITY a0 'ha'>" + b"".join(
    b"<!ENTITY a%d '%b'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 12)
)


def corners() -> bytes:
    """A picture of QR codes' corners and nothing else: each three of them might be a code."""
    corner = Image.open(io.BytesIO(qr.png(qr.matrix("x"), module=2))).convert("L").crop((0, 0, 30, 30))
    picture = Image.new("L", (5_400, 5_400), 255)
    row = Image.new("L", (5_400, 30), 255)
    for x in range(0, 5_400, 30):
        row.paste(corner, (x, 0))
    for y in range(0, 5_400, 30):
        picture.paste(row, (0, y))
    return saved(picture.resize((2_000, 2_000), Image.Resampling.NEAREST, (0, 0, 2_000, 2_000)))


def saved(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "01" * 64 + "ffc0000b08ffffffff01011100ffc40014000100"
    "0000000000000000000000000000000009ffc4001410010000000000000000000000000000000000ffda0008010100003f00"
)
"""A JPEG that declares 65,535 x 65,535 pixels and has none."""

WRONG_PROOFS: dict[str, object] = {
    "null": None, "true": True, "number": 1, "text": "z", "empty list": [], "list of nulls": [None, [None]],
    "empty object": {}, "list of lists": [[{}]], "ten thousand": [{}] * 10_000,
    "wrong members": {"type": 1, "cryptosuite": [], "proofValue": {}, "verificationMethod": None, "created": 5},
    "long value": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
                   "verificationMethod": "did:web:a.example#b", "proofValue": "z" + "2" * 900_000},
}  # fmt: skip

FILES: dict[str, Maker] = {
    "empty": lambda _: b"",
    "nulls": lambda _: bytes(1 << 20),
    "truncated.json": lambda text: text[: len(text) // 2],
    "truncated.png": lambda text: baking.embed(png(1, 1), text)[:-20],
    "truncated.svg": lambda text: baked_svg(text)[:-20],
    "truncated.pdf": lambda text: baking.embed(pdf({1: b"<</Type/Catalog>>"}), text)[:-1_200],
    "declared-2gb.png": lambda _: png(1, 1).removesuffix(chunk(b"IEND", b"")) + b"\x7f\xff\xff\xffiTXt" + bytes(1024),
    "declared-2gb.pdf": lambda _: attached(b"<</Length 2147483647>>\nstream\n{}"),
    "declared-2gb-columns.pdf": lambda _: pdf({1: b"<</Type/Catalog>>"}, b"/Root 1 0 R /Size 2147483647"),
    "declared-2gb-table.pdf": lambda _: b"%PDF-1.7\nxref\n0 2147483647\n" + bytes(1000) + b"\nstartxref\n9\n%%EOF",
    "large-picture.png": lambda _: png(60_000, 60_000, chunk(b"IDAT", zlib.compress(bytes(1000)))),
    "picture-bomb.png": lambda _: png(5_000, 5_000, chunk(b"IDAT", zlib.compress(bytes(5_000 * 20_001)))),
    "palette-bomb.png": lambda _: b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", (5_400).to_bytes(4, "big") * 2 + b"\x08\x03\0\0\0")
    + chunk(b"PLTE", bytes(768))
    + chunk(b"tRNS", bytes(256))
    + chunk(b"IDAT", zlib.compress(bytes(5_400 * 5_401)))
    + chunk(b"IEND", b""),
    "text-bomb.png": lambda _: png(1, 1, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 28), 9))),
    "credential-bomb.png": lambda _: png(
        1, 1, chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(bytes(1 << 28), 9))
    ),
    "corners.png": lambda _: corners(),
    "noise.png": lambda _: saved(Image.frombytes("L", (3_000, 3_000), random.Random(1).randbytes(9_000_000))),
    "many-chunks.png": lambda _: png(1, 1, chunk(b"tEXt", b"") * 2_000_000),
    "two.png": lambda text: png(1, 1, *[chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text)] * 2),
    "large.jpg": lambda _: JPEG,
    "empty.jpg": lambda _: b"\xff\xd8\xff\xe0",
    "empty.webp": lambda _: b"RIFF\xff\xff\xff\x7fWEBPVP8 " + bytes(40),
    "empty.tiff": lambda _: b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 500,
    "empty.gif": lambda _: b"GIF89a\xff\xff\xff\xff\xf7\0\0" + bytes(1000),
    "entities.svg": lambda _: LAUGHS + b"]><svg xmlns='http://www.w3.org/2000/svg'>&a11;</svg>",
    "external.svg": lambda _: b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///dev/zero'>]><svg>&a;</svg>",
    "deep.svg": lambda _: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 1_000_000,
    "attributes.svg": lambda _: b"<svg " + b" ".join(b"a%d=''" % number for number in range(500_000)) + b"/>",
    "many-elements.svg": lambda _: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g/>" * 1_000_000 + b"</svg>",
    "attachments-10000.pdf": lambda _: attachments(10_000),
    "attachments-100.pdf": lambda _: attachments(100),
    "attachment-bomb.pdf": lambda _: attached(bomb()),
    "twice-packed-bomb.pdf": lambda _: attached(
        stream(b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(bytes(1 << 28), 9), 9))
    ),
    "object-stream-bomb.pdf": lambda _: wide_objects(),
    "object-stream-bombs.pdf": lambda _: many_object_streams(),
    "table-bomb.pdf": lambda _: b"%PDF-1.7\n1 0 obj\n"
    + bomb(b"/Type/XRef /W [1 4 0] /Size 99999999 /Root 1 0 R", 200)
    + b"\nendobj\nstartxref\n9\n%%EOF",
    "deep.pdf": lambda _: pdf({1: b"<</Type/Catalog /Names " + b"<</a " * 300_000}),
    "parentheses.pdf": lambda _: pdf({1: b"<</Type/Catalog /AF " + b"(" * 3_000_000}),
    "spaces.pdf": lambda _: pdf({1: b"<</Type/Catalog /AF [" + (b"1" + b" " * 3_000) * 3_000 + b"]>>"}),
    "comments.pdf": lambda _: pdf({1: b"<</Type/Catalog /AF [" + b"%\n" * 3_000_000 + b"]>>"}),
    "names-in-a-circle.pdf": lambda _: pdf(
        {1: b"<</Type/Catalog /Names <</EmbeddedFiles 2 0 R>>>>", 2: b"<</Kids [" + b"2 0 R " * 200_000 + b"]>>"}
    ),
    "references-in-a-circle.pdf": lambda _: pdf({1: b"2 0 R", 2: b"3 0 R", 3: b"2 0 R"}),
    "tables-in-a-circle.pdf": lambda _: pdf({1: b"<</Type/Catalog>>"}, b"/Root 1 0 R /Prev 60"),
    "many-objects.pdf": lambda _: b"%PDF-1.7\n" + b"1 0 obj\n" * 3_000_000 + b"startxref\n9\n%%EOF",
    "many-catalogs.pdf": lambda _: b"%PDF-1.7\n"
    + b"".join(b"%d 0 obj<</Type/Catalog/A[" % number + b"1 " * 200 for number in range(40_000)),
    "endless-streams.pdf": lambda _: b"%PDF-1.7\n"
    + b"".join(b"%d 0 obj<</Type/ObjStm>>stream\n" % number for number in range(300_000)),
    "encrypted.pdf": lambda _: pdf({1: b"<</Type/Catalog>>"}, b"/Root 1 0 R /Encrypt 2 0 R"),
    "deep.json": lambda _: b'{"a":' * 200_000,
    "deep-lists.json": lambda _: b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}",
    "duplicate.json": lambda text: text.replace(b"{", b'{"id": "urn:a", ', 1),
    "nan.json": lambda text: text.replace(b"{", b'{"creditsEarned": NaN, ', 1),
    "infinity.json": lambda text: text.replace(b"{", b'{"creditsEarned": 1e999, ', 1),
    "digits.json": lambda _: b'{"a": ' + b"9" * 900_000 + b"}",
    "surrogate.json": lambda text: text.replace("Łovelace".encode(), b"\\ud800"),
    "surrogate-bytes.json": lambda text: text.replace("Łovelace".encode(), b"\xed\xa0\x80"),
    "latin.json": lambda text: text.replace("Łovelace".encode(), b"\xfcber"),
    "wide.json": lambda _: b"{" + b",".join(b'"%d": 0' % number for number in range(90_000)) + b"}",
    "not-an-object.json": lambda _: b"[" + b"0," * 100_000 + b"0]",
    "large.json": lambda text: text.replace(b"{", b'{"a": "' + b"x" * 3_000_000 + b'", ', 1),
    "poison.json": poison,
    "nested.json": nested,
    "contexts.json": lambda text: with_member(text, "@context", ["https://www.w3.org/ns/credentials/v2"] * 9_000),
    "inline-context.json": lambda text: with_member(text, "@context", [{"@vocab": "https://a.example/"}]),
    "undefined.json": lambda text: with_member(text, "laugh", 1),
    "token.jwt": lambda _: b"ey" + b"A" * 1_000_000 + b".ey" + b"A" * 100 + b".AA",
    "deep-token.jwt": lambda _: b"eyJhIjp7" + b"eyJhIjp7" * 100_000 + b".eyJh.AA",
    "archive.zip": lambda _: b"PK\x03\x04" + bytes(100),
    **{f"proof, {name}.json": with_proof(value) for name, value in WRONG_PROOFS.items()},
}  # fmt: skip
