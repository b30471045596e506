"""Other people's verifiers, and credentials made by the real `laurea issue` for them to judge."""

from __future__ import annotations

import base64
import copy
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from laurea.credentials import contexts, keys, proof

ROOT = Path(__file__).resolve().parent.parent.parent
NOW = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
"""A moment at which what is issued here is valid."""
DID = "did:web:academy.example:badges"
SEED = bytes(range(32))
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]


class Peers:
    """A running Node process with the npm libraries loaded: one JSON line asked, one answered."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None or not (ROOT / "node_modules" / "@digitalbazaar" / "vc").is_dir():
            pytest.fail("the npm verifiers are not installed: run `make assets` (`npm ci`; Node.js 20 or newer)")
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the process
        self._process = subprocess.Popen(
            [node, str(Path(__file__).with_name("peers.mjs"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
        )

    def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        """Ask for one operation of peers.mjs."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"operation": operation, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._complaints.seek(0)
            pytest.fail(f"the Node process ended: {self._complaints.read()}")
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    def content(self, data: bytes | dict[str, Any], **request: Any) -> bool:
        """Does Digital Bazaar's library accept this credential with both of its proofs?"""
        what = {"credential": data} if isinstance(data, dict) else {"bytes": base64.b64encode(data).decode()}
        answer = self.ask("verify", now=NOW, **what, **request)
        return answer["verified"] is True and answer.get("proofs") == dict.fromkeys(SUITES, True)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._complaints.close()


@dataclass(frozen=True, slots=True)
class Issued:
    """What `laurea issue` left in a folder."""

    folder: Path
    credentials: tuple[Path, ...]
    did_document: dict[str, Any] | None
    status_lists: tuple[Path, ...]


@pytest.fixture(scope="session")
def did_document(key: keys.SigningKey) -> dict[str, Any]:
    """What the issuer publishes at its address."""
    return dict(keys.did_web_document(DID, [key.verification_key]))


@pytest.fixture(scope="session")
def peers(did_document: dict[str, Any]) -> Iterator[Peers]:
    """The npm libraries, offline, with our contexts and the issuer's document handed over."""
    running = Peers()
    running.ask("know", documents={url: contexts.load(url) for url in contexts.ALLOWED})
    running.ask("know", documents={DID: did_document, "https://academy.example/badges/did.json": did_document})
    yield running
    running.close()


@pytest.fixture(scope="session")
def informed(peers: Peers, issued: Issued) -> Peers:
    """The same, with what `laurea issue` wrote for publishing."""
    lists = {each["id"]: each for each in (json.loads(path.read_bytes()) for path in issued.status_lists)}
    did = issued.did_document
    peers.ask("know", documents={DID: did, "https://academy.example/badges/did.json": did, **lists})
    return peers


@pytest.fixture(scope="session")
def key() -> keys.SigningKey:
    """The key that signs everything here."""
    return keys.SigningKey.from_seed(SEED)


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A people file with names that need care on their way through JSON and RDF."""
    path = tmp_path_factory.mktemp("people") / "people.csv"
    names = [
        "Ada Lovelace",
        'Zoë "Zo" Łąkowska-O\'Neil',
        "محمد الخوارزمي",
        "João\u00a0Conceição",
        "李小龍",
        "François-Noël N’Diaye",
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "E-Mail"])
        writer.writerows([name, f"holder{number}@example.org"] for number, name in enumerate(names))
    return path


@pytest.fixture(scope="session")
def issued(people: Path, key: keys.SigningKey, examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Issued:
    """Credentials of an issuer with a web address, hence with a status list."""
    return issue(people, key, examples, tmp_path_factory.mktemp("web"), "--issuer-did", DID)


@pytest.fixture(scope="session")
def issued_without_address(
    people: Path, key: keys.SigningKey, examples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Issued:
    """Credentials of an issuer who is nothing but a key."""
    return issue(people, key, examples, tmp_path_factory.mktemp("key"))


def issue(people: Path, key: keys.SigningKey, examples: Path, folder: Path, *options: str) -> Issued:
    """Run `laurea issue` as a user would."""
    pem = folder / "key.pem"
    pem.write_bytes(key.to_pem())
    pem.chmod(0o600)
    out = folder / "out"
    achievement = examples / "data-protection.toml"
    command = [sys.executable, "-m", "laurea", "issue", str(people), "--achievement", str(achievement)]
    done = subprocess.run(
        [*command, "--key", str(pem), "--out", str(out), *options],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        codes = [row["code"].replace("-", "") for row in csv.DictReader(file)]
    did = out / "did.json"
    return Issued(
        folder=out,
        credentials=tuple(out / f"{code}.json" for code in codes),
        did_document=json.loads(did.read_bytes()) if did.exists() else None,
        status_lists=tuple(sorted(out.glob("status-*.json"))),
    )


RICH: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a11",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Données & “Datenschutz”",
    "description": "Line one\nline two\t\\ / \u2028 end",
    "issuer": {
        "id": "did:web:academy.example:badges",
        "type": ["Profile"],
        "name": "Académie Exemple",
        "url": "https://academy.example/",
        "email": "badges@academy.example",
        "image": {"id": "https://academy.example/logo.png", "type": "Image", "caption": "Logo"},
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": "529900T8BM49AURSDO55", "identifierType": "ext:LEI"}
        ],
    },
    "validFrom": "2026-01-31T09:30:00+01:00",
    "validUntil": "2126-01-31T09:30:00+01:00",
    "awardedDate": "2026-01-30T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:holder",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": "أمل حداد 🎓", "identityType": "name"},
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                "identityType": "emailAddress",
                "salt": "Kosher",
            },
        ],
        "creditsEarned": 1.5,
        "result": [
            {
                "type": ["Result"],
                "resultDescription": "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a13",
                "value": "97",
                "status": "Completed",
            }
        ],
        "achievement": {
            "id": "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a12",
            "type": ["Achievement"],
            "achievementType": "Certificate",
            "name": "Privacy Professional",
            "description": "Knows what to keep and what to forget.",
            "criteria": {"id": "https://academy.example/privacy", "narrative": "Passed the *examination*."},
            "creditsAvailable": 1.5,
            "inLanguage": "en-GB",
            "humanCode": "PP-1",
            "tag": ["privacy", "law"],
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": "data protection",
                    "targetUrl": "http://data.europa.eu/esco/skill/33a0e1dc-8f5e-4e7d-a8b2-37f7ad3d2a7d",
                    "targetFramework": "ESCO",
                }
            ],
            "resultDescription": [
                {
                    "id": "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a13",
                    "type": ["ResultDescription"],
                    "name": "Examination",
                    "resultType": "Percent",
                    "valueMin": "0",
                    "valueMax": "100",
                }
            ],
        },
    },
    "evidence": [
        {
            "id": "https://academy.example/evidence/7",
            "type": ["Evidence"],
            "name": "Thesis",
            "narrative": "Twelve pages.",
            "genre": "essay",
        }
    ],
}


@pytest.fixture(scope="session")
def rich(key: keys.SigningKey) -> dict[str, Any]:
    """A document with most of what Open Badges has to say, signed by us with both suites."""
    method = keys.verification_method(DID, key.verification_key)
    signed = proof.sign(
        copy.deepcopy(RICH), key, verification_method=method, created=datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
    )
    assert isinstance(signed, dict)
    return signed
