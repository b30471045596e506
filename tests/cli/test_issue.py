"""`laurea issue`: what it makes, what it says, and what it refuses before anything is written."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from laurea.actions import artifacts, whole_files
from laurea.cli import console
from laurea.credentials import baking, keys
from laurea.credentials.code import parse_code
from laurea.credentials.errors import RenderingError
from laurea.credentials.keys import SigningKey
from laurea.credentials.status_list import StatusList, read_list
from laurea.credentials.vocabulary import holder_name, identities, names_email
from laurea.rendering.certificate import CertificateRenderer

from .conftest import Laurea, Ran

pytestmark = pytest.mark.slow  # each issues a whole batch

PEOPLE = """\
Name,E-Mail,Date
Ada Lovelace,Ada@Example.org,2026-11-20
Jürgen Groß,juergen@example.org,2026-11-21
李小龍,,2026-11-22
"""


@pytest.fixture
def achievement(examples: Path) -> Path:
    return examples / "data-protection.toml"


def people(text: str = PEOPLE) -> Path:
    path = Path("people.csv")
    path.write_text(text, encoding="utf-8")
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def document(folder: Path, code: str) -> dict[str, Any]:
    read = json.loads((folder / f"{code}.json").read_bytes())
    assert isinstance(read, dict)
    return read


def test_each_row_becomes_a_credential_with_its_files(laurea: Laurea, achievement: Path) -> None:
    ran = laurea("issue", people(), "--achievement", achievement, "--out", "out")
    assert ran.code == 0, ran.err
    out = Path("out")
    listed = table(out / "manifest.csv")
    codes = [row["code"] for row in listed]
    assert names(out) == {f"{code}.{ending}" for code in codes for ending in ("json", "pdf", "png")} | {
        "batch.json",
        "did.json",
        "manifest.csv",
    }
    for row, name, email in zip(
        listed, ("Ada Lovelace", "Jürgen Groß", "李小龍"), ("ada@example.org", "juergen@example.org", ""), strict=True
    ):
        text = (out / f"{row['code']}.json").read_bytes()
        signed = json.loads(text)
        assert parse_code(row["code"]) == row["code"]
        assert row["sha256"] == hashlib.sha256(text).hexdigest()
        assert row["files"].split() == [f"{row['code']}.{ending}" for ending in ("json", "pdf", "png")]
        assert (row["name"], holder_name(signed)) == (name, name)
        assert row["credential"] == signed["id"]
        assert signed["awardedDate"] == f"{row['awarded']}T00:00:00Z"
        assert signed["validUntil"] == f"{row['expires']}T23:59:59Z"
        assert [names_email(identity, email) for identity in identities(signed)] == ([None, True] if email else [None])
        for ending in ("pdf", "png"):
            assert baking.extract((out / f"{row['code']}.{ending}").read_bytes()).text == text
    assert [row["awarded"] for row in listed] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert [row["expires"] for row in listed] == ["2028-11-20", "2028-11-21", "2028-11-22"]
    assert "Issued 3 credentials into out" in ran.out


def test_no_two_credentials_share_what_must_be_their_own(laurea: Laurea, achievement: Path) -> None:
    laurea("issue", people(), "--achievement", achievement, "--out", "out", "--issuer-did", "did:web:academy.example")
    documents = [document(Path("out"), row["code"]) for row in table(Path("out/manifest.csv"))]
    salts = [identity["salt"] for read in documents for identity in identities(read) if "salt" in identity]
    assert len({read["id"] for read in documents}) == 3
    assert len(set(salts)) == len(salts) == 2
    assert len({read["credentialStatus"]["statusListIndex"] for read in documents}) == 3
    assert len({read["credentialSubject"]["achievement"]["id"] for read in documents}) == 1


def test_an_issuer_with_a_web_address(laurea: Laurea, achievement: Path) -> None:
    ran = laurea(
        "issue",
        people(),
        "--achievement",
        achievement,
        "--out",
        "out",
        "--issuer-did",
        "did:web:academy.example:badges",
    )
    out = Path("out")
    key = SigningKey.from_pem(Path("laurea-key.pem").read_bytes()).verification_key
    (status_list,) = out.glob("status-*.json")
    listed = json.loads(status_list.read_bytes())
    address = f"https://academy.example/badges/status/{status_list.stem.removeprefix('status-')}"
    assert json.loads((out / "did.json").read_bytes()) == keys.did_web_document("did:web:academy.example:badges", [key])
    assert listed["id"] == address
    assert read_list(listed, "revocation") == StatusList.empty()
    assert f"Publish {status_list} at {address}" in ran.out
    assert "Publish out/did.json at https://academy.example/badges/did.json" in ran.out
    row = table(out / "manifest.csv")[0]
    assert row["address"] == f"https://academy.example/badges/c/{row['code']}"
    assert document(out, row["code"])["issuer"]["id"] == "did:web:academy.example:badges"
    assert document(out, row["code"])["credentialStatus"]["statusListCredential"] == address


def test_rows_in_error_are_listed_and_the_others_issued(laurea: Laurea, achievement: Path) -> None:
    text = PEOPLE + "François 🎓,f@example.org,2026-11-20\n,x@example.org,\nEve,eve(at)example,2026-11-20\n"
    ran = laurea("issue", people(text), "--achievement", achievement, "--out", "out")
    assert ran.code == 1
    assert [row["name"] for row in table(Path("out/manifest.csv"))] == ["Ada Lovelace", "Jürgen Groß", "李小龍"]
    errors = table(Path("out/errors.csv"))
    assert [(row["Name"], row["E-Mail"], row["error_line"], row["error_column"]) for row in errors] == [
        ("François 🎓", "f@example.org", "5", "Name"),
        ("", "x@example.org", "6", "Name"),
        ("Eve", "eve(at)example", "7", "E-Mail"),
    ]
    assert "GRADUATION CAP" in errors[0]["error_reason"]
    assert "3 rows in error" in ran.err
    assert "out/errors.csv" in ran.err


def test_the_corrected_errors_can_be_issued(laurea: Laurea, achievement: Path) -> None:
    laurea(
        "issue", people(PEOPLE + "François 🎓,f@example.org,2026-11-20\n"), "--achievement", achievement, "--out", "a"
    )
    corrected = Path("a/errors.csv").read_text("utf-8-sig").replace("François 🎓", "François N’Diaye")
    Path("corrected.csv").write_text(corrected, encoding="utf-8")
    ran = laurea("issue", "corrected.csv", "--achievement", achievement, "--out", "b")
    assert ran.code == 0
    (row,) = table(Path("b/manifest.csv"))
    assert (row["name"], row["email"], row["awarded"]) == ("François N’Diaye", "f@example.org", "2026-11-20")


def test_strict_issues_all_or_nothing(laurea: Laurea, achievement: Path) -> None:
    ran = laurea(
        "issue", people(PEOPLE + ",x@example.org,\n"), "--achievement", achievement, "--out", "out", "--strict"
    )
    assert ran.code == 1
    assert "Nothing was issued, because of --strict." in ran.err
    assert not Path("out").exists()
    assert not Path("laurea-key.pem").exists()


@pytest.mark.parametrize("strict", [True, False])
def test_a_row_that_fails_while_it_is_drawn(
    laurea: Laurea, achievement: Path, monkeypatch: pytest.MonkeyPatch, strict: bool
) -> None:
    draw = CertificateRenderer.pdf

    def fail(renderer: CertificateRenderer, drawn: dict[str, Any], **rest: Any) -> bytes:
        if holder_name(drawn) == "Jürgen Groß":
            raise RenderingError("rendering.design-failed", "It cannot be set", "Try another design")
        return draw(renderer, drawn, **rest)

    monkeypatch.setattr(CertificateRenderer, "pdf", fail)
    options = ["--strict"] if strict else []
    ran = laurea("issue", people(), "--achievement", achievement, "--out", "out", *options)
    if strict:
        assert ran.code == 2
        assert "Line 3 failed, so nothing was issued: It cannot be set" in ran.err
        assert names(Path("out")) == set()
    else:
        assert ran.code == 1
        assert [row["name"] for row in table(Path("out/manifest.csv"))] == ["Ada Lovelace", "李小龍"]
        assert [row["Name"] for row in table(Path("out/errors.csv"))] == ["Jürgen Groß"]


def test_dry_run_writes_nothing(laurea: Laurea, achievement: Path) -> None:
    ran = laurea("issue", people(), "--achievement", achievement, "--out", "out", "--dry-run")
    assert (ran.code, ran.out) == (0, "Would issue 3 credentials. Nothing was written.\n")
    assert names(Path()) == {"people.csv"}


def test_for_scripts(laurea: Laurea, achievement: Path) -> None:
    text = PEOPLE + "Ada Lovelace,ada@example.org,2026-11-20\n,x@example.org,\n"
    ran = laurea("issue", people(text), "--achievement", achievement, "--out", "out", "--json")
    assert ran.code == 1
    assert ran.err == ""
    told = ran.json
    assert (told["issued"], told["kept"], told["planned"], told["out"]) == (3, 0, 3, "out")
    assert told["duplicates"] == [{"line": 5, "duplicateOf": 2}]
    assert [(error["line"], error["column"], error["code"]) for error in told["errors"]] == [(6, "Name", "row.no-name")]
    assert told["issuer"] == json.loads(Path("out/did.json").read_bytes())["id"]


def test_an_ambiguous_date_is_asked_about_and_never_guessed(laurea: Laurea, achievement: Path) -> None:
    file = people("Name,Date\nAda,03/04/2026\n")
    asked = laurea("issue", file, "--achievement", achievement, "--out", "out")
    assert asked.code == 2
    assert "--date-order dmy" in asked.err
    assert "3 April 2026" in asked.err
    assert not Path("out").exists()
    assert laurea("issue", file, "--achievement", achievement, "--out", "out", "--date-order", "mdy").code == 0
    assert table(Path("out/manifest.csv"))[0]["awarded"] == "2026-03-04"


def test_columns_can_be_mapped_and_rows_chosen(laurea: Laurea, achievement: Path) -> None:
    file = people("Wer;Status;Wann\nAda;bestanden;20.11.2026\nEve;offen;20.11.2026\n")
    chosen = ["--map", "name=Wer", "--map", "awarded=Wann", "--where", "Status=bestanden"]
    assert laurea("issue", file, "--achievement", achievement, "--out", "out", *chosen).code == 0
    assert [(row["name"], row["awarded"]) for row in table(Path("out/manifest.csv"))] == [("Ada", "2026-11-20")]


def test_a_row_without_a_date_is_awarded_today(laurea: Laurea, achievement: Path) -> None:
    before = date.today()  # noqa: DTZ011 - the calendar on the user's wall
    laurea("issue", people("Name\nAda\n"), "--achievement", achievement, "--out", "out")
    awarded = date.fromisoformat(table(Path("out/manifest.csv"))[0]["awarded"])
    assert before <= awarded <= date.today()  # noqa: DTZ011


def test_a_row_can_name_its_expiry(laurea: Laurea, achievement: Path) -> None:
    file = people("Name,Date,Expiry date\nAda,2026-11-01,2030-01-31\nEve,2020-01-01,2021-01-31\nBob,2020-01-01,\n")
    ran = laurea("issue", file, "--achievement", achievement, "--out", "out")
    assert ran.code == 1
    assert [(row["name"], row["expires"]) for row in table(Path("out/manifest.csv"))] == [("Ada", "2030-01-31")]
    assert [(row["Name"], row["error_column"], row["error_value"]) for row in table(Path("out/errors.csv"))] == [
        ("Eve", "Expiry date", "2021-01-31"),
        ("Bob", "Date", "2020-01-01"),
    ]


def test_what_rows_say_beyond_who_and_when_is_signed_only_if_wanted(laurea: Laurea, examples: Path) -> None:
    file = people("Name,Result,Hours,Evidence\nAda,92 %,7.5,https://academy.example/work/1\nEve,80 %,6,none\n")
    plain = (examples / "minimal.toml").read_text()
    Path("plain.toml").write_text(plain)
    Path("full.toml").write_text(plain.replace("[issuer]", 'include = ["result", "hours", "evidence"]\n[issuer]'))
    laurea("issue", file, "--achievement", "plain.toml", "--out", "plain")
    ran = laurea("issue", file, "--achievement", "full.toml", "--out", "full")
    read = document(Path("plain"), table(Path("plain/manifest.csv"))[0]["code"])
    assert not {"result", "creditsEarned"} & set(read["credentialSubject"])
    assert "evidence" not in read
    (row,) = table(Path("full/manifest.csv"))
    read = document(Path("full"), row["code"])
    assert read["credentialSubject"]["result"] == [{"type": ["Result"], "value": "92 %"}]
    assert read["credentialSubject"]["creditsEarned"] == 7.5
    assert read["evidence"] == [{"id": "https://academy.example/work/1", "type": ["Evidence"]}]
    assert ran.code == 1


def test_the_svg_badge_on_request(laurea: Laurea, achievement: Path) -> None:
    laurea("issue", people(), "--achievement", achievement, "--out", "out", "--svg")
    row = table(Path("out/manifest.csv"))[0]
    baked = baking.extract(Path(f"out/{row['code']}.svg").read_bytes()).text
    assert json.loads(baked) == document(Path("out"), row["code"])
    assert row["files"].endswith(f"{row['code']}.svg")


def test_a_formula_in_a_name_stays_text_in_every_table(laurea: Laurea, achievement: Path) -> None:
    file = people("Name,E-Mail,Employee number\nAda,ada@example.org,=1+1\n=cmd(),x@example.org,7\n")
    laurea("issue", file, "--achievement", achievement, "--out", "out")
    assert table(Path("out/manifest.csv"))[0]["employee_number"] == "'=1+1"
    assert table(Path("out/errors.csv"))[0]["Name"] == "'=cmd()"


REFUSED: list[tuple[list[str], str, str]] = [
    (["--design", "baroque"], "rendering.design-unknown", "corporate"),
    (["--lang", "tlh"], "rendering.language-unknown", "en"),
    (["--lang", "Deutsch!"], "issuing.language", "pt-BR"),
    (["--key", "absent.pem"], "key.absent", "laurea keygen"),
    (["--issuer-did", "did:web:127.0.0.1"], "did.malformed", "did:web:"),
    (["--issuer-did", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"], "issuing.did", "did:key:"),
    (["--base-url", "http://academy.example"], "issuing.base-url", "https://"),
    (["--base-url", "https://academy.example/?x=1"], "issuing.base-url", "https://"),
]


@pytest.mark.parametrize(("options", "code", "hint"), REFUSED)
def test_what_is_wrong_shows_before_anything_is_written(
    laurea: Laurea, achievement: Path, options: list[str], code: str, hint: str
) -> None:
    ran = laurea("issue", people(), "--achievement", achievement, "--out", "out", "--json", *options)
    assert (ran.code, ran.json["error"]["code"]) == (2, code)
    assert hint in ran.json["error"]["hint"]
    assert names(Path()) == {"people.csv"}


def test_a_column_that_is_not_there(laurea: Laurea, achievement: Path) -> None:
    for options in (["--map", "name=Nobody"], ["--where", "Status=x"], ["--map", "nmae=Name"]):
        ran = laurea("issue", people(), "--achievement", achievement, "--out", "out", *options)
        assert (ran.code, ran.out) == (2, ""), options
        assert "Error:" in ran.err
    assert names(Path()) == {"people.csv"}


@pytest.mark.parametrize(
    "text", ["", "Name\n", "Name,Date\n,\n", "\x00\x01\x02", "<html></html>", "%PDF-1.7", "a" * 100]
)
def test_a_file_without_people(laurea: Laurea, achievement: Path, text: str) -> None:
    ran = laurea("issue", people(text), "--achievement", achievement, "--out", "out")
    assert ran.code in (0, 1, 2)
    assert "Laurea made a mistake" not in ran.err
    assert not list(Path().glob("out/*.json"))


def test_a_people_file_that_is_not_there(laurea: Laurea, achievement: Path) -> None:
    ran = laurea("issue", "absent.csv", "--achievement", achievement, "--out", "out")
    assert ran.code == 2
    assert "absent.csv cannot be read" in ran.err


def test_a_folder_in_use_is_refused(laurea: Laurea, achievement: Path) -> None:
    Path("out").mkdir()
    Path("out/thesis.doc").write_text("mine")
    ran = laurea("issue", people(), "--achievement", achievement, "--out", "out", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "folder.foreign")
    assert names(Path("out")) == {"thesis.doc"}


def begun(laurea: Laurea, achievement: Path, *options: str) -> Ran:
    return laurea("issue", people(), "--achievement", achievement, "--out", "out", *options)


def test_a_batch_is_continued_only_when_asked(laurea: Laurea, achievement: Path) -> None:
    begun(laurea, achievement)
    before = content(Path("out"))
    ran = begun(laurea, achievement)
    assert ran.code == 2
    assert "--resume" in ran.err
    assert content(Path("out")) == before


def test_what_is_missing_is_made_again_byte_for_byte(laurea: Laurea, achievement: Path) -> None:
    begun(laurea, achievement, "--issuer-did", "did:web:academy.example")
    before = content(Path("out"))
    first, second, _third = (row["code"] for row in table(Path("out/manifest.csv")))
    for name in (f"{first}.pdf", f"{second}.json", "manifest.csv"):
        Path("out", name).unlink()
    Path(f"out/{first}.png.4711.part").write_bytes(b"half")
    Path(f"out/{second}.png").write_bytes(b"")
    ran = begun(laurea, achievement, "--issuer-did", "did:web:academy.example", "--resume")
    assert (ran.code, ran.out.splitlines()[0][:40]) == (0, "Issued 2 credentials (1 were there alrea")
    assert content(Path("out")) == before
    again = begun(laurea, achievement, "--issuer-did", "did:web:academy.example", "--resume")
    assert again.out.startswith("Nothing left to do: all 3 credentials are in out.\n")
    assert content(Path("out")) == before


def test_resume_where_nothing_was_begun_begins(laurea: Laurea, achievement: Path) -> None:
    ran = begun(laurea, achievement, "--resume")
    assert (ran.code, len(table(Path("out/manifest.csv")))) == (0, 3)


def test_a_batch_whose_key_is_gone_is_not_continued_with_a_new_one(laurea: Laurea, achievement: Path) -> None:
    begun(laurea, achievement)
    Path("laurea-key.pem").unlink()
    ran = begun(laurea, achievement, "--resume", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "key.absent")
    assert not Path("laurea-key.pem").exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("people", "people file"),
        ("achievement", "achievement"),
        ("key", "key"),
        ("design", "design"),
        ("language", "set of options"),
    ],
)
def test_a_batch_is_not_continued_with_something_else(laurea: Laurea, examples: Path, change: str, named: str) -> None:
    achievement = Path("achievement.toml")
    achievement.write_text((examples / "minimal.toml").read_text())
    begun(laurea, achievement)
    before = content(Path("out"))
    file, options = people(PEOPLE), ["--resume"]
    if change == "people":
        people(PEOPLE + "Eve,,\n")
    elif change == "achievement":
        achievement.write_text(achievement.read_text().replace("full-day", "two-day"))
    elif change == "key":
        laurea("keygen", "--out", "other.pem")
        options += ["--key", "other.pem"]
    elif change == "design":
        options += ["--design", "classic"]
    else:
        options += ["--lang", "de"]
    ran = laurea("issue", file, "--achievement", achievement, "--out", "out", *options)
    assert ran.code == 2
    assert "The batch was begun with a different " in ran.err
    assert named in ran.err
    assert content(Path("out")) == before


@pytest.mark.parametrize("state", [b"", b"{}", b'{"seed": "00"}', b"[" * 5000, b"\xff", b'{"format": 1, "seed": 7}'])
def test_a_damaged_state_is_one_clear_error(laurea: Laurea, achievement: Path, state: bytes) -> None:
    begun(laurea, achievement)
    Path("out/batch.json").write_bytes(state)
    ran = begun(laurea, achievement, "--resume", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "folder.state")


def test_several_processes_make_what_one_makes(
    laurea: Laurea, achievement: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = people(
        "Name,Date\n" + "".join(f"Person {letter}{letter}x,2026-11-20\n" for letter in "abcdefghijklmnopqrst" * 3)
    )
    assert laurea("issue", file, "--achievement", achievement, "--out", "out", "--jobs", "2").code == 0
    before = content(Path("out"))
    for path in Path("out").glob("*.p*"):
        path.unlink()
    assert laurea("issue", file, "--achievement", achievement, "--out", "out", "--jobs", "1", "--resume").code == 0
    assert content(Path("out")) == before


def test_a_design_that_fails_in_a_worker_is_told_before_anything_is_written(laurea: Laurea, achievement: Path) -> None:
    laurea("designs", "--export", "minimal", "broken")
    code = Path("broken/design.typ")
    code.write_text(code.read_text() + "\n#panic()\n")
    file = people("Name\n" + "".join(f"Person {'x' * number}\n" for number in range(1, 60)))
    ran = laurea("issue", file, "--achievement", achievement, "--design", "broken", "--out", "out", "--jobs", "2")
    assert ran.code == 2
    assert "The design “broken” could not be set" in ran.err
    assert not Path("out").exists()


def test_a_full_disk_says_how_to_go_on(laurea: Laurea, achievement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = whole_files.write

    def full(path: Path, content: bytes, **options: Any) -> None:
        if path.suffix == ".png":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, content, **options)

    with monkeypatch.context() as patch:
        patch.setattr(whole_files, "write", full)
        ran = begun(laurea, achievement)
    assert ran.code == 2
    assert "No space left on device: out/" in ran.err
    assert "--resume" in ran.err
    assert "manifest.csv" not in names(Path("out"))
    assert begun(laurea, achievement, "--resume").code == 0


def test_ctrl_c_says_how_to_go_on(laurea: Laurea, achievement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(artifacts.Studio, "write", interrupt)
    ran = begun(laurea, achievement)
    assert (ran.code, ran.out) == (130, "")
    assert "continue with the same command and --resume" in ran.err
    monkeypatch.undo()


TEAMS = """\
Name,Department,Status
Ada Lovelace,Sales,Completed
Grace Hopper,Finance,Completed
Alan Turing,Sales,Enrolled
"""


def test_all_conditions_must_hold_and_what_is_left_out_is_told(laurea: Laurea, achievement: Path) -> None:
    issue = ("issue", people(TEAMS), "--achievement", achievement, "--dry-run", "--out", "out")
    ran = laurea(*issue, "--where", "Department=Sales", "--where", "Status=completed")
    assert ran.out == "Would issue 1 credential. Nothing was written.\n"
    assert "Left out: 2 rows for which --where does not hold\n" in ran.err
    ran = laurea(*issue, "--where", "Department=Sales", "--where", "Department=Finance")
    assert ran.out == "Would issue 0 credentials. Nothing was written.\n"
    assert "Left out: 3 rows" in ran.err


def test_one_meaning_has_one_column(laurea: Laurea, achievement: Path) -> None:
    ran = laurea(
        "issue", people(), "--achievement", achievement, "--out", "out", "--map", "name=Name", "--map", "name=E-Mail"
    )
    assert ran.code == 2
    assert "'name' is given 2 times" in ran.err


def test_a_file_that_is_no_list_is_told_as_one(laurea: Laurea, achievement: Path) -> None:
    ran = laurea("issue", achievement, "--achievement", achievement, "--out", "out", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "columns.no-name")
    assert "none holds anything that could be one" in ran.json["error"]["message"]
    assert "header line" in ran.json["error"]["hint"]


@pytest.mark.parametrize("issuer", [(), ("--issuer-did", "did:web:academy.example")])
def test_the_command_that_checks_the_batch_finds_it_genuine(
    laurea: Laurea, achievement: Path, issuer: tuple[str, ...]
) -> None:
    ran = laurea("issue", people(), "--achievement", achievement, "--out", "die Nachweise", *issuer)
    (command,) = [line.partition("with: laurea ")[2] for line in ran.out.splitlines() if "Check any of them" in line]
    checked = laurea(*shlex.split(command), "--offline")
    assert (checked.code, checked.out.splitlines()[-1]) == (0, "3 genuine")


def test_names_of_any_width_keep_the_errors_in_columns(laurea: Laurea, achievement: Path) -> None:
    text = PEOPLE + "François 🎓,f@example.org,2026-11-20\n王 🎓🎓,x@example.org,2026-11-20\n"
    ran = laurea("issue", people(text), "--achievement", achievement, "--out", "out", "--dry-run")
    lines = [line for line in ran.err.splitlines() if "no font" in line]
    assert {console.width(line.partition("no font")[0]) for line in lines} == {29}
