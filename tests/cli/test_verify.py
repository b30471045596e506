"""`laurea verify`: what people and scripts see, and that offline means offline."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from tests.conftest import Genuine

from laurea.credentials import baking
from laurea.credentials.document import serialise
from laurea.rendering import qr

from .conftest import Laurea, Ran

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")


@pytest.fixture
def judge(laurea: Laurea, genuine: Genuine, monkeypatch: pytest.MonkeyPatch):
    """Run `laurea verify` offline, with all that judging takes, at a moment when all is well."""
    monkeypatch.setenv("COLUMNS", "90")
    Path("materials").mkdir()
    Path("materials/did.json").write_text(serialise(genuine.did_document))
    Path("materials/list.json").write_text(serialise(genuine.status_list))
    Path("materials/revoked.json").write_text(serialise(genuine.revoked_list))
    Path("credential.json").write_bytes(genuine.text)

    def run(*arguments: str | Path, did: bool = True, status: str | None = "list", now: str = genuine.now) -> Ran:
        materials = ["--did-doc", "materials/did.json"] if did else []
        materials += ["--status-list", f"materials/{status}.json"] if status else []
        return laurea("verify", "--offline", "--now", now, *materials, *arguments)

    return run


PAGE = """\
✓ Genuine  Signed by the issuer it names, unchanged, and valid.

  Awarded to  Ada Łovelace
  For         First Aid
  Issued by   Example Academy (did:web:badges.example.org)

How we know
  ✓ The file can be read.
  ✓ It is built as the standard asks.
  ✓ Every statement has a defined meaning.
  ✓ Signature 1 of 2 (eddsa-rdfc-2022) is right.
  ✓ Signature 2 of 2 (eddsa-jcs-2022) is right.
  ✓ The key belongs to the issuer.
  ✓ You vouch for this issuer: its keys were handed over along with the question.
  ✓ The issuer has not withdrawn it, according to its list of 31 May 2026.
  ✓ It has been valid since 31 May 2026 and does not expire.
