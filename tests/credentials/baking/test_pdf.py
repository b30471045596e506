"""PDF: the attachment goes in and comes out, whatever wrote the file, and other readers find it too."""

from __future__ import annotations

import hashlib
import io
import zlib
from datetime import UTC, datetime

import pypdf
import pytest
import typst
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from laurea.credentials.baking import Kind, embed, embed_pdf, extract
from laurea.credentials.errors import BakingError

TEXT = '{"type": ["VerifiableCredential"], "name": "ü"}'.encode()
OTHER = b'{"type": ["VerifiableCredential"], "name": "other"}'
TOKEN = b"eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl"


def written(*attachments: tuple[str, bytes], kids: bool = False, encrypted: str | None = None) -> bytes:
    """A PDF as pypdf writes it: tables, nothing packed."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    for name, content in attachments:
        writer.add_attachment(name, content)
    if kids:
        files = writer.root_object["/Names"]["/EmbeddedFiles"].get_object()
        leaf = writer._add_object(DictionaryObject({NameObject("/Names"): files.pop("/Names")}))
        files[NameObject("/Kids")] = ArrayObject([leaf])
    if encrypted is not None:
        writer.encrypt("", encrypted, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def archival() -> bytes:
    """A PDF/A-3 as Typst writes it: object streams, cross-reference streams, another attachment."""
    source = (
        '#set document(title: "x")\n#pdf.attach("data.xml", bytes("<a/>"), relationship: "data", '
        'mime-type: "text/xml", description: "d")\n= Hello'
    )
    return bytes(typst.compile(source.encode(), format="pdf", pdf_standards=["a-3b"]))


def packed(objects: dict[int, bytes], trailer: bytes) -> bytes:
    """A PDF of these objects with a table."""
    body, positions = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        positions[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f\r\n"
    for number, position in positions.items():
        body += b"%d 1\n%010d 00000 n\r\n" % (number, position)
    return body + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start


def code_of(data: bytes) -> str:
    with pytest.raises(BakingError) as caught:
        extract(data)
    return caught.value.code


def test_what_was_attached_comes_out_whatever_wrote_the_file(archival: bytes) -> None:
    plain = written()
    linear = io.BytesIO()
    again = pypdf.PdfWriter(clone_from=io.BytesIO(archival))
    again.write(linear)
    for data in (plain, archival, linear.getvalue(), written(("a.txt", b"a")), written(("a.txt", b"a"), kids=True)):
        baked = embed(data, TEXT)
        assert baked.startswith(data)
        assert (extract(baked).kind, extract(baked).text) == (Kind.PDF, TEXT)


def test_pypdf_finds_the_attachment_with_its_relationship(archival: bytes) -> None:
    checksum = hashlib.md5(TEXT, usedforsecurity=False).digest()
    for data in (written(("a.txt", b"a")), archival):
        reader = pypdf.PdfReader(io.BytesIO(embed(data, TEXT)))
        attached = {file.name: file for file in reader.attachment_list}
        ours = attached.pop("credential.json")
        assert (ours.content, ours.associated_file_relationship, ours.subtype) == (
            TEXT, "/Source", "/application/vc+ld+json",
        )  # fmt: skip
        assert ours.size == len(TEXT)
        assert ours.pdf_object["/EF"]["/F"]["/Params"].raw_get("/CheckSum").original_bytes == checksum
        assert len(attached) == 1
        assert ours.pdf_object in [item.get_object() for item in reader.root_object["/AF"]]


def test_a_moment_can_be_noted() -> None:
    baked = embed_pdf(written(), TEXT, modified=datetime(2026, 5, 31, 9, 30, tzinfo=UTC))
    assert pypdf.PdfReader(io.BytesIO(baked)).attachment_list.__next__().modification_date == datetime(
        2026, 5, 31, 9, 30, tzinfo=UTC
    )


def test_baking_again_replaces_the_credential_and_keeps_other_attachments(archival: bytes) -> None:
    for data in (written(("a.txt", b"a"), ("old.json", OTHER)), embed(archival, OTHER)):
        for text in (TEXT, TOKEN, TEXT):
            data = embed(data, text)
            assert extract(data).text == text
        names = [file.name for file in pypdf.PdfReader(io.BytesIO(data)).attachment_list]
        assert len(names) == 2
        assert "credential.json" in names


@pytest.mark.parametrize("name", ["credential.json", "Zeugnis.JSON", "badge.jwt", "vc.jsonld", "beleg.txt"])
@pytest.mark.parametrize("text", [TEXT, TOKEN])
def test_a_credential_under_another_name_is_found_by_what_it_is(name: str, text: bytes) -> None:
    assert extract(written(("invoice.json", b'{"total": 1}'), (name, text))).text == text


def test_the_same_credential_twice_is_one() -> None:
    assert extract(written(("credential.json", TEXT), ("copy.json", TEXT))).text == TEXT


def test_text_before_and_after_the_pdf_does_no_harm(archival: bytes) -> None:
    for data in (embed(written(), TEXT), embed(archival, TEXT)):
        assert extract(b"From: a@example.org\r\n\r\n" + data + b"\r\n--boundary--\r\n" * 20).text == TEXT


def test_a_broken_table_of_contents_is_made_up_for(archival: bytes) -> None:
    for data in (embed(written(), TEXT), embed(archival, TEXT)):
        broken = data.replace(b"startxref\n", b"startxref\n9")
        assert extract(broken).text == TEXT
        with pytest.raises(BakingError, match="nothing can be added"):
            embed(broken, OTHER)


def test_packed_attachments_are_unpacked() -> None:
    for filters, raw in (
        (b"/FlateDecode", zlib.compress(TEXT)),
        (b"/ASCIIHexDecode", TEXT.hex().encode() + b">"),
        (b"[/ASCIIHexDecode /FlateDecode]", zlib.compress(TEXT).hex().encode() + b">"),
    ):
        assert extract(with_stream(b"/Filter " + filters, raw)).text == TEXT


def with_stream(entries: bytes, raw: bytes) -> bytes:
    return packed(
        {
            1: b"<</Type/Catalog /Names <</EmbeddedFiles <</Names [(credential.json) 2 0 R]>>>>>>",
            2: b"<</Type/Filespec /F(credential.json) /EF <</F 3 0 R>>>>",
            3: b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries, len(raw), raw),
        },
        b"<</Root 1 0 R /Size 4>>",
    )


def tree(root: bytes, **more: bytes) -> bytes:
    objects = {1: b"<</Type/Catalog /Names <</EmbeddedFiles %b>>>>" % root}
    return packed(objects | {int(name[1:]): content for name, content in more.items()}, b"<</Root 1 0 R /Size 9>>")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (written(), "baking.none"),
        (written(("invoice.json", b'{"total": 1}'), ("a.bin", b"\0\1")), "baking.none"),
        (written(("credential.json", TEXT), ("copy.json", OTHER)), "baking.several"),
        (written(("credential.json", b" " * (1024 * 1024 + 1))), "baking.too-large"),
        (written(("credential.json", TEXT), encrypted="secret"), "baking.pdf-encrypted"),
        (with_stream(b"/Filter /LZWDecode", b"abc"), "baking.pdf-filter"),
        (with_stream(b"/Filter /FlateDecode", b"not packed"), "baking.pdf-damaged"),
        (with_stream(b"/Filter /FlateDecode", zlib.compress(bytes(40_000_000))), "baking.too-large"),
        (with_stream(b"/Filter [" + b"/ASCIIHexDecode " * 5 + b"]", b"30>"), "baking.pdf-damaged"),
        (tree(b"2 0 R", _2=b"3 0 R", _3=b"2 0 R"), "baking.pdf-damaged"),
        (tree(b"2 0 R", _2=b"<</Kids [2 0 R 3 0 R]>>", _3=b"<</Kids [2 0 R]>>"), "baking.none"),
        (tree(b"9 0 R"), "baking.none"),
        (tree(b"[" * 200 + b"]" * 200), "baking.pdf-damaged"),
        (tree(b"<</Names 5>>"), "baking.none"),
        (tree(b"<</Names [(a) 5 (b) null (c)]>>"), "baking.none"),
        (b"%PDF-1.7\n", "baking.pdf-damaged"),
        (b"%PDF-1.7\n" + b"1 0 obj\n" * 1000, "baking.pdf-damaged"),
        (b"%PDF-1.7\n" + b"1 0 obj\n<<" * 500_000, "baking.pdf-too-complex"),
        (written()[:200], "baking.pdf-damaged"),
        (b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f\r\ntrailer\n<</Prev 9>>\nstartxref\n9\n%%EOF", "baking.pdf-damaged"),
        (b"%PDF-1.7\nxref\n0 999999999\n" + b"0 " * 900 + b"startxref\n9\n%%EOF", "baking.pdf-damaged"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_too_many_attachments() -> None:
    names = b" ".join(b"(%05d) <</F(%05d)>>" % (number, number) for number in range(10_000))
    assert code_of(tree(b"<</Names [" + names + b"]>>")) == "baking.pdf-attachments"


def test_too_many_that_might_be_credentials() -> None:
    names = b" ".join(b"(%d.json) 2 0 R" % number for number in range(60))
    data = tree(
        b"<</Names [" + names + b"]>>",
        _2=b"<</F(a.json) /EF <</F 3 0 R>>>>",
        _3=b"<</Length 2>>\nstream\n{}\nendstream",
    )
    assert code_of(data) == "baking.pdf-attachments"


def test_strings_in_all_their_forms() -> None:
    data = packed(
        {
            1: b"<</Type/Catalog /AF [2 0 R] % a comment (\n>>",
            2: b"<</F(x) /UF <FEFF00630072006500640065006e007400690061006c002e006a0073006f006e> /EF<</F 3 0 R>> "
            b"/Desc (a\\(b\\)\\051 (nested) \\\nover\\7)>>",
            3: b"<</Length 4 0 R /Subtype /application#2Fjson>>\r\nstream\r\n%b\r\nendstream" % TEXT,
            4: b"%d" % len(TEXT),
        },
        b"<</Root 1 0 R>>",
    )
    assert extract(data).text == TEXT


def filtered(rows: list[bytes], kind: int) -> bytes:
    """Rows as a PNG encoder filters them, one byte a pixel (PNG, section 9)."""
    out, above = b"", bytes(len(rows[0]))
    for row in rows:
        out += bytes([kind])
        for index, byte in enumerate(row):
            left = row[index - 1] if index else 0
            up, corner = above[index], above[index - 1] if index else 0
            estimate = left + up - corner
            paeth = min((left, up, corner), key=lambda value: abs(estimate - value))
            out += bytes([(byte - (0, left, up, (left + up) // 2, paeth)[kind]) & 255])
        above = row
    return out


def compressed(predictor: int | None, *, catalog_in: int = 5) -> bytes:
    """A PDF whose catalog and file specification lie in an object stream, and whose references are a stream."""
    inner = {1: b"<</Type/Catalog /AF [2 0 R]>>", 2: b"<</F(credential.json) /EF <</F 3 0 R>>>>"}
    offsets = b"1 0 2 %d " % (len(inner[1]) + 1)
    content = zlib.compress(offsets + inner[1] + b" " + inner[2])
    body = b"%PDF-1.7\n"
    places = [(0, 0, 65535), (2, catalog_in, 0), (2, 5, 1)]
    for number, entries, raw in (
        (3, b"/Length %d" % len(TEXT), TEXT),
        (4, b"/Length 0", b""),
        (5, b"/Type/ObjStm /N 2 /First %d /Filter/FlateDecode /Length %d" % (len(offsets), len(content)), content),
    ):
        places.append((1, len(body), 0))
        body += b"%d 0 obj\n<<%b>>\nstream\n%b\nendstream\nendobj\n" % (number, entries, raw)
    places.append((1, len(body), 0))
    rows = [kind.to_bytes(1, "big") + a.to_bytes(4, "big") + b.to_bytes(2, "big") for kind, a, b in places]
    table = b"".join(rows) if predictor is None else filtered(rows, predictor)
    parms = b"" if predictor is None else b"/DecodeParms <</Predictor 15 /Columns 7>>"
    raw = zlib.compress(table)
    entries = b"/Type/XRef /Size 7 /W [1 4 2] /Root 1 0 R /Filter/FlateDecode /Length %d %b" % (len(raw), parms)
    start = len(body)
    return body + b"6 0 obj\n<<%b>>\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (entries, raw, start)


@pytest.mark.parametrize("predictor", [None, 0, 1, 2, 3, 4])
def test_objects_and_references_in_streams_under_every_predictor(predictor: int | None) -> None:
    data = compressed(predictor)
    assert extract(data).text == TEXT
    baked = embed(data, OTHER)
    assert extract(baked).text == OTHER
    found = [file.content for file in pypdf.PdfReader(io.BytesIO(baked)).attachment_list]
    assert found == [OTHER]


def test_a_broken_stream_of_references_is_made_up_for() -> None:
    assert extract(compressed(2).replace(b"startxref\n", b"startxref\n9")).text == TEXT


def test_an_object_said_to_lie_in_itself_is_looked_for() -> None:
    assert extract(compressed(2, catalog_in=1)).text == TEXT
