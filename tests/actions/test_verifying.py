"""From what is handed over to a report: files, folders, addresses, codes; each thing fetched once, each judged once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from tests.conftest import Genuine

from laurea.actions import verifying
from laurea.actions.resolving import gather
from laurea.actions.verifying import Question, Source, Verified, sources_of, verify_all, verify_bytes
from laurea.credentials import baking, keys, proof, vocabulary
from laurea.credentials.baking import Kind
from laurea.credentials.document import Document, serialise
from laurea.credentials.errors import BakingError, CodeError, LaureaError, ResolvingError
from laurea.credentials.keys import SigningKey
from laurea.credentials.status_list import StatusList, status_list_credential
from laurea.credentials.verification import Materials, Verdict, needs
from laurea.rendering import qr

from .conftest import HOST, Served, answer

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ISSUED = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
CODE = "000G40R40M30E200"


@pytest.fixture
def question(genuine: Genuine, tmp_path: Path) -> Question:
    """Everything at hand, nothing fetched."""
    given = Materials(
        did_documents={str(genuine.did_document["id"]): genuine.did_document},
        trusted={str(genuine.did_document["id"])},
        status_lists={str(genuine.status_list["id"]): genuine.status_list},
    )
    return Question(now=NOW, given=given, online=False, folder=tmp_path)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("L", (30, 30)).save(out, "PNG")
    return out.getvalue()


def judged(named: str, question: Question) -> Verified:
    return next(verify_all(sources_of(named, question, stdin=io.BytesIO())[0], question))


@pytest.mark.parametrize("kind", [Kind.JSON, Kind.PNG, Kind.SVG, Kind.PDF])
def test_every_kind_of_file(genuine: Genuine, question: Question, kind: Kind) -> None:
    empty = {
        Kind.PNG: picture(),
        Kind.SVG: b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        Kind.PDF: b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n1 1\n0000000009 00000 n\r\n"
        b"trailer\n<</Root 1 0 R>>\nstartxref\n42\n%%EOF",
    }
    data = genuine.text if kind is Kind.JSON else baking.embed(empty[kind], genuine.text)
    found = verify_bytes(data, question)
    assert (found.kind, found.verdict, found.problem) == (kind, Verdict.GENUINE, None)


def test_nothing_raises(question: Question) -> None:
    for data in (b"", b"x", b"{", picture(), b"%PDF-1.7", b"\xff\xd8\xff"):
        found = verify_bytes(data, question)
        assert found.verdict is Verdict.MALFORMED
        assert found.sentence == "This is not a proper credential."
        assert found.in_language("de").sentence == "Das ist kein ordnungsgemäßer Nachweis."


def test_the_same_credential_is_judged_once(
    genuine: Genuine, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    count: list[bytes] = []
    real = verifying.verify

    def counting(text: bytes, *arguments: object, **options: object) -> object:
        count.append(text)
        return real(text, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(verifying, "verify", counting)
    files = [
        genuine.text,
        genuine.text + b"\n",
        baking.embed(picture(), genuine.text),
        genuine.text.replace(b"Aid", b"A"),
    ]
    sources = [Source(str(number), lambda data=data: data) for number, data in enumerate(files)]
    verdicts = [found.verdict for found in verify_all(sources, question)]
    assert verdicts == [*[Verdict.GENUINE] * 3, Verdict.ALTERED]
    assert len(count) == 2


def test_a_folder_leaves_out_what_belongs_to_the_batch(genuine: Genuine, question: Question, tmp_path: Path) -> None:
    for name in ("A.json", "b.PNG", "c.jwt"):
        (tmp_path / name).write_bytes(genuine.text)
    for name in ("batch.json", "manifest.csv", "did.json", "status-1.json", "notes.txt", ".hidden.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "inner").mkdir()
    sources, skipped = sources_of(str(tmp_path), question, stdin=io.BytesIO())
    assert [Path(source.name).name for source in sources] == ["A.json", "b.PNG", "c.jwt"]
    assert {Path(one.name).name: one.why for one in skipped} == {
        "batch.json": "belongs to the batch",
        "manifest.csv": "belongs to the batch",
        "did.json": "belongs to the batch",
        "status-1.json": "belongs to the batch",
        "notes.txt": "is no kind of file that holds a credential",
    }


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ("absent.json", BakingError),
        ("000G-40R4-0M30-E201", CodeError),
        ("http://a.example/c/x", ResolvingError),
        ("ftp://a.example", ResolvingError),
    ],
)
def test_what_names_nothing(question: Question, named: str, error: type[LaureaError]) -> None:
    with pytest.raises(error):
        sources_of(named, question, stdin=io.BytesIO())


def test_a_file_that_vanishes_is_told(question: Question, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.touch()
    (source,), _ = sources_of(str(path), question, stdin=io.BytesIO())
    path.unlink()
    (found,) = verify_all([source], question)
    assert found.problem is not None
    assert found.problem.code == "file.unreadable"


def test_standard_input(genuine: Genuine, question: Question) -> None:
    (source,), _ = sources_of("-", question, stdin=io.BytesIO(genuine.text))
    assert source.load() == genuine.text


@contextmanager
def published(server: Served, *, revoked: bool = False) -> Iterator[bytes]:
    """A credential whose issuer, list and page are all on the server."""
    key = SigningKey.from_seed(bytes(32))
    did = f"did:web:{HOST}%3A{server.port}"
    method = keys.verification_method(did, key.verification_key)
    address = server.url("/status")

    def signed(document: Document) -> Document:
        return proof.sign(document, key, verification_method=method, created=ISSUED)

    bits = StatusList.empty().set([5] if revoked else [])
    credential = vocabulary.AchievementCredential(
        id="urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
        issuer=vocabulary.Profile(id=did, name="Example Academy"),
        valid_from=ISSUED,
        name="First Aid",
        credential_subject=vocabulary.AchievementSubject(
            achievement=vocabulary.Achievement(
                id="urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
                name="First Aid",
                description="Can help",
                criteria=vocabulary.Criteria(narrative="Attended"),
            ),
            identifier=(vocabulary.name_identity("Ada"),),
        ),
        credential_status=vocabulary.BitstringStatusListEntry(address, "5"),
    )
    text = serialise(signed(credential.to_document())).encode()
    listing = signed(status_list_credential(bits, url=address, issuer=did, valid_from=ISSUED))
    server.answers["/.well-known/did.json"] = answer(
        serialise(keys.did_web_document(did, [key.verification_key])).encode()
    )
    server.answers["/status"] = answer(serialise(listing).encode())
    server.answers[f"/c/{CODE}"] = answer(text)
    server.asked.clear()
    yield text


@pytest.fixture
def online(server: Served, tmp_path: Path) -> Question:
    return Question(now=NOW, ways=server.ways, folder=tmp_path)


def test_an_issuer_is_known_by_its_own_site(server: Served, online: Question) -> None:
    with published(server) as text:
        assert verify_bytes(text, online).verdict is Verdict.GENUINE
        assert verify_bytes(text, replace(online, online=False)).verdict is Verdict.CANNOT_TELL
    with published(server, revoked=True) as text:
        assert verify_bytes(text, online).verdict is Verdict.REVOKED


def test_what_many_need_is_fetched_once(server: Served, online: Question) -> None:
    with published(server) as text:
        document = json.loads(text)
        texts = [text, *(json.dumps({**document, "name": f"Aid {number}"}).encode() for number in range(300))]
        sources = [Source(str(number), lambda data=data: data) for number, data in enumerate(texts)]
        verdicts = [found.verdict for found in verify_all(sources, online)]
        assert verdicts == [Verdict.GENUINE, *[Verdict.ALTERED] * 300]
        assert sorted(path for path, _ in server.asked) == ["/.well-known/did.json", "/status"]


def test_an_address_a_code_and_a_photograph_lead_to_the_credential(server: Served, online: Question) -> None:
    with published(server):
        page = server.url(f"/c/{CODE}")
        assert judged(page, online).verdict is Verdict.GENUINE
        assert "application/vc+ld+json" in server.asked[0][1]["Accept"]
        assert judged("000g 40r4 0m30 e200", replace(online, at=server.url(""))).verdict is Verdict.GENUINE
        photograph = qr.png(qr.matrix(page))
        assert verify_bytes(photograph, online).verdict is Verdict.GENUINE
        assert verify_bytes(photograph, replace(online, online=False)).verdict is Verdict.CANNOT_TELL


def test_pages_that_hold_no_credential(server: Served, online: Question) -> None:
    with published(server):
        server.answers["/c/page"] = answer(b"<!doctype html><title>Hello</title>")
        server.answers["/c/picture"] = answer(picture())
        server.answers["/c/gone"] = answer(status=404)
        found = {name: judged(server.url(f"/c/{name}"), online) for name in ("page", "picture", "gone")}
    assert {name: one.verdict for name, one in found.items()} == {
        "page": Verdict.MALFORMED,
        "picture": Verdict.MALFORMED,
        "gone": Verdict.CANNOT_TELL,
    }


def test_what_is_handed_over_goes_before_what_is_published(server: Served, online: Question, tmp_path: Path) -> None:
    did, listing = tmp_path / "did.json", tmp_path / "list.json"
    with published(server, revoked=True):
        revoked = server.answers["/status"]
    with published(server) as text:
        found = gather([needs(text)], Materials(), ways=server.ways)
        (document,), (status,) = found.did_documents.values(), found.status_lists.values()
        assert isinstance(status, dict)
        did.write_text(serialise(document))
        listing.write_text(serialise(status))
        server.answers["/status"] = revoked
        server.asked.clear()
        given = verifying.materials_from([did], [listing])
        assert verify_bytes(text, replace(online, given=given)).verdict is Verdict.GENUINE
        assert server.asked == []


def test_materials_that_are_none(tmp_path: Path, genuine: Genuine) -> None:
    nameless, wrong = tmp_path / "nameless.json", tmp_path / "wrong.json"
    nameless.write_text("{}")
    wrong.write_text("[]")
    for arguments, code in (
        (([nameless], []), "given.id"),
        (([wrong], []), "given.did-document"),
        (([], [nameless]), "given.status-list"),
        (([tmp_path / "absent"], []), "given.did-document"),
    ):
        with pytest.raises(ResolvingError) as caught:
            verifying.materials_from(*arguments)
        assert caught.value.code == code


def test_a_revocation_list_of_1edtech_may_be_handed_over(tmp_path: Path) -> None:
    address = "https://badges.example.org/revocations"
    listed: Document = {"id": address, "issuer": "did:web:badges.example.org", "revokedCredential": []}
    (tmp_path / "revoked.json").write_text(serialise(listed))
    assert verifying.materials_from([], [tmp_path / "revoked.json"]).documents == {address: listed}


def test_a_picture_may_hold_the_address_of_an_open_badge_2(server: Served) -> None:
    context = "https://w3id.org/openbadges/v2"
    documents: dict[str, Document] = {
        "/a": {
            "@context": context,
            "type": "Assertion",
            "id": server.url("/a"),
            "recipient": {"type": "email", "hashed": False, "identity": "ada@example.org"},
            "badge": server.url("/b"),
            "issuedOn": "2020-01-01T00:00:00Z",
            "verification": {"type": "hosted"},
        },
        "/b": {"@context": context, "type": "BadgeClass", "name": "First Aid", "issuer": server.url("/i")},
        "/i": {"@context": context, "type": "Issuer", "id": server.url("/i"), "name": "Academy"},
    }
    server.answers.update({path: answer(serialise(document).encode()) for path, document in documents.items()})
    address = server.url("/a").encode()
    data = baking.embed(b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"{}").replace(
        b"<openbadges:credential><![CDATA[{}]]></openbadges:credential>",
        b'<o:assertion xmlns:o="http://openbadges.org" verify="' + address + b'"/>',
    )
    found = verify_bytes(data, Question(now=NOW, ways=server.ways))
    assert (found.verdict, found.report is not None and found.report.claims["issuerName"]) == (
        Verdict.GENUINE,
        "Academy",
    )
    assert verify_bytes(data, Question(now=NOW, online=False)).verdict is Verdict.CANNOT_TELL