"""


def test_the_page_of_a_genuine_one(judge) -> None:
    ran = judge("credential.json")
    assert (ran.code, ran.out, ran.err) == (0, PAGE, "")


def test_the_page_in_german(judge) -> None:
    ran = judge("credential.json", "--lang", "de")
    assert ran.code == 0
    assert ran.out.startswith("✓ Echt  Vom genannten Aussteller signiert, unverändert und gültig.\n")
    assert "  Verliehen an     Ada Łovelace\n" in ran.out
    assert "  ✓ Signatur 1 von 2 (eddsa-rdfc-2022) stimmt.\n" in ran.out


def test_details_tell_the_technical_side(judge, genuine: Genuine) -> None:
    ran = judge("credential.json", "--details")
    assert "did:web:badges.example.org#z6Mk" in ran.out
    assert re.search(r"SHA-256 +[0-9a-f]{64}\n", ran.out)
    assert "– It belongs to the person asked about. It was not asked" in ran.out


@pytest.mark.parametrize(
    ("options", "start"),
    [
        ({"did": False}, "? Cannot tell  "),
        ({"status": None}, "? Cannot tell  "),
        ({"status": "revoked"}, "✗ Revoked  No longer valid: the issuer has withdrawn this credential.\n"),
        ({"now": "2026-01-01"}, "? Not valid yet  Its period of validity lies in the future.\n"),
        ({"now": "2026-05-31T11:30:00+02:00"}, "✓ Genuine  "),
    ],
)
def test_verdicts(judge, options: dict, start: str) -> None:
    ran = judge("credential.json", **options)
    assert ran.code == (0 if start.startswith("✓") else 1)
    assert ran.out.startswith(start)


def test_what_is_not_covered_is_not_shown(judge, genuine: Genuine) -> None:
    Path("altered.json").write_bytes(genuine.text.replace("Łovelace".encode(), b"Byron"))
    ran = judge("altered.json")
    assert ran.code == 1
    assert ran.out.startswith("✗ Altered  ")
    assert "Byron" not in ran.out
    assert "✗ The signature does not match" in ran.out


def test_what_nobody_confirms_is_said_to_be_a_claim(judge, genuine: Genuine) -> None:
    claimed = "This is what it says. Nothing of it is confirmed."
    assert claimed in judge("credential.json", did=False).out
    assert claimed not in judge("credential.json").out
    assert claimed not in judge("credential.json", status=None).out  # its signatures were checked
    assert "Within its period of validity." in judge("credential.json", did=False).out  # and not until when


def test_what_is_no_credential_gets_one_line(judge) -> None:
    Path("note.json").write_text('{"type": "note"}')
    Path("note.txt").write_text("hello")
    for name in ("note.json", "note.txt"):
        ran = judge(name)
        assert (ran.code, ran.err, len(ran.out.splitlines())) == (1, "", 1)
        assert ran.out.startswith(f"✗ Malformed  {name}: ")


def test_the_recipient_is_asked_about(judge, genuine: Genuine) -> None:
    assert judge("credential.json", "--recipient", genuine.email.title()).code == 0
    ran = judge("credential.json", "--recipient", "bob@example.org")
    assert ran.code == 1
    assert ran.out.startswith("✗ Other holder  ")


def test_nothing_in_a_credential_steers_the_terminal(judge, genuine: Genuine) -> None:
    Path("evil.json").write_bytes(genuine.text.replace("Łovelace".encode(), b"\\u001b[2J\\u202eX"))
    for arguments in (("evil.json",), ("evil.json", "--details"), ("evil.json", "credential.json")):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", judge(*arguments).out)


def test_many_are_a_table(judge, genuine: Genuine) -> None:
    png = io.BytesIO()
    Image.new("L", (20, 20)).save(png, "PNG")
    folder = Path("out")
    folder.mkdir()
    (folder / "A.json").write_bytes(genuine.text)
    (folder / "A.png").write_bytes(baking.embed(png.getvalue(), genuine.text))
    (folder / "B.png").write_bytes(png.getvalue())
    (folder / "C.json").write_bytes(genuine.text.replace(b"First Aid", b"Last Aid"))
    (folder / "notes.txt").write_text("not mine")
    (folder / "batch.json").write_text("{}")
    ran = judge("out")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "✗ Malformed  B.png        The PNG holds no credential",
        "✗ Altered    C.json       –",
        "✓ Genuine    A.json .png  Ada Łovelace  First Aid",
        "",
        "1 malformed, 1 altered, 1 genuine",
    ]
    assert ran.err == "2 other files in the folder are no credentials and were not judged.\n"
    detailed = judge("out", "--details")
    assert "notes.txt is no kind of file that holds a credential" in detailed.err


def test_a_long_table_is_cut_and_details_show_it_all(judge, genuine: Genuine) -> None:
    folder = Path("out")
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.json").write_bytes(genuine.text)
    ran = judge("out")
    assert (ran.code, len(ran.out.splitlines())) == (0, 43)
    assert "… and 20 more lines; --details shows all\n" in ran.out
    assert len(judge("out", "--details").out.splitlines()) == 62


def test_all_files_of_a_credential_are_named(judge, genuine: Genuine) -> None:
    folder = Path("out")
    folder.mkdir()
    for ending in ("json", "jsonld", "jwt"):
        (folder / f"certificate-of-ada.{ending}").write_bytes(genuine.text)
    (folder / "1.json").write_bytes(genuine.text)
    assert "  certificate-of-ada.json .jsonld .jwt  Ada" in judge("out").out


@pytest.mark.parametrize(
    ("materials", "language", "said"),
    [
        ({"did": False}, "en", "What could not be fetched can be handed over"),
        ({"status": None}, "en", "What could not be fetched can be handed over"),
        ({"status": None}, "de", "Was nicht abzurufen war, können Sie übergeben"),
    ],
)
def test_what_was_missing_can_be_handed_over(judge, materials: dict, language: str, said: str) -> None:
    one = judge("credential.json", "--lang", language, **materials)
    assert one.code == 1
    assert said in one.out
    assert "--status-list" in one.out
    many = judge("credential.json", "credential.json", "--lang", language, **materials)
    assert said in many.err
    assert said not in judge("credential.json", "--lang", language).out


def test_json_for_scripts(judge, genuine: Genuine) -> None:
    Path("note.txt").write_text("hello")
    ran = judge("credential.json", "note.txt", "--json")
    assert (ran.code, ran.err) == (1, "")
    good, bad = ran.json["reports"]
    assert (good["input"], good["kind"], good["verdict"]) == ("credential.json", "json", "genuine")
    assert good["credential"]["holder"] == "Ada Łovelace"
    assert [check["outcome"] for check in good["checks"]].count("passed") == 9
    assert bad["error"] == {
        "code": "baking.unknown-kind",
        "message": "This is no file that a credential comes in",
        "hint": "Hand over the JSON, JWT, PNG, SVG or PDF of a credential, or a picture of its QR code",
    }
    assert ran.json["summary"] == {
        "judged": 2,
        "genuine": 1,
        "verdicts": {"malformed": 1, "genuine": 1},
        "skipped": [],
    }


def test_a_code_is_found_in_a_folder(judge, genuine: Genuine) -> None:
    Path("issued").mkdir()
    Path("issued", f"{genuine.code}.json").write_bytes(genuine.text)
    for typed in ("000g-40r4-0m30-e200", "OOO G40R4OM3O E2OO"):
        assert judge(typed, "--in", "issued").code == 0
    ran = judge(genuine.code)
    assert ran.code == 1
    assert ran.out.startswith(f"? Cannot tell  {genuine.code}: There is no credential {genuine.code} in ")


def test_a_qr_photograph_leads_to_its_credential(judge, genuine: Genuine) -> None:
    Path(f"{genuine.code}.json").write_bytes(genuine.text)
    for text in (genuine.code, f"https://badges.example.org/c/{genuine.code}"):
        picture = Image.open(io.BytesIO(qr.png(qr.matrix(text)))).convert("RGB")
        for ending in ("png", "jpg"):
            picture.save(f"photo.{ending}")
            assert judge(f"photo.{ending}").code == 0
    for text in ("https://example.org/", "hello"):
        Image.open(io.BytesIO(qr.png(qr.matrix(text)))).convert("RGB").save("other.jpg")
        ran = judge("other.jpg")
        assert (ran.code, "does not lead to a credential" in ran.out) == (1, True)


def test_two_codes_in_one_picture_are_too_many(judge, genuine: Genuine) -> None:
    both = Image.new("L", (700, 350), 255)
    for place, text in enumerate((genuine.code, "ZZZZZZZZZZZZZZZN")):
        both.paste(Image.open(io.BytesIO(qr.png(qr.matrix(text)))), (350 * place, 0))
    both.save("both.png")
    ran = judge("both.png")
    assert (ran.code, "QR codes of several credentials" in ran.out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("absent.json",), "There is no file or folder absent.json"),
        (("000G-40R4-0M30-E201",), "one character is wrong"),
        (("http://badges.example.org/c/x",), "https://"),
        (("credential.json", "--now", "yesterday"), "Write it like 2026-05-31"),
        (("credential.json", "--now", "2026-05-31T10:00:00"), "time zone"),
        (("credential.json", "--at", "badges.example.org"), "must begin with https://"),
        (("credential.json", "--did-doc", "absent.json"), "does not exist"),
        (("credential.json", "--status-list", "materials/did.json"), "is no status list"),
        (("credential.json", "--status-list", "materials/did.json"), "publishes at the address in credentialStatus"),
        (("credential.json", "--did-doc", "materials/list.json"), "is no DID document: it is a credential"),
        (("materials/..", "--in", "absent"), "does not exist"),
        (("",), "it is empty"),
        ((), "Missing argument"),
    ],
)
def test_wrong_use(judge, arguments: tuple[str, ...], words: str) -> None:
    ran = judge(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_an_empty_folder_is_wrong_use(judge) -> None:
    Path("empty").mkdir()
    ran = judge("empty")
    assert (ran.code, "holds no credentials" in ran.err) == (2, True)
    assert "folders inside it are not looked into" in ran.err


def test_standard_input(genuine: Genuine) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "laurea", "verify", "-", "--offline", "--json"],
        input=genuine.text, capture_output=True, check=False,
    )  # fmt: skip
    report = json.loads(ran.stdout)["reports"][0]
    assert (ran.returncode, report["input"], report["verdict"]) == (1, "-", "cannot tell")
    assert "told to stay offline" in json.dumps(report["checks"])


WATCHED = """
import sys
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if event.split(".")[0] in ("socket", "ssl") else None)
from laurea.cli import main
try:
    main(sys.argv[1:])
finally:
    if opened:
        print("OPENED", set(opened), file=sys.stderr)
"""


@pytest.mark.parametrize("what", ["credential.json", "photo.png", "https://badges.example.org/c/000G40R40M30E200", "."])
def test_offline_opens_no_socket(tmp_path: Path, genuine: Genuine, what: str) -> None:
    (tmp_path / "credential.json").write_bytes(genuine.text)
    (tmp_path / "photo.png").write_bytes(qr.png(qr.matrix(f"https://badges.example.org/c/{genuine.code}")))
    arguments = ["verify", what, "--offline", "--json"]
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    assert set(json.loads(ran.stdout)["summary"]["verdicts"]) == {"cannot tell"}


def test_without_offline_the_same_watch_sees_the_look_up(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, "verify", "https://localhost/c/000G40R40M30E200"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "not on the public internet" in ran.stdout
    assert "socket.getaddrinfo" in ran.stderr


def test_colour_is_for_terminals_alone(judge) -> None:
    assert "\x1b" not in judge("credential.json").out


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
@pytest.mark.parametrize("what", ["a.json", "absent.json"])
def test_a_terminal_has_colours_unless_they_are_not_wanted(
    genuine: Genuine, tmp_path: Path, what: str, environment: dict[str, str], coloured: bool
) -> None:
    (tmp_path / "a.json").write_bytes(genuine.text)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "laurea", "verify", what, "--offline"],
        cwd=tmp_path, stdout=theirs, stderr=theirs,
        env={name: value for name, value in os.environ.items() if name != "NO_COLOR"} | environment,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so when the other end is closed
        while piece := os.read(ours, 65536):
            shown += piece
    process.wait()
    os.close(ours)
    assert (b"\x1b[" in shown, len(shown) > 30) == (coloured, True)


def test_a_terminal_without_symbols_gets_plain_ones(genuine: Genuine, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(genuine.text)
    ran = subprocess.run(
        [sys.executable, "-m", "laurea", "verify", "a.json", "--offline"],
        cwd=tmp_path, capture_output=True, check=False,
        env={"PYTHONIOENCODING": "ascii:replace", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stdout.startswith(b"? Cannot tell  ")
    assert b"  + The file can be read." in ran.stdout
